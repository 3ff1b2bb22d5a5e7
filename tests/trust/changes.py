# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of a whole tenant: each prepares the tenant and returns the declaration to run."""

from __future__ import annotations

import copy
from collections.abc import Callable

from ansible_collections.telephony.pbx.tests.contract.cases import State, Values
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant, whole

Change = Callable[[Tenant], Values]


def signed_in(state: State) -> None:
    """Sign every agent in: who signed out is nobody's declaration and in no journal."""
    for row in state.get("memberships", {}).values():
        row["hunt_active"] = "Y"


def create(tenant: Tenant) -> Values:
    """Everything, from nothing."""
    tenant.emptied()
    return whole(tenant)


def update(tenant: Tenant) -> Values:
    """Every object changes: other members, other names, other destinations."""
    tenant.done(whole(tenant))
    return copy.deepcopy(tenant.whole.update)


def turned(tenant: Tenant) -> Values:
    """The same groups and destinations with their members and rows the other way round."""
    document = whole(tenant)
    document.pop("extensions", None)
    for group in document["hunt_groups"]:
        stages = [member.pop("stage", None) for member in group["members"]]
        group["members"].reverse()
        for member, stage in zip(group["members"], stages):
            member.update({"stage": stage} if stage else {})
    for account in document["follow_me"]:
        account.get("destinations", []).reverse()
    return document


def reorder(tenant: Tenant) -> Values:
    """The same members in another order, where order has meaning."""
    document = whole(tenant)
    for group in document["hunt_groups"]:
        if tenant.case.backend != "vodia":
            group["policy"] = "regular"
        group["members"] = [{"extension": member["extension"]} for member in group["members"]]
    if tenant.case.backend == "vodia":
        for group, numbers in zip(document["hunt_groups"], (("446", "445"), ("444", "443"))):
            group["members"] = [{"extension": number, "stage": n} for n, number in enumerate(numbers, 1)]
    tenant.done(document)
    changed = copy.deepcopy(document)
    changed.pop("extensions", None)
    for group in changed["hunt_groups"]:
        group["members"].reverse()
        for stage, member in enumerate(group["members"], 1):
            if "stage" in member:
                member["stage"] = stage
    for account in changed.get("follow_me", []):
        account.get("destinations", []).reverse()
    return changed


def purge(tenant: Tenant) -> Values:
    """One group stays and changes, the others go; and so do the extensions that nothing leads to any more."""
    document = whole(tenant)
    tenant.done(document)
    document["hunt_groups"] = copy.deepcopy(tenant.whole.update["hunt_groups"][:1])
    document.update(purge=list(tenant.whole.kinds), follow_me=document["follow_me"][:1], max_deletions="100%")
    if tenant.case.backend == "portaswitch":
        document.update(protect=["108"], extensions=document["extensions"][:2])
    if tenant.case.backend == "vodia":
        document["extensions"] = [one for one in document["extensions"] if one["id"] in ("440", "443", "446")]
        document["follow_me"] = [
            {"account": "440", "forwarding": {"no_answer": "443", "no_answer_after": 20, "busy": ""}}
        ]
    return document


def renumber(tenant: Tenant) -> Values:
    """The second group gets another number: a new one is there before the old one goes."""
    tenant.done(whole(tenant))
    old = whole(tenant)["hunt_groups"][1]
    new = {**old, "id": "0270" + old["id"][old["id"].index("@") :] if "@" in old["id"] else "0270"}
    return {"hunt_groups": [new, {"id": old["id"], "state": "absent"}]}


CHANGES: tuple[Change, ...] = (create, update, reorder, purge, renumber)
