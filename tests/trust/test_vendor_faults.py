# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Vendor faults: servers and what stands before them fail in every way, at any request, once and from then on.

Every run ends after a bounded number of requests. A success is true, a failure is told in one line, nothing is touched
that was not declared, and the same call without the fault gets there.

A sample of the requests by default; all of them by `python3 dev.py trust`.
"""

from __future__ import annotations

import gzip
import socket
import time
import tracemalloc

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.transport import session
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.trust import figures
from ansible_collections.telephony.pbx.tests.trust.calls import ViewCall, most_requests
from ansible_collections.telephony.pbx.tests.trust.faults import (
    DEADLINE,
    ERRORS,
    FAMILIES,
    LARGEST,
    PLACES,
    SUITE,
    Bad,
    Calls,
    calls,
    clock,
    place_of,
    tried,
    troubles,
    with_body,
)
from ansible_collections.telephony.pbx.tests.trust.makers import COMMON, measured
from ansible_collections.telephony.pbx.tests.unit.conftest import Script, Time, server

__all__ = ["calls", "clock", "server"]  # fixtures


@pytest.mark.parametrize("family", FAMILIES)
def test_whatever_comes_at_any_request(calls: Calls, clock: Time, family: str) -> None:
    found = troubles(calls, FAMILIES[family], clock)
    assert found == [], "\n".join(found[:15])


def test_an_error_that_is_called_a_success_is_none(site: Site, calls: Calls, clock: Time) -> None:
    body = ERRORS[site.case.backend]
    faults = {f"processed: {done}": Bad({}, with_body(body, processed=done)) for done in (False, True)}
    found = troubles(calls, faults, clock)
    assert found == [], "\n".join(found[:15])


def test_all_attempts_of_one_task_take_four_timeouts_at_most(site: Site, clock: Time) -> None:
    """Every other request is put off for a while that alone would be obeyed."""
    ((_name, call),) = measured(site, {"update": COMMON["update"]})
    call.start()
    clock.naps.clear()
    for request in range(call.requests):
        site.vendor.add_fault("status", status=429, headers={"Retry-After": "60"}, skip=request)
    call.run()
    assert len(clock.naps) > 0
    assert sum(clock.naps) <= DEADLINE


def test_runs_against_a_server_that_is_late_all_day_double_nothing(calls: Calls, clock: Time) -> None:
    """The reads of the next runs still see the first day: what is created anew then must not be there twice."""
    for name, call in calls.items():
        if not call.writes:
            continue
        call.start()
        call.site.vendor.add_fault("stale_reads", reads=500, times=None, writes_only=True)
        for _run in range(3):
            found = call.trouble(2 * most_requests(call))
            assert not found, f"{name}: {found}"
        assert (found := call.again()) == "", f"{name}: {found}"
        figures.count(SUITE, "runs repeated while every read is stale", 3, call.site.case.backend)


# -- redirects -----------------------------------------------------------------------------------------------------------
def test_a_redirect_never_takes_credentials_anywhere(site: Site, calls: Calls, clock: Time, server: Script) -> None:
    """Whoever is named in it gets not even a connection; the server itself gets no second copy of a write.

    Its body, which looks like an empty list, is not taken for an answer.
    """
    server.replies = [server.reply(200, "{}")]
    targets = (f"{server.url}/rest", f"//127.0.0.1:{server.port}/", f"{site.url}/other", "/", "")
    faults = {
        f"{number} to {target} {processed}": Bad(
            {"kind": "status", "status": number, "headers": {"Location": target}, "processed": processed, "body": "{}"}
        )
        for number, target in zip((301, 302, 303, 307, 308), targets)
        for processed in (False, True)
    }
    found = troubles(calls, faults, clock)
    assert found == [], "\n".join(found[:15])
    assert server.requests == []


# -- slow servers and answers without end --------------------------------------------------------------------------------
def test_an_answer_that_drips_is_given_up_on_at_any_request(calls: Calls, clock: Time) -> None:
    """A second passes with every look at the clock, and a byte comes with every look."""
    drip, found = Bad({"kind": "drip", "seconds": 0.0002}), []
    clock.step = 1.0
    for turn, (name, call) in enumerate(calls.items()):
        call.connect(timeout="4")
        places = range(call.requests) if figures.FULL else [place_of(call, drip, PLACES[turn % len(PLACES)], turn)]
        for place in places:
            times = (1, None)[turn // len(PLACES) % 2]
            problem = tried(call, drip, place, times, clock)
            found += [f"{name}: {times} at {place}: {problem}"] if problem else []
        call.connect(timeout="30")
    assert found == [], "\n".join(found[:15])


@pytest.mark.parametrize("what", ["create", "update", "delete"])
def test_a_write_that_is_carried_out_after_we_have_left_is_found_by_the_next_run(site: Site, what: str) -> None:
    """Really slow, really waited for: the write is processed only after it was given up on and read back."""
    ((_name, call),) = measured(site, {what: COMMON[what]})
    for write in figures.sample(range(len(call.writes)), 1):
        call.start()
        call.connect(timeout="0.15")
        site.vendor.add_fault("latency", seconds=0.4, skip=write, writes_only=True)
        found = call.trouble(most_requests(call))
        slow = site.vendor.writes()[write]
        ends = time.monotonic() + 5
        while slow["status"] is None and time.monotonic() < ends:
            time.sleep(0.02)
        assert slow["status"] is not None
        call.connect(timeout="30")
        figures.count(SUITE, "writes carried out after they were given up on", 1, site.case.backend)
        assert (found or call.again()) == ""


class Flood:
    """An answer that never ends, as fast as the client takes it."""

    def __init__(self, head: bytes, block: bytes) -> None:
        self.head, self.block, self.sent = head, block, 0

    def __call__(self, connection: socket.socket, request: str) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + self.head + b"\r\n")
        while self.sent <= 2 * MOST_FLOOD:  # so that a client that takes everything fails, and does not hang
            connection.sendall(self.block)
            self.sent += len(self.block)
        connection.shutdown(socket.SHUT_RDWR)


BLOCK = b" " * 65536
# What lies in the buffers of both ends is sent too, for each attempt.
MOST_FLOOD = session.MOST_ATTEMPTS * (LARGEST + 8 * 1024 * 1024)
FLOODS = {
    "no length": (b"", BLOCK),
    "chunked": (b"Transfer-Encoding: chunked\r\n", b"10000\r\n" + BLOCK + b"\r\n"),
    "false length": (b"Content-Length: 99999999999\r\n", BLOCK),
}


@pytest.mark.parametrize("kind", FLOODS)
def test_an_answer_without_end_is_cut(site: Site, clock: Time, server: Script, kind: str) -> None:
    flood = Flood(*FLOODS[kind])
    server.replies = [flood]
    assert "larger than" in site.run_unreachable(server.url + site.case.path)
    assert flood.sent <= MOST_FLOOD
    figures.count(SUITE, "answers without end", 1, site.case.backend)


def bomb(layers: int, size: int) -> bytes:
    """Blanks, compressed so many times."""
    data = b" " * size
    for _layer in range(layers):
        data = gzip.compress(data)
    return data


@pytest.mark.parametrize("layers", [1, 2])
def test_a_compressed_answer_does_not_fill_the_memory(
    vodia: Site,
    clock: Time,
    server: Script,
    layers: int,
) -> None:
    size = 40 * 1024 * 1024
    server.replies = [server.reply(200, bomb(layers, size), content_encoding=", ".join(["gzip"] * layers))]
    tracemalloc.start()
    try:
        message = vodia.run_unreachable(server.url)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "larger than" in message
    assert peak < size / 2
    figures.count(SUITE, "compressed answers larger than the limit", 1, "vodia")


# -- the tests can fail --------------------------------------------------------------------------------------------------
def test_the_judge_sees_a_success_that_is_none(calls: Calls, clock: Time) -> None:
    """The tests above would pass if it were blind: the state is put back behind the back of a successful run."""
    for name, call in calls.items():
        call.start()
        result = call.run()
        assert call.reached(result) == "" and call.strays() == ""
        if isinstance(call, ViewCall) and not call.check_mode:
            call.site.vendor.state = call.first_day
            assert call.reached(result), name
