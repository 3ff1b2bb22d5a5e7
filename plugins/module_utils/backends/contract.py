# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract between the engine and a vendor, in words of the domain.

A `Backend` is one vendor's system seen by one module call; it has one `Store` per resource that the vendor can hold.
Only the engine in `apply.py` calls the writing methods.
"""

from __future__ import annotations

import contextlib
import threading
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Callable, ClassVar

from ..errors import Rejected, TransportError
from ..model.catalog import Capability, Resource, shown
from ..model.values import Values
from ..transport.session import Session


def always(observed: Observed | None) -> Observed:
    """What is always there, as its store reads it; for the type checker's sake."""
    if observed is None:
        raise AssertionError("a store of what is always there found nothing")
    return observed


@dataclass
class Observed:
    """An object as it was read: its neutral values, and the vendor's own record of it (ids, rows) for the next write."""

    values: Values
    record: Any = None


@contextlib.contextmanager
def understood() -> Iterator[None]:
    """What is read or decoded inside may be anything a server says: what makes no sense is an error in words."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        what = f"the answer of the server makes no sense here ({type(error).__name__}: {error})"
        raise TransportError(what, in_doubt=True) from error


@contextlib.contextmanager
def half_done(before: str) -> Iterator[None]:
    """A refusal inside comes after another change, which `before` tells; empty where there was none."""
    try:
        yield
    except Rejected as error:
        if not before:
            raise
        raise TransportError(f"{error}; {before}", in_doubt=True) from None


def in_parallel(concurrency: int, work: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
    """The results in the order of the items. One thread where more would only cost."""
    if concurrency <= 1 or len(items) < 2:
        return [work(item) for item in items]
    with ThreadPoolExecutor(concurrency) as pool:
        return list(pool.map(work, items))


class Store(ABC):
    """One kind of object on one vendor's system.

    All reading methods raise Incomplete rather than return a list that may be cut. `notes` collects what a user
    should know without it being an error; the engine turns it into warnings. `promised` are numbers of extensions
    that are not there yet but will be created before anything refers to them. `alone` is false in a run over a whole
    tenant, which itself checks what an object's neighbours will be. `concurrency` is how many objects it may read at
    the same time. `hide` keeps a secret out of all messages. `writes` is how many
    writes were sent so far, `accepted` how many of them the server went on with.
    """

    writable: ClassVar[bool] = True
    resource: ClassVar[Resource]
    capability: ClassVar[Capability]

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.promised: frozenset[str] = frozenset()
        self.alone = True
        self.concurrency = 1
        self.hide: Callable[[str], None] = lambda secret: None
        self.writes: Callable[[], int] = lambda: 0
        self.accepted: Callable[[], int] = lambda: 0

    def check(self, desired: Values) -> None:
        """Refuse, before the first request, what the field tables alone cannot tell apart. Raises InvalidOption."""

    def check_filters(self, asked: Values) -> None:
        """The same for what an info module is asked for."""

    @abstractmethod
    def find(self, desired: Values) -> Observed | None:
        """The object that `desired` names by its key, or None. Raises Conflict when a name matches several."""

    def info(self, asked: Values) -> Values:
        """What an info module returns: the objects under the resource's plural, and whatever else was asked for."""
        if any(asked.get(key) for key in self.resource.keys):
            found = self.find(asked)
            objects = [found] if found else []
        else:
            objects = self.read_all()
        return {self.resource.plural: [shown(self.capability, one.values) for one in objects]}

    def warm(self) -> None:
        """Read the lists that all objects share, so that each is read once."""

    def survey(self) -> dict[str, Observed | None]:
        """The key of every object, by as few requests as it takes, with the object where those already show it.

        Raises Incomplete when the list may be cut.
        """
        return {str(one.values[self.resource.keys[0]]): one for one in self.read_all()}

    @abstractmethod
    def read_all(self) -> list[Observed]:
        """Every object of this kind, whole. Raises NotOffered where this deployment does not list them."""

    def read_each(self, read: Callable[[Any], Observed | None], keys: Iterable[Any]) -> list[Observed]:
        """What `read` finds behind each key, several at a time."""
        found: list[Observed | None] = in_parallel(self.concurrency, read, list(keys))
        return [one for one in found if one is not None]

    def resolve(self, desired: Values, current: Observed | None, state: str) -> Values:
        """`desired` with its references looked up and checked; sends reads only. Raises NotFound or Conflict."""
        return desired

    def side_effects(self, current: Observed | None, target: Values) -> list[Values]:
        """Other objects of this kind that a write would change too, each as it would be declared back."""
        return []

    def match(self, desired: Values, current: Observed | None) -> Values:
        """`desired` with its items paired with present ones, where their options alone cannot do it. Pure."""
        return desired

    @abstractmethod
    def create(self, desired: Values, target: Values) -> str | None:
        """Create the object. Returns the key that the server gave it, if it differs from the declared one."""

    @abstractmethod
    def update(self, current: Observed, desired: Values, target: Values, changed: set[str]) -> str | None:
        """Bring the changed fields to `target`. Returns the object's new key if the server renamed it."""

    @abstractmethod
    def delete(self, current: Observed, desired: Values) -> None:
        """Delete the object."""


class ListMemory:
    """Lists that were read once in a run and are used again while nothing has changed them.

    Off unless the tenant engine switches it on: a single object's module reads a list once anyway.
    """

    def __init__(self) -> None:
        self.keeping = False
        self._kept: dict[str, Any] = {}
        self._locks: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)

    def get(self, name: str, read: Callable[[], list[Values]], fresh: bool = False) -> list[Values]:
        """The list of this name: remembered, or read now."""
        if not self.keeping:
            return read()
        with self._locks[name]:  # several threads may miss the same list at the same time
            kept = self._kept
            if fresh or name not in kept:
                kept[name] = read()  # if something is written meanwhile, this goes with what is forgotten
            rows: list[Values] = kept[name]
            return rows

    def forget(self) -> None:
        """Something was written: read again from now on."""
        self._kept = {}


@dataclass
class Backend:
    """A vendor's system: where it is, and a store for each resource that it can hold."""

    name: str
    tenant: str
    session: Session
    lists: ListMemory
    writable: frozenset[str]
    concurrency: int = 1
    makers: Mapping[str, Callable[[], Store]] = field(default_factory=dict)

    def store(self, resource: str) -> Store:
        """A new store of a resource that this backend has (see `registry.check_resource`), for use by one thread."""
        store = self.makers[resource]()
        store.concurrency, store.hide = self.concurrency, self.session.hide
        store.writes = lambda: self.session.writes_of_this_thread
        store.accepted = lambda: self.session.writes_accepted_of_this_thread
        return store
