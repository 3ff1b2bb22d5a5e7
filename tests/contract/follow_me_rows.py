# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The follow-me destinations that the simulator begins with, as they are declared, and as its state has them."""

from __future__ import annotations

from ansible_collections.telephony.pbx.tests.contract.cases import State, Values

ACCOUNT, EMPTY = 700001, 700002  # one with two destinations, and one that never had any

MOBILE: Values = {
    "name": "Mobile",
    "number": "32470123456",
    "timeout": 20,
    "active": True,
    "keep_original_cld": False,
    "keep_original_cli": "caller",
    "period_description": "Always",
}
HOME: Values = {
    "name": "Home",
    "number": "3227654321",
    "timeout": 25,
    "active": False,
    "keep_original_cld": True,
    "keep_original_cli": "caller_number",
    "period": "hr{8-18} wd{mo-fri}",
    "period_description": "Office hours",
}
# Two destinations with every option.
FULL: tuple[Values, Values] = (
    {**HOME, "name": "Desk", "number": "3223334455", "timeout": 12, "domain": "desk.example", "active": True},
    {
        **MOBILE,
        "name": "Car",
        "number": "3225556677",
        "timeout": 33,
        "domain": "car.example",
        "active": False,
        "keep_original_cli": "forwarder",
        "period": "hr{4-6} wd{sa}",
        "period_description": "Saturday",
    },
)


def stored(state: State, account: int = ACCOUNT) -> list[Values]:
    """An account's destinations in the order in which the server shows them."""
    rows = [row for row in state["follow_me_numbers"].values() if row["i_account"] == account]
    return sorted(rows, key=lambda row: (row["i_follow_order"], row["i_follow_me_number"]))


def keys(state: State, account: int = ACCOUNT) -> list[int]:
    return [row["i_follow_me_number"] for row in stored(state, account)]


def others(state: State, account: int = ACCOUNT) -> State:
    """The state without what a change of this account's destinations may touch."""
    left = {key: value for key, value in state.items() if key != "next"}
    left["follow_me_numbers"] = {k: row for k, row in state["follow_me_numbers"].items() if row["i_account"] != account}
    left["follow_me"] = {k: row for k, row in state["follow_me"].items() if row["i_account"] != account}
    return left
