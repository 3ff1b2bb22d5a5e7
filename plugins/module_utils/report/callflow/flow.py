# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flow that pictures show: boxes and arrows, with the place in the document that each comes from. Pure, no vendor."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .model import Confidence

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

    def add(self, node: Node) -> str:
        self.nodes.setdefault(node.id, node)
        return node.id

    def connect(self, edge: Edge) -> None:
        """Add an arrow; a second one between the same boxes joins the first."""
        for place, one in enumerate(self.edges):
            if (one.source, one.target) == (edge.source, edge.target):
                self.edges[place] = _joined(one, edge)
                return
        self.edges.append(edge)

    def inherit_states(self) -> None:
        """A box to which every arrow is added, or removed, is so too: the reader looks at boxes first."""
        for node in list(self.nodes.values()):
            states = {edge.state for edge in self.edges if edge.target == node.id}
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
