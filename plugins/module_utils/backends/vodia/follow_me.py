# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Call forwarding of an extension of a Vodia domain, beyond the vendor's hunt group page.

Source: vendor note section 7. That the keys exist is documented; which condition each stands for is inferred from the
labels of the user portal and from the tenant's star codes.
"""

from __future__ import annotations

from ...errors import NotFound
from ...model.catalog import FOLLOW_ME, FORWARDING, Capability
from ...model.values import Field, Values, canonical
from ..contract import Observed, Store, always
from .client import VodiaClient
from .extension import Extensions, check_is_extension
from .wire import NUMBER, check_keys

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
    narrower={"account": Field("number", limits=(1, 64), clearable=False)},
)


def decode(number: str, settings: Values) -> Values:
    """Where calls of an extension go; a condition that this version of the PBX does not have is left out."""
    known = {part: settings[key] for part, key in KEYS.items() if key in settings}
    return {
        "account": number,
        "forwarding": {part: canonical(FORWARDING.nested[part], value) for part, value in known.items()},
    }


class FollowMe(Store):
    resource = FOLLOW_ME
    capability = CAPABILITY

    def __init__(self, client: VodiaClient) -> None:
        super().__init__()
        self.client = client

    # -- reading -----------------------------------------------------------------------------------------------------
    def find(self, desired: Values) -> Observed | None:
        """An extension that is not there forwards nowhere; `resolve` refuses to make it forward."""
        number = desired["account"]
        settings = Extensions(self.client).settings_of(number)
        if settings is None:
            return Observed(decode(number, dict.fromkeys(KEYS.values(), "")), None)
        return self._observed(number, settings)

    def info(self, asked: Values) -> Values:
        if not asked.get("account"):
            return super().info(asked)
        found = always(self.find(asked))
        if found.record is None:
            raise self._missing(asked["account"])
        return {self.resource.plural: [found.values]}

    def _missing(self, number: str) -> NotFound:
        return NotFound(f"follow_me {number}: there is no extension {number} in {self.client.domain}; create it first")

    def read_all(self) -> list[Observed]:
        """The extensions that forward, or that have a time of their own after which they would."""
        found = self.read_each(self._read, self.client.extensions())
        return [one for one in found if any(value != "" for value in one.values["forwarding"].values())]

    def _read(self, number: str) -> Observed | None:
        settings = self.client.settings(number)
        return self._observed(number, settings) if settings is not None else None

    @staticmethod
    def _observed(number: str, settings: Values) -> Observed:
        check_is_extension(f"follow_me {number}", settings)
        return Observed(decode(number, settings), settings)

    def resolve(self, desired: Values, current: Observed | None, state: str) -> Values:
        number, wanted = desired["account"], desired.get("forwarding", {})
        record = always(current).record
        if state == "absent":
            return desired
        if record is None and number not in self.promised and any(value != "" for value in wanted.values()):
            raise self._missing(number)
        check_keys(f"follow_me {number}", (KEYS[part] for part in wanted), record or (), prefix="forwarding: ")
        return desired

    # -- writing -----------------------------------------------------------------------------------------------------
    def create(self, desired: Values, target: Values) -> str | None:
        raise AssertionError("forwarding is always there")

    def update(self, current: Observed, desired: Values, target: Values, changed: set[str]) -> str | None:
        parts = [field.split(".", 1)[1] for field in sorted(changed)]
        wire = {KEYS[part]: str(target["forwarding"][part]) for part in parts}
        self.client.post("user_settings", current.values["account"], body=wire)
        return None

    def delete(self, current: Observed, desired: Values) -> None:
        raise AssertionError("forwarding is always there")
