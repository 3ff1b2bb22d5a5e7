# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document of an audit: verdicts, counts, what is published, comparison and merging."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.errors import InvalidOption
from ansible_collections.telephony.pbx.plugins.module_utils.report.compare import compared
from ansible_collections.telephony.pbx.plugins.module_utils.report.declared import unchanged
from ansible_collections.telephony.pbx.plugins.module_utils.report.document import (
    audit_document,
    by_attention,
    judged,
    stats,
    tenant_entry,
)
from ansible_collections.telephony.pbx.plugins.module_utils.report.merge import merged
from ansible_collections.telephony.pbx.plugins.module_utils.report.reading import read_audit
from ansible_collections.telephony.pbx.plugins.module_utils.report.words import cut, leaf_line, one_line, shown
from ansible_collections.telephony.pbx.tests.unit.report.conftest import (
    EXPECTATION,
    NOW,
    UNDECLARED,
    leaf,
    result,
    step,
)

Check = Callable[[dict[str, Any]], None]
ERROR = {"id": "e", "severity": "error", "path": "p", "message": "m", "hint": ""}


def test_the_document_is_as_its_schema_says(document: dict[str, Any], is_valid: Check) -> None:
    is_valid(json.loads(json.dumps(document)))
    assert document["verdict"] == "incomplete"
    assert document["summary"] == {
        "tenants": 8, "clean": 1, "drift": 4, "incomplete": 3, "create": 1, "update": 2, "delete": 1, "unmanaged": 2,
        "findings": 2,
    }  # fmt: skip


@pytest.mark.parametrize("key", ["verdict", "summary", "tenants", "generated_at", "format"])
def test_the_schema_misses_what_is_missing(document: dict[str, Any], is_valid: Check, key: str) -> None:
    del document[key]
    with pytest.raises(Exception, match=key):
        is_valid(document)


def test_the_schema_refuses_a_clean_tenant_with_a_plan(document: dict[str, Any], is_valid: Check) -> None:
    next(one for one in document["tenants"] if one["host"] == "drift")["verdict"] = "clean"
    with pytest.raises(Exception, match=r"non-empty|too long|expected"):
        is_valid(document)


@pytest.mark.parametrize(
    ("found", "policies", "verdict", "reasons"),
    [
        (result(), {}, "clean", []),
        (result(step("200", leaf("name", "a", "b"))), {}, "drift", ["plan"]),
        (result(unmanaged=[UNDECLARED]), {}, "clean", []),
        (result(unmanaged=[UNDECLARED]), {"unmanaged": "fail"}, "drift", ["unmanaged"]),
        (result(unmanaged=[UNDECLARED]), {"unmanaged": "ignore"}, "clean", []),
        (result(expectations=[EXPECTATION]), {}, "drift", ["expectations"]),
        (result(expectations=[{**EXPECTATION, "status": "unknown"}]), {}, "clean", []),
        (result(expectations=[{**EXPECTATION, "status": "unknown"}]), {"undecided": "fail"}, "drift", ["undecided"]),
        (result(expectations=[{**EXPECTATION, "status": "passed"}]), {"undecided": "fail"}, "clean", []),
        (result(verdict="drift", findings=[ERROR]), {}, "drift", ["findings"]),
        (result(verdict="incomplete"), {}, "incomplete", []),
        (result(failed=True), {"unmanaged": "fail"}, "incomplete", []),
    ],
)
def test_what_makes_a_tenant_drift(found: Any, policies: dict[str, str], verdict: str, reasons: list[str]) -> None:
    entry = tenant_entry("host", judged(found, **policies))
    assert (entry["verdict"], entry["reasons"]) == (verdict, reasons)
    assert bool(entry["message"]) == (verdict != "clean")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (None, "was not compared"),
        ({}, "gave no reason"),
        ({"verdict": "clean", "failed": True, "msg": "timed out"}, "timed out"),
        ({"verdict": "clean", "unreachable": True, "msg": "no route"}, "no route"),
        ({"verdict": "applied"}, "gave no reason"),
        ({"skipped": True}, "gave no reason"),
    ],
)
def test_what_was_not_compared_is_incomplete_and_says_so(found: Any, words: str) -> None:
    entry = tenant_entry("host", found)
    assert entry["verdict"] == "incomplete"
    assert words in entry["message"]
    assert audit_document([entry], NOW)["verdict"] == "incomplete"


