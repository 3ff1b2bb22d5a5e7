# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Executes a step through a store: the only caller of writes, and the one who reads back.

A success code is no proof. After each write the object is read again and planned again; what is still different is
named. After a write whose fate is unknown only the reading decides what is done next. And what was read a while before
its turn to be written has come is read again first: in between somebody else may have been at work on it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Callable

from ..backends.contract import Observed, Store, understood
from ..errors import Conflict, NotStored, PBXError
from ..model.catalog import normalise, secrets_of
from ..model.values import Values
from .plan import HIDDEN, Change, Step, plan_object

# Seconds to wait before reading back again while the server still shows the old state.
SETTLE_SECONDS: Sequence[float] = (0.2, 0.5, 1.0)
# Seconds for which what was read may be planned on. No server here can be told "only if it is as I read it".
FRESH_SECONDS = 5.0


@dataclass
class Work:
    """One object on its way: what is declared, what was read, what is to be done, and what came of it.

    declared: as `Engine.prepare` returns it. desired: the same with its references resolved against what was read.
    read_at: when the reading began, by the engine's clock.
    """

    declared: Values
    state: str
    membership: str
    desired: Values
    current: Observed | None
    step: Step
    read_at: float
    problem: PBXError | None = None
    observed: Observed | None = None
    begun: bool = False  # whether a write before the one that failed was accepted
    sent: bool = True  # whether any write went out at all


@dataclass
class Engine:
    """Converges single objects of one store, in parts that the tenant engine can put together differently."""

    store: Store
    backend_name: str
    check_mode: bool = False
    settle: Sequence[float] = SETTLE_SECONDS
    fresh: float = FRESH_SECONDS
    sleep: Callable[[float], None] = field(default=time.sleep)
    clock: Callable[[], float] = field(default=time.monotonic)

    def converge(self, options: Values, state: str = "present", membership: str = "exact") -> Work:
        """Bring one object to its declared state.

        An error after the first write is part of the step (`status: failed`), with the changes that did take effect;
        one before it is raised.
        """
        work = self.look(self.prepare(options, membership), state, membership)
        if self.check_mode:
            return work
        if work.step.action != "unchanged" and self.stale(work):
            self.look_again(work)
        if work.step.action != "unchanged":
            self.write(work)
            self.verify(work)
        return work

    def prepare(self, options: Values, membership: str = "exact") -> Values:
        """What is declared, checked. Sends nothing. Raises InvalidOption or Unsupported."""
        for secret in secrets_of(self.store.capability, options):
            self.store.hide(secret)
        desired = normalise(self.store.resource, options, self.store.capability, self.backend_name)
        desired["_membership"] = membership
        self.store.check(desired)
        return desired

    def look(self, declared: Values, state: str, membership: str) -> Work:
        """Read the object and plan; sends reads only. Raises whatever reading raises."""
        read_at = self.clock()
        with understood():
            current = self.store.find(declared)
            desired = self.store.resolve(declared, current, state)
            step = self.plan(desired, current, state, membership)
        return Work(declared, state, membership, desired, current, step, read_at, observed=current)

    def stale(self, work: Work) -> bool:
        """Whether what a work is planned on was read so long ago that somebody else may well have changed it."""
        return self.clock() - work.read_at > self.fresh

    def look_again(self, work: Work) -> bool:
        """Read and plan once more what is to be written; whether that is something else than before.

        Raises Conflict when somebody has made or deleted the object meanwhile, which nobody has planned for.
        """
        again = self.look(work.declared, work.state, work.membership)
        before, now = work.step.action, again.step.action
        if before != now and "create" in (before, now):
            happened = "made" if before == "create" else "deleted"
            raise Conflict(f"somebody has {happened} it since this run read it; nothing was changed here, run again")
        moved = again.step.changes != work.step.changes or again.step.before != work.step.before
        work.desired, work.current, work.step, work.read_at = again.desired, again.current, again.step, again.read_at
        work.observed = again.observed
        return moved

    def plan(self, desired: Values, current: Observed | None, state: str, membership: str) -> Step:
        values = current.values if current else None
        matched = self.store.match(desired, current)
        return plan_object(self.store.resource, self.store.capability, matched, values, state, membership)

    def write(self, work: Work) -> None:
        """Send the writes of a step. A refusal, or doubt, stays in the work as its problem."""
        sent, accepted = self.store.writes(), self.store.accepted()
        try:
            with understood():
                key = self._send(work)
        except PBXError as error:
            work.problem = error
            work.sent, work.begun = self.store.writes() > sent, self.store.accepted() > accepted
            return
        if key:
            work.step.id = key
            work.desired = {**work.desired, self.store.resource.keys[0]: key}

    def _send(self, work: Work) -> str | None:
        target = work.step.after or {}
        if work.step.action == "create":
            return self.store.create(work.desired, target)
        if work.current and work.step.action == "update":
            return self.store.update(work.current, work.desired, target, work.step.changed_fields)
        if work.current:
            self.store.delete(work.current, work.desired)
        return None

    def verify(self, work: Work) -> None:
        """Read until the server shows what was written, or the waiting times are used up; then judge."""
        waits = [] if in_vain(work) else list(self.settle)
        while not self.settled(work, last=not waits):
            self.sleep(waits.pop(0))

    def settled(self, work: Work, last: bool) -> bool:
        """Read back once: True when the step is done, or when this was the last chance and it has failed."""
        step = work.step
        try:
            with understood():
                work.observed = self.store.find(work.desired)
                left = self.plan(work.desired, work.observed, work.state, work.membership)
        except PBXError as error:
            step.status, step.error = "failed", str(work.problem or error)
            step.error += "; what became of it could not be read back" if work.problem and work.sent else ""
            step.took_effect = work.sent  # also a refusal may be a lie, and nobody could look
            return True
        differs = left.action != step.action or left.changes != step.changes
        step.took_effect = differs or work.begun or not in_vain(work)
        if left.action == "unchanged":
            step.status = "done"
        elif last or in_vain(work):
            step.status = "failed"
            step.error = f"{work.problem or _not_stored(step, left)}; {_progress(step, left)}"
        return step.status != "planned"


def in_vain(work: Work) -> bool:
    """Whether waiting for the effect of a write is in vain: it never went out, or was surely not gone on with."""
    return not work.sent or refused(work.problem)


def refused(problem: PBXError | None) -> bool:
    """Whether the server surely did not go on with a write, so that waiting for its effect is in vain."""
    return problem is not None and not getattr(problem, "in_doubt", False) and not isinstance(problem, NotStored)


def _not_stored(step: Step, left: Step) -> NotStored:
    if step.action == "delete":
        return NotStored("the server accepted the deletion, but the object is still there")
    if left.action == "create":
        return NotStored("the server accepted the creation, but the object is not there")
    missing = ", ".join(sorted(_as_it_is(change) for change in left.changes))
    return NotStored(f"the server accepted the change, but did not store {missing}")


def _as_it_is(change: Change) -> str:
    """A field that differs, with what the server shows where that is short."""
    single = isinstance(change.before, (str, int, float)) and HIDDEN not in (change.before, change.after)
    return f"{change.field} (it shows {change.before!r})" if single else change.field


def _progress(step: Step, left: Step) -> str:
    """What is done and what is not, in one clause."""
    if left.action in ("create", "delete"):
        return "nothing was changed" if step.action in ("create", "delete") else "the object has gone"
    done = sorted(step.changed_fields - left.changed_fields)
    missing = sorted(left.changed_fields)
    return f"done: {', '.join(done) or 'nothing'}; not done: {', '.join(missing)}; run again to finish"
