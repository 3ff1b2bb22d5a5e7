# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Single values of a document, whoever spelt them: words, numbers, true and false. Pure, no vendor."""

from __future__ import annotations

from typing import Any

from ..model.values import to_bool


def text(value: Any) -> str:
    """A value as words: nothing for null; digits for a number that YAML has read."""
    return "" if value is None else str(value).strip()


def truth(value: Any) -> bool | None:
    """True or False for the usual spellings; None for anything else, such as an omitted option."""
    return to_bool(value)


def whole(value: Any) -> int | None:
    """A whole number of an option, or None where it is omitted or empty. Anything else raises ValueError."""
    word = text(value)
    if not word:
        return None
    if not (word.isascii() and word.isdigit() and len(word) < 10) or isinstance(value, bool):
        raise ValueError(f"{value!r} is not a whole number of seconds, rings or percent")
    return int(word)


def words(value: Any) -> list[str]:
    """A list of numbers: a list, or one text with blanks between them."""
    if isinstance(value, (list, tuple)):
        return [text(one) for one in value if text(one)]
    return text(value).split()
