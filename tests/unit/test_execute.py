# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carrying out a plan: what is read back decides, and what happens when something goes otherwise than planned."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.engine.pipeline import Run
from ansible_collections.telephony.pbx.plugins.module_utils.errors import NotStored, PBXError, Rejected, TransportError
from ansible_collections.telephony.pbx.plugins.module_utils.model.validate import Declared
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Values
from ansible_collections.telephony.pbx.tests.unit.fake_system import (
    KEPT,
    System,
    backend,
    extension,
    group,
    members,
    run,
)

CONTINUE = {"on_error": "continue"}


class Trouble:
    """Answers the n-th write of a kind otherwise: with KEPT it is accepted and not stored, an error is raised (and with
    `after` what was written is stored first)."""

    def __init__(self, system: System, what: str, answer: Any, times: int = 99, after: bool = False) -> None:
        self.system, self.what, self.answer, self.times, self.after = system, what, answer, times, after
        system.on_write = self.write

    def write(self, what: str, values: Values | None) -> Values | None:
        if what != self.what or not self.times:
            return values
        self.times -= 1
        if not isinstance(self.answer, Exception):
            return KEPT
        if self.after:
            _how, resource, key = what.split()
            if values is None:
                del self.system.objects[resource][key]
            else:
                self.system.objects[resource][key] = values
        raise self.answer


def told(made: Run) -> dict[str, tuple[str, str]]:
    return {one.step.place: (one.status, one.error_class) for one in made.outcomes}


def extensions(*numbers: str) -> System:
    system = System()
    for number in numbers:
        system.has("extension", number)
    return system


# -- accepted is not stored ----------------------------------------------------------------------------------------------
def test_what_was_accepted_and_not_stored_is_written_once_more() -> None:
    system = extensions("101")
    Trouble(system, "update extension 101", KEPT, times=1)
    made = run(system, extension("101", name="a"), settle=(0.2, 0.5))
    assert (made.verdict, system.written) == ("applied", ["update extension 101"] * 2)
    assert system.naps == [0.2, 0.5]  # it may just have been late


def test_what_is_not_stored_a_second_time_is_named() -> None:
    system = extensions("101")
    Trouble(system, "update extension 101", KEPT)
    made = run(system, extension("101", name="a"))
    assert told(made) == {"extension 101": ("failed", "NotStored")} and made.verdict == "incomplete"
    assert system.written == ["update extension 101"] * 2
    (outcome,) = made.outcomes
    assert "did not store name" in outcome.error and outcome.took_effect


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_creation_or_deletion_is_waited_for_and_not_sent_twice(state: str) -> None:
    system = extensions("101") if state == "absent" else System()
    verb = "delete" if state == "absent" else "create"
    Trouble(system, f"{verb} extension 101", KEPT)

    def late(seconds: float) -> None:
        system.sleep(seconds)
        if len(system.naps) == 2:
            system.objects = (System() if state == "absent" else extensions("101")).objects

    made = run(system, extension("101", state=state), settle=(0.2, 0.5, 1.0), sleep=late)
    assert (made.verdict, system.written, system.naps) == ("applied", [f"{verb} extension 101"], [0.2, 0.5])


def test_a_creation_that_never_shows_up_fails_after_all_waiting() -> None:
    system = System()
    Trouble(system, "create extension 101", KEPT)
    made = run(system, extension("101"), settle=(0.2, 0.5))
    assert told(made) == {"extension 101": ("failed", "NotStored")} and system.naps == [0.2, 0.5]
    assert "the object is not there; nothing was changed" in made.outcomes[0].error


# -- errors --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("error", [TransportError("cut off", in_doubt=True), NotStored("odd"), Rejected("no")])
def test_whatever_the_answer_was_what_is_stored_is_done(error: PBXError) -> None:
    for one, before in (
        (extension("101", name="a"), True),
        (extension("101"), False),
        (extension("101", state="absent"), True),
    ):
        system = extensions("101") if before else System()
        how = "delete" if one.absent else "update" if before else "create"
        Trouble(system, f"{how} extension 101", error, after=True)
        made = run(system, one)
        assert told(made) == {"extension 101": ("done", "")} and made.verdict == "applied"


