# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook telephony.pbx.audit: a verdict for every tenant, and never a plan hidden behind a limit or a rule."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Play, Run, Site
from .tenants import APPLY, CLOSING, REPORT, connection, inventory_of, variables
from .test_role import OWN_RULE, RENAMED

ALL = [{"id": "1002"}, {"id": "1003", "name": "Hunt_2"}, {"id": "1004", "enabled": True}]
LEAF = "hunt_group 1003 (Hunt_2): name: Hunt_2 -> Renamed"
# Host -> its variables besides the connection, and the leaves that differ. None: it cannot be compared.
HOSTS: dict[str, tuple[dict[str, Any], list[str] | None]] = {
    "good": ({"hunt_groups": ALL}, []),
    "changed": ({"hunt_groups": RENAMED}, [LEAF]),
    "limited": (
        {"hunt_groups": RENAMED, "purge": ["hunt_groups"], "max_deletions": 1},
        [
            LEAF,
            "hunt_group 1002 (Hunt): state: present -> absent",
            "hunt_group 1004 (Hunt_3): state: present -> absent",
        ],
    ),
    "ruled": ({"hunt_groups": RENAMED, "rules": [OWN_RULE]}, [LEAF]),
    "other_plan": ({"hunt_groups": RENAMED, "expect_plan": "0" * 32}, [LEAF]),
    "unquoted": ({"hunt_groups": [{"id": 1003, "name": "Hunt_2"}]}, []),
    "away": ({"hunt_groups": ALL, "url": "http://127.0.0.1:9", "timeout": 1}, None),
    "locked": ({"hunt_groups": ALL, "password": "wrong"}, None),
    "nothing": ({}, None),
    "impossible": ({"hunt_groups": [{"id": "1002", "policy": "random"}]}, None),
}
FINDINGS = {
    "limited": "error: max_deletions: 2 objects would be deleted",
    "ruled": "error: hunt_groups[0].name: keep it",
    "other_plan": "error: expect_plan: the plan has changed",
    "unquoted": "warning: hunt_groups[0].id: the number 1003 is written without quotes",
}


@pytest.fixture(scope="module")
def audit(play: Play, vodia: Site, tmp_path_factory: pytest.TempPathFactory) -> Run:
    hosts = {host: variables({**connection(vodia), **options}) for host, (options, _leaves) in HOSTS.items()}
    return play("telephony.pbx.audit", {}, "--inventory", inventory_of(tmp_path_factory.mktemp("audit"), hosts))


@pytest.mark.parametrize("host", [host for host, (_options, leaves) in HOSTS.items() if leaves is not None])
def test_every_leaf_that_differs_is_told(audit: Run, host: str) -> None:
    leaves = HOSTS[host][1] or []
    verdict = "drift" if leaves else "clean"
    compared, report = audit.on(host, APPLY), audit.on(host, REPORT)
    assert (compared.result["verdict"], compared.failed) == (verdict, False)
    assert report.result["msg"] == [f"{host}: {verdict}", *leaves]
    assert report.failed == bool(leaves)


@pytest.mark.parametrize("host", FINDINGS)
def test_what_looks_wrong_is_told(audit: Run, host: str) -> None:
    lines = audit.on(host, CLOSING).result["msg"]
    assert len([line for line in lines if line.startswith(FINDINGS[host])]) == 1, lines


@pytest.mark.parametrize("host", [host for host, (_options, leaves) in HOSTS.items() if leaves is None])
def test_what_cannot_be_compared_is_incomplete_and_fails(audit: Run, host: str) -> None:
    lines = audit.on(host, CLOSING).result["msg"]
    assert lines[0].startswith(f"{host}: incomplete: ")
    assert len(lines) > 1  # the reason
    assert audit.failures(host)
    assert REPORT not in [task.name for task in audit.tasks if task.host == host]


def test_nothing_is_written(audit: Run, vodia: Site) -> None:
    assert audit.returncode == 2
    assert vodia.vendor.writes() == []
