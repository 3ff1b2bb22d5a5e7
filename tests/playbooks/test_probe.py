# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""telephony.pbx.probe writes a file for each tenant, and telephony.pbx.simulator says why it does not start."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import yaml

from pbx_simulator import VENDORS
from pbx_simulator.server import RunningVendor

from .conftest import Play
from .tenants import CONNECTIONS, SECRETS


def test_a_file_for_each_tenant(play: Play, tmp_path: Path) -> None:
    vendors = {name: VENDORS[name]() for name in VENDORS}
    with ExitStack() as stack:
        hosts = {}
        for name, vendor in vendors.items():
            url = stack.enter_context(RunningVendor(vendor)).url + ("/api/v01/p1" if name == "apio" else "")
            connection = {"backend": name, "url": url, **CONNECTIONS[name]}
            hosts[name] = {f"pbx_{option}": value for option, value in connection.items()}
        (tmp_path / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
        extra = {"pbx_probe_directory": str(tmp_path / "probe")}
        run = play("telephony.pbx.probe", extra, "--inventory", str(tmp_path / "hosts.yml"))
    assert run.returncode == 0, run.output
    assert not [entry for vendor in vendors.values() for entry in vendor.writes()]
    for name in vendors:
        text = (tmp_path / "probe" / f"{name}.json").read_text()
        assert json.loads(text)["passed"] is True and json.loads(text)["backend"] == name
        assert not [secret for secret in SECRETS if secret in text]
        assert "everything was read and understood" in run.on(name, "Say what was found").result["msg"][0]


def test_a_simulator_that_cannot_start_says_why(play: Play, tmp_path: Path) -> None:
    (tmp_path / "start.yml").write_text(
        yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "roles": ["telephony.pbx.simulator"]}])
    )
    run = play(str(tmp_path / "start.yml"), {"simulator_seed": str(tmp_path / "none.json")})
    (failed,) = run.failures("localhost")
    assert failed.result["msg"].startswith("The seed file (simulator_seed) cannot be read")
