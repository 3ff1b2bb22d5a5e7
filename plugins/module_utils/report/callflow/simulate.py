# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulation of a call: who rings from when to when, and how it ends, in every way that the sources allow. Pure."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ...backends.call_rules import call_rules
from ...callflow.given import Given, nearest, read
from ...callflow.model import (
    ANSWERED,
    MEDIUM,
    RINGS_ON,
    UNKNOWN,
    Assumption,
    Confidence,
    End,
    Outcome,
    Ring,
    Simulation,
    Time,
    joined,
    lowest,
)
from ...callflow.tenant import Tenant
from ...callflow.values import text, truth
from ...callflow.vendor import Vendor, hand_over, phone_name
from ...callflow.walk import Cursor, Leg, Notes, Script, Walk, cut_rings
from ...errors import InvalidOption

MODES = ("possible", "share", "one")
MOST_OUTCOMES = 64


@dataclass
class Caller:
    """One question to a tenant: a number is dialled at a moment, in a state of phones. Everything is checked here."""

    tenant: Tenant
    vendor: Vendor
    given: Given = field(default_factory=Given)
    local: datetime.datetime | None = None
    mode: str = "possible"
    seed: Any = None
    assume: Mapping[str, Any] = field(default_factory=dict)

    def walk(self, script: Script, notes: Notes, coarse: bool = False) -> Walk:
        return Walk(
            self.tenant, self.given, self.vendor.assumptions, self.assume, script, notes, self.local, self.mode, coarse
        )


def simulate(
    document: Any,
    backend: Any,
    call: Any,
    moment: datetime.datetime | None = None,
    zone: str | None = None,
    states: Any = None,
    mode: str = "possible",
    seed: Any = None,
    assume: Mapping[str, Any] | None = None,
    country_code: str = "",
) -> dict[str, Any]:
    """Who rings when `call` is dialled.

    document: what `tenant` accepts. moment: an aware datetime; zone: an IANA name; both only matter where a period is
    on the path. states: what is given of phones and groups, in the form of `given` of an expectation. mode: possible |
    share | one (needs a seed). Returns outcomes, first, warnings and assumed as plain data; times in seconds.
    Raises InvalidOption.
    """
    asked = caller(document, backend, moment, zone, states, mode, seed, assume, country_code)
    return run(asked, text(call)).as_data()


def caller(
    document: Any,
    backend: Any,
    moment: datetime.datetime | None = None,
    zone: str | None = None,
    states: Any = None,
    mode: str = "possible",
    seed: Any = None,
    assume: Mapping[str, Any] | None = None,
    country_code: str = "",
) -> Caller:
    """A checked question. Raises InvalidOption."""
    vendor = call_rules(backend)
    tenant = Tenant.of(document, text(country_code))
    if mode not in MODES:
        raise InvalidOption(f"mode: {mode!r} is unknown{nearest(text(mode), MODES)}; write one of {', '.join(MODES)}")
    if mode == "one" and seed is None:
        raise InvalidOption("mode: one draws an outcome by chance; give a seed, so that it can be drawn again")
    given = read(states, lambda written: phone_name(vendor, tenant, written))
    checked = check_assume(vendor.assumptions, assume)
    return Caller(tenant, vendor, given, local_time(moment, zone), mode, seed, checked)


def local_time(moment: datetime.datetime | None, zone: str | None) -> datetime.datetime | None:
    """The wall clock in a zone at a moment; None where either is not known. Raises InvalidOption."""
    if zone is not None and text(zone):
        info = time_zone(text(zone))
        if moment is not None and moment.tzinfo is None:
            raise InvalidOption("moment: has no zone; it must be an aware datetime")
        return moment.astimezone(info).replace(tzinfo=None) if moment else None
    return None


def time_zone(zone: str) -> datetime.tzinfo:
    """The rules of an IANA zone. Raises InvalidOption where they are not found."""
    try:
        from zoneinfo import ZoneInfo

        return ZoneInfo(zone)
    except (ImportError, ValueError, OSError, LookupError):
        raise InvalidOption(
            f"zone: {zone!r} is not found; write an IANA name such as Europe/Brussels (and install tzdata where the"
            f" system has no zone files)"
        ) from None


def check_assume(known: Mapping[str, Assumption], assume: Any) -> dict[str, Any]:
    """Assumptions as the user gives them. Raises InvalidOption."""
    if assume is None:
        return {}
    if not isinstance(assume, Mapping):
        raise InvalidOption("assume: is not a dictionary")
    checked: dict[str, Any] = {}
    for name, value in assume.items():
        if name not in known:
            raise InvalidOption(f"assume.{name}: unknown{nearest(text(name), known)}; known are {', '.join(known)}")
        if value is not None:
            checked[name] = _assumed(name, known[name], value)
    return checked


def _assumed(name: str, spec: Assumption, value: Any) -> Any:
    if spec.kind == "choice":
        if value not in spec.choices:
            raise InvalidOption(f"assume.{name}: {value!r} is unknown; write one of {', '.join(spec.choices)}")
        return value
    if spec.kind == "bool":
        if truth(value) is None:
            raise InvalidOption(f"assume.{name}: {value!r} is neither true nor false")
        return truth(value)
    try:
        number = float(text(value)) if not isinstance(value, bool) else -1.0
    except ValueError:
        number = -1.0
    if not 0 <= number <= 3600:
        raise InvalidOption(f"assume.{name}: {value!r} is not a number of seconds from 0 to 3600")
    return int(number) if number == int(number) else number


