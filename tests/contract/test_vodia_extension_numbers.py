# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions of Vodia: their numbers are nobody else's, no other account is touched, and no hunt group rings in vain."""

from __future__ import annotations

import pytest

from ansible_collections.telephony.pbx.tests.contract.callers import Caller
from ansible_collections.telephony.pbx.tests.contract.cases import Values, differences
from ansible_collections.telephony.pbx.tests.contract.vodia_extensions import (
    LISTS,
    accounts,
    extension,
    rest,
    sent,
    with_alias,
)

__all__ = ["extension"]  # fixtures


# -- one set of numbers for all accounts ----------------------------------------------------------------------------------
@pytest.mark.parametrize("lists", LISTS)
@pytest.mark.parametrize("number", ["1002", "700", "8000"], ids=["hunt group", "attendant", "service flag"])
@pytest.mark.parametrize("more", [{"name": "B"}, {"state": "absent", "remove_from_hunt_groups": True}], ids=str)
def test_another_kind_of_account_is_never_taken_for_an_extension(
    extension: Caller, lists: str, number: str, more: Values
) -> None:
    extension.vendor.set_dialect(account_lists=lists)
    shown = extension.check(more, id=number)
    message = extension.refused(more, id=number)
    assert number in message and "another kind of account" in message
    assert shown["msg"] == message


@pytest.mark.parametrize("lists", LISTS)
def test_a_further_number_of_an_extension_means_that_extension_but_never_deletes_it(
    extension: Caller, lists: str
) -> None:
    extension.vendor.set_dialect(account_lists=lists)
    with_alias(extension, "440", "8440")
    result = extension.predicted(id="8440", name="Ada Other")
    assert result["plan"][0]["id"] == result["extension"]["id"] == "440"
    assert "further number of 440" in extension.refused(id="8440", state="absent")


def test_a_domain_that_is_not_there_is_named(extension: Caller) -> None:
    for state in ("present", "absent"):
        message = extension.refused(id="440", state=state, tenant="nowhere.example", username="admin")
        assert "no domain nowhere.example" in message
    assert "nowhere.example" in extension.info_refused(id="440", tenant="nowhere.example", username="admin")


def test_the_same_number_in_another_domain_is_left_alone(extension: Caller) -> None:
    before = extension.state["domains"]["second.example"]
    extension.done(id="446", name="Other")
    extension.done(id="446", state="absent", remove_from_hunt_groups=True)
    assert extension.state["domains"]["second.example"] == before


# -- hunt groups that ring it ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("remove", [None, False])
def test_a_member_is_not_deleted_and_the_message_names_its_groups(extension: Caller, remove: bool | None) -> None:
    shown = extension.check(id="444", state="absent", remove_from_hunt_groups=remove)
    message = extension.refused(id="444", state="absent", remove_from_hunt_groups=remove)
    assert shown["msg"] == message
    assert "1002 (Hunt)" in message and "remove_from_hunt_groups" in message and "1003" not in message


def test_a_member_is_taken_out_of_its_groups_first_where_asked_for(extension: Caller) -> None:
    accounts(extension.vendor.state)["1002"]["settings"].update(st1_ext="446 444", st3_ext="444")
    accounts(extension.vendor.state)["1003"]["settings"].update(st2_ext="444 440")
    before = extension.state
    declared = {"id": "444", "state": "absent", "remove_from_hunt_groups": True}
    result = extension.predicted(declared)
    assert sent(extension) == [
        ("POST", "user_settings/1002", {"st1_ext": "446", "st3_ext": ""}),
        ("POST", "user_settings/1003", {"st2_ext": "440"}),
        ("DELETE", "addacc/444", {}),
    ]
    assert {entry["id"] for entry in result["plan"]} == {"1002", "1003", "444"}
    assert rest(extension.state, "1002", "1003") == rest(before, "1002", "1003", "444")
    place = ("domains", "localhost", "accounts")
    assert differences(before, extension.state) == {
        (*place, "444"), (*place, "1002", "settings", "st1_ext"), (*place, "1002", "settings", "st3_ext"),
        (*place, "1003", "settings", "st2_ext"),
    }  # fmt: skip
    extension.unchanged(declared)


@pytest.mark.parametrize("remove", [None, True])
def test_an_extension_that_a_group_overflows_to_is_never_deleted(extension: Caller, remove: bool | None) -> None:
    """There is no telling where the calls should go instead."""
    accounts(extension.vendor.state)["1003"]["settings"]["st4_ext"] = "446"
    message = extension.refused(id="446", state="absent", remove_from_hunt_groups=remove)
    assert "1003 (Hunt_2) overflows to it" in message


def test_a_group_without_it_is_not_written_to(extension: Caller) -> None:
    extension.done(id="446", state="absent", remove_from_hunt_groups=True)
    assert sent(extension) == [("DELETE", "addacc/446", {})]


@pytest.mark.parametrize("lists", LISTS)
def test_an_extension_that_is_rung_by_a_further_number_is_not_deleted(extension: Caller, lists: str) -> None:
    extension.vendor.set_dialect(account_lists=lists)
    with_alias(extension, "446", "8446")
    accounts(extension.vendor.state)["1003"]["settings"]["st1_ext"] = "8446"
    assert "1003" in extension.refused(id="446", state="absent")
