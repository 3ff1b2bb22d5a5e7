# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real modules, as Ansible packs and ships them to another host, or runs them in the background."""

from __future__ import annotations

import pytest

from .conftest import Play, Run, Site


@pytest.fixture(scope="module")
def shipped(portaswitch: Site, play: Play) -> Run:
    return play("shipped.yml", portaswitch.variables, "-vvvv", "--diff")


def test_ends_well(shipped: Run) -> None:
    assert shipped.returncode == 0, shipped.output


@pytest.mark.parametrize("name", ["Check", "Create", "Create again", "Read", "Refused"])
def test_ran_as_a_module(shipped: Run, name: str) -> None:
    assert shipped[name].host == "elsewhere"
    assert "/AnsiballZ_hunt_group" in shipped.printed(name)


def test_has_the_results_of_a_local_run(shipped: Run, portaswitch: Site) -> None:
    check, create, again = (shipped[name] for name in ("Check", "Create", "Create again"))
    assert [task.result["verdict"] for task in (check, create, again)] == ["drift", "applied", "clean"]
    assert portaswitch.writes_during(check) == []
    assert create.diff == check.diff != ""
    (group,) = shipped["Read"].result["hunt_groups"]
    assert group == create.result["hunt_group"]
    assert (group["policy"], group["members"][0]["huntstop"]) == ("least_used", True)


def test_refuses_in_one_line(shipped: Run) -> None:
    message = shipped["Refused"].result["msg"]
    assert message.startswith("hunt_group 220: overflow_to: the portaswitch backend cannot express it")
    assert "\n" not in message


def test_runs_in_the_background(shipped: Run) -> None:
    assert "/AnsiballZ_hunt_group.py" in shipped.printed("Change in the background")
    assert shipped["Change in the background"].result["verdict"] == "applied"
    (group,) = shipped["Read in the background"].result["hunt_groups"]
    assert group["members"] == []


def test_the_licence_is_nowhere(shipped: Run, portaswitch: Site) -> None:
    assert portaswitch.variables["token"] not in shipped.output
    assert portaswitch.variables["token"] not in str([task.result for task in shipped.tasks])
