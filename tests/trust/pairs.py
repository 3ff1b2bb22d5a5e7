# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Covering arrays: few combinations of all switches, in which every pair of values of two switches occurs.

Greedy and without chance, so that a combination that fails today has the same number tomorrow. Trying all combinations
is out of the question: the 33 switches of one backend have more than 10**11.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Switches = Mapping[str, Sequence[Any]]
Row = dict[str, Any]
Value = tuple[str, Any]
Pair = tuple[Value, Value]


def pairs(switches: Switches, apart: Iterable[set[str]] = ()) -> list[Pair]:
    """Every pair of values of two different switches, but for those of switches that are kept apart."""
    return [
        ((one, first), (other, second))
        for one, other in itertools.combinations(switches, 2)
        if {one, other} not in apart
        for first in switches[one]
        for second in switches[other]
    ]


def pairs_of(row: Row) -> Iterator[Pair]:
    return itertools.combinations(row.items(), 2)


def without(switches: Switches, values: Iterable[Value]) -> dict[str, list[Any]]:
    """The switches without these values."""
    left_out = set(values)
    return {name: [value for value in known if (name, value) not in left_out] for name, known in switches.items()}


def holds(row: Row, values: Row) -> bool:
    """Whether a combination has all of these values."""
    return values.items() <= row.items()


def covering(
    switches: Switches, never: Sequence[Row] = (), around: Value | None = None, apart: Sequence[set[str]] = ()
) -> list[Row]:
    """Combinations in which every pair occurs; none has the values of an entry of `never` together.

    around: this value is in each of them, and every value of every other switch is in one of them.
    apart: two switches whose values need not meet each other. Where nothing else decides, values take turns.
    """
    if around:
        switches = {**switches, around[0]: [around[1]]}
    left = dict.fromkeys(
        pair
        for pair in pairs(switches, apart)
        if (not around or around in pair) and not any(holds(dict(pair), row) for row in never)
    )
    rows = []
    used: Counter[Value] = Counter()
    while left:
        row = _row(switches, left, never, used)
        used.update(row.items())
        for pair in pairs_of(row):
            left.pop(pair, None)
        rows.append(row)
    return rows


def _row(switches: Switches, left: Mapping[Pair, None], never: Sequence[Row], used: Mapping[Value, int]) -> Row:
    """A combination around the first pair that is left, with as many others as one step after the other can find."""
    open_ends: dict[Value, set[Value]] = {}
    for one, other in left:
        open_ends.setdefault(one, set()).add(other)
        open_ends.setdefault(other, set()).add(one)
    row: Row = dict(next(iter(left)))
    while missing := [name for name in switches if name not in row]:
        best = max(
            ((name, value) for name in missing for value in switches[name] if _allowed(row, name, value, never)),
            key=lambda found: (
                _gain(row, open_ends.get(found, set())),
                len(open_ends.get(found, ())),
                -used.get(found, 0),
            ),
        )
        row[best[0]] = best[1]
    return {name: row[name] for name in switches}


def _allowed(row: Row, name: str, value: Any, never: Sequence[Row]) -> bool:
    return not any(holds({**row, name: value}, together) for together in never)


def _gain(row: Row, partners: set[Value]) -> int:
    return sum((name, value) in partners for name, value in row.items())
