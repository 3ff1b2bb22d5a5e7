# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The offline rules: what each finds and what it lets pass, where it points to, and that none of them stumbles."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.entry import run
from ansible_collections.telephony.pbx.plugins.module_utils.rules import builtin as rules
from ansible_collections.telephony.pbx.plugins.module_utils.rules.builtin import ERROR, WARNING

Tenant = dict[str, Any]


def seen(tenant: Tenant) -> list[tuple[str, str, str]]:
    return [(one.id, one.severity, one.path) for one in rules.findings(tenant)]


def groups(*written: Any) -> Tenant:
    return {"hunt_groups": list(written)}


def members(*numbers: Any, **options: Any) -> list[Any]:
    return [{"extension": number, **options} for number in numbers]


EXTENSIONS = [{"id": "101"}, {"id": "102"}]

# rule, severity, path, a tenant that has it
HITS: list[tuple[str, str, str, Tenant]] = [
    ("duplicate-number", ERROR, "extensions[1].id", {"extensions": [{"id": "101"}, {"id": 101}]}),
    ("duplicate-number", ERROR, "hunt_groups[2].id", groups({"id": "200"}, {"id": "201"}, {"id": "200"})),
    ("number-of-two-kinds", ERROR, "hunt_groups[0].id", {"extensions": [{"id": "101"}], **groups({"id": "101"})}),
    ("duplicate-account", ERROR, "follow_me[1].account", {"follow_me": [{"account": 7}, {"account": "7"}]}),
    (
        "unknown-member",
        WARNING,
        "hunt_groups[0].members[1].extension",
        {"extensions": EXTENSIONS, **groups({"id": "200", "members": members("101", "103")})},
    ),
    (
        "unknown-member",
        ERROR,
        "hunt_groups[0].members[0].extension",
        {"extensions": EXTENSIONS, "purge": ["extensions"], **groups({"id": "200", "members": members("103")})},
    ),
    (
        "unknown-member",
        WARNING,
        "hunt_groups[0].members[0].extension",
        {"extensions": [{"id": "101", "state": "absent"}], **groups({"id": "200", "members": members("101")})},
    ),
    ("silent-group", WARNING, "hunt_groups[0].members", groups({"id": "200", "members": []})),
    ("silent-group", WARNING, "hunt_groups[0].members", groups({"id": "200", "members": [], "enabled": "yes"})),
    ("weights-total", ERROR, "hunt_groups[0].members", groups({"id": "g", "members": members("a", "b", weight=30)})),
    ("weights-total", ERROR, "hunt_groups[0].members", groups({"id": "g", "members": members("a", "b", weight="60")})),
    (
        "too-many-stages",
        ERROR,
        "hunt_groups[0].members[3].stage",
        groups({"id": "1", "members": [{"extension": str(n), "stage": n} for n in (1, 2, 3, 4)]}),
    ),
    (
        "empty-stage",
        WARNING,
        "hunt_groups[0].members",
        groups({"id": "1", "members": members("a", stage=1) + members("b", stage=3)}),
    ),
    ("empty-stage", WARNING, "hunt_groups[0].members", groups({"id": "1", "members": members("b", stage="2")})),
    (
        "ring-times-apart",
        WARNING,
        "hunt_groups[0].members",
        groups({"id": "1", "policy": "simultaneous", "members": members("a", ring_delay=5)}),
    ),
    (
        "ring-times-apart",
        WARNING,
        "hunt_groups[0].members",
        groups(
            {
                "id": "1",
                "policy": "simultaneous",
                "members": members("a", ring_delay=30, ring_time=5) + members("b", ring_time="20"),
            }
        ),
    ),
    (
        "two-primary-groups",
        ERROR,
        "hunt_groups[1].members[0].primary",
        groups(*({"id": number, "members": members("101", primary="yes")} for number in "12")),
    ),
    ("overflow-loop", ERROR, "hunt_groups[0].overflow_to", groups({"id": "1", "overflow_to": "1"})),
    ("overflow-loop", ERROR, "hunt_groups[0].overflow_to", groups({"id": "1", "overflow_to": "446 1"})),
    (
        "overflow-loop",
        ERROR,
        "hunt_groups[0].overflow_to",
        groups({"id": "g@d", "extension": "4200", "overflow_to": "4200"}),
    ),
    (
        "overflow-loop",
        ERROR,
        "hunt_groups[0].overflow_to",
        groups(
            {"id": "1", "overflow_to": "2"},
            {"id": "2", "overflow_to": "3"},
            {"id": "3", "overflow_to": "1"},
        ),
    ),
    (
        "overflow-loop",
        ERROR,
        "hunt_groups[1].overflow_to",
        groups({"id": "1", "overflow_to": "2"}, {"id": "2", "overflow_to": "3"}, {"id": "3", "overflow_to": "2"}),
    ),
    (
        "follow-me-loop",
        ERROR,
        "follow_me[0].destinations",
        {
            "extensions": [{"id": "101", "account": 1}],
            "follow_me": [{"account": 1, "destinations": [{"number": "101"}]}],
        },
    ),
]

