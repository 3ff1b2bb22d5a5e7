# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of playbooks/example: applied, audited, and undone by the commands that it prints."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from pbx_simulator import VENDORS
from pbx_simulator.server import RunningVendor

from .conftest import TOKENS, Play, Site
from .tenants import APPLY, CLOSING, present

EXAMPLE = Path(__file__).resolve().parents[2] / "playbooks" / "example"
HOSTS = ("bakery", "florist", "hotel", "brussels")


@pytest.fixture
def sites() -> Iterator[dict[str, Site]]:
    """The systems of the tenants, none of which another test has touched."""
    with ExitStack() as stack:
        found = {}
        for name in ("portaswitch", "vodia", "apio"):
            vendor = VENDORS[name]()
            found[name] = Site(name, vendor, stack.enter_context(RunningVendor(vendor)).url)
        yield found


def test_it_is_applied_audited_and_undone(play: Play, sites: dict[str, Site], tmp_path: Path) -> None:
    inventory = copied(tmp_path / "site", sites)
    extra: dict[str, Any] = {"pbx_report_dir": str(tmp_path / "report")}
    before = tenants_of(sites)
    run = play("telephony.pbx.audit", extra, "--inventory", inventory, "telephony.pbx.tenant")
    assert run.returncode == 0, run.output
    assert {host: run.on(host, APPLY).result["verdict"] for host in HOSTS} == dict.fromkeys(HOSTS, "applied")
    audited = json.loads((tmp_path / "report" / "audit.json").read_text())["tenants"]
    assert {one["host"]: one["verdict"] for one in audited} == dict.fromkeys(HOSTS, "clean")
    assert tenants_of(sites) != before
    (tmp_path / "extra.json").write_text(json.dumps(extra))
    lines = [run.on(host, CLOSING).result["msg"][-1] for host in HOSTS]
    undo = [line.removeprefix("To undo this: ") for line in lines]
    undone = play.shell(" && ".join(f"{one} -e @{shlex.quote(str(tmp_path / 'extra.json'))}" for one in undo))
    assert undone.returncode == 0, undone.output
    assert tenants_of(sites) == before


def copied(place: Path, sites: dict[str, Site]) -> str:
    """The inventory of a copy of the example, with what its README tells to write: addresses and credentials."""
    shutil.copytree(EXAMPLE, place)
    for name, site in sites.items():
        variables = place / "inventory" / "group_vars" / f"{name}.yml"
        url = f"{site.url}/api/v01/p1" if name == "apio" else site.url
        text, number = re.subn(r"(?<=^pbx_url: )\S+", url, variables.read_text(), flags=re.MULTILINE)
        assert number == 1
        variables.write_text(text)
    vault = place / "inventory" / "group_vars" / "all" / "vault.yml"
    credentials = iter([TOKENS["portaswitch"], "LICENCE-0002", "demo-password", TOKENS["apio"]])
    vault.write_text(
        re.sub(r"\bchange-me\b(?=$)", lambda _found: next(credentials), vault.read_text(), flags=re.MULTILINE)
    )
    assert next(credentials, None) is None
    return str(place / "inventory")


def test_a_copy_finds_its_schema() -> None:
    files = sorted((EXAMPLE / "inventory" / "host_vars").glob("*.yml"))
    found = [re.findall(r"\$schema=(\S+)$", path.read_text(), flags=re.MULTILINE) for path in files]
    assert [(path.parent / one).resolve() for path, (one,) in zip(files, found)] == [
        EXAMPLE / "host_vars.schema.json" for _host in HOSTS
    ]


def tenants_of(sites: dict[str, Site]) -> list[dict[str, Any]]:
    """What is there, of all hosts of the example."""
    found = [present(site) for site in sites.values()]
    return [*found, present(sites["portaswitch"], tenant="20", token="LICENCE-0002")]
