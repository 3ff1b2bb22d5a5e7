# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of a write is told by what is read afterwards, not by its answer."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.backends.contract import Observed
from ansible_collections.telephony.pbx.plugins.module_utils.engine.judge import Attempt, judge
from ansible_collections.telephony.pbx.plugins.module_utils.engine.outcome import DONE, FAILED
from ansible_collections.telephony.pbx.plugins.module_utils.engine.plan import (
    CREATE,
    DELETE,
    HIDDEN,
    UNCHANGED,
    UPDATE,
    Change,
    Step,
)
from ansible_collections.telephony.pbx.plugins.module_utils.errors import (
    BadAnswer,
    Defect,
    NotStored,
    PBXError,
    Rejected,
    TransportError,
)
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import HUNT_GROUP
from ansible_collections.telephony.pbx.plugins.module_utils.model.validate import Declared

DOUBT = TransportError("cut off", in_doubt=True)
UNSENT = TransportError("unreachable")
NAME, OVERFLOW = Change("name", "a", "b", "name"), Change("overflow_to", "", "5", "overflow_to")


def step(action: str, *changes: Change) -> Step:
    declared = Declared(HUNT_GROUP, {"id": "1"})
    current = None if action == CREATE else Observed({"id": "1"})
    return Step(HUNT_GROUP, "1", "", action, declared, declared, current, changes=changes)


ASKED, REST = step(UPDATE, NAME, OVERFLOW), step(UPDATE, OVERFLOW)
NOTHING = step(UNCHANGED)


@pytest.mark.parametrize("problem", [None, DOUBT, Rejected("no"), NotStored("no"), BadAnswer("odd")])
@pytest.mark.parametrize("settled", [True, False])
def test_what_is_as_declared_is_done_whatever_the_server_answered(problem: PBXError | None, settled: bool) -> None:
    seen = Observed({"id": "1"})
    outcome = judge(Attempt(ASKED, "", problem, 1), NOTHING, seen, settled)
    assert outcome is not None and (outcome.status, outcome.error, outcome.observed) == (DONE, "", seen)


def test_while_it_may_still_come_there_is_no_outcome() -> None:
    assert judge(Attempt(ASKED, "", None, 1, 1), REST, None, settled=False) is None


def test_a_new_key_is_told_and_an_old_one_is_not() -> None:
    for key, new_id in (("7", "7"), ("1", ""), ("", "")):
        for left in (NOTHING, REST):
            outcome = judge(Attempt(ASKED, key, None, 1, 1), left, None, settled=True)
            assert outcome is not None and outcome.new_id == new_id


@pytest.mark.parametrize(
    ("asked", "left", "message"),
    [
        (ASKED, REST, "did not store overflow_to (it shows ''); done: name; not done: overflow_to; run again to finish"),
        (ASKED, ASKED, "did not store name (it shows 'a'), overflow_to (it shows ''); done: nothing; not done: name, "
                       "overflow_to; run again to finish"),
        (step(CREATE, NAME), step(CREATE, NAME), "accepted the creation, but the object is not there; nothing was changed"),
        (step(CREATE, NAME), step(UPDATE, OVERFLOW), "did not store overflow_to"),
        (step(DELETE), step(DELETE), "accepted the deletion, but the object is still there; nothing was changed"),
        (ASKED, step(CREATE, NAME), "the object is not there; the object has gone"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_with_what_is_done(asked: Step, left: Step, message: str) -> None:
    outcome = judge(Attempt(asked, "", None, 1, 1), left, None, settled=True)
    assert outcome is not None and (outcome.status, outcome.error_class) == (FAILED, "NotStored")
    assert message in outcome.error and outcome.took_effect


@pytest.mark.parametrize(
    ("problem", "sent", "accepted", "left", "took_effect"),
    [
        (Rejected("no"), 1, 0, ASKED, False),  # refused, and nothing has changed
        (Rejected("no"), 1, 0, REST, True),  # refused, and something has changed all the same
        (Rejected("no"), 2, 1, ASKED, True),  # an earlier write was accepted
        (UNSENT, 0, 0, ASKED, False),
        (DOUBT, 1, 0, ASKED, True),  # may still be under way
        (BadAnswer("odd"), 1, 0, ASKED, True),
        (NotStored("no"), 1, 0, ASKED, True),
        (None, 1, 1, ASKED, True),
    ],
)
def test_a_failure_says_whether_something_may_have_changed(
    problem: PBXError | None, sent: int, accepted: int, left: Step, took_effect: bool
) -> None:
    outcome = judge(Attempt(ASKED, "", problem, sent, accepted), left, None, settled=True)
    assert outcome is not None and outcome.took_effect is took_effect
    assert outcome.error_class == (type(problem).__name__ if problem else "NotStored")


@pytest.mark.parametrize(
    ("problem", "sent", "refused", "no_effect"),
    [
        (None, 1, False, False),
        (Rejected("no"), 1, True, True),
        (DOUBT, 1, False, False),
        (NotStored("no"), 1, False, False),
        (BadAnswer("odd"), 1, False, False),
        (UNSENT, 0, True, True),
        (None, 0, False, True),
    ],
)
def test_only_a_sure_refusal_is_not_worth_waiting_for(
    problem: PBXError | None, sent: int, refused: bool, no_effect: bool
) -> None:
    attempt = Attempt(ASKED, "", problem, sent)
    assert (attempt.refused, attempt.no_effect_expected, attempt.may_have_effect) == (refused, no_effect, sent > 0)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (Change("pin", HIDDEN, HIDDEN, "pin"), "store pin;"),
        (Change("members[1]", {"extension": "1"}, None, "members"), "store members[1];"),
        (
            Change("x", "+3225126777", "025126777", "x"),
            "(it shows '+3225126777'; if that is the same number, write it so",
        ),
        (Change("x", "025126777", "025126777", "x"), "(it shows '025126777')"),
        (Change("x", 5, 6, "x"), "x (it shows 5);"),
        (Change("x", "101", "0101", "x"), "x (it shows '101');"),
    ],
)
def test_what_the_server_shows_instead_is_told_where_that_is_short_and_no_secret(change: Change, told: str) -> None:
    left = step(UPDATE, change)
    outcome = judge(Attempt(left, "", None, 1, 1), left, None, settled=True)
    assert outcome is not None and told in outcome.error


def test_a_defect_of_ours_keeps_its_trace() -> None:
    error: Any = Defect("ours", "Traceback ...")
    outcome = judge(Attempt(ASKED, "", error, 1), ASKED, None, settled=True)
    assert outcome is not None and (outcome.error_class, outcome.trace) == ("Defect", "Traceback ...")
