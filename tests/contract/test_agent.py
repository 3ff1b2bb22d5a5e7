# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Agents of PortaSwitch: signed in and out only where that is not so yet, by every way that the server offers."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.callers import STOPS, Caller
from ansible_collections.telephony.pbx.tests.contract.cases import State, differences
from ansible_collections.telephony.pbx.tests.contract.lives import (
    AGENT,
    AGENT_SECRETS,
    BY_HASH,
    BY_PASSWORD,
    WAYS,
    agent_begin,
    signed_in,
)
from ansible_collections.telephony.pbx.tests.contract.sites import Site


@pytest.fixture
def agent(portaswitch: Site) -> Caller:
    agent_begin(portaswitch.vendor.state)
    return Caller(portaswitch, "agent", AGENT_SECRETS)


def touched(before: State, after: State) -> set[str]:
    """The memberships that differ; nothing else may, but for the server's own history of sign-ins."""
    places = {place for place in differences(before, after) if place[0] not in ("sign_ins", "next")}
    assert {(place[0], place[-1]) for place in places} <= {("memberships", "hunt_active")}
    return {place[1] for place in places}


@pytest.mark.parametrize("way", ["license", "service password", "hash"])
def test_only_the_groups_that_were_asked_for_and_differ_are_touched(agent: Caller, way: str) -> None:
    options = {**WAYS[way][0], "account": AGENT}
    before = agent.state
    agent.predicted(options, hunt_groups=["200"], state="logged_out")
    assert (touched(before, agent.state), len(agent.vendor.writes())) == ({"9010"}, 1)
    agent.unchanged(options, hunt_groups=["200"], state="logged_out")
    middle = agent.state
    agent.predicted(options, state="logged_out")
    assert (touched(middle, agent.state), len(agent.vendor.writes())) == ({"9004"}, 1)
    agent.done(options, hunt_groups=["99999", "200"])
    assert touched(before, agent.state) == set()


def test_a_sign_in_writes_one_line_of_history_and_a_second_run_none(agent: Caller) -> None:
    agent.done(account=AGENT, state="logged_out")
    lines = len(agent.state["sign_ins"])
    agent.done(account=AGENT, hunt_groups=["200"])
    assert len(agent.state["sign_ins"]) == lines + 1
    agent.unchanged(account=AGENT, hunt_groups=["200"])
    assert len(agent.state["sign_ins"]) == lines + 1


@pytest.mark.parametrize(("wrapup", "word"), [(True, "true"), (False, "false")])
def test_wrap_up_travels_with_the_sign_in_of_all_groups(agent: Caller, wrapup: bool, word: str) -> None:
    agent.done(account=AGENT, hunt_groups=["200"], state="logged_out")
    agent.predicted(account=AGENT, wrapup=wrapup, state="logged_out")
    (write,) = agent.vendor.writes()
    assert write["path"].split("/")[-2:] == ["false", word]
    assert signed_in(agent.state) == {"99999": False, "200": False}


def test_an_account_without_rows_of_its_own_is_found_by_its_extension(
    agent: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the rows of members show no account, the number of the extension tells whose they are."""

    def answer() -> Any:
        response = type(agent.vendor).answer(agent.vendor)
        response.set_data(re.sub(rb'("IAccount": ?)\d+', rb"\g<1>0", response.get_data()))
        return response

    monkeypatch.setattr(agent.vendor, "answer", answer, raising=False)
    agent.predicted(account=AGENT, state="logged_out")
    assert signed_in(agent.state) == {"99999": False, "200": False}


# -- the agent's own credentials -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("way", ["service password", "hash"])
def test_wrong_credentials_change_nothing_and_do_not_show(agent: Caller, way: str) -> None:
    wrong = {key: "wrong-secret" if isinstance(value, str) else value for key, value in WAYS[way][0].items()}
    before = agent.state
    result = agent.run(wrong, account=AGENT, state="logged_out")
    assert result["failed"] and "could not be signed out" in result["msg"]
    assert agent.state == before


def test_a_wrong_service_password_is_tried_once(agent: Caller) -> None:
    """Servers lock accounts after a few wrong passwords."""
    agent.run({**BY_PASSWORD, "service_password": "wrong-secret"}, account=AGENT, state="logged_out")
    assert len(agent.vendor.writes()) == 1


@pytest.mark.parametrize("password", ["p/w 50% + x", "ü&?", "dot."])
def test_a_service_password_may_have_any_characters(agent: Caller, password: str) -> None:
    agent.vendor.state["customers"]["10"]["accounts"][str(AGENT)]["service_password"] = password
    agent.case = Caller(agent, "agent", (password,)).case
    agent.done({**BY_PASSWORD, "service_password": password}, account=AGENT, state="logged_out")
    assert signed_in(agent.state) == {"99999": False, "200": False}


# -- the routes that flip --------------------------------------------------------------------------------------------------
def flips(agent: Caller) -> int:
    """How often the last call flipped something: what the server refused did not."""
    return sum("/togglehuntgroups/" in entry["path"] and entry["status"] != 500 for entry in agent.vendor.log)


@pytest.mark.parametrize("how", ["answer lost", "answer lost in a gateway"])
@pytest.mark.parametrize("group", ["200", "99999"])
def test_a_lost_answer_to_a_flip_is_found_by_reading_back(agent: Caller, group: str, how: str) -> None:
    agent.vendor.add_fault(**STOPS[how], match="togglehuntgroups")
    declared = {**BY_HASH, "account": AGENT, "hunt_groups": [group], "state": "logged_out"}
    agent.done(declared)
    assert flips(agent) == 1 and not signed_in(agent.state)[group]
    agent.unchanged(declared)


@pytest.mark.parametrize("reads", [1, 2, 3])
@pytest.mark.parametrize("way", ["license", "service password", "hash"])
def test_reads_that_lag_behind_never_lead_to_a_second_flip(agent: Caller, way: str, reads: int) -> None:
    agent.vendor.add_fault("stale_reads", writes_only=True, reads=reads)
    declared = {**WAYS[way][0], "account": AGENT, "hunt_groups": ["200"], "state": "logged_out"}
    agent.run(declared)
    assert flips(agent) <= 1
    agent.vendor.faults = []
    agent.run(declared)
    assert not signed_in(agent.state)["200"]
    agent.unchanged(declared)


@pytest.mark.parametrize("way", ["license", "service password", "hash"])
def test_a_group_number_that_is_another_groups_record_is_never_hit(agent: Caller, way: str) -> None:
    """Whether the routes want a group's record or its dialled number is open: 302 means two groups here.

    Also where the first attempt is refused for another reason.
    """
    groups = (("302", "9010"), ("99999", "9004"))
    for ref, (group, own), refusals in itertools.product(("record", "dialled"), groups, (0, 1, 2)):
        agent.vendor.reset()
        agent_begin(agent.vendor.state)
        agent.vendor.state["customers"]["10"]["groups"]["301"]["id"] = "302"
        agent.vendor.set_dialect(group_number_ref=ref)
        if refusals:
            agent.vendor.add_fault("status", status=500, body="{}", writes_only=True, times=refusals)
        before = agent.state
        agent.run(WAYS[way][0], account=AGENT, hunt_groups=[group], state="logged_out")
        assert touched(before, agent.state) <= {own}
