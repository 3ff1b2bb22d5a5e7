# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of the guides' tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ansible_collections.telephony.pbx.plugins.module_utils.backends.registry import BACKENDS
from ansible_collections.telephony.pbx.plugins.module_utils.entry import connection
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import Capability, Resource
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Field

Row = tuple[str, ...]
# The words for the kinds of values; one that is missing here is an error where it is first used.
TYPES = {
    "text": "string",
    "name": "string",
    "number": "number",
    "phone": "phone number",
    "int": "integer",
    "bool": "boolean",
    "choice": "string",
    "tokens": "words",
    "phone_tokens": "phone numbers, separated by blanks",
    "names": "list of strings",
    "phones": "list of phone numbers",
    "period": "time periods",
    "dict": "dictionary",
}
_EMPTY = {"names": "[]", "phones": "[]", "dict": "{}"}
NONE = "\\-"
HEADS: Mapping[str, Row] = {
    "connection": ("Option", "Environment variable", "Default"),
    "options": ("Option", "Type", "Values", "Cleared by"),
    "policies": ("Policy", "Value on the server", "Order of members"),
    "refused": ("Not available", "Use instead"),
    "settings": ("Setting", "Type", "Values", "Cleared by", "Remarks"),
}


def of_backend(backend: str, name: str, what: str) -> list[Row]:
    """The rows of one table of a backend, without its head; empty when there is nothing to say."""
    store = BACKENDS[backend].stores[name]
    make = {"options": _options, "policies": _policies, "refused": _refused, "settings": _settings}[what]
    return list(make(store.capability, store.resource))


def connection_rows() -> list[Row]:
    return [
        (code(name), code(variable), code(_plain(connection.DEFAULTS[name])) if name in connection.DEFAULTS else NONE)
        for name, variable in connection.ENVIRONMENT.items()
    ]


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value).lower()


def _options(capability: Capability, resource: Resource) -> Iterator[Row]:
    """The neutral options that the backend can express."""
    for name in resource.fields:
        if name not in capability.options or resource.fields[name].read_only:
            continue
        spec = capability.field_of(resource, name)
        fixed = name in capability.fixed or name == resource.key
        yield _row(name, replace(spec, clearable=False) if fixed else spec, capability)
        if spec.partial:
            for part, one in spec.nested.items():
                if f"{name}.{part}" in capability.options:
                    yield _row(f"{name}.{part}", one, capability)
    items = resource.items
    for name, spec in items.fields.items() if items else ():
        if name in capability.member_options:
            yield _row(f"{items.option if items else ''}[].{name}", spec, capability)


def _row(name: str, spec: Field, capability: Capability) -> Row:
    return code(name), TYPES[spec.kind], values(spec, capability), cleared(spec)


def _policies(capability: Capability, resource: Resource) -> Iterator[Row]:
    for name, wire in capability.policies.items():
        yield code(name), code(wire), "significant" if name in capability.ordered_policies else "ignored"


def _refused(capability: Capability, resource: Resource) -> Iterator[Row]:
    """The neutral options that the backend does not have, and what to write instead."""
    items = resource.items
    missing = [name for name in resource.fields if name not in capability.options]
    for name, spec in resource.fields.items():
        if spec.partial and name in capability.options:
            missing += [f"{name}.{part}" for part in spec.nested if f"{name}.{part}" not in capability.options]
    if items and not capability.member_options:
        missing.append(items.option)
    elif items:
        missing += [f"{items.option}.{name}" for name in items.fields if name not in capability.member_options]
    for name in missing:
        yield code(name), capability.refused.get(name, NONE)
    for name, spec in _replaced(capability.settings, "settings."):
        yield code(name), f"the option {spec.instead}"


def _replaced(table: Mapping[str, Field], place: str) -> Iterator[tuple[str, Field]]:
    """The settings that are a neutral option, nested ones too."""
    for name, spec in table.items():
        if spec.instead:
            yield place + name, spec
        yield from _replaced(spec.nested, f"{place}{name}.")


def _settings(capability: Capability, resource: Resource) -> Iterator[Row]:
    return _setting_rows(capability.settings, "")


def _setting_rows(table: Mapping[str, Field], place: str) -> Iterator[Row]:
    for name, spec in table.items():
        if not spec.instead:
            yield code(place + name), TYPES[spec.kind], values(spec, None), cleared(spec), remarks(spec)
            yield from _setting_rows(spec.nested, f"{place}{name}.")


def values(spec: Field, capability: Capability | None) -> str:
    """The values that are accepted: choices, range or length, forbidden characters."""
    choices = capability.policies if capability and "regular" in spec.choices else spec.choices
    found = [", ".join(code(choice) for choice in choices)] if choices else []
    if spec.limits and spec.kind == "int":
        found.append(f"{spec.limits[0]} to {spec.limits[1]}")
    elif spec.limits:
        found.append(f"{spec.limits[0]} to {spec.limits[1]} characters")
    if spec.forbidden:
        found.append("without " + " ".join(code(character) for character in spec.forbidden))
    return ", ".join(found)


def cleared(spec: Field) -> str:
    return code(_EMPTY.get(spec.kind, '""')) if spec.clearable and not (spec.read_only or spec.required) else NONE


def remarks(spec: Field) -> str:
    found = {
        "read only": spec.read_only,
        "only when the object is created": spec.create_only,
        "never shown": spec.secret,
        "parts that are left out keep their values": spec.partial,
        f"also set by the option {code(spec.also)}": bool(spec.also),
    }
    return ", ".join(remark for remark, holds in found.items() if holds)


def code(text: str) -> str:
    return f"``{text}``"
