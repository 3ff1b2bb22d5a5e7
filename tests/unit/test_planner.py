# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Current state + declared state -> step: whatever is declared and whatever is there, one step leads to the goal."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.backends.contract import Observed, RunContext, Store
from ansible_collections.telephony.pbx.plugins.module_utils.engine.observe import plan_step
from ansible_collections.telephony.pbx.plugins.module_utils.engine.outcome import difference, planned
from ansible_collections.telephony.pbx.plugins.module_utils.engine.plan import HIDDEN, Change, Step
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import (
    FOLLOW_ME,
    HUNT_GROUP,
    MEMBER_FIELDS,
    Capability,
    Resource,
)
from ansible_collections.telephony.pbx.plugins.module_utils.model.numbers import ANY_COUNTRY, NumberRules
from ansible_collections.telephony.pbx.plugins.module_utils.model.validate import Declared
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Field

Values = dict[str, Any]

SETTINGS = {
    "melody": Field(),
    "dur": Field("int", unset="", limits=(0, 100)),
    "alias": Field("names"),
    "department": Field("dict", nested={"group": Field(), "name": Field()}),
    "template": Field(create_only=True),
    "profile": Field(
        "dict",
        partial=True,
        nested={"language": Field(), "cli": Field("phone"), "password": Field(secret=True, create_only=True)},
    ),
}
CAPABILITY = Capability(
    options=frozenset(HUNT_GROUP.fields),
    member_options=frozenset(MEMBER_FIELDS),
    policies={name: name for name in ("regular", "simultaneous")},
    settings=SETTINGS,
    ordered_policies=frozenset({"regular"}),
)
STAGED = Capability(
    options=CAPABILITY.options,
    member_options=CAPABILITY.member_options,
    settings=SETTINGS,
    member_identity=("extension", "stage"),
)
SECRET = "hunter-secret"

EXTENSIONS = st.sampled_from(["101", "102", "103", "104", "0111"])
ATTRIBUTES: dict[str, st.SearchStrategy[Any]] = {
    "weight": st.integers(0, 100),
    "ring_delay": st.integers(0, 20),
    "huntstop": st.booleans(),
}
POLICY = st.sampled_from(["regular", "simultaneous"])


def members(**required: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Values]]:
    one = st.fixed_dictionaries({"extension": EXTENSIONS, **required}, optional=ATTRIBUTES)
    keys = ("extension", *required)
    return st.lists(one, max_size=5, unique_by=lambda member: tuple(member[key] for key in keys))


def settings(secrets: bool) -> st.SearchStrategy[Values]:
    profile: dict[str, st.SearchStrategy[Any]] = {
        "language": st.sampled_from(["", "English", "French"]),
        "cli": st.sampled_from(["", "+3225126777", "025126777"]),
    }
    every: dict[str, st.SearchStrategy[Any]] = {
        "melody": st.sampled_from(["", "a", "b"]),
        "dur": st.sampled_from(["", 0, 5]),
        "alias": st.lists(EXTENSIONS, max_size=2, unique=True),
        "department": st.fixed_dictionaries({}, optional={"group": st.just("g"), "name": st.sampled_from("xy")}),
    }
    if secrets:
        profile["password"] = st.just(SECRET)
        every["template"] = st.just("basic")
    return st.fixed_dictionaries({}, optional={**every, "profile": st.fixed_dictionaries({}, optional=profile)})


SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "name": st.sampled_from(["Sales", "Support"]),
    "overflow_to": st.sampled_from(["", "+3225126777", "025126777", "0111"]),
    "overflow_after": st.sampled_from(["", 0, 20]),
    "enabled": st.booleans(),
}
DESIRED = st.fixed_dictionaries(
    {"id": st.just("200")}, optional={**SCALARS, "policy": POLICY, "members": members(), "settings": settings(True)}
)
CURRENT = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {"id": st.just("200"), **SCALARS, "policy": POLICY, "members": members(), "settings": settings(False)}
    ),
)
MEMBERSHIP = st.sampled_from(["exact", "at_least"])


