# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin of the module `tenant_validate`. Made by `python3 dev.py generate`; do not edit."""

from __future__ import annotations

from ansible_collections.telephony.pbx.plugins.plugin_utils.tenant_action import ValidateActionBase


class ActionModule(ValidateActionBase):
    """Runs the module inside the controller where that is safe."""


def main() -> None:
    """The module of the same name. ansible-lint looks here for it and checks the options of tasks by it."""
    from ansible_collections.telephony.pbx.plugins.modules import tenant_validate

    tenant_validate.main()
