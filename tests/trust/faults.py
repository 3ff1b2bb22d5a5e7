# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What servers and what stands before them do wrong, brought to any request of any call, and judged."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from flask import Response

from ansible_collections.telephony.pbx.plugins.module_utils.entry import connection
from ansible_collections.telephony.pbx.plugins.module_utils.transport import session
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.trust import figures, pairs
from ansible_collections.telephony.pbx.tests.trust.calls import Answer, Call, Twist, Twisted, most_requests
from ansible_collections.telephony.pbx.tests.trust.makers import every, measured
from ansible_collections.telephony.pbx.tests.unit.conftest import Time

SUITE = "Vendor faults"
TRIED = "faults at a request, judged by the state and run again"
LARGEST = 300_000  # instead of 64 MiB
DEADLINE = 4 * 30  # seconds, as documented for `timeout`
TEMPORARY = (429, 502, 503, 504)


class Bad(NamedTuple):
    """What goes wrong: a fault of the simulator by its options, or a twist of its answers. writes: at writes only.

    pause: a read that fails once in this way is sent again after at least so many seconds; None: it need not be.
    """

    options: Mapping[str, Any]
    twist: Twist | None = None
    writes: bool = False
    pause: float | None = None


def status(number: int, retry_after: str | None = None, **more: Any) -> Bad:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    pause = {None: 0.0, "0": 0.0, "7": 7.0}.get(retry_after) if number in TEMPORARY else None
    return Bad({"kind": "status", "status": number, "headers": headers, **more}, pause=pause)


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
# How a vendor would say in a success that it did not work.
ERRORS = {
    "portaswitch": b'{"ResponseStatus": {"ErrorCode": "InvalidOperationException", "Message": "busy"}}',
    "vodia": b'{"error": "busy"}',
    "apio": b'{"errors": [{"message": "busy"}]}',
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
    clock, usual = Time(), connection.Session
    monkeypatch.setattr(connection, "Session", functools.partial(usual, clock=clock.clock, sleep=clock.sleep))
    monkeypatch.setattr(session, "LARGEST_ANSWER", LARGEST)
    return clock


Calls = Mapping[str, Call]
_measured: dict[str, Calls] = {}


@pytest.fixture
def calls(site: Site, clock: Time) -> Iterator[Calls]:
    """Every call of the site's backend by its name, measured once."""
    if site.case.backend not in _measured:
        _measured[site.case.backend] = dict(measured(site, every(site.case.backend)))
    yield _measured[site.case.backend]
    site.vendor.reset()


# -- where a fault is brought ----------------------------------------------------------------------------------------------
PLACES = ("first", "a write", "after a write")


class Try(NamedTuple):
    """A fault of a call: how often (None: from then on), and at which request, or of a writes-only fault, which write."""

    call: str
    fault: str
    times: int | None
    at: int


def tries(calls: Calls, faults: Mapping[str, Bad]) -> list[Try]:
    """What is tried: in a full run every fault at every request of every call.

    Otherwise a covering choice: every fault, once and for ever, meets every kind of request; so does every call.
    """
    usable = {"writes": [name for name, call in calls.items() if call.writes], "any": list(calls)}
    if figures.FULL:
        return [
            Try(name, fault, times, at)
            for fault, bad in faults.items()
            for times in (1, None)
            for name in usable["writes" if bad.writes else "any"]
            for at in range(len(calls[name].writes) if bad.writes else calls[name].requests)
        ]
    found = []
    for kind, names in usable.items():
        chosen = [fault for fault, bad in faults.items() if bad.writes == (kind == "writes")]
        switches = {"fault": chosen, "times": [1, None], "place": PLACES, "call": names}
        rows = pairs.covering(switches, apart=[{"call", "fault"}]) if chosen else []
        for turn, row in enumerate(rows):
            at = place_of(calls[row["call"]], faults[row["fault"]], row["place"], turn)
            found.append(Try(row["call"], row["fault"], row["times"], at))
    return list(dict.fromkeys(found))


def place_of(call: Call, bad: Bad, place: str, turn: int) -> int:
    """The number of the request, or of a writes-only fault of the write, that a place means; another one each turn."""
    if bad.writes or not call.writes:
        count = len(call.writes) if bad.writes else call.requests
        return 0 if place == PLACES[0] else (turn + (place == PLACES[2])) % count
    write = call.writes[turn % len(call.writes)]
    return {PLACES[0]: 0, PLACES[1]: write, PLACES[2]: min(write + 1, call.requests - 1)}[place]


def bring(call: Call, bad: Bad, place: int, times: int | None) -> Twisted | None:
    if not bad.twist:
        call.site.vendor.add_fault(**bad.options, skip=place, times=times, writes_only=bad.writes)
        return None
    return Twisted(call.site, bad.twist, call.writes[place] if bad.writes else place, times, bad.writes)


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
    return found or impatience(call, bad, place, times, clock) or call.again()


def impatience(call: Call, bad: Bad, place: int, times: int | None, clock: Time) -> str:
    """What is wrong with the attempt after a temporary answer: there is none, or it came too early."""
    log = call.site.vendor.log
    if bad.pause is None or times is None or (log[place]["write"] and log[place]["status"] != 429):
        return ""
    again = log[place + 1] if len(log) > place + 1 else {}
    if any(again.get(part) != log[place][part] for part in ("method", "raw", "body")):
        return f"{log[place]['method']} {log[place]['path']} was not sent again"
    return "" if max(clock.naps, default=0) >= bad.pause else f"sent again before {bad.pause:g} s were over"


def troubles(calls: Calls, faults: Mapping[str, Bad], clock: Time) -> list[str]:
    """Everything that went wrong under these faults."""
    found = []
    for one in tries(calls, faults):
        problem = tried(calls[one.call], faults[one.fault], one.at, one.times, clock)
        if problem:
            found.append(f"{one.call}: {one.fault} {'once' if one.times else 'for ever'} at {one.at}: {problem}")
    return found
