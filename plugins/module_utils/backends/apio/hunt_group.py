# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hunt groups of a BroadWorks group: which one is meant, what is declared of it, and what a write would leave behind.

Sources: page Hunt Group (routes); vendor note section 7 (ids may be generated and renamed, names are not unique). How
one is written is in `writing`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ...errors import BadAnswer, InvalidOption, NotFound
from ...model.catalog import HUNT_GROUP
from ...model.validate import Declared
from ...model.values import Values
from ..contract import CREATE, UPDATE, ListState, Observed, Store, WriteStep, only_match, require
from ..decoding import record_of, text
from .client import ApioClient, the_user
from .identity import Users, full_name, id_of, matching_users, rows_with_id, rows_with_name, same_id
from .wire import CAPABILITY, LENGTHS, agents_of, decode, is_hunt_group, unknown_settings
from .writing import HuntGroupWriter

_NUMBERS = ("phone_number", "extension")
# What the list shows of a group.
_LISTED = frozenset({"name", "policy", "settings.serviceInstanceProfile.department", *_NUMBERS})
_ALLOWED_TOTALS = (0, 100)


class HuntGroups(Store):
    resource = HUNT_GROUP
    capability = CAPABILITY
    client: ApioClient

    def check(self, declared: Declared) -> None:
        for option, (least, most) in LENGTHS.items():
            value = declared.values.get(option)
            if value and not least <= len(value) <= most:
                raise InvalidOption(
                    f"{declared.place}: {option}: has {len(value)} characters; APIO takes {least} to {most}"
                )
        overflow = declared.values.get("overflow_to", "")
        if "@" in overflow or ":" in overflow:
            raise InvalidOption(f"{declared.place}: overflow_to: APIO takes a phone number here, not a SIP address")

    # -- reading -------------------------------------------------------------------------------------------------------
    def prefetch(self) -> None:
        self.client.groups()

    def find(self, declared: Declared) -> Observed | None:
        row = self._row_of(self.client.groups(), declared)
        if row is not None:
            return self.read_one(id_of(row))
        return None if declared.absent else self._renamed(declared)

    def _row_of(self, rows: Sequence[Values], declared: Declared) -> Values | None:
        key, name = declared.values.get("id", ""), declared.values.get("name", "")
        matches = rows_with_id(rows, key) if key else rows_with_name(rows, name)
        option = "id" if key else "name"
        row: Values | None = only_match(declared.place, option, matches, map(id_of, matches), "give the full id")
        return row

    def _renamed(self, declared: Declared) -> Observed | None:
        """The group under another id: APIO may rename a group when its number changes (note 7).

        Taken for the same only when the name and every declared number agree, and when nobody declares the other id.
        """
        numbers = {option: declared.values[option] for option in _NUMBERS if declared.values.get(option)}
        if not (declared.values.get("id") and declared.values.get("name") and numbers):
            return None
        found = self.lookalikes(self.client.groups(), declared.values["name"], numbers)
        unclaimed = [one for one in found if not self._is_declared(one.values["id"])]
        ids = [one.values["id"] for one in unclaimed]
        match: Observed | None = only_match(declared.place, "name and number", unclaimed, ids, "give the full id")
        if match:
            self.notes.append(
                f"{declared.place}: the server calls this group {match.values['id']} now; write that as id"
            )
        return match

    def _is_declared(self, key: str) -> bool:
        return any(same_id(key, declared) for declared in self.context.declared_ids.get("id", ()))

    def lookalikes(self, rows: Sequence[Values], name: str, numbers: Values, fresh: bool = False) -> list[Observed]:
        """The groups of this name that have all these numbers. The list may show numbers in another form (note 7), so each
        group is read."""
        named = self.read_each(lambda key: self.read_one(key, fresh), map(id_of, rows_with_name(rows, name)))
        return [one for one in named if all(self._has(one, option, number) for option, number in numbers.items())]

    def _has(self, found: Observed, option: str, number: str) -> bool:
        present = str(found.values[option])
        return self.numbers.same(present, number) if option == "phone_number" else present == number

    def read_one(self, key: str, fresh: bool = False) -> Observed | None:
        """The group with this id, spelled as the list does. None when it is not there. Remembered like a list."""
        return self.client.lists.get(f"hunt group {key}", lambda: self._read(key), fresh)

    def _read(self, key: str) -> Observed | None:
        try:
            data = self.client.get(self.client.hunt_group_path(key))
        except NotFound:
            return None
        if not is_hunt_group(data):
            raise BadAnswer(f"APIO: the answer for {key} is not a hunt group; check url")
        shown = text(data, "serviceUserId")
        if shown and not same_id(shown, key):
            raise BadAnswer(f"APIO: the answer for {key} is another hunt group, {shown}")
        return Observed(decode(data, key), data)

    def list_keys(self) -> dict[str, Observed | None]:
        return {id_of(row): None for row in self.client.groups()}

    def list_names(self) -> dict[str, str]:
        return {id_of(row): text(row, "name") for row in self.client.groups()}

    def list_state(self) -> ListState:
        """The rows also show numbers, department and policy, but no members."""
        return ListState(sorted(self.client.groups(), key=id_of), whole=False)

    def read_all(self) -> list[Observed]:
        return self.read_each(self.read_one, map(id_of, self.client.groups()))

    def info(self, asked: Values) -> Values:
        """Hunt groups; with `available_members` also the users that a hunt group may have as members."""
        result = super().info(asked)
        if asked.get("available_members"):
            result["available_members"] = self._available_members(asked)
        return result

    def _available_members(self, asked: Values) -> list[Values]:
        """Filtered by the server (its interface sends such filters in the query), and again here for the department."""
        params = {"sameGroupOnly": "true"} if asked.get("same_group_only") else None
        members = [
            {
                "extension": text(user, "userId"),
                "name": full_name(user),
                "number": text(user, "extension"),
                "phone_number": text(user, "phoneNumber"),
                "department": text(record_of(user, "department"), "departmentName"),
            }
            for user in self.client.available_users(params)
        ]
        wanted = asked.get("department")
        return [one for one in members if not wanted or one["department"] == wanted]

    # -- planning ------------------------------------------------------------------------------------------------------
    def resolve(self, declared: Declared, current: Observed | None) -> Declared:
        if declared.absent:
            return declared
        self._check_creation(declared, current)
        if "members" not in declared.values:
            return declared
        resolved = declared.with_values({**declared.values, "members": self._members_by_user(declared, current)})
        self._check_weights(resolved, current)
        return resolved

    def _check_creation(self, declared: Declared, current: Observed | None) -> None:
        if current or declared.values.get("name") or declared.values.get("settings", {}).get("templateName"):
            return
        raise InvalidOption(f"{declared.place}: name: is missing; APIO needs it to create a group")

    def _members_by_user(self, declared: Declared, current: Observed | None) -> list[Values]:
        """Members with user ids for numbers, looked up among the present agents, then among the available users."""
        wanted = declared.values["members"]
        agents = Users(agents_of(current.record) if current else [])
        present = [matching_users(agents, member["extension"], self.numbers) for member in wanted]
        available = self.client.available_users() if not all(len(users) == 1 for users in present) else Users()
        members, seen = [], set()
        for member, users in zip(wanted, present):
            user = users[0] if len(users) == 1 else self._user(declared, member["extension"], agents, available)
            if user in seen:
                raise InvalidOption(f"{declared.place}: members: {user} is listed twice")
            seen.add(user)
            members.append({**member, "extension": user})
        return members

    def _user(self, declared: Declared, number: str, *lists: list[Values]) -> str:
        place = f"{declared.place}: members"
        # some servers leave out of the available users those who are in a group already
        matching = [user for users in lists for user in matching_users(users, number, self.numbers)]
        found = the_user(list(dict.fromkeys(matching)), number, place)
        return found or self.client.user_of(number, place, self.numbers)

    def _check_weights(self, declared: Declared, current: Observed | None) -> None:
        """Refuse declared weights that would not total 100 with those of the members that stay.

        Weights that nobody changes may total anything.
        """
        known = {m["extension"]: m["weight"] for m in (current.values["members"] if current else [])}
        wanted = {m["extension"]: m for m in declared.values["members"]}
        kept = [user for user in known if user not in wanted] if declared.membership == "at_least" else []
        users = [*wanted, *kept]
        written = {user: member["weight"] for user, member in wanted.items() if "weight" in member}
        members_change = set(users) != set(known)
        if not members_change and all(known.get(user) == weight for user, weight in written.items()):
            return
        total = sum(written.get(user, known.get(user, 0)) for user in users)
        if written and total not in _ALLOWED_TOTALS:
            others = f" together with those of {', '.join(kept)}, who stay" if kept else ""
            raise InvalidOption(
                f"{declared.place}: members: weights total {total}{others}; they have to total {_ALLOWED_TOTALS[-1]}"
            )
        policy = declared.values.get("policy") or (current.values["policy"] if current else "")
        if not written and current and policy == "weighted" and total != _ALLOWED_TOTALS[-1]:
            self.notes.append(
                f"{declared.place}: the weights of the members no longer total 100; set them with hunt_group_weights"
            )

    def lost(self, current: Observed) -> tuple[list[str], list[str]]:
        """A password is never shown. What an unknown field stands for cannot be told, so it does not stop a deletion.

        What a template set is part of the group's own settings and comes back with them (note 7).
        """
        return ["its password, if it has one", *(f"its {name}" for name in unknown_settings(current.record))], []

    def outdated(self, step: WriteStep) -> Collection[str] | None:
        """The writer adds a new group to the list; the list does not show members, overflow and the like."""
        if step.action == CREATE:
            return (f"hunt group {step.declared.values.get('id', '')}",)
        if step.action != UPDATE or step.current is None:
            return None
        return (f"hunt group {step.current.values['id']}", *(("hunt groups",) if step.changed & _LISTED else ()))

    # -- writing -------------------------------------------------------------------------------------------------------
    def create(self, step: WriteStep) -> str | None:
        return HuntGroupWriter(self, step).create()

    def update(self, step: WriteStep) -> str | None:
        return HuntGroupWriter(self, step).update()

    def delete(self, step: WriteStep) -> None:
        self.client.send("DELETE", self.client.hunt_group_path(require(step.current).values["id"]))
