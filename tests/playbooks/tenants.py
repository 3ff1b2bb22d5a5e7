# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tenants as inventory hosts: how to reach the simulated ones, what they declare, and the names of the roles' tasks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from ansible_collections.telephony.pbx.plugins.module_utils.entry.run import run as run_module

from .conftest import TOKENS, Site

APPLY = "telephony.pbx.tenant : Bring the tenant to its declared state"
CLOSING = "telephony.pbx.tenant : Show what the run did"
WRITE = "telephony.pbx.export : Write the files"
RESTORE = "telephony.pbx.restore : Bring the tenant back"
RESTORE_CLOSING = "telephony.pbx.restore : Show what the run did"
COMPARE = "telephony.pbx.audit : Compare the tenant with its declaration"

CONNECTIONS: dict[str, dict[str, Any]] = {
    "portaswitch": {"tenant": 10, "token": TOKENS["portaswitch"]},
    "vodia": {"tenant": "localhost", "username": "admin", "password": "demo-password"},
    "apio": {"tenant": "ApioSpTest", "group": "ApioGrpTest", "username": "demo", "password": "demo-password"},
}
SECRETS = ("demo-password", TOKENS["portaswitch"], "YWRtaW46ZGVtby1wYXNzd29yZA")  # the last: as HTTP Basic has it
RENAMED = [{"id": "1003", "name": "Renamed"}]
OWN_RULE = {"id": "no-renaming", "resource": "hunt_groups", "field": "name", "matches": "Hunt.*", "message": "keep it"}
# One new object, one changed, and on PortaSwitch one of each kind.
DECLARED: dict[str, dict[str, Any]] = {
    "portaswitch": {
        "extensions": [{"id": "0112", "name": "Hanna Support", "account": 700009}],
        "hunt_groups": [
            {"id": "210", "name": "Night", "policy": "regular", "members": [{"extension": "0112"}]},
            {"id": "200", "name": "Sales", "members": [{"extension": "101"}, {"extension": "102"}]},
        ],
        "follow_me": [{"account": 700001, "destinations": [{"name": "Home", "timeout": 30}]}],
    },
    "vodia": {
        "hunt_groups": [
            {"id": 1010, "name": "Night", "members": [{"extension": "444"}, {"extension": 445, "stage": 2}]},
            {"id": "1002", "name": "Renamed", "overflow_to": "", "settings": {"st1_dur": 15}},
        ]
    },
    "apio": {
        "hunt_groups": [
            {
                "id": "Night@sip.netaxis.be",
                "name": "Night",
                "policy": "regular",
                "members": [{"extension": "5001"}],
                "settings": {"serviceInstanceProfile": {"cliFirstName": "Night", "cliLastName": "Desk"}},
            },
            {"id": "APIOTestHuntGroup@sip.netaxis.be", "policy": "circular", "enabled": False},
        ]
    },
}
CHANGES = {"portaswitch": ["create", "create", "update", "update"]}


def connection(site: Site, **more: Any) -> dict[str, Any]:
    path = {"apio": "/api/v1"}.get(site.name, "")
    return {"backend": site.name, "url": site.url + path, "rate_limit": 0, **CONNECTIONS[site.name], **more}


def variables(options: dict[str, Any]) -> dict[str, Any]:
    return {f"pbx_{name}": value for name, value in options.items()}


def present(site: Site, **more: Any) -> dict[str, Any]:
    """The whole tenant, read without Ansible."""
    result = run_module("tenant_info", connection(site, **more), check_mode=False, environment={})
    assert not result.get("failed"), result
    return {name: result[name] for name in ("extensions", "hunt_groups", "follow_me") if name in result}


def checked(site: Site, **options: Any) -> dict[str, Any]:
    """The result of the module tenant in check mode, without Ansible."""
    return run_module("tenant", {**connection(site), **options}, check_mode=True, environment={})


def inventory_of(place: Path, hosts: dict[str, dict[str, Any]]) -> str:
    """An inventory file with variables of its hosts; returns its path."""
    file = place / "hosts.yml"
    file.write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
    return str(file)


def host_file(place: Path, vendor: str, name: str, content: bytes | dict[str, Any]) -> None:
    file = place / "inventory" / "host_vars" / vendor / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else yaml.safe_dump(content).encode())


def files_in(place: Path) -> dict[str, bytes]:
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()}
