# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fault that resets the connection lets no answer out: a client that got one would not be in doubt."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import requests

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "roles" / "simulator" / "files"))

from pbx_simulator import VENDORS
from pbx_simulator.server import RunningVendor

PATHS = {
    "portaswitch": "/togglehuntgroups/hash700004/302",
    "vodia": "/rest/domain/localhost/hunts",
    "apio": "/api/v01/health",
}


@pytest.mark.parametrize("used_before", [False, True], ids=["new connection", "kept connection"])
@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
@pytest.mark.parametrize("name", VENDORS)
def test_a_reset_is_no_answer(name: str, kind: str, used_before: bool) -> None:
    vendor = VENDORS[name]()
    with RunningVendor(vendor) as server, requests.Session() as session:
        if used_before:
            session.get(f"{server.url}/_sim/health", timeout=5)
        vendor.add_fault(kind)
        with pytest.raises(requests.exceptions.ConnectionError):
            session.get(server.url + PATHS[name], timeout=5)
        assert session.get(f"{server.url}/_sim/health", timeout=5).status_code == 200


@pytest.mark.parametrize(("kind", "active"), [("reset_before", "Y"), ("reset_after", "N")])
def test_a_request_was_processed_only_before_a_reset_after(kind: str, active: str) -> None:
    vendor = VENDORS["portaswitch"]()
    with RunningVendor(vendor) as server:
        vendor.add_fault(kind)
        with pytest.raises(requests.exceptions.ConnectionError):
            requests.get(server.url + PATHS["portaswitch"], timeout=5)
        assert vendor.state["memberships"]["9004"]["hunt_active"] == active
