# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lists of a Vodia domain, indexed by number and by name, so that a look-up costs the same in any domain.

Source: vendor note sections 1 (types in lists), 3 (which lists there are, and their shapes) and 3.1 (aliases).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ...errors import BadAnswer, NotOffered
from ...model.values import Values, canonical_name
from ..decoding import text

EXTENSIONS, HUNTS = "extensions", "hunts"


def number_of(row: Values, column: str = "name") -> str:
    """The number of an account, which becomes a part of paths. Raises BadAnswer for what cannot be one."""
    number = text(row, column)
    if number in ("", ".", "..") or not number.isprintable():
        raise BadAnswer(f"Vodia: the PBX shows an account with the number {number[:64]!r}, which cannot be one")
    return number


def aliases(record: Values) -> list[str]:
    """All numbers of an account, its primary one first. Raises BadAnswer."""
    shown = record.get("alias")
    names = shown if isinstance(shown, list) else [shown]
    return [number_of({"alias": name}, "alias") for name in names if name not in (None, "")]


@dataclass(frozen=True)
class HuntList:
    """The hunt groups in the order of their list: number -> name. numbers_of: meaning of a name -> numbers."""

    names: dict[str, str]
    numbers_of: dict[str, list[str]]

    def add(self, number: str, name: str) -> None:
        """A group that is new since the list was read."""
        self.names[number] = name
        self.numbers_of.setdefault(canonical_name(name), []).append(number)

    def named(self, name: str) -> list[str]:
        """The numbers of the groups with this name."""
        return self.numbers_of.get(canonical_name(name), [])


def hunt_list_of(rows: Any) -> HuntList:
    """The list of hunt groups: rows of name (the number), display, agents, calls. Raises BadAnswer."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadAnswer("Vodia: the list of hunt groups is not a list of objects; check url")
    names = {number_of(row): text(row, "display") for row in rows}
    numbers_of: dict[str, list[str]] = {}
    for number, name in names.items():
        numbers_of.setdefault(canonical_name(name), []).append(number)
    return HuntList(names, numbers_of)


@dataclass(frozen=True)
class Directory:
    """The accounts that a list shows.

    kinds: primary number -> kind of account, in the order of the list. primaries: alias -> primary number.
    offered: false where this version of the PBX has no such list. typed: whether it shows accounts of all kinds.
    """

    kinds: dict[str, str] = field(default_factory=dict)
    primaries: dict[str, str] = field(default_factory=dict)
    extensions: dict[str, None] = field(default_factory=dict)
    offered: bool = True
    typed: bool = False

    def add(self, number: str, kind: str) -> None:
        """An account that is new since the list was read, where the list shows its kind."""
        if kind == EXTENSIONS or self.typed:
            self.kinds[number] = kind
            self.primaries.pop(number, None)
        if kind == EXTENSIONS:
            self.extensions[number] = None

    def __contains__(self, number: str) -> bool:
        """Whether the list shows an account that answers to this number."""
        return number in self.kinds or number in self.primaries

    def all_extensions(self) -> list[str]:
        """The primary numbers of all extensions. Raises NotOffered where nothing lists them."""
        if not self.offered:
            raise NotOffered("this version of the PBX has no list of its extensions; name the extension")
        return list(self.extensions)


def directory_of(data: Any, typed: bool) -> Directory | None:
    """A list of accounts: an array, `{"accounts": [...]}`, or an object by number. Raises BadAnswer.

    typed: whether it is the list of all kinds, where each row has its `usertype`; None when it does not tell.
    """
    if isinstance(data, dict) and isinstance(data.get("accounts"), list):
        data = data["accounts"]
    if isinstance(data, dict):
        data = [{"name": name, **row} if isinstance(row, dict) else row for name, row in data.items()]
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise BadAnswer("Vodia: the list of accounts is not a list of objects; check url")
    if typed and not all(row.get("usertype") for row in data):
        return None
    kinds = {number_of(row): text(row, "usertype") or EXTENSIONS for row in data}
    primaries = {name: number_of(row) for row in data for name in aliases(row) if name not in kinds}
    return Directory(
        kinds, primaries, {number: None for number, kind in kinds.items() if kind == EXTENSIONS}, typed=typed
    )
