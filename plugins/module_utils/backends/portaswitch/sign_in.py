# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing an agent in to or out of one hunt group, in each of the three ways that the server offers.

Source: page CustomerHuntGroup, routes CustomerHuntgroupaccess, Huntgroupaccess and togglehuntgroups; vendor note
section 6. The first two carry the wanted state, the third flips it and is called only when the state differs. Which
number they want for the agent (account or extension) and for the group (record or dialled number) is open: each is
tried, read back, and never one that means another object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable

from ...errors import AuthError, NotFound, NotStored, PBXError, Rejected
from ...model.values import Values, to_bool
from ..decoding import records, text, whole_number
from .client import PortaClient
from .paths import Part


@dataclass(frozen=True)
class Way:
    """One way to sign in. send: (agent number, group reference, on) -> one request.

    flips: it changes the state whatever it is, so it may be accepted once only.
    """

    send: Callable[[str, int, bool], object]
    flips: bool = False


def word(on: bool) -> str:
    """A boolean of a path: old servers take no other spelling (note 2.3)."""
    return "true" if on else "false"


def by_license(client: PortaClient) -> Way:
    """With the License of the customer."""

    def send(agent: str, group: int, on: bool) -> object:
        parts: list[Part] = [
            client.of_customer,
            ("Id", agent),
            ("i_huntgroup", group),
            ("EnableHuntgroup", word(on)),
        ]
        return client.change("CustomerHuntgroupaccess", parts)

    return Way(send)


def by_service_password(client: PortaClient, environment: int, password: str) -> Way:
    """With the agent's own service password."""

    def send(agent: str, group: int, on: bool) -> object:
        parts: list[Part] = [
            ("IEnv", environment),
            ("Id", agent),
            ("ServicePassword", password),
            ("i_huntgroup", group),
            ("EnableHuntgroup", word(on)),
        ]
        return client.change_without_license("Huntgroupaccess", parts)

    return Way(send)


def by_hashed_account(client: PortaClient, hashed: str) -> Way:
    """With the hash of the account: flips, so the caller has to know that the state differs."""

    def send(agent: str, group: int, on: bool) -> object:
        return client.change_without_license("togglehuntgroups", [("hashed_iAccount", hashed), ("i_huntgroup", group)])

    return Way(send, flips=True)


def choose_way(client: PortaClient, directives: Mapping[str, Any]) -> Way:
    """The way that the options ask for: the agent's own credentials where they are given, else the License."""
    if directives.get("service_password"):
        return by_service_password(client, int(directives["environment_id"]), str(directives["service_password"]))
    if directives.get("hashed_account"):
        return by_hashed_account(client, str(directives["hashed_account"]))
    return by_license(client)


class SignIn:
    """Signs agents in and out by one way."""

    def __init__(self, client: PortaClient, way: Way) -> None:
        self.client, self.way = client, way

    def set(self, group: Values, number: str, on: bool) -> None:
        """Sign the member `number` of `group` in or out, and read back.

        Raises AuthError when credentials are refused, Rejected or NotFound when every attempt is, NotStored when one was
        accepted without effect.
        """
        what = f"the agent {number} could not be signed {'in to' if on else 'out of'} hunt group {text(group, 'id')}"
        refusal: PBXError | None = None
        accepted = False
        for agent in [""] if self.way.flips else self._agent_ids(number):
            for reference in self._group_references(group):
                try:
                    self.way.send(agent, reference, on)
                except (Rejected, NotFound) as error:  # the other number may be the right one
                    refusal = error
                    continue
                except AuthError as error:  # wrong ones are not tried again, with another number or for another group
                    raise AuthError(f"{what}: {error}") from None
                accepted = True
                if self._signed_in(group, number) == on:
                    return
                if self.way.flips:
                    raise NotStored(what)
        if refusal and not accepted:
            raise type(refusal)(f"{what}: {refusal}")
        raise NotStored(f"{what}: {refusal}" if refusal else what)

    def _agent_ids(self, number: str) -> list[str]:
        """The account and the extension of the agent, without a number that is another agent's account."""
        extensions = self.client.extensions()
        row = next(iter(extensions.numbers.get(number, [])), {})
        account = text(row, "account_id")

        def is_anothers(agent: str) -> bool:
            return any(one is not row for one in extensions.account_numbers.get(agent, []))

        return [agent for agent in dict.fromkeys((account, number)) if agent and not is_anothers(agent)]

    def _group_references(self, group: Values) -> list[int]:
        """The record id and the dialled number of the group, without one that names another group."""
        record, dialled = whole_number(group, "i_c_group"), text(group, "id")
        others = [one for one in self.client.hunt_groups().rows if whole_number(one, "i_c_group") != record]
        references = [] if str(record) in {text(one, "id") for one in others} else [record]
        is_number = dialled.isascii() and dialled.isdigit() and len(dialled) < 10
        if is_number and int(dialled) not in {whole_number(one, "i_c_group") for one in others}:
            references.append(int(dialled))
        return list(dict.fromkeys(references))

    def _signed_in(self, group: Values, number: str) -> bool | None:
        record = whole_number(group, "i_c_group")
        for row in self.client.hunt_groups(fresh=True).numbers.get(text(group, "id"), []):
            if whole_number(row, "i_c_group") == record:
                for member in records(row, "assigned_extensions"):
                    if text(member, "id") == number:
                        return to_bool(text(member, "hunt_active"))
        return None
