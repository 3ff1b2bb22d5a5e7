# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of the advice by their IDs, and what a site sets of them. Pure: no input or output, no vendor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..model.problems import ERROR, INFO, WARNING, Finding
from ..model.values import nearest

OFF = "off"
SEVERITIES = (ERROR, WARNING, INFO, OFF)

NO_MEMBER = "no-member"
FEW_MEMBERS = "few-members"
NOBODY_SIGNED_IN = "nobody-signed-in"
FEW_SIGNED_IN = "few-signed-in"
NO_OVERFLOW = "no-overflow"
IN_NO_GROUP = "extension-in-no-group"
UNKNOWN_DESTINATION = "unknown-destination"
INVALID_NUMBER = "invalid-number"
PREMIUM_NUMBER = "premium-number"
FOREIGN_NUMBER = "foreign-number"
OWN_NUMBER = "own-number"
CALL_LOOP = "call-loop"
DUPLICATE_DESTINATION = "duplicate-destination"
ZERO_WEIGHT = "zero-weight"
NEVER_RINGS = "never-rings"
UNUSED_NO_ANSWER = "unused-no-answer"
NUMBERS_NOT_CHECKED = "numbers-not-checked"
WAIVER_UNUSED = "waiver-unused"

# Rule -> (severity unless the site sets another one, cure).
RULES: Mapping[str, tuple[str, str]] = {
    NO_MEMBER: (WARNING, "add a member, or delete or disable the hunt group"),
    FEW_MEMBERS: (INFO, "add a member, or lower advice_thresholds.least_members"),
    NOBODY_SIGNED_IN: (WARNING, "let a member sign in"),
    FEW_SIGNED_IN: (INFO, "let another member sign in, or lower advice_thresholds.least_signed_in"),
    NO_OVERFLOW: (WARNING, "set overflow_to"),
    IN_NO_GROUP: (INFO, "add it to a hunt group, or waive the advice"),
    UNKNOWN_DESTINATION: (WARNING, "correct the number, or waive the advice if another service has it"),
    INVALID_NUMBER: (WARNING, "correct the number, with + and country code if it is abroad"),
    PREMIUM_NUMBER: (ERROR, "use another number"),
    FOREIGN_NUMBER: (WARNING, "use a number in the own country, or waive the advice"),
    OWN_NUMBER: (ERROR, "use another number"),
    CALL_LOOP: (ERROR, "let one of them lead elsewhere"),
    DUPLICATE_DESTINATION: (WARNING, "remove one of them"),
    ZERO_WEIGHT: (WARNING, "give the member a weight, or remove it"),
    NEVER_RINGS: (WARNING, "shorten the ring time of the members before it, or change their order"),
    UNUSED_NO_ANSWER: (INFO, "remove forwarding.always or forwarding.no_answer"),
    NUMBERS_NOT_CHECKED: (INFO, ""),
    WAIVER_UNUSED: (INFO, "remove the waiver, or correct its id or object"),
}
# Rules that stand for no object and so cannot be waived.
GENERAL = (NUMBERS_NOT_CHECKED, WAIVER_UNUSED)

# Threshold -> its value unless the site sets another one.
THRESHOLDS: Mapping[str, int] = {"least_members": 2, "least_signed_in": 2}
_MOST = 1000


@dataclass(frozen=True)
class Settings:
    """What a site sets. severities: rule -> one of SEVERITIES. thresholds: all of THRESHOLDS."""

    severities: Mapping[str, str] = field(default_factory=dict)
    thresholds: Mapping[str, int] = field(default_factory=lambda: dict(THRESHOLDS))

    def severity(self, rule: str) -> str:
        return self.severities.get(rule, RULES[rule][0])


def read_settings(severities: Any, thresholds: Any) -> tuple[Settings, list[Finding]]:
    """(the settings, everything that is wrong with them). Both are dictionaries as users write them, or None."""
    found: list[Finding] = []
    chosen: dict[str, str] = {}
    for rule, written in _entries("advice_severities", severities, RULES, found):
        # YAML reads an unquoted `off` as false.
        severity = OFF if written is False else written
        if severity in SEVERITIES:
            chosen[rule] = str(severity)
        else:
            choices = f"write one of {', '.join(SEVERITIES)}"
            found.append(_wrong(f"advice_severities.{rule}", f"{written!r} is no severity", choices))
    limits = dict(THRESHOLDS)
    for name, written in _entries("advice_thresholds", thresholds, THRESHOLDS, found):
        number = _whole(written)
        if number is None:
            message = f"{written!r} is not a whole number from 0 to {_MOST}"
            found.append(_wrong(f"advice_thresholds.{name}", message, f"write for example {THRESHOLDS[name]}"))
        else:
            limits[name] = number
    return Settings(chosen, limits), found


def _entries(option: str, written: Any, known: Mapping[str, Any], found: list[Finding]) -> list[tuple[str, Any]]:
    """The entries with a known name and a value. What is wrong with the others goes to `found`."""
    if written is None:
        return []
    if not isinstance(written, Mapping):
        found.append(_wrong(option, f"{written!r} is not a dictionary", f"the keys are {', '.join(known)}"))
        return []
    for name in written:
        if name not in known:
            message = f"is unknown{nearest(str(name), known)}"
            found.append(_wrong(f"{option}.{name}", message, f"known are {', '.join(known)}"))
    return [(str(name), value) for name, value in written.items() if name in known and value is not None]


def _whole(written: Any) -> int | None:
    text = "" if isinstance(written, bool) else str(written)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 and int(text) <= _MOST else None


def _wrong(path: str, message: str, hint: str) -> Finding:
    return Finding("invalid-option", ERROR, path, message, hint)
