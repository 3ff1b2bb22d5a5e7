# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two editors, where much time passes between our reading and our writing: a run over a large tenant takes minutes.

What was read long ago is read again before it is written, so that all changes of others survive, also those that are
lost to the whole that a vendor takes (see test_two_editors.py) when they are made in the last moment.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.engine import execute
from ansible_collections.telephony.pbx.plugins.module_utils.entry import run
from ansible_collections.telephony.pbx.tests.contract.cases import Values, copied
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant
from ansible_collections.telephony.pbx.tests.trust import figures
from ansible_collections.telephony.pbx.tests.trust.editing import SUITE, Edit, Editor, Stage, Work, called
from ansible_collections.telephony.pbx.tests.trust.edits_apio import PLAIN
from ansible_collections.telephony.pbx.tests.trust.edits_portaswitch import (
    PORTA_MEMBER,
    PORTA_START,
    porta_sets,
)
from ansible_collections.telephony.pbx.tests.trust.test_crash_points import different
from ansible_collections.telephony.pbx.tests.trust.test_two_editors import WORKS, coming, copies, going, theirs_of

LATE = "changes of others after our reading and long before our writing"
# Another object, written before the one that they change.
FIRST: dict[str, Values] = {
    "portaswitch": {"id": "200", "name": "Sales EU"},
    "vodia": {"id": "1003", "name": "Second floor"},
    "apio": {"id": PLAIN, "name": "Second floor"},
}


# Where both together come to something else than their change after ours would have, and rightly so.
OTHERWISE = {
    ("apio", "follow-me at least", "a destination more"): "theirs was there first, so it rings before ours",
    (
        "portaswitch",
        "follow-me exact",
        "a destination more",
    ): "theirs is made into ours, and keeps what is not declared",
}


@pytest.fixture(autouse=True)
def nothing_stays_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "FRESH_SECONDS", -1.0)
    monkeypatch.setattr(execute, "PORTION", 1)


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Has somebody act once, after the plan and before anything is read again for it."""
    waiting: list[Callable[[], None]] = []

    def acting_first(owner: Any, name: str) -> None:
        original = getattr(owner, name)

        def called_late(self: Any, *given: Any) -> Any:
            while waiting:
                waiting.pop()()
            return original(self, *given)

        monkeypatch.setattr(owner, name, called_late)

    acting_first(execute.Execution, "_read_again")
    return waiting.append


def late(stage: Stage, meanwhile: Callable[[Callable[[], None]], None], act: Callable[[], None]) -> Values:
    """Our run from the state before it, with somebody else's act while it waits."""
    stage.vendor.state = copied(stage.before)
    acted: list[bool] = []

    def acting() -> None:
        act()
        acted.append(True)

    meanwhile(acting)
    result = stage.once()
    assert acted
    figures.count(SUITE, LATE, 1, stage.site.case.backend)
    return result


def edits(kind: str) -> list[Any]:
    """All edits of a kind; none of them is expected to be lost."""
    return [
        pytest.param(work, what, id=f"{work.backend}-{work.name}-{what}")
        for work in WORKS
        for what in getattr(work, kind)
    ]


@pytest.mark.parametrize(("work", "what"), edits("beside"))
def test_what_we_did_not_declare_and_they_changed_survives_every_late_write(
    open_site: Any, meanwhile: Any, work: Work, what: str
) -> None:
    stage, edit = Stage(open_site(work.backend), work), work.beside[what]
    expected = stage.with_edit(edit)
    result = late(stage, meanwhile, stage.edited(edit))
    assert not result.get("failed"), result["msg"]
    stays = different(expected, stage.view(stage.vendor.state)) == ""
    assert stage.effects and stays == ((work.backend, work.name, what) not in OTHERWISE)
    stage.caller.unchanged(work.declared)


@pytest.mark.parametrize(("work", "what"), edits("against"))
def test_what_we_declare_and_they_changed_is_ours_after_a_late_write(
    open_site: Any, meanwhile: Any, work: Work, what: str
) -> None:
    stage, (edit, _words) = Stage(open_site(work.backend), work), work.against[what]
    result = late(stage, meanwhile, stage.edited(edit))
    assert not result.get("failed"), result["msg"]
    ours = different(stage.view(stage.goal), stage.view(stage.vendor.state)) == ""
    assert ours == ((work.backend, work.name, what) not in OTHERWISE)
    stage.caller.unchanged(work.declared)


@pytest.mark.parametrize("backend", FIRST)
def test_a_change_of_another_object_while_the_first_is_written_survives(open_site: Any, backend: str) -> None:
    """The whole of it: somebody is at work while our run writes other objects before."""
    first = FIRST[backend]
    for work in WORKS:
        if work.backend != backend or work.module != "hunt_group":
            continue
        for what, edit in work.beside.items():
            if what == "other objects":
                continue
            declared = {"hunt_groups": [first, work.declared]}
            stage = Stage(open_site(backend), Work("late", backend, "tenant", declared, work.start))
            expected = stage.with_edit(edit)
            with pytest.MonkeyPatch.context() as patched:
                stage.disturbed(Editor(patched), 0, stage.edited(edit))
            assert different(expected, stage.view(stage.vendor.state)) == "", (work.name, what)


