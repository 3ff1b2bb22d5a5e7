# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options -> result: what a module and its action plugin both call, and the only place that turns errors into results."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Callable

from .apply import SETTLE_SECONDS, Engine
from .backends.base import Backend, Observed
from .connection import connect, connection_arguments
from .errors import PBXError
from .plan import Step, difference, summary, verdict
from .resources import RESOURCES, Values, hunt_group_arguments, label

PLURALS = {"hunt_group": "hunt_groups"}

_RESOURCE_ARGUMENTS: dict[str, Callable[[], Values]] = {"hunt_group": hunt_group_arguments}
_INFO_ARGUMENTS: dict[str, Values] = {"hunt_group_info": {"id": {"type": "str"}, "name": {"type": "str"}}}


def arguments(module: str) -> Values:
    """The whole argument spec of a module of this collection."""
    own = _INFO_ARGUMENTS[module] if module in _INFO_ARGUMENTS else _RESOURCE_ARGUMENTS[module]()
    return {**connection_arguments(), **own}


def run(
    module: str, options: Mapping[str, Any], *, check_mode: bool, environment: Mapping[str, str] | None = None
) -> Values:
    """Run a module of this collection: its options in, its result out. Never raises; a failure has `failed` and `msg`."""
    environment = os.environ if environment is None else environment
    work = _run_info if module in _INFO_ARGUMENTS else _run_resource
    backend: Backend | None = None
    try:
        backend, _given = connect(options, read_only=check_mode or module in _INFO_ARGUMENTS, environment=environment)
        result = work(module, options, backend, check_mode)
    except PBXError as error:
        result = _failure(str(error), backend)
    except Exception as error:  # a defect of ours, or an answer that nobody thought of: one line, no secret
        result = _failure(f"unexpected {type(error).__name__}: {error}", backend)
    if backend:
        result["requests"] = backend.session.requests_sent
        backend.session.close()
    return result


def _failure(message: str, backend: Backend | None) -> Values:
    text = backend.session.short(message, 2000) if backend else " ".join(message.split())
    changed = bool(backend and backend.session.writes_sent)
    return {"failed": True, "changed": changed, "msg": text, "verdict": "incomplete", "plan": [], "requests": 0}


def _run_resource(module: str, options: Mapping[str, Any], backend: Backend, check_mode: bool) -> Values:
    store = backend.store(module)
    engine = Engine(store, backend.name, check_mode, SETTLE_SECONDS)
    state = options.get("state") or "present"
    membership = options.get("membership") or "exact"
    step, observed = engine.converge(dict(options), state, membership)
    result = _result([step], check_mode)
    result[module] = _object_after(step, observed, check_mode)
    if store.notes:
        result["warnings"] = list(dict.fromkeys(store.notes))
    if step.status == "failed":
        place = f"{module} {step.id or label(options, RESOURCES[module])}"
        result["failed"] = True
        result["msg"] = backend.session.short(f"{place}: {step.error}", 2000)
        result["changed"] = backend.session.writes_sent > 0
    return result


def _object_after(step: Step, observed: Observed | None, check_mode: bool) -> Values | None:
    """The object after the run: as read back, or in check mode as it would be."""
    if check_mode and step.action in ("create", "update"):
        return step.after
    if check_mode and step.action == "delete":
        return None
    return observed.values if observed else None


def _result(steps: list[Step], check_mode: bool) -> Values:
    result: Values = {
        "changed": any(step.action != "unchanged" for step in steps),
        "plan": [step.as_result() for step in steps],
        "summary": summary(steps),
        "verdict": verdict(steps, check_mode),
    }
    diff = difference(steps)
    if diff:
        result["diff"] = diff
    return result


def _run_info(module: str, options: Mapping[str, Any], backend: Backend, check_mode: bool) -> Values:
    resource = module[: -len("_info")]
    store = backend.store(resource)
    wanted = {key: str(options[key]) for key in RESOURCES[resource].keys if options.get(key)}
    if wanted:
        found = store.find(wanted)
        objects = [found] if found else []
    else:
        objects = store.read_all()
    return {"changed": False, PLURALS[resource]: [observed.values for observed in objects]}
