# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who rings when a BroadWorks user is dialled: forwarding and Sequential Ring.

Source: user manuals of Sequential Ring (SEQ in the developers' notes): precedence, criteria and order H, 0 rings L.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Protocol

from ...callflow.model import BUSY, HIGH, IDLE, LOW, MEDIUM, OWN_HANDLING, Time, milliseconds
from ...callflow.tenant import Item, Tenant
from ...callflow.values import text, truth
from ...callflow.vendor import EXTENSION, Exit, Target, Vendor, hand_over
from ...callflow.walk import Cursor, Leg, Step, Walk, ending, followed, ringing, serial, unknown

_REASONS = {"busy": "busy", "not_registered": "not registered", "dnd": "do not disturb"}


class Locations(Vendor, Protocol):
    """The rules of groups and users together, as this file needs them."""

    def location(self, walk: Walk, number: str, length: Time, path: str, cursor: Cursor) -> Leg:
        """A location of Sequential Ring rings."""


class User:
    """One user and the services that the document declares for it."""

    def __init__(self, calls: Locations, tenant: Tenant, target: Target) -> None:
        self.calls, self.target, self.phone = calls, target, target.number
        self.path = target.item.path if target.item else ""
        names = [target.number, *(calls.extension_names(target.item) if target.item else [])]
        services = [one for one in tenant.follow_me if text(one.get("account")) in names]
        self.services: Item | None = services[0] if services else None
        forwarding = self.services.get("forwarding") if self.services else None
        self.forwarding: Mapping[str, Any] = forwarding if isinstance(forwarding, Mapping) else {}
        self.locations = (self.services.items("destinations") or []) if self.services else []

    def exits(self) -> list[Exit]:
        path = self.services.path if self.services else ""
        found = [
            Exit("forwards", text(self.forwarding[part]), part, f"{path}.forwarding.{part}", ("B13",), MEDIUM)
            for part in ("always", "busy")
            if text(self.forwarding.get(part))
        ]
        for one in self.locations:
            when = f"{one.number('rings')} rings" if one.number("rings") else "rings"
            found.append(Exit("follows", text(one.get("number")), when, one.path, ("B13",), HIGH, certain=False))
        return found

    def call(self, walk: Walk, cursor: Cursor) -> Leg:
        if not self.services:
            cursor = cursor.by(LOW)
            walk.warn(
                "forwarding-not-known",
                self.path or self.phone,
                f"the document does not hold the services of {self.phone}",
            )
        always = text(self.forwarding.get("always"))
        if always and self.services:
            return hand_over(walk, self.calls, cursor, always, ("B13",), f"{self.services.path}.forwarding.always")
        if self.locations and self._sequential_ring(walk):
            return self._sequence(walk, cursor)
        state = walk.given.state(self.phone)
        if state == BUSY:
            return self._busy(walk, cursor.by(MEDIUM))
        if state != IDLE:
            walk.quiet(self.phone, _REASONS[state])
            return self._own_handling(cursor.by(LOW))
        return followed(self._base(None, cursor), self._own_handling)

    def _sequential_ring(self, walk: Walk) -> bool:
        """Whether a criterion holds; both ways unless that is assumed."""
        active, _confidence = walk.suppose("apio.sequential_ring_active")
        if active is not None:
            return bool(active)
        walk.warn(
            "apio-criteria",
            f"{self.locations[0].path}",
            "whether a criterion of Sequential Ring holds is not in the document",
        )
        return walk.settle((self.phone, "sequential ring"))

    def _sequence(self, walk: Walk, cursor: Cursor) -> Leg:
        services = self.services
        if services is None:
            raise AssertionError("only walked where the services are known")
        steps: list[Step] = []
        first = truth(services.setting("ringBaseLocationFirst"))
        if first is None:
            walk.warn(
                "setting-omitted", f"{services.path}.settings.ringBaseLocationFirst", "ringBaseLocationFirst is omitted"
            )
            first = walk.settle((self.phone, "base first"))
        if first:
            if walk.given.state(self.phone) == BUSY and not self._goes_on_when_busy(walk, services):
                return self._busy(walk, cursor.by(MEDIUM))
            steps.append(partial(self._base_location, walk, services))
        steps.extend(partial(self._location, walk, one) for one in self.locations)
        return followed(serial(cursor, steps), self._own_handling)

    def _goes_on_when_busy(self, walk: Walk, services: Item) -> bool:
        known = truth(services.setting("continueIfBaseLocationIsBusy"))
        return walk.settle((self.phone, "goes on when busy")) if known is None else known

    def _base_location(self, walk: Walk, services: Item, cursor: Cursor) -> Leg:
        state = walk.given.state(self.phone)
        if state != IDLE:
            walk.quiet(self.phone, _REASONS[state])
            return Leg(next=cursor.by(MEDIUM if state == BUSY else LOW))
        rings = services.number("settings.baseLocationNumberOfRings")
        if rings == 0:
            return unknown(cursor, ("the base location is left out", "it rings"), ("B13",), services.path)
        return self._base(self._length(walk, rings), cursor.by(MEDIUM, assumed=rings is not None))

    def _base(self, length: Time, cursor: Cursor) -> Leg:
        return ringing(cursor, length, self.phone, EXTENSION, "dialled", self.path, ("B13",))

    def _location(self, walk: Walk, one: Item, cursor: Cursor) -> Leg:
        rings, number = one.number("rings"), text(one.get("number"))
        if rings == 0:
            return unknown(cursor, (f"{number} is left out", f"{number} rings"), ("B13",), one.path)
        start = cursor.by(MEDIUM, assumed=rings is not None)
        return self.calls.location(walk, number, self._length(walk, rings), one.path, start)

    def _length(self, walk: Walk, rings: int | None) -> Time:
        if rings is None:
            return None
        return milliseconds(rings * float(walk.suppose("apio.ring_seconds")[0]))

    def _busy(self, walk: Walk, cursor: Cursor) -> Leg:
        """Busy: call forwarding busy, else the caller hears busy."""
        walk.quiet(self.phone, _REASONS[BUSY])
        number = text(self.forwarding.get("busy"))
        if number and self.services:
            return hand_over(walk, self.calls, cursor, number, ("B13",), f"{self.services.path}.forwarding.busy")
        possible = (f"voicemail of {self.phone}", f"call waiting of {self.phone}")
        return ending(cursor, BUSY, ("B13",), MEDIUM, possible=possible, path=self.path)

    def _own_handling(self, cursor: Cursor) -> Leg:
        possible = (f"voicemail of {self.phone}", "busy")
        return ending(cursor, OWN_HANDLING, ("B13",), MEDIUM, by=self.phone, possible=possible, path=self.path)
