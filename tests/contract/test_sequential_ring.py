# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follow-me of APIO: Sequential Ring as destinations, two call forwardings beside it, all of one user and no other's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.callers import Caller, converges, other_dialects
from ansible_collections.telephony.pbx.tests.contract.cases import (
    DOMAIN,
    FOO,
    USER,
    USER1,
    USER2,
    State,
    Values,
    differences,
)
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from pbx_simulator import Apio

ONE: Values = {"number": "+32470123456", "rings": 5, "answer_confirmation": True}
TWO: Values = {"number": "4001", "rings": 2, "answer_confirmation": False}
THREE: Values = {"number": "desk@pbx.example", "rings": 0, "answer_confirmation": False}
RING = {
    "ringBaseLocationFirst": True,
    "baseLocationNumberOfRings": 3,
    "continueIfBaseLocationIsBusy": True,
    "callerMayStopSearch": False,
}
PAGE = {"number": "+3225126777", "rings": 5, "answer_confirmation": False}  # the location that USER1 begins with


@pytest.fixture
def follow_me(apio: Site) -> Caller:
    return Caller(apio, "follow_me")


def declare(*destinations: Values, account: str = USER, **more: Any) -> Values:
    return {"account": account, "destinations": list(destinations), **more}


def numbers(*written: str) -> list[Values]:
    return [{"number": number} for number in written]


def group_of(state: State) -> Values:
    found: Values = state["tenants"]["ApioSpTest"]["groups"]["ApioGrpTest"]
    return found


def services(state: State, user: str = USER) -> Values:
    """The services of a user, as the server keeps them."""
    found: Values = group_of(state)["user_services"][user]
    return found


def ring(state: State, user: str = USER) -> list[tuple[int, str, int, bool]]:
    """The locations in use, in their order."""
    rows = services(state, user)["sequential_ring"]["locations"]
    names = ("id", "phoneNumber", "numberOfRings", "answerConfirmationRequired")
    return [tuple(row[name] for name in names) for row in rows]


def changed_services(one: State, other: State) -> set[tuple[str, ...]]:
    """Which services of which users differ; anything else that differs is shown with its whole path."""
    place = ("tenants", "ApioSpTest", "groups", "ApioGrpTest", "user_services")
    return {path[5:7] if path[:5] == place else path for path in differences(one, other)}


def sent(caller: Caller) -> list[tuple[str, str, Values]]:
    """The writes of the last call: user, service, body."""
    found = []
    for entry in caller.vendor.writes():
        user, _services, service = entry["path"].rstrip("/").split("/")[-3:]
        assert entry["method"] == "PUT" and entry["path"].endswith("/")
        found.append((user, service, json.loads(entry["body"])))
    return found


def location(place: int, item: Values) -> Values:
    """A location as it is sent."""
    names = {"number": "phoneNumber", "rings": "numberOfRings", "answer_confirmation": "answerConfirmationRequired"}
    return {"id": place, **{names[name]: value for name, value in item.items()}}


def locations(*items: Values) -> list[Values]:
    return [location(place, item) for place, item in enumerate(items, 1)]


# -- destinations ----------------------------------------------------------------------------------------------------------
def test_life_of_a_list_and_what_each_step_sends(follow_me: Caller) -> None:
    first = follow_me.state
    result = follow_me.predicted(declare(ONE, TWO))
    assert sent(follow_me) == [(USER, "sequential_ring", {**RING, "locations": locations(ONE, TWO)})]
    assert ring(follow_me.state) == [(1, "+32470123456", 5, True), (2, "4001", 2, False)]
    assert changed_services(first, follow_me.state) == {(USER, "sequential_ring")}

    assert follow_me.unchanged(declare(ONE, TWO))["follow_me"] == result["follow_me"]
    assert len(follow_me.vendor.log) == 3, "a user id needs no list: one request for each service"
    follow_me.unchanged(result["follow_me"])

    updated = follow_me.predicted(declare({**ONE, "rings": 6}, THREE, {"number": "4001"}))
    assert [change["field"] for change in updated["plan"][0]["changes"]] == ["destinations"]
    (write,) = sent(follow_me)
    assert write[2]["locations"] == locations({**ONE, "rings": 6}, THREE, TWO)

    gone = follow_me.predicted(account=USER, state="absent")
    assert sent(follow_me) == [(USER, "sequential_ring", {**RING, "locations": []})]
    assert (gone["follow_me"]["destinations"], ring(follow_me.state)) == ([], [])
    follow_me.unchanged(account=USER, state="absent")
    follow_me.unchanged(declare())
    assert follow_me.state == first


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
    kept = follow_me.unchanged(declare(*numbers("4001"), membership="at_least"))["plan"][0]["kept"]
    assert kept == [ONE["number"], THREE["number"]]
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
def options(**destination: Any) -> Values:
    return {"destinations": [{"number": "4001", **destination}]}


