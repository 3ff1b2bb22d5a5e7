# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The present state of a tenant in neutral words, whole: what cannot be declared too, such as who has signed in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from ..backends.contract import Backend, Observed, RunContext, Store
from ..backends.lists import map_concurrently
from ..errors import PBXError
from ..model.catalog import tenant_lists
from ..model.validate import Declared
from ..model.values import Values

Known = Mapping[str, Mapping[str, Values]]  # plural -> key -> what was read of an object


@dataclass
class Live:
    """document: the lists that could be read. complete: those that hold every object. notes: why a list is not there."""

    document: Values = field(default_factory=dict)
    complete: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


def read_live(backend: Backend, context: RunContext, lists: Collection[str], known: Known | None = None) -> Live:
    """Read these lists, as far as the backend has them. A list that cannot be read is a note, never an error.

    known: objects that have been read already and are not read again.
    """
    live = Live()
    for plural, resource in tenant_lists().items():
        if plural not in lists or resource.name not in backend.stores:
            continue
        seen = (known or {}).get(plural, {})
        try:
            live.document[plural] = _all(backend.store(resource.name, context), context, seen)
            live.complete.add(plural)
        except PBXError as error:
            live.notes.append(f"advice: {plural} could not be read, so advice that needs them is missing: {error}")
            if seen:
                live.document[plural] = list(seen.values())
    return live


def _all(store: Store, context: RunContext, seen: Mapping[str, Values]) -> list[Values]:
    if not seen:
        return [one.values for one in store.read_all()]
    resource = store.resource

    def read(listed: tuple[str, Observed | None]) -> Values | None:
        key, observed = listed
        if key in seen:
            return seen[key]
        found = observed or store.find(Declared(resource, {resource.key: key}))
        return found.values if found else None

    def is_known(listed: tuple[str, Observed | None]) -> bool:
        return listed[0] in seen or listed[1] is not None

    found = map_concurrently(context.concurrency, read, list(store.list_keys().items()), here=is_known)
    return [values for values in found if values is not None]
