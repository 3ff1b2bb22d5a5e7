# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests a large tenant costs, counted by the simulator. The times are in tests/benchmarks."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.engine import execute
from ansible_collections.telephony.pbx.plugins.module_utils.entry import call
from ansible_collections.telephony.pbx.tests.contract import big_tenants
from ansible_collections.telephony.pbx.tests.contract.big_tenants import BIG
from ansible_collections.telephony.pbx.tests.contract.cases import copied
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant

pytestmark = pytest.mark.thorough

GROUPS = 40  # what counts is that it is more than a few


@pytest.fixture(autouse=True)
def however_long_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read stays fresh, so that the counts do not depend on the speed of the machine."""
    monkeypatch.setattr(big_tenants, "EXTENSIONS", 100)
    monkeypatch.setattr(big_tenants, "GROUPS", GROUPS)
    monkeypatch.setattr(call, "FRESH_SECONDS", float("inf"))


def routes(tenant: Tenant) -> Counter[str]:
    return Counter(entry["path"].strip("/").split("/")[0] for entry in tenant.vendor.log)


def test_a_no_op_check_costs_one_read_of_each_list_and_nothing_per_object_that_a_list_shows(tenant: Tenant) -> None:
    big = BIG[tenant.case.backend]
    declared = big.fill(tenant.vendor.state)
    unchanged = {"portaswitch": 2 + big_tenants.FOLLOWED, "vodia": 1 + GROUPS, "apio": 1 + GROUPS}[tenant.case.backend]
    result = tenant.check(declared, concurrency=8)
    assert (result["verdict"], len(tenant.vendor.log)) == ("clean", unchanged)
    tenant.unchanged(declared, concurrency=8)
    assert len(tenant.vendor.log) == unchanged


def test_groups_of_apio_without_a_domain_cost_one_list_and_one_read_each(apio: Site) -> None:
    tenant = Tenant(apio)
    declared = BIG["apio"].fill(tenant.vendor.state)
    for group in declared["hunt_groups"]:
        del group["id"]
    assert tenant.unchanged(declared)["requests"] == 1 + len(declared["hunt_groups"])


def test_new_extensions_cost_a_write_each_two_reads_and_one_to_read_back(portaswitch: Site) -> None:
    tenant, big = Tenant(portaswitch), BIG["portaswitch"]
    big.accounts(tenant.vendor.state, 60)
    tenant.done({"extensions": big.new(60)}, concurrency=8)
    assert routes(tenant) == {"AddCustomerExtension": 60, "GetCustomerExtensions": 2, "GetCustomerHuntGroups": 1}


def test_an_export_costs_the_lists_and_one_read_for_each_account(portaswitch: Site) -> None:
    tenant = Tenant(portaswitch)
    exported = tenant.export()
    assert routes(tenant) == {"GetCustomerExtensions": 1, "GetCustomerHuntGroups": 1, "getfollowmes": 8}
    assert len(exported["follow_me"]) == 1


def test_a_purge_of_follow_me_reads_each_account_once(portaswitch: Site) -> None:
    tenant = Tenant(portaswitch)
    tenant.check({"follow_me": [], "purge": ["follow_me"]})
    assert routes(tenant) == {"GetCustomerExtensions": 1, "getfollowmes": 8}


@pytest.mark.parametrize("backend", ["portaswitch", "vodia", "apio"])
def test_a_purge_of_groups_reads_each_group_once_and_once_whatever_may_lead_to_one(
    open_site: Any, backend: str
) -> None:
    tenant = Tenant(open_site(backend))
    declared = BIG[backend].fill(tenant.vendor.state)["hunt_groups"]
    others = len(tenant.whole.groups_of(tenant.state)) - len(declared)
    result = tenant.check({"hunt_groups": declared, "purge": ["hunt_groups"]}, concurrency=8)
    assert result["summary"]["delete"] == others
    per_group = {"portaswitch": 0, "vodia": 1, "apio": 1}[backend]
    # the follow-me of each account, each extension, or three services of each of three users; and their list
    leading = {"portaswitch": 1 + 108, "vodia": 1 + 5, "apio": 1 + 9}[backend]
    assert len(tenant.vendor.log) == 1 + per_group * (len(declared) + others) + leading


def test_members_that_many_new_groups_share_are_looked_up_once(vodia: Site) -> None:
    """The list, each new number, each member, each group's settings of the PBX's own keys; then the writes."""
    tenant = Tenant(vodia)
    declared = BIG["vodia"].fill(tenant.state)["hunt_groups"][:20]
    tenant.check({"hunt_groups": declared})
    assert len(tenant.vendor.log) <= 1 + 20 + 3 + 1


def test_changing_many_groups_reads_the_list_back_and_not_once_for_each(portaswitch: Site) -> None:
    tenant = Tenant(portaswitch)
    declared = BIG["portaswitch"].fill(tenant.vendor.state)
    for group in declared["hunt_groups"]:
        group["name"] += " new"
    tenant.done({"hunt_groups": declared["hunt_groups"]}, concurrency=8)
    assert routes(tenant) == {"AddUpdateCustomerHuntGroup": GROUPS, "GetCustomerHuntGroups": 2}


def test_what_waits_for_long_is_read_again_in_portions(portaswitch: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The slowest case: every portion has become old when its turn comes."""
    monkeypatch.setattr(call, "FRESH_SECONDS", -1.0)
    tenant = Tenant(portaswitch)
    declared = BIG["portaswitch"].fill(tenant.vendor.state)
    for group in declared["hunt_groups"]:
        group["name"] += " new"
    tenant.done({"hunt_groups": declared["hunt_groups"]}, concurrency=5)
    portions = GROUPS // (5 * execute.PORTION)
    assert routes(tenant) == {"AddUpdateCustomerHuntGroup": GROUPS, "GetCustomerHuntGroups": 2 + portions}


@pytest.mark.parametrize("backend", ["vodia", "apio"])
def test_what_waits_for_long_is_read_once_more_each(
    open_site: Any, monkeypatch: pytest.MonkeyPatch, backend: str
) -> None:
    tenant = Tenant(open_site(backend))
    declared = BIG[backend].fill(tenant.vendor.state)
    for group in declared["hunt_groups"]:
        group["name"] += " new"

    def requests() -> int:
        start = copied(tenant.vendor.state)
        sent: int = tenant.done({"hunt_groups": declared["hunt_groups"]}, concurrency=5)["requests"]
        tenant.vendor.state = start
        return sent

    in_time = requests()
    monkeypatch.setattr(call, "FRESH_SECONDS", -1.0)
    groups, lists = len(declared["hunt_groups"]), 1
    portions = groups // (5 * execute.PORTION)
    assert requests() == in_time + groups + lists * portions
