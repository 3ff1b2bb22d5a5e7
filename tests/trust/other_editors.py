# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What we declare, and what somebody else changes while we are at it: the table of test_two_editors.py.

An edit is a function of the simulator's state. It means the same before and after our own change, so that it can also
be made in the state that we alone would have left: that is what both together have to come to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
from ansible_collections.telephony.pbx.tests.contract.follow_me_rows import ACCOUNT, HOME, MOBILE

Edit = Callable[[State], None]
THEIRS = "Somebody else"


def all_of(edits: Mapping[str, Edit]) -> Edit:
    """Every one of them at the same time."""

    def edit(state: State) -> None:
        for one in edits.values():
            one(state)

    return edit


@dataclass(frozen=True)
class Work:
    """A declaration. start: what was declared before it. beside: their edits of what we do not declare. against: their
    edits of what we do, with words of which one has to be in the message when the run could not have it stored."""

    name: str
    backend: str
    module: str
    declared: Values
    start: tuple[tuple[str, Values], ...] = ()
    beside: Mapping[str, Edit] = field(default_factory=dict)
    against: Mapping[str, tuple[Edit, tuple[str, ...]]] = field(default_factory=dict)


# -- PortaSwitch ---------------------------------------------------------------------------------------------------------
def porta_group(state: State, number: str) -> Values:
    groups: dict[str, Values] = state["customers"]["10"]["groups"]
    return next(one for one in groups.values() if one["id"] == number)


def porta_extension(state: State, number: str) -> Values:
    rows: dict[str, Values] = state["customers"]["10"]["extensions"]
    return next(one for one in rows.values() if one["id"] == number)


def porta_sets(number: str, **values: Any) -> Edit:
    """They change fields of a hunt group."""
    return lambda state: porta_group(state, number).update(values)


def porta_rows(state: State, number: str, member: str) -> list[str]:
    """The keys of a member's rows in a group."""
    group, extension = porta_group(state, number)["i_c_group"], porta_extension(state, member)["i_c_ext"]
    rows = state["memberships"].items()
    return [key for key, row in rows if (row["i_c_group"], row["i_c_ext"]) == (group, extension)]


def porta_adds(number: str, member: str) -> Edit:
    """They make an extension a member, the last one, where it is none."""

    def edit(state: State) -> None:
        if not porta_rows(state, number, member):
            flags = {"huntstop": "N", "primary_group": "N", "hunt_active": "Y", "hunt_delay": None, "hunt_expire": None}
            own = {"i_c_group": porta_group(state, number)["i_c_group"], "i_customer": 10, "position": 99_000}
            record = {"i_cg_ext": 99_000, "i_c_ext": porta_extension(state, member)["i_c_ext"]}
            state["memberships"]["99000"] = {**flags, **own, **record}

    return edit


def porta_drops(number: str, member: str) -> Edit:
    def edit(state: State) -> None:
        for key in porta_rows(state, number, member):
            del state["memberships"][key]

    return edit


def porta_member_sets(number: str, member: str, **values: Any) -> Edit:
    def edit(state: State) -> None:
        for key in porta_rows(state, number, member):
            state["memberships"][key].update(values)

    return edit


def extension_sets(number: str, **values: Any) -> Edit:
    return lambda state: porta_extension(state, number).update(values)


def follow_me_sets(name: str, account: int, **values: Any) -> Edit:
    def edit(state: State) -> None:
        for row in state["follow_me_numbers"].values():
            if (row["name"], row["i_account"]) == (name, account):
                row.update(values)

    return edit


def follow_me_adds(name: str, number: str) -> Edit:
    """They add a destination, the last one."""

    def edit(state: State) -> None:
        first = next(row for row in state["follow_me_numbers"].values() if row["i_account"] == ACCOUNT)
        own = {
            "i_follow_me_number": 99_000,
            "i_follow_order": 99,
            "timeout": 5,
            "name": name,
            "redirect_number": number,
        }
        state["follow_me_numbers"]["99000"] = {**first, **own}

    return edit


