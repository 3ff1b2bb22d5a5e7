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
    DOMAIN,
    FOO,
    USER,
    USER1,
    USER2,
    State,
    Values,
    differences,
)
from ansible_collections.telephony.pbx.tests.contract.shape import changed_fields, only_entry
from ansible_collections.telephony.pbx.tests.contract.sites import Site

WEIGHTED, PLAIN = f"ApioWeighted@{DOMAIN}", f"APIOTestHuntGroup@{DOMAIN}"


def weights(**extensions: int) -> list[Values]:
    users = {"u0": USER, "u1": USER1, "u2": USER2, "foo": FOO}
    return [{"extension": users.get(name, name.lstrip("n")), "weight": weight} for name, weight in extensions.items()]


DECLARED: Values = {"hunt_group": WEIGHTED, "weights": weights(u1=55, u2=45)}
ENSURED: Values = {"hunt_group": PLAIN, "weights": weights(u0=10, u1=90), "ensure_policy": True}


@pytest.fixture
def shares(apio: Site) -> Caller:
    return Caller(apio, "hunt_group_weights")


def groups(state: State) -> dict[str, Values]:
    found: dict[str, Values] = state["tenants"]["ApioSpTest"]["groups"]["ApioGrpTest"]["hunt_groups"]
    return found


def sent(caller: Caller) -> list[tuple[str, Any]]:
    return [(entry["path"].rstrip("/").split("/")[-1], json.loads(entry["body"])) for entry in caller.vendor.writes()]


# -- from one distribution to another ----------------------------------------------------------------------------------


def test_the_order_in_which_members_are_written_means_nothing(shares: Caller) -> None:
    shares.unchanged(hunt_group=WEIGHTED, weights=weights(u2=30, u1=70))


def test_without_weights_nothing_is_managed_and_what_was_read_is_clean(shares: Caller) -> None:
    read = shares.unchanged(hunt_group=WEIGHTED)["hunt_group_weights"]
    shares.unchanged(hunt_group=read["hunt_group"], weights=read["weights"])


@pytest.mark.parametrize("name", [WEIGHTED, "ApioWeighted", "apioweighted@SIP.netaxis.be", "APIO Weighted"])
def test_the_group_may_be_named_by_id_or_name(shares: Caller, name: str) -> None:
    shares.predicted(DECLARED, hunt_group=name)
    shares.unchanged(DECLARED, hunt_group=name)
    assert groups(shares.state)[WEIGHTED]["weights"] == {USER1: 55, USER2: 45}


@pytest.mark.parametrize("spelling", ["5001", "+3225126778", "025126778", USER1.upper()])
def test_a_member_may_be_named_by_number_or_user(shares: Caller, spelling: str) -> None:
    declared = {"hunt_group": WEIGHTED, "weights": [{"extension": spelling, "weight": 55}, *weights(u2=45)]}
    shares.predicted(declared)
    shares.unchanged(declared)


# -- what is refused -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("total", [weights(u1=70, u2=29), weights(u1=70, u2=31), weights(u1=0, u2=0), []])
def test_another_total_than_100_is_refused_before_any_request(shares: Caller, total: list[Values]) -> None:
    message = shares.refused_untouched(hunt_group=WEIGHTED, weights=total)
    assert "100" in message and str(sum(one["weight"] for one in total)) in message and "allow_any_total" in message


