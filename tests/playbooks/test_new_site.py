# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""telephony.pbx.new_site: the site that it writes passes ansible-lint, validation and schema, and works."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from pbx_simulator import VENDORS
from pbx_simulator.server import RunningVendor

from .conftest import PROGRAM, TOKENS, Play, Run

WRITTEN = "telephony.pbx.new_site : Show what was written"
HOSTS = {"bakery": "portaswitch", "hotel": "vodia", "brussels": "apio"}
SECRETS = {"bakery": TOKENS["portaswitch"], "hotel": "demo-password", "brussels": TOKENS["apio"]}
NOWHERE = "http://127.0.0.1:9"  # the port "discard"; nothing listens there


@pytest.fixture
def urls() -> Iterator[dict[str, str]]:
    """The systems of the three hosts."""
    with ExitStack() as stack:
        yield {host: stack.enter_context(RunningVendor(VENDORS[name]())).url for host, name in HOSTS.items()}


def variables(place: Path, urls: dict[str, str], **more: Any) -> dict[str, Any]:
    bakery = {"tenant": "10", "token": SECRETS["bakery"], "url": urls["bakery"]}
    hotel = {"tenant": "localhost", "username": "admin", "password": SECRETS["hotel"], "url": urls["hotel"]}
    brussels = {"tenant": "ApioSpTest", "group": "ApioGrpTest", "token": SECRETS["brussels"]}
    brussels["url"] = f"{urls['brussels']}/api/v01/p1"
    given = {"bakery": bakery, "hotel": hotel, "brussels": brussels}
    tenants = [{"name": host, "backend": HOSTS[host], **one} for host, one in given.items()]
    return {"new_site_directory": str(place), "new_site_tenants": tenants, "new_site_ci": "gitlab", **more}


def said(run: Run) -> str:
    """What the role told of the files, all of its calls together."""
    return " ".join(line for task in run.tasks if task.name == WRITTEN for line in task.result["msg"])


def files(place: Path) -> dict[str, str]:
    found = (path for path in place.rglob("*") if path.is_file() and ".ansible" not in path.parts)
    return {path.relative_to(place).as_posix(): path.read_text(encoding="utf-8") for path in found}


class Tagged(yaml.SafeLoader):
    """Reads what exports write: texts that are no templates."""


Tagged.add_constructor("!unsafe", lambda loader, node: str(node.value))


def test_a_site_with_an_export(play: Play, urls: dict[str, str], tmp_path: Path) -> None:
    place = tmp_path / "my site"
    first = play("telephony.pbx.new_site", variables(place, urls, new_site_export=True))
    assert first.returncode == 0, first.output
    written = files(place)
    assert not [name for name, text in written.items() for secret in SECRETS.values() if secret in text]
    check_schema(place, written)
    if PROGRAM.with_name("ansible-lint").exists():  # the environment of the oldest core has none
        lint = play.shell(f"cd {shlex.quote(str(place))} && env -u ANSIBLE_CONFIG ansible-lint --nocolor")
        assert lint.returncode == 0, lint.output
    # Without the vault: the credentials are not defined.
    checked = play.shell(
        f"cd {shlex.quote(str(place))} && env -u ANSIBLE_CONFIG ansible-playbook telephony.pbx.validate"
    )
    assert checked.returncode == 0, checked.output
    assert {task.host for task in checked.tasks if task.name == "Check the declaration"} == set(HOSTS)

    vault = {"vault_pbx_tokens": SECRETS, "vault_pbx_passwords": {"vodia": SECRETS["hotel"]}}
    (place / "inventory/group_vars/all/vault.yml").write_text(json.dumps(vault))
    audit = play.shell(f"cd {shlex.quote(str(place))} && env -u ANSIBLE_CONFIG ansible-playbook telephony.pbx.audit")
    assert audit.returncode == 0, audit.output
    audited = json.loads((place / "pbx-report/audit.json").read_text())["tenants"]
    assert {one["host"]: one["verdict"] for one in audited} == dict.fromkeys(HOSTS, "clean")


def test_files_that_exist_stay_and_a_tenant_that_does_not_answer_gets_one_to_begin_with(
    play: Play, urls: dict[str, str], tmp_path: Path
) -> None:
    place = tmp_path / "site"
    (place / "inventory").mkdir(parents=True)
    (place / "README.md").write_text("mine")
    (place / "ansible.cfg").symlink_to("elsewhere")
    asked = variables(place, {**urls, "brussels": NOWHERE}, new_site_ci="github", new_site_export=True)
    planned = play("telephony.pbx.new_site", {**asked, "new_site_export": False}, "--check")
    assert planned.returncode == 0 and "Would write 20 files" in said(planned), planned.output
    assert set(files(place)) == {"README.md"}

    run = play("telephony.pbx.new_site", asked)
    assert run.returncode == 0, run.output
    assert "Left as they are, because they exist with other content: README.md, ansible.cfg" in said(run)
    written = files(place)
    assert written["README.md"] == "mine" and not (place / "elsewhere").exists()
    assert yaml.safe_load(written["inventory/host_vars/brussels/tenant.yml"]) == {"pbx_hunt_groups": []}
    assert "pbx_extensions" in written["inventory/host_vars/bakery/tenant.yml"]
    workflow = yaml.safe_load(written[".github/workflows/telephony.yml"])
    assert set(workflow["jobs"]) == {"validate", "audit"} and "on" in workflow
    check_schema(place, written)


def test_what_is_missing_is_said(play: Play, tmp_path: Path) -> None:
    tenants = [{"name": "bakery", "backend": "apio", "url": "pbx.example", "tenant": "T", "password": "sesame-open"}]
    run = play("telephony.pbx.new_site", {"new_site_directory": str(tmp_path / "x"), "new_site_tenants": tenants})
    assert run.returncode != 0 and "a url that starts with http://" in run.output
    assert "sesame-open" not in run.output and not (tmp_path / "x").exists()


def check_schema(place: Path, written: dict[str, str]) -> None:
    """Each file of variables names the schema by a path that resolves, and passes it."""
    checked = [name for name in written if name.startswith(("inventory/host_vars/", "inventory/group_vars/"))]
    assert len(checked) == 10
    for name in checked:
        if name.endswith("all/site.yml"):
            continue
        (line,) = [line for line in written[name].splitlines() if "$schema=" in line]
        schema = (place / name).parent / line.partition("$schema=")[2]
        validator = jsonschema.Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))
        complaints = list(validator.iter_errors(yaml.load(written[name], Tagged)))
        assert not complaints, f"{name}: {complaints}"
