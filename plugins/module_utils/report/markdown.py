# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An audit as Markdown that fits a comment of a merge request: cut with a count, never silently. Pure.

Every text of a server or a user stands in a code span: nothing there is a link, a mention of a person or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .document import ACTIONS, CLEAN, INCOMPLETE, by_attention, unmet
from .words import counted, cut, leaf_line, leaves, object_name, one_line, shown

# Half of what GitHub takes in a comment (65,536 characters): escapes and other texts in the same comment have room.
MOST_CHARACTERS = 32_000
MOST_TENANTS, MOST_POINTS = 50, 100
LONGEST_POINT = 300


def markdown(
    document: Mapping[str, Any],
    comparison: Mapping[str, Any] | None = None,
    most_tenants: int = MOST_TENANTS,
    most_points: int = MOST_POINTS,
    most_characters: int = MOST_CHARACTERS,
) -> str:
    """The text of the file. It becomes shorter by fewer points, then fewer tenants, until it fits."""
    points = list(_all_points(document))
    text = _text(document, points, comparison, most_tenants, most_points)
    while len(text) > most_characters and (most_points or most_tenants):
        if most_points:
            most_points = most_points * 3 // 4
        else:
            most_tenants = most_tenants * 3 // 4
        text = _text(document, points, comparison, most_tenants, most_points)
    return text


def code(text: Any) -> str:
    """A code span, whatever the text holds: its fence is longer than any run of backticks in it."""
    words = one_line(text) or " "
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", words)), default=0))
    edge = " " if words.startswith("`") or words.endswith("`") else ""
    return f"{fence}{edge}{words}{edge}{fence}"


def _text(
    document: Mapping[str, Any],
    points: Sequence[tuple[str, str]],
    comparison: Mapping[str, Any] | None,
    most_tenants: int,
    most_points: int,
) -> str:
    parts = [_head(document), _tenants(document, most_tenants), _points(points, most_points)]
    if comparison is not None:
        parts.append(_comparison(comparison, most_points))
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(document: Mapping[str, Any]) -> str:
    counts = document["summary"]
    verdicts = ", ".join(f"{counts[name]} {name}" for name in ("clean", "drift", "incomplete"))
    objects = ", ".join(f"{counts[action]} to {action}" for action in ACTIONS)
    lines = [
        f"## Audit: {document['verdict']}",
        "",
        f"{counted(counts['tenants'], 'tenant')}: {verdicts}. Objects: {objects}; {counts['unmanaged']} not declared."
        f" {counted(counts['findings'], 'finding')}. Made at {code(document['generated_at'])}.",
    ]
    return "\n".join(lines)


def _tenants(document: Mapping[str, Any], most: int) -> str:
    found = [one for one in by_attention(document["tenants"]) if one["verdict"] != CLEAN]
    if not found:
        return ""
    rows, left = cut(found, most)
    lines = [
        "| tenant | verdict | create | update | delete | not declared | findings | what |",
        "|---|---|--:|--:|--:|--:|--:|---|",
    ]
    lines += map(_row, rows)
    if left:
        lines.append(f"\n... and {counted(left, 'more tenant')} that {'is' if left == 1 else 'are'} not clean")
    return "\n".join(lines)


def _row(tenant: Mapping[str, Any]) -> str:
    actions = [step["action"] for step in tenant["plan"]]
    cells = [
        code(tenant["host"]),
        tenant["verdict"],
        *(str(actions.count(action)) for action in ACTIONS),
        str(len(tenant["unmanaged"])),
        str(len(tenant["findings"])),
        code(one_line(tenant["message"], LONGEST_POINT)) if tenant["message"] else "",
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _points(points: Sequence[tuple[str, str]], most: int) -> str:
    kept, left = cut(points, most)
    lines: list[str] = []
    host = None
    for name, line in kept:
        if name != host:
            lines += ["", f"### {code(name)}", ""]
            host = name
        lines.append(f"- {line}")
    if left:
        lines += ["", f"... and {counted(left, 'more line')}; the other formats have all of them"]
    return "\n".join(lines).strip("\n")


def _all_points(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for tenant in by_attention(document["tenants"]):
        host = tenant["host"]
        if tenant["verdict"] == INCOMPLETE:
            yield host, f"incomplete: {_short(tenant['message'])}"
        for step in tenant["plan"]:
            yield from ((host, _short(leaf_line(step, leaf))) for leaf in leaves(step))
            if step.get("error"):
                yield host, f"{code(object_name(step))}: {_short(step['error'])}"
        for one in unmet(tenant):
            words = "not met" if one["status"] == "failed" else "undecided"
            yield host, f"expectation {code(shown(one.get('name')))}: {words}: {_short(one.get('message') or '')}"
        for one in tenant["unmanaged"]:
            yield host, f"not declared: {code(object_name(one))}"
        for one in tenant["findings"]:
            yield host, f"{one['severity']}: {_short(one['path'] + ': ' + one['message'])}"


def _short(text: Any) -> str:
    return code(one_line(text, LONGEST_POINT))


def _comparison(comparison: Mapping[str, Any], most: int) -> str:
    titles = {"new": "New", "open": "Still open", "resolved": "Resolved", "unknown": "Not known"}
    lines = [f"### Since {code(comparison['previous_generated_at'])}", ""]
    lines.append(", ".join(f"{len(comparison[group])} {title.lower()}" for group, title in titles.items()))
    for group in ("new", "resolved"):
        kept, left = cut(comparison[group], most)
        if kept:
            lines += ["", f"**{titles[group]}**", ""]
            lines += [f"- {code(one['host'])}: {_short(one['text'])}" for one in kept]
        if left:
            lines += ["", f"... and {left} more; the other formats have all of them"]
    return "\n".join(lines)
