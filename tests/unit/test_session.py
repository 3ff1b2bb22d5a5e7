# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the client sends again, what it refuses, when it stops, and what it counts."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.errors import (
    AuthError,
    PBXError,
    RateLimited,
    TransportError,
    WriteInReadOnlySession,
)
from ansible_collections.telephony.pbx.plugins.module_utils.transport.session import (
    MOST_ATTEMPTS,
    Answer,
    BasicLogin,
    BearerLogin,
    Login,
    Session,
)
from ansible_collections.telephony.pbx.tests.unit.sessions import closed_port, open_session

__all__ = ["open_session"]  # fixtures


class Renewing(Login):
    """A login that knows two tokens."""

    def __init__(self, works: bool = True) -> None:
        self.works, self.tokens, self.renewals = works, ["first", "second"], 0

    def headers(self, session: Session) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[min(self.renewals, 1)]}"}

    def renew(self, session: Session) -> bool:
        self.renewals += 1
        return self.works


def last_header(server: Any, name: str) -> list[str]:
    lines = server.requests[-1].split("\r\n\r\n")[0].split("\r\n")
    return [line.split(": ", 1)[1] for line in lines if line.lower().startswith(f"{name.lower()}: ")]


# -- reads ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", [429, 502, 503, 504])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_read_is_sent_again_after_passing_trouble(
    server: Any, open_session: Any, time_stands_still: Any, status: int, method: str
) -> None:
    server.replies = [server.reply(status), server.reply(status), server.reply(200, '{"a": 1}')]
    session = open_session(server.url)
    assert session.read(method, "/x").json() == {"a": 1}
    assert (session.requests_sent, session.writes_sent, len(server.requests)) == (3, 0, 3)
    assert len(time_stands_still.naps) == 2 and time_stands_still.naps[0] < time_stands_still.naps[1]


@pytest.mark.parametrize("status", [200, 204, 400, 401, 403, 404, 409, 500, 501])
def test_an_answer_that_waiting_cannot_better_is_returned_at_once(server: Any, open_session: Any, status: int) -> None:
    text = "" if status == 204 else "text"
    server.replies = [server.reply(status, text)]
    answer = open_session(server.url).read("GET", "/x")
    assert (answer.status, answer.ok, answer.reason, answer.text) == (status, status < 300, "Reason", text)
    assert len(server.requests) == 1


def test_a_read_is_sent_again_after_a_broken_connection(server: Any, open_session: Any) -> None:
    server.replies = [server.reset, b"garbage", server.reply(200, b'{"a"')[:-2], server.reply(200, "{}")]
    assert open_session(server.url).read("GET", "/x").json() == {}
    assert len(server.requests) == 4


def test_a_read_gives_up_after_the_most_attempts(server: Any, open_session: Any) -> None:
    server.replies = [server.reply(503)]
    assert open_session(server.url).read("GET", "/x").status == 503
    assert len(server.requests) == MOST_ATTEMPTS
    server.replies = [server.reply(429)]
    with pytest.raises(RateLimited, match="429"):
        open_session(server.url).read("GET", "/x")


def test_a_server_that_says_nothing_is_left_after_the_timeout(server: Any, open_session: Any) -> None:
    server.replies = [server.silence]
    session = open_session(server.url, timeout=0.05)
    with pytest.raises(TransportError, match="did not answer within 0.05 s") as caught:
        session.write("POST", "/x")
    assert caught.value.in_doubt


# -- writes --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_a_write_is_sent_again_only_after_429(server: Any, open_session: Any, method: str) -> None:
    server.replies = [server.reply(429), server.reply(200)]
    session = open_session(server.url)
    assert session.write(method, "/x", json={"a": 1}).status == 200
    assert (session.requests_sent, session.writes_sent) == (2, 2)
    assert [request.split("\r\n\r\n")[1] for request in server.requests] == ['{"a": 1}'] * 2


def test_a_write_that_the_server_failed_at_is_not_sent_again(server: Any, open_session: Any) -> None:
    server.replies = [server.reply(500)]
    assert open_session(server.url).write("GET", "/x").status == 500
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_write_that_a_gateway_lost_is_in_doubt_and_sent_once(server: Any, open_session: Any, status: int) -> None:
    server.replies = [server.reply(status)]
    with pytest.raises(TransportError) as caught:
        open_session(server.url).write("GET", "/x")
    assert caught.value.in_doubt
    assert len(server.requests) == 1


