# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read, as users would declare it: exports, backups, and the images that a journal keeps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ..backends.contract import Backend, RunContext
from ..errors import NotOffered
from ..model.catalog import Capability, Resource, tenant_lists
from ..model.numbers import NumberRules
from ..model.validate import without_mirrored
from ..model.values import Field, Values, copied, is_empty
from .outcome import Outcome, planned
from .plan import CREATE, DELETE, HIDDEN, Step


def export(
    backend: Backend,
    context: RunContext,
    lists: Collection[str] | None = None,
    seen: dict[str, dict[str, Values]] | None = None,
) -> tuple[Values, list[str]]:
    """(the document, what readers have to know). What is exported and applied changes nothing.

    lists: the lists to export; None for all that the backend can write. A list that this deployment does not offer is left
    out, and the notes say so. seen: takes what was read, whole: plural -> key -> values. Raises whatever reading raises.
    """
    document: Values = {}
    notes: list[str] = []
    for plural, resource in tenant_lists().items():
        if resource.name not in backend.writable or (lists is not None and plural not in lists):
            continue
        store = backend.store(resource.name, context)
        try:
            found = store.read_all()
        except NotOffered as reason:
            notes.append(f"{plural} are not part of it: {reason}")
            continue
        if seen is not None:
            seen[plural] = {str(one.values[resource.key]): one.values for one in found}
        objects = [Declarer(resource, store.capability, context.numbers).whole(one.values) for one in found]
        document[plural] = sorted(objects, key=lambda one: str(one.get(resource.key)))
        notes += store.notes
    return document, notes


class Declarer:
    """Writes objects of one resource on one backend as declarations of themselves."""

    def __init__(self, resource: Resource, capability: Capability, numbers: NumberRules) -> None:
        self.resource, self.capability, self.numbers = resource, capability, numbers

    def whole(self, values: Values) -> Values:
        """Without what cannot be declared, and without empty values that no request can carry. What stays declares exactly
        the present state."""
        declared: Values = {}
        for name, spec in self.resource.fields.items():
            if self._is_declarable(name, spec, values.get(name)):
                declared[name] = self._parts(name, values[name]) if spec.partial else values[name]
        if "policy" in declared and declared["policy"] not in self.capability.policies:
            del declared["policy"]
        items = self.resource.items
        if items and items.option in values:
            declared[items.option] = [self._item(item) for item in values[items.option]]
        if values.get("settings"):
            settings = without_mirrored(self.capability, values, self.numbers)["settings"]
            declared["settings"] = _settings(self.capability.settings, settings)
        independent: Values = copied(declared)
        return independent

    def _is_declarable(self, name: str, spec: Field, value: Any) -> bool:
        fixed = name in self.capability.fixed and is_empty(value)
        return name in self.capability.options and not spec.read_only and not fixed and _can_be_sent(spec, value)

    def _parts(self, option: str, parts: Values) -> Values:
        return {part: value for part, value in parts.items() if f"{option}.{part}" in self.capability.options}

    def _item(self, item: Values, runtime: bool = False) -> Values:
        items = self.resource.items
        known = self.capability.member_options - (frozenset() if runtime or not items else items.runtime)
        fields = items.fields if items else {}
        return {name: value for name, value in item.items() if name in known and _can_be_sent(fields[name], value)}

    # -- images ------------------------------------------------------------------------------------------------------------
    def image(self, outcome: Outcome) -> Values | None:
        """The declaration that undoes this step: the changed options with their old values, empty where there was no
        value; a deleted object in full; a new object as absent."""
        step = outcome.step
        if not step.writes:
            return None
        if step.action == CREATE:
            return {**self._address(outcome), "state": "absent"}
        before = step.before or {}
        if step.action == DELETE:
            image = self.whole(before)
            self._with_runtime(image, before, {})
            return image
        image = {self.resource.key: outcome.id}
        whole = self.whole(before)
        for option in sorted(step.changed):
            self._keep(image, option, before, whole)
        self._with_runtime(image, before, step.target)
        return image

    def _address(self, outcome: Outcome) -> Values:
        """How to find a new object again: by the key that the server gave it, else as it is declared."""
        written = outcome.step.declared.values
        if outcome.new_id or not is_empty(written.get(self.resource.key)):
            return {self.resource.key: outcome.new_id or written[self.resource.key]}
        return {key: written[key] for key in self.resource.keys if not is_empty(written.get(key))}

    def _keep(self, image: Values, option: str, before: Values, whole: Values) -> None:
        items = self.resource.items
        name, _dot, rest = option.partition(".")
        if items and option == items.option:
            image[option] = whole.get(option, [])
        elif rest:
            table = self.capability.settings if name == "settings" else self.resource.fields[name].nested
            _keep_part(image.setdefault(name, {}), table, rest.split("."), before.get(name) or {})
        elif option in self.resource.fields and option != self.resource.key:
            value = before.get(option)
            if not is_empty(value):
                image[option] = value
            elif option not in self.capability.fixed and self.resource.fields[option].clearable:
                image[option] = ""

    def _with_runtime(self, image: Values, before: Values, target: Values) -> None:
        """Keep runtime options, such as the sign-in of an agent, in an image if this step may change them: a member that
        is removed and added again is signed in again, and a declared sign-in changes."""
        items = self.resource.items
        if items is None or items.option not in image:
            return
        label = items.labels[0]
        after = {str(item.get(label)): item for item in target.get(items.option, [])}
        for kept, item in zip(image[items.option], before.get(items.option, [])):
            now = after.get(str(item.get(label)), {})
            for name in items.runtime & self.capability.member_options & item.keys():
                if now.get(name) != item[name] or item[name] is False:
                    kept[name] = item[name]


