# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text in pictures: cleaned, cut to what fits, and escaped for each format. Pure."""

from __future__ import annotations

import unicodedata

_BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_DROPPED = ("Cc", "Cs", "Zl", "Zp")
# Widths of characters in a sans-serif face, in parts of the font size, rounded up (measured on Arial and DejaVu Sans).
_NARROW, _BROAD = frozenset("ijl.,:;'|!ft()[]{}I `"), frozenset("WM@%mw—…")


def clean(text: str) -> str:
    """NFC, without control characters, halves of characters and what turns the direction of text."""
    kept = [
        character
        for character in unicodedata.normalize("NFC", text)
        if unicodedata.category(character) not in _DROPPED
        and ord(character) not in _BIDI
        and (ord(character) & 0xFFFF) not in (0xFFFE, 0xFFFF)
    ]
    return " ".join("".join(kept).split())


def width(text: str, size: float, bold: bool = False) -> float:
    """About how wide a text is, in pixels; rather more than less."""
    return sum(_share(character) for character in text) * size * (1.07 if bold else 1)


def _share(character: str) -> float:
    if unicodedata.combining(character):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.1
    if character in _NARROW:
        return 0.4
    if character in _BROAD:
        return 1.05
    if character.isupper():
        return 0.76
    return 0.62


def fitted(text: str, most: int, size: float, pixels: float, bold: bool = False) -> str:
    """The text, cut with an ellipsis to so many characters and pixels."""
    if len(text) <= most and width(text, size, bold) <= pixels:
        return text
    while text and (len(text) >= most or width(f"{text}…", size, bold) > pixels):
        text = text[:-1]
    return f"{text.rstrip()}…"


def xml(text: str) -> str:
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


_MERMAID = {'"': "#quot;", "#": "#35;", "<": "#lt;", ">": "#gt;", "&": "#amp;"}


def mermaid(text: str) -> str:
    return "".join(_MERMAID.get(character, character) for character in clean(text))


def dot(text: str) -> str:
    return clean(text).replace("\\", "\\\\").replace('"', '\\"')
