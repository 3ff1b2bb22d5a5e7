# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls that the suites about faults and hostile answers make: every module, and every way through it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ansible_collections.telephony.pbx.tests.contract.callers import Caller
from ansible_collections.telephony.pbx.tests.contract.cases import DOMAIN, USER, USER1, USER2, Values
from ansible_collections.telephony.pbx.tests.contract.follow_me_rows import ACCOUNT, FULL
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant
from ansible_collections.telephony.pbx.tests.trust import changes
from ansible_collections.telephony.pbx.tests.trust.calls import Call, InfoCall, ViewCall, tuned

Maker = Callable[[Site], Call]


def calls(module: str, declared: Values) -> Maker:
    return lambda site: ViewCall(site, Caller(site, module), copy.deepcopy(declared))


def shows(module: str, **asked: Any) -> Maker:
    return lambda site: InfoCall(site, module, **asked)


def runs(change: changes.Change, **more: Any) -> Maker:
    """The tenant module, with a change of the whole tenant."""

    def make(site: Site) -> Call:
        changes.signed_in(site.vendor.state)
        tenant = Tenant(site)
        return ViewCall(site, tenant, {**change(tenant), "journal": "", **more})

    return make


def group(what: str) -> Maker:
    """hunt_group: what every option of the backend's own case can do."""

    def make(site: Site) -> Call:
        caller = Caller(site, "hunt_group")
        if what == "create":
            return ViewCall(site, caller, site.case.group)
        caller.done(site.case.group)
        absent = {"id": site.case.group["id"], "state": "absent"}
        return ViewCall(site, caller, absent if what == "delete" else site.case.update, check_mode=what == "check")

    return make


def agent(site: Site) -> Call:
    """An agent that is a member of two groups signs out of both."""
    table = site.vendor.state["memberships"]
    table["9010"] = {**table["9003"], "i_cg_ext": 9010, "i_c_ext": 5004, "position": 9010}
    site.vendor.state["next"].update(i_cg_ext=9011, position=9011)
    return calls("agent", {"account": 700004, "state": "logged_out"})(site)


def taken(**more: Any) -> Maker:
    """hunt_group_info of the group that others made."""
    return lambda site: InfoCall(site, "hunt_group", id=site.case.taken, **more)


def shares(name: str, weights: Mapping[str, int], **more: Any) -> Maker:
    rows = [{"extension": user, "weight": weight} for user, weight in weights.items()]
    return calls("hunt_group_weights", {"hunt_group": f"{name}@{DOMAIN}", "weights": rows, **more})


# What every backend has.
COMMON: Mapping[str, Maker] = {
    **{what: group(what) for what in ("create", "update", "delete", "check")},
    "hunt_group_info": shows("hunt_group"),
    "tenant": runs(changes.update),
    "tenant, going on": runs(changes.update, on_error="continue"),
    "tenant purge": runs(changes.purge),
    "tenant_info": shows("tenant"),
}
GONE = {"state": "absent", "remove_from_hunt_groups": True}
RING = [{"number": "+32470123456", "rings": 5}, {"number": "4001"}]
# What only some have.
OWN: Mapping[str, Mapping[str, Maker]] = {
    "portaswitch": {
        "extension new": calls("extension", {"id": "0112", "name": "Hanna Support", "account": 700009}),
        "extension": calls("extension", {"id": "0111", "name": "Zoë Dayshift"}),
        "extension gone": calls("extension", {"id": "104", **GONE}),
        "follow_me": calls("follow_me", {"account": ACCOUNT, "destinations": list(FULL)}),
        "follow_me gone": calls("follow_me", {"account": ACCOUNT, "state": "absent"}),
        "agent": agent,
        "extension_info": shows("extension", online=True, products=["11"], active_calls=True),
        "follow_me_info": shows("follow_me"),
        "hunt_group_info of one": shows("hunt_group", account=700004, sign_in_history_from="2020-01-01"),
    },
    "vodia": {
        "hunt_group_info of one": taken(),
        "extension new": calls("extension", {"id": "0112", "name": "Hanna Support", "settings": {"alias": ["0113"]}}),
        "extension": calls("extension", {"id": "446", "name": "Porter Lodge"}),
        "extension gone": calls("extension", {"id": "446", **GONE}),
        "extension_info": shows("extension"),
        "follow_me": calls("follow_me", {"account": "446", "forwarding": {"busy": "443", "no_answer": "444"}}),
        "follow_me_info": shows("follow_me"),
    },
    "apio": {
        "weights": shares("ApioWeighted", {USER1: 55, USER2: 45}),
        "weights and policy": shares("APIOTestHuntGroup", {USER: 10, USER1: 90}, ensure_policy=True),
        "follow_me": calls(
            "follow_me", {"account": USER1, "destinations": RING, "forwarding": {"busy": "+3225126780"}}
        ),
        "follow_me gone": calls("follow_me", {"account": USER1, "state": "absent"}),
        "follow_me_info": shows("follow_me"),
        "weights_info": shows("hunt_group_weights"),
        "extension_info": shows("extension"),
        "hunt_group_info of one": taken(available_members=True, same_group_only=True),
    },
}


def every(backend: str) -> Mapping[str, Maker]:
    return {**COMMON, **OWN[backend]}


def made(site: Site, makers: Mapping[str, Maker], **connection: Any) -> Iterator[tuple[str, Call]]:
    """Each call with its name, ready to be made; the site belongs to the one that was given last."""
    for name, maker in makers.items():
        site.vendor.reset()
        if site.case.backend == "apio":
            site.vendor.set_dialect(delete_body="object")  # an empty answer cannot be cut short
        yield name, maker(tuned(site, **{"concurrency": "1", **connection}))


def measured(site: Site, makers: Mapping[str, Maker], **connection: Any) -> list[tuple[str, Call]]:
    """The same, each made once without trouble, so that its requests and writes are known."""
    found = list(made(site, makers, **connection))
    for _name, call in found:
        call.measure()
    return found
