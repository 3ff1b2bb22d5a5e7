# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of a call: rings, ends and outcomes. Pure, no vendor.

Times are whole milliseconds from the moment the call reaches the dialled number. Three values have a meaning of their
own: `NEVER` (somebody rings without end), and None (the time is not known).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Optional, Union

Time = Optional[Union[int, float]]  # milliseconds; the only float is NEVER
NEVER = math.inf

# How sure a rule is: the vendor's own text; one good source; an inference. None: not known.
HIGH, MEDIUM, LOW = "H", "M", "L"
Confidence = Optional[str]
_RANK = {None: 0, LOW: 1, MEDIUM: 2, HIGH: 3}

ANSWERED, FORWARDED, OWN_HANDLING = "answered", "forwarded", "own_handling"
BUSY, RELEASED, RINGS_ON, UNKNOWN = "busy", "released", "rings_on", "unknown"
ENDS = (ANSWERED, FORWARDED, OWN_HANDLING, BUSY, RELEASED, RINGS_ON, UNKNOWN)

IDLE, NOT_REGISTERED, DND = "idle", "not_registered", "dnd"
PHONE_STATES = (IDLE, BUSY, NOT_REGISTERED, DND)


def lowest(*confidences: Confidence) -> Confidence:
    """The lowest of some confidences; not known is lower than L."""
    return min(confidences, key=lambda one: _RANK[one])


def at_least(confidence: Confidence, wanted: Confidence) -> bool:
    return _RANK[confidence] >= _RANK[wanted]


def seconds(time: Time) -> int | float | None:
    """Milliseconds as seconds: a whole number where it is one; None where there is none to tell."""
    if time is None or time == NEVER:
        return None
    whole, rest = divmod(int(time), 1000)
    return whole + rest / 1000 if rest else whole


def milliseconds(value: float) -> int:
    return round(value * 1000)


@dataclass(frozen=True)
class Ring:
    """A phone that rings, `since` the first time until the second.

    until: NEVER = it rings on, None = not known. since: None = its place in the order is known, its time is not;
    earliest and latest bound it where not even the order is known; share is then how likely it is the first.
    assumed: whether an assumption (an omitted option, a usual value) went into it.
    """

    phone: str
    kind: str  # extension | external
    since: Time
    until: Time
    why: str
    path: str
    rules: tuple[str, ...]
    confidence: Confidence
    assumed: bool = False
    earliest: Time = None
    latest: Time = None
    share: Fraction | None = None

    @property
    def open(self) -> bool:
        return self.until == NEVER

    @property
    def unordered(self) -> bool:
        return self.since is None and self.earliest is not None

    def as_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "phone": self.phone,
            "kind": self.kind,
            "from": seconds(self.since),
            "to": seconds(self.until),
            "open": self.open,
            "why": self.why,
            "path": self.path,
            "rules": list(self.rules),
            "confidence": self.confidence,
        }
        if self.unordered:
            data["earliest"], data["latest"] = seconds(self.earliest), seconds(self.latest)
        return data


@dataclass(frozen=True)
class End:
    """How a call ends, as one of ENDS. possible: what may happen that the sources do not decide."""

    is_: str
    at: Time
    rules: tuple[str, ...]
    confidence: Confidence
    by: str | None = None
    to: str | None = None
    possible: tuple[str, ...] = ()
    path: str = ""

    def as_data(self) -> dict[str, Any]:
        return {
            "is": self.is_,
            "at": seconds(self.at),
            "by": self.by,
            "to": self.to,
            "possible": list(self.possible),
            "rules": list(self.rules),
            "confidence": self.confidence,
        }


