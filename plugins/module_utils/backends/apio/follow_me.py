# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where calls of a BroadWorks user go: Sequential Ring as destinations, Call Forwarding Always and Busy as forwarding.

Beyond the vendor's hunt group page. Source: vendor note section 10 and the pages it names (routes, bodies, rings 0 or 2
to 20, five locations, 404 for a service that is not assigned). Whether a PUT is partial is not said, so it always
carries everything that is known, the criteria as they were read included (they are in the body of the page); and whether
its locations replace the others is not said either, so what stays is emptied in a second one.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Any

from ...errors import Incomplete, InvalidOption, NotFound, NotOffered
from ...model.catalog import DESTINATION_FIELDS, FOLLOW_ME, Capability
from ...model.validate import Declared
from ...model.values import Field, Values, canonical, to_bool
from ..contract import Observed, Pairing, Store, WriteStep, after_changes, require
from ..decoding import records, text, whole_number
from .client import ApioClient, the_user
from .identity import matching_users

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
# Of a criterion, and of its `fromDnCriteria`.
_CRITERION_BOOLEANS = frozenset(
    {"active", "doNotPerformAction", "includeAnonymousCallers", "includeUnavailableCallers"}
)

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


def decode(user: str, services: Mapping[str, Values | None]) -> Values:
    """What a user's services do, in neutral words; a service that is not assigned says nothing. Raises BadAnswer."""
    values: Values = {"account": user, "forwarding": {}, "settings": {}}
    for part, name in FORWARDS.items():
        service = services[name]
        if service is not None:
            values["forwarding"][part] = text(service, "destination") if is_active(service) else ""
    ring, always_service = services[RING], services["cfa"]
    if ring is not None:
        values["destinations"] = [decode_location(row) for row in locations_of(ring)]
        values["settings"].update(_known(RING_SETTINGS, ring))
    if always_service is not None:
        values["settings"].update(_known(FORWARD_SETTINGS, always_service))
    return values


def is_active(service: Values) -> bool:
    return to_bool(service.get("active")) is True


def locations_of(ring: Values) -> list[Values]:
    """The locations in use, in the order in which they are rung; unused ones may be listed without a number."""
    used = [row for row in records(ring, "locations") if text(row, "phoneNumber")]
    return sorted(used, key=_place)


def _place(row: Values) -> int:
    return whole_number(row, "id")


