# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tenant_info returns is what tenant takes: applied to where it came from it changes nothing, elsewhere it gives
the same tenant."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import example, given

from ansible_collections.telephony.pbx.plugins.module_utils.entry import run
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import tenant_lists
from ansible_collections.telephony.pbx.tests.contract import random_tenants
from ansible_collections.telephony.pbx.tests.contract.cases import (
    DOMAIN,
    USER1,
    USER2,
    Values,
    apio_groups,
)
from ansible_collections.telephony.pbx.tests.contract.mixes import mixes
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import WHOLE, Tenant
from pbx_simulator import VENDORS

pytestmark = pytest.mark.thorough


def there_and_back(tenant: Tenant, document: Values) -> None:
    """Apply to nothing, export, apply again; then empty, apply the export, export again."""
    tenant.vendor.reset()
    tenant.emptied()
    tenant.done(document)
    tenant.unchanged(document)
    view, exported = tenant.view, tenant.export()
    tenant.unchanged(exported)
    tenant.emptied()
    tenant.done(exported)
    assert tenant.export() == exported
    assert tenant.view == view


@random_tenants.FEW
@given(document=random_tenants.PORTASWITCH)
def test_random_tenants_of_portaswitch_come_back_as_they_were(portaswitch: Site, document: Values) -> None:
    there_and_back(Tenant(portaswitch), document)


@random_tenants.FEW
@given(document=random_tenants.VODIA)
def test_random_tenants_of_vodia_come_back_as_they_were(vodia: Site, document: Values) -> None:
    there_and_back(Tenant(vodia), document)


@random_tenants.FEW
@given(document=random_tenants.APIO)
@example(document={"hunt_groups": [], "follow_me": []})
def test_random_tenants_of_apio_come_back_as_they_were(apio: Site, document: Values) -> None:
    there_and_back(Tenant(apio), document)


# -- what others made ---------------------------------------------------------------------------------------------------
def test_the_tenant_of_the_first_day_is_exported_and_applied_without_a_change(tenant: Tenant) -> None:
    exported = tenant.export()
    assert set(exported) == set(tenant.whole.kinds) and all(exported.values())
    tenant.unchanged(exported)
    tenant.unchanged({**exported, "purge": list(tenant.whole.kinds)})


def test_the_tenant_of_the_first_day_comes_back_from_nothing(tenant: Tenant) -> None:
    for row in tenant.vendor.state.get("memberships", {}).values():
        row["hunt_active"] = "Y"  # signing out is the agents' own business
    if tenant.case.backend == "portaswitch":
        del tenant.vendor.state["customers"]["10"]["extensions"]["5009"]  # without a phone, so nothing can create it
    exported, view = tenant.export(), tenant.view
    tenant.emptied()
    tenant.done(exported)
    assert tenant.export() == exported
    assert {**tenant.view, "follow_me": 0} == {**view, "follow_me": 0}


def test_an_export_is_the_same_every_time_and_holds_no_secret_and_no_sign_in(tenant: Tenant) -> None:
    first, second = tenant.export(), tenant.export()
    assert json.dumps(first) == json.dumps(second)
    text = json.dumps(first)
    assert "logged_in" not in text and "_key" not in text and "sip-secret" not in text
    for kind in first:
        keys = [str(one.get("id") or one.get("account")) for one in first[kind]]
        assert keys == sorted(keys)


# What an export cannot be made under, or not whole: there is a test of its own for each.
NOT_WHOLE: dict[str, set[Any]] = {
    "portaswitch": {("list_cap", 100), ("list_cap", 500)},
    "vodia": {("account_lists", "none"), ("account_lists", "userlist_only")},
    "apio": {("users_list", "404")},
}
EXPORTED = [one for backend in VENDORS for one in mixes(backend, f"{backend} export", NOT_WHOLE[backend])]
EXPORTED += [
    pytest.param(f"{backend} alone", {name: value}, id=f"{backend} {name}={value}")
    for backend, alone in NOT_WHOLE.items()
    for name, value in sorted(alone, key=str)
]


