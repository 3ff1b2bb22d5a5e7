# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The advice as modules give it: on what a run has read, on an export, and on a declaration."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from typing import Any

from ..advice.advise import Request, advise_with_library, checked_request, read_request
from ..advice.view import facts_of
from ..backends.contract import Backend, RunContext
from ..engine.live import Known, read_live
from ..engine.pipeline import Run
from ..errors import InvalidOption
from ..model.catalog import tenant_lists
from ..model.numbers import country_code_of
from ..model.problems import ERROR, Finding
from ..model.values import Values

OPTION = "advice"


def wanted(options: Mapping[str, Any]) -> Request | None:
    """What is asked for; None where no advice is. Raises InvalidOption for malformed options, also where none is."""
    request = checked_request(options)
    return request if options.get(OPTION) else None


def on_live(
    backend: Backend, context: RunContext, lists: Collection[str], request: Request, known: Known | None = None
) -> tuple[list[Finding], list[str]]:
    """(the advice on the present state, notes on what could not be read). Sends reads only.

    lists: the lists to look at, as far as the backend has them. known: see `read_live`.
    """
    live = read_live(backend, context, lists, known)
    facts = facts_of(backend.name, frozenset(live.complete), live=True)
    return advise_with_library(live.document, facts, context.numbers.country_code, _today(), request), live.notes


def on_run(run: Run, request: Request) -> tuple[list[Finding], list[str]]:
    """The same on the state after a run; in check mode, on the state that it has found.

    Follow-me costs requests for each account, so it is looked at only where it is declared.
    """
    lists = {plural for plural in tenant_lists() if plural != "follow_me"} | set(run.options.declared_lists)
    if not run.context.check_mode:
        run.backend.forget_lists()
        return on_live(run.backend, run.context, lists, request)
    known: dict[str, dict[str, Values]] = {}
    for step in run.plan.steps:
        if step.current is not None:
            values = step.current.values
            known.setdefault(step.resource.plural, {})[str(values[step.resource.key])] = values
    return on_live(run.backend, run.context, lists, request, known)


def on_declaration(options: Mapping[str, Any], backend: str) -> list[Finding]:
    """The advice on what a tenant declares, with everything that is wrong with the options of the advice.

    A list is taken for complete where it is purged: nothing else is there after a run.
    """
    request, wrong = read_request(options)
    if wrong or not options.get(OPTION):
        return wrong
    if not backend:
        hint = "write the kind of system, or leave advice out"
        return [Finding("invalid-option", ERROR, OPTION, "needs backend: how calls go differs by vendor", hint)]
    document = {plural: options.get(plural) for plural in tenant_lists() if options.get(plural) is not None}
    complete = frozenset(plural for plural in options.get("purge") or [] if plural in document)
    facts = facts_of(backend, complete, live=False)
    return advise_with_library(document, facts, _country(options), _today(), request)


def _country(options: Mapping[str, Any]) -> str:
    written = str(options.get("country_code") or "")
    try:
        return country_code_of(written) if written else ""
    except ValueError as error:
        raise InvalidOption(f"country_code: {error}") from None


def _today() -> datetime.date:
    return datetime.date.today()
