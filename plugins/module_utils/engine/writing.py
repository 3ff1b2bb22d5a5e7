# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The writing half of a run over a whole tenant: planned works, in order of dependency, many at the same time.

Extensions come before the hunt groups that ring them, follow-me after both, deletions last and in reverse. A large
tenant takes minutes to write: what waits for its turn so long that somebody else may have changed it is read again
and planned again first, a portion at a time, so that a list shows all of them in one request.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from ..backends.contract import Backend, in_parallel, understood
from ..errors import Conflict, PBXError
from ..model.catalog import KINDS, RESOURCES
from ..model.values import Values
from .execute import FRESH_SECONDS, SETTLE_SECONDS, Engine, Work, refused
from .plan import UNFINISHED

ORDER = tuple(resource.name for resource in KINDS.values())
# How many works of each thread are read again together.
PORTION = 4


@dataclass
class Writing:
    """Carries out the works of one run; their steps tell what came of them. `notes` is what users should know."""

    backend: Backend
    works: list[Work]
    on_error: str = "stop"
    concurrency: int = 4
    settle: Sequence[float] = SETTLE_SECONDS
    fresh: float = FRESH_SECONDS
    notes: list[str] = field(default_factory=list)
    _stopped: bool = False
    _planned_anew: bool = False

    def engine(self, resource: str) -> Engine:
        return Engine(self.backend.store(resource), self.backend.name, settle=self.settle, fresh=self.fresh)

    # -- order -------------------------------------------------------------------------------------------------------
    def stages(self) -> list[list[Work]]:
        """What can be written at the same time, in order of dependency. Raises Conflict on a circle of new groups."""
        stages = [self._stage("extension"), *self._group_stages(), self._stage("follow_me")]
        return stages + [[w for w in self.works if w.step.resource == name and deletes(w)] for name in reversed(ORDER)]

    def _stage(self, resource: str) -> list[Work]:
        return [work for work in self.works if work.step.resource == resource and not deletes(work)]

    def _group_stages(self) -> list[list[Work]]:
        """Hunt groups, each after those that it rings and that are made in this run."""
        waiting = self._stage("hunt_group")
        stages: list[list[Work]] = []
        while waiting:
            new = {work.step.id for work in waiting if work.step.action == "create"}
            ready = [work for work in waiting if not new & (_members_after(work) - {work.step.id})]
            if not ready:
                circle = ", ".join(sorted(work.step.id for work in waiting))
                raise Conflict(
                    f"hunt_group {circle}: new groups that ring each other; make one of them without the others first"
                )
            stages.append(ready)
            waiting = [work for work in waiting if not any(work is one for one in ready)]
        return stages

    def carry_out(self, stages: list[list[Work]]) -> None:
        for index, stage in enumerate(stages):
            self._spare_extensions_that_ring(stage)
            planned = [work for work in stage if work.step.status == "planned"]
            self._write_stage(planned)
            if any(work.step.status == "failed" for work in planned) and self.on_error == "stop":
                rest = [work for later in stages[index:] for work in later]
                leave_undone(rest, "not begun: something before it failed")
                return

    def _spare_extensions_that_ring(self, stage: list[Work]) -> None:
        """After a hunt group could not be changed, or not as it was planned: do not delete the extensions it rings."""
        going = [work for work in stage if is_deleted_extension(work) and work.step.status == "planned"]
        failed = any(w.step.status == "failed" for w in self.works if w.step.resource == "hunt_group")
        if not going or not (failed or self._planned_anew):
            return
        try:
            with understood():
                groups = self.backend.store("hunt_group").read_all()
        except PBXError as error:
            leave_undone(going, f"not begun: who rings it could not be read ({error})")
            return
        for observed in groups:
            ringing = rung_by(observed.values)
            rung = [work for work in going if ringing & numbers_of(work)]
            leave_undone(rung, f"not begun: hunt group {observed.values['id']} still rings it")

    # -- one stage ---------------------------------------------------------------------------------------------------
    def _write_stage(self, works: list[Work]) -> None:
        """Write what does not depend on each other at the same time, then read back by list."""
        waiting = list(works)
        while waiting:
            portion, waiting = waiting, []
            again = any(self._stale(work) for work in portion)
            if again:
                size = PORTION * max(self.concurrency, 1)
                portion, waiting = portion[:size], portion[size:]
                self._look_again([work for work in portion if self._stale(work)])
            # what was just read is written in any case, however long the reading took
            late = in_parallel(self.concurrency, partial(self._write, at_any_age=again), portion)
            waiting = [work for work in late if work] + waiting
        self._read_back([work for work in works if work.step.status == "planned"])

    def _stale(self, work: Work) -> bool:
        return work.step.status == "planned" and self.engine(work.step.resource).stale(work)

    def _look_again(self, works: list[Work]) -> None:
        """Read once more what was read long ago. What cannot be read, or was not planned for, fails before its write."""
        self._read_lists(works)
        present = [work for work in self.works if work.state == "present" and work.step.status not in UNFINISHED]
        promised = frozenset(work.step.id for work in present if work.step.resource in ("extension", "hunt_group"))
        in_parallel(self.concurrency, partial(self._plan_again, promised=promised), works)

    def _plan_again(self, work: Work, promised: frozenset[str]) -> None:
        engine = self.engine(work.step.resource)
        engine.store.promised, engine.store.alone = promised, False
        try:
            if engine.look_again(work):
                self._planned_anew = True
                self.notes.append(
                    f"{work.step.resource} {work.step.id}: was no more as this run had read it, and was planned anew"
                )
        except PBXError as error:
            work.step.status, work.step.took_effect = "failed", False
            work.step.error = self.backend.session.short(str(error), 1000)
            if self.on_error == "stop":
                self._stopped = True
        self.notes += engine.store.notes

    def _write(self, work: Work, at_any_age: bool) -> Work | None:
        """Write one work; or give it back when what was read for it is too old by now."""
        if work.step.status != "planned":
            return None
        if self._stopped:
            leave_undone([work], "not begun: something before it failed")
            return None
        engine = self.engine(work.step.resource)
        if not at_any_age and engine.stale(work):
            return work
        engine.write(work)
        self.notes += engine.store.notes
        if refused(work.problem) and self.on_error == "stop":
            self._stopped = True  # never back to False: another thread may just have succeeded
        return None

    # -- reading back ------------------------------------------------------------------------------------------------
    def _read_lists(self, works: list[Work]) -> None:
        """The lists that these works share, once and before the threads start."""
        self.backend.lists.forget()
        with contextlib.suppress(PBXError):  # whoever misses a list will say so of its own object
            warm(self.backend, {work.step.resource for work in works})

    def _read_back(self, works: list[Work]) -> None:
        """Read until each work is settled, or the waiting times are used up."""
        waits = list(self.settle)
        while works:
            self._read_lists(works)
            last = not waits
            done = in_parallel(self.concurrency, partial(self._settled, last=last), works)
            works = [work for work, settled in zip(works, done) if not settled]
            if works:
                self.engine(works[0].step.resource).sleep(waits.pop(0))

    def _settled(self, work: Work, last: bool) -> bool:
        return self.engine(work.step.resource).settled(work, last)


