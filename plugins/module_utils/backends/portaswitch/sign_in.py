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

from typing import Callable

from ...errors import AuthError, NotFound, NotStored, PBXError, Rejected
from ...model.values import Values, to_bool
from .client import PortaClient

# (agent number or "", group reference, on) -> one request
Way = Callable[[str, int, bool], object]


def _word(on: bool) -> str:
    return "true" if on else "false"


def by_license(client: PortaClient) -> Way:
    """With the License of the customer."""

    def way(agent: str, group: int, on: bool) -> object:
        parts: list[tuple[str, object]] = [
            ("ICustomer", client.customer),
            ("Id", agent),
            ("i_huntgroup", group),
            ("EnableHuntgroup", _word(on)),
        ]
        return client.change("CustomerHuntgroupaccess", parts)

    return way


def by_service_password(client: PortaClient, environment: int, password: str) -> Way:
    """With the agent's own service password."""

    def way(agent: str, group: int, on: bool) -> object:
        parts: list[tuple[str, object]] = [
            ("IEnv", environment),
            ("Id", agent),
            ("ServicePassword", password),
            ("i_huntgroup", group),
            ("EnableHuntgroup", _word(on)),
        ]
        return client.change_without_license("Huntgroupaccess", parts)

    return way


def by_hashed_account(client: PortaClient, hashed: str) -> Way:
    """With the hash of the account: flips, so the caller has to know that the state differs."""

    def way(agent: str, group: int, on: bool) -> object:
        return client.change_without_license("togglehuntgroups", [("hashed_iAccount", hashed), ("i_huntgroup", group)])

    return way


def choose_way(client: PortaClient, desired: Values, extensions: list[Values]) -> Way:
    """The way that the options ask for: the agent's own credentials where they are given, else the License."""
    if desired.get("service_password"):
        return by_service_password(client, int(desired["environment_id"]), str(desired["service_password"]))
    if desired.get("hashed_account"):
        return by_hashed_account(client, str(desired["hashed_account"]))
    return by_license(client)


class SignIn:
    """flips: the way changes the state whatever it is, so it may be accepted once only."""

    def __init__(
        self,
        client: PortaClient,
        groups: list[Values],
        extensions: list[Values],
        way: Way | None = None,
        flips: bool = False,
    ) -> None:
        self.groups, self.extensions, self.flips = groups, extensions, flips
        self.way = way or by_license(client)

    def set(self, group: Values, number: str, on: bool, read: Callable[[], list[Values]]) -> None:
        """Sign the member `number` of `group` in or out. `read` lists the groups again. Raises NotStored."""
        what = f"the agent {number} could not be signed {'in to' if on else 'out of'} hunt group {group.get('id')}"
        refusal: PBXError | None = None
        for agent in [""] if self.flips else self._agent_ids(number):
            for reference in self._group_references(group):
                try:
                    self.way(agent, reference, on)
                except (Rejected, NotFound) as error:  # the other number may be the right one
                    refusal = error
                    continue
                except AuthError as error:  # wrong for this agent: do not try it into a lock-out
                    refusal = error
                    break
                if _signed_in(read(), group, number) == on:
                    return
                if self.flips:
                    raise NotStored(what)
        raise NotStored(f"{what}: {refusal}" if refusal else what)

    def _agent_ids(self, number: str) -> list[str]:
        row = next((r for r in self.extensions if str(r.get("id") or "") == number), {})
        account = str(row.get("account_id") or "")
        accounts = {str(r.get("account_id") or "") for r in self.extensions if r is not row}
        return [agent for agent in dict.fromkeys((account, number)) if agent and agent not in accounts]

    def _group_references(self, group: Values) -> list[int]:
        """The record id and the dialled number of the group, without one that names another group."""
        others = [g for g in self.groups if g.get("i_c_group") != group.get("i_c_group")]
        record, dialled = int(group["i_c_group"]), str(group.get("id") or "")
        references = [] if str(record) in {str(g.get("id") or "") for g in others} else [record]
        if dialled.isdigit() and int(dialled) not in {int(g.get("i_c_group") or 0) for g in others}:
            references.append(int(dialled))
        return list(dict.fromkeys(references))


def _signed_in(groups: list[Values], group: Values, number: str) -> bool | None:
    for row in groups:
        if row.get("i_c_group") == group.get("i_c_group"):
            for member in row.get("assigned_extensions") or []:
                if str(member.get("id") or "") == number:
                    return to_bool(member.get("hunt_active"))
    return None
