# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the three simulated vendors have in common: a request log, faults, dialect switches and a control route.

A vendor's own file (portaswitch.py, vodia.py, apio.py) is written from that vendor's pages, never from our client.
Where the pages leave something open, the vendor declares a `Switch` with one value for each plausible reading.
"""

from __future__ import annotations

import copy
import json
import re
import socket
import struct
import threading
import time
from dataclasses import asdict, dataclass, field
from typing import Any
from unicodedata import normalize

from flask import Flask, Response, request

CONTROL_PREFIX = "/_sim"
FAULT_KINDS = (
    "latency",  # wait `seconds`, then go on as usual
    "reset_before",  # connection reset, the request was not processed
    "reset_after",  # connection reset, the request was processed
    "status",  # answer `status`, `headers`, `body`; processed only with `processed: true`
    "truncate",  # processed; the body is cut in half under the full Content-Length
    "drip",  # processed; the body arrives one byte every `seconds`
    "store_nothing",  # the usual success answer, but the state stays as it was
    "stale_reads",  # processed, but the next `reads` reads still see the state before
)


@dataclass(frozen=True)
class Switch:
    """A question that the vendor's pages leave open, and its plausible answers (the first is the default)."""

    name: str
    values: tuple[Any, ...]
    question: str
    any_number: bool = False  # whether every whole number from 1 on is an answer too

    def takes(self, value: Any) -> bool:
        """Whether a value is one of the answers, of the same type: 1 is not True."""
        if self.any_number and isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return True
        return any(type(value) is type(known) and value == known for known in self.values)


# Every vendor has this hazard.
NAMES_READ = Switch(
    "names_read",
    ("as_sent", "blanks_collapsed", "nfc"),
    "Do names come back with runs of blanks as one blank, or in Unicode's composed form?",
)


@dataclass
class Fault:
    """Something that goes wrong. `match` is a regular expression on "METHOD /path?query"; `skip` matching requests
    go by first, then `times` of them are hit (None: all)."""

    kind: str
    match: str = ""
    skip: int = 0
    times: int | None = 1
    writes_only: bool = False
    seconds: float = 0.0
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    processed: bool = False
    reads: int = 1

    def __post_init__(self) -> None:
        if self.kind not in FAULT_KINDS:
            raise ValueError(f"unknown fault {self.kind!r}; known: {', '.join(FAULT_KINDS)}")


