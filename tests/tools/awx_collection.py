# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection awx.awx: cut out of the package `ansible` of PyPI, into .dev/awx, which is a path of collections."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "ansible==13.8.0"  # the last series with awx.awx; it needs Python 3.12
_PART = "ansible_collections/awx/awx/"


def fetch(dev: Path, python: Path) -> Path:
    """Download it once, with the pip of this Python. Raises subprocess.CalledProcessError."""
    place = dev / "awx"
    stamp = place / "stamp"
    if stamp.is_file() and stamp.read_text() == PACKAGE:
        return place
    dev.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=dev, prefix="awx-") as folder:
        command = [str(python), "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, PACKAGE]
        subprocess.run(command, check=True)
        (wheel,) = Path(folder).glob("*.whl")
        made = Path(folder) / "made"
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(made, [name for name in archive.namelist() if name.startswith(_PART)])
        (made / "stamp").write_text(PACKAGE)
        shutil.rmtree(place, ignore_errors=True)
        made.rename(place)
    return place
