# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that a run reads once, and work that a run does in parallel."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class ListMemory:
    """Lists that a run has read, used again until something is written. Shared by all threads of a run."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}
        self._locks: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)

    def get(self, name: str, read: Callable[[], Result], fresh: bool = False) -> Result:
        """The list of this name: remembered, or read now."""
        with self._locks[name]:  # several threads may miss the same list at the same time
            kept = self._kept
            if fresh or name not in kept:
                kept[name] = read()  # if something is written meanwhile, this goes with what is forgotten
            rows: Result = kept[name]
            return rows

    def forget(self) -> None:
        """Something was written: read again from now on."""
        self._kept = {}


def map_concurrently(concurrency: int, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """The results in the order of the items. One thread where more would only cost."""
    if concurrency <= 1 or len(items) < 2:
        return [work(item) for item in items]
    with ThreadPoolExecutor(concurrency) as pool:
        return list(pool.map(work, items))
