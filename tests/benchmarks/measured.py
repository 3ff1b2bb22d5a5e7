# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One call of a module in a process of its own, so that its processor time and memory are its own.

`python measured.py FILE` runs the call that the file describes and prints what it took as JSON.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulated import Simulator

from ansible_collections.telephony.pbx.plugins.module_utils.entry import run

Values = dict[str, Any]


@dataclass(frozen=True)
class Measured:
    """wall, cpu: seconds, start of Python aside. memory: MB at most. requests, read: how many, and MB of answers.
    result: kB of JSON."""

    wall: float
    cpu: float
    memory: float
    requests: int
    read: float
    result: float
    changed: int


def measure(simulator: Simulator, module: str, options: Values, check_mode: bool = False) -> Measured:
    backend = options["backend"]
    simulator.forget_requests(backend)
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"module": module, "options": options, "check_mode": check_mode}, file)
        file.flush()
        done = subprocess.run(
            [sys.executable, str(Path(__file__)), file.name], capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    log = simulator.requests(backend)
    read = sum(entry["bytes"] for entry in log) / 1e6
    return Measured(requests=len(log), read=read, **json.loads(done.stdout))


def processor_time() -> float:
    """Seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _most_memory() -> float:
    """MB. Not from getrusage, which starts with what the parent process had. 0 where there is no /proc."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def main() -> int:
    call = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    started, before = time.perf_counter(), processor_time()
    result = run.run(call["module"], call["options"], check_mode=call["check_mode"], environment={})
    wall, cpu = time.perf_counter() - started, processor_time() - before
    if result.get("failed"):
        print(result["msg"])
        return 1
    changed = sum(result.get("summary", {}).get(name, 0) for name in ("create", "update", "delete"))
    memory = _most_memory()
    size = len(json.dumps(result)) / 1000
    print(json.dumps({"wall": wall, "cpu": cpu, "memory": memory, "result": size, "changed": changed}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
