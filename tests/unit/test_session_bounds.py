# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What bounds one exchange in time, when a request counts as sent, and that no socket stays open."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any

import pytest
import urllib3

from ansible_collections.telephony.pbx.plugins.module_utils.errors import ThrottleError, TransportError
from ansible_collections.telephony.pbx.plugins.module_utils.transport.session import MOST_ATTEMPTS
from ansible_collections.telephony.pbx.tests.unit.sessions import open_session

__all__ = ["open_session"]  # fixtures

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> list[socket.socket]:
    """All sockets that the client opens."""
    opened: list[socket.socket] = []
    create = urllib3.util.connection.create_connection

    def noted(*given: Any, **named: Any) -> socket.socket:
        opened.append(create(*given, **named))
        return opened[-1]

    monkeypatch.setattr(urllib3.util.connection, "create_connection", noted)
    return opened


def dribble(*first: bytes) -> Any:
    """Answer with a beginning, then with one byte after the other for ever."""

    def answer(connection: socket.socket, request: str) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError):
            connection.sendall(b"".join(first))
            while True:
                connection.sendall(b"x")

    return answer


# -- the whole exchange ----------------------------------------------------------------------------------------------------
DRIBBLES = {
    "status line": dribble(b"HTTP/1.1 200 "),
    "header": dribble(HEAD, b"X-Long: "),
    "interim answers": dribble(b"HTTP/1.1 100 Continue\r\n\r\n" * 3, b"HTTP/1.1 100 "),
    "body": dribble(HEAD, b"Content-Length: 1000000\r\n\r\n"),
    "size of a chunk": dribble(HEAD, b"Transfer-Encoding: chunked\r\n\r\n1;"),
    "trailer": dribble(HEAD, b"Transfer-Encoding: chunked\r\n\r\n0\r\nX-Late: "),
}


@pytest.mark.parametrize("part", DRIBBLES)
def test_an_answer_that_dribbles_in_is_given_up_on_at_the_deadline(
    server: Any, open_session: Any, time_stands_still: Any, sockets: list[socket.socket], part: str
) -> None:
    """Each look at the clock takes 20 of 100 seconds here, so a few reads of the socket use up the time."""
    server.replies = [DRIBBLES[part]]
    session = open_session(server.url)
    time_stands_still.step = 20.0
    with pytest.raises(TransportError, match="did not end before the deadline") as caught:
        session.write("POST", "/x")
    assert caught.value.in_doubt
    assert (len(server.requests), session.requests_sent, session.writes_sent) == (1, 1, 1)
    session.close()
    assert [one.fileno() for one in sockets] == [-1]


@pytest.mark.parametrize("first", [b"HTTP/1.1 200", HEAD, HEAD + b"Content-Length: 9\r\n\r\n"])
def test_a_read_gets_no_more_than_the_time_that_is_left(
    server: Any, open_session: Any, time_stands_still: Any, first: bytes
) -> None:
    """The server says nothing any more, 0.05 seconds before the deadline: the timeout of 60 seconds does not count."""

    def late(connection: socket.socket, request: str) -> None:
        time_stands_still.now += 99.95
        connection.sendall(first)
        connection.recv(1)

    server.replies = [late]
    session = open_session(server.url, timeout=60.0)
    with pytest.raises(TransportError, match="did not (answer|end)") as caught:
        session.write("POST", "/x")
    assert caught.value.in_doubt


def test_a_reused_connection_is_bounded_too(
    server: Any, open_session: Any, time_stands_still: Any, sockets: list[socket.socket]
) -> None:
    def twice(connection: socket.socket, request: str) -> None:
        connection.sendall(HEAD + b"Content-Length: 2\r\n\r\n{}")
        connection.recv(65536)
        time_stands_still.step = 20.0
        dribble(HEAD)(connection, request)

    server.replies = [twice]
    session = open_session(server.url)
    assert session.read("GET", "/x").json() == {}
    with pytest.raises(TransportError, match="did not end before the deadline"):
        session.write("POST", "/x")
    session.close()
    assert [one.fileno() for one in sockets] == [-1]


