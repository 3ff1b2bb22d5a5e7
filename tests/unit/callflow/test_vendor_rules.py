# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of the vendors that the golden tables do not reach."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.report.callflow.simulate import simulate

from .conftest import d1, d2, d3, end, flows, porta, warned

# -- PortaSwitch -------------------------------------------------------------------------------------------------------
ONE, TWO = {"extension": "101", "ring_time": 15}, {"extension": "102", "ring_time": 15}


def test_p4_a_busy_member_with_own_handling_takes_over_at_once() -> None:
    document = porta({**ONE, "huntstop": False}, TWO)
    assert flows("portaswitch", document, "200", given={"busy": ["101"]}) == [("nobody", "own_handling by 101 0")]


def test_p5_a_delay_in_a_sequence_counts_from_the_turn_unless_told_otherwise() -> None:
    document = porta(ONE, {**TWO, "ring_delay": 20})
    assert flows("portaswitch", document, "200") == [("101 0-15, 102 35-50", "released 50")]
    call = {"porta.sequential_delay": "call"}
    assert flows("portaswitch", document, "200", assume=call) == [("101 0-15, 102 20-35", "released 35")]


def test_p7_a_group_of_signed_out_members_is_released_with_less_certainty() -> None:
    found = simulate(porta(ONE), "portaswitch", "200", states={"signed_out": ["101"]})
    assert (end(found["outcomes"][0]), found["outcomes"][0]["end"]["confidence"]) == ("released 0", "L")


def inner(policy: str = "regular", **own: Any) -> dict[str, Any]:
    group = {
        "id": "300",
        "policy": policy,
        "members": [dict(ONE, huntstop=True, ring_delay=0), dict(TWO, huntstop=True, ring_delay=0)],
    }
    return porta({"extension": "300", **own}, {"extension": "103", "ring_time": 5}, groups=[group])


def test_p9_a_group_as_a_member_is_cut_at_its_ring_time() -> None:
    assert flows("portaswitch", inner(ring_time=20), "200") == [("101 0-15, 102 15-20, 103 20-25", "released 25")]
    assert flows("portaswitch", inner(ring_time=0), "200") == [("101 0-15, 102 15-30, 103 30-35", "released 35")]
    assert flows("portaswitch", inner(), "200") == [("101 0-15, 102 15-30, 103", "released ?")]


def test_p8_follow_me_into_a_group_that_rings_together_is_cut() -> None:
    document = d1()
    document["follow_me"][1]["destinations"][0]["number"] = "210"
    assert flows("portaswitch", document, "0112") == [("0112 0-30", "own_handling by 0112 30")]
    document["follow_me"][1]["destinations"][0]["timeout"] = 15
    assert flows("portaswitch", document, "0112") == [("0112 0-35, 102 30-35", "own_handling by 0112 35")]


def test_p8_the_shorter_of_ring_time_and_time_out_counts() -> None:
    document = d1()
    document["hunt_groups"][2].update(policy="regular")
    for member, seconds in zip(document["hunt_groups"][2]["members"], (4, 0, 30)):
        member["ring_time"] = seconds
    assert flows("portaswitch", document, "0112") == [
        ("0112 0-20, 101 20-24, 102 24-34, 0112 34-44", "own_handling by 0112 44")
    ]
    assert simulate(document, "portaswitch", "0112")["outcomes"][0]["end"]["confidence"] == "L"


def test_p11_the_sequence_of_follow_me_can_be_assumed() -> None:
    document = d1()
    document["follow_me"][0]["destinations"][1].pop("period")
    options = {"assume": {"porta.follow_me_sequence": "simultaneous"}}
    assert flows("portaswitch", document, "101", **options) == [
        ("101 0-20, 32470123456 20-40, 3227654321 20-45", "own_handling by 101 45")
    ]
    options = {"assume": {"porta.follow_me_sequence": "random", "porta.own_ring_seconds": 5}}
    assert len(flows("portaswitch", document, "101", **options)) == 2


