# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes secrets out of texts, however servers, proxies and pages spell them.

Pure: no input or output. A secret is looked for character by character, each in every spelling that it may have: percent
encoded (in either case, twice), escaped as JSON does it (of any library, once or twice), as HTML does it (by name,
decimal, hexadecimal), its UTF-8 read as Latin-1 (once or twice); with line breaks in between; and in base64.
"""

from __future__ import annotations

import base64
import html.entities
import re
from functools import lru_cache

HIDDEN = "********"
_BREAK = r"(?:\s|\\+[nrt])*"  # a wrapped line, also where JSON has escaped the line break
# A blank or line break that belongs to the secret, in whatever spelling; collapsed, doubled or gone.
_BLANK = r"(?:\s|\+|%(?:25)*(?:20|0[9AaDd])|\\+[nrt]|&(?:amp;)*(?:nbsp|#0*(?:9|10|13|32|160)|#[xX]0*(?:9|[Aa]|[Dd]|20|[Aa]0));)*"
_SHORT = 2  # secrets as short as this are hidden where they stand alone, or half of every text would go
_LONGEST_SPELLING = 60  # characters of one character


class Redactor:
    """Knows secrets, and takes them out of texts."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()

    def add(self, secret: str) -> None:
        """Know one more. A single character is none: hiding it would tell it. Blanks around it do not matter."""
        if len(secret.strip()) > 1:
            self._secrets.add(secret)

    @property
    def longest(self) -> int:
        """The most characters that one of the secrets may take up in a text."""
        return max((len(secret) for secret in self._secrets), default=0) * _LONGEST_SPELLING

    def __call__(self, text: str) -> str:
        for secret in sorted(self._secrets, key=lambda one: (-len(one), one)):
            text = _pattern(secret).sub(HIDDEN, text)
        return text


@lru_cache(maxsize=64)
def _pattern(secret: str) -> re.Pattern[str]:
    """All spellings of a secret as one expression."""
    data = secret.encode("utf-8", errors="replace")
    coded = {encode(data).decode().rstrip("=") for encode in (base64.b64encode, base64.urlsafe_b64encode)}
    ways = [_spelt(secret) + (_BLANK if secret[-1].isspace() else "")]
    ways += [f"{_spelt(text)}(?:=|%(?:25)*3[Dd])*" for text in sorted(coded)]
    if len(secret) <= _SHORT:
        ways = [rf"(?<![0-9A-Za-z]){way}(?![0-9A-Za-z])" for way in ways]
    return re.compile("|".join(ways))


def _spelt(text: str) -> str:
    return _BLANK.join(_word(word, begins=place == 0) for place, word in enumerate(text.split()))


def _word(word: str, begins: bool) -> str:
    """A word without blanks. Backslashes are counted together: escaping them twice or more must not take for ever."""
    parts = re.findall(r"\\+|[^\\]", word)
    found = []
    for place, part in enumerate(parts):
        if part[0] == "\\":
            codes = _BREAK.join(f"(?:{'|'.join(_codes(character, ''))})" for character in part)
            found.append(rf"(?:\\{{{len(part)},}}(?!\\)|{codes})")
        else:
            behind = place > 0 and parts[place - 1][0] == "\\"
            found.append(_character(part, "run" if behind else "start" if begins and place == 0 else ""))
    return _BREAK.join(found)


# The backslashes of an escape, by what stands before it: at the start of a secret a run of them is looked at once only,
# and behind backslashes of the secret itself there is none left.
_ESCAPE = {"start": r"(?<!\\)\\+", "run": r"\\*", "": r"\\+"}


@lru_cache(maxsize=1024)
def _character(character: str, before: str) -> str:
    """One character in all its spellings, the longer ones first, so that none is left half. before: see _ESCAPE."""
    plain = re.escape(character)
    written = plain if character.isalnum() or before == "run" else rf"(?:{_ESCAPE[before]})?{plain}"
    return f"(?:{'|'.join([*_codes(character, before), written])})"


def _codes(character: str, before: str) -> list[str]:
    """The spellings of a character that are codes of it."""
    code = ord(character)
    data = character.encode("utf-8", errors="replace")
    units = character.encode("utf-16-be", errors="surrogatepass")
    words = [units[place : place + 2].hex() for place in range(0, len(units), 2)]
    name = html.entities.codepoint2name.get(code) or {"'": "apos"}.get(character)
    ways = [
        _ESCAPE[before] + r"\\+".join(f"u(?i:{word})" for word in words),
        rf"&(?:amp;)*#(?:0*{code}|[xX]0*(?i:{code:x}));",
        *([rf"&(?:amp;)*{name};"] if name else []),
        "".join(f"%(?:25)*(?i:{byte:02x})" for byte in data),
    ]
    return ways if character.isascii() else ways + _misread(data)


def _misread(data: bytes) -> list[str]:
    """The UTF-8 of a character that was read as Latin-1, as headers are; once or twice, and also escaped by JSON."""
    twice = data.decode("latin-1").encode()
    texts = {data.decode("latin-1"), twice.decode("latin-1")}
    texts |= {one.decode("cp1252") for one in (data, twice) if _is_cp1252(one)}
    escaped = ["".join(rf"\\+u00(?i:{byte:02x})" for byte in one) for one in (twice, data)]
    return [*escaped, *(_loose(text) for text in sorted(texts, key=lambda one: (-len(one), one)))]


def _is_cp1252(data: bytes) -> bool:
    return not any(byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) for byte in data)


def _loose(text: str) -> str:
    """What counts as a blank may be gone: messages have no more than one in a row."""
    return "".join(r"\s?" if character.isspace() else re.escape(character) for character in text)
