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


@pytest.fixture
def follow_me(vodia: Site) -> Caller:
    return Caller(vodia, "follow_me", CREDENTIALS)


def declare(account: Any = "440", **forwarding: Any) -> Values:
    return {"account": account, "forwarding": forwarding}


def stored(state: State, number: str = "440") -> Values:
    """Where calls of an extension go, as the PBX keeps it; without what is not set."""
    settings = accounts(state)[number]["settings"]
    return {part: settings[key] for part, key in KEYS.items() if settings.get(key)}


def test_what_is_left_out_stays_and_absent_takes_no_notice_of_numbers_beside_it(follow_me: Caller) -> None:
    follow_me.done(declare("443", no_answer=None, busy="444"))
    assert stored(follow_me.state, "443") == {"no_answer": "440", "no_answer_after": "20", "busy": "444"}
    follow_me.predicted(declare("443", no_answer="444"), state="absent")
    assert stored(follow_me.state, "443") == {"no_answer_after": "20"}


@pytest.mark.parametrize("lists", LISTS)
def test_a_further_number_of_an_extension_means_that_extension(follow_me: Caller, lists: str) -> None:
    follow_me.vendor.set_dialect(account_lists=lists)
    with_alias(follow_me, "440", "8440")
    result = follow_me.predicted({"forwarding": {"always": "443"}}, account="8440")
    assert result["plan"][0]["id"] == result["follow_me"]["account"] == "440"
    assert forwarding(follow_me.state, "440")["always"] == "443"


def test_the_extension_module_and_this_one_leave_each_others_settings_alone(follow_me: Caller, vodia: Site) -> None:
    extension, everything = Caller(vodia, "extension", CREDENTIALS), {**NUMBERS, "no_answer_after": 25}
    mail = {"id": "440", "name": "Other", "settings": {"email_address": "x@example.com"}}
    second = follow_me.state["domains"]["second.example"]
    follow_me.done(declare(**everything))
    extension.done(mail)
    assert stored(follow_me.state) == {part: str(value) for part, value in everything.items()}
    follow_me.done(account="440", state="absent")
    extension.unchanged(mail)
    assert follow_me.state["domains"]["second.example"] == second


def test_a_condition_that_this_version_does_not_have_is_refused_where_written(
    follow_me: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version that cannot forward what is not registered; nobody has named one."""
    keys = tuple(key for key in Vodia()._keys("extensions") if key != "cfr")
    monkeypatch.setattr("pbx_simulator.vodia.EXTENSION_KEYS", keys)
    message = follow_me.refused(declare(not_registered="443"))
    assert "forwarding: cfr: unknown to this version of the PBX" in message
    follow_me.predicted(declare(always="443", busy=""))
    assert "not_registered" not in follow_me.info(account="440")["follow_me"][0]["forwarding"]
    follow_me.predicted(account="440", state="absent")
    assert sent(follow_me) == [("POST", "user_settings/440", {"cfa": ""})]


@pytest.mark.parametrize("lists", LISTS)
def test_who_forwards_is_shown_as_it_can_be_declared_and_one_is_shown_in_any_case(
    follow_me: Caller, lists: str
) -> None:
    follow_me.done(declare("446", no_answer_after=40))
    found = follow_me.info()["follow_me"]
    assert [one["account"] for one in found] == ["443", "446"]
    assert found[0]["forwarding"] == {**NOWHERE, "no_answer": "440", "no_answer_after": 20}
    for one in found:
        follow_me.unchanged(one)
    follow_me.vendor.set_dialect(account_lists=lists)
    assert follow_me.info(account=440)["follow_me"] == [{"account": "440", "forwarding": NOWHERE}]
