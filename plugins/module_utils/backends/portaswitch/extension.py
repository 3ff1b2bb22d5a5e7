# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions of a PortaSwitch customer: a number that is dialled, its name, and the account (phone line) behind it.

Sources: page CustomerExtension (routes), vendor note section 4.3 (one number space with hunt groups, an update is a
full replace, deleting a member of a group has an unknown effect).
"""

from __future__ import annotations

import re

from ...errors import Conflict, Incomplete, InvalidOption
from ...model.catalog import EXTENSION, Capability
from ...model.values import Values
from ..contract import Observed, Store, half_done
from .client import PortaClient, may_be_cut
from .hunt_group import HuntGroups
from .wire import member_rows

CAPABILITY = Capability(
    options=frozenset({"id", "name", "account"}),
    number=re.compile(r"[0-9A-Za-z*#_.-]{1,64}"),
    filters=frozenset({"available", "products", "active_calls", "online"}),
)


def decode(row: Values) -> Values:
    """A row of ExtensionLst in neutral words. An extension without an account has the account null."""
    return {
        "id": str(row.get("id") or ""),
        "name": str(row.get("name") or ""),
        "account": int(row.get("i_account") or 0) or None,
        "settings": {},
    }


class Extensions(Store):
    resource = EXTENSION
    capability = CAPABILITY

    def __init__(self, client: PortaClient) -> None:
        super().__init__()
        self.client = client

    # -- reading -----------------------------------------------------------------------------------------------------
    def find(self, desired: Values) -> Observed | None:
        rows = self.client.extensions()
        number = desired["id"]
        matches = [row for row in rows if str(row.get("id") or "") == number]
        if len(matches) > 1:
            raise Conflict(f"extension {number}: the server lists it {len(matches)} times; remove one by hand")
        if matches and not int(matches[0].get("i_account") or 0) and self._is_group(matches[0]):
            matches = []  # some servers list the groups' own records too; those never have an account
        elif not matches and may_be_cut(rows):
            raise Incomplete(
                f"extension {number}: not among the {len(rows)} extensions listed, but a list of exactly that length "
                "may be cut; nothing was changed"
            )
        return Observed(decode(matches[0]), matches[0]) if matches else None

    def warm(self) -> None:
        self.client.extensions()

    def _is_group(self, row: Values) -> bool:
        return row.get("i_c_ext") in {group.get("i_c_ext") for group in self.client.hunt_groups()}

    def _groups(self, number: str) -> list[Values]:
        """The hunt groups, whole: before something is created or deleted for what they do not show."""
        groups = self.client.hunt_groups()
        if may_be_cut(groups):
            raise Incomplete(
                f"extension {number}: PortaSwitch listed exactly {len(groups)} hunt groups; the list may be cut, so "
                "whether one of them uses the number is not known; nothing was changed"
            )
        return groups

    def read_all(self) -> list[Observed]:
        return self._observed(self.client.extensions())

    def _observed(self, rows: list[Values]) -> list[Observed]:
        """The extensions among the rows; servers may list the groups' own records between them."""
        whole(rows)
        own = {row.get("i_c_ext") for row in self.client.hunt_groups()} - {0, None}
        return [Observed(decode(row), row) for row in rows if row.get("i_c_ext") not in own]

    def info(self, asked: Values) -> Values:
        """Extensions by all filters together. `active_calls` adds the number of present calls to each."""
        rows = self._filtered("GetCustomerExtensions", "extensionlst", *_products(asked))
        objects = self._observed(rows)
        if asked.get("id"):
            objects = [one for one in objects if one.values["id"] == asked["id"]]
        for name, route, flag in (
            ("available", "GetUnavailableExtensions", False),
            ("online", "GetOnlineAccounts", True),
        ):
            if name in asked:
                listed = self._records(whole(self._filtered(route, "extensionlst", "true")))
                objects = [one for one in objects if (one.record.get("i_c_ext") in listed) == (asked[name] == flag)]
        if "active_calls" in asked:
            objects = self._by_calls(objects, asked)
        return {self.resource.plural: [one.values for one in objects]}

    def _filtered(self, route: str, key: str, *parts: str) -> list[Values]:
        return self.client.rows_or_none(route, key, self.client.customer, *parts)

    @staticmethod
    def _records(rows: list[Values]) -> set[int]:
        return {int(row.get("i_c_ext") or 0) for row in rows}

    def _by_calls(self, objects: list[Observed], asked: Values) -> list[Observed]:
        """Only those with (or without) a call now, each with the number of its calls."""
        parts = ["true", *_products(asked)]
        rows = whole(self._filtered("GetCustomerExtensionsActiveCalls", "extensionsactivecalls", *parts))
        calls = {int(row.get("i_c_ext") or 0): int(row.get("noofcalls") or bool(row.get("activecall"))) for row in rows}
        for one in objects:
            one.values["active_calls"] = calls.get(int(one.record.get("i_c_ext") or 0), 0)
        return [one for one in objects if bool(one.values["active_calls"]) == asked["active_calls"]]

    def resolve(self, desired: Values, current: Observed | None, state: str) -> Values:
        number = desired["id"]
        if state == "absent":
            if current and not current.values["account"]:
                self.notes.append(f"extension {number} has no account: once it is deleted, nothing can create it again")
            if current and self.alone:
                self._check_unused(number, bool(desired.get("remove_from_hunt_groups")))
            return desired
        if current is None:
            missing = [option for option in ("name", "account") if not desired.get(option)]
            if missing:
                raise InvalidOption(f"extension {number}: {', '.join(missing)}: needed to create it")
            if any(str(row.get("id") or "") == number for row in self._groups(number)):
                raise Conflict(f"extension {number}: the number belongs to a hunt group; both share one set of numbers")
        elif not (current.values["name"] or desired.get("name")):
            raise InvalidOption(
                f"extension {number}: name: the server shows none, and a change has to send one; write it"
            )
        return desired

    def _check_unused(self, number: str, remove: bool) -> None:
        groups = [row for row in self._groups(number) if number in [str(m.get("id")) for m in member_rows(row)]]
        if groups and not remove:
            names = ", ".join(f"{row.get('id')} ({row.get('name')})" for row in groups)
            raise Conflict(
                f"extension {number}: still rung by hunt group {names}; remove it there, "
                "or write remove_from_hunt_groups: true"
            )

    # -- writing -----------------------------------------------------------------------------------------------------
    def create(self, desired: Values, target: Values) -> str | None:
        parts = [("Name", target["name"]), ("Id", target["id"]), ("IAccount", target["account"])]
        self.client.change("AddCustomerExtension", [("ICustomer", self.client.customer), *parts])
        return None

    def update(self, current: Observed, desired: Values, target: Values, changed: set[str]) -> str | None:
        """A full replace: what does not change is sent again as it is."""
        parts: list[tuple[str, object]] = [
            ("ICustomer", self.client.customer),
            ("ExtensionRecordId", int(current.record["i_c_ext"])),
            ("Name", target["name"]),
            ("Id", target["id"]),
            ("IAccount", target["account"] or 0),
        ]
        self.client.change("UpdateCustomerExtension", parts)
        return None

    def delete(self, current: Observed, desired: Values) -> None:
        number = current.values["id"]
        groups = HuntGroups(self.client).drop_member(number) if desired.get("remove_from_hunt_groups") else []
        if groups:
            self.notes.append(f"extension {number} was removed from hunt group {', '.join(groups)} first")
        parts: list[tuple[str, object]] = [
            ("ICustomer", self.client.customer),
            ("ExtensionRecordId", int(current.record["i_c_ext"])),
        ]
        with half_done(f"it was removed from hunt group {', '.join(groups)} before" if groups else ""):
            self.client.change("DeleteCustomerExtension", parts)


def whole(rows: list[Values]) -> list[Values]:
    """The same rows. Raises Incomplete when the list may be cut."""
    if may_be_cut(rows):
        raise Incomplete(f"PortaSwitch listed exactly {len(rows)} rows; the list may be cut")
    return rows


def _products(asked: Values) -> list[str]:
    return [",".join(asked["products"])] if asked.get("products") else []
