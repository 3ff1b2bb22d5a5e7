# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When something in a tenant fails: what is done all the same, what is left alone, and what the result says of both."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.engine.execute import Execution
from ansible_collections.telephony.pbx.plugins.module_utils.engine.judge import Attempt
from ansible_collections.telephony.pbx.plugins.module_utils.engine.order import Operation
from ansible_collections.telephony.pbx.plugins.module_utils.engine.plan import Step
from ansible_collections.telephony.pbx.tests.contract.cases import Values
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant, actions, numbered, statuses, whole

pytestmark = pytest.mark.thorough


def unreadable(tenant: Tenant) -> tuple[Values, str]:
    """A document whose second group refers to a member that is not there, and the step of that group."""
    document = whole(tenant)
    group = document["hunt_groups"][1]
    group["members"] = [{"extension": "999"}]
    return {"hunt_groups": document["hunt_groups"]}, f"hunt_group {group['id']}"


def refusing(tenant: Tenant, pattern: str, **more: Any) -> None:
    """Refuse the matching writes from now on."""
    options = {"status": 500, "body": "{}", "writes_only": True, "times": None, **more}
    tenant.vendor.add_fault("status", match=pattern, **options)


# -- something cannot be read or referred to ------------------------------------------------------------------------------
def test_with_stop_nothing_is_written_when_an_object_cannot_be_resolved(tenant: Tenant) -> None:
    document, bad = unreadable(tenant)
    before = tenant.state
    result = tenant.run(document)
    assert result.get("failed") and (result["changed"], tenant.vendor.writes(), tenant.state) == (False, [], before)
    assert statuses(result)[bad] == "failed" and set(statuses(result).values()) == {"failed", "skipped"}
    assert "999" in result["msg"] and "not begun" in result["msg"] and "journal" not in result
    assert (result["summary"]["failed"], result["summary"]["skipped"]) == (1, 1)


def test_with_continue_the_others_are_brought_to_their_state(tenant: Tenant) -> None:
    document, bad = unreadable(tenant)
    result = tenant.run(document, on_error="continue")
    other = f"hunt_group {document['hunt_groups'][0]['id']}"
    assert result.get("failed") and (result["changed"], result["verdict"]) == (True, "incomplete")
    assert statuses(result) == {bad: "failed", other: "done"}
    assert document["hunt_groups"][0]["id"] in tenant.whole.groups_of(tenant.state)
    assert "1 of 2 objects failed, 0 were not begun" in result["msg"]


@pytest.mark.parametrize("on_error", ["stop", "continue"])
def test_check_mode_shows_the_drift_of_the_others_too(tenant: Tenant, on_error: str) -> None:
    document, bad = unreadable(tenant)
    result = tenant.check(document, on_error=on_error)
    other = f"hunt_group {document['hunt_groups'][0]['id']}"
    assert result["verdict"] == "incomplete" and actions(result)[other] == "create"
    assert statuses(result)[bad] == "failed" and result["changed"] is True


@pytest.mark.parametrize("on_error", ["stop", "continue"])
def test_nothing_is_purged_when_something_could_not_be_read(tenant: Tenant, on_error: str) -> None:
    document, _bad = unreadable(tenant)
    before = tenant.whole.groups_of(tenant.state)
    result = tenant.run({**document, "purge": ["hunt_groups"]}, on_error=on_error)
    assert result.get("failed") and "999" in result["msg"]
    assert before.items() <= tenant.whole.groups_of(tenant.state).items()


def test_an_unreadable_list_is_never_clean_and_nothing_is_written(tenant: Tenant) -> None:
    tenant.done(whole(tenant))
    tenant.vendor.add_fault("status", status=500, body="{}", match="^GET", times=None)
    for on_error in ("stop", "continue"):
        result = tenant.run(whole(tenant), on_error=on_error)
        assert result.get("failed") and (result["changed"], result["verdict"]) == (False, "incomplete")
        assert tenant.vendor.writes() == []


