# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets that the suites use, every spelling in which one may come back, a scanner, and a vendor that repeats them."""

from __future__ import annotations

import base64
import html
import itertools
import json
import re
import socket
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

from flask import Response, request

from ansible_collections.telephony.pbx.tests.contract.cases import State, Values
from pbx_simulator.core import Vendor

SUITE = "Secrets"
AGENT = "700004"
# What the clients know. Odd enough not to be in any text by chance, and all of a kind that the server takes.
SECRETS: dict[str, dict[str, str]] = {
    "portaswitch": {
        "licence": "LiC-7qZt=Wx~0815;vR", "service password": 'Sv p/w 9% + u"kX', "hashed account": "hA5h+xyz/Q==9vT",
    },
    "vodia": {
        "password": "Vd!pa s'w%2F+\"&=9<Qm>", "SIP password": "Sip/Pw-83jXq", "web password": "wEb+Pw 77 zQ",
        "PIN": "PIN90317",
    },
    "apio": {
        "password": 'Ap\\pw "7" u&%41+zK', "machine token": "mT-51xQz/abc+DEF==vw",
        "group password": "Grp'Pw 6%\u20ac+hN",
    },
}  # fmt: skip
# The one of them that usually opens the connection.
MAIN = {"portaswitch": "licence", "vodia": "password", "apio": "machine token"}


def give_secrets(backend: str, state: State) -> None:
    """Make our secrets those of a simulator."""
    known = SECRETS[backend]
    if backend == "portaswitch":
        state["licences"] = {known["licence"]: [10]}
        account = state["customers"]["10"]["accounts"][AGENT]
        account.update(service_password=known["service password"], hash=known["hashed account"])
    elif backend == "vodia":
        for administrator in state["administrators"]:
            administrator["password"] = known["password"]
        own = {"sip_pass": known["SIP password"], "web_pass": known["web password"], "pin": known["PIN"]}
        for account in state["domains"]["localhost"]["accounts"].values():
            account["settings"].update(own if account["type"] == "extensions" else {})
    else:
        state["accounts"]["demo"].update(password=known["password"], machine_token=known["machine token"])


# -- spellings -----------------------------------------------------------------------------------------------------------
def dotnet(text: str) -> str:
    """As System.Text.Json writes a string: everything that might matter in HTML, and all but ASCII, is escaped."""
    return "".join(one if one.isascii() and one not in "\"&'+<>`\\" else f"\\u{ord(one):04X}" for one in text)


def lower_hex(text: str) -> str:
    return re.sub("%[0-9A-F]{2}", lambda found: found.group().lower(), text)


def base64_of(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


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
    "base64": base64_of,
    "base64 without padding": lambda text: base64_of(text).rstrip("="),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "base64 of user:secret": lambda text: base64_of(f"admin:{text}"),
    "line break inside": lambda text: f"{text[: len(text) // 2]}\n  {text[len(text) // 2 :]}",
    "UTF-8 read as Latin-1": lambda text: text.encode().decode("latin-1"),
}


def unescaped(text: str) -> str:
    """Escapes of JSON undone once."""
    return re.sub(r"\\(?:u([0-9a-fA-F]{4})|(.))", lambda found: chr(int(found[1], 16)) if found[1] else found[2], text)


def squeezed(text: str) -> str:
    """Without white space, also where JSON or repr has escaped it."""
    return re.sub(r"\s+|\\[nrt]", "", text)


class Scanner:
    """Looks for secrets (by name) in texts, in every spelling: whole, or a part of one that is long."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self.wanted: dict[str, set[str]] = {}
        for name, secret in secrets.items():
            self.add(name, secret)

    def add(self, name: str, secret: str) -> None:
        spelt = {spell(secret) for spell in SPELLINGS.values()}
        parts = {secret[at : at + 8] for at in range(0, len(secret) - 7, 4)} if len(secret) >= 12 else set()
        self.wanted[name] = spelt | parts | ({squeezed(one) for one in spelt} if len(secret) > 4 else set())

    def leaks(self, text: str) -> list[str]:
        """The names of the secrets that the text holds."""
        views = [text, unescaped(text)]
        views.append(unescaped(views[1]))
        views += [squeezed(view) for view in views]
        return sorted(
            name for name, spelt in self.wanted.items() if any(one in view for view in views for one in spelt)
        )

    def leaks_of(self, result: Any) -> list[str]:
        """The same of a result: as JSON, which is searched with its escapes undone too, and as Python shows it."""
        return self.leaks(f"{json.dumps(result, ensure_ascii=False, default=str)}\n{result!r}")


# -- a vendor that tells ------------------------------------------------------------------------------------------------
def error_body(backend: str, text: str) -> str:
    """An error of the backend's own kind that says this."""
    shapes: dict[str, Any] = {
        "portaswitch": {"License": text, "ResponseStatus": {"ErrorCode": text, "Message": text, "StackTrace": text}},
        "vodia": {"error": text},
        "apio": {"errors": [{"message": text, "details": {"reason": text}}], "_record_internal_id": text},
    }
    return json.dumps(shapes[backend])


