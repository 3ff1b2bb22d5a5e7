# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated APIO's user services answer as the vendor's call forwarding and sequential ring pages say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.unit.simulator.wire import ABSENT, Row, Table, Wire, ask, each
from pbx_simulator import Apio
from pbx_simulator.apio_users import PAGE_CRITERION
from pbx_simulator.server import RunningVendor

LOCATION = {"id": 1, "phoneNumber": "+3225126777", "numberOfRings": 5, "answerConfirmationRequired": False}
SECOND = {"id": 2, "phoneNumber": "bob@example.com", "numberOfRings": 0, "answerConfirmationRequired": True}
SPARE = {"phoneNumber": "", "numberOfRings": 3, "answerConfirmationRequired": False}
PAGE_RING = {  # the answer printed on the sequential ring page
    "ringBaseLocationFirst": True,
    "baseLocationNumberOfRings": 3,
    "continueIfBaseLocationIsBusy": True,
    "callerMayStopSearch": False,
    "locations": [LOCATION],
    "criteria": [PAGE_CRITERION],
}
SWITCHED_OFF = [{**PAGE_CRITERION, "active": False}]
OFF, OFF_A = {"active": False, "destination": ""}, {"active": False, "destination": "", "ringSplashActive": False}
FORWARD = {"active": True, "destination": "*55", "ringSplashActive": True}
CODE, TEXT, REASON = (f"errors.#0.details.{key}" for key in ("errors.0.error_code", "errors.0.summary", "reason"))
BAD_FORWARDS: list[Any] = [{"active": "true"}, {"ringSplashActive": 1}, {"destination": "1" * 162}, {"destination": 5}]
BAD_RINGS = [
    *({"baseLocationNumberOfRings": rings} for rings in (1, 21, "3")),
    {"ringBaseLocationFirst": None},
    *({"locations": places} for places in ("+3225126777", ["+3225126777"], [{"phoneNumber": "1"}], [LOCATION] * 2)),
    *({"locations": [{**LOCATION, "id": n}]} for n in (0, 6)),
    {"locations": [{**LOCATION, "numberOfRings": 1}]},
    *({"locations": [{**LOCATION, "phoneNumber": number}]} for number in ("sip:bob@example.com", "1" * 162)),
    {"locations": [{**LOCATION, "answerConfirmationRequired": "false"}]},
    {"criteria": ["test"]},
    {"criteria": [{"name": "test", "active": "yes"}]},
]


@pytest.fixture(scope="module")
def apio() -> Iterator[Wire]:
    tenant = "/api/v01/p1/tenants/ApioSpTest/groups"
    with RunningVendor(Apio()) as served:
        aliases = {
            "OTHER": f"{tenant}/ApioGrpTest2/users",
            "OWN": f"{tenant}/ApioGrpTest/users",
            **{f"@{name}": f"{user}@sip.netaxis.be/services" for name, user in USERS.items()},
        }
        yield Wire(served, aliases, {"Authorization": "Bearer demo-machine-token"})


USERS = {"foo": "foouser", "none": "nobody", "group": "APIOTestHuntGroup", "0": "ApioUserTest"}
USERS.update({f"{n}": f"ApioUserTest{n}" for n in (1, 2)})


def get(user: int, service: str, expected: Any) -> Row:
    return ask(f"GET OWN/@{user}/{service}/", {"": expected} if isinstance(expected, dict) else expected)


def put(user: int, service: str, body: Any, expected: Any = 200) -> Row:
    """A PUT that succeeds has no body, as in the page's sample."""
    return ask(f"PUT OWN/@{user}/{service}/", {"@text": "", "": None} if expected == 200 else expected, body)


def changed(user: int, service: str, body: Any, expected: Any) -> list[Row]:
    return [put(user, service, body), get(user, service, expected)]


def ring(**values: Any) -> dict[str, Any]:
    return {**PAGE_RING, **values}


def refused(user: int, service: str, body: Any, code: str = "6004", **more: Any) -> Row:
    return put(user, service, body, {"@status": 400, CODE: code, **more})


