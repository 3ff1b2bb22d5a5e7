# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From declared objects to a plan: reads them, compares, and lets the guards judge. Sends reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..backends.contract import Backend, RunContext
from ..errors import PBXError
from ..model.catalog import tenant_lists
from ..model.problems import ERROR, Finding
from ..model.validate import Declared
from .guards import Guards
from .links import Links
from .observe import Observation, observe_all
from .options import Plan, RunOptions
from .order import Order, arrange
from .plan import Step
from .references import References

Identifiers = dict[str, frozenset[str]]  # by set of identifiers: "number", "account"


@dataclass(frozen=True)
class Planned:
    """A plan, the order of its writes, and the context with what is known of identifiers since."""

    plan: Plan
    order: Order
    context: RunContext


def make_plan(backend: Backend, declared: Sequence[Declared], options: RunOptions, context: RunContext) -> Planned:
    """Plan the declared objects that are selected. Raises whatever reading a whole list raises."""
    selected = [one for one in declared if _is_selected(one, options)]
    owned = _Owned(backend, context, selected)
    present, absent = owned.by(absent=False), owned.by(absent=True)
    context = replace(
        context,
        planned_ids=present,
        declared_ids=_united(present, absent),
        released_ids=_united(absent, owned.purged(options.purge)),
    )
    seen, context = _observed(backend, selected, context)
    plan = Plan(seen.steps, seen.failures, notes=seen.notes)
    guards = Guards(backend, context, options)
    plan = guards.undeclared(guards.declared_once(plan))
    plan = References(backend, context).guarded(plan)
    for guard in (guards.kept, guards.limited, guards.irreversible, guards.approved):
        plan = guard(plan)
    order = arrange(plan.steps, backend, context)
    return Planned(plan.adding(violations=_blocked(order)), order, context)


def _is_selected(declared: Declared, options: RunOptions) -> bool:
    names = [str(declared.values[key]) for key in declared.resource.keys if declared.values.get(key)]
    return options.selects(declared.resource.plural, *names)


def _observed(backend: Backend, declared: Sequence[Declared], context: RunContext) -> tuple[Observation, RunContext]:
    """Read the declared objects. Those that fail are read once more where planned steps free further identifiers."""
    seen = observe_all(backend, declared, context)
    released = _released_by(seen.steps, Links(backend, context))
    known = context.released_ids
    if not seen.failures or all(keys <= known.get(space, frozenset()) for space, keys in released.items()):
        return seen, context
    context = replace(context, released_ids=_united(known, released))
    again = observe_all(backend, [one.declared for one in seen.failures], context)
    return Observation((*seen.steps, *again.steps), again.failures, (*seen.notes, *again.notes)), context


def _released_by(steps: Sequence[Step], links: Links) -> Identifiers:
    """The identifiers that the planned steps free."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for step in steps:
        for space, key in links.taken_and_released(step)[1]:
            found[space].add(key)
    return _frozen(found)


def _blocked(order: Order) -> list[Finding]:
    return [
        Finding("blocked-order", ERROR, blocked.steps[0].asked.path or blocked.steps[0].place, blocked.reason)
        for blocked in order.blocked
    ]


class _Owned:
    """The identifiers that objects own."""

    def __init__(self, backend: Backend, context: RunContext, declared: Sequence[Declared]) -> None:
        self._backend, self._context, self._declared = backend, context, declared
        self._links = Links(backend, context)

    def by(self, absent: bool) -> Identifiers:
        """Of the objects declared absent, or of the others: as users wrote them and as they are compared."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for one in self._declared:
            if one.absent == absent:
                for space, key in self._links.claims(one.resource, one.values):
                    found[space].add(key)
                if one.values.get(one.resource.key):
                    for space in self._links.spaces_of_key(one.resource):
                        found[space].add(str(one.values[one.resource.key]))
        return _frozen(found)

    def purged(self, purge: Sequence[str]) -> Identifiers:
        """Of the undeclared objects that a purge of these lists deletes; none of a list that cannot be read."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for plural in purge:
            resource = tenant_lists()[plural]
            known = {
                str(one.values.get(resource.key))
                for one in self._declared
                if one.resource is resource and not one.absent
            }
            try:
                listed = self._backend.store(resource.name, self._context).list_keys()
            except PBXError:
                continue  # the guard of the purge says so
            for space in self._links.spaces_of_key(resource):
                found[space] |= {key for key in listed if key not in known}
        return _frozen(found)


def _frozen(found: Mapping[str, set[str]]) -> Identifiers:
    return {space: frozenset(keys) for space, keys in found.items()}


def _united(one: Mapping[str, frozenset[str]], other: Mapping[str, frozenset[str]]) -> Identifiers:
    return {space: one.get(space, frozenset()) | other.get(space, frozenset()) for space in {**one, **other}}
