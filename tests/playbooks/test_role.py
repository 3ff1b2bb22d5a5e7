# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stops the role telephony.pbx.tenant before its first write, and what it says then; and what lets it through."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import Play, Run, Site
from .tenants import (
    APPLY,
    CLOSING,
    OWN_RULE,
    RENAMED,
    WRITE,
    checked,
    connection,
    inventory_of,
    present,
    variables,
)

NOT_THERE = [{"id": f"101{number}", "name": "New", "members": [{"extension": "999"}]} for number in range(7)]
# Host -> its variables besides the connection, and what is said. PLACE is a directory of the test's own.
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "same_path": ({"journal": "PLACE/one.json", "backup": "PLACE/sub/../one.json"}, "is the same file as backup"),
    "old_journal": ({"journal": "PLACE/mine"}, "PLACE/mine: is there already and is not overwritten"),
    "old_backup": ({"backup": "PLACE/mine"}, "PLACE/mine: is there already and is not overwritten"),
    "link": ({"journal": "PLACE/link"}, "PLACE/link: is no regular file"),
    "device": ({"journal": "/dev/null"}, "/dev/null: is no regular file"),
    "fifo": ({"journal": "PLACE/fifo"}, "PLACE/fifo: is no regular file"),
    "fifo_backup": ({"backup": "PLACE/fifo"}, "PLACE/fifo: is no regular file"),
    "other_plan": ({"expect_plan": "0" * 32}, f"the plan has changed: {'0' * 32} was approved, and now it is "),
    "no_plan": ({"expect_plan": ""}, "expect_plan: is empty, so no plan was approved"),
    "too_many": (
        {"purge": ["hunt_groups"]},
        "2 objects would be deleted (hunt_group 1002, hunt_group 1004), but 1 of 3",
    ),
    "rule": ({"rules": [OWN_RULE]}, "keep it"),
    "twice": ({"hunt_groups": [*RENAMED, {"name": "Hunt_2", "enabled": True}]}, "hunt_group 1003 is declared twice"),
    "many_errors": ({"hunt_groups": NOT_THERE}, "7 of 7 objects failed, 0 were not begun: "),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("role")
    (place / "mine").write_text("precious\n")
    (place / "link").symlink_to(place / "nowhere")
    os.mkfifo(place / "fifo")
    return place


@pytest.fixture(scope="module")
def refused(play: Play, vodia: Site, place: Path) -> Run:
    hosts: dict[str, dict[str, Any]] = {"nothing": variables({**connection(vodia), "huntgroups": RENAMED})}
    for host, (options, _message) in REFUSED.items():
        given = {name: put(value, place) for name, value in options.items()}
        hosts[host] = variables({"hunt_groups": RENAMED, **connection(vodia), **given})
    return play("telephony.pbx.tenant", {}, "--inventory", inventory_of(place, hosts))


def put(value: Any, place: Path) -> Any:
    return value.replace("PLACE", str(place)) if isinstance(value, str) else value


@pytest.mark.parametrize("host", REFUSED)
def test_it_refuses_and_says_so_once_more_at_the_end(refused: Run, place: Path, host: str) -> None:
    said = put(REFUSED[host][1], place)
    (failure,) = refused.failures(host)
    assert said in failure.result["msg"]
    assert "\n" not in failure.result["msg"]
    (counts, *others) = refused.on(host, CLOSING).result["msg"]
    assert counts.startswith(f"{host}: incomplete: 0 created, 0 updated, 0 deleted, ")
    assert len([line for line in others if said in line]) == 1


def test_a_refusal_holds_the_findings_that_led_to_it(refused: Run) -> None:
    found = refused.on("rule", APPLY).result["findings"]
    assert [(one["id"], one["severity"]) for one in found if one["id"] == OWN_RULE["id"]] == [(OWN_RULE["id"], "error")]


