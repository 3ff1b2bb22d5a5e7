# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of the steps of a run, and how results tell it: plan, summary, verdict, diff, plan id.

Pure: no input or output, no vendor.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..backends.contract import Observed
from ..model.problems import Finding
from ..model.values import Values
from .plan import ACTIONS, UNCHANGED, Step

PLANNED, DONE, FAILED, SKIPPED = "planned", "done", "failed", "skipped"
CLEAN, DRIFT, APPLIED, INCOMPLETE = "clean", "drift", "applied", "incomplete"


@dataclass(frozen=True)
class Outcome:
    """What became of one step.

    status: `unchanged` · `planned` (check mode) · `done` · `failed` · `skipped` (not begun). took_effect: of a failed step,
    whether anything of it did, or may have. new_id: the key that the server gave the object, if it is another one.
    observed: the object as it was read last. error_class, trace: of a failure; the trace of a defect of this collection.
    """

    step: Step
    status: str
    error: str = ""
    error_class: str = ""
    trace: str = ""
    took_effect: bool = False
    new_id: str = ""
    observed: Observed | None = None

    @property
    def id(self) -> str:
        return self.new_id or self.step.id

    @property
    def told_error(self) -> str:
        """The error with the name of its object, once."""
        place = f"{self.step.place}: "
        return self.error if self.error.startswith(place) else place + self.error

    def as_result(self) -> Values:
        """The entry of `plan`."""
        step = self.step
        entry: Values = {
            "resource": step.resource.name,
            "id": self.id,
            "name": step.name,
            "action": step.action,
            "changes": [change.as_result() for change in step.changes],
            "status": self.status,
            "error": self.error or None,
        }
        extras = {
            "error_class": self.error_class,
            "kept": list(step.kept),
            "how": list(step.how),
            "origin": step.origin,
        }
        return {**entry, **{name: value for name, value in extras.items() if value}}


@dataclass(frozen=True)
class Unmanaged:
    """An object that is there and not declared, of a kind that is declared."""

    resource: str
    id: str
    name: str

    def as_result(self) -> Values:
        return {"resource": self.resource, "id": self.id, "name": self.name}


def planned(step: Step) -> Outcome:
    """A step that nobody has carried out."""
    return Outcome(step, PLANNED if step.writes else UNCHANGED, observed=step.current)


def summary(outcomes: Iterable[Outcome], unmanaged: int = 0) -> dict[str, int]:
    """How many objects were, or would be, created, updated, deleted, left unchanged; how many failed or were not begun."""
    counts = dict.fromkeys((*ACTIONS, "failed", "skipped", "unmanaged"), 0)
    for outcome in outcomes:
        counts[outcome.status if outcome.status in (FAILED, SKIPPED) else outcome.step.action] += 1
    counts["unmanaged"] = unmanaged
    return counts


def verdict(outcomes: Sequence[Outcome], check_mode: bool, errors: Iterable[Finding] = ()) -> str:
    """One word for the whole run. errors: what would stop a real run; in check mode that is drift.

    After a real run every status that is not final is incomplete: nobody knows what became of it.
    """
    final = (UNCHANGED, DONE, *([PLANNED] if check_mode else []))
    if any(outcome.status not in final for outcome in outcomes):
        return INCOMPLETE
    if any(outcome.step.writes for outcome in outcomes) or any(True for _error in errors):
        return DRIFT if check_mode else APPLIED
    return CLEAN


def plan_id(identity: Mapping[str, str], steps: Iterable[Step]) -> str:
    """A digest of system, tenant and plan: the same for the same plan, in check mode and in a real run."""
    changes = sorted(
        json.dumps(
            [step.resource.name, step.id, step.action, [change.as_result() for change in step.changes]],
            sort_keys=True,
            default=str,
        )
        for step in steps
        if step.writes
    )
    return hashlib.sha256(json.dumps([dict(identity), changes], sort_keys=True).encode()).hexdigest()[:32]


# -- diff --------------------------------------------------------------------------------------------------------------
def difference(steps: Iterable[Step]) -> dict[str, str] | None:
    """Ansible's `diff`: one line per leaf, each with its object. None when nothing changes."""
    lines = [line for step in steps if step.writes for line in _lines(step)]
    return {"prepared": "\n".join(lines) + "\n"} if lines else None


def _lines(step: Step) -> list[str]:
    name = f" ({_one_line(step.name)})" if step.name and step.name != step.id else ""
    place = f"{step.place}{name}"
    if not step.changes:
        return [f"{place}: {step.action}"]
    lines = [f"{place}: {change.field}: {shown(change.before)} -> {shown(change.after)}" for change in step.changes]
    return ([f"{place}: state: absent -> present"] if step.current is None else []) + lines


def shown(value: Any) -> str:
    """A value in one line of a diff or table."""
    if value is None:
        return "(none)"
    if isinstance(value, str):
        return _one_line(value) if value else '""'
    return json.dumps(value, ensure_ascii=False, default=str)


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)
