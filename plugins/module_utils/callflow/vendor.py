# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the call-flow engine asks of a vendor's rules, and how a dialled number finds its object. Pure, no vendor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..errors import InvalidOption
from . import numbers
from .model import FORWARDED, HIGH, LOW, Assumption, Confidence
from .tenant import Item, Tenant
from .values import text
from .walk import Cursor, Leg, Walk, ending, unknown

GROUP, EXTENSION, EXTERNAL, NOBODY = "group", "extension", "external", "nobody"


@dataclass(frozen=True)
class Target:
    """What a number leads to. item: None for an extension that is only known as a member, and for what is outside."""

    kind: str
    number: str
    item: Item | None = None


@dataclass(frozen=True)
class Exit:
    """A place to which a group or an extension sends calls, as the document says it; for pictures.

    kind: overflow | night | forwards | follows. when: in words. certain: false where the document cannot tell whether
    it is used.
    """

    kind: str
    number: str
    when: str
    path: str
    rules: tuple[str, ...]
    confidence: Confidence
    certain: bool = True


@dataclass(frozen=True)
class Part:
    """A member of a group, for pictures. stage: 0 where there are none. weight: percent, None where it means nothing."""

    phone: str
    item: Item
    stage: int = 0
    weight: int | None = None
    own_handling: bool = False


class Vendor(Protocol):
    """The rules of one vendor. Every method is pure."""

    rules: Mapping[str, str]  # id -> the rule in a sentence
    assumptions: Mapping[str, Assumption]

    def group_names(self, group: Item) -> list[str]:
        """The numbers under which a group can be dialled, its key first."""

    def extension_names(self, extension: Item) -> list[str]:
        """The numbers under which an extension can be dialled, its label first."""

    def hunt(self, walk: Walk, group: Item, cursor: Cursor) -> Leg:
        """The ringing of a group, up to where it gives the call away or everybody was tried."""

    def group(self, walk: Walk, group: Item, cursor: Cursor) -> Leg:
        """The whole of a call to a group."""

    def extension(self, walk: Walk, target: Target, cursor: Cursor) -> Leg:
        """The whole of a call to an extension."""

    def parts(self, tenant: Tenant, group: Item) -> list[Part]:
        """The members of a group in the order of the document."""

    def exits(self, group: Item) -> list[Exit]:
        """Where a group sends calls: overflow, night service and the like."""

    def personal(self, tenant: Tenant, target: Target) -> list[Exit]:
        """Where an extension's calls go besides itself: forwarding and follow-me, in order."""

    def policy(self, group: Item) -> str:
        """One of POLICIES, `stages`, or nothing where it is not known."""


def phone_name(vendor: Vendor, tenant: Tenant, written: str) -> str:
    """A phone as the engine calls it: an extension's label, else what was written."""
    found = tenant.find("extensions", written, vendor.extension_names)
    return vendor.extension_names(found)[0] if found else written


def _listed(vendor: Vendor, tenant: Tenant, number: str) -> str:
    """The member of a group that a number names, though no extension is declared for it."""
    if tenant.listed is None:
        tenant.listed = {}
        for group in tenant.hunt_groups:
            for part in vendor.parts(tenant, group):
                tenant.listed.setdefault(numbers.canonical(part.phone, tenant.country_code), part.phone)
    return tenant.listed.get(numbers.canonical(number, tenant.country_code), "")


def resolve(vendor: Vendor, tenant: Tenant, number: str) -> Target:
    """What a number leads to. Raises InvalidOption where it is the number of several objects."""
    group = tenant.find("hunt_groups", number, vendor.group_names)
    extension = tenant.find("extensions", number, vendor.extension_names)
    if group and extension:
        exact = [
            one for one in (group, extension) if number in (*vendor.group_names(one), *vendor.extension_names(one))
        ]
        if len(exact) != 1:
            raise InvalidOption(f"{number}: is the number of {group.path} and of {extension.path}")
        group, extension = (group, None) if exact[0] is group else (None, extension)
    if group:
        return Target(GROUP, vendor.group_names(group)[0], group)
    if extension:
        return Target(EXTENSION, vendor.extension_names(extension)[0], extension)
    if numbers.looks_external(number):
        return Target(EXTERNAL, number)
    member = _listed(vendor, tenant, number)
    return Target(EXTENSION, member) if member else Target(NOBODY, number)


def hand_over(walk: Walk, vendor: Vendor, cursor: Cursor, number: str, rules: Sequence[str], path: str) -> Leg:
    """The call goes to a number: on inside the tenant, or out of it, which is its end for us."""
    target = resolve(vendor, walk.tenant, number)
    if target.kind == GROUP and target.item:
        return vendor.group(walk, target.item, cursor)
    if target.kind == EXTENSION:
        return vendor.extension(walk, target, cursor)
    if target.kind == EXTERNAL:
        return ending(cursor, FORWARDED, tuple(rules), HIGH, to=number, path=path)
    walk.warn("unknown-number", path, f"{number} is neither in the document nor does it look like an outside number")
    return unknown(cursor, (f"{number} is something that the document does not hold",), tuple(rules), path)


def see_member(walk: Walk, vendor: Vendor, part: Part) -> None:
    """Note a member that the document does not hold: it still rings."""
    if part.phone and not walk.tenant.find("extensions", part.phone, vendor.extension_names):
        if not numbers.looks_external(part.phone) and walk.tenant.extensions:
            walk.warn("unknown-member", part.item.path, f"{part.phone} is not among the extensions of the document")


def see_group(walk: Walk, group: Item) -> None:
    """Note a group whose members the document may not hold all."""
    if text(group.get("membership")) == "at_least":
        walk.notes.complete = False
        walk.warn("incomplete-group", group.path, "membership is at_least: others than those written may ring too")


def sure(confidence: Confidence, certain: bool) -> Confidence:
    """The confidence of a rule, or L where it is stretched to a case that its source does not name."""
    return confidence if certain else LOW
