# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ServiceStack front of Porta Plus 2: routing, predefined routes and errors (vendor note, section 2).

Nothing here knows about telephony: operations, their properties and their routes come in as data. Section 2.6 of the
note was seen on real servers, and wins.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request

from .portaswitch_binding import Binding, BindingError
from .portaswitch_dto import Dto, Operation, Route
from .portaswitch_formats import FORMATS, negotiate, shaped, write
from .portaswitch_host import LOGIN_PAGE, Refused, page, received_path, sign_in_first

Serve = Callable[[str, Dto], "dict[str, Any] | None"]
POWERED_BY = {"v3": "ServiceStack/3.960 Win32NT/.NET", "v4": "ServiceStack/4.030 Win32NT/.NET"}
CONTROLLERS = {"v3": ("reply", "oneway", "syncreply", "asynconeway"), "v4": ("reply", "oneway")}
STATUSES = {  # by the name of the exception; all others are 500
    "ArgumentException": 400,
    "ArgumentOutOfRangeException": 400,
    "SerializationException": 400,
    "UnauthorizedAccessException": 403,
    "NotImplementedException": 405,
    "NotSupportedException": 405,
    "OptimisticConcurrencyException": 409,
}


class ServiceFault(Exception):
    """An exception thrown inside the service. `body` overrules the switch `error_body`."""

    def __init__(self, message: str, kind: str = "SoapException", body: str = "") -> None:
        super().__init__(message)
        self.kind, self.body = kind, body

    def status_line(self, version: str) -> str:
        """The reason phrase is the exception's name. A failed login is a 500 before v4."""
        if self.kind == "AuthenticationException" and version == "v4":
            return f"401 {self.kind}"
        return f"{STATUSES.get(self.kind, 500)} {self.kind}"


class HttpError(ServiceFault):
    """ServiceStack's HttpError: its own status, and the message as reason phrase."""

    def __init__(self, status: int, message: str, body: str = "") -> None:
        super().__init__(message, "HttpError", body)
        self.status = status

    def status_line(self, version: str) -> str:
        return f"{self.status} {self}"


class ServiceStack:
    """Answers flask.request: finds the route, binds the DTO, calls `serve(action, dto)`, writes the response."""

    def __init__(self, operations: tuple[Operation, ...], dialect: dict[str, Any]) -> None:
        self.operations, self.dialect = operations, dialect
        self.version: str = dialect["servicestack"]

    def answer(self, serve: Serve) -> Response:
        signs_in = self.dialect["forms_authentication"] and self.dialect["host"] == "iis"
        try:
            path = received_path(self.dialect["host"])
        except Refused as refusal:
            return refusal.response
        if signs_in and path.lower() == LOGIN_PAGE:
            return page("200 OK", "Log in")
        response = self._respond(path, serve)
        response.headers["X-Powered-By"] = POWERED_BY[self.version]
        return sign_in_first() if signs_in and response.status_code == 401 else response

    def _respond(self, path: str, serve: Serve) -> Response:
        path, suffix = cut_suffix(path)
        parts = [part for part in path.split("/") if part]
        default = self.dialect["default_format"]
        if len(parts) > 2 and parts[0].lower() in FORMATS and parts[1].lower() in CONTROLLERS[self.version]:
            return self._predefined(path, parts, negotiate(suffix, parts[0].lower(), default), serve)
        found = self._route(parts)
        if not found:
            return Response("404", status=404, content_type="text/plain")
        operation, route = found
        return self._bound(operation, route, parts, negotiate(suffix, "", default), serve)

    # -- routing -------------------------------------------------------------------------------------------------
    def _route(self, parts: list[str]) -> tuple[Operation, Route] | None:
        """Exact verb, exact segment count, literals in any case (vendor note 2.1, points 2 and 3)."""
        for operation in self.operations:
            for route in operation.routes:
                fits = len(route.placeholders) == len(parts) - 1 and route.verb == request.method
                if fits and route.literal == parts[0].lower():
                    return operation, route
        return None

    def _bound(self, operation: Operation, route: Route, parts: list[str], style: str, serve: Serve) -> Response:
        """A route of the pages: path variables < body < query string (vendor note 2.1, point 4)."""
        dto = Dto(operation)
        binding = Binding(dto, self.version)
        try:
            binding.path(route.placeholders, parts[1:])
            if request.method != "GET":
                binding.body()
            binding.query()
        except BindingError:
            return self._not_bound(operation, style)
        return self._serve(serve, operation, route.action, dto, style)

    def _predefined(self, path: str, parts: list[str], style: str, serve: Serve) -> Response:
        """/json/reply/X and its kin: GET takes the query string only, POST the body only. No service has Put()."""
        name, exact = parts[2].lower(), len(parts) == 3 and not path.endswith("/")
        operation = next((known for known in self.operations if known.name.lower() == name), None)
        by_fields = request.method == "GET" or self.dialect["post_without_post_method"] == "like_get"
        if not operation or not exact or request.method not in ("GET", "POST"):
            return self._not_implemented(parts[2], style)
        if not by_fields and operation.post_action is None:
            return self._not_implemented(parts[2], style)
        dto = Dto(operation)
        try:
            if request.method == "GET":
                Binding(dto, self.version).query()
            else:
                Binding(dto, self.version).body()
        except BindingError:
            return self._not_bound(operation, style)
        post_action = operation.post_action if request.method == "POST" else None
        return self._serve(serve, operation, post_action or action_by_fields(dto), dto, style)

    # -- answering -----------------------------------------------------------------------------------------------
    def _serve(self, serve: Serve, operation: Operation, action: str, dto: Dto, style: str) -> Response:
        try:
            values = serve(action, dto)
        except ServiceFault as fault:
            return self._failed(fault, operation, style)
        if values is None:
            return Response("", status=200, content_type=FORMATS[style])
        return write(shaped(operation, {"License": dto["License"], **values}), style, "200 OK", operation.name)

    def _failed(self, fault: ServiceFault, operation: Operation, style: str) -> Response:
        """By default a bare response DTO: only the reason phrase tells what went wrong (vendor note 2.5)."""
        body = fault.body or self.dialect["error_body"]
        status = fault.status_line(self.version)
        empty = shaped(operation, {})
        if body == "ok_empty":
            return write(empty, style, "200 OK", operation.name)
        if body == "html":
            return page(status, "Server Error in '/' Application.")
        if body == "response_status":
            empty["ResponseStatus"] = {"ErrorCode": fault.kind, "Message": str(fault), "Errors": []}
        return write(empty, style, status, operation.name)

    @staticmethod
    def _not_bound(operation: Operation, style: str) -> Response:
        """It never tells what does not fit."""
        status = {"ErrorCode": "RequestBindingException", "Message": "Unable to bind request"}
        return write({"ResponseStatus": status}, style, "400 Bad Request", operation.name)

    @staticmethod
    def _not_implemented(name: str, style: str) -> Response:
        status = {"ErrorCode": "NotImplementedException", "Message": f"The operation '{name}' does not exist"}
        return write({"ResponseStatus": status}, style, "405 Method Not Allowed", name)


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
