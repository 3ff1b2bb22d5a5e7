# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator through control.py, as the role telephony.pbx.simulator starts and stops it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FILES = Path(__file__).resolve().parents[2] / "roles" / "simulator" / "files"
CONTROL = FILES / "control.py"


def control(state: str, directory: Path | str, *options: str) -> Any:
    """What control.py answers, or the line that it ends with."""
    command = [sys.executable, str(CONTROL), state, f"--directory={directory}", *options]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return done.stderr.strip() if done.returncode else json.loads(done.stdout)


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    """A place for a simulator, which is stopped in the end."""
    place = tmp_path / "with a space"
    yield place
    assert isinstance(control("stopped", place), dict)
