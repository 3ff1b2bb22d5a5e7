# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`python control.py started|stopped --directory DIR`: run the simulator in the background, or end it.

Prints a JSON object: `changed`, and `simulator` (its URLs, pid and directory; empty if stopped).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

FILES = Path(__file__).resolve().parent
TEMPORARY_PREFIX = "pbx-simulator-"
PAUSE = 0.02  # seconds between two looks


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("state", choices=["started", "stopped"])
    parser.add_argument("--directory", default="", help="where its log and ready file are; empty: a new temporary one")
    parser.add_argument("--timeout", type=float, default=30.0)
    options = parser.parse_args(arguments)
    deadline = time.monotonic() + options.timeout
    try:
        result = started(options.directory, deadline) if options.state == "started" else stopped(options.directory)
    except (OSError, RuntimeError) as problem:
        print(problem, file=sys.stderr)
        return 1
    print(json.dumps(result))
    return 0


def started(directory: str, deadline: float) -> dict[str, Any]:
    """Start the simulator unless the one of this directory answers."""
    place = Path(directory or tempfile.mkdtemp(prefix=TEMPORARY_PREFIX)).resolve()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    simulator = running(place)
    if simulator:
        return {"changed": False, "simulator": simulator}
    try:
        return {"changed": True, "simulator": start(place, deadline)}
    except RuntimeError:
        if not directory:
            shutil.rmtree(place, ignore_errors=True)
        raise


def start(place: Path, deadline: float) -> dict[str, Any]:
    ready_file = place / "ready.json"
    ready_file.unlink(missing_ok=True)  # one of a simulator that is gone
    log_file = place / "simulator.log"
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "pbx_simulator", "--ready-file", str(ready_file)],
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
    if "No module named 'flask'" in log:
        return f"The simulator needs flask: {sys.executable} -m pip install 'flask>=3,<4' (or set simulator_python)"
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
