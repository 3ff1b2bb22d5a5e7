# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services of the simulated Porta Plus 2: hunt groups, agents, extensions and follow-me (vendor note 4 and 6)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.unit.simulator.wire import ABSENT, Row, Table, Wire, ask, each
from pbx_simulator import PortaSwitch
from pbx_simulator.portaswitch_pages import OPERATIONS, WRITE_LITERALS
from pbx_simulator.server import RunningVendor

KEY = "demo-license-4711"
GROUPS, EXTENSIONS = "GET /GetCustomerHuntGroups/KEY/10", "GET /GetCustomerExtensions/KEY/10"
RULES, OTHER_RULES = "GET /getfollowmes/KEY/700001", "GET /getfollowmes/KEY/700002"
SALES, SUPPORT = "HGInfoLst.200", "HGInfoLst.99999"
DELETE, ADD_RULE = "GET /DeleteCustomerHuntGroup/KEY/10/301", "GET /addfollowme/KEY"
ALL_DESKS = ["101", "102", "103", "104", "105", "106", "0111", "107", "108"]


@pytest.fixture(scope="module")
def pbx() -> Iterator[Wire]:
    with RunningVendor(PortaSwitch()) as served:
        yield Wire(served, {"KEY": KEY}, {"Accept": "application/json"})


def save(expected: Any = 200, **body: Any) -> Row:
    return ask("POST /AddUpdateCustomerHuntGroup", expected, {"License": KEY, "ICustomer": 10, **body})


def sales(*numbers: str) -> Row:
    return ask(GROUPS, {f"{SALES}.assigned_extensions.*.id": list(numbers)})


def member(group: str, number: str, **values: Any) -> Row:
    return ask(GROUPS, {f"{group}.assigned_extensions.{number}.{key}": value for key, value in values.items()})


def rule(number: int, **values: Any) -> Row:
    return ask(RULES, {f"FollowMeNumbers.{number}.{key}": value for key, value in values.items()})


def readded(reading: str, *times: int, status: int = 200) -> list[Row]:
    """A member is added again with another ring time; `times` are those of all members afterwards."""
    row = save(status, HuntGroupRecordId=301, AddExtensions=[5001], RingTimeAr=[45])
    return [{"readd_member": reading}, row, ask(GROUPS, {f"{SALES}.assigned_extensions.*.hunt_expire": list(times)})]


