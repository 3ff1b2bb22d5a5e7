# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Expectations as users write them: `pbx_expectations` of a tenant file, read and checked. Pure, no vendor."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ...callflow import given
from ...callflow.model import ENDS, HIGH, LOW, MEDIUM, milliseconds
from ...callflow.moments import At, read_at
from ...callflow.values import text
from ...errors import InvalidOption

FIELDS = (
    "name", "call", "at", "zone", "given", "rings", "first", "share", "never", "end", "match", "tolerance", "confidence",
)  # fmt: skip
CHECKS = ("rings", "first", "share", "never", "end")
END_FIELDS = ("is", "at", "to", "by")


@dataclass(frozen=True)
class Bar:
    """A ring that is expected, in milliseconds. since None: only the order counts; until None: it rings on."""

    phone: str
    since: int | None = None
    until: int | None = None

    @property
    def timed(self) -> bool:
        return self.since is not None


@dataclass(frozen=True)
class Expectation:
    """One expectation, read. What is None is not checked. share: phone -> percent as it was written."""

    place: str
    name: str = ""
    call: str = ""
    at: tuple[At, ...] = (At("always"),)
    zone: str = ""
    given: Mapping[str, Any] | None = None
    rings: tuple[Bar, ...] | None = None
    first: tuple[str, ...] | None = None
    share: Mapping[str, str] | None = None
    never: tuple[str, ...] | None = None
    end: Mapping[str, Any] | None = None
    exact: bool = True
    tolerance: int = 0  # milliseconds
    confidence: str = MEDIUM


@dataclass
class Found:
    """What reading one list of expectations found: errors and warnings in the form of other findings of a tenant file."""

    findings: list[dict[str, str]] = field(default_factory=list)

    def add(self, path: str, message: str, hint: str, severity: str = "error", id_: str = "expectation") -> None:
        self.findings.append({"id": id_, "severity": severity, "path": path, "message": message, "hint": hint})

    def errors(self, place: str) -> list[str]:
        inside = [one for one in self.findings if one["severity"] == "error"]
        return [f"{one['path']}: {one['message']}" for one in inside if (one["path"] + ".").startswith(f"{place}.")]


def problems(expectations: Any, place: str = "expectations") -> list[dict[str, str]]:
    """Everything that is wrong with the writing of expectations: {id, severity, path, message, hint}."""
    found = Found()
    read_all(expectations, found, place)
    return found.findings


def read_all(expectations: Any, found: Found, place: str = "expectations") -> list[Expectation]:
    """Read a list of expectations; what is wrong goes into `found`."""
    if expectations is None:
        return []
    if not isinstance(expectations, (list, tuple)):
        found.add(place, "is not a list", "write a list of dictionaries with name, call and what is expected")
        return []
    read: list[Expectation] = []
    names: dict[str, str] = {}
    for index, written in enumerate(expectations):
        own = f"{place}[{index}]"
        if not isinstance(written, Mapping):
            found.add(own, "is not a dictionary", "write name, call and what is expected")
            read.append(Expectation(own, name=own))
            continue
        one = _Reader(own, written, found).read()
        if one.name and one.name in names:
            found.add(f"{own}.name", f"is also the name of {names[one.name]}", "give each expectation its own name")
        names.setdefault(one.name, own)
        read.append(one)
    return read


