# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers without quotes, and variables of a host that nothing reads."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.entry import arguments, connection
from ansible_collections.telephony.pbx.plugins.module_utils.model.problems import ERROR, WARNING
from ansible_collections.telephony.pbx.plugins.module_utils.rules.quoting import unquoted_in_module, unquoted_in_tenant
from ansible_collections.telephony.pbx.plugins.module_utils.rules.variables import (
    OF_ROLES,
    declares_nothing,
    unknown_variables,
)

WRITTEN: dict[str, Any] = {
    "extensions": [{"id": 101, "account": 5001}, {"id": "102"}],
    "hunt_groups": [{"id": "200", "overflow_to": 74, "members": [{"extension": "101"}, {"extension": 102}]}],
    "follow_me": [{"account": 5001, "destinations": [{"number": 32475}], "forwarding": {"busy": 9}}],
}


def test_every_unquoted_number_of_a_tenant_is_found_at_its_place() -> None:
    found = unquoted_in_tenant(WRITTEN)
    assert [one.path for one in found] == [
        "extensions[0].id",
        "hunt_groups[0].overflow_to",
        "hunt_groups[0].members[1].extension",
        "follow_me[0].forwarding.busy",
        "follow_me[0].destinations[0].number",
    ]
    assert {(one.id, one.severity) for one in found} == {("unquoted-number", WARNING)}
    assert all(f'"{number}"' in one.hint for one, number in zip(found, (101, 74, 102, 9, 32475)))


def test_a_module_for_one_object_looks_at_its_own_options() -> None:
    assert [one.path for one in unquoted_in_module("hunt_group", WRITTEN["hunt_groups"][0])] == [
        "overflow_to",
        "members[1].extension",
    ]
    assert unquoted_in_module("no_such_kind", {"id": 5}) == []


@pytest.mark.parametrize("value", ["74", None, True, "", 7.5, [], {}], ids=repr)
def test_only_whole_numbers_have_lost_something(value: Any) -> None:
    assert unquoted_in_tenant({"hunt_groups": [{"id": "200", "overflow_to": value}]}) == []


@pytest.mark.parametrize(
    "written", [None, 5, "x", [5], [None], [["x"]], [{"members": 5}], [{"members": [5]}]], ids=repr
)
def test_lists_of_any_shape_are_looked_through(written: Any) -> None:
    assert unquoted_in_tenant({"hunt_groups": written, "follow_me": written}) == []


def test_a_variable_that_nothing_reads_gets_a_suggestion() -> None:
    names = ["pbx_huntgroups", "pbx_hunt_groups", "pbx_report_dir", "other", "pbx__private", "pbx_mine__own"]
    (found,) = unknown_variables(names, ["hunt_groups"])
    assert (found.id, found.severity, found.path) == ("unknown-variable", WARNING, "pbx_huntgroups")
    assert "did you mean pbx_hunt_groups?" in found.message


def test_variables_of_roles_are_known_and_findings_are_sorted() -> None:
    assert unknown_variables([f"pbx_{name}" for name in OF_ROLES], []) == []
    assert [one.path for one in unknown_variables(["pbx_zz", "pbx_aa", 5], [])] == ["pbx_aa", "pbx_zz"]


def test_a_host_that_declares_nothing_is_an_error_and_an_empty_list_is_something() -> None:
    (found,) = declares_nothing([])
    assert found.severity == ERROR and "pbx_hunt_groups" in found.hint
    assert declares_nothing(["hunt_groups"]) == []


def test_what_playbooks_and_roles_read_is_known_and_nothing_else() -> None:
    """A variable that is read and not known would be reported as a mistake of the user; one that is never read, not at all."""
    root = Path(__file__).resolve().parents[2]
    places = ("playbooks/*.yml", "playbooks/tasks/*.yml", "roles/*/tasks/*.yml", "roles/*/templates/*", "roles/*/defaults/*.yml",
              "plugins/plugin_utils/*.py", "plugins/action/*.py")  # fmt: skip
    texts = [path.read_text(encoding="utf-8") for place in places for path in sorted(root.glob(place))]
    read = {name for text in texts for name in re.findall(r"\bpbx_([a-z]+(?:_[a-z]+)*)\b", text)}
    options = {*arguments.own_arguments(arguments.TENANT), *connection.connection_arguments()}
    assert set(OF_ROLES) <= read and not options & set(OF_ROLES)
    assert read - options - set(OF_ROLES) == set()
