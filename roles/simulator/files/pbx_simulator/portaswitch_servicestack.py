# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ServiceStack front of Porta Plus 2: routing, binding, content negotiation and errors (vendor note, section 2).

Nothing here knows about telephony: operations, their properties and their routes come in as data.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, unquote_plus

from flask import Response, request

FORMATS = {
    "json": "application/json; charset=utf-8",
    "xml": "application/xml",
    "jsv": "text/jsv",
    "csv": "text/csv",
    "html": "text/html; charset=utf-8",
}
IIS_REFUSES = set("<>*%&:\\?")  # vendor note 2.1, point 8
JSON_DATE = re.compile(r"^/Date\((-?\d+)([+-]\d{4})?\)/$")

Kind = Any  # "int", "bool", "str", "int[]", "str[]" or a tuple of enum member names
Serve = Callable[[str, "Dto"], "dict[str, Any]"]


@dataclass(frozen=True)
class Route:
    """One line of a "routes available" table. `action` names the service method behind it."""

    verb: str
    path: str
    action: str
    write: bool = False

    @property
    def literal(self) -> str:
        return self.path.strip("/").split("/", maxsplit=1)[0].lower()

    @property
    def placeholders(self) -> list[str]:
        return [part.strip("{}") for part in self.path.strip("/").split("/")[1:]]


@dataclass(frozen=True)
class Operation:
    """A request DTO with its properties, the default response DTO (None = null, left out), and its routes."""

    name: str
    request: dict[str, Kind]
    response: dict[str, Any]
    routes: tuple[Route, ...]
    post_action: str | None = None  # what POST on the predefined route does; None: there is no Post() method

    def property(self, name: str) -> str | None:
        """The declared spelling of a property; names are case-insensitive."""
        return next((known for known in self.request if known.lower() == name.lower()), None)


@dataclass
class Dto:
    """A bound request: every property has a value; `given` are those which the request really carried."""

    operation: Operation
    values: dict[str, Any] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.values = {name: default_of(kind) for name, kind in self.operation.request.items()}

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def put(self, name: str, value: Any) -> None:
        self.values[name] = value
        self.given.add(name)


class BindingError(Exception):
    """The request cannot be turned into a DTO: 400 with a ResponseStatus (vendor note 2.5)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class ServiceFault(Exception):
    """An exception thrown inside the service. `body` overrules the switch `error_body`."""

    def __init__(self, message: str, kind: str = "SoapException", status: int = 500, body: str = "") -> None:
        super().__init__(message)
        self.kind, self.status, self.body = kind, status, body


class Refused(Exception):
    """The web server in front of ServiceStack turns the request away."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


