# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A new kind of object is a catalogue entry and a store. Everything else, from argument specs to undo, follows from them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.backends import registry
from ansible_collections.telephony.pbx.plugins.module_utils.backends.client import VendorClient
from ansible_collections.telephony.pbx.plugins.module_utils.backends.contract import (
    Observed,
    RunContext,
    Store,
    WriteStep,
)
from ansible_collections.telephony.pbx.plugins.module_utils.backends.vendor import Vendor
from ansible_collections.telephony.pbx.plugins.module_utils.entry import arguments, call, run
from ansible_collections.telephony.pbx.plugins.module_utils.errors import PBXError
from ansible_collections.telephony.pbx.plugins.module_utils.model import catalog
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import Capability, Reference, Resource
from ansible_collections.telephony.pbx.plugins.module_utils.model.validate import Declared
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Field, Values
from ansible_collections.telephony.pbx.plugins.module_utils.transport.session import Answer, Login
from ansible_collections.telephony.pbx.plugins.plugin_utils.tenant_yaml import update_of

PARKING = Resource(
    name="park_slot",
    plural="park_slots",
    keys=("id",),
    fields={"id": Field("number"), "name": Field("name"), "falls_back_to": Field("phone")},
    in_tenant=True,
    after=("hunt_group",),
    claims={"id": "number"},
    references=(Reference("falls_back_to", "falls back to"),),
)
CONNECTION = {"backend": "fake", "url": "http://127.0.0.1:9", "tenant": "t", "rate_limit": 0}


class Server(VendorClient):
    """A system in memory: what the slots are, and every write that it got."""

    vendor = "fake"
    slots: dict[str, Values] = {}
    written: list[str] = []

    def refusal(self, answer: Answer) -> PBXError | None:
        return None

    def decode(self, answer: Answer, write: bool) -> Any:
        return answer

    def put(self, how: str, key: str, values: Values | None) -> None:
        self.writes.sent += 1
        self.writes.accepted += 1
        Server.written.append(f"{how} {key}")
        if values is None:
            del Server.slots[key]
        else:
            Server.slots[key] = copy.deepcopy(values)


class Slots(Store):
    resource = PARKING
    capability = Capability(options=frozenset({"id", "name", "falls_back_to"}))
    client: Server

    def find(self, declared: Declared) -> Observed | None:
        found = Server.slots.get(declared.values["id"])
        return Observed(copy.deepcopy(found)) if found else None

    def read_all(self) -> list[Observed]:
        return [Observed(copy.deepcopy(one)) for one in Server.slots.values()]

    def create(self, step: WriteStep) -> str | None:
        self.client.put("create", step.target["id"], {"name": "", "falls_back_to": "", **step.target})
        return None

    def update(self, step: WriteStep) -> str | None:
        self.client.put("update", step.target["id"], step.target)
        return None

    def delete(self, step: WriteStep) -> None:
        assert step.current
        self.client.put("delete", step.current.values["id"], None)


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(catalog.RESOURCES, PARKING.name, PARKING)
    vendor = Vendor(
        needs={"tenant": "any text"}, credentials=((),), login=lambda options: Login(),
        client=lambda session, options: Server(session), stores={PARKING.name: Slots},
    )  # fmt: skip
    monkeypatch.setitem(registry.BACKENDS, "fake", vendor)
    monkeypatch.setattr(call, "SETTLE_SECONDS", ())
    Server.written, Server.slots = [], {"700": {"id": "700", "name": "Old", "falls_back_to": ""}}
    yield


def called(module: str, options: Values, check_mode: bool = False) -> Values:
    return run.run(module, {**CONNECTION, **options}, check_mode=check_mode, environment={})


def test_its_modules_have_argument_specs() -> None:
    assert {"park_slot", "park_slot_info"} <= set(arguments.module_names())
    assert set(arguments.own_arguments("park_slot")) == {"id", "name", "falls_back_to", "state"}
    assert arguments.own_arguments("park_slot_info") == {"id": {"type": "str"}}
    assert "park_slots" in arguments.own_arguments("tenant")
    assert "park_slots" in arguments.own_arguments("tenant")["purge"]["choices"]


