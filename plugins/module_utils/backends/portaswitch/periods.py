# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a PortaSwitch period holds: the grammar of Perl's Time::Period 1.25, which its manuals quote.

Source: the module's documentation and code (H for the grammar; M that PortaSwitch uses exactly this).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass

_DAYS = ("su", "mo", "tu", "we", "th", "fr", "sa")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG_NAMES = {
    "year": "yr", "month": "mo", "week": "wk", "yday": "yd", "mday": "md", "wday": "wd", "hour": "hr", "minute": "min",
    "second": "sec",
}  # fmt: skip
_HOURS = {
    "12am": 0,
    "12noon": 12,
    "12pm": 12,
    **{f"{n}am": n for n in range(1, 12)},
    **{f"{n}pm": n + 12 for n in range(1, 12)},
}
_LIMITS = {
    "yr": (0, 9999), "mo": (1, 12), "wk": (1, 6), "yd": (1, 366), "md": (1, 31), "wd": (1, 7), "hr": (0, 23),
    "min": (0, 59), "sec": (0, 59),
}  # fmt: skip


def _week(when: datetime.datetime) -> int:
    """The week of the month; the first one ends on the first Saturday."""
    first = (when.replace(day=1).weekday() + 1) % 7  # Sunday is 0
    return (when.day - 1 + first) // 7 + 1


_NOW: dict[str, Callable[[datetime.datetime], int]] = {
    "yr": lambda when: when.year,
    "mo": lambda when: when.month,
    "wk": _week,
    "yd": lambda when: when.timetuple().tm_yday,
    "md": lambda when: when.day,
    "wd": lambda when: (when.weekday() + 1) % 7 + 1,
    "hr": lambda when: when.hour,
    "min": lambda when: when.minute,
    "sec": lambda when: when.second,
}
CALENDAR_SCALES = frozenset({"yr", "mo", "wk", "yd", "md"})  # they differ between two days with one name
_Ranges = tuple[tuple[int, int], ...]


class Malformed(ValueError):
    """Not a period of this grammar."""


@dataclass(frozen=True)
class Period:
    """Alternatives; in each, scales that must all hold. No alternatives: never. An empty alternative: always."""

    alternatives: tuple[tuple[tuple[str, _Ranges], ...], ...]

    @property
    def scales(self) -> frozenset[str]:
        return frozenset(scale for one in self.alternatives for scale, _ranges in one)

    @property
    def constant(self) -> bool | None:
        """True or False where the moment does not matter, else None."""
        if () in self.alternatives:
            return True
        return None if self.alternatives else False

    @property
    def splits_a_night(self) -> bool:
        """Whether a day of the week meets hours over midnight: `wd{fri} hr{22-6}` is not Friday night to Saturday."""
        return any(
            "wd" in dict(one) and any(low > high for low, high in dict(one).get("hr", ())) for one in self.alternatives
        )

    def holds(self, when: datetime.datetime) -> bool:
        return any(
            all(any(_within(scale, low, high, when) for low, high in ranges) for scale, ranges in one)
            for one in self.alternatives
        )


def _within(scale: str, low: int, high: int, when: datetime.datetime) -> bool:
    now = _NOW[scale](when)
    return low <= now <= high if low <= high else now >= low or now <= high


def parse(text: str) -> Period:
    """A period as it is written. Empty and `Always` (PortaSwitch's own word): always; `none`: never. Raises Malformed."""
    word = " ".join(text.lower().split())
    if word in ("", "always"):
        return Period(((),))
    if word == "none":
        return Period(())
    return Period(tuple(_alternative(part) for part in word.split(",")))


def _alternative(text: str) -> tuple[tuple[str, _Ranges], ...]:
    scales: dict[str, _Ranges] = {}
    rest = text.strip()
    if not rest:
        raise Malformed("there is nothing on one side of a comma")
    while rest:
        found = re.match(r"([a-z]+)\s*\{([^{}]*)\}\s*", rest)
        if not found:
            raise Malformed(f"{rest!r} is not of the form scale{{values}}")
        name = _LONG_NAMES.get(found.group(1), found.group(1))
        if name not in _LIMITS:
            raise Malformed(f"{name!r} is no scale")
        values = re.sub(r"\s*-\s*", "-", found.group(2)).split()
        scales[name] = scales.get(name, ()) + tuple(_range(name, value) for value in values)
        rest = rest[found.end() :]
    return tuple(scales.items())


def _range(scale: str, text: str) -> tuple[int, int]:
    low, dash, high = text.partition("-")
    first = _value(scale, low)
    last = _value(scale, high) if dash else first
    return (last, first) if scale == "yr" and first > last else (first, last)


def _value(scale: str, text: str) -> int:
    known = None
    if re.fullmatch("[0-9]{1,4}", text):
        known = int(text)
        if scale == "yr" and len(text) <= 2:
            known += 2000
    elif scale == "wd" and text.isalpha() and text[:2] in _DAYS:
        known = _DAYS.index(text[:2]) + 1
    elif scale == "mo" and text.isalpha() and text[:3] in _MONTHS:
        known = _MONTHS.index(text[:3]) + 1
    elif scale == "hr":
        known = _HOURS.get(text)
    low, high = _LIMITS[scale]
    if known is None or not low <= known <= high:
        raise Malformed(f"{text!r} is no value of {scale}")
    return known
