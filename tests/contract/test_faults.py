# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When the network or the server fails: a read is sent again, a write never blindly, and nothing is claimed that is not so."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.entry import connection
from ansible_collections.telephony.pbx.plugins.module_utils.transport import session
from ansible_collections.telephony.pbx.tests.contract.life import without
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tasks import (
    READ_FAULTS,
    TASKS,
    WITHOUT_ANSWER,
    WRITE_FAULTS,
    Task,
    faults_at,
    sent_again_unread,
)
from pbx_simulator.core import FAULT_KINDS

TESTED_ELSEWHERE = {"latency", "drip"}  # at the end of this file

assert {fault[0] for fault in (*READ_FAULTS.values(), *WRITE_FAULTS.values())} | TESTED_ELSEWHERE == set(FAULT_KINDS)


# One task for each backend is quick to try; all of them are many runs.
QUICK = {next(name for name in TASKS if backend in name) for backend in ("portaswitch", "vodia", "apio")}


@pytest.fixture(
    params=[pytest.param(name, marks=() if name in QUICK else pytest.mark.thorough) for name in TASKS], ids=TASKS
)
def task(open_site: Callable[[str], Site], request: pytest.FixtureRequest) -> Task:
    return Task(open_site, *TASKS[request.param])


# -- reads --------------------------------------------------------------------------------------------------------
def test_any_read_may_fail_once(task: Task) -> None:
    """Every read that is sent, each with another fault; over all tasks each fault meets reads of every kind."""
    log = task.log()
    reads = [number for number, entry in enumerate(log) if not entry["write"]]
    first = {log[number]["raw"]: number for number in reversed(reads)}
    last = {log[number]["raw"]: number for number in reads}
    faults = itertools.cycle(READ_FAULTS)
    for _turn in range(len(task.declared) % len(READ_FAULTS)):
        next(faults)
    for number in sorted({*first.values(), *last.values()}):
        fault = next(faults)
        kind, options = READ_FAULTS[fault]
        task.start()
        task.site.vendor.add_fault(kind, skip=number, **options)
        result = task.run()
        assert (result.get("msg"), result["verdict"]) == (None, "applied"), log[number]["raw"]
        assert task.is_done()
        task.nothing_else_happened()
        assert len(task.site.vendor.log) == len(log) + 1
        assert len(task.site.pauses) == 1
        assert fault != "429" or task.site.pauses[0] >= 7


@pytest.mark.parametrize("fault", ["429", "503", "reset_before", "truncate"])
def test_a_server_that_never_recovers_is_given_up_on(site: Site, fault: str) -> None:
    kind, options = READ_FAULTS[fault]
    before = site.state
    site.vendor.add_fault(kind, times=None, **options)
    result = site.run(site.case.group)
    assert result["failed"] and result["changed"] is False
    assert site.vendor.writes() == [] and site.state == before
    assert 1 < len(site.vendor.log) < 10


def test_a_long_retry_after_is_not_waited_for(site: Site) -> None:
    site.vendor.add_fault("status", status=429, headers={"Retry-After": "86400"}, times=None)
    assert "429" in site.refused(site.case.group) or "rate_limit" in site.refused(site.case.group)
    assert site.pauses == []


# -- writes -------------------------------------------------------------------------------------------------------
def test_any_write_may_fail_and_nothing_is_claimed_that_is_not_so(task: Task) -> None:
    writes = task.writes()
    for number in range(writes):
        for fault in faults_at(task.name, number):
            verdict = _one_write_fails(task, number, fault)
            # reading back alone can tell that the last write took effect without an answer, and it does
            assert verdict == "applied" or number < writes - 1 or fault not in WITHOUT_ANSWER, fault


def _one_write_fails(task: Task, number: int, fault: str) -> str:
    kind, options = WRITE_FAULTS[fault]
    task.start()
    before = task.site.state
    task.site.vendor.add_fault(kind, skip=number, writes_only=True, **options)
    result = task.run()
    where = (number, fault, result.get("msg"))
    task.nothing_else_happened()
    assert result["verdict"] in ("applied", "incomplete"), where
    assert result["changed"] or task.site.state == before, where
    # a plain refusal that left everything as it was is no change; where there is doubt, it is one
    assert fault != "500" or result["changed"] is (task.site.state != before), where
    if result["verdict"] == "applied":
        assert task.is_done(), (where, task.life.shown(task.declared, task.site.state))
    else:
        assert result["failed"] and str(next(iter(task.life.key.values()))) in result["msg"], where
        assert result["plan"][0]["status"] == "failed" and result["plan"][0]["error"], where
    if kind not in ("store_nothing", "stale_reads"):
        assert not sent_again_unread(task.site.vendor.log, number), where
    task.site.vendor.faults = []
    task.site.vendor._stale = None
    task.next_run_gets_there()
    return str(result["verdict"])


