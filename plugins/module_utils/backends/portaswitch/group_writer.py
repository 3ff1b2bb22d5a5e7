# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes one hunt group: its fields, its members and their sign-ins, with as few requests as that takes.

What the pages leave open is found out by reading back, and remembered for the other groups of the run: which id
DeleteExtensions wants, and what adding a present member again does (vendor note, sections 4.2 and 8).
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping, Sequence

from ...errors import BadAnswer, NotStored, PBXError, Rejected
from ...model.values import Values
from ..decoding import record_of, text, whole_number
from .arrangement import Arrangement, arrange
from .client import PortaClient
from .sign_in import SignIn, by_license
from .wire import CAPABILITY, POLICIES, batches, decode_group, encode_additions, member_numbers, member_rows

# Keys of PortaClient.learned.
_DELETED_BY = "DeleteExtensions holds"  # i_c_ext or i_cg_ext
_ADDED_AGAIN = "adding a member again"  # updates, or does not
_OTHER = {"i_c_ext": "i_cg_ext", "i_cg_ext": "i_c_ext"}
_NEW_MEMBERS = "new members are"  # signed in, or not
_SIGNED_IN, _SIGNED_OUT = "signed in", "signed out"
_UPDATES, _DOES_NOT = "updates it", "does not update it"


def group_record(row: Values) -> int:
    """The record of a group. Raises BadAnswer when there is none: a write with record 0 would make another group."""
    record = whole_number(row, "i_c_group")
    if record <= 0:
        raise BadAnswer(f"the answer of the server makes no sense here: hunt group {text(row, 'id')} has no i_c_group")
    return record