class Vendor:
    """One simulated vendor: its state, and one WSGI app that speaks its API.

    A subclass gives `name`, `switches`, `hazards`, `initial_state()`, `is_write()` and `answer()`. `switches` are the
    readings of the vendor's pages, under each of which a client has to do its work. `hazards` are what a server may do
    beyond that, such as showing names in another spelling; a test sets them by name, in the same way.
    `state` is plain JSON data, so that it can be dumped, compared and loaded by tests.
    """

    name = ""
    switches: tuple[Switch, ...] = ()
    hazards: tuple[Switch, ...] = ()

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.state: dict[str, Any] = {}
        self.dialect: dict[str, Any] = {}
        self.log: list[dict[str, Any]] = []
        self.faults: list[Fault] = []
        self._stale: tuple[dict[str, Any], int] | None = None
        self.reset()

    # -- to be written by each vendor --------------------------------------------------------------------------
    def initial_state(self) -> dict[str, Any]:
        """The objects of the vendor's own pages, as a tenant that is in use."""
        raise NotImplementedError

    def is_write(self, method: str, path: str) -> bool:
        """Whether a request changes anything, by the vendor's pages (PortaSwitch writes with GET)."""
        raise NotImplementedError

    def answer(self) -> Response:
        """Handle flask.request against self.state. Called with self.lock held."""
        raise NotImplementedError

    # -- control ---------------------------------------------------------------------------------------------
    def reset(self) -> None:
        """Back to the first day: state, dialect, faults and log."""
        with self.lock:
            self.state = copy.deepcopy(self.initial_state())
            self.dialect = {switch.name: switch.values[0] for switch in (*self.switches, *self.hazards)}
            self.faults = []
            self.log = []
            self._stale = None

    def set_dialect(self, **values: Any) -> None:
        """Answer an open question in one of its plausible ways. Raises ValueError on an unknown switch or value."""
        known = {switch.name: switch for switch in (*self.switches, *self.hazards)}
        for name, value in values.items():
            if name not in known or not known[name].takes(value):
                raise ValueError(
                    f"unknown switch or value {name}={value!r}; known: {[asdict(s) for s in known.values()]}"
                )
        with self.lock:
            self.dialect.update(values)

    def shown_name(self, name: str | None) -> str | None:
        """A name as the server reads it back, by the hazard `names_read`."""
        if name is None or self.dialect["names_read"] == "as_sent":
            return name
        return (
            re.sub(" {2,}", " ", name) if self.dialect["names_read"] == "blanks_collapsed" else normalize("NFC", name)
        )

    def add_fault(self, kind: str, **options: Any) -> None:
        with self.lock:
            self.faults.append(Fault(kind, **options))

    def writes(self) -> list[dict[str, Any]]:
        """The logged requests that the vendor's pages call writes."""
        return [entry for entry in self.log if entry["write"]]

    def app(self) -> Flask:
        app = Flask(f"pbx_simulator.{self.name}", static_folder=None)
        methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
        app.add_url_rule("/", "root", self._dispatch, methods=methods, defaults={"path": ""})
        app.add_url_rule("/<path:path>", "all", self._dispatch, methods=methods)
        app.url_map.merge_slashes = False
        app.register_error_handler(404, lambda _problem: self._dispatch(""))  # a path with a newline in it
        return app

    # -- one request -------------------------------------------------------------------------------------------
    def _dispatch(self, path: str) -> Response:
        if request.path.startswith(CONTROL_PREFIX + "/"):
            return self._control(request.path[len(CONTROL_PREFIX) + 1 :])
        raw = request.environ.get("RAW_URI") or request.full_path
        write = self.is_write(request.method, request.path)
        entry: dict[str, Any] = {
            "method": request.method,
            "path": request.path,
            "raw": raw,
            "query": request.args.to_dict(flat=True),
            "body": request.get_data(as_text=True),
            "write": write,
            "at": time.time(),
            "status": None,
            "bytes": 0,
        }
        with self.lock:
            entry["n"] = len(self.log) + 1
            self.log.append(entry)
            fault = self._due_fault(f"{request.method} {raw}", write)
        if fault and fault.seconds and fault.kind != "drip":
            time.sleep(fault.seconds)
        response = self._with_fault(fault, write)
        entry["status"], entry["bytes"] = response.status_code, len(response.get_data())
        return response

    def _due_fault(self, line: str, write: bool) -> Fault | None:
        for fault in self.faults:
            if (fault.writes_only and not write) or not re.search(fault.match, line):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            if fault.times is not None:
                fault.times -= 1
                if not fault.times:
                    self.faults.remove(fault)
            return fault
        return None

    def _with_fault(self, fault: Fault | None, write: bool) -> Response:
        kind = fault.kind if fault else ""
        if kind == "reset_before":
            return self._drop()
        if fault and kind == "status":
            if fault.processed:
                self._process(write)
            return Response(
                fault.body,
                status=fault.status,
                headers=fault.headers,
                content_type=fault.headers.get("Content-Type", "application/json"),
            )
        with self.lock:
            before = copy.deepcopy(self.state) if kind in ("store_nothing", "stale_reads") else {}
            response = self._process(write)
            if kind == "store_nothing":
                self.state = before
            if fault and kind == "stale_reads":
                self._stale = (before, fault.reads)
        if kind == "reset_after":
            return self._drop()
        if kind == "truncate":
            return self._send_raw(response, keep=len(response.get_data()) // 2)
        if fault and kind == "drip":
            return self._send_raw(response, pause=fault.seconds)
        return response

    def _process(self, write: bool) -> Response:
        with self.lock:
            if self._stale and not write and request.method == "GET":
                before, left = self._stale
                self._stale = (before, left - 1) if left > 1 else None
                now, self.state = self.state, copy.deepcopy(before)
                try:
                    return self.answer()
                finally:
                    self.state = now
            return self.answer()

    @staticmethod
    def _drop() -> Response:
        """Reset the connection as a dying server does: RST instead of an answer."""
        connection: socket.socket = request.environ["werkzeug.socket"]
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return Vendor._drop_quietly(connection)

    def _send_raw(self, response: Response, keep: int | None = None, pause: float = 0.0) -> Response:
        connection: socket.socket = request.environ["werkzeug.socket"]
        body = response.get_data()
        lines = [
            f"HTTP/1.1 {response.status}",
            f"Content-Type: {response.content_type}",
            f"Content-Length: {len(body)}",
            "Connection: close",
        ]
        head = "\r\n".join([*lines, "", ""])
        try:
            connection.sendall(head.encode())
            for byte in body[:keep] if pause else [body[:keep]]:
                connection.sendall(bytes([byte]) if isinstance(byte, int) else byte)
                if pause:
                    time.sleep(pause)
        except OSError:
            pass  # the client went away, which is what such a fault is for
        return self._drop_quietly(connection)

    @staticmethod
    def _drop_quietly(connection: socket.socket) -> Response:
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        connection.close()
        return Response(status=499)

    # -- the control route ---------------------------------------------------------------------------------------
    def _control(self, what: str) -> Response:
        body = request.get_json(silent=True)
        if request.method == "GET":
            return as_json(self._show(what))
        with self.lock:
            try:
                self._change(what, body)
            except (ValueError, TypeError) as problem:
                return as_json({"error": str(problem)}, 400)
        return as_json({"ok": True})

    def _show(self, what: str) -> Any:
        shown = {
            "log": self.log,
            "state": self.state,
            "dialect": {
                "now": self.dialect,
                "switches": [asdict(switch) for switch in self.switches],
                "hazards": [asdict(switch) for switch in self.hazards],
            },
            "faults": [asdict(fault) for fault in self.faults],
            "health": {"vendor": self.name, "status": "ok"},
        }
        return shown.get(what, {"error": f"unknown; known: {sorted(shown)}"})

    def _change(self, what: str, body: Any) -> None:
        if what == "reset":
            self.reset()
        elif what == "log" and request.method == "DELETE":
            self.log = []
        elif what == "state":
            self.state = body
        elif what == "dialect":
            self.set_dialect(**body)
        elif what == "faults" and request.method == "DELETE":
            self.faults = []
        elif what == "faults":
            for fault in body if isinstance(body, list) else [body]:
                self.add_fault(**fault)
        else:
            raise ValueError(f"cannot {request.method} {what}")


def as_json(data: Any, status: int = 200) -> Response:
    """A JSON answer, with non-ASCII characters as they are."""
    return Response(json.dumps(data, ensure_ascii=False), status=status, content_type="application/json; charset=utf-8")
