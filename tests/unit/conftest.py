# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all unit tests share: reproducible properties, time that does not pass, and a server that plays a script."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

EXAMPLES = 400 if os.environ.get("PBX_TRUST") == "full" else 10 if os.environ.get("PBX_EXAMPLES") == "quick" else 40

# The same examples on every run: a red run stays red, and a green one does not depend on luck.
settings.register_profile(
    "unit",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=EXAMPLES,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("unit")


@pytest.fixture(autouse=True)
def no_connection_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither proxies nor PBX_* variables of whoever runs the tests have a say."""
    monkeypatch.setenv("NO_PROXY", "*")
    for name in ("BACKEND", "URL", "TENANT", "GROUP", "USERNAME", "PASSWORD", "TOKEN", "VALIDATE_CERTS", "CA_PATH"):
        monkeypatch.delenv(f"PBX_{name}", raising=False)


@dataclass
class Time:
    """A clock that only moves when somebody sleeps, and by `step` whenever it is looked at."""

    now: float = 1000.0
    step: float = 0.0
    naps: list[float] = field(default_factory=list)

    def clock(self) -> float:
        self.now += self.step
        return self.now

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds


@pytest.fixture
def time_stands_still() -> Time:
    return Time()


class Script:
    """A server that answers each connection with the next entry of `replies`; the last one again and again.

    An entry is the raw bytes of an answer, or a function that gets the connection and the request.
    """

    def __init__(self) -> None:
        self.replies: list[bytes | Callable[[socket.socket, str], None]] = []
        self.requests: list[str] = []
        self.tls: ssl.SSLContext | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    @staticmethod
    def reply(status: int, body: Any = b"", **headers: str) -> bytes:
        """A whole answer; `retry_after="5"` becomes the header Retry-After."""
        content = body.encode() if isinstance(body, str) else body
        lines = {"Content-Type": "application/json", "Content-Length": str(len(content)), "Connection": "close"}
        lines.update({name.replace("_", "-").title(): value for name, value in headers.items()})
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"HTTP/1.1 {status} Reason\r\n{head}\r\n".encode("latin-1") + content

    @staticmethod
    def reset(connection: socket.socket, request: str) -> None:
        """Break the connection as a dying server does, after the request has arrived."""
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    @staticmethod
    def silence(connection: socket.socket, request: str) -> None:
        """Say nothing until the client has gone."""
        connection.recv(1)

    def stop(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, plain: socket.socket) -> None:
        with contextlib.suppress(OSError):
            plain.settimeout(10)
            with self.tls.wrap_socket(plain, server_side=True) if self.tls else plain as connection:
                request = self._read(connection)
                if not request:
                    return
                self.requests.append(request)
                reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
                if callable(reply):
                    reply(connection, request)
                else:
                    connection.sendall(reply)

    @staticmethod
    def _read(connection: socket.socket) -> str:
        data = b""
        while b"\r\n\r\n" not in data:
            part = connection.recv(65536)
            if not part:
                return ""
            data += part
        head, _blank, body = data.partition(b"\r\n\r\n")
        lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
        while lengths and len(body) < int(lengths[0]):
            body += connection.recv(65536)
        return (head + b"\r\n\r\n" + body).decode("latin-1")


@pytest.fixture
def server() -> Iterator[Script]:
    script = Script()
    yield script
    script.stop()
