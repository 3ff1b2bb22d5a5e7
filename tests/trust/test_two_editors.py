# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two editors: somebody else changes the same objects between our reading and our writing, at every write.

What we did not declare and they changed survives. What we declare and they changed is ours in the end, or the result
says that it is not; and the next run converges. No server here has a lock or a version to compare with, so where a
request carries more than what is declared, something of theirs can be lost: the declarations say what.
"""

from __future__ import annotations

import copy
import threading
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.entry import run
from ansible_collections.telephony.pbx.tests.contract.cases import USER, State, Values, apio_groups, copied
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant
from ansible_collections.telephony.pbx.tests.trust import edits_apio, edits_vodia, figures
from ansible_collections.telephony.pbx.tests.trust.differences import different
from ansible_collections.telephony.pbx.tests.trust.editing import (
    SUITE,
    THEIRS,
    Edit,
    Editor,
    Stage,
    Work,
    called,
    together,
)
from ansible_collections.telephony.pbx.tests.trust.two_editors import (
    STARTS,
    WORKS,
    coming,
    copies,
    edits,
    going,
    groups,
    theirs_of,
    with_one_member,
    works,
)

ROUNDS = 40 if figures.FULL else 2


def survives(stage: Stage, editor: Editor, edit: Edit) -> None:
    """Their edit stays, wherever it comes."""
    expected = stage.with_edit(edit)
    assert expected != stage.goal, "the edit changes nothing"
    for write in stage.places():
        result = stage.disturbed(editor, write, stage.edited(edit))
        assert not result.get("failed"), result["msg"]
        assert different(expected, stage.now) == "", f"before write {write}"
        stage.caller.unchanged(stage.work.declared)
        stage.count("changes of what we did not declare that survived")


@works
def test_what_we_did_not_declare_and_they_changed_survives(open_site: Any, editor: Editor, work: Work) -> None:
    survives(Stage(open_site(work.backend), work), editor, together(*work.beside))


@edits("lost", pytest.mark.xfail(strict=True, raises=AssertionError, reason="the server takes the whole only"))
def test_what_a_whole_takes_with_it_is_known(open_site: Any, editor: Editor, work: Work, what: str) -> None:
    """If one of them survives one day, it belongs to those that do."""
    survives(Stage(open_site(work.backend), work), editor, work.lost[what])


@edits("against")
def test_what_we_declare_and_they_changed_is_ours_in_the_end_or_is_reported(
    open_site: Any, editor: Editor, work: Work, what: str
) -> None:
    stage, (edit, word) = Stage(open_site(work.backend), work), work.against[what]
    for write in stage.places():
        result = stage.disturbed(editor, write, stage.edited(edit))
        missing = different(stage.goal, stage.now)
        assert bool(missing) <= bool(result.get("failed")), (write, result["verdict"], missing)
        if result.get("failed"):
            assert word in result["msg"], (write, result["msg"])
            stage.count("contradictions that the result named")
            assert not stage.once().get("failed")
        assert different(stage.goal, stage.now) == "", write
        stage.caller.unchanged(work.declared)
    assert stage.effects, "they changed nothing"


def test_an_agent_that_they_add_is_never_given_a_weight_by_us(apio: Site, editor: Editor) -> None:
    """Weights of all members have to be declared: one more is no business of ours, and the next run asks for it."""
    stage = Stage(apio, next(work for work in WORKS if work.name == "weights"))
    for write in stage.places():
        result = stage.disturbed(editor, write, stage.edited(edits_apio.adds(edits_apio.WEIGHTED, USER)))
        group = apio_groups(apio.state)[edits_apio.WEIGHTED]
        assert group["agents"][-1] == USER and group["weights"].get(USER, 0) == 0
        assert result.get("failed") and "weights" in result["msg"]
        assert f"{USER} left out" in stage.caller.refused(stage.work.declared)


# -- objects that go and come -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("work", "goes"), going())
def test_what_they_delete_is_not_reported_as_changed_and_is_made_again_by_the_next_run(
    open_site: Any, editor: Editor, work: Work, goes: Edit
) -> None:
    stage = Stage(open_site(work.backend), work)
    for write in stage.places():
        result = stage.disturbed(editor, write, stage.edited(goes))
        missing = different(stage.goal, stage.now)
        assert bool(missing) <= bool(result.get("failed")), (write, result["verdict"], missing)
        stage.once_more()
        stage.count("objects that somebody deleted in between, and that were missed")
    assert stage.effects == stage.writes + 1


@pytest.mark.parametrize("work", coming())
def test_what_they_create_at_the_same_time_is_never_there_twice(open_site: Any, editor: Editor, work: Work) -> None:
    stage = Stage(open_site(work.backend), work)
    module, theirs = theirs_of(work)
    for write in stage.places():
        said: list[Values] = []
        result = stage.disturbed(editor, write, called(stage.site, module, theirs, said))
        assert said and not said[0].get("failed"), said
        assert copies(stage, theirs["id"]) == 1
        assert result.get("failed") or different(stage.goal, stage.now) == "", (write, result["verdict"])
        stage.once_more()
        assert different(stage.goal, stage.now) == ""
        assert copies(stage, theirs["id"]) == 1
        stage.count("objects that two created at the same time, and that are there once")


def test_an_extension_that_they_make_of_our_number_stays_as_it_is(vodia: Site, editor: Editor) -> None:
    """One space of numbers for all kinds: taking theirs for our new group would be worse than any failure."""
    stage = Stage(vodia, groups("new", "hunt_group", "vodia", edits_vodia.START))
    theirs = {"type": "extensions", "calls": 0, "settings": {"first_name": "Zoe", "alias": ["0150"]}}

    def make(state: State) -> None:
        state["domains"]["localhost"]["accounts"]["0150"] = copy.deepcopy(theirs)

    result = stage.disturbed(editor, 0, stage.edited(make))
    assert result["failed"] and vodia.state["domains"]["localhost"]["accounts"]["0150"] == theirs
    assert "another kind" in stage.caller.refused(edits_vodia.START)


@pytest.mark.parametrize("membership", ["exact", "at_least"])
def test_a_destination_that_both_add_is_there_once_in_the_end(
    portaswitch: Site, editor: Editor, membership: str
) -> None:
    car = {"name": "Car", "number": "32477999888", "timeout": 15}
    declared = {"account": 700002, "destinations": [car], "membership": membership}
    stage = Stage(portaswitch, Work("new", "portaswitch", "follow_me", declared))
    for write in stage.places():
        stage.disturbed(editor, write, called(portaswitch, "follow_me", declared, []))
        stage.once_more()
        rows = [row for row in portaswitch.state["follow_me_numbers"].values() if row["i_account"] == 700002]
        assert [row["name"] for row in rows] == ["Car"], write


# -- two runs of ours ----------------------------------------------------------------------------------------------------------
def at_once(site: Site, *declared: Values) -> list[Values]:
    """Several runs of the tenant module, really at the same time."""
    gate, results = threading.Barrier(len(declared)), [Values()] * len(declared)

    def go(index: int) -> None:
        gate.wait()
        options = site.options(declared[index], journal="")
        results[index] = run.run("tenant", options, check_mode=False, environment={})

    threads = [threading.Thread(target=go, args=(index,)) for index in range(len(declared))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    figures.count(SUITE, "runs of ours at the same time on one tenant", len(declared), site.case.backend)
    return results


@pytest.mark.parametrize("there", [False, True], ids=["new", "there"])
def test_two_runs_with_different_objects_both_converge(site: Site, there: bool) -> None:
    tenant = Tenant(site)
    tenant.emptied()
    tenant.done({kind: rows for kind, rows in tenant.whole.document.items() if kind == "extensions" or there})
    start = site.state
    document = copy.deepcopy(tenant.whole.update if there else tenant.whole.document)
    both = {"hunt_groups": document["hunt_groups"][:1]}, {**document, "hunt_groups": document["hunt_groups"][1:]}
    for one in both:
        tenant.done(one)
    goal = tenant.view
    for _round in range(ROUNDS):
        tenant.vendor.state = copied(start)
        results = at_once(site, *both)
        assert not any(result.get("failed") for result in results), results
        assert different(goal, tenant.view) == ""


def test_of_two_runs_that_contradict_each_other_one_stands_after_the_next_run(site: Site) -> None:
    tenant = Tenant(site)
    tenant.done(tenant.whole.document)
    start = site.state
    ours = {"hunt_groups": [{**group, "name": "Ours"} for group in tenant.whole.document["hunt_groups"]]}
    both = ours, {"hunt_groups": copy.deepcopy(tenant.whole.update["hunt_groups"])}
    for round_ in range(ROUNDS):
        tenant.vendor.state = copied(start)
        at_once(site, *both)
        assert set(tenant.whole.groups_of(site.state)) == set(tenant.whole.groups_of(start))
        for members in tenant.whole.groups_of(site.state).values():
            assert len(members) == len(set(members))
        tenant.done(both[round_ % 2])
        tenant.unchanged(both[round_ % 2])


@pytest.mark.parametrize("there", [False, True], ids=["new", "there"])
@pytest.mark.parametrize("module", ["hunt_group", "tenant"])
def test_a_whole_run_of_ours_inside_another_one_that_contradicts_it(
    site: Site, editor: Editor, module: str, there: bool
) -> None:
    """Every place at which a second run can come in between, from beginning to end."""
    start = STARTS[site.case.backend]
    other = {**with_one_member(start), "name": THEIRS}
    work = groups("ours", module, site.case.backend, {**start, "name": "Night watch B"}, start if there else None)
    stage = Stage(site, work)
    for write in stage.places():
        said: list[Values] = []
        result = stage.disturbed(editor, write, called(site, "hunt_group", other, said))
        assert said[0]["verdict"] == "applied", said
        assert copies(stage, start["id"]) == 1
        assert result.get("failed") or different(stage.goal, stage.now) == "", write
        stage.once_more()
        assert different(stage.goal, stage.now) == ""
        stage.count("runs of ours inside another one that contradicts it")
