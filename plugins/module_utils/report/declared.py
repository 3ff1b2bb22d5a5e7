# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the declaration says of an audited tenant beyond the plan: the objects that are as declared. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..model.catalog import tenant_lists


def unchanged(declared: Mapping[str, Any], plan: Sequence[Mapping[str, Any]], number: int) -> list[dict[str, str]]:
    """{resource, id, name} of the declared objects that no step of the plan is about.

    number: how many objects the comparison found unchanged. Where the names lead to another number, because an object is
    declared under an alias or left out by a selection, one entry tells the number alone.
    """
    keys = {(str(step.get("resource")), str(step.get("id"))) for step in plan}
    names = {(str(step.get("resource")), str(step.get("name"))) for step in plan if step.get("name")}
    found = [one for one in _objects(declared) if not _is_among(one, keys, names)]
    if len(found) == number:
        return found
    return [{"resource": "tenant", "id": "", "name": f"{number} objects as declared"}] if number > 0 else []


def _is_among(one: Mapping[str, str], keys: set[tuple[str, str]], names: set[tuple[str, str]]) -> bool:
    """By its key; by its name only where the declaration has no key, as several objects may have one name."""
    return (one["resource"], one["id"]) in keys if one["id"] else (one["resource"], one["name"]) in names


def _objects(declared: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for plural, resource in tenant_lists().items():
        for one in declared.get(plural) or []:
            if isinstance(one, Mapping):
                key = one.get(resource.key)
                text = "" if key is None else str(key)
                yield {"resource": resource.name, "id": text, "name": str(one.get("name") or "")}
