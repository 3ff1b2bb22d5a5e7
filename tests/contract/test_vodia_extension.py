# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions of Vodia: what is declared arrives, nobody else's account is touched, and no hunt group rings in vain."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.callers import AWKWARD, Caller, converges, other_dialects
from ansible_collections.telephony.pbx.tests.contract.cases import State, Values, differences
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from pbx_simulator import Vodia

NEW: Values = {
    "id": "0447",
    "name": "Hanna van Dam",
    "settings": {"email_address": "hanna@example.com", "mb_enable": True, "max_cdrs": 20, "alias": ["8447"]},
}
# What the PBX itself puts into every extension, and nobody has asked for.
CREDENTIALS = ("sip-secret-", "web-secret-")


@pytest.fixture
def extension(vodia: Site) -> Caller:
    return Caller(vodia, "extension", CREDENTIALS)


def accounts(state: State) -> Values:
    """The accounts of the managed domain, by number."""
    found: Values = state["domains"]["localhost"]["accounts"]
    return found


def settings_of(caller: Caller, number: str) -> Values:
    """What the PBX keeps of an account."""
    found: Values = accounts(caller.state)[number]["settings"]
    return found


def rest(state: State, *numbers: str) -> State:
    """Everything but these accounts."""
    local = accounts(state)
    left = {number: account for number, account in local.items() if number not in numbers}
    domain = {**state["domains"]["localhost"], "accounts": left}
    return {**state, "domains": {**state["domains"], "localhost": domain}}


def sent(caller: Caller) -> list[tuple[str, str, Values]]:
    """The writes of the last call: method, what follows the domain, body."""
    return [
        (entry["method"], entry["path"].split("/", 4)[4], json.loads(entry["body"] or "{}"))
        for entry in caller.vendor.writes()
    ]


def read(caller: Caller) -> list[str]:
    """The lists and accounts that the last call read, in order."""
    return [entry["path"].split("/", 4)[4] for entry in caller.vendor.log if not entry["write"]]


def created(caller: Caller, declared: Values) -> Values:
    """Call the module for something new, in check mode and really. The plan has to be the same, and the object too, but
    for the settings that the PBX adds by itself."""
    before = caller.state
    shown = caller.check(declared)
    assert caller.state == before
    result = caller.done(declared)
    assert (shown["verdict"], result["verdict"]) == ("drift", "applied")
    assert shown["plan"][0]["changes"] == result["plan"][0]["changes"] and shown["diff"] == result["diff"]
    one, other = shown[caller.module], result[caller.module]
    assert one.get("settings", {}).items() <= other["settings"].items()
    assert {name: value for name, value in other.items() if name in one and name != "settings"} == {
        name: value for name, value in one.items() if name != "settings"
    }
    return result


def with_alias(caller: Caller, number: str, *aliases: str) -> None:
    """Give an account further numbers."""
    accounts(caller.vendor.state)[number]["settings"]["alias"] = [number, *aliases]


# -- from creation to deletion -----------------------------------------------------------------------------------------
def test_life_of_an_extension_and_what_each_step_sends(extension: Caller) -> None:
    first = extension.state
    result = created(extension, NEW)
    assert (result["plan"][0]["action"], result["diff"]["before"]) == ("create", {})
    assert sent(extension) == [
        ("POST", "addacc", {"type": "extensions", "account_ext": "0447"}),
        ("POST", "user_settings/0447", {
            "alias": ["0447", "8447"], "display_name": "van Dam", "email_address": "hanna@example.com",
            "first_name": "Hanna", "max_cdrs": "20", "mb_enable": "true",
        }),
    ]  # fmt: skip
    assert rest(extension.state, "0447") == first

    assert extension.unchanged(NEW)["extension"] == result["extension"]
    assert read(extension) == ["user_settings/0447", "users"]

    updated = extension.predicted(NEW, name="Hanna Dam", settings={"mb_enable": False, "max_cdrs": "", "alias": []})
    assert {change["field"] for change in updated["plan"][0]["changes"]} == {
        "name", "settings.alias", "settings.display_name", "settings.max_cdrs", "settings.mb_enable"
    }  # fmt: skip
    body = {"alias": ["0447"], "display_name": "Dam", "max_cdrs": "", "mb_enable": "false"}
    assert sent(extension) == [("POST", "user_settings/0447", body)]
    assert settings_of(extension, "0447")["email_address"] == "hanna@example.com"

    gone = extension.predicted(id="0447", state="absent")
    assert (gone["plan"][0]["action"], gone["extension"], gone["diff"]["after"]) == ("delete", None, {})
    assert sent(extension) == [("DELETE", "addacc/0447", {})]
    extension.unchanged(id="0447", state="absent")
    assert extension.state == first


