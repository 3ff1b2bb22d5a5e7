# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Current state + declared state -> the step that leads from one to the other.

Pure: no input or output, no vendor, no network. What users left out is not looked at; what a backend reads besides is
carried along unchanged. All values here are frozen or never changed after they are made.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..backends.contract import Observed, Pairing
from ..model.catalog import Capability, Resource
from ..model.numbers import NumberRules
from ..model.validate import Declared, without_mirrored
from ..model.values import Field, Values, copied, is_empty, mirrored, same
from .items import ItemPlan, plan_items

HIDDEN = "(not shown)"
CREATE, UPDATE, DELETE, UNCHANGED = "create", "update", "delete", "unchanged"
ACTIONS = (CREATE, UPDATE, DELETE, UNCHANGED)


@dataclass(frozen=True)
class Change:
    """One leaf that differs.

    field: its address as users read it: `overflow_to`, `settings.st1_dur`, `members[106].ring_time`. option: the option
    that it belongs to, as stores know it: `overflow_to`, `settings.st1_dur`, `members`.
    """

    field: str
    before: Any
    after: Any
    option: str

    def as_result(self) -> Values:
        return {"field": self.field, "before": copied(self.before), "after": copied(self.after)}


@dataclass(frozen=True, eq=False)  # a step is itself, and equal to no other
class Step:
    """What has to happen to one object. Frozen: what becomes of it is an `Outcome`.

    id: the server's key, or the declared one of a new object. declared: with its references resolved. asked: the same
    as users wrote it. target: the whole object as it is to be. item_keys: see `backends.contract.Pairing`. kept: items
    that others added and that stay. how: what the write does besides the obvious. origin: why there is this step, where
    nobody declared it. read_at: when the reading began, by the clock of the run.
    """

    resource: Resource
    id: str
    name: str
    action: str
    declared: Declared
    asked: Declared
    current: Observed | None = None
    target: Values = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    item_keys: tuple[Hashable, ...] = ()
    kept: tuple[str, ...] = ()
    how: tuple[str, ...] = ()
    origin: str = ""
    read_at: float = 0.0

    @property
    def changed(self) -> frozenset[str]:
        """The options that change."""
        return frozenset(change.option for change in self.changes)

    @property
    def writes(self) -> bool:
        return self.action != UNCHANGED

    @property
    def deletes(self) -> bool:
        """Whether something goes: the object itself, or all that can be deleted of one that is always there."""
        return self.action == DELETE or (self.declared.absent and self.writes)

    @property
    def before(self) -> Values | None:
        return self.current.values if self.current else None

    @property
    def after(self) -> Values | None:
        """The object after the step; None when it is deleted."""
        return None if self.action == DELETE else self.target

    @property
    def place(self) -> str:
        return f"{self.resource.name} {self.id}"


