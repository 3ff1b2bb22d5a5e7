# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator with fixed ports and a seed file of the user: through control.py, `python -m` and the container recipe."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.unit.sessions import closed_port
from ansible_collections.telephony.pbx.tests.unit.simulator_control import FILES, control, directory
from pbx_simulator import VENDORS, __main__
from pbx_simulator.seed import WrongSeed, seed_of, seeded

pytestmark = pytest.mark.thorough

__all__ = ["directory"]  # fixtures


def state_of(url: str) -> Any:
    with urllib.request.urlopen(f"{url}/_sim/state", timeout=5) as response:
        return json.load(response)


@pytest.fixture
def seed_file(tmp_path: Path) -> Path:
    """One domain of Vodia more than the built-in state has."""
    vodia = seed_of(VENDORS)["vodia"]
    vodia["domains"]["mine.example"] = vodia["domains"]["localhost"]
    path = tmp_path / "seed.json"
    path.write_text(json.dumps({"vodia": vodia}))
    return path


def test_fixed_ports_and_a_seed_file(directory: Path, seed_file: Path) -> None:
    free_port = closed_port()
    options = (f"--ports={json.dumps({'vodia': str(free_port)})}", f"--seed={seed_file}")
    simulator = control("started", directory, *options)["simulator"]
    assert simulator["vodia"] == f"http://127.0.0.1:{free_port}"
    assert "mine.example" in state_of(simulator["vodia"])["domains"]
    assert control("started", directory, *options) == {"changed": False, "simulator": simulator}
    assert "other settings (vodia)" in control("started", directory, '--ports={"vodia": 1}')
    seed_file.write_text("{}")
    assert "other settings (its seed file)" in control("started", directory, *options)


@pytest.mark.parametrize("ports", ['{"vodia": 65536}', '{"asterisk": 8080}', '{"vodia": "web"}', "[8081]"])
def test_ports_that_are_not_possible(tmp_path: Path, ports: str) -> None:
    assert control("started", tmp_path, f"--ports={ports}").startswith("simulator_ports: ")


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert str(port) in control("started", tmp_path, f'--ports={{"vodia": {port}}}')


def test_a_reset_returns_to_the_seed_file(seed_file: Path) -> None:
    vendors = seeded(VENDORS, seed_file)
    vodia = vendors["vodia"]()
    vodia.state["domains"].clear()
    vodia.reset()
    assert "mine.example" in vodia.state["domains"]
    assert vendors["apio"] is VENDORS["apio"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[]", "not an object"),
        ("{", "cannot be read as JSON"),
        ('{"asterisk": {}}', "asterisk; the vendors are portaswitch, vodia, apio"),
        ('{"vodia": {"domains": []}}', "vodia needs administrators, domains"),
    ],
)
def test_what_is_wrong_with_a_seed_file(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "seed.json").write_text(content)
    with pytest.raises(WrongSeed, match=told):
        seeded(VENDORS, tmp_path / "seed.json")


def test_the_printed_seed_is_a_seed_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main(["--print-seed"]) == 0
    (tmp_path / "seed.json").write_text(capsys.readouterr().out)
    for name, vendor in seeded(VENDORS, tmp_path / "seed.json").items():
        assert vendor().state == VENDORS[name]().state


def test_the_container_starts_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    recipe = (FILES / "Containerfile").read_text()
    command = json.loads(re.findall(r"^CMD (.*)$", recipe, re.MULTILINE)[0])
    assert command[:3] == ["python", "-m", "pbx_simulator"]
    assert __main__.main([*command[3:], "--switches"]) == 0  # an option that there is not ends the process
    ports = [command[command.index(f"--{name}-port") + 1] for name in VENDORS]
    assert f"EXPOSE {' '.join(ports)}\n" in recipe
    assert all((FILES / source).exists() for source in re.findall(r"^COPY (\S+)", recipe, re.MULTILINE))


def test_flask_that_is_missing_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "control.py").write_bytes((FILES / "control.py").read_bytes())
    package = tmp_path / "pbx_simulator"
    package.mkdir()
    (package / "__main__.py").write_text("raise ModuleNotFoundError(\"No module named 'flask'\")\n")
    command = [sys.executable, str(tmp_path / "control.py"), "started", f"--directory={tmp_path / 'x'}"]
    told = subprocess.run(command, check=False, capture_output=True, text=True).stderr
    assert told.startswith("The simulator needs the Python package flask") and "pip install" in told
