# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What kind of number an outside number is: the only file that imports `phonenumbers`, which is optional.

Pure: the numbering plans are data of the library.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Protocol

from ..callflow.numbers import bare

LIBRARY = "phonenumbers"


@dataclass(frozen=True)
class Kind:
    """country: the country code that the number has in E.164; empty where no country has such a number."""

    country: str = ""
    premium: bool = False

    @property
    def valid(self) -> bool:
        return bool(self.country)


class Plans(Protocol):
    """The numbering plans of the world."""

    def kind_of(self, number: str, country_code: str) -> Kind | None:
        """The kind of an outside number; None where it cannot be told: a national form without a known country."""


class LibraryPlans:
    """The numbering plans that the library knows."""

    def __init__(self, library: ModuleType) -> None:
        self._library = library

    def kind_of(self, number: str, country_code: str) -> Kind | None:
        """A number without + that is none of the own country is taken for one with its country code, as systems that
        write E.164 without + have it."""
        text = bare(number)
        if text.startswith("+"):
            return self._read(text, None)
        if not country_code:
            return None
        region = self._library.region_code_for_country_code(int(country_code))
        own = self._read(text, region)
        return own if own.valid else self._read(f"+{text}", None)

    def _read(self, text: str, region: str | None) -> Kind:
        try:
            found = self._library.parse(text, region)
        except self._library.NumberParseException:
            return Kind()
        if not self._library.is_valid_number(found):
            return Kind()
        premium = self._library.number_type(found) == self._library.PhoneNumberType.PREMIUM_RATE
        return Kind(str(found.country_code), premium)


def library_plans() -> Plans | None:
    """The numbering plans; None where the library is not installed.

    The library is loaded here, because most runs give no advice and a module that is shipped loads all it needs anew.
    """
    try:
        import phonenumbers
    except ImportError:
        return None
    return LibraryPlans(phonenumbers)
