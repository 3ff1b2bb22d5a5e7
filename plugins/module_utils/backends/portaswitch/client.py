# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speaks to the Porta Plus 2 web services (a ServiceStack server): paths, answers, errors.

Sources: the route lists of the pages CustomerHuntGroup, CustomerExtension and PortaFollowMe; for the server's
behaviour the vendor note, section 2 (routing, null omission, error bodies).
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from ...errors import AuthError, Incomplete, InvalidOption, Rejected, TransportError
from ...model.values import Values
from ...transport.session import Answer, Session
from ..contract import ListMemory

# The path is decoded before it is split, and IIS refuses some characters even when they are escaped (note 2.1).
_UNSAFE_IN_PATH = re.compile(r"[/\\?*&:<>%+\x00-\x1f\x7f\ud800-\udfff]")

# A list of exactly so many rows may have been cut: the routes have no paging (note 5).
SUSPICIOUS_COUNTS = frozenset({100, 500, 1000})


def path(route: str, *parts: object) -> str:
    """A path of the web services with its parts escaped. Raises InvalidOption when a part cannot travel in a path.

    An empty part would shrink the path and a slash would grow it, and the request could match another route.
    """
    for part in map(str, parts):
        if not part or part in (".", "..") or part[-1] in ". " or _UNSAFE_IN_PATH.search(part):
            raise InvalidOption(f"{route}: a value is empty or has a character that cannot go into a path there")
    return "/" + "/".join([route, *(quote(str(part), safe="") for part in parts)])


def check_license(license: str) -> None:
    """Refuse a licence that cannot be part of a path; the message never shows it."""
    bad = sorted(set(_UNSAFE_IN_PATH.findall(license)))
    if bad or not license.strip() or license[-1] in ". ":
        what = " ".join(character if character.isprintable() else "a control character" for character in bad)
        raise InvalidOption(
            f"token: the licence has characters that cannot be part of a path ({what or 'a trailing dot or space'})"
        )


def check_customer(customer: str) -> None:
    """Refuse a tenant that is no customer record. Raises InvalidOption."""
    if not (customer.isascii() and customer.isdigit()):
        raise InvalidOption("tenant: portaswitch wants the customer record (ICustomer), a whole number")


def may_be_cut(rows: list[Values]) -> bool:
    """Whether a list has a length at which servers cut lists: then nothing follows from what is missing in it."""
    return len(rows) in SUSPICIOUS_COUNTS


def routed(route: str, parts: list[tuple[str, object]], extras: dict[str, str]) -> tuple[str, dict[str, str]]:
    """A path with named parts, and its query: (path, params).

    A value that cannot travel in a path goes into the query, which overrides the path (note 2.1, rule 4); a dash keeps
    its place. Extras are properties that no path of the route carries. Empty ones are left out: the server would
    ignore them.
    """
    params = {name: value for name, value in extras.items() if value}
    places: list[object] = []
    for name, value in parts:
        text = str(value)
        if text and (text in (".", "..") or text[-1] in ". " or _UNSAFE_IN_PATH.search(text)):
            params[name] = text
            places.append("-")
        else:
            places.append(text)
    return path(route, *places), params


def lower_keys(data: Any) -> Any:
    """The same data with all keys in lower case: the server mixes their case (note 2.4)."""
    if isinstance(data, dict):
        return {str(key).lower(): lower_keys(value) for key, value in data.items()}
    return [lower_keys(item) for item in data] if isinstance(data, list) else data


# What an answer may hold besides the list that was asked for: the responses of the three pages, in lower case.
WITH_EVERY_ANSWER = frozenset(
    "license contentid featurename responsestatus success"
    " hginfo hginfodeleted huntgroupid addedhuntgroup hginfolst updatehuntgroup lstsigninout"
    " lstportaactivecalls extensionlst extension extensiondeleted extensionsactivecalls".split()
)


