# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Current state + desired state -> the step that leads from one to the other.

Pure: no input or output, no vendor, no network. What a user left out is not looked at; what a backend reads
besides is carried along untouched.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..model.catalog import Capability, Items, Resource, shown
from ..model.values import Field, Values, mirrored, same

HIDDEN = "(not shown)"
UNFINISHED = ("failed", "skipped")
ACTIONS = ("create", "update", "delete", "unchanged")


@dataclass(frozen=True)
class Change:
    """One field that differs. Settings are named `settings.NAME`, nested ones `settings.NAME.PART`."""

    field: str
    before: Any
    after: Any


def public(values: Any) -> Any:
    """The same values without what only the engine needs: keys that begin with an underscore."""
    if isinstance(values, dict):
        return {key: public(value) for key, value in values.items() if not str(key).startswith("_")}
    return [public(value) for value in values] if isinstance(values, list) else values


@dataclass
class Step:
    """What has to happen to one object, and later what became of it."""

    resource: str
    id: str
    action: str
    changes: list[Change] = field(default_factory=list)
    before: Values | None = None
    after: Values | None = None
    kept: list[str] = field(default_factory=list)
    status: str = "planned"
    error: str = ""
    took_effect: bool = True  # of a failed step: whether anything of it did, or may have

    @property
    def changed_fields(self) -> set[str]:
        return {change.field for change in self.changes}

    def as_result(self) -> Values:
        """The step as users see it in `plan`."""
        changes = [{"field": c.field, "before": public(c.before), "after": public(c.after)} for c in self.changes]
        shown: Values = {"resource": self.resource, "id": self.id, "action": self.action, "changes": changes}
        if self.kept:
            shown["kept"] = self.kept
        return {**shown, "status": self.status, "error": self.error or None}


def plan_object(
    resource: Resource,
    capability: Capability,
    desired: Values,
    current: Values | None,
    state: str = "present",
    membership: str = "exact",
) -> Step:
    """The step for one object.

    desired: as `resources.normalise` returns it. current: as the backend reads it, or None when there is none.
    """
    key = object_key(resource, current or {}, desired)
    if state == "absent" and resource.always_there:
        named = {name: value for name, value in desired.items() if name in resource.keys or name.startswith("_")}
        desired, membership = {**named, **emptied(resource, capability)}, "exact"
    elif state == "absent":
        if current is None:
            return Step(resource.name, key, "unchanged", status="unchanged")
        return Step(resource.name, key, "delete", [Change("state", "present", "absent")], copy.deepcopy(current))
    before = current or {}
    after = copy.deepcopy(before)
    changes = _scalar_changes(resource, desired, before, after)
    kept: list[str] = []
    if resource.items and resource.items.option in desired:
        change, kept = _item_change(resource.items, capability, desired, before, after, membership)
        changes += change
    if "settings" in desired:
        changes += _setting_changes(capability.settings, desired["settings"], before, after)
    _mirror_settings(capability.settings, changes, after)
    after = shown(capability, after)
    if current is None:
        return Step(resource.name, key, "create", changes, None, after)
    action = "update" if changes else "unchanged"
    return Step(
        resource.name,
        key,
        action,
        changes,
        shown(capability, current),
        after,
        kept,
        "planned" if changes else "unchanged",
    )


def emptied(resource: Resource, capability: Capability) -> Values:
    """What `state: absent` declares of something that is always there: its list is empty, and it leads nowhere."""
    declared: Values = {}
    if resource.items and capability.member_options:
        declared[resource.items.option] = []
    for name, spec in resource.fields.items():
        if name in capability.options and spec.partial:
            parts = {part: "" for part, one in spec.nested.items() if one.kind == "phone"}
            declared[name] = {part: "" for part in parts if f"{name}.{part}" in capability.options}
    return declared


def object_key(resource: Resource, current: Values, desired: Values) -> str:
    """What names an object in results: its first key that is known."""
    keys = (values.get(key) for key in resource.keys for values in (current, desired))
    return next((str(key) for key in keys if key not in (None, "")), "")


