# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Current state + desired state -> plan: whatever is declared and whatever is there, a plan leads to its goal in one step."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.engine.plan import (
    Change,
    Step,
    difference,
    member_key,
    merge_members,
    plan_object,
    summary,
    verdict,
)
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import (
    FOLLOW_ME,
    HUNT_GROUP,
    MEMBER_FIELDS,
    Capability,
)
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


def extensions(group: Values | None) -> list[str]:
    return [member["extension"] for member in (group or {}).get("members", [])]


def plan(desired: Values, current: Values | None, state: str = "present", membership: str = "exact") -> Step:
    return plan_object(HUNT_GROUP, CAPABILITY, desired, current, state, membership)


# -- whole objects -----------------------------------------------------------------------------------------------------
@given(DESIRED, CURRENT, MEMBERSHIP)
def test_what_a_plan_leads_to_needs_no_further_plan(desired: Values, current: Values | None, membership: str) -> None:
    step = plan(desired, current, membership=membership)
    again = plan(desired, step.after, membership=membership)
    assert (again.action, again.changes, again.status) == ("unchanged", [], "unchanged")
    assert again.after == step.after


@given(DESIRED, CURRENT, MEMBERSHIP)
def test_an_action_says_what_the_changes_are(desired: Values, current: Values | None, membership: str) -> None:
    step = plan(desired, current, membership=membership)
    if current is None:
        assert (step.action, step.before, step.status) == ("create", None, "planned")
    else:
        assert step.action == ("update" if step.changes else "unchanged")
        assert step.before == current
        assert (step.after == current) or step.changes or current["settings"].get("profile") is None
    assert len(step.changed_fields) == len(step.changes)


@given(DESIRED, CURRENT, MEMBERSHIP)
def test_what_is_not_declared_survives(desired: Values, current: Values | None, membership: str) -> None:
    step = plan(desired, current, membership=membership)
    for name, value in (current or {}).items():
        if name not in desired:
            assert step.after is not None and step.after[name] == value
            assert name not in step.changed_fields
    for name, value in (current or {}).get("settings", {}).items():
        if name not in desired.get("settings", {}):
            assert step.after is not None and step.after["settings"][name] == value
        elif name == "profile":
            kept = {part: word for part, word in value.items() if part not in desired["settings"]["profile"]}
            assert step.after is not None and kept.items() <= step.after["settings"]["profile"].items()


@given(DESIRED, CURRENT, MEMBERSHIP)
def test_only_what_is_declared_is_changed(desired: Values, current: Values | None, membership: str) -> None:
    for field in plan(desired, current, membership=membership).changed_fields:
        head, _dot, rest = field.partition(".")
        assert head in desired
        assert not rest or rest.split(".")[0] in desired["settings"]


@given(DESIRED, CURRENT, MEMBERSHIP)
def test_a_secret_is_in_no_part_of_a_plan(desired: Values, current: Values | None, membership: str) -> None:
    step = plan(desired, current, membership=membership)
    assert SECRET not in repr([step, step.as_result(), difference([step])])


@given(DESIRED, CURRENT, MEMBERSHIP)
def test_planning_leaves_its_arguments_alone(desired: Values, current: Values | None, membership: str) -> None:
    before = copy.deepcopy((desired, current))
    step = plan(desired, current, membership=membership)
    for part in (step.before, step.after):
        if part:
            part.setdefault("settings", {})["melody"] = "spoilt"
            part.setdefault("members", []).append({"extension": "spoilt"})
    assert (desired, current) == before


def test_a_create_only_value_is_sent_at_creation_and_never_compared() -> None:
    desired = {"id": "200", "settings": {"template": "basic", "profile": {"password": SECRET}}}
    created = plan(desired, None)
    assert created.changed_fields == {"id", "settings.template", "settings.profile.password"}
    assert plan(desired, {"id": "200", "settings": {}}).action == "unchanged"


def test_the_servers_spelling_is_no_change() -> None:
    current = {
        "id": "200",
        "overflow_to": "+3225126777",
        "enabled": "true",
        "settings": {"dur": "5", "alias": ["2", "1"]},
    }
    desired = {"overflow_to": "025126777", "enabled": True, "settings": {"dur": 5, "alias": ["1", "2"]}}
    assert plan({"id": "200", **desired}, current).action == "unchanged"


