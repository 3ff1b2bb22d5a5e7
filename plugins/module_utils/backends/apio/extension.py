# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions of a BroadWorks group: they belong to its users, and are only read here.

Source: vendor note section 9 and 10 (users of a group); the page Hunt Group shows the same columns for available users.
"""

from __future__ import annotations

from typing import NoReturn

from ...errors import Conflict
from ...model.catalog import EXTENSION, Capability
from ...model.values import Values
from ..contract import Observed, Store
from .client import ApioClient

CAPABILITY = Capability(options=frozenset({"id", "name"}))


def decode(user: Values) -> Values:
    """A user in neutral words. The user id is what a hunt group's members are best written as."""
    return {
        "id": str(user.get("extension") or ""),
        "name": " ".join(str(user.get(part) or "") for part in ("firstName", "lastName")).strip(),
        "user": str(user.get("userId") or ""),
        "phone_number": str(user.get("phoneNumber") or ""),
    }


class Extensions(Store):
    resource = EXTENSION
    capability = CAPABILITY
    writable = False

    def __init__(self, client: ApioClient) -> None:
        super().__init__()
        self.client = client

    def read_all(self) -> list[Observed]:
        return [Observed(decode(user), user) for user in self.client.users() if user.get("extension")]

    def find(self, desired: Values) -> Observed | None:
        found = [one for one in self.read_all() if one.values["id"] == desired["id"]]
        if len(found) > 1:
            raise Conflict(f"extension {desired['id']}: {len(found)} users of the group have it")
        return found[0] if found else None

    def create(self, desired: Values, target: Values) -> NoReturn:
        raise AssertionError("extensions of this backend are only read")

    def update(self, current: Observed, desired: Values, target: Values, changed: set[str]) -> NoReturn:
        raise AssertionError("extensions of this backend are only read")

    def delete(self, current: Observed, desired: Values) -> NoReturn:
        raise AssertionError("extensions of this backend are only read")
