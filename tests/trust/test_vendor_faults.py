# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Vendor faults: servers and what stands before them fail in every way, at any request, once and from then on.

Every run ends after a bounded number of requests. A success is true, a failure is told in one line, nothing is touched
that was not declared, and the same call without the fault gets there.

A sample of the requests by default; all of them by `python3 dev.py trust`.
"""

from __future__ import annotations

import functools
import gzip
import random
import socket
import time
import tracemalloc
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from flask import Response

from ansible_collections.telephony.pbx.plugins.module_utils import connection, session
from ansible_collections.telephony.pbx.tests.contract.big_tenants import BIG
from ansible_collections.telephony.pbx.tests.contract.cases import Values
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant
from ansible_collections.telephony.pbx.tests.contract.test_access import CORE_LOGIN, WRONG, gateway, logins
from ansible_collections.telephony.pbx.tests.contract.test_tenant_trouble import answers_again
from ansible_collections.telephony.pbx.tests.trust import figures
from ansible_collections.telephony.pbx.tests.trust.fault_helpers import (
    COMMON,
    OWN,
    Answer,
    Call,
    Maker,
    Twist,
    Twisted,
    ViewCall,
    most_requests,
    tuned,
)
from ansible_collections.telephony.pbx.tests.trust.test_crash_points import home
from ansible_collections.telephony.pbx.tests.unit.conftest import Script, Time, server

__all__ = ["answers_again", "home", "server"]  # fixtures

SUITE = "Vendor faults"
TRIED = "faults at a request, judged by the state and run again"
FAULTS_OF_A_CALL = 5  # of each family, unless the run is a full one
LARGEST = 300_000  # instead of 64 MiB
DEADLINE = 4 * 30  # seconds, as documented for `timeout`


class Bad(NamedTuple):
    """What goes wrong: a fault of the simulator by its options, or a twist of its answers. writes: at writes only."""

    options: Mapping[str, Any]
    twist: Twist | None = None
    writes: bool = False


def status(number: int, retry_after: str | None = None, **more: Any) -> Bad:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return Bad({"kind": "status", "status": number, "headers": headers, **more})


PAGE = "<!DOCTYPE html>\n<html><body><h1>Maintenance</h1>\n<p>Back soon</p></body></html>"
HTML = {"Content-Type": "text/html"}
WAITS = {
    "seconds": "7",
    "zero": "0",
    "date": "Wed, 21 Oct 2099 07:28:00 GMT",
    "past date": "Thu, 01 Jan 1998 00:00:00 GMT",
    "nonsense": "soon",
    "negative": "-5",
    "fraction": "1.5",
    "other digits": "٧".encode().decode("latin-1"),
    "a day": "86400",
    "no number holds it": "9" * 400,
    "empty": "",
}
BUSY = {
    **{f"429 {name}": status(429, value) for name, value in WAITS.items()},
    "429": status(429),
    **{f"503 {name}": status(503, WAITS[name]) for name in ("seconds", "date", "a day")},
    **{f"{number}": status(number, body="{}") for number in (500, 502, 503, 504)},
    **{f"{number} processed": status(number, body="{}", processed=True) for number in (500, 502, 503, 504)},
    "502 page": Bad({"kind": "status", "status": 502, "headers": HTML, "body": PAGE}),
    "500 page": Bad({"kind": "status", "status": 500, "headers": HTML, "body": PAGE}),
}


def with_status(number: int) -> Twist:
    def twist(answer: Answer) -> Response:
        response = answer()
        response.status_code = number
        return response

    return twist


def with_body(body: bytes, content_type: str = "application/json", processed: bool = True, code: int = 200) -> Twist:
    def twist(answer: Answer) -> Response:
        if processed:
            answer()
        return Response(body, status=code, content_type=content_type)

    return twist


def oversized(answer: Answer) -> Response:
    """The true answer, and blanks after it without end almost."""
    response = answer()
    response.set_data(response.get_data() + b" " * (2 * LARGEST))
    return response


def halved(answer: Answer) -> Response:
    """Half of the body as if it were all."""
    response = answer()
    response.set_data(response.get_data()[: len(response.get_data()) // 2])
    return response


BODIES = {
    "cut off": Bad({"kind": "truncate"}),
    "half": Bad({}, halved),
    "oversized": Bad({}, oversized),
    "page": Bad({}, with_body(PAGE.encode(), "text/html", processed=False)),
    "page, processed": Bad({}, with_body(PAGE.encode(), "text/html")),
    "page called JSON": Bad({}, with_body(PAGE.encode(), processed=False)),
    "empty": Bad({}, with_body(b"", processed=False)),
    "empty, processed": Bad({}, with_body(b"")),
    "blanks": Bad({}, with_body(b" \r\n ", processed=False)),
    "204": Bad({}, with_body(b"", processed=False, code=204)),
    "204, processed": Bad({}, with_body(b"", code=204)),
    "no text at all": Bad({}, with_body(bytes(range(256)), processed=False)),
    "207": Bad({}, with_status(207)),
    "202": Bad({}, with_status(202)),
    "207 of nothing": Bad({}, with_body(b"{}", processed=False, code=207), writes=True),
}
STORE = {
    "stored nothing": Bad({"kind": "store_nothing"}, writes=True),
    **{f"stale for {n} reads": Bad({"kind": "stale_reads", "reads": n}, writes=True) for n in (1, 2, 3, 4, 7, 60)},
    "reset before": Bad({"kind": "reset_before"}),
    "reset after": Bad({"kind": "reset_after"}),
}
FAMILIES = {"busy": BUSY, "bodies": BODIES, "store": STORE}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Time:
    """Time passes when somebody waits, and not otherwise."""
    clock = Time()
    monkeypatch.setattr(connection, "Session", functools.partial(session.Session, clock=clock.clock, sleep=clock.sleep))
    monkeypatch.setattr(session, "LARGEST_ANSWER", LARGEST)
    return clock


_made: dict[tuple[str, str], list[tuple[int, str, Call]]] = {}


@pytest.fixture(params=[*COMMON, "own"])
def calls(request: pytest.FixtureRequest, site: Site, clock: Time) -> Iterator[list[tuple[int, str, Call]]]:
    """A call of the site's backend, measured once; those that only this backend has all together."""
    key = (site.case.backend, request.param)
    if key not in _made:
        makers = OWN[site.case.backend] if request.param == "own" else {request.param: COMMON[request.param]}
        _made[key] = made(site, makers, [*COMMON, "own"].index(request.param))
    yield _made[key]
    site.vendor.reset()


