# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of a server's answers without anything of a customer: keys, types, lengths and counts.

Pure. A text is replaced by its form ("9" for each run of digits, "a" for each run of letters), a number by its length.
Only words that the caller knows as words of the interface, such as the names of policies, are kept as they are. A key that
is no such word and may be somebody's (a number, a name that is also a value) is replaced by KEY.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from ..model.values import Values
from ..transport.recorder import Recorded

KEY = "{}"  # in place of what belongs to a customer, in keys and in paths
ALWAYS_WORDS = frozenset({"", "Y", "N", "true", "false", "True", "False", "yes", "no", "0", "1"})
_MOST_FORMS = 12
_LONGEST_FORM = 40
_KEY = re.compile(r"[A-Za-z_$][A-Za-z_$.-]*[0-9]?[A-Za-z_$.-]*[0-9]?")
_SEGMENT = re.compile(r"[A-Za-z_]+")


class Shapes:
    """Makes shapes of recorded answers. words: texts of the interface. private: names of the customer, such as the tenant."""

    def __init__(self, answers: Collection[Recorded], words: Iterable[str], private: Iterable[str]) -> None:
        self._answers = answers
        self._words = ALWAYS_WORDS | frozenset(words)
        held = {text.casefold() for one in answers for text in _texts(one.body)}
        self._private = (held | {text.casefold() for text in private if text}) - {one.casefold() for one in self._words}

    def routes(self) -> dict[str, Values]:
        """Route -> what its answers have in common. The same answers give the same result."""
        found: dict[str, Values] = {}
        for one in sorted(self._answers, key=lambda one: (self.route(one), one.path, repr(one.params))):
            route = found.setdefault(
                self.route(one), {"answers": 0, "statuses": {}, "content_types": {}, "not_json": 0}
            )
            route["answers"] += 1
            _count(route["statuses"], str(one.status))
            _count(
                route["content_types"],
                one.content_type if re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", one.content_type) else "",
            )
            if one.is_json and one.status < 400:
                route["body"] = self.merged(route.get("body", {}), one.body)
            elif not one.is_json and one.size:
                route["not_json"] += 1
        return found

    def route(self, one: Recorded) -> str:
        """Method and path, without what belongs to a customer."""
        path = "/".join(self._segment(segment) for segment in one.path.partition("?")[0].split("/"))
        params = "&".join(self.key(name) for name in sorted(one.params))
        return f"{one.method} {path}{'?' if params else ''}{params}"

    def key(self, key: str) -> str:
        if key in self._words:
            return key
        return key if _KEY.fullmatch(key) and key.casefold() not in self._private else KEY

    def merged(self, shape: Values, value: Any) -> Values:
        """The shape of what was seen until now and of one more value."""
        kind = _kind(value)
        _count(shape, kind)
        if kind == "string":
            self._add_text(shape, value)
        elif kind in ("integer", "number"):
            _widen(shape, "digits", len(str(value).lstrip("-")))
        elif kind == "array":
            _widen(shape, "items", len(value))
            for item in value:
                shape["item"] = self.merged(shape.get("item", {}), item)
        elif kind == "object":
            keys = shape.setdefault("keys", {})
            by_data = _is_keyed_by_data(value)
            for key, item in value.items():
                name = KEY if by_data and str(key) not in self._words else self.key(str(key))
                keys[name] = self.merged(keys.get(name, {}), item)
        return shape

    def _add_text(self, shape: Values, text: str) -> None:
        _widen(shape, "length", len(text))
        kept, known = ("words", text) if text in self._words else ("forms", _form(text))
        seen = shape.setdefault(kept, [])
        if known not in seen and (kept == "words" or len(seen) < _MOST_FORMS):
            seen.append(known)
            seen.sort()

    def _segment(self, segment: str) -> str:
        text = unquote(segment)
        if not text or text in self._words:
            return text
        return text if _SEGMENT.fullmatch(text) and text.casefold() not in self._private else KEY


def flat(shape: Mapping[str, Any], place: str = "$") -> Iterator[tuple[str, frozenset[str]]]:
    """(place, types seen there) of a shape and everything in it."""
    yield place, frozenset(shape) & frozenset({"string", "integer", "number", "boolean", "null", "array", "object"})
    if "item" in shape:
        yield from flat(shape["item"], f"{place}[]")
    for key, part in shape.get("keys", {}).items():
        yield from flat(part, f"{place}.{key}")


def differences(routes: Mapping[str, Values], expected: Mapping[str, Mapping[str, str]]) -> dict[str, Values]:
    """Route -> what its answers lack, have besides, and have of another type. Routes without a difference are left out.

    A place counts as missing where the object that should have it was seen.
    """
    found: dict[str, Values] = {}
    for route, places in expected.items():
        if "body" not in routes.get(route, {}):
            continue
        seen = dict(flat(routes[route]["body"]))
        missing = [
            place  # a list may be empty, so its items are never missing
            for place in places
            if place not in seen and not place.endswith("[]") and "object" in seen.get(_parent(place), ())
        ]
        new = [place for place in seen if place not in places and _parent(place) in places]
        types = {
            place: sorted(types)
            for place, types in seen.items()
            if place in places and types - {"null"} - set(places[place].split("|")) and places[place] != "null"
        }
        told = {"missing": sorted(missing), "new": sorted(new), "types": types}
        if any(told.values()):
            found[route] = told
    return found


def _parent(place: str) -> str:
    return place[:-2] if place.endswith("[]") else place.rpartition(".")[0]


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    kinds: tuple[tuple[type, str], ...] = (
        (bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"), (list, "array"),
    )  # fmt: skip
    return next((name for kind, name in kinds if isinstance(value, kind)), "object")


def _is_keyed_by_data(value: Mapping[str, Any]) -> bool:
    """Whether the keys of an object are keys of records: two or more objects, all with the same keys."""
    parts = list(value.values())
    return len(parts) > 1 and all(isinstance(one, dict) and one and one.keys() == parts[0].keys() for one in parts)


def _form(text: str) -> str:
    letters = re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", text[: 10 * _LONGEST_FORM]))
    return re.sub(r"[^\x20-\x7e]+", "?", letters)[:_LONGEST_FORM]


def _texts(value: Any) -> Iterator[str]:
    """Every text and number in a value that may be a customer's; single letters are not."""
    if isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str) and len(value) > 1:
        yield value


def _count(counts: Values, name: str) -> None:
    counts[name] = counts.get(name, 0) + 1


def _widen(shape: Values, name: str, number: int) -> None:
    low, high = shape.get(name, (number, number))
    shape[name] = [min(low, number), max(high, number)]
