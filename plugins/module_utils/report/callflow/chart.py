# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ring chart: a lane for each phone, bars on an axis of seconds, and where the call ends. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Optional

from ...callflow import labels
from ...callflow.model import LOW, RINGS_ON, UNKNOWN, Outcome, Ring, seconds
from .timeline import end_in_words

LABELS, PLOT, LANE, BAR, LEFT, HEAD, FOOT, RIGHT = 190, 650, 28, 18, 24, 46, 40, 60
MOST_LANES, MOST_CHARTS = 24, 6
_TICKS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600)
_MOST_TICKS = 10
_SIZE = 11.5
KNOWN, UNSURE, NO_TIME = "known", "unsure", "no-time"
Name = Callable[[str], str]  # a phone -> how it is shown


@dataclass(frozen=True)
class Bar:
    """A bar of a lane, in pixels of the chart. style: known | unsure (hatched) | no-time (dotted outline)."""

    x: float
    y: float
    width: float
    style: str
    open: bool
    label: str
    whole: str


@dataclass(frozen=True)
class Lane:
    name: str
    y: float
    bars: tuple[Bar, ...]
    note: str = ""  # why it does not ring


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
        return float(LEFT + LABELS + PLOT + RIGHT)


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

    lanes = []
    for number, phone in enumerate(phones):
        y = HEAD + LANE * number
        rings = [ring for ring in outcome.rings if ring.phone == phone]
        bars = tuple(_bar(ring, x_of, horizon, y + (LANE - BAR) / 2) for ring in rings)
        why = dict(outcome.silent).get(phone, "")
        note = "" if bars else f"does not ring: {why}" if why else "does not ring"
        lanes.append(Lane(labels.fitted(labels.clean(hide(name(phone))), 28, _SIZE, LABELS - 10), y, bars, note))
    step = max(1, -(-horizon // tick // 12))
    ticks = tuple((x_of(second * 1000), str(second)) for second in range(0, horizon + 1, tick * step))
    end_x = None if outcome.end.at is None or outcome.end.is_ == RINGS_ON else x_of(outcome.end.at)
    words = end_in_words(outcome.end)
    if outcome.end.is_ == UNKNOWN and outcome.end.possible:
        words += f" ({', '.join(outcome.end.possible)})"
    return Chart(
        title,
        tuple(lanes),
        ticks,
        end_x,
        labels.fitted(hide(words), 100, _SIZE, PLOT + LABELS),
        HEAD + LANE * len(phones) + FOOT,
    )


def _bar(ring: Ring, x_of: Callable[[float], float], horizon: int, y: float) -> Bar:
    start = ring.since if ring.since is not None else ring.earliest or 0
    unsure = ring.assumed or ring.confidence in (LOW, None)
    if ring.since is None or ring.until is None:
        style, until = NO_TIME, float(horizon * 1000)
    else:
        style, until = (UNSURE if unsure else KNOWN), min(float(ring.until), horizon * 1000.0)
    x, end = x_of(start), x_of(until)
    label = _span(ring)
    return Bar(
        x,
        y,
        max(end - x, 2.0),
        style,
        ring.open,
        label,
        f"{label}; {ring.why}; {', '.join(ring.rules)} ({ring.confidence or 'not known'})",
    )


def _span(ring: Ring) -> str:
    if ring.since is None:
        return "time not known"
    return f"{seconds(ring.since)}-{'…' if ring.open else '?' if ring.until is None else seconds(ring.until)}"