# rule, a tenant that looks like it and is right
PASSES: list[tuple[str, Tenant]] = [
    ("duplicate-number", {"extensions": [{"id": "101"}, {"id": "0101"}]}),
    ("duplicate-number", {"extensions": [{"id": "101", "state": "absent"}, {"id": "101"}]}),
    ("duplicate-number", groups({"name": "a"}, {"name": "b"})),
    ("number-of-two-kinds", {"extensions": [{"id": "101", "state": "absent"}], **groups({"id": "101"})}),
    ("duplicate-account", {"follow_me": [{"account": 7}, {"account": 8}]}),
    ("duplicate-account", {"follow_me": [{}, {}]}),
    ("unknown-member", groups({"id": "200", "members": members("103")})),
    ("unknown-member", {"extensions": EXTENSIONS, **groups({"id": "1", "members": members(101, "2")}, {"id": "2"})}),
    ("silent-group", groups({"id": "200"})),
    ("silent-group", groups({"id": "200", "members": [], "enabled": "no"})),
    ("silent-group", groups({"id": "200", "members": [], "overflow_to": "446"})),
    ("weights-total", groups({"id": "g", "members": members("a", "b", weight="50")})),
    ("weights-total", groups({"id": "g", "members": members("a", "b", weight=0)})),
    ("weights-total", groups({"id": "g", "members": members("a", weight=30) + members("b")})),
    ("too-many-stages", groups({"id": "1", "members": members("a", stage=3)})),
    ("empty-stage", groups({"id": "1", "members": members("a", stage=1) + members("b", stage=2)})),
    # a member without a stage rings in the first
    ("empty-stage", groups({"id": "1", "members": members("a") + members("b", stage=2)})),
    ("ring-times-apart", groups({"id": "1", "policy": "regular", "members": members("a", ring_delay=5)})),
    (
        "ring-times-apart",
        groups({"id": "1", "policy": "simultaneous", "members": members("a") + members("b", ring_delay=60)}),
    ),
    (
        "ring-times-apart",
        groups(
            {
                "id": "1",
                "policy": "simultaneous",
                "members": members("a", ring_time=20) + members("b", ring_delay=20),
            }
        ),
    ),
    ("two-primary-groups", groups({"id": "1", "members": members("101", primary=True)}, {"id": "2"})),
    (
        "two-primary-groups",
        groups(*({"id": str(on), "members": members("101", primary=on)} for on in (True, False))),
    ),
    ("overflow-loop", groups({"id": "1", "overflow_to": "2"}, {"id": "2", "overflow_to": "446"})),
    ("overflow-loop", groups({"id": "1", "overflow_to": "1", "state": "absent"})),
    (
        "follow-me-loop",
        {
            "extensions": [{"id": "101", "account": 1}],
            "follow_me": [{"account": 1, "destinations": [{"number": "101", "active": False}]}],
        },
    ),
    (
        "follow-me-loop",
        {"extensions": [{"id": "101"}], "follow_me": [{"destinations": [{"number": "101"}]}]},
    ),
]


@pytest.mark.parametrize(("rule", "severity", "path", "tenant"), HITS, ids=[f"{h[0]}-{n}" for n, h in enumerate(HITS)])
def test_a_mistake_is_found_where_it_is(rule: str, severity: str, path: str, tenant: Tenant) -> None:
    assert seen(tenant) == [(rule, severity, path)]
    (found,) = rules.findings(tenant)
    assert found.message and found.hint


@pytest.mark.parametrize(("rule", "tenant"), PASSES, ids=[f"{p[0]}-{n}" for n, p in enumerate(PASSES)])
def test_what_only_looks_like_a_mistake_passes(rule: str, tenant: Tenant) -> None:
    assert rule not in [one[0] for one in seen(tenant)]


def follow_me(*ways: tuple[str, list[str]]) -> Tenant:
    """Extensions with follow-me destinations; the account has the number of its extension."""
    return {
        "extensions": [{"id": number, "account": int(number)} for number, _to in ways],
        "follow_me": [{"account": int(n), "destinations": [{"number": to} for to in all_of]} for n, all_of in ways],
    }


@pytest.mark.parametrize(
    "ways",
    [
        [("101", ["102"]), ("102", ["101"])],
        [("101", ["+32470123456", "102"]), ("102", ["101"])],
        [("101", ["102", "103"]), ("102", ["+32470123456"]), ("103", ["101"])],
        [("101", ["102", "103"]), ("102", ["104"]), ("104", ["+32470123456"]), ("103", ["104", "101"])],
    ],
    ids=["straight", "behind a number outside", "behind a dead end", "behind a longer dead end"],
)
def test_a_follow_me_loop_is_found_behind_any_other_destination(ways: list[tuple[str, list[str]]]) -> None:
    assert [one[0] for one in seen(follow_me(*ways))] == ["follow-me-loop"]


