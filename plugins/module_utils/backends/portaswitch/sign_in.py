# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing an agent in to or out of one hunt group.

Source: page CustomerHuntGroup, route CustomerHuntgroupaccess; vendor note section 6. The route carries the wanted
state, so it can be called again without harm. Which of two numbers it wants for the agent (account or extension) and
for the group (record or dialled number) is open: each is tried, read back, and never one that means another object.
"""

from __future__ import annotations

from typing import Callable

from ...errors import NotStored
from ...resources import Values, to_bool
from .client import PortaClient


class SignIn:
    def __init__(self, client: PortaClient, groups: list[Values], extensions: list[Values]) -> None:
        self.client, self.groups, self.extensions = client, groups, extensions

    def set(self, group: Values, number: str, on: bool, read: Callable[[], list[Values]]) -> None:
        """Sign the member `number` of `group` in or out. `read` lists the groups again. Raises NotStored."""
        for agent in self._agent_ids(number):
            for reference in self._group_references(group):
                state = "true" if on else "false"
                self.client.get("CustomerHuntgroupaccess", self.client.customer, agent, reference, state, write=True)
                if _signed_in(read(), group, number) == on:
                    return
        raise NotStored(
            f"the agent {number} could not be signed {'in to' if on else 'out of'} hunt group {group.get('id')}"
        )

    def _agent_ids(self, number: str) -> list[str]:
        row = next((r for r in self.extensions if str(r.get("id") or "") == number), {})
        account = str(row.get("account_id") or "")
        accounts = {str(r.get("account_id") or "") for r in self.extensions if r is not row}
        return [agent for agent in (account, number) if agent and agent not in accounts]

    def _group_references(self, group: Values) -> list[int]:
        """The record id and the dialled number of the group, without one that names another group."""
        others = [g for g in self.groups if g.get("i_c_group") != group.get("i_c_group")]
        record, dialled = int(group["i_c_group"]), str(group.get("id") or "")
        references = [] if str(record) in {str(g.get("id") or "") for g in others} else [record]
        if dialled.isdigit() and int(dialled) not in {int(g.get("i_c_group") or 0) for g in others}:
            references.append(int(dialled))
        return references


def _signed_in(groups: list[Values], group: Values, number: str) -> bool | None:
    for row in groups:
        if row.get("i_c_group") == group.get("i_c_group"):
            for member in row.get("assigned_extensions") or []:
                if str(member.get("id") or "") == number:
                    return to_bool(member.get("hunt_active"))
    return None
