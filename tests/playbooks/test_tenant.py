# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tenants as inventory hosts: telephony.pbx.tenant, export, restore and audit, one after the other on each vendor."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import TOKENS, Play, Run, Site, Task
from .tenants import (
    APPLY,
    CLOSING,
    COMPARE,
    CONNECTIONS,
    DECLARED,
    RESTORE,
    RESTORE_CLOSING,
    WRITE,
    connection,
    files_in,
    host_file,
    present,
    variables,
)

SECRETS = ("demo-password", TOKENS["portaswitch"], "YWRtaW46ZGVtby1wYXNzd29yZA")  # the last: as HTTP Basic has it
CHANGES = {"portaswitch": ["create", "create", "update", "update"]}
TEMPLATE = "Hunt {{ 7 * 7 }}"


@dataclass(frozen=True)
class Story:
    """All runs, each for the three vendors at the same time, and the places they wrote to."""

    sites: dict[str, Site]
    place: Path
    runs: dict[str, Run]
    exports: dict[str, dict[str, bytes]]
    before: dict[str, dict[str, Any]]

    def __getitem__(self, name: str) -> Run:
        return self.runs[name]

    def task(self, run: str, vendor: str, name: str, which: int = 0) -> Task:
        return [task for task in self.runs[run].tasks if (task.name, task.host) == (name, vendor)][which]

    def writes(self, vendor: str, task: Task) -> list[dict[str, Any]]:
        assert self.sites[vendor].requests_during(task)
        return self.sites[vendor].writes_during(task)

    def journal(self, vendor: str) -> Path:
        return self.place / "kept" / vendor / "journal.json"


class Loader(yaml.SafeLoader):
    """Reads what Ansible reads: a text may be marked as no template."""


Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