READING: Table = {
    "the lists of the page": [
        ask(GROUPS, {"HGInfoDeleted": False, "License": KEY, "AddedHuntgroup": ABSENT, "HGInfo": ABSENT}),
        ask(GROUPS, {f"{SALES}.i_c_group": 301, f"{SALES}.i_c_ext": 5010, f"{SALES}.fullname": "200 Sales"}),
        member(SALES, "101", i_cg_ext=9001, i_c_ext=5001, IAccount=700001, hunt_delaySpecified=ABSENT),
        ask(GROUPS, {f"{SUPPORT}.assigned_extensions.*.id": ["104", "105", "106", "0111"]}),
        ask(GROUPS, {"@text": r'"\/Date(1767225600000-0000)\/"'}), ask(EXTENSIONS, {"ExtensionLst.*.id": ALL_DESKS}),
    ],
    "one group tells unset from zero": [
        ask(
            "GET /getHuntgroupExtension/KEY/302/2026-01-01/false",
            {
                "HGInfo.assigned_extensions.104.hunt_expireSpecified": True,
                "HGInfo.assigned_extensions.105.hunt_expireSpecified": False,
                "HGInfo.assigned_extensions.105.hunt_expire": 0,
                "lstSignInOut.#0.SignOutTimeDT": "/Date(-62135596800000-0000)/",
                "lstSignInOut.#0.isActive": "Y",
            },
        ),
    ],
    "customers do not see each other": [
        ask("GET /GetCustomerHuntGroups/KEY/20", 500),
        ask("GET /GetCustomerHuntGroups/LICENCE-0002/20", {"HGInfoLst.#0.i_c_group": 303}),
        ask("GET /deletefollowme/KEY/43", 500), {"license_scope": "all_customers"},
        ask("GET /deletefollowme/KEY/43", {"success": True}),
    ],
    "ways of reading": [
        {"bool_strings": "true", "unset_times": None, "hunt_order": "zero", "hunt_sequence_spelling": "Least used"},
        save(HuntGroupRecordId=301, HuntSequence="LeastUsed", PickupAllowed="false"),
        ask(GROUPS, {f"{SALES}.hunt_sequence": "Least used", f"{SALES}.pickup_allowed": "false"}),
        member(SALES, "103", huntstop="false", hunt_order=0, hunt_delay=ABSENT),
    ],
    "empty lists": [
        ask(OTHER_RULES, {"FollowMeNumbers": []}), ask(f"{DELETE}/5010", 200),
        ask("GET /DeleteCustomerHuntGroup/KEY/10/302/5011", 200), ask(GROUPS, {"HGInfoLst": []}),
        {"empty_list": "omitted"}, ask(GROUPS, {"HGInfoLst": ABSENT}),
    ],
    "lists are cut anywhere": [
        {"list_cap": 4}, ask(EXTENSIONS, {"ExtensionLst.*.id": ALL_DESKS[:4]}), {"list_cap": 1},
        ask(GROUPS, {"HGInfoLst.*.id": ["200"]}), ask(RULES, {"FollowMeNumbers.*.name": ["Mobile"]}),
        {"list_cap": 100}, ask(EXTENSIONS, {"ExtensionLst.*.id": ALL_DESKS}),
    ],
    "other lists of extensions": [
        ask(f"{EXTENSIONS}/11", {"ExtensionLst.*.id": ALL_DESKS[:3]}),
        ask("GET /GetUnavailableExtensions/KEY/10/true", {"ExtensionLst.*.id": ["108"]}),
        ask("GET /GetOnlineAccounts/KEY/10/true", {"ExtensionLst.*.id": ALL_DESKS[:-1]}),
        ask("GET /GetFilteringData/KEY/10/true", {"ExtensionLst.*.id": ALL_DESKS}),
        ask(
            "GET /GetCustomerExtensionsActiveCalls/KEY/10/true",
            {
                "lstportaActiveCalls.*.ExtensionNumber": ["102"],
                "ExtensionsActiveCalls.*.activecall": [number == "102" for number in ALL_DESKS],
            },
        ),
        {"groups_in_extension_list": True}, ask(EXTENSIONS, {"ExtensionLst.200.i_c_ext": 5010}),
    ],
    "names in another spelling": [
        save(Id="300", Name="Night  e\u0301  shift"),
        ask("GET /AddCustomerExtension/KEY/10/Two%20%20blanks/301/700009", 200), {"names_read": "blanks_collapsed"},
        ask(GROUPS, {"HGInfoLst.300.name": "Night e\u0301 shift", "HGInfoLst.300.fullname": "300 Night e\u0301 shift"}),
        ask(EXTENSIONS, {"ExtensionLst.301.name": "Two blanks"}), {"names_read": "nfc"},
        ask(GROUPS, {"HGInfoLst.300.name": "Night  \u00e9  shift"}), {"names_read": "as_sent"},
        ask(GROUPS, {"HGInfoLst.300.name": "Night  e\u0301  shift"}),
    ],
}  # fmt: skip
WRITING: Table = {
    "a new group": [
        save(
            {"HuntGroupId": 304, "AddedHuntgroup.i_c_group": 304, "updateHuntgroup": 0},
            Id="0200",
            Name="Zürich",
            HuntSequence="LeastUsed",
            HuntKeepOriginalCli="I",
            PickupAllowed="N",
            AddExtensions=[5008, 5007],
            RingDelayAr=[0, 5],
            RingTimeAr=[20, 0],
            HuntstopAr=["Y", "N"],
            PrimaryGroupAr=["N", "Y"],
        ),
        ask(
            GROUPS,
            {
                f"HGInfoLst.0200.{key}": value
                for key, value in (
                    ("name", "Zürich"),
                    ("hunt_sequence", "LeastUsed"),
                    ("hunt_keep_original_cli", "I"),
                    ("pickup_allowed", "N"),
                    ("assigned_extensions.*.id", ["107", "0111"]),
                )
            },
        ),
        member("HGInfoLst.0200", "107", i_cg_ext=9009, hunt_order=1, hunt_delay=0, hunt_expire=20, huntstop="Y"),
        member("HGInfoLst.0200", "0111", i_cg_ext=9010, hunt_order=2, hunt_delay=5, hunt_expire=0, primary_group="Y"),
        member(SUPPORT, "0111", primary_group="N"),  # an extension has one primary group
    ],
    "primary groups may be independent": [
        {"primary_group": "independent"}, save(HuntGroupRecordId=301, AddExtensions=[5007], PrimaryGroupAr=["Y"]),
        member(SUPPORT, "0111", primary_group="Y"),
    ],
    "one number space": [
        *(save(500, Id=number, Name="x") for number in ("101", "200", "", None)),
        save(500, HuntGroupRecordId=301, Id="99999"),
        save({"HuntGroupId": 304}, Id="300", Name="Sales"),  # the name may repeat
    ],
    "a failing update changes nothing": [
        save(500, HuntGroupRecordId=301, Name="Other", DeleteExtensions=[5001], AddExtensions=[1]),
        sales("101", "102", "103"), ask(GROUPS, {f"{SALES}.name": "Sales"}),
    ],
    "an update is partial but for the enum": [
        save({"updateHuntgroup": 302, "HGInfo.name": "Help"}, HuntGroupRecordId=302, Name="Help"),
        ask(GROUPS, {f"{SUPPORT}.hunt_sequence": "Order", f"{SUPPORT}.pickup_allowed": "Y"}),
        {"enum_omitted": "keeps", "update_value": "one", "update_returns_group": False},
        save(HuntGroupRecordId=301, HuntSequence="Random"),
        save({"updateHuntgroup": 1, "HGInfo": ABSENT}, HuntGroupRecordId=301, Name="x"),
        ask(GROUPS, {f"{SALES}.hunt_sequence": "Random"}),
    ],
    "members by i_c_ext": [save(HuntGroupRecordId=301, DeleteExtensions=[5002, 9003]), sales("101", "103")],
    "members by i_cg_ext": [
        {"delete_extensions_by": "i_cg_ext"}, save(HuntGroupRecordId=301, DeleteExtensions=[5002, 9003]),
        sales("101", "102"), {"delete_unknown_member": "error"},
        save(500, HuntGroupRecordId=301, DeleteExtensions=[5002]),
    ],
    "overlapping ids hit the wrong member": [
        {"id_overlap": True, "delete_extensions_by": "i_cg_ext"},
        ask(GROUPS, {f"{SALES}.assigned_extensions.*.i_cg_ext": [5002, 5003, 5001]}),
        save(HuntGroupRecordId=301, DeleteExtensions=[5002]), sales("102", "103"),
        save(HuntGroupRecordId=301, AddExtensions=[5008]), member(SALES, "107", i_cg_ext=5002), {"id_overlap": False},
        member(SALES, "107", i_cg_ext=9016),
    ],
    "taken out and put back": [
        save(HuntGroupRecordId=302, DeleteExtensions=[5005], AddExtensions=[5005]),
        member(SUPPORT, "105", i_cg_ext=9009, hunt_active="Y", hunt_order=4), {"combined_order": "add_first"},
        save(HuntGroupRecordId=302, DeleteExtensions=[5005], AddExtensions=[5005]),
        ask(GROUPS, {f"{SUPPORT}.assigned_extensions.*.id": ["104", "106", "0111"]}),
    ],
    "a member again updates": readded("updates", 45, 20, 0),
    "a member again is ignored": readded("ignores", 20, 20, 0),
    "a member again is a duplicate": readded("duplicates", 20, 20, 0, 45),
    "a member again is an error": readded("error", 20, 20, 0, status=500),
    "groups and empty desks as members, short arrays": [
        {"array_lengths": "error"}, save(400, HuntGroupRecordId=301, AddExtensions=[5011, 5009], RingTimeAr=[30]),
        {"array_lengths": "unset"}, save(HuntGroupRecordId=301, AddExtensions=[5011, 5009], RingTimeAr=[30]),
        ask(GROUPS, {f"{SALES}.assigned_extensions.*.type": ["Account"] * 3 + ["Group", "Unassigned"]}),
        save(HuntGroupRecordId=301, AddExtensions=[5001, 5002], RingTime="7", Huntstop="Y,N"),
        member(SALES, "101", huntstop="Y", hunt_expire=7), member(SALES, "102", huntstop="N", hunt_expire=7),
    ],
    "a group is deleted": [
        ask(f"{DELETE}/5001", 500), ask(f"{DELETE}/5010", {"HGInfoDeleted": True}),
        ask(GROUPS, {"HGInfoLst.*.id": ["99999"]}), ask(f"{DELETE}/5010", 500), {"delete_missing": "false"},
        ask(f"{DELETE}/5010", {"HGInfoDeleted": False}),
    ],
    "deletion may mean a member": [
        {"delete_group_record": "member"}, ask(f"{DELETE}/5001", {"HGInfoDeleted": True}), sales("102", "103"),
        ask(f"{DELETE}/0", 200), ask(GROUPS, {"HGInfoLst.*.id": ["99999"]}),
    ],
}  # fmt: skip
AGENTS: Table = {
    "in and out": [
        ask("GET /Huntgroupaccess/1/32266900105/secret-700005/302/true", 200),
        member(SUPPORT, "105", hunt_active="Y"),
        ask("GET /CustomerHuntgroupaccess/KEY/10/32266900105/302/false", 200),
        member(SUPPORT, "105", hunt_active="N"),
        ask("GET /getHuntgroupInfobyIAccount/KEY/700005/2026-01-01/false", {"lstSignInOut.*.isActive": ["N"]}),
        ask("GET /CustomerHuntgroupaccess/KEY/10/32266900105/301/true", 500),
        ask(
            "GET /getHuntgroupInfobyIAccount/KEY/700005/yesterday/false", {"@status": 500, "@reason": "FormatException"}
        ),
    ],
    "other readings of agent and group": [
        {"agent_id": "extension", "group_number_ref": "dialled"},
        ask("GET /CustomerHuntgroupaccess/KEY/10/105/99999/true", 200), member(SUPPORT, "105", hunt_active="Y"),
        ask("GET /CustomerHuntgroupaccess/KEY/10/105/302/true", 500),
    ],
    "toggle flips, status sets": [
        *(
            row
            for active in "NY"
            for row in (ask("GET /togglehuntgroups/hash700004/302", 200), member(SUPPORT, "104", hunt_active=active))
        ),
        *[ask("GET /ToggleExtensionStatus/KEY/32266900104/700004/false/false", 200)] * 2,
        member(SUPPORT, "104", hunt_active="N"),
    ],
    "without a group all are toggled": [
        save(HuntGroupRecordId=302, AddExtensions=[5001]), ask("GET /togglehuntgroups/hash700001/", 200),
        member(SALES, "101", hunt_active="N"), member(SUPPORT, "101", hunt_active="N"),
    ],
    "groups of an account": [
        ask("GET /GetAccountHuntGroups/KEY/700005", {"HGInfoLst.*.id": ["99999"], f"{SUPPORT}.hunt_active": "N"}),
        ask("GET /GetAccountHuntGroups/KEY/700005", {f"{SUPPORT}.assigned_extensions.*.id": ALL_DESKS[3:7]}),
        {"account_groups": "thin"},
        ask("GET /GetAccountHuntGroups/KEY/700005", {f"{SUPPORT}.assigned_extensions.*.id": [ABSENT]}),
    ],
}  # fmt: skip
LINES: Table = {
    "the life of an extension": [
        *(
            ask(f"GET /{name}/KEY/10/New%20Desk/0222/{account}", {"Extension.id": "0222"} if fits else 500)
            for name, account, fits in (
                ("AddCustomerExtension", 700009, True),
                ("AddCustomerExtenGetIdentitysion", 700009, False),
            )
        ),
        ask(EXTENSIONS, {"ExtensionLst.0222.i_c_ext": 5015, "ExtensionLst.0222.account_id": "32266900199"}),
        *(ask(f"GET /AddCustomerExtension/KEY/10/x/224/{account}", 500) for account in (0, 700001, 700009)),
        ask("GET /UpdateCustomerExtension/KEY/10/5015/Renamed/223/0", 200),
        ask(EXTENSIONS, {"ExtensionLst.223.name": "Renamed", "ExtensionLst.223.i_account": 0}),
        ask("GET /AddCustomerExtenGetIdentitysion/KEY/10/x/0222/700009", {"Extension.i_c_ext": 5016}),
        ask("GET /DeleteCustomerExtension/KEY/10/5015", {"ExtensionDeleted": True}),
        ask(EXTENSIONS, {"ExtensionLst.223": {}}),
    ],
    "a member is deleted": [
        {"deleting_member_extension": "error"}, ask("GET /DeleteCustomerExtension/KEY/10/5002", 500),
        {"deleting_member_extension": "removes_from_groups"}, ask("GET /DeleteCustomerExtension/KEY/10/5002", 200),
        sales("101", "103"),
    ],
    "follow-me duplicates are silent": [
        *[ask(f"{ADD_RULE}/700001/20/sip.example/Car/3/32471/Y/N?KeepOriginalCLI=I", {"FollowMeinfo.i_follow_me": 21})]
        * 2,
        ask(RULES, {"FollowMeNumbers.*.i_follow_me_number": [41, 42, 44, 45]}),
        rule(44, domain="sip.example", keep_original_cld="N", keep_original_cli="I", timeout=20),
    ],
    "the follow-me record": [
        ask(OTHER_RULES, {"FollowMeinfo": ABSENT}), {"followme_without_record": "error"},
        ask(f"{ADD_RULE}/700002/20/Car/1/32471/Y", 500), {"followme_without_record": "creates"},
        ask(f"{ADD_RULE}/700002/20/Car/1/32471/Y", {"FollowMeinfo.i_follow_me": 23, "FollowMeinfo.timeout": 30}),
    ],
    "an update keeps or blanks": [
        ask("GET /updatefollowme/KEY/700001/41/33/Cell/1/32470/N", 200),
        rule(41, name="Cell", timeout=33, active="N", period="Always"), {"followme_update_blank": "blanks"},
        ask("GET /updatefollowme/KEY/700001/41/33/Cell/1/32470/N", 200),
        rule(41, period=ABSENT, keep_original_cld=ABSENT, keep_original_cli=ABSENT),
        ask("GET /updatefollowme/KEY/700001/43/33/Cell/1/32470/N", 500),
    ],
    **{
        f"UpdateFollowmeAll: {reading}": [
            {"followme_all": reading},
            ask(
                "POST /UpdateFollowmeAll",
                200,
                {"License": KEY, "IAccount": 700001, "IFollowMeNumber": 41, "TimeOut": 50},
            ),
            ask(RULES, {"FollowMeNumbers.*.timeout": timeouts}),
        ]
        for reading, timeouts in (("all_fields", [50, 25]), ("all_numbers", [50, 50]))
    },
    "rules are deleted": [
        {"follow_order": "renumbers"},
        ask("GET /deletefollowme/KEY/41", {"": {"success": True, "License": KEY, "ContentId": 0}}),
        ask(RULES, {"FollowMeNumbers.*.i_follow_order": [1]}),
        ask("GET /getafollowme/KEY/700001/42", {"FollowMeNumbers.*.name": ["Home"]}),
        ask("GET /deletefollowme/KEY/42/700001/true", 200),
        ask("STATE", {"customers.10.accounts.700001.forward_mode": "N"}), ask("GET /getafollowme/KEY/700001/42", 500),
    ],
}  # fmt: skip


