# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waivers: advice that a site accepts for an object, with a reason and until a date.

Pure: no input or output, no vendor; the date is an argument.
"""

from __future__ import annotations

import datetime
import fnmatch
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..model.catalog import tenant_lists
from ..model.problems import ERROR, Finding
from ..model.values import nearest
from .rules import GENERAL, RULES

OPTION = "advice_waivers"
PARTS = ("id", "object", "reason", "expires")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Waiver:
    """One waiver. object: a key or pattern such as `hunt_groups/200` or `extensions/1*`. expires: its last day.
    path: where it is written."""

    id: str
    object: str
    reason: str
    expires: datetime.date
    path: str = ""

    def is_expired(self, today: datetime.date) -> bool:
        return self.expires < today

    def matches(self, rule: str, names: Sequence[str]) -> bool:
        """Whether it is about this rule and an object with one of these names."""
        return rule == self.id and any(fnmatch.fnmatchcase(name, self.object) for name in names)


def read_waivers(written: Any) -> tuple[list[Waiver], list[Finding]]:
    """(the waivers, everything that is wrong with them). written: the list as users write it, or None."""
    if written is None:
        return [], []
    if not isinstance(written, (list, tuple)):
        return [], [_wrong(OPTION, f"{written!r} is not a list", f"write a list of dictionaries with {_words(PARTS)}")]
    waivers: list[Waiver] = []
    problems: list[Finding] = []
    for index, one in enumerate(written):
        waiver, found = _read(f"{OPTION}[{index}]", one)
        waivers += [waiver] if waiver else []
        problems += found
    return waivers, problems


def _read(path: str, written: Any) -> tuple[Waiver | None, list[Finding]]:
    if not isinstance(written, Mapping):
        return None, [_wrong(path, f"{written!r} is not a dictionary", f"write {_words(PARTS)}")]
    found = [
        _wrong(f"{path}.{name}", f"is unknown{nearest(str(name), PARTS)}", f"a waiver has {_words(PARTS)}")
        for name in written
        if name not in PARTS
    ]
    for part in PARTS:
        if written.get(part) is None or not str(written[part]).strip():
            found.append(_wrong(f"{path}.{part}", "is missing", _EXAMPLES[part]))
    if found:
        return None, found
    rule, place = str(written["id"]), str(written["object"]).strip()
    if rule not in RULES or rule in GENERAL:
        known = [one for one in RULES if one not in GENERAL]
        found.append(
            _wrong(f"{path}.id", f"{rule!r} is no rule{nearest(rule, known)}", f"known are {', '.join(known)}")
        )
    kind, slash, _key = place.partition("/")
    if not slash or not fnmatch.filter(list(tenant_lists()), kind):
        found.append(_wrong(f"{path}.object", f"{place!r} names no object", _EXAMPLES["object"]))
    expires = _date(written["expires"])
    if expires is None:
        found.append(_wrong(f"{path}.expires", f"{written['expires']!r} is not a date", _EXAMPLES["expires"]))
    if found or expires is None:
        return None, found
    return Waiver(rule, place, str(written["reason"]).strip(), expires, path), []


_EXAMPLES = {
    "id": "write the ID of the rule, such as no-overflow",
    "object": "write a list and a key or pattern, such as hunt_groups/200 or extensions/1*",
    "reason": "say why the advice does not apply",
    "expires": "write the last day on which it counts, such as 2027-06-30",
}


def _date(written: Any) -> datetime.date | None:
    """A date as YAML reads it, or as text."""
    if isinstance(written, datetime.datetime):
        return written.date()
    if isinstance(written, datetime.date):
        return written
    if not isinstance(written, str) or not _DATE.fullmatch(written.strip()):
        return None
    try:
        return datetime.date.fromisoformat(written.strip())
    except ValueError:
        return None


def _words(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _wrong(path: str, message: str, hint: str) -> Finding:
    return Finding("invalid-option", ERROR, path, message, hint)
