# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""meta/runtime.yml: the action group and the one action plugin of all modules. And that no module has another one.

The modules name their action plugin by `plugin_routing.modules.NAME.action_plugin`, not by a redirect of actions: with a
redirect Ansible applies the module_defaults of one module to all that share the plugin. The plugin has the name of a
module, because ansible-test wants a module of the same name for each action plugin.
"""

from __future__ import annotations

from pathlib import Path

from ansible_collections.telephony.pbx.plugins.module_utils.entry import arguments

from .blocks import as_yaml
from .places import ACTIONS, ROOT, GenerateError

ACTION_PLUGIN = arguments.TENANT
_REQUIRES = ">=2.16.0"


def files() -> dict[Path, str]:
    there = {path.stem for path in ACTIONS.glob("*.py")}
    wanted = {ACTION_PLUGIN, *arguments.ACTION_ONLY}
    if there != wanted:
        raise GenerateError(f"plugins/action: has {sorted(there)}; it needs {sorted(wanted)} and nothing else")
    names = arguments.module_names()
    connected = sorted({*names, arguments.TENANT_AUDIT} - {arguments.TENANT_VALIDATE})
    routed = {name: {"action_plugin": f"telephony.pbx.{ACTION_PLUGIN}"} for name in names if name != ACTION_PLUGIN}
    head = "---\n# Made by `python3 dev.py generate`; do not edit.\n"
    parts = [
        f'requires_ansible: "{_REQUIRES}"\n',
        as_yaml({"action_groups": {"pbx": connected}}),
        as_yaml({"plugin_routing": {"modules": routed}}),
    ]
    return {ROOT / "meta" / "runtime.yml": head + "\n".join(parts)}
