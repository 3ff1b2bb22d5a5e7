# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX 24.6.1 refuses: each function raises Refused with the body of the answer."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import jinja2
import jinja2.sandbox

from .kinds import NOTIFICATIONS, REQUIRED, Values

if TYPE_CHECKING:
    from .state import State

_SURVEY_TYPES: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("text", "textarea", "password"), (str,)),
    **dict.fromkeys(("multiplechoice", "multiselect"), (str, list)),
    "integer": (int,),
    "float": (float, int),
}
_EVENTS = {"started", "success", "error", "workflow_approval"}
_APPROVAL_EVENTS = {"running", "approved", "timed_out", "denied"}
_CONTEXT = {
    "job": {
        "id": 42,
        "name": "Stub Job Template",
        "status": "running",
        "host_status_counts": {"ok": 5},
        "artifacts": {},
    },
    "url": "https://awx.example/#/jobs/42",
    "job_friendly_name": "Job",
    "workflow_url": "https://awx.example/#/jobs/workflow/1010",
    "approval_status": "approved",
    "approval_node_name": "Approve Me",
    "job_metadata": "{}",
}
_EDITABLE_OF_CONSTRUCTED = {"source_vars", "update_cache_timeout", "limit", "verbosity"}


class Refused(Exception):
    """An answer with a status of 400 or more."""

    def __init__(self, body: Any, status: int = 400) -> None:
        super().__init__(str(body))
        self.body, self.status = body, status


def _of(state: State, kind: str, found: Values, sent: Values, old: Values | None) -> None:
    """Nothing is refused that is not refused for every kind."""


def credential_type(state: State, kind: str, found: Values, sent: Values, old: Values | None) -> None:
    if found["kind"] not in ("cloud", "net"):
        raise Refused({"kind": f"Must be 'cloud' or 'net', not {found['kind']}"})
    used = old and any(one["credential_type"] == old["id"] for one in state.all("credentials"))
    if old and used and found["inputs"] != old["inputs"]:
        raise Refused({"detail": "Modifications to inputs are not allowed for credential types that are in use"}, 403)
    fields = {one["id"]: one for one in found["inputs"].get("fields", [])}
    for one in fields.values():
        if one.get("type", "string") not in ("string", "boolean"):
            raise Refused({"inputs": [f"'{one['type']}' is not one of ['string', 'boolean']"]})
    files = {name.partition(".")[2]: "a file" for name in found["injectors"].get("file", {})}
    names = {**dict.fromkeys(fields, "a value"), "tower": {"filename": files}}
    sandbox = jinja2.sandbox.ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined)
    for place, texts in found["injectors"].items():
        for name, text in texts.items():
            if place == "env" and name.startswith("ANSIBLE_"):
                raise Refused({"injectors": [f"Environment variable {name} may affect Ansible configuration"]})
            try:
                sandbox.from_string(text).render(names)
            except jinja2.UndefinedError as error:
                raise Refused({"injectors": [f"{name} uses an undefined field ({error})"]}) from error


def credential(state: State, kind: str, found: Values, sent: Values, old: Values | None) -> None:
    fields = {one["id"]: one for one in state.get("credential_types", found["credential_type"])["inputs"]["fields"]}
    for name, value in found["inputs"].items():
        if name not in fields:
            raise Refused({"inputs": [f"Additional properties are not allowed ('{name}' was unexpected)"]})
        wanted = bool if fields[name].get("type") == "boolean" else str
        if not isinstance(value, wanted):
            raise Refused({"inputs": {name: [f"{value!r} is not of type {wanted.__name__}"]}})


def notification(state: State, kind: str, found: Values, sent: Values, old: Values | None) -> None:
    settings = found["notification_configuration"]
    for name, (wanted, _secret, default) in NOTIFICATIONS[found["notification_type"]].items():
        if name not in settings and default is REQUIRED:
            raise Refused([f"Missing required fields for Notification Configuration: ['{name}']."])
        settings.setdefault(name, default)
        given = settings[name]
        if not isinstance(given, wanted) or isinstance(given, bool) is not (wanted is bool):  # a bool is no number
            raise Refused([f"Configuration field '{name}' incorrect type, expected {wanted.__name__}."])
    for event, messages in (found["messages"] or {}).items():
        if event not in _EVENTS:
            raise Refused([f"Event '{event}' invalid"])
        for name, one in messages.items() if event == "workflow_approval" else [(None, messages)]:
            if name is not None and name not in _APPROVAL_EVENTS:
                raise Refused([f"Workflow Approval event '{name}' invalid"])
            _messages(event, one)


def _messages(event: str, messages: Values) -> None:
    for name, text in messages.items():
        if name not in ("message", "body"):
            raise Refused([f"Message type '{name}' invalid, must be either 'message' or 'body'"])
        if name == "message" and "\n" in text:
            raise Refused([f"Messages cannot contain newlines (found newline in {event} event)"])
        sandbox = jinja2.sandbox.ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined)
        try:
            sandbox.from_string(text).render(_CONTEXT)
        except jinja2.TemplateError as error:
            raise Refused([f"Unable to render message '{text}': {error}"]) from error


def inventory_source(state: State, kind: str, found: Values, sent: Values, old: Values | None) -> None:
    if old and old["source"] == "constructed":
        for name in sent:
            if name in old and found[name] != old[name] and name not in _EDITABLE_OF_CONSTRUCTED:
                raise Refused({"error": f"Cannot change field '{name}' on a constructed inventory source."})
        return
    if state.get("inventories", found["inventory"])["kind"]:
        raise Refused({"detail": "Cannot create Inventory Source for Smart or Constructed Inventories"})
    if found["source"] == "scm" and not found["source_project"]:
        raise Refused({"source_project": ["Project required for scm type sources."]})
    if found["source"] != "scm" and found["source_path"]:
        raise Refused({"detail": "Cannot set source_path if not SCM type."})


