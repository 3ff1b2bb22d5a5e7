# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role telephony.pbx.restore: what it refuses, the newest journal of a host, and undoing an undo."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .conftest import Play, Run, Site
from .tenants import APPLY, RESTORE, RESTORE_CLOSING, connection, inventory_of, present, variables

RESTORED = {"hunt_groups": [{"id": "1002", "name": "Restored"}]}
ABSENT = {"hunt_groups": [{"id": "1009", "state": "absent"}]}
# Host -> what stands in its file (a text, or what differs from a journal of this tenant), its variables, what is said.
REFUSED: dict[str, tuple[str | dict[str, Any], dict[str, Any], str]] = {
    "export": ("pbx_hunt_groups: []\n", {}, "cannot be read as a journal or backup"),
    "empty": ("", {}, "cannot be read as a journal or backup"),
    "prefixed": ('{"pbx_hunt_groups": []}', {}, "is no journal or backup"),
    "future": ({"format": 99}, {}, "this version reads format 1"),
    "journal": ({"objects": ABSENT}, {"restore_purge": ["hunt_groups"]}, "is a journal"),
    "part": (
        {"kind": "backup", "objects": {"follow_me": []}},
        {"restore_purge": ["hunt_groups"]},
        "does not have this list",
    ),
    "vendor": ({"backend": "portaswitch"}, {}, "backend 'portaswitch' instead of 'vodia'"),
    "system": ({"url": "https://other.example"}, {}, "url 'https://other.example' instead of"),
    "tenant": ({"tenant": "second.example"}, {}, "tenant 'second.example' instead of 'localhost'"),
    "group": ({"group": "Other"}, {}, "group 'Other' instead of 'ApioGrpTest'"),
    "same": ({}, {}, "choose the tenant with --limit"),
    "twin": ({}, {}, "choose the tenant with --limit"),
    "gone": ({}, {"restore_from": "/nowhere/journal.json"}, "there is no file /nowhere/journal.json"),
    "never": ({}, {"restore_from": "last"}, "there is no journal of this tenant"),
}


def document_of(site: Site, **different: Any) -> dict[str, Any]:
    """A journal of the tenant that hosts of these tests are."""
    connected = {"group": "", **connection(site)}
    belongs = {name: str(connected[name]) for name in ("backend", "url", "tenant", "group")}
    return {"format": 1, "kind": "journal", **belongs, "host": "", "objects": RESTORED, **different}


@pytest.fixture(scope="module")
def refused(play: Play, vodia: Site, apio: Site, tmp_path_factory: pytest.TempPathFactory) -> Run:
    place = tmp_path_factory.mktemp("refused")
    hosts: dict[str, dict[str, Any]] = {"missing": variables(connection(vodia))}
    for host, (content, more, _message) in REFUSED.items():
        site = apio if host == "group" else vodia
        text = content if isinstance(content, str) else json.dumps(document_of(site, **content))
        (place / host).write_text(text)
        hosts[host] = variables({"restore_from": str(place / host), **more, **connection(site)})
    hosts["twin"]["pbx_restore_from"] = hosts["same"]["pbx_restore_from"]
    (place / "lifted").write_text(json.dumps(document_of(vodia, url="https://other.example")))
    lifted = {"restore_from": str(place / "lifted"), "restore_other_tenant": True}
    hosts["lifted"] = variables({**lifted, **connection(vodia, tenant="second.example")})
    return play("telephony.pbx.restore", {}, "--inventory", inventory_of(place, hosts))


@pytest.mark.parametrize("host", REFUSED)
def test_it_refuses(refused: Run, host: str) -> None:
    (failure,) = refused.failures(host)
    assert REFUSED[host][2] in failure.result["msg"]
    assert "\n" not in failure.result["msg"]


def test_a_missing_file_name_is_told_in_one_line(refused: Run) -> None:
    (failure,) = refused.failures("missing")
    assert "pbx_restore_from: is missing; write the path of a journal or backup" in failure.result["msg"]
    assert "\n" not in failure.result["msg"]


def test_what_is_refused_sends_nothing(refused: Run, vodia: Site, apio: Site) -> None:
    assert refused.returncode == 2
    assert apio.vendor.log == []
    assert [entry["path"] for entry in vodia.vendor.log if "second.example" not in entry["path"]] == []


def test_a_file_of_another_tenant_is_taken_where_that_is_wanted(refused: Run, vodia: Site) -> None:
    assert refused.on("lifted", RESTORE).result["verdict"] == "applied"
    assert present(vodia, tenant="second.example")["hunt_groups"][0]["name"] == "Restored"


def test_the_newest_journal_leads_back_and_the_undo_of_that_forward(play: Play, vodia: Site, tmp_path: Path) -> None:
    before = present(vodia)
    groups = [{"id": "1003", "name": "Renamed"}, {"id": "1011", "name": "New", "members": [{"extension": "444"}]}]
    place = tmp_path / "a place"  # the printed command has to quote it
    place.mkdir()
    hosts = {"hotel": variables({**connection(vodia), "hunt_groups": groups})}
    inventory = inventory_of(place, hosts)
    older = play("telephony.pbx.tenant", {"pbx_hunt_groups": groups[:1]}, "--inventory", inventory)
    run = play("telephony.pbx.restore", {"pbx_restore_from": "last"}, "--inventory", inventory, "telephony.pbx.tenant")
    assert (older.returncode, run.returncode) == (0, 0), run.output
    assert run[RESTORE].result["restored_from"] == run[APPLY].result["journal"] != older[APPLY].result["journal"]
    assert {**present(vodia), "hunt_groups": []} == {**before, "hunt_groups": []}
    assert [group["id"] for group in present(vodia)["hunt_groups"]] == ["1002", "1003", "1004"]
    again = play.shell(run[RESTORE_CLOSING].result["msg"][-1].removeprefix("To undo this: "))
    assert again.returncode == 0, again.output
    assert "1011" in [group["id"] for group in present(vodia)["hunt_groups"]]
    first = play.shell(older_undo(older))
    assert first.returncode == 0, first.output
    assert present(vodia)["hunt_groups"][1]["name"] == before["hunt_groups"][1]["name"]


def older_undo(run: Run) -> str:
    message = run["telephony.pbx.tenant : Show what the run did"].result["msg"][-1]
    return str(message).removeprefix("To undo this: ")
