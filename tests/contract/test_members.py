# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members: which ones, in which order, and with what of their own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.cases import FOO, USER, USER1, USER2, differences
from ansible_collections.telephony.pbx.tests.contract.shape import reported
from ansible_collections.telephony.pbx.tests.contract.sites import Site

Members = list[dict[str, Any]]

# A member that somebody else adds, and the declared ones without their own options.
ADDED = {
    "portaswitch": {"extension": "107"},
    "vodia": {"extension": "443", "stage": 2},
    "apio": {"extension": USER2, "weight": 0},
}


def members(site: Site) -> Members:
    (group,) = site.case.find(site.state)
    found: Members = group["members"]
    return found


def numbers(site: Site) -> list[str]:
    return [member["extension"] for member in members(site)]


def declared(*extensions: str, **options: Any) -> Members:
    return [{"extension": extension, **options} for extension in extensions]


def start(site: Site, *extensions: str, **options: Any) -> str:
    """Create the managed group with these members. Returns its id."""
    key = site.case.group["id"]
    more = {"settings": {"serviceInstanceProfile": {"cliLastName": "W", "cliFirstName": "N"}}}
    more = more if site.case.backend == "apio" else {}
    site.done(id=key, name=site.case.group["name"], members=declared(*extensions), **more, **options)
    return str(key)


# -- membership ----------------------------------------------------------------------------------------------------
def test_exact_removes_what_others_added(site: Site) -> None:
    site.done(site.case.group)
    everybody = [*site.case.group["members"], ADDED[site.case.backend]]
    site.done(id=site.case.group["id"], members=everybody)
    result = site.done(id=site.case.group["id"], members=site.case.group["members"])
    assert "kept" not in result["plan"][0]
    site.stores(site.case.group)


def test_at_least_keeps_and_reports_what_others_added(site: Site) -> None:
    added = ADDED[site.case.backend]
    site.done(site.case.group)
    site.done(id=site.case.group["id"], members=[*site.case.group["members"], added])
    before = site.state
    again = site.unchanged(id=site.case.group["id"], members=site.case.group["members"], membership="at_least")
    assert reported(again, [added["extension"]])
    assert site.state == before


def test_at_least_adds_what_is_missing(site: Site) -> None:
    added = ADDED[site.case.backend]
    site.done(site.case.group)
    options = {"id": site.case.group["id"], "members": [added], "membership": "at_least"}
    before = members(site)
    result = site.done(options)
    assert len(result["plan"][0]["kept"]) == len(before)
    left = [member for member in members(site) if member["extension"] != added["extension"]]
    assert left == before
    assert len(members(site)) == len(before) + 1
    site.unchanged(options)


def test_at_least_of_nobody_changes_nothing(site: Site) -> None:
    site.done(site.case.group)
    result = site.unchanged(id=site.case.group["id"], members=[], membership="at_least")
    assert reported(result, [member["extension"] for member in members(site)])


def test_unwritten_options_of_members_survive_a_change_of_others(portaswitch: Site) -> None:
    portaswitch.done(portaswitch.case.group)
    before = members(portaswitch)
    portaswitch.done(id="0250", members=declared("106", "105", "0111", "104"))
    assert members(portaswitch)[:3] == before


# -- order ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("policy", ["regular", "circular"])
def test_order_is_meaningful_where_apio_hunts_in_order(apio: Site, policy: str) -> None:
    key = start(apio, USER2, USER, USER1, policy=policy)
    assert numbers(apio) == [USER2, USER, USER1]
    turned = {"id": key, "members": declared(USER1, USER, USER2)}
    assert apio.check(turned)["verdict"] == "drift"
    apio.done(turned)
    assert numbers(apio) == [USER1, USER, USER2]
    apio.unchanged(turned)


@pytest.mark.parametrize("policy", ["simultaneous", "uniform", "weighted"])
def test_order_means_nothing_elsewhere_on_apio(apio: Site, policy: str) -> None:
    key = start(apio, USER2, USER, policy=policy)
    apio.unchanged(id=key, members=declared(USER, USER2))


@pytest.mark.parametrize("policy", ["random", "simultaneous", "least_used"])
def test_order_means_nothing_elsewhere_on_portaswitch(portaswitch: Site, policy: str) -> None:
    key = start(portaswitch, "106", "0111", "105", policy=policy)
    portaswitch.unchanged(id=key, members=declared("105", "106", "0111"))


