# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role loads its objects with the modules of awx.awx into a stand-in for AWX: from nothing, again, and after changes."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import COLLECTIONS, OBJECTS, PROJECT
from .controller.kinds import KINDS
from .controller.server import PASSWORD, TOKEN, USER, Controller
from .controller.state import State
from .warm_python import Warm

Values = dict[str, Any]
SLACK = "xoxb-a-token-of-slack"
SECRETS = (TOKEN, PASSWORD, SLACK)
NODES = "workflow_job_template_nodes"
BY_PASSWORD = {"controller_username": USER, "controller_password": PASSWORD}
# What differs from run to run: one object each.
CHANGED = {
    "awx_pbx_image": "registry.example/other:1",
    "awx_pbx_approval_timeout": 60,
    "awx_pbx_slack_token": "another",
}


@dataclass
class Loaded:
    """A stand-in for AWX, and how the role is run against it."""

    controller: Controller
    warm: Warm
    place: Path
    runs: dict[str, Run] = field(default_factory=dict)

    def load(self, *arguments: str, **variables: Any) -> Run:
        program = Path(sys.executable).with_name("ansible-playbook")
        given = {"controller_hostname": self.controller.url, "ansible_python_interpreter": str(self.warm.interpreter)}
        by = {} if "controller_username" in variables else {"controller_oauthtoken": TOKEN}
        (self.place / "given.json").write_text(
            json.dumps({**given, **by, "awx_pbx_notify": ["PBX | Webhook"], **variables})
        )
        settings = {"ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS), "ANSIBLE_NOCOLOR": "1", "ANSIBLE_PIPELINING": "1"}
        command = [str(program), "-vvv", "-e", "@given.json", "telephony.pbx.awx", *arguments]
        before = len(self.controller.writes)
        done = subprocess.run(
            command, cwd=self.place, env={**os.environ, **settings}, capture_output=True, text=True, check=False
        )
        return Run(
            done.returncode, done.stdout, done.stdout + done.stderr, self.controller.writes[before:], self.seen()
        )

    def seen(self) -> State:
        """The state as it is now."""
        return copy.deepcopy(self.controller.state)


@dataclass(frozen=True)
class Run:
    rc: int
    stdout: str
    text: str
    writes: list[tuple[str, str]]
    state: State  # after it

    @property
    def changed(self) -> int:
        (found,) = re.findall(r"changed=(\d+)", self.stdout)
        return int(found)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """Runs by name: the first one, and the same again."""
    place = tmp_path_factory.mktemp("role")
    with Controller({path.name for path in PROJECT.glob("*.yml")}) as controller, Warm(place) as warm:
        found = Loaded(controller, warm, place)
        found.runs["first"] = found.load(awx_pbx_slack_token=SLACK)
        found.runs["again"] = found.load(awx_pbx_slack_token="another")
        yield found


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A check of nothing, with a password."""
    place = tmp_path_factory.mktemp("checked")
    with Controller({path.name for path in PROJECT.glob("*.yml")}) as controller, Warm(place) as warm:
        yield Loaded(controller, warm, place).load("--check", awx_pbx_slack_token=SLACK, **BY_PASSWORD)


@pytest.mark.parametrize("name", ["first", "again"])
def test_each_run_succeeds_and_shows_no_secret(loaded: Loaded, name: str) -> None:
    run = loaded.runs[name]
    assert run.rc == 0, run.text[-3000:]
    assert not [secret for secret in SECRETS if secret in run.text]


@pytest.mark.release
def test_check_mode_writes_nothing_and_names_what_is_not_there(checked: Run, objects: Values) -> None:
    assert (checked.rc, checked.writes) == (0, []), checked.text[-3000:]
    assert not [secret for secret in SECRETS if secret in checked.text]
    told = checked.stdout.partition("Say what will be created")[2]
    for kind in ("labels", "credentials", "projects", "inventories", "templates", "workflows", "notifications"):
        assert not [one["name"] for one in objects[f"controller_{kind}"] if f'"{one["name"]}"' not in told]


def test_the_first_run_creates_every_object_once(loaded: Loaded, objects: Values) -> None:
    state = loaded.runs["first"].state
    of = {
        "job_templates": "templates",
        "workflow_job_templates": "workflows",
        "notification_templates": "notifications",
    }
    for kind in KINDS:
        if kind in (NODES, "workflow_approval_templates"):
            continue
        declared = [one["name"] for one in objects[f"controller_{of.get(kind, kind)}"]]
        assert sorted(one["name"] for one in state.all(kind)) == sorted(declared), kind


def test_a_second_run_changes_nothing(loaded: Loaded) -> None:
    """Not even the token of Slack, which is another one: AWX does not show it, and awx_pbx_update_secrets is not set."""
    run = loaded.runs["again"]
    assert (run.changed, run.writes) == (0, [])


def test_the_nodes_of_the_workflow_lead_where_the_files_say(loaded: Loaded, objects: Values) -> None:
    state = loaded.runs["first"].state
    (flow,) = objects["controller_workflows"]
    for node in flow["simplified_workflow_nodes"]:
        for way in ("success_nodes", "failure_nodes", "always_nodes"):
            assert state.related_names(NODES, node["identifier"], way) == set(node.get(way, [])), node["identifier"]
        number = state.named(NODES, node["identifier"])["unified_job_template"]
        held = state.get(state.kind_of_unified(number), number)
        assert held["name"] == node.get("unified_job_template", node.get("approval_node", {}).get("name"))
    assert state.named("workflow_approval_templates", "Apply what the audit found")["timeout"] == 86400


def test_templates_have_their_surveys_credentials_labels_and_notifications(loaded: Loaded, objects: Values) -> None:
    state = loaded.runs["first"].state
    for template in objects["controller_templates"]:
        made = state.named("job_templates", template["name"])
        assert state.surveys.get(made["id"], {}) == template.get("survey_spec", {})
        assert json.loads(made["extra_vars"]) == template["extra_vars"]
        for name in ("credentials", "labels"):
            assert state.related_names("job_templates", template["name"], name) == set(template.get(name, []))
        notified = {"PBX | Webhook"} if "notification_templates_error" in template else set()
        assert state.related_names("job_templates", template["name"], "notification_templates_error") == notified
    constructed = state.named("inventories", "PBX | Tenants by vendor and site")
    inputs = state.related_names("inventories", constructed["name"], "input_inventories")
    assert (constructed["kind"], inputs) == ("constructed", {"PBX | Tenants"})


def test_secrets_arrive_and_a_credential_that_exists_is_left_alone(loaded: Loaded) -> None:
    state = loaded.runs["first"].state
    slack = state.named("notification_templates", "PBX | Slack")
    assert slack["notification_configuration"]["token"] == SLACK
    assert state.named("credentials", "PBX | PortaSwitch")["inputs"]["token"] == "REPLACEME"


@pytest.fixture(scope="module")
def some(loaded: Loaded) -> Path:
    """Objects of two kinds; the workflow has a node less, and one of its nodes leads elsewhere."""
    place = loaded.place / "some"
    place.mkdir()
    names = (
        "labels credential_types credentials organizations projects inventories inventory_sources templates schedules"
    )
    (place / "none.yml").write_text("".join(f"controller_{name}: []\n" for name in [*names.split(), "notifications"]))
    (place / "environments.yml").write_text((OBJECTS / "execution_environments.yml").read_text())
    text = (OBJECTS / "workflows.yml").read_text()
    nodes = yaml.safe_load(text)["controller_workflows"][0]["simplified_workflow_nodes"]
    assert [one["identifier"] for one in nodes][-1] == "Audit again"
    head = text.partition("      - identifier: Audit again")[0]
    (place / "workflows.yml").write_text(
        head.replace("success_nodes:\n          - Audit again", "always_nodes:\n          - Clean")
    )
    return place


@pytest.mark.release
def test_a_change_reaches_its_object_and_no_other(loaded: Loaded, some: Path) -> None:
    before = loaded.seen()
    checked = loaded.load("--check", awx_pbx_objects=str(some), **CHANGED)
    assert (checked.rc, checked.writes) == (0, []), checked.text[-3000:]
    assert checked.changed > 0
    run = loaded.load(awx_pbx_objects=str(some), **CHANGED)
    assert run.rc == 0, run.text[-3000:]
    after = run.state
    environment = after.named("execution_environments", "PBX | Execution environment")
    assert environment["image"] == "registry.example/other:1"
    assert after.named("workflow_approval_templates", "Apply what the audit found")["timeout"] == 60
    assert {one["identifier"] for one in after.all(NODES)} == {"Audit", "Gate", "Clean", "Approval", "Apply"}
    assert after.related_names(NODES, "Apply", "always_nodes") == {"Clean"}
    assert after.related_names(NODES, "Apply", "success_nodes") == set()
    touched = ("execution_environments", NODES, "workflow_approval_templates")
    assert {kind: after.objects[kind] for kind in KINDS if kind not in touched} == {
        kind: before.objects[kind] for kind in KINDS if kind not in touched
    }
    assert {path.split("/")[3] for _method, path in run.writes} == set(touched)
