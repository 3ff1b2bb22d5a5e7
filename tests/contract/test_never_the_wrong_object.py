# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tenants full of look-alikes: what check mode says is what happens, an undo returns everything, and nothing that others
still lead to is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.tests.contract.cases import Values
from ansible_collections.telephony.pbx.tests.contract.neighbours import NEIGHBOURHOODS
from ansible_collections.telephony.pbx.tests.contract.random_tenants import FEW
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant

pytestmark = pytest.mark.thorough


def steps(result: Values) -> list[Values]:
    """The plan without what became of it."""
    return [{name: entry[name] for name in ("resource", "id", "name", "action", "changes")} for entry in result["plan"]]


def errors_of(result: Values) -> list[Values]:
    return [one for one in result["findings"] if one["severity"] == "error"]


def changed(tenant: Tenant, first: Values, second: Values, purge: bool) -> Values | None:
    """Make the first tenant, then the second of it: as check mode has shown it, or, where that shows an error, not at all."""
    tenant.vendor.reset()
    tenant.emptied()
    assume(not errors_of(tenant.check(first)))  # what breaks a rule is no tenant to begin with
    tenant.done(first, journal="")
    before = tenant.state
    declared = {**second, "purge": list(second) if purge else []}
    shown = tenant.check(declared)
    assert tenant.state == before
    errors = errors_of(shown)
    result = tenant.run(declared)
    assert bool(result.get("failed")) is bool(shown.get("failed") or errors), (
        result.get("msg"),
        shown.get("msg"),
        errors,
    )
    if result.get("failed"):
        assert (tenant.vendor.writes(), tenant.state) == ([], before), result["msg"]
        return None
    assert (steps(result), result["plan_id"]) == (steps(shown), shown["plan_id"])
    assert result.get("diff") == shown.get("diff")
    tenant.unchanged(declared)
    return result


@pytest.mark.parametrize("purge", [False, True], ids=["", "purge"])
@FEW
@given(data=st.data())
def test_what_check_mode_shows_happens_is_undone_and_loses_nothing(site: Site, data: Any, purge: bool) -> None:
    tenant, place = Tenant(site), NEIGHBOURHOODS[site.case.backend]
    first, second = data.draw(place.documents), data.draw(place.documents)
    result = changed(tenant, first, second, purge)
    if result is None or not result["changed"]:
        return
    after = tenant.state
    if purge:
        _is_just(tenant, second)
    _restore(tenant, first, second, purge, result["journal"])
    left = place.numbers(after)
    gone = {key: numbers for key, numbers in place.numbers(_made(tenant, first)).items() if key not in left}
    lost = set().union(*gone.values()) - set().union(*left.values())
    assert not lost & place.leading(after), "something still leads to what is gone"


def _is_just(tenant: Tenant, document: Values) -> None:
    """What is there is what is declared, number for number; `0200` is not `200`."""
    found = tenant.export()
    for kind in {"extensions", "hunt_groups"} & document.keys():
        assert {one["id"] for one in found[kind]} == {one["id"] for one in document[kind]}


def _made(tenant: Tenant, document: Values) -> Any:
    """The state that a document makes of an empty tenant."""
    tenant.vendor.reset()
    tenant.emptied()
    tenant.done(document, journal="")
    return tenant.state


def _restore(tenant: Tenant, first: Values, second: Values, purge: bool, journal: str) -> None:
    back = tenant.done(restore_from=journal)
    assert back["verdict"] in ("applied", "clean")
    restored = tenant.view
    _made(tenant, first)
    assert restored == tenant.view, (first, second, purge)