def made(site: Site, makers: Mapping[str, Maker], place: int = 0, **connection: Any) -> list[tuple[int, str, Call]]:
    """Calls with a number and a name, measured."""
    found = [*unmeasured(site, makers, place, **connection)]
    for _number, _name, call in found:
        call.measure()
    return found


def unmeasured(
    site: Site, makers: Mapping[str, Maker], place: int = 0, **connection: Any
) -> Iterator[tuple[int, str, Call]]:
    for number, (name, maker) in enumerate(makers.items(), place):
        site.vendor.reset()
        yield number, name, maker(tuned(site, **{"concurrency": "1", **connection}))


def place_of(call: Call, bad: Bad, seed: str) -> list[int]:
    """Requests at which to bring a fault: one by the seed, or every one. Of a writes-only fault: which write."""
    every = list(range(len(call.writes) if bad.writes else call.requests))
    return every if figures.FULL else [random.Random(seed).choice(every)]


def bring(call: Call, bad: Bad, place: int, times: int | None) -> Twisted | None:
    if not bad.twist:
        call.site.vendor.add_fault(**bad.options, skip=place, times=times, writes_only=bad.writes)
        return None
    return Twisted(call.site, bad.twist, call.writes[place] if bad.writes else place, times)


def was_hit(call: Call, bad: Bad, place: int, twisted: Twisted | None) -> bool:
    log = call.site.vendor.writes() if bad.writes else call.site.vendor.log
    return twisted.hits > 0 if twisted else len(log) > place


def tried(call: Call, bad: Bad, place: int, times: int | None, clock: Time) -> str:
    """Bring one fault, run, judge, and run again without it; what was wrong, or nothing."""
    call.start()
    clock.naps.clear()
    twisted = bring(call, bad, place, times)
    found = call.trouble(most_requests(call))
    backend = call.site.case.backend
    figures.count(SUITE, TRIED, 1, backend)
    figures.greatest(SUITE, "most requests of a run under a fault", len(call.site.vendor.log), backend)
    if not was_hit(call, bad, place, twisted):
        return "the fault was never met"
    if sum(clock.naps) > 4 * DEADLINE:
        return f"waited for {sum(clock.naps):.0f} s"
    return found or call.again()


