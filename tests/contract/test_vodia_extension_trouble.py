# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions of Vodia on other versions, when something goes wrong on the way, and under every reading of the pages."""

from __future__ import annotations

import pytest

from ansible_collections.telephony.pbx.tests.contract.callers import Caller
from ansible_collections.telephony.pbx.tests.contract.vodia_extensions import (
    NEW,
    accounts,
    extension,
    read,
    sent,
    settings_of,
    with_alias,
)

__all__ = ["extension"]  # fixtures


# -- versions that have less or other --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("lists", "asked"),
    [
        ("all", ["users", "user_settings/440"]),
        ("userlist_only", ["users", "userlist/extensions", "user_settings/440"]),
        ("none", ["users", "userlist/extensions", "extensions", "hunts", "user_settings/440"]),
    ],
)
def test_the_list_that_a_version_has_is_found(extension: Caller, lists: str, asked: list[str]) -> None:
    extension.vendor.set_dialect(account_lists=lists)
    extension.unchanged(id="440", name="Ada Example")
    assert read(extension) == asked


def test_without_any_list_one_extension_is_read_and_all_are_not(extension: Caller) -> None:
    extension.vendor.set_dialect(account_lists="none")
    assert [one["id"] for one in extension.info(id="440")["extensions"]] == ["440"]
    message = extension.info_refused()
    assert "no list of its extensions" in message and "name the extension" in message


@pytest.mark.parametrize("number", ["440", "0447"], ids=["there", "new"])
@pytest.mark.parametrize("name", ["sani", "fani", "building", "department", "room", "comment", "shortname"])
def test_a_setting_of_newer_versions_only(extension: Caller, number: str, name: str) -> None:
    """An older one would ignore it, and say nothing."""
    message = extension.refused(id=number, settings={name: "x"})
    assert f"settings.{name}: unknown to this version of the PBX" in message
    extension.vendor.set_dialect(version_keys="70")
    extension.done(id=number, settings={name: "x"})
    assert settings_of(extension, number)[name] == "x"
    extension.unchanged(id=number, settings={name: "x"})


def test_a_setting_that_this_version_spells_otherwise_has_a_hint(
    extension: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has named such a version: there the mail address would be called `email_addr`."""
    keys = ("first_name", "display_name", "email_addr", "cfa")
    monkeypatch.setattr("pbx_simulator.vodia.EXTENSION_KEYS", keys)
    message = extension.refused(id="440", settings={"email_address": "x"})
    assert "settings.email_address" in message and "did you mean email_addr?" in message


def test_a_licence_that_is_used_up_is_said_and_nothing_else_is_written(extension: Caller) -> None:
    extension.vendor.set_dialect(extension_limit=6)
    extension.done(id="0447")
    before = extension.state
    result = extension.run(NEW, id="0448")
    assert result["failed"] and "limit of the licence" in result["msg"] and "0448" in result["msg"]
    assert sent(extension) == [("POST", "addacc", {"type": "extensions", "account_ext": "0448"})]
    assert "nothing was changed" in result["msg"] and extension.state == before


# -- what the pages leave open ---------------------------------------------------------------------------------------------


def test_aliases_that_only_grow_are_told_from_those_that_were_replaced(extension: Caller) -> None:
    with_alias(extension, "440", "8440")
    extension.vendor.set_dialect(alias_post="merges")
    result = extension.run(id="440", settings={"alias": ["8441"]})
    assert result["failed"] and "did not store settings.alias" in result["msg"]
    extension.unchanged(id="440", settings={"alias": ["8440", "8441"]})
    extension.vendor.set_dialect(alias_post="replaces")
    extension.predicted(id="440", settings={"alias": ["8441"]})


E164 = {"ani": "2025550149", "edest": "2025550150"}


@pytest.mark.parametrize("name", E164)
def test_a_number_that_the_pbx_shows_in_e164_is_the_same_number(extension: Caller, name: str) -> None:
    """The PBX shows +1 and the number: what was written is there, and stays there."""
    extension.vendor.set_dialect(number_format="e164")
    declared = {"id": "440", "settings": {name: E164[name]}}
    extension.done(declared)
    extension.unchanged(declared)


def test_an_extension_with_a_public_number_is_found_in_e164_too(extension: Caller) -> None:
    extension.vendor.set_dialect(number_format="e164")
    declared = {"id": "2025550147", "name": "Hanna Dam"}
    extension.done(declared)
    extension.unchanged(declared)
    extension.done(id="2025550147", state="absent")
    assert "2025550147" not in accounts(extension.state)


def test_a_public_number_with_the_same_ending_is_another_extension(extension: Caller) -> None:
    extension.done(id="2025550147", name="Hanna Dam")
    extension.done(id="7025550147", name="Other")
    assert {"2025550147", "7025550147"} <= accounts(extension.state).keys()
    extension.unchanged(id="9025550147", state="absent")


def test_a_public_number_is_not_among_its_own_aliases(extension: Caller) -> None:
    extension.vendor.set_dialect(number_format="e164")
    extension.done(id="2025550147", name="Hanna Dam")
    (shown,) = extension.info(id="2025550147")["extensions"]
    assert shown["settings"]["alias"] == []
    extension.unchanged(id="2025550147", settings={"alias": []})


def test_a_member_with_a_public_number_is_found_in_e164_too(extension: Caller) -> None:
    extension.vendor.set_dialect(number_format="e164")
    extension.done(id="2025550147", name="Hanna Dam")
    accounts(extension.vendor.state)["1003"]["settings"]["st1_ext"] = "2025550147"
    assert "1003" in extension.refused(id="2025550147", state="absent")
