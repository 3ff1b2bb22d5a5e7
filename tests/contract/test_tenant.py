# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tenant module on every backend: from nothing to a whole tenant, and back to it after drift."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.cases import Values, apio_groups
from ansible_collections.telephony.pbx.tests.contract.shape import reported
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant, actions, whole


# -- there and back ---------------------------------------------------------------------------------------------------
def test_a_whole_tenant_is_created_from_nothing_and_then_nothing_changes(tenant: Tenant) -> None:
    tenant.emptied()
    result = tenant.done(whole(tenant))
    assert (result["changed"], result["verdict"]) == (True, "applied")
    assert result["summary"]["failed"] == 0 and result["summary"]["create"] >= 2
    again = tenant.unchanged(whole(tenant))
    assert (again["plan"], again["summary"]["unchanged"]) == ([], sum(map(len, whole(tenant).values())))
    assert len(result["plan"]) == again["summary"]["unchanged"]


def test_an_unchanged_tenant_costs_a_read_of_each_list_and_of_each_object_that_needs_its_own(tenant: Tenant) -> None:
    tenant.emptied()
    tenant.done(whole(tenant))
    assert tenant.unchanged(whole(tenant))["requests"] == tenant.whole.requests


@pytest.mark.parametrize("concurrency", [1, 8])
def test_concurrency_makes_no_difference_to_the_end_state(tenant: Tenant, concurrency: int) -> None:
    tenant.emptied()
    tenant.done(whole(tenant), concurrency=concurrency)
    tenant.done(tenant.whole.update, concurrency=concurrency)
    tenant.unchanged(tenant.whole.update, concurrency=concurrency)


def test_check_mode_predicts_the_plan_and_writes_nothing(tenant: Tenant, home: Path) -> None:
    tenant.emptied()
    before = tenant.state
    shown = tenant.check(whole(tenant), backup=str(home / "backup.json"))
    assert (shown["changed"], shown["verdict"], tenant.state) == (True, "drift", before)
    assert not list(home.rglob("*.json")) and "journal" not in shown
    done = tenant.done(whole(tenant))
    for key in ("id", "action", "changes"):
        assert [step[key] for step in shown["plan"]] == [step[key] for step in done["plan"]]
    assert shown["diff"] == done["diff"]


def test_drift_is_shown_and_repaired_and_others_stay_untouched(tenant: Tenant) -> None:
    tenant.done(whole(tenant))
    settled = tenant.view
    tenant.whole.damage(tenant.vendor.state)
    assert tenant.check(whole(tenant))["verdict"] == "drift"
    result = tenant.done(whole(tenant))
    assert result["verdict"] == "applied" and result["summary"]["create"] == 0
    assert tenant.view == settled


def test_undeclared_objects_stay_without_purge(tenant: Tenant) -> None:
    before = tenant.whole.groups_of(tenant.state)
    document = whole(tenant)
    document["hunt_groups"] = document["hunt_groups"][:1]
    tenant.done(document)
    after = tenant.whole.groups_of(tenant.state)
    assert {key: after.get(key) for key in before} == before


def test_members_that_others_added_stay_with_at_least_and_are_named(tenant: Tenant) -> None:
    tenant.done(whole(tenant))
    first = whole(tenant)["hunt_groups"][0]
    fewer = {**first, "members": first["members"][:1], "membership": "at_least"}
    for member in fewer["members"]:
        member.pop("weight", None)
    before = tenant.whole.groups_of(tenant.state)
    result = tenant.unchanged({"hunt_groups": [fewer]})
    assert reported(result, [first["members"][1]["extension"]])
    assert tenant.whole.groups_of(tenant.state) == before


def test_an_empty_declaration_reads_nothing(tenant: Tenant) -> None:
    result = tenant.unchanged({})
    assert (result["requests"], result["plan"]) == (0, [])


# -- order ------------------------------------------------------------------------------------------------------------
def lines(tenant: Tenant) -> list[str]:
    """The routes of the writes, in order."""
    return [entry["path"].strip("/").split("/")[0] for entry in tenant.vendor.writes()]


def test_extensions_come_before_the_groups_that_ring_them_and_follow_me_after_both(porta: Tenant) -> None:
    porta.emptied()
    porta.done(whole(porta), concurrency=8)
    order = ["AddCustomerExtension", "AddUpdateCustomerHuntGroup", "addfollowme"]
    places = [order.index(line) for line in lines(porta)]
    assert places == sorted(places) and set(places) == {0, 1, 2}


