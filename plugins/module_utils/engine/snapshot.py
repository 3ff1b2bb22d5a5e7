# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read, as a user would declare it: exports, backups, and the images that a journal keeps.

Pure: no input or output, no vendor.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from ..model.catalog import RESOURCES, Capability, Resource, shown
from ..model.values import Field, Values, is_empty
from .plan import Step, public

# Other people's business even where it can be read: an agent's sign-in is never part of a document.
_NEVER = frozenset({"logged_in"})


def as_declared(resource: Resource, capability: Capability, values: Values) -> Values:
    """An object as the modules take it: without what cannot be declared, and without empty values that nobody can
    send. What stays declares exactly the present state."""
    declared: Values = {}
    for name, spec in resource.fields.items():
        if (
            name not in capability.options
            or spec.read_only
            or (name in capability.fixed and is_empty(values.get(name)))
        ):
            continue
        if _can_be_sent(spec, values.get(name)):
            declared[name] = _parts(name, values[name], capability) if spec.partial else values[name]
    if "policy" in declared and declared["policy"] not in capability.policies:
        del declared["policy"]
    if resource.items and resource.items.option in values:
        option, fields = resource.items.option, resource.items.fields
        declared[option] = [
            {
                name: value
                for name, value in public(item).items()
                if name in fields and name not in _NEVER and _can_be_sent(fields[name], value)
            }
            for item in values[option]
        ]
    if values.get("settings"):
        declared["settings"] = _settings(capability.settings, shown(capability, values)["settings"])
    return copy.deepcopy(declared)


def _can_be_sent(spec: Field, value: Any) -> bool:
    return value is not None and (spec.clearable or not is_empty(value))


def _parts(option: str, parts: Values, capability: Capability) -> Values:
    return {part: value for part, value in parts.items() if f"{option}.{part}" in capability.options}


def _settings(table: Mapping[str, Field], settings: Values) -> Values:
    """The settings that can be written."""
    kept: Values = {}
    for name, value in settings.items():
        spec = table.get(name)
        if spec is None or spec.instead or spec.read_only or spec.create_only:
            continue
        if spec.partial:
            kept[name] = _settings(spec.nested, value)
        elif _can_be_sent(spec, value):
            kept[name] = value
    return kept


def before_images(
    works: Iterable[tuple[Step, Values | None, Values]], capabilities: Mapping[str, Capability]
) -> Values:
    """A tenant document that leads back to where the changed objects were.

    works: (step, what was read or None, what is declared). Of an updated object only what changes is kept, with empty
    values for what was not there; a deleted one is kept whole; a new one is to be absent.
    """
    document: Values = {}
    for step, before, desired in works:
        if step.action == "unchanged":
            continue
        resource = RESOURCES[step.resource]
        if before is None:
            key = next(name for name in resource.keys if not is_empty(desired.get(name)))
            image: Values = {key: desired[key], "state": "absent"}
        else:
            image = _image(resource, capabilities[step.resource], step, before)
        document.setdefault(resource.plural, []).append(image)
    return document


def _image(resource: Resource, capability: Capability, step: Step, before: Values) -> Values:
    whole = as_declared(resource, capability, before)
    items = resource.items.option if resource.items else ""
    if items in whole:
        for member, item in zip(whole[items], before[items]):
            if item.get("logged_in") is False:  # taken out and put back, the agent would be signed in
                member["logged_in"] = False
    if step.action == "delete":
        return whole
    key = resource.keys[0]
    image: Values = {key: before[key]}
    for change in step.changes:
        name, _dot, setting = change.field.partition(".")
        if setting:
            table = capability.settings if name == "settings" else resource.fields[name].nested
            _keep_setting(image.setdefault(name, {}), table, setting.split("."), change.before)
        elif name == items:
            image[name] = whole[name]
        elif not is_empty(change.before):
            image[name] = change.before
        elif name not in capability.fixed and resource.fields[name].clearable:
            image[name] = ""
    return image


def _keep_setting(place: Values, table: Mapping[str, Field], names: list[str], before: Any) -> None:
    """Put the former value of a setting into an image: an explicitly empty one where there was none."""
    for name in names[:-1]:
        place, table = place.setdefault(name, {}), table[name].nested
    spec = table[names[-1]]
    empty: Any = {} if spec.kind == "dict" else [] if spec.kind == "names" else ""
    if not is_empty(before) or spec.clearable:
        place[names[-1]] = empty if is_empty(before) else before
