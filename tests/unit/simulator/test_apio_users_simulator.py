# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated APIO's user services answer as the vendor's call forwarding and sequential ring pages say."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from pbx_simulator.apio import Apio
from pbx_simulator.server import RunningVendor

DOMAIN = "sip.netaxis.be"
USER, USER1, USER2, FOO = (f"{name}@{DOMAIN}" for name in ("ApioUserTest", "ApioUserTest1", "ApioUserTest2", "foouser"))
GROUP = "/api/v01/p1/tenants/ApioSpTest/groups/ApioGrpTest/"
OTHER_GROUP = "/api/v01/p1/tenants/ApioSpTest/groups/ApioGrpTest2/"
LOCATION = {"id": 1, "phoneNumber": "+3225126777", "numberOfRings": 5, "answerConfirmationRequired": False}
SECOND = {"id": 2, "phoneNumber": "bob@example.com", "numberOfRings": 0, "answerConfirmationRequired": True}
PAGE_RING = {  # the answer printed on the sequential ring page
    "ringBaseLocationFirst": True,
    "baseLocationNumberOfRings": 3,
    "continueIfBaseLocationIsBusy": True,
    "callerMayStopSearch": False,
    "locations": [LOCATION],
    "criteria": [
        {
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
    ],
}
OFF = {"active": False, "destination": ""}
PAGE_FORWARD = {"active": True, "destination": "*55", "ringSplashActive": True}


class Client:
    """Plain requests against the running simulator; paths are those of a user's services."""

    def __init__(self, vendor: Apio, url: str) -> None:
        self.vendor, self.url = vendor, url
        self.headers = {"Authorization": "Bearer demo-machine-token"}

    def call(self, method: str, path: str, body: Any = None, group: str = GROUP, **options: Any) -> requests.Response:
        options.setdefault("headers", self.headers)
        return requests.request(method, self.url + group + path, json=body, timeout=10, **options)

    def service(self, method: str, user: str, name: str, body: Any = None, **options: Any) -> requests.Response:
        return self.call(method, f"users/{user}/services/{name}/", body, **options)

    def get(self, user: str, name: str) -> Any:
        answer = self.service("GET", user, name)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def put(self, user: str, name: str, body: Any) -> Any:
        """What a GET shows after the PUT."""
        answer = self.service("PUT", user, name, body)
        assert (answer.status_code, answer.text) == (200, ""), answer.text
        return self.get(user, name)

    def refused(self, user: str, name: str, body: Any) -> dict[str, Any]:
        """The OCI part of a 400, or its reason; nothing may have changed."""
        before = copy.deepcopy(self.vendor.state)
        answer = self.service("PUT", user, name, body)
        assert answer.status_code == 400, answer.text
        assert self.vendor.state == before
        details: dict[str, Any] = answer.json()["errors"][0]["details"]
        return details["errors"]["0"] if "errors" in details else details


@pytest.fixture(scope="module")
def served() -> Iterator[Client]:
    vendor = Apio()
    with RunningVendor(vendor) as running:
        yield Client(vendor, running.url)


@pytest.fixture
def apio(served: Client) -> Client:
    served.vendor.reset()
    return served


# -- the pages ---------------------------------------------------------------------------------------------------
def test_seeded_services(apio: Client) -> None:
    for name in ("cfa", "cfb", "sequential_ring"):
        assert apio.service("GET", USER, name).status_code == 200
    assert apio.get(USER, "cfa") == {**OFF, "ringSplashActive": False}
    assert apio.get(USER, "cfb") == apio.get(USER2, "cfb") == OFF
    assert apio.get(USER, "sequential_ring") == {**PAGE_RING, "locations": [], "criteria": []}
    assert apio.get(USER1, "cfa") == {"active": False, "destination": "*55", "ringSplashActive": False}
    assert apio.get(USER1, "sequential_ring") == PAGE_RING
    assert json.loads(json.dumps(apio.vendor.state)) == apio.vendor.state


def test_a_service_that_is_not_assigned_is_404(apio: Client) -> None:
    assert apio.service("GET", USER2, "sequential_ring").status_code == 404
    assert apio.service("PUT", USER2, "sequential_ring", {"callerMayStopSearch": True}).status_code == 404
    for name in ("cfa", "cfb", "sequential_ring"):
        assert apio.service("GET", FOO, name, group=OTHER_GROUP).status_code == 404
    apio.vendor.set_dialect(missing_group="400_4008")  # the user is there, so that is no reason for 4008
    assert apio.service("GET", FOO, "cfa", group=OTHER_GROUP).status_code == 404


@pytest.mark.parametrize("user", [f"nobody@{DOMAIN}", FOO, f"APIOTestHuntGroup@{DOMAIN}"])
def test_a_user_that_the_group_does_not_have(apio: Client, user: str) -> None:
    assert apio.service("GET", user, "cfa").status_code == 404
    apio.vendor.set_dialect(missing_group="400_4008")
    assert apio.refused(user, "cfa", PAGE_FORWARD)["error_code"] == "4008"


def test_forwarding_of_the_page(apio: Client) -> None:
    assert apio.put(USER, "cfa", PAGE_FORWARD) == PAGE_FORWARD
    assert apio.put(USER2, "cfb", {"active": True, "destination": "*55"}) == {"active": True, "destination": "*55"}
    assert apio.get(USER, "cfb") == apio.get(USER1, "cfb") == OFF
    assert [entry["method"] for entry in apio.vendor.writes()] == ["PUT", "PUT"]


def test_what_get_shows_can_be_sent_back(apio: Client) -> None:
    before = copy.deepcopy(apio.vendor.state)
    for user, name in ((USER, "cfa"), (USER1, "cfa"), (USER1, "sequential_ring"), (USER, "sequential_ring")):
        apio.put(user, name, apio.get(user, name))
    apio.vendor.set_dialect(empty_locations="listed", cleared_destination="null", unknown_fields="refused")
    for user, name in ((USER, "cfa"), (USER1, "sequential_ring")):
        apio.put(user, name, apio.get(user, name))
    assert apio.vendor.state == before


def test_sequential_ring_is_updated(apio: Client) -> None:
    body = {"callerMayStopSearch": True, "baseLocationNumberOfRings": 0, "locations": [SECOND, LOCATION]}
    after = {**PAGE_RING, **body, "locations": [LOCATION, SECOND], "criteria": []}
    assert apio.put(USER, "sequential_ring", body) == after


def test_criteria_are_switched_by_name(apio: Client) -> None:
    off = [{**PAGE_RING["criteria"][0], "active": False}]  # type: ignore[index]
    assert apio.put(USER1, "sequential_ring", {"criteria": [{"name": "test", "active": False}]})["criteria"] == off
    assert apio.put(USER1, "sequential_ring", {"criteria": []})["criteria"] == off
    criteria = [{"name": "test", "active": True}, {"name": "none", "active": True}]
    assert "none" in apio.refused(USER1, "sequential_ring", {"criteria": criteria})["summary"]


# -- rules -------------------------------------------------------------------------------------------------------
def test_an_active_forwarding_needs_a_destination(apio: Client) -> None:
    for name in ("cfa", "cfb"):
        for body in ({"active": True}, {"active": True, "destination": ""}):
            assert "error_code" not in apio.refused(USER, name, body)
    assert apio.put(USER1, "cfa", {"active": True})["destination"] == "*55"
    assert apio.refused(USER1, "cfa", {"destination": ""})["summary"].startswith("[Error]")
    assert apio.put(USER1, "cfa", {"active": False, "destination": ""})["destination"] == ""


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("cfa", {"active": "true"}),
        ("cfa", {"ringSplashActive": 1}),
        ("cfa", {"destination": "1" * 162}),
        ("cfb", {"destination": "sip:bob@example.com"}),
        ("cfb", {"destination": 55}),
        ("sequential_ring", {"baseLocationNumberOfRings": 1}),
        ("sequential_ring", {"baseLocationNumberOfRings": 21}),
        ("sequential_ring", {"baseLocationNumberOfRings": "3"}),
        ("sequential_ring", {"ringBaseLocationFirst": None}),
        ("sequential_ring", {"locations": "+3225126777"}),
        ("sequential_ring", {"locations": ["+3225126777"]}),
        ("sequential_ring", {"locations": [{**LOCATION, "id": 0}]}),
        ("sequential_ring", {"locations": [{**LOCATION, "id": 6}]}),
        ("sequential_ring", {"locations": [{"phoneNumber": "+3225126777"}]}),
        ("sequential_ring", {"locations": [LOCATION, LOCATION]}),
        ("sequential_ring", {"locations": [{**LOCATION, "id": n} for n in range(1, 7)]}),
        ("sequential_ring", {"locations": [{**LOCATION, "numberOfRings": 1}]}),
        ("sequential_ring", {"locations": [{**LOCATION, "phoneNumber": "sip:bob@example.com"}]}),
        ("sequential_ring", {"locations": [{**LOCATION, "phoneNumber": "1" * 162}]}),
        ("sequential_ring", {"locations": [{**LOCATION, "answerConfirmationRequired": "false"}]}),
        ("sequential_ring", {"criteria": ["test"]}),
        ("sequential_ring", {"criteria": [{"name": "test", "active": "yes"}]}),
    ],
    ids=str,
)
def test_limits_of_the_schema(apio: Client, name: str, body: dict[str, Any]) -> None:
    assert apio.refused(USER1, name, body)["error_code"] == "6004"