@pytest.mark.parametrize(("subject", "dialect"), EXPORTED)
def test_export_and_apply_change_nothing(open_site: Any, subject: str, dialect: Values) -> None:
    tenant = Tenant(open_site(subject.split()[0]))
    tenant.vendor.set_dialect(**dialect)
    exported = tenant.export()
    assert all(exported.values()) or "list_cap" in dialect
    tenant.unchanged(exported)
    tenant.unchanged({**exported, "purge": list(exported)})


def test_what_is_not_listed_is_left_out_with_a_warning_and_never_purged(vodia: Site) -> None:
    tenant = Tenant(vodia)
    vodia.vendor.set_dialect(account_lists="none")
    assert set(tenant.export()) == {"hunt_groups"}
    assert "no list of its extensions" in tenant.refused({"extensions": [], "purge": ["extensions"]})


def test_what_breaks_a_rule_is_refused_whoever_made_it(apio: Site) -> None:
    """An export shows what the server holds; applying it stops at the rule, before any request."""
    tenant = Tenant(apio)
    apio_groups(tenant.vendor.state)[f"ApioWeighted@{DOMAIN}"]["weights"] = {USER1: 70, USER2: 10}
    assert "weights-total" in tenant.refused(tenant.export())


def test_groups_that_ring_each_other_come_back_from_nothing(portaswitch: Site) -> None:
    tenant = Tenant(portaswitch)
    outer = {"id": "0100", "name": "Outer", "members": [{"extension": "0250"}, {"extension": "101"}]}
    document = copy.deepcopy(tenant.whole.document)
    document["hunt_groups"] = [*document["hunt_groups"], outer]
    there_and_back(tenant, document)


def test_a_list_that_may_be_cut_gives_no_export(portaswitch: Site) -> None:
    tenant = Tenant(portaswitch)
    accounts = tenant.vendor.state["customers"]["10"]["extensions"]
    for number in range(100 - len(accounts)):
        accounts[str(7000 + number)] = {"i_c_ext": 7000 + number, "id": str(number), "name": "x", "i_account": 0}
    with pytest.raises(AssertionError, match="may be cut"):
        tenant.export()


# -- which parts of a tenant are exported ----------------------------------------------------------------------------------
def exported(tenant: Tenant, *resources: str) -> Values:
    """Call tenant_info for some kinds."""
    tenant.vendor.log = []
    result = run.run("tenant_info", tenant.options(resources=list(resources) or None), check_mode=False, environment={})
    assert not result.get("failed") and tenant.vendor.writes() == []
    return result


def test_an_export_holds_the_kinds_that_are_asked_for(site: Site) -> None:
    """Each as in the export of everything; what a backend cannot write is left out of both."""
    tenant = Tenant(site)
    everything = exported(tenant)
    for kind in tenant_lists():
        result = exported(tenant, kind)
        assert {name: result[name] for name in tenant_lists() if name in result} == (
            {kind: everything[kind]} if kind in tenant.whole.kinds else {}
        )
        assert "warnings" not in result
    assert (
        set(exported(tenant, *tenant_lists()))
        == set(everything)
        == set(exported(tenant, *reversed(list(tenant_lists()))))
    )


def test_an_export_does_not_read_what_is_not_asked_for(site: Site) -> None:
    tenant = Tenant(site)
    requests = {kind: exported(tenant, kind)["requests"] for kind in WHOLE[site.case.backend].kinds}
    everything = exported(tenant)["requests"]
    assert all(0 < number < everything for number in requests.values())
    if site.case.backend == "apio":
        assert requests["follow_me"] == 1 + 3 * 3, "the users, and three services of each"


def test_a_kind_that_a_version_does_not_list_is_said_only_where_it_was_asked_for(vodia: Site) -> None:
    vodia.vendor.set_dialect(account_lists="none")
    tenant = Tenant(vodia)
    assert "warnings" not in exported(tenant, "hunt_groups")
    for kind in ("extensions", "follow_me"):
        result = exported(tenant, kind)
        assert kind not in result and len(result["warnings"]) == 1 and kind in result["warnings"][0]