@pytest.mark.parametrize("total", [weights(u1=70, u2=29), weights(u1=100, u2=100), weights(u1=0, u2=0)])
def test_another_total_is_stored_where_that_is_allowed(shares: Caller, total: list[Values]) -> None:
    declared = {"hunt_group": WEIGHTED, "weights": total, "allow_any_total": True}
    shares.predicted(declared)
    assert groups(shares.state)[WEIGHTED]["weights"] == {one["extension"]: one["weight"] for one in total}
    shares.unchanged(declared)


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        (weights(u1=100), [USER2, "left out"]),
        (weights(u1=50, u2=40, u0=10), [USER, "no member"]),
        (weights(u1=50, u2=40, foo=10), [FOO, "no member"]),
        (weights(u1=50, u2=40, n9999=10), ["9999", "no member"]),
        ([*weights(u1=50, u2=40), {"extension": "5001", "weight": 10}], ["twice"]),
    ],
)
def test_members_are_neither_left_out_nor_added(shares: Caller, declared: list[Values], words: list[str]) -> None:
    message = shares.refused(hunt_group=WEIGHTED, weights=declared)
    assert all(word in message for word in words)
    assert shares.check(hunt_group=WEIGHTED, weights=declared)["msg"] == message


def test_a_number_that_fits_two_members_is_a_conflict(shares: Caller) -> None:
    groups(shares.vendor.state)[WEIGHTED]["agents"].append(FOO)
    shares.vendor.state["tenants"]["ApioSpTest"]["groups"]["ApioGrpTest2"]["users"][FOO]["extension"] = "5001"
    message = shares.refused(hunt_group=WEIGHTED, weights=[{"extension": "5001", "weight": 60}, *weights(u2=40)])
    assert USER1 in message and FOO in message


def test_a_group_that_is_not_there_or_not_the_only_one_is_an_error(shares: Caller) -> None:
    assert "no such hunt group" in shares.refused(DECLARED, hunt_group="Nobody")
    groups(shares.vendor.state)[PLAIN]["serviceInstanceProfile"]["name"] = "APIO Weighted"
    message = shares.refused(DECLARED, hunt_group="APIO Weighted")
    assert WEIGHTED in message and PLAIN in message


@pytest.mark.parametrize("backend", ["portaswitch", "vodia"])
def test_the_other_backends_name_the_one_that_can(open_site: Any, backend: str) -> None:
    message = Caller(open_site(backend), "hunt_group_weights").refused_untouched(DECLARED)
    assert "apio" in message and backend in message


# -- the policy --------------------------------------------------------------------------------------------------------------
def test_a_group_that_is_not_weighted_is_an_error_that_says_so(shares: Caller) -> None:
    for ensure in (None, False):
        message = shares.refused(ENSURED, ensure_policy=ensure)
        assert "regular" in message and "ensure_policy" in message


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


def test_the_policy_alone_keeps_the_weights_that_are_there(shares: Caller) -> None:
    before = groups(shares.state)[PLAIN]["weights"]
    shares.predicted(hunt_group=PLAIN, ensure_policy=True)
    after = groups(shares.state)[PLAIN]
    assert (after["policy"], after["weights"]) == ("Weighted", before)


@pytest.mark.parametrize("present", [{}, {USER: 1, USER1: 1}])
def test_the_policy_alone_does_not_trip_over_weights_that_nobody_declared(shares: Caller, present: Values) -> None:
    shares.vendor.set_dialect(weights_total="must_be_100")
    groups(shares.vendor.state)[PLAIN]["weights"] = present
    shares.done(hunt_group=PLAIN, ensure_policy=True)
    assert groups(shares.state)[PLAIN]["policy"] == "Weighted"


def test_ensuring_a_policy_that_is_so_already_changes_nothing(shares: Caller) -> None:
    shares.unchanged(hunt_group=WEIGHTED, ensure_policy=True, weights=weights(u1=70, u2=30))


# -- reading -----------------------------------------------------------------------------------------------------------------
def test_info_shows_all_groups_or_one_as_they_can_be_declared(shares: Caller) -> None:
    every = shares.info()["hunt_group_weights"]
    assert [one["hunt_group"] for one in every] == [PLAIN, WEIGHTED]
    (one,) = shares.info(hunt_group="APIO Weighted")["hunt_group_weights"]
    assert one == every[1] == {"hunt_group": WEIGHTED, "policy": "weighted", "weights": weights(u1=70, u2=30)}
    assert "no such hunt group" in shares.info_refused(hunt_group="Nobody")
