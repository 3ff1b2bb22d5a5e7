# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The info modules: what they show can be declared, filters narrow it down, and a list that may be cut is an error."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.callers import Caller
from ansible_collections.telephony.pbx.tests.contract.cases import FOO, USER, USER1, USER2, Values
from ansible_collections.telephony.pbx.tests.contract.follow_me_rows import ACCOUNT, EMPTY, FULL
from ansible_collections.telephony.pbx.tests.contract.mixes import mixes
from ansible_collections.telephony.pbx.tests.contract.sites import Site

EVERY = ["101", "102", "103", "104", "105", "106", "0111", "107", "108"]


@pytest.fixture
def extension(portaswitch: Site) -> Caller:
    return Caller(portaswitch, "extension")


@pytest.fixture
def follow_me(portaswitch: Site) -> Caller:
    return Caller(portaswitch, "follow_me")


@pytest.fixture
def group(portaswitch: Site) -> Caller:
    return Caller(portaswitch, "hunt_group")


def numbers(extension: Caller, **asked: Any) -> list[str]:
    return [one["id"] for one in extension.info(**asked)["extensions"]]


def account(extension: Caller, i_account: int) -> Values:
    found: Values = extension.vendor.state["customers"]["10"]["accounts"][str(i_account)]
    return found


# -- extensions ------------------------------------------------------------------------------------------------------------
def test_extensions_are_shown_as_they_can_be_declared(extension: Caller) -> None:
    found = extension.info()["extensions"]
    assert [one["id"] for one in found] == EVERY
    assert found[6] == {"id": "0111", "name": "Zoë Nightshift", "account": 700007, "settings": {}}
    assert found[8]["account"] is None
    for one in found:
        extension.unchanged(one)
    assert extension.info(id="0111")["extensions"] == [found[6]]
    assert extension.info(id="111")["extensions"] == extension.info(id="200")["extensions"] == []


def test_the_groups_own_records_are_no_extensions(extension: Caller) -> None:
    extension.vendor.set_dialect(groups_in_extension_list=True)
    assert numbers(extension) == EVERY
    assert numbers(extension, id="200") == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"available": True}, EVERY[:-1]),
        ({"available": False}, ["108"]),
        ({"products": ["12"]}, ["104", "105", "106", "0111", "107"]),
        ({"products": [11]}, ["101", "102", "103"]),
        ({"products": ["11", "12"]}, EVERY[:-1]),
        ({"products": ["99"]}, []),
        ({"products": []}, EVERY),
        ({"online": True}, [number for number in EVERY if number not in ("103", "108")]),
        ({"online": False}, ["103", "108"]),
        ({"active_calls": True}, ["102"]),
        ({"active_calls": False}, [number for number in EVERY if number != "102"]),
        ({"active_calls": False, "products": ["11"]}, ["101", "103"]),
        ({"online": False, "available": True}, ["103"]),
        ({"online": True, "products": ["11"], "active_calls": True}, ["102"]),
        ({"id": "102", "active_calls": True}, ["102"]),
        ({"id": "101", "active_calls": True}, []),
        ({"available": None, "online": None, "products": None}, EVERY),
    ],
)
@pytest.mark.parametrize("empty", ["kept", "omitted"])
def test_filters_narrow_the_list_down_together(extension: Caller, asked: Values, found: list[str], empty: str) -> None:
    account(extension, 700003)["online"] = False
    extension.vendor.set_dialect(empty_list=empty)
    assert numbers(extension, **asked) == found


def test_calls_are_counted(extension: Caller) -> None:
    call = extension.vendor.state["calls"][0]
    extension.vendor.state["calls"] += [{**call, "CallId": "call-2"}, {**call, "CallId": "call-3", "IAccount": 700001}]
    found = extension.info(active_calls=True)["extensions"]
    assert {one["id"]: one["active_calls"] for one in found} == {"101": 1, "102": 2}
    assert {one["active_calls"] for one in extension.info(active_calls=False)["extensions"]} == {0}


def many_extensions(extension: Caller) -> None:
    table = extension.vendor.state["customers"]["10"]["extensions"]
    rows = {str(n): {"i_c_ext": n, "id": str(n), "name": "Desk", "i_account": 0} for n in range(7000, 7110)}
    extension.vendor.state["customers"]["10"]["extensions"] = {**rows, **table}
    extension.vendor.set_dialect(list_cap=100)


@pytest.mark.parametrize("asked", [{}, {"id": "101"}, {"online": True}, {"available": True}, {"active_calls": True}])
def test_a_list_of_extensions_that_may_be_cut_is_an_error(extension: Caller, asked: Values) -> None:
    many_extensions(extension)
    assert "cut" in extension.info_refused(**asked)


