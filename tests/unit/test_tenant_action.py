# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the action plugin of `tenant` does besides: options from variables, and the undo file of an AWX job."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleError

from ansible_collections.telephony.pbx.plugins.plugin_utils.action import templated
from ansible_collections.telephony.pbx.plugins.plugin_utils.host_variables import options_of
from ansible_collections.telephony.pbx.plugins.plugin_utils.tenant_action import TenantActionBase, with_artifact

KB = 1024


def journal(place: Path, size: int) -> Path:
    path = place / "journal.json"
    path.write_text(json.dumps({"kind": "journal", "filling": "x" * (size - 40)}))
    return path


@pytest.mark.parametrize(
    ("size", "hosts", "whole"), [(60 * KB, 1, True), (70 * KB, 1, False), (60 * KB, 5, False), (5 * KB, 50, True)]
)
def test_a_file_is_kept_where_those_of_all_hosts_fit(tmp_path: Path, size: int, hosts: int, whole: bool) -> None:
    result = {"changed": True, "journal": str(journal(tmp_path, size))}
    stats = with_artifact(result, "bakery", hosts)["ansible_stats"]
    kept = stats["data"]["pbx_journals"]["bakery"]
    assert (stats["per_host"], stats["aggregate"], kept["kind"]) == (False, True, "journal" if whole else "none")
    assert whole or kept["message"].endswith("set pbx_state_dir")


@pytest.mark.parametrize("result", [{}, {"journal": ""}, {"journal": "/nowhere/journal.json"}])
def test_without_a_file_nothing_is_handed_on(result: dict[str, str]) -> None:
    assert with_artifact(result, "bakery", 1) == result


@pytest.mark.parametrize(
    ("args", "variables", "check_mode", "loses"),
    [
        ({}, {"awx_job_id": 7}, False, True),
        ({}, {"awx_job_id": 7}, True, False),  # a run that writes nothing leaves no file
        ({"state_dir": "/state"}, {"awx_job_id": 7}, False, False),
        ({}, {}, False, False),
    ],
)
def test_only_a_job_that_writes_and_keeps_nothing_loses_its_file(
    args: dict[str, Any], variables: dict[str, Any], check_mode: bool, loses: bool
) -> None:
    action: Any = SimpleNamespace(_task=SimpleNamespace(check_mode=check_mode))
    assert TenantActionBase._loses_files(action, args, variables) == loses


class Templar:
    """Knows one template, and one that fails."""

    def template(self, value: Any) -> Any:
        if value == "{{ nowhere }}":
            raise AnsibleError("'nowhere' is\n undefined")
        return {"{{ protected }}": ["1*"], "{{ lost }}": None}.get(value, value)


def test_options_come_from_variables_that_are_set_and_that_the_task_leaves_out() -> None:
    known = {
        "omit": "an omission", "pbx_only": "an omission", "pbx_purge": None, "pbx_on_error": "continue", "pbx_other": 1,
        "pbx_protect": "{{ protected }}", "pbx_rules": "{{ nowhere }}", "pbx_host": "x", "max_deletions": 5,
    }  # fmt: skip
    options = {"only", "purge", "on_error", "protect", "rules", "max_deletions", "host"}
    found, broken = options_of(Templar(), known, options, {"host": "bakery"})
    assert found == {"on_error": "continue", "protect": ["1*"]}
    assert broken == ["pbx_rules: 'nowhere' is undefined"]


@pytest.mark.parametrize(
    ("variables", "given"),
    [
        ({"pbx_expect_plan": None}, ""),
        ({"pbx_expect_plan": ""}, ""),
        ({"pbx_expect_plan": "{{ lost }}"}, ""),  # a template that leads to null
        ({"pbx_expect_plan": "abc"}, "abc"),
        ({}, None),
    ],
)
def test_in_a_job_an_approval_that_was_lost_is_not_one_that_nobody_asked_for(
    variables: dict[str, Any], given: str | None
) -> None:
    action: Any = SimpleNamespace(_templar=Templar())
    found, wrong = TenantActionBase._options_of_host(action, {}, {"awx_job_id": 7, **variables})
    assert (found.get("expect_plan"), wrong) == (given, [])


@pytest.mark.parametrize("value", ["a {{ b }}", "#jinja2: variable_start_string:'[['\n[[ b ]]", {"x": ["{% if b %}"]}])
def test_what_may_be_a_template_is_templated(value: Any) -> None:
    seen: list[Any] = []
    templar = SimpleNamespace(template=seen.append)
    templated(templar, value)
    assert seen == [value]
    assert templated(templar, [{"name": "Desk", "ring": 5, "on": True, "none": None}]) and seen == [value]