def follow_me_drops(name: str) -> Edit:
    def edit(state: State) -> None:
        rows = state["follow_me_numbers"]
        for key in [key for key, row in rows.items() if (row["name"], row["i_account"]) == (name, ACCOUNT)]:
            del rows[key]

    return edit


PORTA_OTHERS: dict[str, Edit] = {
    "the name of another group": porta_sets("200", name=THEIRS),
    "the members of another group": porta_adds("200", "107"),
    "the name of an extension": extension_sets("104", name=THEIRS),
    "a follow-me destination": follow_me_sets("Mobile", 700010, timeout=7),
}
PORTA_ELSEWHERE = {"other objects": all_of(PORTA_OTHERS)}
PORTA_NAME = {"the name": porta_sets("0250", name=THEIRS)}
PORTA_SETTING = {"a setting": porta_sets("0250", pickup_allowed="Y")}
PORTA_POLICY = {"the policy": porta_sets("0250", hunt_sequence="Random")}
PORTA_MEMBER = {"a member more": porta_adds("0250", "107")}
PORTA_START: Values = {
    "id": "0250",
    "name": "Night watch",
    "policy": "simultaneous",
    "members": [{"extension": "106", "ring_time": 20}, {"extension": "105"}, {"extension": "0111"}],
    "settings": {"HuntKeepOriginalCli": "I", "PickupAllowed": "N"},
}
MEMBERS = ("members",)


def porta_work(name: str, declared: Values, **more: Any) -> Work:
    start = more.pop("start", PORTA_START)
    return Work(name, "portaswitch", "hunt_group", {"id": "0250", **declared}, (("hunt_group", start),), **more)


def declared(*extensions: str, **more: Any) -> list[Values]:
    return [{"extension": extension, **more} for extension in extensions]


