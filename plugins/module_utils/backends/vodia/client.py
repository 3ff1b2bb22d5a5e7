# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speaks to the REST API of a Vodia PBX: paths, answers, errors.

Sources: page Hunt Group (routes, status codes); vendor note sections 1 to 4 (JSON, authentication, silent failures).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from ...errors import AuthError, NotFound, NotOffered, PBXError, PermissionDenied, Rejected, TransportError
from ...model.values import Values
from ...transport.session import Answer, Session
from ..contract import ListMemory

# Where versions list extensions: all accounts with their type, else those of a type, else the live list (note 3).
EXTENSION_LISTS = (("users",), ("userlist", "extensions"), ("extensions",))


class VodiaClient:
    """One domain of one PBX. The body of a write proves nothing, so writes return nothing (note 4)."""

    def __init__(self, session: Session, domain: str) -> None:
        self.session = session
        self.domain = domain
        self.lists = ListMemory()

    def path(self, *parts: str) -> str:
        return "/".join(["/rest/domain", quote(self.domain, safe=""), *(quote(part, safe="") for part in parts)])

    def hunts(self, fresh: bool = False) -> list[Values]:
        """The rows of all hunt groups: name (the number), display, agents, calls."""
        return self.lists.get("hunts", self._read_hunts, fresh)

    def _read_hunts(self) -> list[Values]:
        answer = self.session.read("GET", self.path("hunts"))
        if answer.status == 404:
            raise NotFound(f"Vodia answered 404: there is no domain {self.domain}; check tenant and url")
        rows = self._json(answer)
        if not isinstance(rows, list) or not all(isinstance(row, dict) and "name" in row for row in rows):
            raise TransportError("Vodia: the list of hunt groups is not a list of objects; check url")
        return rows

    def extensions(self, fresh: bool = False) -> list[str]:
        """The numbers of all extensions. Raises NotOffered where this version of the PBX lists them nowhere.

        Versions differ in which of three lists they have, and in its shape (note 3).
        """
        return [str(row["name"]) for row in self.lists.get("extensions", self._read_extensions, fresh)]

    def _read_extensions(self) -> list[Values]:
        for parts in EXTENSION_LISTS:
            answer = self.session.read("GET", self.path(*parts))
            if answer.status != 404:
                return extension_rows(self._json(answer))
        raise NotOffered("this version of the PBX has no list of its extensions; name the extension")

    def exists(self, account: str) -> bool:
        """Whether there is an account of any kind with this number."""
        return self.settings(account) is not None

    def keys_of(self, account: str) -> Values:
        """What the settings of an account know of; asked once in a run over a whole tenant."""
        return self.lists.get("keys of a hunt group", lambda: [self.settings(account) or {}])[0]

    def settings(self, account: str, fresh: bool = False) -> Values | None:
        """The settings of an account of any kind, None when there is no such account.

        Read once in a run over a whole tenant, until something is written.
        """
        return self.lists.get(f"account {account}", lambda: [self._read_settings(account) or {}], fresh)[0] or None

    def _read_settings(self, account: str) -> Values | None:
        answer = self.session.read("GET", self.path("user_settings", account))
        if answer.status == 404:
            return None
        data = self._json(answer)
        if data in (None, False, {}, [], ""):
            return None
        if not isinstance(data, dict):
            raise TransportError(f"Vodia: the settings of {account} are not an object")
        return data

    def post(self, *parts: str, body: Values) -> None:
        answer = self.session.write("POST", self.path(*parts), json=body)
        if not answer.ok:
            raise self._refusal(answer)
        self.session.accept_write()

    def delete(self, *parts: str) -> None:
        answer = self.session.write("DELETE", self.path(*parts))
        if not answer.ok and answer.status != 404:
            raise self._refusal(answer)
        self.session.accept_write()

    def _json(self, answer: Answer) -> Any:
        if not answer.ok:
            raise self._refusal(answer)
        if not answer.is_json:
            raise TransportError(
                f"Vodia: the answer is not JSON; check that url is the address of the PBX ({self.session.short(answer.text, 80)})"
            )
        return answer.json()

    def _refusal(self, answer: Answer) -> PBXError:
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


def extension_rows(data: Any) -> list[Values]:
    """The rows of extensions in any of the lists: an array, `{"accounts": [...]}`, or an object by number."""
    if isinstance(data, dict) and isinstance(data.get("accounts"), list):
        data = data["accounts"]
    if isinstance(data, dict):
        data = [{"name": name, **row} if isinstance(row, dict) else row for name, row in data.items()]
    if not isinstance(data, list) or not all(isinstance(row, dict) and row.get("name") for row in data):
        raise TransportError("Vodia: the list of extensions is not a list of objects; check url")
    return [row for row in data if row.get("usertype", "extensions") == "extensions"]