@pytest.mark.parametrize(
    "wanted",
    [
        ["105", "106", "0111"],
        ["0111", "105", "106"],
        ["104", "106", "105", "0111"],
        ["106", "104", "0111"],
        ["0111"],
        ["107", "104"],
    ],
    ids="-".join,
)
def test_portaswitch_reaches_every_order(portaswitch: Site, wanted: list[str]) -> None:
    portaswitch.done(portaswitch.case.group)
    before = {member["extension"]: member for member in members(portaswitch)}
    portaswitch.done(id="0250", members=declared(*wanted))
    assert numbers(portaswitch) == wanted
    for member in members(portaswitch):
        assert member == before.get(member["extension"], member), "a member that stays keeps its times and its sign-in"
    portaswitch.unchanged(id="0250", members=declared(*wanted))


def test_a_member_at_its_place_is_not_taken_out_on_portaswitch(portaswitch: Site) -> None:
    key = start(portaswitch, "106", "105", "0111", policy="regular")
    portaswitch.done(id=key, members=declared("106", "105", "0111", "104"))
    assert len(portaswitch.vendor.writes()) == 1
    portaswitch.done(id=key, members=declared("106", "0111", "104"))
    assert len(portaswitch.vendor.writes()) == 1
    assert numbers(portaswitch) == ["106", "0111", "104"]


def test_at_least_leaves_the_place_of_others_alone_where_it_can(portaswitch: Site) -> None:
    key = start(portaswitch, "106", "107", "105", policy="regular")
    portaswitch.unchanged(id=key, members=declared("106", "105"), membership="at_least")
    portaswitch.done(id=key, members=declared("105", "106"), membership="at_least")
    assert numbers(portaswitch)[:2] == ["105", "106"]
    assert sorted(numbers(portaswitch)) == ["105", "106", "107"]


# -- PortaSwitch ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("option", "first", "then"),
    [("ring_delay", 5, 0), ("ring_time", 20, 30), ("huntstop", True, False), ("primary", True, False)],
)
def test_an_option_of_a_member_changes_alone(portaswitch: Site, option: str, first: Any, then: Any) -> None:
    key = start(portaswitch, "106", "105", policy="simultaneous")
    for value in (first, then):
        wanted = [{"extension": "106"}, {"extension": "105", option: value}]
        before = members(portaswitch)
        portaswitch.done(id=key, members=wanted)
        assert {member["extension"]: member[option] for member in members(portaswitch)}["105"] == value
        assert members(portaswitch)[0] == before[0]
        portaswitch.unchanged(id=key, members=wanted)


def test_sign_in_is_managed_only_where_written(portaswitch: Site) -> None:
    key = start(portaswitch, "106", "105", policy="simultaneous")
    portaswitch.done(id=key, members=[{"extension": "106", "logged_in": False}, {"extension": "105"}])
    assert [member["logged_in"] for member in members(portaswitch)] == [False, True]
    for row in portaswitch.vendor.state["memberships"].values():
        row["hunt_active"] = "N"
    portaswitch.done(id=key, members=[{"extension": "106", "logged_in": True}, {"extension": "105"}])
    assert [member["logged_in"] for member in members(portaswitch)] == [True, False]


def test_signing_out_of_one_group_leaves_the_other_groups_of_the_agent(portaswitch: Site) -> None:
    portaswitch.done(portaswitch.case.group)
    before = portaswitch.state
    wanted = [{"extension": "106", "logged_in": False}, {"extension": "105"}, {"extension": "0111"}]
    portaswitch.done(id="0250", members=wanted)
    (changed,) = {place for place in differences(before, portaswitch.state) if place[0] not in ("sign_ins", "next")}
    assert (changed[0], changed[-1]) == ("memberships", "hunt_active")
    assert portaswitch.case.rest(before) == portaswitch.case.rest(portaswitch.state)


def test_a_group_may_be_a_member(portaswitch: Site) -> None:
    key = start(portaswitch, "106", policy="regular")
    portaswitch.done(id=key, members=declared("106", "99999"))
    portaswitch.unchanged(id=key, members=declared("106", "99999"))