@pytest.fixture(scope="module")
def story(portaswitch: Site, vodia: Site, apio: Site, play: Play, tmp_path_factory: pytest.TempPathFactory) -> Story:
    place = tmp_path_factory.mktemp("story")
    sites = {site.name: site for site in (portaswitch, vodia, apio)}
    for name, site in sites.items():
        host_file(place, name, "connection.yml", variables(connection(site)))
        host_file(place, name, "tenant.yml", variables(DECLARED[name]))
    (place / "inventory" / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": dict.fromkeys(sites, {})}}))
    # Against a rule: an undo leads back to it all the same.
    vodia.vendor.state["domains"]["localhost"]["accounts"]["1002"]["settings"]["st4_ext"] = "1002"
    for number in ("1002", "1003"):  # names that Ansible must not take for templates
        vodia.vendor.state["domains"]["localhost"]["accounts"][number]["settings"]["display"] = TEMPLATE
    before = {name: present(site) for name, site in sites.items()}
    runs: dict[str, Run] = {}
    exports: dict[str, dict[str, bytes]] = {}

    def run(name: str, *playbooks: str, **extra: str) -> None:
        names = [f"telephony.pbx.{playbook}" for playbook in playbooks]
        check = ["--check"] if name.startswith("check") else []
        inventory = str(place / "inventory")
        runs[name] = play(names[-1], extra, *check, "--inventory", inventory, "-vvvv", "--diff", *names[:-1])

    def declare(export: str) -> None:
        """What was exported becomes the declaration."""
        exports[export] = files_in(place / export)
        for name, content in exports[export].items():
            host_file(place, *name.split("/", 1), content)

    kept = str(place / "kept" / "{{ inventory_hostname }}")
    files = {"pbx_backup": f"{kept}/backup.json", "pbx_journal": f"{kept}/journal.json"}
    first, objects, last = (str(place / name) for name in ("first", "objects", "last"))
    run("check", "tenant", "export", **files, pbx_export_directory=first)
    exports["check"] = files_in(place)
    run("apply", "tenant", "tenant", "export", "export", **files, pbx_export_directory=first)
    declare("first")
    run("again", "tenant", "export", pbx_export_directory=objects, pbx_export_layout="objects")
    declare("objects")
    run("objects", "tenant", "export", pbx_export_directory=last)
    exports["last"] = files_in(place / "last")
    run("check undo", "restore", pbx_restore_from=files["pbx_journal"])
    for vendor in sites:
        undo = told_undo(runs["apply"].on(vendor, CLOSING))
        runs[f"undo {vendor}"] = play.shell(f"{undo} -vvvv --diff")
    run("audit", "audit", pbx_fail_on_drift="false", pbx_report_dir=str(place / "report"))
    return Story(sites, place, runs, exports, before)


def told_undo(task: Task) -> str:
    """The command that a run prints for undoing it."""
    before, undo = task.result["msg"][-1].split(": ", 1)
    assert before == "To undo this"
    return str(undo)


ENDS = ("check", "apply", "again", "objects", "check undo", *(f"undo {vendor}" for vendor in CONNECTIONS), "audit")
each_vendor = pytest.mark.parametrize("vendor", CONNECTIONS)


@pytest.mark.parametrize("name", ENDS)
def test_ends_as_it_should(story: Story, name: str) -> None:
    assert story[name].returncode == 0, story[name].output[-4000:]


@each_vendor
def test_check_mode_says_what_would_change_and_sends_no_write(story: Story, vendor: str) -> None:
    task = story.task("check", vendor, APPLY)
    assert task.result["verdict"] == "drift"
    assert story.writes(vendor, task) == []
    assert story.task("check", vendor, WRITE).result["changed"]
    assert "verified" not in task.result


def test_check_mode_writes_no_file(story: Story) -> None:
    assert {name.split("/")[0] for name in story.exports["check"]} == {"inventory"}


@each_vendor
def test_apply_changes_what_was_declared_and_verifies(story: Story, vendor: str) -> None:
    result = story.task("apply", vendor, APPLY).result
    assert result["verdict"] == "applied"
    assert sorted(step["action"] for step in result["plan"]) == CHANGES.get(vendor, ["create", "update"])
    assert (result["verified"]["verdict"], result["verified"]["plan"]) == ("clean", [])


@each_vendor
def test_the_same_again_changes_nothing(story: Story, vendor: str) -> None:
    task = story.task("apply", vendor, APPLY, 1)
    assert (task.result["verdict"], task.result["changed"]) == ("clean", False)
    assert story.writes(vendor, task) == []
    assert not {"journal", "verified"} & set(task.result)  # what was clean is not read a second time


@each_vendor
def test_one_line_tells_the_counts(story: Story, vendor: str) -> None:
    expected = {
        "portaswitch": "2 created, 2 updated, 0 deleted, 0 unchanged, 0 failed, 0 not begun, ",
        "vodia": "1 created, 1 updated, 0 deleted, 0 unchanged, 0 failed, 0 not begun, 2 not declared; ",
        "apio": "1 created, 1 updated, 0 deleted, 0 unchanged, 0 failed, 0 not begun, 1 not declared; ",
    }
    task = story.task("apply", vendor, APPLY)
    (counts, *others) = story.task("apply", vendor, CLOSING).result["msg"]
    assert counts.startswith(f"{vendor}: applied: {expected[vendor]}")
    assert counts.endswith(f"; {task.result['requests']} requests; {task.result['seconds']:.1f} s")
    leaves = task.result["diff"]["prepared"].splitlines()
    assert [line for line in others if line in leaves] == leaves[:50]
    assert [line for line in others if line.startswith("To undo")] == others[-1:]
    assert " to create, " in story.task("check", vendor, CLOSING).result["msg"][0]


@each_vendor
def test_it_is_said_how_to_go_back(story: Story, vendor: str) -> None:
    words = shlex.split(told_undo(story.task("apply", vendor, CLOSING)))
    assert words[0] == "ansible-playbook"
    inventory = str(story.place / "inventory")
    assert words[words.index("-i") + 1 :][:1] == [inventory] or inventory in words
    assert words[-5:] == ["telephony.pbx.restore", "--limit", vendor, "-e", f"pbx_restore_from={story.journal(vendor)}"]
    assert not [task for task in story["again"].tasks if "To undo" in str(task.result.get("msg"))]


def test_an_unquoted_number_is_told(story: Story) -> None:
    message = story.task("apply", "vodia", CLOSING).result["msg"]
    assert [line.split(": ")[:2] for line in message if "unquoted-number" in line] == [
        ["warning", "hunt_groups[0].id"],
        ["warning", "hunt_groups[0].members[1].extension"],
    ]


@each_vendor
@pytest.mark.parametrize("name", ["again", "objects"])
def test_what_was_exported_changes_nothing(story: Story, name: str, vendor: str) -> None:
    assert story.task(name, vendor, APPLY).result["verdict"] == "clean"


def test_a_name_that_looks_like_a_template_stays_as_it_is(story: Story) -> None:
    assert story.before["vodia"]["hunt_groups"][0]["name"] == TEMPLATE
    assert story.exports["first"]["vodia/tenant.yml"].count(f'name: !unsafe "{TEMPLATE}"'.encode()) == 1
    assert story.exports["objects"]["vodia/hunt_groups/1003.yml"].count(f'!unsafe "{TEMPLATE}"'.encode()) == 1


@each_vendor
def test_a_second_export_writes_nothing(story: Story, vendor: str) -> None:
    assert story.task("apply", vendor, WRITE).result["changed"]
    assert not story.task("apply", vendor, WRITE, 1).result["changed"]


def test_an_export_has_the_same_bytes_each_time(story: Story) -> None:
    assert sorted(story.exports["first"]) == [f"{vendor}/tenant.yml" for vendor in sorted(story.sites)]
    assert story.exports["last"] == story.exports["first"]


@each_vendor
def test_one_file_per_object_says_the_same(story: Story, vendor: str) -> None:
    whole = yaml.load(story.exports["first"][f"{vendor}/tenant.yml"], Loader)
    objects = {
        name: yaml.load(content, Loader)
        for name, content in story.exports["objects"].items()
        if name.startswith(vendor)
    }
    index = objects.pop(f"{vendor}/tenant.yml")
    assert len(objects) == sum(len(items) for items in whole.values())
    by_variable = {name: item for file in objects.values() for name, item in file.items()}
    for kind, references in index.items():
        assert [by_variable[name.strip("{ }")] for name in references] == whole[kind]


@each_vendor
def test_the_files_are_for_their_owner_only(story: Story, vendor: str) -> None:
    assert sorted(path.name for path in story.journal(vendor).parent.iterdir()) == ["backup.json", "journal.json"]
    places = [story.place / name / vendor for name in ("kept", "first", "objects", "last")]
    found = [path for place in places for path in (place, *place.rglob("*"))]
    assert {path.stat().st_mode & 0o777 for path in found if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o077 for path in found if path.is_dir()} == {0}


KINDS = ("backup", "journal")


@each_vendor
def test_the_backup_is_what_was_there(story: Story, vendor: str) -> None:
    backup, journal = (json.loads((story.journal(vendor).parent / f"{name}.json").read_text()) for name in KINDS)
    assert backup.pop("objects") == story.before[vendor]
    assert set(journal.pop("objects")) == set(DECLARED[vendor])
    connected = {
        name: str(connection(story.sites[vendor]).get(name, "")) for name in ("backend", "url", "tenant", "group")
    }
    for kind, document in zip(KINDS, (backup, journal)):
        assert {**connected, "kind": kind, "host": vendor, "format": 1}.items() <= document.items()
        assert document["plan_id"] == story.task("apply", vendor, APPLY).result["plan_id"]


@each_vendor
def test_restore_leads_back(story: Story, vendor: str) -> None:
    check, undo = story.task("check undo", vendor, RESTORE), story.task(f"undo {vendor}", vendor, RESTORE)
    assert check.result["verdict"] == "drift"
    assert story.writes(vendor, check) == []
    assert undo.result["verdict"] == "applied"
    assert [step["changes"] for step in undo.result["plan"]] == [step["changes"] for step in check.result["plan"]]
    assert undo.result["plan_id"] == check.result["plan_id"]
    assert undo.result["restored_from"] == str(story.journal(vendor))
    assert undo.result["verified"]["verdict"] == "clean"
    assert present(story.sites[vendor]) == story.before[vendor]


@each_vendor
def test_a_restore_keeps_the_journal_that_it_came_from_and_can_be_undone(story: Story, vendor: str) -> None:
    undo = story.task(f"undo {vendor}", vendor, RESTORE)
    assert undo.result["journal"] != str(story.journal(vendor))
    assert undo.result["journal"] in told_undo(story.task(f"undo {vendor}", vendor, RESTORE_CLOSING))
    groups = json.loads(story.journal(vendor).read_text())["objects"]["hunt_groups"]
    assert "absent" in [group.get("state") for group in groups]


@each_vendor
def test_the_audit_reports_what_the_restore_took_away(story: Story, vendor: str) -> None:
    audit = story.task("audit", vendor, COMPARE)
    reported = json.loads((story.place / "report" / "audit.json").read_text())["tenants"]
    (tenant,) = [one for one in reported if one["host"] == vendor]
    assert tenant["verdict"] == "drift"
    assert tenant["plan"] == audit.result["plan"]
    assert len(audit.result["plan"]) == len(story.task("apply", vendor, APPLY).result["plan"])
    assert story.writes(vendor, audit) == []


@pytest.mark.parametrize("name", ENDS)
def test_no_secret_is_shown(story: Story, name: str) -> None:
    assert [secret for secret in SECRETS if secret in story[name].output] == []


def test_no_secret_is_in_a_file(story: Story) -> None:
    """Neither those of the connection nor those that the vendor keeps, such as passwords of extensions."""
    text = b"".join(
        content for name in ("kept", "first", "objects") for content in files_in(story.place / name).values()
    )
    assert text
    assert [secret for secret in (*SECRETS, "sip-secret", "web-secret") if secret.encode() in text] == []
