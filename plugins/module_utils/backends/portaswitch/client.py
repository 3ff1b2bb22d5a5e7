# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speaks to the Porta Plus 2 web services (a ServiceStack server): requests, answers, errors.

Sources: the route lists of the pages CustomerHuntGroup, CustomerExtension and PortaFollowMe; for the server's
behaviour the vendor note, section 2 (routing, null omission, error bodies).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from ...errors import AuthError, Incomplete, InvalidOption, PBXError, Rejected, TransportError
from ...model.values import Values
from ...transport.session import Answer, Session
from ..client import VendorClient
from ..decoding import list_of_records
from .answers import parsed, refuses_credentials, response_status
from .expected_answers import ANSWERS
from .listing import Listing
from .paths import Part, path, routed

# What an answer may hold besides the list that was asked for: the responses of the three pages, in lower case.
WITH_EVERY_ANSWER = frozenset(
    "license contentid featurename responsestatus success"
    " hginfo hginfodeleted huntgroupid addedhuntgroup hginfolst updatehuntgroup lstsigninout"
    " lstportaactivecalls extensionlst extension extensiondeleted extensionsactivecalls".split()
)


class PortaClient(VendorClient):
    """One customer on one server. The licence is part of every request, so it must never show in a message.

    Shared by all copies of a client, like its lists: `learned`, what writes have shown of the server's ways that its
    pages leave open; `own_accounts`, accounts that an extension of the customer was seen to have.
    """

    vendor = "PortaSwitch"
    answers = ANSWERS

    def __init__(self, session: Session, license: str, customer: str) -> None:
        super().__init__(session)
        self.license = license
        self.customer = customer
        self.learned: dict[str, str] = {}
        self.own_accounts: set[int] = set()
        self._prefix = len(urlsplit(session.url).path)

    def begin(self, fresh: float) -> None:
        super().begin(fresh)
        self.own_accounts = set()

    # -- requests ------------------------------------------------------------------------------------------------------
    def get(self, route: str, parts: Sequence[Part]) -> Values:
        """Call a GET route that changes nothing; keys of the answer in lower case."""
        where, params = self._routed(route, parts, None)
        return self._record(self.read("GET", where, params=params or None))

    def change(self, route: str, parts: Sequence[Part], extras: Mapping[str, str | None] | None = None) -> Values:
        """Call a GET route that changes something, as many do here. extras: see `paths.routed`."""
        where, params = self._routed(route, parts, extras)
        return self._record(self.write("GET", where, params=params or None))

    def change_without_license(self, route: str, parts: Sequence[Part]) -> Values:
        """Call one of the routes of agents, which bring credentials of their own."""
        where, params = routed(route, parts, prefix=self._prefix)
        try:
            return self._record(self.write("GET", where, params=params or None, foreign=True))
        except AuthError:
            raise AuthError(
                "PortaSwitch refused the agent's own credentials; check service_password and environment_id, or "
                "hashed_account; they are not tried again, so that nothing locks"
            ) from None

    def post(self, route: str, body: Values) -> Values:
        """Call a POST route; the licence and the customer are added to the body."""
        full = {"License": self.license, "ICustomer": int(self.customer), **body}
        return self._record(self.write("POST", path(route), json=full))

    def check_request(
        self, place: str, route: str, parts: Sequence[Part], extras: Mapping[str, str | None] | None = None
    ) -> None:
        """Refuse values that cannot travel, without sending them. Raises InvalidOption."""
        try:
            self._routed(route, parts, extras)
        except InvalidOption as error:
            # one option of an item has one address: destinations[0].number
            joined = f"{place}." if place.endswith("]") else f"{place}: "
            raise InvalidOption(f"{joined}{error}") from None

    def _routed(
        self, route: str, parts: Sequence[Part], extras: Mapping[str, str | None] | None
    ) -> tuple[str, dict[str, str]]:
        return routed(route, [("License", self.license), *parts], extras, self._prefix)

    @staticmethod
    def _record(data: Any) -> Values:
        answer: Values = data  # `decode` lets nothing else pass
        return answer

    # -- lists ---------------------------------------------------------------------------------------------------------
    def rows(self, route: str, key: str, parts: Sequence[Part]) -> list[Values] | None:
        """The rows of a list route, None when the answer holds no list at all.

        Raises Incomplete when it holds something else instead, BadAnswer when the list is none of records.
        """
        answer = self.get(route, parts)
        rows = answer.get(key)
        if rows is None and set(answer) - WITH_EVERY_ANSWER:
            found = self.session.short(", ".join(sorted(answer)), 200)
            raise Incomplete(
                f"PortaSwitch: the answer of {route} holds no list, but {found}; "
                "check token (the License) and tenant (ICustomer)"
            )
        return None if rows is None else list_of_records(rows, f"{route} {key}")

    def rows_or_none(self, route: str, key: str, parts: Sequence[Part]) -> list[Values]:
        """The same where no list at all counts as an empty one: of filtered lists, which nothing is deleted by."""
        return self.rows(route, key, parts) or []

    def hunt_groups(self, fresh: bool = False) -> Listing:
        """All hunt groups of the customer, each whole, in one request. Raises Incomplete when nothing can be read."""
        return self.lists.get("hunt groups", self._read_hunt_groups, fresh)

    def extensions(self, fresh: bool = False) -> Listing:
        """All extensions of the customer in one request. Raises Incomplete when nothing can be read."""
        return self.lists.get("extensions", self._read_extensions, fresh)

    @property
    def of_customer(self) -> Part:
        return ("ICustomer", self.customer)

    def _read_hunt_groups(self) -> Listing:
        rows = self.rows("GetCustomerHuntGroups", "hginfolst", [self.of_customer])
        return Listing(rows if rows is not None else self._empty("GetCustomerExtensions", "extensionlst"))

    def _read_extensions(self) -> Listing:
        rows = self.rows("GetCustomerExtensions", "extensionlst", [self.of_customer])
        return Listing(rows if rows is not None else self._empty("GetCustomerHuntGroups", "hginfolst"))

    def _empty(self, route: str, key: str) -> list[Values]:
        """A missing list is a null: none there, or a swallowed error. The other list tells which (note 2.4)."""
        if self.rows(route, key, [self.of_customer]) is None:
            raise Incomplete(
                "PortaSwitch: the answer holds neither hunt groups nor extensions; "
                "check token (the License) and tenant (ICustomer)"
            )
        return []

    # -- answers -------------------------------------------------------------------------------------------------------
    def refusal(self, answer: Answer) -> PBXError | None:
        """A service error often has no text but the reason phrase: the name of an exception (note 2.5)."""
        code, message = response_status(answer)
        if answer.status < 400 and not code:
            return None
        text = message or code or answer.reason
        what = f"PortaSwitch answered {answer.status} ({self.session.short(text, 200)})"
        if refuses_credentials(answer):
            return AuthError(f"{what}; check token (the License) and that it may use customer {self.customer}")
        if answer.status == 404 and parsed(answer) is None:
            return Rejected(f"{what}; check that url is the address of the web services")
        return Rejected(f"{what}; check token (the License), tenant (ICustomer) and the values")

    def decode(self, answer: Answer, write: bool) -> Values:
        if not answer.text.strip():  # the service returned null (note 2.6)
            raise TransportError(
                f"PortaSwitch answered {answer.status}, but the service returned nothing", in_doubt=write
            )
        data = parsed(answer)
        if not isinstance(data, dict):
            raise TransportError(
                "PortaSwitch: the answer is not a JSON object; check that url is the address of the web services "
                f"({self.session.short(answer.text, 80)})",
                in_doubt=write,
            )
        return data
