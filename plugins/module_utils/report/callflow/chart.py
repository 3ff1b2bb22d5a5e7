# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ring chart: a lane for each phone, bars on an axis of seconds, and where the call ends. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Optional

from ...callflow import labels
from ...callflow.model import LOW, RINGS_ON, UNKNOWN, Outcome, Ring, seconds
from .timeline import end_in_words

LABELS, PLOT, LANE, BAR, LEFT, HEAD, FOOT, RIGHT = 190, 650, 28, 18, 24, 46, 40, 60
MOST_LANES, MOST_CHARTS = 24, 6
_TICKS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600)
_MOST_TICKS = 10
_SIZE, BAR_SIZE = 11.5, 11.0
POINT = 12  # the arrow head of a bar that is open
WIDTH = LEFT + LABELS + PLOT + RIGHT
KNOWN, UNSURE, NO_TIME = "known", "unsure", "no-time"
Name = Callable[[str], str]  # a phone -> how it is shown


@dataclass(frozen=True)
class Bar:
    """A bar of a lane, in pixels of the chart. style: known | unsure (hatched) | no-time (dotted outline).

    inside: whether the label stands in the bar. row: of its lane; bars that would meet stand below each other.
    """

    x: float
    width: float
    style: str
    open: bool
    label: str
    label_x: float
    inside: bool
    whole: str
    row: int = 0

    @property
    def taken(self) -> tuple[float, float]:
        """From where to where it and its label take the row."""
        end = self.x + self.width + (POINT if self.open else 0)
        return min(self.x, self.label_x), max(end, self.label_x + labels.width(self.label, BAR_SIZE))


@dataclass(frozen=True)
class Lane:
    name: str
    y: float
    bars: tuple[Bar, ...]
    note: str = ""  # why it does not ring

    @property
    def height(self) -> float:
        return float(LANE * (1 + max((one.row for one in self.bars), default=0)))


@dataclass(frozen=True)
class Chart:
    """One outcome, or a part of its lanes. end_x: None where the time of the end is not known."""

    title: str
    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[float, str], ...]
    end_x: Optional[float]  # noqa: UP045
    end: str
    height: float

    @property
    def width(self) -> float:
        return float(WIDTH)

    @property
    def bottom(self) -> float:
        """Where the last lane ends."""
        return self.height - FOOT


def charts(outcomes: tuple[Outcome, ...], phones: list[str], name: Name, hide: Name) -> list[Chart]:
    """Charts of up to MOST_CHARTS outcomes. phones: the lanes that are there in any case, in this order.

    hide: changes every text that may hold an outside number.
    """
    made: list[Chart] = []
    for number, outcome in enumerate(outcomes[:MOST_CHARTS], 1):
        share = "possible" if outcome.probability is None else f"share {outcome.probability}"
        title = "" if len(outcomes) == 1 else f"Outcome {number} of {len(outcomes)}: {share}"
        lanes = list(dict.fromkeys([*phones, *(ring.phone for ring in outcome.rings)]))
        for start in range(0, max(len(lanes), 1), MOST_LANES):
            part = lanes[start : start + MOST_LANES]
            words = title if not start else f"{title} (continued)".strip()
            made.append(_chart(outcome, part, words, name, hide))
    return made


