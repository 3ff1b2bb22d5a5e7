# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follow-me of APIO: Sequential Ring as destinations, two call forwardings beside it, all of one user and no other's."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.callers import Caller
from ansible_collections.telephony.pbx.tests.contract.cases import USER, USER1, Values, differences
from ansible_collections.telephony.pbx.tests.contract.shape import reported
from ansible_collections.telephony.pbx.tests.contract.user_services import (
    ONE,
    PAGE,
    RING,
    THREE,
    TWO,
    changed_services,
    declare,
    follow_me,
    numbers,
    ring,
    sent,
    services,
)

__all__ = ["follow_me"]  # fixtures


def location(place: int, item: Values) -> Values:
    """A location as it is sent."""
    names = {"number": "phoneNumber", "rings": "numberOfRings", "answer_confirmation": "answerConfirmationRequired"}
    return {"id": place, **{names[name]: value for name, value in item.items()}}


def locations(*items: Values) -> list[Values]:
    return [location(place, item) for place, item in enumerate(items, 1)]


# -- destinations ----------------------------------------------------------------------------------------------------------


def test_a_new_destination_needs_nothing_but_its_number(follow_me: Caller) -> None:
    follow_me.done(declare({"number": 4001}))
    assert sent(follow_me)[0][2]["locations"] == [{"id": 1, "phoneNumber": "4001"}]
    follow_me.unchanged(declare(*numbers("4001")))


def test_null_is_not_managed(follow_me: Caller) -> None:
    for more in ({}, {"destinations": None}, {"forwarding": None, "settings": None}, {"settings": {}}):
        follow_me.unchanged({"account": USER1, **more})
    follow_me.unchanged(declare({**PAGE, "rings": None, "answer_confirmation": None}, account=USER1))
    follow_me.unchanged(account=USER1, forwarding={"always": None}, settings={"ringSplashActive": None})


@pytest.mark.parametrize(
    "item",
    [{"rings": "5"}, {"rings": 5}, {"answer_confirmation": "false"}, {"answer_confirmation": ""}, {"rings": " 5 "}],
    ids=str,
)
def test_values_are_compared_by_their_meaning(follow_me: Caller, item: Values) -> None:
    follow_me.unchanged(declare({"number": PAGE["number"], **item}, account=USER1))


@pytest.mark.parametrize("put", ["partial", "replaces"])
def test_what_is_not_written_about_a_destination_stays(follow_me: Caller, put: str) -> None:
    """A PUT carries everything that is known: the criteria and the other users stay as they are."""
    follow_me.vendor.set_dialect(put_user_service=put)
    services(follow_me.vendor.state, USER1)["sequential_ring"].update(callerMayStopSearch=True)
    services(follow_me.vendor.state, USER1)["sequential_ring"]["locations"][0]["answerConfirmationRequired"] = True
    before = follow_me.state
    follow_me.predicted(declare({"number": PAGE["number"], "rings": 7}, account=USER1))
    assert ring(follow_me.state, USER1) == [(1, "+3225126777", 7, True)]
    wanted = {**services(before, USER1)["sequential_ring"], "locations": []}
    assert {**services(follow_me.state, USER1)["sequential_ring"], "locations": []} == wanted
    assert changed_services(before, follow_me.state) == {(USER1, "sequential_ring")}


@pytest.mark.parametrize("put", ["replaces", "merges_by_id"])
@pytest.mark.parametrize("wanted", ["cab", "acb", "xabc", "axbc", "abcx", "abcxy", "cxa", "x", "b", "ca", ""])
def test_every_order_and_every_length_is_reached(follow_me: Caller, wanted: str, put: str) -> None:
    follow_me.vendor.set_dialect(locations_put=put)
    rows = {
        name: {"number": f"400{place}", "rings": place + 2, "answer_confirmation": False}
        for place, name in enumerate("abcxy")
    }
    follow_me.done(declare(*(rows[name] for name in "abc")))
    before = follow_me.state
    follow_me.predicted(declare(*(rows[name] for name in wanted)))
    assert [row[1:3] for row in ring(follow_me.state)] == [
        (rows[name]["number"], rows[name]["rings"]) for name in wanted
    ]
    assert changed_services(before, follow_me.state) == {(USER, "sequential_ring")}
    follow_me.unchanged(declare(*(rows[name] for name in wanted)))


