# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant as an inventory host: telephony.pbx.tenant, export, restore and audit, one after the other on each vendor."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.telephony.pbx.plugins.module_utils.entry.run import run as run_module
from pbx_simulator import VENDORS
from pbx_simulator.core import Fault
from pbx_simulator.server import RunningVendor

from .conftest import TOKENS, Play, Run, Site, Task

EXAMPLE = Path(__file__).resolve().parents[2] / "playbooks" / "example" / "inventory"
APPLY = "telephony.pbx.tenant : Bring the tenant to its declared state"
VERIFY = "telephony.pbx.tenant : Read the tenant a second time and compare"
UNDO = "telephony.pbx.tenant : Say how to go back"
WRITE = "telephony.pbx.export : Write the files"
RESTORE = "telephony.pbx.restore : Bring the tenant back"
VERIFY_RESTORE = "telephony.pbx.restore : Read the tenant a second time and compare"
REPORT = "Say what was found"

CONNECTIONS: dict[str, dict[str, Any]] = {
    "portaswitch": {"tenant": 10, "token": TOKENS["portaswitch"]},
    "vodia": {"tenant": "localhost", "username": "admin", "password": "demo-password"},
    "apio": {"tenant": "ApioSpTest", "group": "ApioGrpTest", "username": "demo", "password": "demo-password"},
}
SECRETS = ("demo-password", TOKENS["portaswitch"], "YWRtaW46ZGVtby1wYXNzd29yZA")  # the last: as HTTP Basic has it
# One new object, one changed, and on PortaSwitch one of each kind.
DECLARED: dict[str, dict[str, Any]] = {
    "portaswitch": {
        "extensions": [{"id": "0112", "name": "Hanna Support", "account": 700009}],
        "hunt_groups": [
            {"id": "210", "name": "Night", "policy": "regular", "members": [{"extension": "0112"}]},
            {"id": "200", "name": "Sales", "members": [{"extension": "101"}, {"extension": "102"}]},
        ],
        "follow_me": [{"account": 700001, "destinations": [{"name": "Home", "timeout": 30}]}],
    },
    "vodia": {
        "hunt_groups": [
            {"id": 1010, "name": "Night", "members": [{"extension": "444"}, {"extension": "445", "stage": 2}]},
            {"id": "1002", "name": "Renamed", "overflow_to": "", "settings": {"st1_dur": 15}},
        ]
    },
    "apio": {
        "hunt_groups": [
            {
                "id": "Night@sip.netaxis.be",
                "name": "Night",
                "policy": "regular",
                "members": [{"extension": "5001"}],
                "settings": {"serviceInstanceProfile": {"cliFirstName": "Night", "cliLastName": "Desk"}},
            },
            {"id": "APIOTestHuntGroup@sip.netaxis.be", "policy": "circular", "enabled": False},
        ]
    },
}
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


def host_file(place: Path, vendor: str, name: str, content: bytes | dict[str, Any]) -> None:
    file = place / "inventory" / "host_vars" / vendor / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else yaml.safe_dump(content).encode())


def files_in(place: Path) -> dict[str, bytes]:
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()}


def connection(site: Site) -> dict[str, Any]:
    path = {"apio": "/api/v1"}.get(site.name, "")
    return {"backend": site.name, "url": site.url + path, "rate_limit": 0, **CONNECTIONS[site.name]}


def variables(options: dict[str, Any]) -> dict[str, Any]:
    return {f"pbx_{name}": value for name, value in options.items()}


def present(site: Site) -> dict[str, Any]:
    """The whole tenant, read without Ansible."""
    result = run_module("tenant_info", connection(site), check_mode=False, environment={})
    return {name: result[name] for name in ("extensions", "hunt_groups", "follow_me") if name in result}


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
    undo = {"pbx_restore_from": files["pbx_journal"], "pbx_journal": files["pbx_journal"]}
    run("check undo", "restore", **undo)
    run("undo", "restore", "audit", **undo, pbx_audit_fails="false")
    run("audit", "audit")
    return Story(sites, place, runs, exports, before)


ENDS = {"check": 0, "apply": 0, "again": 0, "objects": 0, "check undo": 0, "undo": 0, "audit": 2}
each_vendor = pytest.mark.parametrize("vendor", CONNECTIONS)


