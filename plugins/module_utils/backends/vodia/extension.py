# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions of a Vodia domain, beyond the vendor's hunt group page.

Source: vendor note sections 3 (creation takes `account_ext`, one number space, no type in the settings) and 7 (names,
keys). That an account with the keys of an extension is one, where the PBX has no list of them, is inferred.
"""

from __future__ import annotations

from ...errors import Conflict, Incomplete, InvalidOption, NotOffered, NotStored
from ...model.catalog import EXTENSION, Capability
from ...model.values import Field, Values, same_number
from ..contract import Observed, Store, half_done
from .client import VodiaClient
from .hunt_group import HuntGroups, is_one_of
from .wire import (
    COUNT,
    INHERITED_BOOL,
    NUMBER,
    check_aliases,
    check_keys,
    decode_settings,
    encode_settings,
    without_own_number,
)

_FORWARDING = Field(instead="follow_me (its option forwarding)")
SETTINGS: dict[str, Field] = {
    "alias": Field("names"),
    **dict.fromkeys(("mb_enable", "disabled", "cw", "block_cid"), INHERITED_BOOL),
    **dict.fromkeys(("max_call_duration", "max_cdrs"), COUNT),
    **dict.fromkeys(
        ("first_name", "display_name", "email_address", "dial_plan", "moh", "euse", "location", "epid", "param1", "param2",
         "param3"),
        Field(),
    ),
    **dict.fromkeys(("ani", "edest"), Field("phone")),
    # named by newer versions only (note 6)
    **dict.fromkeys(("sani", "fani", "building", "department", "room", "comment", "shortname"), Field()),
    **dict.fromkeys(("cfa", "cfb", "cfn", "cfn_timeout", "cfr"), _FORWARDING),
}  # fmt: skip
CAPABILITY = Capability(
    options=frozenset({"id", "name"}),
    refused={"account": "an extension is its own account here"},
    settings=SETTINGS,
    number=NUMBER,
)
_NAMES = ("first_name", "display_name")


def full_name(settings: Values) -> str:
    """The name that phones show: the PBX composes it of the given name and the surname, `display_name` (note 7)."""
    return " ".join(" ".join(str(settings.get(part) or "") for part in _NAMES).split())


def is_extension(settings: Values) -> bool:
    """Whether these are the settings of an extension, by keys that only extensions have."""
    return "cfa" in settings and "st1_ext" not in settings


def check_is_extension(place: str, settings: Values) -> None:
    """Raises Incomplete: what is listed as an extension and shows something else cannot be judged."""
    if not is_extension(settings):
        raise Incomplete(f"{place}: what the PBX shows are not the settings of an extension")


class Extensions(Store):
    resource = EXTENSION
    capability = CAPABILITY

    def __init__(self, client: VodiaClient) -> None:
        super().__init__()
        self.client = client

    def check(self, desired: Values) -> None:
        """Both ways of writing the name have to say the same: exports hold both."""
        check_aliases(f"extension {desired['id']}", desired)
        if "name" in desired and not desired["name"].strip():
            raise InvalidOption(f"extension {desired['id']}: name: cannot be cleared; leave it out, or write settings")
        settings = desired.get("settings", {})
        if all(name in settings for name in _NAMES):
            self._check_name(desired, full_name(settings))

    @staticmethod
    def _check_name(desired: Values, composed: str) -> None:
        if "name" in desired and " ".join(desired["name"].split()) != composed:
            raise InvalidOption(
                f"extension {desired['id']}: name: {desired['name']} contradicts settings.first_name and "
                f"settings.display_name, which make it {composed or 'empty'}; write only one of them"
            )

    # -- reading -----------------------------------------------------------------------------------------------------
    def find(self, desired: Values) -> Observed | None:
        number = desired["id"]
        settings = self.settings_of(number)
        return self._observed(number, settings) if settings is not None else None

    @staticmethod
    def _observed(number: str, settings: Values) -> Observed:
        check_is_extension(f"extension {number}", settings)
        shown = decode_settings(SETTINGS, number, settings)
        return Observed({"id": number, "name": full_name(settings), "settings": shown}, sorted(settings))

    def settings_of(self, number: str, fresh: bool = False) -> Values | None:
        """The settings of this extension, None when the number is free.

        Raises Conflict when the number is another kind of account, or only a further number of one.
        """
        settings = self.client.settings(number, fresh)
        if settings is None:
            self.client.hunts()  # tells a domain that is not there from an extension that is not
            return None
        names = settings.get("alias")
        primary = str(names[0]) if isinstance(names, list) and names else number
        if not same_number(primary, number):
            raise Conflict(
                f"extension {number}: is a further number of {primary} in {self.client.domain}; use that one"
            )
        if not self._is_listed(number, settings, fresh):
            raise Conflict(f"extension {number}: the number belongs to another kind of account in {self.client.domain}")
        return settings

    def _is_listed(self, number: str, settings: Values, fresh: bool) -> bool:
        try:
            return any(same_number(name, number) for name in self.client.extensions(fresh))
        except NotOffered:
            return is_extension(settings)

    def survey(self) -> dict[str, Observed | None]:
        return dict.fromkeys(self.client.extensions())

    def read_all(self) -> list[Observed]:
        return self.read_each(self._read, self.client.extensions())

    def _read(self, number: str) -> Observed | None:
        settings = self.client.settings(number)
        return self._observed(number, settings) if settings is not None else None

    def resolve(self, desired: Values, current: Observed | None, state: str) -> Values:
        number = desired["id"]
        if state == "absent":
            if current and self.alone:
                self._check_unused(number, numbers_of(current), bool(desired.get("remove_from_hunt_groups")))
            return desired
        resolved = without_own_number(self._named(desired, current), number)
        known = current.record if current else self._keys_of_another() if "settings" in resolved else []
        check_keys(f"extension {number}", resolved.get("settings", {}), known)
        return resolved

    def _named(self, desired: Values, current: Observed | None) -> Values:
        """Both spellings of the name, whichever was written."""
        present = current.values["settings"] if current else {}
        settings = desired.get("settings", {})
        if not any(name in settings for name in _NAMES):
            name = " ".join(desired.get("name", "").split())
            if not name or name == full_name(present):
                return {**desired, "name": name} if name else desired
            first, _blank, last = name.partition(" ")
            settings = {**settings, "first_name": first, "display_name": last}
        composed = full_name({**present, **settings})
        self._check_name(desired, composed)
        return {**desired, "name": composed, "settings": settings}

    def _keys_of_another(self) -> list[str]:
        try:
            other = next(iter(self.client.extensions()), None)
        except NotOffered:
            return []
        return list(self.client.settings(other) or {}) if other else []

    def _check_unused(self, number: str, names: list[str], remove: bool) -> None:
        """Nobody would be told: the PBX keeps ringing a number that is gone (note 4)."""
        groups = [group.values for group in HuntGroups(self.client).read_all()]
        final = [group for group in groups if any(is_one_of(to, names) for to in group["overflow_to"].split())]
        rung = [group for group in groups if any(is_one_of(one["extension"], names) for one in group["members"])]
        if final:
            raise Conflict(
                f"extension {number}: hunt group {_names(final)} overflows to it; let it overflow elsewhere first"
            )
        if rung and not remove:
            raise Conflict(
                f"extension {number}: still rung by hunt group {_names(rung)}; remove it there, "
                "or write remove_from_hunt_groups: true"
            )

    # -- writing -----------------------------------------------------------------------------------------------------
    def create(self, desired: Values, target: Values) -> str | None:
        number = desired["id"]
        self.client.post("addacc", body={"type": "extensions", "account_ext": number})
        if self.settings_of(number, fresh=True) is None:
            raise NotStored(
                "the PBX accepted the creation, but has no such extension; is the limit of the licence reached?"
            )
        wire = encode_settings(number, desired, {f"settings.{name}" for name in desired.get("settings", {})})
        if wire:
            self.client.post("user_settings", number, body=wire)
        return None

    def update(self, current: Observed, desired: Values, target: Values, changed: set[str]) -> str | None:
        number = current.values["id"]
        self.client.post("user_settings", number, body=encode_settings(number, desired, changed))
        return None

    def delete(self, current: Observed, desired: Values) -> None:
        number = current.values["id"]
        groups = (
            HuntGroups(self.client).drop_member(numbers_of(current)) if desired.get("remove_from_hunt_groups") else []
        )
        if groups:
            self.notes.append(f"extension {number} was removed from hunt group {', '.join(groups)} first")
        with half_done(f"it was removed from hunt group {', '.join(groups)} before" if groups else ""):
            self.client.delete("addacc", number)


def numbers_of(extension: Observed) -> list[str]:
    """All numbers of an extension: its own, and its aliases."""
    return [extension.values["id"], *extension.values["settings"].get("alias", [])]


def _names(groups: list[Values]) -> str:
    return ", ".join(f"{group['id']} ({group['name']})" for group in groups)
