# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A short cut from a session to a simulated vendor in the same process: the same requests and answers, without a socket.

Most tests ask what is sent and what comes of it, and a socket is two thirds of their time. Faults that happen on the wire
(a reset, a cut or slow answer) still take the real one.
"""

from __future__ import annotations

import http.client
import io
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import requests
from urllib3 import HTTPHeaderDict, HTTPResponse
from werkzeug.test import run_wsgi_app

from ansible_collections.telephony.pbx.plugins.module_utils.transport import wire
from pbx_simulator.core import Vendor
from pbx_simulator.server import RunningVendor

# Faults that the vendor's own code carries out, without the connection.
WITHOUT_WIRE = ("status", "store_nothing", "stale_reads")


class _Original:
    """What cookies are read from, and asked whether more can come."""

    def __init__(self, msg: http.client.HTTPMessage) -> None:
        self.msg = msg

    def isclosed(self) -> bool:
        return True

    def close(self) -> None:
        """There is nothing to close."""


class Direct(wire.BoundedAdapter):
    """Hands requests to the app of a running vendor."""

    def __init__(self, running: RunningVendor) -> None:
        super().__init__()
        self.vendor: Vendor = running.vendor
        self.app = running.vendor.app()

    def send(self, request: requests.PreparedRequest, *given: Any, **options: Any) -> requests.Response:
        if any(fault.kind not in WITHOUT_WIRE or fault.seconds for fault in self.vendor.faults):
            return super().send(request, *given, **options)
        if wire._here.exchange is not None:
            wire._here.exchange.sent = True  # as a connection notes it
        chunks, status, headers = run_wsgi_app(self.app, environ_of(request), buffered=True)
        code, _blank, reason = status.partition(" ")
        message = http.client.HTTPMessage()
        for name, value in headers.to_wsgi_list():
            message[name] = value
        raw = HTTPResponse(
            body=io.BytesIO(b"".join(chunks)), headers=HTTPHeaderDict(headers.to_wsgi_list()), status=int(code),
            reason=reason, preload_content=False, original_response=_Original(message),  # type: ignore[arg-type]
        )  # fmt: skip
        return self.build_response(request, raw)


def environ_of(request: requests.PreparedRequest) -> dict[str, Any]:
    """The WSGI environment that the simulator's server makes of a request."""
    url = urlsplit(request.url or "")
    body = request.body.encode() if isinstance(request.body, str) else bytes(request.body or b"")
    environ = {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": unquote_to_bytes(url.path).decode("latin1"),
        "QUERY_STRING": url.query, "REQUEST_URI": request.path_url, "RAW_URI": request.path_url,
        "SERVER_NAME": url.hostname, "SERVER_PORT": str(url.port), "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": url.netloc, "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0), "wsgi.url_scheme": url.scheme, "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(), "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
    }  # fmt: skip
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        text = value.decode("latin1") if isinstance(value, bytes) else value
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = text
    return environ