@pytest.mark.parametrize("rings", [0, 2, 20])
def test_rings_within_the_limits(apio: Client, rings: int) -> None:
    body = {"baseLocationNumberOfRings": rings, "locations": [{**LOCATION, "numberOfRings": rings}]}
    after = apio.put(USER, "sequential_ring", body)
    assert after["baseLocationNumberOfRings"] == after["locations"][0]["numberOfRings"] == rings


def test_all_five_locations(apio: Client) -> None:
    five = [{**LOCATION, "id": n} for n in range(1, 6)]
    assert apio.put(USER, "sequential_ring", {"locations": five})["locations"] == five


# -- open questions ----------------------------------------------------------------------------------------------
def test_put_is_partial(apio: Client) -> None:
    assert apio.put(USER1, "cfa", {"ringSplashActive": True}) == {**PAGE_FORWARD, "active": False}
    ring = apio.put(USER1, "sequential_ring", {"callerMayStopSearch": True})
    assert ring == {**PAGE_RING, "callerMayStopSearch": True}


def test_put_replaces(apio: Client) -> None:
    apio.vendor.set_dialect(put_user_service="replaces")
    assert "error_code" not in apio.refused(USER1, "cfa", {"active": True})  # the stored destination goes
    assert apio.put(USER1, "cfa", {"ringSplashActive": True}) == {**OFF, "ringSplashActive": True}
    assert apio.put(USER1, "cfa", {"destination": "*55"})["ringSplashActive"] is False
    ring = apio.put(USER1, "sequential_ring", {"baseLocationNumberOfRings": 9})
    assert ring == {**PAGE_RING, "baseLocationNumberOfRings": 9, "locations": []}


