# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deleting what others refer to: found in whatever way they do, refused, or planned with it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.engine.pipeline import Run
from ansible_collections.telephony.pbx.plugins.module_utils.errors import NotOffered
from ansible_collections.telephony.pbx.plugins.module_utils.model.validate import Declared
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Field, Values
from ansible_collections.telephony.pbx.tests.unit.fake_system import (
    CAPABILITIES,
    System,
    backend,
    extension,
    group,
    members,
    run,
)

GONE = extension("101", state="absent")
GONE_FROM_GROUPS = extension("101", state="absent", remove_from_hunt_groups=True)


def plan(system: System, *objects: Declared, **more: Any) -> Run:
    return run(system, *objects, check_mode=True, **more)


def refusal(made: Run) -> str:
    assert [one.id for one in made.plan.violations] == ["still-referenced"]
    return made.plan.violations[0].message


def ringing(**options: Any) -> System:
    """Extensions 101 and 102, and a group that rings both."""
    system = System().has("extension", "101").has("extension", "102", name="Bea")
    return system.has("hunt_group", "200", **{"name": "Sales", "members": members("101", "102"), **options})


# -- every kind of reference -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("resource", "values", "message"),
    [
        ("hunt_group", {"members": members("102", "101")}, "hunt_group 300 (Ex) rings it"),
        ("hunt_group", {"overflow_to": "101"}, "hunt_group 300 (Ex) overflows to it"),
        ("hunt_group", {"settings": {"night": "101"}}, "hunt_group 300 (Ex) closes to it"),
        ("follow_me", {"destinations": [{"number": "101"}]}, "follow_me 300 (Ex) forwards calls to it"),
        ("follow_me", {"forwarding": {"busy": "101"}}, "follow_me 300 (Ex) forwards calls to it"),
        ("hunt_group", {"overflow_to": "1-01"}, "hunt_group 300 (Ex) overflows to it"),
        ("hunt_group", {"overflow_to": "+32 2 512"}, "hunt_group 300 (Ex) overflows to it"),
    ],
)
def test_what_still_leads_to_a_deleted_object_is_found_and_named(resource: str, values: Values, message: str) -> None:
    system = System().has("extension", "101", settings={"alias": ["00322512"]}).has("extension", "102")
    system.has(resource, "300", name="Ex", **values)
    made = plan(system, GONE)
    assert refusal(made) == f"is to be deleted, but {message}"
    assert made.plan.violations[0].path == "extension 101" and system.written == []
    live = run(system, GONE)
    assert message in str(live.stopped_by) and system.written == []


def test_several_numbers_in_one_option_are_looked_at_one_by_one() -> None:
    """Where a backend's option takes several (`phone_tokens`); elsewhere blanks are a spelling of one number."""
    system = System().has("extension", "101").has("hunt_group", "300", overflow_to="5 101")
    several = replace(CAPABILITIES["hunt_group"], overrides={"overflow_to": Field("phone_tokens")})
    assert "hunt_group 300 overflows to it" in refusal(plan(system, GONE, on=backend(system, hunt_group=several)))
    assert plan(system, GONE).plan.violations == ()


@pytest.mark.parametrize("values", [{"overflow_to": "1011"}, {"members": members("102")}, {"phone_number": "5"}, {}])
def test_what_leads_elsewhere_is_in_nobodys_way(values: Values) -> None:
    system = System().has("extension", "101").has("hunt_group", "300", **values)
    assert plan(system, GONE).plan.violations == ()


def test_a_hint_fits_what_leads_there() -> None:
    assert "remove_from_hunt_groups: true (members)" in plan(ringing(), GONE).plan.violations[0].hint
    overflow = ringing(members=[], overflow_to="101")
    assert plan(overflow, GONE).plan.violations[0].hint == "lead them elsewhere first, or write leave_references: true"


def test_all_that_leads_there_is_told_once_each() -> None:
    system = ringing(overflow_to="101").has("hunt_group", "201", members=members("101", "101"))
    told = "hunt_group 200 (Sales) rings it, hunt_group 200 (Sales) overflows to it, hunt_group 201 rings it"
    assert refusal(plan(system, GONE)) == f"is to be deleted, but {told}"


# -- what is true after the run counts ---------------------------------------------------------------------------------
def test_a_group_that_stops_ringing_it_in_this_run_is_no_trouble() -> None:
    assert plan(ringing(), GONE, group("200", "102")).plan.violations == ()


def test_a_group_that_begins_to_ring_it_in_this_run_is() -> None:
    system = System().has("extension", "101").has("extension", "102").has("hunt_group", "200")
    assert "hunt_group 200 rings it" in refusal(plan(system, GONE, group("200", "101")))
    assert "hunt_group 201 rings it" in refusal(plan(system, GONE, group("201", "101")))


def test_what_goes_itself_refers_to_nothing() -> None:
    assert plan(ringing(), GONE, group("200", state="absent")).plan.violations == ()
    itself = System().has("hunt_group", "200", overflow_to="200", members=members("200"))
    assert plan(itself, group("200", state="absent")).plan.violations == ()


def test_a_number_that_another_object_takes_over_leads_somewhere() -> None:
    assert plan(ringing(), GONE, extension("102", settings={"alias": ["101"]})).plan.violations == ()
    assert plan(ringing(), GONE, group("101")).plan.violations == ()


def test_references_may_be_left_on_purpose() -> None:
    system = ringing()
    assert run(system, extension("101", state="absent", leave_references=True)).verdict == "applied"
    assert system.written == ["delete extension 101"]


