# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the generated parts are, and the error for a part that has no place."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
GUIDES = DOCS / "docsite" / "rst"
MODULES = ROOT / "plugins" / "modules"
FRAGMENTS = ROOT / "plugins" / "doc_fragments"
ACTIONS = ROOT / "plugins" / "action"
ROLES = ROOT / "roles"
EXAMPLE = ROOT / "playbooks" / "example"
PROSE = Path(__file__).resolve().parent / "prose"

COMMAND = "python3 dev.py generate"


class GenerateError(Exception):
    """A generated part has no place, or a description is missing or left over. The message says which and where."""


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
