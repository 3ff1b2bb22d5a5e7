# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every contract test talks to a simulated vendor over HTTP, in one process and without waiting."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.entry import connection, run
from ansible_collections.telephony.pbx.plugins.module_utils.transport import session
from ansible_collections.telephony.pbx.tests.contract.cases import CASES
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant
from pbx_simulator import VENDORS
from pbx_simulator.server import RunningVendor


@pytest.fixture(scope="session")
def running() -> Iterator[dict[str, RunningVendor]]:
    vendors = {name: RunningVendor(vendor()) for name, vendor in VENDORS.items()}
    yield vendors
    for vendor in vendors.values():
        vendor.stop()


@pytest.fixture
def open_site(running: dict[str, RunningVendor], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Site]:
    """Opens a vendor by its name, as on its first day."""

    def opened(name: str) -> Site:
        vendor = running[name].vendor
        vendor.reset()
        site = Site(CASES[name], vendor, running[name].url)
        without_sleep = functools.partial(session.Session, sleep=site.pauses.append)
        monkeypatch.setattr(connection, "Session", without_sleep)
        monkeypatch.setattr(run, "SETTLE_SECONDS", (0, 0, 0))
        return site

    return opened


@pytest.fixture(params=list(CASES))
def site(request: pytest.FixtureRequest, open_site: Callable[[str], Site]) -> Site:
    return open_site(request.param)


@pytest.fixture
def portaswitch(open_site: Callable[[str], Site]) -> Site:
    return open_site("portaswitch")


@pytest.fixture
def vodia(open_site: Callable[[str], Site]) -> Site:
    return open_site("vodia")


@pytest.fixture
def apio(open_site: Callable[[str], Site]) -> Site:
    return open_site("apio")


@pytest.fixture
def tenant(site: Site) -> Tenant:
    return Tenant(site)


@pytest.fixture
def porta(portaswitch: Site) -> Tenant:
    return Tenant(portaswitch)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Journals nobody chose a place for go here."""
    home = tmp_path / "home"
    monkeypatch.setenv("ANSIBLE_HOME", str(home))
    return home
