# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Vodia on the wire: strings all over, stages, and a list of aliases that begins with the number itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.backends.vodia.hunt_group import (
    CAPABILITY,
    SETTINGS,
    decode,
    encode,
)
from ansible_collections.telephony.pbx.plugins.module_utils.engine.plan import plan_object
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import HUNT_GROUP, normalise
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Field

Values = dict[str, Any]

# The answer for a single hunt group on the vendor's page, as strict JSON.
PAGE_1002: Values = {
    "conn_sym": "", "connect": "true", "display": "Hunt", "email": "", "flag": "", "from_header": "id",
    "hunt_anonymous_dest": "", "melody": "ringer6", "moh": "", "ncf": "false", "night": "", "rec": "false",
    "st1_dur": "5", "st1_ext": "444", "st1_miss": "true", "st2_dur": "", "st2_ext": "445", "st2_miss": "true",
    "st3_dur": "", "st3_ext": "", "st3_miss": "false", "st4_ext": "8572665588", "acdani": "", "ani": "123-456-7899",
    "cdr_time": "", "credit": "", "dial_plan": "", "dialog_state": "", "dialog_subscribe": "", "dialog_version": "",
    "disabled": "", "email_cdr": "", "epid": "", "location": "", "max_call_duration": "", "max_cdrs": "",
    "need_license": "", "param1": "", "param2": "", "param3": "", "rb": "", "rf": "", "view_settings": "",
    "visible": "", "alias": ["1002"],
}  # fmt: skip
# The body of the page's example of an update, as strict JSON.
PAGE_UPDATE: Values = {
    "display": "Networks", "from_header": "id", "melody": "internal", "moh": "9", "st1_ext": "444 445",
    "st3_ext": "440", "st4_ext": "777 8578962323", "dial_plan": "1", "connect": "false", "ncf": "true", "rec": "true",
    "st1_miss": "true", "st2_miss": "true", "st3_miss": "false", "alias": ["vodia"],
}  # fmt: skip

NUMBERS = st.sampled_from(["444", "445", "0111", "8572665588", "+15551234567", "night"])
MEMBERS = st.lists(
    st.fixed_dictionaries({"extension": NUMBERS, "stage": st.integers(1, 3)}),
    max_size=5,
    unique_by=lambda member: (member["extension"], member["stage"]),
)


def value_of(spec: Field) -> st.SearchStrategy[Any]:
    if spec.kind == "bool":
        return st.sampled_from(["", True, False, "yes", "N"])
    if spec.kind == "int":
        return st.one_of(st.just(""), st.integers(*(spec.limits or (0, 9))))
    if spec.kind == "names":
        return st.lists(NUMBERS, max_size=3, unique=True)
    return st.one_of(st.just(""), st.text("aZ9 éß-_.", max_size=8))


WRITABLE = {name: spec for name, spec in SETTINGS.items() if not (spec.instead or spec.read_only)}
DECLARED = st.fixed_dictionaries(
    {"id": st.just("1002")},
    optional={
        "name": st.text("Hunt é", min_size=1, max_size=5),
        "overflow_to": st.one_of(st.just(""), NUMBERS, st.just("777 8578962323")),
        "enabled": st.booleans(),
        "members": MEMBERS,
        "settings": st.fixed_dictionaries({}, optional={name: value_of(spec) for name, spec in WRITABLE.items()}),
    },
)


def sent(declared: Values, before: Values) -> Values:
    """What is sent to bring the settings of 1002 to what is declared."""
    desired = normalise(HUNT_GROUP, declared, CAPABILITY, "vodia")
    step = plan_object(HUNT_GROUP, CAPABILITY, desired, decode("1002", before))
    return encode("1002", step.after or {}, desired, step.changed_fields)


def test_the_page_sample_is_read() -> None:
    group = decode("1002", PAGE_1002)
    settings = group.pop("settings")
    assert group == {
        "id": "1002",
        "name": "Hunt",
        "members": [{"extension": "444", "stage": 1}, {"extension": "445", "stage": 2}],
        "overflow_to": "8572665588",
        "enabled": True,
    }
    assert settings["melody"] == "ringer6" and settings["ani"] == "123-456-7899"
    assert (settings["st1_dur"], settings["st2_dur"]) == (5, "")
    assert (settings["connect"], settings["ncf"], settings["st3_miss"]) == (True, False, False)
    assert settings["alias"] == []
    assert not {"display", "disabled", "st1_ext", "st4_ext", "dialog_state"} & set(settings)


