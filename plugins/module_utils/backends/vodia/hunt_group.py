# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hunt groups ("ring groups" in newer versions) of a Vodia domain.

Sources: page Hunt Group (routes, every setting of its GET); vendor note sections 3 to 6 (partial update, one number
space, all values strings, "" inherits the default of the domain).
"""

from __future__ import annotations

from collections.abc import Iterable

from ...errors import Conflict, Incomplete, InvalidOption, NotFound, NotStored
from ...model.catalog import HUNT_GROUP, Capability
from ...model.values import Field, Values, same_number, to_bool
from ..contract import Observed, Store
from .client import VodiaClient
from .wire import (
    COUNT,
    INHERITED_BOOL,
    NUMBER,
    RUNTIME,
    SECONDS,
    check_aliases,
    check_keys,
    decode_settings,
    encode_settings,
    without_own_number,
)

STAGES = (1, 2, 3)
# Longer numbers, and those dialled with + or 00, lie outside the domain and cannot be checked there.
_LONGEST_ACCOUNT = 6

SETTINGS: dict[str, Field] = {
    "alias": Field("names"),
    **dict.fromkeys(("st1_dur", "st2_dur", "st3_dur"), SECONDS),
    **dict.fromkeys(("st1_miss", "st2_miss", "st3_miss", "connect", "ncf", "rec"), INHERITED_BOOL),
    **dict.fromkeys(("max_call_duration", "max_cdrs"), COUNT),
    **dict.fromkeys(
        ("conn_sym", "email", "flag", "from_header", "hunt_anonymous_dest", "melody", "moh", "night", "acdani", "ani",
         "cdr_time", "credit", "dial_plan", "email_cdr", "epid", "location", "param1", "param2", "param3", "rb", "rf",
         "need_license", "view_settings", "visible"),
        Field(),
    ),
    # named by newer versions only (note 6)
    **dict.fromkeys(("algo", "sani", "fani", "building", "department", "room", "comment", "shortname", "publish"), Field()),
    **dict.fromkeys(("dialog_state", "dialog_subscribe", "dialog_version"), RUNTIME),
    "display": Field(instead="name"),
    "st1_ext": Field(instead="members (with stage: 1)"),
    "st2_ext": Field(instead="members (with stage: 2)"),
    "st3_ext": Field(instead="members (with stage: 3)"),
    "st4_ext": Field(instead="overflow_to"),
    "disabled": Field(instead="enabled"),
}  # fmt: skip

_HINT_NUMBER = "the id is the number; further numbers go into settings.alias"
CAPABILITY = Capability(
    options=frozenset({"id", "name", "overflow_to", "enabled"}),
    member_options=frozenset({"extension", "stage"}),
    refused={
        "policy": "members ring by stage: give each a stage from 1 to 3",
        "overflow_after": "set how long the stages ring with settings.st1_dur, st2_dur and st3_dur",
        "extension": _HINT_NUMBER,
        "phone_number": _HINT_NUMBER,
        "members.weight": "weights exist on apio",
        "members.ring_delay": "use a later stage",
        "members.ring_time": "set how long the stage rings with settings.st1_dur, st2_dur and st3_dur",
    },
    settings=SETTINGS,
    number=NUMBER,
    member_identity=("extension", "stage"),
)


def decode(number: str, settings: Values) -> Values:
    """The settings of a hunt group in neutral words. Everything comes as a string; "" is unset."""
    members = [
        {"extension": extension, "stage": stage}
        for stage in STAGES
        for extension in dict.fromkeys(str(settings.get(f"st{stage}_ext") or "").split())
    ]
    return {
        "id": number,
        "name": str(settings.get("display") or ""),
        "members": members,
        "overflow_to": " ".join(str(settings.get("st4_ext") or "").split()),
        "enabled": to_bool(settings.get("disabled") or "false") is not True,
        "settings": decode_settings(SETTINGS, number, settings),
    }


def encode(number: str, target: Values, desired: Values, changed: set[str], before: Values | None = None) -> Values:
    """The settings that have to be sent for the changed fields: strings all, but for the list of aliases.

    Of the stages only those that change: somebody else may just be at work on another.
    """
    wire: Values = {}
    if "name" in changed:
        wire["display"] = target["name"]
    if "overflow_to" in changed:
        wire["st4_ext"] = target["overflow_to"]
    if "enabled" in changed:
        wire["disabled"] = "false" if target["enabled"] else "true"
    if "members" in changed:
        present = encode_stages((before or {}).get("members", []), STAGES)
        stages = encode_stages(target["members"], STAGES)
        wire.update({key: numbers for key, numbers in stages.items() if before is None or numbers != present[key]})
    return {**wire, **encode_settings(number, desired, changed)}


def encode_stages(members: list[Values], stages: Iterable[int]) -> Values:
    """The numbers of each stage in one string."""
    return {
        f"st{stage}_ext": " ".join(member["extension"] for member in members if member["stage"] == stage)
        for stage in sorted(stages)
    }


def is_one_of(number: str, numbers: list[str]) -> bool:
    """Whether a number is one of these, in whatever format the PBX shows it."""
    return any(same_number(number, one) for one in numbers)


class HuntGroups(Store):
    resource = HUNT_GROUP
    capability = CAPABILITY

    def __init__(self, client: VodiaClient) -> None:
        super().__init__()
        self.client = client
        self._listed: list[Values] = []

    def check(self, desired: Values) -> None:
        check_aliases(f"hunt_group {desired.get('id') or desired.get('name')}", desired)

    # -- reading -----------------------------------------------------------------------------------------------------
    def find(self, desired: Values) -> Observed | None:
        self._listed = self.client.hunts()
        key, column = ("id", "name") if desired.get("id") else ("name", "display")
        matches = [str(row.get("name")) for row in self._listed if str(row.get(column) or "") == desired[key]]
        if len(set(matches)) > 1:
            raise Conflict(
                f"hunt_group {desired[key]}: {len(matches)} groups have this name ({', '.join(matches)}); give id"
            )
        found = self._read(matches[0]) if matches else None
        if (
            matches
            and found is None
            and any(str(row.get("name")) == matches[0] for row in self.client.hunts(fresh=True))
        ):
            raise Incomplete(
                f"hunt_group {matches[0]}: is in the list of the PBX, but has no settings; nothing was changed"
            )
        return found

    def _read(self, number: str) -> Observed | None:
        settings = self.client.settings(number)
        if settings is not None and "st1_ext" not in settings:
            raise Incomplete(f"hunt_group {number}: what the PBX shows are not the settings of a hunt group")
        return Observed(decode(number, settings), sorted(settings)) if settings is not None else None

    def warm(self) -> None:
        self.client.hunts()

    def survey(self) -> dict[str, Observed | None]:
        return {str(row.get("name")): None for row in self.client.hunts()}

    def read_all(self) -> list[Observed]:
        return self.read_each(self._read, [str(row.get("name")) for row in self.client.hunts()])

    def resolve(self, desired: Values, current: Observed | None, state: str) -> Values:
        if state == "absent":
            return desired
        resolved = dict(desired)
        if current is None:
            self._check_new_number(desired)
        if "members" in desired:
            resolved["members"] = self._with_stages(desired, current)
            self._check_members_exist(desired, current)
        if "overflow_to" in desired:
            resolved["overflow_to"] = " ".join(desired["overflow_to"].split())
        self._check_keys(desired, current)
        return without_own_number(resolved, current.values["id"] if current else desired["id"])

    def _check_new_number(self, desired: Values) -> None:
        number = desired.get("id")
        if not number:
            raise NotFound(f"hunt_group {desired.get('name')}: there is none with this name; give id to create it")
        if self.client.settings(number) is not None:
            raise Conflict(
                f"hunt_group {number}: the number belongs to another kind of account in {self.client.domain}; "
                "choose a free number or delete that account first"
            )

    @staticmethod
    def _with_stages(desired: Values, current: Observed | None) -> list[Values]:
        """Members with their stage: the written one, else the present one, else the first."""
        stages: dict[str, int] = {}
        for member in reversed(current.values["members"] if current else []):
            stages[member["extension"]] = member["stage"]
        members = [{"stage": stages.get(m["extension"], 1), **m} for m in desired["members"]]
        if len({(m["extension"], m["stage"]) for m in members}) != len(members):
            raise InvalidOption(
                f"hunt_group {desired.get('id') or desired.get('name')}: members: one is listed twice in a stage"
            )
        return members

    def _check_members_exist(self, desired: Values, current: Observed | None) -> None:
        """Refuse members that the domain does not know; the PBX itself would accept and never ring them (note 4)."""
        present = {member["extension"] for member in (current.values["members"] if current else [])}
        new = dict.fromkeys(m["extension"] for m in desired["members"] if m["extension"] not in present)
        hunts = {str(row.get("name")) for row in self._listed}
        missing = [
            number
            for number in new
            if len(number) <= _LONGEST_ACCOUNT
            and not number.startswith(("+", "00"))
            and number not in hunts
            and number not in self.promised
            and not self.client.exists(number)
        ]
        if missing:
            key = desired.get("id") or desired.get("name")
            raise NotFound(
                f"hunt_group {key}: members: there is no account {', '.join(missing)} in {self.client.domain}; "
                "create it first or correct the number"
            )

    def _check_keys(self, desired: Values, current: Observed | None) -> None:
        known = current.record if current else self._keys_of_another_group()
        check_keys(f"hunt_group {desired.get('id') or desired.get('name')}", desired.get("settings", {}), known)

    def _keys_of_another_group(self) -> list[str]:
        other = next((str(row.get("name")) for row in self._listed), None)
        return list(self.client.keys_of(other)) if other else []

    # -- writing -----------------------------------------------------------------------------------------------------
    def create(self, desired: Values, target: Values) -> str | None:
        number = desired["id"]
        self.client.post("addacc", body={"type": "hunts", "account": number})
        if not any(str(row.get("name")) == number for row in self.client.hunts(fresh=True)):
            raise NotStored(
                "the PBX accepted the creation, but has no such hunt group; is the limit of groups reached?"
            )
        changed = {field for field in desired if field not in ("id", "settings")}
        changed |= {f"settings.{name}" for name in desired.get("settings", {})}
        if changed:
            self.client.post("user_settings", number, body=encode(number, target, desired, changed))
        return None

    def update(self, current: Observed, desired: Values, target: Values, changed: set[str]) -> str | None:
        number = current.values["id"]
        body = encode(number, target, desired, changed, current.values)
        self.client.post("user_settings", number, body=body)
        return None

    def delete(self, current: Observed, desired: Values) -> None:
        self.client.delete("addacc", current.values["id"])

    def drop_member(self, numbers: list[str]) -> list[str]:
        """Take an extension, by all its numbers, out of the stages of every hunt group; returns the groups it was in."""
        groups = []
        for group in self.read_all():
            members = group.values["members"]
            stages = {member["stage"] for member in members if is_one_of(member["extension"], numbers)}
            left = [member for member in members if not is_one_of(member["extension"], numbers)]
            if stages:
                wire = encode_stages(left, stages)
                self.client.post("user_settings", group.values["id"], body=wire)
                groups.append(str(group.values["id"]))
        return groups
