# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells how far a long run is: a line now and then, while objects are read, written and read back."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import Callable

Done = Callable[[], None]  # to be called once for each object
NOTHING: Done = lambda: None  # noqa: E731
_MINUTE, _HOUR = 60, 3600  # seconds


class Progress:
    """The progress of one run. Used by all of its threads.

    tell: gets a line. every: seconds between two lines, and before the first one, so that a short run says nothing.
    """

    def __init__(self, tell: Callable[[str], None], every: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._tell, self._every, self._clock = tell, every, clock
        self._due = clock() + every
        self._lock = threading.Lock()
        self._is_busy = False

    @contextlib.contextmanager
    def phase(self, what: str, planned: int, before: int = 0) -> Iterator[Done]:
        """Work on many objects: what is done with them ("written"), how many there are, and how many were done before.

        A phase within a phase is part of it, and is not told on its own.
        """
        with self._lock:
            inner, self._is_busy = self._is_busy, True
        if inner:
            yield NOTHING
            return
        phase = _Phase(what, planned, before, self._clock())

        def done() -> None:
            with self._lock:
                phase.done += 1
                now = self._clock()
                if now < self._due:
                    return
                self._due = now + self._every
                try:
                    self._tell(phase.line(now))  # under the lock, so that lines come in the order of their counts
                except Exception:  # nothing that is only told may end a run
                    self._due = float("inf")

        try:
            yield done
        finally:
            self._is_busy = False


class _Phase:
    def __init__(self, what: str, planned: int, before: int, began: float) -> None:
        self.what, self.planned, self.before, self.began = what, planned, before, began
        self.done = 0

    def line(self, now: float) -> str:
        """ "480 of 4,000 objects written, 16.0 a second, 3 min 40 s left"."""
        count = self.before + self.done
        start = f"{count:,} of {self.planned:,} objects {self.what}"
        rate = self.done / (now - self.began) if now > self.began else 0.0
        left = self.planned - count
        if not rate or left <= 0:
            return start
        return f"{start}, {rate:.1f} a second, {duration(left / rate)} left"


def duration(seconds: float) -> str:
    """ "45 s", "2 min 21 s", "1 h 5 min"."""
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"


SILENT = Progress(lambda line: None, float("inf"))
