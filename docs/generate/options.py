# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of options: the argument spec of a module, with hand-written descriptions and what the catalogue adds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.telephony.pbx.plugins.module_utils.entry import arguments, connection
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import Resource

from . import prose, support

Documented = dict[str, dict[str, Any]]
# The keys of a documented option that are those of an argument spec, in the order in which people read them.
_SPEC_KEYS = ("type", "elements", "required", "choices", "aliases", "default")


def of_module(module: str) -> Documented:
    """The documented options of a module, without the connection. Raises GenerateError."""
    specs = arguments.own_arguments(module)
    described = prose.of_module(module).get("options") or {}
    prose.require_complete(f"module {module}", specs, described)
    return {name: _entry(specs[name], described[name], _remark(module, name), module, name) for name in described}


def of_connection() -> Documented:
    """The documented options of the connection."""
    specs = connection.connection_arguments()
    described = prose.loaded("connection")["options"]
    prose.require_complete("connection", specs, described)
    return {name: entry(specs[name], [*prose.texts(described[name]), *_sources(name)]) for name in described}


def _sources(name: str) -> list[str]:
    default = connection.DEFAULTS.get(name)
    text = f"{default:g}" if isinstance(default, float) else str(default).lower()
    known = [f"V({text}) if it is set nowhere."] if default is not None else []
    source = f"If not set, the variable C(pbx_{name}) of the host, then the environment variable E({connection.ENVIRONMENT[name]})."
    return [" ".join([source, *known])]


def entry(spec: Mapping[str, Any], descriptions: list[str], below: Documented | None = None) -> dict[str, Any]:
    """One documented option."""
    found: dict[str, Any] = {"description": descriptions}
    found.update({key: spec[key] for key in _SPEC_KEYS if key in spec and spec[key] is not None})
    if below:
        found["suboptions"] = below
    return found


def _entry(spec: Mapping[str, Any], described: Any, remark: str, module: str, option: str) -> dict[str, Any]:
    sentences = [*prose.texts(described), *([remark] if remark else [])]
    below: Documented = {}
    specs = spec.get("options") or {}
    for name, one in prose.suboptions(described).items():
        below[name] = _entry(specs[name], one, _remark(module, f"{option}.{name}"), module, f"{option}.{name}")
    return entry(spec, sentences, below)


def _remark(module: str, option: str) -> str:
    """What the catalogue and the backends say of an option."""
    resource = arguments.resource_of(module)
    if resource is None:
        return ""
    if arguments.only_reads(module):
        return support.of_filter(resource, option)
    return _remark_of_state(resource, option)


def _remark_of_state(resource: Resource, option: str) -> str:
    name, _dot, part = option.partition(".")
    items = resource.items
    if items and name == items.option:
        return support.of_item(resource, part) if part else support.of_list(resource)
    if part:
        return support.of_part(resource, name, part)
    if name in resource.fields:
        return support.of_option(resource, name)
    if name in resource.directives:
        return support.of_directive(resource.directives[name])
    return support.of_settings(resource) if name == "settings" else ""
