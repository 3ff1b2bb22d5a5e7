# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Agents of PortaSwitch: an account's sign-in to the hunt groups that it is a member of.

Sources: page CustomerHuntGroup (the routes that sign in and out), vendor note section 6. What is read first decides
what is sent: nothing where the agent is as wanted, so that the routes that flip are safe and the history stays short.
"""

from __future__ import annotations

from ...errors import Incomplete, InvalidOption, NotFound, NotStored, PBXError, Rejected
from ...model.catalog import AGENT, Capability
from ...model.values import Values, to_bool
from ..contract import Observed, Store, always
from .client import PortaClient, may_be_cut
from .sign_in import SignIn, choose_way

CAPABILITY = Capability(options=frozenset({"account"}), member_identity=("id",))


class Agents(Store):
    resource = AGENT
    capability = CAPABILITY

    def __init__(self, client: PortaClient) -> None:
        super().__init__()
        self.client = client

    def check(self, desired: Values) -> None:
        place = f"agent {desired['account']}"
        if desired.get("service_password") and not desired.get("environment_id"):
            raise InvalidOption(f"{place}: environment_id: is missing; signing in by service_password needs it (IEnv)")
        if desired.get("service_password") and desired.get("hashed_account"):
            raise InvalidOption(f"{place}: write service_password or hashed_account, not both")
        if "wrapup" in desired and "hunt_groups" in desired:
            raise InvalidOption(f"{place}: wrapup: is for all groups of an agent; leave hunt_groups out")
        if "wrapup" in desired and (desired.get("service_password") or desired.get("hashed_account")):
            raise InvalidOption(
                f"{place}: wrapup: is possible with the License only; leave the agent's own credentials out"
            )

    # -- reading -----------------------------------------------------------------------------------------------------
    def find(self, desired: Values) -> Observed | None:
        account = int(desired["account"])
        groups = self.client.hunt_groups()
        if may_be_cut(groups):
            raise Incomplete(
                f"agent {account}: PortaSwitch listed exactly {len(groups)} hunt groups; the list may be cut, so which "
                "the agent is in is not known; nothing was changed"
            )
        rows = [(group, member) for group in groups for member in group.get("assigned_extensions") or []]
        mine = [(group, member) for group, member in rows if int(member.get("iaccount") or 0) == account]
        if not mine:
            mine = self._by_extension(account, rows)
        sign_ins = [
            {"id": str(group.get("id") or ""), "logged_in": to_bool(member.get("hunt_active")) is not False}
            for group, member in mine
        ]
        values = {"account": account, "sign_ins": sign_ins}
        numbers = {str(group.get("id") or ""): str(member.get("id") or "") for group, member in mine}
        return Observed(
            values, {"groups": {str(group.get("id") or ""): group for group, _m in mine}, "numbers": numbers}
        )

    def _by_extension(self, account: int, rows: list[tuple[Values, Values]]) -> list[tuple[Values, Values]]:
        """Some rows have no account: then the extension of the account tells which are the agent's."""
        numbers = {str(r.get("id")) for r in self.client.extensions() if int(r.get("i_account") or 0) == account}
        return [(group, member) for group, member in rows if str(member.get("id")) in numbers]

    def read_all(self) -> list[Observed]:
        rows = [member for group in self.client.hunt_groups() for member in group.get("assigned_extensions") or []]
        accounts = sorted({int(member.get("iaccount") or 0) for member in rows} - {0})
        found = [self.find({"account": account}) for account in accounts]
        return [one for one in found if one]

    def resolve(self, desired: Values, current: Observed | None, state: str) -> Values:
        current = always(current)
        present = [one["id"] for one in current.values["sign_ins"]]
        wanted = desired.get("hunt_groups", present)
        missing = [group for group in wanted if group not in present]
        if missing:
            raise NotFound(
                f"agent {desired['account']}: hunt_groups: the account is no member of {', '.join(missing)}; "
                "make its extension a member first"
            )
        if not present:
            raise NotFound(
                f"agent {desired['account']}: the account is a member of no hunt group; check account (IAccount)"
            )
        on = state == "logged_in"
        return {**desired, "sign_ins": [{"id": group, "logged_in": on} for group in wanted]}

    # -- writing -----------------------------------------------------------------------------------------------------
    def create(self, desired: Values, target: Values) -> str | None:
        raise AssertionError("an account's sign-ins are always there")

    def update(self, current: Observed, desired: Values, target: Values, changed: set[str]) -> str | None:
        before = {one["id"]: one["logged_in"] for one in current.values["sign_ins"]}
        wanted = {one["id"]: one["logged_in"] for one in target["sign_ins"]}
        changing = [group for group, on in wanted.items() if before[group] != on]
        if "wrapup" in desired:
            self._wrap_up(current, desired, on=wanted[changing[0]])
            return None
        rows, extensions = self.client.hunt_groups(), self.client.extensions()
        for group in changing:
            way = choose_way(self.client, desired, extensions)
            number = current.record["numbers"][group]
            SignIn(self.client, rows, extensions, way, flips=bool(desired.get("hashed_account"))).set(
                current.record["groups"][group], number, wanted[group], lambda: self.client.hunt_groups(fresh=True)
            )
        return None

    def _wrap_up(self, current: Observed, desired: Values, on: bool) -> None:
        """One call for all groups of the agent, with or without a wrap-up time."""
        account = current.values["account"]
        row = next((r for r in self.client.extensions() if int(r.get("i_account") or 0) == account), {})
        refusal: PBXError | None = None
        for agent in dict.fromkeys(str(row.get(key) or "") for key in ("account_id", "id")):
            parts: list[tuple[str, object]] = [
                ("Id", agent),
                ("IAccount", account),
                ("EnableHuntgroup", "true" if on else "false"),
                ("wrapupCodes", "true" if desired["wrapup"] else "false"),
            ]
            try:
                if agent:
                    self.client.change("ToggleExtensionStatus", parts)
                    return
            except Rejected as error:  # the other number of the agent may be the right one
                refusal = error
        raise NotStored(f"the agent could not be signed in or out: {refusal or 'the account has no extension'}")

    def delete(self, current: Observed, desired: Values) -> None:
        raise AssertionError("an account's sign-ins cannot be deleted")
