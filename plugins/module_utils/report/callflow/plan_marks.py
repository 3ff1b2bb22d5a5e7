# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan, as a tenant result holds it, by the objects and members that a picture shows. Pure, no vendor."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...callflow.values import text
from ...errors import InvalidOption
from .flow import ADDED, CHANGED, REMOVED, UNCHANGED

_ACTIONS = {"create": ADDED, "delete": REMOVED, "update": CHANGED}
_SECONDS = frozenset({"ring_time", "ring_delay", "timeout", "overflow_after", "no_answer_after"})


@dataclass
class Mark:
    """What a plan does to one object. items: key of a member or destination -> (state, what changes in words)."""

    state: str = UNCHANGED
    name: str = ""
    lines: list[str] = field(default_factory=list)
    items: dict[str, tuple[str, str]] = field(default_factory=dict)
    fields: dict[str, tuple[str, str, str]] = field(default_factory=dict)  # field -> (state, before, after)


@dataclass
class Marks:
    """A whole plan, by kind of object and its id."""

    objects: dict[tuple[str, str], Mark] = field(default_factory=dict)

    def of(self, resource: str, *keys: str) -> Mark:
        for key in keys:
            if (resource, key) in self.objects:
                return self.objects[resource, key]
        return Mark()

    def removed(self, resource: str) -> list[tuple[str, str]]:
        """The ids and names of objects of a kind that are deleted."""
        return [
            (key, mark.name) for (kind, key), mark in self.objects.items() if kind == resource and mark.state == REMOVED
        ]


def read_plan(plan: Any) -> Marks:
    """A plan: a list of {resource, id, name, action, changes}. Raises InvalidOption where it is none."""
    marks = Marks()
    if plan is None:
        return marks
    if not isinstance(plan, (list, tuple)):
        raise InvalidOption("plan: is not a list; give the plan of a result of telephony.pbx.tenant")
    for index, step in enumerate(plan):
        if not isinstance(step, Mapping):
            raise InvalidOption(f"plan[{index}]: is not a dictionary")
        state = _ACTIONS.get(text(step.get("action")), UNCHANGED)
        if state == UNCHANGED:
            continue
        mark = Mark(state, text(step.get("name")))
        if state == CHANGED:
            for change in step.get("changes") or []:
                if isinstance(change, Mapping):
                    _note(mark, text(change.get("field")), change.get("before"), change.get("after"))
        marks.objects[text(step.get("resource")), text(step.get("id"))] = mark
    return marks


def _note(mark: Mark, name: str, before: Any, after: Any) -> None:
    """One changed leaf, addressed as in MODEL: `members[106].ring_time`, `members[107]`, `overflow_to`."""
    found = re.fullmatch(r"(?:members|destinations)\[(.*)\](?:\.(\w+))?", name)
    if not found:
        mark.fields[name] = (_change(before, after), text(before), text(after))
        if name.endswith(".order"):
            mark.lines.append("order changes")
        else:
            mark.lines.append(f"{name}: {_words(name, before, after)}")
        return
    key, option = found.groups()
    if option is None:
        mark.items[key] = (_change(before, after), "")
        return
    state, words = mark.items.get(key, (CHANGED, ""))
    label = "" if option in ("ring_time", "timeout") else f"{option} "
    new = f"{label}{_words(option, before, after)}"
    mark.items[key] = (state, f"{words}, {new}" if words else new)


def _change(before: Any, after: Any) -> str:
    if before in (None, "", []):
        return ADDED
    return REMOVED if after in (None, "", []) else CHANGED


def _words(option: str, before: Any, after: Any) -> str:
    unit = " s" if option.rpartition(".")[2] in _SECONDS or option.endswith("_dur") else ""
    old, new = text(before) or "nothing", text(after) or "nothing"
    return f"{old} → {new}{unit}"
