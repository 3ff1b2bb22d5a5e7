# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long and in which order the members of a group ring, as labels of its picture. Pure, no vendor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...callflow.model import NEVER, Confidence, Ring, Time, lowest, seconds
from ...callflow.tenant import Item
from ...callflow.vendor import Part
from ...callflow.walk import Cursor, Leg, Notes
from .simulate import Caller, every_way

POLICY_WORDS = {
    "regular": ("one by one", "always from the top"),
    "circular": ("one by one", "on from the last one"),
    "simultaneous": ("all together", ""),
    "uniform": ("one by one", "longest idle first"),
    "weighted": ("one by one", "drawn by weight"),
    "random": ("one by one", "in random order"),
    "least_used": ("one by one", "used longest ago first"),
    "stages": ("stage by stage", ""),
    "": ("policy not known", ""),
}


@dataclass(frozen=True)
class Share:
    """What a picture says of one member: label for the arrow, spoken for the outline."""

    label: str
    spoken: str
    order: int | None
    confidence: Confidence
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Hunted:
    """All ways in which a group rings when everybody is idle. leaves: when it gives up; None = differs or not known."""

    legs: tuple[Leg, ...]
    notes: Notes
    silent: dict[str, str]

    @property
    def leaves(self) -> Time:
        times = {leg.next.at if leg.next else None for leg in self.legs}
        return times.pop() if len(times) == 1 else None


def hunted(asked: Caller, group: Item) -> Hunted:
    """Ring a group as it is given, from 0."""
    notes = Notes()
    ways = every_way(asked, lambda walk: asked.vendor.hunt(walk, group, Cursor()), notes)
    silent = {phone: why for walk, _leg in ways for phone, why in walk.silent.items()}
    return Hunted(tuple(leg for _walk, leg in ways), notes, silent)


def share_of(hunted_: Hunted, part: Part, policy: str) -> Share:
    """The label of one member, from every way in which the group rings."""
    rings = [[ring for ring in leg.rings if ring.path == part.item.path] for leg in hunted_.legs]
    seen = [ring for way in rings for ring in way]
    if not seen:
        why = hunted_.silent.get(part.phone, "")
        words = f"does not ring: {why}" if why else "does not ring"
        return Share(why or "does not ring", words, None, None, ())
    confidence = lowest(*(ring.confidence for ring in seen))
    rules = tuple(dict.fromkeys(rule for ring in seen for rule in ring.rules))
    spans = {(ring.since, ring.until) for ring in seen}
    if len(spans) == 1 and all(rings) and not seen[0].unordered:
        span = span_words(*spans.pop())
        order = _order(hunted_.legs[0].rings, seen[0]) if policy not in ("simultaneous", "stages") else None
        return Share(f"{order} · {span}" if order else span, span, order, confidence, rules)
    length = _length(seen, hunted_.legs)
    if part.weight is not None:
        words = f"{part.weight} % · {length}"
    else:
        words = f"{'in turn' if policy == 'circular' else 'any'} · {length}"
    return Share(words, words.replace("any ·", "any order,").replace(" ·", ","), None, confidence, rules)


def span_words(since: Time, until: Time) -> str:
    """`0-15 s`, `10-… s` for what rings on, `0-? s` and `? s` for what is not known."""
    if since is None:
        return "? s"
    end = "…" if until == NEVER else "?" if until is None else seconds(until)
    return f"{seconds(since)}-{end} s"


def _order(rings: Iterable[Ring], ring: Ring) -> int:
    """The place of a ring among those of its group that start at another time."""
    listed = list(rings)
    if ring.since is None:
        return listed.index(ring) + 1
    return len({one.since for one in listed if one.since is not None and one.since < ring.since}) + 1


def _length(seen: list[Ring], legs: tuple[Leg, ...]) -> str:
    if any(ring.unordered for ring in seen):
        whole = legs[0].next.at if legs[0].next else None
        latest = seen[0].latest
        if whole is None or whole == NEVER or latest is None:
            return "? s"
        return f"{seconds(whole - latest)} s"
    lengths: set[Time] = set()
    for ring in seen:
        known = ring.since is not None and ring.until is not None
        lengths.add(ring.until - ring.since if known and ring.until is not None and ring.since is not None else None)
    if len(lengths) > 1:
        return "differs"
    (length,) = lengths
    return "? s" if length is None else "on and on" if length == NEVER else f"{seconds(length)} s"
