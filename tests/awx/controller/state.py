# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the stand-in for AWX holds: objects, their lists, surveys, and the updates of projects."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from . import refusals
from .kinds import KINDS, NOTIFICATIONS, REQUIRED, UNIFIED, Values
from .refusals import Refused

HIDDEN = "$encrypted$"
_UPDATING_FIELDS = ("scm_type", "scm_url", "scm_branch", "scm_refspec")


class State:
    """Objects by kind and id. Raises Refused for what AWX refuses."""

    def __init__(self, playbooks: set[str]) -> None:
        self.objects: dict[str, dict[int, Values]] = {kind: {} for kind in KINDS}
        self.lists: defaultdict[tuple[str, int, str], list[int]] = defaultdict(list)
        self.surveys: dict[int, Values] = {}
        self.updates: dict[int, Values] = {}
        self._of_repository = playbooks
        self._last_id = 0

    # -- reading ---------------------------------------------------------------------------------------------------------
    def all(self, kind: str) -> list[Values]:
        return list(self.objects[kind].values())

    def get(self, kind: str, number: int) -> Values:
        try:
            return self.objects[kind][number]
        except KeyError:
            raise Refused({"detail": "Not found."}, 404) from None

    def named(self, kind: str, name: str) -> Values:
        """The only object with this name; of nodes, the identifier."""
        (found,) = [one for one in self.all(kind) if one.get("name", one.get("identifier")) == name]
        return found

    def related(self, kind: str, number: int, name: str) -> list[int]:
        return self.lists[kind, number, name]

    def related_names(self, kind: str, name: str, of: str) -> set[str]:
        """The names of what is in a list of the object with this name."""
        ids = self.related(kind, self.named(kind, name)["id"], of)
        held = self.objects[KINDS[kind].relations[of]]
        return {held[number].get("name", held[number].get("identifier")) for number in ids}

    def reached(self, node: int) -> set[int]:
        """The nodes that a node leads to, itself too."""
        found, waiting = set(), [node]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                for way in ("success_nodes", "failure_nodes", "always_nodes"):
                    waiting += self.related("workflow_job_template_nodes", one, way)
        return found

    def playbooks(self, project: int) -> set[str]:
        return self._of_repository if self.get("projects", project)["status"] == "successful" else set()

    def survey(self, template: int) -> Values:
        enabled = any(
            self.objects[kind].get(template, {}).get("survey_enabled")
            for kind in ("job_templates", "workflow_job_templates")
        )
        return self.surveys.get(template, {}) if enabled else {}

    def kind_of_unified(self, number: int) -> str:
        for kind in UNIFIED:
            if number in self.objects[kind]:
                return kind
        raise Refused({"unified_job_template": [f'Invalid pk "{number}" - object does not exist.']})

    # -- writing ---------------------------------------------------------------------------------------------------------
    def create(self, kind: str, sent: Values) -> Values:
        found = {**dict.fromkeys(_texts(kind), ""), **copy.deepcopy(KINDS[kind].fields), **_known(kind, sent)}
        missing = [name for name, value in found.items() if value is REQUIRED]
        if missing or (KINDS[kind].named and not found.get("name")):
            raise Refused({name: ["This field is required."] for name in missing or ["name"]})
        self._check(kind, found, sent, None)
        made = {"id": self._next_id(), "type": KINDS[kind].type, **found}
        self.objects[kind][made["id"]] = made
        self._after(kind, made)
        return made

    def change(self, kind: str, number: int, sent: Values) -> Values:
        old = self.get(kind, number)
        taken = _known(kind, sent)
        for name, value in taken.items():  # secrets that come back as they were shown stay
            if isinstance(value, dict) and isinstance(old[name], dict):
                taken[name] = {key: old[name].get(key) if one == HIDDEN else one for key, one in value.items()}
        found = {**old, **taken}
        self._check(kind, found, sent, old)
        self.objects[kind][number] = found
        if kind == "projects" and any(found[name] != old[name] for name in _UPDATING_FIELDS):
            self._update(found)
        return found

    def delete(self, kind: str, number: int) -> None:
        self.get(kind, number)
        del self.objects[kind][number]
        self.surveys.pop(number, None)
        for (parent, _owner, name), ids in self.lists.items():
            if KINDS[parent].relations[name] == kind and number in ids:
                ids.remove(number)

    def relate(self, kind: str, number: int, name: str, sent: Values) -> None:
        child, ids = int(sent["id"]), self.related(kind, number, name)
        if sent.get("disassociate"):
            if child in ids:
                ids.remove(child)
            return
        refusals.relation(self, kind, self.get(kind, number), name, self.get(KINDS[kind].relations[name], child))
        if child not in ids:
            ids.append(child)

    def approve_at(self, node: int, sent: Values) -> Values:
        """Make the approval of a workflow node."""
        made = self.create("workflow_approval_templates", sent)
        self.get("workflow_job_template_nodes", node)["unified_job_template"] = made["id"]
        return made

    def updated(self, number: int) -> Values:
        """An update of a project: it runs when it is asked for first, and is done when it is asked for again."""
        update = self.updates[number]
        shown = dict(update)
        if update["status"] == "running":
            project = self.objects["projects"][update["project"]]
            update["status"] = "failed" if "unreachable" in project["scm_url"] else "successful"
            project["status"], project["scm_revision"] = update["status"], "0" * 40
        return shown

    # -- the rules of all kinds ------------------------------------------------------------------------------------------
    def _check(self, kind: str, found: Values, sent: Values, old: Values | None) -> None:
        for name in KINDS[kind].foreign:
            if name == "unified_job_template" and found[name]:
                self.kind_of_unified(found[name])
            elif found[name] is not None and not any(found[name] in held for held in self.objects.values()):
                raise Refused({name: [f'Invalid pk "{found[name]}" - object does not exist.']})
        refusals.check(self, kind, found, sent, old)
        fields = KINDS[kind].unique
        for other in self.all(kind):
            if other is not old and all(other.get(name) == found.get(name) for name in fields):
                raise Refused({"__all__": [f"{KINDS[kind].type} with this {fields} combination already exists."]})

    def _after(self, kind: str, made: Values) -> None:
        if kind == "projects" and made["scm_type"]:
            self._update(made)
        if kind == "inventories" and made["kind"] == "constructed":
            fields = {"source": "constructed", "overwrite": True, "overwrite_vars": True, "update_on_launch": True}
            source = {**KINDS["inventory_sources"].fields, **fields, "inventory": made["id"], "description": ""}
            number = self._next_id()
            name = f"Auto-created source for: {made['name']}"
            self.objects["inventory_sources"][number] = {
                "id": number,
                "type": "inventory_source",
                "name": name,
                **source,
            }

    def _update(self, project: Values) -> None:
        number = self._next_id()
        self.updates[number] = {"id": number, "type": "project_update", "project": project["id"], "status": "running"}

    def running_update(self, project: int) -> int | None:
        found = [one["id"] for one in self.updates.values() if one["project"] == project and one["status"] == "running"]
        return found[-1] if found else None

    def _next_id(self) -> int:
        self._last_id += 1
        return self._last_id


def _known(kind: str, sent: Values) -> Values:
    """The fields that the kind has; AWX ignores the others."""
    names = {*KINDS[kind].fields, *_texts(kind)}
    return {name: copy.deepcopy(value) for name, value in sent.items() if name in names}


def _texts(kind: str) -> list[str]:
    return [*(["name"] if KINDS[kind].named else []), *(["description"] if KINDS[kind].description else [])]


def shown(kind: str, one: Values, types: dict[int, Values]) -> Values:
    """The object without its secrets."""
    if kind == "credentials":
        secrets = [field["id"] for field in types[one["credential_type"]]["inputs"]["fields"] if field.get("secret")]
        return {**one, "inputs": dict(_hidden(one["inputs"], secrets))}
    if kind == "notification_templates":
        secrets = [
            name for name, (_type, secret, _default) in NOTIFICATIONS[one["notification_type"]].items() if secret
        ]
        return {**one, "notification_configuration": dict(_hidden(one["notification_configuration"], secrets))}
    return one


def _hidden(values: Values, secrets: list[str]) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        yield name, HIDDEN if name in secrets and value else value