class ServiceStack:
    """Answers flask.request: finds the route, binds the DTO, calls `serve(action, dto)`, writes the response."""

    def __init__(self, operations: tuple[Operation, ...], dialect: dict[str, Any]) -> None:
        self.operations = operations
        self.dialect = dialect

    def answer(self, serve: Serve) -> Response:
        try:
            path, suffix = cut_suffix(decoded_path(self.dialect["host"]))
        except Refused as refusal:
            return refusal.response
        parts = [part for part in path.split("/") if part]
        predefined = self._predefined(parts)
        found = predefined or self._route(parts)
        if not found:
            return Response("404", status=404, content_type="text/plain")
        first = parts[0].lower() if predefined else ""
        style = negotiate(suffix, first, self.dialect["default_format"])
        operation = found[0]
        try:
            action, dto = self._bind_predefined(operation) if predefined else self._bind(operation, found[1], parts)
        except BindingError as problem:
            status = {"ErrorCode": problem.code, "Message": str(problem), "Errors": []}
            return write({"ResponseStatus": status}, style, f"400 {problem.code}", operation.name)
        return self._serve(serve, operation, action, dto, style)

    # -- routing -------------------------------------------------------------------------------------------------
    def _route(self, parts: list[str]) -> tuple[Operation, Route] | None:
        """Exact verb, exact segment count, literals in any case (vendor note 2.1, points 2 and 3)."""
        for operation in self.operations:
            for route in operation.routes:
                fits = len(route.placeholders) == len(parts) - 1 and route.verb == request.method
                if fits and route.literal == parts[0].lower():
                    return operation, route
        return None

    def _predefined(self, parts: list[str]) -> tuple[Operation, None] | None:
        """/json/reply/X and its kin (vendor note 2.2)."""
        low = [part.lower() for part in parts]
        if len(low) != 3 or low[0] not in FORMATS or low[0] == "html" or low[1] not in ("reply", "oneway"):
            return None
        if request.method not in ("GET", "POST", "PUT"):
            return None
        return next(((known, None) for known in self.operations if known.name.lower() == low[2]), None)

    # -- binding -------------------------------------------------------------------------------------------------
    def _bind(self, operation: Operation, route: Route, parts: list[str]) -> tuple[str, Dto]:
        """Path variables < body < query string; see vendor note 2.1, point 4 and 2.2."""
        dto = Dto(operation)
        for position, name in enumerate(route.placeholders, 1):
            known = operation.property(name)
            if not known:
                raise BindingError("ArgumentException", f"Could not find property {name} on {operation.name}")
            put_text(dto, known, parts[position])
        if request.method != "GET":
            bind_body(dto)
        bind_query(dto)
        return route.action, dto

    def _bind_predefined(self, operation: Operation) -> tuple[str, Dto]:
        """GET takes the query string only, POST and PUT the body only."""
        dto = Dto(operation)
        if request.method == "GET":
            bind_query(dto)
            return action_by_fields(dto), dto
        bind_body(dto)
        if operation.post_action is None and self.dialect["post_without_post_method"] == "like_get":
            return action_by_fields(dto), dto
        return operation.post_action or "not_implemented", dto

    # -- answering -----------------------------------------------------------------------------------------------
    def _serve(self, serve: Serve, operation: Operation, action: str, dto: Dto, style: str) -> Response:
        try:
            if action == "not_implemented":
                raise ServiceFault("Could not find method named Post", "NotImplementedException", 405)
            values = serve(action, dto)
        except ServiceFault as fault:
            return self._failed(fault, operation, style)
        return write(shaped(operation, {"License": dto["License"], **values}), style, "200 OK", operation.name)

    def _failed(self, fault: ServiceFault, operation: Operation, style: str) -> Response:
        """By default a bare response DTO: only the reason phrase tells what went wrong (vendor note 2.5)."""
        body = fault.body or self.dialect["error_body"]
        status = f"{fault.status} {fault.kind}"
        empty = shaped(operation, {})
        if body == "ok_empty":
            return write(empty, style, "200 OK", operation.name)
        if body == "html":
            text = f"<!DOCTYPE html><html><head><title>{fault.kind}</title></head><body><h1>Server Error in '/' "
            text += "Application.</h1></body></html>"
            return Response(text, status=status, content_type=FORMATS["html"])
        if body == "response_status":
            empty["ResponseStatus"] = {"ErrorCode": fault.kind, "Message": str(fault), "Errors": []}
        return write(empty, style, status, operation.name)


# -- path --------------------------------------------------------------------------------------------------------------
def decoded_path(host: str) -> str:
    """The path, URL-decoded before it is split, as the host hands it over (vendor note 2.1, points 1 and 8)."""
    raw = str(request.environ.get("RAW_URI") or request.path).partition("?")[0]
    if host == "httplistener":
        return unquote_plus(raw)
    path = unquote(raw)
    if unquote_plus(path) != path:
        raise Refused(iis_page("404 Not Found", "HTTP Error 404.11 - The request contained a double escape sequence."))
    if IIS_REFUSES & set(path):
        text = "A potentially dangerous Request.Path value was detected from the client."
        raise Refused(iis_page("400 Bad Request", text))
    return path


