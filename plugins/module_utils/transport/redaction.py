# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes secrets out of texts, however servers, proxies and pages spell them.

Pure: no input or output. A text is unescaped step by step (percent, HTML, JSON), and secrets are looked for after each
step, without regard to white space. What is found is masked in the original text. A text that holds a secret all the
same, in a spelling that is not known here, is not shown at all.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

HIDDEN = "********"
DROPPED = "(a text that is not shown, because it may hold a secret)"
_SHORT = 2  # secrets of this length are hidden where they stand alone; else parts of many words would be hidden
_MANY = 6  # the least characters of a part of a base64 text that are looked for
_CERTAIN = 8  # letters and digits that cannot stand in a text by chance
_DEPTH = 5  # escapes within escapes in which secrets are masked
_DEEPEST = 25  # escapes within escapes that are undone to see whether a text is safe
_LONGEST_SPELLING = 60  # characters that one character may take up, escaped several times

_HEX = "[0-9A-Fa-f]"
_ESCAPE = re.compile(
    # a byte or the UTF-8 of one character
    rf"%[0-7]{_HEX}|%[CcDd]{_HEX}%[89ABab]{_HEX}"
    rf"|%[Ee]{_HEX}(?:%[89ABab]{_HEX}){{2}}|%[Ff]{_HEX}(?:%[89ABab]{_HEX}){{3}}"
    rf"|%{_HEX}{{2}}"
    rf"|&#[0-9]{{1,32}};|&#[xX]{_HEX}{{1,32}};|&[A-Za-z][0-9A-Za-z]{{1,31}};"
    rf"|\\u[Dd][89ABab]{_HEX}{{2}}\\u[Dd][C-Fc-f]{_HEX}{{2}}|\\u{_HEX}{{4}}|\\x{_HEX}{{2}}|\\[nrtbf!-/:-@\[-`{{-~]"
)
_NO_LETTERS = re.compile(r"[\W_]+")
_CONTROL = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


class _View(NamedTuple):
    """A text after some unescaping. Character i stands for the characters starts[i] to ends[i] of the original."""

    text: str
    starts: list[int]
    ends: list[int]


