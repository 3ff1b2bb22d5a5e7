# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read, as it is declared back: exports, and the images that lead back to where an object was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.engine.observe import observe
from ansible_collections.telephony.pbx.plugins.module_utils.engine.outcome import DONE, Outcome, planned
from ansible_collections.telephony.pbx.plugins.module_utils.engine.snapshot import (
    Declarer,
    export,
    images_of,
    side_effects,
)
from ansible_collections.telephony.pbx.plugins.module_utils.errors import NotOffered
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import RESOURCES
from ansible_collections.telephony.pbx.plugins.module_utils.model.numbers import ANY_COUNTRY
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
    run,
)


def outcome_of(system: System, one: Declared, new_id: str = "") -> Outcome:
    step = observe(backend(system).store(one.resource.name, context(system)), one)
    return Outcome(step, DONE, new_id=new_id) if new_id else planned(step)


def image(system: System, one: Declared, new_id: str = "") -> Values | None:
    name = one.resource.name
    return Declarer(one.resource, CAPABILITIES[name], ANY_COUNTRY).image(outcome_of(system, one, new_id))


# -- images ------------------------------------------------------------------------------------------------------------
def test_of_an_update_only_what_changes_is_kept() -> None:
    system = System().has("hunt_group", "200", name="Old", overflow_to="5", settings={"melody": "a", "night": "9"})
    one = group("200", name="New", settings={"melody": "b"})
    assert image(system, one) == {"id": "200", "name": "Old", "settings": {"melody": "a"}}
    assert image(system, group("200", name="Old")) is None


def test_what_was_empty_is_kept_as_empty() -> None:
    system = System().has("hunt_group", "200", name="Old", settings={})
    one = group(
        "200", overflow_to="5", phone_number="6",
        settings={"melody": "b", "alias": ["9"], "box": {"size": 3}},
    )  # fmt: skip
    assert image(system, one) == {
        "id": "200", "overflow_to": "", "phone_number": "", "settings": {"melody": "", "alias": [], "box": {"size": ""}},
    }  # fmt: skip


def test_what_cannot_be_emptied_is_no_part_of_an_image() -> None:
    system = System().has("extension", "101", name="")
    assert image(system, extension("101", name="New")) == {"id": "101"}


def test_a_secret_that_changes_is_no_part_of_an_image_as_far_as_it_is_hidden() -> None:
    system = System().has("extension", "101", settings={"pin": "(not shown)"})
    assert image(system, extension("101", settings={"pin": "1234"})) == {"id": "101", "settings": {}}


def test_a_new_object_is_led_back_by_its_absence() -> None:
    system = System()
    assert image(system, extension("101", name="a")) == {"id": "101", "state": "absent"}
    assert image(system, extension("101"), new_id="101@d") == {"id": "101@d", "state": "absent"}
    assert image(system, declared("hunt_group", name="Sales")) == {"name": "Sales", "state": "absent"}
    assert image(system, declared("hunt_group", name="Sales"), new_id="7") == {"id": "7", "state": "absent"}


def test_a_deleted_object_is_kept_whole_as_far_as_it_can_be_declared() -> None:
    old = {"melody": "a", "alias": ["9"], "seen": "today", "box": {"size": 3}, "unheard": 1}
    system = System().has("hunt_group", "200", name="Old", members=members("101", weight=5), settings=old)
    kept = image(system, group("200", state="absent"))
    assert kept == {
        "id": "200", "name": "Old", "policy": "regular", "overflow_to": "", "enabled": True, "extension": "",
        "phone_number": "", "members": [{"extension": "101", "weight": 5}],
        "settings": {"melody": "a", "alias": ["9"], "box": {"size": 3}},
    }  # fmt: skip


def test_a_renamed_object_is_led_back_under_its_new_key() -> None:
    system = System().has("hunt_group", "200", name="Old")
    assert image(system, group("200", name="New"), new_id="200@new") == {"id": "200@new", "name": "Old"}


def test_parts_of_an_option_are_kept_one_by_one() -> None:
    system = System().has("follow_me", "101", forwarding={"always": "1"}, destinations=[{"number": "5"}])
    one = declared("follow_me", account="101", forwarding={"always": "2", "busy": "3"}, destinations=[])
    assert image(system, one) == {
        "account": "101", "forwarding": {"always": "1", "busy": ""}, "destinations": [{"number": "5"}],
    }  # fmt: skip


# -- sign-ins ------------------------------------------------------------------------------------------------------------
SIGNED = [{"extension": "101", "logged_in": True}, {"extension": "102", "logged_in": False}]


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        # nobody touches their sign-ins: only that a signed-out member stays signed out matters
        (members("101", "102", "103"), [{"extension": "101"}, SIGNED[1]]),
        # who is taken out comes back as it was
        (members("102"), [SIGNED[0], SIGNED[1]]),
        # whose sign-in is declared changes too
        (members("101", logged_in=False), [SIGNED[0], SIGNED[1]]),
    ],
)
def test_a_sign_in_is_kept_where_a_step_changes_it(wanted: list[Values], kept: list[Values]) -> None:
    system = System().has("hunt_group", "200", members=SIGNED)
    one = declared("hunt_group", id="200", members=wanted)
    assert (image(system, one) or {})["members"] == kept


