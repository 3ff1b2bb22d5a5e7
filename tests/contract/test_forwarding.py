# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Call forwarding of Vodia: where calls go is declared by condition, and nothing else of the extension is touched."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.callers import Caller
from ansible_collections.telephony.pbx.tests.contract.cases import State, Values
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.vodia_extensions import (
    CREDENTIALS,
    KEYS,
    LISTS,
    NUMBERS,
    accounts,
    forwarding,
    sent,
    with_alias,
)
from pbx_simulator import Vodia

NOWHERE: Values = dict.fromkeys(KEYS, "")
FULL: Values = {**NUMBERS, "no_answer_after": 25}


@pytest.fixture
def follow_me(vodia: Site) -> Caller:
    return Caller(vodia, "follow_me", CREDENTIALS)


def declare(account: Any = "440", **forwarding: Any) -> Values:
    return {"account": account, "forwarding": forwarding}


def stored(state: State, number: str = "440") -> Values:
    """Where calls of an extension go, as the PBX keeps it; without what is not set."""
    settings = accounts(state)[number]["settings"]
    return {part: settings[key] for part, key in KEYS.items() if settings.get(key)}


# -- from the first number to the last -------------------------------------------------------------------------------------


def test_null_and_what_is_left_out_are_not_managed(follow_me: Caller) -> None:
    follow_me.unchanged(account="443")
    follow_me.unchanged(account="443", forwarding=None, destinations=None, settings=None)
    follow_me.unchanged(declare("443", no_answer=None, always=None))
    follow_me.done(declare("443", no_answer=None, busy="444"))
    assert stored(follow_me.state, "443") == {"no_answer": "440", "no_answer_after": "20", "busy": "444"}


@pytest.mark.parametrize(
    "forwarding",
    [{"no_answer": 440}, {"no_answer": "440"}, {"no_answer_after": "20"}, {"no_answer_after": 20}, {"always": ""}],
    ids=str,
)
def test_values_are_compared_by_their_meaning(follow_me: Caller, forwarding: Values) -> None:
    for account in ("443", 443):
        follow_me.unchanged(declare(account, **forwarding))


def test_absent_takes_no_notice_of_the_numbers_that_are_written_with_it(follow_me: Caller) -> None:
    follow_me.predicted(declare("443", no_answer="444"), state="absent")
    assert stored(follow_me.state, "443") == {"no_answer_after": "20"}


@pytest.mark.parametrize("written", ["+3225126777", "003225126777", "025126777"])
@pytest.mark.parametrize("present", ["+3225126777", "003225126777", "025126777"])
def test_a_public_number_is_the_same_in_every_spelling(follow_me: Caller, present: str, written: str) -> None:
    """Where the country of its national numbers is known."""
    follow_me.done(declare(always=present))
    follow_me.unchanged(declare(always=written), country_code="32")


@pytest.mark.parametrize(("one", "other"), [("440", "0440"), ("440", "441"), ("+32470123456", "+32470123457")])
def test_other_numbers_are_a_change(follow_me: Caller, one: str, other: str) -> None:
    follow_me.done(declare(always=one))
    follow_me.predicted(declare(always=other))
    assert stored(follow_me.state) == {"always": other}


def test_a_number_that_the_pbx_shows_in_e164_is_the_same_number(follow_me: Caller) -> None:
    follow_me.vendor.set_dialect(number_format="e164")
    for part in NUMBERS:
        follow_me.done(declare(**{part: "2025550148"}))
        follow_me.unchanged(declare(**{part: "2025550148"}))


# -- whose calls ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lists", LISTS)
@pytest.mark.parametrize("number", ["1002", "700", "8000"], ids=["hunt group", "attendant", "service flag"])
@pytest.mark.parametrize("more", [{"forwarding": {"always": "440"}}, {"state": "absent"}], ids=str)
def test_another_kind_of_account_is_never_forwarded(follow_me: Caller, lists: str, number: str, more: Values) -> None:
    follow_me.vendor.set_dialect(account_lists=lists)
    message = follow_me.refused(more, account=number)
    assert number in message and "another kind of account" in message


