# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A list of the server as it was read, with its indexes, and whether the server may have cut it.

The list routes have no paging, and servers cut long answers without saying so (vendor note, section 5).
"""

from __future__ import annotations

from functools import cached_property
from typing import Callable, TypeVar

from ...errors import Incomplete
from ...model.values import Values, canonical_name
from ..decoding import records, text, whole_number

Key = TypeVar("Key", str, int)

# Without a known limit: round lengths from here on, as servers use for their limits.
_SHORTEST_CUT = 100  # rows
_ROUND = 50  # rows


def may_be_cut(length: int, limit: int | None) -> bool:
    """Whether a list of this length may be cut, so that nothing follows from what is missing in it.

    limit: the option list_limit: rows at which the server cuts its lists; 0: never; None: not known.
    """
    if limit is None:
        return length >= _SHORTEST_CUT and length % _ROUND == 0
    return 0 < limit <= length


def cut_list(what: str, length: int, limit: int | None, place: str = "", doubt: str = "") -> Incomplete:
    """The error for a list that may be cut. what: its rows ("hunt groups"). doubt: what cannot be known therefore."""
    start = f"{place}: " if place else ""
    so = f", so {doubt} is not known" if doubt else ""
    known = "" if limit is None else f", at or above list_limit ({limit})"
    return Incomplete(
        f"{start}PortaSwitch listed {length} {what}{known}, and the list may be cut{so}; write into the option "
        "list_limit at how many rows this server cuts its lists, or 0 if it never does"
    )


def require_whole(rows: list[Values], limit: int | None, what: str, place: str = "", doubt: str = "") -> list[Values]:
    """The same rows. Raises Incomplete when the list may be cut."""
    if may_be_cut(len(rows), limit):
        raise cut_list(what, len(rows), limit, place, doubt)
    return rows


class Listing:
    """The rows of one list. Each index is made once, when it is first asked for."""

    def __init__(self, rows: list[Values]) -> None:
        self.rows = rows

    @cached_property
    def numbers(self) -> dict[str, list[Values]]:
        """Dialled number -> its rows."""
        return self._index(lambda row: text(row, "id"))

    @cached_property
    def names(self) -> dict[str, list[Values]]:
        """Meaning of a name (see `canonical_name`) -> its rows."""
        return self._index(lambda row: canonical_name(text(row, "name")))

    @cached_property
    def extension_records(self) -> dict[int, list[Values]]:
        """i_c_ext -> its rows. Hunt groups have one of their own."""
        return self._index(lambda row: whole_number(row, "i_c_ext"))

    @cached_property
    def accounts(self) -> dict[int, list[Values]]:
        """i_account -> its rows."""
        return self._index(lambda row: whole_number(row, "i_account"))

    @cached_property
    def account_numbers(self) -> dict[str, list[Values]]:
        """account_id -> its rows."""
        return self._index(lambda row: text(row, "account_id"))

    @cached_property
    def group_records(self) -> dict[int, list[Values]]:
        """i_c_group -> its rows."""
        return self._index(lambda row: whole_number(row, "i_c_group"))

    @cached_property
    def groups_of_members(self) -> dict[str, list[Values]]:
        """Number of a member -> the groups that it is in."""
        found: dict[str, list[Values]] = {}
        for group in self.rows:
            for number in dict.fromkeys(text(member, "id") for member in records(group, "assigned_extensions")):
                found.setdefault(number, []).append(group)
        return found

    @cached_property
    def member_records(self) -> dict[str, int]:
        """Number of a member -> its i_c_ext."""
        members = (member for group in self.rows for member in records(group, "assigned_extensions"))
        found = {text(member, "id"): whole_number(member, "i_c_ext") for member in members}
        return {number: record for number, record in found.items() if number and record}

    def extension_record(self, number: str) -> int:
        """The i_c_ext of a number, 0 when it is not listed."""
        rows = self.numbers.get(number, [])
        return whole_number(rows[0], "i_c_ext") if rows else 0

    def _index(self, key: Callable[[Values], Key]) -> dict[Key, list[Values]]:
        """By key, without the rows whose key is empty or 0, which mean none."""
        found: dict[Key, list[Values]] = {}
        for row in self.rows:
            value = key(row)
            if value:
                found.setdefault(value, []).append(row)
        return found
