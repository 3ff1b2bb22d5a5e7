# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Expectations of a declaration, as `tenant_validate` and `tenant` report them before any request."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.entry.expected import expectation_findings
from ansible_collections.telephony.pbx.plugins.module_utils.entry.run import run

TODAY = datetime.date(2026, 11, 24)
ALICE_FIRST = {"name": "Alice rings first", "call": "200", "first": ["101"]}
BOB_FIRST = {"name": "Bob rings first", "call": "200", "first": ["102"]}
GROUP = {
    "id": "200",
    "name": "Sales",
    "policy": "regular",
    "members": [
        {"extension": "101", "ring_time": 15, "ring_delay": 0, "huntstop": True, "logged_in": True},
        {"extension": "102", "ring_time": 15, "ring_delay": 0, "huntstop": True, "logged_in": True},
    ],
}
EXTENSIONS = [{"id": "101", "account": 700001}, {"id": "102", "account": 700002}]


def options(*expectations: Any, **others: Any) -> dict[str, Any]:
    return {"extensions": EXTENSIONS, "hunt_groups": [GROUP], "expectations": list(expectations), **others}


def found(*expectations: Any, backend: str = "portaswitch", **others: Any) -> list[tuple[str, str, str]]:
    findings = expectation_findings(options(*expectations, **others), backend, TODAY)
    return [(one.id, one.severity, one.path) for one in findings]


def test_what_is_met_is_no_finding() -> None:
    assert found(ALICE_FIRST) == []


def test_what_is_not_met_is_an_error_with_both_timelines() -> None:
    (one,) = expectation_findings(options(ALICE_FIRST, BOB_FIRST), "portaswitch", TODAY)
    assert (one.id, one.severity, one.path) == ("expectation-not-met", "error", "expectations[1]")
    assert "Bob rings first" in one.message
    assert "expected: " in one.message and "actual: " in one.message
    assert "\n" not in one.message


def test_ignore_rules_makes_a_warning_of_it() -> None:
    assert found(BOB_FIRST, ignore_rules=["expectation-*"]) == [("expectation-not-met", "warning", "expectations[0]")]


@pytest.mark.parametrize(("undecided", "severity"), [("warn", "warning"), ("fail", "error")])
def test_what_the_declaration_leaves_open_is_undecided(undecided: str, severity: str) -> None:
    silent = [{"id": "200", "name": "Sales"}]  # neither policy nor members
    findings = found(BOB_FIRST, hunt_groups=silent, expectations_undecided=undecided)
    assert findings == [("expectation-undecided", severity, "expectations[0]")]


@pytest.mark.parametrize("backend", ["", "portaswitch"])
def test_how_it_is_written_is_checked_without_a_backend_too(backend: str) -> None:
    findings = found({"name": "x", "cal": "200"}, backend=backend, ignore_rules=["*"])
    assert ("expectation", "error", "expectations[0].cal") in findings
    assert {severity for _id, severity, _path in findings} == {"error"}


def test_without_a_backend_nothing_is_said_of_who_rings() -> None:
    assert found(BOB_FIRST, backend="") == []


def test_tenant_validate_fails_where_one_is_not_met() -> None:
    result = run("tenant_validate", {**options(BOB_FIRST), "backend": "portaswitch"}, check_mode=False)
    assert result["failed"] and "Bob rings first" in result["msg"]
    assert [one["id"] for one in result["findings"]] == ["expectation-not-met"]


def test_a_tenant_is_refused_before_its_first_request() -> None:
    connection = {"backend": "portaswitch", "url": "http://127.0.0.1:1", "tenant": "10", "token": "x"}
    result = run("tenant", {**connection, **options(BOB_FIRST)}, check_mode=False, environment={})
    assert result["failed"] and "Bob rings first" in result["msg"]
    assert result["requests"] == 0