@pytest.mark.parametrize(("work", "goes"), going())
def test_what_they_delete_before_a_late_write_stops_it_before_any_change(
    open_site: Any, meanwhile: Any, work: Work, goes: Edit
) -> None:
    stage = Stage(open_site(work.backend), work)
    without = copied(stage.before)
    goes(without)
    result = late(stage, meanwhile, stage.edited(goes))
    if work.module == "follow_me":  # a list that is always there: what has gone from it is made again
        assert not result.get("failed") and different(stage.view(stage.goal), stage.view(stage.vendor.state)) == ""
        return
    assert result["failed"] and "somebody has deleted it" in result["msg"] and not result["changed"], result
    assert different(stage.view(without), stage.view(stage.vendor.state)) == ""
    assert not stage.once().get("failed")
    stage.caller.unchanged(work.declared)


@pytest.mark.parametrize("work", coming())
def test_what_they_create_before_a_late_creation_stays_as_they_made_it(
    open_site: Any, meanwhile: Any, work: Work
) -> None:
    stage = Stage(open_site(work.backend), work)
    module, theirs = theirs_of(work)
    said: list[Values] = []
    result = late(stage, meanwhile, called(stage.site, module, theirs, said))
    assert not said[0].get("failed") and copies(stage, theirs["id"]) == 1
    assert result["failed"] and "somebody has created it" in result["msg"] and not result["changed"], result
    made = copied(stage.vendor.state)
    stage.vendor.state = copied(stage.before)
    called(stage.site, module, theirs, said)()
    assert different(stage.view(made), stage.view(stage.vendor.state)) == "", "theirs was touched"
    assert not stage.once().get("failed") and copies(stage, theirs["id"]) == 1
    stage.caller.unchanged(work.declared)


def test_an_extension_that_somebody_puts_into_a_group_meanwhile_is_not_deleted(
    portaswitch: Site, meanwhile: Any
) -> None:
    """The plan could not know: after the group was planned anew, who rings what is looked at again."""
    declared = {
        "hunt_groups": [{"id": "0250", "members": [{"extension": "104"}], "membership": "at_least"}],
        "extensions": [{"id": "107", "state": "absent"}],
    }
    stage = Stage(portaswitch, Work("rung", "portaswitch", "tenant", declared, (("hunt_group", PORTA_START),)))
    result = late(stage, meanwhile, stage.edited(PORTA_MEMBER["a member more"]))
    steps = {step["id"]: (step["status"], step["error"]) for step in result["plan"]}
    assert steps["0250"] == ("done", None) and result["verdict"] == "incomplete"
    assert steps["107"] == ("skipped", "not begun: hunt group 0250 still rings it")


def test_what_is_to_be_deleted_and_has_gone_already_is_no_error(portaswitch: Site, meanwhile: Any) -> None:
    declared = {"extensions": [{"id": "107", "state": "absent"}]}
    stage = Stage(portaswitch, Work("gone", "portaswitch", "tenant", declared))
    result = late(stage, meanwhile, called(portaswitch, "extension", {"id": "107", "state": "absent"}, []))
    assert (result["verdict"], result["changed"]) == ("clean", False)


def test_what_was_planned_anew_is_said(portaswitch: Site, meanwhile: Any) -> None:
    declared = {"hunt_groups": [{"id": "0250", "name": "Ours"}, {"id": "200", "name": "Sales EU"}]}
    stage = Stage(portaswitch, Work("said", "portaswitch", "tenant", declared, (("hunt_group", PORTA_START),)))
    result = late(stage, meanwhile, stage.edited(porta_sets("0250", pickup_allowed="Y")))
    assert [line for line in result["warnings"] if "planned anew" in line] == [
        "hunt_group 0250: was no longer as this run had read it, and was planned anew"
    ]
    changed = next(step for step in result["plan"] if step["id"] == "0250")
    assert changed["changes"] == [{"field": "name", "before": "Night watch", "after": "Ours"}]


def test_a_journal_leads_back_to_before_the_run_and_leaves_alone_what_others_changed(
    portaswitch: Site, meanwhile: Any
) -> None:
    tenant = Tenant(portaswitch)
    stage = Stage(
        portaswitch,
        Work(
            "undo",
            "portaswitch",
            "tenant",
            {"hunt_groups": [{"id": "0250", "name": "Ours"}]},
            (("hunt_group", PORTA_START),),
        ),
    )
    edit = porta_sets("0250", pickup_allowed="Y")
    expected = copied(stage.before)
    edit(expected)
    result = late(stage, meanwhile, stage.edited(edit))
    tenant.done(json.loads(Path(result["journal"]).read_text(encoding="utf-8")))
    assert different(stage.view(expected), stage.view(stage.vendor.state)) == ""


@pytest.mark.parametrize("on_error", ["stop", "continue"])
def test_what_cannot_be_read_again_fails_before_its_write(
    portaswitch: Site, meanwhile: Any, monkeypatch: pytest.MonkeyPatch, on_error: str
) -> None:
    declared = {
        "hunt_groups": [{"id": "0250", "name": "Ours"}, {"id": "200", "name": "Sales EU"}],
        "on_error": on_error,
    }
    stage = Stage(portaswitch, Work("unread", "portaswitch", "tenant", declared, (("hunt_group", PORTA_START),)))
    result = late(stage, meanwhile, lambda: portaswitch.vendor.add_fault("status", status=500, times=100))
    assert result["failed"] and not result["changed"] and result["verdict"] == "incomplete"
    assert different(stage.view(stage.before), stage.view(stage.vendor.state)) == ""


def test_in_check_mode_nothing_is_read_again(portaswitch: Site) -> None:
    result = portaswitch.check({"id": "200", "name": "Sales EU"})
    assert (result["verdict"], result["requests"]) == ("drift", 1)
