# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Costs grow with the work: requests, bytes read, calls of functions and the size of results, of a tenant and of one four
times as large.

Seconds are measured by `python3 dev.py bench`.
"""

from __future__ import annotations

import copy
import cProfile
import json
import pstats
from collections import Counter
from collections.abc import Callable

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.backends import lists
from ansible_collections.telephony.pbx.plugins.module_utils.engine import execute
from ansible_collections.telephony.pbx.plugins.module_utils.entry import call
from ansible_collections.telephony.pbx.tests.contract import sized_tenants as tenants
from ansible_collections.telephony.pbx.tests.contract.cases import Values
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant

pytestmark = pytest.mark.thorough

SMALL, LARGE = 60, 240  # extensions
FEW, MANY = 40, 160  # the same where calls are counted, which takes longer
THREADS = 4
BACKENDS = ("portaswitch", "vodia", "apio")

Open = Callable[[str], Site]


@pytest.fixture(autouse=True)
def however_long_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read stays fresh, so that the counts do not depend on the speed of the machine."""
    monkeypatch.setattr(call, "FRESH_SECONDS", float("inf"))


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


def test_lists_that_are_always_too_old_are_read_as_often_for_a_larger_tenant(
    open_site: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a run that is slower than lists stay fresh: portions grow with it, and lists are read once for a portion."""
    monkeypatch.setattr(call, "FRESH_SECONDS", 0.0)
    read = []
    for size in (SMALL, LARGE):
        tenant, declared = filled(open_site, "portaswitch", size, there=False)
        tenant.done(declared, concurrency=1)
        read.append(sum("GetCustomerExtensions" in entry["path"] for entry in tenant.vendor.log))
    assert SMALL > execute.MOST_READINGS * execute.PORTION  # else the small tenant has portions of the least size
    assert read[1] <= read[0] * 1.5  # the first portions are of the least size in any case


def test_no_thread_is_started_for_what_lists_show(open_site: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "ThreadPoolExecutor", None)
    tenant, declared = filled(open_site, "portaswitch", SMALL)
    tenant.unchanged(declared, concurrency=THREADS, advice=True)


# -- processor time, as calls of functions -------------------------------------------------------------------------------
def nothing(declared: Values) -> Values:
    return declared


def renamed(declared: Values) -> Values:
    return {kind: [{**one, "name": f"New {one['name']}"} for one in rows] for kind, rows in declared.items()}


def with_fewer_members(declared: Values) -> Values:
    groups = [{**one, "members": one["members"][1:]} for one in declared["hunt_groups"]]
    return {**declared, "hunt_groups": groups}


def without_groups(declared: Values) -> Values:
    return {**declared, "hunt_groups": [], "purge": ["hunt_groups"], "max_deletions": "100%"}


OURS = "/plugins/module_utils/"
# work: what is declared of a tenant that is as it is declared, None for one from nothing
WORK: dict[str, Callable[[Values], Values] | None] = {
    "nothing": nothing, "creation": None, "names": renamed, "members": with_fewer_members, "purge": without_groups,
}  # fmt: skip


def calls_of(work: Callable[[], object]) -> int:
    """How many calls of its functions the collection makes, the steps of its generators and what it calls of Python included.

    A search is none, but what it is made of is: `any` asks its generator for each row, and a comparison may be a function.
    """
    profile = cProfile.Profile()
    profile.runcall(work)
    calls = 0
    for (path, _line, _name), (_first, every, _own, _whole, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        ours = [count for (caller, _at, _of), (count, *_times) in callers.items() if OURS in caller]
        calls += every if OURS in path else sum(ours)
    return calls


@pytest.mark.parametrize("work", list(WORK))
@pytest.mark.parametrize("backend", BACKENDS)
def test_the_work_of_the_processor_grows_in_line(open_site: Open, backend: str, work: str) -> None:
    calls, change = [], WORK[work]
    for size in (FEW, MANY):
        tenant, declared = filled(open_site, backend, size, there=change is not None)
        options = change(declared) if change else declared
        run_it = tenant.unchanged if change is nothing else tenant.done
        calls.append(calls_of(lambda run_it=run_it, options=options: run_it(options, concurrency=1)))
    assert calls[1] <= calls[0] * MANY / FEW * 1.05, f"{calls[1] / calls[0]:.2f} times the calls"