def test_p11_inactive_destinations_are_left_out_and_an_omitted_timeout_is_assumed() -> None:
    document = d1()
    document["follow_me"][0]["destinations"] = [{"number": "32470123456", "active": False}, {"number": "3227654321"}]
    assert flows("portaswitch", document, "101") == [("101 0-20, 3227654321 20-50", "own_handling by 101 50")]


def test_omitted_members_and_policies_are_not_guessed() -> None:
    assert flows("portaswitch", {"hunt_groups": [{"id": "200", "policy": "regular"}]}, "200") == [
        ("nobody", "unknown 0")
    ]
    two = {"hunt_groups": [{"id": "200", "members": [ONE, TWO]}]}
    assert flows("portaswitch", two, "200") == [("nobody", "unknown 0")]


def test_omitted_options_are_assumed_and_listed() -> None:
    found = simulate({"hunt_groups": [{"id": "200", "policy": "regular", "members": [ONE]}]}, "portaswitch", "200")
    assert [(one["id"], one["value"], one["confidence"]) for one in found["assumed"]] == [
        ("porta.delay_omitted", 0, "M"),
        ("porta.huntstop_omitted", True, "M"),
    ]
    assert simulate(porta(ONE), "portaswitch", "200")["assumed"] == []


# -- Vodia -------------------------------------------------------------------------------------------------------------
def test_v3_an_unavailable_stage_takes_no_time_and_v4_call_waiting_may_be_off() -> None:
    document = d2()
    document["extensions"] = [{"id": "444", "settings": {"cw": "false"}}, {"id": "445"}]
    assert flows("vodia", document, "1002", given={"busy": ["444"]}) == [("445 0-20", "forwarded to 8572665588 20")]
    assert flows("vodia", document, "1002", given={"dnd": ["444", "445"]}) == [("nobody", "forwarded to 8572665588 0")]


def test_v2_a_stage_without_length_can_be_assumed() -> None:
    assume = {"vodia.stage_seconds": 12}
    assert flows("vodia", d2(), "1004", assume=assume) == [("444 0-10, 445 10-22", "forwarded to 8572665588 22")]


def test_v2_a_stage_of_0_seconds_is_not_known() -> None:
    document = d2()
    document["hunt_groups"][0]["settings"]["st1_dur"] = 0
    assert flows("vodia", document, "1002") == [("444 0-?, 445", "forwarded to 8572665588 ?")]


def test_v6_several_numbers_are_several_ends_and_v8_a_disabled_group_is_unknown() -> None:
    document = d2()
    document["hunt_groups"][0]["overflow_to"] = "8572665588 8572665599"
    assert [how for _who, how in flows("vodia", document, "1002")] == [
        "forwarded to 8572665588 30",
        "forwarded to 8572665599 30",
    ]
    document["hunt_groups"][0]["enabled"] = False
    assert flows("vodia", document, "1002") == [("nobody", "unknown 0")]


def test_v8_an_anonymous_caller() -> None:
    document = d2()
    document["hunt_groups"][0]["settings"]["hunt_anonymous_dest"] = "8572665577"
    assert flows("vodia", document, "1002", given={"caller": "anonymous"}) == [("nobody", "forwarded to 8572665577 0")]
    assert flows("vodia", document, "1002")[0][0] == "444 0-10, 445 10-30"


def test_v9_with_algo_nothing_is_said_of_times_within_a_stage() -> None:
    document = d2()
    document["hunt_groups"][0]["settings"]["algo"] = "rr"
    assert flows("vodia", document, "1002") == [("444, 445", "forwarded to 8572665588 30")]


FORWARDING = {
    "always": "8572665500", "busy": "8572665501", "no_answer": "8572665502", "no_answer_after": 15,
    "not_registered": "8572665503",
}  # fmt: skip