class Kind(Store):
    """Pairs items as every store does that does not know better."""

    def find(self, declared: Declared) -> Observed | None:
        raise NotImplementedError

    def read_all(self) -> list[Observed]:
        raise NotImplementedError


def plan_object(
    resource: Resource,
    capability: Capability,
    desired: Values,
    current: Values | None,
    state: str = "present",
    membership: str = "exact",
    numbers: NumberRules = ANY_COUNTRY,
) -> Step:
    store = type("Of", (Kind,), {"resource": resource, "capability": capability})(None, RunContext(numbers=numbers))
    asked = Declared(resource, desired, state, membership)
    return plan_step(store, asked, asked, None if current is None else Observed(current))


def plan(desired: Values, current: Values | None, state: str = "present", membership: str = "exact") -> Step:
    return plan_object(HUNT_GROUP, CAPABILITY, desired, current, state, membership)


def extensions(group: Values) -> list[str]:
    return [member["extension"] for member in group["members"]]


def fields(step: Step) -> set[str]:
    return {change.field for change in step.changes}


# -- whole objects -----------------------------------------------------------------------------------------------------
@given(DESIRED, CURRENT, MEMBERSHIP)
def test_what_a_plan_leads_to_needs_no_further_plan(desired: Values, current: Values | None, membership: str) -> None:
    step = plan(desired, current, membership=membership)
    again = plan(desired, step.after, membership=membership)
    assert (again.action, again.changes, again.writes, again.changed) == ("unchanged", (), False, frozenset())
    assert again.after == step.after


@given(DESIRED, CURRENT, MEMBERSHIP)
def test_an_action_says_what_the_changes_are(desired: Values, current: Values | None, membership: str) -> None:
    step = plan(desired, current, membership=membership)
    if current is None:
        assert (step.action, step.before) == ("create", None)
    else:
        assert step.action == ("update" if step.changes else "unchanged")
        assert step.before == current
        assert (step.after == current) or step.changes or current["settings"].get("profile") is None
    assert len(fields(step)) == len(step.changes)
    assert all(change.field.startswith(change.option) for change in step.changes)


@given(DESIRED, CURRENT, MEMBERSHIP)
def test_what_is_not_declared_survives(desired: Values, current: Values | None, membership: str) -> None:
    step = plan(desired, current, membership=membership)
    for name, value in (current or {}).items():
        if name not in desired:
            assert step.target[name] == value
            assert name not in step.changed
    for name, value in (current or {}).get("settings", {}).items():
        if name not in desired.get("settings", {}):
            assert step.after is not None and step.after["settings"][name] == value
        elif name == "profile":
            kept = {part: word for part, word in value.items() if part not in desired["settings"]["profile"]}
            assert step.after is not None and kept.items() <= step.after["settings"]["profile"].items()


@given(DESIRED, CURRENT, MEMBERSHIP)
def test_only_what_is_declared_is_changed(desired: Values, current: Values | None, membership: str) -> None:
    for field in plan(desired, current, membership=membership).changed:
        head, _dot, rest = field.partition(".")
        assert head in desired
        assert not rest or rest.split(".")[0] in desired["settings"]


@given(DESIRED, CURRENT, MEMBERSHIP)
def test_a_secret_is_in_no_part_of_a_plan(desired: Values, current: Values | None, membership: str) -> None:
    step = plan(desired, current, membership=membership)
    assert SECRET not in repr([step.changes, planned(step).as_result(), difference([step])])


@given(DESIRED, CURRENT, MEMBERSHIP)
def test_planning_leaves_its_arguments_alone(desired: Values, current: Values | None, membership: str) -> None:
    before = copy.deepcopy((desired, current))
    step = plan(desired, current, membership=membership)
    assert (desired, current) == before
    shown = planned(step).as_result()
    for change in shown["changes"]:
        for value in (change["before"], change["after"]):
            if isinstance(value, dict):
                value["spoilt"] = True
    step.target.setdefault("settings", {})["melody"] = "spoilt"
    step.target.setdefault("members", []).append({"extension": "spoilt"})
    assert (desired, current) == before and "spoilt" not in repr(step.changes)


