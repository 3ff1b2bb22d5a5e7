# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables in the guides are those that the modules check by."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.backends.registry import BACKENDS

DOCS = Path(__file__).resolve().parents[2] / "docs"
GUIDES = sorted((DOCS / "docsite" / "rst").glob("*.rst"))


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_tables", DOCS / "generate_tables.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_tables_are_up_to_date(guide: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    assert generator().generated(text) == text, "run: python docs/generate_tables.py"


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_a_backend_has_is_in_its_guide(backend: str) -> None:
    text = (DOCS / "docsite" / "rst" / f"guide_{backend}.rst").read_text(encoding="utf-8")
    for resource, store in BACKENDS[backend].stores.items():
        assert f"telephony.pbx.{resource}#module" in text
        wanted = {"settings"} if store.capability.settings else set()
        wanted |= {"policies"} if store.capability.policies else set()
        wanted |= {"options", "refused"} if resource == "hunt_group" else set()
        missing = [what for what in wanted if f".. table: {backend} {resource} {what}\n" not in text]
        assert missing == [], f"{resource}: no table of {missing}"