@pytest.mark.parametrize(
    ("left_out", "given", "flow"),
    [
        ((), {}, ("nobody", "forwarded to 8572665500 0")),
        (("always",), {}, ("444 0-15", "forwarded to 8572665502 15")),
        (("always",), {"not_registered": ["444"]}, ("nobody", "forwarded to 8572665503 0")),
        (("always",), {"busy": ["444"]}, ("nobody", "forwarded to 8572665501 0")),
        (("always", "no_answer"), {}, ("444 0-15", "own_handling by 444 15")),
        (("always", "no_answer_after"), {}, ("444 0-?", "forwarded to 8572665502 ?")),
    ],
)
def test_v12_a_dialled_extension(left_out: tuple[str, ...], given: Any, flow: tuple[str, str]) -> None:
    forwarding = {key: value for key, value in FORWARDING.items() if key not in left_out}
    document = {
        "extensions": [{"id": "444", "settings": {"cw": "false"}}],
        "follow_me": [{"account": "444", "forwarding": forwarding}],
    }
    assert flows("vodia", document, "444", given=given) == [flow]


def test_v10_forwarding_of_a_member_is_not_followed() -> None:
    document = d2()
    document["follow_me"] = [{"account": "444", "forwarding": dict(FORWARDING)}]
    assert flows("vodia", document, "1002") == [("444 0-10, 445 10-30", "forwarded to 8572665588 30")]
    assert "vodia-member-forwarding" in warned("vodia", document, "1002")


def test_a_final_stage_inside_the_tenant_goes_on() -> None:
    document = d2()
    document["hunt_groups"][0]["overflow_to"] = "1006"
    assert flows("vodia", document, "1002") == [("444 0-10, 445 10-30, 444 30-40", "unknown 40")]


# -- APIO --------------------------------------------------------------------------------------------------------------
def apio(**settings: Any) -> dict[str, Any]:
    document = d3()
    document["hunt_groups"][0]["settings"].update(settings)
    return document


def test_b2_an_omitted_number_of_rings_leaves_the_first_phone_known() -> None:
    document = apio(huntAfterNoAnswer=None)
    assert flows("apio", document, "4001") == [("4000 0-?, 5001", "forwarded to +32470123456 25")]


def test_b3_busy_agents_ring_with_call_waiting() -> None:
    document = apio(allowCallWaitingForAgents=True)
    assert flows("apio", document, "4001", given={"busy": ["4000"]})[0][0] == "4000 0-18, 5001 18-25"
    assert "apio-call-waiting" in warned("apio", document, "4001", busy=["4000"])
    both = apio(allowCallWaitingForAgents=None)
    assert [who for who, _how in flows("apio", both, "4001", given={"busy": ["4000"]})] == [
        "5001 0-18",
        "4000 0-18, 5001 18-25",
    ]


def test_b4_an_overflow_without_a_time_is_not_guessed() -> None:
    document = d3()
    document["hunt_groups"][0]["overflow_after"] = 0
    assert flows("apio", document, "4001") == [("nobody", "unknown 0")]
    del document["hunt_groups"][0]["overflow_after"]
    assert flows("apio", document, "4001") == [("4000 0-?, 5001", "forwarded to +32470123456 ?")]
    del document["hunt_groups"][0]["overflow_to"]
    assert flows("apio", document, "4001") == [("4000 0-18, 5001 18-36", "unknown 36")]


def test_b6_nobody_registered() -> None:
    away = {"not_registered": ["4000", "5001"]}
    document = apio(enableNotReachableForwarding=False, makeBusyWhenNotReachable=True)
    assert flows("apio", document, "4001", given=away) == [("nobody", "busy 0")]
    document = apio(enableNotReachableForwarding=False, makeBusyWhenNotReachable=False)
    assert flows("apio", document, "4001", given=away) == [("nobody", "unknown 0")]


