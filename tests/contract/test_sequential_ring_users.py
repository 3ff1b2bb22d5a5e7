# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follow-me of APIO: whose calls are meant, what a user needs for it, and which users info shows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.callers import Caller
from ansible_collections.telephony.pbx.tests.contract.cases import DOMAIN, FOO, USER, USER1, USER2, Values
from ansible_collections.telephony.pbx.tests.contract.user_services import (
    ONE,
    PAGE,
    RING,
    TWO,
    declare,
    follow_me,
    group_of,
    numbers,
    sent,
    services,
)

__all__ = ["follow_me"]  # fixtures


# -- whose calls ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("written", ["5001", 5001, "+3225126778", "003225126778", "025126778", USER1])
def test_a_user_is_named_by_id_extension_or_phone_number(follow_me: Caller, written: Any) -> None:
    follow_me.unchanged(account=written)
    assert follow_me.predicted(account=written, forwarding={"busy": "4001"})["plan"][0]["id"] == USER1
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


@pytest.mark.parametrize("account", ["9999", f"nobody@{DOMAIN}", FOO, "+32499999999", "+3299126778"])
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


@pytest.mark.parametrize("settings", [{"callerMayStopSearch": True}, {"ringSplashActive": True}])
def test_absent_takes_no_notice_of_settings(follow_me: Caller, settings: Values) -> None:
    """Only where calls go is emptied: also the settings of a service that is not assigned are nobody's concern then."""
    services(follow_me.vendor.state, USER2).pop("cfa")
    follow_me.unchanged(account=USER2, state="absent", settings=settings)


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


# -- trouble on the way ---------------------------------------------------------------------------------------------
def test_a_server_that_refuses_a_service_says_what_is_done_and_what_is_not(follow_me: Caller) -> None:
    everything = declare(ONE, TWO, forwarding={"always": "4001", "busy": "4002"})
    fault = {"status": 400, "body": json.dumps({"details": "Provisioning failed"}), "match": "PUT .*/cfb/"}
    follow_me.vendor.add_fault("status", times=None, **fault)
    result = follow_me.run(everything)
    assert result["failed"] and result["changed"] and "Provisioning failed" in result["msg"]
    assert "not done: forwarding.busy" in result["msg"] and "destinations" in result["msg"].split("not done")[0]
    follow_me.vendor.faults = []
    follow_me.done(everything)
    assert [write[:2] for write in sent(follow_me)] == [(USER, "cfb")]
