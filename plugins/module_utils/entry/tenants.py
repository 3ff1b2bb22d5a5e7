# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules for a whole tenant: `tenant`, `tenant_info` and `tenant_validate`. Options in, result out."""

from __future__ import annotations

import datetime
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..advice.advise import Request
from ..backends.progress import SILENT
from ..engine import files
from ..engine.options import RunOptions, limit_of
from ..engine.pipeline import Run
from ..engine.snapshot import export
from ..engine.state import backup_in, check_state_dir, journals_of
from ..errors import InvalidOption, PBXError
from ..model.catalog import tenant_lists
from ..model.problems import ERROR
from ..model.values import Values
from ..rules.variables import declares_nothing, unknown_variables
from . import advice, results, second_look
from .arguments import TENANT_INFO, TENANT_VALIDATE, from_host
from .call import Call, Invocation, defect_of
from .connection import checked_country_code, connection_arguments
from .declarations import check_backend_name, declare_tenant
from .expected import expectation_findings
from .probe import probe
from .restoring import restored_options
from .unchanged import Unchanged

_MOST_ERRORS = 10  # of the findings in a message


def answer(invocation: Invocation) -> Values:
    """The result of a module for a whole tenant. A failure is a result too."""
    if invocation.module == TENANT_VALIDATE:
        return _without_server(invocation.options)
    if invocation.module == TENANT_INFO:
        return _Export(invocation).result()
    result = _Tenant(invocation).result()
    if not second_look.wanted(invocation.options, result):
        return result
    again = second_look.options_again(invocation.options, result)
    asked = replace(invocation, options=again, check_mode=True, shared=None, scope=(), progress=SILENT)
    return second_look.verified(result, _Tenant(asked).result())


def _without_server(options: Mapping[str, Any]) -> Values:
    try:
        return _validate(options)
    except PBXError as error:
        return results.failure(error, " ".join(str(error).split()))
    except Exception as error:
        defect = defect_of(error)
        return results.failure(defect, str(defect))


def _validate(options: Mapping[str, Any]) -> Values:
    backend = str(options.get("backend") or "")
    check_backend_name(backend)
    checked_country_code(options)
    declared = declare_tenant(options, backend)
    found = [*declared.problems, *declared.findings]
    if not declared.problems:  # who rings cannot be told of a declaration that cannot be read
        found += expectation_findings(options, backend, datetime.date.today())
        found += advice.on_declaration(options, backend)
    if options.get("variables") is not None:  # a role asks for a whole host
        known = [*from_host(), *connection_arguments()]
        found += [*declares_nothing(declared.lists), *unknown_variables(options["variables"], known)]
    result: Values = {"changed": False, "findings": results.of_findings(found)}
    errors = [one for one in found if one.severity == ERROR]
    if errors:
        count = f"{len(errors)} errors, the first: " if len(errors) > 1 else ""
        result.update(failed=True, msg=f"{count}{errors[0]}", error_class="InvalidOption")
    return result


class _Advised(Call):
    """A call that can give advice on what it has read."""

    advice: Request | None = None

    def prepare(self) -> None:
        self.advice = advice.wanted(self.options)


class _Tenant(_Advised):
    """Applies the declaration of a whole tenant."""

    def result(self) -> Values:
        started = time.monotonic()
        result = super().result()
        result["seconds"] = round(time.monotonic() - started, 3)
        return result

    def carry_out(self) -> Values:
        restoring = bool(self.options.get("restore_from"))
        restored = restored_options(self.options, self.backend.identity) if restoring else {}
        options = {**self.options, **restored}
        context = self.context()
        declared = declare_tenant(
            options, self.backend.name, lambda name: self.backend.store(name, context), with_rules=not restoring
        )
        self.findings = [*declared.problems, *declared.findings]
        declared.raise_if_impossible()
        asked = self._run_options(options, declared.lists)
        self.findings = [*declared.findings, *expectation_findings(options, self.backend.name, datetime.date.today())]
        self._refuse_errors()
        unchanged = Unchanged(self.options, self.backend, declared, self.findings)
        skipped = unchanged.result(context)
        if skipped is not None:
            return skipped
        unchanged.begin(self.check_mode)
        run = self.run_declared(declared.objects, replace(asked, findings=self.findings), undoing=restoring)
        result = self._with_advice(run, results.of_tenant(run))
        if restoring:
            result["restored_from"] = restored["restored_from"]
        notes = unchanged.ended(result)
        return {**result, "warnings": [*result.get("warnings", []), *notes]} if notes else result

    def _refuse_errors(self) -> None:
        """In check mode all findings are shown beside the plan. Raises InvalidOption."""
        errors = [one for one in self.findings if one.severity == ERROR]
        if errors and not self.check_mode:
            more = f" | and {len(errors) - _MOST_ERRORS} more" if len(errors) > _MOST_ERRORS else ""
            raise InvalidOption(" | ".join(f"{one} [{one.id}]" for one in errors[:_MOST_ERRORS]) + more)

    def _with_advice(self, run: Run, result: Values) -> Values:
        """The result with the advice on the state that the run has found or left. It changes no verdict."""
        if self.advice is None:
            return result
        found, notes = advice.on_run(run, self.advice)
        every = list(dict.fromkeys([*result.get("warnings", []), *map(run.backend.session.short, notes)]))
        result = {**result, "findings": [*result["findings"], *results.of_findings(found)]}
        return {**result, "warnings": every} if every else result

    def _run_options(self, options: Mapping[str, Any], lists: Sequence[str]) -> RunOptions:
        journal, state_dir = options.get("journal"), str(options.get("state_dir") or "")
        if state_dir and not self.check_mode:
            check_state_dir(state_dir)
        return RunOptions(
            declared_lists=lists,
            purge=options.get("purge") or [],
            protect=options.get("protect") or [],
            only=options.get("only") or [],
            max_deletions=limit_of(options.get("max_deletions")),
            on_error=options.get("on_error") or "stop",
            expect_plan=_approved_plan(options.get("expect_plan")),
            remove_from_hunt_groups=bool(options.get("remove_from_hunt_groups")),
            leave_references=bool(options.get("leave_references")),
            allow_irreversible=bool(options.get("allow_irreversible")),
            backup=backup_in(state_dir, options.get("backup") or ""),
            journal=files.journal_path(self.backend.identity, journals_of(state_dir))
            if journal is None
            else str(journal),
            host=options.get("host") or "",
        )


class _Export(_Advised):
    """Reads a whole tenant, or what a system can tell of itself."""

    def carry_out(self) -> Values:
        context = self.context(progress=self.invocation.progress)
        lists = self.options.get("resources") or None
        if self.options.get("probe"):
            told, messages = probe(self.backend, context, lists or [])
            return self.with_notes({"changed": False, "probe": told}, messages)
        seen: dict[str, dict[str, Values]] = {}
        document, notes = export(self.backend, context, lists, seen)
        result: Values = {"changed": False, **document}
        if self.advice is not None:
            found, more = advice.on_live(self.backend, context, lists or list(tenant_lists()), self.advice, seen)
            result["findings"] = results.of_findings(found)
            notes += more
        return self.with_notes(result, notes)


def _approved_plan(written: Any) -> str:
    """The plan id that was approved; empty where any plan may be applied. Raises InvalidOption."""
    if written is not None and not str(written).strip():
        raise InvalidOption(
            "expect_plan: is empty, so no plan was approved and nothing is applied; write the plan_id of an approved plan, or "
            "leave expect_plan out to apply whatever the plan is"
        )
    return str(written or "")
