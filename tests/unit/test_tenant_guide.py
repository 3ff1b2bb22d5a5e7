# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written about whole tenants is what there is: rules, roles with their variables, playbooks."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.telephony.pbx.docs.generate.roles import modules_of_roles
from ansible_collections.telephony.pbx.plugins.module_utils.entry.arguments import from_host, own_arguments
from ansible_collections.telephony.pbx.plugins.module_utils.entry.connection import ENVIRONMENT
from ansible_collections.telephony.pbx.plugins.plugin_utils.tenant_action import NOT_FROM_VARIABLES

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "docsite" / "rst" / "tenant.rst").read_text(encoding="utf-8")
ROLES = ("tenant", "export", "restore")
MODULES = modules_of_roles()


def rule_ids() -> set[str]:
    tree = ast.parse((ROOT / "plugins" / "module_utils" / "rules" / "builtin.py").read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in texts if re.fullmatch(r"[a-z]+(-[a-z]+)+", text)}


def specification(role: str) -> dict[str, Any]:
    path = ROOT / "roles" / role / "meta" / "argument_specs.yml"
    specs = yaml.safe_load(path.read_text(encoding="utf-8"))
    options: dict[str, Any] = specs["argument_specs"]["main"]["options"]
    return options


def test_every_rule_is_in_the_guide() -> None:
    assert set(re.findall(r"^   \* - ``([a-z-]+)``\n     - (?:error|warning)", GUIDE, re.MULTILINE)) == rule_ids()


@pytest.mark.parametrize("role", ROLES)
def test_a_role_hands_on_what_it_knows(role: str) -> None:
    """Each option once, from its variable. The connection needs no words: every module reads its variables itself."""
    tasks = (ROOT / "roles" / role / "tasks" / "main.yml").read_text(encoding="utf-8")
    options = own_arguments(MODULES[role])
    taken = from_host() - NOT_FROM_VARIABLES if "from_variables: true" in tasks else set()
    assert [
        name
        for name in specification(role)
        if name.removeprefix("pbx_") not in ENVIRONMENT and name not in tasks and name.removeprefix("pbx_") not in taken
    ] == []
    handed_on = [name.removeprefix("pbx_") for name in specification(role) if name.removeprefix("pbx_") in options]
    assert [
        name for name in handed_on if name not in taken and not re.search(rf"^ +{name}: ", tasks, re.MULTILINE)
    ] == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_takes_the_whole_connection(role: str) -> None:
    assert {f"pbx_{name}" for name in ENVIRONMENT} <= set(specification(role))


@pytest.mark.parametrize("role", ROLES)
def test_secrets_are_marked(role: str) -> None:
    assert {name for name, option in specification(role).items() if option.get("no_log")} == {
        "pbx_password",
        "pbx_token",
        "pbx_rate_limit_store",
    }


@pytest.mark.parametrize("role", ROLES)
def test_defaults_are_documented(role: str) -> None:
    defaults = yaml.safe_load((ROOT / "roles" / role / "defaults" / "main.yml").read_text(encoding="utf-8"))
    documented = {name: option["default"] for name, option in specification(role).items() if "default" in option}
    assert documented == defaults
    readme = (ROOT / "roles" / role / "README.md").read_text(encoding="utf-8")
    assert [name for name in specification(role) if name not in readme] == []


@pytest.mark.parametrize("playbook", ["tenant", "export", "restore", "audit"])
def test_a_playbook_is_in_the_guide(playbook: str) -> None:
    assert (ROOT / "playbooks" / f"{playbook}.yml").exists()
    assert f"``telephony.pbx.{playbook}``" in GUIDE
