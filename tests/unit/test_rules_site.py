# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of a site, as data or in Python; what validation makes of all rules; and that none of them stumbles."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.entry import run
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import tenant_lists
from ansible_collections.telephony.pbx.plugins.module_utils.model.problems import ERROR, WARNING
from ansible_collections.telephony.pbx.plugins.module_utils.rules.builtin import findings
from ansible_collections.telephony.pbx.plugins.module_utils.rules.site import data_rule

Tenant = dict[str, Any]


def groups(*written: Any) -> Tenant:
    return {"hunt_groups": list(written)}


def members(*numbers: Any, **options: Any) -> list[Any]:
    return [{"extension": number, **options} for number in numbers]


# -- rules of a site -------------------------------------------------------------------------------------------------
DATA = {"id": "three-digits", "resource": "hunt_groups", "field": "id", "matches": "2[0-9]{2}"}


def test_a_site_writes_a_rule_as_data() -> None:
    rule = data_rule(
        {**DATA, "where": {"policy": "regular"}, "severity": "warning", "message": "odd", "hint": "use 2xx"}
    )
    tenant = groups(
        {"id": "300", "policy": "regular"}, {"id": 250, "policy": "regular"}, {"id": "300", "policy": "random"}
    )
    found = findings(tenant, [rule])
    assert [one.as_result() for one in found if one.id == "three-digits"] == [
        {"id": "three-digits", "severity": "warning", "path": "hunt_groups[0].id", "message": "odd", "hint": "use 2xx"}
    ]


def test_a_rule_as_data_explains_itself() -> None:
    (found,) = findings(groups({"id": "2500"}), [data_rule(DATA)])
    assert (found.severity, found.path) == (ERROR, "hunt_groups[0].id")
    assert "2500" in found.message and "2[0-9]{2}" in found.message


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"id": ""}, "id"),
        ({"resource": ""}, "resource"),
        ({"resource": "hunt_group"}, "hunt_groups"),
        ({"field": ""}, "field"),
        ({"matches": ""}, "matches"),
        ({"matches": "("}, "matches"),
        ({"severity": "fatal"}, "severity"),
        ({"where": ["policy"]}, "where"),
        ({"whre": {"policy": "regular"}}, "where"),
    ],
    ids=str,
)
def test_a_rule_that_could_never_work_is_refused(change: Tenant, word: str) -> None:
    result = run.run("tenant_validate", {**groups({"id": "200"}), "rules": [{**DATA, **change}]}, check_mode=False)
    assert result.get("failed") and word in result["msg"], result
    assert "unexpected" not in result["msg"]


def test_a_site_writes_a_rule_in_python(tmp_path: Any) -> None:
    file = tmp_path / "own.py"
    file.write_text(
        "def check(tenant):\n"
        "    for index, group in enumerate(tenant['hunt_groups']):\n"
        "        if not group.get('name'):\n"
        "            yield {'id': 'named', 'path': f'hunt_groups[{index}].name', 'message': 'no name',"
        " 'severity': 'warning'}\n"
    )
    options = {**groups({"id": "200", "name": "Sales"}, {"id": "201"}), "rules": [{"python": str(file)}]}
    result = run.run("tenant_validate", options, check_mode=False)
    assert not result.get("failed")
    assert result["findings"] == [
        {"id": "named", "severity": "warning", "path": "hunt_groups[1].name", "message": "no name", "hint": ""}
    ]


@pytest.mark.parametrize(
    "text",
    [
        "def check(tenant",
        "check = None\nraise RuntimeError('no')",
        "x = 1",
        "def check(tenant):\n    raise RuntimeError('no')",
        "def check(tenant):\n    yield 'a text'",
        "def check(tenant):\n    return None",
    ],
)
def test_a_broken_rule_in_python_is_named_in_one_line(tmp_path: Any, text: str) -> None:
    file = tmp_path / "broken.py"
    file.write_text(text)
    result = run.run("tenant_validate", {**groups(), "rules": [{"python": str(file)}]}, check_mode=False)
    assert result.get("failed") and "broken.py" in result["msg"], result
    assert "\n" not in result["msg"] and "unexpected" not in result["msg"]


