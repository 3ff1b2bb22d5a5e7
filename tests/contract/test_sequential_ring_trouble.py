# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follow-me of APIO when something goes wrong on the way, and under every reading of what the pages leave open."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.callers import Caller, converges, other_dialects
from ansible_collections.telephony.pbx.tests.contract.cases import USER, USER1, USER2, State, Values
from ansible_collections.telephony.pbx.tests.contract.user_services import (
    ONE,
    THREE,
    TWO,
    changed_services,
    declare,
    follow_me,
    numbers,
    ring,
    sent,
    services,
)
from pbx_simulator import Apio

__all__ = ["follow_me"]  # fixtures


# -- trouble on the way ----------------------------------------------------------------------------------------------------
ALL = declare(ONE, TWO, forwarding={"always": "4001", "busy": "4002"}, settings={"callerMayStopSearch": True})


def test_a_server_that_refuses_a_service_says_what_is_done_and_what_is_not(follow_me: Caller) -> None:
    fault = {"status": 400, "body": json.dumps({"details": "Provisioning failed"}), "match": "PUT .*/cfb/"}
    follow_me.vendor.add_fault("status", times=None, **fault)
    result = follow_me.run(ALL)
    assert result["failed"] and result["changed"] and "Provisioning failed" in result["msg"]
    assert "not done: forwarding.busy" in result["msg"] and "destinations" in result["msg"].split("not done")[0]
    follow_me.vendor.faults = []
    follow_me.done(ALL)
    assert [write[:2] for write in sent(follow_me)] == [(USER, "cfb")]
