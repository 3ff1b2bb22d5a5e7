# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When an expectation is tested: `weekday 10:00`, `sat,sun 10:00`, `daily 03:00`, `2026-12-24 18:30`, `always`. Pure."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any

from ..errors import InvalidOption
from .given import nearest

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_GROUPS = {"weekday": DAYS[:5], "weekend": DAYS[5:], "daily": DAYS}
ALWAYS = "always"
_FORMS = "write for example 'weekday 10:00', 'sat,sun 10:00', 'daily 03:00', '2026-12-24 18:30' or 'always'"


@dataclass(frozen=True)
class Moment:
    """A wall time in the tenant's zone. local: None for `always`. recurring: found from days of the week."""

    words: str
    local: datetime.datetime | None = None
    recurring: bool = False


@dataclass(frozen=True)
class At:
    """One `at`, read: days of the week with a time, a date with a time, or neither (always)."""

    words: str
    days: tuple[str, ...] = ()
    date: datetime.date | None = None
    time: datetime.time | None = None

    @property
    def recurring(self) -> bool:
        return bool(self.days)

    def moments(self, as_of: datetime.date | None) -> list[Moment]:
        """The moments to test: of recurring ones each day that fits of the seven from `as_of`. Raises InvalidOption."""
        if self.time is None:
            return [Moment(self.words)]
        if self.date is not None:
            return [Moment(self.words, datetime.datetime.combine(self.date, self.time))]
        if as_of is None:
            raise InvalidOption(f"at: {self.words!r} needs a day to count from; give as_of, or write a full date")
        week = (as_of + datetime.timedelta(days=ahead) for ahead in range(7))
        return [
            Moment(self.words, datetime.datetime.combine(day, self.time), True)
            for day in week
            if DAYS[day.weekday()] in self.days
        ]


def read_at(written: Any) -> list[At]:
    """`at` as users write it: one moment or a list of them. Raises InvalidOption."""
    if isinstance(written, (list, tuple)):
        if not written:
            raise InvalidOption(f"at: the list is empty; {_FORMS}")
        return [_one(one) for one in written]
    return [_one(written)]


def _one(written: Any) -> At:
    if isinstance(written, bool) or written is None:
        raise InvalidOption(f"at: {written!r} is no moment; {_FORMS}")
    if isinstance(written, (int, float)):
        raise InvalidOption(f"at: {_sexagesimal(written)}; put a day before the time or quote it ({_FORMS})")
    if isinstance(written, datetime.datetime):
        if written.tzinfo is not None:
            raise InvalidOption(f"at: {written.isoformat()} has an offset; write the local time, and the zone as zone")
        return At(written.strftime("%Y-%m-%d %H:%M"), (), written.date(), written.time())
    if isinstance(written, datetime.date):
        raise InvalidOption(f"at: {written.isoformat()} has no time of day, and midnight is hardly meant; {_FORMS}")
    text = " ".join(str(written).split())
    if text.lower() == ALWAYS:
        return At(ALWAYS)
    dated = re.fullmatch(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{1,2}:\d{2}(?::\d{2})?))?", text)
    if dated:
        return _dated(text, dated.group(1), dated.group(2))
    days, _blank, clock = text.rpartition(" ")
    if not days:
        raise InvalidOption(f"at: {text!r} has no day or no time; {_FORMS}")
    return At(text, _days(days), None, _clock(text, clock))


def _sexagesimal(number: float) -> str:
    """What YAML has probably made of a time of day: it reads 10:00 as 10 times 60."""
    whole = int(number)
    if whole == number and 0 <= whole < 24 * 60:
        return f"YAML has read {whole // 60}:{whole % 60:02} as the number {whole}"
    return f"{number} is a number"


def _dated(text: str, day: str, clock: str | None) -> At:
    try:
        date = datetime.date.fromisoformat(day)
    except ValueError:
        raise InvalidOption(f"at: {text!r}: there is no such date") from None
    if clock is None:
        raise InvalidOption(f"at: {text!r} has no time of day, and midnight is hardly meant; {_FORMS}")
    return At(text, (), date, _clock(text, clock))


def _days(words: str) -> tuple[str, ...]:
    found: list[str] = []
    known = (*DAYS, *_GROUPS)
    for word in (one.strip().lower() for one in words.split(",")):
        if word not in known:
            raise InvalidOption(f"at: {word!r} is no day{nearest(word, known)}; days are {', '.join(known)}")
        found.extend(_GROUPS.get(word, (word,)))
    return tuple(dict.fromkeys(found))


def _clock(text: str, clock: str) -> datetime.time:
    found = re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", clock)
    hour, minute, second = (int(part or 0) for part in found.groups()) if found else (99, 0, 0)
    if hour > 23 or minute > 59 or second > 59:
        raise InvalidOption(f"at: {text!r}: {clock!r} is no time of day; write for example 18:30")
    return datetime.time(hour, minute, second)


def in_zone(moment: Moment, zone: datetime.tzinfo) -> datetime.datetime | None:
    """The wall time as an aware datetime; the first one where it exists twice. Raises InvalidOption where it does not."""
    if moment.local is None:
        return None
    aware = moment.local.replace(tzinfo=zone)
    back = aware.astimezone(datetime.timezone.utc).astimezone(zone).replace(tzinfo=None)
    if back != moment.local:
        raise InvalidOption(f"at: {moment.local:%Y-%m-%d %H:%M} does not exist in this zone: the clock skips it")
    return aware
