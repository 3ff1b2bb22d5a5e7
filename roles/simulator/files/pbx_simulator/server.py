# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serves simulated vendors over HTTP on this machine, each on a port of its own.

Connections stay open between requests, as those of the real servers do (HTTP/1.1 with Content-Length).
"""

from __future__ import annotations

import io
import socket
import ssl
import threading
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.test import run_wsgi_app

from .core import Vendor


class _Server(ThreadedWSGIServer):
    """A server that knows which of its connections wait for a next request."""

    daemon_threads = True

    def __init__(self, host: str, port: int, vendor: Vendor, tls: ssl.SSLContext | None) -> None:
        self.idle: set[socket.socket] = set()
        self.stopping = False
        super().__init__(host, port, vendor.app(), _Handler, ssl_context=tls)

    def server_close(self) -> None:
        """End the connections that wait; the others end after their answer."""
        super().server_close()
        for connection in list(self.idle):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # the client was faster


class _Handler(WSGIRequestHandler):
    """One connection. Werkzeug closes it after each answer, because it does not know what the app left of the body;
    here the body is read before the app runs, so that the next request begins where it should."""

    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are sent apart; on an open connection the second would wait

    def setup(self) -> None:
        super().setup()
        self.server.idle.add(self.connection)

    def finish(self) -> None:
        self.server.idle.discard(self.connection)
        super().finish()

    def run_wsgi(self) -> None:
        """Answer one request. The connection closes where the body cannot be read whole or the app asks for it."""
        self.server.idle.discard(self.connection)
        if self.headers.get("Expect", "").strip().lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.environ = self.make_environ()
        whole = self._take_body(self.environ)
        status, headers, content = self._ask_app(self.environ)
        stays = whole and self.request_version == "HTTP/1.1" and not self.server.stopping
        self._send(status, headers if stays else [*headers, ("Connection", "close")], content)
        self.server.idle.add(self.connection)
        if self.server.stopping:  # it may have ended those that wait just before this one began to
            self.close_connection = True

    def _take_body(self, environ: dict[str, Any]) -> bool:
        """Read the request's body off the connection for the app; whether all of it came."""
        try:
            if environ.get("wsgi.input_terminated"):  # chunked
                body, whole = environ["wsgi.input"].read(), True
            else:
                length = int(environ.get("CONTENT_LENGTH") or 0)
                body = self.rfile.read(max(length, 0))
                whole = len(body) == length
        except (ValueError, OSError):
            body, whole = b"", False
        environ["wsgi.input"] = io.BytesIO(body)
        return whole

    def _ask_app(self, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
        chunks, status, headers = run_wsgi_app(self.server.app, environ, buffered=True)
        return status, headers.to_wsgi_list(), b"".join(chunks)

    def _send(self, status: str, headers: list[tuple[str, str]], content: bytes) -> None:
        code, _blank, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Stay silent: the vendors keep their own log."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Stay silent about connections that a fault has dropped."""


class RunningVendor:
    """A vendor being served in a thread. Use as a context manager, or call `stop()`."""

    def __init__(
        self, vendor: Vendor, port: int = 0, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
    ) -> None:
        self.vendor = vendor
        self._server = _Server(host, port, vendor, tls)
        self.url = f"{'https' if tls else 'http'}://{host}:{self._server.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take no more connections, and end those that wait for a next request."""
        self._server.stopping = True
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> RunningVendor:
        return self

    def __exit__(self, *problem: object) -> None:
        self.stop()
