# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Costs grow with the work: requests, bytes read and the size of results, of a tenant and of one four times as large.

Seconds are measured by `python3 dev.py bench`.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.engine import execute
from ansible_collections.telephony.pbx.plugins.module_utils.entry import run
from ansible_collections.telephony.pbx.tests.contract import sized_tenants as tenants
from ansible_collections.telephony.pbx.tests.contract.cases import Values
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant

pytestmark = pytest.mark.thorough

SMALL, LARGE = 60, 240  # extensions
THREADS = 4
BACKENDS = ("portaswitch", "vodia", "apio")

Open = Callable[[str], Site]


@pytest.fixture(autouse=True)
def however_long_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read stays fresh, so that the counts do not depend on the speed of the machine."""
    monkeypatch.setattr(run, "FRESH_SECONDS", float("inf"))


def filled(open_site: Open, backend: str, size: int, there: bool = True) -> tuple[Tenant, Values]:
    """A tenant of this many extensions, and its declaration."""
    made = tenants.tenant(backend, size, there=there)
    tenant = Tenant(open_site(backend))
    tenant.vendor.state = made.state
    return tenant, made.declared


def bytes_read(tenant: Tenant) -> int:
    return sum(entry["bytes"] for entry in tenant.vendor.log)


def size_of(result: Values) -> int:
    """Characters of a result. What nobody declared is listed in any case, so these tenants have little of it."""
    return len(json.dumps(result))


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_run_without_changes_reads_in_line_and_says_no_more_of_a_larger_tenant(open_site: Open, backend: str) -> None:
    read, said = [], []
    for size in (SMALL, LARGE):
        tenant, declared = filled(open_site, backend, size)
        result = tenant.unchanged(declared, concurrency=THREADS)
        read.append(bytes_read(tenant))
        said.append(size_of(result))
    assert read[1] <= read[0] * LARGE / SMALL
    assert said[1] <= said[0] + 20  # digits


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_result_of_one_change_is_as_long_for_a_larger_tenant(open_site: Open, backend: str) -> None:
    said = []
    for size in (SMALL, LARGE):
        tenant, declared = filled(open_site, backend, size)
        declared["hunt_groups"][0]["name"] = "Renamed"
        said.append(size_of(tenant.done(declared, concurrency=THREADS)))
    assert said[1] <= said[0] + 20


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_tenant_from_nothing_costs_in_line(open_site: Open, backend: str) -> None:
    read, sent, said = [], [], []
    for size in (SMALL, LARGE):
        tenant, declared = filled(open_site, backend, size, there=False)
        said.append(size_of(tenant.done(declared, concurrency=THREADS)))
        read.append(bytes_read(tenant))
        sent.append(len(tenant.vendor.log))
    growth = LARGE / SMALL
    assert [sent[1] <= sent[0] * growth, read[1] <= read[0] * growth * 1.1, said[1] <= said[0] * growth * 1.1] == [
        True
    ] * 3


def test_groups_whose_members_change_places_are_read_back_by_list_in_portions(open_site: Open) -> None:
    tenant, declared = filled(open_site, "portaswitch", LARGE)
    for row in tenant.vendor.state["customers"]["10"]["groups"].values():
        row["hunt_sequence"] = "Order"
    groups = copy.deepcopy(declared["hunt_groups"])
    for group in groups:
        group["policy"] = "regular"
        group["members"].reverse()
    tenant.done({"hunt_groups": groups}, concurrency=1)
    routes = Counter(entry["path"].strip("/").split("/")[0] for entry in tenant.vendor.log)
    # one to plan on, two to learn what a removal wants and what new members are, and portions of 4, 8 and 12 groups
    assert (len(groups), execute.PORTION, routes["GetCustomerHuntGroups"]) == (24, 4, 3 + 3)
    tenant.unchanged({"hunt_groups": groups})
