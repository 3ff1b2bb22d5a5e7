# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of writes, from data: what is written first, what waits for what, and what can have no order at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.backends.contract import Backend
from ansible_collections.telephony.pbx.plugins.module_utils.engine.execute import parked
from ansible_collections.telephony.pbx.plugins.module_utils.engine.observe import observe
from ansible_collections.telephony.pbx.plugins.module_utils.engine.order import Order, arrange
from ansible_collections.telephony.pbx.plugins.module_utils.engine.plan import Step
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import Capability
from ansible_collections.telephony.pbx.plugins.module_utils.model.validate import Declared
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Values
from ansible_collections.telephony.pbx.tests.unit.fake_system import (
    CAPABILITIES,
    System,
    backend,
    context,
    declared,
    extension,
    group,
    members,
    numbers_of,
    run,
)


def steps_of(system: System, on: Backend, *objects: Declared) -> list[Step]:
    return [observe(on.store(one.resource.name, context(system)), one) for one in objects]


def arranged(system: System, *objects: Declared, **capabilities: Capability) -> Order:
    on = backend(system, **capabilities)
    return arrange(steps_of(system, on, *objects), on, context(system))


def told(order: Order) -> list[set[str]]:
    """Each stage as its operations: "create extension 101", "free extension 101"."""
    return [{f"{'free' if one.frees else one.step.action} {one.step.place}" for one in stage} for stage in order.stages]


def alias(*numbers: str) -> Values:
    return {"settings": {"alias": list(numbers)}}


# -- by resource -------------------------------------------------------------------------------------------------------
def test_resources_are_written_in_the_order_of_the_catalogue_and_at_the_same_time() -> None:
    forwards = declared("follow_me", account="101", destinations=[{"number": "102"}])
    order = arranged(System(), group("200", "101"), forwards, extension("102"), group("201"), extension("101"))
    assert told(order) == [
        {"create extension 101", "create extension 102"},
        {"create hunt_group 200", "create hunt_group 201"},
        {"update follow_me 101"},
    ]
    assert order.blocked == []


def test_deletions_come_last_and_in_reverse() -> None:
    system = System().has("extension", "101").has("hunt_group", "200").has("hunt_group", "201")
    system.has("follow_me", "101", destinations=[{"number": "1"}])
    order = arranged(
        system, extension("101", state="absent"), group("200", state="absent"), group("201", name="x"),
        declared("follow_me", account="101", state="absent"), extension("105"),
    )  # fmt: skip
    assert told(order) == [
        {"create extension 105"},
        {"update hunt_group 201"},
        {"update follow_me 101"},
        {"delete hunt_group 200"},
        {"delete extension 101"},
    ]


def test_steps_without_writes_have_no_place() -> None:
    system = System().has("extension", "101")
    assert told(arranged(system, extension("101"), extension("102", state="absent"))) == []


# -- identifiers that are freed and taken ------------------------------------------------------------------------------
def test_a_deletion_that_frees_a_taken_number_comes_before_who_takes_it() -> None:
    system = System().has("extension", "101").has("extension", "102")
    order = arranged(system, group("101"), extension("101", state="absent"), extension("102", state="absent"))
    assert told(order) == [{"delete extension 101"}, {"create hunt_group 101"}, {"delete extension 102"}]


def test_a_number_that_an_update_frees_is_taken_after_it() -> None:
    system = System().has("hunt_group", "200", **alias("90")).has("extension", "101")
    order = arranged(system, extension("101", **alias("90")), group("200", **alias()))
    assert told(order) == [{"update hunt_group 200"}, {"update extension 101"}]


def test_numbers_are_compared_by_their_meaning() -> None:
    system = System().has("hunt_group", "200", phone_number="+32 2 512 67 77").has("hunt_group", "201")
    order = arranged(system, group("201", phone_number="003225126777"), group("200", phone_number=""))
    assert told(order) == [{"update hunt_group 200"}, {"update hunt_group 201"}]


def test_a_chain_is_written_from_its_free_end() -> None:
    system = System()
    for place in (1, 2, 3, 4):
        system.has("extension", f"10{place}", **alias(f"9{place}"))
    order = arranged(system, *(extension(f"10{place}", **alias(f"9{place + 1}")) for place in (1, 2, 3, 4)))
    assert told(order) == [{f"update extension 10{place}"} for place in (4, 3, 2, 1)]


def test_only_identifiers_of_one_set_are_in_each_others_way() -> None:
    system = System().has("extension", "101", account="7").has("extension", "102")
    order = arranged(system, extension("101", account=8), extension("102", **alias("7")))
    assert told(order) == [{"update extension 101", "update extension 102"}]
    order = arranged(system, extension("101", account=8), extension("102", account=7))
    assert told(order) == [{"update extension 101"}, {"update extension 102"}]


# -- circles -----------------------------------------------------------------------------------------------------------
def swap(system: System) -> list[Declared]:
    system.has("extension", "101", **alias("91")).has("extension", "102", **alias("92"))
    return [extension("101", **alias("92")), extension("102", **alias("91"))]