def combinations(call: Call, faults: Mapping[str, Bad], turn: int, most: int) -> list[tuple[str, int | None, int]]:
    """(fault, how often, where). A call takes up where the one before it stopped, so that together they have all."""
    pairs = [(name, times) for name in faults for times in (1, None) if call.writes or not faults[name].writes]
    first = turn * most % len(pairs)
    chosen = [*pairs[first:], *pairs[:first]][: None if figures.FULL else most]
    return [
        (name, times, at) for name, times in chosen for at in place_of(call, faults[name], f"{name} {times} {turn}")
    ]


def told(name: str, fault: str, times: int | None, place: int, found: str) -> str:
    return f"{name}: {fault} {'once' if times else 'for ever'} at {place}: {found}"


@pytest.mark.parametrize("family", FAMILIES)
def test_whatever_comes_at_any_request(calls: list[tuple[int, str, Call]], clock: Time, family: str) -> None:
    faults, troubles = FAMILIES[family], []
    for turn, name, call in calls:
        for fault, times, place in combinations(call, faults, turn, FAULTS_OF_A_CALL if len(calls) == 1 else 2):
            found = tried(call, faults[fault], place, times, clock)
            troubles += [told(name, fault, times, place, found)] if found else []
    assert troubles == [], "\n".join(troubles[:15])


def test_all_attempts_of_one_task_take_four_timeouts_at_most(site: Site, clock: Time) -> None:
    """Every other request is put off for a while that alone would be obeyed."""
    (_turn, _name, call), *_others = made(site, {"update": COMMON["update"]})
    call.start()
    clock.naps.clear()
    for request in range(call.requests):
        site.vendor.add_fault("status", status=429, headers={"Retry-After": "60"}, skip=request)
    call.run()
    assert len(clock.naps) > 0
    assert sum(clock.naps) <= DEADLINE


def test_runs_against_a_server_that_is_late_all_day_double_nothing(
    calls: list[tuple[int, str, Call]], clock: Time
) -> None:
    """The reads of the next runs still see the first day: what is created anew then must not be there twice."""
    for _turn, name, call in calls:
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
def redirect(target: str, number: int, processed: bool) -> Bad:
    headers = {"Location": target}
    return Bad({"kind": "status", "status": number, "headers": headers, "processed": processed})


def test_a_redirect_never_takes_credentials_anywhere(
    calls: list[tuple[int, str, Call]],
    clock: Time,
    server: Script,
) -> None:
    """Whoever is named in it gets not even a connection; the server itself gets no second copy of a write."""
    server.replies = [server.reply(200, "{}")]
    troubles = []
    for turn, name, call in calls:
        for target in (f"{server.url}/rest", f"//127.0.0.1:{server.port}/", f"{call.site.url}/other", "/", ""):
            number = (301, 302, 303, 307, 308)[turn % 5]
            faults = {f"{number} to {target} {done}": redirect(target, number, done) for done in (False, True)}
            for fault, times, place in combinations(call, faults, turn, 1):
                found = tried(call, faults[fault], place, times, clock)
                troubles += [told(name, fault, times, place, found)] if found else []
    assert troubles == [], "\n".join(troubles[:15])
    assert server.requests == []


# -- logins --------------------------------------------------------------------------------------------------------------
DOORS = ("core", "gateway")


def behind(apio: Site, door: str) -> dict[str, Any]:
    """The connection with a user name and a password instead of a machine token."""
    return {**CORE_LOGIN, "url": apio.url if door == "core" else gateway(apio)}


def behind_a_door(apio: Site, door: str) -> list[tuple[int, str, Call]]:
    return made(apio, {**COMMON, **OWN["apio"]}, **behind(apio, door))


