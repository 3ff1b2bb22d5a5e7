# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cookbook: in a site of its own, the files of each recipe are written, its commands run, and print what the page says."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from pbx_simulator import VENDORS
from pbx_simulator.server import RunningVendor

from .conftest import Play
from .pages import Block, blocks

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs" / "host_vars.schema.json").read_text(encoding="utf-8"))
RECIPES = {name: list(found) for name, found in groupby(blocks("cookbook"), key=lambda block: block.heading)}
SAMPLE = {"Take over what is there", "A nightly audit", "Move a number from one extension to another"}
HOSTS = {"hotel": "vodia", "bakery": "portaswitch"}
# What a site has that `telephony.pbx.new_site` wrote, as far as the recipes rely on it.
FILES = {
    "ansible.cfg": "[defaults]\ninventory = inventory\n",
    "inventory/hosts.yml": "all: {children: {vodia: {hosts: {hotel: }}, portaswitch: {hosts: {bakery: }}}}\n",
    "inventory/group_vars/all/vault.yml": (
        "vault_pbx_passwords: {hotel: demo-password}\nvault_pbx_tokens: {bakery: demo-license-4711}\n"
    ),
    "inventory/group_vars/all/site.yml": (
        'ansible_connection: local\nansible_python_interpreter: "{{ ansible_playbook_python }}"\n'
    ),
    "inventory/group_vars/vodia/connection.yml": (
        'pbx_backend: vodia\npbx_url: URL_OF_vodia\npbx_username: admin\npbx_tenant: localhost\n'
        'pbx_password: "{{ vault_pbx_passwords[inventory_hostname] }}"\n'
    ),
    "inventory/group_vars/portaswitch/connection.yml": (
        'pbx_backend: portaswitch\npbx_url: URL_OF_portaswitch\npbx_tenant: "10"\n'
        'pbx_token: "{{ vault_pbx_tokens[inventory_hostname] }}"\n'
    ),
    "inventory/host_vars/hotel/tenant.yml": 'pbx_hunt_groups: [{id: "1002"}]\n',
    "inventory/host_vars/bakery/tenant.yml": 'pbx_hunt_groups: [{id: "200"}]\n',
}  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Path]:
    """A site whose tenants are on simulated systems."""
    place = tmp_path / "site"
    with ExitStack() as stack:
        urls = {f"URL_OF_{name}": stack.enter_context(RunningVendor(VENDORS[name]())).url for name in HOSTS.values()}
        for name, text in FILES.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(re.sub(r"URL_OF_\w+", lambda found: urls[found[0]], text))
        yield place


def write(block: Block, site: Path) -> None:
    place = site / block.file
    place.parent.mkdir(parents=True, exist_ok=True)
    # There is no second machine: the connection of the tests stands for SSH.
    text = block.text.replace("ansible_connection: ssh", "ansible_connection: elsewhere")
    place.write_text(text.replace("/usr/bin/python3", '"{{ ansible_playbook_python }}"'))
    if place.is_relative_to(site / "inventory"):
        complaints = jsonschema.Draft202012Validator(SCHEMA).iter_errors(yaml.safe_load(block.text))
        assert [f"{one.json_path}: {one.message}" for one in complaints] == []


def following() -> list[Any]:
    """All recipes; those beyond the sample take long for the little that they differ in."""
    return [
        pytest.param(name, marks=() if name in SAMPLE else pytest.mark.release)
        for name, found in RECIPES.items()
        if found
    ]


@pytest.mark.parametrize("recipe", following())
def test_a_recipe_can_be_followed(recipe: str, site: Path, play: Play) -> None:
    printed = ""
    for block in RECIPES[recipe]:
        if block.file:
            write(block, site)
        elif block.language == "console":
            lines = " && ".join(block.text.splitlines())
            run = play.shell(f"cd {shlex.quote(str(site))} && {lines}", ANSIBLE_CONFIG=str(site / "ansible.cfg"))
            assert run.returncode == 0, f"{lines}\n{run.output}"
            printed = run.output
        elif block.language == "text":
            for line in block.text.splitlines():
                assert line in printed, f"{line!r} is not in:\n{printed}"
        else:
            assert block.language == "bash", f"nothing is known to do with a block of {block.language}"
            for name in re.findall(r"telephony\.pbx\.(\w+)", block.text):
                assert (ROOT / "playbooks" / f"{name}.yml").is_file()


def test_every_recipe_does_something() -> None:
    assert len(RECIPES) >= 10 and set(RECIPES) > SAMPLE
    assert [name for name, found in RECIPES.items() if not any(one.language == "console" for one in found)] == []
