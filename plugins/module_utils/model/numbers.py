# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When two phone numbers are the same: the only place that answers this question.

Pure: no input or output, no vendor. Two numbers are the same only if they are certain to be. Servers reformat numbers
between E.164 (`+3225126777`, `003225126777`) and the national form (`025126777`); which national form belongs to which
E.164 number depends on the country, so without a known country code only equal digits are equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_SEPARATORS = re.compile(r"[\s./()\[\]-]")
_DIGITS = re.compile(r"(\+|00)?([0-9]+)")
# North America writes national numbers with ten digits, and dials them with the trunk prefix 1 or without it.
_NORTH_AMERICAN = re.compile(r"[2-9][0-9]{2}[2-9][0-9]{6}")
# The shortest national number (without trunk prefix) that can be told from an extension.
_SHORTEST_NATIONAL = 5

# Country calling code -> trunk prefix, "" where the national form has none. Source: ITU-T E.164 national numbering plans.
# A country that is missing here has no national form for us: its numbers are equal in E.164 only.
_TRUNK_PREFIX: dict[str, str] = {
    "1": "1",
    **dict.fromkeys(("7", "375"), "8"),
    "36": "06",
    **dict.fromkeys(
        ("20 27 31 32 33 40 41 43 44 46 49 51 54 55 58 60 61 62 63 64 66 81 82 84 86 90 91 92 93 94 95 98 212 213 218 234"
         " 249 251 254 255 256 260 263 264 353 355 358 359 373 374 380 381 382 383 385 386 387 389 421 855 880 886 961 962"
         " 963 964 966 970 971 972 994 995 996").split(),
        "0",
    ),
    **dict.fromkeys(
        ("30 34 39 45 47 48 52 56 57 65 216 350 351 352 354 356 357 371 372 376 377 378 420 423 852 853 965 968 973"
         " 974").split(),
        "",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class NumberRules:
    """Compares phone numbers of one system.

    country_code: the country whose national numbers the system shows, digits only ("32"); empty when it is not known.
    """

    country_code: str = ""

    def key(self, number: str) -> str:
        """What a number is compared by: equal for two spellings exactly when they are certain to be the same number.

        E.164 becomes `+DIGITS`, a national form of the known country too; other digits stay as they are, without
        separators. What is not made of digits (a name, `user@domain`) stands for itself.
        """
        text = number.strip()
        found = _DIGITS.fullmatch(_SEPARATORS.sub("", text))
        if not found:
            return text
        prefix, digits = found.groups()
        return f"+{digits}" if prefix else self._international(digits)

    def _international(self, digits: str) -> str:
        if self.country_code == "1" and _NORTH_AMERICAN.fullmatch(digits):
            return f"+1{digits}"
        trunk = _TRUNK_PREFIX.get(self.country_code)
        if trunk is None or not digits.startswith(trunk):
            return digits
        national = digits[len(trunk) :]
        return f"+{self.country_code}{national}" if len(national) >= _SHORTEST_NATIONAL else digits

    def same(self, one: str, other: str) -> bool:
        """Whether two spellings are certain to name one number."""
        return one == other or self.key(one) == self.key(other)

    def contains(self, numbers: Iterable[str], number: str) -> bool:
        """Whether a number is one of these."""
        wanted = self.key(number)
        return any(self.key(one) == wanted for one in numbers)


# For comparisons where no country is known.
ANY_COUNTRY = NumberRules()


def country_code_of(written: str) -> str:
    """The digits of a country code as users write it: `32`, `+32` or `0032`. Raises ValueError when it is none."""
    found = re.fullmatch(r"(?:\+|00)?([1-9][0-9]{0,2})", written.strip())
    if not found:
        raise ValueError(f'{written!r} is not a country code; write its digits, such as "32"')
    return found.group(1)
