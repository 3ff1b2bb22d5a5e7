# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions of Vodia: the name in two parts, numbers of all accounts, hunt groups that ring it, and other versions."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.callers import Caller
from ansible_collections.telephony.pbx.tests.contract.cases import Values, differences
from ansible_collections.telephony.pbx.tests.contract.vodia_extensions import (
    LISTS,
    NEW,
    accounts,
    extension,
    read,
    sent,
    settings_of,
    with_alias,
)

pytestmark = pytest.mark.thorough

__all__ = ["extension"]  # fixtures


# -- from creation to deletion -----------------------------------------------------------------------------------------
def test_what_is_needed_and_what_changes_is_sent_and_nothing_else(extension: Caller) -> None:
    assert extension.predicted(id="0447")["extension"]["name"] == ""
    assert sent(extension) == [("POST", "addacc", {"type": "extensions", "account_ext": "0447"})]
    extension.unchanged(id="0447")
    before = extension.state
    extension.predicted(id="440", name="Ada Example", settings={"email_address": "ada@example.com", "cw": True})
    assert sent(extension) == [("POST", "user_settings/440", {"cw": "true", "email_address": "ada@example.com"})]
    assert {place[3:] for place in differences(before, extension.state)} == {
        ("440", "settings", "cw"), ("440", "settings", "email_address")
    }  # fmt: skip


@pytest.mark.parametrize("empty", ["", []], ids=["text", "list"])
def test_an_empty_value_clears_the_aliases_but_never_the_number_itself(extension: Caller, empty: Any) -> None:
    with_alias(extension, "440", "8440", "8441")
    extension.predicted(id="440", settings={"alias": empty})
    assert sent(extension) == [("POST", "user_settings/440", {"alias": ["440"]})]
    extension.unchanged(id="440", settings={"alias": empty})


@pytest.mark.parametrize("number", [".", ".."])
def test_a_number_of_dots_is_refused_or_arrives(extension: Caller, number: str) -> None:
    before = extension.state
    result = extension.run(id=number)
    assert (extension.state == before) is result.get("failed", False), "what has failed has created nothing"


# -- the name ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("declared", "first", "last"),
    [
        ({"name": "Hanna"}, "Hanna", ""),
        ({"name": "Hanna van Dam"}, "Hanna", "van Dam"),
        ({"name": "  Hanna   van\u00a0 Dam "}, "Hanna", "van Dam"),
        ({"settings": {"first_name": "Adele"}}, "Adele", "Example"),
        ({"settings": {"display_name": "Other"}}, "Ada", "Other"),
        ({"settings": {"first_name": ""}}, "", "Example"),
        ({"name": "Hanna Dam", "settings": {"first_name": "Hanna", "display_name": "Dam"}}, "Hanna", "Dam"),
    ],
)
def test_a_name_and_its_two_parts_say_the_same(extension: Caller, declared: Values, first: str, last: str) -> None:
    result = extension.predicted(declared, id="440")
    parts = {"first_name": first, "display_name": last}
    different = {name: value for name, value in parts.items() if value != {"first_name": "Ada"}.get(name, "Example")}
    assert sent(extension) == [("POST", "user_settings/440", different)]
    assert {change["field"] for change in result["plan"][0]["changes"]} == {
        "name",
        *(f"settings.{n}" for n in different),
    }
    assert result["extension"]["name"] == f"{first} {last}".strip()
    extension.unchanged(id="440", name=f"{first} {last}".strip())
    extension.unchanged(id="440", settings=parts)


@pytest.mark.parametrize(
    ("name", "settings", "words"),
    [
        ("Ada Example", {"first_name": "Ada", "display_name": "Other"}, ("contradicts", "Ada Other")),
        ("Ada", {"first_name": "", "display_name": ""}, ("empty",)),
        ("   ", None, ("name",)),
    ],
)
def test_a_name_that_cannot_be_is_refused_before_any_request(
    extension: Caller, name: str, settings: Values | None, words: tuple[str, ...]
) -> None:
    for number in ("440", "0447"):
        message = extension.refused_untouched(id=number, name=name, settings=settings)
        assert all(word in message for word in words)


# -- numbers of others, and of itself ------------------------------------------------------------------------------------
@pytest.mark.parametrize("lists", LISTS)
def test_a_further_number_of_an_extension_means_that_extension(extension: Caller, lists: str) -> None:
    extension.vendor.set_dialect(account_lists=lists)
    with_alias(extension, "440", "8440")
    result = extension.predicted(id="8440", name="Ada Other")
    assert result["plan"][0]["id"] == result["extension"]["id"] == "440"


