# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The neutral resources as field tables, and the check of what a user wrote against them.

Pure: no input or output, no vendor. The tables feed argument specs, checks and comparison. A backend states in a
`Capability` which of the fields it can express and which settings it has besides.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .values import Field, Problems, Values, check_settings, check_value, is_empty, mirrored, nearest, same


@dataclass(frozen=True)
class Capability:
    """What a backend can express of one resource; data, asked before any request.

    options and member_options are the neutral names; refused says what to write instead of one that is missing.
    number is what a dialled number may look like there. member_identity names the options that tell members apart.
    fixed are options that cannot be emptied there. filters are the options of the info module that it can answer,
    besides the resource's keys. narrower says of options what only this backend knows of their values. Parts of an
    option that is a dictionary stand in `options` and `refused` as OPTION.PART.
    """

    options: frozenset[str]
    member_options: frozenset[str] = frozenset()
    refused: Mapping[str, str] = field(default_factory=dict)
    policies: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Field] = field(default_factory=dict)
    number: re.Pattern[str] = re.compile(r"[0-9A-Za-z*#._+@-]{1,161}")
    member_identity: tuple[str, ...] = ("extension",)
    ordered_policies: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    filters: frozenset[str] = frozenset()
    narrower: Mapping[str, Field] = field(default_factory=dict)


@dataclass(frozen=True)
class Items:
    """The list that a resource holds: hunt group members, follow-me destinations, weights.

    ordered: whether order always has meaning (else the backend tells, by policy).
    exhaustive: whether what is not written goes, with membership exact.
    """

    option: str
    fields: Mapping[str, Field]
    ordered: bool = False
    exhaustive: bool = True


@dataclass(frozen=True)
class Resource:
    """A neutral resource: its name, the options that identify it, its scalar fields and its list.

    steering: options that are no state but say how to go about it; handed to the store as they are.
    always_there: there is nothing to create or delete but the list's items.
    """

    name: str
    plural: str
    keys: tuple[str, ...]
    fields: Mapping[str, Field]
    items: Items | None = None
    steering: Mapping[str, Field] = field(default_factory=dict)
    always_there: bool = False
    has_settings: bool = False
    states: tuple[str, ...] = ("present", "absent")


POLICIES = ("regular", "circular", "simultaneous", "uniform", "weighted", "random", "least_used")
_LONGEST_LABEL = 100
_RECORD = Field("int", limits=(1, 2**31 - 1))

MEMBER_FIELDS: Mapping[str, Field] = {
    "extension": Field("number", required=True),
    "weight": Field("int", unset=0, limits=(0, 100)),
    "stage": Field("int", limits=(1, 3), clearable=False),
    "ring_delay": Field("int", unset=0, limits=(0, 3600)),
    "ring_time": Field("int", unset=0, limits=(0, 3600)),
    "huntstop": Field("bool", unset=False),
    "primary": Field("bool", unset=False),
    "logged_in": Field("bool", unset=True),
}

HUNT_GROUP = Resource(
    name="hunt_group",
    plural="hunt_groups",
    keys=("id", "name"),
    fields={
        "id": Field("number"),
        "name": Field("text"),
        "policy": Field("choice", choices=POLICIES, clearable=False),
        "overflow_to": Field("phone"),
        "overflow_after": Field("int", limits=(0, 7200), clearable=False),
        "enabled": Field("bool", unset=True),
        "extension": Field("number"),
        "phone_number": Field("phone"),
    },
    items=Items("members", MEMBER_FIELDS),
    has_settings=True,
)

EXTENSION = Resource(
    name="extension",
    plural="extensions",
    keys=("id",),
    fields={
        "id": Field("number"),
        "name": Field("text", clearable=False),
        "account": _RECORD,
    },
    steering={"remove_from_hunt_groups": Field("bool", unset=False)},
    has_settings=True,
)

DESTINATION_FIELDS: Mapping[str, Field] = {
    "name": Field(limits=(1, 128), clearable=False),
    "number": Field("phone", clearable=False),
    "timeout": Field("int", unset=0, limits=(0, 3600)),
    "active": Field("bool", unset=False),
    "domain": Field(limits=(1, 255)),
    "keep_original_cld": Field("bool", unset=False),
    "keep_original_cli": Field("choice", choices=("caller", "forwarder", "caller_number")),
    "period": Field("period", limits=(0, 1000)),
    "period_description": Field(limits=(1, 255)),
    "rings": Field("int", limits=(0, 20), clearable=False),
    "answer_confirmation": Field("bool", unset=False),
}

FORWARDING = Field(
    "dict",
    nested={
        "always": Field("phone", limits=(1, 161)),
        "busy": Field("phone", limits=(1, 161)),
        "no_answer": Field("phone", limits=(1, 161)),
        "no_answer_after": Field("int", limits=(1, 3600)),
        "not_registered": Field("phone", limits=(1, 161)),
    },
    partial=True,
    clearable=False,
)

