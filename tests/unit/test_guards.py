# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands between a plan and its first write: purge, protection, limits, double declarations, approval."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.engine.options import RunOptions, limit_of
from ansible_collections.telephony.pbx.plugins.module_utils.engine.pipeline import Run
from ansible_collections.telephony.pbx.plugins.module_utils.errors import (
    Incomplete,
    InvalidOption,
    NotOffered,
    Rejected,
)
from ansible_collections.telephony.pbx.plugins.module_utils.model.validate import Declared
from ansible_collections.telephony.pbx.tests.unit.fake_system import (
    System,
    backend,
    context,
    declared,
    extension,
    group,
    members,
    run,
)

PURGE = {"declared_lists": ["extensions", "hunt_groups"], "purge": ["extensions", "hunt_groups"]}


def system_of(*numbers: str, **names: str) -> System:
    """Extensions with these numbers, and hunt groups by name and number (g200="Sales")."""
    system = System()
    for number in numbers:
        system.has("extension", number)
    for number, name in names.items():
        system.has("hunt_group", number[1:], name=name)
    return system


def plan(system: System, *objects: Declared, **asked: Any) -> Run:
    return run(system, *objects, asked=asked, check_mode=True)


def deletions(made: Run) -> list[str]:
    return [step.place for step in made.plan.steps if step.action == "delete"]


def violations(made: Run) -> list[str]:
    return [one.id for one in made.plan.violations]


# -- purge -------------------------------------------------------------------------------------------------------------
def test_undeclared_objects_of_purged_lists_go_and_the_others_are_unmanaged() -> None:
    system = system_of("101", "102", g200="Sales", g201="Support")
    made = plan(system, extension("101"), **{**PURGE, "purge": ["extensions"]})
    assert deletions(made) == ["extension 102"]
    assert [(one.id, one.name) for one in made.unmanaged] == [("200", "Sales"), ("201", "Support")]
    assert [step.origin for step in made.plan.steps if step.deletes] == ["purge"]


def test_a_list_that_is_not_declared_is_not_looked_at() -> None:
    system = system_of("101", g200="Sales")
    made = plan(system, declared_lists=["extensions"])
    assert [one.id for one in made.unmanaged] == ["101"] and deletions(made) == []


def test_what_is_declared_by_its_name_is_known_by_the_servers_key() -> None:
    made = plan(system_of(g200="Sales", g201="Support"), declared("hunt_group", name="Sales"), **PURGE)
    assert deletions(made) == ["hunt_group 201"]


def test_a_list_that_costs_a_request_for_each_object_is_read_only_to_purge_it() -> None:
    system = System().has("follow_me", "101", destinations=[{"number": "5"}])
    assert plan(system, declared_lists=["follow_me"]).unmanaged == ()
    made = plan(system, declared_lists=["follow_me"], purge=["follow_me"])
    assert [(step.place, step.action, step.deletes) for step in made.plan.steps] == [("follow_me 101", "update", True)]


def test_nothing_is_purged_where_a_declared_object_could_not_be_read() -> None:
    system = system_of("101", "102")

    def broken(resource: str, key: str) -> None:
        if key == "101":
            raise Rejected("no")

    system.on_read = broken
    made = plan(system, extension("101"), extension("103"), **PURGE)
    assert violations(made) == ["purge-incomplete"] and deletions(made) == []
    assert "no" in made.plan.violations[0].message and made.verdict == "incomplete"


@pytest.mark.parametrize("purged", [True, False])
def test_a_list_that_may_be_cut_stops_a_purge_and_is_a_warning_otherwise(purged: bool) -> None:
    system = system_of(g200="Sales")
    on = backend(system)

    def cut(self: Any) -> Any:
        raise Incomplete("may be cut")

    on.stores["hunt_group"].list_keys = cut  # type: ignore[method-assign]
    made = run(system, on=on, check_mode=True, asked={**PURGE, "purge": ["hunt_groups"] if purged else []})
    assert violations(made) == (["incomplete-list"] if purged else [])
    assert [(one.id, one.severity) for one in made.findings] == [("incomplete-list", "error" if purged else "warning")]


@pytest.mark.parametrize("purged", [True, False])
def test_a_list_that_is_not_offered_cannot_be_purged(purged: bool) -> None:
    system = system_of("101")

    def none(resource: str) -> None:
        raise NotOffered("not here")

    system.on_list = none
    asked = {"declared_lists": ["extensions"], "purge": ["extensions"] if purged else []}
    if purged:
        with pytest.raises(NotOffered):
            plan(system, **asked)
    else:
        assert plan(system, **asked).notes == ["extensions: undeclared objects cannot be listed: not here"]


# -- protect and only --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("protect", [["200"], ["Sales"], ["2?0"], ["Sal*"]])
def test_what_is_protected_by_number_name_or_pattern_stays(protect: list[str]) -> None:
    made = plan(system_of(g200="Sales", g201="Support"), protect=protect, **PURGE)
    assert deletions(made) == ["hunt_group 201"] and [one.id for one in made.unmanaged] == ["200"]


def test_a_name_that_only_the_object_itself_shows_protects_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    system = system_of(g200="Sales")
    on = backend(system)
    monkeypatch.setattr(on.stores["hunt_group"], "list_names", lambda self: {})
    made = run(system, on=on, check_mode=True, asked={**PURGE, "protect": ["Sales"]})
    assert deletions(made) == [] and [one.name for one in made.unmanaged] == ["Sales"]