def test_locations_that_a_shorter_list_leaves_are_emptied_in_a_second_write(follow_me: Caller) -> None:
    follow_me.vendor.set_dialect(locations_put="merges_by_id")
    follow_me.done(declare(ONE, TWO, THREE))
    follow_me.predicted(declare(TWO))
    emptied = [{"id": 2, "phoneNumber": ""}, {"id": 3, "phoneNumber": ""}]
    assert [body["locations"] for _user, _service, body in sent(follow_me)] == [
        locations(TWO),
        [*locations(TWO), *emptied],
    ]
    assert ring(follow_me.state) == [(1, "4001", 2, False)]
    follow_me.predicted(declare(ONE, TWO))
    assert len(sent(follow_me)) == 1, "a longer list leaves nothing"


def test_gaps_between_the_servers_places_are_no_disorder(follow_me: Caller) -> None:
    table = services(follow_me.vendor.state)["sequential_ring"]
    rows = [(5, "4005"), (2, "4002")]
    table["locations"] = [
        {"id": place, "phoneNumber": number, "numberOfRings": 3, "answerConfirmationRequired": False}
        for place, number in rows
    ]
    follow_me.unchanged(declare(*numbers("4002", "4005")))
    for put in ("replaces", "merges_by_id"):
        follow_me.vendor.set_dialect(locations_put=put)
        follow_me.done(declare(*numbers("4005", "4002")))
        follow_me.unchanged(declare(*numbers("4005", "4002")))
        follow_me.done(declare(*numbers("4002", "4005")))


# -- which one is meant, and what others added -------------------------------------------------------------------------
def test_at_least_keeps_what_others_added_and_reports_it(follow_me: Caller) -> None:
    follow_me.done(declare(ONE, TWO, THREE))
    result = follow_me.unchanged(declare(*numbers("4001"), membership="at_least"))
    assert reported(result, [ONE["number"], THREE["number"]])
    follow_me.unchanged(declare(membership="at_least"))
    follow_me.unchanged(declare(*numbers("4001", THREE["number"]), membership="at_least"))
    follow_me.predicted(declare({"number": "4001", "rings": 9}, membership="at_least"))
    assert [row[1:3] for row in ring(follow_me.state)] == [(ONE["number"], 5), ("4001", 9), (THREE["number"], 0)]
    follow_me.done(declare(*numbers("4009"), membership="at_least"))
    assert [row[1] for row in ring(follow_me.state)] == [ONE["number"], "4001", THREE["number"], "4009"]


def test_at_least_puts_what_is_declared_into_its_order(follow_me: Caller) -> None:
    follow_me.done(declare(ONE, TWO, THREE))
    turned = declare(*numbers(THREE["number"], ONE["number"]), membership="at_least")
    follow_me.predicted(turned)
    places = [row[1] for row in ring(follow_me.state)]
    assert places.index(THREE["number"]) < places.index(ONE["number"]) and len(places) == 3
    follow_me.unchanged(turned)


def test_absent_removes_what_others_added_too(follow_me: Caller) -> None:
    follow_me.done(declare(ONE, TWO))
    follow_me.predicted(declare(ONE, membership="at_least", state="absent"))
    assert ring(follow_me.state) == []


def test_more_than_five_together_with_those_of_others_are_refused(follow_me: Caller) -> None:
    follow_me.done(declare(*numbers("4001", "4002", "4003", "4004", "4005")))
    follow_me.unchanged(declare(*numbers("4003"), membership="at_least"))
    assert "5 locations" in follow_me.refused(declare(*numbers("4006"), membership="at_least"))


SPELLINGS = ("+3225126777", "003225126777", "025126777", "+32 2 512 67 77")


