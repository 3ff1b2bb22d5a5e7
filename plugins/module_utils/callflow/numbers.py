# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers as callers dial them: comparison, what looks like an outside number, and masking. Pure, no vendor."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..model.numbers import NumberRules

_LONGEST_INTERNAL = 6
_PUNCTUATION = re.compile(r"[\s()./-]")


def bare(number: str) -> str:
    """A number without spaces, dots, dashes, slashes and brackets, and with `+` for a leading `00`."""
    digits = _PUNCTUATION.sub("", number)
    return f"+{digits[2:]}" if digits.startswith("00") else digits


def same(one: str, other: str, country_code: str = "") -> bool:
    """Whether two spellings certainly name one number; see `model.numbers`, which alone answers that."""
    return bool(bare(one)) and _rules(country_code).same(one, other)


def canonical(number: str, country_code: str = "") -> str:
    """One text for all spellings of a number that certainly mean the same."""
    return _rules(country_code).key(number)


def _rules(country_code: str) -> NumberRules:
    return NumberRules(country_code.lstrip("+"))


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
