# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a run is told: verdict, summary, plan id, entries of the plan, lines of the diff."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.backends.contract import Observed
from ansible_collections.telephony.pbx.plugins.module_utils.engine.outcome import (
    DONE,
    FAILED,
    PLANNED,
    SKIPPED,
    Outcome,
    difference,
    plan_id,
    planned,
    shown,
    summary,
    verdict,
)
from ansible_collections.telephony.pbx.plugins.module_utils.engine.plan import (
    ACTIONS,
    CREATE,
    DELETE,
    UNCHANGED,
    UPDATE,
    Change,
    Step,
)
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import HUNT_GROUP
from ansible_collections.telephony.pbx.plugins.module_utils.model.problems import ERROR, Finding
from ansible_collections.telephony.pbx.plugins.module_utils.model.validate import Declared

IDENTITY = {"backend": "b", "url": "u", "tenant": "t", "group": ""}
WRONG = Finding("any", ERROR, "hunt_groups[0]", "is wrong")


def step(action: str, number: str = "1", *changes: Change, name: str = "", **more: Any) -> Step:
    declared = Declared(HUNT_GROUP, {"id": number})
    current = None if action == CREATE else Observed({"id": number})
    return Step(HUNT_GROUP, number, name, action, declared, declared, current, changes=changes, **more)


def outcome(action: str, status: str, **more: Any) -> Outcome:
    return Outcome(step(action), status, **more)


# -- verdict -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("action", "status", "check_mode", "word"),
    [
        (UNCHANGED, UNCHANGED, False, "clean"),
        (UNCHANGED, UNCHANGED, True, "clean"),
        (UPDATE, PLANNED, True, "drift"),
        (UPDATE, PLANNED, False, "incomplete"),  # nobody knows what became of it
        (CREATE, DONE, False, "applied"),
        (DELETE, DONE, False, "applied"),
        (UPDATE, DONE, True, "drift"),
        (UPDATE, FAILED, False, "incomplete"),
        (UPDATE, FAILED, True, "incomplete"),
        (UNCHANGED, FAILED, False, "incomplete"),
        (UPDATE, SKIPPED, False, "incomplete"),
        (UPDATE, SKIPPED, True, "incomplete"),
        (UPDATE, "something new", False, "incomplete"),
    ],
)
def test_one_word_for_one_step(action: str, status: str, check_mode: bool, word: str) -> None:
    assert verdict([outcome(action, status)], check_mode) == word
    clean = Outcome(step(UNCHANGED, "2"), UNCHANGED)
    assert verdict([clean, outcome(action, status)], check_mode) == word


def test_without_any_object_a_run_is_clean_and_what_would_stop_it_is_drift() -> None:
    assert verdict([], False) == verdict([], True) == "clean"
    assert verdict([outcome(UNCHANGED, UNCHANGED)], True, [WRONG]) == "drift"


STATUS = st.sampled_from([PLANNED, DONE, FAILED, SKIPPED])
OUTCOMES = st.lists(st.one_of(st.builds(outcome, st.sampled_from(ACTIONS[:3]), STATUS), st.just(
    Outcome(step(UNCHANGED), UNCHANGED))), max_size=6)  # fmt: skip


@given(OUTCOMES, st.booleans())
def test_a_failure_is_never_called_clean(outcomes: list[Outcome], check_mode: bool) -> None:
    statuses = {one.status for one in outcomes}
    expected = "clean" if statuses <= {UNCHANGED} else "drift" if check_mode else "applied"
    if statuses & {FAILED, SKIPPED} or (not check_mode and PLANNED in statuses):
        expected = "incomplete"
    assert verdict(outcomes, check_mode) == expected


@given(OUTCOMES, st.integers(0, 9))
def test_a_summary_counts_every_step_once(outcomes: list[Outcome], unmanaged: int) -> None:
    counts = summary(outcomes, unmanaged)
    assert list(counts) == ["create", "update", "delete", "unchanged", "failed", "skipped", "unmanaged"]
    assert counts.pop("unmanaged") == unmanaged and sum(counts.values()) == len(outcomes)
    assert counts["failed"] == sum(one.status == FAILED for one in outcomes)
    assert counts["create"] == sum(one.step.action == CREATE and one.status in (PLANNED, DONE) for one in outcomes)


