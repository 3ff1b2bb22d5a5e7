# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table at the end of a play: one line a tenant, then the changed leaves, cut with a count. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .document import ACTIONS, INCOMPLETE, by_attention, unmet
from .words import counted, cut, leaf_line, leaves, object_name, one_line, shown

MOST_TENANTS, MOST_LINES = 200, 50
LONGEST_LINE = 300
_HEADINGS = ("tenant", "verdict", *ACTIONS, "undeclared", "findings", "requests", "seconds")
_TEXTS = 2  # the columns that hold words; all others hold numbers


def table(document: Mapping[str, Any], most_tenants: int = MOST_TENANTS, most_lines: int = MOST_LINES) -> list[str]:
    """The lines of an audit for a terminal."""
    tenants, left = cut(by_attention(document["tenants"]), most_tenants)
    lines = [verdict_line(document), *_aligned([_HEADINGS, *map(_row, tenants)])]
    if left:
        lines.append(f"... and {counted(left, 'more tenant')}; the files have all of them")
    points, left = cut([line for one in by_attention(document["tenants"]) for line in points_of(one)], most_lines)
    lines += [one_line(line, LONGEST_LINE) for line in points]
    if left:
        lines.append(f"... and {counted(left, 'more line')}; the files have all of them")
    return lines


def verdict_line(document: Mapping[str, Any]) -> str:
    """The whole audit in one sentence."""
    counts = document["summary"]
    verdicts = ", ".join(f"{counts[name]} {name}" for name in ("clean", "drift", "incomplete"))
    return f"{document['verdict']}: {counted(counts['tenants'], 'tenant')}: {verdicts}"


def sentences(document: Mapping[str, Any], most: int = 10) -> list[str]:
    """One sentence for each tenant that is not clean, the gravest first, cut with a count."""
    found = [one for one in by_attention(document["tenants"]) if one["verdict"] != "clean"]
    told, left = cut(
        [f"{one_line(one['host'])}: {one['verdict']}: {one_line(one['message'], 400)}" for one in found], most
    )
    return [*told, *([f"and {counted(left, 'more tenant')}"] if left else [])]


def points_of(tenant: Mapping[str, Any]) -> list[str]:
    """What differs on one tenant, one line a leaf, each with its tenant: every line reads alone."""
    host = one_line(tenant["host"])
    lines = [tenant["message"]] if tenant["verdict"] == INCOMPLETE else []
    for step in tenant["plan"]:
        lines += [leaf_line(step, leaf) for leaf in leaves(step)]
        lines += [f"{object_name(step)}: {step['error']}"] if step.get("error") else []
    lines += [f"expectation {shown(one.get('name'))}: {_status(one)}" for one in unmet(tenant)]
    lines += [
        f"{one['path']}: {one['message']} [{one['id']}]" for one in tenant["findings"] if one["severity"] == "error"
    ]
    return [f"{host}: {line}" for line in lines]


def changed_lines(plan: Sequence[Mapping[str, Any]], most: int = MOST_LINES) -> list[str]:
    """The changed leaves of one run, one line each, cut with a count. What was not done says so."""
    lines: list[str] = []
    for step in plan:
        status = str(step.get("status") or "")
        mark = f" ({status})" if status in ("failed", "skipped") else ""
        lines += [f"{leaf_line(step, leaf)}{mark}" for leaf in leaves(step)]
    kept, left = cut(lines, most)
    told = [one_line(line, LONGEST_LINE) for line in kept]
    return [*told, *([f"... and {counted(left, 'more line')}; the result has all of them"] if left else [])]


def _status(expectation: Mapping[str, Any]) -> str:
    words = "not met" if expectation.get("status") == "failed" else "undecided"
    return f"{words}: {expectation.get('message') or ''}"


def _row(tenant: Mapping[str, Any]) -> tuple[str, ...]:
    actions = [step["action"] for step in tenant["plan"]]
    numbers = [
        *(actions.count(action) for action in ACTIONS),
        len(tenant["unmanaged"]),
        len(tenant["findings"]),
        tenant["requests"],
    ]
    return (one_line(tenant["host"], 60), tenant["verdict"], *map(str, numbers), f"{tenant['seconds']:.2f}")


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if column < _TEXTS else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths))
        ).rstrip()
        for row in rows
    ]
