# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""plugins/module_utils/version.py: modules on other hosts have no galaxy.yml to read."""

from __future__ import annotations

from pathlib import Path

import yaml

from .blocks import with_block
from .places import ROOT, relative

_PLACE = ROOT / "plugins" / "module_utils" / "version.py"


def files() -> dict[Path, str]:
    version = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    text = _PLACE.read_text(encoding="utf-8")
    return {_PLACE: with_block(text, r'^VERSION = "[^"]*"$', f'VERSION = "{version}"', relative(_PLACE), "VERSION")}
