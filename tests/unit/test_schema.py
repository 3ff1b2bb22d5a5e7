# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON Schemas for editors: they accept what the modules accept, and report a mistake at its own place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from ansible_collections.telephony.pbx.plugins.module_utils.entry.connection import ENVIRONMENT

ROOT = Path(__file__).resolve().parents[2]
NAMES = ["tenant.schema.json", "host_vars.schema.json"]
EXAMPLES = sorted((ROOT / "playbooks" / "example" / "inventory").glob("*_vars/**/*.yml"))


def complaints(name: str, document: Any) -> list[str]:
    validator = jsonschema.Draft202012Validator(json.loads((ROOT / "docs" / name).read_text(encoding="utf-8")))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def prefixed(document: dict[str, Any]) -> dict[str, Any]:
    return {f"pbx_{name}": value for name, value in document.items()}


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_is_one(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads((ROOT / "docs" / name).read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_example_is_valid(path: Path) -> None:
    assert complaints("host_vars.schema.json", loaded(path)) == []


def test_what_the_demo_declares_is_valid() -> None:
    blocks = loaded(ROOT / "playbooks" / "tasks" / "demo_tenants.yml")
    groups = [task["telephony.pbx.hunt_group"] for block in blocks for task in block["block"]]
    assert groups
    assert complaints("tenant.schema.json", {"hunt_groups": groups}) == []
    assert complaints("host_vars.schema.json", {"pbx_hunt_groups": groups}) == []


@pytest.mark.parametrize("module", ["tenant", "tenant_validate"])
def test_what_the_documentation_declares_is_valid(module: str) -> None:
    path = ROOT / "plugins" / "modules" / f"{module}.py"
    tasks = yaml.safe_load(path.read_text(encoding="utf-8").partition('EXAMPLES = r"""')[2].partition('"""')[0])
    for task in tasks:
        written = task[f"telephony.pbx.{module}"].items()
        options = {name: value for name, value in written if name not in ENVIRONMENT and "{{" not in str(value)}
        assert options
        assert complaints("tenant.schema.json", options) == []


@pytest.mark.parametrize(
    "document",
    [
        {"hunt_groups": [{"id": "200", "enabled": "Y", "policy": None, "overflow_to": ""}]},
        {"hunt_groups": [{"name": "Sales", "members": [], "settings": {"st1_dur": "5", "alias": ["201"], "rec": ""}}]},
        {"follow_me": [{"account": 700001, "state": "absent"}]},
        {"extensions": None, "max_deletions": 5, "purge": ["extensions"], "protect": [911]},
    ],
)
def test_what_the_modules_take_is_valid(document: dict[str, Any]) -> None:
    assert complaints("tenant.schema.json", document) == []
    assert complaints("host_vars.schema.json", prefixed(document)) == []


@pytest.mark.parametrize(
    ("document", "place", "word"),
    [
        ({"hunt_group": []}, "", "hunt_group"),
        ({"hunt_groups": [{}]}, "hunt_groups[0]", ""),
        ({"hunt_groups": [{"id": "200", "polices": "regular"}]}, "hunt_groups[0]", "polices"),
        ({"hunt_groups": [{"id": "200"}, {"id": "201", "policy": "ring_all"}]}, "hunt_groups[1].policy", "ring_all"),
        ({"hunt_groups": [{"id": "200", "members": [{"stage": 1}]}]}, "hunt_groups[0].members[0]", "extension"),
        ({"hunt_groups": [{"id": "200", "members": [{"extension": "101", "ringtime": 5}]}]},
         "hunt_groups[0].members[0]", "ringtime"),
        ({"hunt_groups": [{"id": "200", "members": "101"}]}, "hunt_groups[0].members", "array"),
        ({"hunt_groups": [{"id": "200", "members": [{"extension": "101", "weight": 101}]}]},
         "hunt_groups[0].members[0].weight", "101"),
        ({"hunt_groups": [{"id": "200", "settings": {"PickupAlowed": True}}]}, "hunt_groups[0].settings", "PickupAlowed"),
        ({"hunt_groups": [{"id": "200", "settings": {"st1_dur": "long"}}]}, "hunt_groups[0].settings.st1_dur", "long"),
        ({"hunt_groups": [{"id": "200", "settings": {"serviceUserId": "x"}}]}, "hunt_groups[0].settings", "serviceUserId"),
        ({"follow_me": [{"account": "101", "forwarding": {"allways": "102"}}]}, "follow_me[0].forwarding", "allways"),
        ({"follow_me": [{"account": "101", "destinations": [{"number": "1", "timeout": 3601}]}]},
         "follow_me[0].destinations[0].timeout", "3601"),
        ({"extensions": [{"name": "Alice"}]}, "extensions[0]", "id"),
        ({"purge": ["agents"]}, "purge[0]", "agents"),
        ({"on_error": "continued"}, "on_error", "continued"),
    ],
)  # fmt: skip
def test_a_mistake_is_reported_at_its_place(document: dict[str, Any], place: str, word: str) -> None:
    for name, written, prefix in (
        ("tenant.schema.json", document, ""),
        ("host_vars.schema.json", prefixed(document), "pbx_"),
    ):
        path = f"$.{prefix}{place}" if place else "$"
        found = complaints(name, written)
        assert [one for one in found if one.startswith(f"{path}: ") and word in one], found
        assert len(found) == 1, found


def test_a_misspelt_variable_is_reported_by_its_name() -> None:
    (found,) = complaints("host_vars.schema.json", {"pbx_huntgroups": []})
    assert "pbx_huntgroups" in found


def test_variables_of_roles_and_playbooks_are_known() -> None:
    document = {"pbx_fail_on_drift": False, "pbx_report_formats": ["json"], "pbx_restore_from": "last", "pbx_only": ["extensions/1*"],
                "pbx_country_code": "32", "pbx_list_limit": 0, "pbx_hosts": "all"}  # fmt: skip
    assert complaints("host_vars.schema.json", document) == []
    assert complaints("host_vars.schema.json", {"pbx_unmanaged": "ignored"})


def test_host_vars_may_have_templates_and_variables_of_others() -> None:
    template = "{{ common_groups }}"
    document = {"pbx_hunt_groups": template, "pbx_max_deletions": template, "pbx_validate_certs": template, "site": 1}
    assert complaints("host_vars.schema.json", document) == []
    groups = {"pbx_hunt_groups": [template, {"id": "{{ number }}", "members": "{{ members }}"}]}
    assert complaints("host_vars.schema.json", groups) == []
