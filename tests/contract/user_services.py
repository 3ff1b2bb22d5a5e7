# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services of an APIO user: how follow-me is declared for one, what a call sends, and what the simulator keeps."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.callers import Caller
from ansible_collections.telephony.pbx.tests.contract.cases import USER, State, Values, differences
from ansible_collections.telephony.pbx.tests.contract.sites import Site

ONE: Values = {"number": "+32470123456", "rings": 5, "answer_confirmation": True}
TWO: Values = {"number": "4001", "rings": 2, "answer_confirmation": False}
THREE: Values = {"number": "desk@pbx.example", "rings": 0, "answer_confirmation": False}
RING = {
    "ringBaseLocationFirst": True,
    "baseLocationNumberOfRings": 3,
    "continueIfBaseLocationIsBusy": True,
    "callerMayStopSearch": False,
}
PAGE = {"number": "+3225126777", "rings": 5, "answer_confirmation": False}  # the location that USER1 begins with


@pytest.fixture
def follow_me(apio: Site) -> Caller:
    return Caller(apio, "follow_me")


def declare(*destinations: Values, account: str = USER, **more: Any) -> Values:
    return {"account": account, "destinations": list(destinations), **more}


def numbers(*written: str) -> list[Values]:
    return [{"number": number} for number in written]


def locations(*items: Values) -> list[Values]:
    """Locations as they are sent."""
    names = {"number": "phoneNumber", "rings": "numberOfRings", "answer_confirmation": "answerConfirmationRequired"}
    return [
        {"id": place, **{names[name]: value for name, value in item.items()}} for place, item in enumerate(items, 1)
    ]


def group_of(state: State) -> Values:
    found: Values = state["tenants"]["ApioSpTest"]["groups"]["ApioGrpTest"]
    return found


def services(state: State, user: str = USER) -> Values:
    """The services of a user, as the server keeps them."""
    found: Values = group_of(state)["user_services"][user]
    return found


def ring(state: State, user: str = USER) -> list[tuple[int, str, int, bool]]:
    """The locations in use, in their order."""
    rows = services(state, user)["sequential_ring"]["locations"]
    names = ("id", "phoneNumber", "numberOfRings", "answerConfirmationRequired")
    return [tuple(row[name] for name in names) for row in rows]


def changed_services(one: State, other: State) -> set[tuple[str, ...]]:
    """Which services of which users differ; anything else that differs is shown with its whole path."""
    place = ("tenants", "ApioSpTest", "groups", "ApioGrpTest", "user_services")
    return {path[5:7] if path[:5] == place else path for path in differences(one, other)}


def sent(caller: Caller) -> list[tuple[str, str, Values]]:
    """The writes of the last call: user, service, body."""
    found = []
    for entry in caller.vendor.writes():
        user, _services, service = entry["path"].rstrip("/").split("/")[-3:]
        assert entry["method"] == "PUT" and entry["path"].endswith("/")
        found.append((user, service, json.loads(entry["body"])))
    return found
