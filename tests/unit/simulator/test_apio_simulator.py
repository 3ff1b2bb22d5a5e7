# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated APIO answers as the vendor's hunt group page and the vendor notes say."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from pbx_simulator.apio import Apio
from pbx_simulator.server import RunningVendor

DOMAIN = "sip.netaxis.be"
PAGE_ID = f"APIOTestHuntGroup@{DOMAIN}"
WEIGHTED_ID = f"ApioWeighted@{DOMAIN}"
USER, USER1, USER2, FOO = (f"{name}@{DOMAIN}" for name in ("ApioUserTest", "ApioUserTest1", "ApioUserTest2", "foouser"))
NEW = {
    "serviceUserId": f"new@{DOMAIN}",
    "serviceInstanceProfile": {"name": "New", "cliLastName": "Last", "cliFirstName": "First"},
}
DEPARTMENT = {"tenantId": "ApioSpTest", "groupId": "ApioGrpTest", "departmentName": "test_department_initial"}
FULL_PATH = "test_department_parent_1 \\ test_department_initial"
CREDENTIALS = {"username": "demo", "password": "demo-password"}


class Client:
    """Plain requests against the running simulator, through Core with the machine token."""

    def __init__(self, vendor: Apio, url: str) -> None:
        self.vendor, self.url = vendor, url
        self.headers = {"Authorization": "Bearer demo-machine-token"}
        self.groups = "/api/v01/p1/tenants/ApioSpTest/groups/ApioGrpTest/"
        self.base = self.groups + "services/hunt_groups/"

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        path = path if path.startswith("/") else self.base + path
        options.setdefault("headers", self.headers)
        return requests.request(method, self.url + path, json=body, timeout=10, allow_redirects=False, **options)

    def get(self, path: str, **options: Any) -> Any:
        answer = self.call("GET", path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def put(self, path: str, body: Any) -> Any:
        answer = self.call("PUT", path, body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, method: str, path: str, body: Any, status: int = 400) -> dict[str, Any]:
        """The first error's OCI part, or its reason."""
        answer = self.call(method, path, body)
        assert answer.status_code == status, answer.text
        details: dict[str, Any] = answer.json()["errors"][0]["details"]
        return details["errors"]["0"] if "errors" in details else details

    def weights(self, hunt_group_id: str = PAGE_ID) -> dict[str, int]:
        agents = self.get(f"{hunt_group_id}/weighted_distribution/")["agents"]
        return {agent["userId"]: agent["weight"] for agent in agents}


@pytest.fixture
def apio() -> Iterator[Client]:
    vendor = Apio()
    with RunningVendor(vendor) as running:
        yield Client(vendor, running.url)


def bearer(token: str) -> dict[str, dict[str, str]]:
    return {"headers": {"Authorization": f"Bearer {token}"}}


def profile_with(**fields: Any) -> dict[str, Any]:
    return {"serviceInstanceProfile": fields}


# -- front doors -------------------------------------------------------------------------------------------------
def test_login_refresh_and_logout(apio: Client) -> None:
    tokens = apio.call("POST", "/api/v01/auth/login", CREDENTIALS, headers={}).json()
    claims = json.loads(base64.urlsafe_b64decode(tokens["access_token"].split(".")[1] + "=="))
    assert time.time() < claims["exp"] <= time.time() + 600
    assert tokens["token"] == "demo-machine-token"
    assert apio.get("", **bearer(tokens["access_token"]))["hunt_groups"]

    renewed = apio.get("/api/v01/auth/access_token", **bearer(tokens["refresh_token"]))
    assert set(renewed) == {"access_token"}
    assert apio.call("GET", "", **bearer(tokens["refresh_token"])).status_code == 401

    digest = hashlib.sha1(tokens["refresh_token"].encode()).hexdigest()
    assert apio.call("GET", f"/api/v01/auth/logout?sign=sha1:{digest}").status_code == 200
    assert apio.call("GET", "/api/v01/auth/access_token", **bearer(tokens["refresh_token"])).status_code == 401


def test_refresh_token_is_renewed_near_its_end(apio: Client) -> None:
    apio.vendor.state["refresh_token_seconds"] = 60
    tokens = apio.call("POST", "/api/v01/auth/login", CREDENTIALS).json()
    assert "refresh_token" in apio.get("/api/v01/auth/access_token", **bearer(tokens["refresh_token"]))


def test_expired_revoked_and_forged_tokens(apio: Client) -> None:
    good = apio.call("POST", "/api/v01/auth/login", CREDENTIALS).json()["access_token"]
    assert apio.call("GET", "", **bearer(good[:-2] + "xx")).status_code == 401
    assert apio.call("GET", "", **bearer("nonsense")).status_code == 401
    apio.vendor.state["access_token_seconds"] = -1
    expired = apio.call("POST", "/api/v01/auth/login", CREDENTIALS).json()["access_token"]
    assert "error" in apio.call("GET", "", **bearer(expired)).json()
    apio.vendor.state["token_generation"] += 1
    assert apio.call("GET", "", **bearer(good)).status_code == 401
    assert apio.call("GET", "").status_code == 200  # the machine token never expires


def test_login_refusals(apio: Client) -> None:
    assert apio.call("POST", "/api/v01/auth/login", {**CREDENTIALS, "extra": 1}).status_code == 400
    assert apio.call("POST", "/api/v01/auth/login", {**CREDENTIALS, "proxy": "p" * 71}).status_code == 400
    for _attempt in range(5):
        wrong = apio.call("POST", "/api/v01/auth/login", {**CREDENTIALS, "password": "wrong"})
        assert (wrong.status_code, list(wrong.json())) == (401, ["error"])
    assert apio.call("POST", "/api/v01/auth/login", CREDENTIALS).status_code == 401  # locked out by now


def test_two_factor_login_answers_200_without_tokens(apio: Client) -> None:
    answer = apio.call("POST", "/api/v01/auth/login", {**CREDENTIALS, "username": "demo-2fa"})
    assert answer.status_code == 200
    assert set(answer.json()) == {"2fa_payload", "option"}
    code = {"2fa_payload": answer.json()["2fa_payload"], "code": "000000"}
    assert apio.call("POST", "/api/v01/auth/2fa", code).status_code == 400
    assert apio.call("POST", "/api/v01/auth/2fa", {**code, "code": "123456"}).json()["access_token"]


def test_forced_password_change_and_read_only_profile(apio: Client) -> None:
    token = apio.call("POST", "/api/v01/auth/login", {**CREDENTIALS, "username": "demo-new"}).json()["access_token"]
    answer = apio.call("GET", "", **bearer(token))
    assert (answer.status_code, answer.json()["error_code"]) == (403, 1)
    read_only = bearer("readonly-machine-token")
    assert apio.call("GET", "", **read_only).status_code == 200
    assert apio.call("DELETE", f"{PAGE_ID}/", **read_only).status_code == 403


def test_core_health_and_gateways(apio: Client) -> None:
    assert apio.get("/api/v01/health", headers={}) == {"status": "ok"}
    assert apio.get("/api/v01/apio/provisioning/gateways")["gateways"][0]["prefix"] == "/api/v01/p1"
    assert apio.get(apio.base.replace("/p1/", "/p5/"))["hunt_groups"]


def test_gateway_cookie_session(apio: Client) -> None:
    base = apio.url + apio.base.replace("/api/v01/p1/", "/api/v1/")
    apio.vendor.set_dialect(load_balancer_cookie=True)
    assert requests.get(base, headers=apio.headers, timeout=10).status_code == 401  # no bearer at this door
    with requests.Session() as session:
        answer = session.post(apio.url + "/api/v1/login/", json=CREDENTIALS, timeout=10)
        assert answer.json()["profile"] == {"user_level": 16, "is_first_login": False}
        assert session.get(base, timeout=10).json()["hunt_groups"]
        only_session = {"sessionid": answer.cookies["sessionid"]}
        assert requests.get(base, cookies=only_session, timeout=10).status_code == 401
        apio.vendor.state["sessions"] = {}
        assert session.get(base, timeout=10).status_code == 401


def test_urls_without_a_last_slash(apio: Client) -> None:
    assert apio.call("GET", PAGE_ID).status_code == 404
    apio.vendor.set_dialect(no_slash="redirected")
    answer = apio.call("GET", "users/available?sameGroupOnly=true")
    assert answer.status_code == 301
    assert answer.headers["Location"].endswith("users/available/?sameGroupOnly=true")
    apio.vendor.set_dialect(no_slash="tolerated")
    assert apio.get(PAGE_ID)["serviceUserId"] == PAGE_ID


def test_logins_are_not_writes(apio: Client) -> None:
    apio.call("POST", "/api/v01/auth/login", CREDENTIALS)
    apio.call("POST", "/api/v1/login/", CREDENTIALS)
    assert apio.vendor.writes() == []
    apio.put(f"{PAGE_ID}/", {"active": False})
    assert [entry["method"] for entry in apio.vendor.writes()] == ["PUT"]


# -- reading -----------------------------------------------------------------------------------------------------
def test_get_is_the_sample_of_the_page(apio: Client) -> None:
    department = {**DEPARTMENT, "fullPathName": FULL_PATH}
    names = {"lastName": "Test", "firstName": "Test", "emailAddress": "test_mail@test.netaxis.be"}
    names1 = {"lastName": "Test1", "firstName": "Test1", "emailAddress": ""}
    assert apio.get(f"{PAGE_ID}/") == {
        "serviceUserId": PAGE_ID,
        "serviceInstanceProfile": {
            "name": "APIO Test Hunt Group",
            "cliLastName": "Last Test",
            "cliFirstName": "First Test",
            "language": "English",
            "phoneNumber": "",
            "extension": "",
            "department": DEPARTMENT,
            "publicUserIdentity": "",
            "timeZone": "Europe/Brussels",
        },
        "policy": "Regular",
        "huntAfterNoAnswer": False,
        "allowMembersToControlGroupBusy": False,
        "notReachableForwardToPhoneNumber": "",
        "enableNotReachableForwarding": False,
        "makeBusyWhenNotReachable": False,
        "agents": [
            {"userId": USER, **names, "weight": 60, "phoneNumber": "", "extension": "4000", "department": department},
            {"userId": USER1, **names1, "weight": 40, "phoneNumber": "+3225126778", "extension": "5001"},
        ],
        "useSystemHuntGroupCLIDSetting": True,
        "noAnswerNumberOfRings": 5,
        "enableGroupBusy": False,
        "forwardToPhoneNumber": "",
        "forwardTimeoutSeconds": 0,
        "forwardAfterTimeout": False,
        "allowCallWaitingForAgents": False,
        "applyGroupBusyWhenTerminatingToAgent": False,
        "includeHuntGroupNameInCLID": True,
        "active": True,
    }


def test_list_of_hunt_groups(apio: Client) -> None:
    first, second = apio.get("")["hunt_groups"]
    assert first == {
        "serviceUserId": PAGE_ID,
        "name": "APIO Test Hunt Group",
        "phoneNumber": "",
        "extension": "",
        "department": {**DEPARTMENT, "fullPathName": FULL_PATH},
        "active": True,
        "policy": "Regular",
    }
    assert "department" not in second
    apio.vendor.set_dialect(list_number_format="national")
    assert apio.get("")["hunt_groups"][1]["phoneNumber"] == "025126780"


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ({}, [USER, USER1, USER2, FOO]),
        ({"sameGroupOnly": True}, [USER, USER1, USER2]),
        ({"sensitiveDepartmentEquals": DEPARTMENT}, [USER]),
        ({"sensitiveUserGroupEquals": {"tenantId": "ApioSpTest", "groupId": "ApioGrpTest2"}}, [FOO]),
    ],
)
def test_available_users(apio: Client, criteria: dict[str, Any], found: list[str]) -> None:
    path = apio.base + "users/available/"
    in_body = apio.call("GET", path, criteria or None).json()["available_users"]
    in_query = apio.get(path, params={key: json.dumps(value) for key, value in criteria.items()})["available_users"]
    assert [user["userId"] for user in in_body] == found
    assert in_query == in_body
    assert "weight" not in in_body[0]


