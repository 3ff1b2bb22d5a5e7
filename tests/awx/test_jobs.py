# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every shipped template, started as AWX starts it, against the simulated vendors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .jobs import MAX_EVENT_RES, SECRETS, Awx, Job
from .tenants import AWAY, CLEAN, DRIFTED, hosts, plan_of

Values = dict[str, Any]
HOSTILE = "{{ lookup('ansible.builtin.env', 'PBX_PORTASWITCH_TOKEN') }}{% raw %}"


def is_discreet(job: Job) -> None:
    assert not [secret for secret in SECRETS if secret in job.text]
    assert len(json.dumps(job.artifacts)) < 100_000
    assert max(len(json.dumps(event)) for event in job.events) < MAX_EVENT_RES


@pytest.fixture(scope="module")
def audits(awx: Awx) -> dict[str, Job]:
    found = {"clean": CLEAN, "drift": DRIFTED, "incomplete": AWAY}
    return {verdict: awx.launch("Audit", hosts=hosts(declared)) for verdict, declared in found.items()}


@pytest.mark.parametrize("verdict", ["clean", "drift", "incomplete"])
def test_the_status_of_an_audit_follows_its_verdict(audits: dict[str, Job], verdict: str) -> None:
    job = audits[verdict]
    assert job.status == ("successful" if verdict == "clean" else "failed"), job.stdout
    is_discreet(job)


@pytest.mark.parametrize("verdict", ["clean", "drift", "incomplete"])
def test_the_artifacts_of_an_audit_hold_verdict_and_counts(audits: dict[str, Job], verdict: str) -> None:
    found = audits[verdict].artifacts["pbx_audit"]
    counts = {name: found["summary"][name] for name in ("tenants", "clean", "drift", "incomplete")}
    expected = {"clean": (3, 0, 0), "drift": (1, 2, 0), "incomplete": (2, 0, 1)}[verdict]
    assert found["verdict"] == verdict
    assert counts == dict(zip(counts, (3, *expected)))
    assert set(found["plan_ids"]) == ({"bakery", "florist"} if verdict == "drift" else set())


def test_an_audit_writes_nothing(awx: Awx, audits: dict[str, Job]) -> None:
    assert [vendor.vendor.writes() for vendor in (awx.portaswitch, awx.vodia, awx.apio)] == [[], [], []]


def test_drift_is_no_failure_where_the_survey_says_so(awx: Awx) -> None:
    job = awx.launch("Audit", {"pbx_fail_on_drift": "false"}, hosts=hosts(DRIFTED))
    assert (job.status, job.artifacts["pbx_audit"]["verdict"]) == ("successful", "drift")


def test_an_empty_inventory_is_no_clean_audit(awx: Awx) -> None:
    assert awx.launch("Audit", hosts={}).status == "failed"


def test_export_reads_every_tenant(awx: Awx, tmp_path: Path) -> None:
    declared = {host: {**values, "pbx_export_directory": str(tmp_path)} for host, values in CLEAN.items()}
    wanted = awx.template("Export")["extra_vars"]
    assert wanted["pbx_export_directory"] == "exports"
    job = awx.launch("Export", {"pbx_export_directory": str(tmp_path)}, hosts=hosts(declared))
    assert job.status == "successful", job.stdout
    assert {path.stem for path in tmp_path.iterdir()} == set(CLEAN)
    is_discreet(job)


def test_hostile_text_of_a_survey_stays_text(awx: Awx) -> None:
    job = awx.launch("Restore", {"pbx_restore_from": HOSTILE}, hosts=hosts(CLEAN), limit="bakery")
    assert job.status == "failed"
    assert "there is no file" in job.stdout
    is_discreet(job)


def test_apply_then_restore_with_a_state_directory(awx: Awx, tmp_path: Path) -> None:
    state = {"pbx_state_dir": str(tmp_path)}
    before = plan_of(awx)
    applied = awx.launch("Apply", state, hosts=hosts(DRIFTED), limit="bakery")
    assert applied.status == "successful", applied.stdout
    is_discreet(applied)
    assert plan_of(awx) != before
    assert list(tmp_path.rglob("*.json")), "the journal is not in the state directory"
    restored = awx.launch("Restore", {**state, "pbx_restore_from": "last"}, hosts=hosts(DRIFTED), limit="bakery")
    assert restored.status == "successful", restored.stdout
    assert plan_of(awx) == before
    for job in (applied, restored):
        assert "pbx_journals" not in job.artifacts and "is lost with the container" not in job.stdout.replace("\n", " ")


def test_a_state_directory_that_is_not_there_is_told_before_the_first_write(awx: Awx, tmp_path: Path) -> None:
    writes = len(awx.vodia.vendor.writes())
    state = {"pbx_state_dir": str(tmp_path / "not-mounted")}
    job = awx.launch("Apply", state, hosts=hosts(DRIFTED), limit="bakery")
    assert job.status == "failed"
    assert "pbx_state_dir" in job.stdout and "not-mounted" in job.stdout
    assert len(awx.vodia.vendor.writes()) == writes


def test_without_a_state_directory_the_journal_is_in_the_artifacts(awx: Awx) -> None:
    job = awx.launch("Apply", hosts=hosts(DRIFTED), limit="bakery")
    assert job.status == "successful", job.stdout
    has_its_journal_in_the_artifacts(job)
    assert "launch the job template PBX | Restore with limit bakery" in job.stdout
    awx.vodia.vendor.reset()


def has_its_journal_in_the_artifacts(job: Job) -> Values:
    assert "is lost with the container" in job.stdout.replace("\n", " ")
    (journal,) = job.artifacts["pbx_journals"].values()
    assert (journal["kind"], journal["host"]) == ("journal", "bakery")
    is_discreet(job)
    return journal


def test_a_restore_without_a_state_directory_keeps_its_journal_too(awx: Awx, tmp_path: Path) -> None:
    """It names the template of the site: its prefix may be another one."""
    state = {"pbx_state_dir": str(tmp_path)}
    assert awx.launch("Apply", state, hosts=hosts(DRIFTED), limit="bakery").status == "successful"
    (file,) = tmp_path.rglob("*.json")
    answers = {"pbx_restore_from": str(file), "pbx_awx_restore_template": "Voice | Restore"}
    job = awx.launch("Restore", answers, hosts=hosts(DRIFTED), limit="bakery")
    assert job.status == "successful", job.stdout
    journal = has_its_journal_in_the_artifacts(job)
    assert journal["objects"] != json.loads(file.read_text())["objects"]
    assert "launch the job template Voice | Restore with limit bakery" in job.stdout


def test_an_approval_that_hands_on_no_plan_applies_nothing(awx: Awx) -> None:
    writes = len(awx.vodia.vendor.writes())
    job = awx.launch("Apply", {"pbx_expect_plan": ""}, hosts=hosts(DRIFTED), limit="bakery")
    assert job.status == "failed"
    assert "expect_plan: is empty" in job.stdout
    assert len(awx.vodia.vendor.writes()) == writes
