# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON Schemas for editors: they are those of the field tables, and take what the modules take."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest
import yaml

from ansible_collections.telephony.pbx.plugins.module_utils.entry.connection import ENVIRONMENT

ROOT = Path(__file__).resolve().parents[2]
NAMES = ["tenant.schema.json", "host_vars.schema.json"]
EXAMPLES = sorted((ROOT / "playbooks" / "example" / "inventory").glob("*_vars/**/*.yml"))
KINDS = {"extension": "extensions", "hunt_group": "hunt_groups", "follow_me": "follow_me"}


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_schema", ROOT / "docs" / "generate_schema.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def complaints(name: str, document: Any) -> list[str]:
    validator = jsonschema.Draft202012Validator(json.loads((ROOT / "docs" / name).read_text(encoding="utf-8")))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def prefixed(document: dict[str, Any]) -> dict[str, Any]:
    return {f"pbx_{name}": value for name, value in document.items()}


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_is_up_to_date(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert generator().generated()[name] == text, "run: python docs/generate_schema.py"


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
    (task,) = yaml.safe_load(path.read_text(encoding="utf-8").partition('EXAMPLES = r"""')[2].partition('"""')[0])
    options = {name: value for name, value in task[f"telephony.pbx.{module}"].items() if name not in ENVIRONMENT}
    assert complaints("tenant.schema.json", options) == []


@pytest.mark.parametrize(
    "document",
    [
        {"hunt_groups": [{"id": 200, "enabled": "Y", "policy": None, "overflow_to": ""}]},
        {"hunt_groups": [{"name": "Sales", "members": [], "settings": {"st1_dur": "5", "alias": ["201"], "rec": ""}}]},
        {"follow_me": [{"account": 700001, "state": "absent"}]},
        {"extensions": None, "max_deletions": 5, "purge": ["extensions"], "protect": [911]},
    ],
)
def test_what_the_modules_take_is_valid(document: dict[str, Any]) -> None:
    assert complaints("tenant.schema.json", document) == []
    assert complaints("host_vars.schema.json", prefixed(document)) == []


@pytest.mark.parametrize(
    "document",
    [
        {"hunt_group": []},
        {"hunt_groups": [{}]},
        {"hunt_groups": [{"id": "200", "polices": "regular"}]},
        {"hunt_groups": [{"id": "200", "policy": "ring_all"}]},
        {"hunt_groups": [{"id": "200", "members": [{"stage": 1}]}]},
        {"hunt_groups": [{"id": "200", "members": [{"extension": "101", "weight": 101}]}]},
        {"hunt_groups": [{"id": "200", "settings": {"PickupAlowed": True}}]},
        {"hunt_groups": [{"id": "200", "settings": {"st1_dur": "long"}}]},
        {"hunt_groups": [{"id": "200", "settings": {"serviceUserId": "x"}}]},
        {"extensions": [{"name": "Alice"}]},
        {"purge": ["agents"]},
    ],
)
def test_mistakes_are_found(document: dict[str, Any]) -> None:
    assert complaints("tenant.schema.json", document)
    assert complaints("host_vars.schema.json", prefixed(document))


def test_host_vars_may_have_templates_and_variables_of_others() -> None:
    template = "{{ common_groups }}"
    document = {"pbx_hunt_groups": template, "pbx_max_deletions": template, "pbx_validate_certs": template, "site": 1}
    assert complaints("host_vars.schema.json", document) == []
    groups = {"pbx_hunt_groups": [template, {"id": "{{ number }}", "members": "{{ members }}"}]}
    assert complaints("host_vars.schema.json", groups) == []