def test_a_list_that_is_not_offered_says_nothing_of_references() -> None:
    system = ringing()

    def none(resource: str) -> None:
        if resource == "hunt_group":
            raise NotOffered("not here")

    system.on_list = none
    assert plan(system, GONE).plan.violations == ()


def test_a_module_for_one_object_does_not_read_every_follow_me() -> None:
    system = System().has("extension", "101").has("follow_me", "300", destinations=[{"number": "101"}])
    listed: list[str] = []
    system.on_list = listed.append
    assert plan(system, GONE, standalone=True).plan.violations == () and "follow_me" not in listed
    assert "follow_me 300" in refusal(plan(system, GONE)) and "follow_me" in listed


# -- remove_from_hunt_groups -------------------------------------------------------------------------------------------
def test_a_deleted_member_is_taken_out_by_a_planned_update_before_it() -> None:
    system = ringing().has("hunt_group", "201", members=members("101")).has("hunt_group", "202")
    made = run(system, GONE_FROM_GROUPS)
    assert made.verdict == "applied"
    assert system.written == ["update hunt_group 200", "update hunt_group 201", "delete extension 101"]
    assert system.objects["hunt_group"]["200"]["members"] == members("102")
    entry = next(one.as_result() for one in made.outcomes if one.step.id == "200")
    assert entry["origin"] == "extension 101 is deleted"
    assert [change["field"] for change in entry["changes"]] == ["members[101]"]


def test_the_other_members_keep_everything_sign_ins_too() -> None:
    other = {"extension": "102", "weight": 5, "logged_in": False}
    system = ringing(members=[*members("101"), other])
    run(system, GONE_FROM_GROUPS)
    assert system.objects["hunt_group"]["200"]["members"] == [other]


def test_a_group_that_is_declared_for_something_else_loses_the_member_in_the_same_step() -> None:
    system = ringing()
    made = run(system, GONE_FROM_GROUPS, group("200", name="New", path="hunt_groups[0]"))
    assert made.verdict == "applied" and system.written == ["update hunt_group 200", "delete extension 101"]
    assert (system.objects["hunt_group"]["200"]["name"], system.objects["hunt_group"]["200"]["members"]) == (
        "New", members("102"),
    )  # fmt: skip
    assert [one.step.origin for one in made.outcomes] == ["", ""]


def test_two_deleted_members_of_one_group_go_in_one_update() -> None:
    system = ringing()
    gone = [extension(number, state="absent", remove_from_hunt_groups=True) for number in ("101", "102")]
    assert run(system, *gone).verdict == "applied"
    assert system.written == ["update hunt_group 200", "delete extension 101", "delete extension 102"]
    assert system.objects["hunt_group"]["200"]["members"] == []


def test_a_group_whose_declaration_asks_for_the_member_is_not_contradicted() -> None:
    assert "hunt_group 200 (Sales) rings it" in refusal(plan(ringing(), GONE_FROM_GROUPS, group("200", "101")))


def test_only_memberships_are_removed_so_another_reference_still_stops_it() -> None:
    made = plan(ringing(overflow_to="101"), GONE_FROM_GROUPS)
    assert refusal(made) == "is to be deleted, but hunt_group 200 (Sales) overflows to it"


def test_a_purge_takes_out_members_where_the_run_says_so() -> None:
    asked = {"declared_lists": ["extensions"], "purge": ["extensions"]}
    assert "rings it" in refusal(plan(ringing(), extension("102"), asked=asked))
    system = ringing()
    made = run(system, extension("102"), asked={**asked, "remove_from_hunt_groups": True})
    assert made.verdict == "applied" and system.objects["hunt_group"]["200"]["members"] == members("102")


def test_the_journal_knows_the_group_as_it_was(tmp_path: Path) -> None:
    system = ringing()
    run(system, GONE_FROM_GROUPS, asked={"journal": str(tmp_path / "j")})
    objects = json.loads((tmp_path / "j").read_text())["objects"]
    assert [one["id"] for one in objects["extensions"]] == ["101"]
    assert objects["hunt_groups"] == [{"id": "200", "members": members("101", "102")}]


# -- what a deletion takes with it ---------------------------------------------------------------------------------------
LOST = replace(CAPABILITIES["follow_me"], lost_with="extension")


def test_what_goes_with_a_deleted_object_is_seen_and_undone_by_a_restore(tmp_path: Path) -> None:
    system = System().has("extension", "101").has("follow_me", "101", destinations=[{"number": "5"}])
    made = plan(system, GONE, on=backend(system, follow_me=LOST))
    assert [(step.place, step.origin) for step in made.plan.steps] == [
        ("extension 101", ""),
        ("follow_me 101", "extension 101 is deleted"),
    ]
    run(system, GONE, on=backend(system, follow_me=LOST), asked={"journal": str(tmp_path / "j")})
    assert system.written == ["update follow_me 101", "delete extension 101"]
    objects = json.loads((tmp_path / "j").read_text())["objects"]
    assert objects["follow_me"] == [{"account": "101", "destinations": [{"number": "5"}]}]


def test_where_nothing_is_lost_nothing_is_planned() -> None:
    system = (
        System().has("extension", "101").has("extension", "102").has("follow_me", "102", destinations=[{"number": "5"}])
    )
    assert [step.place for step in plan(system, GONE, on=backend(system, follow_me=LOST)).plan.steps] == [
        "extension 101"
    ]
    assert len(plan(system, extension("102", state="absent")).plan.steps) == 1
