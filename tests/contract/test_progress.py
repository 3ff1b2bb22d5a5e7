# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a long run tells while it runs, and in front of which host's name the action plugin shows it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.backends.progress import SILENT, Progress
from ansible_collections.telephony.pbx.plugins.module_utils.entry import call, run
from ansible_collections.telephony.pbx.plugins.plugin_utils import action
from ansible_collections.telephony.pbx.tests.contract import sized_tenants as tenants
from ansible_collections.telephony.pbx.tests.contract.sites import Site

BACKENDS = ("portaswitch", "vodia", "apio")


def every_line(lines: list[str]) -> Progress:
    """A progress that tells of each object; a second passes at each look at the clock."""
    return Progress(lines.append, 0.0, itertools.count().__next__)


@pytest.mark.parametrize("backend", BACKENDS)
def test_reading_writing_and_reading_back_are_counted_to_the_end(
    open_site: Callable[[str], Site], backend: str
) -> None:
    site, made, lines = open_site(backend), tenants.tenant(backend, 20, there=False), list[str]()
    site.vendor.state = made.state
    declared = {"hunt_groups": [], **made.declared}
    result = run.run(
        "tenant", site.options(declared, journal="", concurrency=4), check_mode=False, environment={},
        progress=every_line(lines),
    )  # fmt: skip
    assert not result.get("failed"), result["msg"]
    count = made.objects
    assert [line.split(",")[0] for line in lines if "read back" not in line] == [
        f"{n} of {count} objects {what}" for what in ("read", "written") for n in range(1, count + 1)
    ]
    assert [line for line in lines if "read back" in line][-1].split()[0] != "0"
    assert "a second" in lines[0] and lines[count - 1] == f"{count} of {count} objects read"


def test_what_waits_for_long_and_is_planned_anew_counts_once(
    open_site: Callable[[str], Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call, "FRESH_SECONDS", -1.0)
    site, made, lines = open_site("portaswitch"), tenants.tenant("portaswitch", 40, 0, there=False), list[str]()
    site.vendor.state = made.state
    options = site.options(made.declared, journal="", concurrency=2)
    run.run("tenant", options, check_mode=False, environment={}, progress=every_line(lines))
    written = [int(line.split()[0]) for line in lines if " written" in line]
    assert written == list(range(1, 41))


def test_an_export_of_a_server_without_whole_lists_is_counted(open_site: Callable[[str], Site]) -> None:
    site, made, lines = open_site("vodia"), tenants.tenant("vodia", 20), list[str]()
    site.vendor.state = made.state
    run.run("tenant_info", site.options(), check_mode=False, environment={}, progress=every_line(lines))
    assert len(lines) >= made.objects
    assert lines[-1].endswith("objects read")


class Shown:
    """What Ansible's display shows of an action plugin's progress."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
        monkeypatch.setattr(action, "_TELL_EVERY", 0.0)
        self.plugin: Any = object.__new__(action.PBXActionBase)
        self.lines: list[str] = []
        self.plugin._display = SimpleNamespace(display=self.lines.append)
        self.plugin._templar = SimpleNamespace(template=lambda value: value)
        self.plugin._environment = lambda: environment

    def lines_of(self, **task_vars: Any) -> list[str]:
        with self.plugin._progress({"inventory_hostname": "brussels", **task_vars}).phase("read", 2) as done:
            done()
        return self.lines


def test_each_line_begins_with_the_host_and_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    (line,) = Shown(monkeypatch, {}).lines_of()
    assert line.startswith("brussels: 1 of 2 objects read") and "\n" not in line


@pytest.mark.parametrize(
    ("environment", "variables", "silent"),
    [
        ({"PBX_PROGRESS": "0"}, {}, True),
        ({"PBX_PROGRESS": "no"}, {}, True),
        ({"PBX_PROGRESS": "1"}, {}, False),
        ({"PBX_PROGRESS": ""}, {}, False),
        ({}, {"pbx_progress": False}, True),
        ({"PBX_PROGRESS": "0"}, {"pbx_progress": True}, False),
        ({"PBX_PROGRESS": "0"}, {"pbx_progress": ""}, True),
    ],
    ids=str,
)
def test_the_host_then_the_environment_can_silence_it(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], variables: dict[str, Any], silent: bool
) -> None:
    assert (Shown(monkeypatch, environment).lines_of(**variables) == []) is silent


def test_a_module_that_is_shipped_prints_nothing() -> None:
    assert run.run.__kwdefaults__["progress"] is SILENT
