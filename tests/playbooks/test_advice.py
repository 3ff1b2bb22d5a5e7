# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The advice in a real run of ansible-playbook, with dates and `off` as YAML reads them."""

from __future__ import annotations

import pytest

from .conftest import Play, Run, Site


@pytest.fixture(scope="module")
def run(vodia: Site, play: Play) -> Run:
    done = play("advice.yml", vodia.variables)
    assert done.returncode == 0, done.output
    return done


def found(run: Run, task: str) -> dict[tuple[str, str], str]:
    return {(one["id"], one["path"]): one["message"] for one in run[task].result["findings"]}


def test_a_premium_number_whose_waiver_has_expired_is_reported(run: Run) -> None:
    told = found(run, "Advice")
    assert "expired on 2020-06-30" in told["premium-number", "hunt_groups/1990"]
    assert ("few-members", "hunt_groups/1990") not in told


def test_in_check_mode_the_tenant_module_looks_at_the_live_state(run: Run, vodia: Site) -> None:
    told = found(run, "Compare")
    assert ("few-members", "hunt_groups/1990") in told
    assert not [one for one in told if one[0] == "premium-number"]
    assert run["Compare"].result["verdict"] == "clean"
    assert vodia.writes_during(run["Compare"]) == []


def test_a_malformed_waiver_is_one_error_before_the_first_request(run: Run, vodia: Site) -> None:
    task = run["Malformed"]
    assert task.failed and task.result["msg"].startswith("advice_waivers[0].expires: is missing")
    assert vodia.requests_during(task) == []
