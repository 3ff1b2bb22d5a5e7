# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CustomerExtension and PortaFollowMe: extensions, active calls, follow-me numbers (vendor note 4.3 and 4.4)."""

from __future__ import annotations

from typing import Any

from .portaswitch_dto import Dto
from .portaswitch_pages import NO_DATE, extension, follow_me_number
from .portaswitch_service import Row, Service, date
from .portaswitch_servicestack import ServiceFault

# Request property -> state field, for what a follow-me request can carry.
FOLLOW_ME_FIELDS = {
    "TimeOut": "timeout",
    "Domain": "domain",
    "Name": "name",
    "FollowMeOrder": "i_follow_order",
    "RedirectNumber": "redirect_number",
    "KeepOriginalCld": "keep_original_cld",
    "KeepOriginalCLI": "keep_original_cli",
    "Active": "active",
    "Period": "period",
    "Period_desc": "period_description",
}


class Extensions(Service):
    """Extensions, and the calls on them."""

    # -- extensions ----------------------------------------------------------------------------------------------
    def _extension_row(self, customer: Row, one: Row) -> Row:
        account = customer["accounts"].get(str(one["i_account"]), {})
        return {
            "i_c_ext": one["i_c_ext"],
            "id": one["id"],
            "name": self.shown_name(one["name"]),
            "i_account": one["i_account"],
            "account_id": account.get("account_id"),
            "firstname": account.get("firstname"),
            "lastname": account.get("lastname"),
            "ProductName": account.get("product"),
            "PhoneNumber": account.get("account_id"),
        }

    def _extension_list(self, dto: Dto, keep: str = "") -> dict[str, Any]:
        """ExtensionLst, by products and by `keep`: "online" or "unassigned"."""
        customer = self._customer(dto)
        products = set((dto["IProducts"] or "").split(",")) - {""}
        rows = []
        for one in customer["extensions"].values():
            account = customer["accounts"].get(str(one["i_account"]), {})
            fits = not products or {str(account.get("i_product")), account.get("product")} & products
            if fits and {"online": account.get("online"), "unassigned": not account}.get(keep, True):
                rows.append(self._extension_row(customer, one))
        if self.dialect["groups_in_extension_list"] and not keep and not products:
            rows += [self._extension_row(customer, {**one, "i_account": 0}) for one in customer["groups"].values()]
        return {"ExtensionLst": self._list(rows)}

    def _do_extensions(self, dto: Dto) -> dict[str, Any]:
        return self._extension_list(dto)

    def _do_filtering(self, dto: Dto) -> dict[str, Any]:
        return self._extension_list(dto)

    def _do_unavailable_extensions(self, dto: Dto) -> dict[str, Any]:
        return self._extension_list(dto, "unassigned" if dto["isUnavailable"] else "")

    def _do_online_accounts(self, dto: Dto) -> dict[str, Any]:
        return self._extension_list(dto, "online" if dto["GetSipStatus"] else "")

    def _do_active_calls(self, dto: Dto) -> dict[str, Any]:
        listed = self._extension_list(dto)
        if not dto["GetActiveCalls"]:
            return listed
        customer = self._customer(dto)
        calls = [call for call in self.state["calls"] if str(call["IAccount"]) in customer["accounts"]]
        rows = [extension_call_row(customer, row, calls) for row in listed["ExtensionLst"] or []]
        return {
            "lstportaActiveCalls": self._list([call_row(customer, call) for call in calls]),
            "ExtensionsActiveCalls": self._list(rows),
        }

    def _check_account(self, customer: Row, i_account: int, i_c_ext: int = 0) -> None:
        if str(i_account) not in customer["accounts"]:
            raise self._not_found(f"Account {i_account} not found")
        for one in customer["extensions"].values():
            if one["i_account"] == i_account and one["i_c_ext"] != i_c_ext:
                raise ServiceFault(f"Account {i_account} already has extension {one['id']}")

    def _do_add_extension(self, dto: Dto) -> dict[str, Any]:
        """PortaBilling wants an account (or a product, which no route carries)."""
        customer = self._customer(dto)
        self._check_number_is_free(customer, dto["Id"])
        self._check_account(customer, dto["IAccount"])
        one = extension(self._next("i_c_ext"), dto["Id"], dto["Name"], dto["IAccount"])
        customer["extensions"][str(one["i_c_ext"])] = one
        return {"Extension": self._extension_row(customer, one)}

    def _do_update_extension(self, dto: Dto) -> dict[str, Any]:
        """A full replace; IAccount 0 unassigns."""
        customer = self._customer(dto)
        one = customer["extensions"].get(str(dto["ExtensionRecordId"]))
        if one is None:
            raise self._not_found(f"Extension {dto['ExtensionRecordId']} not found")
        self._check_number_is_free(customer, dto["Id"], one["i_c_ext"])
        if dto["IAccount"]:
            self._check_account(customer, dto["IAccount"], one["i_c_ext"])
        self.undo.keep(one).update(id=dto["Id"], name=dto["Name"], i_account=dto["IAccount"])
        return {"Extension": self._extension_row(customer, one)}

    def _do_delete_extension(self, dto: Dto) -> dict[str, Any]:
        customer = self._customer(dto)
        number = dto["ExtensionRecordId"]
        if str(number) not in customer["extensions"]:
            return self._missing(f"Extension {number}")
        rows = self._memberships_of(number)
        if rows and self.dialect["deleting_member_extension"] == "error":
            raise ServiceFault(f"Extension {number} is in a hunt group")
        self._drop_memberships(rows)
        del customer["extensions"][str(number)]
        return {"ExtensionDeleted": True}


