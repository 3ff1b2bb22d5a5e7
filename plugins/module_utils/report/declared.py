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
    planned = {
        (str(step.get("resource")), str(step.get(key))) for step in plan for key in ("id", "name") if step.get(key)
    }
    found = [
        one
        for one in _objects(declared)
        if not {(one["resource"], one[key]) for key in ("id", "name") if one[key]} & planned
    ]
    if len(found) == number:
        return found
    return [{"resource": "tenant", "id": "", "name": f"{number} objects as declared"}] if number > 0 else []


def _objects(declared: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for plural, resource in tenant_lists().items():
        for one in declared.get(plural) or []:
            if isinstance(one, Mapping):
                key = next((str(one[key]) for key in resource.keys if one.get(key) not in (None, "")), "")
                yield {"resource": resource.name, "id": key, "name": str(one.get("name") or "")}