REFUSED: list[tuple[Values, list[str]]] = [
    ({"destinations": numbers(*"456789")}, ["there are 6", "5 locations"]),
    (options(rings=1), ["destinations[0].rings", "write 0, or 2 to 20"]),
    (options(rings="1"), ["destinations[0].rings", "write 0, or 2 to 20"]),
    (options(rings=21), ["destinations[0].rings", "0 to 20"]),
    (options(rings=-1), ["destinations[0].rings", "0 to 20"]),
    (options(rings=""), ["destinations[0].rings", "cannot be cleared"]),
    (options(answer_confirmation="perhaps"), ["answer_confirmation", "neither true nor false"]),
    (options(number="sip:4001@x.example"), ["destinations[0].number", "user@domain without sip:"]),
    (options(number="SIPS:4001@x.example"), ["destinations[0].number", "user@domain without sip:"]),
    (options(number=""), ["destinations[0]", "number"]),
    ({"destinations": [{"rings": 5}]}, ["destinations[0]", "number", "is missing"]),
    ({"destinations": numbers("4001", "4001")}, ["4001 is listed twice"]),
    (options(timeout=20), ["destinations[0].timeout", "apio", "write how often it rings as rings"]),
    (options(name="Mobile"), ["destinations[0].name", "a location has none; leave it out"]),
    (options(active=True), ["destinations[0].active", "leave out the destinations that are not to be used"]),
    (options(domain="x"), ["destinations[0].domain", "write number as user@domain"]),
    (options(period="Always"), ["destinations[0].period", "criteria decide"]),
    (options(keep_original_cli="caller"), ["destinations[0].keep_original_cli", "apio", "leave it out"]),
    (options(keep_original_cld=True), ["destinations[0].keep_original_cld", "apio"]),
    (options(period_description="x"), ["destinations[0].period_description", "apio"]),
    (options(ring=5), ["destinations[0].ring", "did you mean rings?"]),
    ({"forwarding": {"no_answer": "1"}}, ["forwarding.no_answer", "add a destination instead"]),
    ({"forwarding": {"no_answer_after": 5}}, ["no_answer_after", "set settings.baseLocationNumberOfRings"]),
    ({"forwarding": {"not_registered": "1"}}, ["forwarding.not_registered", "apio", "leave it out"]),
    ({"forwarding": {"alway": "1"}}, ["forwarding.alway", "did you mean always?"]),
    ({"forwarding": {"always": "sip:a@b.example"}}, ["forwarding.always", "user@domain without sip:"]),
    ({"forwarding": {"busy": "1" * 162}}, ["forwarding.busy", "162 characters"]),
    ({"settings": {"baseLocationNumberOfRings": 1}}, ["settings.baseLocationNumberOfRings", "write 0, or 2 to 20"]),
    ({"settings": {"baseLocationNumberOfRings": 21}}, ["settings.baseLocationNumberOfRings", "0 to 20"]),
    ({"settings": {"callerMayStopSearch": ""}}, ["settings.callerMayStopSearch", "cannot be cleared"]),
    ({"settings": {"callerMayStop": True}}, ["settings.callerMayStop", "did you mean callerMayStopSearch?"]),
    ({"settings": {"criteria": []}}, ["settings.criteria", "can only be read"]),
    ({"account": ""}, ["account"]),
    ({"account": "4" * 162}, ["account", "162 characters"]),
]


