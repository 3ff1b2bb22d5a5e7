# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Large tenants, put into the simulator's state directly: a thousand extensions, a hundred groups of ten members."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.telephony.pbx.tests.contract.cases import (
    CASES,
    DOMAIN,
    Case,
    State,
    Values,
    apio_groups,
)
from pbx_simulator.apio_data import new_hunt_group
from pbx_simulator.portaswitch_pages import account, extension, follow_me_number, group, membership
from pbx_simulator.vodia import new_account

GROUPS, MEMBERS, EXTENSIONS, FOLLOWED = 100, 10, 1000, 20
FIRST_ACCOUNT = 800000


@dataclass(frozen=True)
class Big:
    """fill: puts the tenant into a state and returns its declaration. accounts: makes room for so many new extensions.
    new: so many extensions that are not there yet. unchanged: how many requests an unchanged run sends."""

    case: Case
    fill: Callable[[State], Values]
    unchanged: int
    accounts: Callable[[State, int], None] = lambda state, count: None
    new: Callable[[int], list[Values]] = lambda count: []


def porta_accounts(state: State, count: int) -> None:
    accounts = state["customers"]["10"]["accounts"]
    for number in range(FIRST_ACCOUNT, FIRST_ACCOUNT + count):
        accounts[str(number)] = account(number, f"3227{number}", "Desk", str(number))


def porta_new(count: int) -> list[Values]:
    return [{"id": str(1000 + n), "name": f"Desk {n}", "account": FIRST_ACCOUNT + n} for n in range(count)]


def porta_fill(state: State) -> Values:
    porta_accounts(state, EXTENSIONS)
    ours, extensions = state["customers"]["10"], porta_new(EXTENSIONS)
    for place, one in enumerate(extensions):
        ours["extensions"][str(20000 + place)] = extension(20000 + place, one["id"], one["name"], one["account"])
    groups = []
    for place in range(GROUPS):
        number, name = str(3000 + place), f"Group {place}"
        ours["groups"][str(40000 + place)] = group(40000 + place, 50000 + place, number, name, "Simultaneous")
        members = []
        for seat in range(MEMBERS):
            i_cg_ext, i_c_ext = 60000 + place * MEMBERS + seat, 20000 + (place * MEMBERS + seat) % EXTENSIONS
            state["memberships"][str(i_cg_ext)] = membership(i_cg_ext, 10, 40000 + place, i_c_ext, hunt_expire=20)
            members.append({"extension": extensions[i_c_ext - 20000]["id"], "ring_time": 20})
        groups.append({"id": number, "name": name, "policy": "simultaneous", "members": members})
    follow_me = []
    for place in range(FOLLOWED):
        number, i_account = 90000 + place, FIRST_ACCOUNT + place
        row = follow_me_number(number, i_account, number, name="Mobile", redirect_number="32470123456", timeout=20)
        state["follow_me"][str(i_account)] = {
            "i_account": i_account,
            "i_follow_me": number,
            "sequence": "Order",
            "timeout": 30,
        }
        state["follow_me_numbers"][str(number)] = row
        destination = {"name": "Mobile", "number": "32470123456", "timeout": 20, "active": True}
        follow_me.append({"account": i_account, "destinations": [destination]})
    return {"extensions": extensions, "hunt_groups": groups, "follow_me": follow_me}


def vodia_fill(state: State) -> Values:
    accounts = state["domains"]["localhost"]["accounts"]
    groups = []
    for place in range(GROUPS):
        number, name = str(3000 + place), f"Group {place}"
        accounts[number] = new_account("hunts", number, display=name, st1_ext="440 443", st2_ext="444")
        members = [{"extension": n, "stage": stage} for n, stage in (("440", 1), ("443", 1), ("444", 2))]
        groups.append({"id": number, "name": name, "members": members})
    return {"hunt_groups": groups}


def apio_fill(state: State) -> Values:
    groups = []
    for place in range(GROUPS):
        key, name = f"group{place}@{DOMAIN}", f"Group {place}"
        one = new_hunt_group(key)
        one["serviceInstanceProfile"].update(name=name, cliLastName="Group", cliFirstName=str(place))
        one["agents"] = [f"ApioUserTest@{DOMAIN}", f"ApioUserTest1@{DOMAIN}"]
        apio_groups(state)[key] = one
        members = [{"extension": user} for user in one["agents"]]
        groups.append({"id": key, "name": name, "policy": "regular", "members": members})
    return {"hunt_groups": groups}


BIG = {
    # both lists, and one for each account with follow-me declared
    "portaswitch": Big(CASES["portaswitch"], porta_fill, 2 + FOLLOWED, porta_accounts, porta_new),
    "vodia": Big(CASES["vodia"], vodia_fill, 1 + GROUPS),
    "apio": Big(CASES["apio"], apio_fill, 1 + GROUPS),
}
