# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rate limit that all processes of one user on one machine share, by means of one small file per server.

Ansible runs each host in a process of its own, so a limit inside one process would be multiplied by `forks`.

The file contains the time when the last request was allowed, and the length of the pause after it. A process that sends
a request waits until that pause is over, then writes the current time, all under a lock. No process reserves a time in
the future, so the limit is always exact:
- A long queue needs no record. A run that was ended leaves nothing behind that other processes must wait for.
- A time in the future is not from a process that still runs. It is from before a restart of the machine, or it is
  damaged, like text that is not a time. Then one whole pause starts now: in the worst case a request was allowed at
  this moment, and even then the next one comes one pause later.
- The clock is the monotonic one, which all processes share and nobody can set. It differs between machines, so machines
  that share a home directory use files of their own.
"""

from __future__ import annotations

import hashlib
import math
import os
import threading
import time
from typing import Callable

from ..errors import ThrottleError
from .shared_file import SharedFile, private_directory, read_line, write_line

# Requests leave a little after they are allowed, and not always equally late. Without a margin the server would
# sometimes see one more in a second.
_MARGIN = 1.1
_LONGEST_PAUSE = 60.0  # seconds that the file may demand; a run that is slower keeps its own pause only for itself
_LONGEST_QUEUE = 3600.0  # seconds


class Throttle:
    """Allows one request after the other, over all processes of one user on this machine.

    host: the server that is protected. rate: the most requests per second; a tenth fewer are allowed. 0: no limit.
    """

    def __init__(
        self,
        host: str,
        rate: float,
        directory: str | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.rate, self.interval = rate, _MARGIN / rate if rate > 0 else 0.0
        self.clock, self.sleep = clock, sleep
        self._turn = threading.Lock()
        name = hashlib.sha256(f"{os.uname().nodename} {host}".encode()).hexdigest()[:16]
        self._file = SharedFile(directory or private_directory(), f"{name}.slot", sleep) if self.interval else None

    @property
    def path(self) -> str:
        """The file; empty without a limit."""
        return self._file.path if self._file else ""

    def wait(self) -> None:
        """Return when the next request may be sent.

        Raises ThrottleError when the file cannot be used, or after more than an hour in the queue.
        """
        if self._file is None:
            return
        longest = _LONGEST_QUEUE + 2 * self.interval
        # One thread of this process at a time competes with the other processes.
        if not self._turn.acquire(timeout=longest):
            raise self._too_long(longest)
        try:
            gives_up_at = self.clock() + longest
            while (pause := self._try(self._file)) > 0:
                if self.clock() + pause > gives_up_at:
                    raise self._too_long(longest)
                self.sleep(pause)
        finally:
            self._turn.release()

    def _try(self, shared: SharedFile) -> float:
        """0 when a request is allowed now, else the seconds after which to ask again."""
        with shared.locked() as descriptor:
            now = self.clock()
            line = read_line(descriptor)
            last, pause = self._last(line, now)
            left = last + pause - now
            if left <= 0:
                last, pause = now, self.interval
            if line != f"{last!r} {pause!r}":
                write_line(descriptor, f"{last!r} {pause!r}")
            return max(left, 0.0)

    def _last(self, line: str, now: float) -> tuple[float, float]:
        """When the last request was allowed, and the pause after it (see above for what is not believed)."""
        if not line:
            return now - self.interval, self.interval  # a new file
        try:
            last, pause = (float(word) for word in line.split())
        except ValueError:
            last, pause = math.nan, math.nan
        if not (0 <= last <= now and 0 <= pause < math.inf):
            return now, self.interval
        return last, min(pause, max(self.interval, _LONGEST_PAUSE))

    def _too_long(self, seconds: float) -> ThrottleError:
        return ThrottleError(
            f"rate_limit: waited more than {seconds:.0f} s for the rate limit of {self.rate:g} requests per second; "
            "raise rate_limit, or run fewer hosts at the same time"
        )
