# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a run pauses before it sends requests again."""

from __future__ import annotations

import email.utils
import random
import threading
import time
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Callable

_SHORTEST = 0.05  # seconds


class Countdown:
    """The time that is left for one request with all its attempts. `extend` adds time that must not count."""

    def __init__(self, clock: Callable[[], float], seconds: float) -> None:
        self._clock = clock
        self._ends_at = clock() + seconds

    def left(self) -> float:
        """Seconds. Zero or less: the time is over."""
        return self._ends_at - self._clock()

    def extend(self, seconds: float) -> None:
        self._ends_at += seconds


class PauseBudget:
    """Limits the wall time during which a run pauses. Pauses of several threads at the same time count once."""

    def __init__(self, clock: Callable[[], float], seconds: float) -> None:
        self._clock, self._left = clock, seconds
        self._paused_until = float("-inf")
        self._lock = threading.Lock()

    def take(self, seconds: float) -> bool:
        """Whether a pause that begins now fits into the budget. If so, the budget is reduced."""
        with self._lock:
            now = self._clock()
            ends_at = now + seconds
            more = max(0.0, ends_at - max(now, self._paused_until))
            if more > self._left:
                return False
            self._left -= more
            self._paused_until = max(self._paused_until, ends_at)
            return True


def backoff(attempt: int) -> float:
    """Seconds to wait after attempt 1, 2, ...: doubled each time, with a random part."""
    return min(0.1 * 2.0**attempt, 10.0) * random.uniform(0.7, 1.3)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that a Retry-After header asks for, given as a number or as an HTTP date. None without a usable one.

    A date is compared with the Date header of the same answer, because the clocks of server and client may differ.
    """
    value = headers.get("retry-after", "").strip()
    if value.isdecimal():
        return max(float(value), _SHORTEST)
    moment = _http_date(value)
    if moment is None:
        return None
    now = _http_date(headers.get("date", ""))
    return max(moment - (time.time() if now is None else now), _SHORTEST)


def _http_date(value: str) -> float | None:
    """An HTTP date as seconds since 1970."""
    try:
        date: datetime = email.utils.parsedate_to_datetime(value)
        return (date if date.tzinfo else date.replace(tzinfo=timezone.utc)).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
