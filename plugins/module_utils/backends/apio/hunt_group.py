# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hunt groups of a BroadWorks group.

Sources: page Hunt Group (routes); vendor note section 7 (a PUT is partial, unlisted weights become 0, ids may be
generated and renamed).
"""

from __future__ import annotations

from typing import Any

from ...errors import Conflict, InvalidOption, NotFound, NotStored, Rejected, TransportError
from ...model.catalog import HUNT_GROUP
from ...model.values import Values, same_number
from ..contract import Observed, Store
from .client import ApioClient
from .wire import CAPABILITY, LENGTHS, SETTINGS, decode, encode, matching_users, same_id


class HuntGroups(Store):
    resource = HUNT_GROUP
    capability = CAPABILITY

    def __init__(self, client: ApioClient) -> None:
        super().__init__()
        self.client = client

    def check(self, desired: Values) -> None:
        place = f"hunt_group {desired.get('id') or desired.get('name')}"
        for option, (least, most) in LENGTHS.items():
            value = desired.get(option)
            if value and not least <= len(value) <= most:
                raise InvalidOption(f"{place}: {option}: has {len(value)} characters; APIO takes {least} to {most}")
        if "@" in desired.get("overflow_to", "") or ":" in desired.get("overflow_to", ""):
            raise InvalidOption(f"{place}: overflow_to: APIO takes a phone number here, not a SIP address")

    # -- reading -----------------------------------------------------------------------------------------------------
    def find(self, desired: Values) -> Observed | None:
        key = desired.get("id", "")
        if "@" in key:
            found = self._read(key)
            if found:
                return found
        rows = self._list_rows()
        row = self._match(rows, desired)
        return self._read(str(row["serviceUserId"])) if row else None

    def _match(self, rows: list[Values], desired: Values) -> Values | None:
        key, name = desired.get("id", ""), desired.get("name", "")
        if key:
            matches = [row for row in rows if same_id(str(row.get("serviceUserId") or ""), key)]
        else:
            matches = [row for row in rows if str(row.get("name") or "") == name]
        if len(matches) > 1:
            ids = ", ".join(str(row.get("serviceUserId")) for row in matches)
            raise Conflict(f"hunt_group {key or name}: {len(matches)} groups match ({ids}); give the full id")
        return matches[0] if matches else self._renamed(rows, desired)

    def _renamed(self, rows: list[Values], desired: Values) -> Values | None:
        """The group under another id: APIO may rename a group when its number changes (note 7).

        Taken for the same only when the name and every declared number agree.
        """
        numbers = {
            option: (wire, desired[option])
            for option, wire in (("phone_number", "phoneNumber"), ("extension", "extension"))
            if desired.get(option)
        }
        if not (desired.get("id") and desired.get("name") and numbers):
            return None
        for row in rows:
            if row.get("name") == desired["name"] and all(
                same_number(str(row.get(wire) or ""), number) for wire, number in numbers.values()
            ):
                self.notes.append(
                    f"hunt_group {desired['id']}: the server calls this group {row.get('serviceUserId')} now; write that as id"
                )
                return row
        return None

    def _list_rows(self, fresh: bool = False) -> list[Values]:
        try:
            return self.client.groups(fresh)
        except NotFound as error:
            raise NotFound(f"{error}; check url, tenant {self.client.tenant} and group {self.client.group}") from None

    def _read(self, key: str) -> Observed | None:
        try:
            data = self.client.read(self.client.hunt_groups(key))
        except NotFound:
            return None
        if not isinstance(data.get("serviceInstanceProfile"), dict) and "serviceUserId" not in data:
            raise TransportError(f"APIO: the answer for {key} is not a hunt group; check url")
        return Observed(decode(data, key), data)

    def survey(self) -> dict[str, Observed | None]:
        return {str(row.get("serviceUserId") or ""): None for row in self._list_rows()}

    def read_all(self) -> list[Observed]:
        return self.read_each(self._read, [str(row.get("serviceUserId") or "") for row in self._list_rows()])

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
                "extension": str(user.get("userId") or ""),
                "name": " ".join(str(user.get(part) or "") for part in ("firstName", "lastName")).strip(),
                "number": str(user.get("extension") or ""),
                "phone_number": str(user.get("phoneNumber") or ""),
                "department": str((user.get("department") or {}).get("departmentName") or ""),
            }
            for user in self.client.available_users(params)
        ]
        wanted = asked.get("department")
        return [one for one in members if not wanted or one["department"] == wanted]

    def resolve(self, desired: Values, current: Observed | None, state: str) -> Values:
        if state == "absent" or "members" not in desired:
            self._check_creation(desired, current, state)
            return desired
        self._check_creation(desired, current, state)
        resolved = {**desired, "members": self._members_by_user(desired, current)}
        self._check_weights(resolved, current)
        return resolved

    def _check_creation(self, desired: Values, current: Observed | None, state: str) -> None:
        settings = desired.get("settings", {})
        if current or state == "absent" or desired.get("name") or settings.get("templateName"):
            return
        raise InvalidOption(f"hunt_group {desired.get('id')}: name: is missing; APIO needs it to create a group")

    def _members_by_user(self, desired: Values, current: Observed | None) -> list[Values]:
        """Members with user ids for numbers, looked up among the present agents, then among the available users."""
        agents = [agent for agent in (current.record.get("agents") or [] if current else []) if isinstance(agent, dict)]
        present = [matching_users(agents, member["extension"]) for member in desired["members"]]
        available = self.client.available_users() if not all(len(users) == 1 for users in present) else []
        members, seen = [], set()
        for member, users in zip(desired["members"], present):
            user = users[0] if len(users) == 1 else self._user(desired, member["extension"], agents + available)
            if user in seen:
                raise InvalidOption(
                    f"hunt_group {desired.get('id') or desired.get('name')}: members: {user} is listed twice"
                )
            seen.add(user)
            members.append({**member, "extension": user})
        return members

    def _user(self, desired: Values, number: str, users: list[Values]) -> str:
        place = f"hunt_group {desired.get('id') or desired.get('name')}: members"
        # some servers leave out of the available users those who are in a group already
        found = matching_users(users, number)
        if not found:
            return self.client.user_of(number, place)
        if len(found) > 1:
            raise Conflict(f"{place}: {number} fits several users ({', '.join(found)}); write the user id instead")
        return found[0]

    def _check_weights(self, desired: Values, current: Observed | None) -> None:
        """Refuse declared weights that would not total 100; present ones that stay as they are may total anything."""
        known = {m["extension"]: m["weight"] for m in (current.values["members"] if current else [])}
        declared = {m["extension"]: m["weight"] for m in desired["members"] if "weight" in m}
        if all(known.get(user) == weight for user, weight in declared.items()):
            return
        total = sum(declared.get(m["extension"], known.get(m["extension"], 0)) for m in desired["members"])
        if total not in (0, 100):
            raise InvalidOption(
                f"hunt_group {desired.get('id') or desired.get('name')}: members: weights total {total}; they have to total 100"
            )

    # -- writing -----------------------------------------------------------------------------------------------------
    def create(self, desired: Values, target: Values) -> str | None:
        fields = {field for field in desired if field not in ("id", "settings")}
        for name, value in desired.get("settings", {}).items():
            nested = SETTINGS[name].partial
            fields |= {f"settings.{name}.{part}" for part in value} if nested else {f"settings.{name}"}
        body = encode(desired, target, fields)
        if desired.get("id"):
            body["serviceUserId"] = desired["id"]
        if body.get("serviceInstanceProfile", {}).get("department") == "":
            del body["serviceInstanceProfile"]["department"]  # a new group has none anyway
        answer, status = self.client.write("POST", self.client.hunt_groups(), body)
        self._note_partial(status, desired)
        key = self._created_key(answer, desired)
        if any(member.get("weight") for member in target.get("members", [])):
            self._write_weights(key, target)
        return key

    def _created_key(self, answer: Values, desired: Values) -> str:
        """The id of the new group: the answer's, completed or found in the list where it is not whole."""
        shown = str(answer.get("serviceUserId") or "")
        if "@" in shown:
            return shown
        wanted = {"id": shown or desired["id"]} if shown or desired.get("id") else desired
        row = self._match(self._list_rows(fresh=True), wanted)
        if row is None:
            raise NotStored("the server accepted the creation, but the object is not in its list")
        return str(row["serviceUserId"])

    def update(self, current: Observed, desired: Values, target: Values, changed: set[str]) -> str | None:
        key = current.values["id"]
        body = encode(desired, target, changed)
        agents_as_they_are = [m["extension"] for m in current.values["members"]] == body.get("agents")
        if agents_as_they_are:
            del body["agents"]  # only weights change
        department = body.get("serviceInstanceProfile", {}).get("department")
        if body:
            answer, status = self._put(key, body)
            self._note_partial(status, desired)
            key = self._key_after(answer, key, target)
        if "members" in changed:
            self._settle_weights(key, current, desired, target)
        if department == "":
            self._clear_department(key)
        return key if key != current.values["id"] else None

    def _put(self, key: str, body: Values) -> tuple[Values, int]:
        """Send the changed fields. Where an empty department is refused they go without it; see _clear_department."""
        try:
            return self.client.write("PUT", self.client.hunt_groups(key), body)
        except Rejected:
            profile = body.get("serviceInstanceProfile", {})
            if profile.get("department") != "":
                raise
            others = {name: value for name, value in profile.items() if name != "department"}
            rest = {name: value for name, value in body.items() if name != "serviceInstanceProfile"}
            if others:
                rest["serviceInstanceProfile"] = others
            return self.client.write("PUT", self.client.hunt_groups(key), rest) if rest else ({}, 200)

    def _note_partial(self, status: int, desired: Values) -> None:
        if status == 207:
            self.notes.append(
                f"hunt_group {desired.get('id') or desired.get('name')}: APIO reported partial success (207); the result was read back"
            )

    def _key_after(self, answer: Values, key: str, target: Values) -> str:
        """The id after an update: a change of the number may have renamed the group."""
        shown = str(answer.get("serviceUserId") or "")
        return shown if "@" in shown else key

    def _settle_weights(self, key: str, current: Observed, desired: Values, target: Values) -> None:
        """After the agents: write weights that are declared, and give back those that the list's replacement lost."""
        declared = any("weight" in member for member in desired["members"])
        weighted = target.get("policy") == "weighted"
        if not declared and not weighted:
            return
        found = self._read(key)
        now = {m["extension"]: m["weight"] for m in found.values["members"]} if found else {}
        wanted = {m["extension"]: m.get("weight", 0) for m in target["members"]}
        if not declared and sum(wanted.values()) != 100:
            self.notes.append(
                f"hunt_group {key}: the weights of the members no longer total 100; set them with hunt_group_weights"
            )
            return
        if now != wanted:
            self._write_weights(key, target)

    def _write_weights(self, key: str, target: Values) -> None:
        """All members every time: the server sets those left out to 0 (note 7)."""
        agents = [{"userId": m["extension"], "weight": m.get("weight", 0)} for m in target["members"]]
        self.client.write("PUT", self.client.hunt_groups(key, "weighted_distribution"), {"agents": agents})

    def _clear_department(self, key: str) -> None:
        """How a department is cleared is not documented: try what is left until it is gone."""
        forms: tuple[Any, ...] = (None, {})
        for empty in forms:
            found = self._read(key)
            if not found or not found.values["settings"]["serviceInstanceProfile"].get("department"):
                return
            try:
                self.client.write(
                    "PUT", self.client.hunt_groups(key), {"serviceInstanceProfile": {"department": empty}}
                )
            except Rejected:
                continue

    def delete(self, current: Observed, desired: Values) -> None:
        self.client.write("DELETE", self.client.hunt_groups(current.values["id"]))
