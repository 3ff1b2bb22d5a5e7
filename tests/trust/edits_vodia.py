# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Vodia: what we declare, and what somebody else changes while we are at it (see editing.py).

What is lost: a stage is one string, so a member that somebody adds to the same stage in between goes.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.telephony.pbx.tests.contract.cases import State, Values
from ansible_collections.telephony.pbx.tests.trust.editing import THEIRS, Edit, Work, at, members, sets

ACCOUNTS = ("domains", "localhost", "accounts")


def account(number: str, domain: str = "localhost", **values: Any) -> Edit:
    return sets("domains", domain, "accounts", number, "settings", **values)


def adds(number: str, stage: str, member: str) -> Edit:
    def edit(state: State) -> None:
        stored = at(state, *ACCOUNTS, number, "settings")
        stored[stage] = " ".join(dict.fromkeys([*stored.get(stage, "").split(), member]))

    return edit


def group_goes(state: State) -> None:
    at(state, *ACCOUNTS).pop("0150", None)


GROUPS = (
    account("1003", display=THEIRS),
    adds("1003", "st1_ext", "446"),
    account("1002", "second.example", display=THEIRS),
)
OTHERS = (*GROUPS, account("446", display_name=THEIRS))
OWN: dict[str, Edit] = {
    "name": account("0150", display=THEIRS),
    "overflow_to": account("0150", st4_ext="440"),
    "enabled": account("0150", disabled="true"),
    "settings": account("0150", st1_dur="44"),
    "alias": account("0150", alias=["0150", "0151", "0159"]),
}
MORE = adds("0150", "st1_ext", "443")
START: Values = {
    "id": "0150",
    "name": "Night watch",
    "members": [{"extension": "446", "stage": 1}, {"extension": "444", "stage": 1}, {"extension": "445", "stage": 2}],
    "overflow_to": "8572665588",
    "settings": {"melody": "ringer6", "st1_dur": "15", "alias": ["0151"]},
}


def of_group(name: str, declared: Values, *beside: Edit, **more: Any) -> Work:
    own = [edit for what, edit in OWN.items() if what not in declared]
    return Work(name, "vodia", "hunt_group", {"id": "0150", **declared}, START, beside=(*OTHERS, *own, *beside), **more)


def of(name: str, module: str, declared: Values, **more: Any) -> Work:
    return Work(name, "vodia", module, declared, **more)


PORTER = (account("446", cfa="440"), account("446", email_address="porter@example.org"))
WORKS = (
    of_group("name", {"name": "Night watch B"}, MORE, against={"the name": (OWN["name"], "name")}),
    of_group(
        "settings",
        {"settings": {"melody": "ringer1", "st1_dur": "20"}, "overflow_to": "443"},
        MORE,
        account("0150", moh="9"),
        against={"a setting": (OWN["settings"], "st1_dur"), "the overflow": (OWN["overflow_to"], "overflow_to")},
    ),
    of_group(
        "members at least",
        {"members": [{"extension": "443", "stage": 2}], "membership": "at_least"},
        adds("0150", "st3_ext", "440"),
        lost={"a member more in the same stage": adds("0150", "st2_ext", "440")},
        against={"our member gone": (account("0150", st2_ext="445"), "members")},
    ),
    of_group(
        "members exact",
        {"members": [{"extension": "446", "stage": 1}, {"extension": "443", "stage": 2}]},
        against={
            "a member more": (adds("0150", "st3_ext", "440"), "members"),
            "a member less": (account("0150", st1_ext=""), "members"),
            "a member in another stage": (account("0150", st1_ext="", st3_ext="446"), "members"),
        },
    ),
    of(
        "extension",
        "extension",
        {"id": "446", "name": "Porter Lodge"},
        beside=(*GROUPS, *PORTER),
        against={"the name": (account("446", first_name=THEIRS), "name")},
    ),
    of(
        "follow-me",
        "follow_me",
        {"account": "446", "forwarding": {"busy": "443", "no_answer": "444"}},
        beside=(*OTHERS, *PORTER),
        against={"a forwarding": (account("446", cfb="440"), "forwarding.busy")},
    ),
    of(
        "tenant",
        "tenant",
        {"hunt_groups": [{"id": "0150", "name": "Night watch B"}, {"id": "1003", "members": members("445")}]},
        start=START,
        beside=(OWN["settings"], MORE, *OTHERS[::3], account("1004", display=THEIRS)),
        against={
            "the name of the first": (OWN["name"], "name"),
            "a member more of the second": (adds("1003", "st2_ext", "443"), "members"),
        },
    ),
)
