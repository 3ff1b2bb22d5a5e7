# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of accounts of a Vodia domain: strings all, but for the list of aliases.

Source: vendor note sections 1 (types on the wire), 3.1 (the first alias is the account's number), 5 ("" inherits the
default of the domain) and 6 (the keys differ by version).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ...errors import InvalidOption
from ...model.values import Field, Values, canonical, nearest, same_number

NUMBER = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9_*+#.-]{1,64}")  # no path can end in . or ..
INHERITED_BOOL = Field("bool", unset="")
SECONDS = Field("int", unset="", limits=(0, 86400))
COUNT = Field("int", unset="", limits=(0, 2**31))
RUNTIME = Field(read_only=True)


def decode_settings(table: dict[str, Field], number: str, settings: Values) -> Values:
    """The settings that have no neutral option. Everything comes as a string; "" is unset."""
    return {
        name: _decode_setting(spec, number, name, settings[name])
        for name, spec in table.items()
        if name in settings and not spec.instead and not spec.read_only
    }


def _decode_setting(spec: Field, number: str, name: str, value: Any) -> Any:
    if name == "alias":
        return [alias for alias in canonical(spec, value) if not same_number(alias, number)]
    return canonical(spec, value)


def encode_setting(number: str, value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return [number, *value]  # without its own number first the account would be renamed (note 3.1)
    return str(value)


def encode_settings(number: str, desired: Values, changed: set[str]) -> Values:
    """The changed settings, as they are sent."""
    names = sorted(field.split(".", 1)[1] for field in changed if field.startswith("settings."))
    return {name: encode_setting(number, desired["settings"][name]) for name in names}


def without_own_number(desired: Values, number: str) -> Values:
    """`desired` with further numbers only among the aliases."""
    settings = desired.get("settings", {})
    if "alias" not in settings:
        return desired
    others = [alias for alias in settings["alias"] if not same_number(alias, number)]
    return {**desired, "settings": {**settings, "alias": others}}


def check_aliases(what: str, desired: Values) -> None:
    """Refuse further numbers that the PBX would drop or fold without a word. Raises InvalidOption."""
    aliases: list[str] = desired.get("settings", {}).get("alias", [])
    bad = next((alias for alias in aliases if not NUMBER.fullmatch(alias)), None)
    if bad is not None:
        raise InvalidOption(f"{what}: settings.alias: {bad!r} has characters that cannot be part of a number")
    if len(set(aliases)) != len(aliases):
        raise InvalidOption(f"{what}: settings.alias: a number is listed twice")


def check_keys(what: str, settings: Iterable[str], known: Iterable[str], prefix: str = "settings.") -> None:
    """Refuse settings that this version of the PBX does not have: its own answer has every key that it knows."""
    keys = list(known)
    unknown = [name for name in settings if keys and name not in keys]
    if unknown:
        hints = "; ".join(
            f"{prefix}{name}: unknown to this version of the PBX{nearest(name, keys)}" for name in unknown
        )
        raise InvalidOption(f"{what}: {hints}")
