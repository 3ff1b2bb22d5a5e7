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

from ansible_collections.telephony.pbx.plugins.module_utils.backends.contract import Observed, RunContext
from ansible_collections.telephony.pbx.plugins.module_utils.backends.vodia.hunt_group import (
    CAPABILITY,
    SETTINGS,
    HuntGroups,
    decode,
    encode,
)
from ansible_collections.telephony.pbx.plugins.module_utils.backends.vodia.members import with_stages
from ansible_collections.telephony.pbx.plugins.module_utils.engine.observe import plan_step
from ansible_collections.telephony.pbx.plugins.module_utils.engine.plan import Step
from ansible_collections.telephony.pbx.plugins.module_utils.errors import BadAnswer
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import HUNT_GROUP
from ansible_collections.telephony.pbx.plugins.module_utils.model.numbers import ANY_COUNTRY
from ansible_collections.telephony.pbx.plugins.module_utils.model.validate import declare
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


def read(settings: Values, number: str = "1002") -> Values:
    return decode(number, settings, ANY_COUNTRY)


def planned(declared: Values, before: Values) -> Step:
    """The step that brings the settings of 1002 to what is declared."""
    asked = declare(HUNT_GROUP, declared, CAPABILITY, "vodia")
    current = Observed(read(before))
    members = with_stages(asked.place, asked.values.get("members", []), current.values["members"])
    resolved = asked.with_values({**asked.values, "members": members}) if "members" in asked.values else asked
    return plan_step(HuntGroups(None, RunContext()), asked, resolved, current)


def sent(declared: Values, before: Values) -> Values:
    """What is sent to bring the settings of 1002 to what is declared."""
    step = planned(declared, before)
    return encode("1002", step.target, step.changed, step.before)


def test_the_page_sample_is_read() -> None:
    group = read(PAGE_1002)
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
    assert sent(wish, {}) == {**PAGE_UPDATE, "alias": ["1002", "sales"]}


@given(DECLARED)
def test_what_is_sent_is_read_back_as_it_was_declared(declared: Values) -> None:
    wire = sent(declared, PAGE_1002)
    stored = {**PAGE_1002, **json.loads(json.dumps(wire))}
    assert planned(declared, stored).changes == ()


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


def test_of_the_stages_only_those_are_sent_that_change() -> None:
    """Somebody else may just be at work on another one."""
    both = [{"extension": "444", "stage": 1}, {"extension": "440", "stage": 2}]
    assert sent({"id": "1002", "members": both}, PAGE_1002) == {"st2_ext": "440"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("a1 ", max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=2),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(SETTINGS)), JSON, max_size=6))
def test_whatever_a_server_shows_is_read_or_refused_in_words(settings: Values) -> None:
    try:
        group = read(settings)
    except BadAnswer as error:
        assert "makes no sense" in str(error)
    else:
        assert set(group) == {"id", "name", "members", "overflow_to", "enabled", "settings"}


@given(MEMBERS)
def test_members_come_back_from_their_stages(members: list[Values]) -> None:
    wire = encode("1002", {"members": members}, {"members"})
    assert set(wire) == {"st1_ext", "st2_ext", "st3_ext"}
    back = read(wire)["members"]
    assert back == sorted(members, key=lambda member: member["stage"])


@pytest.mark.parametrize(
    ("shown", "enabled"), [("", True), (None, True), ("false", True), ("true", False), (True, False), ("1", False)]
)
def test_a_group_is_enabled_unless_it_is_disabled(shown: Any, enabled: bool) -> None:
    assert read({"disabled": shown})["enabled"] is enabled
    assert read({})["enabled"] is True


def test_extensions_are_separated_by_any_white_space_and_counted_once() -> None:
    group = read({"st1_ext": " 444  445\t444 ", "st2_ext": None, "st3_ext": 440, "st4_ext": " 777  888 "})
    assert group["members"] == [
        {"extension": "444", "stage": 1},
        {"extension": "445", "stage": 1},
        {"extension": "440", "stage": 3},
    ]
    assert group["overflow_to"] == "777 888"


@pytest.mark.parametrize("shown", [["1002", "b", "a"], ["a", "b"], ["a", "1002", "b"]])
def test_aliases_are_read_without_the_number_and_sent_with_it_first(shown: list[str]) -> None:
    assert read({"alias": shown})["settings"]["alias"] == [name for name in shown if name != "1002"]
    assert encode("1002", {"settings": {"alias": ["a", "b"]}}, {"settings.alias"}) == {"alias": ["1002", "a", "b"]}
    assert encode("1002", {"settings": {"alias": []}}, {"settings.alias"}) == {"alias": ["1002"]}


def test_an_inherited_value_is_something_else_than_one_that_is_switched_off() -> None:
    assert sent({"id": "1002", "settings": {"connect": ""}}, PAGE_1002) == {"connect": ""}
    assert sent({"id": "1002", "settings": {"st1_dur": ""}}, PAGE_1002) == {"st1_dur": ""}
    assert sent({"id": "1002", "settings": {"connect": False, "rec": "no"}}, PAGE_1002) == {"connect": "false"}


def test_two_overflow_targets_are_told_from_one_long_number() -> None:
    before = {**PAGE_1002, "st4_ext": "444 445"}
    assert sent({"id": "1002", "overflow_to": "444445"}, before) == {"st4_ext": "444445"}


def test_settings_that_this_version_lacks_are_not_made_up() -> None:
    assert read({"display": "x"})["settings"] == {}
    assert read({"unheard_of": "x"})["settings"] == {}
