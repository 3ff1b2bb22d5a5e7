# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/docsite/rst/simulator.rst: the README of the role simulator as a page of the documentation.

The README has credentials, seed data and every switch; a test compares it with the simulator. Of Markdown, what it is
written in is known here: headings, paragraphs, lists, tables, code blocks, `code`, **bold** and *emphasis*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from .places import GUIDES, ROLES, GenerateError

_SOURCE = ROLES / "simulator" / "README.md"
_HEAD = """\
..
  Copyright (c) 2026, telephony.pbx contributors
  GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
  SPDX-License-Identifier: GPL-3.0-or-later

.. Made by `python3 dev.py generate` from roles/simulator/README.md; do not edit.

.. _ansible_collections.telephony.pbx.docsite.simulator:

"""
_TITLE = "The simulator"
_UNDERLINES = {2: "-", 3: "^", 4: "^"}


def files() -> dict[Path, str]:
    return {GUIDES / "simulator.rst": _HEAD + _page(_SOURCE.read_text(encoding="utf-8"))}


def _page(markdown: str) -> str:
    blocks = list(_blocks(markdown))
    out = [_heading(_TITLE, "="), ".. contents::\n   :local:"]
    for block in blocks[1:]:
        out += _converted(block)
    return "\n\n".join(out) + "\n"


def _blocks(markdown: str) -> Iterator[str]:
    """What blank lines set apart; those within a code block do not."""
    lines: list[str] = []
    in_code = False
    for line in [*markdown.strip().splitlines(), ""]:
        in_code ^= line.startswith("```")
        if line or in_code:
            lines.append(line)
        elif lines:
            yield "\n".join(lines)
            lines = []


def _converted(block: str) -> Iterator[str]:
    lines = block.splitlines()
    found = re.match(r"(#+) (.*)", lines[0])
    if found:
        yield _heading(_inline(found.group(2)), _UNDERLINES[len(found.group(1))])
    elif lines[0].startswith("<!--"):
        return
    elif lines[0].startswith("```"):
        yield f".. code-block:: {lines[0][3:]}\n\n" + "\n".join(f"   {line}".rstrip() for line in lines[1:-1])
    elif lines[0].startswith("|"):
        yield _table(lines)
    else:
        yield _inline(block)


def _heading(text: str, underline: str) -> str:
    return f"{text}\n{underline * len(text)}"


def _table(lines: list[str]) -> str:
    rows = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines if not line.startswith("|--")
    ]
    if len({len(row) for row in rows}) != 1:
        raise GenerateError(f"{_SOURCE.name} of the simulator: a table has rows of different lengths: {lines[0]}")
    out = [".. list-table::", "   :header-rows: 1", "   :widths: auto", ""]
    for row in rows:
        out += [f"   {'* -' if not place else '  -'} {_inline(cell)}".rstrip() for place, cell in enumerate(row)]
    return "\n".join(out)


def _inline(text: str) -> str:
    """Code gets double backticks; what RST would take for markup outside of it is escaped."""
    parts = re.split(r"(`[^`]+`)", text.replace("\\|", "|"))
    return "".join(f"`{part}`" if part.startswith("`") else _emphasis(part) for part in parts)


def _emphasis(text: str) -> str:
    kept = r"\*\*[^*]+\*\*|\*\w[^*]*\w\*"
    pieces = re.split(f"({kept})", text)
    return "".join(one if re.fullmatch(kept, one) else one.replace("*", r"\*") for one in pieces)
