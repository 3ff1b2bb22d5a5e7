# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which members of a hunt group stay, are added, or have to be taken out and put back.

Pure. The order of members is the order in which they were added, and no request changes it (vendor note, section 3).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ...model.values import Values
from .wire import MEMBER_WIRE


@dataclass(frozen=True)
class Arrangement:
    """What to do about the members of a group.

    again: members that stay and whose times differ: adding one again may update it. tail: what is added behind those that
    stay, in this order: new members, and present ones (`moved`) that are taken out before. surplus: who goes for good.
    """

    again: tuple[Values, ...]
    tail: tuple[Values, ...]
    moved: frozenset[str]
    surplus: tuple[str, ...]


def arrange(present: Sequence[Values], wanted: Sequence[Values], ordered: bool, in_place: bool = True) -> Arrangement:
    """From the present members to the wanted ones. in_place: whether adding a member again may update it."""
    shown: dict[str, Values] = {}
    places: dict[str, int] = {}
    for place, member in enumerate(present):
        shown.setdefault(member["extension"], member)
        places.setdefault(member["extension"], place)
    times = Counter(member["extension"] for member in present)
    differing = {one["extension"] for one in wanted if _differs(one, shown.get(one["extension"]))}
    staying: set[str] = set()
    last = -1
    for member in wanted:
        number = member["extension"]
        stays = times[number] == 1 and (in_place or number not in differing)
        if ordered:
            if not stays or places[number] < last:
                break
            last = places[number]
        if stays:
            staying.add(number)
    tail = [member for member in wanted if member["extension"] not in staying]
    if not ordered:  # first those who are new, so that there is always somebody to ring
        tail.sort(key=lambda member: member["extension"] in shown)
    return Arrangement(
        again=tuple(one for one in wanted if one["extension"] in staying & differing),
        tail=tuple(tail),
        moved=frozenset(one["extension"] for one in tail if one["extension"] in shown),
        surplus=tuple(sorted(set(shown) - {member["extension"] for member in wanted})),
    )


def _differs(member: Values, shown: Values | None) -> bool:
    return shown is not None and any(option in member and shown.get(option) != member[option] for option in MEMBER_WIRE)
