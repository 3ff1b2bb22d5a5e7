# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task whose `timeout` is over in the middle of a run says what was done, and where the journal is."""

from __future__ import annotations

import json
from pathlib import Path

from pbx_simulator.core import Fault

from .conftest import Play, Site


def test_the_plan_and_the_journal_are_told(play: Play, vodia: Site) -> None:
    never = 300.0  # s; nobody waits for it
    vodia.vendor.faults.append(Fault("latency", match="1004", writes_only=True, times=None, seconds=never))
    run = play("timeout.yml", vodia.variables)
    assert run.returncode == 2
    (failure,) = run.failures("localhost")
    result = failure.result
    assert [(step["id"], step["status"]) for step in result["plan"]][0] == ("1003", "done")
    assert result["plan"][1]["id"] == "1004"
    assert (result["verdict"], result["changed"]) == ("incomplete", True)
    assert "timeout" in result["msg"]
    journal = json.loads(Path(result["journal"]).read_text())
    assert [group["name"] for group in journal["objects"]["hunt_groups"]] == ["Hunt_2", "Hunt_3"]
