# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run and a call as a whole: what they tell when they end early, and what they leave to the next one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.engine.options import RunOptions
from ansible_collections.telephony.pbx.plugins.module_utils.engine.pipeline import Run
from ansible_collections.telephony.pbx.plugins.module_utils.entry import run as entry
from ansible_collections.telephony.pbx.plugins.module_utils.entry.call import Call, Invocation, defect_of
from ansible_collections.telephony.pbx.plugins.module_utils.entry.shared_sessions import SharedSessions
from ansible_collections.telephony.pbx.plugins.module_utils.errors import NotOffered, TransportError
from ansible_collections.telephony.pbx.plugins.module_utils.model.validate import Declared
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Values
from ansible_collections.telephony.pbx.tests.unit.fake_system import System, backend, context, extension, group, run

CONNECTION: Values = {
    "backend": "vodia", "url": "http://127.0.0.1:1", "tenant": "localhost", "username": "admin", "password": "demo-password",
}  # fmt: skip


class Ended(BaseException):
    """Something outside ends the run, as the timeout of a task does."""


def test_an_interrupted_run_tells_what_was_done_from_what_was_not_begun() -> None:
    system = System()

    def on_write(what: str, values: Values | None) -> Values | None:
        if what == "create hunt_group 200":
            raise Ended
        return values

    system.on_write = on_write
    made = Run(backend(system), [extension("101"), group("200", "101")], RunOptions(), context(system))
    with pytest.raises(Ended):
        made.carry_out()
    made.interrupt("the time is over")
    told = {one.step.place: (one.status, one.error) for one in made.outcomes}
    assert told == {"extension 101": ("done", ""), "hunt_group 200": ("skipped", "not begun: the time is over")}


def test_before_a_plan_there_is_nothing_to_interrupt() -> None:
    made = Run(backend(System()), [extension("101")], RunOptions(), context(System()))
    made.interrupt("the time is over")
    assert (made.outcomes, made.notes, made.doubted) == ([], [], False)


@pytest.mark.parametrize("cut_off", [False, True])
def test_doubt_is_remembered_although_the_write_was_processed(cut_off: bool) -> None:
    system = System().has("extension", "101")

    def on_write(what: str, values: Values | None) -> Values | None:
        if cut_off and not system.written:
            system.written.append(what)
            system.objects["extension"]["101"] = values or {}
            raise TransportError("cut off", in_doubt=True)
        return values

    system.on_write = on_write
    made = run(system, extension("101", name="a"))
    assert (made.verdict, made.doubted) == ("applied", cut_off)


def test_what_the_read_back_notices_is_told() -> None:
    system = System().has("extension", "101")
    on = backend(system)
    store = on.stores["extension"]
    find = store.find

    def noticing(self: Any, declared: Declared) -> Any:
        if system.written:
            self.notes.append("a row was left out")
        return find(self, declared)

    store.find = noticing  # type: ignore[method-assign]
    assert "a row was left out" in run(system, extension("101", name="a"), on=on).notes


def test_what_a_backup_cannot_hold_is_told(tmp_path: Path) -> None:
    system = System().has("extension", "101")

    def on_list(resource: str) -> None:
        if resource == "follow_me":
            raise NotOffered("nobody lists these")

    system.on_list = on_list
    made = run(system, extension("101", name="a"), asked={"backup": str(tmp_path / "backup.json")})
    assert made.verdict == "applied" and any("nobody lists these" in note for note in made.notes)


# -- a call ------------------------------------------------------------------------------------------------------------
def test_a_call_that_is_broken_off_leaves_no_open_system_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(Call):
        def carry_out(self) -> Values:
            raise KeyboardInterrupt

    dropped: list[object] = []
    monkeypatch.setattr(SharedSessions, "drop", lambda shared, system: dropped.append(system))
    call = Broken(Invocation("extension", CONNECTION, False, CONNECTION, {}, SharedSessions()))
    with pytest.raises(KeyboardInterrupt):
        call.result()
    assert dropped == [call.backend]


def test_a_defect_shows_where_it_happened_and_no_value() -> None:
    secret = "hunter-" + "secret"
    try:
        raise ValueError(secret)
    except ValueError as error:
        found = defect_of(error)
    assert "test_run.py" in found.trace and "raise ValueError(secret)" in found.trace
    assert secret not in found.trace and str(found) == "a defect of this collection (ValueError)"


def test_an_invocation_shows_no_secret() -> None:
    shown = repr(Invocation("tenant", CONNECTION, False, CONNECTION, {"PBX_PASSWORD": "hunter-secret"}))
    assert "demo-password" not in shown and "hunter-secret" not in shown


def test_a_declaration_that_is_refused_has_its_findings_in_the_result() -> None:
    result = entry.run("tenant", {**CONNECTION, "extensions": [{"id": "444", "nmae": "x"}]}, check_mode=False)
    assert result["failed"] and result["requests"] == 0
    assert [one["path"] for one in result["findings"]] == ["extensions[0].nmae"]