def _scalar_changes(resource: Resource, desired: Values, before: Values, after: Values) -> list[Change]:
    changes: list[Change] = []
    for name, spec in resource.fields.items():
        if name not in desired or (name == resource.keys[0] and before):
            continue  # the key that an object was found by is no change, however it was spelt
        if spec.partial:
            after[name] = dict(before.get(name) or {})
            _compare_settings(spec.nested, desired[name], after[name], bool(before), name, changes)
        elif name not in before or not same(spec, before[name], desired[name]):
            changes.append(Change(name, before.get(name), desired[name]))
            after[name] = desired[name]
    return changes


def _mirror_settings(table: Mapping[str, Field], changes: list[Change], after: Values) -> None:
    """Settings that a changed neutral option sets too follow it, where they are known and not written themselves."""
    changed = {change.field for change in changes}
    for name, spec in table.items():
        if spec.also in changed and name in after.get("settings", {}) and f"settings.{name}" not in changed:
            after["settings"][name] = mirrored(spec, after[spec.also])


def _setting_changes(table: Mapping[str, Field], wanted: Values, before: Values, after: Values) -> list[Change]:
    """Compare settings one by one; the comparison of a nested dictionary is partial, like that of the whole."""
    changes: list[Change] = []
    shown = copy.deepcopy(before.get("settings", {}))
    for name, value in wanted.items():
        spec = table[name]
        if spec.kind == "dict" and spec.partial:
            nested = dict(shown.get(name) or {})
            _compare_settings(spec.nested, value, nested, bool(before), f"settings.{name}", changes)
            shown[name] = nested
        else:
            _compare_settings(table, {name: value}, shown, bool(before), "settings", changes)
    after["settings"] = shown
    return changes


def _compare_settings(
    table: Mapping[str, Field], wanted: Values, shown: Values, exists: bool, place: str, changes: list[Change]
) -> None:
    """Note in `changes` what differs, and bring `shown` to what is wanted; a secret is never part of either."""
    for name, value in wanted.items():
        spec, present = table[name], shown.get(name)
        if spec.create_only and exists:
            continue  # can be given at creation, but never read back: there is nothing to compare with
        if not same(spec, present, value):
            value = HIDDEN if spec.secret else value
            changes.append(Change(f"{place}.{name}", present, value))
            shown[name] = value


# -- members, destinations, weights ----------------------------------------------------------------------------------
def _item_change(
    items: Items, capability: Capability, desired: Values, before: Values, after: Values, membership: str
) -> tuple[list[Change], list[str]]:
    present: list[Values] = before.get(items.option, [])
    ordered = items.ordered or str(after.get("policy", "")) in capability.ordered_policies
    identity = capability.member_identity
    gone = desired.get("_gone", ())  # items that a store knows to be leftovers, whatever the membership
    staying = [item for item in present if member_key(item, identity) not in gone]
    target, kept = merge_members(
        desired[items.option],
        staying,
        identity,
        exact=membership == "exact" and items.exhaustive,
        ordered=ordered,
        fields=items.fields,
    )
    if items.option in before and members_equal(items, present, target, identity, ordered):
        return [], kept
    if before and items.option not in before and not target:
        return [], kept  # an empty list of what this object does not have
    after[items.option] = target
    return [Change(items.option, copy.deepcopy(present), copy.deepcopy(target))], kept


def merge_members(
    wanted: list[Values],
    present: list[Values],
    identity: tuple[str, ...],
    *,
    exact: bool,
    ordered: bool,
    fields: Mapping[str, Field] | None = None,
) -> tuple[list[Values], list[str]]:
    """The members as they shall be: (target list, extensions that others added and that stay).

    What was not written about a member keeps its present value, and what means the same its present spelling.
    Where order has no meaning the present order stays, so that nothing moves without need.
    """
    known = {member_key(member, identity): member for member in present}
    overlaid = [_overlay(known.get(member_key(member, identity), {}), member, fields or {}) for member in wanted]
    declared = {member_key(member, identity) for member in wanted}
    others = [] if exact else [member for key, member in known.items() if key not in declared]
    kept = [str(member.get("extension") or member.get("name") or member.get("number")) for member in others]
    if ordered:
        sequence = _weave(overlaid, present, identity, declared) if others else overlaid
        return sequence, kept
    by_key = {member_key(member, identity): member for member in overlaid}
    stay = [by_key.get(key, member) for key, member in known.items() if key in by_key or not exact]
    new = [member for member in overlaid if member_key(member, identity) not in known]
    return stay + new, kept