def test_a_deleted_group_keeps_all_sign_ins_and_an_export_none() -> None:
    system = System().has("hunt_group", "200", members=SIGNED)
    assert (image(system, group("200", state="absent")) or {})["members"] == SIGNED
    exported, _notes = export(backend(system), context(system))
    assert exported["hunt_groups"][0]["members"] == members("101", "102")


# -- there and back ------------------------------------------------------------------------------------------------------
GROUP = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["", "Sales", "Support"]),
        "overflow_to": st.sampled_from(["", "5", "6"]),
        "policy": st.sampled_from(["regular", "simultaneous"]),
        "members": st.permutations(["101", "102", "103"]).flatmap(
            lambda order: st.integers(0, 3).map(lambda count: members(*order[:count], weight=1))
        ),
        "settings": st.fixed_dictionaries(
            {}, optional={
                "melody": st.sampled_from(["", "a", "b"]),
                "alias": st.sampled_from([[], ["90"], ["90", "91"]]),
                "box": st.fixed_dictionaries({}, optional={"size": st.sampled_from([0, 3])}),
            },
        ),
    }
)  # fmt: skip


def meaning(system: System) -> Any:
    """What is stored, without what is empty."""

    def told(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: told(one) for name, one in value.items() if told(one) not in ("", None, [], {}, 0)}
        return [told(one) for one in value] if isinstance(value, list) else value

    return told(system.objects)


@given(st.none() | GROUP, st.none() | GROUP)
def test_an_image_leads_back_to_where_the_object_was(before: Values | None, after: Values | None) -> None:
    system = System()
    if before:
        system.has("hunt_group", "200", **before)
    old = meaning(system)
    wanted = group("200", state="absent") if after is None else declared(
        "hunt_group", id="200", **{name: value for name, value in after.items() if name != "name" or value}
    )  # fmt: skip
    step = outcome_of(system, wanted).step
    objects = images_of(backend(system), context(system), [step])
    assert run(system, wanted).verdict in ("applied", "clean")
    back = [declared("hunt_group", **one) for one in objects.get("hunt_groups", [])]
    done = run(system, *back)
    assert done.verdict in ("applied", "clean"), [one.error for one in done.outcomes]
    if not (before and not before["name"] and after and after["name"]):  # a name cannot be emptied everywhere
        assert meaning(system) == old


@given(st.lists(GROUP, max_size=2))
def test_an_export_declares_exactly_what_is_there(groups: list[Values]) -> None:
    system = System().has("extension", "101", account=7, settings={"pin": "", "seen": "now"})
    for place, one in enumerate(groups):
        system.has("hunt_group", f"20{place}", **{**one, "settings": {**one["settings"], "alias": []}})
    exported, notes = export(backend(system), context(system))
    kinds = {"extensions": "extension", "hunt_groups": "hunt_group", "follow_me": "follow_me"}
    wanted = [declared(kinds[plural], **one) for plural, many in exported.items() for one in many]
    assert list(exported) == list(kinds) and notes == [] and len(wanted) == 1 + len(groups)
    assert run(system, *wanted).verdict == "clean" and system.written == []


def test_an_export_is_of_the_lists_that_were_asked_for_and_that_there_are() -> None:
    system = System().has("extension", "102").has("extension", "101")
    exported, _notes = export(backend(system), context(system), ["extensions"])
    assert [one["id"] for one in exported["extensions"]] == ["101", "102"] and list(exported) == ["extensions"]

    def none(resource: str) -> None:
        if resource == "extension":
            raise NotOffered("this version does not list them")

    system.on_list = none
    exported, notes = export(backend(system), context(system))
    assert list(exported) == ["hunt_groups", "follow_me"]
    assert notes == ["extensions are not part of it: this version does not list them"]


def test_a_policy_that_cannot_be_written_and_what_is_read_only_are_left_out() -> None:
    values = {"id": "1", "policy": "Odd", "name": "a", "members": [{"extension": "1", "stage": 2, "weight": None}]}
    table = Declarer(RESOURCES["hunt_group"], CAPABILITIES["hunt_group"], ANY_COUNTRY)
    assert table.whole(values) == {"id": "1", "name": "a", "members": [{"extension": "1"}]}


def test_objects_that_a_write_changes_besides_are_kept_unless_they_have_a_step_of_their_own() -> None:
    system = System().has("hunt_group", "200", name="a").has("hunt_group", "201", name="b").has("hunt_group", "202")
    system.besides = [{"id": "201", "x": 1}, {"id": "202", "x": 2}]
    on, ctx = backend(system), context(system)
    steps = [outcome_of(system, one).step for one in (group("200", name="c"), group("201", name="d"))]
    assert side_effects(on, ctx, steps[:1]) == {"hunt_groups": system.besides}
    assert {one["id"] for one in side_effects(on, ctx, steps)["hunt_groups"]} == {"202"}
    assert side_effects(on, ctx, [outcome_of(system, group("200", name="a")).step]) == {}
    assert side_effects(on, ctx, [outcome_of(system, group("200", state="absent")).step]) == {}
