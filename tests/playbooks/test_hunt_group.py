# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a hunt group on each vendor, from a playbook: one ansible-playbook process for each."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Play, Run, Site

VERDICTS = {
    "Create": "applied",
    "Create again": "clean",
    "Check": "drift",
    "Update": "applied",
    "Audit": "drift",
    "Repair": "applied",
    "Check removal": "drift",
    "Remove": "applied",
    "Remove again": "clean",
}
WITHOUT_WRITES = ["Create again", "Check", "Audit", "Read", "Check removal", "Remove again", "Read all"]

# What the diff says of the group, without the name of the group.
UPDATE = {
    "portaswitch": [
        "name: Night -> Night desk",
        "members[101].ring_time: 10 -> 15",
        'members[102]: (none) -> {"extension": "102"}',
        "settings.PickupAllowed: Y -> N",
    ],
    "vodia": [
        "name: Night -> Night desk",
        'overflow_to: "" -> 8572665588',
        'members[445]: {"extension": "445", "stage": 2} -> (none)',
        'members[446]: (none) -> {"extension": "446", "stage": 2}',
        "settings.st1_dur: 10 -> 15",
    ],
    "apio": [
        'overflow_to: "" -> +32470123456',
        "overflow_after: 0 -> 25",
        'phone_number: "" -> 026127000',
        'members.order: ["ApioUserTest@sip.netaxis.be", "ApioUserTest1@sip.netaxis.be"]'
        ' -> ["ApioUserTest1@sip.netaxis.be", "ApioUserTest@sip.netaxis.be"]',
        "settings.serviceInstanceProfile.language: English -> French",
    ],
}
GROUPS = {
    "portaswitch": ("210", "Night", "Night desk"),
    "vodia": ("1010", "Night", "Night desk"),
    "apio": ("Night@sip.netaxis.be", "Night", "Night"),
}
DRIFT = {
    "portaswitch": ["policy: random -> regular"],
    "vodia": ["enabled: false -> true"],
    "apio": ["policy: uniform -> regular"],
}
UNQUOTED = {"portaswitch": "id", "vodia": "id", "apio": "members[1].extension"}
AFTER_ALL: dict[str, dict[str, Any]] = {
    "portaswitch": {
        "id": "210",
        "name": "Night desk",
        "policy": "regular",
        "members": ["101", "0111", "102"],
        "settings": {"PickupAllowed": "N"},
    },
    "vodia": {
        "id": "1010",
        "name": "Night desk",
        "members": ["444", "446"],
        "overflow_to": "8572665588",
        "enabled": True,
        "settings": {"st1_dur": 15},
    },
    "apio": {
        "id": "Night@sip.netaxis.be",
        "name": "Night",
        "policy": "regular",
        "members": ["ApioUserTest1@sip.netaxis.be", "ApioUserTest@sip.netaxis.be"],
        "phone_number": "+3226127000",
        "overflow_to": "+32470123456",
        "overflow_after": 25,
        "settings": {"noAnswerNumberOfRings": 5},
    },
}


@pytest.fixture(scope="module")
def life(site: Site, play: Play) -> Run:
    return play(f"{site.name}.yml", site.variables, "-vvvv", "--diff")


def test_ends_well(life: Run) -> None:
    assert life.returncode == 0, life.output


@pytest.mark.parametrize("name", VERDICTS)
def test_verdict_and_changed_agree(life: Run, name: str) -> None:
    result = life[name].result
    assert (result["verdict"], result["changed"]) == (VERDICTS[name], VERDICTS[name] != "clean")


@pytest.mark.parametrize("name", WITHOUT_WRITES)
def test_nothing_is_written(life: Run, site: Site, name: str) -> None:
    task = life[name]
    assert site.requests_during(task)
    assert site.writes_during(task) == []


@pytest.mark.parametrize("name", ["Create", "Update", "Change by hand", "Repair", "Remove"])
def test_the_log_tells_writes(life: Run, site: Site, name: str) -> None:
    assert site.writes_during(life[name])


@pytest.mark.parametrize("name", [*VERDICTS, "Read", "Read all"])
def test_requests_are_counted(life: Run, site: Site, name: str) -> None:
    task = life[name]
    assert task.result["requests"] == len(site.requests_during(task))


@pytest.mark.parametrize("name", ["Check", "Update"])
def test_the_diff_has_a_line_for_each_leaf(life: Run, site: Site, name: str) -> None:
    group, before, _after = GROUPS[site.name]
    assert life[name].diff.splitlines() == [f"hunt_group {group} ({before}): {leaf}" for leaf in UPDATE[site.name]]
    assert life[name].diff in life.output


@pytest.mark.parametrize("name", ["Audit", "Repair"])
def test_the_diff_shows_what_was_changed_by_hand(life: Run, site: Site, name: str) -> None:
    group, _before, after = GROUPS[site.name]
    assert life[name].diff.splitlines() == [f"hunt_group {group} ({after}): {leaf}" for leaf in DRIFT[site.name]]


def test_a_number_without_quotes_is_told(life: Run, site: Site) -> None:
    found = [(one["id"], one["path"], one["severity"]) for one in life["Create"].result["findings"]]
    assert found == [("unquoted-number", UNQUOTED[site.name], "warning")]
    assert life["Repair"].result["findings"] == [] or site.name == "apio"


@pytest.mark.parametrize(("check", "real"), [("Check", "Update"), ("Audit", "Repair"), ("Check removal", "Remove")])
def test_a_plan_is_the_same_in_check_mode(life: Run, check: str, real: str) -> None:
    assert life[check].result["plan_id"] == life[real].result["plan_id"]
    assert [step["status"] for step in life[check].result["plan"]] == ["planned"]
    assert [step["status"] for step in life[real].result["plan"]] == ["done"]


@pytest.mark.parametrize("name", ["Create again", "Remove again", "Read", "Read all"])
def test_there_is_no_diff_when_nothing_changes(life: Run, name: str) -> None:
    assert "diff" not in life[name].result


def test_reads_what_was_declared(life: Run, site: Site) -> None:
    (group,) = life["Read"].result["hunt_groups"]
    wanted = dict(AFTER_ALL[site.name])
    settings = wanted.pop("settings")
    assert {**{key: group[key] for key in wanted}, "members": [m["extension"] for m in group["members"]]} == wanted
    assert settings.items() <= group["settings"].items()
    assert life["Repair"].result["hunt_group"] == group


def test_local_tasks_ship_no_module(life: Run) -> None:
    assert "AnsiballZ_uri" in life.printed("Change by hand")
    assert life.output.count("AnsiballZ_hunt_group") == 0


def test_no_secret_is_shown(life: Run, site: Site) -> None:
    secrets = {"demo-password", site.variables["token"], "YWRtaW46ZGVtby1wYXNzd29yZA"} - {""}
    assert [secret for secret in secrets if secret in life.output] == []


def test_the_group_is_gone_in_the_end(life: Run, site: Site) -> None:
    assert life["Remove"].result["hunt_group"] is None
    groups = life["Read all"].result["hunt_groups"]
    assert groups
    assert AFTER_ALL[site.name]["id"] not in [group["id"] for group in groups]
