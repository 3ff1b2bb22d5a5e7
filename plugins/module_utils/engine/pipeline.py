# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one way of every change: observe, plan, guard, execute, outcome, over a list of declared objects.

A module for one object is a run of one. Nothing is written before every object has been read and planned, all guards have
passed, and the state as it was is safe in a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ..backends.contract import Backend, RunContext
from ..errors import Conflict, PBXError, error_class
from ..model.problems import ERROR, Finding
from ..model.validate import Declared
from ..model.values import Values
from . import files
from .execute import Execution
from .identity import BACKUP, JOURNAL, enveloped
from .options import Plan, RunOptions
from .order import Order
from .outcome import FAILED, INCOMPLETE, Outcome, Unmanaged, plan_id, planned, verdict
from .plan import UNCHANGED, Step
from .planning import make_plan
from .snapshot import export, images_of, journal_objects, side_effects


@dataclass
class Run:
    """One run over one system. What it has found and done so far can be read at any moment, also when it was interrupted."""

    backend: Backend
    declared: Sequence[Declared]
    options: RunOptions
    context: RunContext
    plan: Plan = field(default_factory=Plan)
    written_files: dict[str, str] = field(default_factory=dict)
    stopped_by: PBXError | None = None
    _execution: Execution | None = None  # there is none before there is a plan

    # -- what came of it -------------------------------------------------------------------------------------------------
    @property
    def outcomes(self) -> list[Outcome]:
        """One outcome per declared object, and per further step of the plan."""
        failures = [
            Outcome(_unread(one.declared), FAILED, one.message, error_class(one.error), getattr(one.error, "trace", ""))
            for one in self.plan.failures
        ]
        return failures + (list(self._execution.outcomes) if self._execution else [])

    @property
    def findings(self) -> list[Finding]:
        return [*self.options.findings, *self.plan.findings, *self.plan.violations]

    @property
    def notes(self) -> list[str]:
        return list(dict.fromkeys([*self.plan.notes, *(self._execution.notes if self._execution else [])]))

    @property
    def doubted(self) -> bool:
        """Whether a write ended with an error, so that what is remembered of the server may be wrong."""
        return self._execution is not None and self._execution.doubted

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
        made = make_plan(self.backend, self.declared, self.options, self.context)
        self.plan, self.context = made.plan, made.context
        self._execution = execution = Execution(self.backend, self.context, self.plan, self.options.on_error)
        if self.context.check_mode:
            return
        if self.plan.violations:
            self.stopped_by = Conflict(" | ".join(map(str, self.plan.violations)))
            execution.skip_all("not begun: the run was refused")
        elif self.plan.failures and self.options.on_error == "stop":  # the failures of the objects say why
            execution.skip_all("not begun: something else could not be read or resolved")
        elif any(step.writes for step in self.plan.steps):
            self._write(execution, made.order)

    def interrupt(self, reason: str) -> None:
        """Tell the steps that were not begun from those that were, when something outside has ended the run."""
        if self._execution and not self.context.check_mode:
            self._execution.interrupt(reason)

    # -- writing ---------------------------------------------------------------------------------------------------------
    def _write(self, execution: Execution, order: Order) -> None:
        besides = side_effects(self.backend, self.context, self.plan.steps) if self.options.journal else {}
        try:
            execution.tell(*self._write_backup())
            self._write_journal(images_of(self.backend, self.context, self.plan.steps), besides)
        except PBXError as error:
            self.stopped_by = PBXError(f"{error}; nothing was changed")
            execution.skip_all("not begun: the backup or journal could not be written")
            return
        execution.carry_out(order)
        self._complete_journal(execution, besides)

    def _write_backup(self) -> list[str]:
        """Returns notes on what could not be read."""
        if not self.options.backup:
            return []
        document, notes = export(self.backend, self.context)
        self.written_files[BACKUP] = files.write_document(self.options.backup, self._enveloped(BACKUP, document))
        return notes

    def _write_journal(self, images: Values, besides: dict[str, list[Values]], own: bool = False) -> None:
        if self.options.journal:
            objects = {plural: [*images.get(plural, []), *besides.get(plural, [])] for plural in {**images, **besides}}
            document = self._enveloped(JOURNAL, objects)
            self.written_files[JOURNAL] = files.write_document(self.options.journal, document, own)

    def _complete_journal(self, execution: Execution, besides: dict[str, list[Values]]) -> None:
        """Write the keys that the server gave to objects meanwhile, without which they are not found again."""
        new_ids = {outcome.step.place: outcome.new_id for outcome in execution.outcomes}
        if not any(new_ids.values()):
            return
        found = [replace(planned(step), new_id=new_ids[step.place]) for step in self.plan.steps]
        images = journal_objects(self.backend, self.context, found)
        try:
            self._write_journal(images, besides, own=True)
        except PBXError as error:
            execution.tell(f"the journal could not be completed: {error}")

    def _enveloped(self, kind: str, objects: Values) -> Values:
        return enveloped(kind, self.backend.identity, self.options.host, files.now(), self.plan_id, objects)


def _unread(declared: Declared) -> Step:
    """What stands in a result for an object that could not be read or planned."""
    name = str(declared.values.get("name") or "")
    return Step(declared.resource, declared.label, name, UNCHANGED, declared, declared)