@pytest.mark.parametrize("written", SPELLINGS)
@pytest.mark.parametrize("present", SPELLINGS)
def test_a_public_number_is_the_same_in_every_spelling(follow_me: Caller, present: str, written: str) -> None:
    services(follow_me.vendor.state, USER1)["sequential_ring"]["locations"][0]["phoneNumber"] = present
    services(follow_me.vendor.state, USER1)["cfa"].update(active=True, destination=present)
    for membership in ("exact", "at_least"):
        follow_me.unchanged(declare(*numbers(written), account=USER1, membership=membership))
    follow_me.unchanged(account=USER1, forwarding={"always": written})
    follow_me.done(declare({"number": written, "rings": 9}, account=USER1))
    assert ring(follow_me.state, USER1) == [(1, present, 9, False)]


def test_one_number_in_two_spellings_is_listed_twice(follow_me: Caller) -> None:
    twice = declare(*numbers("+3225126777", "025126777"), account=USER1)
    assert "twice" in follow_me.refused(twice)


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
    follow_me.unchanged(account=USER, forwarding={part: ""})
    follow_me.unchanged(account=USER, state="absent")
    assert changed_services(first, follow_me.state) == {(USER, service)}


def test_one_that_is_switched_off_is_switched_on_with_what_is_declared(follow_me: Caller) -> None:
    assert services(follow_me.state, USER1)["cfa"]["destination"] == "*55"
    assert follow_me.info(account=USER1)["follow_me"][0]["forwarding"]["always"] == ""
    follow_me.predicted(account=USER1, forwarding={"always": "*55"})
    assert services(follow_me.state, USER1)["cfa"]["active"] is True


def test_absent_takes_everything_away_and_leaves_the_settings(follow_me: Caller) -> None:
    follow_me.done(declare(ONE, forwarding={"always": "4001", "busy": "4002"}, settings={"ringSplashActive": True}))
    before = follow_me.state
    result = follow_me.predicted(account=USER, state="absent")
    assert result["follow_me"]["forwarding"] == {"always": "", "busy": ""}
    assert {service for _user, service, _body in sent(follow_me)} == {"cfa", "cfb", "sequential_ring"}
    assert services(follow_me.state)["cfa"] == {**services(before)["cfa"], "active": False}
    follow_me.unchanged(account=USER, state="absent")


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


def test_each_service_is_written_once_whatever_changes(follow_me: Caller) -> None:
    settings = {"ringSplashActive": True, "callerMayStopSearch": True}
    follow_me.predicted(declare(ONE, forwarding={"always": "4001", "busy": "4002"}, settings=settings))
    assert sent(follow_me) == [
        (USER, "sequential_ring", {**RING, "callerMayStopSearch": True, "locations": locations(ONE)}),
        (USER, "cfa", {"active": True, "destination": "4001", "ringSplashActive": True}),
        (USER, "cfb", {"active": True, "destination": "4002"}),
    ]


# -- what is refused before any request ----------------------------------------------------------------------------------


def test_what_is_just_possible_is_not_refused(follow_me: Caller) -> None:
    follow_me.done(declare(*numbers(*"45678")))
    follow_me.done(declare({"number": "4", "rings": 2}, {"number": "5", "rings": 20}, {"number": "6", "rings": 0}))
    assert [row[2] for row in ring(follow_me.state)] == [2, 20, 0]


# -- criteria ----------------------------------------------------------------------------------------------------------------
def criteria(follow_me: Caller, *rows: Values) -> None:
    services(follow_me.vendor.state)["sequential_ring"]["criteria"] = [{"name": "c", **row} for row in rows]


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
    criteria(follow_me, *rows)
    for result in (follow_me.check(declare(ONE)), follow_me.done(declare(ONE)), follow_me.unchanged(declare(ONE))):
        (warning,) = result.get("warnings", ["-"])
        assert ("criterion" in warning and USER in warning) is warned
    for more in ({"destinations": []}, {"forwarding": {"busy": "4001"}}, {"state": "absent"}):
        assert "warnings" not in follow_me.done(more, account=USER)
    kept = [{name: str(value).lower() for name, value in row.items()} for row in ({"name": "c", **row} for row in rows)]
    now = services(follow_me.state)["sequential_ring"]["criteria"]
    assert [{name: str(value).lower() for name, value in row.items()} for row in now] == kept
