# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where boxes and arrows of a flow stand, in pixels: columns by distance from the start, a row for each branch. Pure.

Arrows to a box that is not further right run below all boxes and say where they go back to.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ...callflow import labels
from .flow import Edge, Flow, Node

LEFT, COLUMN, BOX, ROW_GAP, LINE = 24, 364, 200, 18, 16
STRAIGHT, ENTRY, LANE = 118, 18, 22
BESIDE = 8  # from a box to the first line that passes it; the next ones are 3 further away, four beside each other
MOST_FIRST, MOST_OTHERS, MOST_LABEL = 22, 28, 16
FIRST_SIZE, OTHER_SIZE, LABEL_SIZE = 13.0, 11.5, 11.5


@dataclass(frozen=True)
class Box:
    node: Node
    x: float
    y: float
    height: float
    lines: tuple[str, ...]

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True)
class Arrow:
    """path: an SVG path. label_x, label_y: where its label starts; note_y below the line."""

    edge: Edge
    path: str
    label: str
    note: str
    label_x: float
    label_y: float


@dataclass(frozen=True)
class Placed:
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    width: float
    height: float


def place(drawn: Flow) -> Placed:
    """Lay out a flow. The same flow gives the same places."""
    depths, parents = _depths(drawn)
    rows = _rows(drawn, depths, parents)
    forward = [edge for edge in drawn.edges if depths[edge.target] == depths[edge.source] + 1]
    step = ENTRY * 2 - 4 if any(edge.note for edge in drawn.edges) else ENTRY
    boxes = _boxes(drawn, depths, rows, forward, step)
    arrows: list[Arrow] = []
    into: dict[str, list[Edge]] = {name: [] for name in drawn.nodes}
    for edge in forward:
        into[edge.target].append(edge)
    for target, entering in into.items():
        top = boxes[target].middle - (len(entering) - 1) * step / 2
        arrows.extend(_forward(boxes, edge, top + number * step) for number, edge in enumerate(entering))
    bottom = max((box.y + box.height for box in boxes.values()), default=0.0)
    back = [edge for edge in drawn.edges if depths[edge.target] != depths[edge.source] + 1]
    arrows.extend(_back(drawn, boxes, back, bottom))
    places = {(edge.source, edge.target): number for number, edge in enumerate(drawn.edges)}
    arrows.sort(key=lambda arrow: places[arrow.edge.source, arrow.edge.target])
    right = max((box.x + BOX for box in boxes.values()), default=float(LEFT))
    height = bottom + LANE * len(back) + LEFT
    return Placed(tuple(boxes.values()), tuple(arrows), right + LEFT + (20 if back else 0), height)


def _depths(drawn: Flow) -> tuple[dict[str, int], dict[str, str]]:
    """The distance of each box from the starts, and the box that it was first met from."""
    depths: dict[str, int] = {}
    parents: dict[str, str] = {}
    out: dict[str, list[str]] = {name: [] for name in drawn.nodes}
    for edge in drawn.edges:
        out[edge.source].append(edge.target)
    entered = {edge.target for edge in drawn.edges if edge.target != edge.source}
    starts = [name for name in drawn.nodes if name not in entered]
    for start in [*starts, *drawn.nodes]:  # what only a loop leads to starts where it stands
        if start in depths:
            continue
        queue = [start] if start not in starts else [one for one in starts if one not in depths]
        depths.update(dict.fromkeys(queue, 0))
        while queue:
            name = queue.pop(0)
            for target in out[name]:
                if target not in depths:
                    depths[target], parents[target] = depths[name] + 1, name
                    queue.append(target)
    return depths, parents


def _rows(drawn: Flow, depths: dict[str, int], parents: dict[str, str]) -> dict[str, int]:
    """The row of each box: depth first, a first child beside its parent."""
    children: dict[str, list[str]] = {name: [] for name in drawn.nodes}
    for edge in drawn.edges:
        if parents.get(edge.target) == edge.source and edge.target not in children[edge.source]:
            children[edge.source].append(edge.target)
    rows: dict[str, int] = {}
    free = 0
    todo = [name for name in reversed(list(drawn.nodes)) if name not in parents]
    while todo:
        name = todo.pop()
        first_child = name in parents and children[parents[name]][0] == name
        rows[name] = rows[parents[name]] if first_child else free
        free = max(free, rows[name] + 1)
        todo.extend(reversed(children[name]))
    return rows


