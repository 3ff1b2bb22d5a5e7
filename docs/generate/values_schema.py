# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One value as a JSON Schema: what a field of the catalogue, or an Ansible argument spec, accepts.

`errorMessage` is no part of the standard: editors with the YAML or JSON language server of VS Code show it in place of their
own message, and others ignore it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Field

Schema = dict[str, Any]
TEMPLATE: Schema = {"type": "string", "pattern": r"\{[{%]"}
_QUOTED: Schema = {
    "type": "string",
    "errorMessage": 'write the number in quotes, such as "0112": YAML takes a leading zero away',
}
_TRUTHS = "true false yes no on off y n Y N 1 0".split()
_SIMPLE: Mapping[str, Schema] = {
    "str": {"type": ["string", "integer"]},
    "path": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number", "minimum": 0},
    "bool": {"type": "boolean"},
    "dict": {"type": "object"},
}


def closed(properties: Mapping[str, Schema], **more: Any) -> Schema:
    """An object with these properties and no others."""
    return {"type": "object", "properties": dict(properties), "additionalProperties": False, **more}


def refused(message: str) -> Schema:
    """A value that cannot be written here, for the reason in the message. Null means not managed, and is allowed."""
    return {"type": "null", "description": message, "errorMessage": message}


def merged(schemas: Sequence[Schema]) -> Schema:
    """One schema for what any of the schemas takes, so that messages name the value and not `anyOf`."""
    if all(schema == schemas[0] for schema in schemas):
        return dict(schemas[0])
    inner = [schema.get("else", schema) for schema in schemas]
    if all("enum" in one for one in inner):
        return or_template_of(schemas, {"enum": list(dict.fromkeys(value for one in inner for value in one["enum"]))})
    if any("enum" in one for one in inner):
        return {}
    return or_template_of(schemas, {"type": sorted({kind for one in inner for kind in _kinds(one)})})


def or_template_of(schemas: Sequence[Schema], schema: Schema) -> Schema:
    """The schema, or a template if one of the schemas takes one."""
    return or_template(schema) if any("else" in one for one in schemas) else schema


def _kinds(schema: Schema) -> list[str]:
    kinds = schema["type"]
    return list(kinds) if isinstance(kinds, list) else [kinds]


def or_null(schema: Schema) -> Schema:
    """The same or null, which means: not managed."""
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], None]}
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return {**schema, "type": [*kinds, "null"]}


def or_template(schema: Schema) -> Schema:
    """The same, or a template. Where any text will do, a template is one."""
    any_text = "string" in schema.get("type", ()) and not {"pattern", "maxLength"} & set(schema)
    return schema if any_text else {"if": TEMPLATE, "else": schema}


def spec_schema(spec: Mapping[str, Any]) -> Schema:
    """An Ansible argument spec: `type`, `elements`, `choices`."""
    choices = {"enum": list(spec["choices"])} if spec.get("choices") else None
    if spec["type"] == "list":
        return {"type": "array", "items": choices or _SIMPLE[spec["elements"]]}
    return choices or _SIMPLE[spec["type"]]


def field_schema(spec: Field, free: Callable[[Schema], Schema]) -> Schema:
    """A field, in the spellings that the modules understand. free: what wraps the parts of a dictionary."""
    if spec.kind == "dict":
        parts = {name: part for name, part in spec.nested.items() if not part.read_only and not part.instead}
        return closed({name: free(field_schema(part, free)) for name, part in parts.items()})
    if spec.kind in ("phones", "phone_tokens"):
        return {"type": ["array", "string"], "items": _QUOTED, "errorMessage": _QUOTED["errorMessage"]}
    if spec.kind in ("names", "tokens"):
        kinds = ["array", "string"] if spec.kind == "names" else ["array", "string", "integer"]
        return {"type": kinds, "items": {"type": ["string", "integer"]}}
    empty = [""] if spec.clearable else []
    if spec.kind == "bool":
        return {"enum": [True, False, *_TRUTHS, *empty], "errorMessage": "write true or false"}
    if spec.kind == "choice":
        truths = [truth for truth in (True, False) if str(truth).lower() in spec.aliases]
        return {"enum": [*spec.choices, *truths, *spec.aliases, *empty]}
    if spec.kind == "int":
        limits = {"minimum": spec.limits[0], "maximum": spec.limits[1]} if spec.limits else {}
        digits = r"^(-?[0-9]{1,12})?$" if spec.clearable else r"^-?[0-9]{1,12}$"
        told = f"write a whole number{' from {} to {}'.format(*spec.limits) if spec.limits else ''}"
        return {"type": ["integer", "string"], **limits, "pattern": digits, "errorMessage": told}
    longest = {"maxLength": spec.limits[1]} if spec.limits else {}
    shortest = {} if spec.clearable else {"minLength": 1}
    if spec.kind in ("number", "phone"):
        return {**_QUOTED, **shortest, **longest}
    return {"type": ["string", "integer"], **shortest, **longest}
