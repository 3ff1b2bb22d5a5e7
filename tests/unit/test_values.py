# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one value may be, what it means, and when two values mean the same."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.model.numbers import NumberRules
from ansible_collections.telephony.pbx.plugins.module_utils.model.problems import Problems
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import (
    Field,
    canonical,
    check_settings,
    check_value,
    nearest,
    same,
    to_bool,
)

SPECS = {
    "text": Field(),
    "number": Field("number"),
    "phone": Field("phone"),
    "int": Field("int", unset=0),
    "int that inherits": Field("int", unset=""),
    "bool": Field("bool", unset=False),
    "bool that inherits": Field("bool", unset=""),
    "choice": Field("choice", choices=("Order", "LeastUsed"), aliases={"Least used": "LeastUsed", "true": "Order"}),
    "name": Field("name"),
    "tokens": Field("tokens"),
    "phone tokens": Field("phone_tokens"),
    "names": Field("names"),
    "phones": Field("phones"),
    "period": Field("period"),
    "dict": Field("dict", nested={"a": Field("int", unset=0), "b": Field("phone"), "c": Field("bool", unset=True)}),
}

NUMBERS = st.from_regex(r"\+?[0-9]{1,14}", fullmatch=True)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-(10**13), 10**13), st.text(max_size=12), NUMBERS)
VALUES = {
    **dict.fromkeys(
        ("tokens", "phone tokens", "names", "phones"),
        st.one_of(st.none(), st.text(max_size=12), st.lists(SCALARS, max_size=4)),
    ),
    "period": st.one_of(st.none(), st.text("always hrwd{}18-,", max_size=16)),
    "dict": st.one_of(st.none(), st.dictionaries(st.sampled_from("abcx"), SCALARS, max_size=4)),
}
KINDS = st.sampled_from(sorted(SPECS))
ONE = KINDS.flatmap(lambda kind: st.tuples(st.just(SPECS[kind]), VALUES.get(kind, SCALARS)))
TWO = KINDS.flatmap(lambda kind: st.tuples(st.just(SPECS[kind]), VALUES.get(kind, SCALARS), VALUES.get(kind, SCALARS)))


def complaints(spec: Field, value: Any) -> list[str]:
    problems = Problems("thing", "key")
    check_value(spec, value, "option", problems)
    return list(map(str, problems.found))


def checked(spec: Field, value: Any) -> Any:
    problems = Problems("thing", "key")
    result = check_value(spec, value, "option", problems)
    assert problems.found == []
    return result


# -- meaning ---------------------------------------------------------------------------------------------------------
@given(ONE)
def test_the_meaning_of_a_meaning_is_itself(case: tuple[Field, Any]) -> None:
    spec, value = case
    meaning = canonical(spec, value)
    assert canonical(spec, meaning) == meaning


@given(ONE)
def test_every_value_means_the_same_as_itself(case: tuple[Field, Any]) -> None:
    spec, value = case
    assert same(spec, value, value)
    assert same(spec, value, canonical(spec, value))


@given(TWO)
def test_meaning_the_same_has_no_direction(case: tuple[Field, Any, Any]) -> None:
    spec, one, other = case
    assert len({same(spec, *pair) for pair in ((one, other), (other, one))}) == 1


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("text", None, ""),
        ("name", " Sales  Line ", "Sales Line"),
        ("name", "Cafe\u0301", "Caf\u00e9"),
        ("text", 5, "5"),
        ("number", 200, "200"),
        ("int", "5", 5),
        ("int", " 5 ", 5),
        ("int", "005", 5),
        ("int", None, 0),
        ("int", "", "0"),
        ("bool", "Y", True),
        ("bool", "yes", "true"),
        ("bool", "N", None),
        ("bool", 0, "off"),
        ("choice", "least_used", "Least used"),
        ("choice", "LEAST USED", "LeastUsed"),
        ("choice", True, "order"),
        ("tokens", "b a", "a  b"),
        ("tokens", ["a", "b"], "b a"),
        ("tokens", None, ""),
        ("names", ["b", "a"], ["a", "b"]),
        ("names", "a", ["a"]),
        ("names", None, []),
        ("names", [1002], ["1002"]),
        ("dict", {"a": "5"}, {"a": 5, "unknown": 1}),
        ("dict", {}, None),
        ("dict", {"a": 5, "b": ""}, {"a": 5}),
        ("period", "Always", ""),
        ("period", " HR{8-18}  wd{Mo-Fri} ", "wd{mo-fri}hr{8-18}"),
        ("period", "hr{8-18} wd{mo-fri}, hr{4-6} wd{sa}", "wd{sa} hr{4-6},hr{8-18} wd{mo-fri}"),
        ("period", "wd{mo tu}", "wd{tu  mo}"),
        ("period", "hr{8-18},", "hr{8-18}"),
    ],
)
def test_spellings_of_one_meaning(kind: str, one: Any, other: Any) -> None:
    assert same(SPECS[kind], one, other)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("text", "a", "A"),
        ("text", "a  b", "a b"),
        ("name", "Sales", "sales"),
        ("number", "0111", "111"),
        ("number", "0111", 111),
        ("number", "+3225126777", "025126777"),
        ("int", "5", "6"),
        ("int that inherits", "", "0"),
        ("bool", True, "N"),
        ("bool that inherits", "", "false"),
        ("choice", "Order", "Random"),
        ("tokens", "a b", "a"),
        ("names", ["a"], ["b"]),
        ("dict", {"a": 5}, {"a": 6}),
        ("period", "hr{8-18}", "hr{8-17}"),
        ("period", "hr{8-18}", ""),
        ("period", "hr{8-18},", "always"),
        ("period", "hr{8-18}, wd{sa}", "hr{8-18} wd{sa}"),
    ],
)
def test_different_meanings(kind: str, one: Any, other: Any) -> None:
    assert not same(SPECS[kind], one, other)


