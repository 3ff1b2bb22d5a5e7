# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hunt groups of a PortaSwitch customer.

Sources: page CustomerHuntGroup (routes, fields), vendor note sections 4.2, 4.5, 4.6 and 6 (what the fields mean).
What the pages leave open is handled by reading back: which id DeleteExtensions wants, what adding a present member
again does, how the record that DeleteCustomerHuntGroup asks for is meant.
"""

from __future__ import annotations

import contextlib

from ...errors import Conflict, Incomplete, NotFound, NotStored, PBXError, Rejected
from ...model.catalog import HUNT_GROUP
from ...model.values import Values
from ..contract import Observed, Store
from .client import PortaClient, may_be_cut
from .history import check_day, history
from .sign_in import SignIn
from .wire import CAPABILITY, MEMBER_WIRE, POLICIES, batches, decode_group, decode_member, encode_additions, member_rows


class HuntGroups(Store):
    resource = HUNT_GROUP
    capability = CAPABILITY

    def __init__(self, client: PortaClient) -> None:
        super().__init__()
        self.client = client
        self._rows: list[Values] = []
        self._extensions: list[Values] | None = None
        self._delete_by: str | None = None

    # -- reading -----------------------------------------------------------------------------------------------------
    def _read(self, fresh: bool = False) -> list[Values]:
        self._rows = self.client.hunt_groups(fresh)
        return self._rows

    def warm(self) -> None:
        self._read()

    def read_all(self) -> list[Observed]:
        rows = self._read()
        if may_be_cut(rows):
            raise Incomplete(f"PortaSwitch listed exactly {len(rows)} hunt groups; the list may be cut")
        return [Observed(decode_group(row), row) for row in rows]

    def check_filters(self, asked: Values) -> None:
        if asked.get("sign_in_history_from"):
            check_day(asked["sign_in_history_from"])

    def info(self, asked: Values) -> Values:
        """Hunt groups; of one account's with `account`; with `sign_in_history_from` also who signed in and out since."""
        result = super().info(asked)
        account = asked.get("account")
        if account:
            # The account's own view may lack the other members, so it only tells which groups to show (note 5).
            view = self.client.rows_or_none("GetAccountHuntGroups", "hginfolst", account)
            mine = {row.get("i_c_group") for row in view}
            numbers = {str(row.get("id") or "") for row in self._rows if row.get("i_c_group") in mine}
            result["hunt_groups"] = [group for group in result["hunt_groups"] if group["id"] in numbers]
        if asked.get("sign_in_history_from"):
            shown = {group["id"] for group in result["hunt_groups"]}
            one = asked.get("id") or asked.get("name")
            # an account's history may be of groups that it has left since
            groups = [row for row in self._rows if (account and not one) or str(row.get("id") or "") in shown]
            result["sign_in_history"] = history(self.client, asked["sign_in_history_from"], account, groups)
        return result

    def find(self, desired: Values) -> Observed | None:
        rows = self._read()
        key = "id" if desired.get("id") else "name"
        matches = [row for row in rows if str(row.get(key) or "") == desired.get(key)]
        if len(matches) > 1:
            numbers = ", ".join(str(row.get("id")) for row in matches)
            raise Conflict(f"hunt_group {desired.get(key)}: {len(matches)} groups have this {key} ({numbers}); give id")
        if not matches and may_be_cut(rows):
            raise Incomplete(
                f"hunt_group {desired.get(key)}: not among the {len(rows)} groups listed, but a list of exactly that "
                "length may be cut; nothing was changed"
            )
        return Observed(decode_group(matches[0]), matches[0]) if matches else None

    def _row(self, number: str) -> Values:
        found = next((row for row in self._read(fresh=True) if str(row.get("id") or "") == number), None)
        if found is None:
            raise NotStored(f"the hunt group {number} is not in the list of the server")
        return found

    def _known_extensions(self) -> list[Values]:
        if self._extensions is None:
            self._extensions = self.client.extensions()
        return self._extensions

    def resolve(self, desired: Values, current: Observed | None, state: str) -> Values:
        if state == "absent":
            return desired
        if current is None:
            self._check_new_number(desired)
        elif current.values["policy"] not in POLICIES and "policy" not in desired:
            raise Conflict(
                f"hunt_group {current.values['id']}: the server shows the policy {current.values['policy']!r}, which "
                f"a change would replace by Order; declare policy ({', '.join(POLICIES)})"
            )
        present = {member["extension"] for member in (current.values["members"] if current else [])}
        new = [m["extension"] for m in desired.get("members", []) if m["extension"] not in present]
        self._check_members_exist(desired, new)
        return desired

    def _check_new_number(self, desired: Values) -> None:
        number = desired.get("id")
        if not number:
            raise NotFound(f"hunt_group {desired.get('name')}: there is none with this name; give id to create it")
        if any(str(row.get("id") or "") == number for row in self._known_extensions()):
            raise Conflict(
                f"hunt_group {number}: the number belongs to an extension; groups and extensions share numbers"
            )

    def _check_members_exist(self, desired: Values, new: list[str]) -> None:
        if not new:
            return
        records = self._records()
        missing = [number for number in new if number not in records and number not in self.promised]
        if missing and may_be_cut(self._known_extensions()):
            raise Incomplete(f"members {', '.join(missing)} are not in the list of extensions, which may be cut")
        if missing:
            key = desired.get("id") or desired.get("name")
            raise NotFound(
                f"hunt_group {key}: members: there is no extension {', '.join(missing)} at customer "
                f"{self.client.customer}; create it first or correct the number"
            )

    def _records(self) -> dict[str, int]:
        """Extension number -> i_c_ext, of extensions, of groups' own extension records, and of present members."""
        records: dict[str, int] = {}
        for rows in (self._rows, self._known_extensions(), *(member_rows(row) for row in self._rows)):
            records.update(
                {str(row["id"]): int(row["i_c_ext"]) for row in rows if row.get("id") and row.get("i_c_ext")}
            )
        return records

    # -- writing -----------------------------------------------------------------------------------------------------
    def create(self, desired: Values, target: Values) -> str | None:
        self._read_if_new()
        runs = batches(target.get("members", []))
        self._save(None, target, runs[0] if runs else [])
        for run in runs[1:]:
            self._save(self._row(target["id"]), target, run)
        self._sign_in(target)
        return None

    def update(self, current: Observed, desired: Values, target: Values, changed: set[str]) -> str | None:
        self._read_if_new()
        row = current.record
        if "members" not in changed:
            self._save(row, target)
            return None
        self._converge_members(row, target, fields_changed=changed != {"members"})
        self._sign_in(target, known={m["extension"]: m["logged_in"] for m in current.values["members"]})
        return None

    def delete(self, current: Observed, desired: Values) -> None:
        row = current.record
        self.client.get(
            "DeleteCustomerHuntGroup",
            self.client.customer,
            int(row["i_c_group"]),
            int(row.get("i_c_ext") or 0),
            write=True,
        )

    def _read_if_new(self) -> None:
        """Writing needs the record numbers of the list; another store may have read it."""
        if not self._rows:
            self._read()

    def _save(
        self, row: Values | None, target: Values, add: list[Values] | None = None, delete: list[int] | None = None
    ) -> None:
        """Add or update a group: always the whole group, and only the difference of its members (note 8)."""
        settings = target.get("settings", {})
        body: Values = {
            "HuntGroupRecordId": int(row["i_c_group"]) if row else None,
            "Name": target.get("name") or None,
            "Id": target["id"],
            "HuntSequence": POLICIES.get(target.get("policy", "")),
            "HuntKeepOriginalCli": settings.get("HuntKeepOriginalCli") or None,
            "PickupAllowed": settings.get("PickupAllowed") or None,
            "DeleteExtensions": delete or None,
        }
        if add:
            body.update(encode_additions(add, self._records()))
        self.client.post("AddUpdateCustomerHuntGroup", {key: value for key, value in body.items() if value is not None})

    def _converge_members(self, row: Values, target: Values, fields_changed: bool) -> None:
        """Add first, remove then, and take members out and put them back only where nothing else helps."""
        wanted: list[Values] = target["members"]
        present = {str(member.get("id")) for member in member_rows(row)}
        additions = batches([member for member in wanted if member["extension"] not in present])
        for run in additions:
            self._save(row, target, run)
        if fields_changed and not additions:
            self._save(row, target)
        surplus = sorted(present - {member["extension"] for member in wanted})
        if surplus:
            self._remove(target, surplus)
        elif additions:
            self._row(target["id"])
        self._converge_attributes(target)
        self._converge_order(target)

    def _current_row(self, target: Values) -> Values:
        """The group as the last reading showed it."""
        found = next((row for row in self._rows if str(row.get("id") or "") == target["id"]), None)
        if found is None:
            raise NotStored(f"the hunt group {target['id']} is no longer in the list of the server")
        return found

    def _differing(self, target: Values) -> list[Values]:
        """Members whose attributes are not as wanted, or that are there more than once."""
        rows = [decode_member(row) for row in member_rows(self._current_row(target))]
        numbers = [row["extension"] for row in rows]
        by_number = dict(zip(numbers, rows))

        def differs(member: Values) -> bool:
            number = member["extension"]
            return numbers.count(number) > 1 or any(
                option in member and by_number.get(number, {}).get(option) != member[option] for option in MEMBER_WIRE
            )

        return [member for member in target["members"] if differs(member)]

    def _converge_attributes(self, target: Values) -> None:
        differing = self._differing(target)
        for run in batches(differing):
            # Adding a present member again may update it, be ignored, be refused or double it: reading back tells.
            with contextlib.suppress(Rejected):
                self._save(self._current_row(target), target, run)
        if differing:
            self._row(target["id"])
        for member in self._differing(target):
            self._put_back(target, member)

    def _converge_order(self, target: Values) -> None:
        """Order is the order of adding: members behind the first wrong place are taken out and put back in turn."""
        if target.get("policy") not in CAPABILITY.ordered_policies:
            return
        present = [str(row.get("id")) for row in member_rows(self._current_row(target))]
        wanted = [member["extension"] for member in target["members"]]
        place = -1
        for index, number in enumerate(wanted):
            if number not in present or present.index(number) < place:
                for member in target["members"][index:]:
                    self._put_back(target, member)
                return
            place = present.index(number)

    def _put_back(self, target: Values, member: Values) -> None:
        number = member["extension"]
        self.notes.append(
            f"hunt_group {target['id']}: member {number} was taken out and put back, the only way to change its order or times"
        )
        self._remove(target, [number])
        try:
            self._save(self._current_row(target), target, [member])
        except PBXError as error:
            self._put_back_again(target, member, error)
        self._row(target["id"])

    def _put_back_again(self, target: Values, member: Values, error: PBXError) -> None:
        """A member must not be lost between out and in: look, and if it is missing, add it once more."""
        number = member["extension"]
        if number in {str(row.get("id")) for row in member_rows(self._row(target["id"]))}:
            return
        try:
            self._save(self._current_row(target), target, [member])
        except PBXError:
            raise NotStored(f"member {number} was taken out and could not be put back: {error}") from None

    def _remove(self, target: Values, numbers: list[str]) -> None:
        """Remove members. Whether the server wants i_c_ext or i_cg_ext is unknown: try the one that cannot hit
        another member, read back, then the other."""
        for kind, other in (("i_c_ext", "i_cg_ext"), ("i_cg_ext", "i_c_ext")):
            row = self._current_row(target)
            rows = [member for member in member_rows(row) if str(member.get("id")) in numbers]
            ids = sorted({int(member.get(kind) or 0) for member in rows} - {0})
            foreign = {int(m.get(other) or 0) for m in member_rows(row) if str(m.get("id")) not in numbers}
            if not rows or (self._delete_by and kind != self._delete_by):
                continue
            if not ids or (not self._delete_by and foreign & set(ids)):
                continue
            with contextlib.suppress(Rejected):  # the other number may be the right one
                self._save(row, target, delete=ids)
            after = [str(member.get("id")) for member in member_rows(self._row(target["id"]))]
            if not set(numbers) & set(after):
                self._delete_by = kind
                return
        if {str(member.get("id")) for member in member_rows(self._current_row(target))} & set(numbers):
            raise NotStored(
                f"members {', '.join(numbers)} could not be removed: the server kept them, or their record numbers "
                "cannot be told from those of other members; remove them by hand"
            )

    def side_effects(self, current: Observed | None, target: Values) -> list[Values]:
        """An extension has one primary group: the groups that lose it to this one, as they would be declared back."""
        claims = {member["extension"] for member in target.get("members", []) if member.get("primary")}
        images = []
        for row in self._read():
            lost = [m["extension"] for m in decode_group(row)["members"] if m["primary"] and m["extension"] in claims]
            if lost and str(row.get("id")) != target.get("id"):
                members = [{"extension": number, "primary": True} for number in lost]
                images.append({"id": str(row.get("id")), "membership": "at_least", "members": members})
        return images

    def drop_member(self, number: str) -> list[str]:
        """Take an extension out of every hunt group; returns the groups it was in."""
        groups = []
        for row in self._read(fresh=True):
            if number in [str(member.get("id")) for member in member_rows(row)]:
                self._remove(decode_group(row), [number])
                groups.append(str(row.get("id")))
        return groups

    def _sign_in(self, target: Values, known: dict[str, bool] | None = None) -> None:
        """Bring sign-ins to what is declared, and give back to a member that was put back what its agent had."""
        if known is None and all(member.get("logged_in", True) for member in target.get("members", [])):
            return
        row = self._row(target["id"])
        present = {m["extension"]: m["logged_in"] for m in decode_group(row)["members"]}
        for member in target["members"]:
            number = member["extension"]
            wanted = member.get("logged_in", (known or {}).get(number))
            if wanted is not None and present.get(number) != wanted:
                SignIn(self.client, self._rows, self._known_extensions()).set(
                    row, number, wanted, lambda: self._read(fresh=True)
                )
