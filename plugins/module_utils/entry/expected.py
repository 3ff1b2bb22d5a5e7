# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Expectations of a declaration: findings for those that are not met, or that cannot be decided. Asks no server."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from ..errors import PBXError
from ..model.catalog import tenant_lists
from ..model.problems import ERROR, WARNING, Finding
from ..report.callflow.expectation_syntax import problems
from ..report.callflow.expectations import FAILED, PASSED, check_expectations

NOT_MET, UNDECIDED = "expectation-not-met", "expectation-undecided"
_PLACE = "expectations"


def expectation_findings(options: Mapping[str, Any], backend: str, today: datetime.date) -> list[Finding]:
    """What the expectations of a tenant say of its declaration.

    backend: empty to check how they are written only, because who rings is a matter of the backend. today: the day from which
    `weekday 10:00` counts. An error that ignore_rules names is a warning, but for one in how an expectation is written.
    """
    written = options.get("expectations")
    if not written:
        return []
    found = [Finding(**one) for one in problems(written, _PLACE)]
    if any(one.severity == ERROR for one in found):
        return found
    found += _tested(options, backend, today) if backend else []
    ignored = [str(pattern) for pattern in options.get("ignore_rules") or []]
    return [
        replace(one, severity=WARNING) if any(fnmatchcase(one.id, pattern) for pattern in ignored) else one
        for one in found
    ]


def _tested(options: Mapping[str, Any], backend: str, today: datetime.date) -> Iterator[Finding]:
    document = {plural: options[plural] for plural in tenant_lists() if options.get(plural) is not None}
    try:
        results = check_expectations(
            document,
            backend,
            options["expectations"],
            zone=str(options.get("call_zone") or ""),
            as_of=today,
            assume=options.get("call_assumptions"),
            country_code=str(options.get("country_code") or ""),
            place=_PLACE,
        )
    except PBXError as error:
        yield Finding("invalid-option", ERROR, _PLACE, " ".join(str(error).split()))
        return
    undecided = ERROR if options.get("expectations_undecided") == "fail" else WARNING
    for index, one in enumerate(results):
        if one["status"] != PASSED:
            failed = one["status"] == FAILED
            name, severity = (NOT_MET, ERROR) if failed else (UNDECIDED, undecided)
            yield Finding(name, severity, f"{_PLACE}[{index}]", _message(one), str(one.get("hint") or ""))


def _message(result: Mapping[str, Any]) -> str:
    """One line with both timelines, so that a log is enough to see the difference."""
    timelines = [f"{key}: {_one_line(result[key])}" for key in ("expected", "actual") if result.get(key)]
    return "; ".join([f"{result['name']}: {result['message']}", *timelines])


def _one_line(timeline: Any) -> str:
    lines = timeline if isinstance(timeline, list) else str(timeline).splitlines()
    return " / ".join(" ".join(str(line).replace("   ", ", ").split()) for line in lines)
