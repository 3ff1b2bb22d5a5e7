# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the declared objects and plans a step for each. Sends reads only."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ..backends.contract import Backend, Observed, RunContext, Store
from ..backends.lists import map_concurrently
from ..errors import Defect, PBXError
from ..model.catalog import tenant_resources
from ..model.validate import Declared
from .plan import Planner, Step

_LONGEST_ERROR = 1000  # characters
_LONGEST_TRACE = 8000


@dataclass(frozen=True)
class Failure:
    """A declared object that could not be read or planned."""

    declared: Declared
    error: PBXError
    message: str


@dataclass(frozen=True)
class Observation:
    """What was read of the declared objects: a step for each, in their order, or why there is none."""

    steps: tuple[Step, ...] = ()
    failures: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = field(default=())


def observe_all(backend: Backend, declared: Sequence[Declared], context: RunContext) -> Observation:
    """Read and plan every declared object. An error of one object is a value, it never ends the others."""
    # the lists that all objects share are read before them, or were read by a call before this one
    read_at = min(context.clock(), backend.client.lists.oldest)
    missing = prefetch(backend, {one.resource.name for one in declared}, context)
    steps: list[Step] = []
    failures: list[Failure] = []
    notes: list[str] = []

    def look(one: Declared) -> tuple[Step | Failure, list[str]]:
        store = backend.store(one.resource.name, context)
        try:
            if one.resource.name in missing:
                raise missing[one.resource.name]  # asking again would only repeat it
            return observe(store, one, read_at), store.notes
        except Exception as error:
            problem = as_problem(error, backend)
            return Failure(one, problem, backend.session.short(str(problem), _LONGEST_ERROR)), []

    with context.progress.phase("read", len(declared)) as done:
        looked = map_concurrently(
            context.concurrency, look, declared, done, lambda one: backend.finds_in_lists(one.resource)
        )
    for result, said in looked:
        notes += said
        if isinstance(result, Step):
            steps.append(result)
        else:
            failures.append(result)
    return Observation(tuple(steps), tuple(failures), tuple(notes))


def prefetch(backend: Backend, resources: Iterable[str], context: RunContext) -> dict[str, PBXError]:
    """Read the lists that all objects of these resources share. Returns why some could not be read, by resource."""
    names = set(resources)
    missing: dict[str, PBXError] = {}
    for resource in tenant_resources():
        if resource.name in names and resource.name in backend.stores and not resource.always_there:
            try:
                backend.store(resource.name, context).prefetch()
            except PBXError as error:
                missing[resource.name] = error
    return missing


def observe(store: Store, declared: Declared, read_at: float | None = None) -> Step:
    """Read one object and plan its step. read_at: when the reading began, if before now. Raises whatever reading raises."""
    if read_at is None:
        read_at = min(store.context.clock(), store.client.lists.oldest)
    current = store.find(declared)
    resolved = store.resolve(declared, current)
    return plan_step(store, declared, resolved, current, read_at)


def plan_step(
    store: Store, asked: Declared, resolved: Declared, current: Observed | None, read_at: float = 0.0
) -> Step:
    """The step for what was read. Pure."""
    planner = Planner(store.resource, store.capability, store.numbers)
    step = planner.plan(asked, resolved, current, store.pair(resolved, current), read_at)
    return replace(step, how=tuple(store.describe(step))) if step.writes else step


def as_problem(error: Exception, backend: Backend) -> PBXError:
    """The error itself, or what stands for a defect of this collection, with its redacted traceback."""
    if isinstance(error, PBXError):
        return error
    trace = backend.session.redact("".join(traceback.format_exception(type(error), error, error.__traceback__)))
    what = f"a defect of this collection ({type(error).__name__}: {error}); report it with the traceback in `exception`"
    return Defect(backend.session.short(what, _LONGEST_ERROR), trace[-_LONGEST_TRACE:])
