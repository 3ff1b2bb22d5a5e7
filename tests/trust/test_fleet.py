# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet in slices, as AWX runs it: an inventory of 10,000 tenants, and a run of which one slice is killed.

A full run has 200 tenants in 4 slices, the sample 6 in 3.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from flask import Response

from ansible_collections.telephony.pbx.tests.awx.conftest import PROJECT, objects
from ansible_collections.telephony.pbx.tests.awx.jobs import Awx, Job, slice_of
from ansible_collections.telephony.pbx.tests.benchmarks import fleets
from ansible_collections.telephony.pbx.tests.trust import figures
from pbx_simulator import VENDORS
from pbx_simulator.server import RunningVendor

__all__ = ["objects"]  # a fixture
Values = dict[str, Any]
SUITE = "Fleet"
LISTED = 10_000 if figures.FULL else 500
TENANTS, SLICES = (200, 4) if figures.FULL else (6, 3)
KILLED = 2  # the slice; at so many of its writes:
WRITES = TENANTS // SLICES // 2


@pytest.mark.parametrize("slices", [7, 16])
def test_an_inventory_is_sliced_with_every_tenant_once(tmp_path: Path, slices: int) -> None:
    """Parsed by Ansible, from the file of the project that AWX reads."""
    hosts = {f"tenant{place:05}": {"pbx_tenant": str(1000 + place)} for place in range(LISTED)}
    file = tmp_path / "tenants.yml"
    file.write_text(yaml.safe_dump({"all": {"children": {"portaswitch": {"hosts": hosts}}}}))
    found = {host.name: host.vars for host in InventoryManager(DataLoader(), str(file)).get_hosts()}
    parts = [slice_of(found, number, slices) for number in range(1, slices + 1)]
    assert Counter(name for part in parts for name in part) == Counter(list(hosts))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
    assert all(found[name]["pbx_tenant"] == hosts[name]["pbx_tenant"] for name in hosts)
    figures.greatest(SUITE, "tenants of an inventory that was parsed and cut, each in one slice", len(found))


class Fleet:
    """Tenants on one PortaSwitch, each with one group that is to be renamed."""

    def __init__(self, place: Path, definitions: Values, vendors: list[RunningVendor]) -> None:
        self.awx = Awx(place, PROJECT, definitions, vendors)
        self.place, self.vendor = place, vendors[0].vendor
        self.vendor.state, hosts = fleets.fleet(TENANTS)
        self.hosts = {
            name: {**values, "pbx_backend": "portaswitch", "pbx_rate_limit": 0, "pbx_hunt_groups": _renamed(values)}
            for name, values in hosts.items()
        }

    def run(self, template: str, number: int) -> Job:
        report = {"pbx_report_dir": str(self.place / f"slice{number}"), "pbx_report_formats": ["json"]}
        answers = report if template == "Audit" else {"pbx_state_dir": str(self.place)}
        return self.awx.launch(template, answers, hosts=slice_of(self.hosts, number, SLICES))

    def kill_at_write(self, number: int) -> None:
        """The next job ends at this write, which the server still carries out. It gets no other one of this job."""
        answer, writes = self.vendor.answer, iter(range(1, number + 1))

        def answered() -> Any:
            if self.vendor.log[-1]["write"] and next(writes, 0) == number:
                self.awx.kill()
                self.vendor.answer = lambda: Response(status=503)  # type: ignore[method-assign]
            return answer()

        self.vendor.answer = answered  # type: ignore[method-assign]

    @property
    def written(self) -> int:
        """How many writes the server has carried out."""
        return sum(entry["status"] == 200 for entry in self.vendor.writes())

    @property
    def names(self) -> Counter[str]:
        customers = self.vendor.state["customers"]
        return Counter(
            group["name"] for host in self.hosts.values() for group in customers[host["pbx_tenant"]]["groups"].values()
        )


def _renamed(values: Values) -> list[Values]:
    first, *others = values["pbx_hunt_groups"]
    return [{**first, "name": "Front desk"}, *others]


@pytest.fixture
def fleet(tmp_path: Path, objects: Values) -> Iterator[Fleet]:
    with (
        RunningVendor(VENDORS["portaswitch"]()) as portaswitch,
        RunningVendor(VENDORS["vodia"]()) as vodia,
        RunningVendor(VENDORS["apio"]()) as apio,
    ):
        yield Fleet(tmp_path, objects, [portaswitch, vodia, apio])


@pytest.mark.release
def test_a_slice_that_was_killed_is_run_again_and_the_reports_merge(fleet: Fleet) -> None:
    started = time.monotonic()
    fleet.vendor.log = []
    for number in range(1, SLICES + 1):
        if number == KILLED:
            fleet.kill_at_write(WRITES)
        job = fleet.run("Apply", number)
        fleet.vendor.__dict__.pop("answer", None)
        assert job.status == ("error" if number == KILLED else "successful"), job.stdout[-2000:]
    assert fleet.written < TENANTS
    again = [fleet.run("Apply", number) for number in range(1, SLICES + 1)]  # the whole job, as AWX relaunches it
    assert [job.status for job in again] == ["successful"] * SLICES
    changed = {host for job in again for host in job.counts["changed"]}
    assert changed <= set(slice_of(fleet.hosts, KILLED, SLICES))
    assert fleet.names["Front desk"] == TENANTS
    assert fleet.written == TENANTS, "a tenant was written twice, or never"
    merged = _audited(fleet)
    assert Counter(tenant["host"] for tenant in merged["tenants"]) == Counter(list(fleet.hosts))
    assert (merged["verdict"], merged["summary"]["clean"]) == ("clean", TENANTS)
    figures.greatest(SUITE, "tenants applied in slices, one of which was killed and run again", TENANTS)
    figures.greatest(SUITE, "slices of them", SLICES)
    figures.greatest(SUITE, "seconds for apply, apply again and audit of them", round(time.monotonic() - started))


def _audited(fleet: Fleet) -> Values:
    """The merged report of an audit of each slice."""
    assert all(fleet.run("Audit", number).status == "successful" for number in range(1, SLICES + 1))
    sources = [str(fleet.place / f"slice{number}" / "audit.json") for number in range(1, SLICES + 1)]
    options = {"pbx_report_sources": sources, "pbx_report_dir": str(fleet.place / "all")}
    (fleet.place / "merge.json").write_text(json.dumps({**options, "pbx_report_formats": ["json"]}))
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    command = [program, "-e", "@merge.json", "telephony.pbx.report_merge"]
    done = subprocess.run(command, cwd=fleet.place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    merged: Values = json.loads((fleet.place / "all" / "audit.json").read_text())
    return merged