def iis_page(status: str, text: str) -> Response:
    page = f"<!DOCTYPE html><html><head><title>{status}</title></head><body><h2>{text}</h2></body></html>"
    return Response(page, status=status, content_type=FORMATS["html"])


def cut_suffix(path: str) -> tuple[str, str]:
    """The suffix trap: what follows the last dot of the whole path may be a format (vendor note 2.1, point 7)."""
    head, dot, suffix = path.rpartition(".")
    return (head, suffix.lower()) if dot and suffix.lower() in FORMATS else (path, "")


def action_by_fields(dto: Dto) -> str:
    """On a predefined route only the fields can tell what is meant: the GET route with most of its placeholders set
    (vendor note 3: such a request may well delete something)."""
    is_set = {name for name, value in dto.values.items() if value not in (None, 0, False, "")}
    fitting = [route for route in dto.operation.routes if route.verb == "GET" and is_set >= set(route.placeholders)]
    return max(fitting, key=lambda route: len(route.placeholders)).action if fitting else "nothing"


# -- values ------------------------------------------------------------------------------------------------------------
def default_of(kind: Kind) -> Any:
    """What .NET has when nothing was sent: 0, false, the first member of the enum, null."""
    return kind[0] if isinstance(kind, tuple) else {"int": 0, "bool": False}.get(kind)


def put_text(dto: Dto, name: str, text: str) -> None:
    """A path or query value: an empty one is skipped, an unparsable one is a 400 (vendor note 2.1 point 5, 2.3)."""
    if text == "":
        return
    try:
        dto.put(name, from_text(dto.operation.request[name], text))
    except ValueError as problem:
        message = f"KeyValueDataContractDeserializer: Error converting to type: {problem}"
        raise BindingError("SerializationException", message) from problem


def bind_query(dto: Dto) -> None:
    """Query keys that are not on the DTO are ignored; repeated keys are joined as .NET does."""
    put_pairs(dto, parse_qs(request.query_string.decode("utf-8", "replace")))


def put_pairs(dto: Dto, pairs: dict[str, list[str]]) -> None:
    for key, texts in pairs.items():
        known = dto.operation.property(key)
        if known:
            put_text(dto, known, ",".join(texts))


def bind_body(dto: Dto) -> None:
    """A body counts only with a Content-Length and a Content-Type that is handled, else the DTO stays empty."""
    kind = request.mimetype
    if kind == "application/x-www-form-urlencoded":
        put_pairs(dto, parse_qs(request.get_data(as_text=True)))
    if kind != "application/json" or not request.content_length:
        return
    try:
        body = json.loads(request.get_data())
    except ValueError as problem:
        raise BindingError("SerializationException", "Unable to bind to request") from problem
    if not isinstance(body, dict):
        raise BindingError("SerializationException", "Type definitions should start with a '{'")
    for key, value in body.items():
        known = dto.operation.property(key)
        if known and value is not None:
            put_json(dto, known, value)


def put_json(dto: Dto, name: str, value: Any) -> None:
    """An unparsable JSON value is skipped, with HTTP 200 (vendor note 2.3)."""
    try:
        dto.put(name, from_json(dto.operation.request[name], value))
    except ValueError:
        pass


def from_text(kind: Kind, text: str) -> Any:
    if kind == "str":
        return text
    if kind == "int":
        return int32(text)
    if kind == "bool":
        if text.lower() not in ("true", "false"):
            raise ValueError(f"{text!r} is not a Boolean")
        return text.lower() == "true"
    if isinstance(kind, tuple):
        return enum_member(kind, text)
    inner = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    return [from_text(kind[:-2], item.strip().strip('"')) for item in inner.split(",")] if inner.strip() else []


def from_json(kind: Kind, value: Any) -> Any:
    if kind in ("int[]", "str[]") and isinstance(value, list):
        return [from_json(kind[:-2], item) for item in value]
    if isinstance(value, str):
        return from_text(kind, value)
    if kind == "str":
        return value if value is None else json.dumps(value)
    if kind == "bool" and isinstance(value, bool):
        return value
    if not isinstance(value, bool) and isinstance(value, int) and kind != "bool":
        return from_text(kind, str(value))
    raise ValueError(f"{value!r} is not a {kind}")


