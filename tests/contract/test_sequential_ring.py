# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follow-me of APIO: Sequential Ring as destinations, two call forwardings beside it, all of one user and no other's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.callers import Caller
from ansible_collections.telephony.pbx.tests.contract.cases import USER, USER1, USER2, Values, differences
from ansible_collections.telephony.pbx.tests.contract.user_services import (
    ONE,
    PAGE,
    RING,
    THREE,
    TWO,
    changed_services,
    declare,
    follow_me,
    locations,
    numbers,
    ring,
    sent,
    services,
)

pytestmark = pytest.mark.thorough

__all__ = ["follow_me"]  # fixtures


# -- destinations ----------------------------------------------------------------------------------------------------------
def test_a_new_destination_needs_nothing_but_its_number(follow_me: Caller) -> None:
    follow_me.done(declare({"number": 4001}))
    assert sent(follow_me)[0][2]["locations"] == [{"id": 1, "phoneNumber": "4001"}]
    follow_me.unchanged(declare(*numbers("4001")))
    follow_me.done(declare({"number": "4", "rings": 2}, {"number": "5", "rings": 20}, {"number": "6", "rings": 0}))
    assert [row[2] for row in ring(follow_me.state)] == [2, 20, 0]


def test_gaps_between_the_servers_places_are_no_disorder(follow_me: Caller) -> None:
    low, high = locations({**ONE, "number": "4002"}, {**TWO, "number": "4005"})
    services(follow_me.vendor.state)["sequential_ring"]["locations"] = [{**high, "id": 5}, {**low, "id": 2}]
    follow_me.unchanged(declare(*numbers("4002", "4005")))
    for put in ("replaces", "merges_by_id"):
        follow_me.vendor.set_dialect(locations_put=put)
        for wanted in (("4005", "4002"), ("4002", "4005")):
            follow_me.done(declare(*numbers(*wanted)))
            follow_me.unchanged(declare(*numbers(*wanted)))


# -- what others added ---------------------------------------------------------------------------------------------------
def test_at_least_puts_what_is_declared_into_its_order_and_absent_removes_all(follow_me: Caller) -> None:
    follow_me.done(declare(ONE, TWO, THREE))
    turned = declare(*numbers(THREE["number"], ONE["number"]), membership="at_least")
    follow_me.predicted(turned)
    places = [row[1] for row in ring(follow_me.state)]
    assert places.index(THREE["number"]) < places.index(ONE["number"]) and len(places) == 3
    follow_me.unchanged(turned)
    follow_me.predicted(declare(ONE, membership="at_least", state="absent"))
    assert ring(follow_me.state) == []


# -- the two forwardings ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("part", "service"), [("always", "cfa"), ("busy", "cfb")])
def test_a_forwarding_is_switched_on_changed_and_off(follow_me: Caller, part: str, service: str) -> None:
    more: Values = {"ringSplashActive": False} if service == "cfa" else {}
    first = follow_me.state
    result = follow_me.predicted(account=USER, forwarding={part: "4001"})
    assert sent(follow_me) == [(USER, service, {"active": True, "destination": "4001", **more})]
    assert result["follow_me"]["forwarding"] == {"always": "", "busy": "", part: "4001"}
    follow_me.unchanged(account=USER, forwarding={part: 4001})

    follow_me.predicted(account=USER, forwarding={part: "+32470123456"})
    follow_me.predicted(account=USER, forwarding={part: ""})
    assert sent(follow_me) == [(USER, service, {"active": False, "destination": "+32470123456", **more})]
    stored = services(follow_me.state)[service]
    assert (stored["active"], stored["destination"]) == (False, "+32470123456"), "the user may switch it on again"
    follow_me.unchanged(account=USER, state="absent", forwarding={part: ""})
    assert changed_services(first, follow_me.state) == {(USER, service)}


def test_one_that_is_switched_off_is_switched_on_with_what_is_declared(follow_me: Caller) -> None:
    assert services(follow_me.state, USER1)["cfa"]["destination"] == "*55"
    assert follow_me.info(account=USER1)["follow_me"][0]["forwarding"]["always"] == ""
    follow_me.predicted(account=USER1, forwarding={"always": "*55"})
    assert services(follow_me.state, USER1)["cfa"]["active"] is True


# -- settings ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("put", ["partial", "replaces"])
@pytest.mark.parametrize(
    ("name", "value", "service"),
    [
        ("ringBaseLocationFirst", "false", "sequential_ring"),
        ("baseLocationNumberOfRings", "0", "sequential_ring"),
        ("baseLocationNumberOfRings", 20, "sequential_ring"),
        ("continueIfBaseLocationIsBusy", False, "sequential_ring"),
        ("callerMayStopSearch", "yes", "sequential_ring"),
        ("ringSplashActive", True, "cfa"),
    ],
)
def test_a_setting_goes_to_its_service_and_changes_nothing_else(
    follow_me: Caller, name: str, value: Any, service: str, put: str
) -> None:
    follow_me.vendor.set_dialect(put_user_service=put)
    before = follow_me.state
    follow_me.predicted(account=USER1, settings={name: value})
    place = ("tenants", "ApioSpTest", "groups", "ApioGrpTest", "user_services", USER1, service, name)
    assert differences(before, follow_me.state) == {place}
    assert [write[:2] for write in sent(follow_me)] == [(USER1, service)]
    follow_me.unchanged(account=USER1, settings={name: value})


EVERYTHING = declare(
    ONE,
    forwarding={"always": "4001", "busy": "4002"},
    settings={"ringSplashActive": True, "callerMayStopSearch": True},
)