@pytest.mark.parametrize(("written", "words"), REFUSED, ids=str)
def test_what_cannot_be_right_is_refused_before_any_request(
    follow_me: Caller, written: Values, words: list[str]
) -> None:
    message = follow_me.refused_untouched({"account": USER, **written})
    assert all(word in message for word in words), message


def test_what_is_just_possible_is_not_refused(follow_me: Caller) -> None:
    follow_me.done(declare(*numbers(*"45678")))
    follow_me.done(declare({"number": "4", "rings": 2}, {"number": "5", "rings": 20}, {"number": "6", "rings": 0}))
    assert [row[2] for row in ring(follow_me.state)] == [2, 20, 0]


# -- whose calls ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("written", ["5001", 5001, "+3225126778", "003225126778", "025126778", USER1])
def test_a_user_is_named_by_id_extension_or_phone_number(follow_me: Caller, written: Any) -> None:
    assert follow_me.unchanged(account=written)["plan"][0]["id"] == USER1
    follow_me.predicted(account=written, forwarding={"busy": "4001"})
    assert [write[:2] for write in sent(follow_me)] == [(USER1, "cfb")]
    (shown,) = follow_me.info(account=written)["follow_me"]
    assert (shown["account"], shown["forwarding"]["busy"]) == (USER1, "4001")


def test_a_user_id_in_another_case_is_the_same_user(follow_me: Caller) -> None:
    """As it is among the members of a hunt group."""
    follow_me.unchanged(declare(PAGE, account=USER1.lower()))


def test_a_number_that_fits_several_users_is_refused(follow_me: Caller) -> None:
    group_of(follow_me.vendor.state)["users"][USER2]["extension"] = "5001"
    for more in ({"destinations": numbers("4001")}, {"state": "absent"}):
        message = follow_me.refused(more, account="5001")
        assert "several users" in message and USER1 in message and USER2 in message
    assert "several users" in follow_me.info_refused(account="5001")
    follow_me.unchanged(account=USER1)


@pytest.mark.parametrize("account", ["9999", f"nobody@{DOMAIN}", FOO, "+32499999999"])
@pytest.mark.parametrize("missing", ["404", "400_4008"])
def test_a_user_who_is_not_in_the_group_is_named(follow_me: Caller, account: str, missing: str) -> None:
    follow_me.vendor.set_dialect(missing_group=missing)
    for more in ({"destinations": numbers("4001")}, {"state": "absent"}, {"settings": {"ringSplashActive": True}}):
        message = follow_me.refused(more, account=account)
        assert f"no user {account}" in message and "ApioGrpTest" in message
    assert f"no user {account}" in follow_me.info_refused(account=account)


@pytest.mark.parametrize(
    ("more", "service"),
    [
        ({"destinations": numbers("4001")}, "Sequential Ring"),
        ({"settings": {"callerMayStopSearch": True}}, "Sequential Ring"),
        ({"forwarding": {"always": "4001"}}, "Call Forwarding Always"),
        ({"settings": {"ringSplashActive": True}}, "Call Forwarding Always"),
        ({"forwarding": {"busy": "4001"}}, "Call Forwarding Busy"),
    ],
    ids=str,
)
def test_a_service_that_is_not_assigned_is_named(follow_me: Caller, more: Values, service: str) -> None:
    key = {"Sequential Ring": "sequential_ring", "Call Forwarding Always": "cfa", "Call Forwarding Busy": "cfb"}
    del services(follow_me.vendor.state)[key[service]]
    shown = follow_me.check(more, account=USER)
    message = follow_me.refused(more, account=USER)
    assert service in message and "assign it first" in message and shown["msg"] == message


def test_all_services_that_are_missing_are_named_at_once(follow_me: Caller) -> None:
    services(follow_me.vendor.state).clear()
    message = follow_me.refused(declare(ONE, forwarding={"always": "1", "busy": "2"}))
    assert all(name in message for name in ("Call Forwarding Always", "Call Forwarding Busy", "Sequential Ring"))


