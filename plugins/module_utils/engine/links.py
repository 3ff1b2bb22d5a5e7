# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What objects own and where they lead: the identifiers that they claim, and their references to those of others.

Pure: no input or output, no vendor. Both are data of the catalogue and of the backend's capability; identifiers are
compared by `NumberRules.key`, so that one number has one identifier however it is spelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..backends.contract import Backend, RunContext
from ..model.catalog import Reference, Resource
from ..model.values import Values, is_empty
from .plan import Step

Claim = tuple[str, str]  # set of identifiers, key: ("number", "101")
NUMBER = "number"
_ONE_NUMBER = ("phone", "number")  # kinds of options that hold a single number


@dataclass(frozen=True)
class Link:
    """A reference of one object to the number of another. value: as it is written there."""

    resource: str
    id: str
    name: str
    reference: Reference
    value: str

    def __str__(self) -> str:
        name = f" ({self.name})" if self.name else ""
        return f"{self.resource} {self.id}{name} {self.reference.verb} it"


class Links:
    """Claims and references on one backend."""

    def __init__(self, backend: Backend, context: RunContext) -> None:
        self.backend, self.numbers = backend, context.numbers

    def claims(self, resource: Resource, values: Values | None) -> set[Claim]:
        """The identifiers that an object owns; those of None are none."""
        if values is None:
            return set()
        options = self.backend.capability(resource.name).claims_of(resource)
        return {
            (space, self.key(space, value))
            for option, space in options.items()
            for value in _values_at(values, option.split("."))
        }

    def key(self, space: str, value: str) -> str:
        return self.numbers.key(value) if space == NUMBER else value.casefold()

    def spaces_of_key(self, resource: Resource) -> list[str]:
        """The sets of identifiers that the key of an object of this kind belongs to."""
        space = self.backend.capability(resource.name).claims_of(resource).get(resource.key)
        return [space] if space else []

    def option_of(self, resource: Resource, values: Values, claim: Claim) -> str:
        """The option by which an object owns an identifier; empty when it does not."""
        for option, space in self.backend.capability(resource.name).claims_of(resource).items():
            if space == claim[0] and claim[1] in {
                self.key(space, one) for one in _values_at(values, option.split("."))
            }:
                return option
        return ""

    def references(self, resource: Resource, values: Values | None) -> Iterator[tuple[Reference, str, str]]:
        """Where an object leads: (reference, value, key)."""
        if values is None:
            return
        for reference in self.backend.capability(resource.name).references_of(resource):
            several = self._holds_several(resource, reference.option)
            for written in _values_at(values, reference.option.split(".")):
                for value in written.split() if several else [written]:
                    yield reference, value, self.numbers.key(value)

    def _holds_several(self, resource: Resource, option: str) -> bool:
        """Whether the text of an option is a list of numbers; one phone number may be written with blanks."""
        capability = self.backend.capability(resource.name)
        name, _dot, part = option.partition(".")
        if name == "settings":
            return part in capability.settings and capability.settings[part].kind not in _ONE_NUMBER
        if resource.items and name == resource.items.option:
            return False
        spec = capability.field_of(resource, name)
        return (spec.nested[part] if part else spec).kind not in _ONE_NUMBER

    def leading_to(self, resource: Resource, values: Values | None, keys: Iterable[str]) -> list[Link]:
        """The references of an object to any of these numbers."""
        wanted = set(keys)
        found = [(one, value) for one, value, key in self.references(resource, values) if key in wanted]
        values = values or {}
        key, name = str(values.get(resource.key) or ""), str(values.get("name") or "")
        return [Link(resource.name, key, name, reference, value) for reference, value in found]

    def taken_and_released(self, step: Step) -> tuple[set[Claim], set[Claim]]:
        """The identifiers that a step takes, and those that it frees."""
        before, after = self.claims(step.resource, step.before), self.claims(step.resource, step.after)
        if not step.writes:
            return set(), set()
        return after - before, before - after


def _values_at(values: Any, path: list[str]) -> list[str]:
    """Every value at a path; lists on the way are walked through."""
    if isinstance(values, list):
        return [found for one in values for found in _values_at(one, path)]
    if not path:
        return [] if is_empty(values) else [str(values)]
    return _values_at(values.get(path[0]), path[1:]) if isinstance(values, Mapping) else []