def journal_objects(backend: Backend, context: RunContext, outcomes: Iterable[Outcome]) -> Values:
    """The lists of a journal: the images of all objects that a run changes, and of those that its writes change besides."""
    document: Values = {}
    outcomes = list(outcomes)
    for outcome in outcomes:
        resource = outcome.step.resource
        image = Declarer(resource, backend.capability(resource.name), context.numbers).image(outcome)
        if image is not None:
            document.setdefault(resource.plural, []).append(image)
    return document


def side_effects(backend: Backend, context: RunContext, steps: Sequence[Step]) -> dict[str, list[Values]]:
    """Objects that nobody declared and that a write changes all the same: plural -> images."""
    declared = {(step.resource.name, step.id) for step in steps if step.writes}
    found: dict[str, list[Values]] = {}
    for step in steps:
        if step.action not in (CREATE, "update"):
            continue
        for image in backend.store(step.resource.name, context).side_effects(step):
            if (step.resource.name, str(image[step.resource.key])) not in declared:
                found.setdefault(step.resource.plural, []).append(image)
    return found


def images_of(backend: Backend, context: RunContext, steps: Sequence[Step]) -> Values:
    """The journal of steps that nobody has carried out yet."""
    return journal_objects(backend, context, map(planned, steps))


def _can_be_sent(spec: Field, value: Any) -> bool:
    return value is not None and (spec.clearable or not is_empty(value))


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


def _keep_part(place: Values, table: Mapping[str, Field], names: list[str], before: Mapping[str, Any]) -> None:
    """Put the former value of a part into an image: an explicitly empty one where there was none."""
    for name in names[:-1]:
        place, table, before = place.setdefault(name, {}), table[name].nested, before.get(name) or {}
    spec, value = table[names[-1]], before.get(names[-1])
    if value == HIDDEN:
        return
    empty: Any = {} if spec.kind == "dict" else [] if spec.kind in ("names", "phones") else ""
    if not is_empty(value) or spec.clearable:
        place[names[-1]] = empty if is_empty(value) else value
