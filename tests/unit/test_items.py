# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of an object: what it is to be, and the leaves that change, with their addresses."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.backends.contract import Pairing
from ansible_collections.telephony.pbx.plugins.module_utils.engine.items import ItemPlan, plan_items
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import FOLLOW_ME, HUNT_GROUP, Items
from ansible_collections.telephony.pbx.plugins.module_utils.model.numbers import ANY_COUNTRY, NumberRules
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import same

Values = dict[str, Any]
assert HUNT_GROUP.items and FOLLOW_ME.items
MEMBERS, DESTINATIONS = HUNT_GROUP.items, FOLLOW_ME.items
EXTENSIONS = st.sampled_from(["101", "102", "103", "104", "0111"])
ATTRIBUTES: dict[str, st.SearchStrategy[Any]] = {
    "weight": st.integers(0, 100),
    "ring_delay": st.sampled_from([0, 20, "20", ""]),
    "huntstop": st.sampled_from([True, False, "yes", "N"]),
}
ONE = st.fixed_dictionaries({"extension": EXTENSIONS}, optional=ATTRIBUTES)
WANTED = st.lists(ONE, max_size=5, unique_by=lambda member: member["extension"])
PRESENT = st.lists(ONE, max_size=6)  # a server may list a member twice


def planned(
    wanted: list[Values], present: list[Values], exact: bool = True, ordered: bool = False, items: Items = MEMBERS,
    by: tuple[str, ...] = ("extension",), leftovers: frozenset[Hashable] = frozenset(), rules: NumberRules = ANY_COUNTRY,
) -> ItemPlan:  # fmt: skip
    def keys(many: list[Values]) -> tuple[Hashable, ...]:
        return tuple(tuple(one.get(name) for name in by) for one in many)

    return plan_items(
        items, present=present, wanted=wanted, pairing=Pairing(keys(present), keys(wanted), leftovers), exact=exact,
        ordered=ordered, numbers=rules,
    )  # fmt: skip


def numbers(many: Any) -> list[str]:
    return [one["extension"] for one in many]


def once(many: list[Values]) -> list[str]:
    return list(dict.fromkeys(numbers(many)))


def leaves(plan: ItemPlan) -> dict[str, tuple[Any, Any]]:
    return {address: (before, after) for address, before, after in plan.changes}


def members(*extensions: str, **options: Any) -> list[Values]:
    return [{"extension": extension, **options} for extension in extensions]


# -- what the list is to be --------------------------------------------------------------------------------------------
@given(WANTED, PRESENT, st.booleans())
def test_exact_membership_is_exactly_what_is_wanted(wanted: list[Values], present: list[Values], ordered: bool) -> None:
    plan = planned(wanted, present, ordered=ordered)
    assert plan.kept == () and sorted(numbers(plan.target)) == sorted(numbers(wanted))
    if ordered:
        assert numbers(plan.target) == numbers(wanted)


@given(WANTED, PRESENT, st.booleans())
def test_at_least_removes_nobody_and_reports_who_stays(
    wanted: list[Values], present: list[Values], ordered: bool
) -> None:
    plan = planned(wanted, present, exact=False, ordered=ordered)
    names, declared, there = numbers(plan.target), numbers(wanted), once(present)
    assert sorted(names) == sorted(set(declared) | set(there))
    assert list(plan.kept) == [name for name in there if name not in declared]
    if ordered:
        assert [name for name in names if name in declared] == declared
        assert [name for name in names if name in plan.kept] == list(plan.kept)


@given(WANTED, PRESENT, st.booleans(), st.booleans())
def test_what_is_not_written_about_a_member_stays_and_the_servers_spelling_too(
    wanted: list[Values], present: list[Values], exact: bool, ordered: bool
) -> None:
    plan = planned(wanted, present, exact, ordered)
    was = {one["extension"]: one for one in reversed(present)}
    written = {one["extension"]: one for one in wanted}
    for one in plan.target:
        before, new = was.get(one["extension"], {}), written.get(one["extension"], {})
        assert set(one) == set(before) | set(new)
        for name, value in one.items():
            if name not in new or (name in before and same(MEMBERS.fields[name], before[name], new[name])):
                assert value is before[name]
            else:
                assert value is new[name]


