# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions of a PortaSwitch customer: a number that is dialled, its name, and the account (phone line) behind it.

Sources: page CustomerExtension (routes), vendor note section 4.3 (one number space with hunt groups, an update is a
full replace, what a deletion does to the account's phone number).
"""

from __future__ import annotations

import re
from collections.abc import Collection

from ...errors import BadAnswer, Conflict, InvalidOption
from ...model.catalog import EXTENSION, Capability
from ...model.validate import Declared
from ...model.values import Values, to_bool
from ..contract import CREATE, UPDATE, Observed, Store, WriteStep, only_match, require
from ..decoding import text, whole_number
from .client import PortaClient
from .listing import Listing, cut_list, may_be_cut, require_whole
from .paths import Part

CAPABILITY = Capability(
    options=frozenset({"id", "name", "account"}),
    number=re.compile(r"[0-9A-Za-z*#_.-]{1,64}"),
    filters=frozenset({"available", "products", "active_calls", "online"}),
)


def decode(row: Values) -> Values:
    """A row of ExtensionLst in neutral words. An extension without an account has the account null."""
    return {
        "id": text(row, "id"),
        "name": text(row, "name"),
        "account": whole_number(row, "i_account") or None,
        "settings": {},
    }


def encode(values: Values) -> list[Part]:
    """The end of the paths of AddCustomerExtension and UpdateCustomerExtension; account 0 is none."""
    return [("Name", values.get("name") or ""), ("Id", values["id"]), ("IAccount", values.get("account") or 0)]


class Extensions(Store):
    resource = EXTENSION
    capability = CAPABILITY
    found_in_lists = True
    client: PortaClient

    def check(self, declared: Declared) -> None:
        if declared.values.get("name") and not declared.absent:
            self._check_travels(declared.place, declared.values)

    def check_filters(self, asked: Values) -> None:
        if asked.get("products"):
            self.client.check_request(
                "extension_info", "GetCustomerExtensions", [self.client.of_customer, *_products(asked)]
            )

    def _check_travels(self, place: str, values: Values) -> None:
        parts = [self.client.of_customer, ("ExtensionRecordId", 2**31 - 1), *encode(values)]
        self.client.check_request(place, "UpdateCustomerExtension", parts)

    # -- reading -------------------------------------------------------------------------------------------------------
    def prefetch(self) -> None:
        self.client.extensions()

    def find(self, declared: Declared) -> Observed | None:
        listed = self.client.extensions()
        matches = listed.numbers.get(declared.values["id"], [])
        names = [text(one, "name") for one in matches]
        row = only_match(declared.place, "number", matches, names, "remove all but one by hand")
        if row is None and may_be_cut(len(listed.rows), self.context.list_limit):
            doubt = "whether there is one with this number"
            raise cut_list("extensions", len(listed.rows), self.context.list_limit, declared.place, doubt)
        if row is None or self._is_group(row):
            return None
        return Observed(decode(row), row)

    def _is_group(self, row: Values) -> bool:
        """Some servers list the groups' own records too; those never have an account."""
        return not whole_number(row, "i_account") and _is_own_record(row, self.client.hunt_groups())

    def read_all(self) -> list[Observed]:
        return self._observed(self.client.extensions().rows)

    def _observed(self, rows: list[Values]) -> list[Observed]:
        """The extensions among the rows; servers may list the groups' own records between them."""
        self._whole(rows)
        groups = self.client.hunt_groups()
        return [Observed(decode(row), row) for row in rows if not _is_own_record(row, groups)]

    def _whole(self, rows: list[Values]) -> list[Values]:
        return require_whole(rows, self.context.list_limit, "extensions")

    def info(self, asked: Values) -> Values:
        """Extensions by all filters together. `active_calls` adds the number of present calls to each."""
        objects = self._observed(self._filtered("GetCustomerExtensions", "extensionlst", _products(asked)))
        if asked.get("id"):
            objects = [one for one in objects if one.values["id"] == asked["id"]]
        for name, route, of, flag in (
            ("available", "GetUnavailableExtensions", "isUnavailable", False),
            ("online", "GetOnlineAccounts", "GetSipStatus", True),
        ):
            if name in asked:
                rows = self._whole(self._filtered(route, "extensionlst", [(of, "true")]))
                listed = {whole_number(row, "i_c_ext") for row in rows}
                objects = [one for one in objects if (_record(one) in listed) == (asked[name] == flag)]
        if "active_calls" in asked:
            objects = self._by_calls(objects, asked)
        return {self.resource.plural: [one.values for one in objects]}

    def _filtered(self, route: str, key: str, parts: list[Part]) -> list[Values]:
        return self.client.rows_or_none(route, key, [self.client.of_customer, *parts])

    def _by_calls(self, objects: list[Observed], asked: Values) -> list[Observed]:
        """Only those with (or without) a call now, each with the number of its calls."""
        parts: list[Part] = [("GetActiveCalls", "true"), *_products(asked)]
        rows = self._whole(self._filtered("GetCustomerExtensionsActiveCalls", "extensionsactivecalls", parts))
        calls = {whole_number(row, "i_c_ext"): _calls(row) for row in rows}
        for one in objects:
            one.values["active_calls"] = calls.get(_record(one), 0)
        return [one for one in objects if bool(one.values["active_calls"]) == asked["active_calls"]]

    # -- planning ------------------------------------------------------------------------------------------------------
    def resolve(self, declared: Declared, current: Observed | None) -> Declared:
        if declared.absent:
            if current and current.values["account"]:
                self._note(
                    f"{declared.place}: PortaSwitch may release the phone number (DID) of account "
                    f"{current.values['account']} to the pool when its extension is deleted; no request can prevent that"
                )
            return declared
        if current is None:
            self._check_new(declared)
        else:
            self._check_replace(declared, current)
        return declared

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def _check_new(self, declared: Declared) -> None:
        missing = [option for option in ("name", "account") if not declared.values.get(option)]
        if missing:
            raise InvalidOption(f"{declared.place}: {', '.join(missing)}: needed to create it")
        groups, number = self.client.hunt_groups(), declared.values["id"]
        if number in groups.numbers and not self.context.is_released(number):
            raise Conflict(f"{declared.place}: the number belongs to a hunt group; both share one set of numbers")
        require_whole(
            groups.rows, self.context.list_limit, "hunt groups", declared.place, "whether one has this number"
        )

    def _check_replace(self, declared: Declared, current: Observed) -> None:
        """An update sends everything again, also what stays."""
        sent = {**current.values, **declared.values}
        if not sent["name"]:
            raise InvalidOption(
                f"{declared.place}: name: the server shows none, and a change has to send one; write it"
            )
        if sent != current.values:  # else nothing is sent
            self._check_travels(declared.place, sent)

    def lost(self, current: Observed) -> tuple[list[str], list[str]]:
        if current.values["account"]:
            return [], []
        return [], ["the extension itself: it has no account, and none can be created without one"]

    def outdated(self, step: WriteStep) -> Collection[str] | None:
        """A deletion also takes the number out of groups; a group shows the name and the account of a member."""
        return {CREATE: ("extensions",), UPDATE: ("extensions", "hunt groups")}.get(step.action)

    # -- writing -------------------------------------------------------------------------------------------------------
    def create(self, step: WriteStep) -> str | None:
        self.client.change("AddCustomerExtension", [self.client.of_customer, *encode(step.target)])
        return None

    def update(self, step: WriteStep) -> str | None:
        """A full replace: what does not change is sent again as it is."""
        self.client.change("UpdateCustomerExtension", [*self._identity(step), *encode(step.target)])
        return None

    def delete(self, step: WriteStep) -> None:
        self.client.change("DeleteCustomerExtension", self._identity(step))

    def _identity(self, step: WriteStep) -> list[Part]:
        current = require(step.current)
        if _record(current) <= 0:
            raise BadAnswer(
                f"the answer of the server makes no sense here: extension {current.values['id']} has no i_c_ext"
            )
        return [self.client.of_customer, ("ExtensionRecordId", _record(current))]


def _record(one: Observed) -> int:
    return whole_number(one.record, "i_c_ext")


def _is_own_record(row: Values, groups: Listing) -> bool:
    return whole_number(row, "i_c_ext") in groups.extension_records


def _calls(row: Values) -> int:
    return whole_number(row, "noofcalls") or int(to_bool(text(row, "activecall")) is True)


def _products(asked: Values) -> list[Part]:
    return [("IProducts", ",".join(asked["products"]))] if asked.get("products") else []