def test_available_users_may_leave_out_members(apio: Client) -> None:
    apio.vendor.set_dialect(available_excludes_members=True)
    assert [user["userId"] for user in apio.get("users/available/")["available_users"]] == [FOO]


def test_users_departments_and_numbers(apio: Client) -> None:
    assert [user["userId"] for user in apio.get(apio.groups + "users/")["users"]] == [USER, USER1, USER2]
    departments = apio.get(apio.groups + "departments/")["departments"]
    assert departments[1] == {
        "departmentName": "test_department_initial",
        "enterpriseDepartment": "false",
        "fullPathName": FULL_PATH,
        "cliName": "test_cLineIdName_initial",
        "cliPhoneNumber": "+3225126777",
    }
    numbers = apio.groups + "numbers/"
    assert "+3225126778" in apio.get(numbers)["numbers"]
    free = apio.get(numbers + "?available=true")["available_numbers"]
    assert "+3225126999" in free
    assert not {"+3225126778", "+3225126780"} & set(free)
    rows = {row["phoneNumber"]: row for row in apio.get(numbers + "?assignement=true")["assigned_numbers"]}
    assert rows["+3225126780"]["userId"] == WEIGHTED_ID
    assert "+3226127000 - +3226127002" in rows


# -- creating ----------------------------------------------------------------------------------------------------
def test_post_fills_in_the_defaults_and_takes_agents_as_strings(apio: Client) -> None:
    answer = apio.call("POST", "", {**NEW, "agents": [USER2, FOO], "policy": "Circular"})
    assert answer.status_code == 201
    created = answer.json()
    assert [agent["userId"] for agent in created["agents"]] == [USER2, FOO]
    assert (created["noAnswerNumberOfRings"], created["active"], created["policy"]) == (5, True, "Circular")
    assert "department" not in created["serviceInstanceProfile"]
    assert apio.get(f"new@{DOMAIN}/") == created