@given(WANTED, PRESENT, st.booleans())
def test_where_order_has_no_meaning_nobody_moves(wanted: list[Values], present: list[Values], exact: bool) -> None:
    plan = planned(wanted, present, exact)
    stayed = [name for name in once(present) if name in numbers(plan.target)]
    assert numbers(plan.target)[: len(stayed)] == stayed
    assert "members.order" not in leaves(plan)


@given(WANTED, PRESENT)
@example(members("101", "102"), members("0111", "101"))
def test_new_members_at_the_end_move_nobody_who_is_there(wanted: list[Values], present: list[Values]) -> None:
    """Moving a present member can mean taking it out and putting it back, so it happens only where it has to."""
    there, declared = once(present), numbers(wanted)
    known = [name for name in declared if name in there]
    if declared[: len(known)] == known and [name for name in there if name in known] == known:
        plan = planned(wanted, present, exact=False, ordered=True)
        assert numbers(plan.target) == there + declared[len(known) :]
        assert "members.order" not in leaves(plan)


@pytest.mark.parametrize(
    ("wanted", "present", "target"),
    [
        (["a", "b"], ["x", "a", "y", "b", "z"], ["x", "a", "y", "b", "z"]),
        (["a", "b", "n"], ["x", "a", "b"], ["x", "a", "b", "n"]),
        (["n", "a"], ["x", "a"], ["n", "a", "x"]),
        (["b", "a"], ["a", "x", "b"], ["b", "a", "x"]),
        (["n"], ["x", "y"], ["x", "y", "n"]),
        ([], ["x"], ["x"]),
    ],
)
def test_at_least_in_an_ordered_list(wanted: list[str], present: list[str], target: list[str]) -> None:
    plan = planned(members(*wanted), members(*present), exact=False, ordered=True)
    assert numbers(plan.target) == target


@given(WANTED, PRESENT, st.booleans(), st.booleans())
def test_what_a_plan_leads_to_needs_no_further_plan(
    wanted: list[Values], present: list[Values], exact: bool, ordered: bool
) -> None:
    plan = planned(wanted, present, exact, ordered)
    again = planned(wanted, list(plan.target), exact, ordered)
    assert again.changes == () and again.target == plan.target and again.keys == plan.keys


@given(WANTED, PRESENT, st.booleans(), st.booleans())
def test_keys_run_parallel_to_the_target(
    wanted: list[Values], present: list[Values], exact: bool, ordered: bool
) -> None:
    plan = planned(wanted, present, exact, ordered)
    assert plan.keys == tuple((number,) for number in numbers(plan.target))


# -- leaves --------------------------------------------------------------------------------------------------------------
@given(WANTED, PRESENT, st.booleans(), st.booleans())
def test_each_leaf_has_an_address_of_its_own_and_differs(
    wanted: list[Values], present: list[Values], exact: bool, ordered: bool
) -> None:
    plan = planned(wanted, present, exact, ordered)
    assert len(leaves(plan)) == len(plan.changes)
    assert all(before != after for before, after in leaves(plan).values())


@given(WANTED, PRESENT)
def test_the_order_is_a_leaf_only_where_items_that_stay_change_places(
    wanted: list[Values], present: list[Values]
) -> None:
    order = leaves(planned(wanted, present, ordered=True)).get("members.order")
    staying = [name for name in numbers(wanted) if name in once(present)]
    moved = staying != [name for name in once(present) if name in staying]
    assert (order is not None) is moved
    if order:
        assert order[1] == numbers(wanted) and [name for name in order[0] if "#" not in name] == once(present)


