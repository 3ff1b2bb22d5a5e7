# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speaks to APIO, through Core or directly to its gateway: paths, answers, errors.

Sources: page Hunt Group (routes); vendor note sections 1 (every path ends in a slash), 3 (errors), 4 (lists come whole).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ...errors import (
    AuthError,
    BadAnswer,
    Conflict,
    NotFound,
    NotOffered,
    PBXError,
    PermissionDenied,
    Rejected,
    TransportError,
)
from ...model.numbers import NumberRules
from ...model.values import Values
from ...transport.session import Answer, Session
from ..client import VendorClient
from ..decoding import text
from .expected_answers import ANSWERS
from .identity import Users, matching_users

USER_NOT_FOUND = "4008"
PARTLY_DONE = 207
_RECORD = "_record_internal_id"


@dataclass(frozen=True)
class Written:
    """The answer to a write. body: empty where there is none. partial: the server did only a part of it (207)."""

    body: Values
    partial: bool = False


class ApioClient(VendorClient):
    """One group of one tenant."""

    vendor = "APIO"
    answers = ANSWERS

    def __init__(self, session: Session, tenant: str, group: str) -> None:
        super().__init__(session)
        self.tenant, self.group = tenant, group

    def path(self, *parts: str) -> str:
        """`/tenants/T/groups/G/PARTS/`, with the closing slash that APIO insists on."""
        every = ["tenants", self.tenant, "groups", self.group, *parts]
        return "/" + "".join(f"{quote(part, safe='@', errors='surrogatepass')}/" for part in every)

    def hunt_group_path(self, *parts: str) -> str:
        return self.path("services", "hunt_groups", *parts)

    # -- requests ------------------------------------------------------------------------------------------------------
    def get(self, path: str, params: dict[str, str] | None = None) -> Values:
        """Read an object. Raises NotFound when it is not there."""
        found: Values = self.read("GET", path, params=params)
        return found

    def rows(self, path: str, key: str, params: dict[str, str] | None = None) -> list[Values]:
        """Read a list that stands under `key`."""
        rows = self.get(path, params).get(key)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise BadAnswer(f"APIO: the answer has no list {key}; check url")
        return rows

    def send(self, method: str, path: str, body: Values | None = None) -> Written:
        """Send a write."""
        written: Written = self.write(method, path, json=body)
        return written

    # -- lists ---------------------------------------------------------------------------------------------------------
    def groups(self, fresh: bool = False) -> list[Values]:
        """The rows of all hunt groups: id, name, numbers, department, policy; no members."""
        return self.lists.get("hunt groups", self._read_groups, fresh)

    def _read_groups(self) -> list[Values]:
        try:
            return self.rows(self.hunt_group_path(), "hunt_groups")
        except NotFound as error:
            raise NotFound(f"{error}; check url, tenant {self.tenant} and group {self.group}") from None

    def note_new(self, key: str, name: str, policy: Any) -> None:
        """Add a group that this run has created to the list that is remembered. It is read on its own in any case."""
        rows = self.lists.peek("hunt groups")
        if rows is not None and all(text(row, "serviceUserId") != key for row in rows):
            rows.append({"serviceUserId": key, "name": name, "policy": policy})

    def available_users(self, params: dict[str, str] | None = None) -> list[Values]:
        """The users that a hunt group can have as members; with a filter in `params` never from memory."""
        path = self.hunt_group_path("users", "available")
        if params:
            return self.rows(path, "available_users", params)
        return self.lists.get("users", lambda: Users(self.rows(path, "available_users")))

    def users(self) -> list[Values]:
        """The users of the group. Raises NotOffered where the deployment does not show them."""
        users = self.lists.get("all users", self._read_users)
        if isinstance(users, str):
            raise NotOffered(f"this deployment does not show the users of group {self.group} ({users})")
        return users

    def _read_users(self) -> list[Values] | str:
        """The users, or why they are not shown: that is remembered too, so that it is asked for once."""
        try:
            return Users(self.rows(self.path("users"), "users"))
        except (NotFound, PermissionDenied) as reason:
            return str(reason)

    def user_of(self, number: str, place: str, numbers: NumberRules) -> str:
        """The user id that a user id, an extension or a phone number stands for. Raises NotFound or Conflict.

        Where the users are not listed a user id is taken as it is: the server judges it.
        """
        try:
            users = self.users()
        except NotOffered as reason:
            if "@" in number:
                return number
            raise NotFound(f"{place}: {reason}; write the user id instead of {number}") from None
        found = the_user(matching_users(users, number, numbers), number, place)
        if found is None:
            raise self.no_user(number, place)
        return found

    def no_user(self, number: str, place: str) -> NotFound:
        return NotFound(f"{place}: group {self.group} has no user {number}; correct it or create the user first")

    # -- answers -------------------------------------------------------------------------------------------------------
    def decode(self, answer: Answer, write: bool) -> Any:
        """A `Written` after a write, else the object of the body."""
        partial = answer.status == PARTLY_DONE
        if write and not answer.text.strip():
            return Written({}, partial)
        data = answer.json() if answer.is_json else None
        if not isinstance(data, dict):
            shown = self.session.short(answer.text, 80)
            raise TransportError(f"APIO: the answer is not a JSON object; check url ({shown})", in_doubt=write)
        if set(data) - {_RECORD} == {"id", "guid"}:
            what = "APIO started a workflow instead of answering; this deployment replaces the route, ask its administrator"
            raise TransportError(what, in_doubt=True, final=True) if write else Rejected(what)
        data.pop(_RECORD, None)
        return Written(data, partial) if write else data

    def refusal(self, answer: Answer) -> PBXError | None:
        if answer.ok:
            return None
        data = answer.json() if answer.is_json else None
        details, codes = error_details(data)
        shown = self.session.short(details or answer.text or answer.reason)
        what = f"APIO answered {answer.status}: {shown}"
        record = data.get(_RECORD) if isinstance(data, dict) else None
        if record:
            what += f" (audit record {self.session.short(str(record), 60)})"
        if answer.status == 401:
            return AuthError(f"{what}; check username and password, or token")
        if answer.status == 403:
            if isinstance(data, dict) and data.get("error_code") == 1:
                return AuthError(
                    "APIO wants the password to be changed before anything else; log in once by hand and change it"
                )
            return PermissionDenied(
                f"{what}; the account may not do this in group {self.group} of tenant {self.tenant}"
            )
        if answer.status == 404 or codes == {USER_NOT_FOUND}:
            return NotFound(what)
        return Rejected(what)