def test_a_login_has_a_deadline_of_its_own(server: Any, open_session: Any, time_stands_still: Any) -> None:
    server.replies = [dribble(HEAD)]
    session = open_session(server.url, deadline=10_000.0)
    time_stands_still.step = 0.8
    with pytest.raises(TransportError, match="did not end before the deadline"):
        session.send_login("POST", server.url + "/login")


@pytest.mark.parametrize("reply", ["whole", "too large", "reset", "redirect", "broken gzip"], ids=str)
def test_no_socket_stays_open(
    server: Any, open_session: Any, sockets: list[socket.socket], monkeypatch: pytest.MonkeyPatch, reply: str
) -> None:
    replies = {
        "whole": HEAD + b"Content-Length: 2\r\n\r\n{}",
        "too large": server.reply(200, b"x" * 65 * 1024 * 1024),
        "reset": server.reset,
        "redirect": server.reply(302, b"x" * 9, location="/elsewhere"),
        "broken gzip": server.reply(200, b"no gzip", content_encoding="gzip"),
    }
    server.replies = [replies[reply]]
    session = open_session(server.url)
    with contextlib.suppress(TransportError):
        session.write("POST", "/x")
    session.close()
    assert [one.fileno() for one in sockets] == [-1]


# -- the rate limit --------------------------------------------------------------------------------------------------------
class Queue:
    """A rate limit with a long queue."""

    def __init__(self, time: Any, seconds: float, fails_at: int = 0) -> None:
        self.time, self.seconds, self.fails_at, self.calls = time, seconds, fails_at, 0

    def wait(self) -> None:
        self.calls += 1
        if self.calls == self.fails_at:
            raise ThrottleError("rate_limit: the file x cannot be used")
        self.time.now += self.seconds


def test_waiting_for_the_rate_limit_uses_up_no_time_of_a_request(
    server: Any, open_session: Any, time_stands_still: Any
) -> None:
    session = open_session(server.url)
    session._throttle = Queue(time_stands_still, 5000.0)
    server.replies = [server.reply(503), server.reply(200, "{}")]
    assert session.read("GET", "/x").json() == {}
    assert session._throttle.calls == 2
    session.send_login("POST", server.url + "/login")
    assert (session.requests_sent, len(server.requests)) == (3, 3)


def test_when_the_rate_limit_cannot_be_kept_nothing_is_sent_or_tried_again(
    server: Any, open_session: Any, time_stands_still: Any
) -> None:
    session = open_session(server.url)
    session._throttle = Queue(time_stands_still, 0.0, fails_at=2)
    server.replies = [server.reply(200)]
    session.write("POST", "/x")
    with pytest.raises(ThrottleError) as caught:
        session.write("POST", "/x")
    assert not caught.value.in_doubt
    assert (session.requests_sent, session.writes_sent, len(server.requests)) == (1, 1, 1)
    assert time_stands_still.naps == []


def test_a_request_whose_time_is_over_is_not_sent(server: Any, open_session: Any, time_stands_still: Any) -> None:
    """The pause before the second attempt took longer than planned."""
    session = open_session(server.url)
    session.sleep = lambda seconds: time_stands_still.sleep(200.0)
    server.replies = [server.reply(429), server.reply(200)]
    with pytest.raises(TransportError, match="not sent before its deadline") as caught:
        session.write("POST", "/x")
    assert not caught.value.in_doubt and caught.value.final
    assert (session.requests_sent, len(server.requests)) == (1, 1)


