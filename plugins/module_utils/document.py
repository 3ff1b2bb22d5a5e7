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

from .fields import Field, Values, is_empty
from .plan import Step, public
from .resources import RESOURCES, Capability, Resource

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
            declared[name] = values[name]
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
        declared["settings"] = _settings(capability.settings, values["settings"])
    return copy.deepcopy(declared)


def _can_be_sent(spec: Field, value: Any) -> bool:
    return value is not None and (spec.clearable or not is_empty(value))


def _settings(table: Mapping[str, Field], settings: Values) -> Values:
    shown: Values = {}
    for name, value in settings.items():
        spec = table.get(name)
        if spec is None or spec.instead or spec.also or spec.read_only or spec.create_only:
            continue
        if spec.partial:
            shown[name] = _settings(spec.nested, value)
        elif _can_be_sent(spec, value):
            shown[name] = value
    return shown


def before_images(steps: Iterable[tuple[Step, Values | None]], capabilities: Mapping[str, Capability]) -> Values:
    """A tenant document that leads back to where the changed objects were: as they were read, or absent if new."""
    document: Values = {}
    for step, before in steps:
        if step.action == "unchanged":
            continue
        resource = RESOURCES[step.resource]
        if before is None:
            image: Values = {resource.keys[0]: step.id, "state": "absent"}
        else:
            image = as_declared(resource, capabilities[step.resource], before)
        document.setdefault(resource.plural, []).append(image)
    return document
