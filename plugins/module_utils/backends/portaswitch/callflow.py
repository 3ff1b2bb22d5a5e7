# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who rings when on PortaSwitch: hunt groups, and an extension with its follow-me.

Sources of the rules: PortaOne's manuals on hunt groups, follow-me and call forwarding, its wiki on hunt group overflow,
the sources of its portal's documentation, and a reseller's manual (RLX); how sure each is stands beside its use.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from ...callflow import numbers
from ...callflow.chance import Hunt, Turn, one_by_one
from ...callflow.model import (
    BUSY,
    DND,
    HIGH,
    IDLE,
    LOW,
    MEDIUM,
    NEVER,
    NOT_REGISTERED,
    OWN_HANDLING,
    RELEASED,
    RINGS_ON,
    Assumption,
    Time,
    milliseconds,
)
from ...callflow.tenant import Item, Tenant
from ...callflow.values import text, truth
from ...callflow.vendor import EXTENSION, GROUP, Exit, Part, Target, phone_name, resolve, see_group, see_member
from ...callflow.walk import Cursor, Leg, Step, Walk, cut, ending, followed, ringing, together, unknown
from . import call_periods
from .call_rules import ASSUMPTIONS, RULES

POLICIES = ("regular", "random", "simultaneous", "least_used")
_REASONS = {BUSY: "busy", NOT_REGISTERED: "not registered", DND: "do not disturb"}


