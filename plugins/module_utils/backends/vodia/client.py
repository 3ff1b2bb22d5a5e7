# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speaks to the REST API of a Vodia PBX: paths, answers, errors.

Sources: page Hunt Group (routes, status codes); vendor note sections 1 to 4 (JSON, authentication, silent failures).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from ...errors import AuthError, BadAnswer, NotFound, PBXError, PermissionDenied, Rejected, TransportError
from ...model.values import Values
from ...transport.session import Answer, Session
from ..client import VendorClient
from .directory import HUNTS, Directory, HuntList, directory_of, hunt_list_of
from .expected_answers import ANSWERS

# Where versions list accounts: all with their type, else the extensions, else the live list of extensions (note 3).
ACCOUNT_LISTS = (("users",), ("userlist", "extensions"), ("extensions",))

LONGEST_INTERNAL = 6  # digits; longer ones may be telephone numbers, which a PBX may show with their country code
ACCOUNTS = "account "  # how the names of all remembered accounts begin


class VodiaClient(VendorClient):
    """One domain of one PBX. The body of a write proves nothing, so writes return nothing (note 4)."""

    vendor = "Vodia"
    answers = ANSWERS
    words = frozenset({"hunts", "users", "userlist", "extensions", "attendants", "acds", "orbits", "srvflags"})

    def __init__(self, session: Session, domain: str) -> None:
        super().__init__(session)
        self.domain = domain

    def path(self, *parts: str) -> str:
        return "/".join(["/rest/domain", quote(self.domain, safe=""), *(quote(part, safe="") for part in parts)])

    # -- lists -----------------------------------------------------------------------------------------------------------
    def hunts(self, fresh: bool = False) -> HuntList:
        """All hunt groups, as their list shows them. Raises NotFound when there is no such domain."""
        return self.lists.get("hunts", self._read_hunts, fresh)

    def _read_hunts(self) -> HuntList:
        try:
            rows = self.read("GET", self.path("hunts"))
        except NotFound:
            raise NotFound(f"Vodia answered 404: there is no domain {self.domain}; check tenant and url") from None
        return hunt_list_of(rows)

    def directory(self, fresh: bool = False) -> Directory:
        """The accounts of the domain, as far as this version lists them; one that lists none has an empty directory.

        Versions differ in which of three lists they have, and in its shape (note 3). Raises NotFound when there is no such
        domain.
        """
        return self.lists.get("directory", self._read_directory, fresh)

    def _read_directory(self) -> Directory:
        for parts in ACCOUNT_LISTS:
            try:
                rows = self.read("GET", self.path(*parts))
            except NotFound:
                continue
            directory = directory_of(rows, typed=parts == ("users",))
            if directory is not None:
                return directory
        self.hunts()  # tells a domain that is not there from a version without these lists
        return Directory(offered=False)

    def shows_nobody(self, number: str) -> bool:
        """Whether the list of all accounts was read, and shows none that answers to this number.

        Only of numbers that the PBX shows in no other spelling: those that are short and digits only.
        """
        directory = self.lists.peek("directory")
        plain = number.isascii() and number.isdigit() and len(number) <= LONGEST_INTERNAL
        return plain and directory is not None and directory.typed and number not in directory

    # -- accounts --------------------------------------------------------------------------------------------------------
    def settings(self, account: str, fresh: bool = False) -> Values | None:
        """The settings of the account of any kind that answers to this number, None when there is none.

        An alias may be answered with the settings of its account: their own `alias` tells (note 3.1).
        """
        return self.lists.get(f"{ACCOUNTS}{account}", lambda: self._read_settings(account), fresh)

    def _read_settings(self, account: str) -> Values | None:
        try:
            data = self.read("GET", self.path("user_settings", account))
        except NotFound:
            return None
        if data in (None, False, {}, [], ""):
            return None
        if not isinstance(data, dict):
            raise BadAnswer(f"Vodia: the settings of {account} are not an object")
        return data

    def add_account(self, kind: str, number: str) -> None:
        """Create an account. Extensions alone take `account_ext` (note 3); a success proves nothing (note 4)."""
        option = "account_ext" if kind == "extensions" else "account"
        self.write("POST", self.path("addacc"), json={"type": kind, option: number})

    def note_new(self, kind: str, number: str, wire: Values) -> None:
        """Add an account that this run has created, and that the PBX has shown since, to the lists that are remembered."""
        directory, hunts = self.lists.peek("directory"), self.lists.peek("hunts")
        if directory is not None and directory.offered:
            directory.add(number, kind)
        if hunts is not None and kind == HUNTS:
            hunts.add(number, str(wire.get("display", "")))

    def write_settings(self, account: str, wire: Values) -> None:
        """Change the settings that are given; the others stay (note 3)."""
        self.write("POST", self.path("user_settings", account), json=wire)

    def delete_account(self, number: str) -> None:
        """Delete an account by its primary number. One that has gone already is deleted too."""
        try:
            self.write("DELETE", self.path("addacc", number))
        except NotFound:
            self.writes.accepted += 1

    # -- answers ---------------------------------------------------------------------------------------------------------
    def decode(self, answer: Answer, write: bool) -> Any:
        if write:
            return None
        try:
            return answer.json()
        except (ValueError, RecursionError):
            shown = self.session.short(answer.text, 80)
            what = f"Vodia: the answer is not JSON; check that url is the address of the PBX ({shown})"
            raise TransportError(what) from None

    def refusal(self, answer: Answer) -> PBXError | None:
        if answer.ok:
            return None
        what = f"Vodia answered {answer.status} ({self.session.short(answer.text or answer.reason, 120)})"
        if answer.status == 401:
            return AuthError(f"{what}; check username and password")
        if answer.status == 403:
            return PermissionDenied(
                f"{what}; check that API access is switched on for this administrator, that it may administer "
                f"{self.domain}, and that it may log in from this address"
            )
        if answer.status == 400:
            return AuthError(f"{what}; older versions answer this to wrong credentials or rights too: check them first")
        if answer.status == 404:
            return NotFound(f"{what}; the account or the domain {self.domain} is not there")
        return Rejected(what)
