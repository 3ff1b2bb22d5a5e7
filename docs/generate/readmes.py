# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""roles/*/README.md: the table of variables, between two comments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.telephony.pbx.plugins.module_utils.entry import connection

from . import roles
from .blocks import with_block
from .places import ROLES, relative
from .plain import plain

_BEGIN, _END = "<!-- variables begin -->", "<!-- variables end -->"


def files() -> dict[Path, str]:
    found: dict[Path, str] = {}
    for name in roles.described():
        path = ROLES / name / "README.md"
        if path.parent.is_dir():
            block = f"{_BEGIN}\n{_table(name)}\n{_END}"
            text = path.read_text(encoding="utf-8")
            pattern = f"^{_BEGIN}$.*?^{_END}$"
            found[path] = with_block(text, pattern, block, relative(path), f"the variables ({_BEGIN} and {_END})")
    return found


def _table(role: str) -> str:
    shared = [f"pbx_{name}" for name in connection.ENVIRONMENT]
    own = {name: entry for name, entry in roles.variables(role).items() if name not in shared}
    lines = ["| Variable | Default | Meaning |", "|---|---|---|"]
    lines += [f"| `{name}` | {_default(entry)} | {_cell(plain(entry['description']))} |" for name, entry in own.items()]
    names = ", ".join(f"`{name}`" for name in shared)
    return "\n".join([*lines, f"| {names} | | The connection, as in the modules. |"])


def _default(entry: dict[str, Any]) -> str:
    if entry.get("required"):
        return "required"
    if "default" not in entry:
        return ""
    value = entry["default"]
    if isinstance(value, list):
        return f"`[{', '.join(map(str, value))}]`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