@pytest.mark.parametrize("name", ENDS)
def test_ends_as_it_should(story: Story, name: str) -> None:
    assert story[name].returncode == ENDS[name], story[name].output[-4000:]


@each_vendor
def test_check_mode_says_what_would_change_and_sends_no_write(story: Story, vendor: str) -> None:
    task = story.task("check", vendor, APPLY)
    assert task.result["verdict"] == "drift"
    assert story.writes(vendor, task) == []
    assert story.task("check", vendor, WRITE).result["changed"]
    assert VERIFY not in [done.name for done in story["check"].tasks]


def test_check_mode_writes_no_file(story: Story) -> None:
    assert {name.split("/")[0] for name in story.exports["check"]} == {"inventory"}


@each_vendor
def test_apply_changes_what_was_declared_and_verifies(story: Story, vendor: str) -> None:
    result = story.task("apply", vendor, APPLY).result
    assert result["verdict"] == "applied"
    assert sorted(step["action"] for step in result["plan"]) == CHANGES.get(vendor, ["create", "update"])
    second = story.task("apply", vendor, VERIFY)
    assert (second.result["verdict"], second.result["changed"]) == ("clean", False)
    assert story.writes(vendor, second) == []


@each_vendor
def test_the_same_again_changes_nothing(story: Story, vendor: str) -> None:
    task = story.task("apply", vendor, APPLY, 1)
    assert (task.result["verdict"], task.result["changed"]) == ("clean", False)
    assert story.writes(vendor, task) == []
    assert "journal" not in task.result


def test_what_was_clean_is_not_read_a_second_time(story: Story) -> None:
    assert [task.name for task in story["apply"].tasks].count(VERIFY) == len(story.sites)


@each_vendor
def test_it_is_said_how_to_go_back(story: Story, vendor: str) -> None:
    message = story.task("apply", vendor, UNDO).result["msg"]
    assert f"telephony.pbx.restore --limit {vendor} -e pbx_restore_from={story.journal(vendor)}" in message


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


@each_vendor
def test_the_backup_is_what_was_there(story: Story, vendor: str) -> None:
    assert json.loads(story.journal(vendor).with_name("backup.json").read_text()) == story.before[vendor]


@each_vendor
def test_restore_leads_back(story: Story, vendor: str) -> None:
    check, undo = story.task("check undo", vendor, RESTORE), story.task("undo", vendor, RESTORE)
    assert check.result["verdict"] == "drift"
    assert story.writes(vendor, check) == []
    assert undo.result["verdict"] == "applied"
    assert [step["changes"] for step in undo.result["plan"]] == [step["changes"] for step in check.result["plan"]]
    assert story.task("undo", vendor, VERIFY_RESTORE).result["verdict"] == "clean"
    assert present(story.sites[vendor]) == story.before[vendor]


@each_vendor
def test_a_restore_keeps_the_journal_that_it_came_from(story: Story, vendor: str) -> None:
    assert story.task("undo", vendor, RESTORE).result["journal"] != str(story.journal(vendor))
    assert "absent" in [group.get("state") for group in json.loads(story.journal(vendor).read_text())["hunt_groups"]]


@each_vendor
def test_the_audit_reports_what_the_restore_took_away(story: Story, vendor: str) -> None:
    reported = story.task("undo", vendor, REPORT).result["msg"]
    assert reported[0] == f"{vendor}: drift"
    assert len(reported) == 1 + len(story.task("apply", vendor, APPLY).result["plan"])
    assert story.task("audit", vendor, REPORT).result["msg"] == reported
    assert story.writes(vendor, story.task("audit", vendor, APPLY)) == []


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


# -- what goes wrong ---------------------------------------------------------------------------------------------------
# Host -> its file, what may be purged by it, and what is said.
REFUSED: dict[str, tuple[str, list[str], str]] = {
    "export": ("pbx_hunt_groups: []\n", [], "is not a journal or backup"),
    "prefixed": ('{"pbx_hunt_groups": []}', [], "is not a journal or backup"),
    "empty": ("", [], "is not a journal or backup"),
    "journal": ('{"hunt_groups": [{"id": "1009", "state": "absent"}]}', ["hunt_groups"], "is a journal"),
    "other": ('{"follow_me": []}', ["hunt_groups"], "has not all of these lists"),
    "same": ('{"hunt_groups": [{"id": "1002", "name": "Restored"}]}', [], "choose the tenant with --limit"),
    "twin": ("", [], "choose the tenant with --limit"),
}