def _boxes(
    drawn: Flow, depths: dict[str, int], rows: dict[str, int], forward: list[Edge], step: float
) -> dict[str, Box]:
    heights: dict[str, float] = {}
    entering = Counter(edge.target for edge in forward)
    for name, node in drawn.nodes.items():
        heights[name] = max(16 + LINE * len(node.lines), step * entering[name] + 8)
    row_heights: dict[int, float] = {}
    for name, row in rows.items():
        row_heights[row] = max(row_heights.get(row, 0.0), heights[name])
    tops: dict[int, float] = {}
    y = float(LEFT)
    for row in sorted(row_heights):
        tops[row] = y
        y += row_heights[row] + ROW_GAP
    return {
        name: Box(node, LEFT + depths[name] * COLUMN, tops[rows[name]], heights[name], _fitted_lines(node))
        for name, node in drawn.nodes.items()
    }


def _fitted_lines(node: Node) -> tuple[str, ...]:
    sign = {"added": "+ ", "removed": "− ", "changed": "~ "}.get(node.state, "")
    first, *others = (labels.clean(line) for line in node.lines)
    return (
        labels.fitted(sign + first, MOST_FIRST, FIRST_SIZE, BOX - 16, bold=True),
        *(labels.fitted(line, MOST_OTHERS, OTHER_SIZE, BOX - 16) for line in others),
    )


def _label(text: str) -> str:
    """It ends before the lines that pass the target."""
    return labels.fitted(labels.clean(text), MOST_LABEL, LABEL_SIZE, STRAIGHT - 24)


def _forward(boxes: dict[str, Box], edge: Edge, y: float) -> Arrow:
    """A curve to the straight piece in front of the target, on which the label stands."""
    source, target = boxes[edge.source], boxes[edge.target]
    x1, y1 = source.x + BOX, source.middle
    x2 = target.x - STRAIGHT
    half = (x1 + x2) / 2
    path = f"M{x1:.1f} {y1:.1f} C{half:.1f} {y1:.1f} {half:.1f} {y:.1f} {x2:.1f} {y:.1f} H{target.x:.1f}"
    return Arrow(edge, path, _label(edge.label), _label(edge.note), x2 + 2, y)


@dataclass(frozen=True)
class _Way:
    """An arrow that goes down at out, to the left on a lane below all boxes, and up again at enter."""

    edge: Edge
    out: float
    enter: float
    lane: float


def _back(drawn: Flow, boxes: dict[str, Box], edges: list[Edge], bottom: float) -> list[Arrow]:
    """Each on a lane of its own, with its label where no arrow of a lower lane crosses."""
    ways = []
    for number, edge in enumerate(edges):
        beside = BESIDE + 3 * (number % 4)
        out, enter = boxes[edge.source].x + BOX + beside, boxes[edge.target].x - beside
        ways.append(_Way(edge, out, enter, bottom + LANE * (number + 1)))
    return [_back_arrow(drawn, boxes, way, ways[number + 1 :]) for number, way in enumerate(ways)]


def _back_arrow(drawn: Flow, boxes: dict[str, Box], way: _Way, lower: list[_Way]) -> Arrow:
    edge, source, target = way.edge, boxes[way.edge.source], boxes[way.edge.target]
    y1, y2 = source.y + source.height - 6, target.y + target.height - 6
    path = f"M{source.x + BOX:.1f} {y1:.1f} H{way.out:.1f} V{way.lane:.1f} H{way.enter:.1f} V{y2:.1f} H{target.x:.1f}"
    name = labels.clean(drawn.nodes[edge.target].lines[0])
    label = f"{labels.clean(edge.label)}: back to {name}" if edge.label else f"back to {name}"
    left, right = _free_part(way, lower, labels.width(label, LABEL_SIZE))
    return Arrow(edge, path, labels.fitted(label, 60, LABEL_SIZE, right - left), "", left, way.lane)


def _free_part(way: _Way, lower: list[_Way], wanted: float) -> tuple[float, float]:
    """The first part of a lane that is as wide as wanted, or else the widest, between the lines that cross it."""
    start, end = sorted((way.out, way.enter))
    crossing = sorted(x for other in lower for x in (other.out, other.enter) if start < x < end)
    parts = [(left + 6, right - 6) for left, right in zip([start, *crossing], [*crossing, end])]
    return next((one for one in parts if one[1] - one[0] >= wanted), max(parts, key=lambda one: one[1] - one[0]))