def test_nothing_was_written(refused: Run, vodia: Site, place: Path) -> None:
    assert refused.returncode == 2
    assert vodia.vendor.writes() == []
    assert (place / "mine").read_text() == "precious\n"
    assert (place / "fifo").is_fifo() and (place / "link").is_symlink()
    assert sorted(path.name for path in place.iterdir()) == ["fifo", "hosts.yml", "link", "mine"]


def test_the_first_five_errors_are_told_and_how_many_more(refused: Run) -> None:
    told = refused.on("many_errors", CLOSING).result["msg"][1]
    assert told.count("999") == 5
    assert told.endswith(" | and 2 more")


def test_a_host_that_declares_nothing_is_no_clean_host(refused: Run) -> None:
    checked = refused.on("nothing", APPLY).result
    assert "the host declares nothing" in checked["msg"]
    lines = refused.on("nothing", CLOSING).result["msg"]
    assert lines[0].startswith("nothing: incomplete: ")
    assert [line for line in lines if "pbx_huntgroups: " in line and "did you mean pbx_hunt_groups?" in line]


def test_it_goes_on_where_all_is_as_approved(play: Play, vodia: Site, tmp_path: Path) -> None:
    groups = [{"id": "1003", "name": "Approved"}]
    approved = checked(vodia, hunt_groups=groups)["plan_id"]
    both = [{"id": "1002", "name": "Left alone"}, {"id": "1004", "name": "Chosen"}]
    hosts = {
        "approved": {"hunt_groups": groups, "expect_plan": approved},
        "only": {"hunt_groups": both, "only": ["hunt_groups/1004", "extensions/*"], "purge": ["hunt_groups"]},
    }
    inventory = {name: variables({**connection(vodia), **options}) for name, options in hosts.items()}
    before = present(vodia)["hunt_groups"]
    run = play("telephony.pbx.tenant", {"pbx_unheard_of": 1}, "--inventory", inventory_of(tmp_path, inventory))
    assert run.returncode == 0, run.output
    assert run.on("approved", APPLY).result["plan_id"] == approved
    assert run.forks == 2 * len(hosts) + 2  # a process costs as much as the comparison of a small tenant
    assert [entry["id"] for entry in run.on("only", APPLY).result["plan"]] == ["1004"]
    names = [group["name"] for group in present(vodia)["hunt_groups"]]
    assert names == [before[0]["name"], "Approved", "Chosen"]
    warned = [line for line in run.on("only", CLOSING).result["msg"] if line.startswith("warning: pbx_unheard_of: ")]
    assert len(warned) == 1


def test_an_export_overwrites_no_file_of_others(play: Play, vodia: Site, tmp_path: Path) -> None:
    mine = tmp_path / "localhost" / "tenant.yml"
    mine.parent.mkdir()
    mine.write_text("pbx_hunt_groups: []\n")
    extra = {"pbx_export_directory": str(tmp_path), **variables(connection(vodia))}
    run = play("telephony.pbx.export", extra, "--inventory", "localhost,")
    assert run.returncode == 2
    assert "was not written by an export" in run.output
    assert mine.read_text() == "pbx_hunt_groups: []\n"


def test_an_export_under_check_mode_of_a_play_writes_nothing(play: Play, vodia: Site, tmp_path: Path) -> None:
    """`ansible_check_mode` tells of the whole run only, and would not notice."""
    role = {"role": "telephony.pbx.export"}
    own = {"hosts": "all", "connection": "local", "gather_facts": False, "check_mode": True, "roles": [role]}
    playbook = tmp_path / "own.yml"
    playbook.write_text(yaml.safe_dump([own]))
    directory = tmp_path / "exports"
    extra = {"pbx_export_directory": str(directory), **variables(connection(vodia))}
    run = play(str(playbook), extra, "--inventory", "localhost,")
    assert run.returncode == 0, run.output
    shown = run[WRITE].result
    assert shown["changed"] and not directory.exists()
