# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When the network or the server fails: a read is sent again, a write never blindly, and nothing is claimed that is not so."""

from __future__ import annotations

import functools
import itertools
import json
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.entry import connection
from ansible_collections.telephony.pbx.plugins.module_utils.transport import session
from ansible_collections.telephony.pbx.tests.contract.cases import Values, copied
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from pbx_simulator.core import FAULT_KINDS

Fault = tuple[str, dict[str, Any]]

READ_FAULTS: dict[str, Fault] = {
    "429": ("status", {"status": 429, "headers": {"Retry-After": "7"}}),
    "502": ("status", {"status": 502, "body": "<html>bad gateway</html>", "headers": {"Content-Type": "text/html"}}),
    "503": ("status", {"status": 503}),
    "reset_before": ("reset_before", {}),
    "reset_after": ("reset_after", {}),
    "truncate": ("truncate", {}),
}
WRITE_FAULTS: dict[str, Fault] = {
    "reset_before": ("reset_before", {}),
    "reset_after": ("reset_after", {}),
    "truncate": ("truncate", {}),
    "500": ("status", {"status": 500}),
    "500_processed": ("status", {"status": 500, "processed": True}),
    "503": ("status", {"status": 503}),
    "504_processed": ("status", {"status": 504, "processed": True}),
    "store_nothing": ("store_nothing", {}),
    "stale_once": ("stale_reads", {"reads": 1}),
    "stale_for_long": ("stale_reads", {"reads": 9}),
}
TESTED_ELSEWHERE = {"latency", "drip"}  # at the end of this file

assert {fault[0] for fault in (*READ_FAULTS.values(), *WRITE_FAULTS.values())} | TESTED_ELSEWHERE == set(FAULT_KINDS)


class Task:
    """Something to do that writes: `before` is there already, `declared` shall be."""

    def __init__(self, site: Site, what: str) -> None:
        group = site.case.group
        self.site = site
        self.before = None if what == "create" else group
        self.declared: Values = {"create": group, "update": site.case.update, "delete": {"id": group["id"]}}[what]
        self.state = "absent" if what == "delete" else "present"

        if self.before:
            self.site.done(self.before)
        self.first_day = self.site.state
        self.rest = self.site.case.rest(self.first_day)

    def start(self) -> None:
        """Put everything back to how it was when this object was made."""
        self.site.vendor.reset()
        self.site.vendor.state = copied(self.first_day)
        if self.site.case.backend == "apio":
            self.site.vendor.set_dialect(delete_body="object")  # an empty answer cannot be cut short
        self.site.pauses.clear()

    def run(self) -> Values:
        return self.site.run(self.declared, state=self.state)

    def log(self) -> list[dict[str, Any]]:
        """The requests of an undisturbed run."""
        self.start()
        assert not self.run().get("failed")
        return list(self.site.vendor.log)

    def writes(self) -> int:
        """How many writes there are in an undisturbed run."""
        return sum(entry["write"] for entry in self.log())

    def nothing_else_happened(self) -> None:
        assert self.site.case.rest(self.site.state) == self.rest
        assert len(self.site.case.find(self.site.state)) <= 1

    def is_done(self) -> bool:
        wanted, found = self.site.case.compared(self.declared, self.site.state)
        return found == ([] if self.state == "absent" else wanted)

    def next_run_gets_there(self) -> None:
        result = self.run()
        assert not result.get("failed"), result["msg"]
        assert self.is_done(), self.site.case.compared(self.declared, self.site.state)
        self.nothing_else_happened()
        self.site.unchanged(self.declared, state=self.state)


@pytest.fixture(params=["create", "update", "delete"])
def task(site: Site, request: pytest.FixtureRequest) -> Task:
    return Task(site, request.param)


# -- reads --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("fault", READ_FAULTS)
def test_any_read_may_fail_once(task: Task, fault: str) -> None:
    kind, options = READ_FAULTS[fault]
    log = task.log()
    reads = [number for number, entry in enumerate(log) if not entry["write"]]
    first = {log[number]["raw"]: number for number in reversed(reads)}
    last = {log[number]["raw"]: number for number in reads}
    for number in sorted({*first.values(), *last.values()}):
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
def test_a_server_that_never_recovers_is_given_up_on(task: Task, fault: str) -> None:
    kind, options = READ_FAULTS[fault]
    task.start()
    before = task.site.state
    task.site.vendor.log = []
    task.site.vendor.add_fault(kind, times=None, **options)
    result = task.run()
    assert result["failed"] and result["changed"] is False
    assert task.site.vendor.writes() == [] and task.site.state == before
    assert 1 < len(task.site.vendor.log) < 10


def test_a_long_retry_after_is_not_waited_for(site: Site) -> None:
    site.vendor.add_fault("status", status=429, headers={"Retry-After": "86400"}, times=None)
    assert "429" in site.refused(site.case.group) or "rate_limit" in site.refused(site.case.group)
    assert site.pauses == []


