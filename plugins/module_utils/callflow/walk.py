# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The walk of a call: steps one after the other or together, cuts, and what is not decided. Pure, no vendor.

A step takes a `Cursor` (where the call is) and returns a `Leg`: rings, and either where it goes on or its `End`.
What is not decided is settled by `Walk.branch`: the walk is repeated until every way has been taken (see simulate.py).
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from .given import Given
from .model import HIGH, NEVER, UNKNOWN, Assumption, Confidence, End, Ring, Time, Warn, lowest
from .tenant import Tenant

DEEPEST = 8


@dataclass(frozen=True)
class Cursor:
    """Where a call is: when (None = not known, NEVER = not at all), how sure that is, and whether by an assumption."""

    at: Time = 0
    confidence: Confidence = HIGH
    assumed: bool = False

    def by(self, confidence: Confidence, assumed: bool = False) -> Cursor:
        """The same place, reached by a rule of this confidence."""
        return replace(self, confidence=lowest(self.confidence, confidence), assumed=self.assumed or assumed)

    def after(self, length: Time) -> Cursor:
        """So many milliseconds later; None = nobody knows when."""
        if length is None or self.at is None:
            return replace(self, at=None)
        return replace(self, at=self.at + length)


@dataclass(frozen=True)
class Leg:
    """What a step did. Exactly one of `next` and `end` is there."""

    rings: tuple[Ring, ...] = ()
    next: Cursor | None = None
    end: End | None = None


Step = Callable[[Cursor], Leg]


def serial(cursor: Cursor, steps: Iterable[Step]) -> Leg:
    """One step after the other, until one ends the call or rings without end."""
    rings: tuple[Ring, ...] = ()
    for step in steps:
        leg = step(cursor)
        rings += leg.rings
        if leg.next is None:
            return Leg(rings, end=leg.end)
        cursor = leg.next
        if cursor.at == NEVER:
            break
    return Leg(rings, cursor)


def together(cursor: Cursor, steps: Iterable[Step]) -> Leg:
    """All steps at once. The earliest end of one cuts the others; else it goes on when the last is done."""
    legs = [step(cursor) for step in steps]
    rings = tuple(ring for leg in legs for ring in leg.rings)
    ends = [leg.end for leg in legs if leg.end]
    if ends:
        first = min(ends, key=lambda end: NEVER if end.at is None else end.at)
        return Leg(cut_rings(rings, first.at), end=first)
    nexts = [leg.next for leg in legs if leg.next]
    for one in nexts:
        cursor = cursor.by(one.confidence, one.assumed)
    times = [one.at for one in nexts]
    if NEVER in times:
        return Leg(rings, replace(cursor, at=NEVER))
    known = [time for time in times if time is not None]
    return Leg(rings, replace(cursor, at=None if len(known) < len(times) else max(known, default=cursor.at)))


def cut(leg: Leg, limit: Cursor) -> Leg:
    """The leg, over at `limit` at the latest. An end of the call before that stays; rings that start later vanish."""
    if limit.at is None:
        return Leg(leg.rings, limit) if leg.next else leg
    rings = cut_rings(leg.rings, limit.at)
    if leg.end is not None:
        if leg.end.at is None or leg.end.at < limit.at:
            return Leg(rings, end=leg.end)
        return Leg(rings, limit)
    if leg.next is None:
        raise AssertionError("a leg without an end goes on")
    if leg.next.at is not None and leg.next.at < limit.at:
        return Leg(rings, leg.next)
    at = None if leg.next.at is None else limit.at
    return Leg(rings, replace(limit.by(leg.next.confidence, leg.next.assumed), at=at))


def cut_rings(rings: Iterable[Ring], limit: Time) -> tuple[Ring, ...]:
    """Rings end at `limit` at the latest; those that would start then or later vanish."""
    if limit is None or limit == NEVER:
        return tuple(rings)
    kept = []
    for ring in rings:
        start = ring.since if ring.since is not None else ring.earliest
        if start is not None and start >= limit:
            continue
        kept.append(ring if ring.until is None else replace(ring, until=min(ring.until, limit)))
    return tuple(kept)


class Script:
    """Which way was taken at each branch, and how likely that was."""

    def __init__(self, taken: Sequence[int] = (), chance: random.Random | None = None) -> None:
        self.taken, self.chance = list(taken), chance
        self.trail: list[tuple[int, int]] = []  # (the way taken, how many there were)
        self.probability: Fraction | None = Fraction(1)

    def pick(self, count: int, weights: Sequence[Fraction] | None) -> int:
        place = len(self.trail)
        if self.chance is not None:
            shares = [float(one) for one in weights] if weights else [1.0] * count
            index = self.chance.choices(range(count), shares)[0]
        else:
            index = self.taken[place] if place < len(self.taken) else 0
        self.trail.append((index, count))
        if self.probability is not None:
            self.probability = self.probability * weights[index] if weights else None
        return index

    def following(self) -> list[int] | None:
        """The branches of the walk that comes after this one, or None after the last."""
        trail = list(self.trail)
        while trail and trail[-1][0] + 1 == trail[-1][1]:
            trail.pop()
        return [index for index, _count in trail[:-1]] + [trail[-1][0] + 1] if trail else None


