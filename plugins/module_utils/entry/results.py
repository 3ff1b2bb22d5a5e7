# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of modules, made of what a run has found and done."""

from __future__ import annotations

from collections.abc import Sequence

from ..engine.outcome import DONE, FAILED, PLANNED, SKIPPED, Outcome, difference, summary
from ..engine.pipeline import Run
from ..engine.plan import DELETE
from ..errors import PBXError, error_class
from ..model.problems import Finding
from ..model.validate import Declared, without_mirrored, without_secrets
from ..model.values import Values

_MOST_ERRORS = 5
_LONGEST_ERROR = 400  # characters of one object's error in the message of a run
_LONGEST_MESSAGE = 2000


def failure(error: PBXError, message: str, changed: bool = False) -> Values:
    """The result of a run that ended before it had a plan."""
    result: Values = {"failed": True, "changed": changed, "msg": message, "error_class": error_class(error)}
    result.update(verdict="incomplete", plan=[], summary=summary([]), requests=0)
    trace = getattr(error, "trace", "")
    return {**result, "exception": trace} if trace else result


def of_tenant(run: Run) -> Values:
    """The result of a run over a whole tenant, finished or not."""
    result = _common(run)
    result["unmanaged"] = [one.as_result() for one in run.unmanaged]
    result.update(run.written_files)
    failed = [one for one in run.outcomes if one.status == FAILED]
    skipped = sum(_is_undone(run, one) for one in run.outcomes)
    if run.stopped_by is not None:
        _fail(run, result, str(run.stopped_by), error_class(run.stopped_by))
    elif failed or skipped:
        message = f"{len(failed)} of {len(run.outcomes)} objects failed, {skipped} were not begun: {_told(run, failed)}"
        _fail(run, result, message, failed[0].error_class if failed else "")
    return result


def of_one(run: Run, module: str) -> Values:
    """The result of a run for one object."""
    result = _common(run)
    declared = run.declared[0]
    primary = next((one for one in run.outcomes if _is_of(one, declared)), None)
    result[module] = _object_after(run, primary) if primary else None
    failed = [one for one in run.outcomes if one.status == FAILED]
    if run.plan.violations:  # in check mode too: a real run would do nothing, and there is no other plan to show
        _fail(run, result, " | ".join(map(str, run.plan.violations)), "Conflict")
        result["verdict"] = "incomplete"
    elif failed:
        _fail(run, result, failed[0].told_error, failed[0].error_class)
    elif any(_is_undone(run, one) for one in run.outcomes):
        _fail(run, result, "not all of it was done; run again", "")
    return result


def interrupted(result: Values, reason: str) -> Values:
    """The result of a run that something outside has ended: with all that was done, and what was not."""
    message = f"{reason}; what was done stands in plan; run again to finish"
    return {**result, "failed": True, "verdict": "incomplete", "msg": message, "error_class": "Interrupted"}


def _common(run: Run) -> Values:
    outcomes = run.outcomes
    result: Values = {
        "changed": any(_is_change(run, one) for one in outcomes),
        "plan": [one.as_result() for one in outcomes if one.step.writes or one.status == FAILED],
        "summary": summary(outcomes, len(run.unmanaged)),
        "verdict": run.verdict,
        "plan_id": run.plan_id,
        "findings": [one.as_result() for one in run.findings],
    }
    diff = difference(one.step for one in outcomes)
    if diff:
        result["diff"] = diff
    return _with_warnings(run, result)


def _with_warnings(run: Run, result: Values) -> Values:
    notes = [*run.backend.session.notes, *run.notes]
    if notes:
        result["warnings"] = [run.backend.session.short(note, 1000) for note in dict.fromkeys(notes)]
    return result


def _is_change(run: Run, outcome: Outcome) -> bool:
    """Whether something of a step was done, or may have been; in check mode, whether it would be."""
    done = outcome.status == DONE or (outcome.status == PLANNED and run.context.check_mode)
    return outcome.step.writes and (done or outcome.took_effect)


def _is_undone(run: Run, outcome: Outcome) -> bool:
    """Whether nobody has begun a step that a real run was to carry out."""
    return outcome.status == SKIPPED or (outcome.status == PLANNED and not run.context.check_mode)


def _fail(run: Run, result: Values, message: str, error: str) -> None:
    result.update(failed=True, msg=run.backend.session.short(message, _LONGEST_MESSAGE), error_class=error)
    trace = next((one.trace for one in run.outcomes if one.trace), "")
    if trace:
        result["exception"] = trace


def _told(run: Run, failed: Sequence[Outcome]) -> str:
    lines = [run.backend.session.short(one.told_error, _LONGEST_ERROR) for one in failed[:_MOST_ERRORS]]
    more = [f"and {len(failed) - _MOST_ERRORS} more"] if len(failed) > _MOST_ERRORS else []
    return " | ".join([*lines, *more])


def _is_of(outcome: Outcome, declared: Declared) -> bool:
    asked = outcome.step.asked
    return asked is declared or (asked.resource is declared.resource and asked.values == declared.values)


def _object_after(run: Run, outcome: Outcome) -> Values | None:
    """The object after the run: as read back, or in check mode as it would be."""
    step = outcome.step
    capability = run.backend.capability(step.resource.name)
    if run.context.check_mode and step.writes:
        return None if step.action == DELETE else without_secrets(capability, step.target)
    if outcome.observed is None:
        return None
    return without_secrets(capability, without_mirrored(capability, outcome.observed.values, run.context.numbers))


def of_findings(found: Sequence[Finding]) -> list[Values]:
    return [one.as_result() for one in found]
