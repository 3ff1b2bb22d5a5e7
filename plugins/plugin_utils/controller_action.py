# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the action plugins share that ask no server and write files on the controller."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase

from ansible_collections.telephony.pbx.plugins.module_utils.errors import PBXError
from ansible_collections.telephony.pbx.plugins.plugin_utils.action import plain


class ControllerActionBase(ActionBase):
    """Checks the options, and turns errors into one line. A subclass says what is to be written, and writes it."""

    OPTIONS: dict[str, Any]

    _requires_connection = False
    _supports_check_mode = True
    _supports_diff = False
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        checked = ArgumentSpecValidator(self.OPTIONS).validate(plain(dict(self._task.args)))
        if checked.error_messages:
            name = self._task.action.split(".")[-1]
            return {**result, "failed": True, "msg": f"{name}: " + "; ".join(checked.error_messages)}
        try:
            return {**result, **self.written(checked.validated_parameters, bool(self._task.check_mode))}
        except (PBXError, OSError, yaml.YAMLError) as error:
            return {**result, "failed": True, "changed": False, "msg": " ".join(str(error).split())}

    @abstractmethod
    def written(self, options: dict[str, Any], check_mode: bool) -> dict[str, Any]:
        """Write what differs, or only find it. The result of the task. Raises PBXError, OSError and yaml.YAMLError."""
