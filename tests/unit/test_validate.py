# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users declare, checked against the neutral model and each backend's tables before any request."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.backends.registry import BACKENDS
from ansible_collections.telephony.pbx.plugins.module_utils.errors import InvalidOption, Unsupported
from ansible_collections.telephony.pbx.plugins.module_utils.model import validate
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import (
    EXTENSION,
    FOLLOW_ME,
    HUNT_GROUP,
    Capability,
)
from ansible_collections.telephony.pbx.plugins.module_utils.model.numbers import NumberRules
from ansible_collections.telephony.pbx.plugins.module_utils.model.problems import ERROR
from ansible_collections.telephony.pbx.plugins.module_utils.model.validate import Declared, any_backend, examine
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Field


def declared(backend: str, **options: Any) -> Declared:
    return validate.declare(HUNT_GROUP, options, BACKENDS[backend].stores["hunt_group"].capability, backend)


def declare(backend: str, **options: Any) -> dict[str, Any]:
    return declared(backend, **options).values


def refusal(backend: str, **options: Any) -> str:
    with pytest.raises(InvalidOption) as caught:
        declare(backend, **options)
    return str(caught.value)


# -- what is left out and what is cleared ----------------------------------------------------------------------------
def test_null_and_omitted_are_not_managed() -> None:
    assert declare("vodia", id="1002", name=None, members=None, overflow_to=None, settings=None) == {"id": "1002"}
    members = [{"extension": "101", "ring_delay": None, "huntstop": None}]
    assert declare("portaswitch", id="200", members=members)["members"] == [{"extension": "101"}]


def test_empty_clears() -> None:
    cleared = declare(
        "vodia", id="1002", overflow_to="", members=[], settings={"melody": "", "alias": [], "st1_dur": ""}
    )
    assert cleared == {
        "id": "1002",
        "overflow_to": "",
        "members": [],
        "settings": {"melody": "", "alias": [], "st1_dur": ""},
    }


def test_numbers_are_strings_that_keep_their_zeros() -> None:
    desired = declare("portaswitch", id=99999, members=[{"extension": "0111"}, {"extension": 111}])
    assert desired == {"id": "99999", "members": [{"extension": "0111"}, {"extension": "111"}]}


def test_every_spelling_of_a_setting_arrives_as_its_meaning() -> None:
    written = {"HuntKeepOriginalCli": "i", "PickupAllowed": True}
    assert declare("portaswitch", id="200", settings=written)["settings"] == {
        "HuntKeepOriginalCli": "I",
        "PickupAllowed": "Y",
    }
    written = {
        "forwardAfterTimeout": "no",
        "noAnswerNumberOfRings": "4",
        "serviceInstanceProfile": {"language": "French"},
    }
    assert declare("apio", id="a@b", settings=written)["settings"] == {
        "forwardAfterTimeout": False,
        "noAnswerNumberOfRings": 4,
        "serviceInstanceProfile": {"language": "French"},
    }


# -- refusals --------------------------------------------------------------------------------------------------------
def test_everything_that_is_wrong_is_in_one_message_with_its_place() -> None:
    message = refusal(
        "apio",
        id="sales@example.org",
        policy="weighed",
        members=[{"extension": "101", "weight": 101}, {"extension": ""}],
        overflow_after=7201,
        settings={"noAnswerNumberOfRings": 21, "queueLength": 10, "active": True},
    )
    assert message.startswith("hunt_group sales@example.org: policy: 'weighed' is unknown (did you mean weighted?)")
    for part in (
        "overflow_after: 7201 is out of range; write 0 to 7200",
        "members[0].weight: 101 is out of range; write 0 to 100",
        "members[1].extension: is missing",
        "settings.noAnswerNumberOfRings: 21 is out of range; write 1 to 20",
        "settings.queueLength: unknown setting",
        "settings.active: is no setting of its own here; write the option enabled instead",
    ):
        assert part in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("backend", "options", "hint"),
    [
        ("portaswitch", {"overflow_to": "0299"}, "overflow_to: the portaswitch backend cannot express it; "),
        ("portaswitch", {"overflow_after": 5}, "limit each member's ring_time"),
        ("portaswitch", {"enabled": False}, "logged_in: false"),
        (
            "portaswitch",
            {"policy": "circular"},
            "has no circular; write one of regular, random, simultaneous, least_used",
        ),
        ("portaswitch", {"members": [{"extension": "101", "weight": 5}]}, "weights exist on apio"),
        ("vodia", {"policy": "regular"}, "give each a stage from 1 to 3"),
        ("vodia", {"overflow_after": 5}, "settings.st1_dur"),
        ("vodia", {"extension": "1002"}, "the id is the number"),
        ("vodia", {"members": [{"extension": "101", "ring_delay": 5}]}, "use a later stage"),
        (
            "apio",
            {"policy": "random"},
            "has no random; write one of regular, circular, simultaneous, uniform, weighted",
        ),
        ("apio", {"members": [{"extension": "101", "stage": 2}]}, "members[0].stage: the apio backend cannot express"),
    ],
)
def test_what_a_backend_cannot_express_is_unsupported_and_says_what_to_write(
    backend: str, options: dict[str, Any], hint: str
) -> None:
    with pytest.raises(Unsupported) as caught:
        declare(backend, id="200", **options)
    assert str(caught.value).startswith("hunt_group 200: ") and hint in str(caught.value)