def test_its_module_creates_changes_and_removes_it() -> None:
    created = called("park_slot", {"id": "701", "name": "New"})
    assert (created["verdict"], created["plan"][0]["action"], created["park_slot"]["name"]) == (
        "applied",
        "create",
        "New",
    )
    assert called("park_slot", {"id": "701", "name": "New"})["verdict"] == "clean"
    changed = called("park_slot", {"id": "701", "name": "Newer"})
    assert [change["field"] for change in changed["plan"][0]["changes"]] == ["name"]
    assert called("park_slot", {"id": "701", "state": "absent"})["changed"]
    assert Server.written == ["create 701", "update 701", "delete 701"]
    assert [one["id"] for one in called("park_slot_info", {})["park_slots"]] == ["700"]


def test_a_tenant_run_writes_it_and_says_so_only_then(tmp_path: Path) -> None:
    document = {"park_slots": [{"id": "701", "name": "New"}], "journal": str(tmp_path / "journal")}
    planned = called("tenant", document, check_mode=True)
    assert (planned["verdict"], planned["summary"]["create"], Server.written) == ("drift", 1, [])
    assert planned["unmanaged"] == [{"resource": "park_slot", "id": "700", "name": "Old"}]
    done = called("tenant", document)
    assert (done["verdict"], done["plan_id"], Server.written) == ("applied", planned["plan_id"], ["create 701"])


def test_purge_journal_and_restore_know_it(tmp_path: Path) -> None:
    before = copy.deepcopy(Server.slots)
    document = {"park_slots": [{"id": "701", "name": "New"}], "purge": ["park_slots"], "max_deletions": ""}
    done = called("tenant", {**document, "journal": str(tmp_path / "journal")})
    assert (done["verdict"], set(Server.slots)) == ("applied", {"701"})
    assert Server.written == ["create 701", "delete 700"]
    journal = json.loads(Path(done["journal"]).read_text())
    assert {one["id"]: one.get("state") for one in journal["objects"]["park_slots"]} == {"701": "absent", "700": None}
    restored = called("tenant", {"restore_from": done["journal"], "journal": ""})
    assert (restored["verdict"], Server.slots) == ("applied", before)


def test_an_export_of_it_changes_nothing_when_it_is_applied() -> None:
    exported = called("tenant_info", {})
    assert exported["park_slots"] == [{"id": "700", "name": "Old", "falls_back_to": ""}]
    assert called("tenant", {"park_slots": exported["park_slots"], "journal": ""})["verdict"] == "clean"


@pytest.mark.parametrize("layout", ["file", "objects"])
def test_the_files_of_an_export_have_it(tmp_path: Path, layout: str) -> None:
    update = update_of(tmp_path, called("tenant_info", {}), layout, "")
    written = b"".join(update.contents.values()).decode()
    assert "pbx_park_slots:" in written and 'name: "Old"' in written


def test_what_leads_to_it_keeps_it_from_being_deleted() -> None:
    Server.slots["701"] = {"id": "701", "name": "Other", "falls_back_to": "700"}
    refused = called("park_slot", {"id": "700", "state": "absent"})
    assert refused["failed"] and "park_slot 701 (Other) falls back to it" in refused["msg"]
    assert Server.written == []


def test_a_defect_of_ours_is_not_blamed_on_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Store, declared: Declared, current: Observed | None) -> None:
        raise KeyError("ours")

    monkeypatch.setattr(Slots, "pair", broken)
    for result in (called("park_slot", {"id": "700", "name": "x"}), called("tenant", {"park_slots": [{"id": "700"}]})):
        assert result["error_class"] == "Defect" and "KeyError" in result["exception"] and "ours" in result["exception"]
        assert "\n" not in result["msg"] and (result["changed"], result["verdict"]) == (False, "incomplete")


def test_a_step_that_nobody_carried_out_is_incomplete(monkeypatch: pytest.MonkeyPatch) -> None:
    from ansible_collections.telephony.pbx.plugins.module_utils.engine import planning
    from ansible_collections.telephony.pbx.plugins.module_utils.engine.order import Order

    monkeypatch.setattr(planning, "arrange", lambda steps, backend, context: Order())
    result = called("tenant", {"park_slots": [{"id": "701", "name": "New"}], "journal": ""})
    assert (result["verdict"], result["plan"][0]["status"], Server.written) == ("incomplete", "planned", [])
    assert result["failed"]


def test_planned_identifiers_are_known_by_kind() -> None:
    context = RunContext(planned_ids={"number": frozenset({"701"})})
    assert context.is_planned("701") and not context.is_planned("701", "account") and not context.is_released("701")
