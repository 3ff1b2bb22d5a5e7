# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tenants of any size: the state that the simulator gets, and the declaration that fits it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.telephony.pbx.tests.contract.cases import CASES, DOMAIN, apio_groups
from pbx_simulator import VENDORS
from pbx_simulator.apio_data import new_hunt_group
from pbx_simulator.portaswitch_pages import account, extension, group, membership
from pbx_simulator.vodia import new_account

Values = dict[str, Any]
FIRST = 100000  # number of the first extension
MEMBERS = 10  # of each hunt group


@dataclass(frozen=True)
class Tenant:
    """A tenant on one vendor's server. state: of the simulator; declared: its lists; options: the connection but url."""

    backend: str
    state: Values
    declared: Values
    options: Values
    path: str

    @property
    def objects(self) -> int:
        return sum(len(rows) for rows in self.declared.values())


def _extensions(count: int) -> list[Values]:
    return [{"id": str(FIRST + n), "name": f"Desk {n}"} for n in range(count)]


def _members(place: int, count: int) -> list[str]:
    return [str(FIRST + (place * MEMBERS + seat) % count) for seat in range(min(MEMBERS, count))]


def portaswitch(extensions: int, groups: int, there: bool = True) -> tuple[Values, Values]:
    """(state, declaration). there: whether the extensions and groups are in the state, or only accounts for them."""
    state = VENDORS["portaswitch"]().state
    ours = state["customers"]["10"]
    declared: Values = {"extensions": [], "hunt_groups": []}
    for place, one in enumerate(_extensions(extensions)):
        i_account = 800000 + place
        ours["accounts"][str(i_account)] = account(i_account, f"3227{i_account}", "Desk", str(place))
        declared["extensions"].append({**one, "account": i_account})
        if there:
            ours["extensions"][str(200000 + place)] = extension(200000 + place, one["id"], one["name"], i_account)
    for place in range(groups):
        number, name = str(50000 + place), f"Group {place}"
        members = _members(place, extensions)
        shown = [{"extension": member, "ring_time": 20} for member in members]
        declared["hunt_groups"].append({"id": number, "name": name, "policy": "simultaneous", "members": shown})
        if not there:
            continue
        key = 400000 + place
        ours["groups"][str(key)] = group(key, 500000 + place, number, name, "Simultaneous")
        for seat, member in enumerate(members):
            row = membership(600000 + place * MEMBERS + seat, 10, key, 100000 + int(member), hunt_expire=20)
            state["memberships"][str(row["i_cg_ext"])] = row
    if there:
        state["next"].update(i_c_ext=900000, i_c_group=900000, i_cg_ext=2000000, position=2000000)
    return state, declared


def vodia(extensions: int, groups: int, there: bool = True) -> tuple[Values, Values]:
    state = VENDORS["vodia"]().state
    accounts = state["domains"]["localhost"]["accounts"]
    declared: Values = {"extensions": _extensions(extensions), "hunt_groups": []}
    for one in declared["extensions"] if there else []:
        accounts[one["id"]] = new_account("extensions", one["id"], first_name="Desk", display_name=one["name"][5:])
    for place in range(groups):
        number, name, members = str(50000 + place), f"Group {place}", _members(place, extensions)
        shown = [{"extension": member, "stage": 1} for member in members]
        declared["hunt_groups"].append({"id": number, "name": name, "members": shown})
        if there:
            accounts[number] = new_account("hunts", number, display=name, st1_ext=" ".join(members))
    return state, declared


def apio(extensions: int, groups: int, there: bool = True) -> tuple[Values, Values]:
    """The users are there in any case: no request of its pages creates one."""
    state = VENDORS["apio"]().state
    users = apio_groups_of(state)["users"]
    names = [f"desk{n}@{DOMAIN}" for n in range(extensions)]
    for place, name in enumerate(names):
        users[name] = {
            "lastName": "Desk", "firstName": str(place), "phoneNumber": "", "extension": str(FIRST + place),
            "department": None, "emailAddress": "",
        }  # fmt: skip
    declared: Values = {"hunt_groups": []}
    for place in range(groups):
        key, name = f"group{place}@{DOMAIN}", f"Group {place}"
        members = [names[(place * MEMBERS + seat) % extensions] for seat in range(min(MEMBERS, extensions))]
        profile = {"cliLastName": "Group", "cliFirstName": str(place)}
        declared["hunt_groups"].append({
            "id": key, "name": name, "policy": "regular", "members": [{"extension": member} for member in members],
            "settings": {"serviceInstanceProfile": profile},
        })  # fmt: skip
        if there:
            one = new_hunt_group(key)
            one["serviceInstanceProfile"].update(name=name, **profile)
            one["agents"] = members
            apio_groups(state)[key] = one
    return state, declared


def apio_groups_of(state: Values) -> Values:
    found: Values = state["tenants"]["ApioSpTest"]["groups"]["ApioGrpTest"]
    return found


MAKERS: dict[str, Callable[..., tuple[Values, Values]]] = {"portaswitch": portaswitch, "vodia": vodia, "apio": apio}


def tenant(backend: str, extensions: int, groups: int | None = None, there: bool = True) -> Tenant:
    """A tenant with so many extensions, and one hunt group of ten members for each ten of them."""
    groups = extensions // 10 if groups is None else groups
    state, declared = MAKERS[backend](extensions, groups, there)
    case = CASES[backend]
    return Tenant(backend, state, declared, {"backend": backend, **case.connection}, case.path)
