# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options -> result: what a module and its action plugin both call, and the only place that turns errors into results."""

from __future__ import annotations

import datetime
import os
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..advice.advise import Request
from ..backends.contract import FRESH_SECONDS, SETTLE_SECONDS, Backend
from ..backends.progress import SILENT, Progress
from ..backends.registry import BACKENDS
from ..engine import files
from ..engine.identity import BACKUP, check_belongs, opened
from ..engine.observe import as_problem
from ..engine.options import RunOptions, limit_of
from ..engine.pipeline import Run
from ..engine.snapshot import export
from ..engine.state import backup_in, check_state_dir, journals_of
from ..errors import Defect, Interrupted, InvalidOption, PBXError
from ..model.catalog import tenant_lists
from ..model.problems import ERROR, Finding
from ..model.validate import check_filters
from ..model.values import Values
from ..rules.quoting import unquoted_in_module
from ..rules.variables import declares_nothing, unknown_variables
from . import advice, results, second_look
from .arguments import TENANT, TENANT_VALIDATE, from_host, narrowed_choices, only_reads, own_arguments, resource_of
from .connection import checked_country_code, connect, connection_arguments, context_of
from .declarations import check_backend_name, declare_one, declare_tenant
from .expected import expectation_findings
from .probe import probe
from .shared_sessions import SharedSessions
from .unchanged import Unchanged

_MOST_ERRORS = 10  # of the findings in a message
# What Ansible raises inside a task when its `timeout` is over.
_TASK_TIMEOUT = "TaskTimeoutError"


def specification(module: str, backend: str = "") -> Values:
    """The whole argument spec of a module of this collection; with a backend, with the choices that it has."""
    own = own_arguments(module)
    resource = resource_of(module)
    if backend in BACKENDS and resource and resource.name in BACKENDS[backend].stores:
        own = {**own, **narrowed_choices(own, BACKENDS[backend].stores[resource.name].capability)}
    return own if module == TENANT_VALIDATE else {**connection_arguments(), **own}


def run(
    module: str,
    options: Mapping[str, Any],
    *,
    check_mode: bool,
    environment: Mapping[str, str] | None = None,
    written: Mapping[str, Any] | None = None,
    shared: SharedSessions | None = None,
    scope: Sequence[str] = (),
    progress: Progress = SILENT,
) -> Values:
    """Run a module of this collection: its options in, its result out.

    written: the options before Ansible converted them, where they are known. shared: open systems that other calls of this
    process have used, and may use after this one; scope: the host and what it is delegated to. progress: tells how far a long
    run is. Never raises: a failure is a result with `failed`, one line in `msg` and the name of the error's class in
    `error_class`.
    """
    environment = os.environ if environment is None else environment
    if module == TENANT_VALIDATE:
        return _without_server(options)
    call = _Call(module, options, check_mode, environment, options if written is None else written)
    call.shared, call.scope, call.progress = shared, scope, progress
    result = call.result()
    if module == TENANT and second_look.wanted(options, result):
        again = second_look.options_again(options, result)
        return second_look.verified(result, _Call(module, again, True, environment, call.written).result())
    return result


def _without_server(options: Mapping[str, Any]) -> Values:
    try:
        return _validate(options)
    except PBXError as error:
        return results.failure(error, " ".join(str(error).split()))
    except Exception as error:
        defect = Defect(f"a defect of this collection ({type(error).__name__})", traceback.format_exc())
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


