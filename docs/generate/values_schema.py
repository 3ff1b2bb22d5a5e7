# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One value as a JSON Schema: what a field of the catalogue, or an Ansible argument spec, accepts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Field

Schema = dict[str, Any]
TEMPLATE: Schema = {"type": "string", "pattern": r"\{[{%]"}
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
    if spec.kind in ("names", "phones", "tokens", "phone_tokens"):
        kinds = ["array", "string"] if spec.kind in ("names", "phones") else ["array", "string", "integer"]
        return {"type": kinds, "items": {"type": ["string", "integer"]}}
    empty = [""] if spec.clearable else []
    if spec.kind == "bool":
        return {"enum": [True, False, *_TRUTHS, *empty]}
    if spec.kind == "choice":
        truths = [truth for truth in (True, False) if str(truth).lower() in spec.aliases]
        return {"enum": [*spec.choices, *truths, *spec.aliases, *empty]}
    if spec.kind == "int":
        limits = {"minimum": spec.limits[0], "maximum": spec.limits[1]} if spec.limits else {}
        digits = r"^(-?[0-9]{1,12})?$" if spec.clearable else r"^-?[0-9]{1,12}$"
        return {"type": ["integer", "string"], **limits, "pattern": digits}
    longest = {"maxLength": spec.limits[1]} if spec.limits else {}
    shortest = {} if spec.clearable else {"minLength": 1}
    return {"type": ["string", "integer"], **shortest, **longest}
