# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one backend cannot express, as a part of host_vars.schema.json that applies where `pbx_backend` names the backend."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.telephony.pbx.plugins.module_utils.backends.registry import BACKENDS
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import Capability, Resource, tenant_lists
from ansible_collections.telephony.pbx.plugins.module_utils.rules.variables import PREFIX

from .values_schema import Schema, field_schema, refused

Free = Callable[[Schema], Schema]


def block(backend: str, free: Free) -> Schema:
    """The part for one backend. free: what wraps single values, for null and templates."""
    lists = {f"{PREFIX}{plural}": _list(backend, resource, free) for plural, resource in tenant_lists().items()}
    name = f"{PREFIX}backend"
    return {
        "if": {"required": [name], "properties": {name: {"const": backend}}},
        "then": {"properties": lists},
    }


def _list(backend: str, resource: Resource, free: Free) -> Schema:
    store = BACKENDS[backend].stores.get(resource.name)
    if store is None or not store.writable:
        return {"maxItems": 0, "errorMessage": f"the {backend} backend cannot write them; leave the list out"}
    return {"items": {"properties": _options(backend, resource, store.capability, free)}}


def _options(backend: str, resource: Resource, capability: Capability, free: Free) -> dict[str, Schema]:
    found: dict[str, Schema] = {}
    for name, spec in resource.fields.items():
        parts = {part: f"{name}.{part}" for part in spec.nested} if spec.partial else {}
        if spec.read_only:
            continue
        if name not in capability.options:
            found[name] = _refused(backend, name, capability.refused)
        elif any(place not in capability.options for place in parts.values()):
            missing = {part: place for part, place in parts.items() if place not in capability.options}
            found[name] = {
                "properties": {part: _refused(backend, one, capability.refused) for part, one in missing.items()}
            }
        elif name == "policy":
            choices = list(capability.policies)
            told = f"the {backend} backend has the policies {', '.join(choices)}"
            found[name] = free({"enum": [*choices, *_aliases(spec.aliases, choices)], "errorMessage": told})
    found.update(_members(backend, resource, capability))
    if resource.has_settings:
        found["settings"] = _settings(backend, capability, free)
    return found


def _aliases(aliases: Mapping[str, str], choices: list[str]) -> list[str]:
    return [alias for alias, choice in aliases.items() if choice in choices]


def _members(backend: str, resource: Resource, capability: Capability) -> dict[str, Schema]:
    items = resource.items
    if items is None or not items.declarable:
        return {}
    if not capability.member_options:
        return {items.option: _refused(backend, items.option, capability.refused)}
    missing = [name for name in items.fields if name not in capability.member_options]
    properties = {name: _refused(backend, f"{items.option}.{name}", capability.refused) for name in missing}
    return {items.option: {"items": {"properties": properties}}} if properties else {}


def _settings(backend: str, capability: Capability, free: Free) -> Schema:
    """The names that are settings there, and the values of those that other backends have too."""
    known = {name: spec for name, spec in capability.settings.items() if not spec.instead and not spec.read_only}
    others = {
        name
        for other, vendor in BACKENDS.items()
        for store in vendor.stores.values()
        for name in store.capability.settings
        if other != backend
    }
    told = f"the {backend} backend has no such setting"
    return {
        "propertyNames": {"enum": list(known), "errorMessage": told},
        "properties": {name: free(field_schema(spec, free)) for name, spec in known.items() if name in others},
    }


def _refused(backend: str, place: str, hints: Mapping[str, str]) -> dict[str, Any]:
    return refused(f"the {backend} backend cannot express it; {hints.get(place, 'leave it out')}")
