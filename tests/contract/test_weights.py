# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The weights of APIO's hunt groups: all members or none, a total of 100, and never a change of members."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.callers import Caller
from ansible_collections.telephony.pbx.tests.contract.cases import (
    USER,
    USER1,
    USER2,
    Values,
    apio_groups,
    differences,
)
from ansible_collections.telephony.pbx.tests.contract.lives import PLAIN
from ansible_collections.telephony.pbx.tests.contract.refused_on_sight import WEIGHTED, weights
from ansible_collections.telephony.pbx.tests.contract.shape import changed_fields, only_entry
from ansible_collections.telephony.pbx.tests.contract.sites import Site

DECLARED: Values = {"hunt_group": WEIGHTED, "weights": weights(u1=55, u2=45)}
ENSURED: Values = {"hunt_group": PLAIN, "weights": weights(u0=10, u1=90), "ensure_policy": True}


@pytest.fixture
def shares(apio: Site) -> Caller:
    return Caller(apio, "hunt_group_weights")


def sent(caller: Caller) -> list[tuple[str, Any]]:
    return [(entry["path"].rstrip("/").split("/")[-1], json.loads(entry["body"])) for entry in caller.vendor.writes()]


@pytest.mark.parametrize("name", [WEIGHTED, "ApioWeighted", "apioweighted@SIP.netaxis.be", "APIO Weighted"])
def test_the_group_may_be_named_by_id_or_name(shares: Caller, name: str) -> None:
    shares.predicted(DECLARED, hunt_group=name)
    shares.unchanged(DECLARED, hunt_group=name)
    assert apio_groups(shares.state)[WEIGHTED]["weights"] == {USER1: 55, USER2: 45}


def test_an_id_means_that_group_although_another_one_has_it_as_its_name(shares: Caller) -> None:
    apio_groups(shares.vendor.state)[PLAIN]["serviceInstanceProfile"]["name"] = WEIGHTED
    shares.predicted(DECLARED)
    assert apio_groups(shares.state)[WEIGHTED]["weights"] == {USER1: 55, USER2: 45}


def test_an_agent_without_a_user_is_no_answer(shares: Caller) -> None:
    agents = json.dumps({"agents": [{"userId": USER1, "weight": 50}, {"weight": 50}]})
    shares.vendor.add_fault("status", match="weighted_distribution", status=200, body=agents, times=None)
    assert "show an agent without userId" in shares.refused(DECLARED)
    assert shares.vendor.writes() == []


@pytest.mark.parametrize("spelling", ["5001", "+3225126778", "025126778", USER1.upper()])
def test_a_member_may_be_named_by_number_or_user(shares: Caller, spelling: str) -> None:
    declared = {"hunt_group": WEIGHTED, "weights": [{"extension": spelling, "weight": 55}, *weights(u2=45)]}
    shares.predicted(declared)
    shares.unchanged(declared)


@pytest.mark.parametrize("total", [weights(u1=70, u2=29), weights(u1=100, u2=100), weights(u1=0, u2=0)])
def test_another_total_is_stored_where_that_is_allowed(shares: Caller, total: list[Values]) -> None:
    declared = {"hunt_group": WEIGHTED, "weights": total, "allow_any_total": True}
    shares.predicted(declared)
    assert apio_groups(shares.state)[WEIGHTED]["weights"] == {one["extension"]: one["weight"] for one in total}
    shares.unchanged(declared)


@pytest.mark.parametrize("backend", ["portaswitch", "vodia"])
def test_the_other_backends_name_the_one_that_can(open_site: Any, backend: str) -> None:
    message = Caller(open_site(backend), "hunt_group_weights").refused_untouched(DECLARED)
    assert "apio" in message and backend in message


# -- the policy --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("other_policy", ["stored", "ignored", "error"])
def test_the_policy_is_set_before_the_weights_where_asked_for(shares: Caller, other_policy: str) -> None:
    shares.vendor.set_dialect(weights_other_policy=other_policy)
    before = shares.state
    result = shares.predicted(ENSURED)
    assert set(changed_fields(only_entry(result))) == {"policy", f"weights[{USER}].weight", f"weights[{USER1}].weight"}
    assert [name for name, _body in sent(shares)] == [PLAIN, "weighted_distribution"]
    assert sent(shares)[0][1] == {"policy": "Weighted"}
    assert {place[6] for place in differences(before, shares.state)} == {"policy", "weights"}
    shares.unchanged(ENSURED)


def test_weights_that_are_declared_are_sent_after_the_policy_although_they_are_there(shares: Caller) -> None:
    """Nothing says that a change of the policy leaves them as they are."""
    apio_groups(shares.vendor.state)[PLAIN]["weights"] = {USER: 10, USER1: 90}
    shares.predicted(ENSURED)
    assert [name for name, _body in sent(shares)] == [PLAIN, "weighted_distribution"]


def test_weights_that_are_refused_after_the_policy_was_accepted_are_a_change(shares: Caller) -> None:
    shares.vendor.add_fault("status", match="weighted_distribution", status=400, times=None, writes_only=True)
    result = shares.run(ENSURED)
    assert (result["failed"], result["changed"]) == (True, True)
    assert "the policy was set to weighted" in result["msg"]
    assert apio_groups(shares.state)[PLAIN]["policy"] == "Weighted"


@pytest.mark.parametrize("present", [{}, {USER: 1, USER1: 1}, {USER: 30, USER1: 70}])
def test_the_policy_alone_keeps_the_weights_that_are_there_whatever_their_total(
    shares: Caller, present: Values
) -> None:
    shares.vendor.set_dialect(weights_total="must_be_100")
    apio_groups(shares.vendor.state)[PLAIN]["weights"] = present
    shares.done(hunt_group=PLAIN, ensure_policy=True)
    after = apio_groups(shares.state)[PLAIN]
    assert (after["policy"], after["weights"]) == ("Weighted", present)


# -- reading -----------------------------------------------------------------------------------------------------------------
def test_info_shows_all_groups_or_one_as_they_can_be_declared(shares: Caller) -> None:
    every = shares.info()["hunt_group_weights"]
    assert [one["hunt_group"] for one in every] == [PLAIN, WEIGHTED]
    (one,) = shares.info(hunt_group="APIO Weighted")["hunt_group_weights"]
    assert one == every[1] == {"hunt_group": WEIGHTED, "policy": "weighted", "weights": weights(u1=70, u2=30)}