@pytest.mark.parametrize(("reading", "left"), [("replaces", [SECOND]), ("merges_by_id", [LOCATION, SECOND])])
def test_locations_that_are_not_sent(apio: Client, reading: str, left: list[dict[str, Any]]) -> None:
    apio.vendor.set_dialect(locations_put=reading)
    assert apio.put(USER1, "sequential_ring", {"locations": [SECOND]})["locations"] == left
    after = apio.put(USER1, "sequential_ring", {"locations": []})["locations"]
    assert after == ([] if reading == "replaces" else left)


@pytest.mark.parametrize("reading", ["replaces", "merges_by_id"])
def test_an_empty_number_empties_a_place(apio: Client, reading: str) -> None:
    apio.put(USER1, "sequential_ring", {"locations": [LOCATION, SECOND]})
    apio.vendor.set_dialect(locations_put=reading)
    body = {"locations": [{"id": 1, "phoneNumber": ""}, SECOND]}
    assert apio.put(USER1, "sequential_ring", body)["locations"] == [SECOND]


@pytest.mark.parametrize(("reading", "rings"), [("replaces", 3), ("merges_by_id", 5)])
def test_fields_that_a_location_lacks(apio: Client, reading: str, rings: int) -> None:
    apio.vendor.set_dialect(locations_put=reading)
    body = {"locations": [{"id": 1, "phoneNumber": "+3225126778"}]}
    (location,) = apio.put(USER1, "sequential_ring", body)["locations"]
    assert location == {**LOCATION, "phoneNumber": "+3225126778", "numberOfRings": rings}


