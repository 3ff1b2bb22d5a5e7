# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions of Vodia: what the simulator keeps of them, and what a call reads and sends."""

from __future__ import annotations

import json

import pytest

from ansible_collections.telephony.pbx.tests.contract.callers import Caller
from ansible_collections.telephony.pbx.tests.contract.cases import State, Values
from ansible_collections.telephony.pbx.tests.contract.sites import Site

NEW: Values = {
    "id": "0447",
    "name": "Hanna van Dam",
    "settings": {"email_address": "hanna@example.com", "mb_enable": True, "max_cdrs": 20, "alias": ["8447"]},
}
# What the PBX itself puts into every extension, and nobody has asked for.
CREDENTIALS = ("sip-secret-", "web-secret-")
# Where calls of an extension go: the parts of `forwarding`, and the PBX's keys.
KEYS = {"always": "cfa", "busy": "cfb", "no_answer": "cfn", "no_answer_after": "cfn_timeout", "not_registered": "cfr"}
NUMBERS = {"always": "440", "busy": "445", "no_answer": "+32470123456", "not_registered": "2025550148"}
LISTS = ("all", "userlist_only", "none")  # which lists of its accounts a version may have


@pytest.fixture
def extension(vodia: Site) -> Caller:
    return Caller(vodia, "extension", CREDENTIALS)


def accounts(state: State) -> Values:
    """The accounts of the managed domain, by number."""
    found: Values = state["domains"]["localhost"]["accounts"]
    return found


def settings_of(caller: Caller, number: str) -> Values:
    """What the PBX keeps of an account."""
    found: Values = accounts(caller.state)[number]["settings"]
    return found


def forwarding(state: State, number: str) -> Values:
    """Where calls of an extension go, as the PBX keeps it."""
    settings = accounts(state)[number]["settings"]
    return {part: settings.get(key, "") for part, key in KEYS.items()}


def rest(state: State, *numbers: str) -> State:
    """Everything but these accounts."""
    local = accounts(state)
    left = {number: account for number, account in local.items() if number not in numbers}
    domain = {**state["domains"]["localhost"], "accounts": left}
    return {**state, "domains": {**state["domains"], "localhost": domain}}


def sent(caller: Caller) -> list[tuple[str, str, Values]]:
    """The writes of the last call: method, what follows the domain, body."""
    return [
        (entry["method"], entry["path"].split("/", 4)[4], json.loads(entry["body"] or "{}"))
        for entry in caller.vendor.writes()
    ]


def read(caller: Caller) -> list[str]:
    """The lists and accounts that the last call read, in order."""
    return [entry["path"].split("/", 4)[4] for entry in caller.vendor.log if not entry["write"]]


def with_alias(caller: Caller, number: str, *aliases: str) -> None:
    """Give an account further numbers."""
    accounts(caller.vendor.state)[number]["settings"]["alias"] = [number, *aliases]
