# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What modules return: results of runs, arguments without secrets, and what is wrong before any request."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.backends.registry import BACKENDS
from ansible_collections.telephony.pbx.plugins.module_utils.engine.execute import Execution
from ansible_collections.telephony.pbx.plugins.module_utils.entry import masking, results
from ansible_collections.telephony.pbx.plugins.module_utils.errors import Defect, PBXError, Rejected
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import RESOURCES
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Values
from ansible_collections.telephony.pbx.tests.unit.fake_system import (
    CAPABILITIES,
    KEPT,
    System,
    backend,
    extension,
    group,
    members,
    run,
)

HIDDEN = masking.SHOWN_INSTEAD


def failing(*numbers: str, error: Exception | None = None) -> System:
    """A system that refuses every change of these extensions."""
    system = System()
    for number in numbers:
        system.has("extension", number)

    def write(what: str, values: Values | None) -> Values | None:
        if what.split()[-1] in numbers:
            raise error or Rejected(f"{what.split()[-1]} is refused")
        return values

    system.on_write = write
    return system


# -- a whole tenant ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("count", "more"), [(1, ""), (5, ""), (6, "and 1 more"), (9, "and 4 more")])
def test_the_first_five_errors_are_told_and_how_many_more_there_are(count: int, more: str) -> None:
    numbers = [str(number) for number in range(101, 101 + count)]
    made = run(failing(*numbers), *(extension(number, name="a") for number in numbers), asked={"on_error": "continue"})
    result = results.of_tenant(made)
    assert result["failed"] and result["error_class"] == "Rejected" and not result["changed"]
    assert result["msg"].startswith(
        f"{count} of {count} objects failed, 0 were not begun: extension 101: 101 is refused"
    )
    assert [f"extension {number}: " in result["msg"] for number in numbers] == [place < 5 for place in range(count)]
    assert ("more" in result["msg"]) is bool(more) and result["msg"].endswith(more or result["msg"][-1])
    assert len(result["plan"]) == count and result["summary"]["failed"] == count


def test_one_long_error_does_not_push_the_others_out_of_the_message() -> None:
    system = failing("101", "102", error=Rejected("x" * 5000))
    made = run(system, *(extension(number, name="a") for number in ("101", "102")), asked={"on_error": "continue"})
    message = results.of_tenant(made)["msg"]
    assert "extension 102: " in message and len(message) < 2100


def test_what_was_done_is_a_change_although_something_else_failed() -> None:
    system = failing("102").has("extension", "101")
    made = run(system, *(extension(number, name="a") for number in ("101", "102", "103")), concurrency=1)
    result = results.of_tenant(made)
    assert (result["changed"], result["failed"], result["verdict"]) == (True, True, "incomplete")
    assert "1 of 3 objects failed, 1 were not begun" in result["msg"]


@pytest.mark.parametrize("stored", [True, False])
def test_what_may_have_been_done_is_a_change(stored: bool) -> None:
    system = System().has("extension", "101")
    system.on_write = lambda what, values: values if stored else KEPT
    assert results.of_tenant(run(system, extension("101", name="a")))["changed"]
    refused = results.of_tenant(run(failing("101"), extension("101", name="a")))
    assert refused["changed"] is False


def test_check_mode_tells_what_would_be_changed() -> None:
    system = System().has("extension", "101").has("extension", "102")
    made = run(system, extension("101", name="a"), extension("102"), check_mode=True)
    result = results.of_tenant(made)
    assert (result["changed"], result["verdict"], "failed" in result) == (True, "drift", False)
    assert [one["id"] for one in result["plan"]] == ["101"] and result["summary"]["unchanged"] == 1
    assert result["diff"] == {"prepared": 'extension 101 (a): name: "" -> a\n'}
    clean = results.of_tenant(run(system, extension("102"), check_mode=True))
    assert (clean["changed"], clean["verdict"], clean["plan"], "diff" in clean) == (False, "clean", [], False)


def test_a_step_that_nobody_carried_out_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Execution, "carry_out", lambda execution, order: None)
    result = results.of_tenant(run(System(), extension("101")))
    assert (result["failed"], result["verdict"], result["changed"]) == (True, "incomplete", False)


def test_what_stopped_a_run_is_its_message() -> None:
    system = System().has("extension", "101").has("hunt_group", "200", members=members("101"))
    result = results.of_tenant(run(system, extension("101", state="absent")))
    assert result["failed"] and result["error_class"] == "Conflict" and "hunt_group 200 rings it" in result["msg"]
    assert [one["status"] for one in result["plan"]] == ["skipped"] and result["changed"] is False


def test_notes_are_warnings_once_each_and_hold_no_secret() -> None:
    system = System().has("extension", "101")
    system.lost = {"101": (["hunter-secret"], [])}
    on = backend(system)
    on.session.hide("hunter-secret")
    warnings = results.of_tenant(run(system, extension("101", state="absent"), on=on))["warnings"]
    assert len(warnings) == 1 and "loses for good" in warnings[0] and "hunter-secret" not in warnings[0]


# -- one object --------------------------------------------------------------------------------------------------------
def of_one(system: System, one: Any, **more: Any) -> Values:
    return results.of_one(run(system, one, asked={"single": True}, standalone=True, **more), one.resource.name)


