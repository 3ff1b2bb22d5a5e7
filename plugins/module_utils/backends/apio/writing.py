# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes one hunt group: the group itself, then the weights of its agents.

Source: vendor note section 7. A PUT is partial; one request spans several of BroadWorks, so a group may be made or changed
by half; agents that a request about weights leaves out get 0; a new number may change the id; how a department is cleared
is not documented.
"""

from __future__ import annotations

from typing import Any, Protocol

from ...errors import NotStored, Rejected
from ...model.numbers import NumberRules
from ...model.values import Values
from ..contract import Observed, WriteStep, after_changes, only_match, require
from ..decoding import text
from .client import ApioClient, Written
from .identity import id_of, rows_with_id, rows_with_name, same_id
from .wire import decode, encode, is_hunt_group, still_missing

DEPARTMENT = "settings.serviceInstanceProfile.department"
_PROFILE = "serviceInstanceProfile"
_NOT_SENT = frozenset({"id", "state"})


class Groups(Protocol):
    """What a writer needs of the store of hunt groups."""

    client: ApioClient
    notes: list[str]

    @property
    def numbers(self) -> NumberRules:
        """See `HuntGroups.numbers`."""

    def read_one(self, key: str, fresh: bool = False) -> Observed | None:
        """See `HuntGroups.read_one`."""

    def lookalikes(self, rows: list[Values], name: str, numbers: Values, fresh: bool = False) -> list[Observed]:
        """See `HuntGroups.lookalikes`."""


class HuntGroupWriter:
    """Carries out one step of the plan."""

    def __init__(self, groups: Groups, step: WriteStep) -> None:
        self.groups, self.step = groups, step
        self.client, self.target = groups.client, step.target
        self.changed = step.changed - _NOT_SENT
        self.place = step.declared.place

    # -- creation ------------------------------------------------------------------------------------------------------
    def create(self) -> str | None:
        """Returns the id of the new group, where it is not the declared one."""
        declared = self.step.declared.values.get("id", "")
        body = encode(self.target, self.changed)
        if declared:
            body["serviceUserId"] = declared
        written = self.client.send("POST", self.client.hunt_group_path(), body)
        self._note_partial(written)
        with after_changes("the group itself was created"):
            key = self._created_key(text(written.body, "serviceUserId"), declared)
            self.client.note_new(key, self.target.get("name", ""), body.get("policy"))
            self._finish(key, written)
        return key if key != declared else None

    def _created_key(self, shown: str, declared: str) -> str:
        """The id of the new group: the answer's, completed or found in the list where it is not whole."""
        if "@" in shown:
            return shown
        if "@" in declared and (not shown or same_id(shown, declared)):
            return declared
        rows, key = self.client.groups(fresh=True), shown or declared
        matches = rows_with_id(rows, key) if key else rows_with_name(rows, self.target["name"])
        row = only_match(self.place, "id" if key else "name", matches, map(id_of, matches), "give the full id")
        if row is None:
            raise NotStored("the server accepted the creation, but the object is not in its list")
        return id_of(row)

    def _finish(self, key: str, written: Written) -> None:
        """Write again what a partial creation left out, then the weights; raise a refusal only after both."""
        problems: list[Rejected] = []
        missing = self._left_out(key, written)
        if missing:
            try:
                self._put(key, encode(self.target, missing))
            except Rejected as error:
                problems.append(error)
        if any(member.get("weight") for member in self.target.get("members", [])):
            try:
                self._write_weights(key)
            except Rejected as error:
                problems.append(error)
        if problems:
            raise problems[0]

    def _left_out(self, key: str, written: Written) -> frozenset[str]:
        """The options that the new group does not have yet. An answer that shows them all, whole, needs no second look."""
        if not written.partial and is_hunt_group(written.body) and not self._missing(decode(written.body, key)):
            return frozenset()
        found = self.groups.read_one(key, fresh=True)
        return self._missing(found.values) if found else frozenset()

    def _missing(self, found: Values) -> frozenset[str]:
        return still_missing(self.changed, self.target, found, self.groups.numbers)

    # -- change --------------------------------------------------------------------------------------------------------
    def update(self) -> str | None:
        """Returns the new id of a group that the server renamed."""
        current = require(self.step.current)
        old = key = str(current.values["id"])
        present = [member["extension"] for member in current.values["members"]]
        body = encode(self.target, self.changed)
        if body.get("agents") == present:
            del body["agents"]  # only weights change
        written = Written({})
        if body:
            written = self._put(key, body)
            self._note_partial(written)
            key = self._key_after(text(written.body, "serviceUserId"), key)
        with after_changes("the group itself was changed" if body else ""):
            if "members" in self.changed:
                self._settle_weights(key, self._weights_now(key, written) if "agents" in body else None)
            if DEPARTMENT in self.changed and not self.target["settings"][_PROFILE].get("department"):
                self._clear_department(key)
        return key if key != old else None

    def _put(self, key: str, body: Values) -> Written:
        """Send the changed fields. Where an empty department is refused they go without it; see _clear_department."""
        path = self.client.hunt_group_path(key)
        try:
            return self.client.send("PUT", path, body)
        except Rejected:
            profile = body.get(_PROFILE, {})
            if profile.get("department") != "":
                raise
            others = {name: value for name, value in profile.items() if name != "department"}
            rest = {name: value for name, value in body.items() if name != _PROFILE}
            if others:
                rest[_PROFILE] = others
            return self.client.send("PUT", path, rest) if rest else Written({})

    def _note_partial(self, written: Written) -> None:
        if written.partial:
            self.groups.notes.append(f"{self.place}: APIO reported partial success (207); the result was read back")

    def _key_after(self, shown: str, key: str) -> str:
        """The id after an update: a change of the number may have renamed the group."""
        if "@" in shown:
            return key if same_id(shown, key) else shown
        if "phone_number" not in self.changed or (shown and same_id(shown, key)):
            return key
        rows = self.client.groups(fresh=True)
        matches = rows_with_id(rows, shown or key) or self._renamed(rows)
        row = only_match(self.place, "id, name or number", matches, map(id_of, matches), "give the full id")
        if row is None:
            raise NotStored(f"after the change of its number the group {key} is not in the list, nor one like it")
        return id_of(row)

    def _renamed(self, rows: list[Values]) -> list[Values]:
        """The rows of groups with this group's name and numbers, one that it has none of included."""
        wanted = {option: self.target.get(option, "") for option in ("phone_number", "extension")}
        found = self.groups.lookalikes(rows, self.target["name"], wanted, fresh=True)
        ids = [one.values["id"] for one in found]
        return [row for row in rows if id_of(row) in ids]

    # -- weights -------------------------------------------------------------------------------------------------------
    def _settle_weights(self, key: str, now: dict[str, int] | None) -> None:
        """After the agents: write weights that are declared, and give back those that the list's replacement lost.

        now: the weights after the list was replaced; None where it was not, so that only weights change.
        """
        declared = any("weight" in member for member in self.step.declared.values.get("members", []))
        if not declared and self.target.get("policy") != "weighted":
            return
        wanted = {member["extension"]: member.get("weight", 0) for member in self.target["members"]}
        if not declared and sum(wanted.values()) != 100:
            return  # a warning of the plan says so
        if now != wanted:
            self._write_weights(key)

    def _weights_now(self, key: str, written: Written) -> dict[str, int]:
        """The weights after a PUT, as its answer shows them (the page: similar to GET), or as they are read."""
        if "agents" in written.body and not written.partial:
            values = decode(written.body, key)
        else:
            found = self.groups.read_one(key, fresh=True)
            values = found.values if found else {"members": []}
        return {member["extension"]: member["weight"] for member in values["members"]}

    def _write_weights(self, key: str) -> None:
        """All members every time: the server sets those left out to 0 (note 7)."""
        agents = [{"userId": m["extension"], "weight": m.get("weight", 0)} for m in self.target["members"]]
        self.client.send("PUT", self.client.hunt_group_path(key, "weighted_distribution"), {"agents": agents})

    # -- department ----------------------------------------------------------------------------------------------------
    def _clear_department(self, key: str) -> None:
        """How a department is cleared is not documented: try what is left until it is gone."""
        forms: tuple[Any, ...] = (None, {})
        for empty in forms:
            found = self.groups.read_one(key, fresh=True)
            if not found or not found.values["settings"][_PROFILE].get("department"):
                return
            try:
                self.client.send("PUT", self.client.hunt_group_path(key), {_PROFILE: {"department": empty}})
            except Rejected:
                continue