def test_a_create_only_value_is_sent_at_creation_and_never_compared() -> None:
    desired = {"id": "200", "settings": {"template": "basic", "profile": {"password": SECRET}}}
    created = plan(desired, None)
    assert created.changed == {"id", "settings.template", "settings.profile.password"}
    assert plan(desired, {"id": "200", "settings": {}}).action == "unchanged"


def test_the_servers_spelling_is_no_change() -> None:
    current = {
        "id": "200",
        "overflow_to": "+3225126777",
        "enabled": "true",
        "settings": {"dur": "5", "alias": ["2", "1"]},
    }
    desired = {"overflow_to": "025126777", "enabled": True, "settings": {"dur": 5, "alias": ["1", "2"]}}
    for country, action in (("32", "unchanged"), ("", "update"), ("33", "update")):
        step = plan_object(HUNT_GROUP, CAPABILITY, {"id": "200", **desired}, current, numbers=NumberRules(country))
        assert step.action == action, country


def test_nested_settings_change_part_by_part() -> None:
    current = {"id": "200", "settings": {"profile": {"language": "English", "cli": "1"}, "department": {"name": "x"}}}
    step = plan({"id": "200", "settings": {"profile": {"language": "French"}, "department": {"name": "y"}}}, current)
    assert step.changes == (
        Change("settings.profile.language", "English", "French", "settings.profile.language"),
        Change("settings.department", {"name": "x"}, {"name": "y"}, "settings.department"),
    )
    assert step.after == {
        "id": "200",
        "settings": {"profile": {"language": "French", "cli": "1"}, "department": {"name": "y"}},
    }


def test_the_servers_own_id_names_the_object_and_is_no_change() -> None:
    step = plan({"id": "sales", "name": "Sales"}, {"id": "sales@example.org", "name": "Sales"})
    assert (step.id, step.action) == ("sales@example.org", "unchanged")
    assert plan({"name": "Sales"}, None).id == "Sales"


@given(DESIRED, CURRENT, MEMBERSHIP)
def test_absent_deletes_what_is_there_and_nothing_else(
    desired: Values, current: Values | None, membership: str
) -> None:
    step = plan(desired, current, "absent", membership)
    if current is None:
        assert (step.action, step.changes, step.before) == ("unchanged", (), None)
    else:
        assert (step.action, step.before, step.after) == ("delete", current, None)
        assert step.changes == (Change("state", "present", "absent", "state"),) and step.deletes


# -- lists and what else there is ------------------------------------------------------------------------------------------
@given(members(stage=st.integers(1, 3)), members(stage=st.integers(1, 3)), MEMBERSHIP)
def test_a_member_in_two_stages_is_two_members(wanted: list[Values], present: list[Values], membership: str) -> None:
    current = {"id": "1", "members": present}
    step = plan_object(HUNT_GROUP, STAGED, {"id": "1", "members": wanted}, current, membership=membership)
    keys = {(member["extension"], member["stage"]) for member in step.target["members"]}
    declared, there = ({(m["extension"], m["stage"]) for m in group} for group in (wanted, present))
    assert keys == (declared if membership == "exact" else declared | there)
    assert set(step.item_keys) == keys and len(step.item_keys) == len(step.target["members"])
    again = plan_object(HUNT_GROUP, STAGED, {"id": "1", "members": wanted}, step.after, membership=membership)
    assert again.changes == ()


def test_order_is_a_change_only_where_it_has_meaning() -> None:
    turned = [{"extension": "102"}, {"extension": "101"}]
    current = {"id": "200", "policy": "regular", "members": turned[::-1]}
    step = plan({"id": "200", "members": turned}, current)
    assert step.changes == (Change("members.order", ["101", "102"], ["102", "101"], "members"),)
    assert plan({"id": "200", "members": turned}, {**current, "policy": "simultaneous"}).action == "unchanged"
    both = plan({"id": "200", "policy": "simultaneous", "members": turned}, current)
    assert both.changed == {"policy"} and extensions(both.target) == ["101", "102"]
    back = plan({"id": "200", "policy": "regular", "members": turned}, {**current, "policy": "simultaneous"})
    assert back.changed == {"policy", "members"} and extensions(back.target) == ["102", "101"]


