# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers that were written without quotes: YAML has already turned 0112 into 74.

Pure: no input or output, no vendor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..model.catalog import RESOURCES, Resource, tenant_lists
from ..model.problems import WARNING, Finding
from ..model.values import Field

ID = "unquoted-number"
_NUMBER_KINDS = ("number", "phone", "phones", "phone_tokens")


def unquoted_in_tenant(document: Mapping[str, Any]) -> list[Finding]:
    """The unquoted numbers of a tenant's lists."""
    return [
        finding
        for plural, resource in tenant_lists().items()
        for index, item in enumerate(_list(document.get(plural)))
        for finding in _unquoted(resource, item, f"{plural}[{index}].")
    ]


def unquoted_in_module(resource_name: str, options: Mapping[str, Any]) -> list[Finding]:
    """The unquoted numbers among the options of a module for one object."""
    resource = RESOURCES.get(resource_name)
    return list(_unquoted(resource, options, "")) if resource else []


def _unquoted(resource: Resource, options: Any, prefix: str) -> Iterator[Finding]:
    if not isinstance(options, Mapping):
        return

    for name, spec in resource.fields.items():
        if name == resource.key and spec.limits:
            continue  # a record number: on some systems a whole number, and then written as one
        yield from _of_value(spec, options.get(name), f"{prefix}{name}")
    items = resource.items
    for index, item in enumerate(_list(options.get(items.option)) if items and items.declarable else []):
        if isinstance(item, Mapping) and items:
            for name, spec in items.fields.items():
                yield from _of_value(spec, item.get(name), f"{prefix}{items.option}[{index}].{name}")


def _of_value(spec: Field, value: Any, path: str) -> Iterator[Finding]:
    if spec.kind == "dict" and isinstance(value, Mapping):
        for name, one in spec.nested.items():
            yield from _of_value(one, value.get(name), f"{path}.{name}")
    elif spec.kind in _NUMBER_KINDS:
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, int) and not isinstance(one, bool):
                message = f"the number {one} is written without quotes, so a leading zero is lost and 0112 becomes 74"
                yield Finding(ID, WARNING, path, message, f'write it in quotes, such as "{one}"')


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []
