# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures as tables of reStructuredText and as SVG plots, and their place in the guide."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "docsite" / "rst" / "performance.rst"
PLOTS = ROOT / "docs" / "performance"
WIDTH, HEIGHT, LEFT, BOTTOM, RIGHT, TOP = 720, 420, 70, 50, 190, 20  # pixels
COLORS = ("#0b6e4f", "#c0392b", "#2457a6", "#b9770e", "#6c3483", "#117a8b", "#7b241c", "#566573")


@dataclass(frozen=True)
class Rows:
    heads: list[str]
    rows: list[list[str]]

    def as_rst(self) -> str:
        lines = [".. list-table::", "   :header-rows: 1", ""]
        for row in [self.heads, *self.rows]:
            lines += [f"   {'* ' if place == 0 else '  '}- {cell}" for place, cell in enumerate(row)]
        return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Curve:
    """name: what grows. points: (how many, seconds of processor)."""

    name: str
    points: list[tuple[int, float]]


def write_table(name: str, rows: Rows) -> None:
    """Put a table in its place in the guide."""
    write_text(name, rows.as_rst())


def write_text(name: str, written: str) -> None:
    """Put a text in its place in the guide, between `.. measured: NAME` and `.. end of measured`."""
    text = GUIDE.read_text(encoding="utf-8")
    pattern = rf"(^\.\. measured: {re.escape(name)}\n).*?(^\.\. end of measured$)"
    found, count = re.subn(
        pattern, lambda match: f"{match[1]}\n{written.rstrip()}\n\n{match[2]}", text, flags=re.MULTILINE | re.DOTALL
    )
    if count != 1:
        raise SystemExit(f"{GUIDE} has no place for the table {name}")
    GUIDE.write_text(found, encoding="utf-8")


def write_plot(name: str, what: str, curves: list[Curve]) -> None:
    """A plot with logarithmic axes, in which a straight line of slope 1 is a cost in line with the work."""
    PLOTS.mkdir(exist_ok=True)
    (PLOTS / f"{name}.svg").write_text(plot(what, curves), encoding="utf-8")


def plot(what: str, curves: list[Curve]) -> str:
    points = [point for curve in curves for point in curve.points]
    across = _Axis([count for count, _seconds in points], LEFT, WIDTH - RIGHT)
    up = _Axis([max(seconds, 0.001) for _count, seconds in points], HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f"<title>Seconds of processor by number of {escape(what)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for value, place in across.marks():
        parts.append(f'<path d="M{place:.0f} {TOP}V{HEIGHT - BOTTOM}" stroke="#dddddd"/>')
        parts.append(f'<text x="{place:.0f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{value:,.0f}</text>')
    for value, place in up.marks():
        parts.append(f'<path d="M{LEFT} {place:.0f}H{WIDTH - RIGHT}" stroke="#dddddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{place + 4:.0f}" text-anchor="end">{value:g}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle:.0f}" y="{HEIGHT - 10}" text-anchor="middle">{escape(what)}</text>')
    parts.append(
        f'<text x="16" y="{HEIGHT / 2:.0f}" transform="rotate(-90 16 {HEIGHT / 2:.0f})">seconds of processor</text>'
    )
    for place, curve in enumerate(curves):
        color = COLORS[place % len(COLORS)]
        line = " ".join(f"{across.place(n):.1f},{up.place(max(s, 0.001)):.1f}" for n, s in curve.points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2"/>')
        y = TOP + 14 + place * 20
        parts.append(f'<text x="{WIDTH - RIGHT + 12}" y="{y}" fill="{color}">{escape(curve.name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


class _Axis:
    """A logarithmic axis over whole powers of ten, between two places in pixels."""

    def __init__(self, values: list[float] | list[int], start: float, end: float) -> None:
        self.low, self.high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        self.high = max(self.high, self.low + 1)
        self.start, self.end = start, end

    def place(self, value: float) -> float:
        return self.start + (math.log10(value) - self.low) / (self.high - self.low) * (self.end - self.start)

    def marks(self) -> list[tuple[float, float]]:
        return [(10.0**power, self.place(10.0**power)) for power in range(self.low, self.high + 1)]
