# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PortaSwitch: what we declare, and what somebody else changes while we are at it (see editing.py).

What is lost: every change of a group carries its name, policy and both settings as they were read; an extension is replaced
as a whole; and a follow-me row too, because no page says what an absent value means.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.telephony.pbx.tests.contract.cases import State, Values
from ansible_collections.telephony.pbx.tests.contract.follow_me_rows import ACCOUNT, HOME, MOBILE
from ansible_collections.telephony.pbx.tests.trust.editing import THEIRS, Against, Edit, Work, at, goes, members, sets

GROUPS, EXTENSIONS = ("customers", "10", "groups"), ("customers", "10", "extensions")


def group(**values: Any) -> Edit:
    return sets(*GROUPS, {"id": "0250"}, **values)


def extension(number: str, **values: Any) -> Edit:
    return sets(*EXTENSIONS, {"id": number}, **values)


def row(name: str, account: int = ACCOUNT, **values: Any) -> Edit:
    return sets("follow_me_numbers", {"name": name, "i_account": account}, **values)


def seat(state: State, number: str, member: str) -> Values:
    """What says that an extension is a member of a group."""
    records = at(state, *GROUPS, {"id": number}), at(state, *EXTENSIONS, {"id": member})
    return {"i_c_group": records[0]["i_c_group"], "i_c_ext": records[1]["i_c_ext"]}


def adds(number: str, member: str) -> Edit:
    """They make an extension a member, the last one, where it is none."""

    def edit(state: State) -> None:
        if not at(state, "memberships", seat(state, number, member)):
            flags = {"huntstop": "N", "primary_group": "N", "hunt_active": "Y", "hunt_delay": None, "hunt_expire": None}
            record = 99_000 + int(number)
            own = {"i_customer": 10, "position": record, "i_cg_ext": record}
            state["memberships"][str(record)] = {**flags, **own, **seat(state, number, member)}

    return edit


def drops(number: str, member: str) -> Edit:
    return lambda state: goes("memberships", **seat(state, number, member))(state)


def rings(number: str, member: str, **values: Any) -> Edit:
    return lambda state: sets("memberships", seat(state, number, member), **values)(state)


def follows(name: str) -> Edit:
    """They add a destination, the last one."""

    def edit(state: State) -> None:
        own = {"i_follow_me_number": 99_000, "i_follow_order": 99, "timeout": 5, "name": name}
        first = at(state, "follow_me_numbers", {"i_account": ACCOUNT})
        state["follow_me_numbers"]["99000"] = {**first, **own, "redirect_number": "3229999999"}

    return edit


def group_goes(state: State) -> None:
    record = at(state, *GROUPS, {"id": "0250"})["i_c_group"]
    goes(*GROUPS, i_c_group=record)(state)
    goes("memberships", i_c_group=record)(state)


def extension_goes(state: State) -> None:
    record = at(state, *EXTENSIONS, {"id": "101"})["i_c_ext"]
    goes(*EXTENSIONS, i_c_ext=record)(state)
    goes("memberships", i_c_ext=record)(state)


NAME, SETTING, POLICY = group(name=THEIRS), group(pickup_allowed="Y"), group(hunt_sequence="Random")
MORE = adds("0250", "107")
FIELDS = {"the name": NAME, "a setting": SETTING, "the policy": POLICY}
OTHERS = (
    sets(*GROUPS, {"id": "200"}, name=THEIRS),
    adds("200", "107"),
    extension("104", name=THEIRS),
    row("Mobile", 700010, timeout=7),
)
START: Values = {
    "id": "0250",
    "name": "Night watch",
    "policy": "simultaneous",
    "members": [{"extension": "106", "ring_time": 20}, {"extension": "105"}, {"extension": "0111"}],
    "settings": {"HuntKeepOriginalCli": "I", "PickupAllowed": "N"},
}
AGAINST_MEMBERS = {"a member more": (MORE, "members"), "a member less": (drops("0250", "0111"), "members")}