def test_post_needs_names_unless_a_template_gives_them(apio: Client) -> None:
    bare = {"serviceUserId": f"bare@{DOMAIN}"}
    assert "cliLastName" in apio.refused("POST", "", {**bare, **profile_with(name="Bare")})["reason"]
    answer = apio.call("POST", "", {**bare, **profile_with(name="Bare"), "templateName": "basic"})
    assert answer.json()["serviceInstanceProfile"]["cliFirstName"] == "Basic"
    whole = apio.call("POST", "", {"serviceUserId": f"whole@{DOMAIN}", "templateName": "complete"}).json()
    assert (whole["policy"], whole["noAnswerNumberOfRings"]) == ("Circular", 3)
    assert "none" in apio.refused("POST", "", {**NEW, "templateName": "none"})["reason"]


def test_post_id_rules(apio: Client) -> None:
    assert apio.refused("POST", "", {**NEW, "serviceUserId": PAGE_ID})["error_code"] == "4200"
    assert apio.refused("POST", "", {**NEW, "serviceUserId": USER})["error_code"] == "4200"
    without = {key: value for key, value in NEW.items() if key != "serviceUserId"}
    assert apio.call("POST", "", without).status_code == 400
    apio.vendor.set_dialect(auto_id=True)
    assert apio.call("POST", "", without).json()["serviceUserId"].startswith("ApioGrpTest_hg")
    assert apio.call("POST", "", {**NEW, "serviceUserId": "short"}).json()["serviceUserId"] == f"short@{DOMAIN}"
    apio.vendor.set_dialect(domain_required=True)
    assert apio.call("POST", "", {**NEW, "serviceUserId": "short2"}).status_code == 400


