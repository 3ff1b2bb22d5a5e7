# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of a plan before its first write: purge, deletion limits, duplicate declarations, the approved plan.

Guards send read requests only. Each guard takes a plan and returns a new one. A problem that must stop a real run is a
violation in the plan, so check mode still shows the whole plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..backends.contract import Backend, Observed, RunContext
from ..errors import Incomplete, NotOffered
from ..model.catalog import Resource, tenant_lists
from ..model.problems import ERROR, INFO, WARNING, Finding
from ..model.validate import Declared
from .observe import plan_step
from .options import Plan, RunOptions
from .outcome import Unmanaged, plan_id
from .plan import CREATE, DELETE, Step

PURGE = "purge"
_MOST_NAMED = 20


@dataclass(frozen=True)
class Guards:
    """The guards of one run."""

    backend: Backend
    context: RunContext
    options: RunOptions

    # -- what is there and not declared ----------------------------------------------------------------------------------
    def undeclared(self, plan: Plan) -> Plan:
        """Plan the deletion of undeclared objects of the lists to purge; the others are unmanaged."""
        for plural in self.options.declared_lists:
            resource = tenant_lists()[plural]
            if resource.name not in self.backend.writable:
                continue
            purged = plural in self.options.purge
            if not purged and not self.backend.stores[resource.name].lists_cheaply:
                continue
            plan = self._undeclared_of(plan, plural, resource, purged)
        return plan

    def _undeclared_of(self, plan: Plan, plural: str, resource: Resource, purged: bool) -> Plan:
        unread = [one for one in plan.failures if one.declared.resource.name == resource.name]
        if unread and purged:
            message = f"not all of them could be read, so nothing is deleted: {unread[0].message}"
            return plan.adding(violations=[Finding("purge-incomplete", ERROR, f"purge: {plural}", message)])
        store = self.backend.store(resource.name, self.context)
        try:
            listed = store.list_keys()
        except NotOffered as reason:
            if purged:
                raise
            return plan.adding(notes=[f"{plural}: undeclared objects cannot be listed: {reason}"])
        except Incomplete as reason:
            found = Finding("incomplete-list", WARNING if not purged else ERROR, plural, str(reason))
            return plan.adding(**{"violations" if purged else "findings": [found]})
        names = store.list_names()
        declared = {step.id for step in plan.steps if step.resource.name == resource.name}
        failed = {one.declared.label for one in unread}
        others: list[Unmanaged | Step | None] = []
        for key, observed in listed.items():
            if key not in declared and key not in failed:
                name = str(observed.values.get("name") or "") if observed else names.get(key, "")
                others.append(self._undeclared_object(plural, resource, key, name, observed, purged))
        return plan.adding(
            steps=[one for one in others if isinstance(one, Step)],
            unmanaged=[one for one in others if isinstance(one, Unmanaged)],
        )

    def _undeclared_object(
        self, plural: str, resource: Resource, key: str, name: str, observed: Observed | None, purged: bool
    ) -> Unmanaged | Step | None:
        if not self.options.selects(plural, key, name):
            return None  # nobody asked about it, and whether it is declared was not looked at
        if not purged or self.options.protects(key, name):
            return Unmanaged(resource.name, key, name)
        store = self.backend.store(resource.name, self.context)
        declared = Declared(resource, {resource.key: key}, "absent", directives=self._purge_directives())
        observed = observed or store.find(declared)
        if observed is None:
            return None
        name = str(observed.values.get("name") or "")
        if self.options.protects(name):
            return Unmanaged(resource.name, key, name)
        step = plan_step(store, declared, declared, observed)
        return replace(step, origin=PURGE) if step.writes else None

    def _purge_directives(self) -> Mapping[str, bool]:
        return {
            "remove_from_hunt_groups": self.options.remove_from_hunt_groups,
            "leave_references": self.options.leave_references,
        }

    def kept(self, plan: Plan) -> Plan:
        """Report the items that others added and that stay, also where nothing changes."""
        found = [
            Finding(
                "kept-items",
                INFO,
                step.asked.path or step.place,
                f"{step.place}: {step.resource.items.option} {', '.join(step.kept)} are not declared and stay",
                "declare them, or write membership: exact to remove them",
            )
            for step in plan.steps
            if step.kept and step.resource.items
        ]
        return plan.adding(findings=found)

    # -- limits ----------------------------------------------------------------------------------------------------------
    def limited(self, plan: Plan) -> Plan:
        """Refuse a purge that deletes more than allowed. What is declared absent one by one does not count."""
        limit = self.options.max_deletions
        deleted = [step for step in plan.steps if step.origin == PURGE]
        if limit is None or not deleted:
            return plan
        lists = tenant_lists()
        present = sum(
            len(self.backend.store(lists[plural].name, self.context).list_keys()) for plural in self.options.purge
        )
        allowed = limit.allowed(present)
        if len(deleted) <= allowed:
            return plan
        names = ", ".join(step.place for step in deleted[:_MOST_NAMED])
        more = f" and {len(deleted) - _MOST_NAMED} more" if len(deleted) > _MOST_NAMED else ""
        message = f"{len(deleted)} objects would be deleted ({names}{more}), but {allowed} of {present} are allowed"
        hint = 'nothing was changed; declare or protect them, or raise max_deletions (a number, or a share like "50%")'
        return plan.adding(violations=[Finding("max-deletions", ERROR, "max_deletions", message, hint)])

    def irreversible(self, plan: Plan) -> Plan:
        """Refuse deletions that no undo can bring back; warn about secrets that are lost."""
        for step in plan.steps:
            if step.action != DELETE or step.current is None:
                continue
            store = self.backend.store(step.resource.name, self.context)
            secrets, others = store.lost(step.current)
            plan = plan.adding(notes=[f"{step.place}: the deletion loses for good: {what}" for what in secrets])
            if others and (self.options.allow_irreversible or self.options.single):
                plan = plan.adding(notes=[f"{step.place}: cannot be brought back: {what}" for what in others])
            elif others:
                message = f"cannot be brought back once it is deleted: {'; '.join(others)}"
                hint = "nothing was changed; keep it, or write allow_irreversible: true"
                plan = plan.adding(violations=[Finding("irreversible", ERROR, step.place, message, hint)])
        return plan

    # -- identity ----------------------------------------------------------------------------------------------------------
    def declared_once(self, plan: Plan) -> Plan:
        """Refuse two declarations of one object, one by number and one by name perhaps: they would undo each other."""
        places: defaultdict[tuple[str, str], list[Step]] = defaultdict(list)
        for step in plan.steps:
            places[step.resource.name, step.id].append(step)
        for step in plan.steps:
            if step.action == CREATE and step.name and step.id != step.name:
                by_name = places.get((step.resource.name, step.name), [])
                if by_name and by_name[0].action == CREATE:
                    places[step.resource.name, step.name] = [*by_name, step]
        twice = [steps for steps in places.values() if len(steps) > 1]
        found = []
        for steps in twice:
            written = ", ".join(step.asked.path or step.asked.label for step in steps)
            message = f"{steps[0].place} is declared twice ({written})"
            found.append(
                Finding("declared-twice", ERROR, steps[-1].asked.path, message, "keep one declaration of each")
            )
        return plan.adding(violations=found)

    # -- approval ----------------------------------------------------------------------------------------------------------
    def approved(self, plan: Plan) -> Plan:
        """Refuse a plan that is not the one that was approved."""
        wanted = self.options.expect_plan
        now = plan_id(self.backend.identity, plan.steps)
        if not wanted or wanted == now:
            return plan
        message = f"the plan has changed: {wanted} was approved, and now it is {now}"
        hint = "nothing was changed; look at the new plan, and approve that one"
        return plan.adding(violations=[Finding("expect-plan", ERROR, "expect_plan", message, hint)])