PORTASWITCH = (
    porta_work(
        "name",
        {"name": "Night watch B"},
        beside={**PORTA_ELSEWHERE, **PORTA_SETTING, **PORTA_POLICY, **PORTA_MEMBER},
        against={"the name": (PORTA_NAME["the name"], ("name",))},
    ),
    porta_work(
        "settings",
        {"settings": {"HuntKeepOriginalCli": "Y"}},
        beside={**PORTA_ELSEWHERE, **PORTA_SETTING, **PORTA_NAME, **PORTA_MEMBER},
        against={"the setting": (porta_sets("0250", hunt_keep_original_cli="N"), ("HuntKeepOriginalCli",))},
    ),
    porta_work(
        "members at least",
        {"members": declared("104"), "membership": "at_least"},
        beside={**PORTA_ELSEWHERE, **PORTA_MEMBER, **PORTA_NAME, **PORTA_SETTING, **PORTA_POLICY},
        against={"our member gone": (porta_drops("0250", "104"), MEMBERS)},
    ),
    porta_work(
        "members exact",
        {"members": [*declared("0111", "104"), {"extension": "106", "ring_time": 25}]},
        beside={**PORTA_ELSEWHERE, **PORTA_NAME, **PORTA_SETTING, **PORTA_POLICY},
        against={
            "a member more": (PORTA_MEMBER["a member more"], MEMBERS),
            "a member less": (porta_drops("0250", "0111"), MEMBERS),
            "the times of a member": (porta_member_sets("0250", "106", hunt_expire=99), MEMBERS),
        },
    ),
    porta_work(
        "members in order",
        {"members": declared("0111", "105", "106")},
        start={**PORTA_START, "policy": "regular"},
        beside={**PORTA_ELSEWHERE, **PORTA_NAME},
        against={
            "a member more": (PORTA_MEMBER["a member more"], MEMBERS),
            "a member less": (porta_drops("0250", "105"), MEMBERS),
        },
    ),
    Work(
        "extension name",
        "portaswitch",
        "extension",
        {"id": "101", "name": "Alice Front Desk"},
        beside={**PORTA_ELSEWHERE, "the account": extension_sets("101", i_account=700009)},
        against={"the name": (extension_sets("101", name=THEIRS), ("name",))},
    ),
    Work(
        "extension account",
        "portaswitch",
        "extension",
        {"id": "101", "account": 700009},
        beside={**PORTA_ELSEWHERE, "the name": extension_sets("101", name=THEIRS)},
        against={"the account": (extension_sets("101", i_account=0), ("account",))},
    ),
    Work(
        "follow-me exact",
        "portaswitch",
        "follow_me",
        {"account": ACCOUNT, "destinations": [{**MOBILE, "timeout": 33}, HOME, {"name": "Car", "number": "105"}]},
        beside=PORTA_ELSEWHERE,
        against={
            "a timeout": (follow_me_sets("Mobile", ACCOUNT, timeout=7), ("destinations",)),
            "a number": (follow_me_sets("Home", ACCOUNT, redirect_number="3220000000"), ("destinations",)),
            "a destination more": (follow_me_adds("Boat", "3229999999"), ("destinations",)),
            "a destination less": (follow_me_drops("Home"), ("destinations",)),
        },
    ),
    Work(
        "follow-me at least",
        "portaswitch",
        "follow_me",
        {"account": ACCOUNT, "destinations": [{"name": "Mobile", "timeout": 33}], "membership": "at_least"},
        beside={
            **PORTA_ELSEWHERE,
            "a destination more": follow_me_adds("Boat", "3229999999"),
            "another destination": follow_me_sets("Home", ACCOUNT, timeout=7),
            "the number of the same destination": follow_me_sets("Mobile", ACCOUNT, redirect_number="3220000000"),
        },
        against={"the timeout": (follow_me_sets("Mobile", ACCOUNT, timeout=7), ("destinations",))},
    ),
    Work(
        "tenant",
        "portaswitch",
        "tenant",
        {
            "extensions": [{"id": "101", "name": "Alice Front Desk"}],
            "hunt_groups": [{"id": "0250", "name": "Night watch B"}, {"id": "200", "name": "Sales EU"}],
            "follow_me": [{"account": 700002, "destinations": [{"name": "Car", "number": "32477999888"}]}],
        },
        (("hunt_group", PORTA_START),),
        beside={
            "the name of an extension": extension_sets("104", name=THEIRS),
            "a follow-me destination": follow_me_sets("Mobile", 700010, timeout=7),
            **PORTA_MEMBER,
            **PORTA_SETTING,
        },
    ),
    Work(
        "tenant with groups",
        "portaswitch",
        "tenant",
        {"hunt_groups": [{"id": "0250", "members": declared("0111", "104")}, {"id": "200", "name": "Sales EU"}]},
        (("hunt_group", PORTA_START),),
        beside={"the name of an extension": extension_sets("104", name=THEIRS)},
        against={
            "a member more": (PORTA_MEMBER["a member more"], MEMBERS),
            "a member less": (porta_drops("0250", "0111"), MEMBERS),
            "the name": (porta_sets("200", name=THEIRS), ("name",)),
        },
    ),
)


# -- Vodia -----------------------------------------------------------------------------------------------------------------
def vodia_settings(state: State, number: str) -> Values:
    settings: Values = state["domains"]["localhost"]["accounts"][number]["settings"]
    return settings


def vodia_sets(number: str, **values: Any) -> Edit:
    return lambda state: vodia_settings(state, number).update(values)


def vodia_adds(number: str, stage: str, member: str) -> Edit:
    def edit(state: State) -> None:
        stored = vodia_settings(state, number)
        stored[stage] = " ".join(dict.fromkeys([*stored.get(stage, "").split(), member]))

    return edit


