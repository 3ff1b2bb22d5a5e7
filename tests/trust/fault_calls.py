# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls that the suites about faults and hostile answers make: every module, and every way through it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.telephony.pbx.tests.contract.callers import Caller
from ansible_collections.telephony.pbx.tests.contract.cases import USER1, Values
from ansible_collections.telephony.pbx.tests.contract.follow_me_rows import ACCOUNT, FULL
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant
from ansible_collections.telephony.pbx.tests.contract.test_weights import DECLARED, ENSURED
from ansible_collections.telephony.pbx.tests.trust.fault_helpers import Call, GroupCall, InfoCall, ViewCall
from ansible_collections.telephony.pbx.tests.trust.test_crash_points import purge, signed_in, update


def tenant_call(site: Site, change: Callable[[Tenant], Values], **more: Any) -> Call:
    """The tenant module, with a change of the crash points."""
    site.vendor.reset()
    signed_in(site.vendor.state)
    tenant = Tenant(site)
    return ViewCall(site, tenant, {**change(tenant), "journal": "", **more})


def module_call(site: Site, module: str, declared: Values, secrets: tuple[str, ...] = ()) -> Call:
    return ViewCall(site, Caller(site, module, secrets), declared)


def agent_call(site: Site) -> Call:
    """An agent that is a member of two groups signs out of both."""
    table = site.vendor.state["memberships"]
    table["9010"] = {**table["9003"], "i_cg_ext": 9010, "i_c_ext": 5004, "position": 9010}
    site.vendor.state["next"].update(i_cg_ext=9011, position=9011)
    return module_call(site, "agent", {"account": 700004, "state": "logged_out"})


Maker = Callable[[Site], Call]

# What every backend has.
COMMON: Mapping[str, Maker] = {
    "create": lambda site: GroupCall(site, "create"),
    "update": lambda site: GroupCall(site, "update"),
    "delete": lambda site: GroupCall(site, "delete"),
    "check": lambda site: GroupCall(site, "check"),
    "hunt_group_info": lambda site: InfoCall(site, "hunt_group"),
    "tenant": lambda site: tenant_call(site, update),
    "tenant, going on": lambda site: tenant_call(site, update, on_error="continue"),
    "tenant purge": lambda site: tenant_call(site, purge),
    "tenant_info": lambda site: InfoCall(site, "tenant"),
}
# What only some have.
OWN: Mapping[str, Mapping[str, Maker]] = {
    "portaswitch": {
        "extension new": lambda site: module_call(
            site, "extension", {"id": "0112", "name": "Hanna Support", "account": 700009}
        ),
        "extension": lambda site: module_call(site, "extension", {"id": "0111", "name": "Zoë Dayshift"}),
        "extension gone": lambda site: module_call(
            site, "extension", {"id": "104", "state": "absent", "remove_from_hunt_groups": True}
        ),
        "follow_me": lambda site: module_call(
            site, "follow_me", {"account": ACCOUNT, "destinations": copy.deepcopy(list(FULL))}
        ),
        "follow_me gone": lambda site: module_call(site, "follow_me", {"account": ACCOUNT, "state": "absent"}),
        "agent": agent_call,
        "extension_info": lambda site: InfoCall(site, "extension", online=True, products=["11"], active_calls=True),
        "follow_me_info": lambda site: InfoCall(site, "follow_me"),
        "hunt_group_info of one": lambda site: InfoCall(
            site, "hunt_group", account=700004, sign_in_history_from="2020-01-01"
        ),
    },
    "vodia": {
        "hunt_group_info of one": lambda site: InfoCall(site, "hunt_group", id=site.case.taken),
        "extension new": lambda site: module_call(
            site, "extension", {"id": "0112", "name": "Hanna Support", "settings": {"alias": ["0113"]}}
        ),
        "extension": lambda site: module_call(site, "extension", {"id": "446", "name": "Porter Lodge"}),
        "extension gone": lambda site: module_call(
            site, "extension", {"id": "446", "state": "absent", "remove_from_hunt_groups": True}
        ),
        "extension_info": lambda site: InfoCall(site, "extension"),
        "follow_me": lambda site: module_call(
            site, "follow_me", {"account": "446", "forwarding": {"busy": "443", "no_answer": "444"}}
        ),
        "follow_me_info": lambda site: InfoCall(site, "follow_me"),
    },
    "apio": {
        "weights": lambda site: module_call(site, "hunt_group_weights", dict(DECLARED)),
        "weights and policy": lambda site: module_call(site, "hunt_group_weights", dict(ENSURED)),
        "follow_me": lambda site: module_call(
            site,
            "follow_me",
            {
                "account": USER1,
                "destinations": [{"number": "+32470123456", "rings": 5}, {"number": "4001"}],
                "forwarding": {"busy": "+3225126780"},
            },
        ),
        "follow_me gone": lambda site: module_call(site, "follow_me", {"account": USER1, "state": "absent"}),
        "follow_me_info": lambda site: InfoCall(site, "follow_me"),
        "weights_info": lambda site: InfoCall(site, "hunt_group_weights"),
        "extension_info": lambda site: InfoCall(site, "extension"),
        "hunt_group_info of one": lambda site: InfoCall(
            site, "hunt_group", id=site.case.taken, available_members=True, same_group_only=True
        ),
    },
}
