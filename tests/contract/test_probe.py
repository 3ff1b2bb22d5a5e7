# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The probe reads every kind of object, writes nothing, and its document has nothing of the customer in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.backends.registry import BACKENDS
from ansible_collections.telephony.pbx.plugins.module_utils.entry.run import run
from pbx_simulator import VENDORS, Vendor
from pbx_simulator.server import RunningVendor

CONNECTIONS = {
    "portaswitch": {"tenant": "10", "token": "demo-license-4711"},
    "vodia": {"tenant": "localhost", "username": "admin", "password": "demo-password"},
    "apio": {"tenant": "ApioSpTest", "group": "ApioGrpTest", "username": "demo", "password": "demo-password"},
}
ROUTES = {
    "portaswitch": {"GET /GetCustomerExtensions/{}/{}", "GET /GetCustomerHuntGroups/{}/{}", "GET /getfollowmes/{}/{}"},
    "vodia": {"GET /rest/domain/{}/user_settings/{}", "GET /rest/domain/{}/users", "GET /rest/domain/{}/hunts"},
    "apio": {
        "GET /tenants/{}/groups/{}/services/hunt_groups/",
        "GET /tenants/{}/groups/{}/services/hunt_groups/{}/",
        "GET /tenants/{}/groups/{}/services/hunt_groups/{}/weighted_distribution/",
        "GET /tenants/{}/groups/{}/users/",
        *(f"GET /tenants/{{}}/groups/{{}}/users/{{}}/services/{name}/" for name in ("cfa", "cfb", "sequential_ring")),
    },
}


def probed(vendor: Vendor, **options: Any) -> dict[str, Any]:
    with RunningVendor(vendor) as running:
        url = f"{running.url}/api/v01/p1" if vendor.name == "apio" else running.url
        asked = {
            "backend": vendor.name,
            "url": url,
            "rate_limit": 0,
            "probe": True,
            **CONNECTIONS[vendor.name],
            **options,
        }
        result = run("tenant_info", asked, check_mode=False, environment={})
    assert "failed" not in result, result
    return result


def values(data: Any) -> Iterator[str]:
    """Every text and number of the seed data that may be a customer's."""
    if isinstance(data, dict):
        for key, item in data.items():
            yield from values(key)
            yield from values(item)
    elif isinstance(data, list):
        for item in data:
            yield from values(item)
    elif isinstance(data, (str, int)) and not isinstance(data, bool):
        yield str(data)


def is_private(text: str) -> bool:
    """What looks like a name, number, address or secret: capital letters within, digits, blanks, @ or dots."""
    return len(text) > 2 and bool(re.search(r"[\d@. -]", text) or re.match(r"[A-Z][a-z]+$", text))


@pytest.mark.parametrize("name", VENDORS)
def test_everything_is_read_nothing_written_and_nothing_told(name: str) -> None:
    vendor = VENDORS[name]()
    document = probed(vendor)["probe"]
    assert document["passed"] is True and document["differences"] == {} and not vendor.writes()
    assert {check["resource"] for check in document["checks"]} == set(BACKENDS[name].stores)
    assert all(check["objects"] for check in document["checks"])
    assert set(document["routes"]) == ROUTES[name]
    words = set(re.findall(r'"([^"]*)"', json.dumps(document)))
    known = {"2xx", *document["routes"], *interface(name)}
    told = {text for text in values(vendor.state) if is_private(text) and text in words} - known
    assert not told
    text = json.dumps(document)
    secrets = [value for key, value in CONNECTIONS[name].items() if key != "tenant" or value != "10"]
    assert not [secret for secret in secrets if f"/{secret}" in text or f'"{secret}"' in text]


def interface(name: str) -> set[str]:
    """Names of settings and policies, which the document keeps."""
    kinds = [kind.capability for kind in BACKENDS[name].stores.values()]
    return {word for one in kinds for word in (*one.settings, *one.policies.values())} | KEYS


# Keys of answers that the state of the simulator has too.
KEYS = {"extension1", "200"}  # 200 is the status of the answers


def test_an_answer_that_is_not_understood_is_told_without_its_text() -> None:
    vendor = VENDORS["portaswitch"]()
    vendor.state["customers"]["10"]["groups"]["301"]["name"] = "Rosa Kowalska"
    vendor.add_fault("status", match="GetCustomerExtensions", times=99, status=200, body="<p>Rosa Kowalska</p>")
    result = probed(vendor)
    checks = {check["resource"]: check for check in result["probe"]["checks"]}
    assert result["probe"]["passed"] is False
    assert (checks["hunt_group"]["status"], checks["extension"]["status"]) == ("ok", "failed")
    assert checks["extension"]["error_class"] and result["warnings"]
    assert result["probe"]["not_json"] == ["GET /GetCustomerExtensions/{}/{}"]
    assert "Rosa" not in json.dumps(result["probe"])


def test_a_list_that_may_be_cut_is_no_success() -> None:
    vendor = VENDORS["portaswitch"]()
    document = probed(vendor, list_limit=2)["probe"]
    assert document["passed"] is False
    assert {check["error_class"] for check in document["checks"] if check["status"] == "failed"} == {"Incomplete"}


def test_what_a_version_does_not_have_is_no_failure() -> None:
    vendor = VENDORS["vodia"]()
    vendor.set_dialect(account_lists="none")
    document = probed(vendor)["probe"]
    found = {check["resource"]: check["status"] for check in document["checks"]}
    assert found == {"hunt_group": "ok", "extension": "not_offered", "follow_me": "not_offered"}
    assert document["passed"] is True


def test_keys_that_are_missing_or_doubled_and_parts_that_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def objects(*numbers: str) -> dict[str, Any]:
        return {"hunt_groups": [{"id": number} for number in numbers]}

    for found in (objects("1", "1"), objects("1", "")):
        monkeypatch.setattr(BACKENDS["vodia"].stores["hunt_group"], "info", lambda store, asked, found=found: found)
        document = probed(VENDORS["vodia"](), resources=["hunt_groups"])["probe"]
        assert (document["passed"], document["checks"][0]["status"]) == (False, "differs")

    def noting(store: Any, asked: Any) -> Any:
        store.notes.append("Rosa Kowalska was not read")
        return {"hunt_groups": [{"id": "1"}]}

    monkeypatch.setattr(BACKENDS["vodia"].stores["hunt_group"], "info", noting)
    result = probed(VENDORS["vodia"](), resources=["hunt_groups"])
    assert result["probe"]["checks"][0]["parts_left_out"] == 1 and result["probe"]["passed"] is False
    assert "Rosa" in str(result["warnings"]) and "Rosa" not in str(result["probe"])


def test_a_type_that_no_page_has_is_told() -> None:
    vendor = VENDORS["apio"]()
    vendor.set_dialect(string_booleans=True)
    differences = probed(vendor)["probe"]["differences"]
    group = differences["GET /tenants/{}/groups/{}/services/hunt_groups/{}/"]
    assert group["types"]["$.allowCallWaitingForAgents"] == ["string"]


def test_only_what_is_asked_for() -> None:
    vendor = VENDORS["vodia"]()
    document = probed(vendor, resources=["hunt_groups"])["probe"]
    assert [check["resource"] for check in document["checks"]] == ["hunt_group"]