@pytest.mark.parametrize("status", [200, 201, 207])
def test_post_status(apio: Client, status: int) -> None:
    apio.vendor.set_dialect(post_status=status)
    answer = apio.call("POST", "", {**NEW, "active": True})
    assert (answer.status_code, answer.json()["active"]) == (status, status != 207)


# -- updating ----------------------------------------------------------------------------------------------------
def test_put_of_the_page(apio: Client) -> None:
    """Partial, also inside serviceInstanceProfile; queueLength is ignored; the list of agents is replaced."""
    before = apio.get(f"{PAGE_ID}/")
    body = {**profile_with(language="French"), "queueLength": 10, "agents": [USER, USER2]}
    after = apio.put(f"{PAGE_ID}/", body)
    assert after["serviceInstanceProfile"] == {**before["serviceInstanceProfile"], "language": "French"}
    assert [agent["userId"] for agent in after["agents"]] == [USER, USER2]
    assert "queueLength" not in after
    unchanged = set(before) - {"serviceInstanceProfile", "agents"}
    assert {key: after[key] for key in unchanged} == {key: before[key] for key in unchanged}


@pytest.mark.parametrize(
    "body",
    [
        profile_with(name="n" * 31),
        profile_with(name=""),
        profile_with(cliLastName="50%"),
        profile_with(cliFirstName="Zo\u00eb"),
        profile_with(extension="1"),
        profile_with(publicUserIdentity="p" * 162),
        profile_with(timeZone=None),
        {"policy": "Weighted Call Distribution"},
        {"noAnswerNumberOfRings": 0},
        {"noAnswerNumberOfRings": 21},
        {"noAnswerNumberOfRings": "5"},
        {"forwardTimeoutSeconds": 7201},
        {"forwardToPhoneNumber": "sip:a@b"},
        {"forwardToPhoneNumber": "1" * 31},
        {"notReachableForwardToPhoneNumber": "sip:a@b"},
        {"huntAfterNoAnswer": "true"},
        {"agents": [{"userId": USER}]},
        {"agents": USER},
        {"serviceInstanceProfile": "text"},
        profile_with(department="Sales"),
    ],
    ids=str,
)
def test_limits_of_the_schema(apio: Client, body: dict[str, Any]) -> None:
    before = apio.get(f"{PAGE_ID}/")
    assert apio.refused("PUT", f"{PAGE_ID}/", body)["error_code"] == "6004"
    assert apio.get(f"{PAGE_ID}/") == before


