# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Crash points: a run over a tenant that ends at any request, in any way, and is run again.

The end state is the declared one, without duplicates and with everything else untouched; the journal leads back. What is
there before and after is there all the time in between: groups, extensions, overflow, destinations, forwarding; and a
hunt group that has members before and after never rings nobody.

A sample of the points by default; all of them by `python3 dev.py trust`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.entry import call
from ansible_collections.telephony.pbx.plugins.module_utils.transport import session
from ansible_collections.telephony.pbx.tests.contract.cases import State, Values, apio_groups, copied
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant, whole
from ansible_collections.telephony.pbx.tests.trust import figures
from ansible_collections.telephony.pbx.tests.trust.changes import CHANGES, Change, signed_in
from ansible_collections.telephony.pbx.tests.trust.differences import different

SUITE = "Crash points"
WAYS = ("reset before", "reset after", "killed before", "killed after")
# Of each change on each backend, unless the run is a full one: the first requests, where a run has looked at nothing or
# written half an object, and some spread over all.
FIRST, SPREAD = 4, 4


class Killed(BaseException):
    """The controller is gone: nothing catches this."""


def facts(tenant: Tenant, state: State) -> set[str]:
    """What a tenant has, each in words: things that a caller would miss."""
    found = {f"group {key}" for key in tenant.whole.groups_of(state)}
    if tenant.case.backend == "portaswitch":
        found |= {f"extension {one['id']}" for one in state["customers"]["10"]["extensions"].values()}
        rows = state["follow_me_numbers"].values()
        found |= {f"destination {row['redirect_number']} of {row['i_account']}" for row in rows}
    elif tenant.case.backend == "vodia":
        for number, account in state["domains"]["localhost"]["accounts"].items():
            ways = ("st4_ext", "cfa", "cfb", "cfn", "cfr")
            found |= {f"account {number}", *(f"{way} of {number}" for way in ways if account["settings"].get(way))}
    else:
        groups = apio_groups(state).items()
        found |= {f"overflow of {key}" for key, group in groups if group.get("forwardToPhoneNumber")}
        for user, services in state["tenants"]["ApioSpTest"]["groups"]["ApioGrpTest"]["user_services"].items():
            found |= {f"{name} of {user}" for name, service in services.items() if service.get("active")}
            places = services.get("sequential_ring", {}).get("locations", [])
            found |= {f"location {row['phoneNumber']} of {user}" for row in places}
    return found


