# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract between the engine and a vendor, in words of the domain.

A `Backend` is one vendor's system seen by one run. It makes one `Store` per step and resource. The engine alone calls the
writing methods, with a frozen step of the plan.
"""

from __future__ import annotations

import contextlib
import math
import time
from abc import ABC, abstractmethod
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable, ClassVar, Protocol

from ..errors import Conflict, Rejected, TransportError
from ..model.catalog import Capability, Resource
from ..model.numbers import ANY_COUNTRY, NumberRules
from ..model.validate import Declared, secrets_of, without_mirrored
from ..model.values import Values, canonical_name
from ..transport.session import Session
from .client import VendorClient, WriteLog
from .lists import map_concurrently
from .progress import SILENT, Progress

CREATE, UPDATE, DELETE = "create", "update", "delete"
# Seconds to wait before reading back again while the server still shows the old state.
SETTLE_SECONDS: Sequence[float] = (0.2, 0.5, 1.0)
# Seconds after a read for which its data may be used for planning. No server here supports conditional writes.
FRESH_SECONDS = 5.0


@dataclass(frozen=True)
class RunContext:
    """What a run needs besides its declarations; frozen, and handed down to whoever needs it.

    settle: see SETTLE_SECONDS. fresh: see FRESH_SECONDS. numbers: when two phone numbers are the same here.
    list_limit: rows at which the server cuts its lists; 0: never; None: not known.
    planned_ids, declared_ids, released_ids: by set of identifiers ("number", "account"; see Resource.claims), what objects
    that are declared present have, what all declared objects have, and what this run may free.
    standalone: false in a run over a whole tenant, which itself checks what an object's neighbours become.
    undoing: true in a restore. An object of the file may be on a neighbour that the undone run never made.
    hide: keeps a secret out of all messages. progress: tells how far a long run is.
    """

    check_mode: bool = False
    concurrency: int = 1
    settle: Sequence[float] = SETTLE_SECONDS
    fresh: float = FRESH_SECONDS
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    numbers: NumberRules = ANY_COUNTRY
    list_limit: int | None = None
    planned_ids: Mapping[str, frozenset[str]] = field(default_factory=dict)
    declared_ids: Mapping[str, frozenset[str]] = field(default_factory=dict)
    released_ids: Mapping[str, frozenset[str]] = field(default_factory=dict)
    standalone: bool = True
    undoing: bool = False
    hide: Callable[[str], None] = lambda secret: None
    progress: Progress = SILENT

    def is_planned(self, identifier: str, space: str = "number") -> bool:
        """Whether an object with this identifier is declared, so that it is there before anything refers to it."""
        return identifier in self.planned_ids.get(space, ())

    def is_released(self, identifier: str, space: str = "number") -> bool:
        """Whether this run may free the identifier, so that another object may take it."""
        return identifier in self.released_ids.get(space, ())


@dataclass(frozen=True)
class Observed:
    """An object as it was read: its neutral values, and the vendor's own record of it (ids, rows) for the next write."""

    values: Values
    record: Any = None


@dataclass(frozen=True)
class ListState:
    """What a list shows of all objects of a kind, comparable between runs. whole: whether that is all of each object."""

    rows: Any
    whole: bool


@dataclass(frozen=True)
class WriteResult:
    """How far the writes of one step got.

    key: the key that the server gave the object, if it is another one. error: what ended the writes. sent, accepted: how many
    requests went out, and how many of them the server accepted. ended_at: when, by the clock of the session.
    """

    key: str = ""
    error: Exception | None = None
    sent: int = 0
    accepted: int = 0
    ended_at: float = math.inf


@dataclass(frozen=True)
class Pairing:
    """Which declared item of a list stands for which present one: items with equal keys are the same item.

    present and wanted run parallel to the items of the object and of the declaration. leftovers: keys of present items
    that are removed whatever the membership, because an interrupted run has left them.
    """

    present: tuple[Hashable, ...] = ()
    wanted: tuple[Hashable, ...] = ()
    leftovers: frozenset[Hashable] = frozenset()


class WriteStep(Protocol):
    """What a store gets to write: one step of the plan (see `engine.plan.Step`)."""

    @property
    def action(self) -> str:
        """`create`, `update` or `delete`."""

    @property
    def declared(self) -> Declared:
        """What is declared, with its references resolved."""

    @property
    def current(self) -> Observed | None:
        """What was read; None when the object is to be created."""

    @property
    def target(self) -> Values:
        """The whole object as it is to be: what was read, overlaid with what is declared."""

    @property
    def item_keys(self) -> tuple[Hashable, ...]:
        """The keys of the target's items, in their order; see `Pairing`."""

    @property
    def changed(self) -> frozenset[str]:
        """The options that change: `policy`, `members`, `settings.NAME`, `settings.NAME.PART`, `forwarding.PART`."""


