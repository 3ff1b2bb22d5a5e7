# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of a Vodia hunt group: extensions or outside numbers, each in a stage from 1 to 3.

Source: vendor note section 6 (`st1_ext` to `st3_ext`: the numbers of a stage in one string, separated by blanks).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

from ...errors import InvalidOption
from ...model.values import Values
from ..contract import Pairing
from ..decoding import text

STAGES = (1, 2, 3)


def decode_members(settings: Values) -> list[Values]:
    """The members by stage; a number that a stage has twice rings once. Raises BadAnswer."""
    return [
        {"extension": extension, "stage": stage}
        for stage in STAGES
        for extension in dict.fromkeys(text(settings, f"st{stage}_ext").split())
    ]


def encode_stages(members: Sequence[Values]) -> Values:
    """The numbers of each stage in one string."""
    return {
        f"st{stage}_ext": " ".join(member["extension"] for member in members if member["stage"] == stage)
        for stage in STAGES
    }


def with_stages(place: str, declared: Sequence[Values], present: Sequence[Values]) -> list[Values]:
    """Declared members with their stage: the declared one, else the first present one that is not declared, else 1.

    Raises InvalidOption when a member is then twice in a stage.
    """
    written = {(member["extension"], member["stage"]) for member in declared if "stage" in member}
    stages: dict[str, int] = {}
    for member in reversed(present):
        if (member["extension"], member["stage"]) not in written:
            stages[member["extension"]] = member["stage"]
    members = [{"stage": stages.get(member["extension"], STAGES[0]), **member} for member in declared]
    counts = Counter((member["extension"], member["stage"]) for member in members)
    twice = next((identity for identity, count in counts.items() if count > 1), None)
    if twice:
        raise InvalidOption(f"{place}: members: {twice[0]} is listed twice in stage {twice[1]}; keep one of them")
    return members


def pair_members(wanted: Sequence[Values], present: Sequence[Values]) -> Pairing:
    """A member of one stage before and after is one member, which may change its stage; else each stage has its own."""
    counts = [Counter(member["extension"] for member in members) for members in (wanted, present)]

    def key(member: Values) -> Hashable:
        extension = member["extension"]
        once = all(count[extension] <= 1 for count in counts)
        return (extension,) if once else (extension, member.get("stage"))

    return Pairing(tuple(map(key, present)), tuple(map(key, wanted)))