def lost(apio: Site, door: str, wrong_password: bool = False) -> Twist:
    """The server forgets every session and token before it answers, and perhaps the password has been changed."""

    def twist(answer: Answer) -> Response:
        state = apio.vendor.state
        state["sessions"] = {}
        state["token_generation"] += 1
        if wrong_password:
            state["accounts"]["demo"]["password"] = "another"
        return answer()

    return twist


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("way", ["once", "for ever", "and the password changed"])
def test_a_session_that_is_lost_in_the_middle_costs_one_more_login(
    apio: Site, clock: Time, door: str, way: str
) -> None:
    """Two logins at most, of which one may be refused: a server locks accounts after a few failures."""
    troubles = []
    for turn, name, call in behind_a_door(apio, door):
        twist = lost(apio, door, way == "and the password changed")
        every = [n for n in range(call.requests) if n]  # the first one is the login
        for place in every if figures.FULL else [random.Random(f"{way} {turn}").choice(every)]:
            call.start()
            apio.vendor.state["accounts"]["demo"].update(failed_logins=0, password="demo-password")
            twisted = Twisted(call.site, twist, place, None if way == "for ever" else 1)
            found = call.trouble(most_requests(call))
            attempts = len(logins(apio))
            figures.count(SUITE, "sessions and tokens lost in the middle of a run", 1, "apio")
            figures.greatest(SUITE, "most logins of a run whose session was lost", attempts, "apio")
            assert twisted.hits
            if attempts > 2 or (way == "once" and attempts != 2):
                found += f" {attempts} logins"
            if apio.vendor.state["accounts"]["demo"]["failed_logins"] > 1:
                found += " more than one login was refused"
            apio.vendor.state["accounts"]["demo"]["password"] = "demo-password"
            found = found or call.again()
            troubles += [f"{name}: lost {way} at {place}: {found}"] if found else []
    assert troubles == [], "\n".join(troubles[:15])


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("user", ["wrong password", "demo-2fa", "demo-new"])
def test_a_login_that_is_refused_is_sent_once_by_every_module(apio: Site, clock: Time, door: str, user: str) -> None:
    """Also where several requests are under way at a time and every object asks for itself."""
    if (user, door) == ("demo-2fa", "gateway"):
        pytest.skip("the gateway knows no second factor")
    wrong = {"password": "wrong-password-0815"} if user == "wrong password" else {"username": user}
    for _turn, name, call in unmeasured(apio, {**COMMON, **OWN["apio"]}):
        for concurrency in ("1", "4"):
            call.connect(**{**behind(apio, door), **wrong, "concurrency": concurrency})
            call.start()
            result = call.run()
            assert result.get("failed") and result["changed"] is False, name
            assert len(logins(apio)) == 1 and apio.vendor.writes() == [], name
            figures.count(SUITE, "logins refused, and sent once", 1, "apio")


def test_wrong_credentials_are_shown_to_a_server_once_or_twice(site: Site, clock: Time) -> None:
    """Each request is an attempt to log in where there is no login, and attempts are counted."""
    troubles = []
    for _turn, name, call in unmeasured(site, {**COMMON, **OWN[site.case.backend]}):
        for concurrency in ("1", "4"):
            call.connect(**WRONG[site.case.backend], concurrency=concurrency)
            call.start()
            result = call.run()
            sent = len(site.vendor.log)
            figures.count(SUITE, "calls with wrong credentials", 1, site.case.backend)
            figures.greatest(SUITE, "most requests with wrong credentials", sent, site.case.backend)
            assert result.get("failed") and result["changed"] is False, name
            troubles += [f"{name}: {sent} requests"] if sent > 2 else []
    assert troubles == []


MOST_REFUSED = {"portaswitch": 3, "vodia": 2, "apio": 2}


def test_credentials_that_are_no_longer_good_are_shown_twice_at_most(
    calls: list[tuple[int, str, Call]], clock: Time
) -> None:
    """Once by the request that finds out, and once to read back what became of a write. Whole tenants: see below.

    On PortaSwitch once more, where a sign-in tries both numbers of an agent, or a member that is out has to be put back.
    """
    gone, troubles = status(401, body="{}"), []
    for turn, name, call in calls:
        for place in place_of(call, gone, f"{turn}"):
            found = tried(call, gone, place, None, clock)
            troubles += [told(name, "401", None, place, found)] if found else []
            call.start()
            bring(call, gone, place, None)
            call.run()
            after = len(call.site.vendor.log) - place
            figures.greatest(SUITE, "most requests after the first 401", after, call.site.case.backend)
            tolerated = most_requests(call) if name.startswith("tenant") else MOST_REFUSED[call.site.case.backend]
            troubles += [f"{name}: {after} requests after a 401 at {place}"] if after > tolerated else []
    assert troubles == [], "\n".join(troubles[:15])


