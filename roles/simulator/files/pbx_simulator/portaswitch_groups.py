# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CustomerHuntGroup: hunt groups, their members, and agents who log in and out (vendor note 4.2 and 6)."""

from __future__ import annotations

from typing import Any

from .portaswitch_dto import Dto
from .portaswitch_pages import NO_DATE, group, membership
from .portaswitch_service import Row, Service, clock, date, day_ms, now_ms, whole
from .portaswitch_servicestack import ServiceFault

# State field of a member -> the parallel array, and the scalar variant (vendor note 4.2).
MEMBER_FIELDS = {
    "hunt_delay": ("RingDelayAr", "RingDelay"),
    "hunt_expire": ("RingTimeAr", "RingTime"),
    "huntstop": ("HuntstopAr", "Huntstop"),
    "primary_group": ("PrimaryGroupAr", "PrimaryGroup"),
}


class HuntGroups(Service):
    """Hunt groups as they are read and written."""

    # -- groups, as they are read --------------------------------------------------------------------------------
    def _sequence(self, stored: str) -> str:
        return self.dialect["hunt_sequence_spelling"] if stored == "LeastUsed" else stored

    def _order(self, place: int) -> int:
        return place if self.dialect["hunt_order"] == "numbered" else 0

    def _member_row(self, customer: Row, row: Row, place: int) -> Row:
        """A member of HGInfoLst and AddedHuntgroup: without hunt_delaySpecified, so 0 is ambiguous."""
        party = self._party(customer, row["i_c_ext"]) or {"type": None, "id": None, "name": None, "account": {}}
        unset = self.dialect["unset_times"]
        return {
            "i_cg_ext": row["i_cg_ext"],
            "i_cg_extSpecified": True,
            "i_c_ext": row["i_c_ext"],
            "i_c_extSpecified": True,
            "type": party["type"],
            "id": party["id"],
            "name": self.shown_name(party["name"]),
            "hunt_order": self._order(place),
            "hunt_delay": unset if row["hunt_delay"] is None else row["hunt_delay"],
            "hunt_expire": unset if row["hunt_expire"] is None else row["hunt_expire"],
            "hunt_active": self._yes_no(row["hunt_active"]),
            "huntstop": self._yes_no(row["huntstop"]),
            "primary_group": self._yes_no(row["primary_group"]),
            "IAccount": party["account"].get("i_account", 0),
        }

    def _info_member_row(self, customer: Row, row: Row, place: int) -> Row:
        """A member of HGInfo: null times read 0 with ...Specified false (vendor note 1)."""
        party = self._party(customer, row["i_c_ext"]) or {"type": None, "id": None, "name": None, "account": {}}
        return {
            "i_cg_ext": row["i_cg_ext"],
            "i_cg_extSpecified": True,
            "i_c_ext": row["i_c_ext"],
            "i_c_extSpecified": True,
            "i_c_group": row["i_c_group"],
            "i_c_groupSpecified": True,
            "type": party["type"],
            "id": party["id"],
            "name": self.shown_name(party["name"]),
            "huntstop": self._yes_no(row["huntstop"]),
            "primary_group": self._yes_no(row["primary_group"]),
            "hunt_delay": row["hunt_delay"] or 0,
            "hunt_delaySpecified": row["hunt_delay"] is not None,
            "hunt_expire": row["hunt_expire"] or 0,
            "hunt_expireSpecified": row["hunt_expire"] is not None,
            "hunt_order": self._order(place),
            "hunt_orderSpecified": self.dialect["hunt_order"] == "numbered",
            "account_id": party["account"].get("account_id"),
        }

    def _group_row(self, customer: Row, one: Row, of_account: int = 0, members: list[Row] | None = None) -> Row:
        """A row of HGInfoLst. `of_account` is the caller of GetAccountHuntGroups; `members` where they are known."""
        members = self._members(one["i_c_group"]) if members is None else members
        rows = [self._member_row(customer, row, place) for place, row in enumerate(members, 1)]
        own = [row for row in rows if of_account and row["IAccount"] == of_account]
        if own and self.dialect["account_groups"] == "thin":
            rows = [{**row, "id": None, "name": None} for row in own]
        return {
            "i_c_group": one["i_c_group"],
            "ActivationDate": date(one["activated"]),
            "i_customer": customer["i_customer"],
            "IAccount": of_account,
            "i_customerSpecified": True,
            "name": self.shown_name(one["name"]),
            "fullname": f"{one['id']} {self.shown_name(one['name']) or ''}".strip(),
            "hunt_sequence": self._sequence(one["hunt_sequence"]),
            "hunt_keep_original_cli": self._yes_no(one["hunt_keep_original_cli"]),
            "i_c_ext": one["i_c_ext"],
            "hunt_active": own[0]["hunt_active"] if own else None,
            "id": one["id"],
            "pickup_allowed": self._yes_no(one["pickup_allowed"]),
            "assigned_extensions": rows,
        }

    def _group_info(self, customer: Row, one: Row) -> Row:
        members = self._members(one["i_c_group"])
        return {
            "i_c_group": one["i_c_group"],
            "i_customer": customer["i_customer"],
            "i_customerSpecified": True,
            "name": self.shown_name(one["name"]),
            "hunt_sequence": self._sequence(one["hunt_sequence"]),
            "hunt_keep_original_cli": self._yes_no(one["hunt_keep_original_cli"]),
            "id": one["id"],
            "assigned_extensions": [self._info_member_row(customer, row, n) for n, row in enumerate(members, 1)],
            "pickup_allowed": self._yes_no(one["pickup_allowed"]),
            "hunt_delay": 0,
            "hunt_expire": 0,
        }

    def _do_groups(self, dto: Dto) -> dict[str, Any]:
        customer = self._customer(dto)
        members = self._members_by_group(customer)
        rows = [
            self._group_row(customer, one, members=members[one["i_c_group"]]) for one in customer["groups"].values()
        ]
        return {"HGInfoLst": self._list(rows)}

    def _do_account_groups(self, dto: Dto) -> dict[str, Any]:
        customer = self._customer_of_account(dto, dto["IAccount"])
        mine = {row["i_c_group"] for row in self._memberships_of_account(customer, dto["IAccount"])}
        groups = [customer["groups"][str(number)] for number in sorted(mine)]
        return {"HGInfoLst": self._list([self._group_row(customer, one, dto["IAccount"]) for one in groups])}

    # -- groups, as they are written -----------------------------------------------------------------------------
    def _do_add_update_group(self, dto: Dto) -> dict[str, Any]:
        """HuntGroupRecordId 0 or missing adds; a failed look-up that defaults to 0 makes a duplicate by name."""
        customer = self._customer(dto)
        if not dto["HuntGroupRecordId"]:
            one = self._add_group(customer, dto)
            self._change_members(customer, one, dto)
            return {"HuntGroupId": one["i_c_group"], "AddedHuntgroup": self._group_row(customer, one)}
        one = customer["groups"].get(str(dto["HuntGroupRecordId"]))
        if one is None:
            raise self._not_found(f"Hunt group {dto['HuntGroupRecordId']} not found")
        self._update_group(customer, one, dto)
        self._change_members(customer, one, dto)
        answer: dict[str, Any] = {"updateHuntgroup": 1 if self.dialect["update_value"] == "one" else one["i_c_group"]}
        if self.dialect["update_returns_group"]:
            answer["HGInfo"] = self._group_info(customer, one)
        return answer

    def _add_group(self, customer: Row, dto: Dto) -> Row:
        self._check_number_is_free(customer, dto["Id"])
        ids = self._next("i_c_group"), self._next("i_c_ext")
        one = group(*ids, dto["Id"], dto["Name"], dto["HuntSequence"])
        one["activated"] = now_ms()
        self._set_group_flags(one, dto)
        customer["groups"][str(one["i_c_group"])] = one
        return one

    def _update_group(self, customer: Row, one: Row, dto: Dto) -> None:
        """Partial: null keeps what is there. But an enum always has a value (vendor note 4.2)."""
        self.undo.keep(one)
        if dto["Id"]:
            self._check_number_is_free(customer, dto["Id"], one["i_c_ext"])
            one["id"] = dto["Id"]
        if dto["Name"] is not None:
            one["name"] = dto["Name"]
        if "HuntSequence" in dto.given or self.dialect["enum_omitted"] == "writes_order":
            one["hunt_sequence"] = dto["HuntSequence"]
        self._set_group_flags(one, dto)

    def _set_group_flags(self, one: Row, dto: Dto) -> None:
        if dto["HuntKeepOriginalCli"]:
            one["hunt_keep_original_cli"] = self._flag(dto["HuntKeepOriginalCli"], "YNI")
        if dto["PickupAllowed"]:
            one["pickup_allowed"] = self._flag(dto["PickupAllowed"])

    def _change_members(self, customer: Row, one: Row, dto: Dto) -> None:
        steps = [self._delete_members, self._add_members]
        for step in steps if self.dialect["combined_order"] == "delete_first" else reversed(steps):
            step(customer, one, dto)

    def _delete_members(self, customer: Row, one: Row, dto: Dto) -> None:
        for number in dto["DeleteExtensions"] or []:
            rows = [
                row for row in self._members(one["i_c_group"]) if row[self.dialect["delete_extensions_by"]] == number
            ]
            if not rows and self.dialect["delete_unknown_member"] == "error":
                raise ServiceFault(f"{number} is not in the hunt group")
            self._drop_memberships(rows)

    def _add_members(self, customer: Row, one: Row, dto: Dto) -> None:
        """AddExtensions with its parallel arrays: same index, same member."""
        for index, i_c_ext in enumerate(dto["AddExtensions"] or []):
            party = self._party(customer, i_c_ext)
            if party is None or i_c_ext == one["i_c_ext"]:
                raise self._not_found(f"Extension {i_c_ext} not found")
            settings = self._member_settings(dto, index)
            there = [row for row in self._members(one["i_c_group"]) if row["i_c_ext"] == i_c_ext]
            row = self._readd(there[0], settings) if there else self._add_member(customer, one, i_c_ext, settings)
            if row and settings.get("primary_group") == "Y":
                self._make_primary(row)

    def _add_member(self, customer: Row, one: Row, i_c_ext: int, settings: Row) -> Row:
        i_cg_ext = self._new_i_cg_ext(one["i_c_group"], i_c_ext)
        row = membership(i_cg_ext, customer["i_customer"], one["i_c_group"], i_c_ext, **settings)
        row["position"] = self._next("position")
        self.state["memberships"][str(i_cg_ext)] = row
        return row

    def _readd(self, row: Row, settings: Row) -> Row | None:
        answer = self.dialect["readd_member"]
        if answer == "error":
            raise ServiceFault(f"Extension {row['i_c_ext']} is already in the hunt group")
        if answer == "duplicates":
            customer = self.state["customers"][str(row["i_customer"])]
            return self._add_member(customer, customer["groups"][str(row["i_c_group"])], row["i_c_ext"], settings)
        if answer == "ignores":
            return None
        self.undo.keep(row).update(settings)
        return row

    def _make_primary(self, row: Row) -> None:
        """An extension has one primary group (vendor note 4.2)."""
        if self.dialect["primary_group"] == "exclusive":
            for other in self._memberships_of(row["i_c_ext"]):
                self.undo.keep(other)["primary_group"] = "Y" if other is row else "N"

    def _member_settings(self, dto: Dto, index: int) -> Row:
        settings = {}
        for name, (array, scalar) in MEMBER_FIELDS.items():
            value = self._parallel(dto, array, scalar, index)
            if value is not None:
                settings[name] = self._flag(value) if array in ("HuntstopAr", "PrimaryGroupAr") else whole(value)
        return settings

    def _parallel(self, dto: Dto, array: str, scalar: str, index: int) -> Any:
        """The array wins over the scalar, which is one value for all, or a comma list."""
        values = dto[array]
        if values is None:
            values = [text.strip() for text in (dto[scalar] or "").split(",")]
            values = values * len(dto["AddExtensions"]) if len(values) == 1 else values
        elif index >= len(values) and self.dialect["array_lengths"] == "error":
            raise ServiceFault(f"{array} is shorter than AddExtensions", "ArgumentOutOfRangeException")
        value = values[index] if index < len(values) else None
        return None if value == "" else value

    def _do_delete_group(self, dto: Dto) -> dict[str, Any]:
        customer = self._customer(dto)
        one = customer["groups"].get(str(dto["HuntGroupRecordId"]))
        if one is None:
            return self._missing(f"Hunt group {dto['HuntGroupRecordId']}")
        if dto["ExtensionRecordId"] in (0, one["i_c_ext"]):
            self._drop_memberships(self._members(one["i_c_group"]))
            self._drop_memberships(self._memberships_of(one["i_c_ext"]))
            del customer["groups"][str(one["i_c_group"])]
            return {"HGInfoDeleted": True}
        rows = [row for row in self._members(one["i_c_group"]) if row["i_c_ext"] == dto["ExtensionRecordId"]]
        if self.dialect["delete_group_record"] == "own_extension" or not rows:
            return self._missing(f"Extension {dto['ExtensionRecordId']} of the hunt group")
        self._drop_memberships(rows)
        return {"HGInfoDeleted": True}


