# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How ServiceStack turns path, query string and body into a DTO (vendor note 2.1, 2.3 and 2.6).

A path or query value that does not parse is a 400. In a body it is skipped without a word, with HTTP 200.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl

from flask import request

from .portaswitch_dto import Dto, Kind

JSON_TYPES = ("application/json", "text/json")
JSV_TYPES = ("application/jsv", "text/jsv")
FORM_TYPE = "application/x-www-form-urlencoded"
SCANNER = json.JSONDecoder()
BLANK = re.compile(r"[ \t\r\n]*")
TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])')


Parse = Callable[[Kind, Any, str], Any]


class BindingError(Exception):
    """The request cannot be turned into a DTO: 400 "Unable to bind request" (vendor note 2.6)."""


class Binding:
    """Fills one DTO. `version` is that of ServiceStack, "v3" or "v4"."""

    def __init__(self, dto: Dto, version: str) -> None:
        self.dto, self.version = dto, version

    def path(self, placeholders: list[str], parts: list[str]) -> None:
        """A placeholder without a property of its name can never be bound."""
        for name, part in zip(placeholders, parts, strict=True):
            known = self.dto.operation.property(name)
            if not known:
                raise BindingError(f"Could not find property {name} on {self.dto.operation.name}")
            self.text(known, part)

    def query(self) -> None:
        """Query keys that are not on the DTO are ignored."""
        pairs = request.query_string.decode("utf-8", "replace").split("&")
        self.pairs("&".join(pair for pair in pairs if "=" in pair))

    def body(self) -> None:
        """A body counts only with a Content-Length and a Content-Type that is handled, in lower case; else the DTO
        stays empty."""
        kind = request.headers.get("Content-Type", "").partition(";")[0].strip()
        if not request.content_length:
            return
        text = request.get_data().decode("utf-8-sig", "replace")
        if kind == FORM_TYPE:
            self.pairs(text)
        elif kind in JSON_TYPES:
            self.members(json_members(text), from_json)
        elif kind in JSV_TYPES:
            self.members(jsv_members(text), from_text)

    def pairs(self, encoded: str) -> None:
        """A query string or a form. Repeated keys, in any case, are joined as .NET does."""
        texts: dict[str, list[str]] = {}
        for key, text in parse_qsl(encoded, keep_blank_values=True):
            known = self.dto.operation.property(key)
            if known:
                texts.setdefault(known, []).append(text)
        for known, values in texts.items():
            self.text(known, ",".join(values))

    def text(self, name: str, text: str) -> None:
        """An empty value binds null or 0, also over what the path said."""
        if text == "":
            self.dto.clear(name)
            return
        try:
            self.dto.put(name, from_text(self.dto.operation.request[name], text, self.version))
        except ValueError as problem:
            raise BindingError(f"{name}: {problem}") from problem

    def members(self, members: Iterable[tuple[str, Any]], parse: Parse) -> None:
        """The members of a body: unknown ones, nulls and values that do not parse are skipped."""
        for key, value in members:
            known = self.dto.operation.property(key)
            if known and value is not None:
                try:
                    self.dto.put(known, parse(self.dto.operation.request[known], value, self.version))
                except ValueError:
                    pass


# -- values ------------------------------------------------------------------------------------------------------------
def from_text(kind: Kind, text: str, version: str) -> Any:
    """A path or query value, or a string of a body. Raises ValueError."""
    if kind == "str":
        return text
    if kind == "int":
        return int32(text)
    if kind == "bool":
        return boolean(text, version)
    if isinstance(kind, tuple):
        return enum_member(kind, text)
    inner = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    return [from_text(kind[:-2], unquoted(item), version) for item in jsv_items(inner)] if inner.strip() else []


def is_whole_number(value: Any) -> bool:
    """JSON knows true and 1 apart."""
    return isinstance(value, int) and not isinstance(value, bool)


def from_json(kind: Kind, value: Any, version: str) -> Any:
    """A value of a body. One item of the wrong type drops a whole list. Raises ValueError."""
    if kind in ("int[]", "str[]"):
        if not isinstance(value, list) or (kind == "int[]" and not all(is_whole_number(item) for item in value)):
            raise ValueError(f"{value!r} is not a list of {kind[:-2]}")
        return [from_json(kind[:-2], item, version) for item in value]
    if isinstance(value, str):
        return from_text(kind, value, version)
    if kind == "str":
        return value if value is None else json.dumps(value)
    if kind == "bool" and isinstance(value, bool):
        return value
    if kind != "bool" and is_whole_number(value):
        return from_text(kind, str(value), version)
    raise ValueError(f"{value!r} is not a {kind}")


def int32(text: str) -> int:
    if not re.fullmatch(r"\s*[+-]?\d+\s*", text) or not -(2**31) <= int(text) < 2**31:
        raise ValueError(f"{text!r} is not an Int32")
    return int(text)


def boolean(text: str, version: str) -> bool:
    """Any single character but 1 is false (vendor note 2.6)."""
    if len(text) == 1:
        return text == "1"
    word = text.strip().lower()
    if word == "on" and version == "v4":
        return True
    if word not in ("true", "false"):
        raise ValueError(f"{text!r} is not a Boolean")
    return word == "true"


def enum_member(names: tuple[str, ...], text: str) -> str:
    """Names in any case or numbers, combined as flags; a number that no member has stays a number."""
    total = 0
    for part in text.split(","):
        word = part.strip().lower()
        places = [place for place, name in enumerate(names) if name.lower() == word]
        total |= places[0] if places else int32(word)
    return names[total] if 0 <= total < len(names) else str(total)


# -- bodies ------------------------------------------------------------------------------------------------------------
def json_members(text: str) -> Iterator[tuple[str, Any]]:
    """The members of a JSON object up to what is no JSON; what follows is lost, and the service runs all the same."""
    text = TRAILING_COMMA.sub(lambda found: found[1] or "", text.strip())
    if not text.startswith("{"):
        raise BindingError("Type definitions should start with a '{'")
    at = 1
    try:
        while True:
            key, at = SCANNER.raw_decode(text, after_blank(text, at))
            at = after_blank(text, at)
            if not isinstance(key, str) or text[at : at + 1] != ":":
                return
            value, at = SCANNER.raw_decode(text, after_blank(text, at + 1))
            yield key, value
            at = after_blank(text, at)
            if text[at : at + 1] != ",":
                return
            at += 1
    except json.JSONDecodeError:
        return


def after_blank(text: str, at: int) -> int:
    found = BLANK.match(text, at)
    return found.end() if found else at


def jsv_members(text: str) -> Iterator[tuple[str, str]]:
    """The members of an object in JSV, ServiceStack's JSON without quotes."""
    text = text.strip()
    if not text.startswith("{"):
        raise BindingError("Type definitions should start with a '{'")
    for item in jsv_items(text[1:].removesuffix("}")):
        key, colon, value = item.partition(":")
        if colon:
            yield key.strip(), unquoted(value)


def jsv_items(text: str) -> list[str]:
    """The parts between commas, apart from commas in quotes or brackets."""
    items, start, depth, quoted = [], 0, 0, False
    for at, character in enumerate(text):
        if character == '"':
            quoted = not quoted
        elif not quoted:
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(character, 0)
            if character == "," and not depth:
                items.append(text[start:at])
                start = at + 1
    return [*items, text[start:]]


def unquoted(text: str) -> str:
    text = text.strip()
    return text[1:-1].replace('""', '"') if len(text) > 1 and text[0] == text[-1] == '"' else text