def test_a_mistake_beside_something_unsupported_is_no_mere_unsupported() -> None:
    with pytest.raises(InvalidOption) as caught:
        declare("vodia", id="200", policy="regular", settings={"melodie": "x"})
    assert not isinstance(caught.value, Unsupported)


def test_an_object_needs_a_key_and_is_named_by_its_first() -> None:
    assert "id or name: is missing" in refusal("vodia")
    assert "id or name: is missing" in refusal("vodia", id="", name="")
    assert refusal("vodia", name="Sales", settings={"x": 1}).startswith("hunt_group Sales: ")
    assert refusal("vodia", id="200", name="Sales", settings={"x": 1}).startswith("hunt_group 200: ")


@pytest.mark.parametrize("number", ["2 00", "200/1", "200?", "2%30", "20\n0", True, 1.5, "é" * 3])
@pytest.mark.parametrize("backend", ["portaswitch", "vodia"])
def test_an_id_that_cannot_be_a_number_is_refused(backend: str, number: Any) -> None:
    assert "id: " in refusal(backend, id=number)
    assert "members[0].extension: " in refusal(backend, id="200", members=[{"extension": number}])


def test_members_are_listed_once_but_on_vodia_once_per_stage() -> None:
    twice = [{"extension": "101"}, {"extension": 101}]
    assert "members[1]: 101 is listed twice" in refusal("portaswitch", id="200", members=twice)
    staged = [{"extension": "101", "stage": 1}, {"extension": "101", "stage": 2}]
    assert declare("vodia", id="1002", members=staged)["members"] == staged
    assert "members[1]: 101 is listed twice" in refusal("vodia", id="1002", members=[staged[0], staged[0]])


def test_members_get_suggestions_and_cannot_lose_their_stage() -> None:
    message = refusal("vodia", id="1002", members=[{"extension": "101", "stagee": 1}])
    assert "members[0].stagee: unknown option (did you mean stage?)" in message
    assert "members[0].stage: " in refusal("vodia", id="1002", members=[{"extension": "101", "stage": ""}])


def test_a_neutral_option_and_its_setting_are_not_written_together() -> None:
    message = refusal("apio", id="a@b", overflow_to="+3225126999", settings={"forwardToPhoneNumber": "+3225126998"})
    assert "settings.forwardToPhoneNumber: contradicts overflow_to; write only one of them" in message
    assert declare("apio", id="a@b", overflow_after=5, settings={"forwardToPhoneNumber": "+3225126998"})


@pytest.mark.parametrize("option", ["name", "policy"])
def test_name_and_policy_cannot_be_cleared(option: str) -> None:
    assert f"{option}: cannot be cleared" in refusal("apio", id="a@b", **{option: ""})


def test_a_password_is_not_in_the_message_that_refuses_it() -> None:
    message = refusal("apio", id="a@b", settings={"serviceInstanceProfile": {"password": "hunter2" * 9}})
    assert "serviceInstanceProfile.password: " in message and "hunter2" not in message


@pytest.mark.parametrize("profile", ["French", ["French"], True])
def test_a_profile_that_is_no_dictionary_is_refused_in_words(profile: Any) -> None:
    message = refusal("apio", id="a@b", settings={"serviceInstanceProfile": profile})
    assert "settings.serviceInstanceProfile: " in message and "is not a dictionary" in message


# -- what a declaration is besides its values --------------------------------------------------------------------------
def test_how_to_go_about_it_is_no_part_of_the_state() -> None:
    one = declared("vodia", id="200", state="absent", membership="at_least", remove_from_hunt_groups="yes")
    assert (one.values, one.directives) == ({"id": "200"}, {"remove_from_hunt_groups": True})
    assert (one.state, one.membership, one.absent, one.place) == ("absent", "at_least", True, "hunt_group 200")
    assert (declared("vodia", id="200").state, declared("vodia", id="200").membership) == ("present", "exact")


@pytest.mark.parametrize(("option", "value"), [("state", "gone"), ("membership", "exactly")])
def test_a_state_or_membership_that_is_none_is_refused(option: str, value: str) -> None:
    assert f"{option}: {value!r} is unknown" in refusal("vodia", id="200", **{option: value})


