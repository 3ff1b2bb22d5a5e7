# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions of PortaSwitch: with and without an account, and apart from the hunt groups whose numbers they share."""

from __future__ import annotations

import pytest

from ansible_collections.telephony.pbx.tests.contract.callers import Caller
from ansible_collections.telephony.pbx.tests.contract.cases import differences
from ansible_collections.telephony.pbx.tests.contract.lives import PORTA_NEW
from ansible_collections.telephony.pbx.tests.contract.sites import Site


@pytest.fixture
def extension(portaswitch: Site) -> Caller:
    return Caller(portaswitch, "extension")


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
