# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options -> result: what a module and its action plugin both call, and the only place that turns errors into results."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from . import resources
from .apply import SETTLE_SECONDS, Engine
from .backends.base import Backend, Observed
from .connection import connect, connection_arguments
from .errors import PBXError
from .fields import Values
from .plan import Step, difference, public, summary, verdict
from .resources import RESOURCES, label, normalise_filters

_INFO = "_info"


def resource_of(module: str) -> str:
    """The resource that a module of this collection is about: its name, without `_info`."""
    return module[: -len(_INFO)] if module.endswith(_INFO) else module


def arguments(module: str) -> Values:
    """The whole argument spec of a module of this collection."""
    resource = RESOURCES[resource_of(module)]
    own = resources.info_arguments(resource) if module.endswith(_INFO) else resources.arguments(resource)
    return {**connection_arguments(), **own}


def run(
    module: str, options: Mapping[str, Any], *, check_mode: bool, environment: Mapping[str, str] | None = None
) -> Values:
    """Run a module of this collection: its options in, its result out.

    Never raises: a failure is a result with `failed` and one line in `msg`.
    """
    environment = os.environ if environment is None else environment
    info = module.endswith(_INFO)
    backend: Backend | None = None
    try:
        backend = connect(resource_of(module), options, read_only=check_mode or info, environment=environment)
        result = _run_info(module, options, backend) if info else _run_resource(module, options, backend, check_mode)
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
    state = options.get("state") or (store.resource.states or ("present",))[0]
    work = engine.converge(dict(options), state, options.get("membership") or "exact")
    step = work.step
    result = _result([step], check_mode)
    result[module] = public(_object_after(step, work.observed, check_mode))
    if store.notes:
        result["warnings"] = [backend.session.short(note, 1000) for note in dict.fromkeys(store.notes)]
    if step.status == "failed":
        place = f"{module} {step.id or label(options, store.resource)}"
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


def _run_info(module: str, options: Mapping[str, Any], backend: Backend) -> Values:
    store = backend.store(resource_of(module))
    asked = normalise_filters(store.resource, options, store.capability, backend.name)
    store.check_filters(asked)
    result: Values = {"changed": False, **public(store.info(asked))}
    if store.notes:
        result["warnings"] = [backend.session.short(note, 1000) for note in dict.fromkeys(store.notes)]
    return result
