# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PortaSwitch: what we declare, and what somebody else changes while we are at it (see editing.py)."""

from __future__ import annotations

from typing import Any

from ansible_collections.telephony.pbx.tests.contract.cases import State, Values
from ansible_collections.telephony.pbx.tests.contract.follow_me_rows import ACCOUNT, HOME, MOBILE
from ansible_collections.telephony.pbx.tests.trust.editing import MEMBERS, THEIRS, Edit, Work, all_of, declared


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


def porta_work(name: str, declared: Values, **more: Any) -> Work:
    start = more.pop("start", PORTA_START)
    return Work(name, "portaswitch", "hunt_group", {"id": "0250", **declared}, (("hunt_group", start),), **more)


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
