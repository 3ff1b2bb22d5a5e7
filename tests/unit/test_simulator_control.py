# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role telephony.pbx.simulator starts and stops the simulator through control.py."""

from __future__ import annotations

import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from ansible_collections.telephony.pbx.tests.unit.simulator_control import CONTROL, control, directory

pytestmark = pytest.mark.thorough

__all__ = ["directory"]  # fixtures


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