@contextlib.contextmanager
def after_changes(done: str) -> Iterator[None]:
    """Turn a refusal into doubt where writes before it were accepted. done: what they changed; empty for nothing."""
    try:
        yield
    except Rejected as error:
        if not done:
            raise
        raise TransportError(f"{error}; {done}", in_doubt=True) from None


class Store(ABC):
    """One kind of object on one vendor's system, for one step of a run and one thread.

    Reading methods raise Incomplete rather than return a list that may be cut. `notes` collects what users should know
    without it being an error; the engine makes warnings of it.
    """

    writable: ClassVar[bool] = True
    # Whether keys of all objects cost no more than one read per list.
    lists_cheaply: ClassVar[bool] = True
    # Whether `find` and `resolve` ask for nothing but the lists that `prefetch` reads, so that threads would only cost.
    found_in_lists: ClassVar[bool] = False
    # Whether a run for one object reads all objects of this kind to find references to what it deletes.
    searched_alone: ClassVar[bool] = True
    resource: ClassVar[Resource]
    capability: ClassVar[Capability]

    def __init__(self, client: Any, context: RunContext) -> None:
        self.client = client
        self.context = context
        self.notes: list[str] = []

    @property
    def numbers(self) -> NumberRules:
        return self.context.numbers

    def neighbour(self, store: type[Store]) -> Any:
        """A store of another resource of the same system, for the same step."""
        return store(self.client, self.context)

    # -- before the first request --------------------------------------------------------------------------------------
    def hide_secrets(self, options: Mapping[str, Any]) -> None:
        """Keep the secret settings of a declaration out of all messages, also where it is wrong."""
        for secret in secrets_of(self.capability, options):
            self.context.hide(secret)

    def check(self, declared: Declared) -> None:
        """Refuse what the catalogue alone cannot tell apart. Raises InvalidOption."""

    def check_filters(self, asked: Values) -> None:
        """The same for what an info module is asked for."""

    # -- reading -------------------------------------------------------------------------------------------------------
    @abstractmethod
    def find(self, declared: Declared) -> Observed | None:
        """The object that is declared, by its key, or None. Its values hold the server's own key, however it was spelled.

        Raises Conflict when a name matches several objects.
        """

    @abstractmethod
    def read_all(self) -> list[Observed]:
        """Every object of this kind, whole. Raises NotOffered where this deployment does not list them."""

    def list_keys(self) -> dict[str, Observed | None]:
        """The server's key of every object, by as few requests as it takes, with the object where those already show it.

        Raises Incomplete when the list may be cut.
        """
        return {str(one.values[self.resource.key]): one for one in self.read_all()}

    def list_names(self) -> dict[str, str]:
        """The names of the objects by their keys, where the list that `list_keys` reads shows them."""
        return {}

    def list_state(self) -> ListState | None:
        """What the list of this kind shows, without a read for each object; None where there is no such list.

        Raises Incomplete when the list may be cut.
        """
        if not self.lists_cheaply:
            return None
        listed = self.list_keys()
        values = [(key, one.values if one else None) for key, one in listed.items()]
        rows = [sorted(values, key=lambda one: one[0]), sorted(self.list_names().items())]
        return ListState(rows, whole=all(one is not None for one in listed.values()))

    def prefetch(self) -> None:
        """Read the lists that all objects share, so that each is read once."""

    def read_each(self, read: Callable[[Any], Observed | None], keys: Iterable[Any]) -> list[Observed]:
        """What `read` finds behind each key, several at a time."""
        asked = list(keys)
        with self.context.progress.phase("read", len(asked)) as done:
            found = map_concurrently(self.context.concurrency, read, asked, done)
        return [one for one in found if one is not None]

    def info(self, asked: Values) -> Values:
        """What an info module returns: the objects under the resource's plural, and whatever else was asked for."""
        if any(asked.get(key) for key in self.resource.keys):
            found = self.find(Declared(self.resource, asked))
            objects = [found] if found else []
        else:
            objects = self.read_all()
        shown = [without_mirrored(self.capability, one.values, self.numbers) for one in objects]
        return {self.resource.plural: shown}

    # -- planning ------------------------------------------------------------------------------------------------------
    def resolve(self, declared: Declared, current: Observed | None) -> Declared:
        """The declaration with its references looked up and checked; sends reads only. Raises NotFound or Conflict."""
        return declared

    def pair(self, declared: Declared, current: Observed | None) -> Pairing:
        """Pairs the declared items with the present ones. Pure. By default their identifying options do it."""
        option = self.resource.items.option if self.resource.items else ""
        identity = self.capability.member_identity

        def keys(items: Sequence[Values]) -> tuple[Hashable, ...]:
            return tuple(tuple(item.get(name) for name in identity) for item in items)

        return Pairing(keys(current.values.get(option, []) if current else []), keys(declared.values.get(option, [])))

    def describe(self, step: WriteStep) -> list[str]:
        """What a write does besides the obvious, for the plan: "take member 102 out and put it back". Pure."""
        return []

    def takes_apart(self, step: WriteStep) -> bool:
        """Whether a write leaves the object for a while without something that it keeps, so that it is read back soon. Pure."""
        return False

    def outdated(self, step: WriteStep) -> Collection[str] | None:
        """The names of remembered lists and objects (see `ListMemory`) that the writes of a step change; None for all. Pure."""
        return None

    def side_effects(self, step: WriteStep) -> list[Values]:
        """Other objects of this kind that a write changes too, each as it is declared back. Sends reads only."""
        return []

    def lost(self, current: Observed) -> tuple[list[str], list[str]]:
        """What a deletion loses for good: (secrets, which are warned about; anything else, which is refused)."""
        return [], []

    # -- writing -------------------------------------------------------------------------------------------------------
    def write(self, step: WriteStep) -> WriteResult:
        """Carry out a step. An error is a part of what is returned, because it does not say what was sent before it."""
        key, error = None, None
        try:
            if step.action == CREATE:
                key = self.create(step)
            elif step.action == UPDATE:
                key = self.update(step)
            elif step.action == DELETE:
                self.delete(step)
        except Exception as problem:
            error = problem
        log: WriteLog = self.client.writes
        return WriteResult(key or "", error, log.sent, log.accepted, log.ended_at)

    def create(self, step: WriteStep) -> str | None:
        """Create the object. Returns the key that the server gave it, if it differs from the declared one."""
        raise self._impossible("created")

    def update(self, step: WriteStep) -> str | None:
        """Bring the changed options to the target. Returns the object's new key if the server renamed it."""
        raise self._impossible("updated")

    def delete(self, step: WriteStep) -> None:
        """Delete the object."""
        raise self._impossible("deleted")

    def _impossible(self, what: str) -> AssertionError:
        return AssertionError(f"{self.resource.name} of this backend cannot be {what}")


