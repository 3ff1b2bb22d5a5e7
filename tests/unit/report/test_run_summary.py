# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines at the end of a run: counts, what is wrong, what changed, and how to undo it."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.report.run_summary import Place, run_summary

HERE = Place("bakery", ["inventory", "more hosts.yml"])
SUMMARY = {"create": 1, "update": 2, "delete": 0, "unchanged": 3, "failed": 0, "skipped": 0, "unmanaged": 4}
STEP = {"resource": "hunt_group", "id": "200", "name": "Sales", "action": "update", "changes": {}}


def finding(severity: str, number: int = 1, hint: str = "") -> dict[str, Any]:
    return {"id": "rule", "severity": severity, "path": f"hunt_groups[{number}]", "message": "odd", "hint": hint}


def result(**more: Any) -> dict[str, Any]:
    return {"verdict": "applied", "summary": SUMMARY, "requests": 7, "seconds": 1.26, "plan": [], **more}


def test_the_first_line_has_verdict_counts_requests_and_time() -> None:
    (line,) = run_summary(result(), HERE)
    counts = "1 created, 2 updated, 0 deleted, 3 unchanged, 0 failed, 0 not begun, 4 not declared"
    assert line == f"bakery: applied: {counts}; 7 requests; 1.3 s"


def test_a_plan_that_was_not_applied_is_told_as_one() -> None:
    (line, *_leaves) = run_summary(result(verdict="drift", plan=[{**STEP, "status": "planned"}]), HERE)
    assert line.startswith("bakery: drift: 1 to create, 2 to update, 0 to delete, 3 unchanged, ")


def test_nothing_but_zeros_is_known_of_a_run_that_did_not_begin() -> None:
    counts = "0 created, 0 updated, 0 deleted, 0 unchanged, 0 failed, 0 not begun, 0 not declared"
    assert run_summary({}, HERE) == [f"bakery: incomplete: {counts}; 0 requests"]


def test_errors_and_warnings_follow_with_their_cures_five_of_each() -> None:
    found = [finding("warning", hint="mend it"), *(finding("error", number) for number in range(7)), finding("info")]
    assert run_summary(result(findings=found), HERE)[1:] == [
        *(f"error: hunt_groups[{number}]: odd [rule]" for number in range(5)),
        "and 2 more of severity error",
        "warning: hunt_groups[1]: odd; mend it [rule]",
    ]


def test_the_message_of_a_failure_stands_for_its_errors() -> None:
    failed = result(failed=True, msg="it is odd", findings=[finding("error"), finding("warning")])
    assert run_summary(failed, HERE)[1:] == ["it is odd", "warning: hunt_groups[1]: odd [rule]"]


@pytest.mark.parametrize(
    ("journal", "variable"),
    [
        ("/var/j/portaswitch-10.json", "pbx_restore_from=/var/j/portaswitch-10.json"),
        ("/my files/j.json", "{pbx_restore_from: /my files/j.json}"),
    ],
)
def test_the_command_that_undoes_it_can_be_copied(journal: str, variable: str) -> None:
    line = run_summary(result(journal=journal), HERE)[-1]
    command = [
        "ansible-playbook",
        "-i",
        "inventory",
        "-i",
        "more hosts.yml",
        "telephony.pbx.restore",
        "--limit",
        "bakery",
    ]
    assert shlex.split(line.removeprefix("To undo this: ")) == [*command, "-e", variable]


def test_in_awx_a_job_template_undoes_it() -> None:
    told = "To undo this: launch the job template {} with limit bakery, pbx_restore_from: {}"
    artifacts = "a file with what pbx_journals of the artifacts of job 7 has for this host"
    done = result(journal="/state/j.json")
    assert run_summary(done, Place("bakery", job="7"))[-1] == told.format("PBX | Restore", artifacts)
    kept = Place("bakery", job="7", restore_template="Undo", keeps_files=True)
    assert run_summary(done, kept)[-1] == told.format("Undo", "/state/j.json")


def test_what_changed_nothing_needs_no_undo() -> None:
    assert not [line for line in run_summary(result(verdict="clean"), HERE) if "undo" in line]
