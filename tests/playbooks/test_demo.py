# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook telephony.pbx.demo."""

from __future__ import annotations

import json
import re
from pathlib import Path

from .conftest import Play


def test_tells_the_whole_story(play: Play, tmp_path: Path) -> None:
    run = play("telephony.pbx.demo", {"pbx_report_dir": str(tmp_path)})
    assert run.returncode == 0, run.output
    table = [" ".join(line.split()) for line in re.findall(r'^ *"(.+)",?$', run.output, re.MULTILINE)][-5:]
    assert [re.sub(r" \d+$", "", line) for line in table] == [
        "vendor group first run second run drift found last run requests",
        "portaswitch 200 update unchanged members[102] repaired",
        "portaswitch 210 create unchanged none unchanged",
        "vodia 1002 update unchanged members[446], members[445], settings.st1_dur repaired",
        "apio APIOTestHuntGroup@sip.netaxis.be update unchanged policy, overflow_to repaired",
    ]
    audit = json.loads((tmp_path / "audit.json").read_text())
    assert {one["host"]: one["verdict"] for one in audit["tenants"]} == dict.fromkeys(
        ("bakery", "hotel", "choir"), "drift"
    )
    bakery, _choir, hotel = audit["tenants"]
    assert "299" in [one["id"] for one in bakery["unmanaged"]]
    assert [one["status"] for one in hotel["expectations"]] == ["failed"]
    assert f"report: {tmp_path / 'audit.html'}" in run.output
    assert "\nhunt_group 1002 (Front desk): settings.st1_dur: 40 -> 10\n" in run.output


def test_stops_the_simulator_when_something_fails(play: Play) -> None:
    run = play("telephony.pbx.demo", {"portaswitch_license": "wrong"})  # `play` itself looks for what is left
    assert run.returncode == 2
    assert "TASK [Stop the simulator after a failure]" in run.output
    assert "check token (the License)" in run.output