def test_nested_settings_change_part_by_part() -> None:
    current = {"id": "200", "settings": {"profile": {"language": "English", "cli": "1"}, "department": {"name": "x"}}}
    step = plan({"id": "200", "settings": {"profile": {"language": "French"}, "department": {"name": "y"}}}, current)
    assert step.changes == [
        Change("settings.profile.language", "English", "French"),
        Change("settings.department", {"name": "x"}, {"name": "y"}),
    ]
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
        assert (step.action, step.status, step.changes, step.before, step.after) == (
            "unchanged", "unchanged", [], None, None,
        )  # fmt: skip
    else:
        assert (step.action, step.before, step.after) == ("delete", current, None)
        assert step.changes == [Change("state", "present", "absent")]


# -- members -----------------------------------------------------------------------------------------------------------
@given(members(), members(), st.booleans())
def test_exact_membership_is_exactly_what_is_wanted(wanted: list[Values], present: list[Values], ordered: bool) -> None:
    target, kept = merge_members(wanted, present, ("extension",), exact=True, ordered=ordered)
    assert kept == []
    names = [member["extension"] for member in target]
    assert sorted(names) == sorted(member["extension"] for member in wanted)
    if ordered:
        assert names == [member["extension"] for member in wanted]


@given(members(), members(), st.booleans())
def test_at_least_removes_nobody_and_reports_who_stays(
    wanted: list[Values], present: list[Values], ordered: bool
) -> None:
    target, kept = merge_members(wanted, present, ("extension",), exact=False, ordered=ordered)
    names = [member["extension"] for member in target]
    declared = [member["extension"] for member in wanted]
    there = [member["extension"] for member in present]
    assert sorted(names) == sorted(set(declared) | set(there))
    assert kept == [name for name in there if name not in declared]
    if ordered:
        assert [name for name in names if name in declared] == declared
        assert [name for name in names if name in kept] == kept


@given(members(stage=st.integers(1, 3)), members(stage=st.integers(1, 3)), MEMBERSHIP)
def test_a_member_in_two_stages_is_two_members(wanted: list[Values], present: list[Values], membership: str) -> None:
    current = {"id": "1", "members": present}
    step = plan_object(HUNT_GROUP, STAGED, {"id": "1", "members": wanted}, current, membership=membership)
    assert step.after is not None
    keys = {member_key(member, STAGED.member_identity) for member in step.after["members"]}
    declared, there = ({(m["extension"], m["stage"]) for m in group} for group in (wanted, present))
    assert keys == (declared if membership == "exact" else declared | there)
    assert (
        plan_object(HUNT_GROUP, STAGED, {"id": "1", "members": wanted}, step.after, membership=membership).changes == []
    )


@given(members(), members(), st.booleans(), st.booleans())
def test_what_is_not_written_about_a_member_stays(
    wanted: list[Values], present: list[Values], exact: bool, ordered: bool
) -> None:
    target, _kept = merge_members(wanted, present, ("extension",), exact=exact, ordered=ordered)
    was = {member["extension"]: member for member in present}
    written = {member["extension"]: member for member in wanted}
    for member in target:
        assert member == {**was.get(member["extension"], {}), **written.get(member["extension"], {})}


@given(members(), members(), st.booleans())
def test_where_order_has_no_meaning_nobody_moves(wanted: list[Values], present: list[Values], exact: bool) -> None:
    target, _kept = merge_members(wanted, present, ("extension",), exact=exact, ordered=False)
    names, there = ([member["extension"] for member in group] for group in (target, present))
    stayed = [name for name in there if name in names]
    assert names[: len(stayed)] == stayed


@given(members(), members())
@example([{"extension": "101"}, {"extension": "102"}], [{"extension": "0111"}, {"extension": "101"}])
def test_new_members_at_the_end_move_nobody_who_is_there(wanted: list[Values], present: list[Values]) -> None:
    """Moving a present member can mean taking it out and putting it back, so it happens only where it has to."""
    there = [member["extension"] for member in present]
    declared = [member["extension"] for member in wanted]
    known = [name for name in declared if name in there]
    if declared[: len(known)] != known or [name for name in there if name in known] != known:
        return
    target, _kept = merge_members(wanted, present, ("extension",), exact=False, ordered=True)
    assert [member["extension"] for member in target] == there + declared[len(known) :]


