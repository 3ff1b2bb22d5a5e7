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
from ...model.numbers import NumberRules
from ...model.values import Field, Values, canonical, nearest
from ..decoding import text
from .directory import aliases

NUMBER = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9_*+#.-]{1,64}")  # no path can end in . or ..
# Further numbers of an account: public ones may be shown in E.164 (note 3.1).
ALIASES = Field("phones")
INHERITED_BOOL = Field("bool", unset="")
SECONDS = Field("int", unset="", limits=(0, 86400))
COUNT = Field("int", unset="", limits=(0, 2**31))
RUNTIME = Field(read_only=True)
_TYPED = ("bool", "int")


def decode_settings(table: dict[str, Field], number: str, settings: Values, numbers: NumberRules) -> Values:
    """The settings that have no neutral option, as the PBX spells them. "" is unset. Raises BadAnswer.

    number: the primary number of the account, which is not one of its further numbers.
    """
    return {
        name: further_numbers(aliases(settings), number, numbers)
        if name == "alias"
        else decode_setting(spec, settings, name)
        for name, spec in table.items()
        if name in settings and not spec.instead and not spec.read_only
    }


def decode_setting(spec: Field, settings: Values, name: str) -> Any:
    """One setting; phone numbers and texts as they are shown. Raises BadAnswer."""
    shown = text(settings, name)
    if spec.kind in _TYPED:
        return canonical(spec, shown)
    return " ".join(shown.split()) if spec.kind == "phone_tokens" else shown


def further_numbers(names: Iterable[str], number: str, numbers: NumberRules) -> list[str]:
    """The numbers of an account without its primary one: exactly that, never one that only looks like it."""
    return [name for name in names if not numbers.same(name, number)]


def encode_settings(number: str, target: Values, changed: Iterable[str]) -> Values:
    """The changed settings, as they are sent: strings all, but for the list of aliases.

    number: the primary number of the account. Without it as the first alias the account would be renamed (note 3.1).
    """
    names = sorted(option.split(".", 1)[1] for option in changed if option.startswith("settings."))
    values = {name: target["settings"][name] for name in names}
    return {name: [number, *value] if name == "alias" else encode_text(value) for name, value in values.items()}


def encode_text(value: Any) -> str:
    """A value as the string that the PBX keeps; numbers in one string are separated by one blank."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(value) if isinstance(value, list) else str(value)


def without_own_number(values: Values, number: str, numbers: NumberRules) -> Values:
    """What is declared, with further numbers only among the aliases."""
    settings = values.get("settings", {})
    if "alias" not in settings:
        return values
    return {**values, "settings": {**settings, "alias": further_numbers(settings["alias"], number, numbers)}}


def check_aliases(place: str, values: Values, numbers: NumberRules) -> None:
    """Refuse further numbers that the PBX would drop or fold without a word. Raises InvalidOption."""
    declared: list[str] = values.get("settings", {}).get("alias", [])
    bad = next((alias for alias in declared if not NUMBER.fullmatch(alias)), None)
    if bad is not None:
        raise InvalidOption(f"{place}: settings.alias: {bad!r} has characters that cannot be part of a number")
    if len({numbers.key(alias) for alias in declared}) != len(declared):
        raise InvalidOption(f"{place}: settings.alias: a number is listed twice")


def check_keys(place: str, settings: Iterable[str], known: Iterable[str], prefix: str = "settings.") -> None:
    """Refuse settings that this version of the PBX does not have: its own answer has every key that it knows."""
    keys = list(known)
    unknown = [name for name in settings if keys and name not in keys]
    if unknown:
        hints = "; ".join(
            f"{prefix}{name}: unknown to this version of the PBX{nearest(name, keys)}" for name in unknown
        )
        raise InvalidOption(f"{place}: {hints}")
