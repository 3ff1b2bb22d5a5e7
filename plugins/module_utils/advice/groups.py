# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Advice on hunt groups: members, sign-ins, overflow, weights, ringing. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..callflow.model import HIGH, MEDIUM, NEVER, UNKNOWN, seconds
from ..callflow.values import text, truth
from ..callflow.vendor import GROUP, Part
from ..callflow.walk import Cursor, Leg
from . import rules
from .view import View


@dataclass(frozen=True)
class Advice:
    """A rule that an object breaks. path: of the object, or within it, in the document."""

    rule: str
    path: str
    message: str


def members(view: View) -> Iterator[Advice]:
    """Groups with no member, or with few."""
    least = view.thresholds["least_members"]
    for group in view.groups():
        parts = view.parts(group)
        if parts is None:
            continue
        if not parts:
            yield Advice(rules.NO_MEMBER, group.path, "has no member, so nobody rings")
        elif len(parts) < least:
            yield Advice(rules.FEW_MEMBERS, group.path, f"has {_count(len(parts), 'member')}, fewer than {least}")


def sign_ins(view: View) -> Iterator[Advice]:
    """Groups whose members have signed out, where members sign in at all."""
    if "logged_in" not in view.facts.member_options:
        return
    least = view.thresholds["least_signed_in"]
    for group in view.groups():
        states = [truth(part.item.get("logged_in")) for part in view.parts(group) or []]
        if not states or None in states:
            continue
        count = states.count(True)
        if not count:
            message = f"none of its {_count(len(states), 'member')} is signed in, so nobody rings"
            yield Advice(rules.NOBODY_SIGNED_IN, group.path, message)
        elif count < min(least, len(states)):
            message = f"{count} of its {len(states)} members is signed in, fewer than {least}"
            yield Advice(rules.FEW_SIGNED_IN, group.path, message.replace(" is ", " are ") if count > 1 else message)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def overflow(view: View) -> Iterator[Advice]:
    """Groups without overflow, where the backend has one."""
    if "overflow_to" not in view.facts.group_options:
        return
    for group in view.groups():
        written = group.get("overflow_to")
        if written is not None and not text(written):
            yield Advice(rules.NO_OVERFLOW, group.path, "has no overflow: a call that nobody answers leads nowhere")


def outsiders(view: View) -> Iterator[Advice]:
    """Extensions that no group rings. Only where all extensions, and all members of all groups, are known."""
    if not view.knows_all("extensions", "hunt_groups"):
        return
    ringing: set[str] = set()
    for group in view.tenant.hunt_groups:
        parts = view.parts(group)
        if parts is None:
            return
        ringing.update(part.phone for part in parts)
    for item in view.tenant.extensions:
        if not ringing & set(view.vendor.extension_names(item)):
            yield Advice(rules.IN_NO_GROUP, item.path, "is a member of no hunt group")


def weights(view: View) -> Iterator[Advice]:
    """Weighted members with weight 0."""
    for group in view.groups():
        if view.asked(lambda group=group: view.vendor.policy(group)) != "weighted":  # type: ignore[misc]
            continue
        parts = view.parts(group) or []
        zero = [part for part in parts if part.weight == 0]
        if zero and len(zero) == len(parts):
            yield Advice(rules.ZERO_WEIGHT, group.path, "all its members have weight 0, so none of them has a share")
            continue
        for part in zero:
            message = f"member {part.phone} has weight 0 and gets no call while another member can ring"
            yield Advice(rules.ZERO_WEIGHT, part.item.path, message)


def silent_members(view: View) -> Iterator[Advice]:
    """Members whose turn never comes while all phones are free: behind one that rings without end, or after the overflow."""
    for group in view.groups():
        parts = view.parts(group)
        if parts is None or len(parts) < 2:
            continue
        legs = view.ways(lambda walk, group=group: view.vendor.hunt(walk, group, Cursor()))  # type: ignore[misc]
        if not legs or not all(_is_certain(leg) for leg in legs):
            continue
        heard = {ring.path for leg in legs for ring in leg.rings}
        never = [part for part in parts if part.item.path not in heard and _takes_part(view, part)]
        if heard and never:
            yield Advice(rules.NEVER_RINGS, group.path, _why_silent(never, legs))


def _is_certain(leg: Leg) -> bool:
    """Whether the vendor's rules tell who rings up to the end of it."""
    return leg.end is None or (leg.end.is_ != UNKNOWN and leg.end.confidence in (HIGH, MEDIUM))


def _takes_part(view: View, part: Part) -> bool:
    """Whether a member rings at all; others have advice of their own. A group as member rings by its own members."""
    target = view.target(part.phone)
    is_phone = target is not None and target.kind != GROUP
    return is_phone and part.weight != 0 and truth(part.item.get("logged_in")) is not False


def _why_silent(never: Sequence[Part], legs: Sequence[Leg]) -> str:
    who = ", ".join(part.phone for part in never)
    subject = f"member {who} never rings" if len(never) == 1 else f"members {who} never ring"
    ends = [leg.next.at for leg in legs if leg.next and leg.next.at is not None]
    if NEVER in ends:
        return f"{subject} while all phones are free: another member rings without end"
    leaves = f" after {seconds(max(ends))} s" if ends else " before that"
    return f"{subject} while all phones are free: the call leaves the hunt group{leaves}"
