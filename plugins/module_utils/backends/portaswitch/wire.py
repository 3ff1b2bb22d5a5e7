# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hunt groups as the Porta Plus 2 web services write them, and what each field may hold.

Sources: page CustomerHuntGroup (fields), vendor note section 4.2 (what the fields mean).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from ...errors import NotFound
from ...model.catalog import MEMBER_FIELDS, Capability
from ...model.values import Field, Values, canonical, is_empty, to_bool
from ..decoding import records, text, whole_number

# Neutral policy -> HuntSequence, an enumeration whose unknown names silently become Order (note 2.3).
POLICIES = {"regular": "Order", "random": "Random", "simultaneous": "Simultaneous", "least_used": "LeastUsed"}
_POLICY = Field("choice", choices=tuple(POLICIES.values()), aliases={"Least used": "LeastUsed"})

_YES_NO = {"true": "Y", "yes": "Y", "false": "N", "no": "N"}
SETTINGS = {
    "HuntKeepOriginalCli": Field("choice", choices=("Y", "N", "I"), aliases=_YES_NO, clearable=False),
    "PickupAllowed": Field("choice", choices=("Y", "N"), aliases=_YES_NO, clearable=False),
    "Name": Field(instead="name"),
    "Id": Field(instead="id"),
    "HuntSequence": Field(instead="policy"),
    **{
        name: Field(instead="members")
        for name in ("AddExtensions", "DeleteExtensions", "RingDelay", "RingTime", "Huntstop", "PrimaryGroup",
                     "RingDelayAr", "RingTimeAr", "HuntstopAr", "PrimaryGroupAr")
    },
}  # fmt: skip

_HINT_NUMBER = "the id is the number that is dialled"
CAPABILITY = Capability(
    options=frozenset({"id", "name", "policy"}),
    member_options=frozenset({"extension", "ring_delay", "ring_time", "huntstop", "primary", "logged_in"}),
    refused={
        "overflow_to": "let a member's own forwarding take over, with huntstop: false",
        "overflow_after": "limit each member's ring_time",
        "enabled": "sign members out with logged_in: false, or remove the group",
        "extension": _HINT_NUMBER,
        "phone_number": _HINT_NUMBER,
        "members.weight": "weights exist on apio",
        "members.stage": "order members with policy: regular, or stagger them with ring_delay",
    },
    policies=POLICIES,
    settings=SETTINGS,
    number=re.compile(r"[0-9A-Za-z*#_.-]{1,64}"),
    fixed=frozenset({"name"}),
    ordered_policies=frozenset({"regular"}),
    filters=frozenset({"account", "sign_in_history_from"}),
)

# Neutral member option -> (key in rows, parallel array beside AddExtensions, how a value is written).
MEMBER_WIRE: dict[str, tuple[str, str, Any]] = {
    "ring_delay": ("hunt_delay", "RingDelayAr", int),
    "ring_time": ("hunt_expire", "RingTimeAr", int),
    "huntstop": ("huntstop", "HuntstopAr", lambda on: "Y" if on else "N"),
    "primary": ("primary_group", "PrimaryGroupAr", lambda on: "Y" if on else "N"),
}


def decode_member(row: Values) -> Values:
    """A row of assigned_extensions in neutral words; absent, null and 0 seconds mean the same (note 4.2)."""
    member: Values = {"extension": text(row, "id")}
    for option, (key, _array, encode) in MEMBER_WIRE.items():
        shown = whole_number(row, key) if encode is int else text(row, key)
        member[option] = canonical(MEMBER_FIELDS[option], shown)
    active = to_bool(text(row, "hunt_active"))
    member["logged_in"] = True if active is None else active
    return member


def decode_group(row: Values) -> Values:
    """A row of HGInfoLst in neutral words."""
    sequence = canonical(_POLICY, text(row, "hunt_sequence"))
    policy = next((name for name, wire in POLICIES.items() if wire == sequence), sequence)
    settings = {
        name: canonical(SETTINGS[name], text(row, key))
        for name, key in (("HuntKeepOriginalCli", "hunt_keep_original_cli"), ("PickupAllowed", "pickup_allowed"))
        if not is_empty(row.get(key))
    }
    return {
        "id": text(row, "id"),
        "name": text(row, "name"),
        "policy": policy,
        "members": [decode_member(member) for member in member_rows(row)],
        "settings": settings,
    }


def member_rows(row: Values) -> list[Values]:
    """The rows of a group's members, in hunting order where the server numbers it."""
    return sorted(records(row, "assigned_extensions"), key=lambda member: whole_number(member, "hunt_order"))


def member_numbers(row: Values) -> list[str]:
    """The numbers of a group's members, in the same order."""
    return [text(member, "id") for member in member_rows(row)]


def encode_additions(members: Sequence[Values], ext_records: Mapping[str, int]) -> Values:
    """AddExtensions with its parallel arrays. All members must have the same options written.

    Only written options get an array, so that the server's own defaults stay in force for the rest.
    """
    missing = [member["extension"] for member in members if member["extension"] not in ext_records]
    if missing:
        raise NotFound(f"members: there is no extension {', '.join(missing)}")
    wire: Values = {"AddExtensions": [ext_records[member["extension"]] for member in members]}
    for option, (_key, array, encode) in MEMBER_WIRE.items():
        if members and option in members[0]:
            wire[array] = [encode(member[option]) for member in members]
    return wire


def batches(members: Sequence[Values]) -> list[list[Values]]:
    """Runs of neighbouring members with the same options written, so that order is kept and nothing is invented."""

    def written(member: Values) -> tuple[str, ...]:
        return tuple(option for option in MEMBER_WIRE if option in member)

    return [list(run) for _options, run in groupby(members, key=written)]
