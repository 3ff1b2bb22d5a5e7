# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What servers and what stands before them do wrong, brought to any request of any call, and judged."""

from __future__ import annotations

import functools
import random
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from flask import Response

from ansible_collections.telephony.pbx.plugins.module_utils.entry import connection
from ansible_collections.telephony.pbx.plugins.module_utils.transport import session
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.trust import figures
from ansible_collections.telephony.pbx.tests.trust.fault_calls import COMMON, OWN, Maker
from ansible_collections.telephony.pbx.tests.trust.fault_helpers import (
    Answer,
    Call,
    Twist,
    Twisted,
    most_requests,
    tuned,
)
from ansible_collections.telephony.pbx.tests.unit.conftest import Time

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
    if sum(clock.naps) > DEADLINE:
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
