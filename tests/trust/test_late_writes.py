# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two editors, where much time passes between our reading and our writing: a run over a large tenant takes minutes.

What was read long ago is read again before it is written, so that all changes of others survive, also those that are
lost to the whole that a vendor takes (see test_two_editors.py) when they are made in the last moment.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.engine import execute
from ansible_collections.telephony.pbx.plugins.module_utils.entry import call
from ansible_collections.telephony.pbx.tests.contract.cases import Values, copied
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant
from ansible_collections.telephony.pbx.tests.trust import edits_apio, edits_portaswitch
from ansible_collections.telephony.pbx.tests.trust.differences import different
from ansible_collections.telephony.pbx.tests.trust.editing import Edit, Editor, Stage, Work, called, together
from ansible_collections.telephony.pbx.tests.trust.two_editors import (
    WORKS,
    coming,
    copies,
    edits,
    going,
    night_watch,
    rung_extension,
    theirs_of,
    works,
)

Act = Callable[[], None]
Late = Callable[[Stage, Act], Values]
# Another object, written before the one that they change.
FIRST: dict[str, Values] = {
    "portaswitch": {"id": "200", "name": "Sales EU"},
    "vodia": {"id": "1003", "name": "Second floor"},
    "apio": {"id": edits_apio.PLAIN, "name": "Second floor"},
}


@pytest.fixture(autouse=True)
def nothing_stays_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call, "FRESH_SECONDS", -1.0)
    monkeypatch.setattr(execute, "PORTION", 1)


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> Late:
    """Our run from the state before it; somebody acts once, after the plan and before anything is read again for it."""
    waiting: list[Act] = []
    lists_again = execute.Execution._lists_again

    def acting_first(self: Any, *given: Any) -> Any:
        while waiting:
            waiting.pop()()
        return lists_again(self, *given)

    monkeypatch.setattr(execute.Execution, "_lists_again", acting_first)

    def running(stage: Stage, act: Act) -> Values:
        stage.vendor.state = copied(stage.before)
        waiting.append(act)
        result = stage.once()
        assert waiting == []
        stage.count("changes of others after our reading and long before our writing")
        return result

    return running


@works
def test_what_we_did_not_declare_and_they_changed_survives_every_late_write(
    open_site: Any, late: Late, work: Work
) -> None:
    stage = Stage(open_site(work.backend), work)
    edit = together(*work.beside, *(edit for what, edit in work.lost.items() if what not in work.otherwise))
    expected = stage.with_edit(edit)
    result = late(stage, stage.edited(edit))
    assert not result.get("failed"), result["msg"]
    assert different(expected, stage.now) == ""
    stage.caller.unchanged(work.declared)


@edits("against")
def test_what_we_declare_and_they_changed_is_ours_after_a_late_write(
    open_site: Any, late: Late, work: Work, what: str
) -> None:
    stage = Stage(open_site(work.backend), work)
    result = late(stage, stage.edited(work.against[what][0]))
    assert not result.get("failed"), result["msg"]
    assert (different(stage.goal, stage.now) == "") == (what not in work.otherwise)
    stage.caller.unchanged(work.declared)


@pytest.mark.parametrize("backend", FIRST)
def test_a_change_of_another_object_while_the_first_is_written_survives(
    open_site: Any, editor: Editor, backend: str
) -> None:
    """The whole of it: somebody is at work while our run writes other objects before."""
    for work in [work for work in WORKS if (work.backend, work.module) == (backend, "hunt_group")]:
        declared = {"hunt_groups": [FIRST[backend], work.declared]}
        stage = Stage(open_site(backend), Work("late", backend, "tenant", declared, work.start))
        edit = together(*work.beside[4:], *work.lost.values())  # the first four change other objects
        expected = stage.with_edit(edit)
        stage.disturbed(editor, 0, stage.edited(edit))
        assert different(expected, stage.now) == "", work.name