JSON, PLAIN, PAGE = "application/json", "text/plain", "text/html; charset=utf-8"
# Where a secret may stand in an answer: status, type, and how the body is made of it.
BODIES: dict[str, tuple[int, str, Callable[[str, str], str]]] = {
    "JSON 500": (500, JSON, error_body),
    "JSON 401": (401, JSON, error_body),
    "JSON 403": (403, JSON, error_body),
    "text 500": (500, PLAIN, lambda _backend, text: f"denied: {text}"),
    "text 400": (400, PLAIN, lambda _backend, text: f"denied: {text}"),
    "raw JSON 500": (500, JSON, lambda _backend, text: f'{{"error": "{text}"}}'),
    "page 200": (200, PAGE, lambda _backend, text: f"<html><p>{text}</p></html>"),
    "page 403": (403, PAGE, lambda _backend, text: f"<html><p>{text}</p></html>"),
    "list 200": (200, JSON, lambda _backend, text: json.dumps([text])),
}
# The same of what frameworks correct and a hostile server does not: the very lines of the head.
HEADS: dict[str, Callable[[str], Iterable[str]]] = {
    "reason": lambda text: [f"500 {text}"],
    "redirect": lambda text: ["302 Found", f"Location: http://elsewhere.invalid/{text}"],
    "headers": lambda text: [
        "401 No", f'WWW-Authenticate: Basic realm="{text}"', f"Set-Cookie: sessionid={text}",
    ],
    "broken headers": lambda text: ["500 Oops", f"no header {text}", ": nothing"],
}  # fmt: skip
PLACES = (*BODIES, *HEADS)


def spoken(backend: str, place: str, text: str) -> Response:
    """An answer that holds a text at a place."""
    if place in BODIES:
        status, kind, body = BODIES[place]
        return Response(body(backend, text), status=status, content_type=kind)
    connection: socket.socket = request.environ["werkzeug.socket"]
    head = HEADS[place](re.sub(r"\s*[\r\n]\s*", " ", text))
    lines = [*head, f"Content-Type: {PLAIN}", "Content-Length: 0", "Connection: close", "", ""]
    connection.sendall(("HTTP/1.1 " + "\r\n".join(lines)).encode())
    return Vendor._drop_quietly(connection)


class Hostile:
    """Makes a simulated vendor repeat secrets in its answer to request `at` (or to all), and knows what it gave out.

    told: the secrets that the client has sent and that are repeated. given: those that the vendor itself has made: tokens,
    cookies. talkative: the usual answers, with credentials in every one of their objects: servers add fields.
    """

    def __init__(self, backend: str, vendor: Vendor) -> None:
        self.backend, self.vendor, self.told = backend, vendor, dict(SECRETS[backend])
        self.given: dict[str, str] = {}
        self.turn = itertools.count()
        vendor.answer = self.answer  # type: ignore[method-assign]
        if hasattr(vendor, "_token"):
            made = type(vendor)._token
            vendor._token = lambda *given: self.note("token", made(vendor, *given))
        self.quiet()

    def quiet(self) -> None:
        self.at: int | None = None
        self.always = self.talkative = False
        self.place, self.spelling = PLACES[0], "as it is"
        self.vendor.faults = []

    def tell(self, place: str, spelling: str = "as it is", at: int | None = None) -> None:
        """Answer with a secret at a place: at one request, or always."""
        self.quiet()
        self.place, self.spelling, self.at, self.always = place, spelling, at, at is None
        if place in HEADS:  # a fault that is never met; but with one of its kind, answers go over a real connection
            self.vendor.add_fault("latency", match="(?!)", times=None)

    def note(self, kind: str, secret: str) -> str:
        self.given[f"{kind} {len(self.given)}"] = secret
        return secret

    def answer(self) -> Response:
        if self.always or self.vendor.log[-1]["n"] - 1 == self.at:
            return spoken(self.backend, self.place, self.echo())
        response = type(self.vendor).answer(self.vendor)
        for session in self.vendor.state.get("sessions", {}):
            if session not in self.given.values():
                self.note("session cookie", session)
        return self.gossiping(response) if self.talkative else response

    def echo(self) -> str:
        """One of the secrets in the spelling that is set, or a part of the request that holds one."""
        brought = [request.headers.get("Authorization"), request.headers.get("Cookie"), self.vendor.log[-1]["raw"]]
        secrets = {**self.told, **self.given}.values()
        choices = [SPELLINGS[self.spelling](secret) for secret in secrets] + [one for one in brought if one]
        return choices[next(self.turn) % len(choices)]

    def gossiping(self, response: Response) -> Response:
        data = response.get_json(silent=True)
        if response.status_code == 200 and not re.search("/login|/auth/", request.path) and data is not None:
            own = SECRETS[self.backend]
            more = {f"x_{name}": secret for name, secret in own.items()}
            more |= {"License": own.get("licence", ""), "password": next(iter(own.values())), "sip_pass": str(own)}
            response.set_data(json.dumps(_with(data, more)))
        return response


def _with(data: Any, more: Values) -> Any:
    """Every object of the data with more in it; one that holds nothing stays empty, for that has a meaning."""
    if isinstance(data, dict) and data:
        return {**more, **{key: _with(value, more) for key, value in data.items()}}
    return [_with(item, more) for item in data] if isinstance(data, list) else data
