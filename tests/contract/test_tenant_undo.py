# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way back: journals and backups are there before the first write, and applying one returns the tenant to it."""

from __future__ import annotations

import copy
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.engine import files
from ansible_collections.telephony.pbx.tests.contract.cases import (
    DEPARTMENT,
    DOMAIN,
    USER,
    USER1,
    Values,
    apio_groups,
)
from ansible_collections.telephony.pbx.tests.contract.random_tenants import FULL
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant, whole

pytestmark = pytest.mark.thorough

ENVELOPE = {"format", "kind", "backend", "url", "tenant", "group", "host", "created_at", "plan_id", "objects"}
FIRST = f"APIOTestHuntGroup@{DOMAIN}"


def read(path: str) -> Values:
    """The objects of a journal or a backup, which nobody else may read and which says what it belongs to."""
    file = Path(path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    document: Values = json.loads(file.read_text(encoding="utf-8"))
    assert set(document) == ENVELOPE and document["kind"] in ("journal", "backup")
    objects: Values = document["objects"]
    return objects


def everything(tenant: Tenant) -> Values:
    """Changes of every kind: objects that are created, changed and purged."""
    document = whole(tenant)
    document["hunt_groups"] = [*copy.deepcopy(tenant.whole.update["hunt_groups"][:1]), *document["hunt_groups"][1:]]
    return {**document, "purge": ["hunt_groups"]}


def prepared(tenant: Tenant) -> None:
    """A tenant in use, whose second declared group is missing: `everything` has all kinds of work with it."""
    for row in tenant.vendor.state.get("memberships", {}).values():
        row["hunt_active"] = "Y"
    tenant.done(whole(tenant))
    tenant.done({"hunt_groups": [{"id": whole(tenant)["hunt_groups"][1]["id"], "state": "absent"}]})


# -- journals -----------------------------------------------------------------------------------------------------------
def test_a_journal_goes_to_ansibles_home_and_is_for_its_owner_only(tenant: Tenant, home: Path) -> None:
    result = tenant.done(whole(tenant))
    (file,) = home.rglob("*.json")
    assert result["journal"] == str(file) and file.parent == home / "telephony_pbx" / "journal"
    assert tenant.case.backend in file.name and not list(home.rglob(".pbx-*"))
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert not any(secret in file.read_text() for secret in tenant.case.secrets)
    assert set(read(str(file))) <= set(tenant.whole.kinds)


def test_two_runs_of_one_second_have_a_journal_each(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files.time, "strftime", lambda *_given: "20260101T000000")
    first = tenant.done(whole(tenant))["journal"]
    before = Path(first).read_text()
    second = tenant.done(tenant.whole.update)["journal"]
    assert first != second and Path(first).read_text() == before


def test_the_groups_of_one_apio_tenant_have_journals_of_their_own(apio: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hosts of an inventory may differ in `group` only."""
    monkeypatch.setattr(files.time, "strftime", lambda *_given: "20260101T000000")
    tenant = Tenant(apio)
    one = tenant.done(whole(tenant))["journal"]
    other = {"id": f"other@{DOMAIN}", "name": "Other", "settings": {"serviceInstanceProfile": {}}}
    other["settings"]["serviceInstanceProfile"] = {"cliLastName": "Other", "cliFirstName": "Group"}
    assert tenant.done({"hunt_groups": [other]}, group="ApioGrpTest2")["journal"] != one


def test_no_journal_is_written_when_nothing_changes_or_nobody_wants_one(tenant: Tenant, home: Path) -> None:
    result = tenant.done(whole(tenant), journal="")
    assert "journal" not in result and not home.exists()
    tenant.unchanged(whole(tenant))
    assert not home.exists()


def test_a_journal_goes_where_it_is_wanted(tenant: Tenant, tmp_path: Path) -> None:
    wanted = str(tmp_path / "new" / "folder" / "journal.json")
    assert tenant.done(whole(tenant), journal=wanted)["journal"] == wanted
    assert read(wanted)


@pytest.mark.parametrize("option", ["journal", "backup"])
def test_nothing_is_changed_when_the_way_back_cannot_be_written(tenant: Tenant, tmp_path: Path, option: str) -> None:
    (tmp_path / "file").write_text("")
    message = tenant.refused(whole(tenant), **{option: str(tmp_path / "file" / "journal.json")})
    assert "journal.json" in message and "nothing was changed" in message


def test_a_journal_leads_back_from_changes_of_every_kind(tenant: Tenant) -> None:
    prepared(tenant)
    before = tenant.view
    result = tenant.done(everything(tenant))
    assert {step["action"] for step in result["plan"]} >= {"create", "update", "delete"}
    assert read(result["journal"])
    tenant.done(restore_from=result["journal"])
    assert tenant.view == before
    tenant.unchanged(restore_from=result["journal"])


def test_a_restore_from_a_journal_has_a_journal_that_leads_forward_again(tenant: Tenant, home: Path) -> None:
    prepared(tenant)
    there = tenant.done(everything(tenant), journal=str(home / "there.json"))
    after = tenant.view
    again = tenant.done(restore_from=there["journal"], journal=str(home / "back.json"))
    tenant.done(restore_from=again["journal"])
    assert tenant.view == after


def test_a_journal_is_there_before_the_first_write(tenant: Tenant) -> None:
    prepared(tenant)
    before = tenant.view
    tenant.vendor.add_fault("status", status=500, writes_only=True, processed=True, body="{}", times=None)
    result = tenant.run(everything(tenant))
    tenant.vendor.faults = []
    assert result["changed"] is True and tenant.view != before
    tenant.done(restore_from=result["journal"])
    assert tenant.view == before


def test_a_run_that_was_stopped_at_any_write_is_undone_by_its_journal(tenant: Tenant, home: Path) -> None:
    prepared(tenant)
    start, before = tenant.state, tenant.view
    tenant.done(everything(tenant), concurrency=1)
    writes = len(tenant.vendor.writes())
    assert writes >= 4
    for write in range(writes):  # before the write has an effect and after it, by turns; both in a full run
        for processed in (False, True) if FULL else (write % 2 == 0,):
            tenant.vendor.state = copy.deepcopy(start)
            wanted = str(home / f"{processed}-{write}.json")
            tenant.vendor.add_fault(
                "status", status=500, writes_only=True, skip=write, times=None, processed=processed, body="{}"
            )
            tenant.run(everything(tenant), concurrency=1, journal=wanted)
            tenant.vendor.faults = []
            tenant.run(restore_from=wanted)
            assert tenant.view == before, (processed, write)


# -- what a journal has to know ----------------------------------------------------------------------------------------
def undone(tenant: Tenant, change: Values) -> None:
    """Apply a change and its journal: everything is as it was."""
    before = tenant.view
    result = tenant.done(change)
    assert tenant.view != before
    back = tenant.run(restore_from=result["journal"])
    assert not back.get("failed"), back["msg"]
    assert tenant.view == before


def test_an_agent_that_signed_out_is_not_signed_in_by_an_undo(porta: Tenant) -> None:
    """105 has signed out of 99999; taken out and put back it must not ring again."""
    undone(porta, {"hunt_groups": [{"id": "99999", "members": [{"extension": "104"}, {"extension": "106"}]}]})


def test_an_extension_without_a_phone_comes_back_or_is_not_deleted(porta: Tenant) -> None:
    """108 has no account, and nothing can create such an extension: what cannot be undone must not begin unsaid."""
    before = porta.view
    result = porta.run({"extensions": [{"id": "108", "state": "absent"}]})
    if result.get("failed"):
        assert porta.view == before
        return
    said = " ".join(result.get("warnings", []))
    back = porta.run(restore_from=result["journal"])
    assert porta.view == before or "108" in said, back


def test_a_phone_that_was_given_to_an_extension_is_taken_away_again(porta: Tenant) -> None:
    undone(porta, {"extensions": [{"id": "108", "account": 700009}]})


def test_a_primary_group_that_moved_comes_back(porta: Tenant) -> None:
    """One extension has one primary group: making another one primary changes a group that was not declared."""
    undone(porta, {"hunt_groups": [{"id": "99999", "membership": "at_least", "members": [
        {"extension": "101", "primary": True}]}]})  # fmt: skip


def test_a_group_that_rings_another_group_is_undone(porta: Tenant) -> None:
    porta.done({"hunt_groups": [{"id": "0250", "name": "Outer", "members": [{"extension": "200"}]}]})
    before = porta.view
    absent = [{"id": number, "state": "absent"} for number in ("0250", "200")]
    result = porta.done({"hunt_groups": absent})
    porta.done(restore_from=result["journal"])
    assert porta.view == before


def test_a_department_that_was_set_is_taken_away_again(apio: Site) -> None:
    tenant = Tenant(apio)
    tenant.done(whole(tenant))
    profile = {"serviceInstanceProfile": {"department": DEPARTMENT}}
    undone(tenant, {"hunt_groups": [{"id": f"sales@{DOMAIN}", "settings": profile}]})


@pytest.mark.parametrize("unset", ["", None, "absent"])
def test_what_was_unset_is_unset_again_however_the_server_shows_it(apio: Site, unset: Any) -> None:
    tenant = Tenant(apio)
    tenant.vendor.set_dialect(unset_value=unset)
    tenant.done(whole(tenant))
    settings = {
        "notReachableForwardToPhoneNumber": "+3225126778",
        "serviceInstanceProfile": {"publicUserIdentity": f"x@{DOMAIN}"},
    }
    changed = {"id": f"sales@{DOMAIN}", "extension": "4300", "overflow_to": "+3225126777", "settings": settings}
    undone(tenant, {"hunt_groups": [changed]})


def test_weights_that_never_totalled_100_come_back(apio: Site) -> None:
    """APIO takes any total; others may have left one behind, and nobody declared it."""
    tenant = Tenant(apio)
    apio_groups(tenant.vendor.state)[FIRST]["weights"] = {USER: 60, USER1: 10}
    undone(tenant, {"hunt_groups": [{"id": FIRST, "name": "Renamed"}]})


def test_a_forward_that_was_switched_off_keeps_its_number(apio: Site) -> None:
    tenant = Tenant(apio)
    apio_groups(tenant.vendor.state)[FIRST].update(forwardToPhoneNumber="+3225126777", forwardAfterTimeout=False)
    undone(tenant, {"hunt_groups": [{"id": FIRST, "state": "absent"}]})


def test_a_group_whose_id_the_server_made_is_deleted_by_the_undo(apio: Site) -> None:
    tenant = Tenant(apio)
    tenant.vendor.set_dialect(auto_id=True)
    new = {name: value for name, value in whole(tenant)["hunt_groups"][1].items() if name != "id"}
    undone(tenant, {"hunt_groups": [new]})


def test_an_empty_name_comes_back(vodia: Site) -> None:
    tenant = Tenant(vodia)
    tenant.vendor.state["domains"]["localhost"]["accounts"]["1003"]["settings"]["display"] = ""
    undone(tenant, {"hunt_groups": [{"id": "1003", "name": "Named", "settings": {"melody": "ringer1", "rec": True}}]})


# -- backups ------------------------------------------------------------------------------------------------------------
def emptied_of_groups(tenant: Tenant) -> Values:
    return {"hunt_groups": [], "purge": ["hunt_groups"]}


def test_a_backup_holds_the_whole_tenant_and_brings_it_back(tenant: Tenant, tmp_path: Path) -> None:
    prepared(tenant)
    before, exported = tenant.view, tenant.export()
    wanted = str(tmp_path / "backup.json")
    result = tenant.done(emptied_of_groups(tenant), backup=wanted)
    assert result["backup"] == wanted and read(wanted) == exported
    tenant.run(restore_from=wanted)
    assert tenant.view == before


def test_a_backup_is_written_before_the_first_write_and_only_when_something_changes(
    tenant: Tenant, tmp_path: Path
) -> None:
    tenant.done(whole(tenant))
    wanted = tmp_path / "backup.json"
    tenant.unchanged(whole(tenant), backup=str(wanted))
    assert not wanted.exists()
    exported = tenant.export()
    tenant.vendor.add_fault("status", status=500, writes_only=True, times=None, body="{}")
    tenant.run(emptied_of_groups(tenant), backup=str(wanted))
    assert read(str(wanted)) == exported


def test_a_name_that_nobody_can_clear_does_not_block_the_undo_of_everything_else(porta: Tenant) -> None:
    """200 has no name. Giving it one cannot be undone, but what was changed besides can."""
    next(one for one in porta.vendor.state["customers"]["10"]["groups"].values() if one["id"] == "200")["name"] = None
    before = porta.view
    changes = {
        "hunt_groups": [{"id": "200", "name": "Named", "policy": "random"}, {"id": "99999", "name": "Other"}],
        "extensions": [{"id": "101", "name": "Somebody"}],
    }
    result = porta.done(changes)
    porta.done(restore_from=result["journal"])
    after = porta.view
    assert after["extensions"] == before["extensions"] and after["groups"]["99999"] == before["groups"]["99999"]
    assert after["groups"]["200"]["hunt_sequence"] == before["groups"]["200"]["hunt_sequence"]


def test_an_extension_without_a_name_does_not_block_the_undo_either(porta: Tenant) -> None:
    porta.vendor.state["customers"]["10"]["extensions"]["5002"]["name"] = None
    changes = {"extensions": [{"id": "102", "name": "Named"}, {"id": "101", "name": "Somebody"}]}
    result = porta.done(changes)
    porta.done(restore_from=result["journal"])
    assert porta.view["extensions"]["101"] == ("Alice Reception", 700001)


def test_rules_about_declarations_do_not_stop_a_restore(tenant: Tenant) -> None:
    """What was there before may break a rule that somebody has written since."""
    done = tenant.done(whole(tenant))
    rule = {"id": "no-groups", "resource": "hunt_groups", "field": "id", "matches": "none", "message": "no groups"}
    assert tenant.run({"restore_from": done["journal"], "rules": [rule]}, journal="")["verdict"] == "applied"
