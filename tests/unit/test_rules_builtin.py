# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The built-in rules: what each finds and what it lets pass, and where it points to."""

from __future__ import annotations

from typing import Any

import pytest

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
        "follow_me[0].forwarding",
        {"follow_me": [{"account": "101", "forwarding": {"always": "101"}}]},
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


@pytest.mark.parametrize("ignored", ["duplicate-number", "duplicate-*", "*"])
def test_an_ignored_rule_only_warns(ignored: str) -> None:
    tenant = {"extensions": [{"id": "101"}, {"id": "101"}]}
    assert [(one.id, one.severity) for one in rules.findings(tenant, ignored=[ignored])] == [
        ("duplicate-number", WARNING)
    ]
    assert [one.severity for one in rules.findings(tenant, ignored=["duplicate"])] == [ERROR]
