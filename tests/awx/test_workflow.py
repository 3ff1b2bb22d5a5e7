# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workflow: which way it goes after a clean, a drifted and an incomplete audit, and that it applies what was approved."""

from __future__ import annotations

from typing import Any

import pytest

from .jobs import Awx, Job
from .tenants import CLEAN, DRIFTED, hosts, plan_of

SUMMARY = {"tenants": 3, "clean": 3, "drift": 0, "incomplete": 0, "create": 0, "update": 0, "delete": 0}
PLAN = "0123456789abcdef" * 2
# Verdict -> whether the audit job succeeds (drift is no failure of this one), and its artifacts.
AUDITS: dict[str, tuple[bool, dict[str, Any]]] = {
    "clean": (True, {"verdict": "clean", "summary": SUMMARY, "plan_ids": {}}),
    "drift": (True, {"verdict": "drift", "summary": {**SUMMARY, "drift": 1}, "plan_ids": {"bakery": PLAN}}),
    "incomplete": (
        False,
        {"verdict": "incomplete", "summary": {**SUMMARY, "incomplete": 1}, "plan_ids": {"bakery": PLAN}},
    ),
    "no artifacts": (True, {}),
    "incomplete, and green all the same": (
        True,
        {"verdict": "incomplete", "summary": SUMMARY, "plan_ids": {"bakery": PLAN}},
    ),
    "nobody was compared": (True, {"verdict": "clean", "summary": {**SUMMARY, "tenants": 0}, "plan_ids": {}}),
}
# Verdict -> the nodes that ran, and whether the workflow succeeded or waits for approval.
WAYS = {
    "clean": (["Audit", "Gate", "Clean"], "successful"),
    "drift": (["Audit", "Gate", "Approval"], "waits"),
    "incomplete": (["Audit"], "failed"),
    "no artifacts": (["Audit", "Gate", "Clean"], "failed"),
    "incomplete, and green all the same": (["Audit", "Gate", "Clean"], "failed"),
    "nobody was compared": (["Audit", "Gate", "Clean"], "failed"),
}


def walk(awx: Awx, audit: tuple[bool, dict[str, Any]]) -> tuple[list[str], str, dict[str, Job]]:
    """From the first node as far as nobody is asked. As in AWX, a node that fails without a way on fails the workflow."""
    (flow,) = awx.objects["controller_workflows"]
    nodes = {node["identifier"]: node for node in flow["simplified_workflow_nodes"]}
    ok, published = audit
    artifacts = {"pbx_audit": published} if published else {}
    ran, jobs = ["Audit"], {}
    while True:
        node = nodes[ran[-1]]
        following = node.get("success_nodes" if ok else "failure_nodes", [])
        if not following:
            return ran, "successful" if ok else "failed", jobs
        (name,) = following
        ran.append(name)
        if "approval_node" in nodes[name]:
            return ran, "waits", jobs
        title = nodes[name]["unified_job_template"].removeprefix("PBX | ")
        jobs[name] = awx.launch(title, artifacts=artifacts, hosts=hosts(CLEAN))
        ok = jobs[name].status == "successful"


@pytest.mark.parametrize("verdict", AUDITS)
def test_the_way_after_an_audit(awx: Awx, verdict: str) -> None:
    ran, ended, jobs = walk(awx, AUDITS[verdict])
    assert (ran, ended) == WAYS[verdict]
    if verdict == "drift":
        assert "1 tenants wait for approval: bakery plan" in " ".join(jobs["Gate"].stdout.split())


def approved(awx: Awx, plans: dict[str, str]) -> Job:
    audit = {"verdict": "drift", "summary": SUMMARY, "plan_ids": plans}
    return awx.launch("Apply what was approved", artifacts={"pbx_audit": audit}, hosts=hosts(DRIFTED))


def test_what_was_approved_is_applied_and_nothing_else(awx: Awx) -> None:
    plan = plan_of(awx)
    job = approved(awx, {"bakery": plan})
    assert job.status == "successful", job.stdout
    assert plan_of(awx) != plan
    assert awx.vodia.vendor.writes() and not awx.apio.vendor.writes() and not awx.portaswitch.vendor.writes()
    awx.vodia.vendor.reset()


def test_a_plan_that_has_changed_is_not_applied(awx: Awx) -> None:
    before = len(awx.vodia.vendor.writes())
    job = approved(awx, {"bakery": plan_of(awx, "Something else")})
    assert job.status == "failed"
    assert "the plan has changed" in " ".join(job.stdout.split())
    assert len(awx.vodia.vendor.writes()) == before


@pytest.mark.parametrize(
    "audit",
    [
        None,
        {"verdict": "incomplete", "plan_ids": {"bakery": PLAN}},
        {"verdict": "drift", "plan_ids": {}},
        {"verdict": "drift", "plan_ids": {"bakery": "{{ 1 }}"}},
    ],
)
def test_without_plans_of_an_audit_nothing_is_applied(awx: Awx, audit: dict[str, Any] | None) -> None:
    before = len(awx.vodia.vendor.log)
    job = awx.launch("Apply what was approved", artifacts={"pbx_audit": audit} if audit else {}, hosts=hosts(DRIFTED))
    assert job.status == "failed"
    assert "Nothing is applied" in job.stdout
    assert len(awx.vodia.vendor.log) == before
