# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a contract test needs to know of one backend, and how two states are compared."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

State = dict[str, Any]
Values = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One backend, one declared group, and how both look in the simulator.

    connection: all but `url`; path: what follows the simulator's address in it. secrets: never in a result.
    group: every neutral option that the backend can express, and settings. update: a second declaration of it, which
    changes exactly `changed`. requests: how many a create, an unchanged run, the update and a delete send.
    clears: options that empty something, with the names of the stored fields that are empty afterwards.
    tweaks: a change of one option, with the names of the stored fields that it may touch.
    find: the managed groups in the state, in neutral words. rest: the state without them.
    damage: what somebody does to the managed group by hand; damaged: the fields that differ then.
    spelt: how the server spells a value that was declared differently.
    """

    backend: str
    path: str
    connection: Mapping[str, str]
    secrets: tuple[str, ...]
    group: Values
    update: Values
    changed: frozenset[str]
    requests: Mapping[str, int]
    tweaks: tuple[tuple[Values, frozenset[str]], ...]
    clears: tuple[tuple[Values, frozenset[str]], ...]
    find: Callable[[State], list[Values]]
    rest: Callable[[State], State]
    damage: Callable[[State], None]
    damaged: frozenset[str]
    taken: str  # the id of a group that others made
    mirrored: frozenset[str] = frozenset()  # settings that show a changed option once more
    spelt: Mapping[str, str] = field(default_factory=dict)

    def compared(self, declared: Values, state: State) -> tuple[list[Values], list[Values]]:
        """The managed group as it was declared, and the managed groups in the state as far as that speaks of them."""
        wanted = self._spelt({name: value for name, value in declared.items() if name != "id" or self.path == ""})
        found = self.find(state)
        ordered = found and found[0].get("policy") in ("regular", "circular")
        for group in (wanted, *found):
            if "members" in group and not ordered:
                group["members"].sort(key=lambda member: (member["extension"], member.get("stage", 0)))
        return [wanted], [_as_far_as(wanted, group) for group in found]

    def _spelt(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._spelt(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._spelt(item) for item in value]
        return self.spelt.get(value, value) if isinstance(value, str) else value


def _as_far_as(declared: Any, stored: Any) -> Any:
    """The part of `stored` that `declared` speaks of."""
    if isinstance(declared, dict) and isinstance(stored, dict):
        return {name: _as_far_as(value, stored.get(name)) for name, value in declared.items()}
    if isinstance(declared, list) and isinstance(stored, list) and len(declared) == len(stored):
        return [_as_far_as(*pair) for pair in zip(declared, stored)]
    return stored


def copied(state: State) -> State:
    """A copy; many times faster than copy.deepcopy, and there are many."""
    copy: State = pickle.loads(pickle.dumps(state))
    return copy


def frozen(*names: str) -> frozenset[str]:
    return frozenset(names)


def differences(one: Any, other: Any, place: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """The paths at which two states differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = sorted(set(one) | set(other))
        parts = [differences(one.get(key), other.get(key), (*place, key)) for key in keys]
        return set().union(*parts) if parts else set()
    return set() if one == other else {place}