def test_nothing_leads_anywhere_without_services_and_that_can_be_declared(follow_me: Caller) -> None:
    services(follow_me.vendor.state).clear()
    follow_me.unchanged(declare(forwarding={"always": "", "busy": ""}))
    follow_me.unchanged(account=USER, state="absent")
    assert follow_me.info(account=USER)["follow_me"] == [{"account": USER, "forwarding": {}, "settings": {}}]
    follow_me.unchanged(account=USER2, state="absent")


def test_absent_with_a_setting_of_a_service_that_is_not_assigned_is_refused_or_takes_no_notice(
    follow_me: Caller,
) -> None:
    before = follow_me.state
    for settings in ({"callerMayStopSearch": True}, {"ringSplashActive": True}):
        services(follow_me.vendor.state, USER2).pop("cfa", None)
        result = follow_me.run(account=USER2, state="absent", settings=settings)
        assert not result.get("failed") or "service" in result["msg"]
    assert services(before, USER1) == services(follow_me.state, USER1)


@pytest.mark.parametrize("listed", ["yes", "404"])
def test_a_user_id_needs_no_list_of_users(follow_me: Caller, listed: str) -> None:
    follow_me.vendor.set_dialect(users_list=listed)
    follow_me.predicted(declare(ONE, TWO, account=USER1))
    assert [one["account"] for one in follow_me.info(account=USER1)["follow_me"]] == [USER1]


def test_a_number_without_a_list_of_users_is_refused_with_a_hint(follow_me: Caller) -> None:
    follow_me.vendor.set_dialect(users_list="404")
    for more in ({"destinations": numbers("4001")}, {"state": "absent"}):
        message = follow_me.refused(more, account="5001")
        assert "does not show the users" in message and "write the user id instead of 5001" in message
    assert "does not show the users" in follow_me.info_refused()


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
    assert services(follow_me.state)["sequential_ring"]["criteria"] == [{"name": "c", **row} for row in rows]


# -- trouble on the way ----------------------------------------------------------------------------------------------------
ALL = declare(ONE, TWO, forwarding={"always": "4001", "busy": "4002"}, settings={"callerMayStopSearch": True})
CHANGES = {
    "set": ALL,
    "shrink": declare(TWO, forwarding={"busy": ""}),
    "clear": {"account": USER, "state": "absent"},
}


@pytest.mark.parametrize("put", ["replaces", "merges_by_id"])
@pytest.mark.parametrize("what", CHANGES)
def test_whatever_stops_a_run_the_next_one_converges_and_others_are_left_alone(
    follow_me: Caller, what: str, put: str
) -> None:
    follow_me.vendor.set_dialect(locations_put=put)
    if what != "set":
        follow_me.done(ALL)
    start = follow_me.state
    ours = {(USER, name) for name in ("cfa", "cfb", "sequential_ring")}
    for _how, stopped in follow_me.interrupted(CHANGES[what]):
        assert changed_services(start, stopped) <= ours
        assert changed_services(start, follow_me.state) <= ours


@pytest.mark.parametrize("what", CHANGES)
def test_a_success_that_stored_nothing_is_a_failure(follow_me: Caller, what: str) -> None:
    if what != "set":
        follow_me.done(ALL)
    before = follow_me.state
    follow_me.vendor.add_fault("store_nothing", writes_only=True, times=None)
    result = follow_me.run(CHANGES[what])
    assert result["failed"] and "did not store" in result["msg"] and "destinations" in result["msg"]
    assert follow_me.state == before
    follow_me.vendor.faults = []
    assert follow_me.done(CHANGES[what])["verdict"] == "applied"


def test_a_server_that_shows_the_old_state_for_a_while_is_waited_for(follow_me: Caller) -> None:
    follow_me.vendor.add_fault("stale_reads", writes_only=True, reads=4)
    assert follow_me.done(account=USER, forwarding={"busy": "4001"})["verdict"] == "applied"
    assert len(follow_me.vendor.writes()) == 1


def test_a_server_that_refuses_a_service_says_what_is_done_and_what_is_not(follow_me: Caller) -> None:
    fault = {"status": 400, "body": json.dumps({"details": "Provisioning failed"}), "match": "PUT .*/cfb/"}
    follow_me.vendor.add_fault("status", times=None, **fault)
    result = follow_me.run(ALL)
    assert result["failed"] and result["changed"] and "Provisioning failed" in result["msg"]
    assert "not done: forwarding.busy" in result["msg"] and "destinations" in result["msg"].split("not done")[0]
    follow_me.vendor.faults = []
    follow_me.done(ALL)
    assert [write[:2] for write in sent(follow_me)] == [(USER, "cfb")]