class PortaClient:
    """One customer on one server. The licence is part of every path, so it must never show in a message."""

    def __init__(self, session: Session, license: str, customer: str) -> None:
        self.session = session
        self.license = license
        self.customer = customer
        self.lists = ListMemory()

    def get(self, route: str, *parts: object, write: bool = False) -> Values:
        """Call a GET route `/route/{License}/part/...`; keys of the answer in lower case.

        write: whether the route changes something, which many GET routes here do.
        """
        send = self.session.write if write else self.session.read
        return self._checked(send("GET", path(route, self.license, *parts)), write)

    def change(self, route: str, parts: list[tuple[str, object]], extras: dict[str, str] | None = None) -> Values:
        """Call a GET route that changes something, with parts (and extras) that a user wrote: any text may travel."""
        where, params = routed(route, [("License", self.license), *parts], extras or {})
        return self._checked(self.session.write("GET", where, params=params or None), True)

    def change_without_license(self, route: str, parts: list[tuple[str, object]]) -> Values:
        """Call one of the routes of agents, which are not for holders of a licence."""
        where, params = routed(route, parts, {})
        return self._checked(self.session.write("GET", where, params=params or None, foreign=True), True)

    def post(self, route: str, body: Values) -> Values:
        """Call a POST route; the licence and the customer are added to the body."""
        full = {"License": self.license, "ICustomer": int(self.customer), **body}
        return self._checked(self.session.write("POST", path(route), json=full), True)

    def rows(self, route: str, key: str, *parts: object) -> list[Values] | None:
        """The rows of a list route, None when the answer holds no list at all.

        Raises Incomplete when it holds something else instead, TransportError when the list is none of records.
        """
        answer = self.get(route, *parts)
        rows = answer.get(key)
        if rows is None and set(answer) - WITH_EVERY_ANSWER:
            raise Incomplete(
                f"PortaSwitch: the answer of {route} holds no list, but {', '.join(sorted(answer))}; "
                "check token (the License) and tenant (ICustomer)"
            )
        if rows is None or isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return rows
        raise TransportError(f"PortaSwitch: the answer of {route} is not a list of records")

    def rows_or_none(self, route: str, key: str, *parts: object) -> list[Values]:
        """The same where no list at all counts as an empty one: of filtered lists, which nothing is deleted by."""
        return self.rows(route, key, *parts) or []

    def hunt_groups(self, fresh: bool = False) -> list[Values]:
        """All hunt groups of the customer, each whole, in one request. Raises Incomplete when nothing can be read."""
        return self.lists.get("hunt groups", self._read_hunt_groups, fresh)

    def extensions(self, fresh: bool = False) -> list[Values]:
        """All extensions of the customer in one request. Raises Incomplete when nothing can be read."""
        return self.lists.get("extensions", self._read_extensions, fresh)

    def _read_hunt_groups(self) -> list[Values]:
        rows = self.rows("GetCustomerHuntGroups", "hginfolst", self.customer)
        return rows if rows is not None else self._empty("GetCustomerExtensions", "extensionlst")

    def _read_extensions(self) -> list[Values]:
        rows = self.rows("GetCustomerExtensions", "extensionlst", self.customer)
        return rows if rows is not None else self._empty("GetCustomerHuntGroups", "hginfolst")

    def _empty(self, route: str, key: str) -> list[Values]:
        """A missing list is a null: none there, or a swallowed error. The other list tells which (note 2.4)."""
        if self.rows(route, key, self.customer) is None:
            raise Incomplete(
                "PortaSwitch: the answer holds neither hunt groups nor extensions; "
                "check token (the License) and tenant (ICustomer)"
            )
        return []

    def _checked(self, answer: Answer, write: bool) -> Values:
        data = lower_keys(answer.json()) if answer.is_json else None
        if answer.status >= 400:
            raise self._refusal(answer, data if isinstance(data, dict) else {})
        if not isinstance(data, dict):
            raise TransportError(
                "PortaSwitch: the answer is not a JSON object; check that url is the address of the web services "
                f"({self.session.short(answer.text, 80)})",
                in_doubt=write,
            )
        status = data.get("responsestatus") or {}
        if isinstance(status, dict) and status.get("errorcode"):
            raise self._refusal(answer, data)
        if write:
            self.session.accept_write()
        return data

    def _refusal(self, answer: Answer, data: Values) -> AuthError | Rejected:
        """A service error often has no text but the reason phrase: the name of an exception (note 2.5)."""
        status = data.get("responsestatus")
        status = status if isinstance(status, dict) else {}
        text = status.get("message") or status.get("errorcode") or answer.reason
        what = f"PortaSwitch answered {answer.status} ({self.session.short(str(text), 200)})"
        if answer.status in (401, 403):
            return AuthError(f"{what}; check token (the License) and that it may use customer {self.customer}")
        if answer.status == 404:
            return Rejected(f"{what}; check that url is the address of the web services")
        return Rejected(f"{what}; check token (the License), tenant (ICustomer) and the values")