class FollowMe(Service):
    """Follow-me numbers of accounts."""

    # -- follow-me (vendor note 4.4) -----------------------------------------------------------------------------
    def _numbers(self, i_account: int) -> list[Row]:
        rows = [row for row in self.state["follow_me_numbers"].values() if row["i_account"] == i_account]
        return sorted(rows, key=lambda row: (row["i_follow_order"], row["i_follow_me_number"]))

    def _number_row(self, row: Row) -> Row:
        return {
            "i_account": row["i_account"],
            "redirect_number": row["redirect_number"],
            "i_follow_me": row["i_follow_me"],
            "i_follow_meSpecified": True,
            "i_follow_me_number": row["i_follow_me_number"],
            "name": self.shown_name(row["name"]),
            "i_follow_orderSpecified": True,
            "i_follow_order": row["i_follow_order"],
            "domain": row["domain"],
            "timeout": row["timeout"],
            "timeoutSpecified": True,
            "keep_original_cld": self._yes_no(row["keep_original_cld"]),
            "keep_original_cli": self._yes_no(row["keep_original_cli"]),
            "period": row["period"],
            "period_description": row["period_description"],
            "active": self._yes_no(row["active"]),
            "status": row["active"] == "Y",
        }

    def _follow_me_answer(self, i_account: int, only: int = 0) -> dict[str, Any]:
        record = self.state["follow_me"].get(str(i_account))
        rows = [row for row in self._numbers(i_account) if only in (0, row["i_follow_me_number"])]
        info = {name: record[name] for name in ("i_follow_me", "sequence", "timeout")} if record else None
        return {
            "FollowMeNumbers": self._list([self._number_row(row) for row in rows]),
            "FollowMeinfo": {**info, "SipStatus": True} if info else None,
            "success": True,
        }

    def _number(self, dto: Dto) -> Row | None:
        """The number with this id, which is global: only the License limits it, and the account where one is sent."""
        row = self.state["follow_me_numbers"].get(str(dto["IFollowMeNumber"]))
        licensed = self._licensed(dto)
        if not row or dto["IAccount"] not in (0, row["i_account"]):
            return None
        if not any(str(row["i_account"]) in customer["accounts"] for customer in licensed):
            return None
        return row

    def _do_follow_mes(self, dto: Dto) -> dict[str, Any]:
        self._customer_of_account(dto, dto["IAccount"])
        return self._follow_me_answer(dto["IAccount"])

    def _do_follow_me(self, dto: Dto) -> dict[str, Any]:
        self._customer_of_account(dto, dto["IAccount"])
        if self._number(dto) is None:
            return self._missing(f"Follow-me number {dto['IFollowMeNumber']}")
        return self._follow_me_answer(dto["IAccount"], dto["IFollowMeNumber"])

    def _do_add_follow_me(self, dto: Dto) -> dict[str, Any]:
        """Adds every time: there is no natural key, duplicates are silent."""
        self._customer_of_account(dto, dto["IAccount"])
        record = self._follow_me_record(dto["IAccount"])
        row = follow_me_number(self._next("i_follow_me_number"), dto["IAccount"], record["i_follow_me"])
        self.state["follow_me_numbers"][str(row["i_follow_me_number"])] = row
        self._set_follow_me(row, dto, blank=False)
        self._renumber_follow_me(dto["IAccount"])
        return self._follow_me_answer(dto["IAccount"])

    def _follow_me_record(self, i_account: int) -> Row:
        record = self.state["follow_me"].get(str(i_account))
        if record is None and self.dialect["followme_without_record"] == "error":
            raise ServiceFault("FollowMe instance does not exist")
        if record is None:
            number = self._next("i_follow_me")
            record = {"i_account": i_account, "i_follow_me": number, "sequence": "Order", "timeout": 30}
            self.state["follow_me"][str(i_account)] = record
        return record

    def _set_follow_me(self, row: Row, dto: Dto, blank: bool) -> None:
        """Write what the request carried; what it did not carry stays, or is blanked."""
        self.undo.keep(row)
        for name, key in FOLLOW_ME_FIELDS.items():
            if name in dto.given or blank:
                row[key] = dto[name]
        row["active"] = "Y" if (row["active"] or "").upper() in ("Y", "TRUE") else "N"
        if row["keep_original_cld"] is not None:
            row["keep_original_cld"] = "Y" if row["keep_original_cld"].upper() in ("Y", "TRUE") else "N"
        if row["keep_original_cli"]:
            row["keep_original_cli"] = self._flag(row["keep_original_cli"], "YNI")

    def _renumber_follow_me(self, i_account: int) -> None:
        if self.dialect["follow_order"] == "renumbers":
            for place, row in enumerate(self._numbers(i_account), 1):
                self.undo.keep(row)["i_follow_order"] = place

    def _do_update_follow_me(self, dto: Dto) -> dict[str, Any]:
        self._customer_of_account(dto, dto["IAccount"])
        row = self._number(dto)
        if row is None:
            raise self._not_found(f"Follow-me number {dto['IFollowMeNumber']} not found")
        self._set_follow_me(row, dto, blank=self.dialect["followme_update_blank"] == "blanks")
        self._renumber_follow_me(dto["IAccount"])
        return self._follow_me_answer(dto["IAccount"])

    def _do_update_follow_me_all(self, dto: Dto) -> dict[str, Any]:
        """All fields of one number, or the sent fields of all numbers of the account."""
        if self.dialect["followme_all"] == "all_fields":
            return self._do_update_follow_me(dto)
        self._customer_of_account(dto, dto["IAccount"])
        for row in self._numbers(dto["IAccount"]):
            self._set_follow_me(row, dto, blank=self.dialect["followme_update_blank"] == "blanks")
        self._renumber_follow_me(dto["IAccount"])
        return self._follow_me_answer(dto["IAccount"])

    def _do_delete_follow_me(self, dto: Dto) -> dict[str, Any]:
        """isDeleteForward, as its name says, also switches forwarding off."""
        row = self._number(dto)
        if row is None:
            return self._missing(f"Follow-me number {dto['IFollowMeNumber']}")
        del self.state["follow_me_numbers"][str(row["i_follow_me_number"])]
        self._renumber_follow_me(row["i_account"])
        if dto["isDeleteForward"]:
            account = self._customer_of_account(dto, row["i_account"])["accounts"][str(row["i_account"])]
            self.undo.keep(account)["forward_mode"] = "N"
        return {"success": True}