def decode_location(row: Values) -> Values:
    return {
        "number": text(row, "phoneNumber"),
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


def encode_criteria(ring: Values) -> list[Values]:
    """The criteria as they were read, for a PUT that would drop what it lacks.

    Booleans may be shown as texts and unset values as null (vendor note 5): neither can be sent.
    """
    return [_sendable(row) for row in _criteria(ring) if text(row, "name")]


def _criteria(ring: Values | None) -> list[Values]:
    """The criteria; what is none of the page's shapes is left to the server."""
    rows = (ring or {}).get("criteria")
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _sendable(row: Values) -> Values:
    sent: Values = {}
    for name, value in row.items():
        if isinstance(value, dict):
            sent[name] = _sendable(value)
        elif value is not None:
            sent[name] = canonical(_BOOL, value) if name in _CRITERION_BOOLEANS else value
    return sent


def _known(table: Mapping[str, Field], service: Values) -> Values:
    return {name: canonical(spec, service[name]) for name, spec in table.items() if name in service}


class FollowMe(Store):
    resource = FOLLOW_ME
    capability = CAPABILITY
    lists_cheaply = False
    client: ApioClient

    def check(self, declared: Declared) -> None:
        """What the field tables cannot say. Raises InvalidOption."""
        place, items = declared.place, declared.values.get("destinations", [])
        if len(items) > MOST_LOCATIONS:
            raise InvalidOption(
                f"{place}: destinations: there are {len(items)}; Sequential Ring has {MOST_LOCATIONS} locations"
            )
        rings = {f"destinations[{n}].rings": item.get("rings") for n, item in enumerate(items)}
        rings["settings.baseLocationNumberOfRings"] = declared.values.get("settings", {}).get(
            "baseLocationNumberOfRings"
        )
        for option, number in rings.items():
            if number == 1:
                raise InvalidOption(f"{place}: {option}: 1 is not possible; write 0, or 2 to 20")
        for n, item in enumerate(items):
            if not item.get("number"):
                raise InvalidOption(f"{place}: destinations[{n}]: number: is missing")
            if self.numbers.contains((other["number"] for other in items[:n]), item["number"]):
                raise InvalidOption(f"{place}: destinations[{n}]: {item['number']} is listed twice")
        numbers = {f"destinations[{n}].number": item["number"] for n, item in enumerate(items)}
        numbers.update({f"forwarding.{part}": one for part, one in declared.values.get("forwarding", {}).items()})
        for option, number in numbers.items():
            if str(number).casefold().startswith(("sip:", "sips:")):
                raise InvalidOption(f"{place}: {option}: write user@domain without sip:")

    # -- reading -------------------------------------------------------------------------------------------------------
    def prefetch(self) -> None:
        self.client.users()

    def find(self, declared: Declared) -> Observed | None:
        """The services of the user, under the user id as the list of users spells it where it is shown."""
        account, place = declared.values["account"], declared.place
        if "@" not in account:
            return self._read(self.client.user_of(account, place, self.numbers))
        try:
            users = self.client.users()
        except NotOffered:
            return self._read(account)
        listed = the_user(matching_users(users, account, self.numbers), account, place)
        found = self._read(listed or account)
        if listed is None and not any(service is not None for service in found.record.values()):
            raise self.client.no_user(account, place)
        return found

    def _read(self, user: str) -> Observed:
        services = {name: self._service(user, name) for name in SERVICES}
        return Observed(decode(user, services), services)

    def _service(self, user: str, name: str, fresh: bool = False) -> Values | None:
        """The settings of a service, None when it is not assigned to the user. Remembered like a list."""
        return self.client.lists.get(f"{name} of {user}", lambda: self._read_service(user, name), fresh)

    def _read_service(self, user: str, name: str) -> Values | None:
        try:
            service = self.client.get(self._path(user, name))
        except NotFound:
            return None
        if not _KNOWN_BY[name] & set(service):
            raise Incomplete(f"follow_me {user}: what the server shows is not the service {SERVICES[name]}")
        return service

    def _path(self, user: str, name: str) -> str:
        return self.client.path("users", user, "services", name)

    def read_all(self) -> list[Observed]:
        """The users whose calls go somewhere else. Three requests for each user of the group."""
        users = [text(user, "userId") for user in self.client.users()]
        found = self.read_each(self._read, [user for user in users if user])
        return [one for one in found if one.values.get("destinations") or any(one.values["forwarding"].values())]

    # -- planning ------------------------------------------------------------------------------------------------------
    def resolve(self, declared: Declared, current: Observed | None) -> Declared:
        services, values = require(current).record, declared.values
        wanted = [FORWARDS[part] for part, number in values.get("forwarding", {}).items() if number]
        wanted += [RING] if values.get("destinations") else []
        wanted += [RING if name in RING_SETTINGS else "cfa" for name in values.get("settings", {})]
        missing = [SERVICES[name] for name in SERVICES if name in wanted and services[name] is None]
        if missing and not declared.absent:
            raise NotFound(
                f"{declared.place}: the user does not have the service {', '.join(missing)}; assign it first"
            )
        self._check_room(declared, current)
        if values.get("destinations") and not declared.absent and not _has_criterion(services[RING]):
            self.notes.append(
                f"{declared.place}: no criterion of {SERVICES[RING]} is active, and without one no location "
                "is rung; activate one on the server"
            )
        return declared

    def _check_room(self, declared: Declared, current: Observed | None) -> None:
        """Refuse more destinations than there are locations, those of others that stay included."""
        pairing = self.pair(declared, current)
        after = len({*pairing.present, *pairing.wanted})
        if declared.membership == "at_least" and pairing.wanted and not declared.absent and after > MOST_LOCATIONS:
            raise InvalidOption(
                f"{declared.place}: destinations: with those of others there would be "
                f"{after}; {SERVICES[RING]} has {MOST_LOCATIONS} locations"
            )

    def pair(self, declared: Declared, current: Observed | None) -> Pairing:
        """Destinations with one number are one destination, however it is spelled."""
        return Pairing(self._keys(current.values if current else {}), self._keys(declared.values))

    def _keys(self, values: Values) -> tuple[Hashable, ...]:
        items: Sequence[Values] = values.get("destinations", [])
        return tuple(self.numbers.key(item["number"]) for item in items)

    def outdated(self, step: WriteStep) -> Collection[str] | None:
        return [f"{name} of {require(step.current).values['account']}" for name in SERVICES]

    # -- writing -------------------------------------------------------------------------------------------------------
    def update(self, step: WriteStep) -> str | None:
        current, changed, target = require(step.current), step.changed, step.target
        user, services = str(current.values["account"]), current.record
        done: list[str] = []
        if "destinations" in changed or changed & {f"settings.{name}" for name in RING_SETTINGS}:
            self._write_ring(user, services[RING], target)
            done.append(RING)
        for part, name in FORWARDS.items():
            settings = FORWARD_SETTINGS if name == "cfa" else {}
            if f"forwarding.{part}" in changed or changed & {f"settings.{setting}" for setting in settings}:
                number = target["forwarding"].get(part, "")
                body = forward_body(services[name], number, _known(settings, target["settings"]))
                with after_changes(_changed_before(done)):
                    self._write(user, name, body)
                done.append(name)
        return None

    def _write(self, user: str, name: str, body: Values) -> None:
        if self.client.send("PUT", self._path(user, name), body).partial:
            self.notes.append(f"follow_me {user}: APIO reported partial success (207); the result was read back")

    def _write_ring(self, user: str, ring: Values, target: Values) -> None:
        wanted, criteria = target.get("destinations", []), encode_criteria(ring)
        body = {
            **_known(RING_SETTINGS, target["settings"]),
            "locations": [encode_location(place, item) for place, item in enumerate(wanted, 1)],
            **({"criteria": criteria} if criteria else {}),
        }
        self._write(user, RING, body)
        if len(locations_of(ring)) <= len(wanted) and all(_place(row) <= len(wanted) for row in locations_of(ring)):
            return
        with after_changes(_changed_before([RING])):
            now = self._service(user, RING, fresh=True) or {}
            left = [_place(row) for row in locations_of(now) if _place(row) > len(wanted)]
            if left:
                emptied = [{"id": place, "phoneNumber": ""} for place in left]
                self._write(user, RING, {**body, "locations": [*body["locations"], *emptied]})


def _changed_before(services: Sequence[str]) -> str:
    return f"{', '.join(SERVICES[name] for name in services)} changed before it" if services else ""


def forward_body(service: Values, number: str, settings: Values) -> Values:
    """The whole of a forwarding. One that is switched off keeps its number, so that the user can switch it on again."""
    stored = text(service, "destination")
    destination: dict[str, Any] = {"destination": number or stored} if number or stored else {}
    return {"active": bool(number), **destination, **settings}


def _has_criterion(ring: Values | None) -> bool:
    """Whether a criterion says to ring the locations; without one the service does nothing."""
    return any(
        to_bool(row.get("active")) is True and to_bool(row.get("doNotPerformAction")) is not True
        for row in _criteria(ring)
    )