@pytest.fixture(scope="module")
def refused(play: Play, tmp_path_factory: pytest.TempPathFactory) -> Run:
    place = tmp_path_factory.mktemp("refused")
    hosts = {}
    for host, (text, purge, _message) in REFUSED.items():
        (place / host).write_text(text)
        hosts[host] = {"pbx_restore_from": str(place / host), "pbx_restore_purge": purge}
    hosts["twin"]["pbx_restore_from"] = hosts["same"]["pbx_restore_from"]
    (place / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
    return play("telephony.pbx.restore", {}, "--inventory", str(place / "hosts.yml"))


@pytest.mark.parametrize("host", REFUSED)
def test_restore_refuses(refused: Run, host: str) -> None:
    results = [task for task in refused.tasks if task.host == host]
    assert REFUSED[host][2] in results[-1].result["msg"]
    assert RESTORE not in [task.name for task in results]


def test_an_export_overwrites_no_file_of_others(play: Play, vodia: Site, tmp_path: Path) -> None:
    mine = tmp_path / "localhost" / "tenant.yml"
    mine.parent.mkdir()
    mine.write_text("pbx_hunt_groups: []\n")
    extra = {"pbx_export_directory": str(tmp_path), **variables(connection(vodia))}
    run = play("telephony.pbx.export", extra, "--inventory", "localhost,")
    assert run.returncode == 2
    assert "was not written by an export" in run.output
    assert mine.read_text() == "pbx_hunt_groups: []\n"


def test_a_run_that_fails_says_how_to_go_back(play: Play, vodia: Site, tmp_path: Path) -> None:
    vodia.vendor.faults.append(Fault("store_nothing", writes_only=True, times=None))
    groups = [{"id": "1004", "name": "Never"}]
    extra = {**variables(connection(vodia)), "pbx_hunt_groups": groups, "pbx_journal": str(tmp_path / "journal.json")}
    run = play("telephony.pbx.tenant", extra, "--inventory", "localhost,")
    vodia.vendor.faults.clear()
    assert run.returncode == 2
    assert run[APPLY].result["verdict"] == "incomplete"
    assert str(tmp_path / "journal.json") in run[UNDO].result["msg"]
    assert VERIFY not in [task.name for task in run.tasks]


def test_connection_from_the_environment(play: Play, vodia: Site) -> None:
    environment = {
        "PBX_BACKEND": "vodia",
        "PBX_URL": vodia.url,
        "PBX_TENANT": "localhost",
        "PBX_USERNAME": "admin",
        "PBX_PASSWORD": "demo-password",
    }
    run = play("telephony.pbx.tenant", {}, "--inventory", "localhost,", **environment)
    assert run.returncode == 0, run.output
    assert run[APPLY].result["verdict"] == "clean"


# -- the example inventory ---------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def vendors() -> Iterator[dict[str, str]]:
    with (
        RunningVendor(VENDORS["portaswitch"]()) as portaswitch,
        RunningVendor(VENDORS["vodia"]()) as vodia,
        RunningVendor(VENDORS["apio"]()) as apio,
    ):
        yield {"portaswitch": portaswitch.url, "vodia": vodia.url, "apio": f"{apio.url}/api/v01/p1"}


def test_the_example_inventory(play: Play, vendors: dict[str, str]) -> None:
    extra: dict[str, Any] = {
        "simulated": vendors,
        "pbx_url": "{{ simulated[pbx_backend] }}",
        "vault_portaswitch_licenses": {"bakery": TOKENS["portaswitch"], "florist": "LICENCE-0002"},
        "vault_vodia_password": "demo-password",
        "vault_apio_machine_token": TOKENS["apio"],
    }
    run = play("telephony.pbx.audit", extra, "--inventory", str(EXAMPLE), "telephony.pbx.tenant")
    assert run.returncode == 0, run.output
    hosts = ("bakery", "florist", "hotel", "brussels")
    assert {host: run.on(host, APPLY).result["verdict"] for host in hosts} == dict.fromkeys(hosts, "applied")
    assert {host: run.on(host, REPORT).result["msg"] for host in hosts} == {host: [f"{host}: clean"] for host in hosts}
