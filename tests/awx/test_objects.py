# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shipped objects, by what a real AWX 24.6.1 refused or warned about, and by the documentation of awx.awx."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jinja2.sandbox
import pytest
import yaml

from ansible_collections.telephony.pbx.docs.generate import roles

from .conftest import PROJECT, ROOT, Values

KINDS = {
    "organizations": "organization",
    "labels": "label",
    "credential_types": "credential_type",
    "execution_environments": "execution_environment",
    "credentials": "credential",
    "notifications": "notification_template",
    "projects": "project",
    "inventories": "inventory",
    "inventory_sources": "inventory_source",
    "templates": "job_template",
    "workflows": "workflow_job_template",
    "schedules": "schedule",
}
SURVEY_TYPES = {"text", "textarea", "password", "multiplechoice", "multiselect", "integer", "float"}
RESERVED = re.compile(r"ANSIBLE_|(PATH|PYTHONPATH|VIRTUAL_ENV|JOB_ID|HOME|LANG|INVENTORY_ID|PROJECT_REVISION)$")
EMPTY_JOB = {"id": 7, "name": 'a "name"', "status": "failed", "artifacts": {}, "host_status_counts": {}}
FULL_JOB = {
    **EMPTY_JOB,
    "artifacts": {"pbx_audit": {"verdict": "drift", "summary": {"drift": 3, "incomplete": 0}}},
    "host_status_counts": {"failures": 3},
}


def every(objects: Values) -> list[tuple[str, Values]]:
    return [(kind, one) for kind in KINDS for one in objects[f"controller_{kind}"]]


def names(objects: Values, kind: str) -> set[str]:
    return {one["name"] for one in objects[f"controller_{kind}"]}


def test_each_kind_of_object_is_there_under_names_of_its_own(objects: Values) -> None:
    assert set(objects) == {f"controller_{kind}" for kind in KINDS} | {"aap_organizations"}
    for kind in KINDS:
        assert len(names(objects, kind)) == len(objects[f"controller_{kind}"]) > 0


def test_every_option_and_choice_is_one_of_awx(objects: Values, options: dict[str, Values]) -> None:
    for kind, one in every(objects):
        known = options[KINDS[kind]]
        for option, value in one.items():
            if (kind, option) == ("workflows", "simplified_workflow_nodes"):
                continue
            assert option in known, (kind, one["name"], option)
            choices = known[option].get("choices")
            assert not choices or value in choices, (kind, one["name"], option)
            wanted = {"bool": bool, "list": list, "dict": dict, "str": str}.get(known[option]["type"], object)
            assert isinstance(value, wanted), (kind, one["name"], option, value)
        needed = {option for option, entry in known.items() if entry.get("required")}
        assert needed <= {*one, "name"}, (kind, one["name"])


def test_the_role_loads_every_key_of_every_object(objects: Values, options: dict[str, Values]) -> None:
    folder = ROOT / "roles" / "awx" / "tasks"
    tasks = yaml.safe_load((folder / "load.yml").read_text())[0]["block"] + yaml.safe_load(
        (folder / "nodes.yml").read_text()
    )
    handed: dict[str, set[str]] = {}
    for task in tasks:
        for module in [key for key in task if key.startswith("awx.awx.")]:
            assert set(task[module]) <= set(options[module.removeprefix("awx.awx.")]), module
            handed.setdefault(module.removeprefix("awx.awx."), set()).update(task[module])
    for kind, one in every(objects):
        assert set(one) - {"simplified_workflow_nodes"} <= handed[KINDS[kind]], (kind, one["name"])
    nodes = [node for flow in objects["controller_workflows"] for node in flow["simplified_workflow_nodes"]]
    assert {key for node in nodes for key in node} <= handed["workflow_job_template_node"]