# -- something cannot be written --------------------------------------------------------------------------------------------
def failing_group(tenant: Tenant) -> tuple[str, str, str]:
    """How to refuse the writes of the first declared group, and the names of both groups in results."""
    first, second = (group["id"] for group in whole(tenant)["hunt_groups"])
    if tenant.case.backend == "portaswitch":
        tenant.vendor.answer = refusing_body(tenant, f'"Id": "{first}"')  # type: ignore[method-assign]
    else:
        refusing(tenant, f"/{first}")
        refusing(tenant, "POST .*(addacc|hunt_groups/$)", times=1)
    return first, f"hunt_group {first}", f"hunt_group {second}"


def refusing_body(tenant: Tenant, text: str) -> Any:
    """The vendor's `answer`, but for requests with this text in the body: those get a 500."""
    from flask import Response, request

    answer = type(tenant.vendor).answer

    def selective() -> Any:
        if text in request.get_data(as_text=True):
            return Response("{}", status=500, content_type="application/json")
        return answer(tenant.vendor)

    return selective


@pytest.fixture(autouse=True)
def answers_again(running: Any) -> Any:
    yield
    for vendor in running.values():
        vendor.vendor.__dict__.pop("answer", None)


def test_with_continue_a_failed_write_does_not_keep_others_from_being_done(tenant: Tenant) -> None:
    _key, bad, good = failing_group(tenant)
    result = tenant.run({"hunt_groups": whole(tenant)["hunt_groups"]}, on_error="continue", concurrency=1)
    assert result.get("failed") and result["changed"] is True
    assert statuses(result) == {bad: "failed", good: "done"}
    assert "journal" in result and bad in result["msg"]


def test_with_stop_what_comes_later_is_not_begun(porta: Tenant) -> None:
    refusing(porta, "AddCustomerExtension")
    porta.emptied()
    result = porta.run(whole(porta), concurrency=1)
    assert result.get("failed") and result["changed"] is False
    found = statuses(result)
    assert {key for key, status in found.items() if status == "skipped"} >= {
        key for key in found if not key.startswith("extension")
    }
    assert {entry["path"].split("/")[1] for entry in porta.vendor.writes()} == {"AddCustomerExtension"}


def test_with_stop_and_one_at_a_time_nothing_is_begun_after_the_first_failure(porta: Tenant) -> None:
    refusing(porta, "AddCustomerExtension")
    porta.emptied()
    result = porta.run(whole(porta), concurrency=1)
    assert len(porta.vendor.writes()) == 1, [entry["raw"] for entry in porta.vendor.writes()]
    assert sorted(statuses(result).values()).count("failed") == 1


def test_with_continue_a_group_whose_new_member_failed_fails_in_words(porta: Tenant) -> None:
    refusing(porta, "AddCustomerExtension/.*/0112/")
    document = {
        "extensions": numbered(("0112", "New", 700009)),
        "hunt_groups": [
            {"id": "0250", "name": "New", "members": [{"extension": "0112"}]},
            {"id": "0251", "name": "Other", "members": [{"extension": "101"}]},
        ],
    }
    result = porta.run(document, on_error="continue", concurrency=1)
    assert result.get("failed")
    assert statuses(result) == {"extension 0112": "failed", "hunt_group 0250": "failed", "hunt_group 0251": "done"}
    assert "0112" in next(step["error"] for step in result["plan"] if step["id"] == "0250")


def test_with_continue_an_extension_stays_as_long_as_its_group_could_not_be_given_another(porta: Tenant) -> None:
    """Otherwise the group would ring nobody, although it has members before and after."""
    group = {"id": "0250", "name": "Night watch", "members": [{"extension": "107"}]}
    porta.done({"hunt_groups": [group]})
    porta.vendor.answer = refusing_body(porta, '"Id": "0250"')  # type: ignore[method-assign]
    document = {
        "hunt_groups": [{**group, "members": [{"extension": "106"}]}],
        "extensions": [{"id": "107", "state": "absent"}],
    }
    result = porta.run(document, on_error="continue")
    assert result.get("failed") and porta.whole.groups_of(porta.state)["0250"] == ["107"], result["plan"]


