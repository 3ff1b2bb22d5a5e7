# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of the trust suites: how many things were tried, counted by the tests themselves while they try them.

Every process that runs tests leaves a file of counts; `table` adds them up. `python3 dev.py trust` runs the suites in
full, prints the table and with --write writes it into tests/trust/FIGURES.md.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / ".dev" / "trust"
TARGET = ROOT / "tests" / "trust" / "FIGURES.md"
START, END = "<!-- figures begin -->", "<!-- figures end -->"
FULL = os.environ.get("PBX_TRUST") == "full"
Thing = TypeVar("Thing")

_counts: Counter[tuple[str, str, str]] = Counter()
_greatest: dict[tuple[str, str, str], int] = {}


def count(suite: str, what: str, number: int = 1, backend: str = "") -> None:
    """Add to a figure. suite: the heading it stands under; what: what was counted, in words; backend: its column."""
    _counts[suite, what, backend] += number


def greatest(suite: str, what: str, number: int, backend: str = "") -> None:
    """A figure that is no sum but the greatest value that was seen."""
    key = (suite, what, backend)
    _greatest[key] = max(number, _greatest.get(key, number))


def sample(things: Sequence[Thing], most: int) -> list[Thing]:
    """So many of them spread over all, the last one too; every one of them in a full run."""
    if FULL or len(things) <= most:
        return list(things)
    step = -(-len(things) // most)
    return [thing for index, thing in enumerate(things) if index % step == 0 or index == len(things) - 1]


def save(name: str) -> None:
    """Leave what this process counted for `table`."""
    if not (_counts or _greatest):
        return
    PLACE.mkdir(parents=True, exist_ok=True)
    rows = [
        [*key, number, kind] for kind, kept in (("sum", _counts), ("max", _greatest)) for key, number in kept.items()
    ]
    (PLACE / f"{name}.json").write_text(json.dumps(rows))


def collected() -> dict[tuple[str, str, str], int]:
    found: dict[tuple[str, str, str], int] = {}
    for file in sorted(PLACE.glob("*.json")):
        for suite, what, backend, number, kind in json.loads(file.read_text()):
            key = (suite, what, backend)
            found[key] = (
                number if key not in found else found[key] + number if kind == "sum" else max(number, found[key])
            )
    return found


def table() -> str:
    """The figures as a Markdown table: a line for each, a column for each backend and one for all together."""
    figures = collected()
    rows = [("Suite", "Figure", "PortaSwitch", "Vodia", "APIO", "Backends together"), ("---",) * 2 + ("---:",) * 4]
    shown = ""
    for suite, what in sorted({key[:2] for key in figures}):
        cells = [figures.get((suite, what, column)) for column in ("portaswitch", "vodia", "apio", "")]
        rows.append((suite if suite != shown else "", what, *("" if cell is None else f"{cell:,}" for cell in cells)))
        shown = suite
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def plain() -> str:
    """The same for a terminal."""
    figures = collected()
    lines = []
    for suite, what in sorted({key[:2] for key in figures}):
        parts = [
            f"{column or 'together'} {figures[suite, what, column]:,}"
            for column in ("portaswitch", "vodia", "apio", "")
            if (suite, what, column) in figures
        ]
        lines.append(f"{suite:<22} {what:<60} {', '.join(parts)}")
    return "\n".join(lines)


def main() -> int:
    """Print the figures of the last run, and put them into FIGURES.md with `--write`."""
    print(plain())
    if "--write" in sys.argv:
        head, _begin, rest = TARGET.read_text(encoding="utf-8").partition(START)
        tail = rest.partition(END)[2]
        TARGET.write_text(f"{head}{START}\n\n{table()}\n{END}{tail}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