def call_row(customer: Row, call: Row) -> Row:
    """A row of lstportaActiveCalls, with the columns that a simulated call can know."""
    i_account = call["IAccount"]
    desks = [one["id"] for one in customer["extensions"].values() if one["i_account"] == i_account]
    return {
        "IEnv": customer["i_env"],
        "CLI": call["CLI"],
        "CLD": call["CLD"],
        "AccountID": customer["accounts"][str(i_account)]["account_id"],
        "Connect_time": date(call["at"]),
        "Disconnect_time": NO_DATE,
        "ICustomer": customer["i_customer"],
        "CallId": call["CallId"],
        "IAccount": i_account,
        "noofcalls": 1,
        "VendorId": 0,
        "IConnection": 0,
        "IDialRuleCld": 0,
        "ExtensionNumber": desks[0] if desks else None,
    }


def extension_call_row(customer: Row, row: Row, calls: list[Row]) -> Row:
    """A row of ExtensionsActiveCalls."""
    mine = [call for call in calls if call["IAccount"] == row["i_account"]]
    kept = {name: row[name] for name in ("i_c_ext", "id", "name", "i_account", "account_id", "firstname", "lastname")}
    return {
        **kept,
        "noofcalls": len(mine),
        "activecall": bool(mine),
        "NetThroughput": 0,
        "i_customer_site": 0,
        "IAccount": row["i_account"],
        "CLD": mine[0]["CLD"] if mine else None,
        "CLI": mine[0]["CLI"] if mine else None,
        "callToJoin": False,
        "i_customer": customer["i_customer"],
        "notInGroup": False,
    }
