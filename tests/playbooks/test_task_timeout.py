# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task whose `timeout` is over in the middle of a run says what was done, and where the journal is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pbx_simulator.core import Fault

from .conftest import Play, Site

NEVER = 300.0  # s; nobody waits for it


@pytest.fixture(scope="module")
def result(play: Play, vodia: Site) -> dict[str, Any]:
    vodia.vendor.faults.append(Fault("latency", match="1004", writes_only=True, times=None, seconds=NEVER))
    run = play("timeout.yml", vodia.variables)
    assert run.returncode == 2
    (failure,) = run.failures("localhost")
    return failure.result


def test_the_plan_and_the_journal_are_told(result: dict[str, Any]) -> None:
    assert [step["id"] for step in result["plan"]] == ["1003", "1004"]
    assert result["verdict"] == "incomplete"
    assert "timeout" in result["msg"]
    journal = json.loads(Path(result["journal"]).read_text())
    assert [group["name"] for group in journal["objects"]["hunt_groups"]] == ["Hunt_2", "Hunt_3"]


def test_what_was_sent_is_told(result: dict[str, Any], vodia: Site) -> None:
    assert vodia.vendor.writes()
    assert result["changed"]
    assert [step["id"] for step in result["plan"] if step["status"] == "planned"] == []
