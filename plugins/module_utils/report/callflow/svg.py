# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flows and ring charts as SVG: accessible, self-contained, and the same bytes for the same picture. Pure.

Colours: text #1A202C has at least 13.7:1 on every fill, strokes have at least 5.5:1 on their fill and on white. What a
colour says is also said by a sign and by the kind of line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from ...callflow import labels
from . import chart, flow
from .chart import Bar, Chart
from .flow import ADDED, CHANGED, REMOVED, UNCHANGED, Flow
from .layout import BOX, FIRST_SIZE, LABEL_SIZE, LINE, OTHER_SIZE, Arrow, Box, Placed, place

_TEXT, _GRID, _BAR = "#1A202C", "#767676", "#0072B2"
_KINDS = {
    flow.GROUP: ("#E4EEF9", "#0B4F8A"),
    flow.STAGE: ("#E4EEF9", "#0B4F8A"),
    flow.NUMBER: ("#F4F5F7", "#4A5568"),
    flow.EXTENSION: ("#F4F5F7", "#4A5568"),
    flow.END: ("#F4F5F7", "#4A5568"),
    flow.EXTERNAL: ("#F1EAF7", "#5B2E87"),
    flow.NOT_KNOWN: ("#FFF6D6", "#7A5B00"),
}
_STATES = {
    ADDED: ("#E3F4EC", "#00664B", ' stroke-width="3"'),
    REMOVED: ("#FCE8DF", "#A33B00", ' stroke-width="1.5" stroke-dasharray="7 4"'),
    CHANGED: ("#E4EEF9", "#0B4F8A", ' stroke-width="2.5" stroke-dasharray="2 3"'),
}
_ROUND = (flow.NUMBER, flow.END, flow.EXTERNAL)
# A label in a hatched bar has a white edge around each letter.
_INSIDE = {
    chart.KNOWN: ' fill="#FFFFFF"',
    chart.UNSURE: ' stroke="#FFFFFF" stroke-width="5" stroke-linejoin="round" paint-order="stroke"',
    chart.NO_TIME: "",
}
_GAP = 16