def test_an_audit_of_nothing_is_incomplete() -> None:
    assert audit_document([], NOW)["verdict"] == "incomplete"


def test_what_needs_attention_comes_first(document: dict[str, Any]) -> None:
    order = [one["host"] for one in by_attention(document["tenants"])]
    assert order == ["dark", "lost", "refused", "drift", "hostile", "rogue", "unmet", "clean"]


def test_what_is_published_stays_small_and_says_what_it_leaves_out() -> None:
    entries = [tenant_entry(f"t{number:03}", judged(result(step("1", leaf("name", 1, 2))))) for number in range(130)]
    found = stats(audit_document([*entries, tenant_entry("clean", judged(result()))], NOW), "/reports")
    assert set(found) == {"verdict", "summary", "plan_ids", "plan_ids_left_out", "report_dir"}
    assert (len(found["plan_ids"]), found["plan_ids_left_out"]) == (100, 30)
    assert "clean" not in found["plan_ids"]
    assert len(json.dumps(found)) < 10_000
    assert "plan_ids_left_out" not in stats(audit_document(entries[:100], NOW), "/reports")


# -- two audits ----------------------------------------------------------------------------------------------------------
def one_tenant(*plan: dict[str, Any], host: str = "a", **more: Any) -> dict[str, Any]:
    return audit_document([tenant_entry(host, judged(result(*plan, **more)))], NOW)


def counts(found: dict[str, Any]) -> dict[str, int]:
    return {name: len(found[name]) for name in ("new", "open", "resolved", "unknown")}


BEFORE = step("200", leaf("name", "Sales", "Sale"), leaf("overflow_to", None, "1"))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (one_tenant(BEFORE), {"new": 0, "open": 2, "resolved": 0, "unknown": 0}),
        (one_tenant(), {"new": 0, "open": 0, "resolved": 2, "unknown": 0}),
        # the same leaf with other values is still open
        (one_tenant(step("200", leaf("name", "X", "Y"))), {"new": 0, "open": 1, "resolved": 1, "unknown": 0}),
        (one_tenant(BEFORE, unmanaged=[UNDECLARED]), {"new": 1, "open": 2, "resolved": 0, "unknown": 0}),
        (one_tenant(BEFORE, expectations=[EXPECTATION]), {"new": 1, "open": 2, "resolved": 0, "unknown": 0}),
        # nobody has looked: neither open nor resolved
        (one_tenant(failed=True, msg="down"), {"new": 1, "open": 0, "resolved": 0, "unknown": 2}),
        (one_tenant(host="b"), {"new": 0, "open": 0, "resolved": 0, "unknown": 2}),
    ],
)
def test_two_audits_compared(now: dict[str, Any], expected: dict[str, int], is_valid: Check) -> None:
    found = compared(now, one_tenant(BEFORE))
    assert counts(found) == expected
    is_valid(json.loads(json.dumps({**now, "comparison": found})))


def test_a_tenant_that_can_be_read_again_is_resolved() -> None:
    found = compared(one_tenant(BEFORE), one_tenant(failed=True, msg="down"))
    assert counts(found) == {"new": 2, "open": 0, "resolved": 1, "unknown": 0}
    assert found["resolved"] == [{"host": "a", "kind": "incomplete", "text": "down"}]