def test_a_write_that_was_put_off_is_sent_again(task: Task) -> None:
    log = task.log()
    for number in sorted({0, sum(entry["write"] for entry in log) - 1}):
        task.start()
        task.site.vendor.add_fault("status", status=429, skip=number, writes_only=True, headers={"Retry-After": "3"})
        result = task.run()
        assert (result.get("msg"), result["verdict"]) == (None, "applied")
        assert task.is_done()
        assert len(task.site.vendor.log) == len(log) + 1
        assert task.site.pauses[0] >= 3


def test_accepted_but_not_stored_is_never_success(task: Task) -> None:
    task.start()
    task.site.vendor.add_fault("store_nothing", writes_only=True, times=None)
    result = task.run()
    assert result["failed"] and result["plan"][0]["status"] == "failed"
    assert without(task.site.state, "next") == without(task.first_day, "next")


def test_the_field_that_was_not_stored_is_named_with_what_is_there(site: Site) -> None:
    site.done(site.case.group)
    site.vendor.add_fault("store_nothing", writes_only=True, times=None)
    result = site.run(id=site.case.group["id"], name="Another")
    assert f"did not store name (it shows {site.case.group['name']!r})" in result["msg"]


def test_what_was_accepted_and_not_stored_is_written_once_more(site: Site) -> None:
    site.done(site.case.group)
    site.vendor.add_fault("store_nothing", writes_only=True)
    renamed = {"id": site.case.group["id"], "name": "Another"}
    assert site.done(renamed)["verdict"] == "applied"
    first, second = site.vendor.writes()
    assert (first["raw"], first["body"]) == (second["raw"], second["body"])
    site.unchanged(renamed)


@pytest.mark.parametrize("reads", [1, 2])
def test_what_shows_late_is_read_again_and_not_written_again(site: Site, reads: int) -> None:
    site.done(site.case.group)
    renamed = {"id": site.case.group["id"], "name": "Another"}
    site.vendor.add_fault("stale_reads", writes_only=True, reads=reads)
    assert site.done(renamed)["verdict"] == "applied"
    assert len(site.vendor.writes()) == 1
    site.unchanged(renamed)


@pytest.mark.parametrize("lacks", ["active", "agents", "settings"])
def test_a_creation_by_half_is_completed_at_once(apio: Site, lacks: str) -> None:
    """Without waiting for what the server has said not to have done (207)."""
    apio.vendor.set_dialect(post_status=207, post_207_lacks=lacks)
    apio.done(apio.case.group)
    assert apio.pauses == []
    apio.stores(apio.case.group)


def test_a_read_back_that_fails_is_never_success(task: Task) -> None:
    log = task.log()
    last = max(number for number, entry in enumerate(log) if entry["write"])
    task.start()
    task.site.vendor.add_fault("status", status=503, skip=last + 1, times=None)
    result = task.run()
    assert result["failed"] and result["changed"] is True
    task.site.vendor.faults = []
    task.site.unchanged(task.declared)


def test_a_member_that_was_taken_out_and_not_put_back_is_named(portaswitch: Site) -> None:
    """PortaSwitch reorders by taking out and adding: what is in between must not be lost in silence."""
    members = [{"extension": "106", "ring_time": 20}, {"extension": "105", "ring_time": 30}]
    portaswitch.done(id="0250", name="Night watch", policy="regular", members=members)
    portaswitch.vendor.add_fault("status", status=500, match="POST", skip=1, writes_only=True)
    result = portaswitch.run(id="0250", members=[{"extension": "105"}, {"extension": "106"}])
    (group,) = portaswitch.case.find(portaswitch.state)
    times = {member["extension"]: member["ring_time"] for member in group["members"]}
    assert times == {"105": 30, "106": 20} or ("106" in result["msg"] and "put back" in result["msg"])


# -- slow servers -------------------------------------------------------------------------------------------------------
def test_a_read_that_takes_too_long_is_sent_again(site: Site) -> None:
    site.vendor.add_fault("latency", seconds=0.6)
    site.done(site.case.group, timeout=0.3)
    site.stores(site.case.group)


def test_an_answer_that_never_ends_is_given_up_on(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The deadline of the whole run counts, not the time between two bytes. The clock here ticks a second a look."""
    clock = functools.partial(next, itertools.count())
    dripping = functools.partial(session.Session, clock=clock, sleep=site.pauses.append)
    monkeypatch.setattr(connection, "Session", dripping)
    site.vendor.add_fault("drip", seconds=0.001, times=None)
    assert "deadline" in site.refused(site.case.group, timeout=2)
