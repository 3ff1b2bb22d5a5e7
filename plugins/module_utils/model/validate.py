# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks what users wrote of an object against the catalogue and the capabilities of the backend.

Pure: no input or output, no vendor. All that is wrong with an object comes in one message, before any request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .catalog import MEMBERSHIPS, POLICIES, Capability, Items, Resource
from .numbers import ANY_COUNTRY, NumberRules
from .problems import UNSUPPORTED, Problems
from .values import Field, Values, canonical, check_settings, check_value, copied, is_empty, mirrored, nearest, same

_LONGEST_LABEL = 100


@dataclass(frozen=True)
class Declared:
    """One object as it is declared, checked, in the meaning of its values, without what was left out.

    values: the options of its state. directives: how to go about it. path: where it stands in the file.
    """

    resource: Resource
    values: Values
    state: str = "present"
    membership: str = "exact"
    directives: Mapping[str, Any] = field(default_factory=dict)
    path: str = ""

    @property
    def absent(self) -> bool:
        return self.state == "absent"

    @property
    def label(self) -> str:
        return label(self.values, self.resource)

    @property
    def place(self) -> str:
        """How messages name it."""
        return f"{self.resource.name} {self.label}"

    def with_values(self, values: Values) -> Declared:
        return replace(self, values=values)


def label(options: Mapping[str, Any], resource: Resource) -> str:
    """How messages name an object: its first key that was given, cut if it is very long."""
    key = next((str(options[key]) for key in resource.keys if not is_empty(options.get(key))), "")
    key = key.encode("utf-8", errors="backslashreplace").decode()
    return key if len(key) <= _LONGEST_LABEL else key[:_LONGEST_LABEL] + "..."


def known_options(resource: Resource) -> set[str]:
    """The options that one object of a tenant may have."""
    items = resource.items
    names = {items.option, "membership"} if items and items.declarable and resource.states else set()
    settings = {"settings"} if resource.has_settings else set()
    fields = {name for name, spec in {**resource.fields, **resource.directives}.items() if not spec.read_only}
    return fields | names | settings | {"state"}


def any_backend(resource: Resource) -> Capability:
    """What some backend can express, for checks that hold for every vendor; settings are not checked."""
    parts = {f"{name}.{part}" for name, spec in resource.fields.items() for part in spec.nested}
    return Capability(
        options=frozenset(resource.fields) | parts,
        member_options=frozenset(resource.items.fields) if resource.items else frozenset(),
        policies={policy: policy for policy in POLICIES},
        member_identity=(),
    )


def declare(
    resource: Resource, options: Mapping[str, Any], capability: Capability, backend: str, path: str = ""
) -> Declared:
    """What users declare of one object. Raises InvalidOption or Unsupported, with everything that is wrong."""
    declared, problems = examine(resource, options, capability, backend, path)
    problems.raise_if_any()
    return declared


def examine(
    resource: Resource, options: Mapping[str, Any], capability: Capability, backend: str, path: str = ""
) -> tuple[Declared, Problems]:
    """What is declared, and everything that is wrong with it. backend: its name for messages; empty for any."""
    checker = _Checker(resource, options, capability, backend, path)
    return checker.declared(), checker.problems