# -- plan id -------------------------------------------------------------------------------------------------------------
CHANGES = st.lists(
    st.builds(
        Change, st.sampled_from(["name", "overflow_to"]), st.just("a"), st.sampled_from(["b", "c"]), st.just("x")
    ),
    max_size=2,
)
STEPS = st.lists(
    st.builds(lambda action, number, changes: step(action, number, *changes), st.sampled_from(ACTIONS),
              st.sampled_from(["1", "2", "3"]), CHANGES),
    max_size=4,
)  # fmt: skip


@given(STEPS, st.randoms())
def test_a_plan_has_one_id_in_any_order_and_with_more_that_does_not_change(steps: list[Step], dice: Any) -> None:
    turned = [*steps, step(UNCHANGED, "9")]
    dice.shuffle(turned)
    assert plan_id(IDENTITY, turned) == plan_id(IDENTITY, steps)
    assert len(plan_id(IDENTITY, steps)) == 32


@given(STEPS, STEPS)
def test_other_plans_have_other_ids(one: list[Step], other: list[Step]) -> None:
    def meaning(steps: list[Step]) -> list[str]:
        return sorted(repr((s.id, s.action, s.changes)) for s in steps if s.writes)

    assert (plan_id(IDENTITY, one) == plan_id(IDENTITY, other)) is (meaning(one) == meaning(other))


@pytest.mark.parametrize("part", list(IDENTITY))
def test_the_same_plan_for_another_system_or_tenant_has_another_id(part: str) -> None:
    steps = [step(CREATE)]
    assert plan_id(IDENTITY, steps) != plan_id({**IDENTITY, part: "other"}, steps)


# -- entries and lines -----------------------------------------------------------------------------------------------------
def test_an_entry_of_the_plan_says_what_changes_and_what_became_of_it() -> None:
    one = step(UPDATE, "1", Change("name", "a", "b", "name"), name="Sales", kept=("101",), how=("takes 102 out",))
    assert planned(one).as_result() == {
        "resource": "hunt_group", "id": "1", "name": "Sales", "action": "update",
        "changes": [{"field": "name", "before": "a", "after": "b"}],
        "status": "planned", "error": None, "kept": ["101"], "how": ["takes 102 out"],
    }  # fmt: skip
    failed = Outcome(step(CREATE, "1", origin="purge"), FAILED, "broke", "Rejected", new_id="7").as_result()
    assert (failed["id"], failed["error"], failed["error_class"], failed["origin"]) == (
        "7",
        "broke",
        "Rejected",
        "purge",
    )
    assert planned(step(UNCHANGED)).status == UNCHANGED


@pytest.mark.parametrize("error", ["broke", "hunt_group 1: broke"])
def test_an_error_names_its_object_once(error: str) -> None:
    assert outcome(UPDATE, FAILED, error=error).told_error == "hunt_group 1: broke"


def test_a_diff_has_one_line_for_each_leaf() -> None:
    steps = [
        step(UPDATE, "1", Change("overflow_to", "", "5", "x"), Change("members[7].weight", 5, None, "x"), name="Sales"),
        step(CREATE, "2", Change("name", None, "New\nline", "name"), name="2"),
        step(DELETE, "3", Change("state", "present", "absent", "state")),
        step(CREATE, "4"),
        step(UNCHANGED, "5"),
        step(UPDATE, "6", Change("members[7]", None, {"extension": "é"}, "members")),
    ]
    assert difference(steps) == {
        "prepared": 'hunt_group 1 (Sales): overflow_to: "" -> 5\n'
        "hunt_group 1 (Sales): members[7].weight: 5 -> (none)\n"
        "hunt_group 2: state: absent -> present\n"
        "hunt_group 2: name: (none) -> New?line\n"
        "hunt_group 3: state: present -> absent\n"
        "hunt_group 4: create\n"
        'hunt_group 6: members[7]: (none) -> {"extension": "é"}\n'
    }
    assert difference([step(UNCHANGED)]) is None and difference([]) is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda one: st.lists(one, max_size=2), max_leaves=4
    )
)
def test_a_value_is_one_line_however_it_looks(value: Any) -> None:
    line = shown(value)
    assert line and "\n" not in line and "\x1b" not in line
