# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries out a plan: the only code that calls the writing methods of stores, and that reads back the result.

A success code does not prove a write. After each write, the object is read and planned again. If the server accepted the
write but values still differ, the write is repeated once; values that still differ then are reported. If it is unknown
whether a write was processed, only the read-back decides. If an object was read too long before its write, it is read
and planned again first, because somebody else may have changed it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from ..backends.contract import Backend, RunContext, Store
from ..backends.lists import map_concurrently
from ..backends.progress import Done
from ..errors import Conflict, PBXError, error_class
from ..model.validate import Declared
from ..model.values import Values, copied
from .judge import Attempt, judge
from .observe import as_problem, observe, plan_step, prefetch
from .options import Plan
from .order import Operation, Order
from .outcome import FAILED, PLANNED, SKIPPED, Outcome, planned
from .plan import CREATE, DELETE, UPDATE, Change, Step
from .reading import Reading
from .references import References

# Steps of each thread that may be planned on lists just read, even if reading them took longer than FRESH_SECONDS.
PORTION = 4
# Most readings of the lists in one stage: the portions of a large stage grow to stay below it.
MOST_READINGS = 10
_LONGEST_ERROR = 1000  # characters
_DUE = float("-inf")  # of a step that has freed an identifier since: its reading is always too old
NOT_READ_BACK = "was written, and has not been read back"
NOT_BEGUN = "not begun: something before it failed"


