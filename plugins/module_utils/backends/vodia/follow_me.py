# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Call forwarding of an extension of a Vodia domain, beyond the vendor's hunt group page.

Source: vendor note section 7. That the keys exist is documented; which condition each stands for is inferred from the
labels of the user portal and from the tenant's star codes.
"""

from __future__ import annotations

from collections.abc import Collection

from ...errors import NotFound
from ...model.catalog import FOLLOW_ME, FORWARDING, Capability
from ...model.validate import Declared
from ...model.values import Field, Values
from ..contract import Observed, Store, WriteStep, require
from .account import Account
from .client import ACCOUNTS, VodiaClient
from .extension import Extensions
from .wire import NUMBER, check_keys, decode_setting

# Part of `forwarding` -> key of user_settings.
KEYS = {
    "always": "cfa",
    "busy": "cfb",
    "no_answer": "cfn",
    "no_answer_after": "cfn_timeout",
    "not_registered": "cfr",
}
CAPABILITY = Capability(
    options=frozenset({"account", "forwarding", *(f"forwarding.{part}" for part in KEYS)}),
    refused={"destinations": "write forwarding, which says where calls go"},
    number=NUMBER,
    overrides={"account": Field("number", limits=(1, 64), clearable=False)},
    lost_with="extension",
)


def decode(number: str, settings: Values) -> Values:
    """Where calls of an extension go; a condition that this version of the PBX does not have is left out.

    Raises BadAnswer.
    """
    parts = FORWARDING.nested
    known = {part: decode_setting(parts[part], settings, key) for part, key in KEYS.items() if key in settings}
    return {"account": number, "forwarding": known}


class FollowMe(Store):
    """Forwarding of extensions, by any number of the extension."""

    client: VodiaClient
    resource = FOLLOW_ME
    capability = CAPABILITY
    lists_cheaply = False  # one read for each extension

    # -- reading -----------------------------------------------------------------------------------------------------------
    def find(self, declared: Declared) -> Observed | None:
        """An extension that is not there forwards nowhere; `resolve` refuses to make it forward."""
        asked = declared.values["account"]
        account = self._account_of(asked)
        if account is None or not account.own:
            return Observed(decode(asked, dict.fromkeys(KEYS.values(), "")), None)
        return Observed(decode(account.number, account.settings), account.keys)

    def _account_of(self, number: str) -> Account | None:
        account: Account | None = self.neighbour(Extensions).account_of(number)
        return account

    def info(self, asked: Values) -> Values:
        if not asked.get("account"):
            return super().info(asked)
        declared = Declared(self.resource, asked)
        found = require(self.find(declared))
        if found.record is None:
            self._check_kind(declared)
            raise self._missing(asked["account"])
        return {self.resource.plural: [found.values]}

    def _check_kind(self, declared: Declared) -> None:
        self.neighbour(Extensions).check_not_of_another_kind(declared, declared.values["account"])

    def _missing(self, number: str) -> NotFound:
        return NotFound(f"follow_me {number}: there is no extension {number} in {self.client.domain}; create it first")

    def prefetch(self) -> None:
        self.client.directory()

    def read_all(self) -> list[Observed]:
        """The extensions that forward, or that have a time of their own after which they would."""
        found = self.read_each(self._read, self.client.directory().all_extensions())
        return [one for one in found if any(value != "" for value in one.values["forwarding"].values())]

    def _read(self, number: str) -> Observed | None:
        found = self.find(Declared(self.resource, {"account": number}))
        return found if found and found.record is not None else None

    # -- planning ----------------------------------------------------------------------------------------------------------
    def resolve(self, declared: Declared, current: Observed | None) -> Declared:
        asked = declared.values["account"]
        observed = require(current)
        if observed.record is None:
            self._check_kind(declared)
        if declared.absent:
            return declared
        wanted = declared.values.get("forwarding", {})
        forwards = any(value != "" for value in wanted.values())
        if observed.record is None and forwards and not self.context.is_planned(asked):
            raise self._missing(asked)
        check_keys(declared.place, (KEYS[part] for part in wanted), observed.record or (), prefix="forwarding: ")
        return declared.with_values({**declared.values, "account": observed.values["account"]})

    def outdated(self, step: WriteStep) -> Collection[str] | None:
        return (ACCOUNTS,)

    # -- writing -----------------------------------------------------------------------------------------------------------
    def update(self, step: WriteStep) -> str | None:
        parts = sorted(option.split(".", 1)[1] for option in step.changed)
        wire = {KEYS[part]: str(step.target["forwarding"][part]) for part in parts}
        self.client.write_settings(str(step.target["account"]), wire)
        return None