@pytest.mark.parametrize("broken", ["reset", "garbage", "cut"])
def test_a_write_whose_fate_is_unknown_is_in_doubt_and_sent_once(server: Any, open_session: Any, broken: str) -> None:
    server.replies = [
        {"reset": server.reset, "garbage": b"garbage\r\n\r\n", "cut": server.reply(200, "x" * 9)[:-5]}[broken]
    ]
    with pytest.raises(TransportError) as caught:
        open_session(server.url).write("POST", "/x", json={})
    assert caught.value.in_doubt
    assert len(server.requests) == 1


def test_a_write_that_was_surely_not_sent_is_tried_again_and_not_in_doubt(
    open_session: Any, time_stands_still: Any
) -> None:
    session = open_session(f"http://127.0.0.1:{closed_port()}")
    with pytest.raises(TransportError, match="refuses the connection") as caught:
        session.write("POST", "/x")
    assert not caught.value.in_doubt
    assert len(time_stands_still.naps) == MOST_ATTEMPTS - 1
    assert session.writes_sent == 0, "nothing went out, so nothing can have changed"


def test_a_read_only_session_refuses_to_write_before_anything_is_sent(server: Any, open_session: Any) -> None:
    server.replies = [server.reply(200)]
    session = open_session(server.url, read_only=True)
    for method in ("GET", "POST", "PUT", "DELETE"):
        with pytest.raises(WriteInReadOnlySession):
            session.write(method, "/x")
    assert (session.requests_sent, server.requests) == (0, [])
    assert session.read("GET", "/x").ok


# -- redirects and logins ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed_but_named(server: Any, open_session: Any, status: int) -> None:
    server.replies = [server.reply(status, location="https://elsewhere.example/hunter-secret/x")]
    session = open_session(server.url, secrets=["hunter-secret"])
    with pytest.raises(
        PBXError, match="redirects to https://elsewhere.example/.*write the final address into url"
    ) as e:
        session.read("GET", "/x")
    assert "hunter-secret" not in str(e.value)
    assert len(server.requests) == 1


@pytest.mark.parametrize("kind", ["read", "write"])
def test_after_401_a_login_is_renewed_once_and_the_request_sent_again(
    server: Any, open_session: Any, kind: str
) -> None:
    login = Renewing()
    server.replies = [server.reply(401), server.reply(200), server.reply(401)]
    session = open_session(server.url, login)
    assert getattr(session, kind)("GET", "/x").status == 200
    assert last_header(server, "Authorization") == ["Bearer second"]
    assert getattr(session, kind)("GET", "/x").status == 401
    assert (login.renewals, len(server.requests)) == (2, 4)


def test_a_login_that_cannot_be_renewed_leaves_the_401(server: Any, open_session: Any) -> None:
    server.replies = [server.reply(401)]
    assert open_session(server.url, Renewing(works=False)).read("GET", "/x").status == 401
    assert len(server.requests) == 1


class Peculiar(Login):
    """A vendor that refuses credentials with status 500 and a reason phrase."""

    def refused(self, answer: Answer) -> bool:
        return answer.status == 500 and answer.reason == "Reason"


@pytest.mark.parametrize(("login", "status"), [(None, 401), (Peculiar(), 500)])
def test_after_a_refusal_nothing_more_is_sent(server: Any, open_session: Any, login: Login | None, status: int) -> None:
    server.replies = [server.reply(status), server.reply(200)]
    session = open_session(server.url, login)
    assert session.read("GET", "/x").status == status
    for kind in (session.read, session.write):
        with pytest.raises(AuthError, match="refused the credentials earlier"):
            kind("GET", "/x")
    assert len(server.requests) == session.requests_sent == 1


def test_a_login_may_say_that_401_is_no_refusal(server: Any, open_session: Any) -> None:
    server.replies = [server.reply(401), server.reply(200)]
    session = open_session(server.url, Peculiar())
    assert [session.read("GET", "/x").status for _request in range(2)] == [401, 200]


def test_a_refusal_may_have_a_status_that_else_would_be_tried_again(server: Any, open_session: Any) -> None:
    login = Peculiar()
    login.refused = lambda answer: answer.status == 503  # type: ignore[method-assign]
    server.replies = [server.reply(503)]
    assert open_session(server.url, login).write("POST", "/x").status == 503
    assert len(server.requests) == 1


def test_a_request_with_credentials_of_its_own_says_nothing_about_ours(server: Any, open_session: Any) -> None:
    login = Renewing()
    server.replies = [server.reply(401), server.reply(200), server.reply(200)]
    session = open_session(server.url, login)
    assert session.write("GET", "/x", foreign=True).status == 401
    assert login.renewals == 0
    assert session.write("GET", "/x", foreign=True).ok
    assert not session._accepted, "ours were not proved either: requests still go one at a time"
    assert session.read("GET", "/x").ok and session._accepted


