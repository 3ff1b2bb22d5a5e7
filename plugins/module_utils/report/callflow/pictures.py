# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of a tenant or of one group: what filters, reports and playbooks ask for. Pure."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ...callflow import numbers
from ...callflow.given import nearest
from ...callflow.tenant import Item
from ...callflow.values import text
from ...callflow.vendor import EXTENSION, GROUP, resolve
from ...errors import InvalidOption
from . import svg as svg_format
from . import text_formats
from .chart import Chart, charts
from .flow import NOT_KNOWN, Flow, Node
from .plan_marks import Marks, read_plan
from .simulate import Caller, caller, run
from .sketch import Sketcher

FORMATS = ("svg", "mermaid", "dot", "outline")
SUFFIXES = {"svg": "svg", "mermaid": "mmd", "dot": "dot", "outline": "txt"}
MOST_BOXES, MOST_ARROWS = 40, 60
MERMAID_ARROWS, MERMAID_TEXT = 200, 30_000


@dataclass(frozen=True)
class Picture:
    """name: fit for a file's name. suffix: without a dot."""

    name: str
    title: str
    suffix: str
    text: str


@dataclass(frozen=True)
class Wish:
    """What kind of picture is asked for."""

    format: str = "svg"
    plan: Any = None
    mask_external: bool = False

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            hint = nearest(text(self.format), FORMATS)
            raise InvalidOption(f"format: {self.format!r} is unknown{hint}; write one of {', '.join(FORMATS)}")


def picture_of(
    document: Any,
    backend: Any,
    format: str = "svg",
    group: Any = None,
    plan: Any = None,
    mask_external: bool = False,
    assume: Mapping[str, Any] | None = None,
    country_code: str = "",
    moment: datetime.datetime | None = None,
    zone: str | None = None,
) -> Picture:
    """One picture: of a group, of an extension (by its number), or of the whole tenant.

    A tenant that is too large for one picture is drawn as an overview: its groups, and what leads from one to another.
    Raises InvalidOption.
    """
    wish = Wish(format, plan, mask_external)
    asked = caller(document, backend, moment, zone, assume=assume, country_code=country_code)
    marks = read_plan(plan)
    return _of_number(asked, wish, marks, text(group)) if text(group) else _of_tenant(asked, wish, marks)


def file_name(name: str) -> str:
    """A name with nothing in it that leads to another directory."""
    return re.sub(r"[^A-Za-z0-9@.+-]", "_", name)


def pictures_of(document: Any, backend: Any, format: str = "svg", plan: Any = None, **options: Any) -> list[Picture]:
    """The picture of the whole tenant, then one of each group. Raises InvalidOption. options: as of picture_of."""
    whole = picture_of(document, backend, format, None, plan, **options)
    asked = caller(document, backend)
    found = [whole]
    for group in asked.tenant.hunt_groups:
        names = asked.vendor.group_names(group)
        if names:
            found.append(picture_of(document, backend, format, names[0], plan, **options))
    return found


def _of_tenant(asked: Caller, wish: Wish, marks: Marks) -> Picture:
    title = "Call flow of the tenant"
    drawn = Flow(title)
    small = len(asked.tenant.hunt_groups) * 2 <= MOST_BOXES
    if small:
        drawn = Sketcher(asked, marks).tenant(title)
    if not small or not _fits(drawn, wish.format):
        drawn = Sketcher(asked, marks, inner=False).tenant(f"{title}: overview")
    return _picture("tenant", drawn, wish, asked)


def _fits(drawn: Flow, format: str) -> bool:
    if len(drawn.nodes) > MOST_BOXES or len(drawn.edges) > MOST_ARROWS:
        return False
    return format != "mermaid" or len(text_formats.mermaid(drawn)) <= MERMAID_TEXT