TABLE: Table = {
    "the seed": [
        get(0, "cfa", OFF_A), get(0, "cfb", OFF), get(2, "cfb", OFF), get(1, "cfa", {**OFF_A, "destination": "*55"}),
        get(0, "sequential_ring", ring(locations=[], criteria=[])), get(1, "sequential_ring", PAGE_RING),
    ],
    "a service that is not assigned": [
        get(2, "sequential_ring", 404), put(2, "sequential_ring", {"callerMayStopSearch": True}, 404),
        {"missing_group": "400_4008"},  # the user is there, so that is no reason for 4008
        *(ask(f"GET OTHER/@foo/{name}/", 404) for name in ("cfa", "cfb", "sequential_ring")),
    ],
    "a user that the group does not have": [
        *(ask(f"GET OWN/@{name}/cfa/", 404) for name in ("none", "foo", "group")),
        {"missing_group": "400_4008"},
        *(ask(f"PUT OWN/@{name}/cfa/", {"@status": 400, CODE: "4008"}, FORWARD) for name in ("none", "foo", "group")),
    ],
    "the forwarding of the page": [
        *changed(0, "cfa", FORWARD, FORWARD),
        *changed(2, "cfb", {"active": True, "destination": "*55"}, {"active": True, "destination": "*55"}),
        get(0, "cfb", OFF), get(1, "cfb", OFF),
    ],
    "what GET shows can be sent back": [
        {"unknown_fields": "refused", "empty_locations": "listed"},
        put(0, "cfa", {"active": False, "destination": None, "ringSplashActive": False}), get(0, "cfa", OFF_A),
        put(1, "sequential_ring", ring(locations=[LOCATION, *({"id": n, **SPARE} for n in range(2, 6))])),
        {"empty_locations": "absent"},
        get(1, "sequential_ring", PAGE_RING),
    ],
    "criteria are switched by name": [
        *changed(1, "sequential_ring", {"criteria": [{"name": "test", "active": False}]}, ring(criteria=SWITCHED_OFF)),
        *changed(1, "sequential_ring", {"criteria": []}, ring(criteria=SWITCHED_OFF)),
        refused(1, "sequential_ring", {"criteria": [{"name": "test", "active": True}, {"name": "no"}]}, ABSENT),
        get(1, "sequential_ring", ring(criteria=SWITCHED_OFF)),
    ],
    "an active forwarding needs a destination": [
        *(refused(0, name, body, ABSENT) for name in ("cfa", "cfb") for body in ({"active": True}, {**OFF, "active": True})),
        *changed(1, "cfa", {"active": True}, {**OFF_A, "active": True, "destination": "*55"}),
        refused(1, "cfa", {"destination": ""}, ABSENT), *changed(1, "cfa", OFF, OFF_A),
    ],
    "the limits of the schema": [
        *(refused(1, "cfa", body) for body in BAD_FORWARDS), *(refused(1, "sequential_ring", body) for body in BAD_RINGS),
        refused(1, "cfb", {"destination": "sip:bob@example.com"}),
        get(1, "sequential_ring", PAGE_RING), get(1, "cfa", {**OFF_A, "destination": "*55"}),
    ],
    "within the limits": [
        row
        for rings in (0, 2, 20)
        for places in ([{**LOCATION, "numberOfRings": rings, "id": n} for n in range(1, 6)],)
        for row in changed(
            1, "sequential_ring", {"baseLocationNumberOfRings": rings, "locations": places},
            ring(baseLocationNumberOfRings=rings, locations=places),
        )
    ],
    "a PUT is partial": [
        *changed(1, "cfa", {"ringSplashActive": True}, {**FORWARD, "active": False}),
        *changed(1, "sequential_ring", {"callerMayStopSearch": True}, ring(callerMayStopSearch=True)),
    ],
    "a PUT replaces": [
        {"put_user_service": "replaces"},
        refused(1, "cfa", {"active": True}, ABSENT),  # the stored destination goes
        *changed(1, "cfa", {"ringSplashActive": True}, {**OFF_A, "ringSplashActive": True}),
        *changed(1, "cfa", {"destination": "*55"}, {**OFF_A, "destination": "*55"}),
        *changed(1, "sequential_ring", {"baseLocationNumberOfRings": 9}, ring(baseLocationNumberOfRings=9, locations=[])),
    ],
    **{
        f"places under locations_put={reading}": [
            {"locations_put": reading},
            *changed(1, "sequential_ring", {"locations": [SECOND]}, ring(locations=left)),
            *changed(1, "sequential_ring", {"locations": []}, ring(locations=left if merges else [])),
            *changed(1, "sequential_ring", {"locations": [SECOND, LOCATION]}, ring(locations=[LOCATION, SECOND])),
            put(1, "sequential_ring", {"locations": [{"id": 1, "phoneNumber": "+32"}]}),
            ask("GET OWN/@1/sequential_ring/", {"locations.#0.numberOfRings": 5 if merges else 3}),
            *changed(1, "sequential_ring", {"locations": [{"id": 1, "phoneNumber": ""}, SECOND]}, ring(locations=[SECOND])),
        ]
        for reading, left, merges in (("replaces", [SECOND], False), ("merges_by_id", [LOCATION, SECOND], True))
    },
    "unused places may be listed": [
        {"empty_locations": "listed"},
        get(1, "sequential_ring", ring(locations=[LOCATION, *({"id": n, **SPARE} for n in range(2, 6))])),
    ],
    "how an unset destination reads": [
        {"cleared_destination": "null"}, get(0, "cfb", {"active": False, "destination": None}),
        {"cleared_destination": "absent"}, get(0, "cfb", {"active": False}),
        *changed(1, "cfa", {"destination": ""}, {"active": False, "ringSplashActive": False}),
        *changed(1, "cfa", {"destination": "*55"}, {**OFF_A, "destination": "*55"}),
    ],
    "the list of users may not be there": [
        ask("GET OWN/", {"users.*.extension": ["4000", "5001", "5002"]}),
        {"users_list": "404"},
        ask("GET OWN/", 404), get(1, "sequential_ring", PAGE_RING),
    ],
    "general rules hold here too": [
        ask("GET OWN/@0/cfa", 404), ask("GET OWN/@0/cfa/", 401, Authorization=""), get(0, "nothing", 404),
        ask("PUT OWN/@0/cfa/", 403, FORWARD, Authorization="Bearer readonly-machine-token"), get(0, "cfa/cfb", 404),
        *(put(0, "cfa", body, 416) for body in (None, {}, [], '"text"')),
        {"no_slash": "tolerated"},
        ask("GET OWN/@1/sequential_ring", {"": PAGE_RING}),
    ],
    "unknown fields": [
        *changed(1, "sequential_ring", {"locations": [LOCATION], "colour": "red"}, PAGE_RING),
        *changed(1, "cfa", {"locations": [LOCATION]}, {**OFF_A, "destination": "*55"}),
        {"unknown_fields": "refused"},
        *(
            put(1, name, body, {"@status": 400, REASON: f"Unknown: {what}"})
            for name, body, what in (
                ("sequential_ring", {"colour": "red"}, "colour"), ("cfa", {"locations": []}, "locations"),
                ("sequential_ring", {"locations": [{**LOCATION, "colour": 1}]}, "colour"),
            )
        ),
    ],
    "dialects of all answers": [
        {"audit": True, "string_booleans": True, "unset_value": None},
        ask("PUT OWN/@0/cfa/", {"@text": "_record_internal_id"}, {"ringSplashActive": True}),
        ask("GET OWN/@0/cfa/", {"active": "false", "destination": None, "ringSplashActive": "true"}),
    ],
}  # fmt: skip


@each(TABLE)
def test_user_services(apio: Wire, rows: list[Row]) -> None:
    apio.walk(rows)
    assert json.loads(json.dumps(apio.vendor.state)) == apio.vendor.state