def of_group(what: str, beside: tuple[Edit, ...], lost: str, against: dict[str, Against], /, **given: Any) -> Work:
    """lost: which of FIELDS."""
    fields = {field: edit for field, edit in FIELDS.items() if field in lost.split(", ")}
    start = {**START, "policy": given.pop("start_policy", "simultaneous")}
    return Work(what, "portaswitch", "hunt_group", {"id": "0250", **given}, start, (*OTHERS, *beside), fields, against)


def of(module: str, name: str, declared: Values, **more: Any) -> Work:
    return Work(name, "portaswitch", module, declared, **more)


ALICE = {"id": "101", "name": "Alice Front Desk"}
BOTH = [*members("0111", "104"), {"extension": "106", "ring_time": 25}]
CHANGED = [{**MOBILE, "timeout": 33}, HOME, {"name": "Car", "number": "105"}]
WORKS = (
    of_group("name", (MORE,), "a setting, the policy", {"the name": (NAME, "name")}, name="Night watch B"),
    of_group(
        "settings",
        (MORE,),
        "a setting, the name",
        {"the setting": (group(hunt_keep_original_cli="N"), "HuntKeepOriginalCli")},
        settings={"HuntKeepOriginalCli": "Y"},
    ),
    of_group(
        "members at least",
        (MORE,),
        "the name, a setting, the policy",
        {"our member gone": (drops("0250", "104"), "members")},
        members=members("104"),
        membership="at_least",
    ),
    of_group(
        "members exact",
        (),
        "the name, a setting, the policy",
        {**AGAINST_MEMBERS, "the times of a member": (rings("0250", "106", hunt_expire=99), "members")},
        members=BOTH,
    ),
    of_group(
        "members in order",
        (),
        "the name",
        AGAINST_MEMBERS,
        members=members("0111", "105", "106"),
        start_policy="regular",
    ),
    of(
        "extension",
        "extension name",
        ALICE,
        beside=OTHERS,
        lost={"the account": extension("101", i_account=700009)},
        against={"the name": (extension("101", name=THEIRS), "name")},
    ),
    of(
        "extension",
        "extension account",
        {"id": "101", "account": 700009},
        beside=OTHERS,
        lost={"the name": extension("101", name=THEIRS)},
        against={"the account": (extension("101", i_account=0), "account")},
    ),
    of(
        "follow_me",
        "follow-me exact",
        {"account": ACCOUNT, "destinations": CHANGED},
        beside=OTHERS,
        against={
            "a timeout": (row("Mobile", timeout=7), "destinations"),
            "a number": (row("Home", redirect_number="3220000000"), "destinations"),
            "a destination more": (follows("Boat"), "destinations"),
            "a destination less": (goes("follow_me_numbers", name="Home", i_account=ACCOUNT), "destinations"),
        },
        otherwise=("a destination more",),  # theirs is made into ours, and keeps what is not declared
    ),
    of(
        "follow_me",
        "follow-me at least",
        {"account": ACCOUNT, "destinations": [{"name": "Mobile", "timeout": 33}], "membership": "at_least"},
        beside=(*OTHERS, follows("Boat"), row("Home", timeout=7)),
        lost={"the number of the same destination": row("Mobile", redirect_number="3220000000")},
        against={"the timeout": (row("Mobile", timeout=7), "destinations")},
    ),
    of(
        "tenant",
        "tenant",
        {
            "extensions": [ALICE],
            "hunt_groups": [{"id": "0250", "members": members("0111", "104")}, {"id": "200", "name": "Sales EU"}],
        },
        start=START,
        beside=OTHERS[2:],
        lost={"a setting": SETTING},
        against={**AGAINST_MEMBERS, "the name": (sets(*GROUPS, {"id": "200"}, name=THEIRS), "name")},
    ),
)
