# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers as callers dial them: comparison, what looks like an outside number, and masking. Pure, no vendor."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LONGEST_INTERNAL = 6
# Countries whose national form is the number behind a 0. Of others only E.164 is compared (ITU-T E.164 and the national
# numbering plans; a country that is not listed is never guessed).
_TRUNK_ZERO = frozenset(
    "20 27 31 32 33 40 41 43 44 46 49 51 54 55 58 60 61 62 63 64 66 81 82 84 86 90 91 92 93 94 95 98 "
    "212 213 353 358 355 359 380 381 385 386 387 389 421".split()
)
_WITHOUT_TRUNK = frozenset("30 34 39 45 47 48 350 351 352 356 357 420".split())


def bare(number: str) -> str:
    """A number without spaces, dots, dashes, slashes and brackets, and with `+` for a leading `00`."""
    return re.sub(r"^00", "+", re.sub(r"[\s()./-]", "", number))


def same(one: str, other: str, country_code: str = "") -> bool:
    """Whether two spellings certainly name one number: the same digits, or E.164 and that country's national form."""
    if one == other:
        return True
    return bool(bare(one)) and canonical(one, country_code) == canonical(other, country_code)


def canonical(number: str, country_code: str = "") -> str:
    """One text for all spellings of a number that certainly mean the same."""
    number, code = bare(number), country_code.lstrip("+")
    if not number.startswith("+") and number.isdigit() and len(number) > _LONGEST_INTERNAL:
        if code in _TRUNK_ZERO and re.match("0[1-9]", number):
            return f"+{code}{number[1:]}"
        if code in _WITHOUT_TRUNK:
            return f"+{code}{number}"
    return number


def looks_external(number: str) -> bool:
    """Whether a number that the tenant does not know leads outside: `+`, `00`, or more than six digits."""
    text = bare(number)
    digits = text.lstrip("+")
    return digits.isdigit() and (text.startswith("+") or len(digits) > _LONGEST_INTERNAL)


def masked(number: str) -> str:
    """An outside number with only its first three and last two digits, as pictures for others show it."""
    digits = [place for place, character in enumerate(number) if character.isdigit()]
    hidden = set(digits[3:-2])
    return "".join("x" if place in hidden else character for place, character in enumerate(number))


class Mask:
    """Hides outside numbers wherever they stand in a text."""

    def __init__(self, hidden: Iterable[str]) -> None:
        longest_first = sorted(set(hidden), key=lambda number: (-len(number), number))
        self._pattern = re.compile(
            "|".join(rf"(?<![0-9]){re.escape(number)}(?![0-9])" for number in longest_first) or "(?!)"
        )

    def __call__(self, text: str) -> str:
        return self._pattern.sub(lambda found: masked(found.group()), text)
