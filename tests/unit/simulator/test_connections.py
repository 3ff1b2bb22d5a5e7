# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections stay open between requests, whatever is answered, and end where a fault or the client wants it."""

from __future__ import annotations

import http.client
import re
import socket
import threading
from collections.abc import Iterator

import pytest
import requests

from pbx_simulator import VENDORS, Vendor
from pbx_simulator.server import RunningVendor

PATHS = {
    "portaswitch": "/togglehuntgroups/hash700004/302",
    "vodia": "/rest/domain/localhost/hunts",
    "apio": "/api/v01/health",
}
HEALTH = "GET /_sim/health HTTP/1.1\r\nHost: x\r\n"
BIG = b"x" * 300_000

# Method, path, body: answered well, refused, not found, with a body that no handler reads, without any body.
REQUESTS = [
    *(("GET", path, None) for path in PATHS.values()),
    ("GET", "/_sim/health", BIG),
    ("POST", "/nothing", BIG),
    ("POST", "/AddUpdateCustomerHuntGroup", b"{"),
    ("DELETE", "/api/v01/p1/tenants/x/", BIG),
    ("HEAD", "/nothing", None),
    ("PUT", "/_sim/faults", b'{"kind": "nonsense"}'),
]


@pytest.fixture(params=VENDORS)
def running(request: pytest.FixtureRequest) -> Iterator[RunningVendor]:
    with RunningVendor(VENDORS[request.param]()) as server:
        yield server


def connected(running: RunningVendor) -> socket.socket:
    host, _colon, port = running.url.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=5)


def everything(connection: socket.socket) -> bytes:
    """What the server sends until it closes the connection."""
    with connection:
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_one_connection_serves_every_request(running: RunningVendor) -> None:
    running.vendor.add_fault("status", match="refuse", times=None, status=503)
    connection = http.client.HTTPConnection(running.url.removeprefix("http://"), timeout=5)
    connection.connect()
    opened = connection.sock
    for method, path, body in [*REQUESTS, ("POST", "/refuse", BIG)]:
        connection.request(method, path, body)
        answer = connection.getresponse()
        content = answer.read()
        assert answer.headers["Connection"] is None and answer.version == 11
        assert method == "HEAD" or int(answer.headers["Content-Length"]) == len(content)
        assert connection.sock is opened, (method, path)
    connection.close()


def test_requests_sent_at_once_are_answered_in_order(running: RunningVendor) -> None:
    connection = connected(running)
    chunked = "POST /nothing HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    connection.sendall(f"{HEALTH}\r\n{chunked}{HEALTH}Connection: close\r\n\r\n".encode())
    statuses = re.findall(rb"HTTP/1\.1 (\d+)", everything(connection))
    assert len(statuses) == 3 and statuses[::2] == [b"200", b"200"]


@pytest.mark.parametrize(
    "request_text",
    [
        f"{HEALTH}Connection: close\r\n\r\n",
        "GET /_sim/health HTTP/1.0\r\n\r\n",
        f"{HEALTH}Content-Length: -1\r\n\r\n",
        f"{HEALTH}Content-Length: many\r\n\r\n",
        "GET /closed HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
def test_what_ends_a_connection(running: RunningVendor, request_text: str) -> None:
    running.vendor.add_fault("status", match="closed", status=500, headers={"Connection": "close"})
    connection = connected(running)
    connection.sendall(request_text.encode())
    assert everything(connection).startswith(b"HTTP/1.1 ")


def test_a_body_that_is_cut_short_ends_the_connection(running: RunningVendor) -> None:
    connection = connected(running)
    connection.sendall(f"{HEALTH}Content-Length: 10\r\n\r\n{{}}".encode())
    connection.shutdown(socket.SHUT_WR)
    assert b"Connection: close" in everything(connection)


def test_a_stopped_server_ends_the_connections_that_wait(running: RunningVendor) -> None:
    connection = connected(running)
    connection.sendall(f"{HEALTH}\r\n".encode())
    assert connection.recv(65536)
    running.stop()
    assert everything(connection) in (b"", b'{"vendor": "%s", "status": "ok"}' % running.vendor.name.encode())


class LateSet(set):  # type: ignore[type-arg]
    """Adds its second member, the connection that waits after an answer, only when it is told to."""

    def __init__(self) -> None:
        self.may_go_on, self.adding, self.count = threading.Event(), threading.Event(), 0

    def add(self, connection: socket.socket) -> None:
        self.count += 1
        if self.count == 2:
            self.adding.set()
            self.may_go_on.wait(5)
        super().add(connection)


def test_a_connection_that_begins_to_wait_while_the_server_stops_ends_too(running: RunningVendor) -> None:
    late = LateSet()
    running._server.idle = late
    connection = connected(running)
    connection.sendall(f"{HEALTH}\r\n".encode())
    assert late.adding.wait(5)
    running.stop()
    late.may_go_on.set()
    assert everything(connection).startswith(b"HTTP/1.1 200")


# -- faults ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("used_before", [False, True], ids=["new connection", "kept connection"])
@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
def test_a_reset_is_no_answer(running: RunningVendor, kind: str, used_before: bool) -> None:
    with requests.Session() as session:
        if used_before:
            session.get(f"{running.url}/_sim/health", timeout=5)
        running.vendor.add_fault(kind)
        with pytest.raises(requests.exceptions.ConnectionError):
            session.get(running.url + PATHS[running.vendor.name], timeout=5)
        assert session.get(f"{running.url}/_sim/health", timeout=5).status_code == 200


@pytest.mark.parametrize(("kind", "active"), [("reset_before", "Y"), ("reset_after", "N")])
def test_a_request_was_processed_only_before_a_reset_after(kind: str, active: str) -> None:
    vendor: Vendor = VENDORS["portaswitch"]()
    with RunningVendor(vendor) as server:
        vendor.add_fault(kind)
        with pytest.raises(requests.exceptions.ConnectionError):
            requests.get(server.url + PATHS["portaswitch"], timeout=5)
        assert vendor.state["memberships"]["9004"]["hunt_active"] == active
