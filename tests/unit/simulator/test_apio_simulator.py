# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated APIO answers as the vendor's hunt group page and the vendor notes say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from ansible_collections.telephony.pbx.tests.unit.simulator.wire import ABSENT, Row, Table, Wire, ask, each
from pbx_simulator import Apio
from pbx_simulator.server import RunningVendor

DOMAIN = "sip.netaxis.be"
PAGE_ID, NEW_ID = f"APIOTestHuntGroup@{DOMAIN}", f"new@{DOMAIN}"
USER, USER1, USER2, FOO = (f"{name}@{DOMAIN}" for name in ("ApioUserTest", "ApioUserTest1", "ApioUserTest2", "foouser"))
NAMES = {"name": "New", "cliLastName": "Last", "cliFirstName": "First"}
NEW = {"serviceUserId": NEW_ID, "serviceInstanceProfile": NAMES}
DEPARTMENT = {"tenantId": "ApioSpTest", "groupId": "ApioGrpTest", "departmentName": "test_department_initial"}
FULL_PATH = "test_department_parent_1 \\ test_department_initial"
OCI = "errors.#0.details.errors.0"
REASON = "errors.#0.details.reason"
PROFILE = "serviceInstanceProfile"
PAGE_GROUP: dict[str, Any] = {  # the GET sample of the page
    "serviceUserId": PAGE_ID,
    "serviceInstanceProfile": {
        "name": "APIO Test Hunt Group", "cliLastName": "Last Test", "cliFirstName": "First Test",
        "language": "English", "phoneNumber": "", "extension": "", "department": DEPARTMENT,
        "publicUserIdentity": "", "timeZone": "Europe/Brussels",
    },
    "policy": "Regular", "huntAfterNoAnswer": False, "allowMembersToControlGroupBusy": False,
    "notReachableForwardToPhoneNumber": "", "enableNotReachableForwarding": False, "makeBusyWhenNotReachable": False,
    "agents": [
        {
            "userId": USER, "lastName": "Test", "firstName": "Test", "emailAddress": "test_mail@test.netaxis.be",
            "weight": 60, "phoneNumber": "", "extension": "4000", "department": {**DEPARTMENT, "fullPathName": FULL_PATH},
        },
        {
            "userId": USER1, "lastName": "Test1", "firstName": "Test1", "emailAddress": "",
            "weight": 40, "phoneNumber": "+3225126778", "extension": "5001",
        },
    ],
    "useSystemHuntGroupCLIDSetting": True, "noAnswerNumberOfRings": 5, "enableGroupBusy": False,
    "forwardToPhoneNumber": "", "forwardTimeoutSeconds": 0, "forwardAfterTimeout": False,
    "allowCallWaitingForAgents": False, "applyGroupBusyWhenTerminatingToAgent": False,
    "includeHuntGroupNameInCLID": True, "active": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def apio() -> Iterator[Wire]:
    group = "/api/v01/p1/tenants/ApioSpTest/groups/ApioGrpTest"
    with RunningVendor(Apio()) as served:
        aliases = {
            "PAGE": f"~/{PAGE_ID}",
            "WEIGHTED": f"~/ApioWeighted@{DOMAIN}",
            "~": f"{group}/services/hunt_groups",
            "OWN": group,
        }
        yield Wire(served, aliases, {"Authorization": "Bearer demo-machine-token"})


def put(body: Any, expected: Any = 200) -> Row:
    return ask("PUT PAGE/", expected, body)


def profile(expected: Any = 200, **fields: Any) -> Row:
    return put({PROFILE: fields}, expected)


def oci(code: str, **more: str) -> dict[str, Any]:
    return {"@status": 400, f"{OCI}.error_code": code, **{f"{OCI}.{key}": value for key, value in more.items()}}


def weighed(line: str, **weights: int) -> Row:
    """The weights of ApioUser<name>, in the order of the answer."""
    rows = [{"userId": f"ApioUser{name}@{DOMAIN}", "weight": weight} for name, weight in weights.items()]
    return ask(line, {"agents.*.userId": [row["userId"] for row in rows], "agents.*.weight": list(weights.values())})


def available(found: list[str], **criteria: Any) -> list[Row]:
    """Criteria go as a body or as a query (vendor note 4)."""
    query = "&".join(f"{key}={quote(json.dumps(value))}" for key, value in criteria.items())
    expected = {"available_users.*.userId": found, "available_users.#0.weight": ABSENT}
    return [ask("GET ~/users/available/", expected, criteria or None), ask(f"GET ~/users/available/?{query}", expected)]


READING: Table = {
    "the sample of the page": [ask("GET PAGE/", {"": PAGE_GROUP})],
    "the list": [
        ask(
            "GET ~/",
            {
                "hunt_groups.#0": {
                    "serviceUserId": PAGE_ID,
                    "name": "APIO Test Hunt Group",
                    "phoneNumber": "",
                    "extension": "",
                    "department": {**DEPARTMENT, "fullPathName": FULL_PATH},
                    "active": True,
                    "policy": "Regular",
                },
                "hunt_groups.#1.department": ABSENT,
                "hunt_groups.#1.phoneNumber": "+3225126780",
            },
        ),
        {"list_number_format": "national"}, ask("GET ~/", {"hunt_groups.#1.phoneNumber": "025126780"}),
    ],
    "ids in another case": [
        {"list_ids": "lower"}, ask("GET ~/", {"hunt_groups.#0.serviceUserId": PAGE_ID.lower()}),
        ask(f"GET ~/{PAGE_ID.lower()}/", {"serviceUserId": PAGE_ID}),
        ask(f"PUT ~/{PAGE_ID.lower()}/", {"serviceUserId": PAGE_ID, "active": False}, {"active": False}),
        {"list_ids": "upper"}, ask("GET ~/", {"hunt_groups.#0.serviceUserId": PAGE_ID.upper()}),
        ask(f"DELETE ~/{PAGE_ID.upper()}/", 200), {"list_ids": "as_get"}, ask(f"GET ~/apioweighted@{DOMAIN}/", 404),
        ask("GET ~/", {"hunt_groups.*.name": ["APIO Weighted"]}),
    ],
    "names in another spelling": [
        profile(name="Night  e\u0301  shift", cliLastName="Two  blanks"), {"names_read": "blanks_collapsed"},
        ask("GET ~/", {"hunt_groups.#0.name": "Night e\u0301 shift"}),
        ask("GET PAGE/", {f"{PROFILE}.name": "Night e\u0301 shift", f"{PROFILE}.cliLastName": "Two blanks"}),
        {"names_read": "nfc"},
        ask("GET PAGE/", {f"{PROFILE}.name": "Night  \u00e9  shift", f"{PROFILE}.cliLastName": "Two  blanks"}),
    ],
    "available users": [
        *available([USER, USER1, USER2, FOO]), *available([USER, USER1, USER2], sameGroupOnly=True),
        *available([USER], sensitiveDepartmentEquals=DEPARTMENT),
        *available([FOO], sensitiveUserGroupEquals={"tenantId": "ApioSpTest", "groupId": "ApioGrpTest2"}),
        {"available_excludes_members": True}, *available([FOO]),
    ],
    "users, departments and numbers": [
        ask("GET OWN/users/", {"users.*.userId": [USER, USER1, USER2]}),
        ask(
            "GET OWN/departments/",
            {
                "departments.#1": {
                    "departmentName": "test_department_initial",
                    "enterpriseDepartment": "false",
                    "fullPathName": FULL_PATH,
                    "cliName": "test_cLineIdName_initial",
                    "cliPhoneNumber": "+3225126777",
                }
            },
        ),
        ask("GET OWN/numbers/", {"numbers.#1": "+3225126778"}),
        ask(
            "GET OWN/numbers/?available=true&assignement=true",
            {
                "available_numbers": ["+3225126777", "+3225126999", *(f"+322612700{n}" for n in range(3))],
                "assigned_numbers.+3225126780.userId": f"ApioWeighted@{DOMAIN}",
                "assigned_numbers.#5.phoneNumber": "+3226127000 - +3226127002",
            },
        ),
    ],
    "how answers look": [
        {"unset_value": None, "unset_department": "", "get_id_without_domain": True, "string_booleans": True},
        ask("GET PAGE/", {"serviceUserId": "APIOTestHuntGroup", "forwardToPhoneNumber": None, "active": "true"}),
        ask("GET PAGE/", {"huntAfterNoAnswer": "false", "agents.#1.department": None}),
        {"unset_value": "absent", "unset_department": "absent", "profile_full_path": True},
        ask("GET PAGE/", {"forwardToPhoneNumber": ABSENT, f"{PROFILE}.department.fullPathName": FULL_PATH}),
        {"unknown_fields": "refused"}, put({"queueLength": 10}),
        put({"colour": "red"}, {"@status": 400, REASON: "Unknown: colour"}), {"audit": True},
        *(ask(line, {"@text": '"_record_internal_id"'}) for line in ("GET ~/", "GET PAGE/", "DELETE PAGE/")),
        ask("GET ~/none/", {"@status": 404, "@text": '"_record_internal_id"'}),
    ],
}  # fmt: skip
WRITING: Table = {
    "a new group": [
        ask(
            "POST ~/",
            {"@status": 201, "agents.*.userId": [USER2, FOO], "noAnswerNumberOfRings": 5, "active": True},
            {**NEW, "agents": [USER2, FOO], "policy": "Circular"},
        ),
        ask(f"GET ~/{NEW_ID}/", {"policy": "Circular", f"{PROFILE}.name": "New", f"{PROFILE}.department": ABSENT}),
    ],
    "names and templates": [
        ask(
            "POST ~/",
            {"@status": 400, REASON: "Missing in serviceInstanceProfile: cliLastName, cliFirstName"},
            {"serviceUserId": NEW_ID, PROFILE: {"name": "Bare"}},
        ),
        ask(
            "POST ~/",
            {"@status": 201, f"{PROFILE}.cliFirstName": "Basic"},
            {"serviceUserId": NEW_ID, PROFILE: {"name": "Bare"}, "templateName": "basic"},
        ),
        ask(
            "POST ~/",
            {"@status": 201, "policy": "Circular", "noAnswerNumberOfRings": 3},
            {"serviceUserId": f"whole@{DOMAIN}", "templateName": "complete"},
        ),
        ask("POST ~/", {"@status": 400, REASON: "Template not found: none"}, {**NEW, "templateName": "none"}),
    ],
    "ids": [
        *(ask("POST ~/", oci("4200"), {**NEW, "serviceUserId": taken}) for taken in (PAGE_ID, USER)),
        ask("POST ~/", 400, {PROFILE: NAMES}),
        ask("POST ~/", {"@status": 201, "serviceUserId": f"short@{DOMAIN}"}, {**NEW, "serviceUserId": "short"}),
        {"auto_id": True, "domain_required": True},
        ask("POST ~/", {"@status": 201, "@text": '"serviceUserId": "ApioGrpTest_hg'}, {PROFILE: NAMES}),
        ask("POST ~/", 400, {**NEW, "serviceUserId": "short2"}),
    ],
    **{
        f"a creation answered {status}, lacking {lacks}": [
            {"post_status": status, "post_207_lacks": lacks},
            ask(
                "POST ~/",
                {"@status": status, "active": active, "agents.*.userId": agents, "policy": policy},
                {**NEW, "agents": [USER], "policy": "Circular"},
            ),
            ask(f"GET ~/{NEW_ID}/", {f"{PROFILE}.name": "New", "active": active, "policy": policy}),
        ]
        for status, lacks, active, agents, policy in (
            (200, "settings", True, [USER], "Circular"),
            (207, "active", False, [USER], "Circular"),
            (207, "agents", False, [], "Circular"),
            (207, "settings", False, [], "Regular"),
        )
    },
    "the PUT of the page": [
        put({PROFILE: {"language": "French"}, "queueLength": 10, "agents": [USER, USER2]}),
        ask("GET PAGE/", {"agents.*.userId": [USER, USER2], "queueLength": ABSENT, f"{PROFILE}.language": "French"}),
        profile(language="English"), put({"agents": [USER, USER1]}), ask("GET PAGE/", {"": PAGE_GROUP}),
    ],
    "the limits of the schema": [
        *(
            profile(oci("6004"), **fields)
            for fields in (
                {"name": "n" * 31},
                {"name": ""},
                {"cliLastName": "50%"},
                {"cliFirstName": "Zo\u00eb"},
                {"extension": "1"},
                {"publicUserIdentity": "p" * 162},
                {"timeZone": None},
                {"department": "Sales"},
            )
        ),
        *(
            put(body, oci("6004"))
            for body in (
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
                {PROFILE: "text"},
            )
        ),
        ask("GET PAGE/", {"": PAGE_GROUP}), profile(name="n" * 30, extension="4200"),
        put({"noAnswerNumberOfRings": 20, "forwardTimeoutSeconds": 7200, "forwardToPhoneNumber": "1" * 30}),
    ],
    "OCI errors": [
        put(
            {"agents": ["nobody@x"]},
            oci("4008", level="Error", summary="[Error 4008] User not found: nobody@x", detail=""),
        ),
        put({"agents": ["otheruser@other.netaxis.be"]}, oci("4008")), profile(oci("4909"), extension="12345"),
        *(
            profile(oci(ABSENT), **fields)
            for fields in ({"phoneNumber": "+3299999999"}, {"phoneNumber": "+3225126778"}, {"extension": "5001"})
        ),
        {"error_container": "list"},
        put({"agents": ["x@y"]}, {"@status": 400, "errors.#0.details.errors.#0.error_code": "4008"}),
    ],
    "numbers": [
        profile({f"{PROFILE}.phoneNumber": "+3225126777"}, phoneNumber="025126777", extension="4200"),
        profile({f"{PROFILE}.phoneNumber": "", f"{PROFILE}.extension": ""}, phoneNumber="", extension=""),
        {"rename_on_number": True},
        profile({"serviceUserId": f"ApioGrpTest_hg25126777@{DOMAIN}"}, phoneNumber="+3225126777"),
        ask("GET PAGE/", 404),
        ask(f"GET ~/ApioGrpTest_hg25126777@{DOMAIN}/", {f"{PROFILE}.phoneNumber": "+3225126777"}),
    ],
    **{
        f"a department is cleared with {value!r}": [
            {"clear_department": dialect},
            *(profile(department=other) for other in others),
            ask("GET PAGE/", {f"{PROFILE}.department": DEPARTMENT}),
            profile({f"{PROFILE}.department": ABSENT}, department=value),
        ]
        for dialect, value, others in (
            ("empty_string", "", (None, {})),
            ("null", None, ({},)),
            ("empty_object", {}, (None,)),
        )
    },
    "departments of the group and of the enterprise": [
        {"profile_full_path": True},
        profile(
            {f"{PROFILE}.department.fullPathName": "head_office"},
            department={"tenantId": "ApioSpTest", "departmentName": "head_office", "fullPathName": "ignored"},
        ),
        profile(
            oci(ABSENT, summary="[Error] Department not found: head_office"),
            department={**DEPARTMENT, "departmentName": "head_office"},
        ),
    ],
    "deletion": [
        ask("DELETE PAGE/", {"@text": "", "": None}), ask("GET PAGE/", 404), {"delete_body": "object"},
        ask("DELETE WEIGHTED/", {"": {}}),
    ],
}  # fmt: skip
AGENT: dict[str, Any] = {"userId": USER, "weight": 5}
SHARES, SHARE = "GET PAGE/weighted_distribution/", "PUT PAGE/weighted_distribution/"
WEIGHTS: Table = {
    "agents that are not listed get 0": [
        ask(SHARE, {"agents.*.weight": [0, 100]}, {"agents": [{"userId": USER1, "weight": 100}]}),
        ask("GET PAGE/", {"agents.*.weight": [0, 100]}),
    ],
    "what is refused": [
        *(ask(SHARE, oci("6004"), {"agents": [{**AGENT, "weight": weight}]}) for weight in (-1, 101, "50", None)),
        ask(SHARE, oci("4008"), {"agents": [{**AGENT, "userId": "x@y"}]}),
        ask(SHARE, oci(ABSENT), {"agents": [{**AGENT, "userId": USER2}]}), {"weights_total": "must_be_100"},
        ask(SHARE, oci(ABSENT), {"agents": [{**AGENT, "weight": 60}]}), weighed(SHARES, Test=60, Test1=40),
    ],
    **{
        f"after a PUT of agents: {dialect}": [
            {"weights_after_agents_put": dialect},
            put({"agents": [USER, USER2]}),
            weighed(SHARES, Test=dropped, Test2=0),
            put({"agents": [USER, USER1]}),
            weighed(SHARES, Test=dropped, Test1=back),
        ]
        for dialect, dropped, back in (("kept", 60, 40), ("dropped_only", 60, 0), ("reset_all", 0, 0))
    },
    **{
        f"under another policy: {dialect}": [
            {"weights_other_policy": dialect},
            ask(SHARE, status, {"agents": [AGENT]}),
            weighed(SHARES, Test=weight, Test1=other),
            ask("PUT WEIGHTED/weighted_distribution/", 200, {"agents": [{"userId": USER2, "weight": 100}]}),
            weighed("GET WEIGHTED/weighted_distribution/", Test1=0, Test2=100),
        ]
        for dialect, status, weight, other in (("stored", 200, 5, 0), ("ignored", 200, 60, 40), ("error", 400, 60, 40))
    },
    "the order of agents": [
        put({"agents": [FOO, USER2]}), ask(SHARES, {"agents.*.userId": [FOO, USER2]}), {"agents_order": "sorted"},
        ask(SHARES, {"agents.*.userId": [USER2, FOO]}),
    ],
}  # fmt: skip


@each({**READING, **WRITING, **WEIGHTS})
def test_apio(apio: Wire, rows: list[Row]) -> None:
    apio.walk(rows)