@pytest.mark.parametrize("asked", [{"online": True}, {"available": True}])
def test_a_filter_whose_own_list_may_be_cut_is_an_error(extension: Caller, asked: Values) -> None:
    """The list by products is short, but the server's answer to the filter is not."""
    many_extensions(extension)
    for number in range(7000, 7110):
        extension.vendor.state["customers"]["10"]["accounts"][str(number)] = {
            **account(extension, 700009),
            "i_account": number,
        }
        if "online" in asked:
            extension.vendor.state["customers"]["10"]["extensions"][str(number)]["i_account"] = number
    assert "cut" in extension.info_refused(products=["12"], **asked)


@pytest.mark.parametrize("backend", ["vodia", "portaswitch"])
def test_a_backend_without_a_resource_says_who_has_it(open_site: Any, backend: str) -> None:
    caller = Caller(open_site(backend), "hunt_group_weights")
    assert "possible with apio" in caller.info_refused()
    assert caller.vendor.log == []


# -- follow-me ---------------------------------------------------------------------------------------------------------------
def test_follow_me_is_shown_as_it_can_be_declared(follow_me: Caller) -> None:
    follow_me.done(account=EMPTY, destinations=list(FULL))
    found = follow_me.info()["follow_me"]
    assert [one["account"] for one in found] == [ACCOUNT, EMPTY]
    assert found[1] == {"account": EMPTY, "destinations": list(FULL)}
    for one in found:
        assert follow_me.info(account=one["account"])["follow_me"] == [one]
        assert len(follow_me.vendor.log) == 2, "whose account it is, and its destinations"
        follow_me.unchanged(one)
    assert follow_me.info(account=700003)["follow_me"] == [{"account": 700003, "destinations": []}]


def test_an_account_that_is_not_there_is_an_error(follow_me: Caller) -> None:
    for answer in ("bare", "response_status", "html", "ok_empty"):
        follow_me.vendor.set_dialect(error_body=answer)
        follow_me.info_refused(account=999999)
        follow_me.info_refused(account=700010)


def test_the_follow_me_of_all_is_not_known_from_a_list_that_may_be_cut(follow_me: Caller) -> None:
    many_extensions(follow_me)
    assert "cut" in follow_me.info_refused()


# -- hunt groups -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("view", ["full", "thin"])
def test_the_groups_of_an_account_are_shown_whole(group: Caller, view: str) -> None:
    """The account's own view may show its own membership only, without its number."""
    group.vendor.set_dialect(account_groups=view)
    every = {one["id"]: one for one in group.info()["hunt_groups"]}
    for i_account, found in ((700002, ["200"]), (700004, ["99999"]), (700008, [])):
        assert group.info(account=i_account)["hunt_groups"] == [every[number] for number in found]
    assert group.info(account=700002, id="200")["hunt_groups"] == [every["200"]]
    assert group.info(account=700002, id="99999")["hunt_groups"] == []


@pytest.mark.parametrize("i_account", [999999, 700010])
def test_the_groups_of_an_account_of_others_are_an_error(group: Caller, i_account: int) -> None:
    for answer in ("bare", "response_status", "html"):
        group.vendor.set_dialect(error_body=answer)
        group.info_refused(account=i_account)


def test_the_history_of_sign_ins_is_shown_by_group_and_by_account(group: Caller) -> None:
    row = {
        "hunt_group": "99999", "account": 700004, "name": "Support", "signed_in": "2026-01-05 08:00:00",
        "signed_out": "", "active": True,
    }  # fmt: skip
    assert group.info(sign_in_history_from="2026-01-05")["sign_in_history"] == [row]
    assert group.lines() == ["GetCustomerHuntGroups", "getHuntgroupExtension", "getHuntgroupExtension"]
    assert group.info(sign_in_history_from="2026-01-05", account=700004)["sign_in_history"] == [row]
    assert group.lines() == ["GetCustomerHuntGroups", "GetAccountHuntGroups", "getHuntgroupInfobyIAccount"]
    assert group.info(sign_in_history_from="2026-01-05", id="200")["sign_in_history"] == []
    assert group.info(sign_in_history_from="2026-01-06")["sign_in_history"] == []
    assert group.info(sign_in_history_from="2026-01-05", account=700002)["sign_in_history"] == []
    assert "sign_in_history" not in group.info()


def test_the_history_of_one_account_in_one_group_shows_no_other_group(group: Caller) -> None:
    rows = group.vendor.state["sign_ins"]
    rows.append({**rows[0], "Id": 2, "i_c_group": 301, "out": rows[0]["in"] + 3_600_000})
    asked = {"sign_in_history_from": "2026-01-01", "account": 700004}
    assert {one["hunt_group"] for one in group.info(**asked)["sign_in_history"]} == {"99999", "200"}
    assert {one["hunt_group"] for one in group.info(**asked, id="99999")["sign_in_history"]} == {"99999"}


