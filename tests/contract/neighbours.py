# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tenants in which everything is easily mistaken for something else, made up by hypothesis.

Numbers are parts of each other, names are shared, groups and follow-me lead to extensions, to groups and to each other. What
leads where, and which numbers there are, is read from the simulator's own state.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from ansible_collections.telephony.pbx.tests.contract import vodia_extensions as vodia
from ansible_collections.telephony.pbx.tests.contract.cases import (
    DOMAIN,
    USER,
    USER1,
    USER2,
    State,
    Values,
    apio_groups,
)
from ansible_collections.telephony.pbx.tests.contract.random_tenants import some
from ansible_collections.telephony.pbx.tests.contract.views import apio_services

Strategy = st.SearchStrategy[Any]
NAMES = st.sampled_from(["Sales", "Sales 1", "Sales 10"])  # several objects have each


@dataclass(frozen=True)
class Neighbourhood:
    """documents: tenants of one backend. numbers: those of each object, by its key. leading: those that something leads to."""

    documents: Strategy
    numbers: Callable[[State], dict[str, set[str]]]
    leading: Callable[[State], set[str]]


def each(keys: list[str], make: Callable[[str], Strategy], least: int = 0) -> Strategy:
    """Some objects, each under another key."""
    chosen = st.lists(st.sampled_from(keys), unique=True, min_size=least)
    return chosen.flatmap(lambda found: st.tuples(*map(make, found)).map(list))


def ringing(number: str, numbers: list[str], **more: Any) -> Strategy:
    """Members of a group: any of these but itself."""
    others = [one for one in numbers if one != number]
    chosen = st.lists(st.sampled_from(others), unique=True, max_size=3)
    return chosen.map(lambda found: [{"extension": one, **more} for one in found])


def closed(document: Values) -> Values:
    """Without members and destinations that nobody declares: those would be refused before anything happens."""
    known = {one["id"] for kind in ("extensions", "hunt_groups") for one in document.get(kind, [])}
    for group in document["hunt_groups"]:
        group["members"] = [one for one in group["members"] if one["extension"] in known or "@" in one["extension"]]
    return document


# -- PortaSwitch -----------------------------------------------------------------------------------------------------------
SEATS = {"10": 700001, "100": 700002, "0100": 700003, "1000": 700007, "01": 700008}
GROUPS = ["2", "20", "200", "0200"]


def porta_extension(number: str) -> Strategy:
    return NAMES.map(lambda name: {"id": number, "name": name, "account": SEATS[number]})


def porta_group(number: str) -> Strategy:
    return st.fixed_dictionaries(
        {
            "id": st.just(number),
            "name": NAMES,
            "policy": st.sampled_from(["regular", "random"]),
            "members": ringing(number, [*SEATS]),
        }
    )


def porta_follow_me(account: str) -> Strategy:
    number = st.sampled_from([*SEATS, *GROUPS, "32470123456"])
    destination = st.tuples(st.sampled_from(["A", "A 1"]), number).map(lambda two: {"name": two[0], "number": two[1]})
    rows = st.lists(destination, max_size=2, unique_by=lambda one: str(one["name"]))
    return rows.map(lambda found: {"account": SEATS[account], "destinations": found})


def with_accounts(document: Values) -> Values:
    """Follow-me only of accounts that have an extension."""
    accounts = {one["account"] for one in document["extensions"]}
    document["follow_me"] = [one for one in document["follow_me"] if one["account"] in accounts]
    return closed(document)


def porta_numbers(state: State) -> dict[str, set[str]]:
    ours = state["customers"]["10"]
    return {one["id"]: {one["id"]} for kind in ("extensions", "groups") for one in ours[kind].values()}


def porta_leading(state: State) -> set[str]:
    ours = state["customers"]["10"]
    number = {one["i_c_ext"]: one["id"] for kind in ("extensions", "groups") for one in ours[kind].values()}
    groups = {one["i_c_group"] for one in ours["groups"].values()}
    rung = {number.get(row["i_c_ext"], "nobody") for row in state["memberships"].values() if row["i_c_group"] in groups}
    rows = state["follow_me_numbers"].values()
    return rung | {row["redirect_number"] for row in rows if str(row["i_account"]) in ours["accounts"]}


PORTASWITCH = st.fixed_dictionaries(
    {
        "extensions": each([*SEATS], porta_extension, least=2),
        "hunt_groups": each(GROUPS, porta_group),
        "follow_me": each([*SEATS], porta_follow_me),
    }
).map(with_accounts)