def job_template(state: State, kind: str, found: Values, sent: Values, old: Values | None) -> None:
    if not found["project"]:
        raise Refused({"project": ["This field is required."]})
    if found["playbook"] not in state.playbooks(found["project"]):
        raise Refused({"playbook": ["Playbook not found for project."]})
    if not found["inventory"] and not found["ask_inventory_on_launch"]:
        raise Refused({"inventory": ["You must either set a default value or ask to prompt on launch."]})
    if not isinstance(json.loads(found["extra_vars"] or "{}"), dict):
        raise Refused({"extra_vars": ["must be a dictionary"]})


def workflow(state: State, kind: str, found: Values, sent: Values, old: Values | None) -> None:
    if not isinstance(json.loads(found["extra_vars"] or "{}"), dict):
        raise Refused({"extra_vars": ["must be a dictionary"]})


def schedule(state: State, kind: str, found: Values, sent: Values, old: Values | None) -> None:
    if not re.match(r"DTSTART(;[^:]+:\d{8}T\d{6}|:\d{8}T\d{6}Z) RRULE:\S*INTERVAL=\d+", found["rrule"]):
        raise Refused({"rrule": ["INTERVAL required in rrule"]})
    spec = state.survey(found["unified_job_template"])
    questions = {one["variable"]: one for one in spec.get("spec", [])}
    for name, value in found["extra_data"].items():
        if name not in questions:
            raise Refused({"extra_data": [f"Variables {name} are not allowed on launch."]})
        answers = value if isinstance(value, list) else [value]
        if "choices" in questions[name] and not set(answers) <= set(questions[name]["choices"]):
            raise Refused({"extra_data": [f"Value {value} for '{name}' expected to be one of the choices."]})
    missing = [name for name, one in questions.items() if one["required"] and name not in found["extra_data"]]
    if missing:
        raise Refused({"extra_data": [f"'{name}' value missing" for name in missing]})


def survey(spec: Values) -> None:
    """As the view for the survey of a template checks it; its answer has the key `error`."""
    for name, wanted in (("name", str), ("description", str), ("spec", list)):
        if not isinstance(spec.get(name), wanted):
            raise Refused({"error": f"Field '{name}' is missing from survey spec."})
    if not spec["spec"]:
        raise Refused({"error": "'spec' doesn't contain any items."})
    seen = set()
    for number, question in enumerate(spec["spec"]):
        for name, wanted in (("type", str), ("question_name", str), ("variable", str), ("required", bool)):
            if not isinstance(question.get(name), wanted):
                raise Refused({"error": f"'{name}' in survey question {number} expected to be {wanted.__name__}."})
        if question["variable"] in seen:
            raise Refused({"error": f"'variable' '{question['variable']}' duplicated in survey question {number}."})
        seen.add(question["variable"])
        _question(number, question)


def _question(number: int, question: Values) -> None:
    if question["type"] not in _SURVEY_TYPES:
        raise Refused({"error": f"'{question['type']}' in survey question {number} is not one of the allowed types."})
    default = question.get("default", "")
    if default != "" and not isinstance(default, _SURVEY_TYPES[question["type"]]):
        raise Refused({"error": f"Default value {default} in survey question {number} has the wrong type."})
    if not all(isinstance(question.get(name, 0), (int, type(None))) for name in ("min", "max")):
        raise Refused({"error": f"The limit in survey question {number} expected to be integer."})
    if question["type"] in ("multiplechoice", "multiselect"):
        if "choices" not in question:
            raise Refused({"error": f"Survey question {number} of type {question['type']} must specify choices."})
        wanted = default.splitlines() if isinstance(default, str) else default
        if question["type"] == "multiplechoice" and len(wanted) > 1:
            raise Refused({"error": "Multiple Choice (Single Select) can only have one default value."})
        if any(one not in question["choices"] for one in wanted):
            raise Refused({"error": "Default choice must be answered from the choices listed."})


def relation(state: State, kind: str, parent: Values, name: str, child: Values) -> None:
    """Whether a child may be put into a list of its parent."""
    if name.endswith("_nodes"):
        others = [way for way in ("success_nodes", "failure_nodes", "always_nodes") if way != name]
        if any(child["id"] in state.related(kind, parent["id"], way) for way in others):
            raise Refused({"Error": "Relationship not allowed."})
        if parent["id"] in state.reached(child["id"]):
            raise Refused({"Error": "Cycle detected."})
        if parent["workflow_job_template"] != child["workflow_job_template"]:
            raise Refused({"detail": "Cannot associate nodes of different workflows"})
    if (kind, name) == ("job_templates", "credentials"):
        there = [state.get("credentials", one)["credential_type"] for one in state.related(kind, parent["id"], name)]
        if child["credential_type"] in there:
            raise Refused({"error": "Cannot assign multiple credentials of one type."})
    if (kind, name) == ("inventories", "input_inventories") and parent["kind"] != "constructed":
        raise Refused({"detail": "Only constructed inventories have input inventories"})


CHECKS = {
    "credential_types": credential_type,
    "credentials": credential,
    "notification_templates": notification,
    "inventory_sources": inventory_source,
    "job_templates": job_template,
    "workflow_job_templates": workflow,
    "schedules": schedule,
}


def check(state: State, kind: str, found: Values, sent: Values, old: Values | None) -> None:
    """found: the object as it would be. sent: the fields of the request. old: the object as it is. Raises Refused."""
    CHECKS.get(kind, _of)(state, kind, found, sent, old)
