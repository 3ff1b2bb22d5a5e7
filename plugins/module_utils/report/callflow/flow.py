# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flow that pictures show: boxes and arrows, with the place in the document that each comes from. Pure, no vendor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ...callflow.model import Confidence

ADDED, REMOVED, CHANGED, UNCHANGED = "added", "removed", "changed", "unchanged"
SIGNS = {ADDED: "+", REMOVED: "−", CHANGED: "~", UNCHANGED: ""}
NUMBER, GROUP, STAGE, EXTENSION, EXTERNAL, END, NOT_KNOWN = (
    "number", "group", "stage", "extension", "external", "end", "unknown",
)  # fmt: skip


@dataclass(frozen=True)
class Node:
    """A box. lines: the first is its name; brief: all that one line of text says; whole: what nothing is cut from."""

    id: str
    kind: str
    lines: tuple[str, ...]
    brief: str
    path: str = ""
    state: str = UNCHANGED

    @property
    def whole(self) -> str:
        return "; ".join(self.lines)


@dataclass(frozen=True)
class Edge:
    """An arrow. kind: dials, rings, then, overflow, night, forwards, follows, ends. note: a second line of the label.

    spoken: what the text outline says of it, without its number in the order.
    """

    source: str
    target: str
    kind: str
    label: str = ""
    note: str = ""
    spoken: str = ""
    order: int | None = None
    path: str = ""
    rules: tuple[str, ...] = ()
    confidence: Confidence = None
    state: str = UNCHANGED
    certain: bool = True


@dataclass
class Flow:
    """Boxes in the order in which they were met, and arrows."""

    title: str
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    _places: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, node: Node) -> str:
        self.nodes.setdefault(node.id, node)
        return node.id

    def connect(self, edge: Edge) -> None:
        """Add an arrow; a second one between the same boxes joins the first."""
        place = self._places.setdefault((edge.source, edge.target), len(self.edges))
        if place == len(self.edges):
            self.edges.append(edge)
        else:
            self.edges[place] = _joined(self.edges[place], edge)

    def with_words(self, change: Callable[[str], str]) -> Flow:
        """The same flow with every text changed."""
        nodes = {
            name: replace(node, lines=tuple(change(line) for line in node.lines), brief=change(node.brief))
            for name, node in self.nodes.items()
        }
        edges = [
            replace(edge, label=change(edge.label), note=change(edge.note), spoken=change(edge.spoken))
            for edge in self.edges
        ]
        return Flow(change(self.title), nodes, edges)

    def inherit_states(self) -> None:
        """A box to which every arrow is added, or removed, is so too: the reader looks at boxes first."""
        entering: dict[str, set[str]] = {}
        for edge in self.edges:
            entering.setdefault(edge.target, set()).add(edge.state)
        for node in list(self.nodes.values()):
            states = entering.get(node.id, set())
            if node.state == UNCHANGED and len(states) == 1 and states <= {ADDED, REMOVED}:
                self.nodes[node.id] = replace(node, state=states.pop())


def _joined(one: Edge, other: Edge) -> Edge:
    def both(first: str, second: str, between: str = ", ") -> str:
        return (
            first if not second or second in first.split(between) else f"{first}{between}{second}" if first else second
        )

    return replace(
        one,
        label=both(one.label, other.label),
        note=both(one.note, other.note),
        spoken=both(one.spoken, other.spoken, "; "),
        rules=tuple(dict.fromkeys((*one.rules, *other.rules))),
        certain=one.certain and other.certain,
        state=one.state if one.state == other.state else CHANGED,
    )
