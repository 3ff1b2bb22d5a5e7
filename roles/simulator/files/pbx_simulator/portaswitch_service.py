# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every Porta Plus 2 service method needs: licences, numbers, memberships, dates."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import Any

from .core import Vendor
from .portaswitch_dto import Dto
from .portaswitch_servicestack import HttpError, ServiceFault
from .portaswitch_undo import Undo

Row = dict[str, Any]  # a record of the state, or a row of a response


def now_ms() -> int:
    return int(time.time() * 1000)


def date(moment: int) -> str:
    """-0000 is a DateTime of unspecified kind (vendor note 2.4)."""
    return f"/Date({moment}-0000)/"


def clock(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1000, timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def day_ms(text: str | None) -> int:
    try:
        return int(datetime.strptime(text or "", "%Y-%m-%d").replace(tzinfo=timezone.utc).timestamp() * 1000)
    except ValueError as problem:
        raise ServiceFault("String was not recognized as a valid DateTime", "FormatException") from problem


def whole(value: Any) -> int:
    try:
        return int(value)
    except ValueError as problem:
        raise ServiceFault("Input string was not in a correct format", "FormatException") from problem


class Service(Vendor):
    """The common ground of the three services; `state` and `dialect` come from Vendor.

    A method names each row to `undo` before it changes the row, so that a failure leaves nothing behind.
    """

    undo: Undo

    # -- who may see what ----------------------------------------------------------------------------------------
    def _licensed(self, dto: Dto) -> list[Row]:
        """The customers that the License reaches."""
        licensed = self.state["licences"].get(dto["License"])
        if licensed is None:
            raise self._refusal("Invalid license")
        reach = set(licensed)  # a fleet has a thousand customers
        everyone = self.dialect["license_scope"] == "all_customers"
        return [one for one in self.state["customers"].values() if everyone or one["i_customer"] in reach]

    def _refusal(self, text: str) -> ServiceFault:
        """What a wrong licence or password gets, by the switch `wrong_license`."""
        answer, body = self.dialect["wrong_license"], self.dialect["error_body"].replace("ok_empty", "bare")
        if answer == "authentication_exception":
            return ServiceFault(text, "AuthenticationException", body)
        if answer == "401":
            return HttpError(401, text, body)
        return ServiceFault(text, "Exception", answer.replace("500_", ""))

    def _not_found(self, text: str) -> ServiceFault:
        """What is named but not there, by the switch `not_found`."""
        return HttpError(404, text) if self.dialect["not_found"] == "404" else ServiceFault(text)

    def _customer(self, dto: Dto) -> Row:
        for customer in self._licensed(dto):
            if customer["i_customer"] == dto["ICustomer"]:
                return customer
        raise self._not_found(f"Customer {dto['ICustomer']} not found")

    def _customer_of_account(self, dto: Dto, i_account: int) -> Row:
        for customer in self._licensed(dto):
            if str(i_account) in customer["accounts"]:
                return customer
        raise self._not_found(f"Account {i_account} not found")

    # -- small helpers -------------------------------------------------------------------------------------------
    def _next(self, counter: str) -> int:
        self.state["next"][counter] += 1
        return self.state["next"][counter] - 1

    def _list(self, rows: list[Row]) -> list[Row] | None:
        """A list as it is answered: perhaps cut, perhaps null when empty."""
        if not rows and self.dialect["empty_list"] == "omitted":
            return None
        return rows[: self.dialect["list_cap"]]

    def _yes_no(self, value: str | None) -> str | None:
        return {"Y": "true", "N": "false"}.get(value or "", value) if self.dialect["bool_strings"] == "true" else value

    def _flag(self, value: str, legal: str = "YN") -> str:
        """A Y/N (or I) string as it is stored."""
        flag = {"TRUE": "Y", "FALSE": "N"}.get(value.upper(), value.upper())
        if len(flag) != 1 or flag not in legal or (len(value) > 1 and self.dialect["bool_strings"] == "Y"):
            raise ServiceFault(f"Invalid value {value!r}; legal: {', '.join(legal)}")
        return flag

    def _missing(self, what: str) -> dict[str, Any]:
        """Something to be deleted or read is not there."""
        if self.dialect["delete_missing"] == "error":
            raise self._not_found(f"{what} not found")
        return {}

    @staticmethod
    def _check_number_is_free(customer: Row, number: str | None, i_c_ext: int = 0) -> None:
        """Extensions and groups of a customer share one number space (vendor note 4.3)."""
        if not number:
            raise ServiceFault("id is mandatory")
        for rows in (customer["extensions"], customer["groups"]):
            for row in rows.values():
                if row["id"] == number and row["i_c_ext"] != i_c_ext:
                    raise ServiceFault(f"Extension or hunt group {number} already exists")

    # -- members -------------------------------------------------------------------------------------------------
    def _members(self, i_c_group: int) -> list[Row]:
        rows = [row for row in self.state["memberships"].values() if row["i_c_group"] == i_c_group]
        return sorted(rows, key=lambda row: row["position"])

    def _members_by_group(self, customer: Row) -> dict[int, list[Row]]:
        """i_c_group -> its members in their order, for all groups of a customer: one pass over the memberships of everyone."""
        found: dict[int, list[Row]] = {one["i_c_group"]: [] for one in customer["groups"].values()}
        for row in self.state["memberships"].values():
            if row["i_c_group"] in found:
                found[row["i_c_group"]].append(row)
        for rows in found.values():
            rows.sort(key=lambda row: row["position"])
        return found

    def _memberships_of(self, i_c_ext: int) -> list[Row]:
        return [row for row in self.state["memberships"].values() if row["i_c_ext"] == i_c_ext]

    def _drop_memberships(self, rows: list[Row]) -> None:
        for row in rows:
            del self.state["memberships"][str(row["i_cg_ext"])]

    def _new_i_cg_ext(self, i_c_group: int, i_c_ext: int) -> int:
        """A new row id; with `id_overlap` the i_c_ext of another member, of the same group where there is one."""
        if self.dialect["id_overlap"]:
            peers = {row["i_c_ext"] for row in self._members(i_c_group)} - {i_c_ext}
            others = [int(one) for customer in self.state["customers"].values() for one in customer["extensions"]]
            for number in sorted(others, key=lambda one: (one not in peers, one <= i_c_ext, one)):
                if number != i_c_ext and str(number) not in self.state["memberships"]:
                    return number
        return self._next("i_cg_ext")

    def _renumber_memberships(self) -> None:
        rows = sorted(self.state["memberships"].values(), key=lambda row: row["position"])
        self.state["memberships"] = {f"old-{row['i_cg_ext']}": row for row in rows}
        for row in rows:
            del self.state["memberships"][f"old-{row['i_cg_ext']}"]
            self.state["memberships"][f"moving-{row['i_cg_ext']}"] = row
            number = self._new_i_cg_ext(row["i_c_group"], row["i_c_ext"])
            del self.state["memberships"][f"moving-{row['i_cg_ext']}"]
            row["i_cg_ext"] = number
            self.state["memberships"][str(number)] = row

    def _party(self, customer: Row, i_c_ext: int) -> Row | None:
        """Who is behind an i_c_ext: an extension with or without account, or a group's own extension record."""
        found = customer["extensions"].get(str(i_c_ext))
        if found:
            account = customer["accounts"].get(str(found["i_account"]))
            kind = "Account" if account else "Unassigned"
            return {"type": kind, "id": found["id"], "name": found["name"], "account": account or {}}
        for one in customer["groups"].values():
            if one["i_c_ext"] == i_c_ext:
                return {"type": "Group", "id": one["id"], "name": one["name"], "account": {}}
        return None
