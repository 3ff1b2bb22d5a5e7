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
from ansible_collections.telephony.pbx.plugins.plugin_utils.tenant_yaml import INDEX, export_to


class ActionModule(ControllerActionBase):
    """Starts no process, which would take most of the time of an export."""

    OPTIONS = {
        "tenant": {"type": "dict", "required": True},
        "name": {"type": "str", "required": True},
        "directory": {"type": "path", "required": True},
        "layout": {"type": "str", "choices": ["file", "objects"], "default": "file"},
        "schema": {"type": "path"},
    }

    def written(self, options: dict[str, Any], check_mode: bool) -> dict[str, Any]:
        name = options["name"]
        if name in ("", ".", "..") or "/" in name:
            raise InvalidOption(f"name: {name!r} cannot be the name of a directory; give a name without a slash")
        place = Path(os.path.realpath(options["directory"])) / name
        schema = os.path.realpath(options["schema"]) if options["schema"] else ""
        export = export_to(place, options["tenant"], options["layout"], schema)
        if not check_mode:
            export.write()
        files = [str(path) for path in (*export.changed, *export.removed)]
        return {"changed": bool(files), "file": str(place / INDEX), "files": files}
