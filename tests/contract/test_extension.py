# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions of PortaSwitch: from creation to deletion, and never at the cost of a hunt group."""

from __future__ import annotations

import pytest

from ansible_collections.telephony.pbx.tests.contract.callers import (
    Caller,
)
from ansible_collections.telephony.pbx.tests.contract.cases import State, Values, differences
from ansible_collections.telephony.pbx.tests.contract.sites import Site

NEW: Values = {"id": "0112", "name": "Hanna Support", "account": 700009}


@pytest.fixture
def extension(portaswitch: Site) -> Caller:
    return Caller(portaswitch, "extension")


def rows(state: State, customer: str = "10") -> dict[str, Values]:
    """The extensions of a customer by number."""
    found = list(state["customers"][customer]["extensions"].values())
    assert len({row["id"] for row in found}) == len(found)
    return {row["id"]: row for row in found}


def ringing(state: State, number: str) -> list[int]:
    """The records of the groups that ring an extension of the first customer."""
    record = {row["i_c_ext"] for row in state["customers"]["10"]["extensions"].values() if row["id"] == number}
    return sorted(row["i_c_group"] for row in state["memberships"].values() if row["i_c_ext"] in record)


# -- from creation to deletion -----------------------------------------------------------------------------------------


def test_an_update_sends_what_it_does_not_change_as_it_is(extension: Caller) -> None:
    before = extension.state
    extension.done(id="0111", name="Zoë Dayshift")
    assert differences(before, extension.state) == {("customers", "10", "extensions", "5007", "name")}
    extension.done(id="0111", account=700009)
    changed = differences(before, extension.state)
    assert {place[-1] for place in changed} == {"name", "i_account"}
    assert rows(extension.state)["0111"]["name"] == "Zoë Dayshift"


def test_an_extension_without_an_account_stays_without(extension: Caller) -> None:
    assert extension.unchanged(id="108")["extension"]["account"] is None
    before = extension.state
    extension.predicted(id="108", name="Full Desk")
    assert differences(before, extension.state) == {("customers", "10", "extensions", "5009", "name")}
    extension.predicted(id="108", account=700009)
    extension.unchanged(id="108", name="Full Desk", account=700009)


def test_numbers_keep_their_zeros_and_may_be_written_as_ints(extension: Caller) -> None:
    extension.unchanged(id=101, account="700001")
    extension.unchanged(id="0101", state="absent")
    extension.done(id="0107", name="Zero", account=700009)
    assert {"0107", "107"} <= set(rows(extension.state))
    extension.done(id="0107", state="absent")
    assert "107" in rows(extension.state) and "0107" not in rows(extension.state)


@pytest.mark.parametrize("number", ["*98", "#31", "1.2", "a_b-c", "007.json", "."])
def test_any_legal_number_arrives_unchanged(extension: Caller, number: str) -> None:
    extension.predicted(id=number, name="Special", account=700009)
    assert rows(extension.state)[number]["i_account"] == 700009
    extension.predicted(id=number, name="Special / B")
    extension.predicted(id=number, state="absent")
    assert number not in rows(extension.state)


# -- what is refused before anything is written ------------------------------------------------------------------------
def test_creation_names_everything_that_is_missing(extension: Caller) -> None:
    message = extension.refused(id="0112")
    assert "name" in message and "account" in message and "0112" in message
    assert "account" in extension.refused(id="0112", name="Hanna")


@pytest.mark.parametrize("listed", [False, True], ids=["groups apart", "groups among the extensions"])
def test_a_number_of_a_hunt_group_is_no_extension(extension: Caller, listed: bool) -> None:
    """Both share one set of numbers; a server may list the groups' own records among the extensions."""
    extension.vendor.set_dialect(groups_in_extension_list=listed)
    assert extension.check(NEW, id="200").get("failed")
    message = extension.refused(NEW, id="200")
    assert "hunt group" in message and "200" in message
    assert "200" in extension.refused(id="200", name="Not Sales")


@pytest.mark.parametrize("listed", [False, True], ids=["groups apart", "groups among the extensions"])
def test_a_hunt_group_is_never_deleted_as_an_extension(extension: Caller, listed: bool) -> None:
    extension.vendor.set_dialect(groups_in_extension_list=listed)
    before = extension.state
    result = extension.run(id="200", state="absent", remove_from_hunt_groups=True)
    assert (extension.vendor.writes(), extension.state) == ([], before)
    assert not result["changed"]


def test_a_number_of_an_extension_is_no_hunt_group(portaswitch: Site) -> None:
    assert "belongs to an extension" in portaswitch.refused(id="101", name="Not Alice")


def test_an_account_that_has_an_extension_is_refused_by_the_server_with_nothing_done(extension: Caller) -> None:
    before = extension.state
    result = extension.run(NEW, account=700001)
    assert result["failed"] and "0112" in result["msg"] and "nothing was changed" in result["msg"]
    assert extension.state == before


