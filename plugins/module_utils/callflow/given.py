# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is supposed about a call beyond the document: who is busy, which flags are set, who was rung last. No vendor."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import InvalidOption
from .model import BUSY, DND, IDLE, NOT_REGISTERED, PHONE_STATES, milliseconds
from .values import text, truth

CALLERS = ("external", "internal", "anonymous")
KEYS = (
    "states", "busy", "not_registered", "dnd", "signed_out", "flags_set", "flags_clear", "flags", "last", "last_used",
    "caller", "answers",
)  # fmt: skip
Name = Callable[[str], str]  # a phone as written -> the phone as the engine calls it


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint at the known word that was probably meant, or nothing."""
    match = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return f" (did you mean {match[0]}?)" if match else ""


@dataclass(frozen=True)
class Given:
    """The state of phones, groups and the vendor's counters when the call comes in."""

    states: Mapping[str, str] = field(default_factory=dict)
    signed_out: frozenset[str] = frozenset()
    signed_out_of: Mapping[str, frozenset[str]] = field(default_factory=dict)  # group -> phones
    last: Mapping[str, str] = field(default_factory=dict)  # group -> phone
    last_used: Mapping[str, float] = field(default_factory=dict)  # phone -> a time that can be compared
    flags: Mapping[str, bool] = field(default_factory=dict)
    caller: str = "external"
    answers: Mapping[str, int] = field(default_factory=dict)  # phone -> milliseconds

    def state(self, phone: str) -> str:
        return self.states.get(phone, IDLE)

    def is_signed_out(self, phone: str, group_names: Iterable[str]) -> bool:
        return phone in self.signed_out or any(phone in self.signed_out_of.get(name, ()) for name in group_names)

    def phones(self) -> set[str]:
        named = {*self.states, *self.signed_out, *self.last_used, *self.answers, *self.last.values()}
        return named.union(*self.signed_out_of.values())


def problems(written: Any, place: str = "given") -> list[str]:
    """Everything that is wrong with the spelling of `given`, in words; nothing where it can be read."""
    if written is None:
        return []
    if not isinstance(written, Mapping):
        return [f"{place}: is not a dictionary; write for example {{busy: ['101']}}"]
    found = []
    for key, value in written.items():
        if key not in KEYS:
            found.append(f"{place}.{key}: unknown{nearest(str(key), KEYS)}; known are {', '.join(KEYS)}")
        elif value is not None:
            try:
                read({key: value}, str)
            except InvalidOption as error:
                found.append(f"{place}.{error}")
    return found


def read(written: Any, name: Name) -> Given:
    """`given` as users write it. name: turns a phone as written into the engine's. Raises InvalidOption."""
    if isinstance(written, Given):
        return written
    if written is not None and not isinstance(written, Mapping):
        raise InvalidOption("given: is not a dictionary")
    given: Mapping[str, Any] = {key: value for key, value in (written or {}).items() if value is not None}
    unknown = [str(key) for key in given if key not in KEYS]
    if unknown:
        raise InvalidOption(f"given.{unknown[0]}: unknown{nearest(unknown[0], KEYS)}; known are {', '.join(KEYS)}")
    states = {name(text(phone)): _state(phone, state) for phone, state in _mapping(given, "states").items()}
    for state in (BUSY, NOT_REGISTERED, DND):
        for phone in _phones(state, given.get(state)):
            if states.setdefault(name(phone), state) != state:
                raise InvalidOption(f"{state}: {phone} is also {states[name(phone)]}; a phone has one state")
    out = given.get("signed_out")
    by_group = out if isinstance(out, Mapping) else {}
    caller = text(given.get("caller", "external"))
    if caller not in CALLERS:
        raise InvalidOption(
            f"caller: {caller!r} is unknown{nearest(caller, CALLERS)}; write one of {', '.join(CALLERS)}"
        )
    return Given(
        states=states,
        signed_out=frozenset(name(one) for one in ([] if by_group else _phones("signed_out", out))),
        signed_out_of={
            text(group): frozenset(name(one) for one in _phones(f"signed_out.{group}", listed))
            for group, listed in by_group.items()
        },
        last={text(group): name(text(phone)) for group, phone in _mapping(given, "last").items()},
        last_used={
            name(text(phone)): _instant(f"last_used.{phone}", when)
            for phone, when in _mapping(given, "last_used").items()
        },
        flags=_flags(given),
        caller=caller,
        answers={name(text(phone)): _wait(phone, wait) for phone, wait in _mapping(given, "answers").items()},
    )


def _mapping(given: Mapping[str, Any], key: str) -> Mapping[Any, Any]:
    value = given.get(key, {})
    if not isinstance(value, Mapping):
        raise InvalidOption(f"{key}: is not a dictionary")
    return value


def _phones(place: str, listed: Any) -> list[str]:
    if listed is None:
        return []
    if isinstance(listed, Mapping):
        raise InvalidOption(f"{place}: is not a list of phones")
    many = listed if isinstance(listed, (list, tuple, set, frozenset)) else [listed]
    if any(isinstance(one, (Mapping, list, bool, float)) or not text(one) for one in many):
        raise InvalidOption(f"{place}: is not a list of phones; put numbers in quotes")
    return [text(one) for one in many]


def _state(phone: Any, state: Any) -> str:
    if state not in PHONE_STATES:
        raise InvalidOption(
            f"states.{phone}: {state!r} is unknown{nearest(text(state), PHONE_STATES)};"
            f" write one of {', '.join(PHONE_STATES)}"
        )
    return str(state)


def _flags(given: Mapping[str, Any]) -> dict[str, bool]:
    flags: dict[str, bool] = {}
    for flag, value in _mapping(given, "flags").items():
        known = truth(value)
        if known is None:
            raise InvalidOption(f"flags.{flag}: {value!r} is neither true nor false")
        flags[text(flag)] = known
    for key, state in (("flags_set", True), ("flags_clear", False)):
        for flag in _phones(key, given.get(key)):
            if flags.setdefault(flag, state) != state:
                raise InvalidOption(f"{key}: {flag} is given as set and as clear")
    return flags


def _wait(phone: Any, wait: Any) -> int:
    if isinstance(wait, bool) or not isinstance(wait, (int, float, str)):
        raise InvalidOption(f"answers.{phone}: {wait!r} is not a number of seconds")
    try:
        value = float(wait)
    except ValueError:
        raise InvalidOption(f"answers.{phone}: {wait!r} is not a number of seconds") from None
    if not 0 <= value < 86400:
        raise InvalidOption(f"answers.{phone}: {wait!r} is out of range; write 0 to 86399 seconds")
    return milliseconds(value)


def _instant(place: str, when: Any) -> float:
    """A date and time as a number that can be compared; a number stays what it is."""
    if isinstance(when, (int, float)) and not isinstance(when, bool):
        return float(when)
    if isinstance(when, str):
        try:
            when = datetime.datetime.fromisoformat(when.strip().replace("Z", "+00:00"))
        except ValueError:
            raise InvalidOption(f"{place}: {when!r} is no time; write for example '2026-11-24 09:00'") from None
    if not isinstance(when, datetime.datetime):
        raise InvalidOption(f"{place}: {when!r} is no time; write for example '2026-11-24 09:00'")
    # Without a zone all of them are taken for the same one: only their order counts.
    return (when if when.tzinfo else when.replace(tzinfo=datetime.timezone.utc)).timestamp()
