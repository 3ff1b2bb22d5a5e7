# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role telephony.pbx.simulator starts and stops the simulator through control.py."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.thorough

CONTROL = Path(__file__).resolve().parents[2] / "roles" / "simulator" / "files" / "control.py"


def control(state: str, directory: Path | str) -> dict[str, Any]:
    command = [sys.executable, str(CONTROL), state, f"--directory={directory}"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "with a space"
    yield place
    control("stopped", place)


def test_starts_once_and_stops_once(directory: Path) -> None:
    first, second = control("started", directory), control("started", directory)
    assert (first["changed"], second["changed"]) == (True, False)
    assert first["simulator"] == second["simulator"]
    assert set(first["simulator"]) == {"portaswitch", "vodia", "apio", "pid", "directory"}

    stops = [control("stopped", directory), control("stopped", directory)]
    assert [stop["changed"] for stop in stops] == [True, False]
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(first["simulator"]["vodia"], timeout=2)


def test_takes_and_removes_a_temporary_directory_of_its_own() -> None:
    simulator = control("started", "")["simulator"]
    assert (Path(simulator["directory"]) / "simulator.log").exists()
    control("stopped", simulator["directory"])
    assert not Path(simulator["directory"]).exists()


def test_says_why_it_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "control.py").write_bytes(CONTROL.read_bytes())  # without the simulator beside it
    command = [sys.executable, str(tmp_path / "control.py"), "started", f"--directory={tmp_path}"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "pbx_simulator" in done.stderr
