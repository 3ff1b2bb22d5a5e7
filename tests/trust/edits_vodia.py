# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Vodia: what we declare, and what somebody else changes while we are at it (see editing.py)."""

from __future__ import annotations

from typing import Any

from ansible_collections.telephony.pbx.tests.contract.cases import State, Values
from ansible_collections.telephony.pbx.tests.trust.editing import MEMBERS, THEIRS, Edit, Work, all_of, declared


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
        "extension",
        "vodia",
        "extension",
        {"id": "446", "name": "Porter Lodge"},
        beside={
            "groups": all_of({what: edit for what, edit in VODIA_OTHERS.items() if what != "an extension"}),
            "a forwarding": vodia_sets("446", cfa="440"),
            "a setting": vodia_sets("446", email_address="porter@example.org"),
        },
        against={"the name": (vodia_sets("446", first_name=THEIRS), ("name",))},
    ),
    Work(
        "follow-me",
        "vodia",
        "follow_me",
        {"account": "446", "forwarding": {"busy": "443", "no_answer": "444"}},
        beside={
            **VODIA_ELSEWHERE,
            "another forwarding": vodia_sets("446", cfa="440"),
            "a setting": vodia_sets("446", email_address="porter@example.org"),
        },
        against={"a forwarding": (vodia_sets("446", cfb="440"), ("forwarding.busy",))},
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
