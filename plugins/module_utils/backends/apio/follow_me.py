# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where calls of a BroadWorks user go: Sequential Ring as destinations, Call Forwarding Always and Busy as forwarding.

Beyond the vendor's hunt group page. Source: vendor note section 10 and the pages it names (routes, bodies, rings 0 or 2
to 20, five locations, 404 for a service that is not assigned). Whether a PUT is partial is not said, so it always
carries everything that is known; and whether its locations replace the others is not said either, so what stays is
emptied in a second one.
"""

from __future__ import annotations

from typing import Any

from ...errors import Incomplete, InvalidOption, NotFound, NotOffered
from ...model.catalog import DESTINATION_FIELDS, FOLLOW_ME, Capability
from ...model.values import Field, Values, canonical, same_number
from ..contract import Observed, Store, always
from .client import ApioClient
from .wire import matching_users

SERVICES = {
    "cfa": "Call Forwarding Always",
    "cfb": "Call Forwarding Busy",
    "sequential_ring": "Sequential Ring",
}
FORWARDS = {"always": "cfa", "busy": "cfb"}  # part of `forwarding` -> service
RING = "sequential_ring"
# What an answer has to have at least one of, to be believed to be the service (vendor note section 10).
_KNOWN_BY = {
    "cfa": {"active", "destination"},
    "cfb": {"active", "destination"},
    RING: {"locations", "criteria", "ringBaseLocationFirst", "baseLocationNumberOfRings"},
}
MOST_LOCATIONS = 5

_BOOL = Field("bool", clearable=False)
_RINGS = Field("int", limits=(0, 20), clearable=False)
RING_SETTINGS: dict[str, Field] = {
    "ringBaseLocationFirst": _BOOL,
    "baseLocationNumberOfRings": _RINGS,
    "continueIfBaseLocationIsBusy": _BOOL,
    "callerMayStopSearch": _BOOL,
}
FORWARD_SETTINGS: dict[str, Field] = {"ringSplashActive": _BOOL}  # of Call Forwarding Always only
CAPABILITY = Capability(
    options=frozenset({"account", "forwarding", *(f"forwarding.{part}" for part in FORWARDS)}),
    member_options=frozenset({"number", "rings", "answer_confirmation"}),
    refused={
        "forwarding.no_answer": "add a destination instead",
        "forwarding.no_answer_after": "set settings.baseLocationNumberOfRings",
        "destinations.name": "a location has none; leave it out",
        "destinations.timeout": "write how often it rings as rings",
        "destinations.active": "leave out the destinations that are not to be used",
        "destinations.domain": "write number as user@domain",
        "destinations.period": "criteria decide when locations are rung; set them on the server",
    },
    settings={**RING_SETTINGS, **FORWARD_SETTINGS, "criteria": Field(read_only=True)},
    member_identity=("number",),
)


def decode(user: str, services: dict[str, Values | None]) -> Values:
    """What a user's services do, in neutral words; a service that is not assigned says nothing."""
    values: Values = {"account": user, "forwarding": {}, "settings": {}}
    for part, name in FORWARDS.items():
        service = services[name]
        if service is not None:
            values["forwarding"][part] = destination_of(service) if is_active(service) else ""
    ring, always_service = services[RING], services["cfa"]
    if ring is not None:
        values["destinations"] = [decode_location(row) for row in locations_of(ring)]
        values["settings"].update(_known(RING_SETTINGS, ring))
    if always_service is not None:
        values["settings"].update(_known(FORWARD_SETTINGS, always_service))
    return values


def is_active(service: Values) -> bool:
    return canonical(_BOOL, service.get("active")) is True


def destination_of(service: Values) -> str:
    return str(service.get("destination") or "")


def locations_of(ring: Values) -> list[Values]:
    """The locations in use, in the order in which they are rung; unused ones may be listed without a number."""
    rows = ring.get("locations")
    used = [row for row in rows if isinstance(row, dict) and row.get("phoneNumber")] if isinstance(rows, list) else []
    return sorted(used, key=lambda row: int(canonical(Field("int", unset=0), row.get("id")) or 0))


def decode_location(row: Values) -> Values:
    return {
        "number": str(row.get("phoneNumber") or ""),
        "rings": canonical(DESTINATION_FIELDS["rings"], row.get("numberOfRings")),
        "answer_confirmation": canonical(
            DESTINATION_FIELDS["answer_confirmation"], row.get("answerConfirmationRequired")
        ),
    }