def test_added_removed_and_changed_members_are_leaves_with_what_they_were() -> None:
    present = [{"extension": "101", "weight": 5, "huntstop": False}, {"extension": "102", "weight": 6}]
    wanted = [{"extension": "101", "weight": 7, "huntstop": "no"}, {"extension": "103", "weight": 8}]
    assert planned(wanted, present).changes == (
        ("members[101].weight", 5, 7),
        ("members[102]", present[1], None),
        ("members[103]", None, wanted[1]),
    )


def test_a_new_option_of_a_present_member_is_a_leaf_only_if_it_means_something() -> None:
    present = members("101")
    assert planned(members("101", huntstop=False, ring_delay=0, logged_in=True), present).changes == ()
    assert leaves(planned(members("101", huntstop=True), present)) == {"members[101].huntstop": (None, True)}


@pytest.mark.parametrize("exact", [True, False])
def test_an_item_that_is_there_twice_goes_once_whatever_the_membership(exact: bool) -> None:
    present = [{"extension": "101", "weight": 1}, {"extension": "101", "weight": 2}]
    plan = planned(members("101"), present, exact)
    assert plan.target == [present[0]] and plan.kept == ()
    assert plan.changes == (("members[101 #2]", present[1], None),)
    undeclared = planned(members("102"), present, exact=False)
    assert numbers(undeclared.target) == ["101", "102"] and undeclared.kept == ("101",)
    assert ("members[101 #2]", present[1], None) in undeclared.changes


@pytest.mark.parametrize("exact", [True, False])
def test_leftovers_of_an_interrupted_run_go_whatever_the_membership(exact: bool) -> None:
    plan = planned(members("102"), members("101", "102"), exact, leftovers=frozenset({("101",)}))
    assert numbers(plan.target) == ["102"] and plan.kept == ()
    assert plan.changes == (("members[101]", {"extension": "101"}, None),)


# -- how items are named -------------------------------------------------------------------------------------------------
def test_a_label_of_several_items_gets_the_qualifier() -> None:
    present = [{"extension": "101", "stage": 1}, {"extension": "101", "stage": 2}, {"extension": "102", "stage": 1}]
    plan = planned([], present, by=("extension", "stage"))
    assert [address for address, _before, _after in plan.changes] == [
        "members[101 stage 1]",
        "members[101 stage 2]",
        "members[102]",
    ]


def test_an_item_has_the_name_that_it_had_before_the_run() -> None:
    present = [{"name": "Mobile", "number": "1", "timeout": 5}]
    wanted = [{"name": "Car", "number": "1", "timeout": 9}]
    plan = planned(wanted, present, items=DESTINATIONS, by=("number",))
    assert leaves(plan) == {
        "destinations[Mobile].name": ("Mobile", "Car"),
        "destinations[Mobile].timeout": (5, 9),
    }
    assert planned(wanted, [], items=DESTINATIONS, by=("number",)).changes == (("destinations[Car]", None, wanted[0]),)


def test_an_item_without_its_first_label_is_named_by_the_next_and_by_its_count() -> None:
    wanted = [{"number": "1", "timeout": 5}, {"number": "1", "timeout": 6}, {"name": "", "number": "2"}]
    plan = planned(wanted, [], items=DESTINATIONS, by=("number", "timeout"))
    assert list(leaves(plan)) == ["destinations[1]", "destinations[1 #2]", "destinations[2]"]


def test_a_number_that_is_spelled_otherwise_is_a_change_only_where_the_country_is_not_known() -> None:
    present, wanted = [{"name": "a", "number": "+3225126777"}], [{"name": "a", "number": "025126777"}]
    known = planned(wanted, present, items=DESTINATIONS, by=("name",), rules=NumberRules("32"))
    assert known.changes == () and known.target == present
    unknown = planned(wanted, present, items=DESTINATIONS, by=("name",))
    assert leaves(unknown) == {"destinations[a].number": ("+3225126777", "025126777")}