class Planner:
    """Plans the steps of one resource on one backend."""

    def __init__(self, resource: Resource, capability: Capability, numbers: NumberRules) -> None:
        self.resource, self.capability, self.numbers = resource, capability, numbers

    def plan(
        self, asked: Declared, resolved: Declared, current: Observed | None, pairing: Pairing, read_at: float = 0.0
    ) -> Step:
        """The step for one object. resolved: `asked` with its references resolved by the store. read_at: see `Step`."""
        values = current.values if current else {}
        step = Step(
            self.resource, self._key(values, resolved.values), str(values.get("name") or resolved.values.get("name") or ""),
            UNCHANGED, resolved, asked, current, copied(values), read_at=read_at,
        )  # fmt: skip
        if asked.absent and not self.resource.always_there:
            if current is None:
                return step
            return replace(step, action=DELETE, changes=(Change("state", "present", "absent", "state"),))
        if asked.absent:
            resolved = replace(resolved, values=self._emptied(resolved), membership="exact")
            pairing = replace(pairing, wanted=())
        return self._compare(step, resolved, values, pairing)

    def _key(self, current: Values, declared: Values) -> str:
        """What names an object in results: its first key that is known, of the server's before the declared one."""
        keys = (values.get(key) for key in self.resource.keys for values in (current, declared))
        return next((str(key) for key in keys if not is_empty(key)), "")

    def _emptied(self, declared: Declared) -> Values:
        """What `state: absent` declares of something that is always there: its list is empty, and it leads nowhere."""
        emptied: Values = {key: declared.values[key] for key in self.resource.keys if key in declared.values}
        if self.resource.items and self.capability.member_options:
            emptied[self.resource.items.option] = []
        for name, spec in self.resource.fields.items():
            if name in self.capability.options and spec.partial:
                parts = [part for part, one in spec.nested.items() if one.kind == "phone"]
                emptied[name] = {part: "" for part in parts if f"{name}.{part}" in self.capability.options}
        return emptied

    def _compare(self, step: Step, declared: Declared, before: Values, pairing: Pairing) -> Step:
        target = step.target
        changes = self._scalar_changes(declared.values, before, target)
        items = self._item_plan(declared, before, target, pairing)
        changes += [Change(*leaf, items.option) for leaf in items.changes] if items else []
        if "settings" in declared.values:
            changes += self._setting_changes(declared.values["settings"], before, target)
        self._mirror_settings(changes, target)
        action = CREATE if step.current is None else UPDATE if changes else UNCHANGED
        return replace(
            step,
            action=action,
            declared=declared if declared.state == step.asked.state else replace(declared, state=step.asked.state),
            target=without_mirrored(self.capability, target, self.numbers),
            changes=tuple(changes),
            item_keys=items.keys if items else (),
            kept=items.kept if items else (),
        )

    # -- scalars -------------------------------------------------------------------------------------------------------
    def _scalar_changes(self, wanted: Values, before: Values, target: Values) -> list[Change]:
        changes: list[Change] = []
        for name in self.resource.fields:
            if name not in wanted or (name == self.resource.key and before):
                continue  # the key that an object was found by is no change, however it was spelled
            spec = self.capability.field_of(self.resource, name)
            if spec.partial:
                target[name] = dict(before.get(name) or {})
                changes += self._dictionary_changes(spec.nested, wanted[name], target[name], bool(before), name)
            elif name not in before or not same(spec, before[name], wanted[name], self.numbers):
                changes.append(Change(name, before.get(name), wanted[name], name))
                target[name] = wanted[name]
        return changes

    # -- settings ------------------------------------------------------------------------------------------------------
    def _setting_changes(self, wanted: Values, before: Values, target: Values) -> list[Change]:
        """Compare settings one by one; the comparison of a nested dictionary is partial, like that of the whole."""
        changes: list[Change] = []
        table = self.capability.settings
        settings = target.setdefault("settings", {})
        for name, value in wanted.items():
            spec = table[name]
            if spec.kind == "dict" and spec.partial:
                settings[name] = dict(settings.get(name) or {})
                place = f"settings.{name}"
                changes += self._dictionary_changes(spec.nested, value, settings[name], bool(before), place)
            else:
                changes += self._dictionary_changes(table, {name: value}, settings, bool(before), "settings")
        return changes

    def _dictionary_changes(
        self, table: Mapping[str, Field], wanted: Values, target: Values, exists: bool, place: str
    ) -> list[Change]:
        """What differs in a dictionary; brings `target` to what is wanted. A secret is never part of a change."""
        changes: list[Change] = []
        for name, value in wanted.items():
            spec, present = table[name], target.get(name)
            if spec.create_only and exists:
                continue  # can be given at creation, but never read back: there is nothing to compare with
            if not same(spec, present, value, self.numbers):
                address = f"{place}.{name}"
                hidden = (HIDDEN, HIDDEN) if spec.secret else (present, value)
                changes.append(Change(address, hidden[0] if exists else None, hidden[1], address))
                target[name] = value
        return changes

    def _mirror_settings(self, changes: list[Change], target: Values) -> None:
        """Update settings mirrored from a changed option, where they are known and not declared themselves."""
        options = {change.option for change in changes}
        for name, spec in self.capability.settings.items():
            if spec.also in options and name in target.get("settings", {}) and f"settings.{name}" not in options:
                target["settings"][name] = mirrored(spec, target[spec.also])

    # -- items ---------------------------------------------------------------------------------------------------------
    def _item_plan(self, declared: Declared, before: Values, target: Values, pairing: Pairing) -> ItemPlan | None:
        items = self.resource.items
        if items is None:
            return None
        if items.option not in declared.values:
            return ItemPlan(items.option, list(before.get(items.option, [])), keys=pairing.present)
        if before and items.option not in before and not declared.values[items.option]:
            return None  # an empty list of what this object does not have
        planned = plan_items(
            items,
            present=before.get(items.option, []),
            wanted=declared.values[items.option],
            pairing=pairing,
            exact=declared.membership == "exact" and items.exhaustive,
            ordered=items.ordered or str(target.get("policy", "")) in self.capability.ordered_policies,
            numbers=self.numbers,
        )
        target[items.option] = planned.target
        return planned