def test_oci_errors(apio: Client) -> None:
    unknown = apio.refused("PUT", f"{PAGE_ID}/", {"agents": ["nobody@x"]})
    text = "[Error 4008] User not found: nobody@x"
    assert unknown == {"error_code": "4008", "level": "Error", "summary": text, "detail": ""}
    assert apio.refused("PUT", f"{PAGE_ID}/", {"agents": ["otheruser@other.netaxis.be"]})["error_code"] == "4008"
    assert apio.refused("PUT", f"{PAGE_ID}/", profile_with(extension="12345"))["error_code"] == "4909"
    for profile in ({"phoneNumber": "+3299999999"}, {"phoneNumber": "+3225126778"}, {"extension": "5001"}):
        assert "error_code" not in apio.refused("PUT", f"{PAGE_ID}/", {"serviceInstanceProfile": profile})
    apio.vendor.set_dialect(error_container="list")
    errors = apio.call("PUT", f"{PAGE_ID}/", {"agents": ["nobody@x"]}).json()["errors"][0]["details"]["errors"]
    assert errors[0]["summary"] == text


def test_unknown_things_and_empty_bodies(apio: Client) -> None:
    assert apio.call("GET", "/api/v01/p1/tenants/x/groups/ApioGrpTest/services/hunt_groups/").status_code == 404
    assert apio.call("GET", "/api/v01/p1/tenants/ApioSpTest/groups/x/services/hunt_groups/").status_code == 404
    assert apio.call("GET", f"none@{DOMAIN}/").status_code == 404
    assert apio.call("DELETE", f"none@{DOMAIN}/").status_code == 404
    apio.vendor.set_dialect(missing_group="400_4008")
    assert apio.refused("PUT", f"none@{DOMAIN}/", {"active": True})["error_code"] == "4008"
    bodies: list[Any] = [None, {}, [], "text"]
    for body in bodies:
        assert apio.call("PUT", f"{PAGE_ID}/", body).status_code == 416
        assert apio.call("POST", "", body).status_code == 416


