# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Executes a step through a store: the only caller of writes, and the one who reads back.

A success code is no proof. After each write the object is read again and planned again; what is still different is
named. After a write whose fate is unknown only the reading decides what is done next.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Callable

from .backends.base import Observed, Store
from .errors import NotStored, PBXError
from .fields import Values
from .plan import Step, plan_object
from .resources import normalise

# Seconds to wait before reading back again while the server still shows the old state.
SETTLE_SECONDS: Sequence[float] = (0.2, 0.5, 1.0)


@dataclass
class Engine:
    """Converges single objects of one store."""

    store: Store
    backend_name: str
    check_mode: bool = False
    settle: Sequence[float] = SETTLE_SECONDS
    sleep: Callable[[float], None] = field(default=time.sleep)

    def converge(
        self, options: Values, state: str = "present", membership: str = "exact"
    ) -> tuple[Step, Observed | None]:
        """Bring one object to its declared state.

        Returns the step with its status, and the object as it is (in check mode: was) on the server. An error after
        the first write is part of the step (`status: failed`), with the changes that did take effect; one before it
        is raised.
        """
        desired = normalise(self.store.resource, options, self.store.capability, self.backend_name)
        desired["_membership"] = membership
        self.store.check(desired)
        current = self.store.find(desired)
        desired = self.store.resolve(desired, current, state)
        step = self._plan(desired, current, state, membership)
        if step.action == "unchanged" or self.check_mode:
            return step, current
        return self._execute(step, desired, current, state, membership)

    def _plan(self, desired: Values, current: Observed | None, state: str, membership: str) -> Step:
        values = current.values if current else None
        matched = self.store.match(desired, current)
        return plan_object(self.store.resource, self.store.capability, matched, values, state, membership)

    def _execute(
        self, step: Step, desired: Values, current: Observed | None, state: str, membership: str
    ) -> tuple[Step, Observed | None]:
        key, problem = self._write(step, desired, current)
        wanted = {**desired, self.store.resource.keys[0]: key} if key else desired
        try:
            refused = problem is not None and not getattr(problem, "in_doubt", False)
            left, observed = self._read_back(wanted, state, membership, wait=not refused)
        except PBXError as error:
            step.status, step.error = "failed", str(problem or error)
            step.error += "; what became of it could not be read back" if problem else ""
            return step, None
        step.id = key or step.id
        if left.action == "unchanged":
            step.status = "done"
            return step, observed
        step.status = "failed"
        step.error = f"{problem or self._not_stored(step, left)}; {_progress(step, left)}"
        return step, observed

    def _write(self, step: Step, desired: Values, current: Observed | None) -> tuple[str | None, PBXError | None]:
        target = step.after or {}
        try:
            if step.action == "create":
                return self.store.create(desired, target), None
            if current and step.action == "update":
                return self.store.update(current, desired, target, step.changed_fields), None
            if current:
                self.store.delete(current, desired)
            return None, None
        except PBXError as error:
            return None, error

    def _read_back(self, desired: Values, state: str, membership: str, wait: bool) -> tuple[Step, Observed | None]:
        """Read until the server shows what was written, or the waiting times are used up."""
        waits = list(self.settle) if wait else []
        while True:
            observed = self.store.find(desired)
            left = self._plan(desired, observed, state, membership)
            if left.action == "unchanged" or not waits:
                return left, observed
            self.sleep(waits.pop(0))

    def _not_stored(self, step: Step, left: Step) -> NotStored:
        if step.action == "delete":
            return NotStored("the server accepted the deletion, but the object is still there")
        if left.action == "create":
            return NotStored("the server accepted the creation, but the object is not there")
        return NotStored("the server accepted the change, but did not store " + ", ".join(sorted(left.changed_fields)))


def _progress(step: Step, left: Step) -> str:
    """What is done and what is not, in one clause."""
    if left.action in ("create", "delete"):
        return "nothing was changed" if step.action in ("create", "delete") else "the object has gone"
    done = sorted(step.changed_fields - left.changed_fields)
    missing = sorted(left.changed_fields)
    return f"done: {', '.join(done) or 'nothing'}; not done: {', '.join(missing)}; run again to finish"
