# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of a run's writes, computed from data: which writes run in parallel, and which wait for others.

Pure: no input or output, no vendor. Resources come in the order of the catalogue, deletions last and in reverse order.
A step also waits for the step that frees an identifier it takes, and for the creation of an object it references. A
deletion waits for the steps that remove references to the deleted object. Where steps wait for each other, as in a swap
of two numbers, one of them first frees its identifier with a separate write.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..backends.contract import Backend, RunContext
from ..model.catalog import tenant_resources
from .links import NUMBER, Claim, Links
from .plan import CREATE, DELETE, UPDATE, Step


@dataclass(frozen=True)
class Operation:
    """One write of a step: the step itself, or, with `frees`, the options that give up an identifier before it."""

    step: Step
    frees: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Blocked:
    """Steps that wait for each other, so that none of them can be the first."""

    steps: tuple[Step, ...]
    reason: str


@dataclass
class Order:
    """stages: operations that can be written at the same time, in order."""

    stages: list[list[Operation]] = field(default_factory=list)
    blocked: list[Blocked] = field(default_factory=list)


def arrange(steps: Sequence[Step], backend: Backend, context: RunContext) -> Order:
    """The order of the writes of these steps. Steps without writes are left out."""
    return _Graph([step for step in steps if step.writes], backend, Links(backend, context)).arranged()


class _Graph:
    """Operations, and what each of them waits for."""

    def __init__(self, steps: Sequence[Step], backend: Backend, links: Links) -> None:
        self.backend, self.links = backend, links
        self.operations = [Operation(step) for step in steps]
        self.waits: defaultdict[int, set[int]] = defaultdict(set)
        self.soft: set[tuple[int, int]] = set()  # (who waits, for whom), given up where it closes a circle
        self.claimed: defaultdict[tuple[int, int], set[Claim]] = defaultdict(set)  # what somebody waits for
        self.waiting = set(range(len(self.operations)))
        self.done: set[int] = set()
        names = [resource.name for resource in tenant_resources()]
        self.rank = {name: place for place, name in enumerate(names)}
        self._connect()

    def _connect(self) -> None:
        changes = [self.links.taken_and_released(one.step) for one in self.operations]
        freed = {claim: place for place, (_taken, released) in enumerate(changes) for claim in released}
        made = {key: place for place, (taken, _freed) in enumerate(changes) for kind, key in taken if kind == NUMBER}
        for place, (taken, _released) in enumerate(changes):
            for claim in taken & freed.keys():
                self._wait(place, freed[claim], claim)
            self._connect_references(place, freed, made)

    def _connect_references(self, place: int, freed: dict[Claim, int], made: dict[str, int]) -> None:
        step = self.operations[place].step
        after = {key for _reference, _value, key in self.links.references(step.resource, step.after)}
        before = {key for _reference, _value, key in self.links.references(step.resource, step.before)}
        for key in after & made.keys():
            if self.operations[made[key]].step.action == CREATE:
                self._wait(place, made[key])
        for key in before - after:
            owner = freed.get((NUMBER, key))
            if owner is not None and self.operations[owner].step.action == DELETE and owner != place:
                self._wait(owner, place)
                self.soft.add((owner, place))

    def _wait(self, who: int, whom: int, claim: Claim | None = None) -> None:
        if who != whom:
            self.waits[who].add(whom)
            if claim:
                self.claimed[who, whom].add(claim)

    def _stage_of(self, place: int) -> int:
        """Where an operation stands by its resource alone; deletions come last and in reverse."""
        step = self.operations[place].step
        rank = self.rank.get(step.resource.name, len(self.rank))
        return 2 * len(self.rank) + 1 - rank if step.deletes else rank

    # -- arranging -------------------------------------------------------------------------------------------------------
    def arranged(self) -> Order:
        order = Order()
        while self.waiting:
            stage = self._next_stage()
            if stage:
                order.stages.append([self.operations[place] for place in sorted(stage)])
                self.done |= stage
                self.waiting -= stage
            else:
                self._open_circle(order)
        return order

    def _next_stage(self) -> set[int]:
        """The next operations: ready ones of the first remaining stage, else ready ones that this stage waits for."""
        ready = {place for place in self.waiting if self.waits[place] <= self.done}
        first = min(self._stage_of(place) for place in self.waiting)
        of_stage = {place for place in self.waiting if self._stage_of(place) == first}
        return ready & of_stage or ready & self._needed(of_stage)

    def _needed(self, places: set[int]) -> set[int]:
        """All that these operations wait for, directly or not."""
        needed: set[int] = set()
        border = set(places)
        while border:
            border = {ahead for place in border for ahead in self.waits[place] & self.waiting} - needed
            needed |= border
        return needed

    def _open_circle(self, order: Order) -> None:
        circle = self._circle()
        edges = list(zip(circle, [*circle[1:], circle[0]]))
        soft = next((edge for edge in edges if edge in self.soft), None)
        if soft:
            self.waits[soft[0]].discard(soft[1])
            return
        for who, whom in edges:
            options = self._parking(whom, self.claimed.get((who, whom), set()))
            if options:
                self._park(who, whom, options)
                return
        self._block(circle, order)

    def _circle(self) -> list[int]:
        """One cycle of operations that wait for each other.

        No operation that the first stage waits for is ready (see `_next_stage`), so each of them waits for another one.
        """
        first = min(self._stage_of(place) for place in self.waiting)
        place = min(place for place in self.waiting if self._stage_of(place) == first)
        way: list[int] = []
        while place not in way:
            way.append(place)
            place = min(self.waits[place] & self.waiting)
        return way[way.index(place) :]

    def _parking(self, place: int, claims: set[Claim]) -> frozenset[str]:
        """The options by which a step can free identifiers before its own turn; empty when it cannot free them all."""
        operation = self.operations[place]
        step = operation.step
        if not claims or step.action != UPDATE or step.before is None or operation.frees:
            return frozenset()
        options = frozenset(self.links.option_of(step.resource, step.before, claim) for claim in claims)
        able = self.backend.capability(step.resource.name).parking
        return options if all(option in able for option in options) else frozenset()

    def _park(self, who: int, whom: int, options: frozenset[str]) -> None:
        """Let `whom` free the identifiers by an operation of its own, which nothing holds back."""
        place = len(self.operations)
        self.operations.append(Operation(self.operations[whom].step, options))
        self.waiting.add(place)
        self.waits[who] = (self.waits[who] - {whom}) | {place}
        self.waits[whom].add(place)

    def _block(self, circle: list[int], order: Order) -> None:
        """Give up operations that wait for each other, and all that wait for them."""
        steps = tuple(dict.fromkeys(self.operations[place].step for place in circle))
        names = ", ".join(step.place for step in steps)
        edges = zip(circle, [*circle[1:], circle[0]])
        claims = [claim for edge in edges for claim in sorted(self.claimed.get(edge, ()))]
        if claims:
            what = ", ".join(f"{kind} {key}" for kind, key in claims)
            reason = f"{names}: each takes what another one gives up ({what}), and the server cannot set it free"
            hint = "let one of them take a free one in a run of its own first"
        else:
            reason = f"{names}: new objects that lead to each other"
            hint = "create one of them without the others first"
        order.blocked.append(Blocked(steps, f"{reason}; {hint}"))
        given_up = set(circle)
        while True:
            more = {place for place in self.waiting - given_up if self.waits[place] & given_up}
            if not more:
                break
            given_up |= more
        self.waiting -= given_up
        self.done |= given_up & set(circle)
