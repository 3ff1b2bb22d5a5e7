# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is rung first where a policy leaves it to chance or to a counter of the server. Pure, no vendor.

Each order is an outcome of its own while there are at most `MOST_ORDERS`; else one outcome holds them all, with the
earliest and the latest start of each phone and the share with which it is the first.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from .model import LOW, NEVER, UNKNOWN, End, Ring, Time, seconds
from .walk import Cursor, Leg, Step, Walk, serial, unknown

MOST_ORDERS = 6


@dataclass(frozen=True)
class Turn:
    """A member's turn. takes_part: false where it cannot ring and takes no time. weight: None = not known."""

    phone: str
    step: Step
    takes_part: bool = True
    weight: int | None = None


@dataclass(frozen=True)
class Hunt:
    """How a group chooses: names are those by which `given` may call it; rule is the vendor's rule of choice."""

    names: tuple[str, ...]
    policy: str
    path: str
    rule: str


def one_by_one(walk: Walk, cursor: Cursor, hunt: Hunt, turns: Sequence[Turn]) -> Leg:
    """The turns of a group in the order of its policy."""
    able = [turn for turn in turns if turn.takes_part]
    if len(able) < 2 or hunt.policy == "regular":
        return serial(cursor, [turn.step for turn in able])
    if hunt.policy == "circular":
        return _circular(walk, cursor, hunt, turns, able)
    if hunt.policy == "weighted":
        return _weighted(walk, cursor, hunt, able)
    if hunt.policy != "random" and any(turn.phone in walk.given.last_used for turn in able):
        return _by_use(walk, cursor, able)
    even = Fraction(1, math.factorial(len(able)))
    return _any_order(walk, cursor, able, even if hunt.policy == "random" else None)


def _by_use(walk: Walk, cursor: Cursor, able: list[Turn]) -> Leg:
    """The one used longest ago first; never used is oldest; ties stand in the order of the list, by inference."""
    used = [walk.given.last_used.get(turn.phone, -math.inf) for turn in able]
    order = sorted(range(len(able)), key=lambda place: used[place])
    tie = len(set(used)) < len(used)
    return serial(cursor.by(LOW) if tie else cursor, [able[place].step for place in order])


def _circular(walk: Walk, cursor: Cursor, hunt: Hunt, turns: Sequence[Turn], able: list[Turn]) -> Leg:
    last = next((walk.given.last[name] for name in hunt.names if name in walk.given.last), None)
    phones = [turn.phone for turn in turns]
    if last in phones:
        start = phones.index(last) + 1
        return serial(cursor, [turn.step for turn in (*turns[start:], *turns[:start]) if turn.takes_part])
    if last is not None:
        walk.warn(
            "last-not-a-member", hunt.path, f"{last} is no member of {hunt.names[0]}; any member may be the first"
        )
    count = len(able)
    if not _can_list(walk, count):
        return _unordered(walk, cursor, able, None)
    first, inferred = walk.branch(count, long_run=[Fraction(1, count)] * count)
    rotated = able[first:] + able[:first]
    return serial(cursor.by(LOW) if inferred else cursor, [turn.step for turn in rotated])


def _can_list(walk: Walk, count: int) -> bool:
    return walk.mode == "one" or (count <= MOST_ORDERS and not walk.coarse)


def _any_order(walk: Walk, cursor: Cursor, able: list[Turn], even: Fraction | None) -> Leg:
    """Any order, each as likely (even) or nobody knows how likely."""
    if walk.mode == "one":  # one draw a place: the number of orders may be very large
        rest, steps = list(able), []
        while rest:
            count = len(rest)
            weights = [Fraction(1, count)] * count if even is not None else None
            steps.append(rest.pop(walk.branch(count, weights)[0]).step)
        return serial(cursor, steps)
    orders = math.factorial(len(able))
    if not _can_list(walk, orders):
        share = Fraction(1, len(able)) if even is not None else None
        return _unordered(walk, cursor, able, [share] * len(able) if share else None)
    weights = [even] * orders if even is not None else None
    index, inferred = walk.branch(orders, weights, [Fraction(1, orders)] * orders)
    order = list(itertools.permutations(able))[index]
    return serial(cursor.by(LOW) if inferred else cursor, [turn.step for turn in order])