def test_the_table_knows_every_setting_of_the_page() -> None:
    assert set(PAGE_1002) | set(PAGE_UPDATE) <= set(SETTINGS)


def test_the_update_of_the_page_is_what_we_send_for_the_same_wish() -> None:
    wish = {
        "id": "1002",
        "name": "Networks",
        "members": [
            {"extension": "444", "stage": 1},
            {"extension": "445", "stage": 1},
            {"extension": "440", "stage": 3},
        ],
        "overflow_to": "777 8578962323",
        "settings": {"from_header": "id", "melody": "internal", "moh": 9, "dial_plan": 1, "connect": False, "ncf": True,
                     "rec": True, "st1_miss": True, "st2_miss": True, "st3_miss": False, "alias": ["sales"]},
    }  # fmt: skip
    assert sent(wish, {}) == {**PAGE_UPDATE, "st2_ext": "", "alias": ["1002", "sales"]}


@given(DECLARED)
def test_what_is_sent_is_read_back_as_it_was_declared(declared: Values) -> None:
    wire = sent(declared, PAGE_1002)
    stored = {**PAGE_1002, **json.loads(json.dumps(wire))}
    desired = normalise(HUNT_GROUP, declared, CAPABILITY, "vodia")
    assert plan_object(HUNT_GROUP, CAPABILITY, desired, decode("1002", stored)).changes == []


@given(DECLARED)
def test_only_strings_are_sent_and_only_what_differs(declared: Values) -> None:
    wire = sent(declared, PAGE_1002)
    for name, value in wire.items():
        if name == "alias":
            assert value[0] == "1002" and all(isinstance(alias, str) for alias in value)
        else:
            assert isinstance(value, str)
        assert name in SETTINGS and not SETTINGS[name].read_only
    assert sent(declared, {**PAGE_1002, **wire}) == {}


@given(MEMBERS)
def test_members_come_back_from_their_stages(members: list[Values]) -> None:
    wire = encode("1002", {"members": members}, {"members": members}, {"members"})
    assert set(wire) == {"st1_ext", "st2_ext", "st3_ext"}
    back = decode("1002", wire)["members"]
    assert back == sorted(members, key=lambda member: member["stage"])


@pytest.mark.parametrize(
    ("shown", "enabled"), [("", True), (None, True), ("false", True), ("true", False), (True, False), ("1", False)]
)
def test_a_group_is_enabled_unless_it_is_disabled(shown: Any, enabled: bool) -> None:
    assert decode("1", {"disabled": shown})["enabled"] is enabled
    assert decode("1", {})["enabled"] is True


def test_extensions_are_separated_by_any_white_space_and_counted_once() -> None:
    group = decode("1", {"st1_ext": " 444  445\t444 ", "st2_ext": None, "st3_ext": 440, "st4_ext": " 777  888 "})
    assert group["members"] == [
        {"extension": "444", "stage": 1},
        {"extension": "445", "stage": 1},
        {"extension": "440", "stage": 3},
    ]
    assert group["overflow_to"] == "777 888"


@pytest.mark.parametrize("shown", [["1002", "b", "a"], ["a", "b"], ["a", "1002", "b"]])
def test_aliases_are_read_without_the_number_and_sent_with_it_first(shown: list[str]) -> None:
    assert decode("1002", {"alias": shown})["settings"]["alias"] == ["a", "b"]
    assert encode("1002", {}, {"settings": {"alias": ["a", "b"]}}, {"settings.alias"}) == {"alias": ["1002", "a", "b"]}
    assert encode("1002", {}, {"settings": {"alias": []}}, {"settings.alias"}) == {"alias": ["1002"]}


def test_an_inherited_value_is_something_else_than_one_that_is_switched_off() -> None:
    assert sent({"id": "1002", "settings": {"connect": ""}}, PAGE_1002) == {"connect": ""}
    assert sent({"id": "1002", "settings": {"st1_dur": ""}}, PAGE_1002) == {"st1_dur": ""}
    assert sent({"id": "1002", "settings": {"connect": False, "rec": "no"}}, PAGE_1002) == {"connect": "false"}


def test_two_overflow_targets_are_told_from_one_long_number() -> None:
    before = {**PAGE_1002, "st4_ext": "444 445"}
    assert sent({"id": "1002", "overflow_to": "444445"}, before) == {"st4_ext": "444445"}


def test_settings_that_this_version_lacks_are_not_made_up() -> None:
    assert decode("1", {"display": "x"})["settings"] == {}
    assert decode("1", {"unheard_of": "x"})["settings"] == {}