class Calls:
    """The rules P1 to P12. `limit` is the time-out of a follow-me destination that leads into a group (P8)."""

    rules: Mapping[str, str] = RULES
    assumptions: Mapping[str, Assumption] = ASSUMPTIONS

    # -- names -------------------------------------------------------------------------------------------------------
    def group_names(self, group: Item) -> list[str]:
        return [name for name in (text(group.get("id")) or text(group.get("name")),) if name]

    def extension_names(self, extension: Item) -> list[str]:
        return [text(extension.get("id"))]

    def policy(self, group: Item) -> str:
        return text(group.get("policy"))

    def parts(self, tenant: Tenant, group: Item) -> list[Part]:
        return [
            Part(
                phone_name(self, tenant, text(one.get("extension"))),
                one,
                own_handling=truth(one.get("huntstop")) is False,
            )
            for one in group.items("members") or []
        ]

    def exits(self, group: Item) -> list[Exit]:
        return []  # P7: there is no overflow

    def personal(self, tenant: Tenant, target: Target) -> list[Exit]:
        found = []
        for one in self._follow_me(tenant, target.number):
            when = [f"{one.number('timeout') or 'usual'} s"]
            period = " ".join(text(one.get("period")).split())
            if call_periods.matters(period):
                when.append(text(one.get("period_description")) or period)
            if truth(one.get("active")) is not False:
                exit_ = Exit("follows", text(one.get("number")), ", ".join(when), one.path, ("P10", "P11"), MEDIUM)
                found.append(exit_)
        return found

    def _follow_me(self, tenant: Tenant, phone: str) -> list[Item]:
        """The destinations of a phone's account; none where the document holds none."""
        extension = tenant.find("extensions", phone, self.extension_names)
        account = text(extension.get("account")) if extension else ""
        lists = [one for one in tenant.follow_me if account and text(one.get("account")) == account]
        return (lists[0].items("destinations") or []) if lists else []

    # -- groups ------------------------------------------------------------------------------------------------------
    def group(self, walk: Walk, group: Item, cursor: Cursor) -> Leg:
        rang: list[bool] = []

        def everybody_was_tried(after: Cursor) -> Leg:
            confidence = MEDIUM if rang or not self._all_signed_out(walk, group) else LOW
            return ending(after, RELEASED, ("P7",), confidence, path=group.path)

        leg = self.hunt(walk, group, cursor)
        rang.extend(bool(ring) for ring in leg.rings)
        if leg.next and leg.next.at == NEVER:
            return Leg(leg.rings, end=ending(leg.next, RINGS_ON, ("P2",), MEDIUM, path=group.path).end)
        return followed(leg, everybody_was_tried)

    def _all_signed_out(self, walk: Walk, group: Item) -> bool:
        return all(self._signed_out(walk, group, part) for part in self.parts(walk.tenant, group))

    def hunt(self, walk: Walk, group: Item, cursor: Cursor, limit: Time = None) -> Leg:
        name = self.group_names(group)[0] if self.group_names(group) else group.path
        with walk.inside(("group", name)) as free:
            if not free:
                return walk.loop(cursor, f"group {name}", group.path, "P9")
            see_group(walk, group)
            if group.get("members") is None:
                return unknown(cursor, ("its members ring",), ("P1",), f"{group.path}.members")
            return self._ring(walk, group, name, cursor, limit)

    def _ring(self, walk: Walk, group: Item, name: str, cursor: Cursor, limit: Time) -> Leg:
        present = []
        for part in self.parts(walk.tenant, group):
            if self._signed_out(walk, group, part):
                walk.quiet(part.phone, "signed out")  # P3: takes no time
            else:
                present.append(part)
                see_member(walk, self, part)
        policy = self.policy(group)
        if policy not in POLICIES and len(present) > 1:
            return unknown(cursor, ("members ring in an order that is not known",), ("P1",), f"{group.path}.policy")
        turns = [
            self._turn(walk, part, present[place + 1 :], policy, cursor, limit) for place, part in enumerate(present)
        ]
        if policy == "simultaneous":
            return together(cursor, [turn.step for turn in turns])
        chosen = Hunt((name, text(group.get("name"))), policy if len(present) > 1 else "regular", group.path, "P1")
        return one_by_one(walk, cursor.by(HIGH if policy != "random" else MEDIUM), chosen, turns)

    def _signed_out(self, walk: Walk, group: Item, part: Part) -> bool:
        names = [*self.group_names(group), text(group.get("name"))]
        return truth(part.item.get("logged_in")) is False or walk.given.is_signed_out(part.phone, names)

    def _turn(self, walk: Walk, part: Part, behind: list[Part], policy: str, start: Cursor, limit: Time) -> Turn:
        """A member's turn. start: where the call entered the group."""
        target = resolve(self, walk.tenant, part.phone)
        after = behind[0].phone if behind and policy == "regular" else "the next member"
        if policy == "simultaneous" or not behind and policy == "regular":
            after = ""
        if target.kind == GROUP and target.item:
            return Turn(part.phone, partial(self._inner_group, walk, target.item, part, limit))
        own = self._own_handling_of_member(walk, part, after)
        cannot = _REASONS.get(walk.given.state(part.phone))
        if cannot:
            walk.quiet(part.phone, cannot)

            def over_at_once(cursor: Cursor) -> Leg:
                sure = cursor.by(MEDIUM)  # P4; the delay is not waited for
                return Leg(next=sure) if own is None else own(sure)

            return Turn(part.phone, over_at_once, takes_part=own is not None)

        def rings(cursor: Cursor) -> Leg:
            begin = self._start(walk, part, policy, start, cursor)
            leg = self._member_rings(walk, part, target, begin, limit, policy)
            return leg if own is None else followed(leg, own)

        return Turn(part.phone, rings)

    def _inner_group(self, walk: Walk, group: Item, part: Part, limit: Time, cursor: Cursor) -> Leg:
        """P9: a member that is a group's number rings that group, cut at its ring_time."""
        time = part.item.number("ring_time")
        leg = self.hunt(walk, group, cursor.by(LOW), limit)
        if time is None:
            return Leg(leg.rings, leg.next.after(None) if leg.next else None, leg.end)
        return cut(leg, cursor.by(LOW).after(milliseconds(time))) if time else leg

    def _start(self, walk: Walk, part: Part, policy: str, start: Cursor, turn: Cursor) -> Cursor:
        """P5: when the member begins to ring. start: of the group; turn: when it is this member's turn."""
        delay = part.item.number("ring_delay")
        if delay is None:
            delay, confidence = walk.suppose("porta.delay_omitted")
            turn = turn.by(confidence, assumed=True)
            text_ = f"ring_delay of {part.phone} is omitted: {delay} s is the portal's default for new members only"
            walk.warn("porta-omitted", f"{part.item.path}.ring_delay", text_)
        turn = turn.by(MEDIUM)
        wait = milliseconds(float(delay))
        if policy == "simultaneous" or not wait:
            return turn.after(wait)
        rule, confidence = walk.suppose("porta.sequential_delay")
        turn = turn.by(confidence, assumed=True)
        if rule == "call" and turn.at is not None and start.at is not None:
            return Cursor(max(turn.at, start.at + wait), turn.confidence, turn.assumed)
        return turn.after(wait)

    def _member_rings(self, walk: Walk, part: Part, target: Target, cursor: Cursor, limit: Time, policy: str) -> Leg:
        """P2 and P8: how long it rings. Under a limit each member has it for itself; together they are cut by it."""
        time = part.item.number("ring_time")
        own = None if time is None else milliseconds(time) if time else NEVER
        rules: tuple[str, ...] = ("P1", "P2")
        length = own
        cursor = cursor.by(MEDIUM)
        if limit is not None:
            rules = ("P1", "P2", "P8")
            length = limit if own is None or own == NEVER else min(own, limit)
            cursor = cursor.by(MEDIUM if own in (None, NEVER, limit) else LOW)
        kind = "external" if numbers.looks_external(part.phone) else "extension"
        why = {"regular": "in order", "simultaneous": "all together"}.get(
            policy, f"by policy {policy}" if policy else ""
        )
        if truth(part.item.get("huntstop")) is None:
            cursor = cursor.by(MEDIUM, assumed=True)
        return ringing(cursor, length, part.phone, kind, why or "only member", part.item.path, rules)

    # -- own handling ------------------------------------------------------------------------------------------------
    def _own_handling_of_member(self, walk: Walk, part: Part, after: str) -> Step | None:
        """P6: what follows a member's ring with huntstop off; None with huntstop on, where hunting just goes on."""
        stop = truth(part.item.get("huntstop"))
        if stop is None:
            stop, _confidence = walk.suppose("porta.huntstop_omitted")
            text_ = f"huntstop of {part.phone} is omitted: on is the portal's default for new members only"
            walk.warn("porta-omitted", f"{part.item.path}.huntstop", text_)
        if stop:
            return None

        def own(cursor: Cursor) -> Leg:
            walk.warn(
                "porta-own-handling",
                part.item.path,
                f"huntstop of {part.phone} is off: {after or 'nobody'} may never ring",
            )
            possible = (f"voicemail of {part.phone}", *([f"{after} rings"] if after else []))
            return followed(
                self._destinations(walk, part.phone, cursor.by(LOW)),
                lambda then: ending(
                    then, OWN_HANDLING, ("P6",), LOW, by=part.phone, possible=possible, path=part.item.path
                ),
            )

        return own

    def extension(self, walk: Walk, target: Target, cursor: Cursor) -> Leg:
        """P10 and P12: a dialled extension rings, then its follow-me, then its own handling."""
        path = target.item.path if target.item else ""
        own, sure = walk.suppose("porta.own_ring_seconds")
        with walk.inside(("extension", target.number)) as free:
            if not free:
                return walk.loop(cursor, f"extension {target.number}", path, "P10")
            state = walk.given.state(target.number)
            if state == IDLE:
                start = cursor.by(sure, assumed=True)
                leg = ringing(start, milliseconds(own), target.number, EXTENSION, "dialled", path, ("P10",))
            else:
                walk.quiet(target.number, _REASONS[state])
                leg = Leg(next=cursor.by(LOW if state == DND else MEDIUM))
            leg = followed(leg, partial(self._destinations, walk, target.number))
            possible = (f"voicemail of {target.number}", "the caller is disconnected")
            return followed(
                leg,
                lambda then: ending(then, OWN_HANDLING, ("P12",), HIGH, by=target.number, possible=possible, path=path),
            )

    def _destinations(self, walk: Walk, phone: str, cursor: Cursor) -> Leg:
        """P11: the follow-me of a phone."""
        listed = self._follow_me(walk.tenant, phone)
        if not listed:
            return Leg(next=cursor)
        with walk.inside(("own", phone)) as free:
            if not free:
                return walk.loop(cursor, f"the follow-me of {phone}", listed[0].path, "P11")
            turns = []
            for one in listed:
                if truth(one.get("active")) is not False:
                    turns.append(Turn(text(one.get("number")), partial(self._destination, walk, phone, one)))
            order = "order"
            if len(turns) > 1:
                order, confidence = walk.suppose("porta.follow_me_sequence")
                cursor = cursor.by(confidence, assumed=True)
            if order == "simultaneous":
                return together(cursor, [turn.step for turn in turns])
            policy = "random" if order == "random" else "regular"
            return one_by_one(walk, cursor, Hunt((phone,), policy, listed[0].path, "P11"), turns)

    def _destination(self, walk: Walk, phone: str, one: Item, cursor: Cursor) -> Leg:
        time = one.number("timeout")
        if not time:
            time, confidence = walk.suppose("porta.destination_seconds")
            cursor = cursor.by(confidence, assumed=True)
        length = milliseconds(float(time or 0))
        holds = call_periods.holds(walk, one, cursor, length)
        if holds is None:
            possible = (f"{text(one.get('number'))} rings", f"{text(one.get('number'))} is left out")
            return unknown(cursor, possible, ("P11",), f"{one.path}.period")
        if not holds:
            return Leg(next=cursor)
        cursor = cursor.by(MEDIUM)
        target = resolve(self, walk.tenant, text(one.get("number")))
        if target.kind == GROUP and target.item:
            return self._into_group(walk, target.item, cursor, length)
        if walk.given.state(target.number) != IDLE:
            walk.quiet(target.number, _REASONS[walk.given.state(target.number)])
            return Leg(next=cursor.by(LOW))
        kind = EXTENSION if target.kind == EXTENSION else "external"
        return ringing(cursor, length, target.number, kind, f"follow-me of {phone}", one.path, ("P11",))

    def _into_group(self, walk: Walk, group: Item, cursor: Cursor, limit: int) -> Leg:
        """P8: the time-out is each member's own, but together they are cut by it."""
        if self.policy(group) == "simultaneous":
            return cut(self.hunt(walk, group, cursor.by(LOW), limit), cursor.by(LOW).after(limit))
        return self.hunt(walk, group, cursor, limit)


CALLS = Calls()