def test_until_credentials_were_accepted_one_request_goes_out_at_a_time(server: Any, open_session: Any) -> None:
    """Ten threads with wrong credentials count as one failed login."""
    server.replies = [server.reply(401)]
    session = open_session(server.url, concurrency=10)
    refused: list[str] = []

    def read() -> None:
        try:
            session.read("GET", "/x")
        except AuthError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=read) for _thread in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(server.requests), len(refused)) == (1, 9)


def test_requests_of_many_threads_are_counted_exactly(server: Any, open_session: Any) -> None:
    server.replies = [server.reply(200)]
    session = open_session(server.url, concurrency=8)
    threads = [
        threading.Thread(target=lambda: [session.write("POST", "/x") for _request in range(10)]) for _thread in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert session.requests_sent == session.writes_sent == len(server.requests) == 80


@pytest.mark.parametrize(
    ("url", "secrets", "login", "warned"),
    [
        ("http://pbx.example", ["p"], None, True),
        ("http://pbx.example", [], BasicLogin("a", "b"), True),
        ("http://192.0.2.1:8080/x", ["hunter-secret"], BearerLogin("hunter-secret"), True),
        ("http://pbx.example", ["", ""], None, False),
        ("https://pbx.example", ["p"], BasicLogin("a", "b"), False),
        ("http://127.0.0.1:8080", ["p"], None, False),
        ("http://127.1.2.3", ["p"], None, False),
        ("http://[::1]:8080", ["p"], None, False),
        ("http://localhost", ["p"], None, False),
        ("http://localhost.example", ["p"], None, True),
    ],
)
def test_credentials_without_encryption_are_warned_about(
    open_session: Any, url: str, secrets: list[str], login: Login | None, warned: bool
) -> None:
    notes = open_session(url, login, secrets=secrets).notes
    assert len(notes) == warned
    assert all("https://" in note and "hunter" not in note for note in notes)


@pytest.mark.parametrize(
    ("login", "header"),
    [(None, []), (BasicLogin("admin", "pä:ss"), ["Basic YWRtaW46cMOkOnNz"]), (BearerLogin("t"), ["Bearer t"])],
)
def test_credentials_come_from_the_login_and_never_from_netrc(
    server: Any, open_session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, login: Login, header: list[str]
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login eve password evil\nmachine 127.0.0.1 login eve password evil\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server.replies = [server.reply(200)]
    open_session(server.url, login).read("GET", "/x")
    assert last_header(server, "Authorization") == header


def test_a_login_request_goes_out_once_and_without_credentials(server: Any, open_session: Any) -> None:
    server.replies = [server.reply(503)]
    session = open_session(server.url, BearerLogin("hunter-secret"), read_only=True)
    assert session.send_login("POST", server.url + "/login", json={"password": "p"}).status == 503
    assert last_header(server, "Authorization") == []
    assert (session.requests_sent, session.writes_sent, len(server.requests)) == (1, 0, 1)


# -- what is sent --------------------------------------------------------------------------------------------------------
def test_a_body_is_json_in_utf_8_and_parameters_are_encoded(server: Any, open_session: Any) -> None:
    server.replies = [server.reply(200)]
    open_session(server.url + "/base").write("POST", "/a%2Fb", json={"name": "Zürich"}, params={"q": "R&D +1"})
    line = server.requests[0].split("\r\n")[0]
    assert line in ("POST /base/a%2Fb?q=R%26D+%2B1 HTTP/1.1", "POST /base/a%2Fb?q=R%26D%20%2B1 HTTP/1.1")
    assert json.loads(server.requests[0].split("\r\n\r\n")[1].encode("latin-1")) == {"name": "Zürich"}
    assert last_header(server, "Content-Type")[0].startswith("application/json")
    assert last_header(server, "Accept") == ["application/json"]


@pytest.mark.parametrize("token", ["two\nlines", "tök€n-secret"])
def test_a_token_that_no_header_can_hold_is_not_quoted(server: Any, open_session: Any, token: str) -> None:
    server.replies = [server.reply(200)]
    with pytest.raises(PBXError) as caught:
        open_session(server.url, BearerLogin(token), secrets=[token]).read("GET", "/x")
    assert token not in str(caught.value) and "secret" not in str(caught.value)
    assert server.requests == []