LISTS = {"portaswitch": "GET /GetCustomerHuntGroups", "vodia": "GET .*/hunts$", "apio": "GET .*hunt_groups/"}


@pytest.mark.parametrize("on_error", ["stop", "continue"])
def test_what_was_written_is_reported_when_it_cannot_be_read_back(tenant: Tenant, on_error: str) -> None:
    """The list goes away after the first write: the result still has its plan, its journal and what may be done."""
    tenant.emptied()
    tenant.done(whole(tenant))
    changes = {"hunt_groups": [{**group, "name": f"New {n}"} for n, group in enumerate(whole(tenant)["hunt_groups"])]}
    for group in changes["hunt_groups"]:
        group.pop("members")
    vendor, answer = tenant.vendor, type(tenant.vendor).answer

    def going_away() -> Any:
        response = answer(vendor)
        if vendor.writes() and not vendor.faults:
            vendor.add_fault("status", status=500, body="{}", match="^GET", times=None)
        return response

    tenant.vendor.answer = going_away  # type: ignore[method-assign]
    result = tenant.run(changes, on_error=on_error, concurrency=1)
    assert result.get("failed") and (result["changed"], result["verdict"]) == (True, "incomplete")
    assert len(result["plan"]) == 2 and "journal" in result, result
    assert "failed" in statuses(result).values() and result["summary"]["failed"] >= 1


@pytest.mark.parametrize("kind", ["store_nothing", "stale_reads"])
def test_a_success_that_stored_nothing_is_a_failure_and_a_late_one_is_not(tenant: Tenant, kind: str) -> None:
    tenant.done(whole(tenant))
    group = whole(tenant)["hunt_groups"][0]
    tenant.vendor.add_fault(kind, writes_only=True, times=None, reads=2)
    result = tenant.run({"hunt_groups": [{"id": group["id"], "name": "New name"}]})
    tenant.vendor.faults = []
    assert bool(result.get("failed")) is (kind == "store_nothing"), result.get("msg")
    assert result["verdict"] == ("incomplete" if kind == "store_nothing" else "applied")


def test_a_failed_run_can_simply_be_run_again(tenant: Tenant) -> None:
    _key, bad, _good = failing_group(tenant)
    tenant.run(whole(tenant), on_error="continue")
    tenant.vendor.__dict__.pop("answer", None)
    tenant.vendor.faults = []
    result = tenant.done(whole(tenant))
    assert statuses(result)[bad] == "done"
    tenant.unchanged(whole(tenant))


def test_no_more_than_five_failures_are_told_but_all_are_counted(porta: Tenant) -> None:
    refusing(porta, "UpdateCustomerExtension")
    declared = [{"id": str(number), "name": f"Other {number}"} for number in range(101, 108)]
    result = porta.run({"extensions": declared}, on_error="continue")
    assert "7 of 7 objects failed" in result["msg"] and result["summary"]["failed"] == 7
    assert result["msg"].count("extension 10") == 5


# -- stop means stop, and only after a failure ---------------------------------------------------------------------------
@pytest.mark.parametrize("concurrency", [1, 4])
def test_a_lost_answer_to_a_write_that_was_stored_stops_nothing(tenant: Tenant, concurrency: int) -> None:
    """Reading back shows that it was done, so the rest is done too."""
    tenant.done(whole(tenant))
    groups = [{"id": group["id"], "name": f"New {n}"} for n, group in enumerate(whole(tenant)["hunt_groups"])]
    tenant.vendor.add_fault("reset_after", writes_only=True)
    result = tenant.done({"hunt_groups": groups}, concurrency=concurrency)
    assert result["verdict"] == "applied" and set(statuses(result).values()) == {"done"}, statuses(result)