def test_numbers_are_normalised_and_cleared_with_an_empty_string(apio: Client) -> None:
    after = apio.put(f"{PAGE_ID}/", profile_with(phoneNumber="025126777", extension="4200"))
    assert after["serviceInstanceProfile"]["phoneNumber"] == "+3225126777"
    after = apio.put(f"{PAGE_ID}/", profile_with(phoneNumber="", extension=""))
    assert (after["serviceInstanceProfile"]["phoneNumber"], after["serviceInstanceProfile"]["extension"]) == ("", "")


def test_rename_on_number(apio: Client) -> None:
    apio.vendor.set_dialect(rename_on_number=True)
    after = apio.put(f"{PAGE_ID}/", profile_with(phoneNumber="+3225126777"))
    assert after["serviceUserId"] == f"ApioGrpTest_hg25126777@{DOMAIN}"
    assert apio.call("GET", f"{PAGE_ID}/").status_code == 404
    assert apio.get(f"{after['serviceUserId']}/") == after


@pytest.mark.parametrize(("dialect", "value"), [("empty_string", ""), ("null", None), ("empty_object", {})])
def test_clearing_the_department(apio: Client, dialect: str, value: Any) -> None:
    apio.vendor.set_dialect(clear_department=dialect)
    others: list[Any] = ["", None, {}]
    for other in others:
        if other != value:
            apio.call("PUT", f"{PAGE_ID}/", profile_with(department=other))
    assert apio.get(f"{PAGE_ID}/")["serviceInstanceProfile"]["department"] == DEPARTMENT
    assert "department" not in apio.put(f"{PAGE_ID}/", profile_with(department=value))["serviceInstanceProfile"]


def test_departments_of_the_group_and_of_the_enterprise(apio: Client) -> None:
    enterprise = {"tenantId": "ApioSpTest", "departmentName": "head_office"}
    after = apio.put(f"{PAGE_ID}/", profile_with(department={**enterprise, "fullPathName": "ignored"}))
    assert after["serviceInstanceProfile"]["department"] == enterprise
    unknown = {**DEPARTMENT, "departmentName": "head_office"}
    assert "head_office" in apio.refused("PUT", f"{PAGE_ID}/", profile_with(department=unknown))["summary"]


def test_delete(apio: Client) -> None:
    answer = apio.call("DELETE", f"{PAGE_ID}/")
    assert (answer.status_code, answer.text) == (200, "")
    assert apio.call("GET", f"{PAGE_ID}/").status_code == 404


# -- weights -----------------------------------------------------------------------------------------------------
def test_weights_of_unlisted_agents_become_0(apio: Client) -> None:
    body: dict[str, Any] = {"agents": [{"userId": USER1, "weight": 100}]}
    after = apio.put(f"{PAGE_ID}/weighted_distribution/", body)["agents"]
    assert {agent["userId"]: agent["weight"] for agent in after} == {USER: 0, USER1: 100}
    assert [agent["weight"] for agent in apio.get(f"{PAGE_ID}/")["agents"]] == [0, 100]


def test_weights_are_checked(apio: Client) -> None:
    path = f"{PAGE_ID}/weighted_distribution/"
    for weight in (-1, 101, "50", None):
        assert apio.refused("PUT", path, {"agents": [{"userId": USER, "weight": weight}]})["error_code"] == "6004"
    assert apio.refused("PUT", path, {"agents": [{"userId": "x@y", "weight": 1}]})["error_code"] == "4008"
    assert "not an agent" in apio.refused("PUT", path, {"agents": [{"userId": USER2, "weight": 1}]})["summary"]
    apio.vendor.set_dialect(weights_total="must_be_100")
    assert "100" in apio.refused("PUT", path, {"agents": [{"userId": USER, "weight": 60}]})["summary"]
    assert apio.weights() == {USER: 60, USER1: 40}


