# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values and counts as the words of a report. Pure: no input or output, no vendor."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

LONGEST_MESSAGE = 2000
_IRREGULAR = {"is": "are", "was": "were", "differs": "differ", "has": "have"}


def one_line(value: Any, longest: int = 0) -> str:
    """Text in one line. Control characters and invisible marks, such as a change of writing direction, become escapes.

    longest: the number of characters at which it is cut, with the number of characters that are left out; 0 is never.
    """
    words = " ".join(str(value).split())
    visible = "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in words)
    if longest and len(visible) > longest:
        return f"{visible[:longest]}... ({len(visible) - longest} more characters)"
    return visible


def shown(value: Any) -> str:
    """A value before or after a change: `(none)` for what is not there, `""` for an empty text, JSON for anything else."""
    if value is None:
        return "(none)"
    if isinstance(value, str):
        return one_line(value) if value.strip() else json.dumps(value)
    return one_line(json.dumps(value, ensure_ascii=False, default=str))


def counted(number: int, singular: str, plural: str = "") -> str:
    """`1 object`, `2 objects`."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def is_or_are(number: int, noun: str, verb: str, rest: str = "") -> str:
    """`1 object differs`, `2 objects differ`, `1 object is not declared`."""
    return " ".join(word for word in (counted(number, noun), verb if number == 1 else _IRREGULAR[verb], rest) if word)


def object_name(entry: Mapping[str, Any]) -> str:
    """`hunt_group 200 (Sales)`, of an entry of a plan or of the list of undeclared objects."""
    key, name = one_line(entry.get("id") or ""), one_line(entry.get("name") or "")
    named = f" ({name})" if name and name != key else ""
    return f"{one_line(entry.get('resource') or 'object')} {key}{named}" if key else f"{entry.get('resource')} {name}"


def leaves(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The changed leaves of an entry of a plan: {field, before, after}. An object that is made or deleted as a whole has a
    leaf `state` at the top, so that no entry is without one."""
    changes = [dict(one) for one in entry.get("changes") or [] if isinstance(one, Mapping)]
    action = entry.get("action")
    if action == "create":
        return [{"field": "state", "before": "absent", "after": "present"}, *changes]
    if action == "delete" and not changes:
        return [{"field": "state", "before": "present", "after": "absent"}]
    return changes


def leaf_line(entry: Mapping[str, Any], leaf: Mapping[str, Any]) -> str:
    """`hunt_group 200 (Sales): members[106].ring_time: 15 -> 25`: a line that reads alone."""
    change = f"{shown(leaf.get('before'))} -> {shown(leaf.get('after'))}"
    return f"{object_name(entry)}: {one_line(leaf.get('field', ''))}: {change}"


def system_of(tenant: Mapping[str, Any]) -> str:
    """`BACKEND, tenant TENANT, group GROUP, URL`, as far as they are known."""
    parts = [
        one_line(tenant.get("backend") or ""),
        f"tenant {one_line(tenant['tenant'])}" if tenant.get("tenant") else "",
        f"group {one_line(tenant['group'])}" if tenant.get("group") else "",
        one_line(tenant.get("url") or ""),
    ]
    return ", ".join(part for part in parts if part)


def cut(items: Sequence[Any], most: int) -> tuple[Sequence[Any], int]:
    """(the first items, how many are left out). One item more than the limit is kept: its place is needed to say so."""
    return (items, 0) if len(items) <= most + 1 else (items[:most], len(items) - most)
