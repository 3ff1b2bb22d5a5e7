# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all action plugins of this collection do: run the module's work inside the controller's worker when that is safe.

Building, copying and starting a module takes much longer than a call of an API, and needs none of it. The work runs in the worker
with the connection `local`, and for a host that stands for a tenant if nobody has set a connection for it: such a host has an API
and no login. With any other connection, the real module is sent to the host.
"""

from __future__ import annotations

import datetime
import functools
import os
import sys
from typing import Any

from ansible import constants
from ansible.module_utils.basic import missing_required_lib
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase

from ansible_collections.telephony.pbx.plugins.module_utils.backends.progress import SILENT, Progress
from ansible_collections.telephony.pbx.plugins.module_utils.entry import arguments, connection, run
from ansible_collections.telephony.pbx.plugins.module_utils.entry.shared_sessions import SharedSessions
from ansible_collections.telephony.pbx.plugins.module_utils.entry.specification import specification
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import to_bool
from ansible_collections.telephony.pbx.plugins.module_utils.rules import quoting
from ansible_collections.telephony.pbx.plugins.module_utils.transport import session
from ansible_collections.telephony.pbx.plugins.plugin_utils.messages import told, unsupported
from ansible_collections.telephony.pbx.plugins.plugin_utils.plain import plain

# The number of slices of a job, under the names that AWX gives to what it tells a job.
_SLICES = ("awx_job_slice_count", "tower_job_slice_count")
# Seconds between two lines about a long run. Looked at here, because a worker has another standard output.
_TELL_EVERY = 5.0 if sys.stdout is not None and sys.stdout.isatty() else 30.0
_PROGRESS = "PBX_PROGRESS"
# Variables of the host of a tenant, and those that tell how to connect to the host itself.
_OF_A_TENANT = ("pbx_url", "pbx_tenant")
_OF_A_LOGIN = ("ansible_connection", "ansible_host", "ansible_port", "ansible_user", "ansible_password", "ansible_ssh_")
_DEFAULT_TRANSPORTS = ("ssh", "smart")  # of Ansible, where nobody has chosen one
_TEMPLATE_HEADER = "#jinja2:"  # it may say that templates begin with something else
_SCALARS = (int, float, datetime.date, type(None))
_SHARED = SharedSessions()  # by the items of one loop: Ansible runs each task in a process of its own


@functools.cache
def validator(name: str) -> ArgumentSpecValidator:
    """Checks the options of a module. Kept, because it copies the whole specification when it is made."""
    return ArgumentSpecValidator(specification(name))


class PBXActionBase(ActionBase):
    """Base of the action plugins; a subclass exists for each module and has its name."""

    _supports_check_mode = True
    _supports_async = True
    _supports_diff = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        name = self._task.action.split(".")[-1]
        written = plain(dict(self._task.args))
        completed = self._completed(name, written, task_vars or {})
        known = specification(name)
        # Checked here in any case: a shipped module that fails on its arguments would show all of them, secrets too.
        checked = validator(name).validate(completed)
        if checked.unsupported_parameters:
            return {**result, **unsupported(name, checked.unsupported_parameters, known)}
        if checked.error_messages:
            narrowed = specification(name, str(completed.get("backend") or ""))
            message = told(name, ArgumentSpecValidator(narrowed).validate(completed).error_messages)
            return {**result, "failed": True, "changed": False, "msg": message}
        tenant = self._is_of_a_tenant(task_vars or {})
        if tenant and not session.HAS_REQUESTS:
            return {**result, "failed": True, "changed": False, "msg": missing_required_lib("requests")}
        if self._runs_here(tenant):
            scope = (str((task_vars or {}).get("inventory_hostname", "")), str(self._task.delegate_to or ""))
            progress = self._progress(task_vars or {})
            return {**result, **self._run_here(name, checked.validated_parameters, written, scope, progress)}
        shipped = self._execute_module(
            module_name=f"telephony.pbx.{name}",
            module_args=completed,
            task_vars=task_vars,
            wrap_async=self._task.async_val,
        )
        return {**result, **_with_findings(name, shipped, written)}

    def _is_of_a_tenant(self, task_vars: dict[str, Any]) -> bool:
        """Whether the task is for a host that stands for a tenant, and nobody has chosen how to connect to that host.

        By the variables of the host in the inventory: those of a play or task may be meant for any host.
        """
        transports = (self._connection.transport, constants.DEFAULT_TRANSPORT)  # type: ignore[attr-defined]
        if self._task.delegate_to or not set(transports) <= set(_DEFAULT_TRANSPORTS) or "hostvars" not in task_vars:
            return False
        own = task_vars["hostvars"].raw_get(task_vars["inventory_hostname"])
        return all(name in own for name in _OF_A_TENANT) and not any(str(name).startswith(_OF_A_LOGIN) for name in own)

    def _runs_here(self, tenant: bool) -> bool:
        """Whether this process is the host that the task is for, with all that the work needs."""
        return (
            (tenant or self._connection.transport == "local")
            and not self._task.async_val
            and not getattr(self._play_context, "become", False)
            and session.HAS_REQUESTS
        )

    def _completed(self, name: str, written: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """The options, with what the task leaves out of the connection: from the variables `pbx_OPTION` of the host, then
        from the task's `environment`, then from the controller's."""
        environment = self._environment()
        completed = connection.completed(written, environment, self._variables(name, written, task_vars))
        found = {key: value for key, value in completed.items() if value is not None and key != "token"}
        if completed.get("token") is not None and not written.get("license"):
            found["token"] = completed["token"]
        taken = arguments.own_arguments(name) if name == arguments.TENANT_VALIDATE else found
        return {**written, **{key: value for key, value in found.items() if key in taken}}

    def _environment(self) -> dict[str, str]:
        """The environment of the task: its own `environment`, then the controller's."""
        own: dict[str, Any] = {}
        self._compute_environment_string(own)
        return {**os.environ, **{key: str(value) for key, value in own.items()}}

    def _progress(self, task_vars: dict[str, Any]) -> Progress:
        """Tells how far a long run is, unless the host or the environment wants it silent. Each line is of one host."""
        wanted = self._templar.template(task_vars["pbx_progress"]) if "pbx_progress" in task_vars else None
        wanted = self._environment().get(_PROGRESS) if wanted in (None, "") else wanted
        if to_bool(wanted) is False:
            return SILENT
        host = str(task_vars.get("inventory_hostname", ""))
        return Progress(lambda line: self._display.display(f"{host}: {line}"), _TELL_EVERY)

    def _variables(self, module: str, written: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """The variables of the host that stand for options, without their prefix. Only what is needed is templated: a module
        that asks no server also works where the credentials are not known."""
        offline = arguments.own_arguments(module) if module == arguments.TENANT_VALIDATE else None
        missing = [
            name
            for name in connection.ENVIRONMENT
            if written.get(name) in (None, "") and f"pbx_{name}" in task_vars and (offline is None or name in offline)
        ]
        found = {name: plain(templated(self._templar, task_vars[f"pbx_{name}"])) for name in missing}
        announced = next((task_vars[name] for name in _SLICES if name in task_vars), None)
        if written.get("slices") in (None, "") and "slices" not in found and announced:
            found["slices"] = announced
        return found

    def _run_here(
        self, name: str, options: dict[str, Any], written: dict[str, Any], scope: tuple[str, ...], progress: Progress
    ) -> dict[str, Any]:
        return run.run(
            name, options, check_mode=bool(self._task.check_mode), environment={}, written=written, shared=_SHARED,
            scope=scope, progress=progress,
        )  # fmt: skip


def templated(templar: Any, value: Any) -> Any:
    """The value of a variable. A tenant without a template is taken as it is: Ansible walks it much more slowly, to find none."""
    return value if _has_no_template(value) else templar.template(value)


def _has_no_template(value: Any) -> bool:
    """Whether it is certain that templating would not change the value. Vaulted texts and anything lazy are not certain."""
    if isinstance(value, str):
        return "{" not in value and not value.startswith(_TEMPLATE_HEADER)
    if isinstance(value, dict):
        return all(map(_has_no_template, value)) and all(map(_has_no_template, value.values()))
    return all(map(_has_no_template, value)) if isinstance(value, list) else isinstance(value, _SCALARS)


def _with_findings(name: str, result: dict[str, Any], written: dict[str, Any]) -> dict[str, Any]:
    """A shipped module gets numbers that Ansible has made texts of; what was written is known here only."""
    resource = arguments.resource_of(name)
    found = quoting.unquoted_in_module(resource.name, written) if resource else []
    if not found or "findings" not in result:
        return result
    return {**result, "findings": [*(one.as_result() for one in found), *result["findings"]]}
