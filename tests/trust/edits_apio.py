# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""APIO: what we declare, and what somebody else changes while we are at it (see editing.py)."""

from __future__ import annotations

from typing import Any

from ansible_collections.telephony.pbx.tests.contract.cases import (
    DOMAIN,
    FOO,
    USER,
    USER1,
    USER2,
    State,
    Values,
    apio_groups,
)
from ansible_collections.telephony.pbx.tests.trust.editing import MEMBERS, THEIRS, Edit, Work, all_of, declared

NIGHT, WEIGHTED, PLAIN = f"nightwatch@{DOMAIN}", f"ApioWeighted@{DOMAIN}", f"APIOTestHuntGroup@{DOMAIN}"


def apio_sets(key: str, **values: Any) -> Edit:
    return lambda state: apio_groups(state)[key].update(values)


def apio_profile(key: str, **values: Any) -> Edit:
    return lambda state: apio_groups(state)[key]["serviceInstanceProfile"].update(values)


def apio_adds(key: str, user: str) -> Edit:
    """They make a user an agent where it is none, with a weight of 0."""

    def edit(state: State) -> None:
        agents = apio_groups(state)[key]["agents"]
        if user not in agents:
            agents.append(user)

    return edit


def apio_drops(key: str, user: str) -> Edit:
    def edit(state: State) -> None:
        group = apio_groups(state)[key]
        group["agents"] = [one for one in group["agents"] if one != user]
        group["weights"].pop(user, None)

    return edit


def apio_weighs(key: str, **weights: int) -> Edit:
    users = {"u0": USER, "u1": USER1, "u2": USER2}
    return lambda state: apio_groups(state)[key].update(
        weights={users[name]: weight for name, weight in weights.items()}
    )


def services_of(state: State, user: str) -> Values:
    services: Values = state["tenants"]["ApioSpTest"]["groups"]["ApioGrpTest"]["user_services"][user]
    return services


def service_sets(user: str, service: str, **values: Any) -> Edit:
    return lambda state: services_of(state, user)[service].update(values)


def location_adds(user: str, number: str) -> Edit:
    """They let one number more be rung, at the end, where it is not rung yet."""

    def edit(state: State) -> None:
        rows = services_of(state, user)["sequential_ring"]["locations"]
        if number not in [row["phoneNumber"] for row in rows]:
            place = 1 + max((row["id"] for row in rows), default=0)
            rows.append({"id": place, "phoneNumber": number, "numberOfRings": 4, "answerConfirmationRequired": False})

    return edit


def locations_go(user: str) -> Edit:
    return lambda state: services_of(state, user)["sequential_ring"]["locations"].clear()


APIO_OTHERS: dict[str, Edit] = {
    "the name of another group": apio_profile(PLAIN, name=THEIRS),
    "the members of another group": apio_adds(PLAIN, USER2),
    "the weights of another group": apio_weighs(PLAIN, u0=1, u1=99),
    "a user": lambda state: state["tenants"]["ApioSpTest"]["groups"]["ApioGrpTest"]["users"][USER].update(
        lastName=THEIRS
    ),
}
APIO_ELSEWHERE = {"other objects": all_of(APIO_OTHERS)}
APIO_BESIDE: dict[str, Edit] = {
    **APIO_ELSEWHERE,
    "the name": apio_profile(NIGHT, name=THEIRS),
    "the caller's name": apio_profile(NIGHT, cliLastName=THEIRS),
    "the overflow": apio_sets(NIGHT, forwardToPhoneNumber="+3225126780", forwardAfterTimeout=True),
    "whether it is enabled": apio_sets(NIGHT, active=False),
    "a setting": apio_sets(NIGHT, noAnswerNumberOfRings=9),
}
APIO_START: Values = {
    "id": NIGHT,
    "name": "Night watch",
    "policy": "weighted",
    "members": [{"extension": USER, "weight": 60}, {"extension": USER1, "weight": 40}],
    "settings": {"noAnswerNumberOfRings": 3, "serviceInstanceProfile": {"cliLastName": "W", "cliFirstName": "N"}},
}


def apio_work(name: str, declared: Values, *gone: str, **more: Any) -> Work:
    beside = {what: edit for what, edit in APIO_BESIDE.items() if what not in gone}
    beside.update(more.pop("beside", {}))
    start = more.pop("start", APIO_START)
    return Work(name, "apio", "hunt_group", {"id": NIGHT, **declared}, (("hunt_group", start),), beside=beside, **more)