class _Reader:
    """Reads one expectation."""

    def __init__(self, place: str, written: Mapping[Any, Any], found: Found) -> None:
        self.place, self.written, self.found = place, written, found

    def read(self) -> Expectation:
        for key in self.written:
            if key not in FIELDS:
                self._error(text(key), f"unknown{given.nearest(text(key), FIELDS)}", f"known are {', '.join(FIELDS)}")
        if not any(self.written.get(check) is not None for check in CHECKS):
            self.found.add(self.place, "checks nothing", f"write at least one of {', '.join(CHECKS)}")
        for problem in given.problems(self.written.get("given")):
            self.found.add(self.place, problem, "see the documentation of given")
        return Expectation(
            place=self.place,
            name=self._required("name") or self.place,
            call=self._phone(self._required("call", phone=True), "call"),
            at=self._take("at", lambda value: tuple(read_at(value)), (At("always"),)),
            zone=text(self.written.get("zone")),
            given=self.written.get("given"),
            rings=self._take("rings", self._rings, None),
            first=self._take("first", lambda value: self._phones("first", value), None),
            share=self._take("share", self._share, None),
            never=self._take("never", lambda value: self._phones("never", value), None),
            end=self._take("end", self._end, None),
            exact=self._take("match", lambda value: self._choice("match", value, ("exact", "includes")), "exact")
            == "exact",
            tolerance=self._take("tolerance", self._tolerance, 0),
            confidence=self._take(
                "confidence", lambda value: self._choice("confidence", value, (HIGH, MEDIUM, LOW)), MEDIUM
            ),
        )

    def _error(self, key: str, message: str, hint: str) -> None:
        self.found.add(f"{self.place}.{key}", message, hint)

    def _take(self, key: str, reader: Callable[[Any], Any], unset: Any) -> Any:
        value = self.written.get(key)
        if value is None:
            return unset
        try:
            return reader(value)
        except InvalidOption as error:
            message = str(error)[len(key) + 2 :] if str(error).startswith(f"{key}: ") else str(error)
            self._error(key, message, "see the documentation of expectations")
            return unset

    def _required(self, key: str, phone: bool = False) -> Any:
        value = self.written.get(key)
        if value is None or text(value) == "" or isinstance(value, (Mapping, list, bool)):
            self._error(key, "is missing or no text", f"write {key}: and a text in quotes")
            return ""
        return value if phone else text(value)

    def _phone(self, value: Any, key: str) -> str:
        """A number; YAML may have read it as one, and lost its zeros."""
        if isinstance(value, int) and not isinstance(value, bool):
            hint = f'write "{value}" in quotes; YAML reads 0112 without quotes as 74'
            self.found.add(f"{self.place}.{key}", f"{value} is not quoted", hint, "warning", "unquoted-number")
        elif not isinstance(value, str):
            raise InvalidOption(f"{key}: {value!r} is no phone; put numbers in quotes")
        return text(value)

    def _phones(self, key: str, value: Any) -> tuple[str, ...]:
        many = value if isinstance(value, (list, tuple)) else [value]
        return tuple(self._phone(one, key) for one in many)

    def _rings(self, value: Any) -> tuple[Bar, ...]:
        if not isinstance(value, (list, tuple)):
            raise InvalidOption('rings: is not a list; write for example [{"101": 0-15}, "102"], or [] for nobody')
        bars = []
        for one in value:
            if not isinstance(one, Mapping):
                bars.append(Bar(self._phone(one, "rings")))
                continue
            if len(one) != 1:
                raise InvalidOption('rings: an entry has more than one phone; write [{"101": 0-15}, {"102": 15-30}]')
            ((phone, span),) = one.items()
            bars.append(self._bar(self._phone(phone, "rings"), span))
        return tuple(bars)

    def _bar(self, phone: str, span: Any) -> Bar:
        found = re.fullmatch(r"(\d+(?:\.\d{1,3})?)\s*-\s*(\d+(?:\.\d{1,3})?)?", text(span).replace("–", "-"))
        if not found:
            raise InvalidOption(
                f"rings: {span!r} of {phone} is no span of seconds; write 0-15, or 15- where it rings on"
            )
        since, until = milliseconds(float(found.group(1))), found.group(2)
        one_bar = Bar(phone, since, None if until is None else milliseconds(float(until)))
        if one_bar.until is not None and one_bar.until <= since:
            raise InvalidOption(f"rings: {span!r} of {phone} ends before it starts")
        return one_bar

    def _share(self, value: Any) -> dict[str, str]:
        if not isinstance(value, Mapping) or not value:
            raise InvalidOption('share: is not a dictionary; write for example {"4000": 60, "5001": 40}')
        shares: dict[str, str] = {}
        for phone, percent in value.items():
            words = text(percent).rstrip("% ")
            if isinstance(percent, bool) or not re.fullmatch(r"\d{1,3}(\.\d+)?", words) or Fraction(words) > 100:
                raise InvalidOption(f"share: {percent!r} of {phone} is no percentage; write 0 to 100")
            shares[self._phone(phone, "share")] = words
        return shares

    def _end(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            return {"is": self._choice("end", value, ENDS)}
        unknown = [text(key) for key in value if key not in END_FIELDS]
        if unknown:
            raise InvalidOption(f"end: {unknown[0]} is unknown{given.nearest(unknown[0], END_FIELDS)}")
        end: dict[str, Any] = {}
        if value.get("is") is not None:
            end["is"] = self._choice("end", value["is"], ENDS)
        if value.get("at") is not None:
            if isinstance(value["at"], bool) or not re.fullmatch(r"\d{1,5}(\.\d{1,3})?", text(value["at"])):
                raise InvalidOption(f"end: at: {value['at']!r} is no number of seconds")
            end["at"] = milliseconds(float(text(value["at"])))
        for key in ("to", "by"):
            if value.get(key) is not None:
                end[key] = self._phone(value[key], "end")
        if not end:
            raise InvalidOption(f"end: says nothing; write one of {', '.join(ENDS)}")
        return end

    def _choice(self, key: str, value: Any, choices: tuple[str, ...]) -> str:
        if value not in choices:
            hint = given.nearest(text(value), choices)
            raise InvalidOption(f"{key}: {value!r} is unknown{hint}; write one of {', '.join(choices)}")
        return str(value)

    def _tolerance(self, value: Any) -> int:
        if isinstance(value, bool) or not re.fullmatch(r"\d{1,4}(\.\d{1,3})?", text(value)):
            raise InvalidOption(f"tolerance: {value!r} is no number of seconds")
        return milliseconds(float(text(value)))
