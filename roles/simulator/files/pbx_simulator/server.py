# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serves simulated vendors over HTTP on this machine, each on a port of its own."""

from __future__ import annotations

import ssl
import threading

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from .core import Vendor


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # what the vendors speak; werkzeug itself closes each connection

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
        self._server: BaseWSGIServer = make_server(
            host, port, vendor.app(), threaded=True, request_handler=_Handler, ssl_context=tls
        )
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self.url = f"{'https' if tls else 'http'}://{host}:{self._server.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> RunningVendor:
        return self

    def __exit__(self, *problem: object) -> None:
        self.stop()
