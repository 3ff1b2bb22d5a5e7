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


def matching_users(users: Iterable[Values], number: str, numbers: NumberRules) -> list[str]:
    """User ids of the users that a user id, an extension or a phone number names, each once."""
    found: list[str] = []
    for user in users:
        identity = text(user, "userId")
        if "@" in number:
            match = identity.casefold() == number.casefold()
        else:
            match = text(user, "extension") == number or numbers.same(text(user, "phoneNumber"), number)
        if match and identity and identity not in found:
            found.append(identity)
    return found


def full_name(user: Values) -> str:
    return " ".join(text(user, part) for part in ("firstName", "lastName")).strip()
