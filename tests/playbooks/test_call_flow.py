# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters call_flow and who_rings in real templates, and the playbook telephony.pbx.call_flow."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest
import yaml

from .conftest import Play, Run, Site

MERMAID = """\
flowchart LR
  n0(["200"]) --> n1["Sales · one by one"]
  n1 -- "1 · 0-15 s" --> n2["101 Alice Reception"]
  n1 -- "2 · 15-30 s" --> n3["102 Bob Sales"]
  n1 -- "nobody by 30 s" --> n4(["released"])
"""
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def run(play: Play) -> Run:
    done = play("call_flow.yml")
    assert done.returncode == 0, done.output
    return done


def rings(run: Run, name: str) -> list[tuple[str, Any, Any]]:
    (outcome,) = run[name].result["msg"]["outcomes"]
    return [(ring["phone"], ring["from"], ring["to"]) for ring in outcome["rings"]]


def test_draws_a_group(run: Run) -> None:
    assert run["Mermaid"].result["msg"].strip() == MERMAID.strip()


def test_marks_what_a_plan_changes(run: Run) -> None:
    assert 'n1 -- "~ 1 · 0-15 s (10 → 15 s)" --> n2["101 Alice Reception"]' in run["A plan"].result["msg"]


def test_tells_who_rings(run: Run) -> None:
    assert rings(run, "Who rings") == [("102", 0, 15)]
    assert rings(run, "Who rings at night") == [("101", 0, 20)]
    assert rings(run, "Who rings in the morning") == [("101", 0, 20), ("32470123456", 20, 40)]
    assert run["Assert something"].result["msg"] == "All assertions passed"


MISTAKES = {
    "No backend": "the document has no backend",
    "No such format": "format: 'svgg' is unknown (did you mean svg?)",
    "No such group": "group: '201' is not in the document (did you mean 200?)",
    "No such state": "given.bussy: unknown (did you mean busy?)",
    "A time that YAML has read": "YAML has read 10:00 as the number 600",
    "No dictionary": "the input is not a dictionary",
    "Something undefined inside": "nobody_defined_this",
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_clear_line(run: Run, name: str) -> None:
    message = str(run[name].result["msg"])
    assert MISTAKES[name] in message
    assert "Traceback" not in run.printed(name)


MEMBERS = [{"extension": "101", "ring_time": 15}, {"extension": "102", "ring_time": 15}]
GROUPS = [
    {"id": "200", "name": "Sales", "policy": "regular", "members": MEMBERS},
    {"id": "299", "name": "New", "policy": "simultaneous", "members": [{"extension": "101", "ring_time": 9}]},
]


class Drawn(NamedTuple):
    """The playbook over a host for each source; once more over one of them and one with a misspelled source."""

    run: Run
    again: Run
    place: Path

    def files(self, host: str) -> set[str]:
        return {path.name for path in (self.place / host).iterdir()}

    def text(self, host: str, name: str) -> str:
        return (self.place / host / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def drawn(play: Play, portaswitch: Site, tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    place = tmp_path_factory.mktemp("drawn")
    extensions = [{"id": "101", "name": "Alice"}, {"id": "102", "name": "Bob"}]
    formats = ["svg", "mermaid", "outline"]
    declared = {"pbx_extensions": extensions, "pbx_hunt_groups": GROUPS[:1], "pbx_call_flow_formats": formats}
    live = {
        "pbx_url": portaswitch.url, "pbx_tenant": "10", "pbx_token": portaswitch.variables["token"],
        "pbx_hunt_groups": GROUPS, "pbx_call_flow_formats": ["mermaid"],
    }  # fmt: skip
    hosts = {
        "declared": declared,
        **{source: {**live, "pbx_call_flow_source": source} for source in ("live", "planned")},
        "misspelled": {**declared, "pbx_call_flow_source": "lvie"},
    }
    every = {"hosts": hosts, "vars": {"pbx_backend": "portaswitch"}}
    (place / "hosts.yml").write_text(yaml.safe_dump({"all": every}), encoding="utf-8")
    options = {"pbx_call_flow_directory": str(place / "out")}
    runs = [
        play("telephony.pbx.call_flow", options, "--inventory", str(place / "hosts.yml"), "--limit", limit)
        for limit in ("!misspelled", "declared,misspelled")
    ]
    return Drawn(*runs, place / "out")


def test_the_playbook_tells_who_rings(play: Play, drawn: Drawn, portaswitch: Site) -> None:
    inventory = ["--inventory", str(drawn.place.parent / "hosts.yml"), "--limit", "declared,live"]
    run = play("telephony.pbx.who_rings", {"pbx_call": ["200", 101], "pbx_call_given": {"busy": ["101"]}}, *inventory)
    assert run.returncode == 0, run.output
    assert "102  0-15 s   then released at 15 s" in run.printed("Show who rings")
    wrong = play("telephony.pbx.who_rings", {"pbx_call_source": "lvie", "pbx_call": "200"}, *inventory)
    assert wrong.returncode == 2 and "declared or live" in wrong.output
    portaswitch.vendor.log.clear()
    live = play(
        "telephony.pbx.who_rings", {"pbx_call": "200", "pbx_call_source": "live"}, *inventory, "-e", "pbx_hosts=live"
    )
    assert live.returncode == 0, live.output
    assert portaswitch.vendor.log and portaswitch.vendor.writes() == []


def test_the_playbook_draws_a_declaration(drawn: Drawn) -> None:
    assert drawn.run.returncode == 0, drawn.run.output
    assert drawn.files("declared") == {
        "group-200.mmd", "group-200.svg", "group-200.txt", "tenant.mmd", "tenant.svg", "tenant.txt",
    }  # fmt: skip
    ElementTree.parse(drawn.place / "declared" / "tenant.svg")
    assert drawn.text("declared", "group-200.txt").startswith("200 Sales, one by one: 1. 101 Alice 0-15 s")


def test_the_playbook_draws_what_is_there_and_what_is_planned(drawn: Drawn, portaswitch: Site) -> None:
    assert "group-200.mmd" in drawn.files("live")
    assert drawn.files("planned") - drawn.files("live") == {"group-299.mmd"}
    assert "class n1 added" in drawn.text("planned", "group-299.mmd")
    assert portaswitch.vendor.log and portaswitch.vendor.writes() == []


def test_what_is_drawn_already_is_left_alone_and_an_unknown_source_refused(drawn: Drawn) -> None:
    assert drawn.again.returncode == 2
    assert not any(task.result.get("changed") for task in drawn.again.tasks)
    (failure,) = drawn.again.failures("misspelled")
    assert "Write pbx_call_flow_source as declared, live or planned" in failure.result["msg"]
