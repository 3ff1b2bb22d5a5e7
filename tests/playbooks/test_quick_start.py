# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page "Quick start": its files are written, its commands run in order, and each prints what the page says."""

from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import PROGRAM
from .pages import Block, blocks

ROOT = Path(__file__).resolve().parents[2]
PORTS = {"portaswitch": 8081, "vodia": 8082, "apio": 8083}  # of the page
START = "ansible-playbook telephony.pbx.simulator"
LEAST_COMMANDS = 14


def free_ports() -> dict[str, int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _name in PORTS]
    ports = {name: one.getsockname()[1] for name, one in zip(PORTS, held)}
    for one in held:
        one.close()
    return ports


class Reader:
    """Somebody who does what a page says, in a directory and a shell of their own."""

    def __init__(self, home: Path) -> None:
        self.place = home / "work"
        self.place.mkdir()
        self.printed = ""
        self.commands = 0
        self.ports = free_ports()
        self.home = home
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PBX_", "ANSIBLE_"))}
        self.environment = {
            **kept,
            "PATH": f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}",
            "ANSIBLE_HOME": str(home / "ansible"),
            "ANSIBLE_NOCOLOR": "1",
        }

    def do(self, block: Block) -> None:
        text = block.text
        for name, port in PORTS.items():
            text = text.replace(f"127.0.0.1:{port}", f"127.0.0.1:{self.ports[name]}")
        if block.file:
            (self.place / block.file).write_text(text)
        elif block.language == "console":
            self.printed = "".join(self._run(line) for line in text.splitlines())
        else:
            assert block.language == "text", f"nothing is known to do with a block of {block.language}"
            for line in text.splitlines():
                assert line in self.printed, f"{line!r} was not printed by the commands before it:\n{self.printed}"

    def _run(self, line: str) -> str:
        command = line
        if line.startswith(START):  # the ports of the page may be in use on this machine
            command += f" -e {shlex.quote(json.dumps({'simulator_ports': self.ports}))}"
        script = f"cd {shlex.quote(str(self.place))} && {command} && pwd > {shlex.quote(str(self.home / 'pwd'))}"
        done = subprocess.run(
            ["/bin/sh", "-c", script], env=self.environment, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, f"{line}\n{done.stdout}"
        self.place = Path((self.home / "pwd").read_text().strip())
        self.commands += 1
        return done.stdout


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    one = Reader(tmp_path)
    yield one
    control = ROOT / "roles" / "simulator" / "files" / "control.py"
    place = tmp_path / "ansible" / "pbx-simulator"
    subprocess.run([sys.executable, str(control), "stopped", f"--directory={place}"], check=True, capture_output=True)


def test_the_page_can_be_followed(reader: Reader) -> None:
    steps = blocks("quick_start")
    install, *others = steps
    assert install.text.count("\n") == 2 and "pip install" in install.text  # test_release.py has its versions
    for block in others:
        reader.do(block)
    assert reader.commands >= LEAST_COMMANDS - 2
    assert (reader.place / "pbx-report" / "audit.html").is_file()
