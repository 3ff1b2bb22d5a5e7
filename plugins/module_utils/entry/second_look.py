# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second look after a change: the whole tenant is read anew and compared, as in check mode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..engine.outcome import APPLIED, CLEAN, INCOMPLETE
from ..errors import NotStored, error_class
from ..model.values import Values
from ..report.table import changed_lines

_MOST_LINES = 5
# The plan that was approved is that of the first run, and the second one compares everything.
_OF_THE_FIRST_RUN: Values = {"expect_plan": None, "skip_unchanged": False, "advice": False}


def wanted(options: Mapping[str, Any], result: Mapping[str, Any]) -> bool:
    """Only after a change: what was clean has just been read. In check mode the verdict is never "applied"."""
    return bool(options.get("verify")) and result.get("verdict") == APPLIED


def options_again(options: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """The options of the second run. One that restores reads the file that was used, which is no longer the last one."""
    again = {**options, **_OF_THE_FIRST_RUN}
    return {**again, "restore_from": result["restored_from"]} if "restored_from" in result else again


def verified(result: Values, second: Mapping[str, Any]) -> Values:
    """The result of a run with that of the second look. It fails unless the second look finds nothing to do."""
    seen = {name: second[name] for name in ("verdict", "plan", "requests") if name in second}
    both = {**result, "verified": seen, "requests": int(result.get("requests") or 0) + int(second.get("requests") or 0)}
    both["seconds"] = round(float(result.get("seconds") or 0) + float(second.get("seconds") or 0), 3)
    if second.get("failed"):
        both.update(failed=True, verdict=INCOMPLETE, error_class=second.get("error_class") or "")
        return {**both, "msg": f"everything was written, but it could not be read again: {second.get('msg')}"}
    if second.get("verdict") != CLEAN:
        lines = "; ".join(changed_lines(second.get("plan") or [], _MOST_LINES))
        both.update(failed=True, verdict=INCOMPLETE, error_class=error_class(NotStored("")))
        return {**both, "msg": f"everything was written, but the server shows something else: {lines}; run it again"}
    return both