@pytest.mark.parametrize(("work", "goes"), going())
def test_what_they_delete_before_a_late_write_stops_it_before_any_change(
    open_site: Any, late: Late, work: Work, goes: Edit
) -> None:
    stage = Stage(open_site(work.backend), work)
    without = copied(stage.before)
    goes(without)
    result = late(stage, stage.edited(goes))
    if work.module == "follow_me":  # a list that is always there: what has gone from it is made again
        assert not result.get("failed") and different(stage.goal, stage.now) == ""
        return
    assert result["failed"] and "somebody has deleted it" in result["msg"] and not result["changed"], result
    assert different(stage.view(without), stage.now) == ""
    stage.once_more()


@pytest.mark.parametrize("work", coming())
def test_what_they_create_before_a_late_creation_stays_as_they_made_it(open_site: Any, late: Late, work: Work) -> None:
    stage = Stage(open_site(work.backend), work)
    module, theirs = theirs_of(work)
    said: list[Values] = []
    result = late(stage, called(stage.site, module, theirs, said))
    assert not said[0].get("failed") and copies(stage, theirs["id"]) == 1
    assert result["failed"] and "somebody has created it" in result["msg"] and not result["changed"], result
    made = stage.now
    stage.vendor.state = copied(stage.before)
    called(stage.site, module, theirs, said)()
    assert different(made, stage.now) == "", "theirs was touched"
    stage.once_more()
    assert copies(stage, theirs["id"]) == 1


def test_an_extension_that_somebody_puts_into_a_group_meanwhile_is_not_deleted(portaswitch: Site, late: Late) -> None:
    """The plan could not know: after the group was planned anew, who rings what is looked at again."""
    stage = Stage(portaswitch, rung_extension())
    result = late(stage, stage.edited(edits_portaswitch.MORE))
    steps = {step["id"]: (step["status"], step["error"]) for step in result["plan"]}
    assert steps["0250"] == ("done", None) and result["verdict"] == "incomplete"
    assert steps["107"][0] == "skipped" and "0250" in steps["107"][1]


def test_what_is_to_be_deleted_and_has_gone_already_is_no_error(portaswitch: Site, late: Late) -> None:
    declared = {"extensions": [{"id": "107", "state": "absent"}]}
    stage = Stage(portaswitch, Work("gone", "portaswitch", "tenant", declared))
    result = late(stage, called(portaswitch, "extension", {"id": "107", "state": "absent"}, []))
    assert (result["verdict"], result["changed"]) == ("clean", False)


def test_what_was_planned_anew_is_told(portaswitch: Site, late: Late) -> None:
    stage = Stage(portaswitch, night_watch())
    result = late(stage, stage.edited(edits_portaswitch.SETTING))
    assert [line for line in result["warnings"] if "planned anew" in line] == [
        "hunt_group 0250: was no longer as this run had read it, and was planned anew"
    ]
    changed = next(step for step in result["plan"] if step["id"] == "0250")
    assert changed["changes"] == [{"field": "name", "before": "Night watch", "after": "Ours"}]


def test_a_journal_leads_back_to_before_the_run_and_leaves_alone_what_others_changed(
    portaswitch: Site, late: Late
) -> None:
    stage = Stage(portaswitch, night_watch())
    expected = copied(stage.before)
    edits_portaswitch.SETTING(expected)
    result = late(stage, stage.edited(edits_portaswitch.SETTING))
    Tenant(portaswitch).done({"restore_from": result["journal"]})
    assert different(stage.view(expected), stage.now) == ""


@pytest.mark.parametrize("on_error", ["stop", "continue"])
def test_what_cannot_be_read_again_fails_before_its_write(portaswitch: Site, late: Late, on_error: str) -> None:
    stage = Stage(portaswitch, night_watch(on_error=on_error))
    result = late(stage, lambda: portaswitch.vendor.add_fault("status", status=500, times=100))
    assert result["failed"] and not result["changed"] and result["verdict"] == "incomplete"
    assert different(stage.view(stage.before), stage.now) == ""


def test_in_check_mode_nothing_is_read_again(portaswitch: Site) -> None:
    result = portaswitch.check({"id": "200", "name": "Sales EU"})
    assert (result["verdict"], result["requests"]) == ("drift", 1)
