# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users declare, checked against the neutral model and each backend's tables before any request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.backends.registry import BACKENDS
from ansible_collections.telephony.pbx.plugins.module_utils.errors import InvalidOption, Unsupported
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import (
    FILTERS,
    HUNT_GROUP,
    POLICIES,
    RESOURCES,
    Capability,
    Resource,
    normalise,
)
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Field, canonical

STORES: dict[tuple[str, str], Any] = {
    (name, resource): store for name, kind in BACKENDS.items() for resource, store in kind.stores.items()
}
CAPABILITIES = [
    pytest.param(store.resource, store.capability, id=f"{backend} {resource}")
    for (backend, resource), store in STORES.items()
]
HUNT_GROUPS = [pytest.param(STORES[name, "hunt_group"].capability, id=name) for name in BACKENDS]
KINDS = {"text", "number", "phone", "int", "bool", "choice", "tokens", "names", "dict", "period"}


def capability(backend: str) -> Capability:
    table: Capability = STORES[backend, "hunt_group"].capability
    return table


def declare(backend: str, **options: Any) -> dict[str, Any]:
    return normalise(HUNT_GROUP, options, capability(backend), backend)


def refusal(backend: str, **options: Any) -> str:
    with pytest.raises(InvalidOption) as caught:
        declare(backend, **options)
    return str(caught.value)


def every_field(table: dict[str, Field], place: str = "") -> Iterator[tuple[str, Field]]:
    for name, spec in table.items():
        yield f"{place}{name}", spec
        yield from every_field(dict(spec.nested), f"{place}{name}.")


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
        "settings.active: write the option enabled instead",
    ):
        assert part in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("backend", "options", "hint"),
    [
        ("portaswitch", {"overflow_to": "0299"}, "overflow_to: the portaswitch backend cannot express it; "),
        ("portaswitch", {"overflow_after": 5}, "limit each member's ring_time"),
        ("portaswitch", {"enabled": False}, "logged_in: false"),
        ("portaswitch", {"policy": "circular"}, "has no circular; it has regular, random, simultaneous, least_used"),
        ("portaswitch", {"members": [{"extension": "101", "weight": 5}]}, "weights exist on apio"),
        ("vodia", {"policy": "regular"}, "give each a stage from 1 to 3"),
        ("vodia", {"overflow_after": 5}, "settings.st1_dur"),
        ("vodia", {"extension": "1002"}, "the id is the number"),
        ("vodia", {"members": [{"extension": "101", "ring_delay": 5}]}, "use a later stage"),
        ("apio", {"policy": "random"}, "has no random; it has regular, circular, simultaneous, uniform, weighted"),
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


# -- the tables themselves -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("resource", "table"), CAPABILITIES)
def test_every_setting_is_defined_consistently(resource: Resource, table: Capability) -> None:
    neutral = set(table.options) | ({resource.items.option} if resource.items else set())
    for place, spec in every_field(dict(table.settings)):
        check_definition(place, spec)
        assert not (spec.instead and spec.also), place
        assert not spec.also or spec.also in neutral, place
        assert not spec.instead or (re.findall(r"\w+", spec.instead)[0] in neutral | set(RESOURCES)), place
        assert not spec.secret or spec.create_only, f"{place}: a secret that is compared would show up as a change"


@pytest.mark.parametrize("resource", RESOURCES.values(), ids=list(RESOURCES))
def test_every_neutral_field_is_defined_consistently(resource: Resource) -> None:
    assert RESOURCES[resource.name] is resource
    assert set(resource.keys) <= set(resource.fields)
    items = dict(resource.items.fields) if resource.items else {}
    for place, spec in every_field({**resource.fields, **resource.steering, **items}):
        check_definition(place, spec)
        assert not (spec.instead or spec.also), place


def check_definition(place: str, spec: Field) -> None:
    assert spec.kind in KINDS, place
    assert bool(spec.choices) == (spec.kind == "choice"), place
    assert set(spec.aliases.values()) <= set(spec.choices), place
    assert bool(spec.nested) == (spec.kind == "dict"), place
    assert not spec.partial or spec.nested, place
    assert not spec.limits or spec.limits[0] <= spec.limits[1], place
    assert not (spec.read_only and (spec.create_only or spec.secret or spec.instead)), place
    assert canonical(spec, canonical(spec, None)) == canonical(spec, None), place


@pytest.mark.parametrize(("resource", "table"), CAPABILITIES)
def test_a_capability_speaks_the_neutral_model(resource: Resource, table: Capability) -> None:
    items = resource.items
    parts = {f"{name}.{part}" for name, spec in resource.fields.items() if spec.partial for part in spec.nested}
    assert table.options <= set(resource.fields) | parts
    assert all(name.split(".")[0] in table.options for name in table.options)
    assert set(table.narrower) <= table.options
    assert set(resource.keys) & table.options
    assert table.member_options <= (set(items.fields) if items else set())
    assert table.filters <= set(FILTERS.get(resource.name, {}))
    assert not table.settings or resource.has_settings
    refusable = {f"{items.option}.{name}" for name in items.fields} - {
        f"{items.option}.{name}" for name in table.member_options
    } if items else set()  # fmt: skip
    if items and not table.member_options:
        refusable = {items.option}
    assert set(table.refused) <= refusable | ((set(resource.fields) | parts) - table.options)


@pytest.mark.parametrize("table", HUNT_GROUPS)
def test_every_neutral_option_is_expressed_or_refused_with_a_hint(table: Capability) -> None:
    assert set(HUNT_GROUP.fields) - table.options <= set(table.refused)
    assert set(table.policies) <= set(POLICIES)
    assert bool(table.policies) == ("policy" in table.options)
    assert table.ordered_policies <= set(table.policies)
    assert len(set(table.policies.values())) == len(table.policies)


@pytest.mark.parametrize("table", HUNT_GROUPS)
@pytest.mark.parametrize("number", ["", " ", "a b", "a/b", "a?b", "a\\b", "a<b", "1" * 200])
def test_no_backend_takes_a_number_that_breaks_a_path_or_a_list(table: Capability, number: str) -> None:
    assert not table.number.fullmatch(number)


@pytest.mark.parametrize("table", HUNT_GROUPS)
@pytest.mark.parametrize("number", ["200", "0111", "hunt_2", "*98"])
def test_every_backend_takes_the_numbers_of_the_vendors_pages(table: Capability, number: str) -> None:
    assert table.number.fullmatch(number)
