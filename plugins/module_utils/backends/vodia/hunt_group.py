# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hunt groups ("ring groups" in newer versions) of a Vodia domain.

Sources: page Hunt Group (routes, every setting of its GET); vendor note sections 3 to 6 (partial update, one number
space, all values strings, "" inherits the default of the domain).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ...errors import NotFound
from ...model.catalog import HUNT_GROUP, Capability, Reference
from ...model.numbers import NumberRules
from ...model.validate import Declared
from ...model.values import Field, Values, to_bool
from ..contract import Observed, Pairing, WriteStep, only_match, require
from ..decoding import text
from .account import Account, AccountStore
from .directory import HUNTS
from .members import decode_members, encode_stages, pair_members, with_stages
from .wire import (
    ALIASES,
    COUNT,
    INHERITED_BOOL,
    NUMBER,
    RUNTIME,
    SECONDS,
    check_aliases,
    check_keys,
    decode_settings,
    encode_settings,
    encode_text,
    without_own_number,
)

# Longer numbers, and those dialled with + or 00, lie outside the domain and cannot be checked there.
_LONGEST_ACCOUNT = 6

SETTINGS: dict[str, Field] = {
    "alias": ALIASES,
    **dict.fromkeys(("st1_dur", "st2_dur", "st3_dur"), SECONDS),
    **dict.fromkeys(("st1_miss", "st2_miss", "st3_miss", "connect", "ncf", "rec"), INHERITED_BOOL),
    **dict.fromkeys(("max_call_duration", "max_cdrs"), COUNT),
    **dict.fromkeys(("ani", "hunt_anonymous_dest"), Field("phone")),
    # `night` is a text: its numbers belong to the flags by their places
    **dict.fromkeys(
        ("conn_sym", "email", "flag", "from_header", "melody", "moh", "night", "acdani", "cdr_time", "credit", "dial_plan",
         "email_cdr", "epid", "location", "param1", "param2", "param3", "rb", "rf", "need_license", "view_settings",
         "visible"),
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
    # the final stage may have several numbers (note 6: the vendor's page has two in its example)
    overrides={"overflow_to": Field("phone_tokens")},
    claims={"id": "number", "settings.alias": "number"},
    references=(
        Reference("settings.night", "sends calls by service flag to"),
        Reference("settings.hunt_anonymous_dest", "sends anonymous callers to"),
    ),
    parking={"settings.alias": []},
)


def decode(number: str, settings: Values, numbers: NumberRules) -> Values:
    """The settings of a hunt group in neutral words. Everything comes as a string; "" is unset. Raises BadAnswer."""
    return {
        "id": number,
        "name": text(settings, "display"),
        "members": decode_members(settings),
        "overflow_to": " ".join(text(settings, "st4_ext").split()),
        "enabled": to_bool(settings.get("disabled") or "false") is not True,
        "settings": decode_settings(SETTINGS, number, settings, numbers),
    }


def encode(number: str, target: Values, changed: Collection[str], before: Values | None = None) -> Values:
    """The settings that have to be sent for the changed options: strings all, but for the list of aliases.

    Of the stages only those that change: somebody else may just be at work on another.
    """
    wire: Values = {}
    if "name" in changed:
        wire["display"] = target["name"]
    if "overflow_to" in changed:
        wire["st4_ext"] = " ".join(encode_text(target["overflow_to"]).split())
    if "enabled" in changed:
        wire["disabled"] = "false" if target["enabled"] else "true"
    if "members" in changed:
        present = encode_stages(before["members"]) if before else {}
        stages = encode_stages(target["members"])
        wire.update({key: numbers for key, numbers in stages.items() if numbers != present.get(key)})
    return {**wire, **encode_settings(number, target, changed)}


class HuntGroups(AccountStore):
    """Hunt groups by number, or by name.

    A group that is declared absent is absent when no group has this number as its primary one: who declares a further
    number absent has not asked for the group to go.
    """

    resource = HUNT_GROUP
    capability = CAPABILITY
    kind = HUNTS
    own_list = "hunts"
    what = "a hunt group"
    limit = "groups"

    def check(self, declared: Declared) -> None:
        check_aliases(declared.place, declared.values, self.numbers)

    # -- reading -----------------------------------------------------------------------------------------------------------
    @staticmethod
    def is_kind(settings: Values) -> bool:
        return "st1_ext" in settings

    def listed(self, fresh: bool = False) -> Collection[str]:
        return self.client.hunts(fresh).names

    def find(self, declared: Declared) -> Observed | None:
        hunts = self.client.hunts()
        asked = declared.values.get("id")
        if not asked:
            named = hunts.named(declared.values["name"])
            asked = only_match(declared.place, "name", named, named)
        account = self.account_of(asked, to_create=not declared.absent) if asked else None
        if account is None or not account.own:
            return None
        if declared.absent and not account.is_primary(asked, self.numbers):
            self._note_further_number(asked, account)
            return None
        return self.observed(account)

    def _note_further_number(self, asked: str, account: Account) -> None:
        if not self.context.is_planned(asked):
            self.notes.append(
                f"hunt_group {asked}: is a further number of hunt group {account.number}, which stays; write "
                f"id: {account.number} to delete the group, or take the number out of its settings.alias"
            )

    def observed(self, account: Account) -> Observed:
        return Observed(decode(account.number, account.settings, self.numbers), account.keys)

    def prefetch(self) -> None:
        self.client.hunts()

    def list_keys(self) -> dict[str, Observed | None]:
        return dict.fromkeys(self.client.hunts().names)

    def list_names(self) -> dict[str, str]:
        return dict(self.client.hunts().names)

    def read_all(self) -> list[Observed]:
        return self.read_each(self.read_own, self.client.hunts().names)

    # -- planning ----------------------------------------------------------------------------------------------------------
    def resolve(self, declared: Declared, current: Observed | None) -> Declared:
        if declared.absent:
            return declared
        values = dict(declared.values)
        present = current.values["members"] if current else []
        if current is None:
            self._check_new_number(declared)
        else:
            values["id"] = current.values["id"]
        if "members" in values:
            values["members"] = with_stages(declared.place, values["members"], present)
            self._check_members_exist(declared, present)
        known = current.record if current else self._keys_of_another_group()
        check_keys(declared.place, values.get("settings", {}), known)
        return declared.with_values(without_own_number(values, values["id"], self.numbers))

    def _check_new_number(self, declared: Declared) -> None:
        number = declared.values.get("id")
        if not number:
            raise NotFound(f"{declared.place}: there is none with this name; give id to create it")
        self.check_not_of_another_kind(declared, number)

    def _check_members_exist(self, declared: Declared, present: Iterable[Values]) -> None:
        """Refuse members that the domain does not know; the PBX itself would accept and never ring them (note 4)."""
        already = {member["extension"] for member in present}
        new = dict.fromkeys(member["extension"] for member in declared.values["members"])
        missing = self._missing([number for number in new if number not in already and self._is_internal(number)])
        if missing:
            raise NotFound(
                f"{declared.place}: members: there is no account {', '.join(missing)} in {self.client.domain}; "
                "create it first or correct the number"
            )

    @staticmethod
    def _is_internal(number: str) -> bool:
        return len(number) <= _LONGEST_ACCOUNT and not number.startswith(("+", "00"))

    def _missing(self, numbers: list[str]) -> list[str]:
        """The numbers that no account has or will have; for several of them, or several groups, one list tells."""
        hunts = self.client.hunts().names
        left = [number for number in numbers if number not in hunts and not self.context.is_planned(number)]
        if len(left) > 1 or (left and not self.context.standalone):
            directory = self.client.directory()
            left = [number for number in left if number not in directory]
        return [number for number in left if self.client.settings(number) is None]

    def _keys_of_another_group(self) -> Iterable[str]:
        """What this version knows of hunt groups, by one that is there."""
        other = next(iter(list(self.client.hunts().names)), None)  # a copy: other threads add to it
        return self.client.settings(other) or () if other else ()

    def pair(self, declared: Declared, current: Observed | None) -> Pairing:
        return pair_members(declared.values.get("members", []), current.values["members"] if current else [])

    # -- writing -----------------------------------------------------------------------------------------------------------
    def create(self, step: WriteStep) -> str | None:
        number = str(step.declared.values["id"])
        return self.create_account(number, encode(number, step.target, step.changed))

    def update(self, step: WriteStep) -> str | None:
        before = require(step.current).values
        number = str(before["id"])
        self.client.write_settings(number, encode(number, step.target, step.changed, before))
        return None

    def delete(self, step: WriteStep) -> None:
        self.client.delete_account(str(require(step.current).values["id"]))