def test_deletions_come_last_and_in_reverse(porta: Tenant) -> None:
    porta.done(whole(porta))
    document = {
        "extensions": [*whole(porta)["extensions"][:2], {"id": "0112", "name": "New", "account": 700009}],
        "hunt_groups": [{"id": "0260", "name": "New", "members": [{"extension": "0112"}]}],
        "follow_me": [{"account": 700003, "destinations": [{"name": "New", "number": "3220001122"}]}],
        "purge": ["extensions", "hunt_groups", "follow_me"],
    }
    porta.done(document, concurrency=8, allow_irreversible=True)  # 108 has no account
    order = [
        "AddCustomerExtension",
        "AddUpdateCustomerHuntGroup",
        "addfollowme",
        "deletefollowme",
        "DeleteCustomerHuntGroup",
        "DeleteCustomerExtension",
    ]
    places = [order.index(line) for line in lines(porta)]
    assert places == sorted(places) and set(places) == set(range(6))
    assert set(porta.view["extensions"]) == {"101", "102", "0112"} and set(porta.view["groups"]) == {"0260"}
    assert set(porta.view["follow_me"]) == {"700003", "700010"}


# -- refused before the first request -----------------------------------------------------------------------------------
def test_a_list_that_the_backend_cannot_write_is_refused(apio: Site) -> None:
    tenant = Tenant(apio)
    for options in ({"extensions": [{"id": "101"}]}, {"purge": ["extensions"]}):
        message = tenant.refused({**whole(tenant), **options})
        assert "extensions" in message and "apio" in message and tenant.vendor.log == []


def test_everything_that_is_wrong_comes_in_one_message_before_any_request(porta: Tenant) -> None:
    message = porta.refused(
        {
            "extensions": [{"id": "101", "nmae": "x"}, {"id": "101", "account": "x"}, "garbage", {"name": "No number"}],
            "hunt_groups": [
                {"id": "200", "overflow_to": "1"},
                {"id": "201", "members": 5},
                {"id": "2", "state": "gone"},
            ],
            "follow_me": [{"account": 7, "membership": "some"}, {"account": 8, "destinations": ["x"]}],
        }
    )
    assert porta.vendor.log == []
    for place in (
        "extensions[0]: extension 101: nmae",
        "did you mean name",
        "extensions[1]: extension 101: account",
        "extensions[2]",
        "extensions[3]",
        "hunt_groups[0]",
        "hunt_group 201: members: 5 is not a list",
        "hunt_groups[2]: hunt_group 2: state",
        "follow_me[0]: follow_me 7: membership",
        "follow_me 8: destinations[0]: 'x' is not a dictionary",
    ):
        assert place in message, (place, message)


def test_how_many_problems_there_are_is_said_when_not_all_of_them_fit(porta: Tenant) -> None:
    broken = [{"id": str(number), "name": "x", "account": "a text instead of a record"} for number in range(100, 150)]
    message = porta.refused({"extensions": broken})
    assert "30 more" in message and porta.vendor.log == []


@pytest.mark.parametrize("kind", ["extensions", "hunt_groups", "follow_me"])
def test_a_list_of_members_that_is_a_number_is_an_error_of_one_line(porta: Tenant, kind: str) -> None:
    option = {"extensions": "settings", "hunt_groups": "members", "follow_me": "destinations"}[kind]
    key = {"account": 700001} if kind == "follow_me" else {"id": "101"}
    message = porta.refused({kind: [{**key, option: 5}]})
    assert option in message and porta.vendor.log == []


def test_rule_errors_stop_the_run_and_warnings_are_returned(tenant: Tenant) -> None:
    first, second = whole(tenant)["hunt_groups"]
    message = tenant.refused({"hunt_groups": [first, {**second, "id": first["id"]}]})
    assert "duplicate-number" in message and tenant.vendor.log == []
    silent = {name: value for name, value in second.items() if name != "overflow_to"}
    result = tenant.done({"hunt_groups": [{**silent, "members": []}]})
    assert [one["id"] for one in result["findings"]] == ["silent-group"]


def test_a_rule_of_the_site_stops_the_run(tenant: Tenant) -> None:
    rule = {"id": "named", "resource": "hunt_groups", "field": "name", "matches": "HG .*"}
    message = tenant.refused({**whole(tenant), "rules": [rule]})
    assert message.count("[named]") == 2 and tenant.vendor.log == []


