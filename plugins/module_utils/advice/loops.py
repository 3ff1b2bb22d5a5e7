# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Advice on calls that come back: own numbers, and loops over groups, forwarding and follow-me together. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..callflow.vendor import EXTENSION, GROUP, Target
from . import rules
from .groups import Advice
from .view import View


@dataclass(frozen=True)
class Lead:
    """An object sends calls to another one. path: where that is written. when: in words. rings: as a member."""

    to: str
    path: str
    when: str
    rings: bool = False


def back_to_itself(view: View) -> Iterator[Advice]:
    """Objects that send calls to their own number, and loops over groups, forwarding and follow-me together."""
    leads = dict(_leads(view))
    for start, found in leads.items():
        for lead in found:
            if lead.to == start and not lead.rings:
                message = f"calls to {_number(start)} are sent to its own number ({lead.when})"
                yield Advice(rules.OWN_NUMBER, lead.path, message)
    others = {start: [lead for lead in found if lead.to != start] for start, found in leads.items()}
    done: set[str] = set()
    for start in _in_loops(others):
        way = _way_back(start, others) if start not in done else []
        if way and _goes_round(view, start, way):
            done |= {start, *(lead.to for lead in way)}
            told = f"{start}" + "".join(f" -> ({lead.when}) {lead.to}" for lead in way)
            yield Advice(rules.CALL_LOOP, way[0].path, f"calls come back: {told}")


def _leads(view: View) -> Iterator[tuple[str, list[Lead]]]:
    """Every object that sends calls on, as `hunt group 200` or `extension 101`."""
    for group in view.groups():
        found = [Lead(_named(view, exit_.number), exit_.path, exit_.when) for exit_ in view.exits(group)]
        for part in view.parts(group) or []:
            name = _named(view, part.phone)
            if part.own_handling or name.startswith("hunt group"):
                found.append(Lead(name, part.item.path, "rings", rings=True))
        names = view.asked(lambda group=group: view.vendor.group_names(group))  # type: ignore[misc]
        if names:
            yield f"hunt group {names[0]}", found
    for target in view.extensions():
        exits = view.personal(target)
        if exits:
            yield _extension(target), [Lead(_named(view, one.number), one.path, one.when) for one in exits]


def _named(view: View, number: str) -> str:
    target = view.target(number)
    if target is None:
        return ""
    if target.kind == GROUP:
        return f"hunt group {target.number}"
    return _extension(target) if target.kind == EXTENSION else ""


def _number(named: str) -> str:
    return named.removeprefix("hunt group ").removeprefix("extension ")


def _extension(target: Target) -> str:
    return f"extension {target.number}"


def _in_loops(leads: Mapping[str, list[Lead]]) -> list[str]:
    """The objects that may be part of a loop: what remains when ends are taken away again and again."""
    rest = {start: {lead.to for lead in found} for start, found in leads.items()}
    while True:
        kept = {start: {to for to in found if to in rest} for start, found in rest.items()}
        kept = {start: found for start, found in kept.items() if found}
        if len(kept) == len(rest):
            return sorted(kept)
        rest = kept


def _way_back(start: str, leads: Mapping[str, list[Lead]]) -> list[Lead]:
    """The shortest way from an object back to itself; nothing where there is none."""
    came_by: dict[str, tuple[str, Lead]] = {}
    border = [start]
    while border:
        place = border.pop(0)
        for lead in leads.get(place, []):
            if lead.to == start:
                way = [lead]
                while place != start:
                    place, lead = came_by[place]
                    way.append(lead)
                return way[::-1]
            if lead.to in leads and lead.to not in came_by:
                came_by[lead.to] = (place, lead)
                border.append(lead.to)
    return []


def _goes_round(view: View, start: str, way: list[Lead]) -> bool:
    """Whether the vendor's rules walk it. A group or extension as a member may just ring there as a phone."""
    if not any(lead.rings for lead in way):
        return True
    return view.comes_back(_number(start))
