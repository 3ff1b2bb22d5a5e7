# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in a tenant, by the simulator's own state, never by what the client says about it. Record numbers are no part of it."""

from __future__ import annotations

import copy

from ansible_collections.telephony.pbx.tests.contract.cases import State, Values, apio_groups


def porta_members(state: State, i_c_group: int) -> list[Values]:
    """The members of a group in their order; a group may ring another one."""
    ours = state["customers"]["10"]
    number = {one["i_c_ext"]: one["id"] for kind in ("extensions", "groups") for one in ours[kind].values()}
    rows = [row for row in state["memberships"].values() if row["i_c_group"] == i_c_group]
    flags = ("huntstop", "primary_group", "hunt_active")
    return [
        {
            "extension": number[row["i_c_ext"]],
            "times": (row["hunt_delay"] or 0, row["hunt_expire"] or 0),
            **{name: row[name] for name in flags},
        }
        for row in sorted(rows, key=lambda row: row["position"])
    ]


def porta_view(state: State) -> Values:
    ours = state["customers"]["10"]
    groups = {}
    for one in ours["groups"].values():
        members = porta_members(state, one["i_c_group"])
        if one["hunt_sequence"] != "Order":
            members.sort(key=lambda member: str(member["extension"]))
        flags = {name: one[name] for name in ("name", "hunt_sequence", "hunt_keep_original_cli", "pickup_allowed")}
        groups[one["id"]] = {**flags, "members": members}
    rows = sorted(state["follow_me_numbers"].values(), key=lambda row: row["i_follow_order"])
    gone = ("i_follow_me_number", "i_follow_me", "i_follow_order")
    destinations: dict[str, list[Values]] = {}
    for row in rows:
        left = {name: value for name, value in row.items() if name not in gone and value not in (None, "", 0, "Always")}
        left["keep_original_cld"] = row["keep_original_cld"] or "N"
        destinations.setdefault(str(row["i_account"]), []).append(left)
    return {
        "extensions": {one["id"]: (one["name"], one["i_account"]) for one in ours["extensions"].values()},
        "groups": groups,
        "follow_me": destinations,
        "accounts": ours["accounts"],
        "others": [state["customers"]["20"], state["memberships"]["9008"]],
    }


def porta_empty(state: State) -> None:
    ours = state["customers"]["10"]
    ours["extensions"], ours["groups"] = {}, {}
    state["memberships"] = {key: row for key, row in state["memberships"].items() if row["i_customer"] != 10}
    for kind in ("follow_me", "follow_me_numbers"):
        rows = state[kind].items()
        state[kind] = {key: row for key, row in rows if str(row["i_account"]) not in ours["accounts"]}


def vodia_view(state: State) -> Values:
    domains = copy.deepcopy(state["domains"])
    for domain in domains.values():
        for account in domain["accounts"].values():
            settings = {name: value for name, value in account["settings"].items() if value != ""}
            stages = {
                name: sorted(settings[name].split()) for name in ("st1_ext", "st2_ext", "st3_ext") if name in settings
            }
            booleans = {name: "" for name, value in settings.items() if name == "disabled" and value == "false"}
            account["settings"] = {k: v for k, v in {**settings, **stages}.items() if k not in booleans}
    return dict(domains)


def vodia_empty(state: State) -> None:
    domain = state["domains"]["localhost"]
    ours = ("hunts", "extensions")
    domain["accounts"] = {n: one for n, one in domain["accounts"].items() if one["type"] not in ours}


def apio_view(state: State) -> Values:
    tenants = copy.deepcopy(state["tenants"])
    for group in apio_groups({"tenants": tenants}).values():
        group["weights"] = {user: weight for user, weight in group["weights"].items() if weight}
        if group["policy"] not in ("Regular", "Circular"):
            group["agents"].sort()
    for service in apio_services({"tenants": tenants}):
        if service.get("active") is False:
            service["destination"] = ""  # what a forwarding that is switched off would lead to is its user's business
    return dict(tenants)


def apio_empty(state: State) -> None:
    apio_groups(state).clear()
    for service in apio_services(state):
        service.update({name: empty for name, empty in (("active", False), ("locations", [])) if name in service})


def apio_services(state: State) -> list[Values]:
    users = state["tenants"]["ApioSpTest"]["groups"]["ApioGrpTest"]["user_services"]
    return [service for services in users.values() for service in services.values()]


def porta_groups_of(state: State) -> dict[str, list[str]]:
    groups = state["customers"]["10"]["groups"].values()
    return {one["id"]: [str(m["extension"]) for m in porta_members(state, one["i_c_group"])] for one in groups}


def vodia_groups_of(state: State) -> dict[str, list[str]]:
    accounts = state["domains"]["localhost"]["accounts"].items()
    stages = ("st1_ext", "st2_ext", "st3_ext")
    return {
        number: " ".join(one["settings"].get(stage, "") for stage in stages).split()
        for number, one in accounts
        if one["type"] == "hunts"
    }


def apio_groups_of(state: State) -> dict[str, list[str]]:
    return {key: list(one["agents"]) for key, one in apio_groups(state).items()}
