# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The trust suites use the sites of the contract tests, and leave their figures behind."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from ansible_collections.telephony.pbx.tests.contract.conftest import (
    adapters,
    apio,
    home,
    open_site,
    portaswitch,
    running,
    site,
    tenant,
    vodia,
)
from ansible_collections.telephony.pbx.tests.trust import figures
from ansible_collections.telephony.pbx.tests.trust.editing import Editor
from pbx_simulator.server import RunningVendor

__all__ = ["adapters", "apio", "home", "open_site", "portaswitch", "running", "site", "tenant", "vodia"]  # fixtures


@pytest.fixture(autouse=True)
def answers_again(running: dict[str, RunningVendor]) -> Iterator[None]:
    """No vendor goes on with the answers of the test before."""
    yield
    for vendor in running.values():
        vendor.vendor.__dict__.pop("answer", None)


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch) -> Editor:
    return Editor(monkeypatch)


def pytest_sessionfinish(session: pytest.Session) -> None:
    figures.save(os.environ.get("PYTEST_XDIST_WORKER", "main"))