def test_the_object_is_returned_as_it_was_read_back_or_as_it_would_be() -> None:
    system = System().has("extension", "101", name="Old")
    planned = of_one(system, extension("101", name="New"), check_mode=True)
    assert planned["extension"]["name"] == "New" and system.written == []
    assert of_one(system, extension("101", name="New"))["extension"] == system.objects["extension"]["101"]
    assert of_one(system, extension("101", state="absent"), check_mode=True)["extension"] is None
    assert of_one(system, extension("101", state="absent"))["extension"] is None


def test_a_secret_that_is_about_to_be_written_is_not_shown() -> None:
    wanted = extension("101", settings={"pin": "hunter-secret", "box": {"pin": "hunter-secret"}})
    for check_mode in (True, False):
        result = of_one(System(), wanted, check_mode=check_mode)
        assert "hunter-secret" not in repr(result) and result["changed"]


def test_a_refusal_of_one_object_fails_in_check_mode_too() -> None:
    system = System().has("extension", "101").has("hunt_group", "200", members=members("101"))
    result = of_one(system, extension("101", state="absent"), check_mode=True)
    assert result["failed"] and result["verdict"] == "incomplete" and "rings it" in result["msg"]


def test_an_error_of_one_object_names_it_once() -> None:
    result = of_one(failing("101"), extension("101", name="a"))
    assert result["msg"].startswith("extension 101: 101 is refused") and result["error_class"] == "Rejected"


def test_the_declared_object_is_the_one_that_is_returned_beside_what_goes_with_it() -> None:
    system = System().has("extension", "101").has("hunt_group", "200", name="Sales", members=members("101"))
    gone = extension("101", state="absent", remove_from_hunt_groups=True)
    result = of_one(system, gone)
    assert result["extension"] is None and {one["id"] for one in result["plan"]} == {"101", "200"}
    assert of_one(system, group("200", name="New"))["hunt_group"]["name"] == "New"


# -- runs that ended otherwise -----------------------------------------------------------------------------------------
def test_a_failure_without_a_plan_has_the_same_shape() -> None:
    result = results.failure(Defect("ours", "Traceback"), "ours")
    assert (result["failed"], result["error_class"], result["exception"], result["plan"]) == (
        True,
        "Defect",
        "Traceback",
        [],
    )
    assert "exception" not in results.failure(PBXError("x"), "x")
    assert set(result["summary"]) >= {"create", "update", "delete", "unchanged", "failed", "skipped", "unmanaged"}


def test_an_interrupted_run_tells_what_was_done() -> None:
    made = run(System(), extension("101"))
    result = results.interrupted(results.of_tenant(made), "the time of the task is over")
    assert (result["failed"], result["verdict"], result["changed"]) == (True, "incomplete", True)
    assert result["msg"].startswith("the time of the task is over; ") and result["plan"][0]["status"] == "done"


# -- arguments as they may be shown ------------------------------------------------------------------------------------
def test_secrets_of_the_connection_and_of_modules_are_hidden_by_their_names() -> None:
    given = {"password": "a", "token": "b", "license": "c", "service_password": "d", "hashed_account": "e", "url": "u"}
    assert masking.masked("agent", given) == {**dict.fromkeys(given, HIDDEN), "url": "u"}
    assert masking.masked("agent", {"password": "", "token": None}) == {"password": "", "token": None}


def test_a_text_that_is_like_a_secret_is_not_damaged() -> None:
    shown = masking.masked("hunt_group", {"password": "secret", "name": "Top secretary line"})
    assert shown == {"password": HIDDEN, "name": "Top secretary line"}


@pytest.mark.parametrize("resource", ["extension", "hunt_group"])
def test_secret_settings_of_any_backend_are_hidden_in_a_module_and_in_a_tenant(
    resource: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BACKENDS["vodia"].stores[resource], "capability", CAPABILITIES[resource])
    plural = RESOURCES[resource].plural
    settings = {"pin": "hunter-secret", "box": {"pin": "hunter-secret", "size": 3}, "unheard_of": 5}
    shown = {"pin": HIDDEN, "box": {"pin": HIDDEN, "size": 3}, "unheard_of": 5}
    assert masking.masked(resource, {"id": "1", "settings": settings})["settings"] == shown
    whole = masking.masked("tenant", {plural: [{"id": "1", "settings": settings}, "odd", {"settings": "odd"}]})
    assert whole[plural] == [{"id": "1", "settings": shown}, "odd", {"settings": "odd"}]
    assert settings["pin"] == "hunter-secret"
    assert masking.masked(resource, {"settings": {"pin": ""}}) == {"settings": {"pin": ""}}


def test_a_secret_in_a_profile_is_hidden_too() -> None:
    settings = {"serviceInstanceProfile": {"password": "hunter-secret", "language": "x"}}
    shown = masking.masked("hunt_group", {"settings": settings})
    assert shown["settings"] == {"serviceInstanceProfile": {"password": HIDDEN, "language": "x"}}


@pytest.mark.parametrize("odd", [None, "x", 5, [], [None], {}, [{"settings": None}], [{"settings": ["x"]}]])
def test_arguments_of_any_shape_can_be_shown(odd: Any) -> None:
    assert masking.masked("tenant", {"extensions": odd, "settings": odd}) == {"extensions": odd, "settings": odd}