# -- Vodia -------------------------------------------------------------------------------------------------------------------
DESKS = ["4", "44", "440", "0440"]
HUNTS = ["1", "15", "150", "0150"]


def vodia_extension(number: str) -> Strategy:
    settings = some({"alias": st.sampled_from([[], [f"8{number}"], [f"8{number}", f"88{number}"]])})
    return st.tuples(NAMES, settings).map(lambda two: {"id": number, "name": two[0], "settings": two[1]})


def vodia_group(number: str) -> Strategy:
    overflow = st.sampled_from(["", *DESKS, *(f"8{desk}" for desk in DESKS)])
    return st.fixed_dictionaries(
        {"id": st.just(number), "name": NAMES, "members": ringing(number, DESKS, stage=1)},
        optional={"overflow_to": overflow, "settings": some({"alias": st.sampled_from([[], [f"7{number}"]])})},
    )


def vodia_follow_me(number: str) -> Strategy:
    to = st.sampled_from(["", *DESKS, *HUNTS, "8572665588"])
    return some({"always": to, "busy": to}).map(
        lambda found: {"account": number, "forwarding": {"no_answer": "", **found}}
    )


def of_extensions(document: Values) -> Values:
    numbers = {one["id"] for one in document["extensions"]}
    document["follow_me"] = [one for one in document["follow_me"] if one["account"] in numbers]
    return closed(document)


def vodia_numbers(state: State) -> dict[str, set[str]]:
    return {key: {key, *one["settings"].get("alias", [])} for key, one in vodia.accounts(state).items()}


def vodia_leading(state: State) -> set[str]:
    names = ("st1_ext", "st2_ext", "st3_ext", "st4_ext", "cfa", "cfb", "cfn", "cfr")
    settings = [one["settings"] for one in vodia.accounts(state).values()]
    return {number for one in settings for name in names for number in str(one.get(name, "")).split()}


VODIA = st.fixed_dictionaries(
    {
        "extensions": each(DESKS, vodia_extension, least=2),
        "hunt_groups": each(HUNTS, vodia_group),
        "follow_me": each(DESKS, vodia_follow_me),
    }
).map(of_extensions)

# -- APIO --------------------------------------------------------------------------------------------------------------------
IDS = [f"{name}@{DOMAIN}" for name in ("sales", "sales1", "sales10", "asales")]


def own_number(key: str) -> str:
    """The extension of a group; all have four digits here."""
    return {IDS[0]: "4200", IDS[1]: "0420", IDS[2]: "4420", IDS[3]: "2042"}[key]


def apio_group(key: str) -> Strategy:
    to = st.sampled_from(["", *(own_number(one) for one in IDS if one != key)])
    profile = {"serviceInstanceProfile": {"cliLastName": "Sales", "cliFirstName": "Group"}}
    return st.fixed_dictionaries(
        {
            "id": st.just(key),
            "name": NAMES,
            "policy": st.sampled_from(["regular", "uniform"]),
            "members": ringing(key, [USER, USER1, USER2]),
            "extension": st.just(own_number(key)),
            "settings": st.just(profile),
        },
        optional={"overflow_to": to},
    )


def apio_follow_me(user: str) -> Strategy:
    to = st.sampled_from(["", *map(own_number, IDS)])
    rows = st.lists(st.sampled_from([*map(own_number, IDS), "+32470123456"]), unique=True, max_size=2)
    return st.tuples(to, rows).map(
        lambda two: {
            "account": user, "forwarding": {"busy": two[0]}, "destinations": [{"number": number} for number in two[1]]
        }
    )  # fmt: skip


def apio_numbers(state: State) -> dict[str, set[str]]:
    return {key: {one["serviceInstanceProfile"]["extension"]} - {""} for key, one in apio_groups(state).items()}


def apio_leading(state: State) -> set[str]:
    groups = apio_groups(state).values()
    found = {one["forwardToPhoneNumber"] for one in groups if one["forwardAfterTimeout"]}
    for service in apio_services(state):
        found |= {service["destination"]} if service.get("active") else set()
        found |= {row["phoneNumber"] for row in service.get("locations", [])}
    return found


APIO = st.fixed_dictionaries({"hunt_groups": each(IDS, apio_group), "follow_me": each([USER, USER1], apio_follow_me)})

NEIGHBOURHOODS = {
    "portaswitch": Neighbourhood(PORTASWITCH, porta_numbers, porta_leading),
    "vodia": Neighbourhood(VODIA, vodia_numbers, vodia_leading),
    "apio": Neighbourhood(APIO, apio_numbers, apio_leading),
}
