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
CHANGES = {
    "set": ALL,
    "shrink": declare(TWO, forwarding={"busy": ""}),
    "clear": {"account": USER, "state": "absent"},
}


@pytest.mark.parametrize("put", ["replaces", "merges_by_id"])
@pytest.mark.parametrize("what", CHANGES)
def test_whatever_stops_a_run_the_next_one_converges_and_others_are_left_alone(
    follow_me: Caller, what: str, put: str
) -> None:
    follow_me.vendor.set_dialect(locations_put=put)
    if what != "set":
        follow_me.done(ALL)
    start = follow_me.state
    ours = {(USER, name) for name in ("cfa", "cfb", "sequential_ring")}
    for _how, stopped in follow_me.interrupted(CHANGES[what]):
        assert changed_services(start, stopped) <= ours
        assert changed_services(start, follow_me.state) <= ours


@pytest.mark.parametrize("what", CHANGES)
def test_a_success_that_stored_nothing_is_a_failure(follow_me: Caller, what: str) -> None:
    if what != "set":
        follow_me.done(ALL)
    before = follow_me.state
    follow_me.vendor.add_fault("store_nothing", writes_only=True, times=None)
    result = follow_me.run(CHANGES[what])
    assert result["failed"] and "did not store" in result["msg"] and "destinations" in result["msg"]
    assert follow_me.state == before
    follow_me.vendor.faults = []
    assert follow_me.done(CHANGES[what])["verdict"] == "applied"


def test_a_server_that_shows_the_old_state_for_a_while_is_waited_for(follow_me: Caller) -> None:
    follow_me.vendor.add_fault("stale_reads", writes_only=True, reads=4)
    assert follow_me.done(account=USER, forwarding={"busy": "4001"})["verdict"] == "applied"
    assert len(follow_me.vendor.writes()) == 1


def test_a_server_that_refuses_a_service_says_what_is_done_and_what_is_not(follow_me: Caller) -> None:
    fault = {"status": 400, "body": json.dumps({"details": "Provisioning failed"}), "match": "PUT .*/cfb/"}
    follow_me.vendor.add_fault("status", times=None, **fault)
    result = follow_me.run(ALL)
    assert result["failed"] and result["changed"] and "Provisioning failed" in result["msg"]
    assert "not done: forwarding.busy" in result["msg"] and "destinations" in result["msg"].split("not done")[0]
    follow_me.vendor.faults = []
    follow_me.done(ALL)
    assert [write[:2] for write in sent(follow_me)] == [(USER, "cfb")]


# -- what the pages leave open ---------------------------------------------------------------------------------------------
LIFE: tuple[Values, ...] = (
    ALL,
    declare(THREE, ONE, {"number": "4009"}, forwarding={"always": ""}, settings={"ringSplashActive": True}),
    declare(*numbers(ONE["number"])),
    declare({"number": "025126777", "rings": 9}, account="5001", forwarding={"always": "+3225126999"}),
    {"account": "5001", "state": "absent"},
    {"account": USER, "state": "absent"},
)
# (switch, value) -> step of LIFE -> a word of the error that is right then, with the state as it was.
ACCEPTED: dict[tuple[str, Any], dict[int, str]] = {
    # Nobody says whose number it is.
    ("users_list", "404"): {3: "write the user id instead", 4: "write the user id instead"},
}


def others(state: State) -> State:
    """Everything but the services of the users of the managed group."""
    return {**state, "tenants": {name: _without_services(tenant) for name, tenant in state["tenants"].items()}}


def _without_services(tenant: Values) -> Values:
    groups = {
        name: {**group, "user_services": {} if name == "ApioGrpTest" else group["user_services"]}
        for name, group in tenant["groups"].items()
    }
    return {**tenant, "groups": groups}


def life_under(follow_me: Caller, stops: dict[int, str]) -> None:
    """Everything that a user's follow-me goes through; and what is left then."""
    before = follow_me.state
    converges(follow_me, LIFE, stops)
    after = follow_me.state
    assert others(after) == others(before)
    assert services(after, USER2) == services(before, USER2)
    assert ring(after) == [] and len(ring(after, USER1)) == (1 if stops else 0)
    assert (
        services(after, USER1)["sequential_ring"]["criteria"] == services(before, USER1)["sequential_ring"]["criteria"]
    )


@pytest.mark.parametrize(("switch", "value"), other_dialects(Apio))
def test_every_reading_of_the_pages_converges(follow_me: Caller, switch: str, value: Any) -> None:
    follow_me.vendor.set_dialect(**{switch: value})
    life_under(follow_me, ACCEPTED.get((switch, value), {}))


PAIRS: dict[str, Values] = {
    "all that is not kept": {"put_user_service": "replaces", "locations_put": "replaces"},
    "what is not sent goes, but locations stay": {"put_user_service": "replaces", "locations_put": "merges_by_id"},
    "all that is not shown": {"cleared_destination": "absent", "empty_locations": "listed"},
    "strict": {"unknown_fields": "refused", "string_booleans": True, "empty_locations": "listed"},
}


@pytest.mark.parametrize("name", PAIRS)
def test_readings_that_matter_together_converge(follow_me: Caller, name: str) -> None:
    follow_me.vendor.set_dialect(**{"locations_put": "merges_by_id", **PAIRS[name]})
    life_under(follow_me, {})