@each({**READING, **WRITING, **AGENTS, **LINES})
def test_services(pbx: Wire, rows: list[Row]) -> None:
    pbx.walk(rows)


def test_has_every_route_of_the_pages_and_a_method_behind_each() -> None:
    assert [len(operation.routes) for operation in OPERATIONS] == [11, 11, 10]
    for operation in OPERATIONS:
        for route in operation.routes:
            assert hasattr(PortaSwitch, f"_do_{route.action}")


def test_knows_what_writes(pbx: Wire) -> None:
    assert pbx.vendor.is_write("GET", f"/DELETECustomerExtension/{KEY}/10/1")
    assert pbx.vendor.is_write("POST", "/html/syncreply/CustomerHuntGroup")
    assert not pbx.vendor.is_write("GET", f"/GetCustomerExtensions/{KEY}/10")
    assert not {name for name in WRITE_LITERALS if name.startswith("get")}


def test_a_failure_leaves_the_state_alone(pbx: Wire) -> None:
    pbx.vendor.reset()
    before = json.dumps(pbx.vendor.state)
    pbx.check(save(500, HuntGroupRecordId=301, Name="Other", DeleteExtensions=[5001], AddExtensions=[1]))
    assert json.dumps(pbx.vendor.state) == before


@pytest.mark.parametrize(
    "answer",
    [
        save(500, Id="777", Name="New", AddExtensions=[5001, 1]),
        save(
            500,
            HuntGroupRecordId=302,
            Name="Other",
            AddExtensions=[5004, 5001, 1],
            RingTimeAr=[9, 9, 9],
            PrimaryGroupAr=["Y", "Y", "Y"],
        ),
        ask("GET /updatefollowme/KEY/700001/41/33/Cell/1/32470/N?KeepOriginalCLI=wrong", 500),
    ],
    ids=["a new group", "a member of another group", "a follow-me number"],
)
def test_what_a_failing_write_had_changed_before_is_taken_back(pbx: Wire, answer: Row) -> None:
    pbx.vendor.reset()
    before = json.dumps(pbx.vendor.state)
    pbx.check(answer)
    assert json.dumps(pbx.vendor.state) == before
