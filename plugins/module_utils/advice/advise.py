# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Advice on a tenant: what works, and is probably not what anybody wants. Reads nothing and changes nothing.

Pure: the document, what is known besides, the date and what the site sets are arguments. What is not known gives no advice.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..errors import InvalidOption
from ..model.problems import ERROR, INFO, WARNING, Finding
from . import destinations, groups, loops
from .groups import Advice
from .number_plans import Plans, library_plans
from .rules import (
    FOREIGN_NUMBER,
    INVALID_NUMBER,
    NUMBERS_NOT_CHECKED,
    OFF,
    PREMIUM_NUMBER,
    RULES,
    WAIVER_UNUSED,
    Settings,
    read_settings,
)
from .view import Facts, View
from .waivers import Waiver, read_waivers

_CHECKS: Sequence[Callable[[View], Iterator[Advice]]] = (
    groups.members,
    groups.sign_ins,
    groups.overflow,
    groups.weights,
    groups.silent_members,
    groups.outsiders,
    destinations.unknown_numbers,
    destinations.outside_numbers,
    destinations.duplicates,
    destinations.unused_no_answer,
    loops.back_to_itself,
)
_USUAL = Settings()
_NEED_PLANS = (PREMIUM_NUMBER, FOREIGN_NUMBER, INVALID_NUMBER)
_RANKS = (ERROR, WARNING, INFO)


@dataclass(frozen=True)
class Request:
    """What a site wants of the advice: severities and thresholds, and what it waives."""

    settings: Settings = _USUAL
    waivers: Sequence[Waiver] = ()


def read_request(options: Mapping[str, Any]) -> tuple[Request, list[Finding]]:
    """(what is asked for, everything that is wrong with it) of the options advice_severities, advice_thresholds and
    advice_waivers of a module."""
    settings, wrong = read_settings(options.get("advice_severities"), options.get("advice_thresholds"))
    waivers, more = read_waivers(options.get("advice_waivers"))
    return Request(settings, waivers), [*wrong, *more]


def checked_request(options: Mapping[str, Any]) -> Request:
    """The same. Raises InvalidOption with everything that is wrong."""
    request, wrong = read_request(options)
    if wrong:
        raise InvalidOption(" | ".join(map(str, wrong)))
    return request


def advise(
    document: Mapping[str, Any],
    facts: Facts,
    country_code: str,
    today: datetime.date,
    settings: Settings = _USUAL,
    waivers: Sequence[Waiver] = (),
    plans: Plans | None = None,
) -> list[Finding]:
    """All advice on a tenant, errors first, each group in the order of the objects.

    document: lists of objects in neutral words, as they were read (sign-ins included) or declared. country_code: digits,
    empty when it is not known. plans: see `library_plans`; None where nothing knows numbering plans. The path of a finding
    is its object, such as `hunt_groups/200`; that of a waiver its place.
    """
    view = View(document, facts, country_code.lstrip("+"), plans, settings.thresholds)
    found: list[Finding] = []
    used: set[Waiver] = set()
    for advice in _unique(view):
        names = view.names(advice.path) if advice.path else ["country_code"]
        matching = [one for one in waivers if one.matches(advice.rule, names)]
        used.update(matching)
        if any(not one.is_expired(today) for one in matching) or settings.severity(advice.rule) == OFF:
            continue
        found.append(_finding(view, advice, names[0], settings, matching))
    found += _unused(view, settings, [one for one in waivers if one not in used], found)
    return sorted(found, key=lambda one: _RANKS.index(one.severity))


def advise_with_library(
    document: Mapping[str, Any], facts: Facts, country_code: str, today: datetime.date, request: Request
) -> list[Finding]:
    """The same with the numbering plans of the library, where it is installed."""
    return advise(document, facts, country_code, today, request.settings, request.waivers, library_plans())


def _unique(view: View) -> Iterator[Advice]:
    """Each advice once, although two paths of an object may give the same."""
    said: set[tuple[str, str, str]] = set()
    for check in _CHECKS:
        for advice in check(view):
            mark = (advice.rule, view.names(advice.path)[0] if advice.path else "", advice.message)
            if mark not in said:
                said.add(mark)
                yield advice


def _finding(view: View, advice: Advice, path: str, settings: Settings, expired: Sequence[Waiver]) -> Finding:
    cure = RULES[advice.rule][1]
    if advice.rule == NUMBERS_NOT_CHECKED:
        return Finding(
            advice.rule, settings.severity(advice.rule), path, advice.message, destinations.not_checked_cure(view)
        )
    made = Finding(
        advice.rule, settings.severity(advice.rule), path, f"{view.told(advice.path)}: {advice.message}", cure
    )
    if not expired:
        return made
    last = max(expired, key=lambda one: one.expires)
    message = f"{made.message}; the waiver {last.path} ({last.reason}) expired on {last.expires.isoformat()}"
    return replace(made, message=message, hint=f"{cure}; or renew the waiver")


def _unused(view: View, settings: Settings, waivers: Sequence[Waiver], found: Sequence[Finding]) -> Iterator[Finding]:
    """Waivers that match nothing. Only where the whole tenant was read and all rules could be checked."""
    severity = settings.severity(WAIVER_UNUSED)
    blind = any(one.id == NUMBERS_NOT_CHECKED for one in found) or view.plans is None
    if severity == OFF or not view.facts.whole:
        return
    for one in waivers:
        if blind and one.id in _NEED_PLANS:
            continue
        message = f"the waiver of {one.id} for {one.object} ({one.reason}) matches no advice"
        yield Finding(WAIVER_UNUSED, severity, one.path, message, RULES[WAIVER_UNUSED][1])