def test_a_new_extension_needs_nothing_but_its_number(extension: Caller) -> None:
    result = created(extension, {"id": "0447"})
    assert sent(extension) == [("POST", "addacc", {"type": "extensions", "account_ext": "0447"})]
    assert result["extension"]["name"] == ""
    extension.unchanged(id="0447")


def test_null_is_not_managed_and_what_was_read_is_clean(extension: Caller) -> None:
    extension.unchanged(id="440", name=None, settings=None)
    extension.unchanged(id="440", settings={"email_address": None, "alias": None, "first_name": None})
    for number in ("440", "443", "444", "445", "446"):
        extension.unchanged(extension.unchanged(id=number)["extension"])


def test_an_update_sends_what_changes_and_nothing_else(extension: Caller) -> None:
    before = extension.state
    extension.predicted(id="440", name="Ada Example", settings={"email_address": "ada@example.com", "cw": True})
    assert sent(extension) == [("POST", "user_settings/440", {"cw": "true", "email_address": "ada@example.com"})]
    place = ("domains", "localhost", "accounts", "440", "settings")
    assert differences(before, extension.state) == {(*place, "cw"), (*place, "email_address")}


TEXTS = ("email_address", "ani", "dial_plan", "moh", "euse", "edest", "location", "epid", "param1", "param2", "param3")


@pytest.mark.parametrize("name", [*TEXTS, "mb_enable", "disabled", "cw", "block_cid", "max_call_duration", "max_cdrs"])
def test_an_empty_value_clears_a_setting(extension: Caller, name: str) -> None:
    value: Any = "7" if name in TEXTS or name.startswith("max") else True
    extension.done(id="440", settings={name: value})
    assert settings_of(extension, "440")[name] in ("7", "true")
    extension.predicted(id="440", settings={name: ""})
    assert sent(extension) == [("POST", "user_settings/440", {name: ""})]
    extension.unchanged(id="440", settings={name: ""})


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
    created(extension, {"id": number, "name": "Special"})
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


@pytest.mark.parametrize("name", AWKWARD)
def test_any_name_arrives_in_words(extension: Caller, name: str) -> None:
    extension.predicted(id="440", name=name)
    stored = settings_of(extension, "440")
    assert f"{stored['first_name']} {stored['display_name']}".strip() == name.strip()
    extension.unchanged(id="440", name=name)


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


# -- what is refused before any request ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"name": "x"}, ["id", "missing"]),
        ({"id": "1/2"}, ["id", "1/2"]),
        ({"id": "x" * 65}, ["id"]),
        ({"id": "440", "name": ""}, ["name", "cannot be cleared"]),
        ({"id": "440", "name": "a\nb"}, ["name", "control character"]),
        ({"id": "440", "account": 700001}, ["account", "vodia", "an extension is its own account here"]),
        ({"id": "440", "settings": {"first_nam": "x"}}, ["settings.first_nam", "did you mean first_name?"]),
        ({"id": "440", "settings": {"Email": "x"}}, ["settings.Email", "unknown setting"]),
        ({"id": "440", "settings": {"sip_pass": "x"}}, ["settings.sip_pass", "unknown setting"]),
        ({"id": "440", "settings": {"mb_enable": "perhaps"}}, ["settings.mb_enable", "neither true nor false"]),
        ({"id": "440", "settings": {"max_cdrs": "many"}}, ["settings.max_cdrs", "not a whole number"]),
        ({"id": "440", "settings": {"max_cdrs": -1}}, ["settings.max_cdrs", "out of range"]),
        ({"id": "440", "settings": {"alias": [True]}}, ["settings.alias", "quotes"]),
        ({"id": "440", "settings": {"ani": {"a": 1}}}, ["settings.ani", "not a single value"]),
        *(
            ({"id": "440", "settings": {key: "443"}}, [f"settings.{key}", "follow_me (its option forwarding) instead"])
            for key in ("cfa", "cfb", "cfn", "cfn_timeout", "cfr")
        ),
    ],
    ids=str,
)
def test_what_cannot_be_right_is_refused_before_any_request(
    extension: Caller, options: Values, words: list[str]
) -> None:
    message = extension.refused_untouched(options)
    assert all(word in message for word in words), message