def warm(backend: Backend, resources: Iterable[str]) -> None:
    """Read the lists that all objects of these resources share."""
    for name in ORDER:
        if name in resources and not RESOURCES[name].always_there:
            backend.store(name).warm()


def leave_undone(works: Iterable[Work], why: str) -> None:
    for work in works:
        if work.step.action != "unchanged" and work.step.status == "planned":
            work.step.status, work.step.error = "skipped", why


def deletes(work: Work) -> bool:
    return work.step.action == "delete" or (work.state == "absent" and work.step.action == "update")


def is_deleted_extension(work: Work) -> bool:
    """Whether an extension goes, without being taken out of its groups first by its own declaration."""
    deleted = work.step.resource == "extension" and work.step.action == "delete"
    return deleted and not work.desired.get("remove_from_hunt_groups")


def numbers_of(work: Work) -> set[str]:
    """All numbers of an extension that is there."""
    settings = work.current.values.get("settings", {}) if work.current else {}
    return {work.step.id, *map(str, settings.get("alias") or [])}


def rung_by(group: Values) -> set[str]:
    """The numbers that a hunt group rings or overflows to."""
    members = {str(member["extension"]) for member in group.get("members", [])}
    return members | set(str(group.get("overflow_to") or "").split())


def _members_after(work: Work) -> set[str]:
    return {str(member.get("extension")) for member in (work.step.after or {}).get("members", [])}
