# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report with every kind of tenant, and texts that try to be more than text."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.report.document import (
    audit_document,
    judged,
    tenant_entry,
)

SCHEMA = json.loads((Path(__file__).resolve().parents[3] / "docs" / "audit.schema.json").read_text(encoding="utf-8"))
NOW = "2026-11-24T10:00:00+00:00"
HOSTILE = "</td><script>alert(1)</script>\"'`|@all]]>&\u202e\x07=1+1"

Leaf = dict[str, Any]


def step(key: str, *changes: Leaf, action: str = "update", name: str = "Sales", **more: Any) -> dict[str, Any]:
    return {
        "resource": "hunt_group", "id": key, "name": name, "action": action, "changes": list(changes),
        "status": "planned", "error": None, **more,
    }  # fmt: skip


def leaf(field: str, before: Any, after: Any) -> Leaf:
    return {"field": field, "before": before, "after": after}


def result(*plan: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What the comparison of one tenant returns."""
    base = {
        "backend": "vodia", "url": "https://pbx.example", "tenant": "localhost", "verdict": "drift" if plan else "clean",
        "plan": list(plan), "plan_id": "0123abcd", "requests": 3, "seconds": 0.25, "unmanaged": [], "findings": [],
    }  # fmt: skip
    return {**base, **more}


EXPECTATION = {
    "name": "rings Alice",
    "status": "failed",
    "message": "102 rings first",
    "document": "live",
    "path": "p[0]",
}
UNDECLARED = {"resource": "hunt_group", "id": "999", "name": "Rogue"}


def example() -> dict[str, Any]:
    """One report with every kind of tenant."""
    tenants = {
        "clean": judged(result(unchanged=[{"resource": "hunt_group", "id": "200", "name": "Sales"}])),
        "drift": judged(
            result(
                step("200", leaf("members[106].ring_time", 15, 25), leaf("overflow_to", None, "+32470123456")),
                step("201", action="create", name="Night"),
                step("202", action="delete", name="Old"),
                findings=[
                    {"id": "r", "severity": "warning", "path": "hunt_groups[0]", "message": "odd", "hint": "look"}
                ],
            )
        ),
        "rogue": judged(result(unmanaged=[UNDECLARED]), unmanaged="fail"),
        "unmet": judged(result(expectations=[EXPECTATION, {**EXPECTATION, "name": "other", "status": "unknown"}])),
        "refused": {"failed": True, "msg": "the server refuses the credentials", "verdict": "incomplete"},
        "dark": {"unreachable": True, "msg": "no route"},
        "hostile": judged(
            result(
                step(HOSTILE, leaf(HOSTILE, HOSTILE, HOSTILE), name=HOSTILE),
                unmanaged=[{"resource": "hunt_group", "id": HOSTILE, "name": HOSTILE}],
                findings=[dict.fromkeys(("id", "path", "message", "hint"), HOSTILE) | {"severity": "error"}],
                expectations=[{**EXPECTATION, "name": HOSTILE, "message": HOSTILE, "actual": HOSTILE}],
            )
        ),
    }
    entries = [tenant_entry(host, found) for host, found in tenants.items()]
    return audit_document([*entries, tenant_entry("lost", None, {"backend": "apio"})], NOW)


@pytest.fixture
def document() -> dict[str, Any]:
    return example()


@pytest.fixture
def is_valid() -> Callable[[dict[str, Any]], None]:
    validator = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    return validator.validate