UNWEIGHTED = {**APIO_START, "policy": "simultaneous", "members": declared(USER, USER1)}
APIO = (
    apio_work(
        "name",
        {"name": "Night watch B"},
        "the name",
        beside={"a member more": apio_adds(NIGHT, USER2), "the weights": apio_weighs(NIGHT, u0=10, u1=90)},
        against={"the name": (apio_profile(NIGHT, name=THEIRS), ("name",))},
    ),
    apio_work(
        "settings",
        {"settings": {"noAnswerNumberOfRings": 7, "serviceInstanceProfile": {"language": "French"}}},
        "a setting",
        beside={
            "a member more": apio_adds(NIGHT, USER2),
            "the time zone": apio_profile(NIGHT, timeZone="Europe/Paris"),
        },
        against={
            "a setting": (apio_sets(NIGHT, noAnswerNumberOfRings=9), ("noAnswerNumberOfRings",)),
            "a part of the profile": (apio_profile(NIGHT, language="Dutch"), ("language",)),
        },
    ),
    apio_work(
        "members at least",
        {"members": declared(USER2), "membership": "at_least"},
        start=UNWEIGHTED,
        beside={"a member more": apio_adds(NIGHT, FOO)},
        against={"our member gone": (apio_drops(NIGHT, USER2), MEMBERS)},
    ),
    apio_work(
        "members exact",
        {"members": declared(USER1, USER2)},
        start=UNWEIGHTED,
        against={
            "a member more": (apio_adds(NIGHT, FOO), MEMBERS),
            "a member less": (apio_drops(NIGHT, USER1), MEMBERS),
        },
    ),
    apio_work(
        "members and weights",
        {"members": [{"extension": USER2, "weight": 70}, {"extension": USER1, "weight": 30}]},
        against={
            "a member more": (apio_adds(NIGHT, FOO), MEMBERS),
            "a member less": (apio_drops(NIGHT, USER1), MEMBERS),
            "the weights": (apio_weighs(NIGHT, u1=99, u2=1), MEMBERS),
        },
    ),
    Work(
        "weights",
        "apio",
        "hunt_group_weights",
        {
            "hunt_group": WEIGHTED,
            "weights": [{"extension": USER1, "weight": 55}, {"extension": USER2, "weight": 45}],
            "ensure_policy": True,
        },
        beside={
            **APIO_ELSEWHERE,
            "the name": apio_profile(WEIGHTED, name=THEIRS),
            "a setting": apio_sets(WEIGHTED, noAnswerNumberOfRings=9),
        },
        against={
            "the weights": (apio_weighs(WEIGHTED, u1=99, u2=1), ("weights",)),
            "the policy": (apio_sets(WEIGHTED, policy="Regular"), ("policy",)),
        },
    ),
    Work(
        "follow-me exact",
        "apio",
        "follow_me",
        {"account": USER1, "destinations": [{"number": "+32470123456", "rings": 5}, {"number": "4001"}]},
        beside={
            **APIO_ELSEWHERE,
            "a forwarding": service_sets(USER1, "cfa", active=True, destination="+3225126780"),
            "follow-me of another user": service_sets(USER2, "cfb", active=True, destination="+3225126780"),
            "a setting": service_sets(USER1, "sequential_ring", baseLocationNumberOfRings=9),
        },
        against={
            "a destination more": (location_adds(USER1, "4009"), ("destinations",)),
            "all destinations": (locations_go(USER1), ("destinations",)),
        },
    ),
    Work(
        "follow-me at least",
        "apio",
        "follow_me",
        {"account": USER1, "destinations": [{"number": "4001"}], "membership": "at_least"},
        beside={**APIO_ELSEWHERE, "a destination more": location_adds(USER1, "4009")},
    ),
    Work(
        "forwarding",
        "apio",
        "follow_me",
        {"account": USER1, "forwarding": {"busy": "+3225126780"}},
        beside={
            **APIO_ELSEWHERE,
            "another forwarding": service_sets(USER1, "cfa", active=True, destination="4009"),
            "a destination more": location_adds(USER1, "4009"),
        },
        against={"the forwarding": (service_sets(USER1, "cfb", active=True, destination="4009"), ("forwarding.busy",))},
    ),
    Work(
        "tenant",
        "apio",
        "tenant",
        {"hunt_groups": [{"id": NIGHT, "name": "Night watch B"}, {"id": PLAIN, "members": declared(USER1, USER2)}]},
        (("hunt_group", APIO_START),),
        beside={
            "a setting": apio_sets(NIGHT, noAnswerNumberOfRings=9),
            "a member more of the first": apio_adds(NIGHT, USER2),
            "the name of the second": apio_profile(PLAIN, name=THEIRS),
            "another group": apio_profile(WEIGHTED, name=THEIRS),
        },
        against={
            "the name of the first": (apio_profile(NIGHT, name=THEIRS), ("name",)),
            "a member more of the second": (apio_adds(PLAIN, FOO), MEMBERS),
        },
    ),
)
