# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions of PortaSwitch: from creation to deletion, and never at the cost of a hunt group."""

from __future__ import annotations

import pytest

from ansible_collections.telephony.pbx.tests.contract.callers import Caller
from ansible_collections.telephony.pbx.tests.contract.cases import State, Values, differences
from ansible_collections.telephony.pbx.tests.contract.lives import PORTA_NEW
from ansible_collections.telephony.pbx.tests.contract.sites import Site


@pytest.fixture
def extension(portaswitch: Site) -> Caller:
    return Caller(portaswitch, "extension")


def rows(state: State) -> dict[str, Values]:
    """The extensions of the customer by number."""
    found = list(state["customers"]["10"]["extensions"].values())
    assert len({row["id"] for row in found}) == len(found)
    return {row["id"]: row for row in found}


def with_a_member(extension: Caller) -> State:
    """104 becomes a member of a second group. Returns the state then."""
    members = [{"extension": number} for number in ("101", "104", "102")]
    Site.done(Caller(extension, "hunt_group"), id="200", members=members)
    return extension.state


def memberships(state: State, but: int = 5004) -> dict[str, Values]:
    """All rows of members without those of one extension."""
    return {key: row for key, row in state["memberships"].items() if row["i_c_ext"] != but}


# -- from creation to deletion -----------------------------------------------------------------------------------------
def test_an_update_sends_what_it_does_not_change_as_it_is(extension: Caller) -> None:
    """Also of an extension without an account, which stays without."""
    for number, record in (("0111", "5007"), ("108", "5009")):
        before, place = extension.state, ("customers", "10", "extensions", record)
        extension.predicted(id=number, name="Zoë Dayshift")
        assert differences(before, extension.state) == {(*place, "name")}
        extension.predicted(id=number, account=700009)
        assert differences(before, extension.state) == {(*place, "name"), (*place, "i_account")}
        extension.unchanged(id=number, name="Zoë Dayshift", account=700009)
        extension.vendor.reset()


@pytest.mark.parametrize("number", ["0107", "*98", "#31", "1.2", "a_b-c", "007.json", "."])
def test_any_legal_number_arrives_unchanged(extension: Caller, number: str) -> None:
    extension.predicted(id=number, name="Special", account=700009)
    assert rows(extension.state)[number]["i_account"] == 700009
    extension.predicted(id=number, name="Special / B")
    extension.predicted(id=number, state="absent")
    assert number not in rows(extension.state) and "107" in rows(extension.state)


@pytest.mark.parametrize("listed", [False, True], ids=["groups apart", "groups among the extensions"])
def test_a_hunt_group_is_never_deleted_as_an_extension(extension: Caller, listed: bool) -> None:
    """Both share one set of numbers; a server may list the groups' own records among the extensions."""
    extension.vendor.set_dialect(groups_in_extension_list=listed)
    before = extension.state
    result = extension.run(id="200", state="absent", remove_from_hunt_groups=True)
    assert (result["changed"], extension.vendor.writes(), extension.state) == (False, [], before)


def test_an_account_that_has_an_extension_is_refused_by_the_server_with_nothing_done(extension: Caller) -> None:
    before = extension.state
    result = extension.run(PORTA_NEW, account=700001)
    assert result["failed"] and "0112" in result["msg"] and "nothing was changed" in result["msg"]
    assert extension.state == before


# -- hunt groups that ring it --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("dialect", [{}, {"deleting_member_extension": "error"}, {"delete_extensions_by": "i_cg_ext"}])
def test_a_member_is_taken_out_of_its_groups_first_where_asked_for(extension: Caller, dialect: Values) -> None:
    extension.vendor.set_dialect(**dialect)
    before = with_a_member(extension)
    result = extension.predicted(id="104", state="absent", remove_from_hunt_groups=True)
    assert {entry["id"] for entry in result["plan"]} == {"200", "99999", "104"}
    assert extension.state["memberships"] == memberships(before)
    assert {place[:2] for place in differences(before, extension.state)} <= {
        *(("memberships", key) for key in before["memberships"]), ("customers", "10")
    }  # fmt: skip
    assert set(rows(before)) - set(rows(extension.state)) == {"104"}
    assert extension.lines()[-2:] == ["DeleteCustomerExtension", "GetCustomerExtensions"]
    assert extension.state["customers"]["20"] == before["customers"]["20"]
    extension.unchanged(id="104", state="absent", remove_from_hunt_groups=True)


def test_a_run_that_stops_between_the_groups_and_the_extension_is_finished_by_the_next(extension: Caller) -> None:
    others = memberships(with_a_member(extension))
    for _how, stopped in extension.interrupted({"id": "104", "state": "absent", "remove_from_hunt_groups": True}):
        for state in (stopped, extension.state):
            assert memberships(state) == others
        assert stopped["memberships"] == others or "104" in rows(stopped)
        assert "104" not in rows(extension.state)
