# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Ansible argument specs of the modules, made of the field tables.

Pure: no input or output, no vendor.
"""

from __future__ import annotations

from ..model.catalog import AGENT, FILTERS, Resource
from ..model.values import Field, Values

_ARGUMENT_TYPES = {"int": "int", "bool": "bool", "names": "list", "dict": "dict"}


def argument(spec: Field) -> Values:
    """The Ansible argument spec of one field."""
    result: Values = {"type": _ARGUMENT_TYPES.get(spec.kind, "str")}
    if spec.kind == "choice":
        result["choices"] = list(spec.choices)
    if spec.kind == "names":
        result["elements"] = "str"
    if spec.kind == "dict" and spec.nested:
        result["options"] = {name: _part_argument(one) for name, one in spec.nested.items()}
    if spec.required:
        result["required"] = True
    if spec.secret:
        result["no_log"] = True
    return result


def _part_argument(spec: Field) -> Values:
    """Of one part of a dictionary. A whole number there can be cleared, which the type int has no word for."""
    return {**argument(spec), **({"type": "raw"} if spec.kind == "int" else {})}


def resource_arguments(resource: Resource) -> Values:
    """The argument spec of a resource's module, without the connection."""
    fields = {**resource.fields, **resource.steering}
    spec = {name: argument(one) for name, one in fields.items() if not one.read_only}
    if resource.items and resource is not AGENT:
        options = {name: argument(one) for name, one in resource.items.fields.items()}
        spec[resource.items.option] = {"type": "list", "elements": "dict", "options": options}
        if resource.states:
            spec["membership"] = {"type": "str", "choices": ["exact", "at_least"], "default": "exact"}
    if resource.has_settings:
        spec["settings"] = {"type": "dict"}
    if resource.states:
        spec["state"] = {"type": "str", "choices": list(resource.states), "default": resource.states[0]}
    return spec


def info_arguments(resource: Resource) -> Values:
    """The argument spec of a resource's info module, without the connection."""
    keys = {key: resource.fields[key] for key in resource.keys}
    return {name: argument(one) for name, one in {**keys, **FILTERS.get(resource.name, {})}.items()}