# -- Vodia ---------------------------------------------------------------------------------------------------------------
def test_a_member_moves_to_another_stage(vodia: Site) -> None:
    vodia.done(vodia.case.group)
    moved = [{"extension": "446", "stage": 3}, {"extension": "444", "stage": 1}, {"extension": "445", "stage": 2}]
    assert vodia.done(id="0150", members=moved)["plan"][0]["action"] == "update"
    assert {member["extension"]: member["stage"] for member in members(vodia)} == {"446": 3, "444": 1, "445": 2}
    vodia.unchanged(id="0150", members=moved)


def test_a_member_may_ring_in_several_stages(vodia: Site) -> None:
    both = [{"extension": "444", "stage": 1}, {"extension": "444", "stage": 2}]
    vodia.done(id="0150", members=both)
    assert members(vodia) == both
    vodia.unchanged(id="0150", members=both)


def test_a_member_without_a_stage_stays_where_it_is(vodia: Site) -> None:
    vodia.done(vodia.case.group)
    vodia.unchanged(id="0150", members=declared("446", "444", "445"))


def test_a_new_member_without_a_stage_rings_first(vodia: Site) -> None:
    vodia.done(id="0150", members=declared("446"))
    assert members(vodia) == [{"extension": "446", "stage": 1}]


# -- APIO ------------------------------------------------------------------------------------------------------------------
def weights(site: Site) -> dict[str, int]:
    return {member["extension"]: member["weight"] for member in members(site)}


@pytest.mark.parametrize("after_agents", ["kept", "reset_all", "dropped_only"])
def test_weights_of_all_members_travel_together(apio: Site, after_agents: str) -> None:
    """The server sets every member to 0 that a request about weights leaves out."""
    apio.vendor.set_dialect(weights_after_agents_put=after_agents)
    apio.done(apio.case.group)
    new = [{"extension": USER, "weight": 50}, {"extension": USER1, "weight": 20}, {"extension": USER2, "weight": 30}]
    apio.done(id=apio.case.group["id"], members=new)
    sent = [json.loads(entry["body"]) for entry in apio.vendor.writes() if "weighted_distribution" in entry["path"]]
    assert [len(body["agents"]) for body in sent] == [3]
    assert weights(apio) == {USER: 50, USER1: 20, USER2: 30}
    apio.unchanged(id=apio.case.group["id"], members=new)


@pytest.mark.parametrize("after_agents", ["kept", "reset_all", "dropped_only"])
def test_unwritten_weights_survive_a_new_member(apio: Site, after_agents: str) -> None:
    apio.vendor.set_dialect(weights_after_agents_put=after_agents)
    apio.done(apio.case.group)
    apio.done(id=apio.case.group["id"], members=declared(USER, USER1, USER2))
    assert weights(apio) == {USER: 60, USER1: 40, USER2: 0}
    apio.unchanged(id=apio.case.group["id"], members=declared(USER, USER1, USER2))


def test_a_change_of_weights_alone_does_not_send_the_members(apio: Site) -> None:
    apio.done(apio.case.group)
    turned = [{"extension": USER, "weight": 10}, {"extension": USER1, "weight": 90}]
    apio.done(id=apio.case.group["id"], members=turned)
    assert [entry["path"].split("/")[-2] for entry in apio.vendor.writes()] == ["weighted_distribution"]
    assert weights(apio) == {USER: 10, USER1: 90}


def test_removing_a_member_without_new_weights_is_pointed_out(apio: Site) -> None:
    apio.done(apio.case.group)
    result = apio.done(id=apio.case.group["id"], members=declared(USER))
    assert numbers(apio) == [USER]
    assert "weights" in " ".join(result["warnings"])


def test_a_member_may_be_named_by_number_extension_or_user(apio: Site) -> None:
    key = start(apio, USER1, policy="regular")
    for spelling in ("5001", "+3225126778", "025126778", USER1, USER1.upper()):
        apio.unchanged(id=key, members=declared(spelling))


def test_a_user_of_another_group_of_the_enterprise_may_be_a_member(apio: Site) -> None:
    key = start(apio, USER, policy="regular")
    apio.done(id=key, members=declared(USER, FOO))
    assert numbers(apio) == [USER, FOO]
    apio.unchanged(id=key, members=declared(USER, "4004"))
