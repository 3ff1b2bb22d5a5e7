# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module of this collection as a module: on any host, in a process of its own."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ..transport import session
from . import arguments, masking, run


def main(name: str) -> None:
    """Read the options, run, and leave with the result.

    With no_log the module does not tell the system log what it was called with: settings may hold a secret that no
    argument spec can mark, because their names are the backend's. Results hold no secret, and their arguments are masked by
    the tables, so Ansible has nothing left to mask by text, which would damage data.
    """
    module = AnsibleModule(argument_spec=run.specification(name), supports_check_mode=True, no_log=True)
    shown = {"module_args": masking.masked(name, module.params)}
    if not session.HAS_REQUESTS and name != arguments.TENANT_VALIDATE:
        module.fail_json(
            msg=missing_required_lib("requests"), exception=session.REQUESTS_IMPORT_ERROR, invocation=shown
        )
    result = run.run(name, module.params, check_mode=module.check_mode)
    for warning in result.pop("warnings", []):
        module.warn(warning)
    module.no_log_values.clear()
    if result.get("failed"):
        module.fail_json(invocation=shown, **result)
    module.exit_json(invocation=shown, **result)
