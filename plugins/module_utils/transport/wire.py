# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bounds a whole HTTP exchange in time, headers included, and knows whether any byte of a request was sent.

The timeout of `requests` applies to each read of the socket, so a server that sends one byte of a header now and then
is never given up on. Here every read gets no more than the time that is left for the exchange.

Not bounded: the look-up of a name. A host with several addresses gets the timeout for each of them.
"""

from __future__ import annotations

import functools
import http.client
import io
import socket
import threading
from typing import Any

from .library import requests
from .pauses import Countdown


class Exchange:
    """One request and its answer.

    countdown: the time for it. timeout: the most seconds for one read or write of the socket.
    sent: whether a byte of the request may have left. expired: whether it ended because the time was over.
    """

    def __init__(self, countdown: Countdown, timeout: float) -> None:
        self.countdown, self.timeout = countdown, timeout
        self.sent = self.expired = False

    def patience(self) -> float:
        """Seconds for the next operation of the socket. Raises TimeoutError when the time is over."""
        left = self.countdown.left()
        if left <= 0:
            self.expired = True
            raise TimeoutError("the time for this request is over")
        return min(self.timeout, left)

    def request(self, http_session: Any, method: str, url: str, **options: Any) -> Any:
        """Send a request with a `requests.Session` that uses BoundedAdapter. Returns it without its body."""
        _here.exchange = self
        try:
            return http_session.request(
                method, url, timeout=self.patience(), stream=True, allow_redirects=False, **options
            )
        finally:
            _here.exchange = None


class _Here(threading.local):
    """The exchange of this thread: `requests` cannot pass it to the connection that it uses."""

    exchange: Exchange | None = None


_here = _Here()


class _BoundedReader(io.RawIOBase):
    """Reads a socket. The timeout of each read fits the remaining time."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, exchange: Exchange) -> None:
        self._raw, self._sock, self._exchange = raw, sock, exchange

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._exchange.patience())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _BoundedResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **named: Any) -> None:
        super().__init__(sock, *args, **named)
        if _here.exchange is not None:
            self.fp = io.BufferedReader(_BoundedReader(self.fp.detach(), sock, _here.exchange))


class _BoundedConnection:
    """Added to the connection classes of urllib3."""

    response_class = _BoundedResponse
    sock: Any
    auto_open: Any

    def connect(self) -> None:
        try:
            super().connect()  # type: ignore[misc]
        finally:
            if _here.exchange is not None:
                _here.exchange.sent = False  # what was sent until now was for a proxy

    def send(self, data: Any) -> None:
        if self.sock is None and self.auto_open:
            self.connect()
        if self.sock is not None and _here.exchange is not None:
            self.sock.settimeout(_here.exchange.patience())
            _here.exchange.sent = True
        super().send(data)  # type: ignore[misc]


@functools.cache
def _bounded(pool: type) -> type:
    """The same connection pool with bounded connections."""
    kind: Any = pool
    if issubclass(kind.ConnectionCls, _BoundedConnection):
        return pool
    connection = type(f"Bounded{kind.ConnectionCls.__name__}", (_BoundedConnection, kind.ConnectionCls), {})
    return type(f"Bounded{pool.__name__}", (pool,), {"ConnectionCls": connection})


def _bind(manager: Any) -> Any:
    pools = manager.pool_classes_by_scheme
    manager.pool_classes_by_scheme = {scheme: _bounded(pool) for scheme, pool in pools.items()}
    return manager


class BoundedAdapter(requests.adapters.HTTPAdapter if requests else object):  # type: ignore[misc]
    """The HTTPAdapter of `requests` with bounded connections, also through proxies."""

    def init_poolmanager(self, *args: Any, **named: Any) -> None:
        super().init_poolmanager(*args, **named)
        _bind(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **named: Any) -> Any:
        return _bind(super().proxy_manager_for(*args, **named))


class NoAuth(requests.auth.AuthBase if requests else object):  # type: ignore[misc]
    """Keeps `requests` from taking credentials out of a netrc file."""

    def __call__(self, request: Any) -> Any:
        return request