def test_one_object_declared_by_number_and_by_name_is_refused(tenant: Tenant) -> None:
    tenant.done(whole(tenant))
    first = whole(tenant)["hunt_groups"][0]
    message = tenant.refused({"hunt_groups": [{"id": first["id"]}, {"name": first["name"], "members": []}]})
    assert "declared twice" in message and first["id"] in message


def test_one_new_object_declared_by_number_and_by_name_is_not_created_twice(apio: Site) -> None:
    tenant = Tenant(apio)
    apio.vendor.set_dialect(auto_id=True)
    tenant.emptied()
    first = whole(tenant)["hunt_groups"][1]
    again = {name: value for name, value in first.items() if name != "id"}
    result = tenant.run({"hunt_groups": [first, again]})
    assert len(apio_groups(tenant.state)) <= 1, result


# -- purge --------------------------------------------------------------------------------------------------------------
def test_purge_deletes_what_is_not_declared_and_nothing_else(tenant: Tenant) -> None:
    tenant.done(whole(tenant))
    settled = tenant.whole.groups_of(tenant.state)
    declared = {group["id"] for group in whole(tenant)["hunt_groups"]}
    shown = tenant.check({**whole(tenant), "purge": ["hunt_groups"]})
    result = tenant.done({**whole(tenant), "purge": ["hunt_groups"]})
    gone = set(settled) - declared
    assert gone and {key for key, action in actions(result).items() if action == "delete"} == {
        f"hunt_group {key}" for key in gone
    }
    assert actions(shown) == actions(result)
    assert tenant.whole.groups_of(tenant.state) == {key: settled[key] for key in declared}
    tenant.unchanged({**whole(tenant), "purge": ["hunt_groups"]})


def test_an_empty_list_that_is_purged_empties_the_kind(tenant: Tenant) -> None:
    result = tenant.done({"hunt_groups": [], "purge": ["hunt_groups"]})
    assert set(actions(result).values()) == {"delete"}
    assert tenant.whole.groups_of(tenant.state) == {}


def test_protected_numbers_names_and_patterns_are_never_deleted(tenant: Tenant) -> None:
    keys = sorted(tenant.whole.groups_of(tenant.state))
    tenant.unchanged({"hunt_groups": [], "purge": ["hunt_groups"], "protect": [*keys]})
    tenant.unchanged(
        {"hunt_groups": [], "purge": ["hunt_groups"], "protect": [keys[0][:2] + "*", *(key[:-1] + "?" for key in keys)]}
    )
    names = [group["name"] for group in tenant.export()["hunt_groups"]]
    tenant.unchanged({"hunt_groups": [], "purge": ["hunt_groups"], "protect": [name[:-1] + "*" for name in names]})


@pytest.mark.parametrize("limit", ["0", 1, "20%"])
def test_too_many_deletions_stop_before_the_first_write(tenant: Tenant, limit: Any) -> None:
    tenant.done(whole(tenant))  # there are at least two more
    document = {**whole(tenant), "purge": ["hunt_groups"], "max_deletions": limit}
    document["hunt_groups"][0]["name"] = "Changed"
    assert "max_deletions" in tenant.refused(document)
    result = tenant.check(document)
    assert (result["verdict"], result["summary"]["update"]) == ("drift", 1) and result["summary"]["delete"] >= 2
    assert [one["id"] for one in result["findings"]] == ["max-deletions"], "a limit never hides the rest of the plan"


@pytest.mark.parametrize("limit", [3, "75%", ""])
def test_as_many_deletions_as_allowed_are_made(tenant: Tenant, limit: Any) -> None:
    tenant.done(whole(tenant))
    tenant.done({**whole(tenant), "purge": ["hunt_groups"], "max_deletions": limit})


@pytest.mark.parametrize("limit", ["many", "-1", "1.5", "%", "10%%"])
def test_a_limit_that_is_none_is_refused_before_any_request(tenant: Tenant, limit: str) -> None:
    message = tenant.refused({**whole(tenant), "purge": ["hunt_groups"], "max_deletions": limit})
    assert "max_deletions" in message and tenant.vendor.log == []


def test_what_is_declared_absent_one_by_one_does_not_count_towards_the_limit(tenant: Tenant) -> None:
    tenant.done(whole(tenant))
    absent = [{"id": group["id"], "state": "absent"} for group in whole(tenant)["hunt_groups"]]
    tenant.done({"hunt_groups": absent, "max_deletions": "0"})


