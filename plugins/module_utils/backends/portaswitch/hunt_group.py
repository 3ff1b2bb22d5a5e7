# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hunt groups of a PortaSwitch customer.

Sources: page CustomerHuntGroup (routes, fields), vendor note sections 4.2, 4.5, 4.6 and 6 (what the fields mean).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ...errors import Conflict, NotFound
from ...model.catalog import HUNT_GROUP
from ...model.validate import Declared
from ...model.values import Values, canonical_name
from ..contract import DELETE, UPDATE, Observed, Store, WriteStep, only_match, require
from ..decoding import text, whole_number
from .arrangement import arrange
from .client import PortaClient
from .group_writer import GroupWriter, group_record
from .history import check_day, history
from .listing import Listing, cut_list, may_be_cut, require_whole
from .paths import Part
from .wire import CAPABILITY, POLICIES, decode_group


class HuntGroups(Store):
    resource = HUNT_GROUP
    capability = CAPABILITY
    found_in_lists = True
    client: PortaClient

    # -- reading -------------------------------------------------------------------------------------------------------
    def prefetch(self) -> None:
        self.client.hunt_groups()

    def read_all(self) -> list[Observed]:
        rows = require_whole(self.client.hunt_groups().rows, self.context.list_limit, "hunt groups")
        return [_observed(row) for row in rows]

    def check_filters(self, asked: Values) -> None:
        if asked.get("sign_in_history_from"):
            check_day(asked["sign_in_history_from"])

    def info(self, asked: Values) -> Values:
        """Hunt groups; of one account's with `account`; with `sign_in_history_from` also who signed in and out since."""
        result = super().info(asked)
        rows = self.client.hunt_groups().rows
        account = asked.get("account")
        if account:
            # The account's own view may lack the other members, so it only tells which groups to show (note 5).
            view = self.client.rows_or_none("GetAccountHuntGroups", "hginfolst", [("IAccount", account)])
            require_whole(view, self.context.list_limit, "hunt groups of the account")
            mine = {whole_number(row, "i_c_group") for row in view}
            numbers = {text(row, "id") for row in rows if whole_number(row, "i_c_group") in mine}
            result["hunt_groups"] = [group for group in result["hunt_groups"] if group["id"] in numbers]
        if asked.get("sign_in_history_from"):
            shown = {group["id"] for group in result["hunt_groups"]}
            one = asked.get("id") or asked.get("name")
            # an account's history may be of groups that it has left since
            groups = [row for row in rows if (account and not one) or text(row, "id") in shown]
            limit = self.context.list_limit
            result["sign_in_history"] = history(self.client, asked["sign_in_history_from"], account, groups, limit)
        return result

    def find(self, declared: Declared) -> Observed | None:
        """The group of this number, else of this name. Raises Incomplete when it may be behind the end of a cut list."""
        listed = self.client.hunt_groups()
        key = "id" if declared.values.get("id") else "name"
        wanted = declared.values[key]
        matches = listed.numbers.get(wanted, []) if key == "id" else listed.names.get(canonical_name(wanted), [])
        row = only_match(declared.place, key, matches, [text(one, "id") for one in matches])
        if (row is None or key == "name") and may_be_cut(len(listed.rows), self.context.list_limit):
            doubt = "whether there is one with this number" if key == "id" else "which one has this name (give id)"
            raise cut_list("hunt groups", len(listed.rows), self.context.list_limit, declared.place, doubt)
        return None if row is None else _observed(row)

    # -- planning ------------------------------------------------------------------------------------------------------
    def resolve(self, declared: Declared, current: Observed | None) -> Declared:
        if declared.absent:
            return declared
        if current is None:
            self._check_new_number(declared)
        elif current.values["policy"] not in POLICIES and "policy" not in declared.values:
            raise Conflict(
                f"{declared.place}: the server shows the policy {current.values['policy']!r}, which "
                f"a change would replace by Order; declare policy ({', '.join(POLICIES)})"
            )
        present = {member["extension"] for member in (current.values["members"] if current else [])}
        new = [one["extension"] for one in declared.values.get("members", []) if one["extension"] not in present]
        self._check_members_exist(declared, new)
        return declared

    def _check_new_number(self, declared: Declared) -> None:
        number = declared.values.get("id")
        if not number:
            raise NotFound(f"{declared.place}: there is none with this name; give id to create it")
        extensions = self.client.extensions()
        if number in extensions.numbers and not self.context.is_released(number):
            raise Conflict(f"{declared.place}: the number belongs to an extension; groups and extensions share numbers")
        require_whole(
            extensions.rows, self.context.list_limit, "extensions", declared.place, "whether one has this number"
        )

    def _check_members_exist(self, declared: Declared, new: list[str]) -> None:
        extensions, groups = self.client.extensions() if new else None, self.client.hunt_groups()
        if extensions is None:
            return
        missing = [
            number
            for number in new
            if not (number in extensions.numbers or number in groups.numbers or self.context.is_planned(number))
        ]
        if not missing:
            return
        doubt = f"whether there is an extension {', '.join(missing)}"
        require_whole(extensions.rows, self.context.list_limit, "extensions", declared.place, doubt)
        require_whole(groups.rows, self.context.list_limit, "hunt groups", declared.place, doubt)
        raise NotFound(
            f"{declared.place}: members: there is no extension {', '.join(missing)} at customer "
            f"{self.client.customer}; create it first or correct the number"
        )

    def describe(self, step: WriteStep) -> list[str]:
        """Whose times are changed by adding them again, and who is taken out and put back."""
        if step.current is None or not step.target or not _members_change(step):
            return []
        ordered = step.target.get("policy") in CAPABILITY.ordered_policies
        plan = arrange(step.current.values["members"], step.target["members"], ordered)
        told = []
        if plan.again:
            told.append(
                f"adds {_named(one['extension'] for one in plan.again)} again to change what is set for it; where the "
                "server does not take that, takes it out and puts it back"
            )
        if plan.moved:
            moved = [one["extension"] for one in plan.tail if one["extension"] in plan.moved]
            told.append(
                f"takes {_named(moved)} out and puts it back, one at a time: members are called in the order in which "
                "they were added"
            )
        return told

    def takes_apart(self, step: WriteStep) -> bool:
        """Members that are taken out and put back are missing in between."""
        return step.action == UPDATE and bool(self.describe(step))

    def side_effects(self, step: WriteStep) -> list[Values]:
        """An extension has one primary group: the groups that lose it to this one, as they would be declared back."""
        claims = {member["extension"] for member in step.target.get("members", []) if member.get("primary")}
        before = step.current.values["members"] if step.current else []
        claims -= {member["extension"] for member in before if member["primary"]}
        images: list[Values] = []
        listed = self.client.hunt_groups() if claims else Listing([])
        touched = [row for number in sorted(claims) for row in listed.groups_of_members.get(number, [])]
        for row in {id(row): row for row in touched}.values():
            if text(row, "id") == step.target.get("id"):
                continue
            members = decode_group(row)["members"]
            lost = [one["extension"] for one in members if one["primary"] is True and one["extension"] in claims]
            if lost:
                again = [{"extension": number, "primary": True} for number in lost]
                images.append({"id": text(row, "id"), "membership": "at_least", "members": again})
        return images

    def lost(self, current: Observed) -> tuple[list[str], list[str]]:
        policy = current.values["policy"]
        if policy in POLICIES:
            return [], []
        return [], [f"its policy {policy!r}, which no request can set again (only {', '.join(POLICIES)})"]

    def outdated(self, step: WriteStep) -> Collection[str] | None:
        """Other groups too may lose their primary member. A deletion also takes the group's own record out of the extensions."""
        return None if step.action == DELETE else ("hunt groups",)

    # -- writing -------------------------------------------------------------------------------------------------------
    def create(self, step: WriteStep) -> str | None:
        writer = GroupWriter(self.client, step.target, None, self._records(step))
        writer.create()
        writer.sign_in({})
        return None

    def update(self, step: WriteStep) -> str | None:
        current = require(step.current)
        members_change = _members_change(step)
        writer = GroupWriter(self.client, step.target, current.record, self._records(step) if members_change else {})
        if members_change:
            writer.converge_members()
        if any(not _is_of_members(option) for option in step.changed):
            writer.save_fields()
        if members_change:
            writer.sign_in({member["extension"]: member["logged_in"] for member in current.values["members"]})
        return None

    def delete(self, step: WriteStep) -> None:
        row = require(step.current).record
        parts: list[Part] = [
            self.client.of_customer,
            ("HuntGroupRecordId", group_record(row)),
            ("ExtensionRecordId", whole_number(row, "i_c_ext")),
        ]
        self.client.change("DeleteCustomerHuntGroup", parts)

    def _records(self, step: WriteStep) -> dict[str, int]:
        """Extension number -> i_c_ext of the target's members: of present members, extensions, and groups' own records."""
        groups = self.client.hunt_groups()
        numbers = [member["extension"] for member in step.target.get("members", [])]
        found = {number: groups.member_records[number] for number in numbers if number in groups.member_records}
        for number in numbers:
            if number not in found:
                record = self.client.extensions().extension_record(number) or groups.extension_record(number)
                found.update({number: record} if record else {})
        return found


def _observed(row: Values) -> Observed:
    return Observed(decode_group(row), row)


def _is_of_members(option: str) -> bool:
    return option.partition("[")[0].partition(".")[0] == "members"


def _members_change(step: WriteStep) -> bool:
    return any(_is_of_members(option) for option in step.changed)


def _named(numbers: Iterable[str]) -> str:
    return f"member {', '.join(numbers)}"
