# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""APIO: what we declare, and what somebody else changes while we are at it (see editing.py).

What is lost: the list of agents is replaced as a whole; and no page says that the PUT of a user's service is partial, so it
carries everything as it was read.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.telephony.pbx.tests.contract.cases import DOMAIN, FOO, USER, USER1, USER2, State, Values
from ansible_collections.telephony.pbx.tests.trust.editing import THEIRS, Edit, Work, at, members, sets

NIGHT, WEIGHTED, PLAIN = f"nightwatch@{DOMAIN}", f"ApioWeighted@{DOMAIN}", f"APIOTestHuntGroup@{DOMAIN}"
GROUP = ("tenants", "ApioSpTest", "groups", "ApioGrpTest")


def group(key: str, **values: Any) -> Edit:
    return sets(*GROUP, "hunt_groups", key, **values)


def profile(key: str, **values: Any) -> Edit:
    return sets(*GROUP, "hunt_groups", key, "serviceInstanceProfile", **values)


def adds(key: str, user: str) -> Edit:
    """They make a user an agent where it is none, with a weight of 0."""

    def edit(state: State) -> None:
        agents = at(state, *GROUP, "hunt_groups", key)["agents"]
        if user not in agents:
            agents.append(user)

    return edit


def drops(key: str, user: str) -> Edit:
    def edit(state: State) -> None:
        found = at(state, *GROUP, "hunt_groups", key)
        found["agents"] = [one for one in found["agents"] if one != user]
        found["weights"].pop(user, None)

    return edit


def service(user: str, name: str, **values: Any) -> Edit:
    return sets(*GROUP, "user_services", user, name, **values)


def rings(user: str, number: str) -> Edit:
    """They let one number more be rung, at the end, where it is not rung yet."""

    def edit(state: State) -> None:
        rows = at(state, *GROUP, "user_services", user, "sequential_ring")["locations"]
        if number not in [row["phoneNumber"] for row in rows]:
            place = 1 + max((row["id"] for row in rows), default=0)
            rows.append({"id": place, "phoneNumber": number, "numberOfRings": 4, "answerConfirmationRequired": False})

    return edit


def silent(state: State) -> None:
    at(state, *GROUP, "user_services", USER1, "sequential_ring")["locations"].clear()


def group_goes(state: State) -> None:
    at(state, *GROUP, "hunt_groups").pop(NIGHT, None)


OTHERS = (
    profile(PLAIN, name=THEIRS),
    adds(PLAIN, USER2),
    group(PLAIN, weights={USER: 1, USER1: 99}),
    sets(*GROUP, "users", USER, lastName=THEIRS),
)
OWN: dict[str, Edit] = {
    "name": profile(NIGHT, name=THEIRS),
    "caller": profile(NIGHT, cliLastName=THEIRS),
    "overflow": group(NIGHT, forwardToPhoneNumber="+3225126780", forwardAfterTimeout=True),
    "enabled": group(NIGHT, active=False),
    "settings": group(NIGHT, noAnswerNumberOfRings=9),
}
START: Values = {
    "id": NIGHT,
    "name": "Night watch",
    "policy": "weighted",
    "members": [{"extension": USER, "weight": 60}, {"extension": USER1, "weight": 40}],
    "settings": {"noAnswerNumberOfRings": 3, "serviceInstanceProfile": {"cliLastName": "W", "cliFirstName": "N"}},
}
UNWEIGHTED = {**START, "policy": "simultaneous", "members": members(USER, USER1)}


def of_group(name: str, declared: Values, *beside: Edit, start: Values | None = None, **more: Any) -> Work:
    own = [edit for what, edit in OWN.items() if what not in declared]
    return Work(name, "apio", "hunt_group", {"id": NIGHT, **declared}, start or START, (*OTHERS, *own, *beside), **more)


def of(name: str, module: str, declared: Values, *beside: Edit, **more: Any) -> Work:
    return Work(name, "apio", module, declared, beside=(*OTHERS, *beside), **more)


