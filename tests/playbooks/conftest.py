# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs real `ansible-playbook` processes against simulated vendors that are served by the test's own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest

from pbx_simulator import VENDORS, Vendor
from pbx_simulator.server import RunningVendor

HERE = Path(__file__).resolve().parent
HOSTS = HERE / "inventory" / "hosts.yml"
PROGRAM = Path(sys.executable).with_name("ansible-playbook")
TOKENS = {"portaswitch": "demo-license-4711", "vodia": "", "apio": "demo-machine-token"}


@dataclass(frozen=True)
class Task:
    """A task as callbacks see it. `diff` is the text that people see."""

    name: str
    host: str
    started: float
    ended: float
    failed: bool
    result: dict[str, Any]
    diff: str


@dataclass(frozen=True)
class Run:
    """What an ansible-playbook process left: everything it printed, its tasks, and how many processes it forked."""

    returncode: int
    output: str
    tasks: list[Task]
    forks: int

    def __getitem__(self, name: str) -> Task:
        found = [task for task in self.tasks if task.name == name]
        return found[0] if found else self._missing()

    def on(self, host: str, name: str) -> Task:
        found = [task for task in self.tasks if (task.host, task.name) == (host, name)]
        return found[0] if found else self._missing()

    def failures(self, host: str) -> list[Task]:
        return [task for task in self.tasks if task.host == host and task.failed]

    def _missing(self) -> NoReturn:
        pytest.fail(f"the task did not run: {self.output[-4000:]}")

    def printed(self, name: str) -> str:
        """What was printed under the heading of a task."""
        return self.output.partition(f"TASK [{name}] ")[2].partition("\nTASK [")[0]


@dataclass(frozen=True)
class Site:
    """A simulated vendor that is being served, and what a playbook needs to reach it."""

    name: str
    vendor: Vendor
    url: str

    @property
    def variables(self) -> dict[str, str]:
        return {"url": self.url, "password": "demo-password", "token": TOKENS[self.name]}

    def requests_during(self, task: Task) -> list[dict[str, Any]]:
        return [entry for entry in self.vendor.log if task.started <= entry["at"] <= task.ended]

    def writes_during(self, task: Task) -> list[dict[str, Any]]:
        return [entry for entry in self.requests_during(task) if entry["write"]]


@dataclass(frozen=True)
class Play:
    """Runs ansible-playbook, all with one home of Ansible."""

    home: Path
    new_place: Callable[[str], Path]

    def __call__(
        self, playbook: str, variables: dict[str, Any] | None = None, *options: str, **environment: str
    ) -> Run:
        """Run a playbook to its end."""
        place = self.new_place("run")
        extra = place / "variables.json"
        extra.write_text(json.dumps(variables or {}))
        inventory = () if playbook.startswith("telephony.pbx.") else ("--inventory", str(HOSTS))
        command = [str(PROGRAM), *inventory, "--extra-vars", f"@{extra}", *options, playbook]
        return self._run(place, environment, command)

    def shell(self, command: str, **environment: str) -> Run:
        """Run a command as somebody does who copies it into a terminal."""
        return self._run(self.new_place("run"), environment, ["/bin/sh", "-c", command])

    def _run(self, place: Path, environment: dict[str, str], command: list[str]) -> Run:
        record = place / "record"
        own = {
            "ANSIBLE_HOME": str(self.home),
            "ANSIBLE_CONFIG": str(self.home / "ansible.cfg"),
            "PATH": f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_REMOTE_TMP": str(place / "remote"),
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "record",
            "ANSIBLE_CONNECTION_PLUGINS": str(HERE / "connection_plugins"),
            "PBX_TEST_RECORD": str(record),
            "TMPDIR": str(place),
        }
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PBX_")}
        done = subprocess.run(
            command,
            cwd=HERE,
            env={**inherited, **own, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=300,
        )
        lines = record.read_text().splitlines() if record.exists() else []
        tasks = [Task(**json.loads(line)) for line in lines]
        forks = record.with_name("record.forks")
        left = [path.name for path in place.iterdir() if path.name.startswith("pbx-simulator-")]
        assert not left, "the playbook left a simulator behind"
        return Run(done.returncode, done.stdout, tasks, int(forks.read_text()) if forks.exists() else 0)


@pytest.fixture(scope="session")
def play(tmp_path_factory: pytest.TempPathFactory) -> Play:
    home = tmp_path_factory.mktemp("ansible-home")
    (home / "ansible.cfg").touch()
    return Play(home, tmp_path_factory.mktemp)


@pytest.fixture(scope="module", params=VENDORS)
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """Each vendor in turn."""
    yield from serve(request.param)


@pytest.fixture(scope="module")
def portaswitch() -> Iterator[Site]:
    yield from serve("portaswitch")


@pytest.fixture(scope="module")
def vodia() -> Iterator[Site]:
    yield from serve("vodia")


@pytest.fixture(scope="module")
def apio() -> Iterator[Site]:
    yield from serve("apio")


def serve(name: str) -> Iterator[Site]:
    vendor = VENDORS[name]()
    with RunningVendor(vendor) as running:
        yield Site(name, vendor, running.url)
