# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`python control.py started|stopped --directory DIR`: run the simulator in the background, or end it.

Ports that are not given are free ones. A seed file has states to start with (see pbx_simulator/seed.py).

Prints a JSON object: `changed`, and `simulator` (its URLs, pid and directory; empty if stopped).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

FILES = Path(__file__).resolve().parent
TEMPORARY_PREFIX = "pbx-simulator-"
SEED_FILE = "seed.sha256"
VENDOR_NAMES = ("portaswitch", "vodia", "apio")
PAUSE = 0.02  # seconds between two looks


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("state", choices=["started", "stopped"])
    parser.add_argument("--directory", default="", help="where its log and ready file are; empty: a new temporary one")
    parser.add_argument("--timeout", type=float, default=30.0)
    parser.add_argument("--ports", type=json.loads, default={}, help="JSON object of vendor name to port")
    parser.add_argument("--seed", default="", help="a JSON file with states to start with; empty: the built-in ones")
    options = parser.parse_args(arguments)
    deadline = time.monotonic() + options.timeout
    try:
        wanted = Wanted(ports_of(options.ports), options.seed and str(Path(options.seed).expanduser().resolve()))
        result = (
            started(options.directory, deadline, wanted) if options.state == "started" else stopped(options.directory)
        )
    except (OSError, RuntimeError) as problem:
        print(problem, file=sys.stderr)
        return 1
    print(json.dumps(result))
    return 0


@dataclass(frozen=True)
class Wanted:
    """How a simulator is to run: its fixed ports by vendor, and the path of its seed file, empty for none."""

    ports: dict[str, int]
    seed: str = ""

    def arguments(self) -> list[str]:
        ports = [f"--{name}-port={port}" for name, port in self.ports.items()]
        return [*ports, *([f"--seed={self.seed}"] if self.seed else [])]

    def fingerprint(self) -> str:
        """Changes with the content of the seed file. Raises RuntimeError when it cannot be read."""
        try:
            return hashlib.sha256(Path(self.seed).read_bytes()).hexdigest() if self.seed else ""
        except OSError as problem:
            raise RuntimeError(f"The seed file (simulator_seed) cannot be read: {problem}") from problem

    def check(self, place: Path, simulator: dict[str, Any]) -> None:
        """Raise RuntimeError when a simulator that runs already has other ports, or began with another seed file."""
        others = [name for name, port in self.ports.items() if port and urlsplit(simulator[name]).port != port]
        seed_file = place / SEED_FILE
        if self.seed and (seed_file.read_text() if seed_file.exists() else "") != self.fingerprint():
            others.append("its seed file")
        if others:
            raise RuntimeError(
                f"A simulator already runs in {place}, but with other settings ({', '.join(others)}). Stop it first, with "
                "simulator_state: stopped, or use another simulator_directory"
            )


def ports_of(given: Any) -> dict[str, int]:
    """The ports as numbers. Raises RuntimeError for what is no port, and for a vendor that there is not."""
    ports = {}
    for name, port in given.items() if isinstance(given, dict) else [("simulator_ports", "a list or text")]:
        if name not in VENDOR_NAMES or not str(port).isdigit() or not 0 <= int(port) < 65536:
            raise RuntimeError(
                f"simulator_ports: {name}: {port} is not possible; write ports from 0 to 65535 (0 is a free one) for "
                f"{', '.join(VENDOR_NAMES)}"
            )
        ports[name] = int(port)
    return ports


def started(directory: str, deadline: float, wanted: Wanted) -> dict[str, Any]:
    """Start the simulator unless the one of this directory answers."""
    place = Path(directory or tempfile.mkdtemp(prefix=TEMPORARY_PREFIX)).resolve()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    simulator = running(place)
    if simulator:
        wanted.check(place, simulator)
        return {"changed": False, "simulator": simulator}
    try:
        (place / SEED_FILE).write_text(wanted.fingerprint())
        return {"changed": True, "simulator": start(place, deadline, wanted)}
    except RuntimeError:
        if not directory:
            shutil.rmtree(place, ignore_errors=True)
        raise


def start(place: Path, deadline: float, wanted: Wanted) -> dict[str, Any]:
    ready_file = place / "ready.json"
    ready_file.unlink(missing_ok=True)  # one of a simulator that is gone
    log_file = place / "simulator.log"
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "pbx_simulator", "--ready-file", str(ready_file), *wanted.arguments()],
            env={**os.environ, "PYTHONPATH": str(FILES), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # it outlives this process, and the task that started it
        )
    while not ready_file.exists():
        if process.poll() is not None:
            raise RuntimeError(why_it_ended(log_file))
        if time.monotonic() > deadline:
            process.kill()
            raise RuntimeError(f"The simulator was not ready in time; its log: {log_file.read_text()[-2000:]}")
        time.sleep(PAUSE)
    return {**json.loads(ready_file.read_text()), "directory": str(place)}


def why_it_ended(log_file: Path) -> str:
    log = log_file.read_text()
    if re.search("No module named '(flask|werkzeug)", log):
        return (
            f"The simulator needs the Python package flask, which {sys.executable} does not have. Install it with "
            f"{sys.executable} -m pip install 'flask>=3,<4', or set simulator_python to an interpreter that has it"
        )
    if log and "Traceback" not in log:
        return f"The simulator does not start: {' '.join(log.split())}"
    return f"The simulator ended at once; its log: {log[-2000:]}"


def stopped(directory: str) -> dict[str, Any]:
    """End the simulator of this directory, and remove the directory if it is a temporary one of ours."""
    place = Path(directory).resolve()
    simulator = running(place) if directory else {}
    if simulator:
        end(simulator)
    if directory and place.match(f"{Path(tempfile.gettempdir()).resolve()}/{TEMPORARY_PREFIX}*"):
        shutil.rmtree(place, ignore_errors=True)
    elif directory:
        (place / "ready.json").unlink(missing_ok=True)
    return {"changed": bool(simulator), "simulator": {}}


def end(simulator: dict[str, Any]) -> None:
    """Ask the process to end, and insist after a while. Gone is when it no longer answers: a pid may stay on as a
    zombie where nobody collects it, as in a container."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        os.kill(simulator["pid"], number)
        give_up = time.monotonic() + 5
        while time.monotonic() < give_up:
            if not answers(simulator):
                return
            time.sleep(PAUSE)
    raise RuntimeError(f"The simulator with pid {simulator['pid']} does not end")


def running(place: Path) -> dict[str, Any]:
    """The simulator of this directory if it answers, or else an empty dictionary."""
    try:
        simulator = {**json.loads((place / "ready.json").read_text()), "directory": str(place)}
    except (OSError, ValueError):
        return {}
    return simulator if answers(simulator) else {}


def answers(simulator: dict[str, Any]) -> bool:
    """Whether it is our simulator that listens there, not another process that got the port or the pid since."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"{simulator['portaswitch']}/_sim/health", timeout=2) as response:
            return json.load(response).get("vendor") == "portaswitch"
    except (OSError, ValueError):
        return False


if __name__ == "__main__":
    sys.exit(main())