class Watch:
    """Looks at the simulator's state after every write, for groups that ring nobody although they should, and for what
    is there before and after (`lasting`) but not in between."""

    def __init__(self, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tenant, self.staffed, self.silent = tenant, set[str](), list[str]()
        self.lasting = set[str]()
        vendor = tenant.vendor
        self.answer = type(vendor).answer
        monkeypatch.setattr(vendor, "answer", self.watched, raising=False)

    def watched(self) -> Any:
        vendor = self.tenant.vendor
        response = self.answer(vendor)
        if vendor.log[-1]["write"]:
            now = self.tenant.whole.groups_of(vendor.state)
            for key in self.staffed:
                if not now.get(key):
                    self.silent.append(f"{key} after {vendor.log[-1]['method']} {vendor.log[-1]['path']}")
            for fact in sorted(self.lasting - facts(self.tenant, vendor.state)):
                self.silent.append(f"{fact}: gone after {vendor.log[-1]['method']} {vendor.log[-1]['path']}")
            figures.count(SUITE, "writes after which the whole tenant was looked at", 1, self.tenant.case.backend)
        return response


class Stop:
    """Ends a run at request k, in one of the ways. Afterwards nothing more is sent: the process is gone."""

    def __init__(self, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tenant, self.left, self.after, self.gone = tenant, -1, False, False
        self.send = session.Session._send_once

        def send(own: session.Session, *given: Any, **named: Any) -> Any:
            return self(own, *given, **named)

        monkeypatch.setattr(session.Session, "_send_once", send)

    def at(self, request: int, way: str) -> None:
        self.left, self.gone, self.after = -1, False, way.endswith("after")
        if way.startswith("killed"):
            self.left = request
        elif way:
            self.tenant.vendor.add_fault(way.replace(" ", "_"), skip=request)

    def __call__(self, own: Any, *given: Any, **named: Any) -> Any:
        if self.gone:
            raise Killed
        self.left -= 1
        if self.left == -1 and not self.after:
            self.gone = True
            raise Killed
        answer = self.send(own, *given, **named)
        if self.left == -1:
            self.gone = True
            raise Killed
        return answer


@pytest.fixture
def watch(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(tenant, monkeypatch)


@pytest.fixture
def stop(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> Stop:
    return Stop(tenant, monkeypatch)


def points(count: int, *ways: str) -> list[tuple[str, int]]:
    """Ways to stop at requests: all in a full run, otherwise the first requests and some spread over all, the last one too;
    the ways in turns, another one first with each change."""
    if figures.FULL:
        return [(way, k) for way in ways for k in range(count)]
    chosen = sorted({*range(min(FIRST, count)), *figures.sample(range(count), SPREAD)})
    return [(ways[(place + count) % len(ways)], k) for place, k in enumerate(chosen)]


def prepared(tenant: Tenant, watch: Watch, change: Change) -> tuple[Values, State, Values, int]:
    """The declaration, the state before it, what the tenant is after it, and how many requests it takes."""
    tenant.vendor.reset()
    signed_in(tenant.vendor.state)
    document = change(tenant)
    start = tenant.state
    before = tenant.whole.groups_of(start)
    result = tenant.done(document, concurrency=1, journal="")
    after = tenant.whole.groups_of(tenant.state)
    watch.staffed = {key for key, members in before.items() if members and after.get(key)}
    watch.lasting = facts(tenant, start) & facts(tenant, tenant.state)
    watch.silent = []
    return document, start, tenant.view, int(result["requests"])


def broken(tenant: Tenant, stop: Stop, document: Values, journal: Path, k: int, way: str, concurrency: int = 1) -> None:
    """Run until request k."""
    stop.at(k, way)
    try:
        tenant.run(document, concurrency=concurrency, journal=str(journal))
    except Killed:
        pass
    stop.at(-1, "")
    tenant.vendor.faults = []


@pytest.mark.parametrize("fresh", [float("inf"), -1.0], ids=["fresh", "stale"])
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_run_that_ends_anywhere_is_completed_by_the_next(
    tenant: Tenant,
    watch: Watch,
    stop: Stop,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Change,
    fresh: float,
) -> None:
    """Also where every object is read again before it is written, as in long runs."""
    monkeypatch.setattr(call, "FRESH_SECONDS", fresh)
    document, start, goal, requests = prepared(tenant, watch, change)
    troubles, name = [], tenant.case.backend
    figures.count(SUITE, "groups, numbers and destinations that must never be missing", len(watch.lasting), name)
    for way, k in points(requests, *(WAYS if fresh > 0 else WAYS[::-1])):
        tenant.vendor.state = copied(start)
        broken(tenant, stop, document, tmp_path / f"{way} {k}.json", k, way)
        again = tenant.run(document, concurrency=1, journal="")
        figures.count(SUITE, "runs stopped at a request, run again and equal to the declared state", 1, name)
        if again.get("failed") or tenant.view != goal:
            troubles.append(f"{way} request {k} of {requests}: {again.get('msg') or different(goal, tenant.view)}")
        troubles += [f"{way} request {k} of {requests}: missing: {silent}" for silent in watch.silent]
        watch.silent = []
    assert troubles == [], "\n".join(troubles[:12])


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_run_that_was_killed_anywhere_is_undone_by_its_journal(
    tenant: Tenant, watch: Watch, stop: Stop, tmp_path: Path, change: Change
) -> None:
    document, start, _goal, requests = prepared(tenant, watch, change)
    before, journal = tenant.whole.view(start), tmp_path / "journal.json"
    troubles = []
    for way, k in points(requests, "killed before", "killed after"):
        tenant.vendor.state = copied(start)
        journal.unlink(missing_ok=True)
        broken(tenant, stop, document, journal, k, way)
        figures.count(SUITE, "runs killed at a request and undone by their journal", 1, tenant.case.backend)
        back: Values = {}
        if journal.exists():
            back = tenant.run({"restore_from": str(journal)}, concurrency=1, journal="")
        if back.get("failed") or tenant.view != before:
            troubles.append(f"{way} request {k} of {requests}: {back.get('msg') or different(before, tenant.view)}")
    assert troubles == [], "\n".join(troubles[:12])


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_with_requests_in_parallel_it_is_the_same(
    tenant: Tenant, watch: Watch, stop: Stop, tmp_path: Path, change: Change
) -> None:
    document, start, goal, requests = prepared(tenant, watch, change)
    for way, k in points(requests, "killed after")[1::3]:
        tenant.vendor.state = copied(start)
        broken(tenant, stop, document, tmp_path / f"{k}.json", k, way, concurrency=4)
        tenant.done(document, concurrency=4, journal="")
        figures.count(SUITE, "the same with four requests at a time", 1, tenant.case.backend)
        assert tenant.view == goal, (k, different(goal, tenant.view))
    assert watch.silent == []


def test_the_watch_sees_a_group_that_rings_nobody(tenant: Tenant, watch: Watch) -> None:
    """The tests above would pass if it were blind."""
    tenant.done(whole(tenant))
    key = whole(tenant)["hunt_groups"][0]["id"]
    watch.staffed = {key}
    tenant.done({"hunt_groups": [{"id": key, "members": []}]})
    assert watch.silent and key in watch.silent[0]
    watch.silent, watch.lasting = [], {f"group {key}"}
    tenant.done({"hunt_groups": [{"id": key, "state": "absent"}]})
    assert any(line.startswith(f"group {key}: gone") for line in watch.silent)