def the_user(found: list[str], number: str, place: str) -> str | None:
    """The one user that a spelling fits. Raises Conflict when it fits several."""
    if len(found) > 1:
        raise Conflict(f"{place}: {number} fits several users ({', '.join(found)}); write the user id instead")
    return found[0] if found else None


def error_details(data: Any) -> tuple[str, set[str]]:
    """The readable text of an error body, and the OCI error codes in it (note 3: several shapes)."""
    if not isinstance(data, dict):
        return "", set()
    texts: list[str] = []
    codes: set[str] = set()
    for error in _items(data.get("errors")):
        details = error.get("details")
        inner = _items(details.get("errors")) if isinstance(details, dict) else []
        texts += [" ".join(str(item[key]) for key in ("summary", "detail") if item.get(key)) for item in inner]
        codes |= {str(item["error_code"]) for item in inner if item.get("error_code")}
        if not inner:
            reason = details.get("reason") if isinstance(details, dict) else details
            texts.append(" ".join(dict.fromkeys(str(part) for part in (error.get("message"), reason) if part)))
    plain = data.get("details") or data.get("error")
    if plain:
        texts.append(str(plain.get("reason") or plain) if isinstance(plain, dict) else str(plain))
    return "; ".join(text for text in texts if text), codes


def _items(container: Any) -> list[Values]:
    """The objects of a list, or of an object keyed "0", "1", ..."""
    values = list(container.values()) if isinstance(container, dict) else container
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