def test_an_audit_is_read_back_as_it_was_written(document: dict[str, Any]) -> None:
    assert read_audit(json.dumps(document), "audit.json") == document


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not JSON"),
        ("[]", "is not the report of an audit"),
        ('{"format": 1}', "is not the report of an audit"),
        ('{"format": 2, "tenants": []}', "format 2"),
        ('{"format": 1, "tenants": {}}', "tenants: is not a list"),
        ('{"format": 1, "tenants": [3]}', r"tenants\[0\]: has no host"),
        ('{"format": 1, "tenants": [{"host": "a", "verdict": "good"}]}', "verdict: 'good'"),
        ('{"format": 1, "tenants": [{"host": "a", "verdict": "clean", "plan": [1]}]}', "plan: is not a list of dict"),
    ],
)
def test_what_is_no_audit_is_refused(text: str, words: str) -> None:
    with pytest.raises(InvalidOption, match=words) as refused:
        read_audit(text, "previous: a.json")
    assert str(refused.value).startswith("previous: a.json: ")


def test_slices_become_one(document: dict[str, Any], is_valid: Check) -> None:
    first, second = copy.deepcopy(document), copy.deepcopy(document)
    first["tenants"], second["tenants"] = first["tenants"][:3], second["tenants"][3:]
    found = merged([second, first], ["b", "a"], NOW)
    assert found["tenants"] == document["tenants"]
    assert found["summary"] == document["summary"]
    assert [(one["path"], one["tenants"]) for one in found["merged_from"]] == [("b", 5), ("a", 3)]
    is_valid(json.loads(json.dumps(found)))


@pytest.mark.parametrize("newest_first", [True, False])
def test_a_tenant_in_two_reports_is_taken_from_the_newest(newest_first: bool) -> None:
    old = {**one_tenant(BEFORE), "generated_at": "2026-11-23T10:00:00+00:00"}
    order = [one_tenant(), old] if newest_first else [old, one_tenant()]
    assert merged(order, ["1", "2"], NOW)["summary"]["clean"] == 1


def test_nothing_cannot_be_merged() -> None:
    with pytest.raises(InvalidOption, match="sources: is empty"):
        merged([], [], NOW)


# -- words ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "(none)"), ("", '""'), ("  ", '"  "'), (True, "true"), (15, "15"), (["101", "102"], '["101", "102"]'),
        ("a\nb", "a b"), ("\u202eabc", "\\u202eabc"), ("\x1b[31m", "\\x1b[31m"), ("\ud800", "\\ud800"), ("Zo\u00e9", "Zo\u00e9"),
    ],
)  # fmt: skip
def test_a_value_is_one_visible_line(value: Any, words: str) -> None:
    assert shown(value) == words


def test_a_line_of_a_leaf_reads_alone() -> None:
    line = leaf_line(step("200"), leaf("members[106].ring_time", 15, 25))
    assert line == "hunt_group 200 (Sales): members[106].ring_time: 15 -> 25"


def test_what_is_cut_is_counted() -> None:
    assert one_line("x" * 12, 10) == "x" * 10 + "... (2 more characters)"
    assert cut([1, 2, 3], 2) == ([1, 2, 3], 0)
    assert cut([1, 2, 3, 4], 2) == ([1, 2], 2)


def test_objects_as_declared_are_named() -> None:
    declared = {"hunt_groups": [{"id": 200, "name": "Sales"}, {"id": "201"}, {"name": "Night"}]}
    found = unchanged(declared, [step("201")], 2)
    assert [(one["id"], one["name"]) for one in found] == [("200", "Sales"), ("", "Night")]
    assert [one["id"] for one in unchanged(declared, [step("205", name="Night")], 2)] == ["200", "201"]
    # declared under an alias, the group of the plan cannot be told from the others: then the number alone is true
    assert unchanged(declared, [step("1201", name="x")], 2) == [
        {"resource": "tenant", "id": "", "name": "2 objects as declared"}
    ]
    assert unchanged({}, [], 0) == []