@given(st.sampled_from(["y", "yes", "true", "on", "1", "t"]), st.sampled_from(["n", "no", "false", "off", "0", "f"]))
def test_bools_in_every_case_and_nothing_else_is_one(yes: str, no: str) -> None:
    for word, meaning in ((yes, True), (no, False)):
        assert {to_bool(spelling) for spelling in (word, word.upper(), word.title(), f" {word} ")} == {meaning}
    assert [to_bool(word) for word in ("", "maybe", None, 2, 1.5)] == [None] * 5


@pytest.mark.parametrize("value", ["a word", 5, ["a"]])
def test_the_meaning_of_a_dictionary_that_is_none_is_no_exception(value: Any) -> None:
    """Servers and users write a string where an object belongs; the meaning is then the value, as for every kind."""
    assert canonical(SPECS["dict"], value) == value


# -- numbers ---------------------------------------------------------------------------------------------------------
BELGIUM = NumberRules("32")


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("phone", "+3225126777", "025126777"),
        ("phone", "02 512 67 77", "0032 2 512 67 77"),
        ("phones", ["+3225126777", "101"], ["101", "025126777"]),
        ("phone tokens", "+3225126777 101", "101  025126777"),
        ("dict", {"b": "+3225126777"}, {"b": "025126777"}),
    ],
)
def test_a_national_number_is_one_in_e164_only_where_the_country_is_known(kind: str, one: Any, other: Any) -> None:
    assert same(SPECS[kind], one, other, BELGIUM) and same(SPECS[kind], other, one, BELGIUM)
    if one != "02 512 67 77":
        assert not same(SPECS[kind], one, other)
        assert not same(SPECS[kind], one, other, NumberRules("33"))


@pytest.mark.parametrize("kind", ["number", "names", "tokens", "text"])
def test_only_phone_numbers_are_compared_as_such(kind: str) -> None:
    assert not same(SPECS[kind], "+3225126777", "025126777", BELGIUM)
    assert not same(SPECS[kind], "02 512", "02512", BELGIUM)


def test_two_extensions_side_by_side_are_not_one_long_number() -> None:
    """Vodia's page shows `st4_ext: "777 8578962323"`: two targets."""
    assert not same(SPECS["phone tokens"], "777 8578962323", "7778578962323")
    assert not same(SPECS["phone tokens"], "444 445", "444445")
    assert same(SPECS["phone tokens"], "444 445", "445 444")


# -- what the user wrote -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("value", ["x\x00y", "x\ny", "\x7f", "\x1b[31m", "half \ud83d"])
@pytest.mark.parametrize("kind", ["text", "number", "phone", "names"])
def test_control_characters_and_halves_are_refused(kind: str, value: str) -> None:
    assert "control character" in complaints(Field(kind), value)[0]


@pytest.mark.parametrize("value", [True, False, 1.5, "True", "False"])
@pytest.mark.parametrize("kind", ["number", "phone"])
def test_what_yaml_made_of_a_number_is_refused(kind: str, value: Any) -> None:
    assert "put numbers in quotes" in complaints(Field(kind), value)[0]


@pytest.mark.parametrize("value", [True, False])
def test_a_word_that_yaml_took_for_a_bool_is_not_sent_in_pythons_spelling(value: bool) -> None:
    """`visible: yes` of a text setting would otherwise travel as `True`, which no vendor writes."""
    problems = Problems("thing", "key")
    meaning = check_value(Field(), value, "option", problems)
    assert problems.found or meaning not in ("True", "False")


@pytest.mark.parametrize("value", [[None], [True], [1.5], [{"a": 1}], [["a"]], True])
def test_entries_of_a_list_of_names_have_to_be_names(value: Any) -> None:
    assert complaints(Field("names"), value) != []


def test_numbers_may_be_whole_numbers_in_yaml() -> None:
    assert checked(Field("number"), 200) == "200"
    assert checked(Field("phone"), 3225126777) == "3225126777"
    assert checked(Field("names"), [1003, "1004"]) == ["1003", "1004"]
    assert checked(Field(), datetime.date(2026, 1, 2)) == "2026-01-02"