# -- one set of numbers for all accounts ----------------------------------------------------------------------------------
LISTS = ("all", "userlist_only", "none")


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
@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_further_number_of_an_extension_is_not_one_of_its_own(extension: Caller, lists: str, state: str) -> None:
    extension.vendor.set_dialect(account_lists=lists)
    with_alias(extension, "440", "8440")
    message = extension.refused(id="8440", state=state)
    assert "8440" in message and "further number of 440" in message


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
    assert result["warnings"] == ["extension 444 was removed from hunt group 1002, 1003 first"]
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


# -- versions that have less or other --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("lists", "asked"),
    [
        ("all", ["user_settings/440", "users"]),
        ("userlist_only", ["user_settings/440", "users", "userlist/extensions"]),
        ("none", ["user_settings/440", "users", "userlist/extensions", "extensions"]),
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


# -- trouble on the way ----------------------------------------------------------------------------------------------------
RUNG: Values = {"id": "444", "state": "absent", "remove_from_hunt_groups": True}
CHANGES = {
    "create": NEW,
    "update": {"id": "440", "name": "R&D / Ops", "settings": {"alias": ["8440"]}},
    "delete": {"id": "446", "state": "absent"},
    "delete a member": RUNG,
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_stops_a_run_the_next_one_converges_and_others_are_left_alone(extension: Caller, what: str) -> None:
    declared = CHANGES[what]
    start = rest(extension.state, declared["id"], "1002")
    for _how, stopped in extension.interrupted(declared):
        assert rest(stopped, declared["id"], "1002") == start
        assert rest(extension.state, declared["id"], "1002") == start
        assert (declared["id"] in accounts(extension.state)) is ("state" not in declared)
        if "444" not in accounts(stopped):
            assert accounts(stopped)["1002"]["settings"]["st1_ext"] == "", "a number that is gone is not rung"


@pytest.mark.parametrize("what", ["create", "update", "delete"])
def test_a_success_that_stored_nothing_is_a_failure(extension: Caller, what: str) -> None:
    before = extension.state
    extension.vendor.add_fault("store_nothing", writes_only=True)
    result = extension.run(CHANGES[what])
    assert result["failed"] and "accepted" in result["msg"]
    assert extension.state == before
    assert extension.done(CHANGES[what])["verdict"] == "applied"


@pytest.mark.parametrize("what", ["update", "delete"])
def test_a_server_that_shows_the_old_state_for_a_while_is_waited_for(extension: Caller, what: str) -> None:
    extension.vendor.add_fault("stale_reads", writes_only=True, reads=2)
    assert extension.done(CHANGES[what])["verdict"] == "applied"
    assert len(extension.vendor.writes()) == 1
    extension.unchanged(CHANGES[what])


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
    assert "further number of 440" in extension.info_refused(id="8440")


@pytest.mark.parametrize("asked", [{"online": True}, {"available": True}, {"products": ["1"]}, {"active_calls": True}])
def test_a_filter_that_nobody_can_answer_is_refused(extension: Caller, asked: Values) -> None:
    message = extension.info_refused(**asked)
    assert next(iter(asked)) in message and "vodia" in message and extension.vendor.log == []


# -- what the pages leave open ---------------------------------------------------------------------------------------------
LIFE: tuple[Values, ...] = (
    NEW,
    {"id": "0447", "name": "Hanna / Sales", "settings": {"mb_enable": False, "email_address": ""}},
    {"id": "440", "name": "Ada B", "settings": {"alias": ["8440"]}},
    {"id": "0447", "state": "absent"},
    {"id": "444", "state": "absent", "remove_from_hunt_groups": True},
)


@pytest.mark.parametrize(("switch", "value"), other_dialects(Vodia))
def test_every_reading_of_the_pages_converges(extension: Caller, switch: str, value: Any) -> None:
    """There is none under which stopping would be right."""
    extension.vendor.set_dialect(**{switch: value})
    untouched = rest(extension.state, "440", "444", "1002")
    converges(extension, LIFE, {})
    assert rest(extension.state, "440", "1002") == untouched
    hunt = settings_of(extension, "1002")
    assert (hunt["st1_ext"], hunt["st2_ext"]) == ("", "445")
    assert settings_of(extension, "440")["alias"] == ["440", "8440"]


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
