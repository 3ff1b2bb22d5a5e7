# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Agents of PortaSwitch: an account's sign-in to the hunt groups that it is a member of.

Sources: page CustomerHuntGroup (the routes that sign in and out), vendor note section 6. What is read first decides
what is sent: nothing where the agent is as wanted, so that the routes that flip are safe and the history stays short.
"""

from __future__ import annotations

from collections.abc import Collection

from ...errors import InvalidOption, NotFound, NotStored, PBXError, Rejected
from ...model.catalog import AGENT, Capability
from ...model.validate import Declared
from ...model.values import Values, to_bool
from ..contract import Observed, Store, WriteStep, require
from ..decoding import text, whole_number
from .client import PortaClient
from .listing import require_whole
from .paths import Part
from .sign_in import SignIn, choose_way, word
from .wire import member_rows

CAPABILITY = Capability(options=frozenset({"account"}), member_identity=("id",))


class Agents(Store):
    resource = AGENT
    capability = CAPABILITY
    client: PortaClient

    def check(self, declared: Declared) -> None:
        place, how = declared.place, declared.directives
        if how.get("service_password") and not how.get("environment_id"):
            raise InvalidOption(f"{place}: environment_id: is missing; signing in by service_password needs it (IEnv)")
        if how.get("service_password") and how.get("hashed_account"):
            raise InvalidOption(f"{place}: write service_password or hashed_account, not both")
        if "wrapup" in how and "hunt_groups" in how:
            raise InvalidOption(f"{place}: wrapup: is for all groups of an agent; leave hunt_groups out")
        if "wrapup" in how and (how.get("service_password") or how.get("hashed_account")):
            raise InvalidOption(
                f"{place}: wrapup: is possible with the License only; leave the agent's own credentials out"
            )
        own: list[Part] = [
            (name, how[option])
            for name, option in (("ServicePassword", "service_password"), ("hashed_iAccount", "hashed_account"))
            if how.get(option)
        ]
        self.client.check_request(place, "Huntgroupaccess", own)

    # -- reading -------------------------------------------------------------------------------------------------------
    def find(self, declared: Declared) -> Observed | None:
        return self._read(int(declared.values["account"]), declared.place)

    def read_all(self) -> list[Observed]:
        groups = self.client.hunt_groups().rows
        accounts = {whole_number(member, "iaccount") for group in groups for member in member_rows(group)} - {0}
        return [self._read(account, f"agent {account}") for account in sorted(accounts)]

    def _read(self, account: int, place: str) -> Observed:
        groups = self.client.hunt_groups().rows
        require_whole(groups, self.context.list_limit, "hunt groups", place, "which of them the agent is in")
        rows = [(group, member) for group in groups for member in member_rows(group)]
        mine = [(group, member) for group, member in rows if whole_number(member, "iaccount") == account]
        if not mine:
            mine = self._by_extension(account, rows)
        sign_ins = [
            {"id": text(group, "id"), "logged_in": to_bool(text(member, "hunt_active")) is not False}
            for group, member in mine
        ]
        record = {text(group, "id"): (group, text(member, "id")) for group, member in mine}
        return Observed({"account": account, "sign_ins": sign_ins}, record)

    def _by_extension(self, account: int, rows: list[tuple[Values, Values]]) -> list[tuple[Values, Values]]:
        """Some rows have no account: then the extension of the account tells which are the agent's."""
        numbers = {text(row, "id") for row in self.client.extensions().accounts.get(account, [])}
        return [(group, member) for group, member in rows if text(member, "id") in numbers]

    # -- planning ------------------------------------------------------------------------------------------------------
    def resolve(self, declared: Declared, current: Observed | None) -> Declared:
        present = [one["id"] for one in require(current).values["sign_ins"]]
        wanted = declared.directives.get("hunt_groups", present)
        missing = [group for group in wanted if group not in present]
        if missing:
            raise NotFound(
                f"{declared.place}: hunt_groups: the account is no member of {', '.join(sorted(missing))}; "
                "make its extension a member first"
            )
        if not present:
            raise NotFound(f"{declared.place}: the account is a member of no hunt group; check account (IAccount)")
        on = declared.state == "logged_in"
        sign_ins = [{"id": group, "logged_in": on} for group in wanted]
        return declared.with_values({**declared.values, "sign_ins": sign_ins})

    def outdated(self, step: WriteStep) -> Collection[str] | None:
        return ("hunt groups",)

    # -- writing -------------------------------------------------------------------------------------------------------
    def update(self, step: WriteStep) -> str | None:
        current = require(step.current)
        before = {one["id"]: one["logged_in"] for one in current.values["sign_ins"]}
        changing = {
            one["id"]: one["logged_in"] for one in step.target["sign_ins"] if before[one["id"]] != one["logged_in"]
        }
        if "wrapup" in step.declared.directives:
            self._wrap_up(step, on=step.declared.state == "logged_in")
            return None
        sign_in = SignIn(self.client, choose_way(self.client, step.declared.directives))
        for group, on in changing.items():
            row, number = current.record[group]
            sign_in.set(row, number, on)
        return None

    def _wrap_up(self, step: WriteStep, on: bool) -> None:
        """One call for all groups of the agent, with or without a wrap-up time."""
        account = step.target["account"]
        row = next(iter(self.client.extensions().accounts.get(account, [])), {})
        what = f"the agent could not be signed {'in' if on else 'out'}"
        refusal: PBXError = NotStored(f"{what}: the account has no extension")
        for agent in dict.fromkeys(text(row, key) for key in ("account_id", "id")):
            parts: list[Part] = [
                ("Id", agent),
                ("IAccount", account),
                ("EnableHuntgroup", word(on)),
                ("wrapupCodes", word(step.declared.directives["wrapup"])),
            ]
            try:
                if agent:
                    self.client.change("ToggleExtensionStatus", parts)
                    return
            except Rejected as error:  # the other number of the agent may be the right one
                refusal = Rejected(f"{what}: {error}")
        raise refusal