@pytest.mark.parametrize("lists", LISTS)
def test_a_further_number_of_an_extension_means_that_extension(follow_me: Caller, lists: str) -> None:
    follow_me.vendor.set_dialect(account_lists=lists)
    with_alias(follow_me, "440", "8440")
    result = follow_me.predicted({"forwarding": {"always": "443"}}, account="8440")
    assert result["plan"][0]["id"] == result["follow_me"]["account"] == "440"
    assert forwarding(follow_me.state, "440")["always"] == "443"


@pytest.mark.parametrize("missing", ["404", "200_empty"])
def test_an_extension_that_is_not_there_forwards_nowhere_and_cannot_be_made_to(follow_me: Caller, missing: str) -> None:
    follow_me.vendor.set_dialect(missing_account=missing)
    shown = follow_me.check(declare("0447", always="440"))
    message = follow_me.refused(declare("0447", always="440"))
    assert "no extension 0447 in localhost" in message and "create it first" in message
    assert shown["msg"] == message
    assert "0447" in follow_me.refused(declare("0447", no_answer_after=5))
    follow_me.unchanged(account="0447", state="absent")
    follow_me.unchanged(declare("0447", **NOWHERE))


def test_a_domain_that_is_not_there_is_named(follow_me: Caller) -> None:
    for more in ({"forwarding": {"always": "440"}}, {"state": "absent"}):
        message = follow_me.refused(more, account="440", tenant="nowhere.example", username="admin")
        assert "no domain nowhere.example" in message


def test_the_same_number_in_another_domain_is_left_alone(follow_me: Caller) -> None:
    before = follow_me.state["domains"]["second.example"]
    follow_me.done(declare("444", **FULL))
    follow_me.done(account="444", state="absent")
    assert follow_me.state["domains"]["second.example"] == before


def test_the_extension_module_and_this_one_leave_each_others_settings_alone(follow_me: Caller, vodia: Site) -> None:
    extension = Caller(vodia, "extension", CREDENTIALS)
    follow_me.done(declare(**FULL))
    extension.done(id="440", name="Other", settings={"email_address": "x@example.com"})
    assert stored(follow_me.state) == {part: str(value) for part, value in FULL.items()}
    follow_me.done(account="440", state="absent")
    extension.unchanged(id="440", name="Other", settings={"email_address": "x@example.com"})


# -- versions that have less ---------------------------------------------------------------------------------------------
@pytest.fixture
def without_cfr(monkeypatch: pytest.MonkeyPatch) -> None:
    """A version that cannot forward what is not registered; nobody has named one."""
    keys = tuple(key for key in Vodia()._keys("extensions") if key != "cfr")
    monkeypatch.setattr("pbx_simulator.vodia.EXTENSION_KEYS", keys)


@pytest.mark.usefixtures("without_cfr")
def test_a_condition_that_this_version_does_not_have_is_refused_where_written(follow_me: Caller) -> None:
    message = follow_me.refused(declare(not_registered="443"))
    assert "forwarding: cfr: unknown to this version of the PBX" in message
    follow_me.predicted(declare(always="443", busy=""))
    assert "not_registered" not in follow_me.info(account="440")["follow_me"][0]["forwarding"]
    follow_me.predicted(account="440", state="absent")
    assert sent(follow_me) == [("POST", "user_settings/440", {"cfa": ""})]


# -- what info shows -------------------------------------------------------------------------------------------------------
def test_the_extensions_that_forward_are_shown_as_they_can_be_declared(follow_me: Caller) -> None:
    follow_me.done(declare("446", no_answer_after=40))
    found = follow_me.info()["follow_me"]
    assert [one["account"] for one in found] == ["443", "446"]
    assert found[0]["forwarding"] == {**NOWHERE, "no_answer": "440", "no_answer_after": 20}
    for one in found:
        follow_me.unchanged(one)


@pytest.mark.parametrize("lists", LISTS)
def test_one_extension_is_shown_whether_it_forwards_or_not(follow_me: Caller, lists: str) -> None:
    follow_me.vendor.set_dialect(account_lists=lists)
    assert follow_me.info(account=440)["follow_me"] == [{"account": "440", "forwarding": NOWHERE}]
    message = follow_me.info_refused(account="9999")
    assert "no extension 9999" in message
    assert "another kind of account" in follow_me.info_refused(account="1002")


def test_without_any_list_all_of_them_cannot_be_shown(follow_me: Caller) -> None:
    follow_me.vendor.set_dialect(account_lists="none")
    assert "no list of its extensions" in follow_me.info_refused()
