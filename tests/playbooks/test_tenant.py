# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant as an inventory host: telephony.pbx.tenant, export, restore and audit, one after the other on each vendor."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from pbx_simulator import VENDORS
from pbx_simulator.server import RunningVendor

from .conftest import TOKENS, Play, Run, Site

EXAMPLE = Path(__file__).resolve().parents[2] / "playbooks" / "example" / "inventory"
APPLY = "telephony.pbx.tenant : Bring the tenant to its declared state"
VERIFY = "telephony.pbx.tenant : Read the tenant a second time and compare"
UNDO = "telephony.pbx.tenant : Say how to go back"
WRITE = "telephony.pbx.export : Write the files"
RESTORE = "telephony.pbx.restore : Bring the tenant back"
VERIFY_RESTORE = "telephony.pbx.restore : Read the tenant a second time and compare"
REPORT = "Say what was found"

CONNECTIONS: dict[str, dict[str, Any]] = {
    "portaswitch": {"pbx_tenant": 10, "pbx_token": TOKENS["portaswitch"]},
    "vodia": {"pbx_tenant": "localhost", "pbx_username": "admin", "pbx_password": "demo-password"},
    "apio": {
        "pbx_tenant": "ApioSpTest",
        "pbx_group": "ApioGrpTest",
        "pbx_username": "demo",
        "pbx_password": "demo-password",
    },
}
# One new object, one changed, and on PortaSwitch one of each kind. A name that looks like a template stays as it is.
DECLARED: dict[str, dict[str, Any]] = {
    "portaswitch": {
        "pbx_extensions": [{"id": "0112", "name": "Hanna Support", "account": 700009}],
        "pbx_hunt_groups": [
            {"id": "210", "name": "Night", "policy": "regular", "members": [{"extension": "0112"}]},
            {"id": "200", "name": "Sales", "members": [{"extension": "101"}, {"extension": "102"}]},
        ],
        "pbx_follow_me": [{"account": 700001, "destinations": [{"name": "Home", "timeout": 30}]}],
    },
    "vodia": {
        "pbx_hunt_groups": [
            {"id": 1010, "name": "Night", "members": [{"extension": "444"}, {"extension": "445", "stage": 2}]},
            {"id": "1002", "overflow_to": "", "settings": {"st1_dur": 15}},
        ]
    },
    "apio": {
        "pbx_hunt_groups": [
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
CHANGES = {"portaswitch": ["create", "create", "update", "update"], "vodia": ["create", "update"]}
HEADER = "# Written by telephony.pbx.export"


@dataclass(frozen=True)
class Story:
    """All runs against one vendor, and the places they wrote to."""

    site: Site
    place: Path
    first_state: dict[str, Any]
    runs: dict[str, Run]
    exports: dict[str, dict[str, bytes]]
    journal: Path

    def __getitem__(self, name: str) -> Run:
        return self.runs[name]

    def task(self, run: str, name: str, which: int = 0) -> Any:
        return [task for task in self.runs[run].tasks if task.name == name][which]


def host_file(place: Path, name: str, variables: dict[str, Any]) -> None:
    file = place / "inventory" / "host_vars" / "tenant" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump(variables))


def exported(place: Path) -> dict[str, bytes]:
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()}


def modes(place: Path) -> set[int]:
    return {path.stat().st_mode & 0o777 for path in place.rglob("*") if path.is_file()}


def state_of(site: Site) -> dict[str, Any]:
    """What a vendor holds, without what only counts (ids to come, sessions)."""
    state = copy.deepcopy(site.vendor.state)
    return {name: part for name, part in state.items() if name not in ("next", "sessions", "tokens", "calls")}


@pytest.fixture(scope="module")
def story(site: Site, play: Play, tmp_path_factory: pytest.TempPathFactory) -> Story:
    place = tmp_path_factory.mktemp(site.name)
    first_state = state_of(site)
    path = {"apio": "/api/v1"}.get(site.name, "")
    connection = {"pbx_backend": site.name, "pbx_url": site.url + path, "pbx_rate_limit": 0, **CONNECTIONS[site.name]}
    host_file(place, "connection.yml", connection)
    host_file(place, "tenant.yml", DECLARED[site.name])
    (place / "inventory" / "hosts.yml").write_text("all: {hosts: {tenant: {}}}\n")
    runs: dict[str, Run] = {}
    exports: dict[str, dict[str, bytes]] = {}

    def run(name: str, *playbooks: str, **variables: str) -> None:
        names = [f"telephony.pbx.{playbook}" for playbook in playbooks]
        options = ["--inventory", str(place / "inventory"), "-vvvv", "--diff", *names[:-1]]
        if name.startswith("check"):
            options.insert(0, "--check")
        runs[name] = play(names[-1], variables, *options)

    files = {"pbx_backup": str(place / "kept" / "backup.json"), "pbx_journal": str(place / "kept" / "journal.json")}
    first, second, whole = (str(place / name) for name in ("first", "second", "whole"))
    run("check", "tenant", "export", **files, pbx_export_directory=first)
    exports["check"] = exported(place / "first")
    run("apply", "tenant", "tenant", "export", "export", **files, pbx_export_directory=first)
    exports["first"] = exported(place / "first")
    # What was exported, object by object too, becomes the declaration.
    host_file(place, "tenant.yml", {})
    (place / "inventory" / "host_vars" / "tenant" / "tenant.yml").write_bytes(exports["first"]["tenant/tenant.yml"])
    run("again", "tenant", "export", pbx_export_directory=second, pbx_export_layout="objects")
    exports["second"] = exported(place / "second")
    for name, content in exports["second"].items():
        file = place / "inventory" / "host_vars" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    run("objects", "tenant", "export", pbx_export_directory=whole)
    exports["whole"] = exported(place / "whole")
    journal = {"pbx_restore_from": files["pbx_journal"], "pbx_journal": files["pbx_journal"]}
    run("check undo", "restore", **journal)
    run("undo", "restore", "audit", **journal, pbx_audit_fails="false")
    run("audit", "audit")
    return Story(site, place, first_state, runs, exports, place / "kept" / "journal.json")


ALL_RUNS = ["check", "apply", "again", "objects", "check undo", "undo"]


@pytest.mark.parametrize("name", ALL_RUNS)
def test_ends_well(story: Story, name: str) -> None:
    assert story[name].returncode == 0, story[name].output[-4000:]


def test_check_mode_says_what_would_change_and_writes_nothing(story: Story) -> None:
    task = story.task("check", APPLY)
    assert task.result["verdict"] == "drift"
    assert story.site.requests_during(task)
    assert story.site.writes_during(task) == []
    assert story.exports["check"] == {}
    assert story.task("check", WRITE).result["changed"]
    assert VERIFY not in [done.name for done in story["check"].tasks]


def test_apply_changes_what_was_declared_and_verifies(story: Story) -> None:
    result = story.task("apply", APPLY).result
    assert result["verdict"] == "applied"
    actions = [step["action"] for step in result["plan"]]
    assert sorted(actions) == CHANGES.get(story.site.name, ["create", "update"])
    assert story.task("apply", VERIFY).result["verdict"] == "clean"
    assert not story.task("apply", VERIFY).result["changed"]
    assert story.site.writes_during(story.task("apply", VERIFY)) == []


def test_the_same_again_changes_nothing(story: Story) -> None:
    task = story.task("apply", APPLY, 1)
    assert (task.result["verdict"], task.result["changed"]) == ("clean", False)
    assert story.site.writes_during(task) == []
    assert "journal" not in task.result
    assert [done.name for done in story["apply"].tasks].count(VERIFY) == 1


def test_it_is_said_how_to_go_back(story: Story) -> None:
    message = story.task("apply", UNDO).result["msg"]
    assert f"telephony.pbx.restore --limit tenant -e pbx_restore_from={story.journal}" in message


def test_what_was_exported_changes_nothing(story: Story) -> None:
    for run in ("again", "objects"):
        assert story.task(run, APPLY).result["verdict"] == "clean", run


def test_an_export_has_the_same_bytes_each_time(story: Story) -> None:
    assert story.task("apply", WRITE).result["changed"]
    assert not story.task("apply", WRITE, 1).result["changed"]
    assert story.exports["whole"] == story.exports["first"]


def test_one_file_per_object(story: Story) -> None:
    whole = yaml.safe_load(story.exports["first"]["tenant/tenant.yml"])
    objects = {name: yaml.safe_load(content) for name, content in story.exports["second"].items()}
    index = objects.pop("tenant/tenant.yml")
    assert len(objects) == sum(len(items) for items in whole.values())
    by_variable = {name: item for file in objects.values() for name, item in file.items()}
    for kind, references in index.items():
        assert [by_variable[name.strip("{ }")] for name in references] == whole[kind]


def test_the_files_are_for_their_owner_only(story: Story) -> None:
    kept = story.place / "kept"
    assert sorted(path.name for path in kept.iterdir()) == ["backup.json", "journal.json"]
    assert [modes(story.place / name) for name in ("kept", "first", "second", "whole")] == [{0o600}] * 4


def test_restore_leads_back(story: Story) -> None:
    check, undo = story.task("check undo", RESTORE), story.task("undo", RESTORE)
    assert check.result["verdict"] == "drift"
    assert story.site.writes_during(check) == []
    assert undo.result["verdict"] == "applied"
    assert [step["changes"] for step in undo.result["plan"]] == [step["changes"] for step in check.result["plan"]]
    assert story.task("undo", VERIFY_RESTORE).result["verdict"] == "clean"


def test_a_restore_keeps_the_journal_that_it_came_from(story: Story) -> None:
    undone = story.task("undo", RESTORE).result["journal"]
    assert undone != str(story.journal)
    assert json.loads(story.journal.read_text())["hunt_groups"][0]["state"] == "absent"


def test_the_audit_finds_what_the_restore_took_away(story: Story) -> None:
    reported = story.task("undo", REPORT).result["msg"]
    assert reported[0] == "tenant: drift"
    assert len(reported) == 1 + len(story.task("apply", APPLY).result["plan"])
    assert story["audit"].returncode == 2
    assert story.task("audit", REPORT).result["msg"] == reported
    assert story.site.writes_during(story.task("audit", APPLY)) == []


@pytest.mark.parametrize("name", [*ALL_RUNS, "audit"])
def test_no_secret_is_shown(story: Story, name: str) -> None:
    secrets = {"demo-password", TOKENS["portaswitch"], "YWRtaW46ZGVtby1wYXNzd29yZA"}
    assert [secret for secret in secrets if secret in story[name].output] == []


def test_no_secret_is_in_a_file(story: Story) -> None:
    """Neither those of the connection nor those that the vendor keeps, such as passwords of extensions."""
    written = [path for name in ("kept", "first", "second") for path in (story.place / name).rglob("*.*")]
    text = "".join(path.read_text() for path in written)
    for secret in ("demo-password", TOKENS["portaswitch"], "sip-secret", "web-secret", "4711"):
        assert secret not in text


def test_the_tenant_is_as_it_was(story: Story) -> None:
    backup = json.loads((story.place / "kept" / "backup.json").read_text())
    restored = story.task("undo", RESTORE).result
    assert restored["summary"]["failed"] == 0
    groups = {group["id"]: group for group in backup["hunt_groups"]}
    for step in restored["plan"]:
        if step["resource"] == "hunt_group":
            assert (step["action"] == "delete") == (step["id"] not in groups)


# -- what goes wrong ---------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def hotel(vodia: Site, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Makes an inventory of tenants on Vodia."""
    place = tmp_path_factory.mktemp("hotel")

    def inventory(*hosts: str) -> Path:
        names = {name: {"pbx_backend": "vodia", "pbx_url": vodia.url, **CONNECTIONS["vodia"]} for name in hosts}
        file = place / "hosts.yml"
        file.write_text(yaml.safe_dump({"all": {"hosts": names}}))
        return file

    return inventory


def test_one_journal_is_for_one_tenant(play: Play, hotel: Callable[..., Path], vodia: Site, tmp_path: Path) -> None:
    journal = tmp_path / "journal.json"
    journal.write_text('{"hunt_groups": [{"id": "1002", "name": "Restored"}]}')
    run = play("telephony.pbx.restore", {"pbx_restore_from": str(journal)}, "--inventory", str(hotel("one", "two")))
    assert run.returncode == 2
    assert "choose the tenant with --limit" in run.output
    assert vodia.vendor.writes() == []


@pytest.mark.parametrize(
    ("text", "purge", "message"),
    [
        ("pbx_hunt_groups: []\n", "[]", "is not a journal or backup"),
        ('{"pbx_hunt_groups": []}', "[]", "is not a journal or backup"),
        ('{"hunt_groups": [{"id": "1009", "state": "absent"}]}', "[hunt_groups]", "is a journal"),
        ('{"follow_me": []}', "[hunt_groups]", "has not all of these lists"),
    ],
)
def test_restore_refuses(
    play: Play, hotel: Callable[..., Path], vodia: Site, tmp_path: Path, text: str, purge: str, message: str
) -> None:
    file = tmp_path / "file"
    file.write_text(text)
    variables = {"pbx_restore_from": str(file), "pbx_restore_purge": yaml.safe_load(purge)}
    run = play("telephony.pbx.restore", variables, "--inventory", str(hotel("one")))
    assert run.returncode == 2
    assert message in run.output
    assert vodia.vendor.writes() == []


def test_an_export_overwrites_no_file_of_others(play: Play, hotel: Callable[..., Path], tmp_path: Path) -> None:
    mine = tmp_path / "one" / "tenant.yml"
    mine.parent.mkdir()
    mine.write_text("pbx_hunt_groups: []\n")
    run = play("telephony.pbx.export", {"pbx_export_directory": str(tmp_path)}, "--inventory", str(hotel("one")))
    assert run.returncode == 2
    assert "was not written by an export" in run.output
    assert mine.read_text() == "pbx_hunt_groups: []\n"


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
    variables: dict[str, Any] = {
        "simulated": vendors,
        "pbx_url": "{{ simulated[pbx_backend] }}",
        "vault_portaswitch_licenses": {"bakery": TOKENS["portaswitch"], "florist": "LICENCE-0002"},
        "vault_vodia_password": "demo-password",
        "vault_apio_machine_token": TOKENS["apio"],
    }
    run = play("telephony.pbx.audit", variables, "--inventory", str(EXAMPLE), "telephony.pbx.tenant")
    assert run.returncode == 0, run.output
    hosts = ("bakery", "florist", "hotel", "brussels")
    assert {host: run.on(host, APPLY).result["verdict"] for host in hosts} == dict.fromkeys(hosts, "applied")
    assert {host: run.on(host, REPORT).result["msg"] for host in hosts} == {host: [f"{host}: clean"] for host in hosts}
