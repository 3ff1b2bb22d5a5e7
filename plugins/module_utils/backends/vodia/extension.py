# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions of a Vodia domain, beyond the vendor's hunt group page.

Source: vendor note sections 3 (creation takes `account_ext`, one number space, no type in the settings) and 7 (names,
keys). That an account with the keys of an extension is one, where the PBX has no list of them, is inferred.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

from ...errors import Conflict, InvalidOption
from ...model.catalog import EXTENSION, Capability, Reference
from ...model.validate import Declared
from ...model.values import Field, Values
from ..contract import Observed, WriteStep, require, same_name
from ..decoding import text
from .account import Account, AccountStore
from .directory import EXTENSIONS
from .wire import (
    ALIASES,
    COUNT,
    INHERITED_BOOL,
    NUMBER,
    check_aliases,
    check_keys,
    decode_settings,
    encode_settings,
    without_own_number,
)

_FORWARDING = Field(instead="follow_me (its option forwarding)")
SETTINGS: dict[str, Field] = {
    "alias": ALIASES,
    **dict.fromkeys(("mb_enable", "disabled", "cw", "block_cid"), INHERITED_BOOL),
    **dict.fromkeys(("max_call_duration", "max_cdrs"), COUNT),
    **dict.fromkeys(
        ("first_name", "display_name", "email_address", "dial_plan", "moh", "euse", "location", "epid", "param1", "param2",
         "param3"),
        Field(),
    ),
    "ani": Field("phone"),
    "edest": Field("phone_tokens"),
    # named by newer versions only (note 6)
    **dict.fromkeys(("sani", "fani", "building", "department", "room", "comment", "shortname"), Field()),
    **dict.fromkeys(("cfa", "cfb", "cfn", "cfn_timeout", "cfr"), _FORWARDING),
}  # fmt: skip
CAPABILITY = Capability(
    options=frozenset({"id", "name"}),
    refused={"account": "an extension is its own account here"},
    settings=SETTINGS,
    number=NUMBER,
    claims={"id": "number", "settings.alias": "number"},
    # What exactly `edest` does is not documented; by its name and place it leads to other numbers (note 7, inferred).
    references=(Reference("settings.edest", "leads calls to"),),
    parking={"settings.alias": []},
)
_NAMES = ("first_name", "display_name")
# A new extension gets others; the PBX deletes mailbox and records with the account (note 3).
_LOST = "its SIP password, web password and PIN, its voicemail and its call records"


def full_name(settings: Values) -> str:
    """The name that phones show: the PBX composes it of the given name and the surname, `display_name` (note 7)."""
    return " ".join(" ".join(text(settings, part) for part in _NAMES).split())


class Extensions(AccountStore):
    """Extensions by number. One that is declared absent by a further number of an extension is refused."""

    resource = EXTENSION
    capability = CAPABILITY
    searched_alone = False  # one read for each extension
    kind = EXTENSIONS
    own_list = "directory"
    what = "an extension"
    limit = "the licence"

    def check(self, declared: Declared) -> None:
        """Both ways of writing the name have to say the same: exports hold both."""
        check_aliases(declared.place, declared.values, self.numbers)
        if "name" in declared.values and not declared.values["name"].strip():
            raise InvalidOption(f"{declared.place}: name: cannot be cleared; leave it out, or write settings")
        settings = declared.values.get("settings", {})
        if all(name in settings for name in _NAMES):
            self._check_name(declared, full_name(settings))

    @staticmethod
    def _check_name(declared: Declared, composed: str) -> None:
        name = declared.values.get("name")
        if name is not None and not same_name(name, composed):
            raise InvalidOption(
                f"{declared.place}: name: {name} contradicts settings.first_name and "
                f"settings.display_name, which make it {composed or 'empty'}; write only one of them"
            )

    # -- reading -----------------------------------------------------------------------------------------------------------
    @staticmethod
    def is_kind(settings: Values) -> bool:
        return "cfa" in settings and "st1_ext" not in settings

    def listed(self, fresh: bool = False) -> Container[str] | None:
        directory = self.client.directory(fresh)
        return directory.extensions if directory.offered else None

    def find(self, declared: Declared) -> Observed | None:
        return self.read_own(declared.values["id"], to_create=not declared.absent)

    def observed(self, account: Account) -> Observed:
        shown = decode_settings(SETTINGS, account.number, account.settings, self.numbers)
        return Observed({"id": account.number, "name": full_name(account.settings), "settings": shown}, account.keys)

    def info(self, asked: Values) -> Values:
        number = asked.get("id")
        account = self.account_of(number) if number else None
        if number and account and not account.own:
            raise self.other_kind(number, account)
        return super().info(asked)

    def prefetch(self) -> None:
        self.client.directory()

    def list_keys(self) -> dict[str, Observed | None]:
        return dict.fromkeys(self.client.directory().all_extensions())

    def read_all(self) -> list[Observed]:
        return self.read_each(self.read_own, self.client.directory().all_extensions())

    # -- planning ----------------------------------------------------------------------------------------------------------
    def resolve(self, declared: Declared, current: Observed | None) -> Declared:
        asked = declared.values["id"]
        self.check_not_of_another_kind(declared, asked)
        if declared.absent:
            self._check_primary(declared, asked)
            return declared
        number = current.values["id"] if current else asked
        values = without_own_number(self._named(declared, current), number, self.numbers)
        known = current.record if current else self._keys_of_another() if "settings" in values else ()
        check_keys(declared.place, values.get("settings", {}), known)
        return declared.with_values({**values, "id": number})

    def _check_primary(self, declared: Declared, asked: str) -> None:
        """Raises Conflict: who declares a further number absent has not asked for the extension to go."""
        account = self.account_of(asked)
        if account and not account.is_primary(asked, self.numbers):
            raise Conflict(
                f"{declared.place}: is a further number of {account.number} in {self.client.domain}; write "
                f"id: {account.number} to delete that extension, or take the number out of its settings.alias"
            )

    def _named(self, declared: Declared, current: Observed | None) -> Values:
        """Both spellings of the name, whichever was written."""
        values = declared.values
        present = current.values["settings"] if current else {}
        settings = values.get("settings", {})
        if not any(name in settings for name in _NAMES):
            name = " ".join(values.get("name", "").split())
            if not name or same_name(name, full_name(present)):
                return values
            first, _blank, last = name.partition(" ")
            settings = {**settings, "first_name": first, "display_name": last}
        composed = full_name({**present, **settings})
        self._check_name(declared, composed)
        return {**values, "name": composed, "settings": settings}

    def _keys_of_another(self) -> Iterable[str]:
        """What this version knows of extensions, by one that is there; nothing where it does not list them."""
        other = next(iter(list(self.client.directory().extensions)), None)  # a copy: other threads add to it
        return self.client.settings(other) or () if other else ()

    def lost(self, current: Observed) -> tuple[list[str], list[str]]:
        return [_LOST], []

    # -- writing -----------------------------------------------------------------------------------------------------------
    def create(self, step: WriteStep) -> str | None:
        number = str(step.declared.values["id"])
        return self.create_account(number, encode_settings(number, step.target, step.changed))

    def update(self, step: WriteStep) -> str | None:
        number = str(require(step.current).values["id"])
        wire = encode_settings(number, step.target, step.changed)
        self.client.write_settings(number, wire)
        return None

    def delete(self, step: WriteStep) -> None:
        self.client.delete_account(str(require(step.current).values["id"]))
