# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the action plugins of `tenant` and `tenant_validate` do besides: options from variables of the host, and the undo file in a
job of AWX."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.telephony.pbx.plugins.module_utils.entry import arguments, connection, results
from ansible_collections.telephony.pbx.plugins.module_utils.errors import InvalidOption
from ansible_collections.telephony.pbx.plugins.module_utils.report import run_summary
from ansible_collections.telephony.pbx.plugins.plugin_utils import call_flow, host_variables
from ansible_collections.telephony.pbx.plugins.plugin_utils.action import PBXActionBase, validator

# Ansible loads this file before it forks. What is loaded with it is there in each worker: the filter of the closing lines, too.
LOADED_BEFORE_FORKING = (validator(arguments.TENANT), run_summary, call_flow)
_AWX_JOB = "awx_job_id"
_LOST = (
    "pbx_state_dir is not set, so the undo file of this run is lost with the container. Set it to a mounted directory. A small "
    "undo file is also in the artifacts of this job, as pbx_journals."
)
_TOO_LARGE = {"kind": "none", "message": "the undo file is too large for the artifacts; set pbx_state_dir"}
_MOST_BYTES = 65536  # of one undo file; all those of a job have to fit, too
_MOST_BYTES_OF_A_JOB = 262144
# They say which file, and so never come from a variable that is meant for the role restore.
NOT_FROM_VARIABLES = frozenset({"restore_from", "restore_other_tenant", "host"})


class TenantActionBase(PBXActionBase):
    """The action plugin of the module `tenant`."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        known = task_vars or {}
        args = dict(self._task.args)
        findings: list[dict[str, Any]] = []
        if _takes_variables(args):
            found, wrong = self._options_of_host(args, known)
            args = {"host": str(known.get("inventory_hostname", "")), **found, **args}
            findings, nothing = self._findings(args, known, wrong)
            if wrong or nothing:
                return _refused("; ".join(wrong or nothing), findings)
        self._task.args = args
        loses_files = self._loses_files(args, known)
        if loses_files:
            self._display.warning(_LOST)
        result = dict(super().run(tmp, task_vars))
        if findings:
            result["findings"] = [*findings, *(result.get("findings") or [])]
        hosts = len(known.get("ansible_play_hosts_all") or [])
        return with_artifact(result, str(known.get("inventory_hostname", "")), hosts) if loses_files else result

    def _options_of_host(self, args: dict[str, Any], task_vars: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        options = arguments.from_host() - NOT_FROM_VARIABLES
        found, wrong = host_variables.options_of(self._templar, task_vars, options, args)
        # AWX hands on an empty text as null, which is no option anywhere else. Here it is an approval that was lost.
        if _AWX_JOB in task_vars and "pbx_expect_plan" in task_vars and "expect_plan" not in args:
            found.setdefault("expect_plan", "")
        return found, wrong

    def _findings(
        self, args: dict[str, Any], task_vars: dict[str, Any], wrong: list[str]
    ) -> tuple[list[dict[str, Any]], list[str]]:
        known = [*arguments.from_host(), *connection.connection_arguments()]
        return host_variables.findings_of(args, host_variables.names_of(task_vars), known, wrong)

    # -- AWX: a container is gone after the job, and its files with it ---------------------------------------------------
    def _loses_files(self, args: dict[str, Any], task_vars: dict[str, Any]) -> bool:
        return _AWX_JOB in task_vars and not args.get("state_dir") and not self._task.check_mode


def with_artifact(result: dict[str, Any], host: str, hosts: int) -> dict[str, Any]:
    """The result with the undo file for the artifacts of a job with so many hosts, as ansible.builtin.set_stats hands them on."""
    path = str(result.get("journal") or "")
    if not path or not os.path.exists(path):
        return result
    with open(path, encoding="utf-8") as file:
        content = file.read()
    most = min(_MOST_BYTES, _MOST_BYTES_OF_A_JOB // max(1, hosts))
    kept = json.loads(content) if len(content) <= most else _TOO_LARGE
    return {**result, "ansible_stats": {"data": {"pbx_journals": {host: kept}}, "per_host": False, "aggregate": True}}


class ValidateActionBase(PBXActionBase):
    """The action plugin of the module `tenant_validate`."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        known = task_vars or {}
        args = dict(self._task.args)
        if _takes_variables(args):
            options = set(arguments.own_arguments(arguments.TENANT_VALIDATE)) - {"variables", arguments.FROM_VARIABLES}
            found, wrong = host_variables.options_of(self._templar, known, options, args)
            if wrong:
                return _refused("; ".join(wrong), [])
            args = {"variables": host_variables.names_of(known), **found, **args}
        self._task.args = args
        return dict(super().run(tmp, task_vars))


def _takes_variables(args: dict[str, Any]) -> bool:
    """Whether a task asks for the variables of the host. The option is then gone: no module needs it."""
    return boolean(args.pop(arguments.FROM_VARIABLES, None) or False, strict=False)


def _refused(message: str, findings: list[dict[str, Any]]) -> dict[str, Any]:
    return {**results.failure(InvalidOption(message), message), "findings": findings}
