# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options from the task, from module_defaults, and from the environment of the task and of the process."""

from __future__ import annotations

import pytest

from .conftest import Play, Run, Site

FIRST, SECOND = "Hunt", "Second's hunt"


@pytest.fixture(scope="module")
def connected(vodia: Site, play: Play) -> Run:
    environment = {
        "PBX_BACKEND": "vodia",
        "PBX_URL": vodia.url,
        "PBX_TENANT": "localhost",
        "PBX_USERNAME": "admin",
        "PBX_PASSWORD": "demo-password",
        "PBX_RATE_LIMIT": "0",
        **dict.fromkeys(("PBX_GROUP", "PBX_TOKEN", "PBX_VALIDATE_CERTS", "PBX_CA_PATH", "PBX_TIMEOUT"), ""),
        "PBX_CONCURRENCY": "",
    }
    return play("connection.yml", {}, "-vvvv", **environment)


def test_ends_well(connected: Run) -> None:
    assert connected.returncode == 0, connected.output


@pytest.mark.parametrize(
    ("task", "name"),
    [
        ("Environment of the process", FIRST),
        ("Options win over the environment", SECOND),
        ("Environment of the task", SECOND),
        ("Environment of the process, shipped", FIRST),
    ],
)
def test_reads_from_the_right_place(connected: Run, task: str, name: str) -> None:
    assert [group["name"] for group in connected[task].result["hunt_groups"]] == [name]


@pytest.mark.parametrize("task", ["Group of module defaults", "Environment of the task, shipped"])
def test_finds_the_declared_name(connected: Run, task: str) -> None:
    assert connected[task].result["verdict"] == "clean"


def test_nothing_was_written(connected: Run, vodia: Site) -> None:
    assert connected["Check mode of the whole task"].result["verdict"] == "drift"
    assert vodia.vendor.writes() == []


def test_the_password_is_nowhere(connected: Run) -> None:
    assert "demo-password" not in connected.output
    assert "YWRtaW46ZGVtby1wYXNzd29yZA" not in connected.output  # the same, as HTTP Basic has it
