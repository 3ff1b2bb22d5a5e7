# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Base of the action plugins that write files on the controller and send no request."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase

from ansible_collections.telephony.pbx.plugins.module_utils.errors import PBXError, error_class
from ansible_collections.telephony.pbx.plugins.plugin_utils.messages import told, unsupported
from ansible_collections.telephony.pbx.plugins.plugin_utils.plain import plain


class ControllerActionBase(ActionBase):
    """Checks the options, and turns errors into one line. A subclass does the work.

    OPTIONS: the argument spec. RULES: what ArgumentSpecValidator takes besides, such as `mutually_exclusive`.
    """

    OPTIONS: dict[str, Any]
    RULES: dict[str, Any] = {}

    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        name = self._task.action.split(".")[-1]
        checked = ArgumentSpecValidator(self.OPTIONS, **self.RULES).validate(plain(dict(self._task.args)))
        if checked.unsupported_parameters:
            return {**result, **unsupported(name, checked.unsupported_parameters, self.OPTIONS)}
        if checked.error_messages:
            return {**result, "failed": True, "changed": False, "msg": told(name, checked.error_messages)}
        try:
            return {**result, **self.carry_out(checked.validated_parameters, task_vars or {})}
        except PBXError as error:
            message = " ".join(str(error).split())
            return {**result, "failed": True, "changed": False, "msg": message, "error_class": error_class(error)}

    @abstractmethod
    def carry_out(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Do the work of the task. The result, which a failure is too. Raises PBXError where nothing was written."""
