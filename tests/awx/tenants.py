# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tenants of the test's AWX: one on each vendor, with what they declare, and the plan of a drift."""

from __future__ import annotations

from typing import Any

from ansible_collections.telephony.pbx.plugins.module_utils.entry import run

from .jobs import Awx

Values = dict[str, Any]
CONNECTIONS: dict[str, Values] = {
    "hotel": {"pbx_backend": "portaswitch", "pbx_tenant": "10", "pbx_rate_limit": 0},
    "bakery": {"pbx_backend": "vodia", "pbx_tenant": "localhost", "pbx_rate_limit": 0},
    "florist": {"pbx_backend": "apio", "pbx_tenant": "ApioSpTest", "pbx_group": "ApioGrpTest", "pbx_rate_limit": 0},
}
# What is there on the first day, and a change of it.
CLEAN: dict[str, Values] = {
    "hotel": {"pbx_hunt_groups": [{"id": "200"}]},
    "bakery": {"pbx_hunt_groups": [{"id": "1003", "name": "Hunt_2"}]},
    "florist": {"pbx_hunt_groups": [{"id": "APIOTestHuntGroup@sip.netaxis.be"}]},
}
DRIFTED: dict[str, Values] = {
    **CLEAN,
    "bakery": {"pbx_hunt_groups": [{"id": "1003", "name": "Front desk"}]},
    "florist": {"pbx_hunt_groups": [{"id": "APIOTestHuntGroup@sip.netaxis.be", "policy": "circular"}]},
}
AWAY: dict[str, Values] = {**CLEAN, "hotel": {**CLEAN["hotel"], "pbx_url": "http://127.0.0.1:9", "pbx_timeout": 1}}


def hosts(declared: dict[str, Values]) -> Values:
    return {host: {**CONNECTIONS[host], **values} for host, values in declared.items()}


def plan_of(awx: Awx, name: str = "Front desk") -> str:
    """The plan_id of the drift of the bakery, found without Ansible."""
    options = {"backend": "vodia", "url": awx.vodia.url, "tenant": "localhost", "username": "admin", "rate_limit": 0}
    declared = {"hunt_groups": [{"id": "1003", "name": name}]}
    result = run.run("tenant", {**options, "password": "demo-password", **declared}, check_mode=True, environment={})
    return str(result["plan_id"])