def test_a_public_number_is_its_own_in_e164_and_nobody_elses(extension: Caller) -> None:
    extension.vendor.set_dialect(number_format="e164")
    extension.done(id="2025550147", name="Hanna Dam")
    (shown,) = extension.info(id="2025550147")["extensions"]
    assert shown["settings"]["alias"] == []
    extension.done(id="7025550147", name="Other")
    lost = extension.done(id="2025550147", state="absent")["warnings"]
    assert any("its SIP password, web password and PIN" in warning for warning in lost)
    assert [one["name"] for one in extension.info()["extensions"] if "5550147" in one["id"]] == ["Other"]


# -- hunt groups that ring it ---------------------------------------------------------------------------------------------
def test_only_groups_that_ring_an_extension_are_in_the_way_of_its_deletion(extension: Caller) -> None:
    extension.done(id="446", state="absent", remove_from_hunt_groups=True)
    assert sent(extension) == [("DELETE", "addacc/446", {})]
    accounts(extension.vendor.state)["1002"]["settings"].update(st1_ext="445 444", st3_ext="444")
    message = extension.refused(id="444", state="absent")
    assert "1002" in message and "1003" not in message


# -- what info shows -------------------------------------------------------------------------------------------------------
def test_extensions_are_shown_as_they_can_be_declared_and_none_of_their_secrets(extension: Caller) -> None:
    with_alias(extension, "440", "8440")
    found = extension.info()["extensions"]
    assert {one["id"]: one["name"] for one in found} == {
        "440": "Ada Example", "443": "Ben Example", "444": "Cleo Example", "445": "Dan Example", "446": "Eve Example"
    }  # fmt: skip
    assert found[0]["settings"]["alias"] == ["8440"]
    for one in found:
        assert not {"cfn", "sip_pass", "pin", "dnd"} & set(one["settings"])
        extension.unchanged(one)
    assert extension.info(id=440)["extensions"] == extension.info(id="8440")["extensions"] == found[:1]
    assert extension.info(id="9999")["extensions"] == []
    extension.vendor.set_dialect(account_lists="none")
    assert extension.info(id="440")["extensions"] == found[:1]


@pytest.mark.parametrize("asked", [{"online": True}, {"available": True}, {"products": ["1"]}, {"active_calls": True}])
def test_a_filter_that_nobody_can_answer_is_refused(extension: Caller, asked: Values) -> None:
    message = extension.info_refused(**asked)
    assert next(iter(asked)) in message and "vodia" in message and extension.vendor.log == []


# -- other versions, and other readings of the pages -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("lists", "asked"),
    [
        ("all", ["users"]),
        ("userlist_only", ["users", "userlist/extensions"]),
        ("none", ["users", "userlist/extensions", "extensions", "hunts"]),
    ],
)
def test_the_list_that_a_version_has_is_found(extension: Caller, lists: str, asked: list[str]) -> None:
    extension.vendor.set_dialect(account_lists=lists)
    extension.unchanged(id="440", name="Ada Example")
    assert read(extension) == [*asked, "user_settings/440"]


@pytest.mark.parametrize("number", ["440", "0447"], ids=["there", "new"])
def test_settings_of_newer_versions_are_stored_there(extension: Caller, number: str) -> None:
    extension.vendor.set_dialect(version_keys="70")
    settings = dict.fromkeys("sani fani building department room comment shortname".split(), "x")
    extension.done(id=number, settings=settings)
    assert settings.items() <= settings_of(extension, number).items()


def test_a_setting_that_a_version_spells_otherwise_has_a_hint(
    extension: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has named such a version: there the mail address would be called `email_addr`."""
    monkeypatch.setattr("pbx_simulator.vodia.EXTENSION_KEYS", ("first_name", "display_name", "email_addr", "cfa"))
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


@pytest.mark.parametrize("body", ["[1]", '"text"', "3", "true", '[{"a": 1}]'])
@pytest.mark.parametrize("status", [200, 500, 503])
def test_what_is_no_settings_does_not_make_an_account_absent(extension: Caller, status: int, body: str) -> None:
    """Where no list of accounts could contradict it."""
    extension.vendor.set_dialect(account_lists="none")
    extension.vendor.add_fault("status", status=status, body=body, match="user_settings/446", times=None)
    extension.refused(id="446", state="absent")


@pytest.mark.parametrize("body", ["3", '"text"', "[1]", "null", '{"a": 1}'])
def test_what_is_no_list_of_accounts_is_not_taken_for_an_empty_one(extension: Caller, body: str) -> None:
    """What is exported from it and applied later would delete every extension."""
    extension.vendor.add_fault(
        "status", status=200, body=body, match="(users|userlist/extensions|extensions)$", times=None
    )
    assert "list of accounts" in extension.info_refused()
