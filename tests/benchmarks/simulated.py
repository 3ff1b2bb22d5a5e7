# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator in a process of its own, so that its work is not counted as that of the client."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests

FILES = Path(__file__).resolve().parents[2] / "roles" / "simulator" / "files"


class Simulator:
    """The three vendors, each at an address of its own."""

    def __init__(self, addresses: dict[str, str]) -> None:
        self.addresses = addresses

    def set_up(self, backend: str, state: dict[str, Any], latency: float = 0.0) -> None:
        """Start from this state, with so many seconds before each answer."""
        self._send("POST", backend, "reset")
        self._send("POST", backend, "state", state)
        if latency:
            self._send("POST", backend, "faults", {"kind": "latency", "seconds": latency, "times": None})

    def forget_requests(self, backend: str) -> None:
        self._send("DELETE", backend, "log")

    def requests(self, backend: str) -> list[dict[str, Any]]:
        """What was asked since they were forgotten."""
        found: list[dict[str, Any]] = requests.get(f"{self.addresses[backend]}/_sim/log", timeout=60).json()
        return found

    def _send(self, method: str, backend: str, what: str, body: Any = None) -> None:
        address = f"{self.addresses[backend]}/_sim/{what}"
        requests.request(method, address, json=body, timeout=60).raise_for_status()


@contextlib.contextmanager
def running() -> Iterator[Simulator]:
    environment = {**os.environ, "PYTHONPATH": str(FILES)}
    command = [sys.executable, "-m", "pbx_simulator"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        try:
            addresses = json.loads(process.stdout.readline() if process.stdout else "")
            yield Simulator({name: url for name, url in addresses.items() if name != "pid"})
        finally:
            process.terminate()