def only_match(place: str, key: str, matches: Sequence[Any], keys: Iterable[str], hint: str = "give id") -> Any:
    """The one object that a look-up found, None when there is none. Raises Conflict when there are several."""
    if len(matches) > 1:
        raise Conflict(f"{place}: {len(matches)} objects have this {key} ({', '.join(keys)}); {hint}")
    return matches[0] if matches else None


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same; servers normalise Unicode and fold runs of blanks."""
    return canonical_name(one) == canonical_name(other)


def require(observed: Observed | None) -> Observed:
    """The object, where the backend always has one."""
    if observed is None:
        raise AssertionError("a store of what is always there found nothing")
    return observed


@dataclass
class Backend:
    """A vendor's system: where it is, and the class of store for each resource that it can hold.

    identity: what a journal or backup belongs to: backend, url, tenant, group.
    """

    name: str
    identity: Mapping[str, str]
    session: Session
    client: VendorClient
    stores: Mapping[str, type[Store]] = field(default_factory=dict)

    @property
    def writable(self) -> frozenset[str]:
        return frozenset(name for name, store in self.stores.items() if store.writable)

    def store(self, resource: str, context: RunContext) -> Store:
        """A new store of a resource that this backend has (see `registry.check_resource`), with a write log of its own."""
        return self.stores[resource](self.client.recording(WriteLog()), context)

    def capability(self, resource: str) -> Capability:
        return self.stores[resource].capability

    def finds_in_lists(self, resource: Resource) -> bool:
        """See `Store.found_in_lists`."""
        return self.stores[resource.name].found_in_lists

    def forget_lists(self) -> None:
        """Read the lists again from now on."""
        self.client.lists.forget()

    def forget_outdated(self, moments: Mapping[str, float]) -> None:
        """Read again what has one of these names and was read before its moment (see `Store.outdated`)."""
        self.client.lists.forget_before(moments)
