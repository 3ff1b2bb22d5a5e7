# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The execution environment: what its definition builds, and that it has all that optional features import."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from .conftest import ROOT

BUILDER = Path(sys.executable).with_name("ansible-builder")
DISTRIBUTIONS = {"requests": "requests", "urllib3": "requests", "redis": "redis", "phonenumbers": "phonenumbers"}
DEFINITION = ROOT / "execution-environment.yml"


def lines(text: str) -> set[str]:
    """Requirements with their versions."""
    found = {line.partition("#")[0].strip() for line in text.splitlines()}
    return found - {""}


def wanted(text: str) -> set[str]:
    """The names of the requirements."""
    return {re.split(r"[<>=;\[ ]", line)[0] for line in lines(text)}


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("builder")
    (place / ".ee").mkdir()
    (place / ".ee" / "telephony-pbx.tar.gz").write_bytes(b"the collection")
    (place / DEFINITION.name).write_bytes(DEFINITION.read_bytes())
    command = [
        str(BUILDER),
        "create",
        "--file",
        DEFINITION.name,
        "--context",
        "context",
        "--output-filename",
        "Containerfile",
    ]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return place / "context"


def test_the_context_holds_the_collection_and_its_requirements(context: Path) -> None:
    build = context / "_build"
    recipe = (context / "Containerfile").read_text()
    assert (build / "collection" / "telephony-pbx.tar.gz").read_bytes() == b"the collection"
    (collection,) = yaml.safe_load((build / "requirements.yml").read_text())["collections"]
    assert collection["type"] == "file"
    assert f"telephony-pbx.tar.gz {collection['name']}" in recipe
    assert recipe.index("COPY _build/collection") < recipe.index("ansible-galaxy collection install")
    assert (build / "requirements.txt").read_text().count("redis>=") == 1
    assert "git-core" in (build / "bindep.txt").read_text()
    assert "ansible-runner" in recipe and "ansible-core" in recipe


def test_the_definition_needs_what_the_collection_says(context: Path) -> None:
    own = (ROOT / "meta" / "ee-requirements.txt").read_text()
    assert lines((context / "_build" / "requirements.txt").read_text()) == lines(own)
    system = lines((ROOT / "meta" / "ee-bindep.txt").read_text())
    assert lines((context / "_build" / "bindep.txt").read_text()) == {line for line in system if "platform:rpm" in line}


def test_the_image_installs_what_is_required(context: Path) -> None:
    """Both files reach the step that finds and installs requirements, and the collection is there before it."""
    recipe = (context / "Containerfile").read_text()
    builder = recipe[recipe.index("AS builder") : recipe.index("AS final")]
    for name in ("requirements.txt", "bindep.txt"):
        assert re.search(rf"introspect\.py introspect .*{re.escape(name)}", builder), name
    assert builder.index("introspect.py introspect") < builder.index("assemble")
    final = recipe[recipe.index("AS final") :]
    assert "install-from-bindep" in final and "/usr/share/ansible/collections" in recipe


def test_users_and_images_get_the_same_versions() -> None:
    own = lines((ROOT / "meta" / "ee-requirements.txt").read_text())
    assert lines((ROOT / "requirements" / "run.txt").read_text()) <= own


def test_everything_that_is_imported_on_condition_is_required() -> None:
    own = wanted((ROOT / "meta" / "ee-requirements.txt").read_text())
    imported = set()
    for path in (ROOT / "plugins").rglob("*.py"):
        for name in re.findall(r"^\s*(?:import ([a-z_0-9]+)|from ([a-z_0-9]+)[\w.]* import)", path.read_text(), re.M):
            imported.update(filter(None, name))
    others = imported - set(sys.stdlib_module_names) - {"ansible", "ansible_collections", "__future__"}
    others -= {"jinja2", "yaml"}  # ansible-core needs them itself
    assert {name for name in others if DISTRIBUTIONS.get(name) not in own} == set()


def test_introspection_finds_both_files() -> None:
    folder = ROOT / "meta"
    named = yaml.safe_load((folder / "execution-environment.yml").read_text())["dependencies"]
    assert all((ROOT / path).is_file() for path in named.values())
    ignored = yaml.safe_load((ROOT / "galaxy.yml").read_text())["build_ignore"]
    assert not [path for path in named.values() if path in ignored or "meta" in ignored]