def test_findings_have_the_whole_path_and_say_what_kind_of_mistake_it_is() -> None:
    options = {"id": "200", "membres": [], "members": [{"extnsion": "1"}], "policy": "regular", "settings": {"x": 1}}
    capability = BACKENDS["vodia"].stores["hunt_group"].capability
    _one, problems = examine(HUNT_GROUP, options, capability, "vodia", "hunt_groups[3]")
    assert [(one.id, one.path) for one in problems.findings()] == [
        ("unknown-option", "hunt_groups[3].membres"),
        ("unsupported-option", "hunt_groups[3].policy"),
        ("unknown-option", "hunt_groups[3].members[0].extnsion"),
        ("missing-option", "hunt_groups[3].members[0].extension"),
        ("unknown-setting", "hunt_groups[3].settings.x"),
    ]
    assert {one.severity for one in problems.findings()} == {ERROR}


@pytest.mark.parametrize("written", ["101", {"extension": "101"}, 5, ""])
def test_members_that_are_no_list_empty_nothing(written: Any) -> None:
    assert "members: " in refusal("vodia", id="200", members=written)


@pytest.mark.parametrize("item", ["101", 101, ["101"], None])
def test_a_member_that_is_no_dictionary_is_named(item: Any) -> None:
    assert "members[1]: " in refusal("vodia", id="200", members=[{"extension": "101"}, item])


def test_a_very_long_key_is_cut_in_messages() -> None:
    message = refusal("vodia", id="9" * 5000, settings={"x": 1})
    assert message.startswith(f"hunt_group {'9' * 100}...: ")


# -- what holds for any backend ----------------------------------------------------------------------------------------
def test_for_any_backend_every_option_passes_and_settings_are_not_looked_at() -> None:
    options = {"id": "200", "policy": "weighted", "overflow_after": 5, "members": [{"extension": "1", "stage": 2}]}
    one, problems = examine(HUNT_GROUP, {**options, "settings": {"x": 1}}, any_backend(HUNT_GROUP), "")
    assert problems.found == [] and one.values == options
    parts = {"account": "101", "forwarding": {"busy": "102"}}
    assert examine(FOLLOW_ME, parts, any_backend(FOLLOW_ME), "")[1].found == []
    assert [str(one) for one in examine(HUNT_GROUP, {"id": "a b"}, any_backend(HUNT_GROUP), "")[1].found]


def test_parts_of_a_dictionary_are_supported_one_by_one() -> None:
    table = Capability(options=frozenset({"account", "forwarding", "forwarding.busy"}))
    one, problems = examine(FOLLOW_ME, {"account": "101", "forwarding": {"busy": "102"}}, table, "fake")
    assert problems.found == [] and one.values["forwarding"] == {"busy": "102"}
    _one, problems = examine(FOLLOW_ME, {"account": "101", "forwarding": {"always": "102"}}, table, "fake")
    assert [(one.id, one.path) for one in problems.found] == [("unsupported-option", "forwarding.always")]


# -- what is shown -----------------------------------------------------------------------------------------------------
SHOWN = Capability(
    options=frozenset({"id", "name"}),
    settings={
        "title": Field(also="name"),
        "line": Field("phone", also="id"),
        "pin": Field(secret=True),
        "box": Field("dict", partial=True, nested={"pin": Field(secret=True), "size": Field("int")}),
    },
)


def test_a_setting_that_an_option_says_already_is_left_out() -> None:
    values = {"id": "025126777", "name": "Sales", "settings": {"title": "Sales", "line": "+3225126777", "pin": "1"}}
    assert validate.without_mirrored(SHOWN, values)["settings"] == {"line": "+3225126777", "pin": "1"}
    assert validate.without_mirrored(SHOWN, values, NumberRules("32"))["settings"] == {"pin": "1"}
    assert values["settings"] == {"title": "Sales", "line": "+3225126777", "pin": "1"}
    other = {**values, "settings": {"title": "Support"}}
    assert validate.without_mirrored(SHOWN, other) == other


def test_secrets_are_found_at_every_depth_and_left_out_of_what_is_shown() -> None:
    values = {"id": "1", "settings": {"pin": "one", "box": {"pin": "two", "size": 3}, "title": "x"}}
    assert list(validate.secrets_of(SHOWN, values)) == ["one", "two"]
    assert validate.without_secrets(SHOWN, values)["settings"] == {"box": {"size": 3}, "title": "x"}
    assert values["settings"]["box"] == {"pin": "two", "size": 3}


@pytest.mark.parametrize("settings", [None, "pin", ["pin"], {"box": "pin"}, {"pin": ""}, {"box": {"pin": None}}])
def test_looking_for_secrets_takes_settings_of_any_shape(settings: Any) -> None:
    assert list(validate.secrets_of(SHOWN, {"settings": settings})) == []
    assert validate.without_secrets(SHOWN, {"id": "1"}) == {"id": "1"}


def test_an_info_module_is_asked_only_for_what_its_backend_can_tell() -> None:
    table = Capability(options=frozenset({"id"}), filters=frozenset({"online"}))
    asked = validate.check_filters(EXTENSION, {"id": 101, "online": "no", "products": None}, table, "fake")
    assert asked == {"id": "101", "online": False}
    with pytest.raises(Unsupported, match="extension_info 101: products: the fake backend cannot tell"):
        validate.check_filters(EXTENSION, {"id": "101", "products": ["a"]}, table, "fake")
