# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module of this collection as a module: on any host, in a process of its own."""

from __future__ import annotations

import re
from typing import Any, NoReturn

from ansible.module_utils import basic

from ..transport import session
from . import arguments, masking
from .call import Answering, Invocation
from .specification import specification

# What Ansible says of a value inside a list or dictionary: its option, what is wrong, and the option that it is in.
_NESTED = re.compile(r"(?:Elements value for option|argument|option) '(\w+)'(.*?) found in '([^']+)'\.?")


def _module_class() -> type[basic.AnsibleModule]:
    """The class of modules as it is at the time of the call: ansible-lint replaces it, to check arguments and not to run
    anything."""

    class Module(basic.AnsibleModule):
        """Names an argument inside a list by its path: ansible-lint stops checking a file at Ansible's own wording.

        ansible-lint also runs modules before templates are rendered. A value inside a list cannot be checked then, so no
        message is written.
        """

        def fail_json(self, msg: str, **more: Any) -> NoReturn:
            nested = " found in " in msg
            if nested and "{{" in repr(self.params):
                raise SystemExit(1)
            super().fail_json(msg=_NESTED.sub(r"\3.\1\2", msg) if nested else msg, **more)

    return Module


def main(name: str, answer: Answering) -> None:
    """Read the options of a module, let `answer` do the work, and leave with its result.

    With no_log the module does not tell the system log what it was called with: settings may hold a secret that no
    argument spec can mark, because their names are the backend's. Results hold no secret, and their arguments are masked by
    the tables, so Ansible has nothing left to mask by text, which would damage data.
    """
    module = _module_class()(argument_spec=specification(name), supports_check_mode=True, no_log=True)
    shown = {"module_args": masking.masked(name, module.params)}
    if not session.HAS_REQUESTS and name != arguments.TENANT_VALIDATE:
        module.fail_json(
            msg=basic.missing_required_lib("requests"), exception=session.REQUESTS_IMPORT_ERROR, invocation=shown
        )
    result = answer(Invocation(name, module.params, bool(module.check_mode), written=module.params))
    for warning in result.pop("warnings", []):
        module.warn(warning)
    module.no_log_values.clear()
    if result.get("failed"):
        module.fail_json(invocation=shown, **result)
    module.exit_json(invocation=shown, **result)
