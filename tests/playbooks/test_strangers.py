# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people try first: one module on a tenant, a tag that is the name of a list, a policy of another system."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from .conftest import Play, Site

ROOT = Path(__file__).resolve().parents[2]


def inventory(place: Path, site: Site, **more: str) -> str:
    """An inventory with one tenant, and nothing about a connection."""
    variables = {
        "pbx_backend": "vodia",
        "pbx_url": site.url,
        "pbx_tenant": "localhost",
        "pbx_username": "admin",
        "pbx_password": "demo-password",
        "pbx_hunt_groups": [],
        **more,
    }
    (place / "hosts.yml").write_text(yaml.safe_dump({"tenants": {"hosts": {"tenant.invalid": variables}}}))
    return str(place / "hosts.yml")


def test_a_module_on_a_tenant_needs_no_connection_to_its_host(vodia: Site, play: Play, tmp_path: Path) -> None:
    run = play.shell(f"ansible -i '{inventory(tmp_path, vodia)}' all -m telephony.pbx.hunt_group_info -a id=1002")
    assert run.returncode == 0, run.output
    assert "tenant.invalid | SUCCESS" in run.output and '"id": "1002"' in run.output


def test_what_tells_how_to_connect_is_obeyed(vodia: Site, play: Play, tmp_path: Path) -> None:
    options = "-m telephony.pbx.hunt_group_info -a id=1002"
    place = inventory(tmp_path, vodia, ansible_host="127.0.0.1", ansible_port="1")
    run = play.shell(f"ansible -i '{place}' all {options}", ANSIBLE_SSH_EXECUTABLE="/bin/false")
    assert "UNREACHABLE" in run.output, run.output


def test_tags_that_name_lists_are_refused(vodia: Site, play: Play, tmp_path: Path) -> None:
    place = inventory(tmp_path, vodia)
    vodia.vendor.log.clear()
    for playbook in ("tenant", "audit", "export", "restore", "who_rings"):
        run = play(f"telephony.pbx.{playbook}", {}, "--inventory", place, "--tags", "hunt_groups")
        said = "--tags hunt_groups selects no task, so nothing was done"
        assert run.returncode != 0 and said in run.output, run.output
    assert vodia.vendor.log == []


def test_a_role_leaves_other_tags_alone(vodia: Site, play: Play, tmp_path: Path) -> None:
    """They may be those of other tasks in the same play."""
    roles = [f"telephony.pbx.{name}" for name in ("tenant", "audit", "export", "restore")]
    own = tmp_path / "own.yml"
    own.write_text(yaml.safe_dump([{"hosts": "all", "connection": "local", "gather_facts": False, "roles": roles}]))
    run = play(str(own), {"pbx_restore_from": "last"}, "--inventory", inventory(tmp_path, vodia), "--tags", "web")
    assert run.returncode == 0, run.output


@pytest.mark.parametrize("playbook", sorted((ROOT / "playbooks").glob("*.yml")), ids=lambda path: path.stem)
def test_every_playbook_refuses_tags_that_select_no_task(playbook: Path) -> None:
    """It has no tags, so a run with one does nothing, and must not look like one that finds nothing to do."""
    plays = yaml.safe_load(playbook.read_text())
    tasks = [task for one in plays for task in (*one.get("tasks", []), *one.get("post_tasks", []))]
    guards = [task for task in tasks if "tasks/refuse_tags.yml" in str(task.get("ansible.builtin.import_tasks"))]
    assert guards and all(task["tags"] == "always" for task in guards)
    results = {task.get("register") for task in tasks} | {"pbx_tenant_result", "pbx_restore_result", "first_run"}
    results |= {"export__written", "audit__result", "audit__report", "awx__found"}  # of the roles
    for guard in guards:
        assert guard["vars"]["tags_ran"].split()[1] in results


def test_policies_in_a_message_are_those_of_the_backend(portaswitch: Site, play: Play) -> None:
    options = f"backend=portaswitch url={portaswitch.url} tenant=10 token=x id=200 policy=roundrobin"
    run = play.shell(f"ansible localhost -m telephony.pbx.hunt_group -a '{options}'")
    assert (
        "regular, random, simultaneous, least_used, got: roundrobin" in run.output and "circular" not in run.output
    ), run.output