def _overlay(present: Values, written: Values, fields: Mapping[str, Field]) -> Values:
    differing = {
        name: value
        for name, value in written.items()
        if not (name in present and name in fields and same(fields[name], present[name], value))
    }
    return {**present, **differing}


def _weave(
    overlaid: list[Values], present: list[Values], identity: tuple[str, ...], declared: set[tuple[Any, ...]]
) -> list[Values]:
    """The declared order, with members that others added left at their places where that is possible."""
    present_keys = [member_key(member, identity) for member in present]
    wanted_keys = [member_key(member, identity) for member in overlaid]
    if [key for key in present_keys if key in declared] == [key for key in wanted_keys if key in present_keys]:
        if all(key in present_keys for key in wanted_keys):
            by_key = dict(zip(wanted_keys, overlaid))
            return [by_key.get(key, member) for key, member in zip(present_keys, present)]
    known = [key for key in wanted_keys if key in present_keys]
    if wanted_keys[: len(known)] == known == [key for key in present_keys if key in declared]:
        by_key = dict(zip(wanted_keys, overlaid))  # only new ones at the end: nothing that is there has to move
        return [by_key.get(key, member) for key, member in zip(present_keys, present)] + overlaid[len(known) :]
    return overlaid + [m for key, m in zip(present_keys, present) if key not in declared]


def member_key(member: Mapping[str, Any], identity: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(member.get(name) for name in identity)


def members_equal(
    items: Items, one: list[Values], other: list[Values], identity: tuple[str, ...], ordered: bool
) -> bool:
    """Whether two member lists mean the same. Only what the second list says about a member is compared."""
    keys, other_keys = ([member_key(member, identity) for member in members] for members in (one, other))
    if len(keys) != len(other_keys) or set(keys) != set(other_keys) or (ordered and keys != other_keys):
        return False
    by_key = dict(zip(keys, one))
    return all(
        same(items.fields[name], by_key[key].get(name), value)
        for key, member in zip(other_keys, other)
        for name, value in member.items()
        if name in items.fields
    )


# -- results ------------------------------------------------------------------------------------------------------------
def summary(steps: list[Step]) -> dict[str, int]:
    """How many objects were, or would be, created, updated, deleted, left unchanged; and how many failed or were not
    begun because of that."""
    counts = dict.fromkeys((*ACTIONS, "failed"), 0)
    for step in steps:
        counts["failed" if step.status in UNFINISHED else step.action] += 1
    return counts


def verdict(steps: list[Step], check_mode: bool) -> str:
    """One word for the whole: clean, drift, applied or incomplete."""
    if any(step.status in UNFINISHED for step in steps):
        return "incomplete"
    if all(step.action == "unchanged" for step in steps):
        return "clean"
    return "drift" if check_mode else "applied"


def difference(steps: list[Step]) -> Values | None:
    """Ansible's `diff`: objects that change, before and after. None when nothing does."""
    changing = [step for step in steps if step.action != "unchanged"]
    if not changing:
        return None
    heading = ", ".join(f"{step.resource} {step.id}" for step in changing)
    if len(changing) == 1:
        before, after = changing[0].before or {}, changing[0].after or {}
    else:
        before = {f"{step.resource} {step.id}": step.before for step in changing if step.before}
        after = {f"{step.resource} {step.id}": step.after for step in changing if step.after}
    return {"before": public(before), "after": public(after), "before_header": heading, "after_header": heading}