class _Checker:
    """Checks the options of one object."""

    def __init__(
        self, resource: Resource, options: Mapping[str, Any], capability: Capability, backend: str, path: str
    ) -> None:
        self.resource, self.options, self.capability = resource, options, capability
        self.backend, self.path = backend, path
        self.problems = Problems(resource.name, label(options, resource), path)
        self.values: Values = {}
        self.directives: Values = {}

    def declared(self) -> Declared:
        self._check_names()
        self._check_key()
        for name in self.resource.fields:
            self._check_option(name)
        for name, spec in self.resource.directives.items():
            if self.options.get(name) is not None:
                self.directives[name] = check_value(spec, self.options[name], name, self.problems)
        self._check_number()
        self._check_policy()
        self._check_items()
        self._check_settings()
        state = self._choice("state", self.resource.states or ("present",))
        membership = self._choice("membership", MEMBERSHIPS)
        return Declared(self.resource, self.values, state, membership, self.directives, self.path)

    def _unsupported(self, name: str) -> None:
        hint = self.capability.refused.get(name, "leave it out")
        self.problems.add(name, f"the {self.backend} backend cannot express it", hint, id=UNSUPPORTED)

    def _choice(self, name: str, choices: tuple[str, ...]) -> str:
        written = str(self.options.get(name) or choices[0])
        if written not in choices:
            self.problems.add(
                name, f"{written!r} is unknown{nearest(written, choices)}", f"write one of {', '.join(choices)}"
            )
        return written

    def _check_names(self) -> None:
        known = known_options(self.resource)
        if (
            not self.path
        ):  # the argument spec of a single module has refused unknown options; others are the connection's
            return
        for name in self.options:
            if name not in known:
                self.problems.add(str(name), f"unknown option{nearest(str(name), known)}", id="unknown-option")

    def _check_key(self) -> None:
        if not any(not is_empty(self.options.get(key)) for key in self.resource.keys):
            self.problems.add(
                " or ".join(self.resource.keys), "is missing", "it tells which object is meant", id="missing-key"
            )

    def _check_option(self, name: str) -> None:
        written = self.options.get(name)
        if written is None or self.resource.fields[name].read_only:
            return
        if name not in self.capability.options:
            self._unsupported(name)
            return
        spec = self.capability.field_of(self.resource, name)
        spec = replace(spec, clearable=False) if name in self.capability.fixed else spec
        if name == "policy" and canonical(spec, written) not in POLICIES:  # the message names those that can be written
            spec = replace(spec, choices=tuple(self.capability.policies))
        self.values[name] = check_value(spec, written, name, self.problems)
        if spec.partial and isinstance(self.values[name], dict):
            for part in self.values[name]:
                if f"{name}.{part}" not in self.capability.options:
                    self._unsupported(f"{name}.{part}")

    def _check_number(self) -> None:
        number = self.values.get("id")
        if number and not self.capability.number.fullmatch(str(number)):
            where = f"on {self.backend}" if self.backend else "anywhere"
            self.problems.add("id", f"{number!r} has characters that cannot be part of a number {where}")

    def _check_policy(self) -> None:
        policy = self.values.get("policy")
        if policy in POLICIES and policy not in self.capability.policies:
            known = ", ".join(self.capability.policies)
            self.problems.add(
                "policy", f"the {self.backend} backend has no {policy}", f"write one of {known}", id=UNSUPPORTED
            )

    # -- lists ---------------------------------------------------------------------------------------------------------
    def _check_items(self) -> None:
        """A list is a list: what a template left empty must not empty a group."""
        items = self.resource.items
        written = self.options.get(items.option) if items and items.declarable else None
        if items is None or written is None:
            return
        if not self.capability.member_options:
            self._unsupported(items.option)
        elif not isinstance(written, (list, tuple)):
            self.problems.add(items.option, f"{written!r} is not a list", "write [] for an empty one")
        else:
            self.values[items.option] = self._checked_items(items, list(written))

    def _checked_items(self, items: Items, written: list[Any]) -> list[Values]:
        checked: list[Values] = []
        seen: set[tuple[str, ...]] = set()
        for index, item in enumerate(written):
            place = f"{items.option}[{index}]"
            if not isinstance(item, Mapping):
                self.problems.add(place, f"{item!r} is not a dictionary of options")
                continue
            one = self._checked_item(items, item, place)
            names = self.capability.member_identity
            identity = tuple(repr(one.get(name)) for name in names)
            if identity and identity in seen and names[0] in items.fields:
                self.problems.add(place, f"{one.get(names[0])} is listed twice", "keep one of them")
            seen.add(identity)
            checked.append(one)
        return checked

    def _checked_item(self, items: Items, item: Mapping[str, Any], place: str) -> Values:
        one: Values = {}
        for name, value in item.items():
            option = f"{place}.{name}"
            if name not in items.fields:
                self.problems.add(option, f"unknown option{nearest(str(name), items.fields)}", id="unknown-option")
            elif value is None:
                continue
            elif name not in self.capability.member_options:
                hint = self.capability.refused.get(f"{items.option}.{name}", "leave it out")
                self.problems.add(option, f"the {self.backend} backend cannot express it", hint, id=UNSUPPORTED)
            else:
                one[name] = check_value(items.fields[name], value, option, self.problems)
        for name, spec in items.fields.items():
            if spec.required and is_empty(one.get(name)):
                self.problems.add(f"{place}.{name}", "is missing", id="missing-option")
        extension = str(one.get("extension", ""))
        if extension and not self.capability.number.fullmatch(extension):
            self.problems.add(
                f"{place}.extension", f"{extension!r} is not a number that {self.backend or 'a PBX'} can dial"
            )
        return one

    # -- settings ------------------------------------------------------------------------------------------------------
    def _check_settings(self) -> None:
        written = self.options.get("settings")
        if written is None:
            return
        if not isinstance(written, Mapping):
            self.problems.add("settings", f"{written!r} is not a dictionary")
        elif self.backend:
            table = self.capability.settings
            self.values["settings"] = check_settings(table, written, "settings", self.problems)
            for name, value in self.values["settings"].items():
                self._check_mirrored(name, table[name], value)

    def _check_mirrored(self, name: str, spec: Field, value: Any) -> None:
        """An option and the setting that mirrors it may both be declared, as the answer of a server contains both. Only a
        contradiction is an error."""
        neutral = self.values.get(spec.also)
        if neutral and not same(spec, value, mirrored(spec, neutral)):
            self.problems.add(f"settings.{name}", f"contradicts {spec.also}", "write only one of them")


