# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services of one user of the simulated APIO: call forwarding always and busy, and Sequential Ring.

"forwarding page" and "ring page" are user/services/call_forwarding/call_forwardings.html and
user/services/numbers/sequential_ring.html of the gateway's documentation, "limits page" is
broadsoft/user/services/sequential_ring.html. What they leave open is a switch.
"""

from __future__ import annotations

import copy
from typing import Any

from .apio_data import (
    DOMAIN,
    GROUP,
    TENANT,
    Field,
    Refusal,
    checked,
    checked_integer,
    oci_failure,
    schema_violation,
)
from .apio_rules import HuntGroupRules, Place
from .core import Switch

Service = dict[str, Any]

USER_SWITCHES = (
    Switch("put_user_service", ("partial", "replaces"), "A field that a user service's PUT lacks: kept, or defaulted?"),
    Switch("locations_put", ("replaces", "merges_by_id"), "Do locations that a PUT's list lacks go, or stay?"),
    Switch("empty_locations", ("absent", "listed"), "Does GET list the unused ones of the five locations?"),
    Switch("cleared_destination", ("", "null", "absent"), "How an unset destination of a call forwarding reads."),
    Switch("users_list", ("yes", "404"), "Is there a list of the group's users?"),
)

PLACES = range(1, 6)  # OCI Location01 to Location05 (vendor note 10)
# A number or user@host, without sip: (vendor note 10). The rings: 0, or 2 to 20 (limits page).
DESTINATION = Field("text", "", 1, 161, clearable=True, forbidden="^sips?:")
BOOLEAN = Field("boolean", False)
RINGS = Field("rings", 3)
FORWARDING_FIELDS = {"active": BOOLEAN, "destination": DESTINATION}
LOCATION_FIELDS = {"phoneNumber": DESTINATION, "numberOfRings": RINGS, "answerConfirmationRequired": BOOLEAN}
SERVICE_FIELDS = {  # forwarding page; ring page, with the defaults of its GET sample
    "cfa": {**FORWARDING_FIELDS, "ringSplashActive": BOOLEAN},
    "cfb": FORWARDING_FIELDS,
    "sequential_ring": {
        "ringBaseLocationFirst": Field("boolean", True),
        "baseLocationNumberOfRings": RINGS,
        "continueIfBaseLocationIsBusy": Field("boolean", True),
        "callerMayStopSearch": BOOLEAN,
    },
}
LISTS = {"cfa": (), "cfb": (), "sequential_ring": ("locations", "criteria")}

PAGE_LOCATION = {"id": 1, "phoneNumber": "+3225126777", "numberOfRings": 5, "answerConfirmationRequired": False}
PAGE_CRITERION: dict[str, Any] = {
    "name": "test",
    "active": True,
    "callsFrom": "All calls",
    "doNotPerformAction": False,
    "fromDnCriteria": {
        "includeAnonymousCallers": False,
        "selection": "Any",
        "phoneNumbers": [],
        "includeUnavailableCallers": False,
    },
}


def new_service(name: str, **content: Any) -> Service:
    """An assigned service that nobody has set up yet."""
    lists: dict[str, list[Any]] = {key: [] for key in LISTS[name]}
    return {**_defaults(SERVICE_FIELDS[name]), **lists, **content}


def _defaults(fields: dict[str, Field]) -> dict[str, Any]:
    return {name: field.default for name, field in fields.items()}


def with_user_services(tenants: dict[str, Any]) -> dict[str, Any]:
    """The seeded tenants, with what is assigned to their users: all three services, two, or none at all.

    The key is a group's `user_services`: by user id, then by service; what is not in there is not assigned.
    """
    ring = new_service("sequential_ring", locations=[PAGE_LOCATION], criteria=[PAGE_CRITERION])
    forward = new_service("cfa", destination="*55")
    first = {
        f"ApioUserTest@{DOMAIN}": {name: new_service(name) for name in SERVICE_FIELDS},
        f"ApioUserTest1@{DOMAIN}": {"cfa": forward, "cfb": new_service("cfb"), "sequential_ring": ring},
        f"ApioUserTest2@{DOMAIN}": {"cfa": new_service("cfa"), "cfb": new_service("cfb")},
    }
    for tenant in tenants.values():
        for group in tenant["groups"].values():
            group["user_services"] = {}
    tenants[TENANT]["groups"][GROUP]["user_services"] = first
    other = {name: new_service(name) for name in SERVICE_FIELDS}
    tenants["OtherSp"]["groups"]["OtherGrp"]["user_services"] = {"otheruser@other.netaxis.be": other}
    return tenants


def _checked_field(name: str, field: Field, value: Any) -> Any:
    if field.kind != "rings":
        return checked(name, field, value)
    if checked_integer(name, value, 0, 20) == 1:
        raise schema_violation(name, "neither 0 nor within 2 to 20")
    return value


def _checked_fields(fields: dict[str, Field], sent: dict[str, Any]) -> dict[str, Any]:
    return {name: _checked_field(name, field, sent[name]) for name, field in fields.items() if name in sent}


def _rows(name: str, sent: Any) -> list[dict[str, Any]]:
    if not isinstance(sent, list) or not all(isinstance(row, dict) for row in sent):
        raise schema_violation(name, "not a list of objects")
    return sent


class UserServiceRules(HuntGroupRules):
    """What a GET shows of a user's service, and what a PUT makes of it, by the dialect in force."""

    def _user_service(self, place: Place, user_id: str, name: str) -> Service:
        """A service of a user of the group; 404 when it is not assigned to the user (forwarding page)."""
        if user_id not in place.group["users"]:
            if self.dialect["missing_group"] == "400_4008":
                raise oci_failure(f"User not found: {user_id}", "4008")
            raise Refusal(404, f"Not found: {user_id}")
        assigned: dict[str, Service] = place.group.get("user_services", {}).get(user_id, {})
        if name not in assigned:
            raise Refusal(404, f"The service is not assigned to the user: {name}")
        return assigned[name]

    def _shown_service(self, service: Service) -> Service:
        shown = copy.deepcopy(service)
        if service.get("destination") == "" and self.dialect["cleared_destination"]:
            del shown["destination"]
            if self.dialect["cleared_destination"] == "null":
                shown["destination"] = None
        if "locations" in service and self.dialect["empty_locations"] == "listed":
            used = {row["id"]: row for row in shown["locations"]}
            shown["locations"] = [used.get(n, {"id": n, **_defaults(LOCATION_FIELDS)}) for n in PLACES]
        return shown

    def _changed_service(self, name: str, before: Service, body: dict[str, Any]) -> Service:
        """The service after a PUT, checked. Criteria are objects of their own, so no PUT takes one away."""
        fields = SERVICE_FIELDS[name]
        self._refuse_unknown(set(body) - set(fields) - set(LISTS[name]))
        after = copy.deepcopy(before)
        if self.dialect["put_user_service"] == "replaces":
            after = {**new_service(name), **{key: after[key] for key in ("criteria",) if key in after}}
        after.update(_checked_fields(fields, body))
        if "locations" in body and "locations" in LISTS[name]:
            after["locations"] = self._changed_locations(before["locations"], body["locations"])
        if "criteria" in body and "criteria" in LISTS[name]:
            self._switch_criteria(after["criteria"], body["criteria"])
        if after.get("active") and not after["destination"]:
            raise oci_failure("An active call forwarding needs a phone number to forward to")
        return after

    def _refuse_unknown(self, unknown: set[str]) -> None:
        if unknown and self.dialect["unknown_fields"] == "refused":
            raise Refusal(400, f"Unknown: {', '.join(sorted(unknown))}")

    def _changed_locations(self, before: list[dict[str, Any]], sent: Any) -> list[dict[str, Any]]:
        """The places in use afterwards, by id; one without a phone number is not in use."""
        merges = self.dialect["locations_put"] == "merges_by_id"
        stored = {row["id"]: row for row in before} if merges else {}
        after = dict(stored)
        seen: set[int] = set()
        for row in _rows("locations", sent):
            place = checked_integer("id", row.get("id"), PLACES[0], PLACES[-1])
            if place in seen:
                raise schema_violation("locations", f"id {place} is there twice")
            seen.add(place)
            self._refuse_unknown(set(row) - {"id"} - set(LOCATION_FIELDS))
            base = stored.get(place, {"id": place, **_defaults(LOCATION_FIELDS)})
            after[place] = {**base, **_checked_fields(LOCATION_FIELDS, row)}
        return [after[place] for place in sorted(after) if after[place]["phoneNumber"]]

    @staticmethod
    def _switch_criteria(criteria: list[dict[str, Any]], sent: Any) -> None:
        """A PUT names criteria and switches them; all else about one has a URL of its own (limits page)."""
        known = {row["name"]: row for row in criteria}
        for row in _rows("criteria", sent):
            if not isinstance(row.get("name"), str) or row["name"] not in known:
                raise oci_failure(f"Criteria not found: {row.get('name')}")
            if "active" in row:
                known[row["name"]]["active"] = _checked_field("active", BOOLEAN, row["active"])
