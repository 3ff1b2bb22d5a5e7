# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs steps in lanes side by side, shows what failed, and closes with a table and pytest's own last line."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from environments import DEV, ROOT, Trouble

LOGS = DEV / "logs"
PRINTING = threading.Lock()


class Failed(Exception):
    """A step found something wrong; the details are in its log."""


class Log:
    """Runs a step's commands, and keeps what they say in .dev/logs."""

    def __init__(self, name: str) -> None:
        self.file = LOGS / f"{name.replace(' ', '-')}.log"
        self.file.write_text("")

    def run(self, command: list[str], *, env: dict[str, str], cwd: Path = ROOT) -> str:
        with self.file.open("ab") as log:
            log.write(f"$ {' '.join(command)}\n".encode())
            log.flush()
            start = log.tell()
            done = subprocess.run(
                command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, check=False
            )
        if done.returncode:
            raise Failed(f"exit status {done.returncode}")
        return self.file.read_bytes()[start:].decode(errors="replace")

    def text(self) -> str:
        return self.file.read_text(errors="replace")


@dataclass(frozen=True)
class Step:
    name: str
    work: Callable[[Log], str | None]


@dataclass(frozen=True)
class Result:
    name: str
    ok: bool
    seconds: float
    note: str
    output: str


def run_lanes(*lanes: list[Step]) -> int:
    """Run each lane's steps in order, the lanes side by side if there are cores for it. Returns the exit status."""
    LOGS.mkdir(parents=True, exist_ok=True)
    results: list[Result] = []
    parallel = (os.cpu_count() or 1) >= len(lanes)
    started = time.monotonic()
    threads = [threading.Thread(target=run_lane, args=(lane, results)) for lane in lanes]
    for thread in threads:
        thread.start()
        if not parallel:
            thread.join()
    for thread in threads:
        thread.join()
    show_table([step.name for lane in lanes for step in lane], results, time.monotonic() - started)
    return 0 if all(result.ok for result in results) else 1


def run_lane(lane: list[Step], results: list[Result]) -> None:
    for step in lane:
        result = run_step(step)
        results.append(result)
        with PRINTING:
            print(f"{'ok    ' if result.ok else 'FAILED'} {result.name} ({result.seconds:.1f} s)", flush=True)
            if not result.ok:
                print(f"{result.output.rstrip()}\n-- end of {result.name}: {result.note}\n", flush=True)


def run_step(step: Step) -> Result:
    log = Log(step.name)
    started = time.monotonic()
    try:
        note, ok = step.work(log) or "", True
    except (Failed, Trouble, OSError, subprocess.SubprocessError) as problem:
        note, ok = str(problem) or type(problem).__name__, False
    return Result(step.name, ok, time.monotonic() - started, note, log.text())


def show_table(order: list[str], results: list[Result], seconds: float) -> None:
    by_name = {result.name: result for result in results}
    print(f"\n{'step':<14} {'seconds':>7}  result")
    for name in order:
        result = by_name[name]
        print(f"{name:<14} {result.seconds:>7.1f}  {'ok' if result.ok else 'FAILED'} {result.note}".rstrip())
    print(f"{'together':<14} {seconds:>7.1f}  logs: {LOGS.relative_to(ROOT)}")
    if "pytest" in by_name:
        print(closing_line(by_name["pytest"].output), flush=True)


def closing_line(output: str) -> str:
    lines = output.strip().splitlines()
    return lines[-1] if lines else "pytest said nothing"
