# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds secrets in texts, however they are spelt; and a vendor that repeats the secrets of its clients in its answers."""

from __future__ import annotations

import base64
import binascii
import html
import itertools
import json
import re
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from flask import Response, request

from ansible_collections.telephony.pbx.tests.contract.cases import Values
from pbx_simulator.core import Vendor

SUITE = "Secrets"
WINDOW = 8  # so many characters of a long secret are a leak too
SHORTEST_WITH_PARTS = 12


# -- spellings -----------------------------------------------------------------------------------------------------------
def lower_hex(text: str) -> str:
    return re.sub("%[0-9A-F]{2}", lambda found: found.group().lower(), text)


def dotnet(text: str) -> str:
    """As System.Text.Json writes a string: everything that might matter in HTML, and all but ASCII, is escaped."""
    return "".join(
        character if character.isascii() and character not in "\"&'+<>`\\" else f"\\u{ord(character):04X}"
        for character in text
    )


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "percent": lambda text: quote(text, safe=""),
    "percent, lower case": lambda text: lower_hex(quote(text, safe="")),
    "percent, of a form": quote_plus,
    "percent, as in a path": quote,
    "percent, every byte": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "percent, twice": lambda text: quote(quote(text, safe=""), safe=""),
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON, not ASCII": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON, of .NET": dotnet,
    "JSON in JSON": lambda text: json.dumps(json.dumps(text))[3:-3],
    "HTML": html.escape,
    "HTML in JSON": lambda text: json.dumps(html.escape(text))[1:-1],
    "HTML, decimal": lambda text: "".join(c if c.isalnum() else f"&#{ord(c)};" for c in text),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 without padding": lambda text: base64.b64encode(text.encode()).decode().rstrip("="),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "base64 of user:secret": lambda text: base64.b64encode(f"admin:{text}".encode()).decode(),
    "line break inside": lambda text: f"{text[: len(text) // 2]}\n  {text[len(text) // 2 :]}",
    "UTF-8 read as Latin-1": lambda text: text.encode().decode("latin-1"),
}


# -- finding -------------------------------------------------------------------------------------------------------------
def _json_unescaped(text: str) -> str:
    """Escapes undone once; in what was escaped twice an escaped backslash comes first."""

    def plain(found: re.Match[str]) -> str:
        return chr(int(found.group(1), 16)) if found.group(1) else found.group(2)

    return re.sub(r"\\(?:u([0-9a-fA-F]{4})|(.))", plain, text)


def _latin_repaired(text: str) -> str:
    return re.sub("[\x80-\xff]+", lambda found: found.group().encode("latin-1").decode("utf-8", errors="replace"), text)


def _squeezed(text: str) -> str:
    """Without white space, also where JSON or repr has escaped it."""
    return re.sub(r"\s+|\\[nrt]", "", text)


def _base64_decoded(text: str) -> str:
    """Everything that may be base64 in a text, decoded, whatever stands before it."""
    found = []
    for run in re.findall(r"[A-Za-z0-9+/_-]{4,}", text):
        for start in range(min(4, len(run))):
            part = run[start:].replace("-", "+").replace("_", "/")
            part = part[: len(part) // 4 * 4] if len(part) % 4 == 1 else part + "=" * (-len(part) % 4)
            try:
                found.append(base64.b64decode(part).decode("utf-8", errors="replace"))
            except binascii.Error:
                continue
    return "\n".join(found)


# What undoes a spelling, and the characters without which it need not be tried.
_DECODERS: tuple[tuple[Callable[[str], str], str], ...] = (
    (unquote, "%"),
    (unquote_plus, "%+"),
    (html.unescape, "&"),
    (_json_unescaped, "\\"),
    (_latin_repaired, "ÃÂÐÅ"),
    (_squeezed, ""),
)


def views(text: str, depth: int = 2) -> Iterator[str]:
    """The text as it is, and with every spelling undone, also one in another."""
    seen = {text}
    newest = [text]
    yield text
    for _round in range(depth):
        found = {
            decode(one)
            for one in newest
            for decode, marks in _DECODERS
            if not marks or any(mark in one for mark in marks)
        }
        newest = sorted(found - seen)
        seen |= found
        yield from newest
    yield _base64_decoded(text)
    yield _base64_decoded(_squeezed(text))


class Scanner:
    """Looks for secrets (by name) in texts: whole, or parts of those that are long."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self.wanted: dict[str, str] = {}
        self.parts: dict[str, list[str]] = {}
        self.texts = self.characters = 0
        for name, secret in secrets.items():
            self.add(name, secret)

    def add(self, name: str, secret: str) -> None:
        self.wanted[name] = secret
        if len(secret) >= SHORTEST_WITH_PARTS:
            self.parts[name] = [secret[start : start + WINDOW] for start in range(0, len(secret) - WINDOW + 1, 4)]

    def leaks(self, text: str, depth: int = 2) -> list[str]:
        """The names of the secrets that the text holds."""
        self.texts += 1
        self.characters += len(text)
        found = set()
        for view in views(text, depth):
            for name, secret in self.wanted.items():
                if secret in view or (len(secret) > 4 and _squeezed(secret) in view):
                    found.add(name)
        found |= {name for name, parts in self.parts.items() if any(part in text for part in parts)}
        return sorted(found)

    def leaks_of(self, result: Any) -> list[str]:
        """The same of a result: its texts, and all of it as JSON and as Python shows it."""
        shown = json.dumps(result, ensure_ascii=False, default=str)
        return self.leaks("\n".join([*_texts(result), shown, repr(result)]))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


# -- a vendor that tells ------------------------------------------------------------------------------------------------
def raw_answer(status: str, headers: Iterable[str], body: str) -> Response:
    """Send these very bytes: frameworks correct what a hostile server would not."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    data = body.encode()
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(data)}", "Connection: close", "", ""]
    try:
        connection.sendall("\r\n".join(lines).encode() + data)
    except OSError:
        pass  # the client went away
    return Vendor._drop_quietly(connection)


