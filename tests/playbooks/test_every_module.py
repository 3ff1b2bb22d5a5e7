# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module once inside Ansible's own process and once as it is shipped: the same result either way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.entry.arguments import ACTION_ONLY

from .conftest import Play, Run, Site

MODULES = Path(__file__).resolve().parents[2] / "plugins" / "modules"
# Task -> its module, and what the result has to say under a key.
CASES: dict[str, tuple[str, str, Any]] = {
    "Extension": ("extension", "verdict", "drift"),
    "Extensions": ("extension_info", "changed", False),
    "Follow-me": ("follow_me", "verdict", "drift"),
    "Follow-me of an account": ("follow_me_info", "changed", False),
    "Agent": ("agent", "verdict", "drift"),
    "Hunt group": ("hunt_group", "verdict", "drift"),
    "Hunt groups": ("hunt_group_info", "changed", False),
    "Tenant": ("tenant", "verdict", "drift"),
    "Whole tenant": ("tenant_info", "changed", False),
    "Declaration": ("tenant_validate", "changed", False),
    "Weights": ("hunt_group_weights", "verdict", "drift"),
    "Weights of a hunt group": ("hunt_group_weights_info", "changed", False),
    "Follow-me of a user": ("follow_me", "verdict", "drift"),
    "Desk": ("extension", "verdict", "drift"),
    "Desks": ("extension_info", "changed", False),
    "Forwarding": ("follow_me", "verdict", "drift"),
    "Hunt groups only": ("tenant_info", "changed", False),
}


@pytest.fixture(scope="module")
def run(portaswitch: Site, vodia: Site, apio: Site, play: Play) -> Run:
    urls = {f"{site.name}_url": site.url for site in (portaswitch, vodia, apio)}
    variables = {**portaswitch.variables, **urls}
    return play("every_module.yml", variables, "-vvvv", "--diff")


def test_every_module_is_here() -> None:
    assert {module for module, _key, _value in CASES.values()} == {file.stem for file in MODULES.glob("*.py")} - set(
        ACTION_ONLY
    )


@pytest.mark.parametrize("name", CASES)
def test_the_result_is_the_same_here_and_elsewhere(run: Run, name: str) -> None:
    module, key, value = CASES[name]
    here, elsewhere = (run.on(host, name) for host in ("localhost", "elsewhere"))
    assert here.result[key] == value, here.result
    own = ("invocation", "seconds")  # older cores add the first
    shipped = {key: value for key, value in elsewhere.result.items() if key not in own}
    assert {key: value for key, value in here.result.items() if key not in own} == shipped
    assert f"AnsiballZ_{module}.py" in run.printed(name)


@pytest.mark.parametrize("host", ["localhost", "elsewhere"])
@pytest.mark.parametrize(
    ("name", "path", "number"),
    [("Hunt group", "id", 200), ("Tenant", "hunt_groups[1].id", 188), ("Declaration", "hunt_groups[0].id", 188)],
)
def test_a_number_without_quotes_is_told(run: Run, host: str, name: str, path: str, number: int) -> None:
    (finding,) = [one for one in run.on(host, name).result["findings"] if one["id"] == "unquoted-number"]
    assert (finding["path"], finding["severity"]) == (path, "warning")
    assert f"the number {number} is written without quotes" in finding["message"]  # 0274 is 188 for YAML


def test_nothing_is_written(run: Run, portaswitch: Site, vodia: Site, apio: Site) -> None:
    assert run.returncode == 0, run.output
    assert portaswitch.vendor.writes() == vodia.vendor.writes() == apio.vendor.writes() == []


def test_a_list_that_was_not_asked_for_is_not_read(run: Run) -> None:
    result = run.on("localhost", "Hunt groups only").result
    assert "hunt_groups" in result and not {"extensions", "follow_me"} & set(result)


def test_no_secret_is_shown(run: Run, portaswitch: Site) -> None:
    assert [secret for secret in ("demo-password", portaswitch.variables["token"]) if secret in run.output] == []