@dataclass
class Execution:
    """The writes of one run. `outcomes` has, at any moment, what has become of every step of the plan so far."""

    backend: Backend
    context: RunContext
    plan: Plan
    on_error: str = "stop"
    notes: list[str] = field(default_factory=list)
    doubted: bool = False  # whether a write ended with an error, so that what is remembered of the server may be wrong
    _stopped: bool = False
    _planned_anew: bool = False
    _planned: int = 0  # operations of all stages
    _before: int = 0  # operations of the stages that are over

    def __post_init__(self) -> None:
        self._outcomes = {step.place: planned(step) for step in self.plan.steps}

    @property
    def outcomes(self) -> list[Outcome]:
        return list(self._outcomes.values())

    def skip_all(self, why: str) -> None:
        """Write nothing at all."""
        self._skip([outcome.step for outcome in self.outcomes], why)

    def interrupt(self, reason: str) -> None:
        """Mark the steps that were not begun, after something outside has ended the run."""
        for outcome in self.outcomes:
            if outcome.status == PLANNED:
                self._note(replace(outcome, status=SKIPPED, error=f"not begun: {reason}"))

    def tell(self, *notes: str) -> None:
        """Add notes for the warnings of the result."""
        self.notes += notes

    def carry_out(self, order: Order) -> None:
        for blocked in order.blocked:
            for step in blocked.steps:
                self._note(Outcome(step, FAILED, blocked.reason, error_class(Conflict(""))))
        self._stopped = bool(order.blocked) and self.on_error == "stop"
        self._planned = sum(map(len, order.stages))
        for stage in order.stages:
            operations = [self._renumbered(one) for one in stage if self._outcome(one).status == PLANNED]
            if self._stopped:
                self._skip([one.step for one in operations], NOT_BEGUN)
                continue
            operations = self._without_referenced(operations)
            self._write_stage(operations)
            self._before += len(operations)
            if self.on_error == "stop" and any(self._outcome(one).status == FAILED for one in operations):
                self._stopped = True

    def _renumbered(self, operation: Operation) -> Operation:
        """The operation with its step as an operation before it has left it."""
        return replace(operation, step=self._outcome(operation).step)

    def _outcome(self, operation: Operation) -> Outcome:
        return self._outcomes[operation.step.place]

    def _note(self, outcome: Outcome) -> None:
        self._outcomes[outcome.step.place] = outcome

    def _skip(self, steps: Iterable[Step], why: str) -> None:
        for step in steps:
            known = self._outcomes[step.place]
            if step.writes and known.status == PLANNED:
                freed = (
                    "; it has freed an identifier for another object; run again to finish" if known.took_effect else ""
                )
                self._note(replace(known, step=step, status=SKIPPED, error=why + freed))

    def _store(self, step: Step) -> Store:
        return self.backend.store(step.resource.name, self.context)

    def _without_referenced(self, operations: list[Operation]) -> list[Operation]:
        """After a failure, or if a step was planned again, do not delete objects that are still referenced."""
        going = [one.step for one in operations if one.step.action == DELETE]
        going = [step for step in going if not step.declared.directives.get("leave_references")]
        failed = any(outcome.status in (FAILED, SKIPPED) for outcome in self.outcomes)
        if not going or not (failed or self._planned_anew):
            return operations
        try:
            self.backend.forget_lists()
            found = References(self.backend, self.context).still_leading_to(going, fresh=True)
        except PBXError as error:
            self._skip(going, f"not begun: what leads to it could not be read ({error})")
            return [one for one in operations if one.step not in going]
        for step, links in found.items():
            if links:
                self._skip([step], f"not begun: {', '.join(map(str, links))}")
        return [one for one in operations if self._outcome(one).status == PLANNED]

    # -- one stage -------------------------------------------------------------------------------------------------------
    def _write_stage(self, operations: list[Operation]) -> None:
        """Write independent operations in parallel, then read back by list: all at the end, or in growing portions if a
        write removes something for a moment that must not be missing for long."""
        soon = any(self._store(one.step).takes_apart(one.step) for one in operations)
        size = PORTION * self.context.concurrency if soon else len(operations)
        with self.context.progress.phase("written", self._planned, self._before) as done:
            attempts = self._write_portions(operations, size, soon, done)
        self._settle(attempts)

    def _write_portions(self, operations: list[Operation], size: int, soon: bool, done: Done) -> list[Attempt]:
        """Write them, so many at first. Returns the attempts that are not read back yet."""
        attempts: list[Attempt] = []
        waiting = list(operations)
        while waiting:
            stale = any(map(self._is_stale, waiting))
            reading = self._lists_again([one.step for one in waiting], len(operations)) if stale else None
            portion, waiting = waiting[:size], waiting[size:]
            tried = map_concurrently(self.context.concurrency, partial(self._counted_turn, reading, done), portion)
            attempts += [one for one in tried if isinstance(one, Attempt)]
            late = [one for one in tried if isinstance(one, Operation)]
            size = max(PORTION * self.context.concurrency, 2 * (len(portion) - len(late)))
            waiting = late + waiting
            if soon:
                self._settle(attempts)
                attempts = []
        return attempts

    def _counted_turn(self, reading: Reading | None, done: Done, operation: Operation) -> Attempt | Operation | None:
        result = self._in_turn(reading, operation)
        if not isinstance(result, Operation):  # what is given back has its turn later
            done()
        return result

    def _settle(self, attempts: list[Attempt]) -> None:
        left = self._read_back(attempts)
        self._read_back(self._write_once_more(left), last_chance=True)

    def _lists_again(self, steps: Sequence[Step], operations: int) -> Reading:
        """Read the lists that these steps share again. Returns how long they may be used for planning.

        At least one portion of steps is planned on them, even if the reading took long. The portion grows with the number of
        operations of the stage: with a fixed portion, the cost of reading the growing list would be quadratic.
        """
        began = self.context.clock()
        self.backend.forget_lists()
        prefetch(self.backend, {step.resource.name for step in steps}, self.context)
        least = max(PORTION * self.context.concurrency, operations // MOST_READINGS)
        return Reading(began + self.context.fresh, least)

    def _in_turn(self, reading: Reading | None, operation: Operation) -> Attempt | Operation | None:
        """Write one operation. If its reading is too old, plan it again on the lists just read; if those are too old as well,
        return the operation for a later portion."""
        if self._stopped or not self._is_stale(operation):
            return self._write(operation)
        if reading is None or not reading.lasts(self.context.clock()):
            return operation
        renewed = self._renewed(operation)
        return None if renewed is None else self._write(renewed)

    def _is_stale(self, operation: Operation) -> bool:
        """Whether it was read so long ago that somebody else may well have changed it."""
        return self.context.clock() - operation.step.read_at > self.context.fresh

    def _renewed(self, operation: Operation) -> Operation | None:
        step = operation.step
        store = self._store(step)
        try:
            asked = _under_key(step.asked, self._outcomes[step.place].new_id)
            now = replace(observe(store, asked), origin=step.origin, how=step.how)
            if now.action != step.action and CREATE in (now.action, step.action):
                happened = "created" if step.action == CREATE else "deleted"
                raise Conflict(
                    f"somebody has {happened} it since this run read it; nothing was changed here, run again"
                )
        except Exception as error:
            self._fail(step, as_problem(error, self.backend), took_effect=False)
            return None
        self.notes += store.notes
        if (now.changes, now.before) != (step.changes, step.before) and step.read_at != _DUE:
            self._planned_anew = True
            self.notes.append(f"{step.place}: was no longer as this run had read it, and was planned anew")
        now = replace(now, id=step.id, name=step.name)
        known = self._outcomes[step.place]
        self._note(replace(planned(now), new_id=known.new_id, took_effect=known.took_effect))
        return replace(operation, step=now) if now.writes else None

    def _fail(self, step: Step, problem: PBXError, took_effect: bool, note: str = "") -> None:
        message = self.backend.session.short(f"{problem}{note}", _LONGEST_ERROR)
        trace = getattr(problem, "trace", "")
        took_effect = took_effect or self._outcomes[step.place].took_effect
        self._note(Outcome(step, FAILED, message, error_class(problem), trace, took_effect, observed=step.current))
        if self.on_error == "stop":
            self._stopped = True

    def _write(self, operation: Operation) -> Attempt | None:
        step = operation.step
        if self._stopped:
            self._skip([step], NOT_BEGUN)
            return None
        if operation.frees:
            self._free(operation)
            return None
        attempt = self._attempt(step)
        if attempt.refused and self.on_error == "stop":
            self._stopped = True  # never back to False: another thread may just have succeeded
        return attempt

    def _attempt(self, step: Step) -> Attempt:
        """Send the writes of a step. A refusal, or doubt, stays in the attempt as its problem."""
        store = self._store(step)
        written = store.write(step)
        problem = as_problem(written.error, self.backend) if written.error else None
        self.notes += store.notes
        attempt = Attempt(step, written.key, problem, written.sent, written.accepted, written.ended_at)
        if problem is not None:
            self.doubted = True  # never back to False: another thread may just have succeeded
        if attempt.sent and not problem:
            # the outcome until the read-back: the run may be interrupted before it
            self._note(replace(self._outcomes[step.place], status=FAILED, error=NOT_READ_BACK, took_effect=True))
        return attempt

    def _free(self, operation: Operation) -> None:
        """Give up identifiers that another step takes; the step itself has its turn later, and is read again then."""
        step = operation.step
        parking = self.backend.capability(step.resource.name).parking
        changes = tuple(change for change in step.changes if change.option in operation.frees)
        target = parked(step.before or {}, {option: parking[option] for option in operation.frees})
        freeing = replace(
            step, changes=tuple(Change(c.field, c.before, parking[c.option], c.option) for c in changes), target=target
        )
        attempt = self._attempt(freeing)
        if attempt.problem:
            self._fail(step, attempt.problem, took_effect=attempt.may_have_effect)
            return
        known = self._outcomes[step.place]
        new_id = attempt.key or known.new_id
        due = replace(planned(replace(step, read_at=_DUE)), new_id=new_id, took_effect=True)
        self._note(due)

    # -- reading back ----------------------------------------------------------------------------------------------------
    def _read_lists(self, attempts: Sequence[Attempt], seen: bool) -> None:
        """Forget what was read before these writes, and read the lists that they share, before the threads start.

        seen: whether it has been read since, and showed an older state.
        """
        moments: dict[str, float] = {}
        for attempt in attempts:
            names = None if attempt.problem else self._store(attempt.step).outdated(attempt.step)
            if names is None:
                self.backend.forget_lists()
                break
            for name in names:
                moments[name] = math.inf if seen else max(moments.get(name, -math.inf), attempt.ended_at)
        else:
            self.backend.forget_outdated(moments)
        prefetch(self.backend, {one.step.resource.name for one in attempts}, self.context)

    def _read_back(self, attempts: list[Attempt], last_chance: bool = False) -> list[Attempt]:
        """Read until each attempt is settled, or the waiting times are used up. Returns what is worth a second attempt."""
        waits = list(self.context.settle)
        left, seen = attempts, False
        while left:
            self._read_lists(left, seen)
            seen = True
            last = not waits
            judge_one = partial(self._judged, last=last, final=last_chance)
            with self.context.progress.phase("read back", len(left)) as done:
                judged = map_concurrently(self.context.concurrency, judge_one, left, done, self._is_listed)
            left = [one for one in judged if one is not None]
            if last or not left:
                break
            self.context.sleep(waits.pop(0))
        return left

    def _is_listed(self, attempt: Attempt) -> bool:
        """Whether reading back asks for lists only, which have been read."""
        return self.backend.finds_in_lists(attempt.step.resource)

    def _judged(self, attempt: Attempt, last: bool, final: bool) -> Attempt | None:
        """Read back once: None when the attempt is settled, else what is left to do."""
        step = attempt.step
        store = self._store(step)
        try:
            declared = _under_key(step.declared, attempt.key)
            observed = store.find(declared)
            left = replace(plan_step(store, step.asked, declared, observed), origin=step.origin)
        except Exception as error:
            problem = as_problem(error, self.backend)
            note = "; what became of it could not be read back" if attempt.problem and attempt.sent else ""
            self._fail(step, attempt.problem or problem, attempt.may_have_effect, note)
            return None
        finally:
            self.notes += store.notes
        outcome = judge(attempt, left, observed, settled=last or attempt.no_effect_expected)
        if outcome is None:
            return replace(attempt, left=left)
        if (
            outcome.status == FAILED
            and not final
            and attempt.accepted
            and not attempt.problem
            and left.action == UPDATE
        ):
            return replace(attempt, left=left)
        if outcome.error:
            outcome = replace(outcome, error=self.backend.session.short(outcome.error, _LONGEST_ERROR))
        self._note(outcome)
        return None

    def _write_once_more(self, attempts: list[Attempt]) -> list[Attempt]:
        """A second attempt at what the server accepted and did not store, or stored in part."""
        again = [one for one in attempts if one.left is not None]

        def write(one: Attempt) -> Attempt:
            second = self._attempt(one.left or one.step)
            return replace(second, step=one.step, key=second.key or one.key, accepted=second.accepted + one.accepted)

        return map_concurrently(self.context.concurrency, write, again)


def _under_key(declared: Declared, key: str) -> Declared:
    """The declaration under the key that the server gave the object meanwhile, if it did."""
    return declared.with_values({**declared.values, declared.resource.key: key}) if key else declared


def parked(values: Values, options: Mapping[str, object]) -> Values:
    """An object with some options at the value that frees what they claim. Options may be settings: `settings.NAME`."""
    result: Values = copied(values)
    for option, value in options.items():
        place, (*path, name) = result, option.split(".")
        for part in path:
            place = place.setdefault(part, {})
        place[name] = value
    return result