VODIA_OTHERS: dict[str, Edit] = {
    "the name of another group": vodia_sets("1003", display=THEIRS),
    "the members of another group": vodia_adds("1003", "st1_ext", "446"),
    "an extension": vodia_sets("446", display_name=THEIRS),
    "a group of another domain": lambda state: state["domains"]["second.example"]["accounts"]["1002"][
        "settings"
    ].update(display=THEIRS),
}
VODIA_ELSEWHERE = {"other objects": all_of(VODIA_OTHERS)}
VODIA_BESIDE: dict[str, Edit] = {
    **VODIA_ELSEWHERE,
    "the name": vodia_sets("0150", display=THEIRS),
    "the overflow": vodia_sets("0150", st4_ext="440"),
    "whether it is enabled": vodia_sets("0150", disabled="true"),
    "a setting": vodia_sets("0150", st1_dur="44"),
    "the aliases": lambda state: vodia_settings(state, "0150").update(alias=["0150", "0151", "0159"]),
}
VODIA_START: Values = {
    "id": "0150",
    "name": "Night watch",
    "members": [{"extension": "446", "stage": 1}, {"extension": "444", "stage": 1}, {"extension": "445", "stage": 2}],
    "overflow_to": "8572665588",
    "settings": {"melody": "ringer6", "st1_dur": "15", "alias": ["0151"]},
}


def vodia_work(name: str, declared: Values, *gone: str, **more: Any) -> Work:
    """gone: what they may not change beside, because it is declared."""
    beside = {what: edit for what, edit in VODIA_BESIDE.items() if what not in gone}
    beside.update(more.pop("beside", {}))
    return Work(
        name, "vodia", "hunt_group", {"id": "0150", **declared}, (("hunt_group", VODIA_START),), beside=beside, **more
    )


VODIA = (
    vodia_work(
        "name",
        {"name": "Night watch B"},
        "the name",
        beside={"a member more": vodia_adds("0150", "st1_ext", "443")},
        against={"the name": (vodia_sets("0150", display=THEIRS), ("name",))},
    ),
    vodia_work(
        "settings",
        {"settings": {"melody": "ringer1", "st1_dur": "20"}, "overflow_to": "443"},
        "a setting",
        "the overflow",
        beside={"a member more": vodia_adds("0150", "st1_ext", "443"), "another setting": vodia_sets("0150", moh="9")},
        against={
            "a setting": (vodia_sets("0150", st1_dur="44"), ("st1_dur",)),
            "the overflow": (vodia_sets("0150", st4_ext="440"), ("overflow_to",)),
        },
    ),
    vodia_work(
        "members at least",
        {"members": [{"extension": "443", "stage": 2}], "membership": "at_least"},
        beside={
            "a member more in the same stage": vodia_adds("0150", "st2_ext", "440"),
            "a member more in another stage": vodia_adds("0150", "st3_ext", "440"),
        },
        against={"our member gone": (vodia_sets("0150", st2_ext="445"), MEMBERS)},
    ),
    vodia_work(
        "members exact",
        {"members": [{"extension": "446", "stage": 1}, {"extension": "443", "stage": 2}]},
        against={
            "a member more": (vodia_adds("0150", "st3_ext", "440"), MEMBERS),
            "a member less": (vodia_sets("0150", st1_ext=""), MEMBERS),
            "a member in another stage": (vodia_sets("0150", st1_ext="", st3_ext="446"), MEMBERS),
        },
    ),
    Work(
        "tenant",
        "vodia",
        "tenant",
        {"hunt_groups": [{"id": "0150", "name": "Night watch B"}, {"id": "1003", "members": declared("445")}]},
        (("hunt_group", VODIA_START),),
        beside={
            "a setting": vodia_sets("0150", st1_dur="44"),
            "a member more of the first": vodia_adds("0150", "st1_ext", "443"),
            "the name of the second": vodia_sets("1003", display=THEIRS),
            "an extension": vodia_sets("446", display_name=THEIRS),
            "another group": vodia_sets("1004", display=THEIRS),
        },
        against={
            "the name of the first": (vodia_sets("0150", display=THEIRS), ("name",)),
            "a member more of the second": (vodia_adds("1003", "st2_ext", "443"), MEMBERS),
        },
    ),
)

# -- APIO ------------------------------------------------------------------------------------------------------------------
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
WORKS = (*PORTASWITCH, *VODIA, *APIO)
