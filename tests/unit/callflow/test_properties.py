# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every call whatever the tenant: cuts, shares, order, limits, and that nothing is left to chance."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.report.callflow.simulate import simulate

from .drawn import GROUPS, VENDORS, answers, portaswitch, states

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_every_call_keeps_to(vendor: str) -> None:
    @given(VENDORS[vendor], st.sampled_from([*GROUPS, "101"]), states, answers, st.sampled_from(["possible", "share"]))
    def check(document: Any, number: str, given_states: Any, given_answers: Any, mode: str) -> None:
        def ask() -> dict[str, Any]:
            given_ = {"states": given_states, "answers": given_answers}
            return simulate(document, vendor, number, states=given_, mode=mode)

        found = ask()
        assert json.dumps(found) == json.dumps(ask())
        outcomes = found["outcomes"]
        assert 1 <= len(outcomes) <= 64
        known = [Fraction(one["probability"]) for one in outcomes if one["probability"] is not None]
        assert sum(known) == 1 if len(known) == len(outcomes) else sum(known) < 1
        assert all(Fraction(share) <= 1 for share in found["first"].values() if share is not None)
        for outcome in outcomes:
            keeps_to_its_end(outcome)
            rings_once_at_a_time(outcome)
            nobody_rings_who_cannot(outcome, given_states)

    check()


def keeps_to_its_end(outcome: dict[str, Any]) -> None:
    stop = outcome["end"]["at"]
    for ring in outcome["rings"]:
        assert ring["from"] is None or ring["to"] is None or ring["from"] < ring["to"]
        if stop is not None:
            assert (ring["from"] or 0) <= stop
            assert not ring["open"]
            assert ring["to"] is None or ring["to"] <= stop
    if outcome["end"]["is"] == "rings_on":
        assert any(ring["open"] or ring["from"] is None for ring in outcome["rings"])


def rings_once_at_a_time(outcome: dict[str, Any]) -> None:
    starts = [ring["from"] for ring in outcome["rings"] if ring["from"] is not None]
    assert starts == sorted(starts)
    for place, one in enumerate(outcome["rings"]):
        for other in outcome["rings"][place + 1 :]:
            if one["phone"] == other["phone"] and None not in (one["from"], other["from"], one["to"]):
                assert one["to"] < other["from"]


def nobody_rings_who_cannot(outcome: dict[str, Any], given_states: dict[str, str]) -> None:
    away = {phone for phone, state in given_states.items() if state in ("not_registered", "dnd")}
    assert not away & {ring["phone"] for ring in outcome["rings"]}


@given(portaswitch(), st.integers(0, 5))
def test_one_outcome_is_one_of_the_possible_ones(document: Any, seed: int) -> None:
    one = simulate(document, "portaswitch", "200", mode="one", seed=seed)
    assert one["outcomes"] == simulate(document, "portaswitch", "200", mode="one", seed=seed)["outcomes"]
    every = simulate(document, "portaswitch", "200")["outcomes"]
    listed = all("earliest" not in ring for outcome in every for ring in outcome["rings"])
    if listed and every[0]["end"]["possible"] != ["loop"]:
        drawn = one["outcomes"][0]
        assert (
            any((drawn["rings"], drawn["end"]) == (other["rings"], other["end"]) for other in every) or len(every) == 1
        )


@given(st.lists(st.integers(0, 100), min_size=1, max_size=6))
def test_shares_of_weights_are_exact(weights: list[int]) -> None:
    members = [{"extension": str(4000 + n), "weight": weight} for n, weight in enumerate(weights)]
    settings = {"huntAfterNoAnswer": True, "noAnswerNumberOfRings": 3, "enableGroupBusy": False}
    group = {"id": "hg", "policy": "weighted", "members": members, "overflow_to": "", "settings": settings}
    found = simulate({"hunt_groups": [group]}, "apio", "hg")
    if len(weights) > 1 and any(weights):
        total = sum(weights)
        assert found["first"] == {
            one["extension"]: str(Fraction(one["weight"], total)) for one in members if one["weight"]
        }
        assert sum(Fraction(one["probability"]) for one in found["outcomes"]) == 1


@pytest.mark.parametrize("count", [4, 7, 70])
def test_many_orders_become_one_outcome_with_bounds(count: int) -> None:
    members = [{"extension": str(1000 + n), "ring_time": 10, "huntstop": True} for n in range(count)]
    found = simulate({"hunt_groups": [{"id": "9", "policy": "random", "members": members}]}, "portaswitch", "9")
    (outcome,) = found["outcomes"]
    assert outcome["probability"] == "1"
    assert outcome["end"]["at"] == 10 * count
    assert {(ring["from"], ring["earliest"], ring["latest"]) for ring in outcome["rings"]} == {
        (None, 0, 10 * (count - 1))
    }
    assert found["first"] == {one["extension"]: f"1/{count}" for one in members}


def test_too_many_outcomes_leave_who_can_be_first() -> None:
    flags = " ".join(str(8000 + n) for n in range(70))
    settings = {"flag": flags, "night": " ".join(["0032470123456"] * 70), "st1_dur": 10}
    group = {"id": "1", "members": [{"extension": "444"}], "overflow_to": "", "settings": settings}
    found = simulate({"hunt_groups": [group]}, "vodia", "1")
    assert [one["end"]["is"] for one in found["outcomes"]] == ["unknown"]
    assert "too-many-outcomes" in [one["id"] for one in found["warnings"]]
