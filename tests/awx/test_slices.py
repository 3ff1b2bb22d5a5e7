"""A fleet in slices, as AWX cuts an inventory: every tenant once, empty slices, a slice that is run again, merged reports."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .jobs import Awx, Job, slice_of
from .tenants import CONNECTIONS

SLICES = 3
TENANTS = 7


def fleet(count: int) -> dict[str, Any]:
    """Hosts that each look after one hunt group of the same domain."""
    groups = ["1002", "1003", "1004"]
    return {
        f"tenant{number:05}": {
            **CONNECTIONS["bakery"],
            "pbx_username": "admin",
            "pbx_password": "{{ lookup('ansible.builtin.env', 'FLEET_PASSWORD') }}",
            "pbx_hunt_groups": [{"id": groups[number % len(groups)], "name": f"Desk {number % len(groups)}"}],
        }
        for number in range(count)
    }


@pytest.mark.parametrize(("tenants", "slices"), [(10_000, 16), (10_000, 7), (3, 5), (0, 4)])
def test_every_tenant_is_in_one_slice(tenants: int, slices: int) -> None:
    hosts = fleet(tenants)
    parts = [slice_of(hosts, number, slices) for number in range(1, slices + 1)]
    assert sorted(name for part in parts for name in part) == sorted(hosts)
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def run(awx: Awx, template: str, hosts: dict[str, Any], place: Path, number: int) -> Job:
    report = {"pbx_report_dir": str(place / f"slice{number}"), "pbx_report_formats": ["json"]}
    answers = report if template == "Audit" else {"pbx_state_dir": str(place)}
    return awx.launch(template, answers, hosts=hosts, FLEET_PASSWORD="demo-password")


def test_slices_apply_each_tenant_once_and_a_second_run_touches_what_is_left(awx: Awx, tmp_path: Path) -> None:
    hosts = fleet(TENANTS)
    first, second, third = (slice_of(hosts, number, SLICES) for number in (1, 2, 3))
    jobs = [run(awx, "Apply", first, tmp_path, 1), run(awx, "Apply", second, tmp_path, 2)]
    assert [job.status for job in jobs] == ["successful"] * 2, jobs[0].stdout
    assert [sorted(job.counts["ok"]) for job in jobs] == [sorted(first), sorted(second)]
    written = len(awx.vodia.vendor.writes())
    # The third slice never ran. The whole job is launched again.
    again = [run(awx, "Apply", slice_of(hosts, number, SLICES), tmp_path, number) for number in (1, 2, 3)]
    assert [job.status for job in again] == ["successful"] * SLICES
    changed = [host for job in again for host in job.counts["changed"]]
    assert len(awx.vodia.vendor.writes()) >= written
    assert set(changed) <= set(third)


def test_reports_of_slices_merge_into_one(awx: Awx, tmp_path: Path) -> None:
    hosts = fleet(TENANTS)
    jobs = [run(awx, "Audit", slice_of(hosts, number, SLICES), tmp_path, number) for number in range(1, SLICES + 1)]
    reports = [json.loads((tmp_path / f"slice{number}" / "audit.json").read_text()) for number in range(1, SLICES + 1)]
    assert len(jobs) == len(reports)
    found = [tenant["host"] for report in reports for tenant in report["tenants"]]
    assert sorted(found) == sorted(hosts)
    sources = [str(tmp_path / f"slice{number}" / "audit.json") for number in range(1, SLICES + 1)]
    (tmp_path / "merge.json").write_text(
        json.dumps({"pbx_report_sources": sources, "pbx_report_dir": str(tmp_path / "all"), "pbx_fail_on_drift": False})
    )
    program = Path(sys.executable).with_name("ansible-playbook")
    command = [str(program), "-e", "@merge.json", "telephony.pbx.report_merge"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    merged = json.loads((tmp_path / "all" / "audit.json").read_text())
    assert sorted(tenant["host"] for tenant in merged["tenants"]) == sorted(hosts)
    assert merged["summary"]["tenants"] == TENANTS