def test_a_swap_is_made_by_freeing_one_number_first() -> None:
    system = System()
    order = arranged(system, *swap(system))
    assert told(order) == [{"free extension 102"}, {"update extension 101"}, {"update extension 102"}]
    assert order.stages[0][0].frees == {"settings.alias"}


def test_a_ring_of_four_frees_one_number_only() -> None:
    system, numbers = System(), ["91", "92", "93", "94"]
    for place, number in enumerate(numbers):
        system.has("extension", f"10{place}", **alias(number))
    objects = [extension(f"10{place}", **alias(numbers[(place + 1) % 4])) for place in range(4)]
    order = arranged(system, *objects)
    assert order.blocked == []
    assert [sum(one.startswith("free") for one in stage) for stage in told(order)] == [1, 0, 0, 0, 0]


def test_a_swap_that_no_write_can_open_is_blocked_and_says_so() -> None:
    system = System()
    unable = replace(CAPABILITIES["extension"], parking={})
    order = arranged(system, *swap(system), extension("103"), extension=unable)
    (blocked,) = order.blocked
    assert {step.place for step in blocked.steps} == {"extension 101", "extension 102"}
    assert "number 92, number 91" in blocked.reason and "run of its own" in blocked.reason
    assert told(order) == [{"create extension 103"}]


def test_what_waits_for_a_blocked_circle_is_given_up_with_it() -> None:
    system = System()
    system.has("extension", "103", **alias("93"))
    objects = [extension("101", **alias("92")), extension("102", **alias("91", "93")), extension("103", **alias())]
    swap(system)
    waits = group("200", **alias("94"))
    system.objects["extension"]["102"]["settings"]["alias"].append("94")
    order = arranged(system, *objects, waits, extension=replace(CAPABILITIES["extension"], parking={}))
    assert told(order) == [{"update extension 103"}]
    assert len(order.blocked) == 1


def test_new_objects_that_lead_to_each_other_are_blocked() -> None:
    order = arranged(System(), group("200", overflow_to="201"), group("201", overflow_to="200"), group("202"))
    (blocked,) = order.blocked
    assert "new objects that lead to each other" in blocked.reason and told(order) == [{"create hunt_group 202"}]


def test_an_object_that_leads_to_itself_waits_for_nobody() -> None:
    order = arranged(System(), group("200", "200", overflow_to="200"))
    assert told(order) == [{"create hunt_group 200"}] and order.blocked == []


# -- references --------------------------------------------------------------------------------------------------------
def test_a_new_object_comes_before_who_leads_to_it_within_its_resource_too() -> None:
    order = arranged(System(), group("200", overflow_to="201"), group("201", overflow_to="202"), group("202"))
    assert told(order) == [{"create hunt_group 202"}, {"create hunt_group 201"}, {"create hunt_group 200"}]


def test_a_new_object_of_a_later_resource_comes_before_who_leads_to_it() -> None:
    table = CAPABILITIES["hunt_group"]
    leads = replace(CAPABILITIES["extension"], references=table.references, settings=table.settings)
    order = arranged(System(), extension_with_night("101", "200"), group("200"), extension=leads)
    assert told(order) == [{"create hunt_group 200"}, {"create extension 101"}]


def extension_with_night(number: str, night: str) -> Declared:
    one = extension(number)
    return one.with_values({**one.values, "settings": {"night": night}})


@pytest.mark.parametrize("option", ["overflow_to", "members", "night"])
def test_a_deletion_comes_after_those_who_stop_leading_to_it(option: str) -> None:
    night = {"night": "102"} if option == "night" else {}
    system = System().has("extension", "102").has(
        "hunt_group", "200", overflow_to="102" if option == "overflow_to" else "",
        members=members("102") if option == "members" else [], settings=night,
    )  # fmt: skip
    goes = group("200", overflow_to="", settings={"night": ""}).with_values(
        {"id": "200", "overflow_to": "", "members": [], "settings": {"night": ""}}
    )
    new = extension("103", **alias("102"))  # takes the freed number, so that the deletion is needed early
    order = arranged(system, extension("102", state="absent"), goes, new)
    assert told(order) == [{"update hunt_group 200"}, {"delete extension 102"}, {"create extension 103"}]


def test_a_soft_wait_is_given_up_where_it_closes_a_circle() -> None:
    """The group stops ringing 102 and takes its number: the deletion cannot come after it."""
    system = System().has("extension", "102").has("hunt_group", "200", members=members("102"))
    goes = group("200", **alias("102")).with_values({"id": "200", "members": [], **alias("102")})
    order = arranged(system, extension("102", state="absent"), goes)
    assert told(order) == [{"delete extension 102"}, {"update hunt_group 200"}] and order.blocked == []


