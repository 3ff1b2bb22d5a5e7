# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which hunt group or user a spelling means.

Pure: no input or output. A hunt group is known by its `serviceUserId` and a user by its `userId`, both as the server's
list spells them: an object on its own may be shown without the domain (vendor note 5, trap 4), and the gateway takes its
id from elsewhere than BroadWorks (note 6), so it may be no more than what was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Callable

from ...errors import BadAnswer
from ...model.numbers import NumberRules
from ...model.values import Values
from ..contract import same_name
from ..decoding import text


def same_id(one: str, other: str) -> bool:
    """Whether two spellings name one object; case has no meaning, and a missing domain matches any."""
    first, second = one.casefold(), other.casefold()
    if "@" in first and "@" in second:
        return first == second
    return first.split("@")[0] == second.split("@")[0]


def id_of(row: Values) -> str:
    """The id of a hunt group as its list shows it. Raises BadAnswer where the row has none."""
    found = text(row, "serviceUserId")
    if not found:
        raise BadAnswer("APIO: the list of hunt groups has one without serviceUserId")
    return found


def rows_with_id(rows: Sequence[Values], key: str) -> list[Values]:
    """The rows of a list that an id names: the one that is spelled exactly so, else all that it may mean."""
    return [row for row in rows if id_of(row) == key][:1] or [row for row in rows if same_id(id_of(row), key)]


def rows_with_name(rows: Iterable[Values], name: str) -> list[Values]:
    return [row for row in rows if same_name(text(row, "name"), name)]


class Users(list[Values]):
    """Users as a list shows them. Each index is made once, when it is first asked for: a tenant may have thousands."""

    @cached_property
    def _by_id(self) -> dict[str, list[int]]:
        return self._places(lambda user: text(user, "userId").casefold())

    @cached_property
    def _by_extension(self) -> dict[str, list[int]]:
        return self._places(lambda user: text(user, "extension"))

    @cached_property
    def _by_phone_number(self) -> dict[NumberRules, dict[str, list[int]]]:
        return {}

    def _places(self, key: Callable[[Values], str]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, user in enumerate(self):
            found.setdefault(key(user), []).append(place)
        return found

    def matching(self, number: str, numbers: NumberRules) -> list[str]:
        """User ids of the users that a user id, an extension or a phone number names, each once."""
        if "@" in number:
            places = self._by_id.get(number.casefold(), [])
        else:
            if numbers not in self._by_phone_number:
                self._by_phone_number[numbers] = self._places(lambda user: numbers.key(text(user, "phoneNumber")))
            phones = self._by_phone_number[numbers].get(numbers.key(number), [])
            places = sorted({*self._by_extension.get(number, []), *phones})
        found = [text(self[place], "userId") for place in places]
        return list(dict.fromkeys(identity for identity in found if identity))


def matching_users(users: Iterable[Values], number: str, numbers: NumberRules) -> list[str]:
    """User ids of the users that a user id, an extension or a phone number names, each once."""
    return (users if isinstance(users, Users) else Users(users)).matching(number, numbers)


def full_name(user: Values) -> str:
    return " ".join(text(user, part) for part in ("firstName", "lastName")).strip()
