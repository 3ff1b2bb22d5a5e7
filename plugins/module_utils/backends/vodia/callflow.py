# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who rings when on Vodia: hunt groups by stages, and extensions with their forwarding.

Sources of the rules: the vendor's page and its ancestors' pages on hunt groups (BIZFON, FEATHUNT, PBXNSIP), on service
flags (SNOMAA) and on call forwarding (UGUIDE, VCF); how sure each is stands beside its use.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from ...callflow import numbers
from ...callflow.model import (
    BUSY,
    DND,
    HIGH,
    LOW,
    MEDIUM,
    NOT_REGISTERED,
    OWN_HANDLING,
    Assumption,
    Ring,
    Time,
    milliseconds,
)
from ...callflow.tenant import Item, Tenant
from ...callflow.values import text, truth, words
from ...callflow.vendor import EXTENSION, Exit, Part, Target, hand_over, phone_name, see_group, see_member
from ...callflow.walk import Cursor, Leg, Walk, ending, followed, ringing, serial, together, unknown

STAGES = (1, 2, 3)
_REASONS = {NOT_REGISTERED: "not registered", DND: "do not disturb", BUSY: "busy, without call waiting"}

RULES = {
    "V1": "stages 1, 2, 3 in order; the members of a stage ring together; an empty stage takes no time",
    "V2": "a stage lasts its st*_dur seconds",
    "V3": "nobody of a stage is available: the next stage at once",
    "V4": "busy members ring too (call waiting), unless cw is off",
    "V5": "a phone in two stages that follow each other keeps ringing",
    "V6": "after the last stage the final stage takes the call",
    "V7": "night service: the first flag that is set sends the call to its number at once",
    "V8": "an anonymous caller goes to hunt_anonymous_dest at once",
    "V9": "with algo set, who of a stage rings when is not known",
    "V10": "forwarding of a member is not followed for calls of the group",
    "V11": "do not disturb and not registered: the member does not ring",
    "V12": "a dialled extension: forwarding always, not registered, busy, no answer; else its own handling",
}
ASSUMPTIONS = {
    "vodia.stage_seconds": Assumption(None, LOW, "how long a stage rings whose st*_dur is empty", "stage, s:"),
    "vodia.no_answer_seconds": Assumption(
        None, LOW, "how long an extension rings whose no_answer_after is empty", "no answer, s:"
    ),
}


