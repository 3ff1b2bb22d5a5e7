# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions of Vodia: what is declared arrives and is shown again, and what cannot be right is refused."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.callers import Caller
from ansible_collections.telephony.pbx.tests.contract.cases import Values, differences
from ansible_collections.telephony.pbx.tests.contract.vodia_extensions import (
    accounts,
    extension,
    sent,
    settings_of,
    with_alias,
)

__all__ = ["extension"]  # fixtures


# -- from creation to deletion -----------------------------------------------------------------------------------------


def test_a_new_extension_needs_nothing_but_its_number(extension: Caller) -> None:
    result = extension.predicted({"id": "0447"})
    assert sent(extension) == [("POST", "addacc", {"type": "extensions", "account_ext": "0447"})]
    assert result["extension"]["name"] == ""
    extension.unchanged(id="0447")


def test_an_update_sends_what_changes_and_nothing_else(extension: Caller) -> None:
    before = extension.state
    extension.predicted(id="440", name="Ada Example", settings={"email_address": "ada@example.com", "cw": True})
    assert sent(extension) == [("POST", "user_settings/440", {"cw": "true", "email_address": "ada@example.com"})]
    place = ("domains", "localhost", "accounts", "440", "settings")
    assert differences(before, extension.state) == {(*place, "cw"), (*place, "email_address")}


@pytest.mark.parametrize("empty", ["", []], ids=["text", "list"])
def test_an_empty_value_clears_the_aliases_but_never_the_number_itself(extension: Caller, empty: Any) -> None:
    with_alias(extension, "440", "8440", "8441")
    extension.predicted(id="440", settings={"alias": empty})
    assert sent(extension) == [("POST", "user_settings/440", {"alias": ["440"]})]
    extension.unchanged(id="440", settings={"alias": empty})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"max_cdrs": "20"}, {"max_cdrs": 20}),
        ({"mb_enable": "true"}, {"mb_enable": True}),
        ({"mb_enable": "no"}, {"mb_enable": False}),
        ({"alias": ["8440", "8441"]}, {"alias": [8441, 8440]}),
        ({"alias": "8440"}, {"alias": ["8440", "440"]}),
        ({"ani": 4400}, {"ani": "4400"}),
    ],
    ids=str,
)
def test_values_are_compared_by_their_meaning(extension: Caller, one: Values, other: Values) -> None:
    for first, second in ((one, other), (other, one)):
        extension.vendor.reset()
        extension.done(id="440", settings=first)
        extension.unchanged(id=440, settings=second)


@pytest.mark.parametrize("number", ["*98", "#31", "1.2", "a_b-c", "007.json", "+32470123456", "x" * 64])
def test_any_legal_number_arrives_unchanged(extension: Caller, number: str) -> None:
    extension.predicted({"id": number, "name": "Special"})
    assert settings_of(extension, number)["alias"] == [number]
    extension.predicted(id=number, settings={"first_name": "B"})
    extension.predicted(id=number, state="absent")
    assert number not in accounts(extension.state)


@pytest.mark.parametrize("number", [".", ".."])
def test_a_number_of_dots_is_refused_or_arrives(extension: Caller, number: str) -> None:
    before = extension.state
    result = extension.run(id=number)
    assert (extension.state == before) is result.get("failed", False), "what has failed has created nothing"


def test_numbers_keep_their_zeros(extension: Caller) -> None:
    extension.done(id="0440", name="Zero")
    assert settings_of(extension, "440")["first_name"] == "Ada"
    extension.done(id="0440", state="absent")
    assert "440" in accounts(extension.state) and "0440" not in accounts(extension.state)