def test_without_a_limit_of_ones_own_no_more_than_30_of_100_are_deleted(vodia: Site) -> None:
    tenant = Tenant(vodia)
    tenant.done(whole(tenant))
    message = tenant.refused({**whole(tenant), "purge": ["hunt_groups"]}, max_deletions=None)
    assert "3 objects" in message and "2 of 5 are allowed" in message


def test_a_list_that_is_not_declared_is_never_purged(tenant: Tenant) -> None:
    message = tenant.refused({"purge": ["hunt_groups"]})
    assert "purge" in message and "not declared" in message and tenant.vendor.log == []


def test_an_extension_that_a_group_rings_is_not_purged(porta: Tenant) -> None:
    message = porta.refused({"extensions": [{"id": "101", "name": "Alice Reception"}], "purge": ["extensions"]})
    assert "rings" in message


@pytest.mark.parametrize(
    "absent",
    [
        {"extensions": [], "purge": ["extensions"], "protect": ["10[1-6]", "0111"]},
        {"extensions": [{"id": "107", "state": "absent"}]},
    ],
    ids=["purged", "declared absent"],
)
def test_an_extension_that_a_new_group_rings_is_not_deleted(porta: Tenant, absent: Values) -> None:
    document = {"hunt_groups": [{"id": "0250", "name": "New", "members": [{"extension": "107"}]}], **absent}
    message = porta.refused(document)
    assert "107" in message and "0250" in message


def test_an_extension_that_is_to_leave_its_groups_is_deleted(porta: Tenant) -> None:
    absent = {"id": "102", "state": "absent", "remove_from_hunt_groups": True}
    porta.done({"extensions": [absent]})
    assert "102" not in porta.view["extensions"] and "102" not in porta.whole.groups_of(porta.state)["200"]


# -- a list that may be cut ---------------------------------------------------------------------------------------------
def crowded(tenant: Tenant, count: int) -> None:
    """So many extensions at the customer, each with an account of its own."""
    ours = tenant.vendor.state["customers"]["10"]
    for number in range(count - len(ours["extensions"])):
        ours["extensions"][str(6000 + number)] = {
            "i_c_ext": 6000 + number, "id": str(3000 + number), "name": f"Desk {number}", "i_account": 0,
        }  # fmt: skip


@pytest.mark.parametrize("count", [100, 101])
def test_a_list_that_may_be_cut_is_incomplete_and_nothing_is_created_or_purged_from_it(
    porta: Tenant, count: int
) -> None:
    crowded(porta, count)
    porta.vendor.set_dialect(list_cap=100)
    message = porta.refused({"extensions": [{"id": "4000", "name": "New", "account": 700009}]})
    assert "cut" in message
    assert "cut" in porta.refused({"extensions": [{"id": "101", "name": "Other"}], "purge": ["extensions"]})
    assert "cut" in porta.refused({"hunt_groups": [{"id": "0250", "name": "New", "members": [{"extension": "4000"}]}]})


def test_what_is_in_a_list_that_may_be_cut_can_be_changed_but_the_export_is_refused(porta: Tenant) -> None:
    crowded(porta, 100)
    porta.done({"extensions": [{"id": "101", "name": "Other"}]})
    assert porta.view["extensions"]["101"][0] == "Other"
    with pytest.raises(AssertionError, match="cut"):
        porta.export()


# -- growth ---------------------------------------------------------------------------------------------------------------
def test_a_long_run_is_not_cut_off_by_the_deadline_for_retries(porta: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand extensions at a polite rate take longer than what one call may spend on trying again."""
    from ansible_collections.telephony.pbx.plugins.module_utils.entry import connection

    seconds = [0.0]
    answer = porta.vendor.answer

    def slow() -> Any:
        seconds[0] += 1.0
        return answer()

    monkeypatch.setattr(porta.vendor, "answer", slow)
    make = connection.Session
    monkeypatch.setattr(connection, "Session", lambda *given: make(*given, clock=lambda: seconds[0]))
    accounts = porta.vendor.state["customers"]["10"]["accounts"]
    for number in range(60):
        accounts[str(800000 + number)] = {**accounts["700009"], "i_account": 800000 + number, "account_id": str(number)}
    declared = [{"id": str(5000 + n), "name": f"Desk {n}", "account": 800000 + n} for n in range(60)]
    porta.done({"extensions": declared}, timeout=5)
