# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What names a version, a requirement or a file of the repository in texts for users says the same as what it is about."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "docs" / "docsite" / "rst"
GALAXY = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
QUICK_START = (GUIDES / "quick_start.rst").read_text(encoding="utf-8")
LINK = re.compile(rf"\]\(({re.escape(GALAXY['repository'])}/(?:blob|raw)/HEAD/)?([^)\s]+)\)")


def requirements(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", [README, QUICK_START], ids=["README", "quick start"])
def test_the_tarball_has_the_version_of_the_collection(text: str) -> None:
    assert set(re.findall(r"telephony-pbx-([0-9.]+)\.tar\.gz", text)) == {GALAXY["version"]}


@pytest.mark.parametrize("text", [README, QUICK_START], ids=["README", "quick start"])
def test_what_has_to_be_installed_is_what_is_tested(text: str) -> None:
    known = (requirements("run") + requirements("demo")).splitlines()
    written = [one for line in re.findall(r"pip install (.+)", text) for one in re.findall(r"'([^']+)'", line)]
    libraries = [one for one in written if not one.startswith("ansible-core")]
    assert libraries and set(libraries) <= set(known)


def test_the_oldest_core_is_said_everywhere() -> None:
    (oldest,) = re.findall(r"ansible-core>=(\d+\.\d+)", requirements("core216"))
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert runtime["requires_ansible"] == f">={oldest}.0"
    assert f"'ansible-core>={oldest}'" in QUICK_START and f"ansible-core {oldest}" in README


def test_the_release_is_in_the_changelog() -> None:
    releases = yaml.safe_load((ROOT / "changelogs" / "changelog.yaml").read_text(encoding="utf-8"))["releases"]
    assert GALAXY["version"] in releases
    assert f"\nv{GALAXY['version']}\n" in (ROOT / "CHANGELOG.rst").read_text(encoding="utf-8")


def test_nothing_was_added_in_a_version_that_there_is_not() -> None:
    releases = yaml.safe_load((ROOT / "changelogs" / "changelog.yaml").read_text(encoding="utf-8"))["releases"]
    files = [*(ROOT / "plugins").rglob("*.py"), *(ROOT / "plugins").rglob("*.yml")]
    added = {one for file in files for one in re.findall(r"version_added: (\S+)", file.read_text(encoding="utf-8"))}
    assert added and added <= {*releases, GALAXY["version"]}


def test_the_links_of_the_readme_lead_to_files_and_work_on_galaxy() -> None:
    """Galaxy shows the README without the files beside it, so links have to be absolute."""
    links = [(before, path) for before, path in LINK.findall(README) if before or "://" not in path]
    assert len(links) > 15
    assert [path for before, path in links if not before] == []
    assert [path for _before, path in links if not (ROOT / path).exists()] == []


def test_every_guide_has_a_place() -> None:
    sections = yaml.safe_load((ROOT / "docs" / "docsite" / "extra-docs.yml").read_text(encoding="utf-8"))["sections"]
    placed = [page for section in sections for page in section["toctree"]]
    assert sorted(placed) == sorted(path.stem for path in GUIDES.glob("*.rst"))