def encode_location(place: int, item: Values) -> Values:
    """What is not known of a new location is left to the server."""
    wire: Values = {"id": place, "phoneNumber": item["number"]}
    if item.get("rings") not in (None, ""):
        wire["numberOfRings"] = item["rings"]
    if "answer_confirmation" in item:
        wire["answerConfirmationRequired"] = item["answer_confirmation"]
    return wire


def _known(table: dict[str, Field], service: Values) -> Values:
    return {name: canonical(spec, service[name]) for name, spec in table.items() if name in service}


class FollowMe(Store):
    resource = FOLLOW_ME
    capability = CAPABILITY

    def __init__(self, client: ApioClient) -> None:
        super().__init__()
        self.client = client

    def check(self, desired: Values) -> None:
        """What the field tables cannot say. Raises InvalidOption."""
        place = f"follow_me {desired['account']}"
        items = desired.get("destinations", [])
        if len(items) > MOST_LOCATIONS:
            raise InvalidOption(
                f"{place}: destinations: there are {len(items)}; Sequential Ring has {MOST_LOCATIONS} locations"
            )
        rings = {f"destinations[{n}].rings": item.get("rings") for n, item in enumerate(items)}
        rings["settings.baseLocationNumberOfRings"] = desired.get("settings", {}).get("baseLocationNumberOfRings")
        for option, number in rings.items():
            if number == 1:
                raise InvalidOption(f"{place}: {option}: 1 is not possible; write 0, or 2 to 20")
        for n, item in enumerate(items):
            if not item.get("number"):
                raise InvalidOption(f"{place}: destinations[{n}]: number: is missing")
            if any(same_number(item["number"], other["number"]) for other in items[:n]):
                raise InvalidOption(f"{place}: destinations[{n}]: {item['number']} is listed twice")
        numbers = {f"destinations[{n}].number": item["number"] for n, item in enumerate(items)}
        numbers.update({f"forwarding.{part}": number for part, number in desired.get("forwarding", {}).items()})
        for option, number in numbers.items():
            if str(number).casefold().startswith(("sip:", "sips:")):
                raise InvalidOption(f"{place}: {option}: write user@domain without sip:")

    # -- reading -----------------------------------------------------------------------------------------------------
    def find(self, desired: Values) -> Observed | None:
        account = desired["account"]
        return self._read(account if "@" in account else self.client.user_of(account, f"follow_me {account}"))

    def _read(self, user: str) -> Observed:
        services = {name: self._service(user, name) for name in SERVICES}
        if not any(service is not None for service in services.values()):
            listed = self._listed(user)
            if listed != user:
                return self._read(listed)
        return Observed(decode(user, services), services)

    def _service(self, user: str, name: str) -> Values | None:
        """The settings of a service, None when it is not assigned to the user."""
        try:
            service = self.client.read(self._path(user, name))
        except NotFound:
            return None
        if not _KNOWN_BY[name] & set(service):
            raise Incomplete(f"follow_me {user}: what the server shows is not the service {SERVICES[name]}")
        return service

    def _path(self, user: str, name: str) -> str:
        return self.client.path("users", user, "services", name)

    def _listed(self, user: str) -> str:
        """No service at all: that may be an unknown user, or one who is spelt differently. As the server spells it."""
        try:
            known = matching_users(self.client.users(), user)
        except NotOffered:
            return user
        if not known:
            raise NotFound(
                f"follow_me {user}: group {self.client.group} has no user {user}; correct it or create the user first"
            )
        return known[0]

    def read_all(self) -> list[Observed]:
        """The users whose calls go somewhere else. Three requests for each user of the group."""
        users = [str(user.get("userId") or "") for user in self.client.users()]
        found = self.read_each(self._read, [user for user in users if user])
        return [one for one in found if one.values.get("destinations") or any(one.values["forwarding"].values())]

    def resolve(self, desired: Values, current: Observed | None, state: str) -> Values:
        services = always(current).record
        wanted = [FORWARDS[part] for part, number in desired.get("forwarding", {}).items() if number]
        wanted += [RING] if desired.get("destinations") else []
        wanted += [RING if name in RING_SETTINGS else "cfa" for name in desired.get("settings", {})]
        missing = [SERVICES[name] for name in SERVICES if name in wanted and services[name] is None]
        if missing and state != "absent":
            raise NotFound(
                f"follow_me {desired['account']}: the user does not have the service {', '.join(missing)}; assign it first"
            )
        present = always(current).values.get("destinations", [])
        new = [
            one
            for one in desired.get("destinations", [])
            if not any(same_number(one["number"], p["number"]) for p in present)
        ]
        if desired.get("_membership") == "at_least" and len(present) + len(new) > MOST_LOCATIONS:
            raise InvalidOption(
                f"follow_me {desired['account']}: destinations: with those of others there would be "
                f"{len(present) + len(new)}; {SERVICES[RING]} has {MOST_LOCATIONS} locations"
            )
        if desired.get("destinations") and not _has_criterion(services[RING]):
            self.notes.append(
                f"follow_me {desired['account']}: no criterion of {SERVICES[RING]} is active, and without one no location "
                "is rung; activate one on the server"
            )
        return desired

    def match(self, desired: Values, current: Observed | None) -> Values:
        """Numbers as the server spells them, where both mean the same."""
        present = [one["number"] for one in (current.values.get("destinations", []) if current else [])]
        if "destinations" not in desired or not present:
            return desired

        def respelt(number: str) -> str:
            return next((one for one in present if same_number(one, number)), number)

        return {
            **desired,
            "destinations": [{**item, "number": respelt(item["number"])} for item in desired["destinations"]],
        }

    # -- writing -----------------------------------------------------------------------------------------------------
    def create(self, desired: Values, target: Values) -> str | None:
        raise AssertionError("a user's services are always there")

    def delete(self, current: Observed, desired: Values) -> None:
        raise AssertionError("a user's services are always there")

    def update(self, current: Observed, desired: Values, target: Values, changed: set[str]) -> str | None:
        user, services = current.values["account"], current.record
        if "destinations" in changed or changed & {f"settings.{name}" for name in RING_SETTINGS}:
            self._write_ring(user, services[RING], target)
        for part, name in FORWARDS.items():
            settings = FORWARD_SETTINGS if name == "cfa" else {}
            if f"forwarding.{part}" in changed or changed & {f"settings.{setting}" for setting in settings}:
                body = forward_body(
                    services[name], target["forwarding"].get(part, ""), _known(settings, target["settings"])
                )
                self._write(user, name, body)
        return None

    def _write(self, user: str, name: str, body: Values) -> None:
        _answer, status = self.client.write("PUT", self._path(user, name), body)
        if status == 207:
            self.notes.append(f"follow_me {user}: APIO reported partial success (207); the result was read back")

    def _write_ring(self, user: str, ring: Values, target: Values) -> None:
        wanted = target["destinations"]
        body = {
            **_known(RING_SETTINGS, target["settings"]),
            "locations": [encode_location(place, item) for place, item in enumerate(wanted, 1)],
        }
        self._write(user, RING, body)
        if len(locations_of(ring)) <= len(wanted) and all(_place(row) <= len(wanted) for row in locations_of(ring)):
            return
        now = self._service(user, RING) or {}
        left = [_place(row) for row in locations_of(now) if _place(row) > len(wanted)]
        if left:
            emptied = [{"id": place, "phoneNumber": ""} for place in left]
            self._write(user, RING, {**body, "locations": [*body["locations"], *emptied]})


def forward_body(service: Values, number: str, settings: Values) -> Values:
    """The whole of a forwarding. One that is switched off keeps its number, so that the user can switch it on again."""
    stored = destination_of(service)
    destination: dict[str, Any] = {"destination": number or stored} if number or stored else {}
    return {"active": bool(number), **destination, **settings}


def _place(row: Values) -> int:
    return int(canonical(Field("int", unset=0), row.get("id")) or 0)


def _has_criterion(ring: Values | None) -> bool:
    """Whether a criterion says to ring the locations; without one the service does nothing."""
    criteria = (ring or {}).get("criteria")
    rows = [row for row in criteria if isinstance(row, dict)] if isinstance(criteria, list) else []
    return any(
        canonical(_BOOL, row.get("active")) is True and canonical(_BOOL, row.get("doNotPerformAction")) is not True
        for row in rows
    )
