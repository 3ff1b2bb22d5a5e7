# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The advice on live tenants of all vendors, as the modules give it. It only reads."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.entry import run
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant

Found = set[tuple[str, str]]


def called(tenant: Tenant, module: str, check_mode: bool = True, **options: Any) -> dict[str, Any]:
    tenant.vendor.log = []
    before = tenant.state
    result = run.run(module, tenant.options(**options), check_mode=check_mode, environment={})
    assert tenant.vendor.writes() == [] or not check_mode
    assert tenant.state == before or not check_mode
    return result


def found(result: dict[str, Any]) -> Found:
    assert not result.get("failed"), result["msg"]
    return {(one["id"], one["path"]) for one in result["findings"]}


def test_tenant_and_tenant_info_give_the_same_advice_and_only_where_it_is_asked_for(tenant: Tenant) -> None:
    exported = called(tenant, "tenant_info")
    assert "findings" not in exported
    advised = found(called(tenant, "tenant_info", advice=True))
    assert advised
    lists = {kind: exported[kind] for kind in tenant.whole.kinds}
    without = found(called(tenant, "tenant", **lists))
    compared = called(tenant, "tenant", advice=True, **lists)
    assert found(compared) == advised | without and not advised & without
    assert compared["verdict"] == "clean"


def test_a_rogue_group_is_found(tenant: Tenant) -> None:
    backend = tenant.case.backend
    documents = {
        "portaswitch": {"hunt_groups": [{"id": "0290", "name": "Empty", "policy": "regular", "members": []}]},
        "vodia": {"hunt_groups": [{"id": "1990", "name": "Rogue", "members": [], "overflow_to": "+32900123456"}]},
        "apio": {"hunt_groups": [{"id": "rogue@pbx.example", "name": "Rogue", "policy": "regular", "members": [],
                                  "overflow_to": "+3290012345",
                                  "overflow_after": 20,
                                  "settings": {"serviceInstanceProfile": {"cliLastName": "A", "cliFirstName": "B"}}}]},
    }  # fmt: skip
    made = called(tenant, "tenant", check_mode=False, advice=True, country_code="32", **documents[backend])
    ids = {one["id"] for one in made["findings"] if "Rogue" in one["message"] or "Empty" in one["message"]}
    assert not made.get("failed"), made["msg"]
    assert "no-member" in ids  # the state after the run
    assert backend == "portaswitch" or ids & {"premium-number", "invalid-number"}
    assert backend != "apio" or "premium-number" in ids


def test_members_that_have_signed_out_are_found(porta: Tenant) -> None:
    for row in porta.vendor.state["memberships"].values():
        row["hunt_active"] = "N"
    paths = {path for rule, path in found(called(porta, "tenant_info", advice=True)) if rule == "nobody-signed-in"}
    assert paths


def test_a_waiver_hides_an_advice_until_its_last_day(tenant: Tenant) -> None:
    rule, path = sorted(one for one in found(called(tenant, "tenant_info", advice=True)) if "/" in one[1])[0]
    waiver = {"id": rule, "object": path, "reason": "It is meant", "expires": "2999-12-31"}
    assert (rule, path) not in found(called(tenant, "tenant_info", advice=True, advice_waivers=[waiver]))
    expired = called(tenant, "tenant_info", advice=True, advice_waivers=[{**waiver, "expires": "2020-01-31"}])
    told = [one["message"] for one in expired["findings"] if (one["id"], one["path"]) == (rule, path)]
    assert told and all("(It is meant) expired on 2020-01-31" in one for one in told)


MALFORMED: list[tuple[dict[str, Any], str]] = [
    ({"advice_waivers": [{"id": "no-overflw", "object": "hunt_groups/1", "reason": "x", "expires": "2027-01-01"}]},
     "advice_waivers[0].id: 'no-overflw' is no rule (did you mean no-overflow?)"),
    ({"advice_waivers": [{"id": "no-overflow", "object": "extensions/1*", "reason": "x", "expires": "2027-02-30"}]},
     "advice_waivers[0].expires: '2027-02-30' is not a date"),
    ({"advice_waivers": [{"id": "no-overflow", "object": "200", "reason": "x", "expires": "2027-02-28"}]},
     "advice_waivers[0].object: '200' names no object"),
    ({"advice_severities": {"no-overflow": "fatal"}}, "advice_severities.no-overflow: 'fatal' is no severity"),
    ({"advice_thresholds": {"least_members": "many"}}, "advice_thresholds.least_members: 'many' is not a whole number"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "message"), MALFORMED)
@pytest.mark.parametrize("module", ["tenant", "tenant_info"])
def test_malformed_options_are_refused_before_the_first_request(
    vodia: Any, module: str, options: dict[str, Any], message: str
) -> None:
    result = called(Tenant(vodia), module, **options)
    assert result["failed"] and message in result["msg"]
    assert vodia.vendor.log == []
    offline = run.run("tenant_validate", options, check_mode=False, environment={})
    assert offline["failed"] and message in offline["msg"]
