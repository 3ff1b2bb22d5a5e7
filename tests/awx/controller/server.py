# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for the REST API of AWX 24.6.1, as far as the modules of awx.awx use it to create objects.

Written from the routes, serializers and models of AWX. Each list has pages and filters, each object has `url`, `related` and
`summary_fields`, and what AWX refuses is refused (refusals.py).
"""

from __future__ import annotations

import base64
import re
import threading
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

from .kinds import KINDS, UNIFIED, Values
from .refusals import Refused, survey
from .state import State, shown

API = "/api/v2"
PAGE = 25
TOKEN = "a-token-of-awx"
USER, PASSWORD = "admin", "a-password-of-awx"
_SURVEYED = ("job_templates", "workflow_job_templates")


class Controller:
    """The server and its state. Use as a context manager. `writes` are the requests that changed something."""

    def __init__(self, playbooks: set[str]) -> None:
        self.state = State(playbooks)
        self.writes: list[tuple[str, str]] = []
        self.requests = 0
        self._lock = threading.Lock()
        self._server = make_server("127.0.0.1", 0, self._app(), threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.state.create("organizations", {"name": "Default"})

    def __enter__(self) -> Controller:
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _app(self) -> Flask:
        app = Flask("awx")
        app.add_url_rule("/<path:path>", view_func=self._answer, methods=["GET", "POST", "PATCH", "DELETE"])
        return app

    def _answer(self, path: str) -> Response:
        with self._lock:
            self.requests += 1
            try:
                status, body = self._routed(f"/{path}")
            except Refused as refused:
                status, body = refused.status, refused.body
        answer = jsonify(body) if body is not None else Response()
        answer.status_code = status
        answer.headers["X-API-Product-Name"] = "AWX"
        answer.headers["X-API-Product-Version"] = "24.6.1"
        return answer

    def _routed(self, path: str) -> tuple[int, Any]:
        found = re.fullmatch(API + r"/(\w+)/(?:(\d+)/(?:(\w+)/)?)?", path)
        if not found:
            raise Refused({"detail": "Not found."}, 404)
        kind, number, name = found.groups()
        if kind == "ping":
            return 200, {"version": "24.6.1", "active_node": "awx-1", "ha": False}
        self._authorized(kind)
        if kind == "tokens":
            return (
                (201, {"id": 1, "token": TOKEN, "url": f"{API}/tokens/1/"}) if request.method == "POST" else (204, None)
            )
        if kind == "config":
            return 200, {"version": "24.6.1", "license_info": {"license_type": "open"}}
        if kind == "project_updates":
            return 200, self.state.updated(int(number))
        if request.method != "GET":
            self.writes.append((request.method, path))
        if kind == "unified_job_templates":
            return self._unified()
        if kind not in KINDS or (kind == "workflow_approval_templates" and (number is None or name)):
            raise Refused({"detail": "Not found."}, 404)
        if name:
            return self._list_of(kind, int(number), name)
        return self._object(kind, int(number)) if number else self._list(kind)

    def _authorized(self, kind: str) -> None:
        by_password = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if request.headers.get("Authorization") != (by_password if kind == "tokens" else f"Bearer {TOKEN}"):
            raise Refused({"detail": "Authentication credentials were not provided."}, 401)

    # -- lists and objects -----------------------------------------------------------------------------------------------
    def _list(self, kind: str) -> tuple[int, Any]:
        if request.method == "POST":
            if kind == "inventory_sources" and (request.json or {}).get("source") == "constructed":
                raise Refused({"error": "constructed not a valid source for inventory"})
            return 201, self._shown(kind, self.state.create(kind, request.json or {}))
        return 200, self._page([self._shown(kind, one) for one in self.state.all(kind) if self._wanted(kind, one)])

    def _unified(self) -> tuple[int, Any]:
        every = [(kind, one) for kind in UNIFIED for one in self.state.all(kind)]
        listed = [self._shown(kind, one) for kind, one in every if self._wanted(kind, one)]
        return 200, self._page([one for one in listed if one["type"] != "workflow_approval_template"])

    def _object(self, kind: str, number: int) -> tuple[int, Any]:
        if request.method == "DELETE":
            self.state.delete(kind, number)
            return 204, None
        sent = request.json or {} if request.method == "PATCH" else None
        found = self.state.get(kind, number) if sent is None else self.state.change(kind, number, sent)
        return 200, self._shown(kind, found)

    def _list_of(self, kind: str, number: int, name: str) -> tuple[int, Any]:
        parent = self.state.get(kind, number)
        if name == "survey_spec" and kind in _SURVEYED:
            return self._survey(number)
        if name == "create_approval_template" and kind == "workflow_job_template_nodes" and request.method == "POST":
            made = self.state.approve_at(parent["id"], request.json or {})
            return 201, self._shown("workflow_approval_templates", made)
        if name not in KINDS[kind].relations:
            raise Refused({"detail": "Not found."}, 404)
        if request.method == "POST":
            self.state.relate(kind, number, name, request.json or {})
            return 204, None
        of = KINDS[kind].relations[name]
        ids = self.state.related(kind, number, name)
        return 200, self._page([self._shown(of, self.state.get(of, one)) for one in ids])

    def _survey(self, number: int) -> tuple[int, Any]:
        if request.method == "GET":
            return 200, self.state.surveys.get(number, {})
        if request.method == "POST":
            survey(request.json or {})
        self.state.surveys[number] = request.json or {} if request.method == "POST" else {}
        return 200, {}

    # -- how they are shown ----------------------------------------------------------------------------------------------
    def _wanted(self, kind: str, one: Values) -> bool:
        """Whether an object passes the filters of the query; those with `or__` are alternatives."""
        others, alternatives = [], []
        for name, value in request.args.items():
            if name in ("page", "page_size", "order_by"):
                continue
            bare = name.removeprefix("or__")
            (alternatives if bare != name else others).append(self._passes(kind, one, bare, value))
        return all(others) and (any(alternatives) or not alternatives)

    def _passes(self, kind: str, one: Values, name: str, value: str) -> bool:
        field, _separator, rest = name.partition("__")
        if field not in one and not (request.path.startswith(f"{API}/unified") and field == "organization"):
            raise Refused({"detail": f"{KINDS[kind].type} has no field named '{field}'"})
        if field in (*KINDS[kind].foreign, "id") and not rest and not value.isdigit():
            raise Refused({"detail": f"Field '{field}' expected a number but got '{value}'."})
        if rest == "startswith":
            return str(one.get(field)).startswith(value)
        if rest == "in":
            return str(one.get(field)) in value.split(",")
        if rest:  # a field of the object that this one refers to
            held = [(of, objects[one[field]]) for of, objects in self.state.objects.items() if one[field] in objects]
            return any(self._passes(of, other, rest, value) for of, other in held)
        return str(one.get(field)) == value

    def _page(self, listed: list[Values]) -> Values:
        page, size = int(request.args.get("page", 1)), min(int(request.args.get("page_size", PAGE)), 200)
        rest = [f"{name}={value}" for name, value in request.args.items() if name != "page"]
        more = f"{request.path}?{'&'.join([*rest, f'page={page + 1}'])}" if len(listed) > page * size else None
        return {
            "count": len(listed),
            "next": more,
            "previous": None,
            "results": listed[(page - 1) * size : page * size],
        }

    def _shown(self, kind: str, one: Values) -> Values:
        place = f"{API}/{kind}/{one['id']}/"
        related = {name: f"{place}{name}/" for name in KINDS[kind].relations}
        summary: Values = {}
        if kind in _SURVEYED:
            related["survey_spec"] = f"{place}survey_spec/"
        if kind == "projects":
            related["update"] = f"{place}update/"
            running = self.state.running_update(one["id"])
            summary = {"current_update": {"id": running}} if running else {}
        if one.get("organization"):
            organization = self.state.get("organizations", one["organization"])
            summary["organization"] = {"id": organization["id"], "name": organization["name"]}
        if kind == "workflow_job_template_nodes":
            related["create_approval_template"] = f"{place}create_approval_template/"
            for way in ("success_nodes", "failure_nodes", "always_nodes"):
                one = {**one, way: self.state.related(kind, one["id"], way)}
            if one["unified_job_template"]:
                of = self.state.kind_of_unified(one["unified_job_template"])
                related["unified_job_template"] = f"{API}/{of}/{one['unified_job_template']}/"
        found = shown(kind, one, self.state.objects["credential_types"])
        return {**found, "url": place, "related": related, "summary_fields": summary}