def test_order_is_a_change_only_where_it_has_meaning() -> None:
    turned = [{"extension": "102"}, {"extension": "101"}]
    current = {"id": "200", "policy": "regular", "members": turned[::-1]}
    assert plan({"id": "200", "members": turned}, current).changed_fields == {"members"}
    assert plan({"id": "200", "members": turned}, {**current, "policy": "simultaneous"}).action == "unchanged"
    both = plan({"id": "200", "policy": "simultaneous", "members": turned}, current)
    assert both.changed_fields == {"policy"} and extensions(both.after) == ["101", "102"]


def test_a_member_that_the_server_lists_twice_is_a_change() -> None:
    current = {"id": "200", "members": [{"extension": "101"}, {"extension": "101"}]}
    step = plan({"id": "200", "members": [{"extension": "101"}]}, current)
    assert step.changed_fields == {"members"} and extensions(step.after) == ["101"]


def test_a_plan_names_the_members_that_others_added() -> None:
    current = {"id": "200", "members": [{"extension": "101"}, {"extension": "102"}]}
    step = plan({"id": "200", "members": [{"extension": "102"}]}, current, membership="at_least")
    assert (step.action, step.as_result()["kept"]) == ("unchanged", ["101"])


def test_where_there_is_nothing_to_delete_absent_empties_the_list() -> None:
    capability = Capability(
        options=frozenset({"account"}), member_options=frozenset({"name"}), member_identity=("name",)
    )
    current = {"account": 7, "destinations": [{"name": "mobile", "_row": 1}]}
    step = plan_object(FOLLOW_ME, capability, {"account": 7}, current, "absent", "at_least")
    assert (step.id, step.action, step.after) == ("7", "update", {"account": 7, "destinations": []})
    assert "_row" not in repr([step.as_result(), difference([step])])
    assert plan_object(FOLLOW_ME, capability, {"account": 7}, step.after, "absent").action == "unchanged"


# -- results -----------------------------------------------------------------------------------------------------------
def step(action: str, status: str = "done", number: str = "1") -> Step:
    return Step("hunt_group", number, action, before={"was": number}, after={"is": number}, status=status)


STEPS = st.lists(
    st.builds(
        step, st.sampled_from(["create", "update", "delete", "unchanged"]), st.sampled_from(["done", "failed"])
    ),
    max_size=6,
)  # fmt: skip


@given(STEPS)
def test_a_summary_counts_every_step_once(steps: list[Step]) -> None:
    counts = summary(steps)
    assert list(counts) == ["create", "update", "delete", "unchanged", "failed"]
    assert sum(counts.values()) == len(steps)
    assert counts["failed"] == sum(one.status == "failed" for one in steps)


@given(STEPS, st.booleans())
def test_a_failure_is_never_called_clean(steps: list[Step], check_mode: bool) -> None:
    word = verdict(steps, check_mode)
    if any(one.status == "failed" for one in steps):
        assert word == "incomplete"
    elif all(one.action == "unchanged" for one in steps):
        assert word == "clean"
    else:
        assert word == ("drift" if check_mode else "applied")


@given(STEPS)
def test_a_difference_is_a_dictionary_of_what_changes_or_nothing(steps: list[Step]) -> None:
    shown = difference(steps)
    changing = [one for one in steps if one.action != "unchanged"]
    assert (shown is None) == (not changing)
    assert shown is None or set(shown) == {"before", "after", "before_header", "after_header"}


def test_a_difference_of_one_object_is_flat_and_of_several_by_name() -> None:
    one, two, same = step("update", number="1"), step("delete", number="2"), step("unchanged", number="3")
    two.after = None
    assert difference([one, same]) == {
        "before": {"was": "1"},
        "after": {"is": "1"},
        "before_header": "hunt_group 1",
        "after_header": "hunt_group 1",
    }
    both = difference([one, two, same])
    assert both is not None
    assert both["before"] == {"hunt_group 1": {"was": "1"}, "hunt_group 2": {"was": "2"}}
    assert both["after"] == {"hunt_group 1": {"is": "1"}}


@pytest.mark.parametrize(("error", "shown"), [("", None), ("broke", "broke")])
def test_a_step_shows_its_error_or_null(error: str, shown: str | None) -> None:
    result = Step("hunt_group", "1", "update", [Change("name", "a", "b")], error=error).as_result()
    assert result == {
        "resource": "hunt_group",
        "id": "1",
        "action": "update",
        "changes": [{"field": "name", "before": "a", "after": "b"}],
        "status": "planned",
        "error": shown,
    }
