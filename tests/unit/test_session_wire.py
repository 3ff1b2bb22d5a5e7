# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the client lets in and out: secrets in every spelling, bodies of every size, certificates of every age."""

from __future__ import annotations

import base64
import contextlib
import datetime
import gzip
import html
import ipaddress
import json
import socket
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.errors import TransportError
from ansible_collections.telephony.pbx.plugins.module_utils.transport import session as session_module
from ansible_collections.telephony.pbx.plugins.module_utils.transport.session import (
    Answer,
    BasicLogin,
    Session,
    SessionOptions,
)
from ansible_collections.telephony.pbx.tests.unit.sessions import open_session

__all__ = ["open_session"]  # fixtures

NASTY = 'lïc/en+ce &<"\\%=?'


def offline(*secrets: str) -> Session:
    return Session(SessionOptions(url="http://pbx.example", secrets=secrets))


# -- secrets -------------------------------------------------------------------------------------------------------------
def lower_percent(text: str) -> str:
    """%2F as %2f: both are in use."""
    head, *rest = text.split("%")
    return head + "".join(f"%{part[:2].lower()}{part[2:]}" for part in rest)


SPELLINGS = {
    "raw": lambda secret: secret,
    "percent": lambda secret: quote(secret, safe=""),
    "percent, slash kept": quote,
    "percent in lower case": lambda secret: lower_percent(quote(secret, safe="")),
    "form": quote_plus,
    "JSON": lambda secret: json.dumps(secret)[1:-1],
    "JSON in UTF-8": lambda secret: json.dumps(secret, ensure_ascii=False)[1:-1],
    "base64": lambda secret: base64.b64encode(secret.encode()).decode(),
    "base64 for URLs": lambda secret: base64.urlsafe_b64encode(secret.encode()).decode().rstrip("="),
    "HTML": html.escape,
}