@dataclass(frozen=True)
class Outcome:
    """One way a call can go. probability: None = possible, how likely is not known."""

    probability: Fraction | None
    rings: tuple[Ring, ...]
    end: End
    silent: tuple[tuple[str, str], ...] = ()  # phones that do not ring, each with the reason

    @property
    def first(self) -> dict[str, Fraction | None]:
        """The phones that can ring first, each with its share of this outcome (None = not known)."""
        starts = [ring.since if ring.since is not None else ring.earliest for ring in self.rings]
        known = [start for start in starts if start is not None]
        if not known:
            return {self.rings[0].phone: None} if self.rings else {}
        found: dict[str, Fraction | None] = {}
        for ring, start in zip(self.rings, starts):
            if start != min(known) and not ring.unordered:
                continue
            share = ring.share if ring.unordered else Fraction(1)
            if share != 0:
                found.setdefault(ring.phone, share)
        return found

    def as_data(self) -> dict[str, Any]:
        return {
            "probability": None if self.probability is None else str(self.probability),
            "rings": [ring.as_data() for ring in self.rings],
            "end": self.end.as_data(),
        }


@dataclass(frozen=True)
class Warn:
    """Something that a reader of a result has to know."""

    id: str
    path: str
    text: str

    def as_data(self) -> dict[str, str]:
        return {"id": self.id, "path": self.path, "text": self.text}


@dataclass(frozen=True)
class Assumption:
    """A value that stands in for one that the document cannot tell. default: None = not known without being told.

    brief: its name in a picture. kind: seconds | bool | choice. Source: the table of assumptions in the vendor's package.
    """

    default: Any
    confidence: str
    text: str
    brief: str
    kind: str = "seconds"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Simulation:
    """Everything a walk through a tenant found out about one call."""

    call: str
    outcomes: tuple[Outcome, ...]
    first: dict[str, Fraction | None]
    warnings: tuple[Warn, ...]
    assumed: dict[str, tuple[Any, str]]
    first_confidence: Confidence = None
    complete: bool = True
    scales: frozenset[str] = frozenset()  # of the periods on the path: hour, week, ...

    def as_data(self) -> dict[str, Any]:
        return {
            "outcomes": [outcome.as_data() for outcome in self.outcomes],
            "first": {phone: None if share is None else str(share) for phone, share in self.first.items()},
            "warnings": [one.as_data() for one in self.warnings],
            "assumed": [
                {"id": name, "value": value, "confidence": confidence}
                for name, (value, confidence) in sorted(self.assumed.items())
            ],
        }


def joined(rings: Iterable[Ring]) -> tuple[Ring, ...]:
    """The rings of one call in order of start; a phone that rings on without a gap rings once, for both reasons."""
    done: list[Ring] = []
    for ring in rings:
        if ring.since is not None and ring.until is not None and ring.until <= ring.since:
            continue  # a ring of length 0 does not exist
        index = next((n for n, one in enumerate(done) if _touch(one, ring)), None)
        while index is not None:
            ring = _both(done.pop(index), ring)
            index = next((n for n, one in enumerate(done) if _touch(one, ring)), None)
        done.append(ring)
    return tuple(ring for _start, _place, ring in sorted(_places(done), key=lambda one: one[:2]))


def _places(rings: list[Ring]) -> Iterator[tuple[float, int, Ring]]:
    """Where each ring stands: by its start; one without a known time behind those that were before it."""
    reached: float = 0
    for place, ring in enumerate(rings):
        reached = max(reached, ring.since or 0)
        yield (reached if ring.since is None else ring.since), place, ring


def _touch(one: Ring, other: Ring) -> bool:
    if one.phone != other.phone or one.since is None or other.since is None:
        return False
    early, late = (one, other) if one.since <= other.since else (other, one)
    return early.until is not None and late.since is not None and late.since <= early.until


def _both(one: Ring, other: Ring) -> Ring:
    early, late = (one, other) if (one.since or 0) <= (other.since or 0) else (other, one)
    until = None if early.until is None or late.until is None else max(early.until, late.until)
    why = early.why if late.why in early.why.split("; ") else f"{early.why}; {late.why}"
    return replace(
        early,
        until=until,
        why=why,
        rules=tuple(dict.fromkeys((*early.rules, *late.rules))),
        confidence=lowest(early.confidence, late.confidence),
        assumed=early.assumed or late.assumed,
    )