@pytest.mark.parametrize(
    ("error", "took_effect"),
    [
        (Rejected("the name is taken"), False),
        (TransportError("unreachable"), False),
        (TransportError("cut off", in_doubt=True), True),
    ],
)
def test_a_failed_write_is_not_repeated_and_says_whether_it_may_have_worked(error: PBXError, took_effect: bool) -> None:
    system = extensions("101")
    Trouble(system, "update extension 101", error)
    made = run(system, extension("101", name="a"), settle=(0.2,))
    (outcome,) = made.outcomes
    assert (outcome.status, outcome.error_class, outcome.took_effect) == ("failed", type(error).__name__, took_effect)
    assert outcome.error.startswith(str(error)) and system.written == []
    assert system.naps == ([0.2] if took_effect else [])  # only doubt is worth waiting for


def test_a_defect_of_ours_is_told_with_its_trace_and_without_secrets() -> None:
    system = extensions("101")
    on = backend(system)
    on.session.hide("hunter-secret")
    Trouble(system, "update extension 101", KeyError("hunter-secret"))
    made = run(system, extension("101", name="a"), on=on)
    (outcome,) = made.outcomes
    assert outcome.error_class == "Defect" and "KeyError" in outcome.trace
    assert "hunter-secret" not in outcome.error + outcome.trace


def test_what_cannot_be_read_back_fails_and_may_have_worked() -> None:
    system = extensions("101")

    def broken(resource: str, key: str) -> None:
        if system.written:
            raise TransportError("unreachable")

    system.on_read = broken
    (outcome,) = run(system, extension("101", name="a")).outcomes
    assert (outcome.status, outcome.error_class, outcome.took_effect) == ("failed", "TransportError", True)


# -- one failure among many ----------------------------------------------------------------------------------------------
def three(system: System, asked: Values | None = None, **more: Any) -> Run:
    return run(system, *(extension(number, name="a") for number in ("101", "102", "103")), asked=asked, **more)


@pytest.mark.parametrize("error", [Rejected("no"), KeyError("ours")])
def test_after_a_refusal_nothing_more_is_begun(error: Exception) -> None:
    system = extensions("101", "102", "103")
    Trouble(system, "update extension 102", error)
    made = three(system)
    assert [status for status, _class in told(made).values()] == ["done", "failed", "skipped"]
    assert made.verdict == "incomplete" and system.written == ["update extension 101"]


def test_with_continue_the_others_are_written() -> None:
    system = extensions("101", "102", "103")
    Trouble(system, "update extension 102", Rejected("no"))
    made = three(system, CONTINUE)
    assert [status for status, _class in told(made).values()] == ["done", "failed", "done"]
    assert system.written == ["update extension 101", "update extension 103"] and made.verdict == "incomplete"


def test_later_stages_are_not_begun_after_a_failure() -> None:
    system = extensions("101").has("hunt_group", "200")
    Trouble(system, "update extension 101", KEPT)  # found out only when the stage is read back
    made = run(system, extension("101", name="a"), group("200", name="b"))
    assert told(made) == {"extension 101": ("failed", "NotStored"), "hunt_group 200": ("skipped", "")}
    assert "not begun" in made.outcomes[1].error and "update hunt_group 200" not in system.written


def test_an_object_that_cannot_be_read_stops_the_run_before_its_first_write_or_only_itself() -> None:
    for asked, written in (({}, []), (CONTINUE, ["update extension 101", "update extension 103"])):
        system = extensions("101", "102", "103")

        def broken(resource: str, key: str) -> None:
            if key == "102":
                raise Rejected("no")

        system.on_read = broken
        made = three(system, asked)
        assert system.written == written and told(made)["extension 102"] == ("failed", "Rejected")
        assert made.verdict == "incomplete"


def test_what_is_still_referred_to_is_not_deleted_after_something_failed() -> None:
    system = extensions("101", "102").has("hunt_group", "200", members=members("101"))
    Trouble(system, "update hunt_group 200", Rejected("no"))
    made = run(
        system, extension("101", state="absent"), extension("102", state="absent"), group("200", "5"), asked=CONTINUE
    )
    assert told(made)["extension 101"] == ("skipped", "") and told(made)["extension 102"] == ("done", "")
    assert "hunt_group 200 rings it" in made.outcomes[0].error and "101" in system.objects["extension"]