def test_credential_types_are_what_awx_accepts(objects: Values) -> None:
    for kind in objects["controller_credential_types"]:
        fields = kind["inputs"]["fields"]
        ids = [field["id"] for field in fields]
        assert len(set(ids)) == len(ids) and "tower" not in ids
        assert set(kind["inputs"]["required"]) <= set(ids)
        for field in fields:
            assert field["type"] in ("string", "boolean")
            assert field["label"] and field["help_text"].strip()
            assert not (field["type"] == "boolean" and field.get("default"))
            secret = field["id"] in ("token", "password", "tenants", "store")
            assert field.get("secret", False) == secret, field["id"]
        files = {name.partition(".")[2] for name in kind["injectors"].get("file", {})}
        for name, text in {**kind["injectors"]["env"], **kind["injectors"].get("file", {})}.items():
            assert not RESERVED.match(name)
            (used,) = re.findall(r"{{ ([a-z_.]+) }}", text)
            assert used in ids or used.removeprefix("tower.filename.") in files, text
        assert set(ids) == {re.sub(r"[{} ]|tower.filename.", "", text) for text in kind["injectors"]["env"].values()}


def test_no_two_credential_types_inject_the_same_variable(objects: Values) -> None:
    every_name = [name for kind in objects["controller_credential_types"] for name in kind["injectors"]["env"]]
    assert len(set(every_name)) == len(every_name)


def test_credentials_are_placeholders_that_overwrite_nothing(objects: Values) -> None:
    types = {kind["name"]: kind for kind in objects["controller_credential_types"]}
    for one in objects["controller_credentials"]:
        fields = {field["id"] for field in types[one["credential_type"]]["inputs"]["fields"]}
        assert (one["state"], one["update_secrets"]) == ("exists", False)
        assert set(one["inputs"]) <= fields
        assert one["inputs"]["insecure"] is False


def questions(one: Values) -> list[Values]:
    return one.get("survey_spec", {}).get("spec", [])


def test_surveys(objects: Values) -> None:
    handled = roles.read_variables()
    for template in objects["controller_templates"]:
        assert bool(questions(template)) == template.get("survey_enabled", False)
        for question in questions(template):
            assert question["type"] in SURVEY_TYPES
            assert question["variable"] in handled and question["question_description"]
            if question["type"] in ("multiplechoice", "multiselect"):
                assert question["default"].split("\n") and set(question["default"].split("\n")) <= set(
                    question["choices"]
                )
    free = [q["variable"] for t in objects["controller_templates"] for q in questions(t) if q["type"] == "text"]
    assert free == ["pbx_restore_from"]


def test_choices_of_surveys_are_those_of_the_roles(objects: Values) -> None:
    role_of = {"Audit": "audit", "Apply": "tenant", "Export": "export", "Restore": "restore"}
    for title, role in role_of.items():
        (template,) = [one for one in objects["controller_templates"] if one["name"] == f"PBX | {title}"]
        for question in questions(template):
            entry = roles.variables(role)[question["variable"]]
            if "choices" in entry:
                assert set(map(str, entry["choices"])) == set(question["choices"]), question["variable"]


def test_an_audit_is_a_check_with_differences(objects: Values) -> None:
    audits = [one for one in objects["controller_templates"] if one["playbook"] == "audit.yml"]
    assert len(audits) == 2
    assert all((one["job_type"], one["diff_mode"]) == ("check", True) for one in audits)
    assert all(one["job_type"] == "run" for one in objects["controller_templates"] if one not in audits)


def test_what_belongs_to_the_workflow_is_not_sliced(objects: Values) -> None:
    used = {node.get("unified_job_template") for flow in objects["controller_workflows"] for node in nodes_of(flow)}
    for template in objects["controller_templates"]:
        if template["name"] in used - {"PBX | Audit"}:
            assert "job_slice_count" not in template, template["name"]


def test_schedules_answer_every_required_question(objects: Values) -> None:
    templates = {one["name"]: one for one in [*objects["controller_templates"], *objects["controller_workflows"]]}
    for schedule in objects["controller_schedules"]:
        required = {q["variable"] for q in questions(templates[schedule["unified_job_template"]]) if q["required"]}
        assert set(schedule.get("extra_data", {})) == required
        assert re.match(r"DTSTART;TZID=\S+:\d{8}T\d{6} RRULE:FREQ=\w+;INTERVAL=\d+$", schedule["rrule"])


