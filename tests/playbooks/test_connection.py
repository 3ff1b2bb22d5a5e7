# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options: those of the task, then module_defaults, then the host's variables, then the environment."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from .conftest import Play, Run, Site

FIRST, SECOND = "Hunt", "Second's hunt"


INVENTORY = """
tenants:
  hosts:
    tenant: {{ansible_connection: local}}
    far_tenant: {{ansible_connection: elsewhere}}
  vars:
    domain: second
    pbx_tenant: "{{{{ domain }}}}.example"
    pbx_password: !vault |
{vaulted}
"""


def inventory_with_a_vault(place: Path) -> tuple[str, str]:
    """(inventory, file with its vault's password); the password of the connection is in the vault."""
    (place / "vault-password").write_text("vault-password")
    encrypted = VaultLib([("default", VaultSecret(b"vault-password"))]).encrypt("demo-password").decode()
    (place / "tenants.yml").write_text(INVENTORY.format(vaulted=textwrap.indent(encrypted.strip(), " " * 6)))
    return str(place / "tenants.yml"), str(place / "vault-password")


@pytest.fixture(scope="module")
def connected(vodia: Site, play: Play, tmp_path_factory: pytest.TempPathFactory) -> Run:
    inventory, vault_password = inventory_with_a_vault(tmp_path_factory.mktemp("connected"))
    environment = {
        "ANSIBLE_VAULT_PASSWORD_FILE": vault_password,
        "PBX_BACKEND": "vodia",
        "PBX_URL": vodia.url,
        "PBX_TENANT": "localhost",
        "PBX_USERNAME": "admin",
        "PBX_PASSWORD": "demo-password",
        "PBX_RATE_LIMIT": "0",
        **dict.fromkeys(("PBX_GROUP", "PBX_TOKEN", "PBX_VALIDATE_CERTS", "PBX_CA_PATH", "PBX_TIMEOUT"), ""),
        "PBX_CONCURRENCY": "",
    }
    return play("connection.yml", {}, "-vvvv", "--inventory", inventory, **environment)


def test_ends_well(connected: Run) -> None:
    assert connected.returncode == 0, connected.output


@pytest.mark.parametrize(
    ("task", "name"),
    [
        ("Environment of the process", FIRST),
        ("Options win over the environment", SECOND),
        ("Environment of the task", SECOND),
        ("Environment of the process, shipped", FIRST),
        ("Variables win over the environment", SECOND),
        ("Module defaults win over variables", FIRST),
        ("Options win over module defaults", SECOND),
        ("Variables win over the environment, shipped", SECOND),
    ],
)
def test_reads_from_the_right_place(connected: Run, task: str, name: str) -> None:
    assert [group["name"] for group in connected[task].result["hunt_groups"]] == [name]


@pytest.mark.parametrize(
    "task", ["Group of module defaults", "Environment of the task, shipped", "A module that writes"]
)
def test_finds_the_declared_name(connected: Run, task: str) -> None:
    assert connected[task].result["verdict"] == "clean"


def test_nothing_was_written(connected: Run, vodia: Site) -> None:
    assert connected["Check mode of the whole task"].result["verdict"] == "drift"
    assert vodia.vendor.writes() == []


def test_the_password_is_nowhere(connected: Run) -> None:
    assert "demo-password" not in connected.output
    assert "YWRtaW46ZGVtby1wYXNzd29yZA" not in connected.output  # the same, as HTTP Basic has it
