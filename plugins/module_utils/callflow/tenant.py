# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant document as the call-flow engine reads it: present objects with their paths, and plain values. No vendor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import InvalidOption
from . import numbers
from .values import text, whole

Values = Mapping[str, Any]
KINDS = ("extensions", "hunt_groups", "follow_me")


@dataclass(frozen=True)
class Item:
    """One object, or one entry of its list, with its path in the document."""

    path: str
    values: Values

    def get(self, option: str) -> Any:
        return self.values.get(option)

    def setting(self, name: str) -> Any:
        settings = self.values.get("settings")
        return settings.get(name) if isinstance(settings, Mapping) else None

    def items(self, option: str) -> list[Item] | None:
        """The entries of a list; None where the list is omitted."""
        listed = self.values.get(option)
        if listed is None:
            return None
        if not isinstance(listed, (list, tuple)):
            raise InvalidOption(f"{self.path}.{option}: is not a list")
        return list(_entries(f"{self.path}.{option}", listed))

    def number(self, option: str, instead: Any = None) -> int | None:
        """A whole number of an option or, by `settings.NAME`, of a setting; errors name the place."""
        value = self.setting(option[9:]) if option.startswith("settings.") else self.get(option)
        try:
            found = whole(value)
        except ValueError as error:
            raise InvalidOption(f"{self.path}.{option}: {error}") from None
        return instead if found is None else found


def _entries(path: str, listed: Any) -> Iterator[Item]:
    for index, one in enumerate(listed):
        if not isinstance(one, Mapping):
            raise InvalidOption(f"{path}[{index}]: is not a dictionary")
        yield Item(f"{path}[{index}]", one)


@dataclass(frozen=True)
class _Index:
    """Objects of one kind by their numbers: a tenant may have thousands."""

    exact: dict[str, list[Item]]
    canonical: dict[str, list[Item]]

    @classmethod
    def of(cls, items: list[Item], names: Callable[[Item], list[str]], country_code: str) -> _Index:
        index = cls({}, {})
        for item in items:
            for name in dict.fromkeys(names(item)):
                index.exact.setdefault(name, []).append(item)
            for name in dict.fromkeys(numbers.canonical(one, country_code) for one in names(item)):
                index.canonical.setdefault(name, []).append(item)
        return index

    def find(self, number: str, country_code: str) -> list[Item]:
        return self.exact.get(number) or self.canonical.get(numbers.canonical(number, country_code), [])


@dataclass
class Tenant:
    """What is there of a tenant. Objects with `state: absent` are not."""

    extensions: list[Item]
    hunt_groups: list[Item]
    follow_me: list[Item]
    country_code: str = ""
    listed: dict[str, str] | None = None  # members by canonical number; see vendor.py
    _indexes: dict[str, _Index] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Any, country_code: str = "") -> Tenant:
        """Read a document of MODEL's form. Raises InvalidOption where it is none."""
        if not isinstance(document, Mapping):
            raise InvalidOption("the document is not a dictionary with extensions, hunt_groups and follow_me")
        lists: dict[str, list[Item]] = {}
        for kind in KINDS:
            listed = document.get(kind)
            if listed is not None and not isinstance(listed, (list, tuple)):
                raise InvalidOption(f"{kind}: is not a list")
            lists[kind] = [one for one in _entries(kind, listed or []) if text(one.get("state")) != "absent"]
        return cls(lists["extensions"], lists["hunt_groups"], lists["follow_me"], country_code)

    def same(self, one: str, other: str) -> bool:
        return numbers.same(one, other, self.country_code)

    def find(self, kind: str, number: str, names: Callable[[Item], list[str]]) -> Item | None:
        """The one object of a kind that `number` names: by exact text, else in E.164. Several are an error.

        names: gives the numbers of an object; always the same function for one tenant.
        """
        if kind not in self._indexes:
            self._indexes[kind] = _Index.of(getattr(self, kind), names, self.country_code)
        found = self._indexes[kind].find(number, self.country_code)
        if len(found) > 1:
            raise InvalidOption(f"{number}: is the number of {' and of '.join(one.path for one in found)}")
        return found[0] if found else None
