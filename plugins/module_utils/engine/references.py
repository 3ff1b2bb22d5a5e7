# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deletion of referenced objects: finds references that remain after the run, and plans the changes that go with it.

Sends read requests only. A run over a whole tenant always searches follow-me for references. A run for a single object
searches it only where this takes one read per list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..backends.contract import Backend, Observed, RunContext
from ..errors import NotOffered
from ..model.catalog import Items, Resource, tenant_resources
from ..model.problems import ERROR, Finding
from ..model.validate import Declared
from ..model.values import Values
from .links import NUMBER, Link, Links
from .observe import plan_step
from .options import Plan
from .plan import DELETE, Step

MEMBERS = "members.extension"
Neighbours = dict[tuple[str, str], tuple[Resource, Observed]]


class References:
    """Guards the references of one run."""

    def __init__(self, backend: Backend, context: RunContext) -> None:
        self.backend, self.context = backend, context
        self.links = Links(backend, context)
        self._neighbours: Neighbours | None = None
        self._asked: dict[tuple[str, str], Values] = {}  # what users declare of groups that were planned anew here

    # -- reading ---------------------------------------------------------------------------------------------------------
    def neighbours(self, fresh: bool = False) -> Neighbours:
        """Every object that may lead to another one, as the server has it: (resource, key) -> object."""
        if self._neighbours is None or fresh:
            self._neighbours = {
                (resource.name, str(observed.values[resource.key])): (resource, observed)
                for resource in tenant_resources()
                if self._looked_at(resource)
                for observed in self._read_all(resource)
            }
        return self._neighbours

    def _looked_at(self, resource: Resource) -> bool:
        store = self.backend.stores.get(resource.name)
        if store is None or not store.capability.references_of(resource):
            return False
        return (store.lists_cheaply and store.searched_alone) or not self.context.standalone

    def _read_all(self, resource: Resource) -> list[Observed]:
        try:
            return self.backend.store(resource.name, self.context).read_all()
        except NotOffered:
            return []  # a deployment that does not list them: nothing can be said of them

    def still_leading_to(self, steps: list[Step], fresh: bool = False) -> dict[Step, list[Link]]:
        """Which objects lead to those that these steps delete, as the server has them now."""
        objects = [(resource, observed.values) for resource, observed in self.neighbours(fresh).values()]
        return {step: [link for one, values in objects for link in self._links(one, values, step)] for step in steps}

    def _links(self, resource: Resource, values: Values | None, step: Step) -> list[Link]:
        if resource.name == step.resource.name and values and str(values.get(resource.key)) == step.id:
            return []
        return self.links.leading_to(resource, values, self._numbers(step))

    def _numbers(self, step: Step) -> set[str]:
        return {key for kind, key in self.links.claims(step.resource, step.before) if kind == NUMBER}

    # -- guarding --------------------------------------------------------------------------------------------------------
    def guarded(self, plan: Plan) -> Plan:
        """The plan with the updates that its deletions ask for; a reference that stays is a violation."""
        plan = self._lost_with_it(plan)
        going = [
            step
            for step in plan.steps
            if step.action == DELETE and not step.declared.directives.get("leave_references")
        ]
        if not going:
            return plan
        claims = (claim for step in plan.steps for claim in self.links.claims(step.resource, step.after))
        kept = {key for kind, key in claims if kind == NUMBER}
        # all that anything leads to, looked up once: from here on only members are taken out
        led_to = {
            key
            for resource, _key, values in self._after(plan)
            for _reference, _value, key in self.links.references(resource, values)
        }
        for step in going:
            numbers = self._numbers(step) - kept
            if numbers & led_to:
                plan = self._guarded_deletion(plan, step, numbers)
        return plan

    def _guarded_deletion(self, plan: Plan, step: Step, numbers: set[str]) -> Plan:
        remove = bool(step.declared.directives.get("remove_from_hunt_groups"))
        left: list[Link] = []
        for resource, key, values in self._after(plan):
            if (resource.name, key) == (step.resource.name, step.id):
                continue
            links = self.links.leading_to(resource, values, numbers)
            members = [link for link in links if link.reference.option == MEMBERS]
            if members and remove and not self._declares(plan, resource, key, numbers):
                plan = self._without_member(plan, step, resource, key, numbers)
                links = [link for link in links if link not in members]
            left += links
        if not left:
            return plan
        hint = "lead them elsewhere first, or write leave_references: true"
        if any(link.reference.option == MEMBERS for link in left):
            hint = (
                "lead them elsewhere first, or write remove_from_hunt_groups: true (members) or leave_references: true"
            )
        message = f"is to be deleted, but {', '.join(dict.fromkeys(map(str, left)))}"
        return plan.adding(violations=[Finding("still-referenced", ERROR, step.place, message, hint)])

    def _after(self, plan: Plan) -> Iterator[tuple[Resource, str, Values]]:
        """Every object that leads somewhere after this run."""
        steps = {(step.resource.name, step.id): step for step in plan.steps}
        for name, (resource, observed) in self.neighbours().items():
            step = steps.get(name)
            values = step.after if step else observed.values
            if values is not None:
                yield resource, name[1], values
        for name, step in steps.items():
            if name not in self.neighbours() and step.after is not None:
                yield step.resource, step.id, step.after

    def _declares(self, plan: Plan, resource: Resource, key: str, numbers: set[str]) -> bool:
        """Whether a declaration itself asks for one of these members."""
        step = self._step(plan, resource, key)
        asked = self._asked.get((resource.name, key), step.asked.values if step else None)
        return bool(self.links.leading_to(resource, asked, numbers))

    @staticmethod
    def _step(plan: Plan, resource: Resource, key: str) -> Step | None:
        return next((step for step in plan.steps if (step.resource.name, step.id) == (resource.name, key)), None)

    def _without_member(self, plan: Plan, deletion: Step, resource: Resource, key: str, numbers: set[str]) -> Plan:
        """Plan the update of a group that loses a deleted member."""
        old = self._step(plan, resource, key)
        current = old.current if old else self.neighbours()[resource.name, key][1]
        items = resource.items
        if current is None or items is None:
            return plan
        self._asked.setdefault((resource.name, key), old.asked.values if old else {})
        target = old.target if old else current.values
        left = [one for one in target[items.option] if self.links.numbers.key(str(one.get("extension"))) not in numbers]
        base = old.declared.values if old else {resource.key: key}
        declared = Declared(resource, {**base, items.option: writable_items(self.backend, resource, items, left)})
        store = self.backend.store(resource.name, self.context)
        step = plan_step(store, declared, declared, current)
        origin = old.origin if old else f"{deletion.place} is deleted"
        step = replace(step, origin=origin, read_at=old.read_at if old else deletion.read_at)
        return plan.with_step(old, step) if old else plan.adding(steps=[step])

    def _lost_with_it(self, plan: Plan) -> Plan:
        """Plan what a deletion takes with it on this backend, so that it is seen, and undone by a restore."""
        planned = {(step.resource.name, step.id) for step in plan.steps}
        lost = [
            self._emptied(step, resource)
            for step in plan.steps
            if step.action == DELETE
            for resource in tenant_resources()
            if self._owner(resource) == step.resource.name and (resource.name, step.id) not in planned
        ]
        return plan.adding(steps=[step for step in lost if step.writes])

    def _owner(self, resource: Resource) -> str:
        """The kind of object that takes these with it when it is deleted; empty for none."""
        store = self.backend.stores.get(resource.name)
        return store.capability.lost_with if store else ""

    def _emptied(self, deletion: Step, resource: Resource) -> Step:
        declared = Declared(resource, {resource.key: deletion.id}, "absent")
        store = self.backend.store(resource.name, self.context)
        current = store.find(declared)
        step = replace(plan_step(store, declared, declared, current), origin=f"{deletion.place} is deleted")
        return replace(step, read_at=deletion.read_at)


def writable_items(backend: Backend, resource: Resource, items: Items, present: list[Values]) -> list[Values]:
    """Items as a declaration of them: what can be declared on this backend, without other people's daily business."""
    known = backend.capability(resource.name).member_options - items.runtime
    return [{name: value for name, value in one.items() if name in known} for one in present]
