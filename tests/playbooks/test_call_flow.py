# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters call_flow and who_rings in real templates, and the playbook telephony.pbx.call_flow."""

from __future__ import annotations

from pathlib import Path
from typing import Any
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


def inventory(place: Path, variables: dict[str, Any]) -> str:
    path = place / "hosts.yml"
    path.write_text(yaml.safe_dump({"all": {"hosts": {"brussels": variables}}}), encoding="utf-8")
    return str(path)


def declaration() -> dict[str, Any]:
    members = [{"extension": "101", "ring_time": 15}, {"extension": "102", "ring_time": 15}]
    return {
        "pbx_backend": "portaswitch",
        "pbx_extensions": [{"id": "101", "name": "Alice"}, {"id": "102", "name": "Bob"}],
        "pbx_hunt_groups": [{"id": "200", "name": "Sales", "policy": "regular", "members": members}],
    }


def test_the_playbook_draws_a_declaration_without_asking_a_server(play: Play, tmp_path: Path) -> None:
    options = {"pbx_call_flow_directory": str(tmp_path / "out"), "pbx_call_flow_formats": ["svg", "mermaid", "outline"]}
    hosts = inventory(tmp_path, declaration())
    done = play("telephony.pbx.call_flow", options, "--inventory", hosts)
    assert done.returncode == 0, done.output
    out = tmp_path / "out" / "brussels"
    assert sorted(path.name for path in out.iterdir()) == [
        "group-200.mmd", "group-200.svg", "group-200.txt", "tenant.mmd", "tenant.svg", "tenant.txt",
    ]  # fmt: skip
    ElementTree.parse(out / "tenant.svg")
    assert (out / "group-200.txt").read_text(encoding="utf-8").startswith("200 Sales, one by one: 1. 101 Alice 0-15 s")
    again = play("telephony.pbx.call_flow", options, "--inventory", hosts)
    assert "changed=0" in again.output


def test_the_playbook_draws_what_is_there_and_what_is_planned(play: Play, tmp_path: Path, portaswitch: Site) -> None:
    live = {
        **declaration(), "pbx_url": portaswitch.url, "pbx_tenant": "10", "pbx_token": portaswitch.variables["token"],
    }  # fmt: skip
    live["pbx_hunt_groups"].append(
        {"id": "299", "name": "New", "policy": "simultaneous", "members": [{"extension": "101", "ring_time": 9}]}
    )
    del live["pbx_extensions"]
    hosts = inventory(tmp_path, live)
    for source in ("live", "planned"):
        options = {
            "pbx_call_flow_source": source, "pbx_call_flow_formats": ["mermaid"],
            "pbx_call_flow_directory": str(tmp_path / source),
        }  # fmt: skip
        done = play("telephony.pbx.call_flow", options, "--inventory", hosts)
        assert done.returncode == 0, done.output
    there = {path.name for path in (tmp_path / "live" / "brussels").iterdir()}
    planned = {path.name for path in (tmp_path / "planned" / "brussels").iterdir()}
    assert "group-200.mmd" in there
    assert planned - there == {"group-299.mmd"}
    assert "class n1 added" in (tmp_path / "planned" / "brussels" / "group-299.mmd").read_text(encoding="utf-8")
    assert not [entry for entry in portaswitch.vendor.log if entry["write"]]


def test_an_unknown_source_is_refused(play: Play, tmp_path: Path) -> None:
    done = play(
        "telephony.pbx.call_flow", {"pbx_call_flow_source": "lvie"}, "--inventory", inventory(tmp_path, declaration())
    )
    assert done.returncode == 2
    assert "Write pbx_call_flow_source as declared, live or planned" in done.output
