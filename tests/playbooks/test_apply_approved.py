# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""telephony.pbx.apply_approved: what the audit found and somebody approved is applied, or nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .conftest import Play, Run, Site
from .tenants import APPLY, connection, inventory_of, present, variables

NAMES = {"approved": ("1002", "Reception"), "changed": ("1003", "Office"), "unapproved": ("1004", "Night")}
LEFT_ALONE = "Say that nothing was approved for this tenant"


@pytest.fixture(scope="module")
def inventory(vodia: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    hosts = {
        host: variables({**connection(vodia), "hunt_groups": [{"id": key, "name": name}]})
        for host, (key, name) in NAMES.items()
    }
    return inventory_of(tmp_path_factory.mktemp("approved"), hosts)


@pytest.fixture(scope="module")
def run(play: Play, vodia: Site, inventory: str, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """An audit of two of three tenants; then somebody changes one of them by hand, and the rest is applied."""
    place = tmp_path_factory.mktemp("report")
    extra: dict[str, Any] = {"pbx_report_dir": str(place), "pbx_report_formats": ["json"], "pbx_fail_on_drift": False}
    audit = play("telephony.pbx.audit", extra, "--inventory", inventory, "--limit", "approved,changed")
    assert audit.returncode == 0, audit.output
    vodia.vendor.state["domains"]["localhost"]["accounts"]["1003"]["settings"]["display"] = "Renamed by hand"
    report = {"pbx_approved_report": str(place / "audit.json")}
    return play("telephony.pbx.apply_approved", report, "--inventory", inventory)


def names(vodia: Site) -> dict[str, str]:
    return {group["id"]: group["name"] for group in present(vodia)["hunt_groups"]}


def test_what_was_approved_is_applied(run: Run, vodia: Site) -> None:
    assert run.on("approved", APPLY).result["verdict"] == "applied"
    assert names(vodia)["1002"] == "Reception"


def test_a_tenant_that_has_changed_since_is_refused(run: Run, vodia: Site) -> None:
    (failure,) = run.failures("changed")
    assert "the plan has changed" in failure.result["msg"]
    assert names(vodia)["1003"] == "Renamed by hand"


def test_a_tenant_without_an_approved_plan_is_left_alone(run: Run, vodia: Site) -> None:
    assert "no plan was approved" in run.on("unapproved", LEFT_ALONE).result["msg"]
    assert names(vodia)["1004"] != "Night"
    assert run.returncode == 2  # because of the tenant that was refused


@pytest.mark.parametrize(
    "approved",
    [
        {},
        {"pbx_audit": {"verdict": "clean", "plan_ids": {"approved": "0" * 32}}},
        {"pbx_plan_ids": {"approved": "{{ 1 }}"}},
    ],
    ids=["nothing", "a clean audit", "no plan_id"],
)
def test_without_an_approval_no_server_is_asked(
    play: Play, vodia: Site, inventory: str, approved: dict[str, Any]
) -> None:
    vodia.vendor.log.clear()
    run = play("telephony.pbx.apply_approved", approved, "--inventory", inventory)
    assert run.returncode == 2
    assert "no plan was approved" in run.output
    assert vodia.vendor.log == []


def test_a_plan_id_that_is_none_applies_nothing_with_limit_either(play: Play, vodia: Site, inventory: str) -> None:
    vodia.vendor.log.clear()
    wrong = {"pbx_plan_ids": {"unapproved": ""}}
    run = play("telephony.pbx.apply_approved", wrong, "--inventory", inventory, "--limit", "unapproved")
    assert run.returncode == 2, run.output
    assert vodia.vendor.log == []


def test_what_an_audit_published_is_an_approval_too(play: Play, vodia: Site, inventory: str, tmp_path: Path) -> None:
    extra: dict[str, Any] = {
        "pbx_report_dir": str(tmp_path),
        "pbx_report_formats": ["json"],
        "pbx_fail_on_drift": False,
    }
    play("telephony.pbx.audit", extra, "--inventory", inventory)
    found = json.loads((tmp_path / "audit.json").read_text())["tenants"]
    ids = {one["host"]: one["plan_id"] for one in found if one["host"] == "unapproved"}
    run = play(
        "telephony.pbx.apply_approved", {"pbx_audit": {"verdict": "drift", "plan_ids": ids}}, "--inventory", inventory
    )
    assert run.returncode == 0, run.output
    assert names(vodia)["1004"] == "Night"