def test_each_service_is_written_once_and_absent_leaves_the_settings(follow_me: Caller) -> None:
    follow_me.predicted(EVERYTHING)
    assert sent(follow_me) == [
        (USER, "sequential_ring", {**RING, "callerMayStopSearch": True, "locations": locations(ONE)}),
        (USER, "cfa", {"active": True, "destination": "4001", "ringSplashActive": True}),
        (USER, "cfb", {"active": True, "destination": "4002"}),
    ]
    before = follow_me.state
    result = follow_me.predicted(account=USER, state="absent")
    assert result["follow_me"]["forwarding"] == {"always": "", "busy": ""}
    assert [service for _user, service, _body in sent(follow_me)] == ["sequential_ring", "cfa", "cfb"]
    assert services(follow_me.state)["cfa"] == {**services(before)["cfa"], "active": False}


def test_a_server_that_refuses_a_service_says_what_is_done_and_what_is_not(follow_me: Caller) -> None:
    fault = {"status": 400, "body": json.dumps({"details": "Provisioning failed"}), "match": "PUT .*/cfb/"}
    follow_me.vendor.add_fault("status", times=None, **fault)
    result = follow_me.run(EVERYTHING)
    assert result["failed"] and result["changed"] and "Provisioning failed" in result["msg"]
    assert "not done: forwarding.busy" in result["msg"] and "destinations" in result["msg"].split("not done")[0]
    follow_me.vendor.faults = []
    follow_me.done(EVERYTHING)
    assert [write[:2] for write in sent(follow_me)] == [(USER, "cfb")]


# -- criteria ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rows", "warned"),
    [
        ([], True),
        ([{"active": False, "doNotPerformAction": False}], True),
        ([{"active": True, "doNotPerformAction": True}], True),
        ([{"active": True, "doNotPerformAction": False}], False),
        ([{"active": True}], False),
        ([{"active": False}, {"active": "true", "doNotPerformAction": "false"}], False),
    ],
    ids=str,
)
def test_destinations_that_no_criterion_rings_are_warned_of(
    follow_me: Caller, rows: list[Values], warned: bool
) -> None:

    def kept(rows: list[Values]) -> list[Values]:
        return [{name: str(value).lower() for name, value in row.items()} for row in rows]

    rows = [{"name": "c", **row} for row in rows]
    services(follow_me.vendor.state)["sequential_ring"]["criteria"] = rows
    for result in (follow_me.check(declare(ONE)), follow_me.done(declare(ONE)), follow_me.unchanged(declare(ONE))):
        (warning,) = result.get("warnings", ["-"])
        assert ("criterion" in warning and USER in warning) is warned
    for more in ({"destinations": []}, {"forwarding": {"busy": "4001"}}, {"state": "absent"}):
        assert "warnings" not in follow_me.done(more, account=USER)
    assert kept(services(follow_me.state)["sequential_ring"]["criteria"]) == kept(rows)


def test_criteria_travel_as_they_were_read_but_for_what_cannot_be_sent(follow_me: Caller) -> None:
    """Booleans may be shown as texts, and what is unset as null."""
    callers = {"includeAnonymousCallers": "true", "phoneNumbers": None}
    shown = {
        "name": "c",
        "active": "true",
        "doNotPerformAction": "false",
        "timeSchedule": None,
        "fromDnCriteria": callers,
    }
    services(follow_me.vendor.state)["sequential_ring"]["criteria"] = [shown]
    follow_me.done(declare(ONE))
    ((_user, _service, body),) = sent(follow_me)
    assert body["criteria"] == [
        {"name": "c", "active": True, "doNotPerformAction": False, "fromDnCriteria": {"includeAnonymousCallers": True}}
    ]


# -- whose calls, and what info shows --------------------------------------------------------------------------------------
@pytest.mark.parametrize("written", ["5001", 5001, "+3225126778", "003225126778", "025126778", USER1])
def test_a_user_is_named_by_id_extension_or_phone_number(follow_me: Caller, written: Any) -> None:
    assert follow_me.predicted(account=written, forwarding={"busy": "4001"})["plan"][0]["id"] == USER1
    assert [write[:2] for write in sent(follow_me)] == [(USER1, "cfb")]
    (shown,) = follow_me.info(account=written)["follow_me"]
    assert (shown["account"], shown["forwarding"]["busy"]) == (USER1, "4001")


@pytest.mark.parametrize("listed", ["yes", "404"])
def test_a_user_id_needs_no_list_of_users(follow_me: Caller, listed: str) -> None:
    follow_me.vendor.set_dialect(users_list=listed)
    follow_me.predicted(declare(ONE, TWO, account=USER1))
    assert [one["account"] for one in follow_me.info(account=USER1)["follow_me"]] == [USER1]


def test_the_users_whose_calls_go_elsewhere_are_shown_as_they_can_be_declared(follow_me: Caller) -> None:
    follow_me.done(account=USER2, forwarding={"busy": "4001"})
    found = {one["account"]: one for one in follow_me.info()["follow_me"]}
    splash, nowhere = {"ringSplashActive": False}, {"always": "", "busy": ""}
    assert found == {
        USER1: {"account": USER1, "destinations": [PAGE], "forwarding": nowhere, "settings": {**RING, **splash}},
        USER2: {"account": USER2, "forwarding": {**nowhere, "busy": "4001"}, "settings": splash},
    }
    for one in found.values():
        follow_me.unchanged(one)
    (shown,) = follow_me.info(account=USER)["follow_me"]
    assert (shown["destinations"], shown["forwarding"]) == ([], nowhere)
    services(follow_me.vendor.state).clear()
    assert follow_me.info(account=USER)["follow_me"] == [{"account": USER, "forwarding": {}, "settings": {}}]
