# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The blocks of a guide as data, so that a test can do what the page says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PAGES = Path(__file__).resolve().parents[2] / "docs" / "docsite" / "rst"
_UNDERLINE = re.compile(r"[-=~^]{4,}$")
_BLOCK = re.compile(r"\.\. code-block:: (\S+)$")
_OPTION = re.compile(r"   :(\w+): (.+)$")


@dataclass(frozen=True)
class Block:
    """A code block: the heading above it, its language, the file that its caption names (or empty), and its text."""

    heading: str
    language: str
    file: str
    text: str


def blocks(page: str) -> list[Block]:
    """The code blocks of docs/docsite/rst/PAGE.rst, in order."""
    return list(_blocks((PAGES / f"{page}.rst").read_text(encoding="utf-8").splitlines()))


def _blocks(lines: list[str]) -> Iterator[Block]:
    heading = ""
    for number, line in enumerate(lines):
        if _UNDERLINE.match(line):
            heading = lines[number - 1]
        begins = _BLOCK.match(line)
        if begins:
            inside = []
            for one in lines[number + 1 :]:
                if one and not one.startswith("   "):
                    break
                inside.append(one)
            options = dict(found.groups() for one in inside if (found := _OPTION.match(one)))
            text = "\n".join(one[3:] for one in inside if not _OPTION.match(one)).strip("\n")
            yield Block(heading, begins[1], options.get("caption", ""), f"{text}\n")