@pytest.mark.parametrize(
    ("dialect", "after_drop", "after_return"),
    [
        ("kept", {USER: 60, USER2: 0}, {USER: 60, USER1: 40}),
        ("dropped_only", {USER: 60, USER2: 0}, {USER: 60, USER1: 0}),
        ("reset_all", {USER: 0, USER2: 0}, {USER: 0, USER1: 0}),
    ],
)
def test_weights_after_a_put_of_agents(
    apio: Client, dialect: str, after_drop: dict[str, int], after_return: dict[str, int]
) -> None:
    apio.vendor.set_dialect(weights_after_agents_put=dialect)
    apio.put(f"{PAGE_ID}/", {"agents": [USER, USER2]})
    assert apio.weights() == after_drop
    apio.put(f"{PAGE_ID}/", {"agents": [USER, USER1]})
    assert apio.weights() == after_return


@pytest.mark.parametrize(
    ("dialect", "status", "weight"), [("stored", 200, 5), ("ignored", 200, 60), ("error", 400, 60)]
)
def test_weights_under_another_policy(apio: Client, dialect: str, status: int, weight: int) -> None:
    apio.vendor.set_dialect(weights_other_policy=dialect)
    body: dict[str, Any] = {"agents": [{"userId": USER, "weight": 5}]}
    assert apio.call("PUT", f"{PAGE_ID}/weighted_distribution/", body).status_code == status
    assert apio.weights()[USER] == weight
    other: dict[str, Any] = {"agents": [{"userId": USER2, "weight": 100}]}
    assert apio.call("PUT", f"{WEIGHTED_ID}/weighted_distribution/", other).status_code == 200
    assert apio.weights(WEIGHTED_ID) == {USER1: 0, USER2: 100}


# -- how answers look --------------------------------------------------------------------------------------------
def test_agents_order(apio: Client) -> None:
    apio.put(f"{PAGE_ID}/", {"agents": [FOO, USER2]})
    assert list(apio.weights()) == [FOO, USER2]
    apio.vendor.set_dialect(agents_order="sorted")
    assert list(apio.weights()) == [USER2, FOO]


def test_audit_record_in_every_answer(apio: Client) -> None:
    apio.vendor.set_dialect(audit=True)
    for method, path in (("GET", ""), ("GET", f"{PAGE_ID}/"), ("GET", "none/"), ("DELETE", f"{PAGE_ID}/")):
        assert "_record_internal_id" in apio.call(method, path).json()


def test_unset_values_and_string_booleans(apio: Client) -> None:
    apio.vendor.set_dialect(unset_value=None, unset_department="", get_id_without_domain=True, string_booleans=True)
    shown = apio.get(f"{PAGE_ID}/")
    assert shown["serviceUserId"] == "APIOTestHuntGroup"
    assert (shown["forwardToPhoneNumber"], shown["active"], shown["huntAfterNoAnswer"]) == (None, "true", "false")
    assert shown["agents"][1]["department"] is None
    apio.vendor.set_dialect(unset_value="absent", unset_department="absent")
    assert "forwardToPhoneNumber" not in apio.get(f"{PAGE_ID}/")


def test_other_dialects(apio: Client) -> None:
    apio.vendor.set_dialect(profile_full_path=True, unknown_fields="refused", delete_body="object")
    assert apio.get(f"{PAGE_ID}/")["serviceInstanceProfile"]["department"]["fullPathName"] == FULL_PATH
    assert "colour" in apio.refused("PUT", f"{PAGE_ID}/", {"colour": "red"})["reason"]
    assert apio.put(f"{PAGE_ID}/", {"queueLength": 10})
    assert apio.call("DELETE", f"{PAGE_ID}/").json() == {}
