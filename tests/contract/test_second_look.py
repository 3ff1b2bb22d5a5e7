# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`verify`: after a change the whole tenant is read a second time and compared, in the same call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.entry import second_look
from ansible_collections.telephony.pbx.tests.contract.cases import Values
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant, whole


def test_what_was_changed_is_read_again(tenant: Tenant) -> None:
    tenant.emptied()
    result = tenant.done(whole(tenant), verify=True)
    assert (result["verdict"], result["verified"]["verdict"], result["verified"]["plan"]) == ("applied", "clean", [])
    assert result["requests"] == len(tenant.vendor.log)
    assert not [one for one in tenant.vendor.log[-result["verified"]["requests"] :] if one["write"] and not login(one)]


def login(entry: Mapping[str, Any]) -> bool:
    return str(entry["path"]).endswith("/auth/login")


def test_what_was_clean_or_only_checked_is_not(tenant: Tenant) -> None:
    assert "verified" not in tenant.check(whole(tenant), verify=True)
    tenant.done(whole(tenant))
    assert "verified" not in tenant.unchanged(whole(tenant), verify=True)


def test_the_approved_plan_is_that_of_the_first_look(tenant: Tenant) -> None:
    tenant.emptied()
    approved = tenant.check(whole(tenant))["plan_id"]
    assert tenant.done(whole(tenant), verify=True, expect_plan=approved)["verified"]["verdict"] == "clean"


@pytest.fixture
def in_between(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], Values]:
    """A run during which something happens before the second look; its result."""
    options_again = second_look.options_again

    def happened(what: Callable[[], None]) -> Values:
        def with_it(*given: Any) -> Values:
            monkeypatch.setattr(second_look, "options_again", options_again)
            what()
            return options_again(*given)

        monkeypatch.setattr(second_look, "options_again", with_it)
        return tenant.run(whole(tenant), verify=True)

    return happened


def test_what_differs_at_the_second_look_fails_the_run(
    tenant: Tenant, in_between: Callable[[Callable[[], None]], Values]
) -> None:
    result = in_between(lambda: tenant.whole.damage(tenant.vendor.state))
    assert (result["failed"], result["changed"], result["verdict"]) == (True, True, "incomplete")
    assert (result["error_class"], result["verified"]["verdict"]) == ("NotStored", "drift")
    assert result["msg"].startswith("everything was written, but the server shows something else: ")
    assert result["plan"] and Path(result["journal"]).is_file()
    assert tenant.done(whole(tenant), verify=True)["verified"]["verdict"] == "clean"


def test_a_second_look_that_cannot_be_had_fails_the_run(
    tenant: Tenant, in_between: Callable[[Callable[[], None]], Values]
) -> None:
    result = in_between(lambda: tenant.vendor.add_fault("status", status=400, times=None))
    assert (result["failed"], result["changed"], result["verdict"]) == (True, True, "incomplete")
    assert result["msg"].startswith("everything was written, but it could not be read again: ")


def test_a_restore_is_looked_at_with_the_file_that_it_used(tenant: Tenant) -> None:
    """The newest journal is another one then: that of the restore itself."""
    before = tenant.view
    tenant.done(whole(tenant), host="here")
    result = tenant.done({}, restore_from="last", host="here", verify=True)
    assert (result["verified"]["verdict"], tenant.view) == ("clean", before)