def test_two_loops_are_two_findings() -> None:
    ways = [("101", ["102"]), ("102", ["101"]), ("103", ["104"]), ("104", ["103"]), ("105", ["101"])]
    assert [one[2] for one in seen(follow_me(*ways))] == ["follow_me[0].destinations", "follow_me[2].destinations"]


def test_a_loop_of_overflow_names_the_way() -> None:
    tenant = groups({"id": "1", "overflow_to": "2"}, {"id": "2", "extension": "22", "overflow_to": "1"})
    (found,) = rules.findings(tenant)
    assert "1 -> 2 -> 1" in found.message


def test_every_further_claim_of_a_primary_group_is_found() -> None:
    tenant = groups(*({"id": number, "members": members("101", primary=True)} for number in "123"))
    assert [one[2] for one in seen(tenant)] == [
        "hunt_groups[1].members[0].primary",
        "hunt_groups[2].members[0].primary",
    ]


def test_all_findings_come_at_once_errors_first() -> None:
    tenant = {
        "extensions": [{"id": "101"}, {"id": "101"}],
        **groups(
            {"id": "200", "members": []},
            {"id": "101", "overflow_to": "101", "members": members("999", weight=40)},
        ),
    }
    assert seen(tenant) == [
        ("duplicate-number", ERROR, "extensions[1].id"),
        ("number-of-two-kinds", ERROR, "hunt_groups[1].id"),
        ("weights-total", ERROR, "hunt_groups[1].members"),
        ("overflow-loop", ERROR, "hunt_groups[1].overflow_to"),
        ("silent-group", WARNING, "hunt_groups[0].members"),
        ("unknown-member", WARNING, "hunt_groups[1].members[0].extension"),
    ]


def test_findings_have_the_order_of_the_file() -> None:
    tenant = groups(*({"id": str(number), "members": []} for number in range(12)))
    assert [one[2] for one in seen(tenant)] == [f"hunt_groups[{number}].members" for number in range(12)]


# -- rules of a site -------------------------------------------------------------------------------------------------
DATA = {"id": "three-digits", "resource": "hunt_groups", "field": "id", "matches": "2[0-9]{2}"}


def test_a_site_writes_a_rule_as_data() -> None:
    rule = rules.site_rule(
        {**DATA, "where": {"policy": "regular"}, "severity": "warning", "message": "odd", "hint": "use 2xx"}
    )
    tenant = groups(
        {"id": "300", "policy": "regular"}, {"id": 250, "policy": "regular"}, {"id": "300", "policy": "random"}
    )
    found = rules.findings(tenant, [rule])
    assert [one.as_result() for one in found if one.id == "three-digits"] == [
        {"id": "three-digits", "severity": "warning", "path": "hunt_groups[0].id", "message": "odd", "hint": "use 2xx"}
    ]


def test_a_rule_as_data_explains_itself() -> None:
    (found,) = rules.findings(groups({"id": "2500"}), [rules.site_rule(DATA)])
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
    {kind: st.lists(OBJECTS | GARBAGE, max_size=3) for kind in run.KINDS},
    optional={"purge": st.lists(st.sampled_from(list(run.KINDS)), max_size=2)},
)


@settings(max_examples=200)
@given(TENANTS)
def test_no_rule_stumbles_over_garbage(tenant: Tenant) -> None:
    for found in rules.findings(tenant, [rules.site_rule({**DATA, "where": {"policy": "1"}})]):
        assert found.severity in (ERROR, WARNING) and found.id and found.path and found.message and found.hint


@pytest.mark.parametrize("written", [5, True, 1.5, "101", {"extension": "101"}, [[]], [None]], ids=repr)
@pytest.mark.parametrize(("kind", "option"), [("hunt_groups", "members"), ("follow_me", "destinations")])
def test_a_list_that_is_none_is_no_trouble(kind: str, option: str, written: Any) -> None:
    item = {"id": "1", "account": 1, "policy": "simultaneous", option: written}
    assert isinstance(rules.findings({"extensions": [{"id": "1", "account": 1}], kind: [item]}), list)


@pytest.mark.parametrize("option", ["weight", "stage", "ring_delay", "ring_time"])
def test_a_number_of_five_thousand_digits_is_no_trouble(option: str) -> None:
    tenant = groups({"id": "1", "policy": "simultaneous", "members": members("101", **{option: "9" * 5000})})
    assert isinstance(rules.findings(tenant), list)


def test_a_thousand_groups_that_overflow_in_a_row_are_checked_at_once() -> None:
    chain = [{"id": str(number), "overflow_to": str(number + 1)} for number in range(1000)]
    assert seen(groups(*chain)) == []
    assert [one[0] for one in seen(groups(*chain, {"id": "1000", "overflow_to": "0"}))] == ["overflow-loop"]