# -- the name ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Hanna", "Hanna", ""),
        ("Hanna Dam", "Hanna", "Dam"),
        ("Hanna van Dam", "Hanna", "van Dam"),
        ("  Hanna   van\u00a0 Dam ", "Hanna", "van Dam"),
    ],
)
def test_the_first_word_of_a_name_is_the_given_name(extension: Caller, name: str, first: str, last: str) -> None:
    result = extension.predicted(id="440", name=name)
    stored = settings_of(extension, "440")
    assert (stored["first_name"], stored["display_name"]) == (first, last)
    assert result["extension"]["name"] == f"{first} {last}".strip()
    extension.unchanged(id="440", name=name)
    extension.unchanged(id="440", settings={"first_name": first, "display_name": last})


def test_a_name_that_reads_the_same_is_not_split_again(extension: Caller) -> None:
    accounts(extension.vendor.state)["440"]["settings"].update(first_name="Ada Maria", display_name="Example")
    extension.unchanged(id="440", name="Ada Maria Example")


@pytest.mark.parametrize(
    ("part", "value", "name"),
    [("first_name", "Adele", "Adele Example"), ("display_name", "Other", "Ada Other"), ("first_name", "", "Example")],
)
def test_a_part_of_the_name_changes_alone(extension: Caller, part: str, value: str, name: str) -> None:
    result = extension.predicted(id="440", settings={part: value})
    assert sent(extension) == [("POST", "user_settings/440", {part: value})]
    assert result["extension"]["name"] == name
    assert {change["field"] for change in result["plan"][0]["changes"]} == {"name", f"settings.{part}"}
    extension.unchanged(id="440", name=name)


def test_both_spellings_of_a_name_may_say_the_same(extension: Caller) -> None:
    extension.predicted(id="440", name="Hanna Dam", settings={"first_name": "Hanna", "display_name": "Dam"})
    extension.unchanged(id="440", name="Hanna  Dam", settings={"display_name": "Dam"})


def test_two_names_that_contradict_each_other_are_refused_before_any_request(extension: Caller) -> None:
    both = {"first_name": "Ada", "display_name": "Other"}
    message = extension.refused_untouched(id="440", name="Ada Example", settings=both)
    assert "contradicts" in message and "Ada Other" in message
    empty = {"first_name": "", "display_name": ""}
    assert "empty" in extension.refused_untouched(id="440", name="Ada", settings=empty)


def test_a_part_that_contradicts_the_name_with_what_is_there_is_refused(extension: Caller) -> None:
    message = extension.refused(id="440", name="Ada Other", settings={"first_name": "Ada"})
    assert "contradicts" in message and "Ada Example" in message


@pytest.mark.parametrize("declared", [{"id": "440"}, {"id": "0447"}], ids=["there", "new"])
def test_a_name_of_blanks_is_no_name(extension: Caller, declared: Values) -> None:
    assert "name" in extension.refused_untouched(declared, name="   ")


# -- what info shows -------------------------------------------------------------------------------------------------------
def test_all_extensions_are_shown_as_they_can_be_declared_and_none_of_their_secrets(extension: Caller) -> None:
    found = extension.info()["extensions"]
    assert {one["id"]: one["name"] for one in found} == {
        "440": "Ada Example", "443": "Ben Example", "444": "Cleo Example", "445": "Dan Example", "446": "Eve Example"
    }  # fmt: skip
    for one in found:
        assert not {"cfn", "sip_pass", "pin", "dnd"} & set(one["settings"])
        extension.unchanged(one)


def test_one_extension_or_none_is_shown(extension: Caller) -> None:
    with_alias(extension, "440", "8440")
    (one,) = extension.info(id=440)["extensions"]
    assert (one["id"], one["settings"]["alias"]) == ("440", ["8440"])
    assert extension.info(id="9999")["extensions"] == []
    assert "another kind of account" in extension.info_refused(id="1002")
    assert extension.info(id="8440")["extensions"] == [one]


@pytest.mark.parametrize("asked", [{"online": True}, {"available": True}, {"products": ["1"]}, {"active_calls": True}])
def test_a_filter_that_nobody_can_answer_is_refused(extension: Caller, asked: Values) -> None:
    message = extension.info_refused(**asked)
    assert next(iter(asked)) in message and "vodia" in message and extension.vendor.log == []
