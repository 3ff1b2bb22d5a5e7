# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one way of every change: observe, plan, guard, execute, outcome, over a list of declared objects.

A module for one object is a run of one. Nothing is written before every object has been read and planned, all guards have
passed, and the state as it was is safe in a file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ..backends.contract import Backend, RunContext
from ..errors import Conflict, PBXError, error_class
from ..model.catalog import tenant_lists
from ..model.problems import ERROR, Finding
from ..model.validate import Declared
from ..model.values import Values
from . import files
from .execute import Execution
from .guards import Guards
from .identity import BACKUP, JOURNAL, enveloped
from .links import Links
from .observe import Observation, observe_all
from .options import Plan, RunOptions
from .order import Order, arrange
from .outcome import FAILED, INCOMPLETE, PLANNED, SKIPPED, Outcome, Unmanaged, plan_id, planned, verdict
from .plan import UNCHANGED, Step
from .references import References
from .snapshot import export, images_of, journal_objects, side_effects


@dataclass
class Run:
    """One run over one system. What it has found and done so far can be read at any moment, also when it was interrupted."""

    backend: Backend
    declared: Sequence[Declared]
    options: RunOptions
    context: RunContext
    plan: Plan = field(default_factory=Plan)
    execution: Execution = field(init=False)
    written_files: dict[str, str] = field(default_factory=dict)
    stopped_by: PBXError | None = None

    def __post_init__(self) -> None:
        self.execution = Execution(self.backend, self.context, self.options.on_error)

    # -- what came of it -------------------------------------------------------------------------------------------------
    @property
    def outcomes(self) -> list[Outcome]:
        """One outcome per declared object, and per further step of the plan."""
        failures = [
            Outcome(_unread(one.declared), FAILED, one.message, error_class(one.error), getattr(one.error, "trace", ""))
            for one in self.plan.failures
        ]
        return failures + list(self.execution.outcomes.values())

    @property
    def findings(self) -> list[Finding]:
        return [*self.options.findings, *self.plan.findings, *self.plan.violations]

    @property
    def notes(self) -> list[str]:
        return list(dict.fromkeys([*self.plan.notes, *self.execution.notes]))

    @property
    def verdict(self) -> str:
        if self.stopped_by is not None:
            return INCOMPLETE
        errors = [one for one in self.findings if one.severity == ERROR]
        return verdict(self.outcomes, self.context.check_mode, errors)

    @property
    def plan_id(self) -> str:
        return plan_id(self.backend.identity, self.plan.steps)

    @property
    def unmanaged(self) -> Sequence[Unmanaged]:
        return self.plan.unmanaged

    # -- the way ---------------------------------------------------------------------------------------------------------
    def carry_out(self) -> None:
        """Everything, in order. Errors stay in the outcomes; what stopped the run before its first write is `stopped_by`.

        Raises whatever reading a whole list raises.
        """
        files.check_paths(self.options.journal, self.options.backup)
        self._make_plan()
        order = self._checked_order()
        self.execution.begin(self.plan)
        if self.context.check_mode:
            return
        if self.plan.violations:
            self._stop(Conflict(" | ".join(map(str, self.plan.violations))), "not begun: the run was refused")
        elif self.plan.failures and self.options.on_error == "stop":
            self._stop(None, "not begun: something else could not be read or resolved")
        elif any(step.writes for step in self.plan.steps):
            self._write(order)

    def _stop(self, reason: PBXError | None, why: str) -> None:
        """Write nothing. reason: what ends the run; None where the failures of objects say it."""
        self.stopped_by = reason
        for outcome in list(self.execution.outcomes.values()):
            if outcome.step.writes:
                self.execution.outcomes[outcome.step.place] = replace(outcome, status=SKIPPED, error=why)

    def interrupt(self, reason: str) -> None:
        """Tell the steps that were not begun from those that were, when something outside has ended the run."""
        for place, outcome in list(self.execution.outcomes.items()):
            if outcome.status == PLANNED and not self.context.check_mode:
                self.execution.outcomes[place] = replace(outcome, status=SKIPPED, error=f"not begun: {reason}")

    def _make_plan(self) -> None:
        declared = [one for one in self.declared if self._is_selected(one)]
        present, absent = self._identifiers(declared, absent=False), self._identifiers(declared, absent=True)
        both = {kind: present.get(kind, frozenset()) | absent.get(kind, frozenset()) for kind in {**present, **absent}}
        self.context = replace(
            self.context, planned_ids=present, declared_ids=both, released_ids=self._released(declared)
        )
        self.execution.context = self.context
        seen = self._observed(declared)
        plan = Plan(seen.steps, seen.failures, notes=seen.notes)
        guards = Guards(self.backend, self.context, self.options)
        plan = guards.declared_once(plan)
        plan = guards.undeclared(plan)
        plan = References(self.backend, self.context).guarded(plan)
        for guard in (guards.kept, guards.limited, guards.irreversible, guards.approved):
            plan = guard(plan)
        self.plan = plan

    def _observed(self, declared: Sequence[Declared]) -> Observation:
        """What was read. An object that wants an identifier which another step turns out to free is looked at once more."""
        seen = observe_all(self.backend, declared, self.context)
        released = self._released_by(seen.steps)
        known = self.context.released_ids
        if not seen.failures or all(keys <= known.get(kind, frozenset()) for kind, keys in released.items()):
            return seen
        merged = {kind: keys | known.get(kind, frozenset()) for kind, keys in released.items()}
        self.context = replace(self.context, released_ids={**known, **merged})
        self.execution.context = self.context
        again = observe_all(self.backend, [one.declared for one in seen.failures], self.context)
        return Observation((*seen.steps, *again.steps), again.failures, (*seen.notes, *again.notes))

    def _released_by(self, steps: Sequence[Step]) -> dict[str, frozenset[str]]:
        """The identifiers that the planned steps free."""
        links = Links(self.backend, self.context)
        found: defaultdict[str, set[str]] = defaultdict(set)
        for step in steps:
            for kind, key in links.taken_and_released(step)[1]:
                found[kind].add(key)
        return {kind: frozenset(keys) for kind, keys in found.items()}

    def _checked_order(self) -> Order:
        order = arrange(self.plan.steps, self.backend, self.context)
        found = [
            Finding("blocked-order", ERROR, blocked.steps[0].asked.path or blocked.steps[0].place, blocked.reason)
            for blocked in order.blocked
        ]
        self.plan = self.plan.adding(violations=found)
        return order

    def _is_selected(self, declared: Declared) -> bool:
        names = [str(declared.values[key]) for key in declared.resource.keys if declared.values.get(key)]
        return self.options.selects(declared.resource.plural, *names)

    def _identifiers(self, declared: Sequence[Declared], absent: bool) -> dict[str, frozenset[str]]:
        """What the declared objects own, by set of identifiers, as users wrote it and as it is compared."""
        links = Links(self.backend, self.context)
        found: defaultdict[str, set[str]] = defaultdict(set)
        for one in declared:
            if one.absent == absent:
                for kind, key in links.claims(one.resource, one.values):
                    found[kind].add(key)
                if one.values.get(one.resource.key):
                    for kind in links.kinds_of_key(one.resource):
                        found[kind].add(str(one.values[one.resource.key]))
        return {kind: frozenset(keys) for kind, keys in found.items()}

    def _released(self, declared: Sequence[Declared]) -> dict[str, frozenset[str]]:
        """The identifiers that this run may free: of what is declared absent, and of all undeclared objects to purge."""
        released = {kind: set(keys) for kind, keys in self._identifiers(declared, absent=True).items()}
        links = Links(self.backend, self.context)
        for plural in self.options.purge:
            resource = tenant_lists()[plural]
            known = {
                str(one.values.get(resource.key)) for one in declared if one.resource is resource and not one.absent
            }
            try:
                listed = self.backend.store(resource.name, self.context).list_keys()
            except PBXError:
                continue  # the guard of the purge says so
            for key in listed:
                if key not in known:
                    for kind in links.kinds_of_key(resource):
                        released.setdefault(kind, set()).add(key)
        return {kind: frozenset(keys) for kind, keys in released.items()}

    # -- writing ---------------------------------------------------------------------------------------------------------
    def _write(self, order: Order) -> None:
        besides = side_effects(self.backend, self.context, self.plan.steps) if self.options.journal else {}
        try:
            self._write_backup()
            self._write_journal(images_of(self.backend, self.context, self.plan.steps), besides)
        except PBXError as error:
            self._stop(PBXError(f"{error}; nothing was changed"), "not begun: the way back could not be kept")
            return
        self.execution.carry_out(order)
        self._complete_journal(besides)

    def _write_backup(self) -> None:
        if self.options.backup:
            document, notes = export(self.backend, self.context)
            self.execution.notes += notes
            self.written_files[BACKUP] = files.write_document(self.options.backup, self._enveloped(BACKUP, document))

    def _write_journal(self, images: Values, besides: dict[str, list[Values]], own: bool = False) -> None:
        if self.options.journal:
            objects = {plural: [*images.get(plural, []), *besides.get(plural, [])] for plural in {**images, **besides}}
            document = self._enveloped(JOURNAL, objects)
            self.written_files[JOURNAL] = files.write_document(self.options.journal, document, own)

    def _complete_journal(self, besides: dict[str, list[Values]]) -> None:
        """Write the keys that the server gave to objects meanwhile, without which they are not found again."""
        if not any(outcome.new_id for outcome in self.outcomes):
            return
        found = [replace(planned(step), new_id=self.execution.outcomes[step.place].new_id) for step in self.plan.steps]
        images = journal_objects(self.backend, self.context, found)
        try:
            self._write_journal(images, besides, own=True)
        except PBXError as error:
            self.execution.notes.append(f"the journal could not be completed: {error}")

    def _enveloped(self, kind: str, objects: Values) -> Values:
        return enveloped(kind, self.backend.identity, self.options.host, files.now(), self.plan_id, objects)


def _unread(declared: Declared) -> Step:
    """What stands in a result for an object that could not be read or planned."""
    name = str(declared.values.get("name") or "")
    return Step(declared.resource, declared.label, name, UNCHANGED, declared, declared)