MORE, HEAVY = adds(NIGHT, USER2), group(NIGHT, weights={USER: 10, USER1: 90})
SHARES = [{"extension": USER1, "weight": 55}, {"extension": USER2, "weight": 45}]
RING = [{"number": "+32470123456", "rings": 5}, {"number": "4001"}]
WORKS = (
    of_group("name", {"name": "Night watch B"}, MORE, HEAVY, against={"the name": (OWN["name"], "name")}),
    of_group(
        "settings",
        {"settings": {"noAnswerNumberOfRings": 7, "serviceInstanceProfile": {"language": "French"}}},
        MORE,
        profile(NIGHT, timeZone="Europe/Paris"),
        against={
            "a setting": (OWN["settings"], "noAnswerNumberOfRings"),
            "a part of the profile": (profile(NIGHT, language="Dutch"), "language"),
        },
    ),
    of_group(
        "members at least",
        {"members": members(USER2), "membership": "at_least"},
        start=UNWEIGHTED,
        lost={"a member more": adds(NIGHT, FOO)},
        against={"our member gone": (drops(NIGHT, USER2), "members")},
    ),
    of_group(
        "members exact",
        {"members": members(USER1, USER2)},
        start=UNWEIGHTED,
        against={
            "a member more": (adds(NIGHT, FOO), "members"),
            "a member less": (drops(NIGHT, USER1), "members"),
        },
    ),
    of_group(
        "members and weights",
        {"members": [{"extension": USER2, "weight": 70}, {"extension": USER1, "weight": 30}]},
        against={
            "a member more": (adds(NIGHT, FOO), "members"),
            "a member less": (drops(NIGHT, USER1), "members"),
            "the weights": (group(NIGHT, weights={USER1: 99, USER2: 1}), "members"),
        },
    ),
    of(
        "weights",
        "hunt_group_weights",
        {"hunt_group": WEIGHTED, "weights": SHARES, "ensure_policy": True},
        profile(WEIGHTED, name=THEIRS),
        group(WEIGHTED, noAnswerNumberOfRings=9),
        against={
            "the weights": (group(WEIGHTED, weights={USER1: 99, USER2: 1}), "weights"),
            "the policy": (group(WEIGHTED, policy="Regular"), "policy"),
        },
    ),
    of(
        "follow-me exact",
        "follow_me",
        {"account": USER1, "destinations": RING},
        service(USER1, "cfa", active=True, destination="+3225126780"),
        service(USER2, "cfb", active=True, destination="+3225126780"),
        lost={"a setting": service(USER1, "sequential_ring", baseLocationNumberOfRings=9)},
        against={
            "a destination more": (rings(USER1, "4009"), "destinations"),
            "all destinations": (silent, "destinations"),
        },
    ),
    of(
        "follow-me at least",
        "follow_me",
        {"account": USER1, "destinations": RING[1:], "membership": "at_least"},
        lost={"a destination more": rings(USER1, "4009")},
        otherwise=("a destination more",),  # theirs was there first, so it rings before ours
    ),
    of(
        "forwarding",
        "follow_me",
        {"account": USER1, "forwarding": {"busy": "+3225126780"}},
        service(USER1, "cfa", active=True, destination="4009"),
        rings(USER1, "4009"),
        against={"the forwarding": (service(USER1, "cfb", active=True, destination="4009"), "forwarding.busy")},
    ),
    of(
        "tenant",
        "tenant",
        {"hunt_groups": [{"id": NIGHT, "name": "Night watch B"}, {"id": WEIGHTED, "policy": "regular"}]},
        OWN["settings"],
        MORE,
        profile(WEIGHTED, name=THEIRS),
        start=START,
        against={
            "the name of the first": (OWN["name"], "name"),
            "the policy of the second": (group(WEIGHTED, policy="Circular"), "policy"),
        },
    ),
)