class Calls:
    """The rules V1 to V12."""

    rules: Mapping[str, str] = RULES
    assumptions: Mapping[str, Assumption] = ASSUMPTIONS

    # -- names -------------------------------------------------------------------------------------------------------
    def group_names(self, group: Item) -> list[str]:
        key = text(group.get("id")) or text(group.get("name"))
        return [name for name in (key, *words(group.setting("alias"))) if name]

    def extension_names(self, extension: Item) -> list[str]:
        return [text(extension.get("id")), *words(extension.setting("alias"))]

    def policy(self, group: Item) -> str:
        return "stages"

    def parts(self, tenant: Tenant, group: Item) -> list[Part]:
        found = []
        for one in group.items("members") or []:
            phone = phone_name(self, tenant, text(one.get("extension")))
            found.append(Part(phone, one, stage=one.number("stage") or 1))
        return found

    def exits(self, group: Item) -> list[Exit]:
        path = f"{group.path}.settings"
        found = [
            Exit("night", night, f"flag {flag}", f"{path}.night", ("V7",), MEDIUM, certain=False)
            for flag, night in self._nights(group)
        ]
        anonymous = text(group.setting("hunt_anonymous_dest"))
        if anonymous:
            found.append(Exit("night", anonymous, "no caller ID", f"{path}.hunt_anonymous_dest", ("V8",), MEDIUM))
        finals = words(group.get("overflow_to"))
        for number in finals:
            found.append(
                Exit("overflow", number, "nobody", f"{group.path}.overflow_to", ("V6",), MEDIUM, len(finals) == 1)
            )
        return found

    def _nights(self, group: Item) -> list[tuple[str, str]]:
        """V7: flags and night numbers, matched by position."""
        return list(zip(words(group.setting("flag")), words(group.setting("night"))))

    def personal(self, tenant: Tenant, target: Target) -> list[Exit]:
        forwarding, path = self._forwarding(tenant, target.number)
        after = text((forwarding or {}).get("no_answer_after"))
        spoken = {
            "always": "always",
            "not_registered": "not registered",
            "busy": "busy",
            "no_answer": f"no answer, {after} s" if after else "no answer",
        }
        return [
            Exit("forwards", text((forwarding or {})[part]), when, f"{path}.forwarding.{part}", ("V12",), MEDIUM)
            for part, when in spoken.items()
            if text((forwarding or {}).get(part))
        ]

    def _forwarding(self, tenant: Tenant, phone: str) -> tuple[Mapping[str, object] | None, str]:
        """The forwarding of an extension; None where the document does not hold it."""
        for one in tenant.follow_me:
            if text(one.get("account")) == phone:
                forwarding = one.get("forwarding")
                return (forwarding if isinstance(forwarding, Mapping) else None), one.path
        return None, ""

    # -- groups ------------------------------------------------------------------------------------------------------
    def group(self, walk: Walk, group: Item, cursor: Cursor) -> Leg:
        name = self.group_names(group)[0] if self.group_names(group) else group.path
        with walk.inside(("group", name)) as free:
            if not free:
                return walk.loop(cursor, f"group {name}", group.path, "V6")
            early = self._before_it_rings(walk, group, cursor)
            return early or followed(self.hunt(walk, group, cursor), partial(self._final, walk, group))

    def _before_it_rings(self, walk: Walk, group: Item, cursor: Cursor) -> Leg | None:
        """V8 and V7: a disabled group, an anonymous caller, night service."""
        if truth(group.get("enabled")) is False:
            return unknown(cursor, ("busy", "released"), ("V8",), f"{group.path}.enabled")
        path = f"{group.path}.settings"
        anonymous = text(group.setting("hunt_anonymous_dest"))
        if walk.given.caller == "anonymous" and anonymous:
            return hand_over(walk, self, cursor.by(MEDIUM), anonymous, ("V8",), f"{path}.hunt_anonymous_dest")
        flags, nights = words(group.setting("flag")), words(group.setting("night"))
        if len(flags) != len(nights):
            walk.warn(
                "flags-without-night", f"{path}.night", f"{len(flags)} flags and {len(nights)} numbers do not match"
            )
        for flag, night in self._nights(group):
            is_set = walk.given.flags.get(flag)
            if walk.settle(("flag", flag)) if is_set is None else is_set:
                return hand_over(walk, self, cursor.by(MEDIUM), night, ("V7",), f"{path}.night")
        return None

    def hunt(self, walk: Walk, group: Item, cursor: Cursor) -> Leg:
        see_group(walk, group)
        if group.get("members") is None:
            return unknown(cursor, ("its members ring",), ("V1",), f"{group.path}.members")
        parts = self.parts(walk.tenant, group)
        stages = [[part for part in parts if part.stage == stage] for stage in STAGES]
        steps = [partial(self._stage, walk, group, stage, who) for stage, who in zip(STAGES, stages) if who]
        return serial(cursor.by(HIGH), steps)

    def _stage(self, walk: Walk, group: Item, stage: int, parts: list[Part], cursor: Cursor) -> Leg:
        length, assumed = self._stage_length(walk, group, stage)
        cursor = cursor.by(MEDIUM, assumed)
        who = [part for part in parts if self._can_ring(walk, part)]
        if not who:
            return Leg(next=cursor)  # V3
        leg = together(cursor, [partial(self._rings, stage, length, part) for part in who])
        if text(group.setting("algo")):
            walk.warn(
                "vodia-algo", f"{group.path}.settings.algo", "who of a stage rings when is not known with algo set"
            )
            rings = tuple(self._without_times(ring) for ring in leg.rings)
            return Leg(rings, leg.next.by(LOW) if leg.next else None, leg.end)  # V9
        return leg

    def _rings(self, stage: int, length: Time, part: Part, cursor: Cursor) -> Leg:
        kind = "external" if numbers.looks_external(part.phone) else "extension"
        return ringing(cursor, length, part.phone, kind, f"stage {stage}", part.item.path, ("V1", "V2"))

    def _without_times(self, ring: Ring) -> Ring:
        return Ring(ring.phone, ring.kind, None, None, ring.why, ring.path, (*ring.rules, "V9"), None)

    def _stage_length(self, walk: Walk, group: Item, stage: int) -> tuple[Time, bool]:
        """V2: seconds of a stage; empty, omitted and 0 are not known, unless assumed."""
        written = group.number(f"settings.st{stage}_dur")
        if written:
            return milliseconds(written), False
        value, _confidence = walk.suppose("vodia.stage_seconds")
        if value is None:
            place = f"{group.path}.settings.st{stage}_dur"
            walk.warn("vodia-stage-length", place, f"how long stage {stage} rings is not known")
            return None, False
        return milliseconds(float(value)), True

    def _can_ring(self, walk: Walk, part: Part) -> bool:
        see_member(walk, self, part)
        state, phone = walk.given.state(part.phone), part.phone
        forwarding, path = self._forwarding(walk.tenant, phone)
        if forwarding and any(text(forwarding.get(name)) for name in ("busy", "no_answer", "not_registered")):
            text_ = f"whether forwarding of {phone} (busy, no answer, not registered) counts in a group is not said"
            walk.warn("vodia-member-forwarding", f"{path}.forwarding", text_)
        if state in (DND, NOT_REGISTERED):
            walk.warn(
                "vodia-cell-phone",
                part.item.path,
                f"{phone} does not ring; its cell phone may, if it is included in groups",
            )
        elif state != BUSY or self._call_waiting(walk.tenant, phone):
            return True
        walk.quiet(phone, _REASONS[state])
        return False

    def _call_waiting(self, tenant: Tenant, phone: str) -> bool:
        """V4: off only where the extension says so."""
        extension = tenant.find("extensions", phone, self.extension_names)
        return extension is None or truth(extension.setting("cw")) is not False

    def _final(self, walk: Walk, group: Item, cursor: Cursor) -> Leg:
        """V6: the final stage."""
        finals, path = words(group.get("overflow_to")), f"{group.path}.overflow_to"
        if not finals:
            return unknown(cursor, ("busy", "released"), ("V6",), path)
        cursor = cursor.by(MEDIUM)
        if len(finals) > 1:
            walk.warn(
                "vodia-several-finals", path, "several numbers in the final stage: which takes the call is not said"
            )
            return hand_over(walk, self, cursor, finals[walk.branch(len(finals))[0]], ("V6",), path)
        return hand_over(walk, self, cursor, finals[0], ("V6",), path)

    # -- extensions --------------------------------------------------------------------------------------------------
    def extension(self, walk: Walk, target: Target, cursor: Cursor) -> Leg:
        """V12."""
        with walk.inside(("extension", target.number)) as free:
            if not free:
                path = target.item.path if target.item else ""
                return walk.loop(cursor, f"extension {target.number}", path, "V12")
            return self._extension(walk, target, cursor.by(MEDIUM))

    def _extension(self, walk: Walk, target: Target, cursor: Cursor) -> Leg:
        phone, path = target.number, target.item.path if target.item else ""
        forwarding, place = self._forwarding(walk.tenant, phone)
        if forwarding is None:
            cursor = cursor.by(LOW)
            walk.warn("forwarding-not-known", path or phone, f"the document does not hold the forwarding of {phone}")
        settings: Mapping[str, object] = forwarding or {}

        def forward(part: str, after: Cursor) -> Leg:
            number = text(settings.get(part))
            if number:
                return hand_over(walk, self, after, number, ("V12",), f"{place}.forwarding.{part}")
            possible = (f"voicemail of {phone}", "busy")
            return ending(after, OWN_HANDLING, ("V12",), MEDIUM, by=phone, possible=possible, path=path)

        state = walk.given.state(phone)
        if text(settings.get("always")):
            return forward("always", cursor)
        if state == NOT_REGISTERED:
            return forward("not_registered", cursor)
        if state == BUSY and not self._call_waiting(walk.tenant, phone):
            return forward("busy", cursor)
        if state == DND:
            walk.quiet(phone, _REASONS[DND])
            return ending(
                cursor, OWN_HANDLING, ("V12",), LOW, by=phone, possible=("busy", f"voicemail of {phone}"), path=path
            )
        seconds = settings.get("no_answer_after") or walk.suppose("vodia.no_answer_seconds")[0]
        length = None if seconds is None else milliseconds(float(text(seconds)))
        leg = ringing(cursor, length, phone, EXTENSION, "dialled", path, ("V12",))
        return followed(leg, partial(forward, "no_answer"))


CALLS = Calls()