def test_a_circle_elsewhere_gives_up_no_wait_that_is_no_part_of_it() -> None:
    """Two deletions wait for the same group, beside a swap of extensions."""
    system = System()
    objects = swap(system)
    system.has("extension", "103").has("extension", "104").has("hunt_group", "200", members=members("103", "104"))
    system.has("extension", "105")
    gone = [extension("103", state="absent"), extension("104", state="absent")]
    goes = group("200", "105")
    order = arranged(system, *gone, goes, *objects)
    flat = [name for stage in told(order) for name in sorted(stage)]
    assert flat.index("update hunt_group 200") < flat.index("delete extension 103")
    assert sum(name.startswith("free") for name in flat) == 1 and order.blocked == []


# -- any plan at all -----------------------------------------------------------------------------------------------------
NUMBERS = ["101", "102", "103", "200", "90", "91"]
ROLES = st.lists(
    st.sampled_from(["", "extension", "hunt_group", "alias 0", "alias 1", "alias 2"]), min_size=6, max_size=6
)
MEMBERS = st.lists(st.integers(0, 5), max_size=3)


def world(roles: list[str], rung: list[int]) -> dict[tuple[str, str], Values]:
    """Objects in which every number has one owner at most, and groups ring extensions that are there."""
    owners = [(role, number) for role, number in zip(roles, NUMBERS) if role in ("extension", "hunt_group")]
    objects: dict[tuple[str, str], Values] = {one: {"settings": {"alias": []}} for one in owners}
    for role, number in zip(roles, NUMBERS):
        if role.startswith("alias") and owners:
            objects[owners[int(role[-1]) % len(owners)]]["settings"]["alias"].append(number)
    extensions = [number for role, number in owners if role == "extension"]
    for place, (role, number) in enumerate(owners):
        if role == "hunt_group":
            wanted = [extensions[(place + one) % len(extensions)] for one in rung] if extensions else []
            objects[role, number]["members"] = members(*dict.fromkeys(wanted))
    return objects


def stored(objects: dict[tuple[str, str], Values]) -> System:
    system = System()
    for (resource, key), values in objects.items():
        system.has(resource, key, **values)
    return system


def wishes(before: dict[tuple[str, str], Values], after: dict[tuple[str, str], Values]) -> list[Declared]:
    wanted = [declared(resource, id=key, **values) for (resource, key), values in after.items()]
    return wanted + [
        declared(resource, id=key, state="absent") for resource, key in before if (resource, key) not in after
    ]


def replayed(system: System, order: Order, backwards: bool) -> None:
    """Write the operations, those of a stage in any order; a number that has two owners, or a new member that is not
    there, fails."""
    for stage in order.stages:
        for one in reversed(stage) if backwards else stage:
            resource, step = one.step.resource.name, one.step
            objects = system.objects[resource]
            if one.frees:
                objects[step.id] = parked(objects[step.id], dict.fromkeys(one.frees, []))
            elif step.after is None:
                del objects[step.id]
            else:
                objects[step.id] = {**step.after, "id": step.id}
                known = {key for kind in system.objects.values() for key in kind}
                old = {member["extension"] for member in (step.before or {}).get("members", [])}
                assert {member["extension"] for member in step.after.get("members", [])} <= known | old
            owned = Counter(n for kind in system.objects.values() for value in kind.values() for n in numbers_of(value))
            assert max(owned.values(), default=1) == 1, owned


@given(ROLES, ROLES, MEMBERS, MEMBERS, st.randoms(), st.booleans())
def test_whatever_changes_hands_every_write_stands_behind_what_it_waits_for(
    roles: list[str], others: list[str], rung: list[int], others_rung: list[int], dice: Any, backwards: bool
) -> None:
    before, after = world(roles, rung), world(others, others_rung)
    system = stored(before)
    on = backend(system)
    steps = steps_of(system, on, *wishes(before, after))
    dice.shuffle(steps)
    order = arrange(steps, on, context(system))
    assert order.blocked == []
    written = Counter(one.step.place for stage in order.stages for one in stage if not one.frees)
    assert written == Counter(step.place for step in steps if step.writes)
    replayed(system, order, backwards)
    assert {(kind, key) for kind, objects in system.objects.items() for key in objects} == set(after)


@given(ROLES, ROLES, MEMBERS, MEMBERS, st.booleans())
def test_a_whole_run_arrives_wherever_it_starts(
    roles: list[str], others: list[str], rung: list[int], others_rung: list[int], checked: bool
) -> None:
    before, after = world(roles, rung), world(others, others_rung)
    system, expected = stored(before), stored(after)
    asked = {"declared_lists": ["extensions", "hunt_groups"], "leave_references": True}
    if checked:
        assert run(system, *wishes(before, after), asked=asked, check_mode=True).written_files == {}
        assert system.written == [] and system.objects == stored(before).objects
    wanted = [replace(one, directives={"leave_references": True}) for one in wishes(before, after)]
    done = run(system, *wanted, asked=asked)
    assert done.verdict in ("applied", "clean"), [(one.step.place, one.status, one.error) for one in done.outcomes]
    for resource, objects in expected.objects.items():
        assert set(system.objects[resource]) == set(objects)
        for key, values in objects.items():
            assert numbers_of(system.objects[resource][key]) == numbers_of(values)
    assert run(system, *wanted, asked=asked).verdict == "clean"
