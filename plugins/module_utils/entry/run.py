# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options -> result: what a module and its action plugin both call, and the only place that turns errors into results."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ..backends.contract import Backend, Observed, understood
from ..backends.registry import BACKENDS
from ..engine import files
from ..engine.execute import FRESH_SECONDS, SETTLE_SECONDS, Engine
from ..engine.export import export
from ..engine.plan import UNFINISHED, Step, difference, public, summary, verdict
from ..engine.tenant import TenantOptions, TenantRun
from ..errors import InvalidOption, PBXError
from ..model.catalog import KINDS, RESOURCES, Capability, label, normalise_filters, secrets_of, shown
from ..model.values import Values
from ..rules.builtin import ERROR, Rule, findings
from .arguments import info_arguments, resource_arguments
from .connection import connect, connection_arguments

_INFO = "_info"
_OBJECTS: Values = {kind: {"type": "list", "elements": "dict"} for kind in KINDS}
_TENANT_ARGUMENTS: Values = {
    **_OBJECTS,
    "purge": {"type": "list", "elements": "str", "choices": list(KINDS), "default": []},
    "protect": {"type": "list", "elements": "str", "default": []},
    "max_deletions": {"type": "str"},
    "on_error": {"type": "str", "choices": ["stop", "continue"], "default": "stop"},
    "backup": {"type": "path"},
    "journal": {"type": "path"},
    "rules": {"type": "list", "elements": "dict", "default": []},
    "ignore_rules": {"type": "list", "elements": "str", "default": []},
}
_EXPORT_ARGUMENTS: Values = {"resources": {"type": "list", "elements": "str", "choices": list(KINDS)}}
_VALIDATE_ARGUMENTS: Values = {name: _TENANT_ARGUMENTS[name] for name in (*KINDS, "purge", "rules", "ignore_rules")}


def resource_of(module: str) -> str:
    """The resource that a module of this collection is about: its name, without `_info`."""
    return module[: -len(_INFO)] if module.endswith(_INFO) else module


def arguments(module: str) -> Values:
    """The whole argument spec of a module of this collection."""
    if module == "tenant_validate":
        return dict(_VALIDATE_ARGUMENTS)
    name = resource_of(module)
    if name == "tenant":
        own = _EXPORT_ARGUMENTS if module.endswith(_INFO) else _TENANT_ARGUMENTS
    else:
        own = info_arguments(RESOURCES[name]) if module.endswith(_INFO) else resource_arguments(RESOURCES[name])
    return {**connection_arguments(), **own}


def secrets(module: str, options: Mapping[str, Any]) -> list[str]:
    """The secrets that the settings of a module's objects hold, by the tables of the chosen backend."""
    kind = BACKENDS.get(str(options.get("backend") or os.environ.get("PBX_BACKEND")))
    if kind is None:
        return []
    written = [(name, one) for name, resource in KINDS.items() for one in options.get(name) or []]
    objects = [(KINDS[name].name, one) for name, one in written if isinstance(one, Mapping)]
    objects.append((resource_of(module), options))
    found = ((kind.stores[name].capability, one) for name, one in objects if name in kind.stores)
    return [secret for capability, one in found for secret in secrets_of(capability, one)]


def run(
    module: str, options: Mapping[str, Any], *, check_mode: bool, environment: Mapping[str, str] | None = None
) -> Values:
    """Run a module of this collection: its options in, its result out.

    Never raises: a failure is a result with `failed` and one line in `msg`.
    """
    environment = os.environ if environment is None else environment
    info, name = module.endswith(_INFO), resource_of(module)
    backend: Backend | None = None
    try:
        if module == "tenant_validate":
            return _validate(options)
        resource = None if name == "tenant" else name
        backend = connect(resource, options, read_only=check_mode or info, write=not info, environment=environment)
        if name == "tenant":
            result = _export(options, backend) if info else _run_tenant(options, backend, check_mode)
        else:
            result = (
                _run_info(module, options, backend) if info else _run_resource(module, options, backend, check_mode)
            )
    except PBXError as error:
        result = _failure(str(error), backend)
    except Exception as error:  # a defect of ours, or an answer that nobody thought of: one line, no secret
        result = _failure(f"unexpected {type(error).__name__}: {error}", backend)
    if backend:
        result["requests"] = backend.session.requests_sent
        backend.session.close()
    return result


def _validate(options: Mapping[str, Any]) -> Values:
    found = findings(_objects(options), _site_rules(options), options.get("ignore_rules") or [])
    errors = [one for one in found if one.severity == ERROR]
    result: Values = {"changed": False, "findings": [one.as_result() for one in found]}
    if errors:
        first = errors[0]
        result.update(failed=True, msg=f"{len(errors)} errors, the first: {first.path}: {first.message}; {first.hint}")
    return result


