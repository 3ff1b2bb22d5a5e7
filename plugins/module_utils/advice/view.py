# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant as the rules of the advice see it: what is known of it, and questions that have no answer answered by None.

Pure: no input or output. What the vendor's rules refuse to tell (two objects with one number, a value that is no number)
is not known here, so it gives no advice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ..backends.call_rules import call_rules
from ..backends.registry import BACKENDS
from ..callflow.tenant import Item, Tenant
from ..callflow.values import text, truth
from ..callflow.vendor import EXTENSION, Exit, Part, Target, Vendor, hand_over, resolve
from ..callflow.walk import Cursor, Leg, Notes, Walk
from ..errors import InvalidOption
from ..report.callflow.simulate import Caller, every_way
from .number_plans import Plans

_T = TypeVar("_T")
_PLACE = re.compile(r"([a-z_]+)\[([0-9]+)\]")
_KIND_WORDS = {"extensions": "extension", "hunt_groups": "hunt group", "follow_me": "account"}


@dataclass(frozen=True)
class Facts:
    """What is known besides the document.

    vendor: how calls go there. group_options, member_options: what the backend has of hunt groups. complete: the lists
    that hold every object of the tenant. whole: whether all that the backend can read is there. live: whether the
    document was read from a server.
    """

    vendor: Vendor
    group_options: frozenset[str] = frozenset()
    member_options: frozenset[str] = frozenset()
    complete: frozenset[str] = frozenset()
    whole: bool = False
    live: bool = True


def facts_of(backend: str, complete: frozenset[str], *, live: bool) -> Facts:
    """The facts of a backend. complete: see Facts. Raises InvalidOption for an unknown backend."""
    vendor = call_rules(backend)
    stores = BACKENDS[backend].stores
    groups = stores["hunt_group"].capability
    readable = {store.resource.plural for store in stores.values() if store.resource.in_tenant}
    whole = live and readable <= complete
    return Facts(vendor, groups.options, groups.member_options, complete, whole, live)


@dataclass
class View:
    """The document, asked through the vendor's rules."""

    document: Mapping[str, Any]
    facts: Facts
    country_code: str
    plans: Plans | None
    thresholds: Mapping[str, int]
    tenant: Tenant = field(init=False)
    _parts: dict[str, list[Part] | None] = field(init=False, default_factory=dict)  # by path: nine checks ask for them

    def __post_init__(self) -> None:
        self.tenant = Tenant.of(self.document, self.country_code)

    @property
    def vendor(self) -> Vendor:
        return self.facts.vendor

    def knows_all(self, *kinds: str) -> bool:
        return set(kinds) <= self.facts.complete

    # -- names -------------------------------------------------------------------------------------------------------
    def names(self, path: str) -> list[str]:
        """The object that holds a path of the document, as `hunt_groups/200`; by its key first, then by its name."""
        found = _PLACE.match(path)
        if found is None:
            raise AssertionError(f"{path} is no path of an object")
        kind = found[1]
        values = self.document[kind][int(found[2])]
        keys = ("account",) if kind == "follow_me" else ("id", "name")
        written = [text(values.get(key)) for key in keys]
        return [f"{kind}/{one}" for one in written if one] or [path]

    def told(self, path: str) -> str:
        """The same in words: `hunt group 200 (Sales)`."""
        kind, _slash, key = self.names(path)[0].partition("/")
        rest = [name.partition("/")[2] for name in self.names(path)[1:]]
        return f"{_KIND_WORDS.get(kind, kind)} {key}" + (f" ({rest[0]})" if rest and rest[0] != key else "")

    # -- questions ---------------------------------------------------------------------------------------------------
    def asked(self, question: Callable[[], _T]) -> _T | None:
        """The answer of the vendor's rules; None where they have none."""
        try:
            return question()
        except InvalidOption:
            return None

    def groups(self) -> Iterator[Item]:
        """The groups that are not switched off."""
        for group in self.tenant.hunt_groups:
            if truth(group.get("enabled")) is not False:
                yield group

    def parts(self, group: Item) -> list[Part] | None:
        """The members; None where not all of them are known."""
        if group.path not in self._parts:
            self._parts[group.path] = self._read_parts(group)
        return self._parts[group.path]

    def _read_parts(self, group: Item) -> list[Part] | None:
        open_list = not self.facts.live and text(group.get("membership")) == "at_least"
        if group.get("members") is None or open_list:
            return None
        return self.asked(lambda: self.vendor.parts(self.tenant, group))

    def exits(self, group: Item) -> list[Exit]:
        return self.asked(lambda: self.vendor.exits(group)) or []

    def personal(self, target: Target) -> list[Exit]:
        return self.asked(lambda: self.vendor.personal(self.tenant, target)) or []

    def target(self, number: str) -> Target | None:
        return self.asked(lambda: resolve(self.vendor, self.tenant, number))

    def extensions(self) -> list[Target]:
        """Everything that may have forwarding of its own: the extensions, and the accounts that none of them has."""
        found = {}
        for item in self.tenant.extensions:
            name = self.vendor.extension_names(item)[0]
            found[name] = Target(EXTENSION, name, item)
        for item in self.tenant.follow_me:
            account = text(item.get("account"))
            known = self.target(account)
            if account and (known is None or known.item is None):
                found.setdefault(account, Target(EXTENSION, account))
        return list(found.values())

    def ways(self, step: Callable[[Walk], Leg]) -> list[Leg] | None:
        """How a part of a call goes while all phones are free and nobody answers, in every way that is possible."""
        asked = Caller(self.tenant, self.vendor)
        return self.asked(lambda: [leg for _walk, leg in every_way(asked, step, Notes())])

    def comes_back(self, number: str) -> bool:
        """Whether a call to a number comes back to where it was, while all phones are free and nobody answers."""
        notes, asked = Notes(), Caller(self.tenant, self.vendor)
        self.asked(lambda: every_way(asked, lambda walk: hand_over(walk, self.vendor, Cursor(), number, (), ""), notes))
        return any(warning.id == "loop" for warning in notes.warnings)