def error_body(backend: str, text: str) -> str:
    """An error of the backend's own kind that says this."""
    shapes: dict[str, Any] = {
        "portaswitch": {"License": text, "ResponseStatus": {"ErrorCode": text, "Message": text, "StackTrace": text}},
        "vodia": {"error": text},
        "apio": {"errors": [{"message": text, "details": {"reason": text}}], "_record_internal_id": text},
    }
    return json.dumps(shapes[backend])


JSON, PLAIN, PAGE = (f"Content-Type: {kind}" for kind in ("application/json", "text/plain", "text/html; charset=utf-8"))


def spoken(backend: str, place: str, text: str) -> Response:
    """An answer that holds a text at a place."""
    one_line = re.sub(r"\s*[\r\n]\s*", " ", text)
    answers: dict[str, tuple[str, list[str], str]] = {
        "JSON 500": ("500 Oops", [JSON], error_body(backend, text)),
        "JSON 401": ("401 Unauthorized", [JSON], error_body(backend, text)),
        "JSON 403": ("403 Forbidden", [JSON], error_body(backend, text)),
        "text 500": ("500 Oops", [PLAIN], f"denied: {text}"),
        "text 400": ("400 Bad", [PLAIN], f"denied: {text}"),
        "raw JSON 500": ("500 Oops", [JSON], f'{{"error": "{text}"}}'),
        "page 200": ("200 OK", [PAGE], f"<html><p>{text}</p></html>"),
        "page 403": ("403 Forbidden", [PAGE], f"<html><p>{text}</p></html>"),
        "list 200": ("200 OK", [JSON], json.dumps([text])),
        "reason": (f"500 {one_line}", [PLAIN], ""),
        "redirect": ("302 Found", [f"Location: http://elsewhere.invalid/{one_line}", PLAIN], one_line),
        "headers": (
            "401 Unauthorized",
            [f'WWW-Authenticate: Basic realm="{one_line}"', f"Set-Cookie: sessionid={one_line}", PLAIN],
            "",
        ),
        "broken headers": ("500 Oops", [PLAIN, f"no header {one_line}", ": nothing"], f"denied: {text}"),
    }
    return raw_answer(*answers[place])


PLACES = (
    "JSON 500", "JSON 401", "JSON 403", "text 500", "text 400", "raw JSON 500", "page 200", "page 403", "list 200",
    "reason", "redirect", "headers", "broken headers",
)  # fmt: skip


class Hostile:
    """Makes a simulated vendor repeat secrets in its answer to request k (or to all), and knows what it gave out.

    secrets: all that there are. told: those that the client has sent and that are repeated. given: those that the
    vendor itself has made: tokens, cookies.
    """

    def __init__(self, backend: str, vendor: Vendor, secrets: Mapping[str, str]) -> None:
        self.backend, self.vendor, self.secrets = backend, vendor, dict(secrets)
        self.told = dict(secrets)
        self.at: int | None = None
        self.always = False
        self.place, self.spelling = PLACES[0], "as it is"
        self.turn = itertools.count()
        self.given: dict[str, str] = {}
        self.talkative = False
        self.answer_of_vendor = type(vendor).answer

    def install(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(self.vendor, "answer", self.answer, raising=False)
        if hasattr(self.vendor, "_token"):
            made = type(self.vendor)._token
            monkeypatch.setattr(self.vendor, "_token", lambda *given: self.note("token", made(self.vendor, *given)))

    def note(self, kind: str, secret: str) -> str:
        self.given[f"{kind} {len(self.given)}"] = secret
        return secret

    def quiet(self) -> None:
        self.at, self.always, self.talkative = None, False, False
        self.vendor.faults = []

    def answer(self) -> Response:
        if self.always or self.vendor.log[-1]["n"] - 1 == self.at:
            return spoken(self.backend, self.place, self.echo())
        response = self.answer_of_vendor(self.vendor)
        for session in self.vendor.state.get("sessions", {}):
            if session not in self.given.values():
                self.note("session cookie", session)
        return self.gossiping(response) if self.talkative else response

    def echo(self) -> str:
        """One of the secrets in the spelling that is set, or a part of the request that holds one."""
        brought = [request.headers.get("Authorization"), request.headers.get("Cookie"), self.vendor.log[-1]["raw"]]
        spell = SPELLINGS[self.spelling]
        choices = [spell(secret) for secret in {**self.told, **self.given}.values()] + [one for one in brought if one]
        return choices[next(self.turn) % len(choices)]

    def gossiping(self, response: Response) -> Response:
        """The usual answer, with credentials in every one of its objects: servers add fields."""
        data = response.get_json(silent=True)
        if response.status_code != 200 or "/login" in request.path or "/auth/" in request.path or data is None:
            return response
        told = {f"x_{name}": secret for name, secret in self.secrets.items()}
        told |= {"License": self.secrets.get("licence"), "password": next(iter(self.secrets.values()))}
        response.set_data(json.dumps(_with(data, {**told, "sip_pass": "SipPass-93kd82", "Authorization": str(told)})))
        return response


def _with(data: Any, more: Values) -> Any:
    """Every object of the data with more in it; one that holds nothing stays empty, for that has a meaning."""
    if isinstance(data, dict) and data:
        return {
            **{name: value for name, value in more.items() if name not in data},
            **{k: _with(v, more) for k, v in data.items()},
        }
    return [_with(item, more) for item in data] if isinstance(data, list) else data