@dataclass
class Notes:
    """What all walks of one simulation have found out beside rings and ends."""

    warnings: dict[Warn, None] = field(default_factory=dict)
    assumed: dict[str, tuple[Any, str]] = field(default_factory=dict)
    scales: set[str] = field(default_factory=set)
    complete: bool = True


@dataclass
class Walk:
    """One walk through a tenant. Everything that it depends on is in here; it changes nothing but its notes.

    local: the wall clock of the tenant when the call comes in; None where the moment or the zone is not known.
    mode: possible | share | one. coarse: orders are not taken one by one, as there would be too many outcomes.
    """

    tenant: Tenant
    given: Given
    assumptions: Mapping[str, Assumption]
    assume: Mapping[str, Any]
    script: Script
    notes: Notes
    local: datetime.datetime | None = None
    mode: str = "possible"
    coarse: bool = False
    path: list[object] = field(default_factory=list)
    settled: dict[object, bool] = field(default_factory=dict)
    silent: dict[str, str] = field(default_factory=dict)

    def after(self, milliseconds: float) -> datetime.datetime | None:
        """The wall clock later in the call; seconds of a call are not worth the change to and from summer time."""
        return None if self.local is None else self.local + datetime.timedelta(milliseconds=milliseconds)

    def warn(self, id_: str, path: str, text: str) -> None:
        self.notes.warnings[Warn(id_, path, text)] = None

    def suppose(self, id_: str) -> tuple[Any, str]:
        """The value of an assumption and its confidence; it is listed in the result. None: not known."""
        assumption = self.assumptions[id_]
        value = self.assume.get(id_, assumption.default)
        if value is not None:
            self.notes.assumed[id_] = (value, assumption.confidence)
        return value, assumption.confidence

    def branch(
        self, count: int, weights: Sequence[Fraction] | None = None, long_run: Sequence[Fraction] | None = None
    ) -> tuple[int, bool]:
        """Take one of several ways. weights: how likely each is, by the rules; long_run: only in the long run.

        Returns the way, and whether the long run had to decide how likely it is (which is an inference).
        """
        inferred = weights is None and long_run is not None and self.mode == "share"
        return self.script.pick(count, long_run if inferred else weights), inferred

    def settle(self, key: object, first: bool = True) -> bool:
        """Something true or false that nobody has told: both ways, each possible; the same throughout one walk."""
        if key not in self.settled:
            self.settled[key] = (self.script.pick(2, None) == 0) is first
        return self.settled[key]

    @contextmanager
    def inside(self, key: object) -> Iterator[bool]:
        """Walk into a group or own handling. False where that is a loop, or too deep to go on."""
        free = key not in self.path and len(self.path) < DEEPEST
        self.path.append(key)
        try:
            yield free
        finally:
            self.path.pop()

    def loop(self, cursor: Cursor, name: str, path: str, rule: str) -> Leg:
        self.warn("loop", path, f"the call comes back to {name}, which it has already passed")
        return unknown(cursor, (f"a loop through {name}",), (rule,), path)

    def quiet(self, phone: str, reason: str) -> None:
        """Note why a phone does not ring."""
        self.silent.setdefault(phone, reason)


def ringing(cursor: Cursor, length: Time, phone: str, kind: str, why: str, path: str, rules: tuple[str, ...]) -> Leg:
    """A phone rings for so long (None = nobody knows how long, NEVER = without end), then it goes on."""
    until = cursor.after(length).at
    known_start = cursor.at is not None
    confidence = cursor.confidence if known_start else None
    ring = Ring(phone, kind, cursor.at, until, why, path, rules, confidence, cursor.assumed)
    return Leg((ring,), cursor.after(length))


def ending(
    cursor: Cursor,
    is_: str,
    rules: tuple[str, ...],
    confidence: Confidence = HIGH,
    *,
    by: str | None = None,
    to: str | None = None,
    possible: tuple[str, ...] = (),
    path: str = "",
) -> Leg:
    """The call ends here."""
    at = None if cursor.at == NEVER else cursor.at
    sure = None if at is None and cursor.at != NEVER else lowest(cursor.confidence, confidence)
    return Leg(end=End(is_, at, rules, sure, by, to, possible, path))


def unknown(cursor: Cursor, possible: tuple[str, ...], rules: tuple[str, ...], path: str = "") -> Leg:
    """The sources do not say how it goes on."""
    at = None if cursor.at == NEVER else cursor.at
    return Leg(end=End(UNKNOWN, at, rules, None, possible=possible, path=path))


def followed(leg: Leg, then: Step) -> Leg:
    """A leg, and what comes after it unless it ended the call or rings without end."""
    if leg.next is None or leg.next.at == NEVER:
        return leg
    more = then(leg.next)
    return Leg((*leg.rings, *more.rings), more.next, more.end)