def cut_groups(extension: Caller) -> None:
    """The customer has more hunt groups than the server lists; the last ones ring 107 and have the number 0112."""
    state = extension.vendor.state
    groups = state["customers"]["10"]["groups"]
    for number in range(1000, 1110):
        groups[str(number)] = {**groups["301"], "i_c_group": number, "i_c_ext": number + 9000, "id": str(number)}
    groups["1109"]["id"] = "0112"
    row = {**state["memberships"]["9001"], "i_cg_ext": 9900, "i_c_group": 1109, "i_c_ext": 5008}
    state["memberships"]["9900"] = row
    extension.vendor.set_dialect(list_cap=100)


def test_nothing_is_created_from_a_list_of_groups_that_may_be_cut(extension: Caller) -> None:
    cut_groups(extension)
    extension.vendor.add_fault("status", writes_only=True, status=500, body="{}", times=None)
    assert "cut" in extension.refused(NEW)


@pytest.mark.parametrize("remove", [None, True])
def test_nothing_is_deleted_by_a_list_of_groups_that_may_be_cut(extension: Caller, remove: bool | None) -> None:
    cut_groups(extension)
    assert "cut" in extension.refused(id="107", state="absent", remove_from_hunt_groups=remove)


def test_nothing_follows_from_a_list_of_extensions_that_may_be_cut(extension: Caller) -> None:
    table = extension.vendor.state["customers"]["10"]["extensions"]
    for number in range(7000, 7110):
        table[str(number)] = {"i_c_ext": number, "id": str(number), "name": "Desk", "i_account": 0}
    extension.vendor.set_dialect(list_cap=100)
    for options in (NEW, {"id": "7109", "state": "absent"}):
        assert "cut" in extension.refused(options)
    extension.unchanged(id="101", name="Alice Reception")


# -- hunt groups that ring it --------------------------------------------------------------------------------------------
def test_a_member_is_not_deleted_and_the_message_names_its_groups(extension: Caller) -> None:
    shown = extension.check(id="104", state="absent")
    message = extension.refused(id="104", state="absent")
    assert shown["msg"] == message
    assert "99999" in message and "Support" in message and "remove_from_hunt_groups" in message
    assert "99999" in extension.refused(id="104", state="absent", remove_from_hunt_groups=False)


@pytest.mark.parametrize("dialect", [{}, {"deleting_member_extension": "error"}, {"delete_extensions_by": "i_cg_ext"}])
def test_a_member_is_taken_out_of_its_groups_first_where_asked_for(extension: Caller, dialect: Values) -> None:
    extension.vendor.set_dialect(**dialect)
    Site.done(Caller(extension, "hunt_group"), id="200", members=[{"extension": n} for n in ("101", "104", "102")])
    assert ringing(extension.state, "104") == [301, 302]
    before = extension.state
    result = extension.predicted(id="104", state="absent", remove_from_hunt_groups=True)
    assert {f"{entry['resource']} {entry['id']}" for entry in result["plan"]} == {
        "hunt_group 200", "hunt_group 99999", "extension 104"
    }  # fmt: skip
    gone = differences(before, extension.state)
    kept = {key: row for key, row in before["memberships"].items() if row["i_c_ext"] != 5004}
    assert extension.state["memberships"] == kept
    assert {place[:2] for place in gone} <= {("memberships", key) for key in before["memberships"]} | {
        ("customers", "10")
    }
    assert set(rows(before)) - set(rows(extension.state)) == {"104"}
    assert extension.lines()[-2:] == ["DeleteCustomerExtension", "GetCustomerExtensions"]
    extension.unchanged(id="104", state="absent", remove_from_hunt_groups=True)


def test_other_customers_extensions_of_the_same_number_are_left_alone(extension: Caller) -> None:
    before = extension.state["customers"]["20"]
    extension.done(id="102", state="absent", remove_from_hunt_groups=True)
    extension.done(id="101", name="Alice")
    assert extension.state["customers"]["20"] == before


# -- trouble on the way --------------------------------------------------------------------------------------------------


def test_a_run_that_stops_between_the_groups_and_the_extension_is_finished_by_the_next(extension: Caller) -> None:
    Site.done(Caller(extension, "hunt_group"), id="200", members=[{"extension": n} for n in ("101", "104", "102")])
    others = [row for row in extension.state["memberships"].values() if row["i_c_ext"] != 5004]
    declared = {"id": "104", "state": "absent", "remove_from_hunt_groups": True}
    for _how, stopped in extension.interrupted(declared):
        for state in (stopped, extension.state):
            assert [row for row in state["memberships"].values() if row["i_c_ext"] != 5004] == others
        assert not ringing(stopped, "104") or "104" in rows(stopped)
        assert "104" not in rows(extension.state)
