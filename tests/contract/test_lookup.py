# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which group is meant: look-ups by id and name, ids that the server makes, ids that it changes."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.cases import CASES, NAME, apio_groups, apio_ids
from ansible_collections.telephony.pbx.tests.contract.sites import Site

PROFILE = {"serviceInstanceProfile": {"cliLastName": "Watch", "cliFirstName": "Night"}}
NAMELESS = {key: value for key, value in CASES["apio"].group.items() if key != "id"}


def by_name(site: Site) -> dict[str, Any]:
    """The case's group, named but without its id."""
    return {name: value for name, value in site.case.group.items() if name != "id"}


def rename_taken(site: Site) -> None:
    """Somebody gives another group the name of the managed one."""
    state = site.vendor.state
    if site.case.backend == "portaswitch":
        state["customers"]["10"]["groups"]["301"]["name"] = NAME
    elif site.case.backend == "vodia":
        state["domains"]["localhost"]["accounts"]["1003"]["settings"]["display"] = NAME
    else:
        apio_groups(state)[site.case.taken]["serviceInstanceProfile"]["name"] = NAME


def test_a_name_that_fits_one_group_finds_it(site: Site) -> None:
    site.done(site.case.group)
    found = site.unchanged(by_name(site))
    assert found["hunt_group"]["id"] == site.case.group["id"]
    site.done(name=NAME, state="absent")
    assert site.case.find(site.state) == []


def test_a_name_that_fits_several_groups_is_a_conflict(site: Site) -> None:
    site.done(site.case.group)
    rename_taken(site)
    for state in ("present", "absent"):
        message = site.refused(name=NAME, state=state)
        assert site.case.group["id"] in message and site.case.taken in message
        assert "give" in message and "id" in message
    site.done(site.case.group, state="absent")


def test_a_name_that_fits_no_group_is_already_absent(site: Site) -> None:
    site.unchanged(name="No such group", state="absent")


@pytest.mark.parametrize("name", ["portaswitch", "vodia"])
def test_a_name_alone_creates_nothing_where_the_id_is_the_number(open_site: Any, name: str) -> None:
    site: Site = open_site(name)
    assert "give id" in site.refused(name="No such group")


def test_an_id_that_fits_no_group_does_not_fall_back_to_the_name(site: Site) -> None:
    site.done(site.case.group)
    site.unchanged(id=f"9{site.case.group['id']}", name=NAME, state="absent")


def test_a_group_can_be_renamed_by_its_id(site: Site) -> None:
    site.done(site.case.group)
    result = site.done(id=site.case.group["id"], name=f"{NAME} C")
    assert result["hunt_group"]["name"] == f"{NAME} C"
    site.stores({"name": f"{NAME} C"})


# -- APIO: the server's ids ------------------------------------------------------------------------------------------
def test_apio_makes_an_id_once_and_finds_the_group_again_by_name(apio: Site) -> None:
    apio.vendor.set_dialect(auto_id=True)
    result = apio.done(NAMELESS)
    (made,) = apio_ids(apio.state)
    assert result["hunt_group"]["id"] == result["plan"][0]["id"] == made
    apio.unchanged(NAMELESS)
    apio.done(NAMELESS, overflow_after=99)
    assert apio_ids(apio.state) == [made]
    apio.done(name=NAME, state="absent")
    assert apio_ids(apio.state) == []


def test_apio_without_generated_ids_says_that_an_id_is_wanted(apio: Site) -> None:
    message = apio.refused(NAMELESS, writes=1)
    assert "serviceUserId" in message


@pytest.mark.parametrize("short", [False, True])
def test_apio_finds_an_id_without_its_domain(apio: Site, short: bool) -> None:
    apio.vendor.set_dialect(get_id_without_domain=short)
    apio.done(apio.case.group, id="nightwatch")
    assert apio_ids(apio.state) == [apio.case.group["id"]]
    apio.unchanged(apio.case.group, id="nightwatch")
    apio.unchanged(apio.case.group)
    apio.done(id="nightwatch", state="absent")
    assert apio_ids(apio.state) == []


def test_apio_asks_for_the_domain_where_it_is_required(apio: Site) -> None:
    apio.vendor.set_dialect(domain_required=True)
    assert "domain" in apio.refused(apio.case.group, writes=1, id="nightwatch")


@pytest.mark.parametrize("spelling", ["+3226127000", "026127000"])
@pytest.mark.parametrize("short", [False, True])
def test_apio_renames_on_a_new_number_without_a_second_group(apio: Site, spelling: str, short: bool) -> None:
    apio.vendor.set_dialect(rename_on_number=True, get_id_without_domain=short)
    apio.done(apio.case.group)
    renumbered = {**apio.case.group, "phone_number": spelling}
    result = apio.done(renumbered)
    (renamed,) = apio_ids(apio.state)
    assert renamed != apio.case.group["id"]
    assert result["hunt_group"]["id"] == renamed
    again = apio.unchanged(renumbered)  # still under the old id
    assert renamed in " ".join(again["warnings"])
    apio.unchanged({**renumbered, "id": renamed})
    apio.unchanged({key: value for key, value in renumbered.items() if key != "id"})


def test_apio_renamed_groups_are_never_removed_under_their_old_id(apio: Site) -> None:
    """Another group may have this name and number by now: absent means the declared id, and nothing else."""
    apio.vendor.set_dialect(rename_on_number=True)
    apio.done(apio.case.group)
    renumbered = {**apio.case.group, "phone_number": "+3226127000"}
    apio.done(renumbered)
    left = apio_ids(apio.state)
    apio.unchanged(renumbered, state="absent")
    assert apio_ids(apio.state) == left != []


def test_apio_does_not_take_another_group_for_a_renamed_one(apio: Site) -> None:
    """Same name, another number: two groups, not one."""
    apio.done(apio.case.group)
    other = {"id": "nightwatch2@sip.netaxis.be", "name": NAME, "phone_number": "+3226127001", "settings": PROFILE}
    before = copy.deepcopy(apio_groups(apio.state)[apio.case.group["id"]])
    apio.done(other)
    assert set(apio_ids(apio.state)) == {apio.case.group["id"], "nightwatch2@sip.netaxis.be"}
    assert apio_groups(apio.state)[apio.case.group["id"]] == before


def test_apio_creates_from_a_template_without_a_name_of_its_own(apio: Site) -> None:
    declared = {"id": "nightwatch@sip.netaxis.be", "settings": {"templateName": "complete"}}
    result = apio.done(declared)
    assert (result["hunt_group"]["name"], result["hunt_group"]["policy"]) == ("Templated", "circular")
    apio.unchanged(declared)


# -- Vodia: names beside the number -----------------------------------------------------------------------------------
@pytest.mark.parametrize("delete_by_alias", ["deletes", "missing"])
def test_vodia_deletes_only_by_the_primary_number(vodia: Site, delete_by_alias: str) -> None:
    """0151 is a second name of 0150: whoever declares 0151 absent has not asked for 0150 to go."""
    vodia.vendor.set_dialect(delete_by_alias=delete_by_alias)
    vodia.done(vodia.case.group)
    vodia.unchanged(id="0151", state="absent")


def test_vodia_finds_a_group_by_another_name_of_its_number(vodia: Site) -> None:
    """It is that group, and shown under the PBX's own key."""
    vodia.done(vodia.case.group)
    result = vodia.done(id="0151", name="Night watch C")
    assert result["plan"][0]["id"] == result["hunt_group"]["id"] == "0150"
    vodia.stores({"name": "Night watch C"})