def _objects(options: Mapping[str, Any]) -> Values:
    return {name: options.get(name) or [] for name in (*KINDS, "purge")}


def _site_rules(options: Mapping[str, Any]) -> list[Rule]:
    try:
        return [files.site_rule(definition) for definition in options.get("rules") or []]
    except ValueError as error:
        raise InvalidOption(f"rules: {error}") from None


def _export(options: Mapping[str, Any], backend: Backend) -> Values:
    asked = options.get("resources") or list(KINDS)
    document, notes = export(backend, asked)
    result: Values = {"changed": False, **document}
    if notes:
        result["warnings"] = notes
    return result


def _run_tenant(options: Mapping[str, Any], backend: Backend, check_mode: bool) -> Values:
    journal = options.get("journal")
    tenant = TenantRun(
        backend,
        TenantOptions(
            objects={kind: options.get(kind) for kind in KINDS},
            purge=options.get("purge") or [],
            protect=options.get("protect") or [],
            max_deletions=options.get("max_deletions"),
            on_error=options.get("on_error") or "stop",
            backup=options.get("backup") or "",
            journal=files.journal_path(backend.name, backend.tenant) if journal is None else journal,
            rules=_site_rules(options),
            ignore_rules=options.get("ignore_rules") or [],
        ),
        check_mode,
        backend.session.options.concurrency,
        SETTLE_SECONDS,
        FRESH_SECONDS,
    )
    steps = tenant.run()
    result = _result(steps, check_mode)
    result["findings"] = [one.as_result() for one in tenant.found]
    result.update(tenant.written_files)
    if tenant.notes:
        result["warnings"] = [backend.session.short(note, 1000) for note in dict.fromkeys(tenant.notes)]
    bad = [step for step in steps if step.status == "failed"]
    if bad or any(step.status in UNFINISHED for step in steps):
        lines = [backend.session.short(_told(step), 400) for step in bad[:5]]
        skipped = sum(step.status == "skipped" for step in steps)
        message = f"{len(bad)} of {len(steps)} objects failed, {skipped} were not begun: " + " | ".join(lines)
        result.update(failed=True, msg=message)
        result["changed"] = any(
            step.action != "unchanged" and step.status != "skipped" and _counts(step) for step in steps
        )
    return result


def _told(step: Step) -> str:
    """The error of a step with the name of its object, once."""
    place = f"{step.resource} {step.id}: "
    return step.error if step.error.startswith(place) else place + step.error


def _failure(message: str, backend: Backend | None) -> Values:
    text = backend.session.short(message, 2000) if backend else " ".join(message.split())
    changed = bool(backend and backend.session.writes_sent)
    return {"failed": True, "changed": changed, "msg": text, "verdict": "incomplete", "plan": [], "requests": 0}


def _run_resource(module: str, options: Mapping[str, Any], backend: Backend, check_mode: bool) -> Values:
    store = backend.store(module)
    engine = Engine(store, backend.name, check_mode, SETTLE_SECONDS, FRESH_SECONDS)
    state = options.get("state") or (store.resource.states or ("present",))[0]
    work = engine.converge(dict(options), state, options.get("membership") or "exact")
    step = work.step
    result = _result([step], check_mode)
    result[module] = public(_object_after(store.capability, step, work.observed, check_mode))
    if store.notes:
        result["warnings"] = [backend.session.short(note, 1000) for note in dict.fromkeys(store.notes)]
    if step.status == "failed":
        place = f"{module} {step.id or label(options, store.resource)}"
        result["failed"] = True
        result["msg"] = backend.session.short(f"{place}: {step.error}", 2000)
        result["changed"] = step.took_effect
    return result


def _counts(step: Step) -> bool:
    """Whether a step of a run that failed is a change: done, planned in check mode, or failed with some effect."""
    return step.status in ("done", "planned") or step.took_effect


def _object_after(capability: Capability, step: Step, observed: Observed | None, check_mode: bool) -> Values | None:
    """The object after the run: as read back, or in check mode as it would be."""
    if check_mode and step.action in ("create", "update"):
        return step.after
    if check_mode and step.action == "delete":
        return None
    return shown(capability, observed.values) if observed else None


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
    with understood():
        result: Values = {"changed": False, **public(store.info(asked))}
    if store.notes:
        result["warnings"] = [backend.session.short(note, 1000) for note in dict.fromkeys(store.notes)]
    return result