def int32(text: str) -> int:
    if not re.fullmatch(r"\s*[+-]?\d+\s*", text) or not -(2**31) <= int(text) < 2**31:
        raise ValueError(f"{text!r} is not an Int32")
    return int(text)


def enum_member(names: tuple[str, ...], text: str) -> str:
    if text.isdigit() and int(text) < len(names):
        return names[int(text)]
    for name in names:
        if name.lower() == text.lower():
            return name
    raise ValueError(f"Requested value {text!r} was not found")


# -- output ------------------------------------------------------------------------------------------------------------
def negotiate(suffix: str, first: str, default: str) -> str:
    """?format, then the suffix or the first path part, then Accept, then Content-Type (vendor note 2.2)."""
    asked = request.args.get("format", "").lower() or suffix or first
    if asked in FORMATS:
        return asked
    accept = request.headers.get("Accept", "*/*").lower()
    for mark, style in (("text/html", "html"), ("json", "json"), ("xml", "xml"), ("csv", "csv"), ("jsv", "jsv")):
        if mark in accept:
            return style
    return "json" if request.mimetype == "application/json" else default


def shaped(operation: Operation, values: dict[str, Any]) -> dict[str, Any]:
    """The response DTO in the order of its page, nulls left out."""
    return without_nulls({name: values.get(name, default) for name, default in operation.response.items()})


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def write(body: dict[str, Any], style: str, status: str, name: str) -> Response:
    callback = request.args.get("callback")
    if callback:
        return Response(f"{callback}({to_json(body)})", status=status, content_type="text/javascript")
    writers = {"json": to_json, "jsv": to_jsv, "csv": to_csv, "html": to_html, "xml": lambda data: to_xml(name, data)}
    response = Response(writers[style](body), status=status, content_type=FORMATS[style])
    if style == "csv":
        response.headers["Content-Disposition"] = f"attachment;filename={name}.csv"
    return response


def to_json(body: Any) -> str:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return re.sub(r'"/(Date\([^)]*\))/"', r'"\\/\1\\/"', text)


def to_jsv(value: Any) -> str:
    """ServiceStack's JSON without quotes, with ISO dates."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}:{to_jsv(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(to_jsv(item) for item in value) + "]"
    if isinstance(value, str):
        text = iso_date(value)
        return '"' + text.replace('"', '""') + '"' if re.search(r'[",{}\[\]]', text) else text
    return str(value)


def iso_date(text: str) -> str:
    date = JSON_DATE.match(text)
    if not date:
        return text
    moment = datetime(1970, 1, 1) + timedelta(milliseconds=int(date.group(1)))
    return moment.isoformat() if moment.time() != datetime.min.time() else moment.strftime("%Y-%m-%d").zfill(10)


def to_csv(body: dict[str, Any]) -> str:
    """One row; a nested list becomes one JSV cell, as the CSV pages show."""
    out = io.StringIO()
    cells = [item if isinstance(item, str) else to_jsv(item) for item in body.values()]
    csv.writer(out).writerows([list(body), cells])
    return out.getvalue()


def to_html(body: dict[str, Any]) -> str:
    snapshot = html.escape(to_json(body))
    return f"<!DOCTYPE html><html><head><title>Snapshot</title></head><body><pre>{snapshot}</pre></body></html>"


def to_xml(name: str, value: Any) -> str:
    if isinstance(value, dict):
        inner = "".join(to_xml(key, item) for key, item in value.items())
    elif isinstance(value, list):
        inner = "".join(to_xml("item", item) for item in value)
    else:
        inner = str(value).lower() if isinstance(value, bool) else html.escape(str(value))
    return f"<{name}>{inner}</{name}>"