def _of_number(asked: Caller, wish: Wish, marks: Marks, number: str) -> Picture:
    target = resolve(asked.vendor, asked.tenant, number)
    group = target.item if target.kind == GROUP else _by_name(asked, number)
    if group is not None:
        return _of_group(asked, wish, marks, group)
    if target.kind != EXTENSION:
        known = [
            name for one in asked.tenant.hunt_groups for name in (*asked.vendor.group_names(one), text(one.get("name")))
        ]
        raise InvalidOption(f"group: {number!r} is not in the document{nearest(number, known)}")
    drawn = Flow(f"Call flow of {number}")
    Sketcher(asked, marks).extension_start(drawn, number)
    return _picture(f"extension-{number}", drawn, wish, asked, target.number)


def _by_name(asked: Caller, name: str) -> Item | None:
    found = [one for one in asked.tenant.hunt_groups if text(one.get("name")) == name]
    if len(found) > 1:
        raise InvalidOption(
            f"group: {name!r} is the name of {' and of '.join(one.path for one in found)}; give the number"
        )
    return found[0] if found else None


def _of_group(asked: Caller, wish: Wish, marks: Marks, group: Item) -> Picture:
    key = (asked.vendor.group_names(group) or [text(group.get("name"))])[0]
    title = f"Call flow of {' '.join(dict.fromkeys(word for word in (key, text(group.get('name'))) if word))}"
    drawn = Flow(title)
    Sketcher(asked, marks).number(drawn, group)
    if not _fits(drawn, wish.format):
        drawn = Flow(title)
        Sketcher(asked, marks, only=group).number(drawn, group)
    drawn.inherit_states()
    return _picture(f"group-{key}", drawn, wish, asked, key)


def _picture(name: str, drawn: Flow, wish: Wish, asked: Caller, number: str = "") -> Picture:
    """number: whose ring chart goes with it."""
    hide = numbers.Mask(_outside(asked, wish.plan) if wish.mask_external else ())
    drawn = drawn.with_words(hide)
    words = text_formats.outline(drawn)
    if wish.format == "outline":
        shown = f"{words}\n"
    elif wish.format == "mermaid":
        shown = text_formats.mermaid(_cut(drawn))
    elif wish.format == "dot":
        shown = text_formats.dot(drawn)
    else:
        shown = svg_format.svg(drawn, _charts(hide, asked, number) if number else [], drawn.title, words)
    return Picture(file_name(name).lstrip("."), drawn.title, SUFFIXES[wish.format], shown)


def _outside(asked: Caller, plan: Any) -> set[str]:
    """Every number of the document and the plan that leads outside."""
    tenant, vendor = asked.tenant, asked.vendor
    own = {name for one in tenant.hunt_groups for name in vendor.group_names(one)}
    own.update(name for one in tenant.extensions for name in vendor.extension_names(one))
    found: set[str] = set()
    todo: list[Any] = [plan, *(one.values for one in (*tenant.hunt_groups, *tenant.extensions, *tenant.follow_me))]
    while todo:
        value = todo.pop()
        if isinstance(value, Mapping):
            todo.extend(value.values())
        elif isinstance(value, (list, tuple)):
            todo.extend(value)
        elif isinstance(value, str):
            found.update(word for word in [value, *value.split()] if numbers.looks_external(word))
    return found - own


def _charts(hide: Callable[[str], str], asked: Caller, number: str) -> list[Chart]:
    simulation = run(asked, number)
    sketcher = Sketcher(asked)
    group = resolve(asked.vendor, asked.tenant, number).item
    parts = asked.vendor.parts(asked.tenant, group) if group is not None else []
    return charts(simulation.outcomes, [part.phone for part in parts], sketcher.phone_words, hide)


def _cut(drawn: Flow) -> Flow:
    """What Mermaid takes: a flow with too many arrows ends in a box that says how many are left out."""
    kept = Flow(drawn.title, dict(drawn.nodes), drawn.edges[:MERMAID_ARROWS])
    while len(text_formats.mermaid(kept)) > MERMAID_TEXT - 200 and kept.edges:
        kept.edges = kept.edges[: len(kept.edges) * 9 // 10]
        used = {name for edge in kept.edges for name in (edge.source, edge.target)}
        kept.nodes = {name: node for name, node in kept.nodes.items() if name in used}
    left = len(drawn.edges) - len(kept.edges)
    if left:
        words = f"and {left} more; ask for one group"
        kept.add(Node("more", NOT_KNOWN, (words,), words))
    return kept
