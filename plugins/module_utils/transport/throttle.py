# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rate limit that all processes on one machine share, kept in one small file per host.

Ansible runs each host in a process of its own, so a limit inside one process would be multiplied by `forks`.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import time
from typing import Callable

try:
    import fcntl
except ImportError:  # not a POSIX system: then each process keeps the limit for itself
    fcntl = None  # type: ignore[assignment]


# Requests leave a little after their turn, so turns are a little further apart than the rate says: else the server would
# now and then see one more in a second.
_MARGIN = 1.1


class Throttle:
    """Hands out one time slot per request, over all processes of one user on this machine.

    rate: the most requests per second; a tenth less are sent. 0 or less: no limit. host: what is being protected.
    """

    def __init__(
        self,
        host: str,
        rate: float,
        directory: str | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.interval = _MARGIN / rate if rate > 0 else 0.0
        self.clock, self.sleep = clock, sleep
        name = hashlib.sha256(host.encode()).hexdigest()[:16]
        uid = os.getuid() if hasattr(os, "getuid") else 0
        self.path = os.path.join(directory or tempfile.gettempdir(), f"telephony_pbx_{uid}_{name}.slot")

    def wait(self) -> None:
        """Return when this process may send its next request."""
        if not self.interval:
            return
        pause = self._reserve() - self.clock()
        if pause > 0:
            self.sleep(pause)

    def _reserve(self) -> float:
        """Take the next free slot. The file holds the time of the slot after it."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        with os.fdopen(descriptor, "r+") as slots:
            if fcntl:
                fcntl.flock(slots, fcntl.LOCK_EX)
            free = 0.0
            with contextlib.suppress(ValueError):
                free = float(slots.read(64) or 0)
            now = self.clock()
            # a slot far in the future was written under another clock: start afresh instead of waiting for it
            slot = free if now <= free <= now + 600 else now
            slots.seek(0)
            slots.truncate()
            slots.write(f"{slot + self.interval:.6f}")
        return slot
