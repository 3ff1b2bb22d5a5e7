# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts a job template as AWX 24.6.1 does, by ansible-runner: survey answers, credentials, artifacts, and its environment."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2.sandbox
import yaml

Values = dict[str, Any]
MAX_EVENT_RES = 700_000
SECRETS = ("demo-license-4711", "demo-machine-token", "demo-password")
RUN = """
import json, sys
import ansible_runner
job = json.load(open(sys.argv[1]))
events = open(job.pop("events"), "w")
def handle(event):
    events.write(json.dumps(event) + "\\n")
    return True
result = ansible_runner.interface.run(event_handler=handle, suppress_env_files=True, quiet=True, **job)
events.close()
print(json.dumps({"status": result.status, "rc": result.rc}))
"""


@dataclass(frozen=True)
class Job:
    """What AWX keeps of a job."""

    status: str
    rc: int
    artifacts: Values
    stdout: str
    events: list[Values]
    text: str  # all of it, to look for secrets in

    @property
    def counts(self) -> Values:
        (last,) = [event["event_data"] for event in self.events if event["event"] == "playbook_on_stats"]
        return last


class Awx:
    """A project with its inventory and credentials; `launch` runs one of the shipped templates."""

    def __init__(self, place: Path, project: Path, objects: Values, vendors: list[Any]) -> None:
        self.place, self.project, self.objects = place, project, objects
        self.portaswitch, self.vodia, self.apio = vendors
        self.hosts: Values = {}
        self.number = 0
        self.runner: subprocess.Popen[str] | None = None

    def credentials(self) -> dict[str, Values]:
        """Credential type -> the inputs of a credential of it. The secrets of Vodia are those of the tenant."""
        own = json.dumps({"bakery": {"username": "admin", "password": "demo-password"}})
        return {
            "PBX PortaSwitch": {"url": self.portaswitch.url, "token": "demo-license-4711"},
            "PBX Vodia PBX": {"url": self.vodia.url, "username": "nobody", "password": "wrong", "tenants": own},
            "PBX Netaxis APIO": {"url": self.apio.url + "/api/v01/p1", "token": "demo-machine-token"},
        }

    def template(self, name: str) -> Values:
        return next(one for one in self.objects["controller_templates"] if one["name"] == f"PBX | {name}")

    def launch(
        self,
        name: str,
        answers: Values | None = None,
        artifacts: Values | None = None,
        limit: str = "",
        hosts: Values | None = None,
        **more: str,
    ) -> Job:
        """Run the template to its end. artifacts: of earlier jobs of the workflow. answers: of the survey."""
        self.number += 1
        template, folder = self.template(name), self.place / f"job{self.number}"
        shutil.copytree(self.project, folder / "project")
        (folder / "env").mkdir()
        self._inventory(folder, self.hosts if hosts is None else hosts)
        spec = template.get("survey_spec", {}).get("spec", [])
        defaults = {one["variable"]: _answer(one) for one in spec}
        wanted = {**template.get("extra_vars", {}), **_unsafe({**defaults, **(artifacts or {}), **(answers or {})})}
        meta = {"awx_job_id": self.number, "awx_job_template_name": template["name"], "awx_job_launch_type": "manual"}
        (folder / "env" / "extravars").write_text(_yaml({**wanted, **meta}))
        (folder / "env" / "cmdline").write_text(_command_line(template, limit))
        job = {
            "private_data_dir": str(folder),
            "playbook": template["playbook"],
            "inventory": str(folder / "inventory" / "hosts"),
            "ident": str(self.number),
            "envvars": {**self._environment(folder), **more},
            "events": str(folder / "events.json"),
        }
        (folder / "job.json").write_text(json.dumps(job))
        return self._run(folder)

    def _run(self, folder: Path) -> Job:
        # AWX has no environment of a user: a token of the test's own would hide an injector that is missing.
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        self.runner = subprocess.Popen(
            [sys.executable, "-c", RUN, str(folder / "job.json")],
            env={"PATH": path, "HOME": str(folder), "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        said, wrong = self.runner.communicate(timeout=900)
        if self.runner.returncode == -signal.SIGKILL:
            return Job("error", -signal.SIGKILL, {}, "", [], "")
        assert self.runner.returncode == 0, wrong
        ended = json.loads(said.splitlines()[-1])
        events = [json.loads(line) for line in (folder / "events.json").read_text().splitlines()]
        stats = [event["event_data"] for event in events if event["event"] == "playbook_on_stats"]
        stdout = "".join(event.get("stdout", "") + "\n" for event in events)
        artifacts = stats[-1].get("artifact_data", {}) if stats else {}
        kept = [file for file in (folder / "artifacts").rglob("*") if file.is_file() and file.name != "command"]
        # The file `command` holds the environment of the job; AWX masks it and does not keep the file.
        written = "".join(file.read_text() for file in kept)
        return Job(ended["status"], ended["rc"], artifacts, stdout, events, stdout + json.dumps(events) + written)

    def kill(self) -> None:
        """End the running job as the loss of its container does: all of its processes at once."""
        assert self.runner is not None
        for process in reversed([self.runner.pid, *_descendants(self.runner.pid)]):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def _inventory(self, folder: Path, hosts: Values) -> None:
        """As AWX writes it: a script that prints the hosts with all of their variables, and their groups."""
        (folder / "inventory").mkdir()
        groups: Values = {}
        for host, variables in hosts.items():
            groups.setdefault(variables["pbx_backend"], {"hosts": []})["hosts"].append(host)
        for name, group in groups.items():
            group["vars"] = yaml.safe_load((self.project / "inventories" / "group_vars" / f"{name}.yml").read_text())
        hostvars = {
            host: {**variables, "remote_tower_enabled": "true", "remote_tower_id": number}
            for number, (host, variables) in enumerate(hosts.items(), 1)
        }
        listed = {"all": {"hosts": list(hosts), "children": list(groups)}, **groups, "_meta": {"hostvars": hostvars}}
        script = folder / "inventory" / "hosts"
        script.write_text(f"#!{sys.executable}\nprint({json.dumps(listed)!r})\n")
        script.chmod(0o700)

    def _environment(self, folder: Path) -> dict[str, str]:
        found = {
            "ANSIBLE_FORCE_COLOR": "True",
            "ANSIBLE_HOST_KEY_CHECKING": "False",
            "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True",
            "ANSIBLE_RETRY_FILES_ENABLED": "False",
            "MAX_EVENT_RES": str(MAX_EVENT_RES),
            "JOB_ID": str(self.number),
            "AWX_PRIVATE_DATA_DIR": str(folder),
            "AWX_HOST": "https://awx.example",
        }
        types = {one["name"]: one for one in self.objects["controller_credential_types"]}
        for name, inputs in self.credentials().items():
            found.update(injected(types[name], inputs, folder / "env"))
        return found


def slice_of(hosts: Values, number: int, count: int) -> Values:
    """The hosts of one slice as AWX makes it: the sorted hosts in rounds; number begins with 1."""
    return {name: hosts[name] for name in sorted(hosts)[number - 1 :: count]}


def _descendants(process: int) -> list[int]:
    """Children before their own children. Linux only."""
    found = []
    for path in Path("/proc").glob(f"{process}/task/*/children"):
        for child in map(int, path.read_text().split()):
            found += [child, *_descendants(child)]
    return found


def injected(kind: Values, inputs: Values, folder: Path) -> dict[str, str]:
    """The environment that a credential of this type gives a job; files first, as AWX does it."""
    sandbox = jinja2.sandbox.ImmutableSandboxedEnvironment()
    given = {one["id"]: False for one in kind["inputs"]["fields"] if one["type"] == "boolean"}
    namespace: Values = {**given, **inputs, "tower": {"filename": {}}}
    for label, text in kind["injectors"].get("file", {}).items():
        file = folder / f"tmp_{kind['name'].replace(' ', '_')}_{label.partition('.')[2]}"
        file.write_text(sandbox.from_string(text).render(namespace))
        file.chmod(0o600)
        namespace["tower"]["filename"][label.partition(".")[2]] = str(file)
    return {name: sandbox.from_string(text).render(namespace) for name, text in kind["injectors"]["env"].items()}


def _answer(question: Values) -> Any:
    default = question.get("default", "")
    return default.split("\n") if question["type"] == "multiselect" else default


def _command_line(template: Values, limit: str) -> str:
    parts = ["--check"] if template["job_type"] == "check" else []
    parts += ["-u", "root", *(["--diff"] if template.get("diff_mode") else []), *(["-l", limit] if limit else [])]
    return " ".join(parts)


class _Unsafe(str):
    """A string that is written with the tag that keeps Ansible from templating it."""


def _unsafe(value: Any) -> Any:
    if isinstance(value, str):
        return _Unsafe(value)
    if isinstance(value, dict):
        return {key: _unsafe(one) for key, one in value.items()}
    return [_unsafe(one) for one in value] if isinstance(value, list) else value


def _yaml(values: Values) -> str:
    """YAML in one line for each variable; JSON is YAML, but for the tag."""
    return "".join(f"{json.dumps(name)}: {_flow(value)}\n" for name, value in values.items())


def _flow(value: Any) -> str:
    if isinstance(value, _Unsafe):
        return f"!unsafe {json.dumps(value)}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return json.dumps(value)
