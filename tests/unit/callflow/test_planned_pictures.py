# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of a plan: what changes, comes and goes is marked; and a declaration is laid over what is there."""

from __future__ import annotations

import copy
from typing import Any

from ansible_collections.telephony.pbx.plugins.module_utils.report.callflow.overlay import lay_over

from .conftest import d1, d2, text_of


def plan(
    *changes: tuple[str, Any, Any], key: str = "200", action: str = "update", resource: str = "hunt_group"
) -> list[Any]:
    listed = [{"field": field, "before": before, "after": after} for field, before, after in changes]
    return [{"resource": resource, "id": key, "name": "Sales", "action": action, "changes": listed}]


def drawn(name: str, steps: list[Any], group: str | None = "200") -> list[str]:
    return text_of(name, "mermaid", group, plan=steps).splitlines()


def test_a_changed_member_says_from_what_to_what() -> None:
    lines = drawn("D1", plan(("members[101].ring_time", 10, 15)))
    assert '  n1 -- "~ 1 · 0-15 s (10 → 15 s)" --> n2["101 Alice Reception"]' in lines
    assert "  class n1 changed" in lines
    shown = text_of("D1", "svg", "200", plan=plan(("members[101].ring_time", 10, 15)))
    assert 'stroke-dasharray="2 3"' in shown
    assert ">10 → 15 s</text>" in shown
    assert "~ Sales" in shown


def test_members_that_come_and_go() -> None:
    lines = drawn(
        "D1", plan(("members[102]", None, {"extension": "102"}), ("members[0112]", {"extension": "0112"}, None))
    )
    assert '  n1 -- "+ 2 · 15-30 s" --> n3["+ 102 Bob Sales"]' in lines
    assert '  n1 -- "− member" --> n4["− 0112 Hanna Support"]' in lines
    assert "  class n4 removed" in lines
    shown = text_of("D1", "svg", "200", plan=plan(("members[0112]", {"extension": "0112"}, None)))
    assert 'text-decoration="line-through">− 0112 Hanna Support' in shown
    assert 'stroke-dasharray="7 4"' in shown


def test_an_overflow_that_changes_appears_or_goes() -> None:
    changed = drawn("D3", plan(("overflow_to", "+3225550000", "+32470123456"), key="hg1@x"), "4001")
    assert any('"~ nobody by 25 s (was +3225550000)" --> n4(["+32470123456"])' in line for line in changed)
    added = drawn("D3", plan(("overflow_to", None, "+32470123456"), key="hg1@x"), "4001")
    assert any('"+ nobody by 25 s" --> n4(["+ +32470123456"])' in line for line in added)
    removed = drawn("D3", plan(("overflow_to", "+3225550000", ""), key="hg2@x"), "4002")
    assert any('"− overflow" --> ' in line and "− +3225550000" in line for line in removed)


def test_groups_that_come_and_go() -> None:
    lines = drawn("D1", plan(action="create"))
    assert {"  class n1 added", "  class n2 added", "  class n3 added"} <= set(lines)
    gone = drawn("D1", plan(key="299", action="delete"), None)
    assert any('["− 299 Sales · is deleted"]' in line for line in gone)


def test_a_destination_that_changes() -> None:
    steps = plan(("destinations[32470123456].timeout", 10, 20), key="700001", resource="follow_me")
    assert any('"~ 1 · 20 s (10 → 20 s)"' in line for line in drawn("D1", steps, "101"))


def test_what_is_unchanged_is_not_marked() -> None:
    assert drawn("D1", plan(("members[101].ring_time", 10, 15), action="unchanged")) == drawn("D1", [])


# -- laying a declaration over what is there -----------------------------------------------------------------------------
def test_a_declaration_is_laid_over_what_is_there() -> None:
    live = d1()
    before = copy.deepcopy(live)
    declared = {
        "hunt_groups": [
            {"id": "200", "name": None, "members": [{"extension": "102", "ring_time": 5}, {"extension": "103"}]},
            {"id": "210", "membership": "at_least", "members": [{"extension": "101", "ring_time": 7}]},
            {"id": "220", "state": "absent"},
            {"id": "999", "policy": "regular", "members": []},
        ]
    }
    planned = {group["id"]: group for group in lay_over(live, declared)["hunt_groups"]}
    assert live == before
    assert sorted(planned) == ["200", "210", "230", "240", "999"]
    assert planned["200"]["name"] == "Sales"
    assert planned["200"]["members"] == [{"extension": "102", "huntstop": True, "ring_time": 5}, {"extension": "103"}]
    assert [member["extension"] for member in planned["210"]["members"]] == ["101", "0112", "102"]
    assert "membership" not in planned["210"]
    assert [group["id"] for group in lay_over(live, declared, ["hunt_groups"])["hunt_groups"]] == ["200", "210", "999"]


def test_settings_are_laid_over_one_by_one() -> None:
    declared = {"hunt_groups": [{"id": "1002", "settings": {"st1_dur": 15}}]}
    planned = lay_over(d2(), declared)["hunt_groups"][0]
    assert planned["settings"] == {"st1_dur": 15, "st2_dur": 20}
