# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory of playbooks/example: applied, audited, and undone by the commands that it prints."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pbx_simulator import VENDORS, Vendor
from pbx_simulator.server import RunningVendor

from .conftest import TOKENS, Play
from .tenants import APPLY, CLOSING, REPORT

EXAMPLE = Path(__file__).resolve().parents[2] / "playbooks" / "example" / "inventory"
HOSTS = ("bakery", "florist", "hotel", "brussels")


@pytest.fixture
def vendors() -> Iterator[dict[str, tuple[Vendor, str]]]:
    made = {name: VENDORS[name]() for name in ("portaswitch", "vodia", "apio")}
    with (
        RunningVendor(made["portaswitch"]) as portaswitch,
        RunningVendor(made["vodia"]) as vodia,
        RunningVendor(made["apio"]) as apio,
    ):
        urls = {"portaswitch": portaswitch.url, "vodia": vodia.url, "apio": f"{apio.url}/api/v01/p1"}
        yield {name: (made[name], url) for name, url in urls.items()}


def test_it_is_applied_audited_and_undone(play: Play, vendors: dict[str, tuple[Vendor, str]], tmp_path: Path) -> None:
    extra: dict[str, Any] = {
        "simulated": {name: url for name, (_vendor, url) in vendors.items()},
        "pbx_url": "{{ simulated[pbx_backend] }}",
        "vault_portaswitch_licenses": {"bakery": TOKENS["portaswitch"], "florist": "LICENCE-0002"},
        "vault_vodia_password": "demo-password",
        "vault_apio_machine_token": TOKENS["apio"],
    }
    before = {name: people_see(vendor) for name, (vendor, _url) in vendors.items()}
    run = play("telephony.pbx.audit", extra, "--inventory", str(EXAMPLE), "telephony.pbx.tenant")
    assert run.returncode == 0, run.output
    assert {host: run.on(host, APPLY).result["verdict"] for host in HOSTS} == dict.fromkeys(HOSTS, "applied")
    assert {host: run.on(host, REPORT).result["msg"] for host in HOSTS} == {host: [f"{host}: clean"] for host in HOSTS}
    (tmp_path / "extra.json").write_text(json.dumps(extra))
    lines = [run.on(host, CLOSING).result["msg"][-1] for host in HOSTS]
    undo = [line.removeprefix("To undo this: ") for line in lines]
    undone = play.shell(" && ".join(f"{one} -e @{shlex.quote(str(tmp_path / 'extra.json'))}" for one in undo))
    assert undone.returncode == 0, undone.output
    assert {name: people_see(vendor) for name, (vendor, _url) in vendors.items()} == before


def people_see(vendor: Vendor) -> Any:
    """The state of a vendor that matters to its users: without sessions and what only counts."""
    return json.loads(json.dumps(vendor.state))