class Redactor:
    """Knows secrets, and takes them out of texts."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()

    def add(self, secret: str) -> None:
        """Hide one more. A single character is not hidden, because the gaps would reveal it."""
        if len(secret.strip()) > 1:
            self._secrets.add(secret)

    @property
    def longest(self) -> int:
        """The most characters that one of the secrets may take up in a text."""
        return max((len(secret) for secret in self._secrets), default=0) * _LONGEST_SPELLING

    def __call__(self, text: str) -> str:
        """The text with HIDDEN instead of every secret, or DROPPED when it holds one in an unknown spelling."""
        if not self._secrets:
            return text
        shown = self._masked(text)
        plain = _unescaped(shown)
        if plain is None:
            return DROPPED
        left = _letters(plain)
        return DROPPED if any(key in left for secret in self._secrets for key in _certain(secret)) else shown

    def _masked(self, text: str) -> str:
        found: list[tuple[int, int]] = []
        for view in _views(text):
            dense = _dense(view)
            for secret in self._secrets:
                if len(_squeezed(secret)) <= _SHORT:
                    found.extend(_alone(view, secret))
                else:
                    found.extend(_occurrences(dense, secret))
        return _without(text, found)


def _views(text: str) -> Iterator[_View]:
    """The text, and what comes out each time its escapes are undone."""
    view = _View(text, list(range(len(text))), list(range(1, len(text) + 1)))
    for _level in range(_DEPTH):
        yield view
        if not _ESCAPE.search(view.text):
            return
        view = _undone(view)
    yield view


def _undone(view: _View) -> _View:
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for match in _ESCAPE.finditer(view.text):
        begin, end = match.span()
        meant = _meaning(match.group())
        pieces += (view.text[at:begin], meant)
        starts += view.starts[at:begin] + [view.starts[begin]] * len(meant)
        ends += view.ends[at:begin] + [view.ends[end - 1]] * len(meant)
        at = end
    return _View("".join([*pieces, view.text[at:]]), starts + view.starts[at:], ends + view.ends[at:])


def _meaning(escape: str) -> str:
    """What one escape stands for."""
    if escape[0] == "%":
        data = bytes.fromhex(escape.replace("%", ""))
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode("latin-1")
    if escape[0] == "&":
        return html.unescape(escape)
    if escape[1] in "ux" and len(escape) > 2:
        units = escape[1:].replace("\\", "").replace("x", "u00").split("u")[1:]
        return bytes.fromhex("".join(units)).decode("utf-16-be", errors="replace")
    return _CONTROL.get(escape[1], escape[1])


def _unescaped(text: str) -> str | None:
    """The text with all escapes undone. None when they are nested so deeply that it takes too long."""
    for _level in range(_DEEPEST):
        before, text = text, _ESCAPE.sub(lambda match: _meaning(match.group()), text)
        if text == before:
            return text
    return None


def _squeezed(text: str) -> str:
    """Without white space: lines get wrapped, blanks collapsed."""
    return "".join(text.split())


def _letters(text: str) -> str:
    """The letters and digits only."""
    return _NO_LETTERS.sub("", text)


def _dense(view: _View) -> _View:
    kept = [place for place, character in enumerate(view.text) if not character.isspace()]
    if len(kept) == len(view.text):
        return view
    return _View(
        "".join([view.text[place] for place in kept]),
        [view.starts[place] for place in kept],
        [view.ends[place] for place in kept],
    )


# -- what is looked for ------------------------------------------------------------------------------------------------
@lru_cache(maxsize=64)
def _keys(secret: str) -> tuple[str, ...]:
    """Texts that give a secret away, as they look without escapes and white space."""
    keys = {_squeezed(text) for text in (*_misread(secret), *_base64(secret))}
    keys.add(_squeezed(secret.replace(" ", "+")))  # as in forms
    plain = _squeezed(_unescaped(secret) or secret)  # a secret may itself look like an escape
    if len(plain) > _SHORT:
        keys.add(plain)
    return tuple(sorted(keys))


@lru_cache(maxsize=64)
def _certain(secret: str) -> tuple[str, ...]:
    """Forms of a secret that must not remain in a redacted text, with both reduced to letters and digits."""
    texts = (secret, _unescaped(secret) or secret, secret.encode("utf-8", "replace").hex())
    keys = {_letters(text) for text in (*texts, texts[2].upper())}
    return tuple(sorted(key for key in keys if len(key) >= _CERTAIN))


def _misread(secret: str) -> set[str]:
    """The secret, and its UTF-8 read as Latin-1 or Windows-1252, as headers are; once or twice."""
    texts = {secret}
    for _time in range(0 if secret.isascii() else 2):
        for text in list(texts):
            data = text.encode("utf-8", errors="replace")
            texts |= {data.decode("latin-1"), data.decode("cp1252", errors="replace")}
    return texts


def _base64(secret: str) -> Iterator[str]:
    """The base64 of a secret, and the part that its characters determine when something stands before and behind it."""
    data = secret.encode("utf-8", errors="replace")
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(data).decode().rstrip("=")
        for before in range(3):
            whole = encode(b"\0" * before + data).decode().rstrip("=")
            part = whole[-(-before * 8 // 6) : (before + len(data)) * 8 // 6]
            if len(part) >= _MANY:
                yield part


# -- where it is found -------------------------------------------------------------------------------------------------
def _occurrences(dense: _View, secret: str) -> Iterator[tuple[int, int]]:
    for key in _keys(secret):
        begin = dense.text.find(key)
        while begin >= 0:
            end = begin + len(key)
            while end < len(dense.text) and dense.text[end] == "=":  # the padding of base64
                end += 1
            yield dense.starts[begin], dense.ends[end - 1]
            begin = dense.text.find(key, max(begin + 1, end - len(key) + 1))


def _alone(view: _View, secret: str) -> Iterator[tuple[int, int]]:
    for key in _keys(secret):
        spaced = r"\s*".join(map(re.escape, key))
        for match in re.finditer(rf"(?<![0-9A-Za-z]){spaced}=*(?![0-9A-Za-z])", view.text):
            yield view.starts[match.start()], view.ends[match.end() - 1]


def _without(text: str, found: list[tuple[int, int]]) -> str:
    """The text with HIDDEN in place of each stretch. Stretches that overlap become one."""
    pieces: list[str] = []
    at = 0
    for begin, end in sorted(found):
        if begin >= at:
            pieces += (text[at:begin], HIDDEN)
        at = max(at, end)
    return "".join([*pieces, text[at:]])