def test_a_plan_names_the_members_that_others_added() -> None:
    current = {"id": "200", "members": [{"extension": "101"}, {"extension": "102"}]}
    step = plan({"id": "200", "members": [{"extension": "102"}]}, current, membership="at_least")
    assert (step.action, planned(step).as_result()["kept"]) == ("unchanged", ["101"])


def test_members_that_are_not_declared_keep_their_keys() -> None:
    current = {"id": "200", "name": "a", "members": [{"extension": "101"}, {"extension": "102"}]}
    step = plan({"id": "200", "name": "b"}, current)
    assert step.item_keys == (("101",), ("102",)) and step.kept == ()


def test_where_there_is_nothing_to_delete_absent_empties_the_list() -> None:
    options = frozenset({"account", "forwarding", "forwarding.always", "forwarding.no_answer_after"})
    capability = Capability(options=options, member_options=frozenset({"name"}), member_identity=("name",))
    current = {
        "account": "7",
        "destinations": [{"name": "mobile"}],
        "forwarding": {"always": "1", "busy": "2", "no_answer_after": 5},
    }
    step = plan_object(FOLLOW_ME, capability, {"account": "7"}, current, "absent", "at_least")
    assert (step.id, step.action, step.deletes, step.declared.absent) == ("7", "update", True, True)
    forwarding = {"always": "", "busy": "2", "no_answer_after": 5}  # what this backend cannot express stays
    assert step.after == {"account": "7", "destinations": [], "forwarding": forwarding}
    assert fields(step) == {"destinations[mobile]", "forwarding.always"}
    assert plan_object(FOLLOW_ME, capability, {"account": "7"}, step.after, "absent").action == "unchanged"


def test_an_empty_list_of_what_an_object_does_not_have_is_no_change() -> None:
    """A follow-me of another kind on the same system: it shows forwarding, and no list."""
    step = plan_object(FOLLOW_ME, CAPABILITY, {"account": "7", "destinations": []}, {"account": "7"})
    assert (step.action, step.target) == ("unchanged", {"account": "7"})


def test_a_secret_that_changes_is_a_change_without_its_value() -> None:
    secret = Capability(options=CAPABILITY.options, settings={"pin": Field(secret=True)})
    step = plan_object(
        HUNT_GROUP, secret, {"id": "1", "settings": {"pin": "new"}}, {"id": "1", "settings": {"pin": "x"}}
    )
    assert step.changes == (Change("settings.pin", HIDDEN, HIDDEN, "settings.pin"),)
    assert step.target["settings"]["pin"] == "new"


def test_a_setting_that_follows_an_option_changes_with_it_and_is_no_change_of_its_own() -> None:
    table = Capability(
        options=CAPABILITY.options, settings={"title": Field(also="name"), "on": Field("bool", also="name")}
    )
    current = {"id": "1", "name": "a", "settings": {"title": "a", "on": True}}
    step = plan_object(HUNT_GROUP, table, {"id": "1", "name": "b"}, current)
    assert fields(step) == {"name"} and step.target == {"id": "1", "name": "b", "settings": {}}
    stray = plan_object(HUNT_GROUP, table, {"id": "1", "name": "a"}, {**current, "settings": {"title": "x"}})
    assert stray.action == "unchanged" and stray.target["settings"] == {"title": "x"}


@pytest.mark.parametrize("reads", [True, False])
def test_a_step_says_what_it_does_besides_only_when_it_writes(reads: bool) -> None:
    class Talking(Kind):
        resource, capability = HUNT_GROUP, CAPABILITY

        def describe(self, step: Any) -> list[str]:
            return [f"changes {', '.join(sorted(step.changed))}"]

    asked = Declared(HUNT_GROUP, {"id": "1", "name": "a" if reads else "b"})
    step = plan_step(Talking(None, RunContext()), asked, asked, Observed({"id": "1", "name": "a"}))
    assert step.how == (() if reads else ("changes name",))