class GroupWriter:
    """Brings one group to `target`. `row` is the group as it was read last; None while it does not exist.

    records: number -> i_c_ext of whatever may be a member.
    """

    def __init__(self, client: PortaClient, target: Values, row: Values | None, records: Mapping[str, int]) -> None:
        self.client, self.target, self.records = client, target, records
        self._row = row
        self._saved = False
        self._as_read = False  # whether `row` is what the server showed after the last write
        self._moved: Collection[str] = ()

    @property
    def row(self) -> Values:
        if self._row is None:
            raise NotStored(f"the hunt group {self.target['id']} is not in the list of the server")
        return self._row

    # -- the group -----------------------------------------------------------------------------------------------------
    def create(self) -> None:
        """Create the group with its members, one request for each run of members with the same options written."""
        runs = batches(self.target.get("members", []))
        known = self.client.hunt_groups().group_records
        added = record_of(self._save(add=runs[0] if runs else []), "addedhuntgroup")
        record = whole_number(added, "i_c_group")
        if record > 0 and record not in known and text(added, "id") == self.target["id"]:
            self._row = added
        elif len(runs) > 1:
            self.look()
        for run in runs[1:]:
            self._save(add=run)

    def save_fields(self) -> None:
        """Everything but the members; once, since each write of members carries it too."""
        if not self._saved:
            self._save()

    def look(self) -> None:
        """Read the list again for this group. Raises NotStored when it is not there."""
        record = whole_number(self._row, "i_c_group") if self._row is not None else 0
        rows = self.client.hunt_groups(fresh=True).numbers.get(self.target["id"], [])
        self._row = next((row for row in rows if record in (0, whole_number(row, "i_c_group"))), None)
        if self._row is None:
            raise NotStored(f"the hunt group {self.target['id']} is no longer in the list of the server")
        self._as_read = True

    def _save(self, add: Sequence[Values] = (), delete: Sequence[int] = ()) -> Values:
        """Add or update the group: always the whole group, and only the difference of its members (note 8)."""
        settings = self.target.get("settings", {})
        body: Values = {
            "HuntGroupRecordId": group_record(self._row) if self._row is not None else None,
            "Name": self.target.get("name") or None,
            "Id": self.target["id"],
            "HuntSequence": POLICIES.get(self.target.get("policy", "")),
            "HuntKeepOriginalCli": settings.get("HuntKeepOriginalCli") or None,
            "PickupAllowed": settings.get("PickupAllowed") or None,
            "DeleteExtensions": list(delete) or None,
            **(encode_additions(add, self.records) if add else {}),
        }
        sent = {key: value for key, value in body.items() if value is not None}
        answer = self.client.post("AddUpdateCustomerHuntGroup", sent)
        self._saved, self._as_read = True, False
        return answer

    # -- members -------------------------------------------------------------------------------------------------------
    def converge_members(self) -> None:
        """Add first, remove then, and take members out and put them back only where nothing else helps."""
        plan = self._arranged(in_place=self.client.learned.get(_ADDED_AGAIN) != _DOES_NOT)
        if plan.again:
            plan = self._added_again(plan)
        self._moved = plan.moved
        waiting: list[Values] = []
        for member in plan.tail:
            if member["extension"] in plan.moved:
                self._add(waiting)
                waiting = []
                self._put_back(member)
            else:
                waiting.append(member)
        self._finish(waiting, plan.surplus)

    def _finish(self, new: Sequence[Values], surplus: Collection[str]) -> None:
        """Add the last new members and remove those who go: in one request where it is known which records that wants."""
        known = self.client.learned.get(_DELETED_BY, "")
        ids, foreign = self._member_records(surplus, known) if known else (set(), set())
        runs = batches(new)
        if not runs or not ids or ids & foreign:
            self._add(new)
            if surplus:
                self._take_out(surplus)
            return
        for run in runs[:-1]:
            self._save(add=run)
        self._save(add=runs[-1], delete=sorted(ids))
        self._without(surplus)

    def _arranged(self, in_place: bool) -> Arrangement:
        ordered = self.target.get("policy") in CAPABILITY.ordered_policies
        return arrange(decode_group(self.row)["members"], self.target["members"], ordered, in_place)

    def _add(self, members: Sequence[Values]) -> None:
        for run in batches(members):
            self._save(add=run)

    def _added_again(self, plan: Arrangement) -> Arrangement:
        """Add present members again, which may update them, be ignored, be refused or double them: reading back tells.

        Returns what is left to do.
        """
        known = self.client.learned.get(_ADDED_AGAIN) == _UPDATES
        for run in batches(plan.again):
            with contextlib.suppress(*([] if known else [Rejected])):
                self._save(add=run)
        if known:
            return plan
        self.look()
        left = self._arranged(in_place=True)
        differ = {member["extension"] for member in left.again} | left.moved
        updates = not differ & {member["extension"] for member in plan.again}
        self.client.learned[_ADDED_AGAIN] = _UPDATES if updates else _DOES_NOT
        return left if updates else self._arranged(in_place=False)

    def _put_back(self, member: Values) -> None:
        """Remove a member and add it again. It must not be lost: after an error, read the group, and add the member once
        more if it is missing. The read-back soon after verifies a success (see `HuntGroups.takes_apart`)."""
        number = member["extension"]
        self._take_out([number])
        try:
            self._save(add=[member])
        except PBXError as error:
            try:
                self.look()
                if number not in member_numbers(self.row):
                    self._save(add=[member])
            except PBXError:
                raise NotStored(f"member {number} was taken out and could not be put back: {error}") from None

    def _take_out(self, numbers: Collection[str]) -> None:
        """Remove members. Whether the server wants i_c_ext or i_cg_ext is unknown: try the one that cannot hit another
        member, read back, then the other. What is known needs no reading."""
        known = self.client.learned.get(_DELETED_BY)
        refusal: Rejected | None = None
        for kind in _OTHER:
            ids, foreign = self._member_records(numbers, kind)
            ambiguous = bool(ids & foreign)
            if not ids or (kind != known if known else ambiguous):
                continue
            try:
                self._save(delete=sorted(ids))
            except Rejected as error:  # the other number may be the right one
                refusal = error
                if known:
                    raise
            if known and not ambiguous:
                self._without(numbers)
                return
            self.look()
            if not set(numbers) & set(member_numbers(self.row)):
                self.client.learned[_DELETED_BY] = kind
                return
        if set(numbers) & set(member_numbers(self.row)):
            raise refusal or NotStored(
                f"members {', '.join(numbers)} could not be removed: the server kept them, or their record numbers "
                "cannot be told from those of other members; remove them by hand"
            )

    def _member_records(self, numbers: Collection[str], kind: str) -> tuple[set[int], set[int]]:
        """(records of these members, records of the other kind of the other members)."""
        rows = member_rows(self.row)
        mine = {whole_number(row, kind) for row in rows if text(row, "id") in numbers}
        return mine - {0}, {whole_number(row, _OTHER[kind]) for row in rows if text(row, "id") not in numbers}

    def _without(self, numbers: Collection[str]) -> None:
        """Note in `row` that members are out, without reading."""
        left = [member for member in member_rows(self.row) if text(member, "id") not in numbers]
        self._row = {**self.row, "assigned_extensions": left}

    # -- sign-ins ------------------------------------------------------------------------------------------------------
    def sign_in(self, before: Mapping[str, bool]) -> None:
        """Set the sign-ins of the target, and restore the sign-in of a member that was removed and added again.

        before: the sign-ins that were read, by number. One read shows for all groups whether the server signs in new members.
        """
        wanted = {one["extension"]: one["logged_in"] for one in self.target.get("members", []) if "logged_in" in one}
        unsure = {number for number, on in wanted.items() if number in self._moved or (number not in before and not on)}
        present = dict(before)
        known = self.client.learned.get(_NEW_MEMBERS)
        if known:
            present.update(dict.fromkeys(unsure, known == _SIGNED_IN))
        elif unsure:
            if not self._as_read:
                self.look()
            present = {one["extension"]: one["logged_in"] for one in decode_group(self.row)["members"]}
            found = {present[number] for number in unsure if number in present}
            if len(found) == 1:
                self.client.learned[_NEW_MEMBERS] = _SIGNED_IN if found.pop() else _SIGNED_OUT
        for number, on in wanted.items():
            if present.get(number, True) != on:
                SignIn(self.client, by_license(self.client)).set(self.row, number, on)