def svg(drawn: Flow, charts: Sequence[Chart], title: str, description: str) -> str:
    """One SVG: the boxes above, the ring charts below. description: the outline in words."""
    placed = place(drawn)
    mark = hashlib.sha256(labels.clean(f"{title} {description}").encode()).hexdigest()[:10]
    width, height = placed.width, placed.height
    body = list(_boxes_and_arrows(placed, mark))
    for one in charts:
        body.append(f'<g transform="translate(0 {height:.1f})">')
        body.extend(_chart(one, mark))
        body.append("</g>")
        height += one.height + _GAP
        width = max(width, one.width)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.1f} {height:.1f}" width="{width:.1f}"'
        f' height="{height:.1f}" role="img" aria-labelledby="t{mark} d{mark}" font-family="Arial, Helvetica, sans-serif"'
        f' fill="{_TEXT}">'
    )
    lines = [
        head,
        f'<title id="t{mark}">{labels.xml(title)}</title>',
        f'<desc id="d{mark}">{labels.xml(description.replace(chr(10), " / "))}</desc>',
        *_definitions(mark),
        f'<rect x="0" y="0" width="{width:.1f}" height="{height:.1f}" fill="#FFFFFF"/>',
        *body,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _definitions(mark: str) -> Iterator[str]:
    yield "<defs>"
    colours = {UNCHANGED: "#4A5568", **{state: style[1] for state, style in _STATES.items()}}
    for state, colour in colours.items():
        yield (
            f'<marker id="a-{state}-{mark}" markerUnits="userSpaceOnUse" markerWidth="9" markerHeight="8" refX="9" refY="4"'
            f' orient="auto"><path d="M0 0 L9 4 L0 8 Z" fill="{colour}"/></marker>'
        )
    yield (
        f'<pattern id="h-{mark}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="6" height="6" fill="#FFFFFF"/><rect width="3" height="6" fill="{_BAR}"/></pattern>'
    )
    yield "</defs>"


# -- boxes and arrows --------------------------------------------------------------------------------------------------
def _boxes_and_arrows(placed: Placed, mark: str) -> Iterator[str]:
    for arrow in placed.arrows:
        yield from _arrow(arrow, mark)
    for box in placed.boxes:
        yield from _box(box)


def _arrow(arrow: Arrow, mark: str) -> Iterator[str]:
    state = arrow.edge.state
    colour, line = ("#4A5568", ' stroke-width="1.5"') if state == UNCHANGED else _STATES[state][1:]
    if state == UNCHANGED and not arrow.edge.certain:
        line += ' stroke-dasharray="1 4" stroke-linecap="round"'
    whole = "; ".join(part for part in (arrow.edge.label, arrow.edge.note, ", ".join(arrow.edge.rules)) if part)
    yield '<g class="arrow">'
    if whole:
        yield f"<title>{labels.xml(whole)}</title>"
    yield f'<path d="{arrow.path}" fill="none" stroke="{colour}"{line} marker-end="url(#a-{state}-{mark})"/>'
    struck = ' text-decoration="line-through"' if state == REMOVED else ""
    for words, y in ((arrow.label, arrow.label_y - 5), (arrow.note, arrow.label_y + 13)):
        if words:
            yield f'<text x="{arrow.label_x:.1f}" y="{y:.1f}" font-size="{LABEL_SIZE}"{struck}>{labels.xml(words)}</text>'
    yield "</g>"


def _box(box: Box) -> Iterator[str]:
    node = box.node
    fill, stroke = _KINDS[node.kind]
    line = ' stroke-width="1.5"'
    if node.state != UNCHANGED:
        fill, stroke, line = _STATES[node.state]
    corner = min(box.height / 2, 16) if node.kind in _ROUND else 3
    yield '<g class="box">'
    yield f"<title>{labels.xml(node.whole)}</title>"
    yield (
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{BOX:.1f}" height="{box.height:.1f}" rx="{corner:.1f}"'
        f' fill="{fill}" stroke="{stroke}"{line}/>'
    )
    struck = ' text-decoration="line-through"' if node.state == REMOVED else ""
    first = box.middle - LINE * len(box.lines) / 2 + 12
    for number, words in enumerate(box.lines):
        style = f'font-size="{FIRST_SIZE}" font-weight="bold"' if number == 0 else f'font-size="{OTHER_SIZE}"'
        yield f'<text x="{box.x + 8:.1f}" y="{first + LINE * number:.1f}" {style}{struck}>{labels.xml(words)}</text>'
    yield "</g>"


# -- ring charts -------------------------------------------------------------------------------------------------------
def _chart(one: Chart, mark: str) -> Iterator[str]:
    bottom = one.bottom
    heading = one.title or "Who rings when"
    yield f'<text x="{chart.LEFT}" y="18" font-size="13" font-weight="bold">{labels.xml(heading)}</text>'
    for x, words in one.ticks:
        yield f'<line x1="{x:.1f}" y1="{chart.HEAD - 6}" x2="{x:.1f}" y2="{bottom:.1f}" stroke="{_GRID}" stroke-width="0.5"/>'
        yield f'<text x="{x:.1f}" y="{chart.HEAD - 10}" font-size="11" text-anchor="middle">{words} s</text>'
    for lane in one.lanes:
        middle = lane.y + chart.LANE / 2 + 4
        yield f'<text class="lane" x="{chart.LEFT}" y="{middle:.1f}" font-size="11.5">{labels.xml(lane.name)}</text>'
        for one_bar in lane.bars:
            yield from _bar(one_bar, lane.y, mark)
        if lane.note:
            yield f'<text x="{chart.LEFT + chart.LABELS + 6}" y="{middle:.1f}" font-size="11.5">{labels.xml(lane.note)}</text>'
    if one.end_x is not None:
        line = f'class="end" x1="{one.end_x:.1f}" y1="{chart.HEAD - 6}" x2="{one.end_x:.1f}" y2="{bottom + 8:.1f}"'
        yield f'<line {line} stroke="{_TEXT}" stroke-width="2.5"/>'
    yield f'<text x="{chart.LEFT}" y="{bottom + 24:.1f}" font-size="11.5">{labels.xml(f"Then: {one.end}")}</text>'


def _bar(one_bar: Bar, lane_y: float, mark: str) -> Iterator[str]:
    fill = {chart.KNOWN: _BAR, chart.UNSURE: f"url(#h-{mark})", chart.NO_TIME: "#FFFFFF"}[one_bar.style]
    line = ' stroke-dasharray="2 3"' if one_bar.style == chart.NO_TIME else ""
    y = lane_y + chart.LANE * one_bar.row + (chart.LANE - chart.BAR) / 2
    yield '<g class="bar">'
    yield f"<title>{labels.xml(one_bar.whole)}</title>"
    yield (
        f'<rect x="{one_bar.x:.1f}" y="{y:.1f}" width="{one_bar.width:.1f}" height="{chart.BAR}" fill="{fill}"'
        f' stroke="{_BAR}" stroke-width="1.5"{line}/>'
    )
    end, middle = one_bar.x + one_bar.width, y + chart.BAR / 2
    if one_bar.open:
        tip = end + chart.POINT
        yield f'<path d="M{end:.1f} {middle - 11:.1f} L{tip:.1f} {middle:.1f} L{end:.1f} {middle + 11:.1f} Z" fill="{_BAR}"/>'
    look = _INSIDE[one_bar.style] if one_bar.inside else ""
    place = f'x="{one_bar.label_x:.1f}" y="{middle + 4:.1f}" font-size="{chart.BAR_SIZE:g}"'
    yield f"<text {place}{look}>{labels.xml(one_bar.label)}</text>"
    yield "</g>"
