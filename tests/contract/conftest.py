# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every contract test talks to a simulated vendor in its own process, without waiting; see `direct` for how."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.engine import files
from ansible_collections.telephony.pbx.plugins.module_utils.entry import call, connection
from ansible_collections.telephony.pbx.plugins.module_utils.transport import session
from ansible_collections.telephony.pbx.tests.contract.cases import CASES, copied
from ansible_collections.telephony.pbx.tests.contract.direct import Direct
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant
from pbx_simulator import VENDORS, core
from pbx_simulator import portaswitch as portaswitch_simulator
from pbx_simulator.server import RunningVendor


@pytest.fixture(scope="session")
def running() -> Iterator[dict[str, RunningVendor]]:
    for module in (core, portaswitch_simulator):  # states are plain data, which pickle copies many times faster
        module.copy = SimpleNamespace(deepcopy=copied, copy=copy.copy)
    vendors = {name: RunningVendor(vendor()) for name, vendor in VENDORS.items()}
    yield vendors
    for vendor in vendors.values():
        vendor.stop()


@pytest.fixture(scope="session")
def adapters(running: dict[str, RunningVendor]) -> dict[str, Direct]:
    return {vendor.url: Direct(vendor) for vendor in running.values()}


@pytest.fixture
def open_site(
    running: dict[str, RunningVendor], adapters: dict[str, Direct], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Site]:
    """Opens a vendor by its name, as on its first day."""

    def connected(site: Site) -> Callable[..., session.Session]:
        def make(*given: Any, **more: Any) -> session.Session:
            made = session.Session(*given, **{"sleep": site.pauses.append, **more})
            for url, adapter in adapters.items():
                made._http.mount(url, adapter)
            made._http.trust_env = False  # no proxy leads to a simulator, and looking for one takes its time
            return made

        return make

    def opened(name: str) -> Site:
        vendor = running[name].vendor
        vendor.reset()
        site = Site(CASES[name], vendor, running[name].url)
        monkeypatch.setattr(connection, "Session", connected(site))
        monkeypatch.setattr(call, "SETTLE_SECONDS", (0, 0, 0))
        monkeypatch.setattr(files.os, "fsync", lambda descriptor: None)  # no test cuts the power
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


HOMES = itertools.count()


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Journals nobody chose a place for go here. It is made by the first of them: most tests have none."""
    home = tmp_path_factory.getbasetemp() / f"home-{next(HOMES)}"
    monkeypatch.setenv("ANSIBLE_HOME", str(home))
    return home