class _Call:
    """One call of a module that talks to a server."""

    def __init__(
        self,
        module: str,
        options: Mapping[str, Any],
        check_mode: bool,
        environment: Mapping[str, str],
        written: Mapping[str, Any],
    ) -> None:
        self.module, self.options, self.check_mode = module, options, check_mode
        self.environment, self.written = environment, written
        self.resource = resource_of(module)
        self.reads = only_reads(module)
        self.backend: Backend | None = None
        self.run: Run | None = None
        self.advice: Request | None = None
        self.findings: list[Finding] = []  # about the declaration, also where the run fails because of it
        self.shared: SharedSessions | None = None
        self.scope: Sequence[str] = ()
        self.progress = SILENT

    def result(self) -> Values:
        started = time.monotonic()
        try:
            result = self._closed(self._outcome())
        except BaseException:
            if self.backend and self.shared:
                self.shared.drop(self.backend)
            raise
        if self.module == TENANT:
            result["seconds"] = round(time.monotonic() - started, 3)
        return result

    def _outcome(self) -> Values:
        try:
            return self._carried_out()
        except PBXError as error:
            return self._failed(error)
        except Exception as error:
            return self._failed(self._as_problem(error))
        except BaseException as error:
            if type(error).__name__ != _TASK_TIMEOUT:
                raise
            if self.backend and self.shared:
                self.shared.drop(self.backend)
            return self._interrupted("the timeout of the task is over")

    def _closed(self, result: Values) -> Values:
        """The result with the count of requests; the system is closed, or left to the next call."""
        if self.backend:
            result["requests"] = self.backend.session.requests_sent
            if self.shared:
                doubted = self.run is not None and self.run.execution.doubted
                self.shared.give_back(self.backend, sure=not (result.get("failed") or doubted))
            else:
                self.backend.session.close()
        return result

    def _carried_out(self) -> Values:
        self.advice = advice.wanted(self.options) if self.resource is None else None
        name = self.resource.name if self.resource else None
        read_only = self.check_mode or self.reads
        self.backend = connect(
            name, self.options, read_only=read_only, write=not self.reads, environment=self.environment,
            shared=self.shared, scope=self.scope, fresh=FRESH_SECONDS,
        )  # fmt: skip
        if self.resource is None:
            return self._export() if self.reads else self._tenant()
        return self._info() if self.reads else self._object()

    # -- errors ----------------------------------------------------------------------------------------------------------
    def _as_problem(self, error: Exception) -> PBXError:
        if self.backend:
            return as_problem(error, self.backend)
        return Defect(f"a defect of this collection ({type(error).__name__})", "")

    def _failed(self, error: PBXError) -> Values:
        session = self.backend.session if self.backend else None
        message = session.short(str(error), 2000) if session else " ".join(str(error).split())
        if self.run and self.run.execution.outcomes:  # never without what was already done
            shown = results.of_tenant(self.run)
            return {**shown, **results.failure(error, message, bool(shown["changed"])), **_kept(shown)}
        failure = results.failure(error, message)
        return {**failure, "findings": results.of_findings(self.findings)} if self.findings else failure

    def _interrupted(self, reason: str) -> Values:
        if self.run is None:
            return results.failure(Interrupted(reason), reason)
        self.run.interrupt(reason)
        return results.interrupted(results.of_tenant(self.run), reason)

    # -- the kinds of calls ----------------------------------------------------------------------------------------------
    def _opened(self) -> Backend:
        if self.backend is None:
            raise AssertionError("the backend is opened first")
        return self.backend

    def _run(self, declared: Any, options: RunOptions) -> Run:
        context = context_of(
            self._opened(), self.options, self.environment, check_mode=self.check_mode, standalone=options.single,
            undoing=bool(self.options.get("restore_from")),
            settle=SETTLE_SECONDS, fresh=FRESH_SECONDS, progress=self.progress,
        )  # fmt: skip
        self.run = Run(self._opened(), declared, options, context)
        self.run.carry_out()
        return self.run

    def _object(self) -> Values:
        backend = self._opened()
        context = context_of(backend, self.options, self.environment)
        declared = declare_one(backend.store(self.module, context), self.options, backend.name)
        found = unquoted_in_module(self.module, self.written)
        run = self._run([declared], RunOptions(findings=found, single=True))
        return results.of_one(run, self.module)

    def _tenant(self) -> Values:
        backend = self._opened()
        options = {**self.options, **self._restored(backend)}
        restoring = bool(self.options.get("restore_from"))
        context = context_of(backend, self.options, self.environment)
        declared = declare_tenant(
            options, backend.name, lambda name: backend.store(name, context), with_rules=not restoring
        )
        self.findings = [*declared.problems, *declared.findings]
        declared.raise_if_impossible()
        restored = {"restored_from": options["restored_from"]} if restoring else {}
        asked = self._run_options(options, declared.lists, backend)
        findings = [*declared.findings, *expectation_findings(options, backend.name, datetime.date.today())]
        self.findings = findings
        errors = [one for one in findings if one.severity == ERROR]
        if errors and not self.check_mode:
            more = f" | and {len(errors) - _MOST_ERRORS} more" if len(errors) > _MOST_ERRORS else ""
            raise InvalidOption(" | ".join(f"{one} [{one.id}]" for one in errors[:_MOST_ERRORS]) + more)
        unchanged = Unchanged(self.options, backend, declared, findings)
        skipped = unchanged.result(context)
        if skipped is not None:
            return skipped
        unchanged.begin(self.check_mode)
        try:
            run = self._run(declared.objects, replace(asked, findings=findings))
            result = self._with_advice(run, {**results.of_tenant(run), **restored})
        except BaseException:
            unchanged.failed()
            raise
        notes = unchanged.ended(result)
        return {**result, "warnings": [*result.get("warnings", []), *notes]} if notes else result

    def _with_advice(self, run: Run, result: Values) -> Values:
        """The result with the advice on the state that the run has found or left. It changes no verdict."""
        if self.advice is None:
            return result
        found, notes = advice.on_run(run, self.advice)
        every = list(dict.fromkeys([*result.get("warnings", []), *map(run.backend.session.short, notes)]))
        result = {**result, "findings": [*result["findings"], *results.of_findings(found)]}
        return {**result, "warnings": every} if every else result

    def _run_options(self, options: Mapping[str, Any], lists: Any, backend: Backend) -> RunOptions:
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
            journal=files.journal_path(backend.identity, journals_of(state_dir)) if journal is None else str(journal),
            host=options.get("host") or "",
        )

    def _restored(self, backend: Backend) -> Values:
        """The lists of a journal or backup, in place of declared ones. Raises InvalidOption."""
        source = str(self.options.get("restore_from") or "")
        if not source:
            return {}
        given = [plural for plural in tenant_lists() if self.options.get(plural) is not None]
        if given:
            raise InvalidOption(f"restore_from: the objects come from the file; leave out {', '.join(given)}")
        path = source
        if os.path.basename(source) == "last":
            folder = journals_of(str(self.options.get("state_dir") or ""))
            path = files.last_journal(backend.identity, str(self.options.get("host") or ""), folder)
        document = files.read_document(path)
        kind, objects = opened(document, f"restore_from: {path}")
        if not self.options.get("restore_other_tenant"):
            check_belongs(document, backend.identity, f"restore_from: {path}")
        missing = [plural for plural in self.options.get("purge") or [] if kind != BACKUP or plural not in objects]
        if missing:
            raise InvalidOption(
                f"purge: {', '.join(missing)}: {path} is a journal, or does not have this list; it says nothing of objects "
                "that were not changed, so they must not be deleted because of it"
            )
        return {**{plural: _undone(plural, found) for plural, found in objects.items()}, "restored_from": path}

    def _export(self) -> Values:
        backend = self._opened()
        context = context_of(backend, self.options, self.environment, progress=self.progress)
        lists = self.options.get("resources") or None
        if self.options.get("probe"):
            told, messages = probe(backend, context, lists or [])
            return _with_notes({"changed": False, "probe": told}, backend, messages)
        seen: dict[str, dict[str, Values]] = {}
        document, notes = export(backend, context, lists, seen)
        result: Values = {"changed": False, **document}
        if self.advice is not None:
            found, more = advice.on_live(backend, context, lists or list(tenant_lists()), self.advice, seen)
            result["findings"] = results.of_findings(found)
            notes += more
        return _with_notes(result, backend, notes)

    def _info(self) -> Values:
        backend = self._opened()
        context = context_of(backend, self.options, self.environment, progress=self.progress)
        store = backend.store(self.resource.name if self.resource else "", context)
        asked = check_filters(store.resource, self.options, store.capability, backend.name)
        store.check_filters(asked)
        return _with_notes({"changed": False, **store.info(asked)}, backend, store.notes)


def _approved_plan(written: Any) -> str:
    """The plan id that was approved; empty where any plan may be applied. Raises InvalidOption."""
    if written is not None and not str(written).strip():
        raise InvalidOption(
            "expect_plan: is empty, so no plan was approved and nothing is applied; write the plan_id of an approved plan, or "
            "leave expect_plan out to apply whatever the plan is"
        )
    return str(written or "")


def _undone(plural: str, objects: list[Values]) -> list[Values]:
    """Objects of a journal. What the run itself had created goes, even if others led to its number before there was one."""
    if "leave_references" not in tenant_lists()[plural].directives:
        return objects
    return [{**one, "leave_references": True} if one.get("state") == "absent" else one for one in objects]


def _with_notes(result: Values, backend: Backend, notes: list[str]) -> Values:
    every = list(dict.fromkeys([*backend.session.notes, *notes]))
    return {**result, "warnings": [backend.session.short(note, 1000) for note in every]} if every else result


def _kept(shown: Values) -> Values:
    """What a result keeps of its plan when the run has failed otherwise."""
    names = ("plan", "summary", "journal", "backup", "unmanaged", "findings", "plan_id", "diff")
    return {name: shown[name] for name in names if name in shown}