@pytest.mark.parametrize("rules", [["three-digits"], [5], [None], [[DATA]]], ids=repr)
def test_a_rule_that_is_no_dictionary_is_refused(rules: Any) -> None:
    result = run.run("tenant_validate", {**groups(), "rules": rules}, check_mode=False)
    assert result.get("failed") and "is not a dictionary" in result["msg"], result


def test_a_missing_rule_file_is_named() -> None:
    result = run.run("tenant_validate", {"rules": [{"python": "/nowhere/rule.py"}]}, check_mode=False)
    assert result.get("failed") and "/nowhere/rule.py" in result["msg"]


# -- validate alone --------------------------------------------------------------------------------------------------
def test_validate_fails_on_errors_and_returns_all_findings() -> None:
    tenant = groups({"id": "1", "overflow_to": "1"}, {"id": "3"}, {"id": "3"}, {"id": "2", "members": []})
    result = run.run("tenant_validate", tenant, check_mode=False)
    assert result["failed"] and result["changed"] is False and "2 errors" in result["msg"]
    assert [one["id"] for one in result["findings"]] == ["overflow-loop", "duplicate-number", "silent-group"]


def test_warnings_do_not_fail_a_validation() -> None:
    result = run.run("tenant_validate", groups({"id": "2", "members": []}), check_mode=False)
    assert not result.get("failed") and [one["severity"] for one in result["findings"]] == ["warning"]


# -- garbage -----------------------------------------------------------------------------------------------------------
KEYS = st.sampled_from(
    "id name state account members destinations extension weight stage primary ring_delay ring_time policy enabled"
    " overflow_to number active phone_number".split()
)
SCALARS = st.none() | st.booleans() | st.integers(-5, 105) | st.sampled_from(["", "1", "2", "²", "x", "absent", "101"])
ITEMS = st.dictionaries(KEYS, SCALARS, max_size=4)
GARBAGE = SCALARS | st.lists(ITEMS | SCALARS | st.lists(SCALARS, max_size=1), max_size=3) | ITEMS
OBJECTS = st.fixed_dictionaries(
    {"id": SCALARS},
    optional=dict.fromkeys(("members", "destinations", "account", "overflow_to", "policy"), GARBAGE),
)
TENANTS = st.fixed_dictionaries(
    {kind: st.lists(OBJECTS | GARBAGE, max_size=3) for kind in tenant_lists()},
    optional={"purge": st.lists(st.sampled_from(list(tenant_lists())), max_size=2)},
)


@given(TENANTS)
def test_no_rule_stumbles_over_garbage(tenant: Tenant) -> None:
    for found in findings(tenant, [data_rule({**DATA, "where": {"policy": "1"}})]):
        assert found.severity in (ERROR, WARNING) and found.id and found.path and found.message and found.hint


@pytest.mark.parametrize("written", [5, True, 1.5, "101", {"extension": "101"}, [[]], [None]], ids=repr)
@pytest.mark.parametrize(("kind", "option"), [("hunt_groups", "members"), ("follow_me", "destinations")])
def test_a_list_that_is_none_is_no_trouble(kind: str, option: str, written: Any) -> None:
    item = {"id": "1", "account": 1, "policy": "simultaneous", option: written}
    assert isinstance(findings({"extensions": [{"id": "1", "account": 1}], kind: [item]}), list)


@pytest.mark.parametrize("option", ["weight", "stage", "ring_delay", "ring_time"])
def test_a_number_of_five_thousand_digits_is_no_trouble(option: str) -> None:
    tenant = groups({"id": "1", "policy": "simultaneous", "members": members("101", **{option: "9" * 5000})})
    assert isinstance(findings(tenant), list)


def test_a_thousand_groups_that_overflow_in_a_row_are_checked_at_once() -> None:
    chain = [{"id": str(number), "overflow_to": str(number + 1)} for number in range(1000)]
    assert findings(groups(*chain)) == []
    (found,) = findings(groups(*chain, {"id": "1000", "overflow_to": "0"}))
    assert found.id == "overflow-loop"