# -- what info shows -------------------------------------------------------------------------------------------------------
def test_the_users_whose_calls_go_elsewhere_are_shown_as_they_can_be_declared(follow_me: Caller) -> None:
    follow_me.done(account=USER2, forwarding={"busy": "4001"})
    found = {one["account"]: one for one in follow_me.info()["follow_me"]}
    assert set(found) == {USER1, USER2}
    assert found[USER1] == {
        "account": USER1,
        "destinations": [PAGE],
        "forwarding": {"always": "", "busy": ""},
        "settings": {**RING, "ringSplashActive": False},
    }
    assert found[USER2] == {
        "account": USER2, "forwarding": {"always": "", "busy": "4001"}, "settings": {"ringSplashActive": False}
    }  # fmt: skip
    for one in found.values():
        follow_me.unchanged(one)


def test_one_user_is_shown_whether_calls_go_elsewhere_or_not(follow_me: Caller) -> None:
    (shown,) = follow_me.info(account=USER)["follow_me"]
    assert (shown["destinations"], shown["forwarding"]) == ([], {"always": "", "busy": ""})


# -- what the pages leave open ---------------------------------------------------------------------------------------------
LIFE: tuple[Values, ...] = (
    ALL,
    declare(THREE, ONE, {"number": "4009"}, forwarding={"always": ""}, settings={"ringSplashActive": True}),
    declare(*numbers(ONE["number"])),
    declare({"number": "025126777", "rings": 9}, account="5001", forwarding={"always": "+3225126999"}),
    {"account": "5001", "state": "absent"},
    {"account": USER, "state": "absent"},
)
# (switch, value) -> step of LIFE -> a word of the error that is right then, with the state as it was.
ACCEPTED: dict[tuple[str, Any], dict[int, str]] = {
    # Nobody says whose number it is.
    ("users_list", "404"): {3: "write the user id instead", 4: "write the user id instead"},
}


def others(state: State) -> State:
    """Everything but the services of the users of the managed group."""
    return {**state, "tenants": {name: _without_services(tenant) for name, tenant in state["tenants"].items()}}


def _without_services(tenant: Values) -> Values:
    groups = {
        name: {**group, "user_services": {} if name == "ApioGrpTest" else group["user_services"]}
        for name, group in tenant["groups"].items()
    }
    return {**tenant, "groups": groups}


def life_under(follow_me: Caller, stops: dict[int, str]) -> None:
    """Everything that a user's follow-me goes through; and what is left then."""
    before = follow_me.state
    converges(follow_me, LIFE, stops)
    after = follow_me.state
    assert others(after) == others(before)
    assert services(after, USER2) == services(before, USER2)
    assert ring(after) == [] and len(ring(after, USER1)) == (1 if stops else 0)
    assert (
        services(after, USER1)["sequential_ring"]["criteria"] == services(before, USER1)["sequential_ring"]["criteria"]
    )


@pytest.mark.parametrize(("switch", "value"), other_dialects(Apio))
def test_every_reading_of_the_pages_converges(follow_me: Caller, switch: str, value: Any) -> None:
    follow_me.vendor.set_dialect(**{switch: value})
    life_under(follow_me, ACCEPTED.get((switch, value), {}))


PAIRS: dict[str, Values] = {
    "all that is not kept": {"put_user_service": "replaces", "locations_put": "merges_by_id"},
    "all that is not shown": {"cleared_destination": "absent", "empty_locations": "listed"},
    "strict": {"unknown_fields": "refused", "string_booleans": True, "empty_locations": "listed"},
}


@pytest.mark.parametrize("name", PAIRS)
def test_readings_that_matter_together_converge(follow_me: Caller, name: str) -> None:
    follow_me.vendor.set_dialect(**{**PAIRS[name], "locations_put": "merges_by_id"})
    life_under(follow_me, {})
