# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the results of all modules that change something have in common. Stated once, checked on every call of a test."""

from __future__ import annotations

import json
from collections.abc import Iterable

from ansible_collections.telephony.pbx.tests.contract.cases import Values

ENTRY = {"resource", "id", "name", "action", "changes", "status", "error"}
MORE = {"kept", "how", "origin", "error_class"}
COUNTS = ("create", "update", "delete", "unchanged", "failed", "skipped", "unmanaged")
FINAL = ("unchanged", "done")


def check_result(result: Values, check_mode: bool, secrets: Iterable[str]) -> None:
    text = json.dumps(result)
    for secret in secrets:
        assert secret not in text
    assert result.get("error_class") != "Defect", result.get("exception")
    if result.get("failed"):
        assert result["verdict"] == "incomplete"
        assert result["msg"] and "\n" not in result["msg"] and "Traceback" not in result["msg"]
        assert "defect of this collection" not in result["msg"], result["msg"]
    for entry in result["plan"]:
        check_entry(entry)
    counts = dict.fromkeys(COUNTS, 0)
    for entry in result["plan"]:
        counts[entry["status"] if entry["status"] in ("failed", "skipped") else entry["action"]] += 1
    shown = {name: result["summary"][name] for name in COUNTS if name not in ("unchanged", "unmanaged")}
    assert shown == {name: counts[name] for name in shown}
    if not result.get("failed"):
        assert result["changed"] is bool(result["plan"]) is ("diff" in result)
        assert check_mode or all(entry["status"] in FINAL for entry in result["plan"])
    if "diff" in result:
        lines = result["diff"]["prepared"].splitlines()
        leaves = sum(len(entry["changes"]) for entry in result["plan"])
        assert len(lines) >= leaves and all(": " in line for line in lines)


def check_entry(entry: Values) -> None:
    assert ENTRY <= set(entry) <= ENTRY | MORE
    assert (entry["status"] == "failed") <= bool(entry["error"])
    assert entry["action"] != "unchanged" or entry["status"] == "failed"
    for change in entry["changes"]:
        assert set(change) == {"field", "before", "after"}
        assert change["before"] != change["after"] or change["before"] == "(not shown)", change
    fields = [change["field"] for change in entry["changes"]]
    assert len(fields) == len(set(fields)), fields


def changed_fields(entry: Values) -> list[str]:
    """The addresses of the leaves that change, in order."""
    return [change["field"] for change in entry["changes"]]


def only_entry(result: Values) -> Values:
    """The entry of the one object that changes."""
    (entry,) = result["plan"]
    assert isinstance(entry, dict)
    return entry


def reported(result: Values, kept: Iterable[str]) -> bool:
    """Whether a result names each item that others added and that stays, also where nothing else has changed."""
    text = json.dumps([result["plan"], result["findings"], result.get("warnings"), result.get("unmanaged")])
    return all(f'"{item}"' in text or f" {item}" in text for item in kept)
