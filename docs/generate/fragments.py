# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""plugins/doc_fragments/connection.py: the connection options, which all modules share."""

from __future__ import annotations

from pathlib import Path

from . import options, prose
from .blocks import as_yaml, with_block
from .places import FRAGMENTS, relative

_BLOCK = r'^    DOCUMENTATION = r""".*?^"""$'


def files() -> dict[Path, str]:
    path = FRAGMENTS / "connection.py"
    content = {
        "options": options.of_connection(),
        "requirements": prose.texts(prose.loaded("connection")["requirements"]),
        "notes": prose.texts(prose.loaded("connection")["notes"]),
    }
    block = f'    DOCUMENTATION = r"""\n{as_yaml(content)}"""'
    text = with_block(path.read_text(encoding="utf-8"), _BLOCK, block, relative(path), "DOCUMENTATION")
    return {path: text}
