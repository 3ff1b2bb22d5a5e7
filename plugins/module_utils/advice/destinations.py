# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Advice on where calls are sent: overflow, night service, forwarding, follow-me, and outside numbers as members. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..callflow.model import UNKNOWN
from ..callflow.numbers import canonical, looks_external
from ..callflow.tenant import Item
from ..callflow.values import text, truth
from ..callflow.vendor import EXTERNAL, NOBODY
from ..callflow.walk import Cursor
from . import rules
from .groups import Advice
from .number_plans import LIBRARY, Kind
from .view import View

_DIALLED = re.compile(r"[+0-9][0-9 ()./-]*")
# Parts of forwarding that are no numbers.
_SECONDS = "no_answer_after"


@dataclass(frozen=True)
class Destination:
    """A number to which an object sends calls. path: where it stands. option: its name. item: an entry of a list that
    holds it, with more about it."""

    number: str
    path: str
    option: str
    item: Item | None = None


def destinations(view: View) -> Iterator[Destination]:
    """Every number that is in use as a destination."""
    for group in view.groups():
        for exit_ in view.exits(group):
            yield Destination(exit_.number, exit_.path, exit_.path[len(group.path) + 1 :])
        for part in view.parts(group) or []:
            if looks_external(part.phone):
                yield Destination(part.phone, part.item.path, "members")
    for owner in view.tenant.follow_me:
        forwarding = owner.get("forwarding")
        for name, value in (forwarding if isinstance(forwarding, Mapping) else {}).items():
            if name != _SECONDS and text(value):
                yield Destination(text(value), f"{owner.path}.forwarding.{name}", f"forwarding.{name}")
        for one in view.asked(lambda owner=owner: owner.items("destinations")) or []:  # type: ignore[misc]
            if truth(one.get("active")) is not False and text(one.get("number")):
                yield Destination(text(one.get("number")), one.path, "destinations", one)


def unknown_numbers(view: View) -> Iterator[Advice]:
    """Destinations that are neither in the tenant nor outside numbers. Only where all that can be dialled was read."""
    if not view.knows_all("extensions", "hunt_groups"):
        return
    for one in destinations(view):
        elsewhere = one.item is not None and text(one.item.get("domain"))
        if elsewhere or not _DIALLED.fullmatch(one.number):
            continue  # a number of another domain, a feature code, a name
        target = view.target(one.number)
        if target is not None and target.kind == NOBODY:
            message = f"{one.option} leads to {one.number}, which is neither an extension nor a hunt group"
            yield Advice(rules.UNKNOWN_DESTINATION, one.path, message)


# -- outside numbers ---------------------------------------------------------------------------------------------------
def outside_numbers(view: View) -> Iterator[Advice]:
    """Premium, foreign and invalid numbers; what could not be checked is said once."""
    unread: list[str] = []
    for one in destinations(view):
        target = view.target(one.number)
        if target is None or target.kind != EXTERNAL:
            continue
        kind = view.plans.kind_of(one.number, view.country_code) if view.plans else None
        if kind is None:
            unread.append(one.number)
        else:
            yield from _of_kind(one, kind, view.country_code)
        if view.plans and not view.country_code and kind is not None:
            unread.append(one.number)
    if unread and view.plans is None:
        message = f"{len(unread)} outside numbers were not checked for premium, foreign and invalid ones"
        yield Advice(rules.NUMBERS_NOT_CHECKED, "", f"{message}: the Python library {LIBRARY} is not installed")
    elif unread:
        message = f"{len(unread)} outside numbers were not or not fully checked for premium, foreign and invalid ones"
        yield Advice(rules.NUMBERS_NOT_CHECKED, "", f"{message}: the country is not known")


def not_checked_cure(view: View) -> str:
    """What to do so that outside numbers are checked."""
    if view.plans is None:
        return f"install {LIBRARY} where the module runs (pip install {LIBRARY})"
    return "set country_code"


def _of_kind(one: Destination, kind: Kind, country_code: str) -> Iterator[Advice]:
    if not kind.valid:
        message = f"{one.option} leads to {one.number}, which no numbering plan has"
        yield Advice(rules.INVALID_NUMBER, one.path, message)
        return
    if kind.premium:
        yield Advice(rules.PREMIUM_NUMBER, one.path, f"{one.option} leads to {one.number}, a premium-rate number")
    if country_code and kind.country != country_code:
        message = f"{one.option} leads to {one.number}, a number of +{kind.country}; the own country is +{country_code}"
        yield Advice(rules.FOREIGN_NUMBER, one.path, message)


# -- the same number again ---------------------------------------------------------------------------------------------
def duplicates(view: View) -> Iterator[Advice]:
    """A number that stands twice where once has the same effect: same place, same period."""
    first: set[tuple[str, ...]] = set()
    for one in destinations(view):
        if one.option == "members" or one.option.startswith("forwarding."):
            continue
        details = [" ".join(text(one.item.get(name)).split()) for name in ("domain", "period")] if one.item else []
        place = one.path.rpartition("[")[0] if one.item else one.path
        mark = (place, canonical(one.number, view.country_code), *details)
        if mark in first:
            yield Advice(rules.DUPLICATE_DESTINATION, one.path, f"{one.option} has {one.number} more than once")
        first.add(mark)


def unused_no_answer(view: View) -> Iterator[Advice]:
    """Forwarding on no answer of a phone that never rings, because all its calls are forwarded at once."""
    for target in view.extensions():
        exits = view.personal(target)
        unused = [one for one in exits if one.path.endswith(".forwarding.no_answer")]
        if not unused or len(exits) < 2:
            continue
        legs = view.ways(lambda walk, target=target: view.vendor.extension(walk, target, Cursor()))  # type: ignore[misc]
        if not legs or any(leg.end is None or leg.end.is_ == UNKNOWN for leg in legs):
            continue
        if all(ring.phone != target.number for leg in legs for ring in leg.rings):
            message = f"forwarding.no_answer to {unused[0].number} is never used: all calls are forwarded at once"
            yield Advice(rules.UNUSED_NO_ANSWER, unused[0].path, message)
