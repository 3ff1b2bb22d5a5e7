# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who rings when on BroadWorks behind APIO: hunt groups; users are in callflow_user.py.

Sources of the rules: resellers' and users' manuals of BroadWorks hunt groups (MAS, RED, WBX, EVO, VOD, CON, EOS, BON,
KMV, SIN in the developers' notes) and the vendor's schema (OCI); how sure each is stands beside its use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from ...callflow import numbers
from ...callflow.chance import Hunt, Turn, one_by_one
from ...callflow.model import (
    BUSY,
    DND,
    FORWARDED,
    LOW,
    MEDIUM,
    NEVER,
    NOT_REGISTERED,
    OWN_HANDLING,
    RINGS_ON,
    Assumption,
    Ring,
    Time,
    milliseconds,
    seconds,
)
from ...callflow.tenant import Item, Tenant
from ...callflow.values import text, truth
from ...callflow.vendor import GROUP, Exit, Part, Target, hand_over, phone_name, resolve, see_group, see_member
from ...callflow.walk import Cursor, Leg, Walk, cut, ending, followed, ringing, together, unknown
from .call_rules import ASSUMPTIONS, RULES
from .callflow_user import User

POLICIES = ("regular", "circular", "simultaneous", "uniform", "weighted")
_LONGEST_HUNT = 120_000  # ms; one reseller names two minutes as the most that a hunt may take (RED, L)
_REASONS = {BUSY: "busy", NOT_REGISTERED: "not registered", DND: "do not disturb"}


class Calls:
    """The rules B1 to B13."""

    rules: Mapping[str, str] = RULES
    assumptions: Mapping[str, Assumption] = ASSUMPTIONS

    # -- names -------------------------------------------------------------------------------------------------------
    def key(self, group: Item) -> str:
        """What results call a group: its serviceUserId, else its name."""
        return text(group.get("id")) or text(group.get("name")) or group.path

    def group_names(self, group: Item) -> list[str]:
        options = ("id", "extension", "phone_number")
        return [name for name in (self.key(group), *(text(group.get(option)) for option in options)) if name]

    def extension_names(self, extension: Item) -> list[str]:
        options = ("id", "phone_number", "user")
        return [name for name in (text(extension.get(option)) for option in options) if name]

    def policy(self, group: Item) -> str:
        return text(group.get("policy"))

    def parts(self, tenant: Tenant, group: Item) -> list[Part]:
        weighted = self.policy(group) == "weighted"
        found = []
        for one in group.items("members") or []:
            phone = phone_name(self, tenant, text(one.get("extension")))
            found.append(Part(phone, one, weight=one.number("weight") if weighted else None))
        return found

    def exits(self, group: Item) -> list[Exit]:
        found = []
        overflow, after = text(group.get("overflow_to")), group.number("overflow_after")
        if overflow:
            when = f"after {after} s" if after else "overflow"
            found.append(Exit("overflow", overflow, when, f"{group.path}.overflow_to", ("B4",), MEDIUM, bool(after)))
        if truth(group.setting("enableNotReachableForwarding")):
            number = text(group.setting("notReachableForwardToPhoneNumber"))
            path = f"{group.path}.settings.notReachableForwardToPhoneNumber"
            found.append(Exit("overflow", number, "none reachable", path, ("B6",), MEDIUM))
        return [exit_ for exit_ in found if exit_.number]

    def personal(self, tenant: Tenant, target: Target) -> list[Exit]:
        return User(self, tenant, target).exits()

    # -- groups ------------------------------------------------------------------------------------------------------
    def group(self, walk: Walk, group: Item, cursor: Cursor) -> Leg:
        with walk.inside(("group", self.key(group))) as free:
            if not free:
                return walk.loop(cursor, f"group {self.key(group)}", group.path, "B4")
            if truth(group.get("enabled")) is False:
                return unknown(cursor, (BUSY, "released"), ("B7",), f"{group.path}.enabled")
            if self._is_on(walk, group, "enableGroupBusy"):
                return ending(cursor, BUSY, ("B7",), MEDIUM, path=f"{group.path}.settings.enableGroupBusy")
            return followed_by_overflow(self, walk, group, cursor)

    def _is_on(self, walk: Walk, group: Item, setting: str) -> bool:
        """A switch of the group; both ways where the document omits it."""
        known = truth(group.setting(setting))
        if known is not None:
            return known
        walk.warn(
            "setting-omitted", f"{group.path}.settings.{setting}", f"{setting} is omitted: both ways are possible"
        )
        return walk.settle((self.key(group), setting), first=False)

    def hunt(self, walk: Walk, group: Item, cursor: Cursor) -> Leg:
        see_group(walk, group)
        parts = self.parts(walk.tenant, group)
        if group.get("members") is None:
            return unknown(cursor, ("its members ring",), ("B1",), f"{group.path}.members")
        able = [self._can_ring(walk, group, part) for part in parts]
        if not any(able):
            return self._nobody(walk, group, parts, cursor)
        policy, count = self.policy(group), able.count(True)
        if policy not in POLICIES and count > 1:
            return unknown(cursor, ("members ring in an order that is not known",), ("B1",), f"{group.path}.policy")
        start = cursor.by(MEDIUM)
        if policy == "simultaneous":
            who = [part for part, one in zip(parts, able) if one]
            leg = together(start, [partial(self._rings, NEVER, "all together", part) for part in who])
        else:
            length, assumed = self._turn_length(walk, group)
            start = start.by(MEDIUM, assumed)
            turns = [
                Turn(part.phone, partial(self._rings, length, policy, part), one, part.weight)
                for part, one in zip(parts, able)
            ]
            names = (self.key(group), *self.group_names(group), text(group.get("name")))
            leg = one_by_one(walk, start, Hunt(names, policy, group.path, "B12"), turns)
        return self._until_overflow(walk, group, cursor, leg)

    def _can_ring(self, walk: Walk, group: Item, part: Part) -> bool:
        """B3."""
        see_member(walk, self, part)
        state = walk.given.state(part.phone)
        if truth(part.item.get("logged_in")) is False or walk.given.is_signed_out(part.phone, self.group_names(group)):
            walk.quiet(part.phone, "signed out")
            return False
        if state == BUSY and self._is_on(walk, group, "allowCallWaitingForAgents"):
            walk.warn(
                "apio-call-waiting", part.item.path, f"{part.phone} rings while busy only if its own call waiting is on"
            )
            return True
        if state in _REASONS:
            walk.quiet(part.phone, _REASONS[state])
        return state not in _REASONS

    def _turn_length(self, walk: Walk, group: Item) -> tuple[Time, bool]:
        """B2: how long an agent rings. The second: whether an assumption went into it."""
        hunting = truth(group.setting("huntAfterNoAnswer"))
        rings = group.number("settings.noAnswerNumberOfRings")
        if hunting is False:
            return NEVER, False
        if hunting is None or not rings:
            name = "huntAfterNoAnswer" if hunting is None else "noAnswerNumberOfRings"
            walk.warn(
                "setting-omitted",
                f"{group.path}.settings.{name}",
                f"{name} is omitted: how long each rings is not known",
            )
            return None, False
        ring_seconds, _confidence = walk.suppose("apio.ring_seconds")
        return milliseconds(rings * float(ring_seconds)), True

    def _rings(self, length: Time, policy: str, part: Part, cursor: Cursor) -> Leg:
        kind = "external" if numbers.looks_external(part.phone) else "extension"
        why = "in order" if policy == "regular" else policy
        return ringing(cursor, length, part.phone, kind, why, part.item.path, ("B1", "B2"))

    def _until_overflow(self, walk: Walk, group: Item, cursor: Cursor, leg: Leg) -> Leg:
        """B4 and B8: everything is cut when the call overflows; between the last agent and that nothing is known."""
        overflow, after = text(group.get("overflow_to")), group.number("overflow_after")
        if leg.end:
            return leg
        if leg.next and leg.next.at != NEVER:
            self._note_long_hunt(walk, group, cursor, leg.next)
        if not overflow:
            return leg
        if after == 0:
            return unknown(
                cursor, (f"{FORWARDED} to {overflow} at once", "it rings"), ("B4",), f"{group.path}.overflow_after"
            )
        if after is None:
            place = f"{group.path}.overflow_after"
            walk.warn("setting-omitted", place, "overflow_after is omitted: when the call overflows is not known")
            return Leg(tuple(self._may_be_cut(cursor, ring) for ring in leg.rings), cursor.after(None))
        limit = cursor.by(MEDIUM).after(milliseconds(after))
        sooner = leg.next is not None and leg.next.at is not None and limit.at is not None and leg.next.at < limit.at
        if sooner and leg.next:
            text_ = f"from {seconds(leg.next.at)} to {seconds(limit.at)} s: all were tried, what the caller hears is not known"
            walk.warn("apio-after-the-last", group.path, text_)
            limit = limit.by(LOW)
        if leg.next is None:
            return leg
        assumed = leg.next.assumed
        whole = cut(leg, limit)
        return Leg(whole.rings, limit.by(leg.next.confidence if leg.next.at is not None else LOW, assumed))

    def _may_be_cut(self, cursor: Cursor, ring: Ring) -> Ring:
        """A ring of which nobody knows whether the overflow comes before its end, or even before its start."""
        return replace(ring, since=ring.since if ring.since == cursor.at else None, until=None)

    def _note_long_hunt(self, walk: Walk, group: Item, cursor: Cursor, after: Cursor) -> None:
        if cursor.at is not None and after.at is not None and after.at - cursor.at > _LONGEST_HUNT:
            walk.warn(
                "apio-long-hunt", group.path, "one source says that a hunt ends after two minutes; this one is longer"
            )

    def _nobody(self, walk: Walk, group: Item, parts: list[Part], cursor: Cursor) -> Leg:
        """B5 and B6: nobody can ring."""
        states = {walk.given.state(part.phone) for part in parts}
        if parts and states == {NOT_REGISTERED}:
            number = text(group.setting("notReachableForwardToPhoneNumber"))
            path = f"{group.path}.settings"
            if self._is_on(walk, group, "enableNotReachableForwarding"):
                if number:
                    return hand_over(
                        walk, self, cursor.by(MEDIUM), number, ("B6",), f"{path}.notReachableForwardToPhoneNumber"
                    )
                return unknown(cursor, (BUSY, FORWARDED), ("B6",), path)
            if self._is_on(walk, group, "makeBusyWhenNotReachable"):
                return ending(cursor, BUSY, ("B6",), MEDIUM, path=path)
            return unknown(cursor, (BUSY, "released", OWN_HANDLING), ("B6",), path)
        possible = ("the group's own forwarding", "the group's voicemail")
        confidence = LOW if NOT_REGISTERED in states or not parts else MEDIUM
        return ending(cursor, BUSY, ("B5",), confidence, possible=possible, path=group.path)

    # -- users -------------------------------------------------------------------------------------------------------
    def extension(self, walk: Walk, target: Target, cursor: Cursor) -> Leg:
        """B13."""
        with walk.inside(("extension", target.number)) as free:
            if not free:
                return walk.loop(cursor, f"user {target.number}", target.item.path if target.item else "", "B13")
            return User(self, walk.tenant, target).call(walk, cursor)

    def location(self, walk: Walk, number: str, length: Time, path: str, cursor: Cursor) -> Leg:
        """A location of Sequential Ring rings: a phone, or the agents of a group for as long."""
        target = resolve(self, walk.tenant, number)
        if target.kind == GROUP and target.item:
            with walk.inside(("group", self.key(target.item))) as free:
                if not free:
                    return walk.loop(cursor, f"group {self.key(target.item)}", path, "B13")
                return cut(self.hunt(walk, target.item, cursor.by(LOW)), cursor.by(LOW).after(length))
        kind = "extension" if target.kind == "extension" else "external"
        return ringing(cursor, length, target.number, kind, "Sequential Ring", path, ("B13",))


def followed_by_overflow(calls: Calls, walk: Walk, group: Item, cursor: Cursor) -> Leg:
    """The ringing of a group and what comes when nobody has answered."""
    leg = calls.hunt(walk, group, cursor)
    overflow = text(group.get("overflow_to"))
    if leg.next and leg.next.at == NEVER:
        return Leg(leg.rings, end=ending(leg.next, RINGS_ON, ("B2",), MEDIUM, path=group.path).end)
    if overflow:
        path = f"{group.path}.overflow_to"
        return followed(leg, lambda after: hand_over(walk, calls, after, overflow, ("B4",), path))
    key = calls.key(group)
    possible: tuple[str, ...] = (f"voicemail of {key}", f"forwarding of {key}", "busy")
    if group.get("overflow_to") is None:
        possible = (*possible, "overflow to a number that the document omits")
        walk.warn(
            "setting-omitted",
            f"{group.path}.overflow_to",
            "overflow_to is omitted: whether the call overflows is not known",
        )
        return followed(leg, lambda after: unknown(after, possible, ("B4", "B8"), group.path))
    return followed(
        leg, lambda after: ending(after, OWN_HANDLING, ("B8",), LOW, by=key, possible=possible, path=group.path)
    )


CALLS = Calls()