@pytest.mark.parametrize("secret", ["demo-license-4711", NASTY, "päss~wörd>>>???"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_secret_is_hidden_in_every_spelling(spelling: str, secret: str) -> None:
    spelt = SPELLINGS[spelling](secret)
    shown = offline(secret).redact(f"GET /route/{spelt}/10 failed")
    assert spelt not in shown
    assert shown.startswith("GET /route/") and shown.endswith("/10 failed")


# A single character is not hidden (see `Redactor.add`).
@given(
    st.text('ab%+/ é"', min_size=3, max_size=8).filter(lambda text: len(text.strip()) > 1),
    st.text('ab%+/ é"', max_size=8),
)
def test_whatever_is_redacted_holds_no_secret(secret: str, around: str) -> None:
    session = offline(secret, secret + "longer")
    for text in (around + secret + around, around + quote(secret) + around, json.dumps([around, secret + "longer"])):
        assert secret not in session.redact(text).replace("*" * 8, "")


def test_a_basic_login_that_a_server_echoes_is_hidden(server: Any, open_session: Any) -> None:
    def echo(connection: socket.socket, request: str) -> None:
        connection.sendall(server.reply(400, f"bad request: {request}"))

    server.replies = [echo]
    session = open_session(server.url, BasicLogin("admin", "hunter-secret"), secrets=["hunter-secret"])
    shown = session.short(session.read("GET", "/x").text, 2000)
    pair = base64.b64encode(b"admin:hunter-secret").decode()
    assert "Authorization" in shown and pair not in shown


def test_cookies_of_a_login_are_hidden(server: Any, open_session: Any) -> None:
    server.replies = [server.reply(200, set_cookie="sessionid=hunter-secret; Path=/"), server.reply(200)]
    session = open_session(server.url)
    session.send_login("POST", server.url + "/login/")
    assert "hunter-secret" not in session.redact("sessionid=hunter-secret")
    session.read("GET", "/x")
    assert "sessionid=hunter-secret" in server.requests[-1]


def test_texts_of_servers_become_one_short_line_without_secrets() -> None:
    session = offline("hunter-secret")
    assert session.short("a\r\n  b\thunter-secret") == "a b ********"
    assert session.short("x" * 500, 10) == "x" * 10 + " ..."
    assert "hunter" not in session.short("x" * 295 + "hunter-secret", 300)
    assert "hunt" not in session.short("hunter-secret " * 2000 + "y", 300)
    assert "hunt" not in session.short("hunter-" + " " * 2_000_000 + "secret", 300)


def test_a_cookie_that_is_renewed_later_is_hidden_too(server: Any, open_session: Any) -> None:
    server.replies = [server.reply(200), server.reply(200, set_cookie="sessionid=new-hunter; Path=/")]
    session = open_session(server.url)
    session.read("GET", "/x")
    session.read("GET", "/y")
    assert session.redact("sessionid=new-hunter") == "sessionid=********"


@pytest.mark.parametrize("secret", ["", None, "a", "ab"])
def test_secrets_too_short_to_be_any_do_not_riddle_messages(secret: Any) -> None:
    session = offline()
    session.hide(secret)
    assert session.redact("a table") == "a table"


def test_an_error_of_the_connection_shows_no_secret_of_the_path(open_session: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(TransportError) as caught:
        open_session(f"http://127.0.0.1:{port}", secrets=["hunter-secret"]).read("GET", "/route/hunter-secret/10")
    assert "hunter" not in str(caught.value) and "\n" not in str(caught.value)
    assert caught.value.__suppress_context__


# -- bodies --------------------------------------------------------------------------------------------------------------
def test_a_body_has_a_largest_size(server: Any, open_session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "LARGEST_ANSWER", 100_000)
    server.replies = [server.reply(200, b"x" * 300_000)]
    with pytest.raises(TransportError, match="larger than 100000 bytes") as caught:
        open_session(server.url).write("POST", "/x")
    assert caught.value.in_doubt
    server.replies = [server.reply(200, gzip.compress(b"x" * 5_000_000), content_encoding="gzip")]
    with pytest.raises(TransportError, match="larger than 100000 bytes"):
        open_session(server.url).write("POST", "/x")


def test_a_body_that_dribbles_in_is_given_up_at_the_deadline(
    server: Any, open_session: Any, time_stands_still: Any
) -> None:
    def dribble(connection: socket.socket, request: str) -> None:
        connection.sendall(server.reply(200, b"", content_length="1000000"))
        with contextlib.suppress(OSError):
            while True:
                connection.sendall(b"x")

    server.replies = [dribble]
    session = open_session(server.url)
    time_stands_still.step = 20.0
    with pytest.raises(TransportError, match="did not end before the deadline") as caught:
        session.write("POST", "/x")
    assert caught.value.in_doubt


@pytest.mark.parametrize(
    "reply",
    [
        {"body": b"x" * 10, "content_length": "100"},
        {"body": b"no gzip at all", "content_encoding": "gzip"},
        {"body": b"zz\r\nno chunk", "transfer_encoding": "chunked"},
    ],
)
def test_a_body_that_is_not_whole_is_no_answer(server: Any, open_session: Any, reply: dict[str, Any]) -> None:
    server.replies = [server.reply(200, **reply)]
    with pytest.raises(TransportError) as caught:
        open_session(server.url).write("POST", "/x")
    assert caught.value.in_doubt
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("content_type", "body", "name"),
    [
        ("application/json", "Zürich".encode(), "Zürich"),
        ("application/json; charset=utf-8", "Zürich".encode(), "Zürich"),
        ("text/plain", "Zürich".encode(), "Zürich"),
        ("text/html", "Zürich".encode(), "Zürich"),
        ("application/json; charset=iso-8859-1", "Zürich".encode("latin-1"), "Zürich"),
        ("application/json; charset=unheard-of", "Zürich".encode(), "Zürich"),
        ("application/json; charset=hex", "Zürich".encode(), "Zürich"),
        ("application/json; charset=undefined", "Zürich".encode(), "Zürich"),
        ("application/json", b"Z\xfcrich", "Z\ufffdrich"),
    ],
)
def test_json_is_utf_8_unless_the_server_names_a_known_charset(
    server: Any, open_session: Any, content_type: str, body: bytes, name: str
) -> None:
    server.replies = [server.reply(200, b'{"name": "' + body + b'"}', content_type=content_type)]
    assert open_session(server.url).read("GET", "/x").json() == {"name": name}


def test_an_answer_knows_whether_it_is_json(server: Any, open_session: Any) -> None:
    server.replies = [server.reply(200, "null", x_some_header="A"), server.reply(200, "<html>"), server.reply(200)]
    session = open_session(server.url)
    first, second, third = (session.read("GET", "/x") for _attempt in range(3))
    assert (first.is_json, second.is_json, third.is_json) == (True, False, False)
    assert first.headers["x-some-header"] == "A"


def test_json_that_is_nested_too_deeply_is_no_json() -> None:
    answer = Answer(200, "OK", {}, "[" * 500_000)
    assert not answer.is_json
    with pytest.raises(ValueError):
        answer.json()


# -- TLS -----------------------------------------------------------------------------------------------------------------
def certificate(place: Path, days: int = 1, address: str = "127.0.0.1") -> Path:
    """A self-signed certificate with its key, valid until so many days from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "simulated PBX")])
    now = datetime.datetime.now(datetime.UTC)
    usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=30))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), False)
        .add_extension(x509.BasicConstraints(True, None), True)
        .add_extension(usage, True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    place.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return place


def speak_tls(server: Any, pem: Path) -> None:
    server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.tls.load_cert_chain(pem)
    server.replies = [server.reply(200, "{}")]


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_a_certificate_that_ca_path_vouches_for_is_accepted(server: Any, open_session: Any, tmp_path: Path) -> None:
    pem = certificate(tmp_path / "good.pem")
    speak_tls(server, pem)
    assert open_session(server.url, verify=str(pem)).write("POST", "/x").ok
    assert open_session(server.url, verify=False).write("POST", "/x").ok


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_environment_may_name_the_certificates_unless_options_do(
    server: Any, open_session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    trusted, other = certificate(tmp_path / "good.pem"), certificate(tmp_path / "other.pem")
    speak_tls(server, trusted)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, str(trusted))
    assert open_session(server.url, verify=True).write("POST", "/x").ok
    with pytest.raises(TransportError, match="cannot be verified"):
        open_session(server.url, verify=str(other)).write("POST", "/x")


@pytest.mark.parametrize(
    ("days", "address", "trusted", "why"),
    [
        (1, "127.0.0.1", False, "the certificate cannot be verified"),
        (-1, "127.0.0.1", True, "the certificate has expired"),
        (1, "192.0.2.1", True, "the certificate cannot be verified"),
    ],
)
@pytest.mark.parametrize("kind", ["read", "write"])
def test_a_bad_certificate_is_explained_and_not_tried_again(
    server: Any, open_session: Any, time_stands_still: Any, tmp_path: Path,
    days: int, address: str, trusted: bool, why: str, kind: str,
) -> None:  # fmt: skip
    pem = certificate(tmp_path / "bad.pem", days, address)
    speak_tls(server, pem)
    session = open_session(server.url, verify=str(pem) if trusted else True)
    with pytest.raises(TransportError, match=why) as caught:
        getattr(session, kind)("POST", "/x")
    assert "ca_path" in str(caught.value) and "\n" not in str(caught.value)
    assert not caught.value.in_doubt
    assert server.requests == []
    assert time_stands_still.naps == [], "no waiting makes a certificate better"


def test_a_write_whose_tls_breaks_after_it_was_sent_is_in_doubt(server: Any, open_session: Any, tmp_path: Path) -> None:
    def spoil(connection: ssl.SSLSocket, request: str) -> None:
        with socket.socket(fileno=connection.detach()) as plain:
            plain.sendall(b"this is no TLS record" * 10)
            plain.recv(1)

    pem = certificate(tmp_path / "good.pem")
    speak_tls(server, pem)
    server.replies = [spoil]
    with pytest.raises(TransportError) as caught:
        open_session(server.url, verify=str(pem)).write("POST", "/x")
    assert caught.value.in_doubt
    assert len(server.requests) == 1