class Agents(HuntGroups):
    """Logging in and out of groups, and its history."""

    # -- agents (vendor note 6) ----------------------------------------------------------------------------------
    def _memberships_of_account(self, customer: Row, i_account: int) -> list[Row]:
        rows = []
        for one in customer["extensions"].values():
            if one["i_account"] == i_account:
                rows += self._memberships_of(one["i_c_ext"])
        return rows

    def _agent(self, customer: Row, number: str | None) -> Row | None:
        """The account behind {Id}: its account id, or the number of its extension."""
        if self.dialect["agent_id"] == "account_id":
            return next((one for one in customer["accounts"].values() if one["account_id"] == number), None)
        desk = next((one for one in customer["extensions"].values() if one["id"] == number), {"i_account": 0})
        return customer["accounts"].get(str(desk["i_account"]))

    def _group_ref(self, customer: Row, number: int) -> Row:
        """The group behind i_huntgroup; as a dialled number it has lost its leading zeros."""
        for one in customer["groups"].values():
            dialled = int(one["id"]) if one["id"].isdigit() else -1
            if number == (one["i_c_group"] if self.dialect["group_number_ref"] == "record" else dialled):
                return one
        raise self._not_found(f"Hunt group {number} not found")

    def _enter(self, customer: Row, account: Row, number: int, active: bool | None) -> dict[str, Any]:
        """Log an account in or out (None: flip) of one group, or of all its groups with number 0."""
        rows = self._memberships_of_account(customer, account["i_account"])
        wanted = self._group_ref(customer, number)["i_c_group"] if number else 0
        rows = [row for row in rows if wanted in (0, row["i_c_group"])]
        if not rows:
            raise ServiceFault(f"Account {account['account_id']} is not in the hunt group")
        for row in rows:
            now_active = row["hunt_active"] == "N" if active is None else active
            self.undo.keep(row)["hunt_active"] = "Y" if now_active else "N"
            self._sign(row, account["i_account"], now_active)
        return {"updateHuntgroup": 1 if self.dialect["update_value"] == "one" else rows[0]["i_c_group"]}

    def _sign(self, member: Row, i_account: int, active: bool) -> None:
        """Write the sign-in history: in opens a row, out closes the open one."""
        key = {"i_account": i_account, "i_customer": member["i_customer"], "i_c_group": member["i_c_group"]}
        for row in self.state["sign_ins"]:
            if row["out"] is None and all(row[name] == value for name, value in key.items()):
                self.undo.keep(row)["out"] = now_ms()
        if active:
            self.state["sign_ins"].append({"Id": self._next("Id"), **key, "in": now_ms(), "out": None})

    def _do_access(self, dto: Dto) -> dict[str, Any]:
        """With the account's own password instead of a License."""
        for customer in self.state["customers"].values():
            account = self._agent(customer, dto["Id"]) if customer["i_env"] == dto["IEnv"] else None
            if account and account["service_password"] == dto["ServicePassword"]:
                return self._enter(customer, account, dto["i_huntgroup"], dto["EnableHuntgroup"])
        raise self._refusal("Invalid account or password")

    def _do_customer_access(self, dto: Dto) -> dict[str, Any]:
        customer = self._customer(dto)
        account = self._agent(customer, dto["Id"])
        if account is None:
            raise self._not_found(f"Account {dto['Id']} not found")
        return self._enter(customer, account, dto["i_huntgroup"], dto["EnableHuntgroup"])

    def _do_toggle(self, dto: Dto) -> dict[str, Any]:
        """Flips; without i_huntgroup in all groups of the account. Nothing but the hash protects it."""
        for customer in self.state["customers"].values():
            for account in customer["accounts"].values():
                if account["hash"] == dto["hashed_iAccount"]:
                    return self._enter(customer, account, dto["i_huntgroup"], None)
        raise self._not_found("Account not found")

    def _do_extension_status(self, dto: Dto) -> dict[str, Any]:
        customer = self._customer_of_account(dto, dto["IAccount"])
        account = customer["accounts"][str(dto["IAccount"])]
        if self._agent(customer, dto["Id"]) is not account:
            raise self._not_found(f"Account {dto['Id']} not found")
        return self._enter(customer, account, 0, dto["EnableHuntgroup"])

    def _history(self, dto: Dto, **key: int) -> list[Row] | None:
        since = day_ms(dto["fromDate"])
        rows = [row for row in self.state["sign_ins"] if row["in"] >= since]
        return self._list([self._sign_in_row(row) for row in rows if all(row[k] == v for k, v in key.items())])

    def _sign_in_row(self, row: Row) -> Row:
        customer = self.state["customers"][str(row["i_customer"])]
        one = customer["groups"].get(str(row["i_c_group"]), {"name": None})
        return {
            "Id": row["Id"],
            "SigninTime": clock(row["in"]),
            "SignoutTime": clock(row["out"]) if row["out"] else None,
            "i_account": row["i_account"],
            "i_customer": row["i_customer"],
            "i_env": customer["i_env"],
            "i_c_group": row["i_c_group"],
            "name": one["name"],
            "isActive": self._yes_no("N" if row["out"] else "Y"),
            "SignInTimeDT": date(row["in"]),
            "SignOutTimeDT": date(row["out"]) if row["out"] else NO_DATE,
            "CreatedOn": date(row["in"]),
            "UpdatedOn": date(row["out"] or row["in"]),
            "RowVersion": 2 if row["out"] else 1,
        }

    def _do_account_history(self, dto: Dto) -> dict[str, Any]:
        groups = self._do_account_groups(dto)
        return {**groups, "lstSignInOut": self._history(dto, i_account=dto["IAccount"])}

    def _do_group_history(self, dto: Dto) -> dict[str, Any]:
        for customer in self._licensed(dto):
            one = customer["groups"].get(str(dto["i_c_group"]))
            if one:
                history = self._history(dto, i_c_group=one["i_c_group"])
                return {"HGInfo": self._group_info(customer, one), "lstSignInOut": history}
        raise self._not_found(f"Hunt group {dto['i_c_group']} not found")