def test_what_was_not_begun_makes_the_run_fail(tenant: Tenant) -> None:
    """A result that leaves something undone is never a success."""
    tenant.emptied()
    for kind in ("reset_before", "reset_after"):
        tenant.vendor.add_fault(kind, writes_only=True, skip=1)
    result = tenant.run(whole(tenant), concurrency=1)
    undone = {status for status in statuses(result).values() if status != "done"}
    assert bool(result.get("failed")) is bool(undone), statuses(result)


def test_a_success_beside_a_failure_does_not_let_the_run_go_on(porta: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two at a time: the first is refused while the second is still under way, and that one succeeds."""
    porta.emptied()
    refusing(porta, "AddCustomerExtension/.*/101/")
    first_failed, second_done = threading.Event(), threading.Event()
    attempt, write = Execution._attempt, Execution._write

    def late(execution: Execution, step: Step) -> Attempt:
        made = attempt(execution, step)
        if step.id == "102":
            first_failed.wait(5)
        return made

    def noted(execution: Execution, operation: Operation) -> Any:
        number = operation.step.id
        if number == "103":
            second_done.wait(5)
        result = write(execution, operation)
        if number in ("101", "102"):
            (first_failed if number == "101" else second_done).set()
        return result

    monkeypatch.setattr(Execution, "_attempt", late)
    monkeypatch.setattr(Execution, "_write", noted)
    numbers = [(str(101 + n), f"Desk {n}", 700001 + n) for n in range(8)]
    result = porta.run({"extensions": numbered(*numbers)}, concurrency=2)
    assert first_failed.is_set() and second_done.is_set() and result.get("failed")
    assert list(statuses(result).values()).count("skipped") >= 5, statuses(result)


def test_the_plan_is_told_when_the_groups_cannot_be_read_before_extensions_go(porta: Tenant) -> None:
    porta.done({"hunt_groups": [{"id": "0250", "name": "Night watch", "members": [{"extension": "107"}]}]})
    vendor, refuse = porta.vendor, refusing_body(porta, '"Id": "0250"')

    def refusing_and_going_away() -> Any:
        response = refuse()
        if vendor.writes() and not vendor.faults:
            vendor.add_fault("status", status=500, body="{}", match="GetCustomer", times=None)
        return response

    vendor.answer = refusing_and_going_away  # type: ignore[method-assign]
    document = {
        "hunt_groups": [{"id": "0250", "members": [{"extension": "106"}]}],
        "extensions": [{"id": "107", "state": "absent"}],
    }
    result = porta.run(document, on_error="continue")
    assert result.get("failed") and len(result["plan"]) == 2 and "journal" in result, result
    assert "107" in porta.view["extensions"]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_new_groups_that_ring_new_groups_that_ring_new_groups_are_made_in_order(porta: Tenant, order: Any) -> None:
    groups = [
        {"id": "0301", "name": "Outer", "members": [{"extension": "0302"}]},
        {"id": "0302", "name": "Middle", "members": [{"extension": "0303"}]},
        {"id": "0303", "name": "Inner", "members": [{"extension": "101"}]},
    ]
    porta.done({"hunt_groups": [groups[place] for place in order]}, concurrency=4)
    assert porta.whole.groups_of(porta.state)["0301"] == ["0302"]


def test_new_groups_that_ring_each_other_are_made_or_refused_in_words(porta: Tenant) -> None:
    groups = [
        {"id": "0301", "name": "One", "members": [{"extension": "0302"}]},
        {"id": "0302", "name": "Other", "members": [{"extension": "0301"}]},
    ]
    before = porta.whole.groups_of(porta.state)
    result = porta.run({"hunt_groups": groups}, concurrency=1)
    if result.get("failed"):
        assert "0301" in result["msg"] and "0302" in result["msg"], result["msg"]
        assert porta.whole.groups_of(porta.state) == before, "refused only after the first write"
