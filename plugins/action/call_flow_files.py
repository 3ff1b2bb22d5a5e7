# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws who rings when into files on the controller: one for a tenant, and one for each of its hunt groups."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ansible_collections.telephony.pbx.plugins.module_utils.errors import InvalidOption
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import tenant_lists
from ansible_collections.telephony.pbx.plugins.module_utils.report.callflow.ask import picture_at
from ansible_collections.telephony.pbx.plugins.module_utils.report.callflow.pictures import FORMATS, file_name
from ansible_collections.telephony.pbx.plugins.plugin_utils.controller_action import ControllerActionBase
from ansible_collections.telephony.pbx.plugins.plugin_utils.messages import told
from ansible_collections.telephony.pbx.plugins.plugin_utils.report_files import encoded, write_files

DECLARED, LIVE, PLANNED = "declared", "live", "planned"


class ActionModule(ControllerActionBase):
    """All pictures in one task: a task for each would take longer than to draw it."""

    OPTIONS = {
        "backend": {"type": "str", "required": True},
        "source": {"type": "str", "choices": [DECLARED, LIVE, PLANNED], "default": DECLARED},
        "declared": {"type": "dict", "default": {}},
        "live": {"type": "dict", "default": {}},
        "plan": {"type": "list", "elements": "dict", "default": []},
        "directory": {"type": "path", "required": True},
        "formats": {"type": "list", "elements": "str", "choices": list(FORMATS), "default": ["svg"]},
        "mask_external": {"type": "bool", "default": False},
        "at": {"type": "raw"},
        "zone": {"type": "str"},
        "assume": {"type": "dict"},
        "country_code": {"type": "str"},
    }

    def carry_out(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        if not options["backend"]:
            raise InvalidOption("backend: is missing, and how calls go differs by vendor; write the kind of system")
        if not options["directory"]:
            raise InvalidOption("directory: is empty; write where the pictures go")
        place = os.path.realpath(options["directory"])
        pictures, problems = _pictures(options)
        differing = {name: text for name, text in pictures.items() if _differs(os.path.join(place, name), text)}
        unwritten = {} if self._task.check_mode else write_files(place, differing, 0o644)
        problems += [f"{os.path.join(place, name)}: {error.strerror}" for name, error in unwritten.items()]
        files = [os.path.join(place, name) for name in differing if name not in unwritten]
        if problems:
            message = told(
                "call_flow_files", list(dict.fromkeys(problems))
            )  # a mistake may be in the way of every picture
            return {"failed": True, "changed": bool(files), "files": files, "msg": message}
        return {"changed": bool(files), "directory": place, "files": files, "pictures": len(pictures)}


def _differs(path: str, text: str) -> bool:
    """Raises InvalidOption for what cannot be read."""
    if not os.path.exists(path):
        return True
    try:
        with open(path, "rb") as file:
            return file.read() != encoded(text)
    except OSError as error:
        raise InvalidOption(f"{path}: {error.strerror}; move it away") from None


def _pictures(options: Mapping[str, Any]) -> tuple[dict[str, str], list[str]]:
    """(file name -> its text, why others cannot be drawn)."""
    source = options["source"]
    shown = options[DECLARED if source == DECLARED else LIVE]
    document = {name: shown.get(name) or [] for name in tenant_lists()}
    planned = {"plan": options["plan"], "declared": options["declared"]} if source == PLANNED else {}
    asked = {name: options[name] for name in ("mask_external", "at", "zone", "assume", "country_code")}
    found: dict[str, str] = {}
    problems: list[str] = []
    for group in ("", *_groups(options)):
        name = file_name(f"group-{group}" if group else "tenant")
        for format_ in options["formats"]:
            try:
                picture = picture_at(document, options["backend"], format_, group, **planned, **asked)
                found[f"{name}.{picture.suffix}"] = picture.text
            except InvalidOption as error:
                problems.append(" ".join(str(error).split()))
    return found, problems


def _groups(options: Mapping[str, Any]) -> list[str]:
    """The groups that get a picture of their own, by number or name: those that are there, and those that will be.

    An entry that is no group is left to the picture of the tenant, which says what is wrong with it.
    """
    source = options["source"]
    live = [] if source == DECLARED else _dictionaries(options["live"].get("hunt_groups"))
    declared = [] if source == LIVE else _dictionaries(options["declared"].get("hunt_groups"))
    found: list[str] = []
    decided: set[str] = set()  # the live groups that the declaration has an entry for, by number or by name
    for group in declared:
        key = str(group.get("id") or group.get("name") or "")
        by_name = [] if group.get("id") else [one for one in live if one.get("name") == group.get("name")]
        decided |= {key, *(str(one.get("id")) for one in by_name)}
        found += [key] if key and group.get("state", "present") != "absent" else []
    return found + [str(one.get("id")) for one in live if str(one.get("id")) not in decided]


def _dictionaries(items: Any) -> list[dict[str, Any]]:
    return [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []
