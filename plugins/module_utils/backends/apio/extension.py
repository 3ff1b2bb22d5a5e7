# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions of a BroadWorks group: they belong to its users, and are only read here.

Source: vendor note section 9 and 10 (users of a group); the page Hunt Group shows the same columns for available users.
"""

from __future__ import annotations

from ...model.catalog import EXTENSION, Capability
from ...model.validate import Declared
from ...model.values import Values
from ..contract import Observed, Store, only_match
from ..decoding import text
from .client import ApioClient
from .identity import full_name

CAPABILITY = Capability(options=frozenset({"id", "name"}))


def decode(user: Values) -> Values:
    """A user in neutral words. The user id is what a hunt group's members are best written as."""
    return {
        "id": text(user, "extension"),
        "name": full_name(user),
        "user": text(user, "userId"),
        "phone_number": text(user, "phoneNumber"),
    }


class Extensions(Store):
    resource = EXTENSION
    capability = CAPABILITY
    writable = False
    client: ApioClient

    def prefetch(self) -> None:
        self.client.users()

    def read_all(self) -> list[Observed]:
        return [Observed(decode(user), user) for user in self.client.users() if text(user, "extension")]

    def find(self, declared: Declared) -> Observed | None:
        found = [one for one in self.read_all() if one.values["id"] == declared.values["id"]]
        users = [str(one.values["user"]) for one in found]
        match: Observed | None = only_match(declared.place, "extension", found, users, "give one of them another one")
        return match