def without_mirrored(capability: Capability, values: Values, numbers: NumberRules = ANY_COUNTRY) -> Values:
    """A copy of an object without the settings that one of its neutral options says already."""
    kept: Values = copied(values)
    settings = kept.get("settings", {})
    for name in list(settings):
        spec = capability.settings.get(name)
        if spec and spec.also in kept and same(spec, settings[name], mirrored(spec, kept[spec.also]), numbers):
            del settings[name]
    return kept


def without_secrets(capability: Capability, values: Values) -> Values:
    """An object as it may be shown: a secret that is about to be written is no part of it."""

    def shown(table: Mapping[str, Field], settings: Any) -> Any:
        if not isinstance(settings, Mapping):
            return settings
        known = {name: table.get(name) for name in settings}
        return {
            name: shown(spec.nested, settings[name]) if spec and spec.nested else settings[name]
            for name, spec in known.items()
            if not (spec and spec.secret)
        }

    return {**values, "settings": shown(capability.settings, values["settings"])} if "settings" in values else values


def secrets_of(capability: Capability, options: Mapping[str, Any]) -> Iterator[str]:
    """The secrets among the settings that users wrote, whatever else is wrong with them."""

    def found(table: Mapping[str, Field], settings: Any) -> Iterator[str]:
        for name, spec in table.items() if isinstance(settings, Mapping) else ():
            value = settings.get(name)
            if spec.secret and not is_empty(value):
                yield str(value)
            elif spec.nested:
                yield from found(spec.nested, value)

    yield from found(capability.settings, options.get("settings"))


def check_filters(resource: Resource, options: Mapping[str, Any], capability: Capability, backend: str) -> Values:
    """What an info module is asked for. Raises InvalidOption or Unsupported before any request."""
    problems = Problems(f"{resource.name}_info", label(options, resource))
    table = {**{key: resource.fields[key] for key in resource.keys}, **resource.filters}
    asked: Values = {}
    for name, spec in table.items():
        if is_empty(options.get(name)):
            continue
        if name not in resource.keys and name not in capability.filters:
            problems.add(name, f"the {backend} backend cannot tell", "leave it out", id=UNSUPPORTED)
        asked[name] = check_value(capability.overrides.get(name, spec), options[name], name, problems)
    problems.raise_if_any()
    return asked