def texts(messages: Any) -> list[str]:
    return [messages] if isinstance(messages, str) else [text for one in messages.values() for text in texts(one)]


@pytest.mark.parametrize("job", [EMPTY_JOB, FULL_JOB])
def test_notifications_render_for_every_job(objects: Values, job: Values) -> None:
    sandbox = jinja2.sandbox.ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined)
    context = {
        "job": job,
        "url": "https://awx.example/#/jobs/7",
        "job_friendly_name": "Job",
        "workflow_url": "https://x",
    }
    context.update(approval_node_name="Apply", approval_status="pending")
    for one in objects["controller_notifications"]:
        for text in texts(one["messages"]):
            said = sandbox.from_string(text).render(context)
            if one["notification_type"] == "webhook":
                assert isinstance(json.loads(said), dict)
            if job is FULL_JOB and "job" in text and "verdict" in text:
                assert "drift" in said


def nodes_of(flow: Values) -> list[Values]:
    return flow["simplified_workflow_nodes"]


def test_every_name_that_is_referred_to_is_there(objects: Values) -> None:
    templates = names(objects, "templates") | names(objects, "workflows")
    for _kind, one in every(objects):
        assert one.get("project", one.get("source_project")) in {None, *names(objects, "projects")}
        assert one.get("inventory") in {None, *names(objects, "inventories")}
        assert one.get("execution_environment", one.get("default_environment")) in {
            None,
            *names(objects, "execution_environments"),
        }
        assert set(one.get("credentials", [])) <= names(objects, "credentials")
        assert set(one.get("labels", [])) <= names(objects, "labels")
        assert one.get("credential_type") in {None, *names(objects, "credential_types")}
        assert one.get("unified_job_template") in {None, *templates}
        assert set(one.get("input_inventories", [])) <= names(objects, "inventories")
    for flow in objects["controller_workflows"]:
        known = [node["identifier"] for node in nodes_of(flow)]
        for place, node in enumerate(nodes_of(flow)):
            assert ("unified_job_template" in node) != ("approval_node" in node)
            assert node.get("unified_job_template") in {None, *templates}
            for kind in ("success_nodes", "failure_nodes", "always_nodes"):
                assert set(node.get(kind, [])) <= set(known[place + 1 :]), "a node is made after those it leads to"


def is_playbook(path: Path) -> bool:
    """AWX's own test of a file."""
    return bool(
        re.search(r"^\s*-?\s*(?:hosts|ansible\.builtin\.import_playbook|import_playbook):", path.read_text(), re.M)
    )


def test_each_playbook_is_a_file_of_the_project_that_imports_one_of_the_collection(objects: Values) -> None:
    wanted = {one["playbook"] for one in objects["controller_templates"]}
    assert wanted == {path.name for path in PROJECT.glob("*.yml")}
    for name in wanted:
        assert is_playbook(PROJECT / name)
        (play,) = yaml.safe_load((PROJECT / name).read_text())
        target = play["ansible.builtin.import_playbook"].removeprefix("telephony.pbx.")
        assert (ROOT / "playbooks" / f"{target}.yml").is_file()
    for source in objects["controller_inventory_sources"]:
        assert "source_path" not in source or (PROJECT / source["source_path"]).is_file()


def test_nothing_for_awx_gets_a_name_that_is_an_input_of_a_role(objects: Values) -> None:
    """Artifacts become variables of later jobs: pbx_audit must be read by no module and no role as an option."""
    options = {f"pbx_{name}" for name in roles.arguments.own_arguments(roles.arguments.TENANT)}
    assert "pbx_audit" not in options
    assert not [name for role in roles.described() for name in roles.variables(role) if name == "pbx_audit"]


def test_what_writes_names_the_template_that_undoes_it(objects: Values) -> None:
    for template in objects["controller_templates"]:
        writes = "writes" in template["labels"]
        assert template["extra_vars"].get("pbx_awx_restore_template") == ("PBX | Restore" if writes else None)