def scale(outcome: Outcome) -> tuple[int, int]:
    """The tick and the horizon of an axis, in seconds."""
    ends = [end for end in (*(ring.until for ring in outcome.rings), outcome.end.at) if end is not None]
    finite = [int(end) for end in ends if end != float("inf")]
    latest = [int(ring.latest) for ring in outcome.rings if ring.latest is not None]
    opened = [int(ring.since) + 20_000 for ring in outcome.rings if ring.open and ring.since is not None]
    starts = [int(ring.since) for ring in outcome.rings if ring.since is not None]
    last = max([30_000, *finite, *opened, *latest, *starts])
    for tick in _TICKS:
        horizon = tick * (int(last // 1000) // tick + 1)
        if horizon // tick <= _MOST_TICKS:
            break
    return tick, horizon


def _chart(outcome: Outcome, phones: list[str], title: str, name: Name, hide: Name) -> Chart:
    tick, horizon = scale(outcome)
    left = LEFT + LABELS

    def x_of(milliseconds: float) -> float:
        return left + PLOT * min(milliseconds / 1000 / horizon, 1)

    end_x = None if outcome.end.at is None or outcome.end.is_ == RINGS_ON else x_of(outcome.end.at)
    lanes: list[Lane] = []
    y = float(HEAD)
    for phone in phones:
        bars = _in_rows([_bar(ring, x_of, horizon, end_x) for ring in outcome.rings if ring.phone == phone])
        why = dict(outcome.silent).get(phone, "")
        note = "" if bars else f"does not ring: {why}" if why else "does not ring"
        lanes.append(Lane(labels.fitted(labels.clean(hide(name(phone))), 28, _SIZE, LABELS - 10), y, bars, note))
        y += lanes[-1].height
    step = max(1, -(-horizon // tick // 12))
    ticks = tuple((x_of(second * 1000), str(second)) for second in range(0, horizon + 1, tick * step))
    words = end_in_words(outcome.end)
    if outcome.end.is_ == UNKNOWN and outcome.end.possible:
        words += f" ({', '.join(outcome.end.possible)})"
    return Chart(
        title,
        tuple(lanes),
        ticks,
        end_x,
        labels.fitted(hide(words), 100, _SIZE, PLOT + LABELS),
        y + FOOT,
    )


def _in_rows(bars: list[Bar]) -> tuple[Bar, ...]:
    """Each in the first row of its lane in which neither it nor its label meets another; bars may touch.

    Bars that look the same are one.
    """
    placed: list[Bar] = []
    alike: dict[tuple[float, float, str, str], list[Bar]] = {}
    for one_bar in bars:
        alike.setdefault((one_bar.x, one_bar.width, one_bar.style, one_bar.label), []).append(one_bar)
    for same in alike.values():
        one_bar = replace(same[0], whole=" / ".join(dict.fromkeys(one.whole for one in same)))
        start, end = one_bar.taken
        blocked = {one.row for one in placed if start < one.taken[1] - 0.1 and one.taken[0] < end - 0.1}
        placed.append(replace(one_bar, row=next(row for row in range(len(bars)) if row not in blocked)))
    return tuple(placed)


def _bar(ring: Ring, x_of: Callable[[float], float], horizon: int, end_x: float | None) -> Bar:
    start = ring.since if ring.since is not None else ring.earliest or 0
    unsure = ring.assumed or ring.confidence in (LOW, None)
    if ring.since is None or ring.until is None:
        style, until = NO_TIME, float(horizon * 1000)
    else:
        style, until = (UNSURE if unsure else KNOWN), min(float(ring.until), horizon * 1000.0)
    x, label = x_of(start), _span(ring)
    width = max(x_of(until) - x, 2.0)
    label_x, inside = _label_place(label, x, x + width, ring.open, end_x)
    whole = f"{label}; {ring.why}; {', '.join(ring.rules)} ({ring.confidence or 'not known'})"
    return Bar(x, width, style, ring.open, label, label_x, inside, whole)


def _label_place(label: str, x: float, end: float, open_: bool, end_x: float | None) -> tuple[float, bool]:
    """Where a label starts, and whether it stands in its bar: there, right of it, or left of it, as there is room."""
    wide = labels.width(label, BAR_SIZE)
    if wide <= end - x - 10:
        return x + 5, True
    right = end + (POINT if open_ else 0) + 4
    if end_x is not None and right - 2 < end_x < right + wide + 2:
        right = end_x + 4  # the line of the end would run through it
    return (right if right + wide <= WIDTH else x - wide - 4), False


def _span(ring: Ring) -> str:
    if ring.since is None:
        return "time not known"
    return f"{seconds(ring.since)}-{'…' if ring.open else '?' if ring.until is None else seconds(ring.until)}"
