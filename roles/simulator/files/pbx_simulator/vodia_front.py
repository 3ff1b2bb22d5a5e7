# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The front door of the simulated Vodia PBX: who may ask what, and what a request asks for.

"vendor note N" as in vodia.py.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from flask import Response, request

from .core import Vendor, as_json
from .vodia_data import OPEN_ROUTE, REASONS, ROUTES


class Refusal(Exception):
    """The PBX answers with an error status and changes nothing."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def no_constant(word: str) -> None:
    """Refuse NaN and Infinity, which are no JSON."""
    raise ValueError(word)


class FrontDoor(Vendor):
    """Logins, routes and bodies; the accounts are in vodia.py."""

    def is_write(self, method: str, path: str) -> bool:
        """GET never writes; POST, PUT and DELETE always may (vendor note 3)."""
        return method in ("POST", "PUT", "DELETE") and path.startswith("/rest/")

    # -- one request -------------------------------------------------------------------------------------------
    def answer(self) -> Response:
        raw = (request.environ.get("RAW_URI") or request.path).split("?")[0]
        segments = [unquote(segment) for segment in raw.split("/")[1:]]
        if (request.method, segments) == OPEN_ROUTE:
            return as_json({})
        try:
            administrator = self._administrator()
            handler, names = self._route(segments)
            values = self._scoped(administrator, names)
            try:
                return as_json(getattr(self, handler)(*values))
            finally:
                self._count_read(names)
        except Refusal as refusal:
            response = Response(REASONS[refusal.status], status=refusal.status, content_type="text/plain")
            if refusal.status == 401:
                response.headers["WWW-Authenticate"] = 'Basic realm="PBX"'
            return response

    def _administrator(self) -> dict[str, Any]:
        """Who asks. HTTP Basic on every request, and an API switch per administrator (vendor note 2)."""
        login = request.authorization
        given = (login.username, login.password) if login and login.type == "basic" else None
        for administrator in self.state["administrators"]:
            if given == (administrator["name"], administrator["password"]):
                if administrator["api"] != "true":
                    raise Refusal(403)
                return administrator
        raise Refusal(int(self.dialect["bad_credentials"]))

    @staticmethod
    def _route(segments: list[str]) -> tuple[str, dict[str, str]]:
        for method, pattern, handler in ROUTES:
            parts = pattern.split("/")[1:]
            if method != request.method or len(parts) != len(segments):
                continue
            pairs = list(zip(parts, segments))
            if all(part == given or (part[0] == "{" and given) for part, given in pairs):
                return handler, {part[1:-1]: given for part, given in pairs if part[0] == "{"}
        raise Refusal(404)

    def _scoped(self, administrator: dict[str, Any], names: dict[str, str]) -> list[Any]:
        """The handler's arguments. A tenant's administrator reaches nothing but that tenant (vendor note 2)."""
        if administrator["domain"] not in (None, names.get("domain")):
            raise Refusal(403)
        if "domain" not in names:
            return []
        name, *rest = names.values()
        if name not in self.state["domains"]:
            raise Refusal(404)
        return [self.state["domains"][name], *rest]

    def _count_read(self, names: dict[str, str]) -> None:
        """One read less until the domain's new accounts show (hazard `created_after_reads`)."""
        if request.method == "GET" and "domain" in names:
            for account in self.state["domains"][names["domain"]]["accounts"].values():
                if "hidden" not in account:
                    continue
                if account["hidden"] > 1:
                    account["hidden"] -= 1
                else:
                    del account["hidden"]

    def _body(self) -> dict[str, Any]:
        """The posted JSON object. Strict JSON; single quotes are an artefact of the page (vendor note 1)."""
        text = request.get_data(as_text=True)
        if self.dialect["single_quotes"] == "tolerated":
            text = text.replace("'", '"')
        try:
            body = json.loads(text, parse_constant=no_constant)
        except ValueError:
            body = None
        if isinstance(body, dict):
            return body
        if self.dialect["bad_json"] == "400":
            raise Refusal(400)
        return {}