def test_unused_places_may_be_listed(apio: Client) -> None:
    apio.vendor.set_dialect(empty_locations="listed")
    locations = apio.get(USER1, "sequential_ring")["locations"]
    unused = {"phoneNumber": "", "numberOfRings": 3, "answerConfirmationRequired": False}
    assert locations == [LOCATION, *({"id": n, **unused} for n in range(2, 6))]


@pytest.mark.parametrize(
    ("reading", "shown"), [("", {"destination": ""}), ("null", {"destination": None}), ("absent", {})]
)
def test_how_an_unset_destination_reads(apio: Client, reading: str, shown: dict[str, Any]) -> None:
    apio.vendor.set_dialect(cleared_destination=reading)
    assert apio.get(USER, "cfb") == {"active": False, **shown}
    assert apio.put(USER1, "cfa", {"destination": ""}) == {"active": False, "ringSplashActive": False, **shown}
    assert apio.put(USER1, "cfa", {"destination": "*55"})["destination"] == "*55"


def test_the_list_of_users_may_not_be_there(apio: Client) -> None:
    assert [user["userId"] for user in apio.call("GET", "users/").json()["users"]] == [USER, USER1, USER2]
    apio.vendor.set_dialect(users_list="404")
    assert apio.call("GET", "users/").status_code == 404
    assert apio.get(USER1, "sequential_ring") == PAGE_RING


# -- what all routes have ----------------------------------------------------------------------------------------
def test_general_rules_hold_here_too(apio: Client) -> None:
    assert apio.call("GET", f"users/{USER}/services/cfa").status_code == 404  # no last slash
    assert apio.service("GET", USER, "cfa", headers={}).status_code == 401
    read_only = {"Authorization": "Bearer readonly-machine-token"}
    assert apio.service("PUT", USER, "cfa", PAGE_FORWARD, headers=read_only).status_code == 403
    assert apio.service("GET", USER, "nothing").status_code == 404
    assert apio.call("GET", f"users/{USER}/services/cfa/cfb/").status_code == 404
    bodies: list[Any] = [None, {}, [], "text"]
    assert [apio.service("PUT", USER, "cfa", body).status_code for body in bodies] == [416] * 4


def test_tolerated_urls_and_the_gateway_itself(apio: Client) -> None:
    apio.vendor.set_dialect(no_slash="tolerated")
    assert apio.call("GET", f"users/{USER1}/services/sequential_ring").json() == PAGE_RING
    direct = GROUP.replace("/api/v01/p1/", "/api/v1/")
    with requests.Session() as session:
        session.post(apio.url + "/api/v1/login/", json={"username": "demo", "password": "demo-password"}, timeout=10)
        answer = session.get(f"{apio.url}{direct}users/{USER1}/services/cfa/", timeout=10)
        assert answer.json()["destination"] == "*55"


def test_unknown_fields(apio: Client) -> None:
    body = {"locations": [LOCATION], "colour": "red"}
    assert "colour" not in apio.put(USER1, "sequential_ring", body)
    assert "locations" not in apio.put(USER1, "cfa", body)
    apio.vendor.set_dialect(unknown_fields="refused")
    assert "colour" in apio.refused(USER1, "sequential_ring", body)["reason"]
    assert "colour" in apio.refused(USER1, "sequential_ring", {"locations": [{**LOCATION, "colour": 1}]})["reason"]
    assert "locations" in apio.refused(USER1, "cfa", {"locations": []})["reason"]


def test_dialects_of_all_answers(apio: Client) -> None:
    apio.vendor.set_dialect(audit=True, string_booleans=True, unset_value=None)
    assert "_record_internal_id" in apio.service("PUT", USER, "cfa", {"ringSplashActive": True}).json()
    shown = apio.get(USER, "cfa")
    assert shown.pop("_record_internal_id")
    assert shown == {"active": "false", "destination": None, "ringSplashActive": "true"}