FOLLOW_ME = Resource(
    name="follow_me",
    plural="follow_me",
    keys=("account",),
    fields={"account": Field("number", limits=(1, 161), clearable=False), "forwarding": FORWARDING},
    items=Items("destinations", DESTINATION_FIELDS, ordered=True),
    always_there=True,
    has_settings=True,
)

HUNT_GROUP_WEIGHTS = Resource(
    name="hunt_group_weights",
    plural="hunt_group_weights",
    keys=("hunt_group",),
    fields={"hunt_group": Field("text"), "policy": Field("choice", choices=POLICIES, read_only=True)},
    items=Items(
        "weights",
        {
            "extension": Field("number", required=True),
            "weight": Field("int", unset=0, limits=(0, 100), required=True, clearable=False),
        },
    ),
    steering={"allow_any_total": Field("bool", unset=False), "ensure_policy": Field("bool", unset=False)},
    always_there=True,
    states=(),
)

AGENT = Resource(
    name="agent",
    plural="agents",
    keys=("account",),
    fields={"account": _RECORD},
    items=Items("sign_ins", {"id": Field("number"), "logged_in": Field("bool", unset=True)}, exhaustive=False),
    steering={
        "hunt_groups": Field("names"),
        "wrapup": Field("bool", unset=False),
        "service_password": Field(secret=True),
        "environment_id": Field("int", limits=(1, 2**31 - 1)),
        "hashed_account": Field(secret=True),
    },
    always_there=True,
    states=("logged_in", "logged_out"),
)

# The parts of a tenant, in the order in which they depend on each other.
TENANT = (EXTENSION, HUNT_GROUP, FOLLOW_ME)
KINDS: Mapping[str, Resource] = {resource.plural: resource for resource in TENANT}

RESOURCES = {resource.name: resource for resource in (HUNT_GROUP, EXTENSION, FOLLOW_ME, HUNT_GROUP_WEIGHTS, AGENT)}

# What the info modules can be asked for, besides the keys of the resource.
FILTERS: Mapping[str, Mapping[str, Field]] = {
    "hunt_group": {
        "account": _RECORD,
        "available_members": Field("bool", unset=False),
        "same_group_only": Field("bool", unset=False),
        "department": Field(limits=(1, 50)),
        "sign_in_history_from": Field("text"),
    },
    "extension": {
        "available": Field("bool"),
        "products": Field("names"),
        "active_calls": Field("bool"),
        "online": Field("bool"),
    },
}


# -- what was read ----------------------------------------------------------------------------------------------------
def shown(capability: Capability, values: Values) -> Values:
    """An object without the settings that one of its neutral options says already."""
    copied: Values = copy.deepcopy(values)
    settings = copied.get("settings", {})
    for name, spec in capability.settings.items():
        if spec.also in copied and name in settings and same(spec, settings[name], mirrored(spec, copied[spec.also])):
            del settings[name]
    return copied


# -- what the user wrote ---------------------------------------------------------------------------------------------
def known_options(resource: Resource) -> set[str]:
    """The options that one object of a tenant file may have."""
    items = {resource.items.option, "membership"} if resource.items and resource.states else set()
    settings = {"settings"} if resource.has_settings else set()
    fields = {name for name, spec in {**resource.fields, **resource.steering}.items() if not spec.read_only}
    return fields | items | settings | {"state"}


def label(options: Mapping[str, Any], resource: Resource) -> str:
    """How messages name an object: its first key that was given, cut if it is very long."""
    key = next((str(options[key]) for key in resource.keys if not is_empty(options.get(key))), "")
    key = key.encode("utf-8", errors="backslashreplace").decode()
    return key if len(key) <= _LONGEST_LABEL else key[:_LONGEST_LABEL] + "..."


def normalise(resource: Resource, options: Mapping[str, Any], capability: Capability, backend: str) -> Values:
    """What the user declares, in its meaning, without what was left out.

    Raises InvalidOption or Unsupported, with everything that is wrong in one message, before any request.
    """
    problems = Problems(resource.name, label(options, resource))
    if not any(not is_empty(options.get(key)) for key in resource.keys):
        problems.add(" or ".join(resource.keys), "is missing; it says which one is meant")
    desired: Values = {}
    for name, spec in {**resource.fields, **resource.steering}.items():
        value = options.get(name)
        if value is None:
            continue
        if name in resource.fields and name not in capability.options:
            hint = capability.refused.get(name, "leave it out")
            problems.add(name, f"the {backend} backend cannot express it; {hint}", unsupported=True)
        else:
            known = capability.narrower.get(name, spec)
            fixed = name in capability.fixed
            desired[name] = check_value(replace(known, clearable=False) if fixed else known, value, name, problems)
            if spec.partial and isinstance(desired[name], dict):
                _check_parts(name, desired[name], capability, backend, problems)
    _check_number(desired, capability, backend, problems)
    _check_policy(desired, capability, backend, problems)
    items = resource.items
    if items and options.get(items.option) is not None:
        _check_list(items, options[items.option], capability, backend, problems, desired)
    if options.get("settings") is not None and not isinstance(options["settings"], Mapping):
        problems.add("settings", f"{options['settings']!r} is not a dictionary")
    elif options.get("settings") is not None:
        desired["settings"] = check_settings(capability.settings, options["settings"], "settings", problems)
        for name in desired["settings"]:
            neutral = capability.settings[name].also
            # the server's own answer shows both: only a contradiction is an error
            spec, written = capability.settings[name], desired["settings"][name]
            if desired.get(neutral) and not same(spec, written, mirrored(spec, desired[neutral])):
                problems.add(f"settings.{name}", f"contradicts {neutral}; write only one of them")
    problems.raise_if_any()
    return desired