# -- what others do meanwhile --------------------------------------------------------------------------------------------
def meanwhile(system: System, change: Any, **options: Any) -> Run:
    """A run over extension 101 and group 200: while the extension is written, time passes and somebody changes a thing."""

    def write(what: str, values: Values | None) -> Values | None:
        if what.endswith("extension 101"):
            system.now += 60
            change()
        return values

    system.on_write = write
    return run(system, extension("101", name="a"), group("200", name="b", **options))


def test_what_somebody_changed_meanwhile_is_planned_anew() -> None:
    system = extensions("101").has("hunt_group", "200", overflow_to="5")
    made = meanwhile(system, lambda: system.objects["hunt_group"]["200"].update(overflow_to="7", members=members("9")))
    stored = system.objects["hunt_group"]["200"]
    assert (stored["name"], stored["overflow_to"], stored["members"]) == ("b", "7", members("9"))
    assert made.verdict == "applied"
    assert made.notes == ["hunt_group 200: was no longer as this run had read it, and was planned anew"]


def test_what_somebody_brought_to_the_goal_meanwhile_is_not_written() -> None:
    system = extensions("101").has("hunt_group", "200")
    made = meanwhile(system, lambda: system.objects["hunt_group"]["200"].update(name="b"))
    assert told(made)["hunt_group 200"] == ("unchanged", "") and system.written == ["update extension 101"]


def test_what_somebody_deleted_meanwhile_is_not_made_again() -> None:
    system = extensions("101").has("hunt_group", "200")
    made = meanwhile(system, system.objects["hunt_group"].clear)
    assert told(made)["hunt_group 200"] == ("failed", "Conflict") and system.written == ["update extension 101"]
    assert "somebody has deleted it" in made.outcomes[1].error and not made.outcomes[1].took_effect


def test_what_somebody_created_meanwhile_is_not_overwritten() -> None:
    system = extensions("101")
    made = meanwhile(system, lambda: system.has("hunt_group", "200", name="theirs"))
    assert told(made)["hunt_group 200"] == ("failed", "Conflict")
    assert "somebody has created it" in made.outcomes[1].error
    assert system.objects["hunt_group"]["200"]["name"] == "theirs"


def test_what_was_just_read_is_not_read_again_before_it_is_written() -> None:
    system = extensions("101").has("hunt_group", "200")
    read: list[str] = []
    system.on_read = lambda resource, key: read.append(key)
    run(system, extension("101", name="a"), group("200", name="b"))
    assert read == ["101", "200", "101", "200"]  # to plan, and to read back


def test_somebody_who_begins_to_ring_a_member_meanwhile_keeps_it_from_being_deleted() -> None:
    system = extensions("101", "102").has("hunt_group", "200")
    gone = extension("102", state="absent")

    def write(what: str, values: Values | None) -> Values | None:
        if what == "update extension 101":
            system.now += 60
            system.objects["hunt_group"]["200"]["members"] = members("102")
        return values

    system.on_write = write
    made = run(system, extension("101", name="a"), group("200", name="b"), gone)
    assert told(made)["extension 102"][0] == "skipped" and "102" in system.objects["extension"]


# -- freed, then taken ---------------------------------------------------------------------------------------------------
def swap() -> tuple[System, list[Declared]]:
    system = System()
    for number, alias in (("101", "91"), ("102", "92")):
        system.has("extension", number, settings={"alias": [alias, f"9{number}"]})
    wanted = (("101", "92"), ("102", "91"))
    return system, [extension(n, settings={"alias": [alias, f"9{n}"]}) for n, alias in wanted]


def test_a_swap_frees_takes_and_takes() -> None:
    system, objects = swap()
    made = run(system, *objects)
    assert made.verdict == "applied" and made.notes == []
    assert system.written == ["update extension 102", "update extension 101", "update extension 102"]
    stored = [system.objects["extension"][number]["settings"]["alias"] for number in ("101", "102")]
    assert stored == [["92", "9101"], ["91", "9102"]]
    assert run(system, *objects).verdict == "clean"


def test_a_number_that_could_not_be_freed_is_not_taken() -> None:
    system, objects = swap()
    Trouble(system, "update extension 102", Rejected("no"))
    made = run(system, *objects)
    assert told(made) == {"extension 101": ("skipped", ""), "extension 102": ("failed", "Rejected")}
    assert system.written == []