def test_a_request_is_not_sent_when_the_time_is_over_after_connecting(
    server: Any, open_session: Any, time_stands_still: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = urllib3.util.connection.create_connection

    def slow(*given: Any, **named: Any) -> socket.socket:
        time_stands_still.now += 200.0
        return create(*given, **named)

    monkeypatch.setattr(urllib3.util.connection, "create_connection", slow)
    server.replies = [server.reply(200)]
    with pytest.raises(TransportError, match="not sent before its deadline") as caught:
        open_session(server.url).write("POST", "/x")
    assert not caught.value.in_doubt
    assert server.requests == []


# -- what counts as sent ---------------------------------------------------------------------------------------------------
@pytest.fixture
def proxied(server: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Requests go to the scripted server as a proxy."""
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, server.url)
    return server


def test_a_write_through_a_proxy_that_resets_is_in_doubt(proxied: Any, open_session: Any) -> None:
    proxied.replies = [proxied.reset]
    with pytest.raises(TransportError) as caught:
        open_session("http://pbx.example").write("POST", "/x")
    assert caught.value.in_doubt
    assert len(proxied.requests) == 1


def test_no_proxy_leads_past_the_proxy(proxied: Any, open_session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each server is looked up for itself: one of them is reached directly, the other through the proxy."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    proxied.replies = [proxied.reply(200, "{}")]
    session = open_session(proxied.url)
    assert session.read("GET", "/direct").ok
    assert open_session("http://pbx.example").read("GET", "/through").ok
    first, second = (request.split(" ")[1] for request in proxied.requests)
    assert (first, second) == ("/direct", "http://pbx.example/through")


def test_a_tunnel_that_a_proxy_refuses_leaves_no_doubt(proxied: Any, open_session: Any) -> None:
    proxied.replies = [b"HTTP/1.1 502 No\r\n\r\n"]
    session = open_session("https://pbx.example")
    with pytest.raises(TransportError, match="proxy did not reach pbx.example") as caught:
        session.write("POST", "/x")
    assert not caught.value.in_doubt
    assert (session.requests_sent, session.writes_sent) == (0, 0)


def test_an_answer_of_a_proxy_to_connect_is_bounded_too(
    proxied: Any, open_session: Any, time_stands_still: Any
) -> None:
    proxied.replies = [dribble(b"HTTP/1.1 200 OK\r\nX-Long: ")]
    session = open_session("https://pbx.example")
    time_stands_still.step = 20.0
    with pytest.raises(TransportError, match="not sent before its deadline") as caught:
        session.write("POST", "/x")
    assert not caught.value.in_doubt


def test_tls_that_fails_before_anything_was_sent_leaves_no_doubt(open_session: Any) -> None:
    def answer() -> None:
        for _attempt in range(MOST_ATTEMPTS):
            connection, _address = listener.accept()
            with connection:
                connection.sendall(b"this is no TLS")
                connection.recv(65536)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer)
        thread.start()
        session = open_session(f"https://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(TransportError, match="TLS with .* failed") as caught:
            session.write("POST", "/x")
        thread.join()
    assert not caught.value.in_doubt
    assert (session.requests_sent, session.writes_sent) == (0, 0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"verify": "/nowhere/ca.pem"}, "nothing could be sent to .*ca.pem"),
        ({"url": "https://[::1"}, "not a valid http"),
        ({"url": "https://" + "a" * 70 + ".example"}, "not a valid http|cannot be resolved|nothing could be sent"),
        ({"url": "http://pbx.example:99999"}, "not a valid http|nothing could be sent"),
    ],
)
def test_what_cannot_be_sent_is_an_error_of_the_transport_and_not_tried_again(
    open_session: Any, time_stands_still: Any, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(TransportError, match=message) as caught:
        open_session(**{"url": "https://127.0.0.1:9", **options}).write("POST", "/x")
    assert not caught.value.in_doubt and caught.value.final
    assert time_stands_still.naps == []


@pytest.mark.parametrize("error", [OSError("x"), ValueError("x"), urllib3.exceptions.LocationParseError("x")])
@pytest.mark.parametrize("place", ["request", "body"])
def test_no_error_of_a_library_escapes(
    server: Any, open_session: Any, monkeypatch: pytest.MonkeyPatch, place: str, error: Exception
) -> None:
    def fails(*given: Any, **named: Any) -> None:
        raise error

    if place == "request":
        session = open_session(server.url)
        monkeypatch.setattr(session._http, "request", fails)
    else:
        session = open_session(server.url)
        monkeypatch.setattr(urllib3.response.HTTPResponse, "read1", fails, raising=False)
        server.replies = [server.reply(200, "{}")]
    with pytest.raises(TransportError) as caught:
        session.write("POST", "/x")
    assert caught.value.in_doubt is (place == "body")
