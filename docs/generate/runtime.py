# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tells Ansible how to run the modules: meta/runtime.yml with the action group, and an action plugin for each module.

Each module has an action plugin of its name, because Ansible loads such a plugin before it forks. A plugin of another name
(`plugin_routing.modules.NAME.action_plugin`) is loaded by each worker anew, and the whole collection with it.
With a redirect of actions Ansible applies the module_defaults of one module to all that share the plugin.
"""

from __future__ import annotations

from pathlib import Path

from ansible_collections.telephony.pbx.plugins.module_utils.entry import arguments

from .blocks import as_yaml
from .places import ACTIONS, ROOT, GenerateError

_REQUIRES = ">=2.16.0"
_ACTION = '''\
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin of the module `{name}`. Made by `python3 dev.py generate`; do not edit."""

from __future__ import annotations

from ansible_collections.telephony.pbx.plugins.plugin_utils.{base[0]} import {base[1]}


class ActionModule({base[1]}):
    """Runs the module inside the controller where that is safe."""


def main() -> None:
    """The module of the same name. ansible-lint looks here for it and checks the options of tasks by it."""
    from ansible_collections.telephony.pbx.plugins.modules import {name}

    {name}.main()
'''

_BASE = ("action", "PBXActionBase")
_BASES = {  # module -> file and class
    arguments.TENANT: ("tenant_action", "TenantActionBase"),
    arguments.TENANT_VALIDATE: ("tenant_action", "ValidateActionBase"),
}


def files() -> dict[Path, str]:
    names = arguments.module_names()
    unknown = {path.stem for path in ACTIONS.glob("*.py")} - {*names, *arguments.ACTION_ONLY}
    if unknown:
        raise GenerateError(f"plugins/action: has {sorted(unknown)}, which are no modules; delete them")
    connected = sorted({*names, arguments.TENANT_AUDIT} - {arguments.TENANT_VALIDATE})
    head = "---\n# Made by `python3 dev.py generate`; do not edit.\n"
    parts = [f'requires_ansible: "{_REQUIRES}"\n', as_yaml({"action_groups": {"pbx": connected}})]
    actions = {ACTIONS / f"{name}.py": _ACTION.format(name=name, base=_BASES.get(name, _BASE)) for name in names}
    return {ROOT / "meta" / "runtime.yml": head + "\n".join(parts), **actions}