def run(asked: Caller, call: str) -> Simulation:
    """All outcomes of a call to a number. Raises InvalidOption where the document is wrong on the way."""
    if not call:
        raise InvalidOption("call: is empty; write the dialled number")
    notes = Notes()

    def whole(walk: Walk) -> Leg:
        return hand_over(walk, asked.vendor, Cursor(), call, (), "")

    _see_given(asked, notes)
    outcomes = [_finished(walk, leg) for walk, leg in every_way(asked, whole, notes)]
    firsts = [outcome.first for outcome in outcomes]
    if len(outcomes) > MOST_OUTCOMES:
        walk = asked.walk(Script(), notes)
        walk.warn(
            "too-many-outcomes", "", f"there are more than {MOST_OUTCOMES} ways; only who can be the first is shown"
        )
        ends = tuple(sorted({outcome.end.is_ for outcome in outcomes}))
        first = _first(outcomes, firsts, all_known=False)
        outcomes = [Outcome(None, (), End(UNKNOWN, None, (), None, possible=ends))]
    else:
        first = _first(outcomes, firsts, all_known=True)
    return Simulation(
        call,
        tuple(outcomes),
        first,
        tuple(notes.warnings),
        notes.assumed,
        _first_confidence(outcomes),
        notes.complete,
        frozenset(notes.scales),
    )


def _see_given(asked: Caller, notes: Notes) -> None:
    """A phone that nobody knows is probably a slip."""
    known = {asked.vendor.extension_names(one)[0] for one in asked.tenant.extensions}
    for group in asked.tenant.hunt_groups:
        known.update(part.phone for part in asked.vendor.parts(asked.tenant, group))
    for one in asked.tenant.follow_me:
        known.update(text(item.get("number")) for item in one.items("destinations") or [])
    walk = asked.walk(Script(), notes)
    for phone in sorted(asked.given.phones() - known):
        walk.warn("unknown-phone", "given", f"{phone} is not in the document{nearest(phone, sorted(known))}")


def every_way(asked: Caller, step: Callable[[Walk], Leg], notes: Notes) -> list[tuple[Walk, Leg]]:
    """Every walk of a step, in the order of the branches; one more than MOST_OUTCOMES where there are too many."""
    if asked.mode == "one":
        walk = asked.walk(Script(chance=random.Random(str(asked.seed))), notes)
        return [(walk, step(walk))]
    done: list[tuple[Walk, Leg]] = []
    for coarse in (False, True):
        done = []
        following: list[int] | None = []
        while following is not None and len(done) <= MOST_OUTCOMES:
            script = Script(following)
            walk = asked.walk(script, notes, coarse)
            done.append((walk, step(walk)))
            following = script.following()
        if len(done) <= MOST_OUTCOMES:
            break
    return done


def _finished(walk: Walk, leg: Leg) -> Outcome:
    """A walk as an outcome: one ring for a phone that does not pause, and somebody may answer."""
    rings = joined(leg.rings)
    end = leg.end or End(RINGS_ON, None, (), MEDIUM)
    answer = _answer(walk, rings)
    if answer:
        rings, end = cut_rings(rings, answer.at), answer
    elif end.at is not None:
        rings = cut_rings(rings, end.at)
    heard = {ring.phone for ring in rings}
    silent = tuple((phone, why) for phone, why in walk.silent.items() if phone not in heard)
    return Outcome(walk.script.probability, rings, end, silent)


def _answer(walk: Walk, rings: tuple[Ring, ...]) -> End | None:
    """The earliest answer. An answer comes before a time-out at the same time, and ends all other ringing."""
    found: tuple[Time, Ring] | None = None
    unsure: list[Ring] = []
    for ring in rings:
        wait = walk.given.answers.get(ring.phone)
        if wait is None:
            continue
        at = None if ring.since is None else ring.since + wait
        if at is None or ring.until is None:
            unsure.append(ring)
        elif at <= ring.until and (found is None or at < (found[0] or 0)):
            found = (at, ring)
    if unsure and (found is None or any(_before(ring, found[0]) for ring in unsure)):
        possible = tuple(dict.fromkeys(f"{ANSWERED} by {ring.phone}" for ring in unsure))
        return End(UNKNOWN, None, unsure[0].rules, None, possible=possible, path=unsure[0].path)
    if found is None:
        return None
    at, ring = found
    return End(ANSWERED, at, ring.rules, ring.confidence, by=ring.phone, path=ring.path)


def _before(ring: Ring, at: Time) -> bool:
    return ring.since is None or at is None or ring.since < at


def _first(
    outcomes: list[Outcome], firsts: list[dict[str, Fraction | None]], all_known: bool
) -> dict[str, Fraction | None]:
    """The phones that can ring first, each with its share, or None where that is not known."""
    shares: dict[str, Fraction | None] = {}
    for phone in dict.fromkeys(phone for first in firsts for phone in first):
        if all_known and all(first.get(phone) == 1 for first in firsts):
            shares[phone] = Fraction(1)
            continue
        total: Fraction | None = Fraction(0)
        for outcome, first in zip(outcomes, firsts):
            if phone not in first:
                continue
            share = first[phone]
            if not all_known or outcome.probability is None or share is None or total is None:
                total = None
            else:
                total += outcome.probability * share
        shares[phone] = total
    return shares


def _first_confidence(outcomes: list[Outcome]) -> Confidence:
    """How sure it is who rings first: the lowest confidence of the first rings of all outcomes."""
    heads = [next((ring for ring in one.rings if ring.phone in one.first), None) for one in outcomes]
    known = [ring.confidence for ring in heads if ring]
    return lowest(*known) if known else None
