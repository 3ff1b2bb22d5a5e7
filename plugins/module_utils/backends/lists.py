# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that a run reads once, and work that a run does in parallel."""

from __future__ import annotations

import math
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class ListMemory:
    """What was read of a server, by a name for each list or object, with the time of its reading. Shared by all threads.

    It is used again until something that was written makes it outdated. It may outlive a call (see
    `entry.shared_sessions`), so that nothing in it may be kept that a call has learned in another way.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[float, Any]] = {}
        self._locks: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)
        self._changing = threading.Lock()
        self._oldest = math.inf

    @property
    def oldest(self) -> float:
        """When the oldest of what is remembered was read, by the clock of the session; infinity when there is nothing."""
        return self._oldest

    def get(self, name: str, read: Callable[[], Result], fresh: bool = False) -> Result:
        """The list of this name: remembered, or read now."""
        with self._locks[name]:  # several threads may miss the same list at the same time
            kept = self._kept
            if not fresh and name in kept:
                known: Result = kept[name][1]
                return known
            read_at = self._clock()
            rows = read()
            with self._changing:
                kept[name] = (read_at, rows)  # if all is forgotten meanwhile, this goes with it
                if kept is self._kept:
                    self._oldest = min(self._oldest, read_at)
            return rows

    def peek(self, name: str) -> Any:
        """What is remembered under a name, for a writer that adds its own change to it; None when there is nothing."""
        return self._kept.get(name, (0.0, None))[1]

    def forget(self) -> None:
        """Read everything again from now on."""
        with self._changing:
            self._kept = {}
            self._oldest = math.inf

    def forget_before(self, moments: Mapping[str, float]) -> None:
        """Forget what has one of these names and was read before its moment. A name that ends with a blank stands for all
        that begin with it."""
        starts = {name: moment for name, moment in moments.items() if name.endswith(" ")}
        with self._changing:
            for name in [name for name in moments if name in self._kept]:
                self._drop(name, moments[name])
            for name in list(self._kept) if starts else ():
                for start, moment in starts.items():
                    if name.startswith(start) and name in self._kept:
                        self._drop(name, moment)
            self._oldest = min((read_at for read_at, _rows in self._kept.values()), default=math.inf)

    def _drop(self, name: str, moment: float) -> None:
        if self._kept[name][0] <= moment:
            del self._kept[name]

    def expire(self, moment: float) -> None:
        """Forget all that was read before this moment."""
        with self._changing:
            self._kept = {name: one for name, one in self._kept.items() if one[0] >= moment}
            self._oldest = min((read_at for read_at, _rows in self._kept.values()), default=math.inf)


def _nothing(item: object) -> bool:
    return False


def map_concurrently(
    concurrency: int,
    work: Callable[[Item], Result],
    items: Sequence[Item],
    done: Callable[[], None] | None = None,
    here: Callable[[Item], bool] = _nothing,
) -> list[Result]:
    """The results in the order of the items. One thread where more would only cost. done: called after each item.

    here: whether the work for an item asks no server, so that this thread does it.
    """

    def counted(item: Item) -> Result:
        result = work(item)
        if done is not None:
            done()
        return result

    asking = [item for item in items if not here(item)] if concurrency > 1 else []
    if len(asking) < 2:
        return [counted(item) for item in items]
    with ThreadPoolExecutor(concurrency) as pool:
        asked = pool.map(counted, asking)
        return [counted(item) if here(item) else next(asked) for item in items]
