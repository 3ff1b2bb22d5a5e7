# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects for AWX as a run loads them, the documentation of awx.awx, and jobs as AWX starts them."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pbx_simulator import VENDORS
from pbx_simulator.server import RunningVendor

from .jobs import Awx

ROOT = Path(__file__).resolve().parents[2]
OBJECTS = ROOT / "roles" / "awx" / "files" / "objects"
COLLECTIONS = ROOT / ".dev" / "awx"  # dev.py has put awx.awx there
PROJECT = ROOT / "roles" / "awx" / "files" / "project"
Values = dict[str, Any]

SHOW = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.include_vars: {dir: "{{ objects }}", extensions: [yml], name: found}
    - ansible.builtin.include_vars: {dir: "{{ objects }}", extensions: [yml]}
    - ansible.builtin.copy:
        dest: "{{ target }}"
        content: "{{ dict(found.keys() | zip(found.keys() | map('extract', vars))) | to_json }}"
        mode: "0600"
"""


@pytest.fixture(scope="session")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Values:
    """What the files of objects hold, templated as a run does; what is !unsafe stays as it is."""
    place = tmp_path_factory.mktemp("objects")
    (place / "show.yml").write_text(SHOW)
    (place / "variables.json").write_text(json.dumps({"objects": str(OBJECTS), "target": str(place / "found.json")}))
    program = Path(sys.executable).with_name("ansible-playbook")
    command = [str(program), "-e", "@variables.json", "show.yml"]
    done = subprocess.run(
        command, cwd=place, env={**os.environ, "ANSIBLE_NOCOLOR": "1"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: Values = json.loads((place / "found.json").read_text())
    return found


@pytest.fixture(scope="session")
def options() -> dict[str, Values]:
    """Module of awx.awx -> its documented options."""
    modules = COLLECTIONS / "ansible_collections" / "awx" / "awx" / "plugins" / "modules"
    found = {}
    for path in modules.glob("[!_]*.py"):
        text = path.read_text().partition("DOCUMENTATION = ")[2].lstrip("r")
        quotes = text[:3]
        found[path.stem] = yaml.safe_load(text[3:].partition(quotes)[0])["options"]
    return found


@pytest.fixture(scope="module")
def awx(tmp_path_factory: pytest.TempPathFactory, objects: Values) -> Iterator[Awx]:
    """The project on an AWX of its own, with one tenant on each simulated vendor."""
    with contextlib.ExitStack() as stack:
        vendors = [stack.enter_context(RunningVendor(VENDORS[name]())) for name in ("portaswitch", "vodia", "apio")]
        yield Awx(tmp_path_factory.mktemp("awx"), PROJECT, objects, vendors)