def _weighted(walk: Walk, cursor: Cursor, hunt: Hunt, able: list[Turn]) -> Leg:
    """By weight among those that can ring; the second choice is drawn again among the rest, by inference."""
    weights = [turn.weight for turn in able]
    if None in weights:
        walk.warn("weight-not-known", hunt.path, "a member's weight is omitted: how likely each is cannot be told")
        return _any_order(walk, cursor.by(LOW), [turn for turn in able if turn.weight != 0], None)
    able = [turn for turn in able if turn.weight]
    if not able:
        return unknown(cursor, ("busy", "any member rings"), (hunt.rule,), hunt.path)
    total = sum(turn.weight or 0 for turn in able)
    orders = list(itertools.permutations(able)) if len(able) <= MOST_ORDERS else []
    if walk.mode == "one" or not orders or not _can_list(walk, len(orders)):
        if walk.mode == "one":
            return _drawn(walk, cursor, able)
        return _unordered(walk, cursor, able, [Fraction(turn.weight or 0, total) for turn in able])
    index, _inferred = walk.branch(len(orders), [_likelihood(order, total) for order in orders])
    first, *others = orders[index]
    return serial(cursor, [first.step, lambda after: serial(after.by(LOW), [turn.step for turn in others])])


def _likelihood(order: Sequence[Turn], total: int) -> Fraction:
    share, left = Fraction(1), total
    for turn in order:
        weight = turn.weight or 0
        share, left = share * Fraction(weight, left), left - weight
    return share


def _drawn(walk: Walk, cursor: Cursor, able: list[Turn]) -> Leg:
    """One order, drawn place by place."""
    rest, steps = list(able), []
    while rest:
        total = sum(turn.weight or 0 for turn in rest)
        index, _inferred = walk.branch(len(rest), [Fraction(turn.weight or 0, total) for turn in rest])
        steps.append(rest.pop(index).step)
    return serial(cursor, [steps[0], lambda after: serial(after.by(LOW), steps[1:])])


def _unordered(walk: Walk, cursor: Cursor, able: list[Turn], shares: Sequence[Fraction | None] | None) -> Leg:
    """All orders in one outcome: each phone with its earliest and latest start, the end where all orders agree."""
    legs = [turn.step(cursor) for turn in able]
    lengths = [_length(cursor, leg) for leg in legs]
    inferred = shares is None and walk.mode == "share"
    chosen = [Fraction(1, len(able))] * len(able) if inferred else (shares or [None] * len(able))
    if inferred:
        cursor = cursor.by(LOW)
    rings: list[Ring] = []
    for place, leg in enumerate(legs):
        rest = _total(lengths[:place] + lengths[place + 1 :])
        for number, ring in enumerate(leg.rings):
            latest = None if ring.since is None or rest is None or rest == NEVER else ring.since + rest
            share = chosen[place] if number == 0 else Fraction(0)
            rings.append(replace(ring, since=None, until=None, share=share, earliest=ring.since, latest=latest))
    ends = [leg.end for leg in legs if leg.end]
    if ends:
        possible = tuple(dict.fromkeys(_end_in_words(end) for end in ends))
        rules = tuple(dict.fromkeys(rule for end in ends for rule in end.rules))
        return Leg(tuple(rings), end=End(UNKNOWN, None, rules, None, possible=possible))
    for leg in legs:
        if leg.next:
            cursor = cursor.by(leg.next.confidence, leg.next.assumed)
    return Leg(tuple(rings), cursor.after(_total(lengths)))


def _length(cursor: Cursor, leg: Leg) -> Time:
    if cursor.at is None or leg.next is None or leg.next.at is None:
        return None
    return leg.next.at - cursor.at


def _total(lengths: Sequence[Time]) -> Time:
    known = [length for length in lengths if length is not None]
    if NEVER in known:
        return NEVER
    return None if len(known) < len(lengths) else sum(known)


def _end_in_words(end: End) -> str:
    where = f" by {end.by}" if end.by else f" to {end.to}" if end.to else ""
    at = seconds(end.at)
    return f"{end.is_}{where}" + ("" if at is None else f" (at {at} s where it is the first)")
