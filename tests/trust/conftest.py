# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The trust suites use the sites of the contract tests, and leave their figures behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.telephony.pbx.tests.contract.conftest import (
    apio,
    open_site,
    portaswitch,
    running,
    site,
    vodia,
)
from ansible_collections.telephony.pbx.tests.trust import figures
from ansible_collections.telephony.pbx.tests.trust.editing import Editor

__all__ = ["apio", "open_site", "portaswitch", "running", "site", "vodia"]  # fixtures


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Journals and locks of these runs are nobody else's."""
    home = tmp_path / "home"
    monkeypatch.setenv("ANSIBLE_HOME", str(home))
    return home


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch) -> Editor:
    return Editor(monkeypatch)


def pytest_sessionfinish(session: pytest.Session) -> None:
    figures.save(os.environ.get("PYTEST_XDIST_WORKER", "main"))