def test_a_sign_in_that_ended_has_an_end(group: Caller) -> None:
    row = group.vendor.state["sign_ins"][0]
    row["out"] = row["in"] + 3_600_000
    (found,) = group.info(sign_in_history_from="2026-01-01")["sign_in_history"]
    assert (found["signed_out"], found["active"]) == ("2026-01-05 09:00:00", False)


@pytest.mark.parametrize(
    "day", ["05/01/2026", "2026/01/05", "2026-1-5", "today", "2026-01-05T00:00", "2026-13-01", "2026-02-30"]
)
def test_a_date_that_is_none_is_refused_before_any_request(group: Caller, day: str) -> None:
    message = group.info_refused(sign_in_history_from=day)
    assert day in message and "sign_in_history_from" in message and group.vendor.log == []


def test_a_history_that_may_be_cut_is_an_error(group: Caller) -> None:
    rows = group.vendor.state["sign_ins"]
    rows += [{**rows[0], "Id": number, "in": rows[0]["in"] + number * 60_000} for number in range(2, 150)]
    group.vendor.set_dialect(list_cap=100)
    for more in ({}, {"account": 700004}):
        assert "cut" in group.info_refused(sign_in_history_from="2026-01-01", **more)


def test_a_list_of_groups_that_may_be_cut_is_an_error(group: Caller) -> None:
    table = group.vendor.state["customers"]["10"]["groups"]
    for number in range(1000, 1110):
        table[str(number)] = {**table["301"], "i_c_group": number, "i_c_ext": number + 9000, "id": str(number)}
    group.vendor.set_dialect(list_cap=100)
    for asked in ({}, {"id": "1109"}, {"account": 700002}):
        assert "cut" in group.info_refused(**asked)


@pytest.mark.parametrize(
    ("backend", "asked"),
    [
        ("portaswitch", {"available_members": True}),
        ("portaswitch", {"department": "x"}),
        ("vodia", {"account": 5}),
        ("vodia", {"sign_in_history_from": "2026-01-05"}),
        ("apio", {"account": 5}),
        ("apio", {"sign_in_history_from": "2026-01-05"}),
    ],
)
def test_a_filter_that_a_backend_has_not_is_refused_before_any_request(
    open_site: Any, backend: str, asked: Values
) -> None:
    caller = Caller(open_site(backend), "hunt_group")
    message = caller.info_refused(**asked)
    assert next(iter(asked)) in message and backend in message and caller.vendor.log == []


@pytest.mark.parametrize(("_subject", "dialect"), mixes("portaswitch", "portaswitch info", ()))
def test_every_reading_of_the_pages_shows_the_same(portaswitch: Site, _subject: str, dialect: Values) -> None:
    asked: list[tuple[str, Values]] = [
        ("extension", {}),
        ("extension", {"online": True, "available": True, "active_calls": False, "products": ["11", "12"]}),
        ("follow_me", {}),
        ("hunt_group", {"account": 700004, "sign_in_history_from": "2026-01-01"}),
    ]
    usual = [Caller(portaswitch, module).info(**options) for module, options in asked]
    portaswitch.vendor.set_dialect(**dialect)
    assert [Caller(portaswitch, module).info(**options) for module, options in asked] == usual


# -- available members on APIO -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [USER, USER1, USER2, FOO]),
        ({"same_group_only": False}, [USER, USER1, USER2, FOO]),
        ({"same_group_only": True}, [USER, USER1, USER2]),
        ({"department": "test_department_initial"}, [USER]),
        ({"same_group_only": True, "department": "test_department_initial"}, [USER]),
        ({"department": "test_department"}, []),
    ],
)
def test_available_members_may_be_narrowed_down(apio: Site, asked: Values, found: list[str]) -> None:
    caller = Caller(apio, "hunt_group")
    result = caller.info(available_members=True, name="APIO Weighted", **asked)
    assert [one["extension"] for one in result["available_members"]] == found
    assert [one["name"] for one in result["hunt_groups"]] == ["APIO Weighted"]


def test_an_available_member_has_what_a_person_needs_to_choose(apio: Site) -> None:
    caller = Caller(apio, "hunt_group")
    assert caller.info(available_members=True)["available_members"][:2] == [
        {
            "extension": USER,
            "name": "Test Test",
            "number": "4000",
            "phone_number": "",
            "department": "test_department_initial",
        },
        {"extension": USER1, "name": "Test1 Test1", "number": "5001", "phone_number": "+3225126778", "department": ""},
    ]
    assert "available_members" not in caller.info() and "available_members" not in caller.info(available_members=False)


@pytest.mark.parametrize("unset", ["absent", "", None])
def test_a_member_without_a_department_is_in_none(apio: Site, unset: str | None) -> None:
    apio.vendor.set_dialect(unset_department=unset)
    found = Caller(apio, "hunt_group").info(available_members=True)["available_members"]
    assert [one["department"] for one in found] == ["test_department_initial", "", "", ""]
