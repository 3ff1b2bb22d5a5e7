# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a tenant into files of variables on the controller."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ansible_collections.telephony.pbx.plugins.module_utils.errors import InvalidOption
from ansible_collections.telephony.pbx.plugins.plugin_utils.controller_action import ControllerActionBase
from ansible_collections.telephony.pbx.plugins.plugin_utils.tenant_yaml import INDEX, update_of


class ActionModule(ControllerActionBase):
    """Starts no process, which would take most of the time of an export."""

    OPTIONS = {
        "tenant": {"type": "dict", "required": True},
        "name": {"type": "str", "required": True},
        "directory": {"type": "path", "required": True},
        "layout": {"type": "str", "choices": ["file", "objects"], "default": "file"},
        "schema": {"type": "path"},
    }

    def carry_out(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        name, directory = options["name"], options["directory"]
        if name in ("", ".", "..") or "/" in name:
            raise InvalidOption(f"name: {name!r} cannot be the name of a directory; give a name without a slash")
        if not directory:
            raise InvalidOption("directory: is empty; write where the directories of tenants are")
        schema = os.path.realpath(options["schema"]) if options["schema"] else ""
        place = Path(os.path.realpath(directory)) / name
        done: list[str] = []
        try:
            update = update_of(place, options["tenant"], options["layout"], schema)
            if self._task.check_mode:
                done = [str(path) for path in update.paths]
            else:
                for path in update.carry_out():
                    done.append(str(path))
        except OSError as error:
            return {"failed": True, "changed": bool(done), "files": done, "msg": str(error)}
        return {"changed": bool(done), "file": str(place / INDEX), "files": done}
