# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all action plugins of this collection do: run the module's work inside the controller's worker when that is safe.

Building, copying and starting a module costs about 0.7 s of CPU; a call to an API needs none of it. With any other
connection than `local` the real module is shipped to that host.
"""

from __future__ import annotations

import os
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase

from ansible_collections.telephony.pbx.plugins.module_utils.entry import connection, run
from ansible_collections.telephony.pbx.plugins.module_utils.model import values as fields
from ansible_collections.telephony.pbx.plugins.module_utils.transport import session


class PBXActionBase(ActionBase):
    """Base of the action plugins; a subclass exists for each module and has its name."""

    _supports_check_mode = True
    _supports_async = True
    _supports_diff = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        name = self._task.action.split(".")[-1]
        arguments = self._with_environment(dict(self._task.args))
        if not self._runs_here():
            shipped = self._execute_module(
                module_name=f"telephony.pbx.{name}",
                module_args=arguments,
                task_vars=task_vars,
                wrap_async=self._task.async_val,
            )
            return {**result, **shipped}
        return {**result, **self._run_here(name, arguments)}

    def _runs_here(self) -> bool:
        """Whether this process is the host that the task is for, with all that the work needs."""
        return (
            self._connection.transport == "local"
            and not self._task.async_val
            and not getattr(self._play_context, "become", False)
            and session.HAS_REQUESTS
        )

    def _with_environment(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Connection options that the task leaves out, from the task's `environment`, then from the controller's."""
        if "backend" not in run.arguments(self._task.action.split(".")[-1]):
            return arguments
        task_environment: dict[str, Any] = {}
        self._compute_environment_string(task_environment)
        environment = {**os.environ, **{key: str(value) for key, value in task_environment.items()}}
        completed = connection.from_environment(arguments, environment)
        found = {key: value for key, value in completed.items() if value is not None and key not in ("token",)}
        if completed.get("token") is not None and not arguments.get("license"):
            found["token"] = completed["token"]
        return {**arguments, **found}

    def _run_here(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        specification = run.arguments(name)
        checked = ArgumentSpecValidator(specification).validate(arguments)
        if checked.unsupported_parameters:
            return _unsupported(name, checked.unsupported_parameters, specification)
        if checked.error_messages:
            return {"failed": True, "changed": False, "msg": f"{name}: " + "; ".join(checked.error_messages)}
        return run.run(name, checked.validated_parameters, check_mode=self._task.check_mode, environment={})


def _unsupported(name: str, parameters: set[Any], specification: dict[str, Any]) -> dict[str, Any]:
    """The same complaint that a module makes of options it does not know, with a hint at what may have been meant."""
    words = [".".join(parameter) if isinstance(parameter, tuple) else str(parameter) for parameter in parameters]
    hints = ", ".join(word + fields.nearest(word, specification) for word in sorted(words))
    supported = ", ".join(sorted(specification))
    message = f"{name}: Unsupported parameters: {hints}. Supported parameters include: {supported}"
    return {"failed": True, "changed": False, "msg": message}