def twelve(site: Site, **connection: Any) -> tuple[Tenant, Values]:
    """A tenant with many groups, and twelve of them under other names."""
    groups = BIG[site.case.backend].fill(site.vendor.state)["hunt_groups"][:12]
    changed = [{"id": group["id"], "name": f"New {n}"} for n, group in enumerate(groups)]
    return Tenant(tuned(site, **connection)), {"hunt_groups": changed, "journal": ""}


@pytest.mark.parametrize("backend", ["portaswitch", "vodia", "apio"])
@pytest.mark.parametrize("on_error", ["stop", "continue"])
def test_wrong_credentials_are_not_tried_for_every_object(
    open_site: Any, clock: Time, backend: str, on_error: str
) -> None:
    site = open_site(backend)
    tenant, document = twelve(site, **WRONG[backend])
    result = tenant.run(document, on_error=on_error)
    assert result.get("failed") and result["changed"] is False
    assert len(site.vendor.log) <= 2


@pytest.mark.parametrize("on_error", ["stop", "continue"])
def test_credentials_that_are_no_longer_good_are_not_tried_for_every_object(
    site: Site, clock: Time, on_error: str
) -> None:
    """They stop being good at the last write: the twelve groups are not to be read back one by one."""
    tenant, document = twelve(site, concurrency="1")
    first_day = site.state
    tenant.done(document)
    last = max(number for number, entry in enumerate(site.vendor.log) if entry["write"])
    site.vendor.state = first_day
    site.vendor.add_fault("status", status=401, body="{}", skip=last, times=None)
    assert tenant.run(document, on_error=on_error).get("failed")
    refused = len(site.vendor.log) - last
    figures.greatest(SUITE, "most requests after the first 401, of a tenant of twelve", refused, site.case.backend)
    assert 0 < refused <= 3


@pytest.mark.parametrize("door", ["core", "gateway"])
def test_four_requests_that_find_the_session_lost_cost_one_login(apio: Site, clock: Time, door: str) -> None:
    """Each of them is refused; the first one logs in again for all."""
    tenant, document = twelve(apio, concurrency="4", **behind(apio, door))
    apio.vendor.add_fault("latency", seconds=0.03, times=None)
    twisted = Twisted(apio, lost(apio, door), 6)
    result = tenant.run(document)
    apio.vendor.faults = []
    figures.greatest(SUITE, "most logins of a run whose session was lost", len(logins(apio)), "apio")
    assert twisted.hits and len(logins(apio)) == 2
    assert not result.get("failed"), result["msg"]


# -- slow servers and answers without end --------------------------------------------------------------------------------
@pytest.mark.parametrize("times", [1, None], ids=["once", "for ever"])
def test_an_answer_that_drips_is_given_up_on_at_any_request(
    calls: list[tuple[int, str, Call]], clock: Time, times: int | None
) -> None:
    """A second passes with every look at the clock, and a byte comes with every look."""
    drip, troubles = Bad({"kind": "drip", "seconds": 0.0002}), []
    clock.step = 1.0
    for turn, name, call in calls:
        call.connect(timeout="4")
        for place in place_of(call, drip, f"{turn} {times}"):
            found = tried(call, drip, place, times, clock)
            troubles += [told(name, "drip", times, place, found)] if found else []
        call.connect(timeout="30")
    assert troubles == [], "\n".join(troubles[:15])


@pytest.mark.parametrize("what", ["create", "update", "delete"])
def test_a_write_that_is_carried_out_after_we_have_left_is_found_by_the_next_run(site: Site, what: str) -> None:
    """Really slow, really waited for: the write is processed only after it was given up on and read back."""
    (_turn, _name, call), *_others = made(site, {what: COMMON[what]})
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
        while True:
            connection.sendall(self.block)
            self.sent += len(self.block)


BLOCK = b" " * 65536
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
    # what lies in the buffers of both ends is sent too, for each attempt
    assert flood.sent <= session.MOST_ATTEMPTS * (LARGEST + 8 * 1024 * 1024)
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
def test_the_judge_sees_a_success_that_is_none(calls: list[tuple[int, str, Call]], clock: Time) -> None:
    """The tests above would pass if it were blind: the state is put back behind the back of a successful run."""
    for _turn, name, call in calls:
        call.start()
        result = call.run()
        assert call.reached(result) == "" and call.strays() == ""
        if isinstance(call, ViewCall):
            call.site.vendor.state = call.first_day
            assert call.reached(result), name