def _check_parts(option: str, parts: Values, capability: Capability, backend: str, problems: Problems) -> None:
    for part in parts:
        name = f"{option}.{part}"
        if name not in capability.options:
            hint = capability.refused.get(name, "leave it out")
            problems.add(name, f"the {backend} backend cannot express it; {hint}", unsupported=True)


def secrets_of(capability: Capability, options: Mapping[str, Any]) -> Iterator[str]:
    """The secrets among the settings that a user wrote, whatever else is wrong with them."""

    def found(table: Mapping[str, Field], settings: Any) -> Iterator[str]:
        for name, spec in table.items() if isinstance(settings, Mapping) else ():
            value = settings.get(name)
            if spec.secret and not is_empty(value):
                yield str(value)
            elif spec.nested:
                yield from found(spec.nested, value)

    yield from found(capability.settings, options.get("settings"))


def _check_list(
    items: Items, written: Any, capability: Capability, backend: str, problems: Problems, desired: Values
) -> None:
    """A list is a list: what a template left empty must not empty a group."""
    if not capability.member_options:
        hint = capability.refused.get(items.option, "leave it out")
        problems.add(items.option, f"the {backend} backend cannot express it; {hint}", unsupported=True)
    elif not isinstance(written, (list, tuple)):
        problems.add(items.option, f"{written!r} is not a list; write [] for an empty one")
    elif not all(isinstance(one, Mapping) for one in written):
        problems.add(items.option, "has something in it that is not a dictionary of options")
    else:
        desired[items.option] = check_items(items, written, capability, backend, problems)


def check_items(items: Items, written: Any, capability: Capability, backend: str, problems: Problems) -> list[Values]:
    """Check the declared members (or destinations, weights); each keeps only what was written about it."""
    checked: list[Values] = []
    seen: set[tuple[str, ...]] = set()
    for index, item in enumerate(written):
        place = f"{items.option}[{index}]"
        one: Values = {}
        for name, value in item.items():
            if value is None:
                continue
            if name not in items.fields:
                problems.add(f"{place}.{name}", f"unknown option{nearest(str(name), items.fields)}")
            elif name not in capability.member_options:
                hint = capability.refused.get(f"{items.option}.{name}", "leave it out")
                problems.add(f"{place}.{name}", f"the {backend} backend cannot express it; {hint}", unsupported=True)
            else:
                one[name] = check_value(items.fields[name], value, f"{place}.{name}", problems)
        _check_item_key(items, one, place, capability, backend, problems)
        identity = tuple(repr(one.get(name)) for name in capability.member_identity)
        if identity in seen and capability.member_identity[0] in items.fields:
            problems.add(place, f"{one.get(capability.member_identity[0])} is listed twice")
        seen.add(identity)
        checked.append(one)
    return checked


def _check_item_key(
    items: Items, one: Values, place: str, capability: Capability, backend: str, problems: Problems
) -> None:
    for name, spec in items.fields.items():
        if spec.required and is_empty(one.get(name)):
            problems.add(f"{place}.{name}", "is missing")
    extension = one.get("extension", "")
    if extension and not capability.number.fullmatch(str(extension)):
        problems.add(f"{place}.extension", f"{extension!r} is not a number that {backend} can dial")


def _check_number(desired: Values, capability: Capability, backend: str, problems: Problems) -> None:
    number = desired.get("id")
    if number and not capability.number.fullmatch(number):
        problems.add("id", f"{number!r} has characters that cannot be part of a number on {backend}")


def _check_policy(desired: Values, capability: Capability, backend: str, problems: Problems) -> None:
    policy = desired.get("policy")
    if policy in POLICIES and policy not in capability.policies:
        known = ", ".join(capability.policies)
        problems.add("policy", f"the {backend} backend has no {policy}; it has {known}", unsupported=True)


def normalise_filters(resource: Resource, options: Mapping[str, Any], capability: Capability, backend: str) -> Values:
    """What an info module is asked for, in its meaning. Raises InvalidOption or Unsupported before any request."""
    problems = Problems(f"{resource.name}_info", label(options, resource))
    table = {**{key: resource.fields[key] for key in resource.keys}, **FILTERS.get(resource.name, {})}
    asked: Values = {}
    for name, spec in table.items():
        if is_empty(options.get(name)):
            continue
        if name not in resource.keys and name not in capability.filters:
            problems.add(name, f"the {backend} backend cannot tell; leave it out", unsupported=True)
        asked[name] = check_value(capability.narrower.get(name, spec), options[name], name, problems)
    problems.raise_if_any()
    return asked