def test_b5_some_busy_and_some_not_registered_is_busy_with_less_certainty() -> None:
    mixed = {"not_registered": ["4000"], "busy": ["5001"]}
    document = apio(enableNotReachableForwarding=True, notReachableForwardToPhoneNumber="+3225126700")
    assert flows("apio", document, "4001", given=mixed) == [("nobody", "busy 0")]
    assert simulate(document, "apio", "4001", states=mixed)["outcomes"][0]["end"]["confidence"] == "L"


def test_b7_a_busy_group_and_one_that_is_off() -> None:
    assert flows("apio", apio(enableGroupBusy=True), "4001") == [("nobody", "busy 0")]
    assert [how for _who, how in flows("apio", apio(enableGroupBusy=None), "4001")] == [
        "forwarded to +32470123456 25",
        "busy 0",
    ]
    document = d3()
    document["hunt_groups"][0]["enabled"] = False
    assert flows("apio", document, "4001") == [("nobody", "unknown 0")]


def test_b12_weights_of_zero() -> None:
    document = d3()
    first, second = document["hunt_groups"][2]["members"]
    first["weight"] = 0
    assert flows("apio", document, "4003") == [("5001 0-18", "own_handling by hg3@x 18")]
    second["weight"] = 0
    assert flows("apio", document, "4003") == [("nobody", "unknown 0")]


def user(**settings: Any) -> dict[str, Any]:
    own = {
        "ringBaseLocationFirst": True,
        "baseLocationNumberOfRings": 2,
        "continueIfBaseLocationIsBusy": False,
        **settings,
    }
    locations = [{"number": "+32470123456", "rings": 3}, {"number": "4005", "rings": 2}]
    services = {"account": "4000", "destinations": locations, "settings": own, "forwarding": {"busy": "+3225550000"}}
    return {**d3(), "follow_me": [services]}


HOLDS = {"assume": {"apio.sequential_ring_active": True}}


def test_b13_sequential_ring() -> None:
    assert flows("apio", user(), "4000", **HOLDS) == [
        ("4000 0-12, +32470123456 12-30, 4000 30-42, 5001 30-42", "own_handling by 4000 42")
    ]
    assert flows("apio", user(), "4000", given={"busy": ["4000"]}, **HOLDS) == [
        ("nobody", "forwarded to +3225550000 0")
    ]
    assert [how for _who, how in flows("apio", user(), "4000")] == ["own_handling by 4000 42", "own_handling by 4000 ?"]
    off = {"assume": {"apio.sequential_ring_active": False}}
    assert flows("apio", user(), "4000", **off) == [("4000 0-?", "own_handling by 4000 ?")]


def test_b13_a_busy_base_location_may_be_passed_over_and_no_rings_are_unknown() -> None:
    goes_on = user(continueIfBaseLocationIsBusy=True)
    busy = {"busy": ["4000"]}
    assert flows("apio", goes_on, "4000", given=busy, **HOLDS)[0][0] == "+32470123456 0-18, 5001 18-30"
    assert flows("apio", user(baseLocationNumberOfRings=0), "4000", **HOLDS) == [("nobody", "unknown 0")]


def test_b13_forwarding_always_comes_first() -> None:
    document = user()
    document["follow_me"][0]["forwarding"]["always"] = "4005"
    assert flows("apio", document, "4000", **HOLDS) == [("4000 0-25, 5001 0-25", "forwarded to +32470123456 25")]


def test_users_are_called_by_their_extension() -> None:
    document = d3()
    document["extensions"] = [{"id": "4000", "name": "Ann", "user": "ann@x", "phone_number": "+3225126777"}]
    document["hunt_groups"][0]["members"][0]["extension"] = "ann@x"
    assert flows("apio", document, "4001")[0][0] == "4000 0-18, 5001 18-25"
    assert flows("apio", document, "4001", given={"busy": ["ann@x"]})[0][0] == "5001 0-18"
    assert flows("apio", document, "003225126777")[0][0] == "4000 0-?"