def sent_again_unread(log: list[dict[str, Any]], number: int) -> bool:
    """Whether this write was sent once more with no read in between, which alone can tell that it is needed."""
    start = [index for index, entry in enumerate(log) if entry["write"]][number]
    rest = itertools.takewhile(lambda entry: entry["write"], log[start + 1 :])
    return any((entry["raw"], entry["body"]) == (log[start]["raw"], log[start]["body"]) for entry in rest)


# -- writes -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("fault", WRITE_FAULTS)
def test_any_write_may_fail_and_nothing_is_claimed_that_is_not_so(task: Task, fault: str) -> None:
    kind, options = WRITE_FAULTS[fault]
    for number in range(task.writes()):
        task.start()
        before = task.site.state
        task.site.vendor.add_fault(kind, skip=number, writes_only=True, **options)
        result = task.run()
        task.nothing_else_happened()
        assert result["verdict"] in ("applied", "incomplete"), number
        assert result["changed"] or task.site.state == before
        # a plain refusal that left everything as it was is no change; where there is doubt, it is one
        assert fault != "500" or result["changed"] is (task.site.state != before)
        if result["verdict"] == "applied":
            assert task.is_done(), (number, task.site.case.compared(task.declared, task.site.state))
        else:
            assert result["failed"] and task.site.case.group["id"] in result["msg"]
            assert result["plan"][0]["status"] == "failed" and result["plan"][0]["error"]
        if kind not in ("store_nothing", "stale_reads"):
            assert not sent_again_unread(task.site.vendor.log, number)
        task.site.vendor.faults = []
        task.site.vendor._stale = None
        task.next_run_gets_there()


def test_a_write_that_was_put_off_is_sent_again(task: Task) -> None:
    log = task.log()
    for number in range(sum(entry["write"] for entry in log)):
        task.start()
        task.site.vendor.add_fault("status", status=429, skip=number, writes_only=True, headers={"Retry-After": "3"})
        result = task.run()
        assert (result.get("msg"), result["verdict"]) == (None, "applied")
        assert task.is_done()
        assert len(task.site.vendor.log) == len(log) + 1
        assert task.site.pauses[0] >= 3


@pytest.mark.parametrize("fault", ["reset_after", "500_processed", "504_processed", "truncate"])
def test_a_last_write_that_took_effect_without_an_answer_is_done(task: Task, fault: str) -> None:
    """Only reading back can tell, and it does."""
    kind, options = WRITE_FAULTS[fault]
    last = task.writes() - 1
    task.start()
    task.site.vendor.add_fault(kind, skip=last, writes_only=True, **options)
    result = task.run()
    assert (result.get("msg"), result["verdict"]) == (None, "applied")
    task.site.unchanged(task.declared, state=task.state)


def test_accepted_but_not_stored_is_never_success(task: Task) -> None:
    task.start()
    task.site.vendor.add_fault("store_nothing", writes_only=True, times=None)
    result = task.run()
    assert result["failed"] and result["plan"][0]["status"] == "failed"
    assert task.site.state == task.first_day or task.site.case.backend == "portaswitch"


@pytest.mark.parametrize("backend", ["portaswitch", "vodia", "apio"])
def test_the_field_that_was_not_stored_is_named_with_what_is_there(open_site: Any, backend: str) -> None:
    site: Site = open_site(backend)
    site.done(site.case.group)
    site.vendor.add_fault("store_nothing", writes_only=True, times=None)
    result = site.run(id=site.case.group["id"], name="Another")
    assert f"did not store name (it shows {site.case.group['name']!r})" in result["msg"]


def test_a_read_back_that_fails_is_never_success(task: Task) -> None:
    log = task.log()
    last = max(number for number, entry in enumerate(log) if entry["write"])
    task.start()
    task.site.vendor.add_fault("status", status=503, skip=last + 1, times=None)
    result = task.run()
    assert result["failed"] and result["changed"] is True
    task.site.vendor.faults = []
    task.site.unchanged(task.declared, state=task.state)


def test_a_member_that_was_taken_out_and_not_put_back_is_named(portaswitch: Site) -> None:
    """PortaSwitch reorders by taking out and adding: what is in between must not be lost in silence."""
    members = [{"extension": "106", "ring_time": 20}, {"extension": "105", "ring_time": 30}]
    portaswitch.done(id="0250", name="Night watch", policy="regular", members=members)
    portaswitch.vendor.add_fault("status", status=500, match="POST", skip=1, writes_only=True)
    result = portaswitch.run(id="0250", members=[{"extension": "105"}, {"extension": "106"}])
    (group,) = portaswitch.case.find(portaswitch.state)
    times = {member["extension"]: member["ring_time"] for member in group["members"]}
    assert times == {"105": 30, "106": 20} or ("106" in result["msg"] and "put back" in result["msg"])
    assert "20" in json.dumps(result["plan"][0]["changes"])


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
