# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A flow as Mermaid, as DOT and as an outline in words. Pure."""

from __future__ import annotations

from ...callflow import labels
from . import flow
from .flow import ADDED, CHANGED, REMOVED, SIGNS, UNCHANGED, Edge, Flow, Node

_ROUND = (flow.NUMBER, flow.END, flow.EXTERNAL)
# Fill, stroke and line of a state, as the SVG has them (specification 4.3).
_MERMAID_CLASSES = {
    ADDED: "fill:#E3F4EC,stroke:#00664B,stroke-width:3px",
    REMOVED: "fill:#FCE8DF,stroke:#A33B00,stroke-dasharray:7 4",
    CHANGED: "fill:#E4EEF9,stroke:#0B4F8A,stroke-width:2.5px,stroke-dasharray:2 3",
}
_DOT_STATES = {
    ADDED: 'color="#00664B", penwidth=3',
    REMOVED: 'color="#A33B00", style=dashed',
    CHANGED: 'color="#0B4F8A", style=dotted, penwidth=2.5',
}


def _signed(node: Node, brief: str) -> str:
    return f"{SIGNS[node.state]} {brief}" if node.state != UNCHANGED else brief


def _label(edge: Edge) -> str:
    return f"{edge.label} ({edge.note})" if edge.label and edge.note else edge.label or edge.note


def mermaid(drawn: Flow) -> str:
    """Mermaid's flowchart text; ids are n0, n1, ... in the order of the boxes, labels are escaped."""
    ids = {node: f"n{place}" for place, node in enumerate(drawn.nodes)}
    shown: set[str] = set()

    def box(name: str) -> str:
        if name in shown:
            return ids[name]
        shown.add(name)
        node = drawn.nodes[name]
        words = labels.mermaid(_signed(node, node.brief))
        return f'{ids[name]}(["{words}"])' if node.kind in _ROUND else f'{ids[name]}["{words}"]'

    lines = ["flowchart LR"]
    for edge in drawn.edges:
        label = labels.mermaid(_label(edge))
        arrow = f'-- "{label}" -->' if label else "-->"
        lines.append(f"  {box(edge.source)} {arrow} {box(edge.target)}")
    lines += [f"  {box(name)}" for name in drawn.nodes if name not in shown]
    states = {node.state for node in drawn.nodes.values()} - {UNCHANGED}
    lines += [f"  classDef {state} {style}" for state, style in _MERMAID_CLASSES.items() if state in states]
    lines += [f"  class {ids[name]} {node.state}" for name, node in drawn.nodes.items() if node.state != UNCHANGED]
    return "\n".join(lines) + "\n"


def dot(drawn: Flow) -> str:
    """Graphviz' DOT; quoted labels only, no HTML."""
    ids = {node: f"n{place}" for place, node in enumerate(drawn.nodes)}
    lines = ["digraph calls {", "  rankdir=LR;", '  node [shape=box, fontname="Arial"];', '  edge [fontname="Arial"];']
    for name, node in drawn.nodes.items():
        words = "\\n".join(labels.dot(line) for line in _dot_lines(node))
        more = [f'label="{words}"']
        more += ["shape=oval"] if node.kind == flow.NUMBER else ["style=rounded"] if node.kind in _ROUND else []
        more += [_DOT_STATES[node.state]] if node.state != UNCHANGED else []
        lines.append(f"  {ids[name]} [{', '.join(more)}];")
    for edge in drawn.edges:
        attributes = [f'label="{labels.dot(_label(edge))}"'] if _label(edge) else []
        attributes += [_DOT_STATES[edge.state]] if edge.state != UNCHANGED else []
        words = f" [{', '.join(attributes)}]" if attributes else ""
        lines.append(f"  {ids[edge.source]} -> {ids[edge.target]}{words};")
    return "\n".join([*lines, "}"]) + "\n"


def _dot_lines(node: Node) -> list[str]:
    lines = node.brief.split(" · ") if node.kind == flow.GROUP else [node.brief]
    return [_signed(node, lines[0]), *lines[1:]]


def outline(drawn: Flow) -> str:
    """The flow in words, a line for each box that something leads out of."""
    lines = []
    leaving: dict[str, list[Edge]] = {}
    for edge in drawn.edges:
        leaving.setdefault(edge.source, []).append(edge)
    dialled = {edge.target: drawn.nodes[edge.source].lines[0] for edge in drawn.edges if edge.kind == "dials"}
    for name, node in drawn.nodes.items():
        out = leaving.get(name, [])
        if not out or node.kind == flow.NUMBER and all(edge.kind == "dials" for edge in out):
            continue
        head = _head(dialled.get(name, ""), node)
        said = [words for words in (_said(drawn, edge) for edge in out) if words]
        lines.append(labels.clean(f"{head}: {'; '.join(said)}" if said else head))
    met = {name for edge in drawn.edges for name in (edge.source, edge.target)}
    alone = [node for name, node in drawn.nodes.items() if name not in met]
    lines += [
        labels.clean(f"{_signed(node, node.lines[0])}: {', '.join(node.lines[1:]) or 'no calls'}") for node in alone
    ]
    return "\n".join(lines)


def _head(dialled: str, node: Node) -> str:
    words = node.lines[0]
    number = f"{dialled} " if dialled and not words.startswith(dialled) else ""
    policy = node.brief.split(" · ")[1:] if node.kind == flow.GROUP else []
    return _signed(node, ", ".join([f"{number}{words}", *policy]))


def _said(drawn: Flow, edge: Edge) -> str:
    target = drawn.nodes[edge.target]
    sign = f"{SIGNS[edge.state]} " if edge.state != UNCHANGED else ""
    if edge.kind in ("rings", "follows") and target.kind != flow.STAGE:
        order = f"{edge.order}. " if edge.order else ""
        if edge.target.endswith(":together"):
            return f"{sign}{order}{edge.spoken}"
        return f"{sign}{order}{target.lines[0]} {edge.spoken}".rstrip()
    if target.kind == flow.STAGE:
        return f"{sign}{'then ' if edge.kind == 'then' else ''}{target.lines[0]} {edge.spoken}".rstrip()
    return f"{sign}{edge.spoken}"