@pytest.mark.parametrize("only", ["hunt_groups/200", "hunt_groups/Sales", "hunt_groups/2*0"])
def test_only_leaves_everything_else_alone(only: str) -> None:
    system = system_of("101", g200="Sales", g201="Support")
    read: list[str] = []
    system.on_read = lambda resource, key: read.append(f"{resource} {key}")
    made = plan(system, extension("101", name="x"), extension("102"), only=[only], **PURGE)
    assert [step.place for step in made.plan.steps] == ["hunt_group 200"] and made.unmanaged == ()
    assert read == ["hunt_group 200"]
    both = plan(system, group("200", name="Sales", overflow_to="5"), group("202"), only=[only])
    assert [step.place for step in both.plan.steps] == ["hunt_group 200"]


# -- limits ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "deleted", "refused"),
    [
        (None, 3, False),  # 30% of 9 objects: three
        (None, 4, True),
        ("10%", 1, False),  # rounded up
        ("10%", 2, True),
        ("0%", 1, True),
        (0, 1, True),
        ("2", 2, False),
        (2, 3, True),
        ("", 9, False),
        ("100%", 9, False),
    ],
)
def test_a_purge_deletes_no_more_than_it_may(written: Any, deleted: int, refused: bool) -> None:
    numbers = [str(number) for number in range(101, 110)]
    kept = [extension(number) for number in numbers[deleted:]]
    asked = {"declared_lists": ["extensions"], "purge": ["extensions"], "max_deletions": limit_of(written)}
    made = plan(system_of(*numbers), *kept, **asked)
    assert len(deletions(made)) == deleted
    assert violations(made) == (["max-deletions"] if refused else [])
    if refused:
        assert f"{deleted} objects would be deleted (extension 101" in made.plan.violations[0].message
        assert "of 9 are allowed" in made.plan.violations[0].message


def test_what_is_declared_absent_one_by_one_does_not_count() -> None:
    system = system_of("101", "102", "103")
    gone = [extension(number, state="absent") for number in ("101", "102", "103")]
    assert violations(plan(system, *gone, max_deletions=limit_of(0), **PURGE)) == []


def test_many_deletions_are_named_up_to_a_limit() -> None:
    system = system_of(*(str(number) for number in range(101, 131)))
    made = plan(system, max_deletions=limit_of(0), **PURGE)
    assert "and 10 more" in made.plan.violations[0].message


@pytest.mark.parametrize("written", ["-1", "five", "10 %", "1.5", "%", "1234567", "10%%"])
def test_a_limit_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(InvalidOption, match="^max_deletions: "):
        limit_of(written)


# -- what cannot be brought back -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("asked", "refused"), [({}, True), ({"allow_irreversible": True}, False), ({"single": True}, False)]
)
def test_what_no_undo_can_bring_back_is_refused_unless_it_is_allowed(asked: Any, refused: bool) -> None:
    system = system_of("101")
    system.lost = {"101": (["its password"], ["its voice mail"])}
    made = plan(system, extension("101", state="absent"), **asked)
    assert violations(made) == (["irreversible"] if refused else [])
    notes = ["extension 101: the deletion loses for good: its password"]
    assert list(made.notes) == notes + ([] if refused else ["extension 101: cannot be brought back: its voice mail"])


# -- identity ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "objects",
    [
        [extension("101", "a[0]"), extension("101", "a[1]")],
        [group("200", path="a[0]"), declared("hunt_group", "a[1]", name="Sales")],
        [declared("hunt_group", "a[0]", name="New"), declared("hunt_group", "a[1]", name="New")],
        [declared("hunt_group", "a[0]", name="New"), declared("hunt_group", "a[1]", id="205", name="New")],
        [extension("101", "a[0]"), extension("101", "a[1]", state="absent")],
    ],
)
def test_two_declarations_of_one_object_are_refused_with_their_places(objects: list[Declared]) -> None:
    made = plan(system_of(g200="Sales"), *objects)
    assert violations(made) == ["declared-twice"]
    assert "(a[0], a[1])" in made.plan.violations[0].message and made.plan.violations[0].path == "a[1]"


def test_two_objects_with_one_name_are_two_objects() -> None:
    made = plan(System(), declared("hunt_group", id="200", name="New"), declared("hunt_group", id="201", name="New"))
    assert violations(made) == []


# -- approval ----------------------------------------------------------------------------------------------------------
def test_only_the_approved_plan_is_carried_out() -> None:
    system = system_of("101")
    approved = plan(system, extension("101", name="a")).plan_id
    other = run(system, extension("101", name="b"), asked={"expect_plan": approved})
    assert violations(other) == ["expect-plan"] and system.written == [] and other.stopped_by is not None
    assert [one.status for one in other.outcomes] == ["skipped"] and other.verdict == "incomplete"
    done = run(system, extension("101", name="a"), asked={"expect_plan": approved})
    assert (done.verdict, done.plan_id, system.written) == ("applied", approved, ["update extension 101"])


def test_every_violation_stops_a_run_before_its_first_write_and_all_are_told() -> None:
    system = system_of("101", "102")
    system.lost = {"101": ([], ["x"]), "102": ([], ["y"])}
    made = run(system, group("200"), asked={**PURGE, "max_deletions": limit_of(1)})
    assert violations(made) == ["max-deletions", "irreversible", "irreversible"]
    assert system.written == [] and str(made.stopped_by).count(" | ") == 2


def test_a_run_of_nothing_asks_nothing() -> None:
    made = Run(backend(System()), [], RunOptions(), context(System()))
    made.carry_out()
    assert (made.verdict, made.outcomes, made.notes, members()) == ("clean", [], [], [])