@pytest.mark.parametrize("value", [True, False, 1.0, 1.5, "1.0", "five", "0x10", "1_000", [1], {"a": 1}])
def test_only_whole_numbers_are_ints(value: Any) -> None:
    assert len(complaints(Field("int"), value)) == 1


@pytest.mark.parametrize(
    ("value", "fits"), [(0, False), (1, True), ("3", True), (4, False), ("-1", False), (9**20, False)]
)
def test_ints_keep_their_limits_and_the_message_names_them(value: Any, fits: bool) -> None:
    found = complaints(Field("int", limits=(1, 3)), value)
    assert (found == []) is fits
    if not fits:
        assert "out of range; write 1 to 3" in found[0]


@pytest.mark.parametrize("value", ["maybe", 2, 1.5, [True], {"a": 1}])
def test_only_bools_are_bools(value: Any) -> None:
    assert len(complaints(Field("bool"), value)) == 1


def test_a_mistyped_choice_gets_a_suggestion_and_the_list() -> None:
    found = complaints(Field("choice", choices=("regular", "circular")), "reguler")
    assert found == ["option: 'reguler' is unknown (did you mean regular?); write one of regular, circular"]


@pytest.mark.parametrize(("value", "fits"), [("a", False), ("ab", True), ("abc", True), ("abcd", False)])
def test_texts_keep_their_length(value: str, fits: bool) -> None:
    assert (complaints(Field(limits=(2, 3)), value) == []) is fits


def test_forbidden_characters_are_named() -> None:
    assert complaints(Field(forbidden='%+\\"'), 'a%b"') == ['option: must not contain " %']


@pytest.mark.parametrize("value", ["", [], {}])
def test_clearing_is_refused_where_it_is_impossible(value: Any) -> None:
    assert "cannot be cleared" in complaints(Field(clearable=False), value)[0]
    assert complaints(Field(limits=(2, 3)), value) == []


@pytest.mark.parametrize("value", ["French", 5, ["language"], True])
def test_a_dictionary_has_to_be_one(value: Any) -> None:
    assert "is not a dictionary" in complaints(Field("dict", nested={"language": Field()}), value)[0]


@pytest.mark.parametrize("value", ["hunter-secret\x00", "hunter-secret", ["hunter-secret"], {"hunter-secret": 1}])
@pytest.mark.parametrize("kind", ["text", "int", "bool", "number", "choice"])
def test_a_secret_is_never_quoted_in_a_complaint(kind: str, value: Any) -> None:
    found = complaints(Field(kind, secret=True, limits=(2, 3), choices=("a", "b")), value)
    assert found != [] and "hunter-secret" not in " ".join(found)


@given(ONE)
def test_checking_what_was_checked_changes_nothing(case: tuple[Field, Any]) -> None:
    spec, value = case
    problems = Problems("thing", "key")
    once = check_value(spec, value, "option", problems)
    if not problems.found:
        assert check_value(spec, once, "option", problems) == once


# -- tables of settings ------------------------------------------------------------------------------------------------
TABLE = {
    "melody": Field(),
    "st1_dur": Field("int", unset="", limits=(0, 100)),
    "state": Field(read_only=True),
    "display": Field(instead="name"),
    "profile": Field("dict", partial=True, nested={"language": Field(clearable=False), "name": Field(instead="name")}),
}


def test_settings_that_are_null_are_not_managed_and_empty_ones_are_cleared() -> None:
    problems = Problems("thing", "key")
    written = {"melody": "", "st1_dur": None, "profile": {"language": None}}
    assert check_settings(TABLE, written, "settings", problems) == {"melody": ""}
    assert problems.found == []


def test_settings_are_complained_about_all_at_once_with_their_place() -> None:
    problems = Problems("thing", "key")
    written = {
        "melodie": "x",
        "st1_dur": 101,
        "state": 1,
        "display": "x",
        "profile": {"language": "", "name": "x"},
        5: 5,
    }
    check_settings(TABLE, written, "settings", problems)
    assert list(map(str, problems.found)) == [
        "settings.melodie: unknown setting (did you mean melody?)",
        "settings.st1_dur: 101 is out of range; write 0 to 100",
        "settings.state: can only be read; leave it out",
        "settings.display: is no setting of its own here; write the option name instead",
        "settings.profile.language: cannot be cleared; leave it out to keep the present value",
        "settings.profile.name: is no setting of its own here; write the option name instead",
        "settings.5: unknown setting",
    ]
    assert {one.id for one in problems.found} == {"unknown-setting", "invalid-option"}


def test_suggestions_ignore_case_and_stay_silent_when_nothing_is_near() -> None:
    assert nearest("PICKUPALLOWED", ["PickupAllowed"]) == " (did you mean PickupAllowed?)"
    assert nearest("xyz", ["PickupAllowed"]) == ""
