# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A loop over one module, as `ansible-playbook` runs it: how many requests its items send together."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.backends.contract import FRESH_SECONDS
from pbx_simulator.portaswitch_pages import account

from .conftest import Play, Run, Site, Task

ITEMS = 15
LISTS = 2  # extensions and hunt groups
BESIDES = 3  # requests of a loop that do not grow with its items


@pytest.fixture(scope="module")
def looped(portaswitch: Site, play: Play) -> Run:
    accounts = portaswitch.vendor.state["customers"]["10"]["accounts"]
    accounts.update({str(800000 + n): account(800000 + n, f"3227{n:04}", "Desk", str(n)) for n in range(ITEMS)})
    extensions = [{"id": str(600 + n), "name": f"Desk {n}", "account": 800000 + n} for n in range(ITEMS)]
    return play("loop.yml", {**portaswitch.variables, "extensions": extensions})


def besides(portaswitch: Site, task: Task, per_item: int) -> int:
    """Requests that do not grow with the items. On a slow machine lists are read again when they are no longer fresh."""
    assert not task.failed, task.result
    again = LISTS * int((task.ended - task.started) / FRESH_SECONDS)
    return len(portaswitch.requests_during(task)) - per_item * ITEMS - again


def test_a_new_item_costs_a_write_and_a_read(portaswitch: Site, looped: Run) -> None:
    assert len(portaswitch.writes_during(looped["Create"])) == ITEMS
    assert besides(portaswitch, looped["Create"], per_item=2) <= BESIDES


def test_a_loop_over_what_is_there_reads_the_lists_once(portaswitch: Site, looped: Run) -> None:
    task: Task = looped["Again"]
    results: list[dict[str, Any]] = task.result["results"]
    assert [one["changed"] for one in results] == [False] * ITEMS
    assert besides(portaswitch, task, per_item=0) <= BESIDES


def test_a_short_run_tells_of_no_progress(looped: Run) -> None:
    assert "objects written" not in looped.output and "objects read" not in looped.output
