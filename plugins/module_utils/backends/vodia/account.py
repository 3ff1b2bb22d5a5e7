# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which account of a Vodia domain answers to a number, and whether it is of the kind that is meant.

All kinds share one set of numbers, and an account may answer to several. Source: vendor note sections 3 (settings tell no
type), 3.1 (aliases, one number space; a list confirms the type before a write) and 4 (a success proves nothing).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass
from typing import ClassVar

from ...errors import Conflict, Incomplete, NotStored
from ...model.numbers import NumberRules
from ...model.validate import Declared
from ...model.values import Values
from ..contract import CREATE, UPDATE, Observed, Store, WriteStep, after_changes
from .client import ACCOUNTS, VodiaClient
from .directory import aliases


@dataclass(frozen=True)
class Account:
    """An account that answers to a number.

    number: its primary number, as the PBX shows it. names: all numbers that it answers to. own: whether it is of the kind
    that the store keeps.
    """

    number: str
    names: tuple[str, ...]
    settings: Values
    own: bool

    def is_primary(self, asked: str, numbers: NumberRules) -> bool:
        """Whether a number that the account answers to is its primary one, perhaps spelled another way."""
        return numbers.same(asked, self.number) or all(name == self.number for name in self.names)

    @property
    def keys(self) -> tuple[str, ...]:
        """The settings that this version knows of this kind of account."""
        return tuple(sorted(self.settings))


class AccountStore(Store):
    """What the stores of all kinds of accounts share.

    kind: what the lists of the PBX call it. own_list: the remembered list that shows it. what: the
    same in words. limit: what the PBX may have too many of.
    """

    client: VodiaClient
    kind: ClassVar[str]
    own_list: ClassVar[str]
    what: ClassVar[str]
    limit: ClassVar[str]

    @staticmethod
    @abstractmethod
    def is_kind(settings: Values) -> bool:
        """Whether these are the settings of such an account, by keys that only this kind has."""

    @abstractmethod
    def listed(self, fresh: bool = False) -> Container[str] | None:
        """The primary numbers of all accounts of this kind; None where this version does not list them."""

    # -- reading -----------------------------------------------------------------------------------------------------------
    def account_of(self, asked: str, to_create: bool = False) -> Account | None:
        """The account that answers to a number, whatever its kind. Raises Incomplete when list and settings contradict.

        to_create: it is enough to know that the list of all accounts shows none; creation looks at what is there then.
        """
        if to_create and self.client.shows_nobody(asked):
            return None
        settings = self.client.settings(asked)
        if settings is None:  # a version may not answer to an alias: its list tells
            primary = self.client.directory().primaries.get(asked)
            settings = self.client.settings(primary) if primary else None
        if settings is None:
            self._check_not_listed(asked)
            return None
        names = tuple(aliases(settings)) or (asked,)
        number = self._own_number((*names, asked), settings)
        if number is None:
            return Account(names[0], names, settings, own=False)
        if not self.is_kind(settings):
            raise Incomplete(
                f"{self.resource.name} {number}: what the PBX shows are not the settings of {self.what}; "
                "nothing was changed"
            )
        return Account(number, names, settings, own=True)

    def _check_not_listed(self, asked: str) -> None:
        """Raises Incomplete for an account that is in the list, but has no settings: it cannot be judged."""
        if all(asked in (self.listed(fresh) or ()) for fresh in (False, True)):
            raise Incomplete(
                f"{self.resource.name} {asked}: is in the list of the PBX, but has no settings; nothing was changed"
            )

    def _own_number(self, names: tuple[str, ...], settings: Values) -> str | None:
        """The primary number among the names of an account, None for another kind of account.

        The first alias is the primary number (note 3.1); the list of the kind decides where it shows another one of them.
        """
        for fresh in (False, True):
            listed = self.listed(fresh)
            if listed is None:
                return names[0] if self.is_kind(settings) else None
            number = next((name for name in names if name in listed), None)
            if number is not None or not self.is_kind(settings):
                return number
        return None

    def read_own(self, number: str, to_create: bool = False) -> Observed | None:
        """The account of this kind with this primary number."""
        account = self.account_of(number, to_create)
        return self.observed(account) if account and account.own else None

    @abstractmethod
    def observed(self, account: Account) -> Observed:
        """An account of this kind in neutral words. Raises BadAnswer."""

    # -- planning ----------------------------------------------------------------------------------------------------------
    def check_not_of_another_kind(self, declared: Declared, asked: str) -> None:
        """Refuse a number that another kind of account answers to and keeps. Raises Conflict."""
        account = self.account_of(asked, to_create=not declared.absent)
        if account is None or account.own:
            return
        settled = self.context.is_planned if declared.absent else self.context.is_released
        if settled(asked) or settled(account.number):
            return
        raise self.other_kind(asked, account)

    def other_kind(self, asked: str, account: Account) -> Conflict:
        owner = "" if account.is_primary(asked, self.numbers) else f" ({account.number})"
        return Conflict(
            f"{self.resource.name} {asked}: the number belongs to another kind of account{owner} in {self.client.domain}; "
            "choose a free number or delete that account first"
        )

    def outdated(self, step: WriteStep) -> Collection[str] | None:
        """No account had the numbers of a new account before. A changed account may be remembered under any of its numbers.
        It is not documented what else a deletion changes. `create_account` adds the new account to the lists."""
        if step.action == CREATE:
            numbers = [step.declared.values["id"], *(step.target.get("settings", {}).get("alias") or [])]
            further = [self.own_list, "directory"] if len(numbers) > 1 else []
            return [*(f"account {number}" for number in numbers), *further]
        if step.action != UPDATE:
            return None
        lists = ["directory"] if "settings.alias" in step.changed else []
        return [ACCOUNTS, *lists, *([self.own_list] if lists or "name" in step.changed else [])]

    # -- writing -----------------------------------------------------------------------------------------------------------
    def create_account(self, number: str, wire: Values) -> str | None:
        """Create an account, wait until the PBX shows it, then write its settings.

        Nothing is written to a number before the PBX has shown that an account of this kind answers to it: the settings of
        any kind of account have the same address, and a creation that was not carried out is answered like any other.
        Returns its number if the PBX spells it another way. Raises NotStored.
        """
        self.client.add_account(self.kind, number)
        shown = self._wait_for(number)
        self.client.note_new(self.kind, shown, wire)
        if wire:
            with after_changes("it was created before"):
                self.client.write_settings(number, wire)
        return shown if shown != number else None

    def _wait_for(self, number: str) -> str:
        """The number of a new account, as the PBX shows it. A creation may show late (note 4). Raises NotStored."""
        pauses = list(self.context.settle)
        while True:
            settings = self.client.settings(number, fresh=True)
            if settings is not None and self.is_kind(settings):
                break
            if not pauses:
                raise NotStored(f"the PBX accepted the creation, but {self._instead(settings)}")
            self.context.sleep(pauses.pop(0))
        names = tuple(aliases(settings)) or (number,)
        account = Account(names[0], names, settings, own=True)
        if not account.is_primary(number, self.numbers):
            raise NotStored(f"the PBX accepted the creation, but the number is one of {account.number}, {self.what}")
        return account.number

    def _instead(self, settings: Mapping[str, object] | None) -> str:
        if settings is None:
            what = self.resource.name.replace("_", " ")
            return f"has no such {what}; is the limit of {self.limit} reached, or the number one of another account?"
        return f"what it shows under this number are not the settings of {self.what}"