def test_an_object_that_gave_up_its_number_and_had_no_turn_is_not_called_untouched() -> None:
    system, objects = swap()
    Trouble(system, "update extension 101", Rejected("no"))
    made = run(system, *objects)
    assert system.objects["extension"]["102"]["settings"]["alias"] == []
    freed = next(one for one in made.outcomes if one.step.id == "102")
    assert freed.took_effect, freed


# -- the journal -----------------------------------------------------------------------------------------------------------
def test_the_state_as_it_was_is_safe_before_the_first_write(tmp_path: Path) -> None:
    system = extensions("101")
    asked = {"journal": str(tmp_path / "j"), "backup": str(tmp_path / "b"), "host": "h"}
    seen: list[list[str]] = []

    def write(what: str, values: Values | None) -> Values | None:
        seen.append(sorted(one.name for one in tmp_path.iterdir()))
        return values

    system.on_write = write
    made = run(system, extension("101", name="a"), asked=asked)
    assert seen == [["b", "j"]] and made.written_files == {
        "journal": str(tmp_path / "j"),
        "backup": str(tmp_path / "b"),
    }
    backup, journal = (json.loads((tmp_path / name).read_text()) for name in "bj")
    assert (backup["kind"], journal["kind"], journal["host"]) == ("backup", "journal", "h")
    assert journal["plan_id"] == made.plan_id and set(backup["objects"]) == {"extensions", "hunt_groups", "follow_me"}


@pytest.mark.parametrize("mode", ["check mode", "clean"])
def test_without_a_write_there_is_no_journal(tmp_path: Path, mode: str) -> None:
    system = extensions("101")
    wanted = extension("101", name="a") if mode == "check mode" else extension("101")
    made = run(system, wanted, check_mode=mode == "check mode", asked={"journal": str(tmp_path / "j")})
    assert made.written_files == {} and list(tmp_path.iterdir()) == []


def test_without_a_journal_nothing_is_written(tmp_path: Path) -> None:
    system = extensions("101")
    (tmp_path / "j").write_text("precious")
    made = run(system, extension("101", name="a"), asked={"journal": str(tmp_path / "j")})
    assert made.verdict == "incomplete" and "is there already" in str(made.stopped_by)
    assert system.written == [] and (tmp_path / "j").read_text() == "precious"


def test_a_key_that_the_server_gave_completes_the_journal(tmp_path: Path) -> None:
    system = System()
    system.renamed = {"101": "101@d"}
    made = run(system, extension("101", name="a"), asked={"journal": str(tmp_path / "j")})
    assert made.verdict == "applied" and made.outcomes[0].new_id == "101@d"
    assert json.loads((tmp_path / "j").read_text())["objects"] == {"extensions": [{"id": "101@d", "state": "absent"}]}


def test_a_journal_that_cannot_be_completed_is_a_warning(tmp_path: Path) -> None:
    system = System()
    system.renamed = {"101": "101@d"}
    place = tmp_path / "folder"

    def write(what: str, values: Values | None) -> Values | None:
        (place / "j").unlink()
        place.rmdir()
        place.write_text("")
        return values

    system.on_write = write
    made = run(system, extension("101"), asked={"journal": str(place / "j")})
    assert made.verdict == "applied" and "the journal could not be completed" in made.notes[0]


def test_what_a_write_changes_besides_is_in_the_journal(tmp_path: Path) -> None:
    system = System().has("hunt_group", "200").has("hunt_group", "201", name="b")
    system.besides = [{"id": "201", "name": "b"}]
    run(system, group("200", name="a"), asked={"journal": str(tmp_path / "j")})
    objects = json.loads((tmp_path / "j").read_text())["objects"]
    assert [one["id"] for one in objects["hunt_groups"]] == ["200", "201"]


@pytest.mark.parametrize("concurrency", [1, 4])
def test_many_writes_at_the_same_time_arrive_all(concurrency: int) -> None:
    numbers = [str(number) for number in range(101, 131)]
    system = extensions(*numbers[:15])
    made = run(system, *(extension(number, name="a") for number in numbers), concurrency=concurrency)
    assert made.verdict == "applied" and len(system.written) == 30
    assert {one["name"] for one in system.objects["extension"].values()} == {"a"}
