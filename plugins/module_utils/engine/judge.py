# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges a write by what is read afterwards, not by its answer.

Pure: no input or output, no vendor.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..backends.contract import Observed
from ..errors import NotStored, PBXError, error_class
from .outcome import DONE, FAILED, Outcome
from .plan import CREATE, DELETE, HIDDEN, UNCHANGED, Change, Step

_SHORTEST_TAIL = 6  # digits that two spellings of one phone number may share at their end


@dataclass(frozen=True)
class Attempt:
    """The writes of one step, as far as they got.

    key: the key that the server gave the object, if it is another one. problem: the error that ended it. sent, accepted: how
    many writes went out, and how many of them the server accepted. ended_at: when, by the clock of the session. left: what
    reading back shows as still to be done.
    """

    step: Step
    key: str = ""
    problem: PBXError | None = None
    sent: int = 0
    accepted: int = 0
    ended_at: float = math.inf
    left: Step | None = None

    @property
    def refused(self) -> bool:
        """Whether the server rejected the last write for sure."""
        doubt = getattr(self.problem, "in_doubt", False) or isinstance(self.problem, NotStored)
        return self.problem is not None and not doubt

    @property
    def no_effect_expected(self) -> bool:
        """Whether waiting for an effect makes no sense: nothing was sent, or the server rejected it."""
        return not self.sent or self.refused

    @property
    def may_have_effect(self) -> bool:
        """Whether the server may have changed something. A refusal counts too until the object is read back."""
        return self.sent > 0


def judge(attempt: Attempt, left: Step, observed: Observed | None, settled: bool) -> Outcome | None:
    """The outcome of a step, or None while waiting may still help. left: the step planned on what was read back."""
    step = attempt.step
    new_id = attempt.key if attempt.key != step.id else ""
    if left.action == UNCHANGED:
        return Outcome(step, DONE, new_id=new_id, observed=observed)
    if not settled:
        return None
    differs = (left.action, left.changes) != (step.action, step.changes)
    took_effect = differs or attempt.accepted > 0 or not attempt.no_effect_expected
    problem = attempt.problem or _not_stored(step, left)
    return Outcome(
        step,
        FAILED,
        f"{problem}; {_progress(step, left)}",
        error_class(problem),
        getattr(problem, "trace", ""),
        took_effect,
        new_id,
        observed,
    )


def _not_stored(step: Step, left: Step) -> NotStored:
    if step.action == DELETE:
        return NotStored("the server accepted the deletion, but the object is still there")
    if left.action == CREATE:
        return NotStored("the server accepted the creation, but the object is not there")
    missing = ", ".join(sorted(_as_shown(change) for change in left.changes))
    return NotStored(f"the server accepted the change, but did not store {missing}")


def _as_shown(change: Change) -> str:
    """A leaf that differs, with what the server shows where that is short."""
    if not isinstance(change.before, (str, int, float)) or HIDDEN in (change.before, change.after):
        return change.field
    both = [str(change.before), str(change.after)]
    digits = ["".join(filter(str.isdigit, one))[-_SHORTEST_TAIL:] for one in both]
    same_tail = digits[0] == digits[1] and len(digits[0]) == _SHORTEST_TAIL
    hint = "; if that is the same number, write it so, or set country_code" if same_tail and both[0] != both[1] else ""
    return f"{change.field} (it shows {change.before!r}{hint})"


def _progress(step: Step, left: Step) -> str:
    """What is done and what is not, in one clause."""
    if left.action in (CREATE, DELETE):
        return "nothing was changed" if step.action in (CREATE, DELETE) else "the object has gone"
    asked, missing = (sorted(change.field for change in one.changes) for one in (step, left))
    done = [field for field in asked if field not in missing]
    return f"done: {', '.join(done) or 'nothing'}; not done: {', '.join(missing)}; run again to finish"
