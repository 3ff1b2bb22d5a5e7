# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws who rings when into files on the controller: one for a tenant, and one for each of its hunt groups."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.telephony.pbx.plugins.module_utils.errors import InvalidOption
from ansible_collections.telephony.pbx.plugins.module_utils.report.callflow.ask import picture_at
from ansible_collections.telephony.pbx.plugins.module_utils.report.callflow.pictures import FORMATS, SUFFIXES
from ansible_collections.telephony.pbx.plugins.plugin_utils.controller_action import ControllerActionBase
from ansible_collections.telephony.pbx.plugins.plugin_utils.report_files import encoded, write_files

DECLARED, LIVE, PLANNED = "declared", "live", "planned"
_LISTS = ("extensions", "hunt_groups", "follow_me")
_OTHER = re.compile(r"[^A-Za-z0-9@.+-]")  # than in the name of a file


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

    def written(self, options: dict[str, Any], check_mode: bool) -> dict[str, Any]:
        place = os.path.realpath(options["directory"])
        pictures = _pictures(options)
        changed = {name: text for name, text in pictures.items() if _differs(os.path.join(place, name), text)}
        if not check_mode:
            for name, error in write_files(place, changed).items():
                raise InvalidOption(f"{os.path.join(place, name)}: {error.strerror}")
        files = [os.path.join(place, name) for name in changed]
        return {"changed": bool(files), "directory": place, "files": files, "pictures": len(pictures)}


def _differs(path: str, text: str) -> bool:
    if not os.path.exists(path):
        return True
    with open(path, "rb") as file:
        return file.read() != encoded(text)


def _pictures(options: Mapping[str, Any]) -> dict[str, str]:
    """File name -> its text. Raises InvalidOption."""
    if not options["backend"]:
        raise InvalidOption("backend: is missing, and how calls go differs by vendor; write the kind of system")
    source = options["source"]
    shown = options[DECLARED if source == DECLARED else LIVE]
    document = {name: shown.get(name) or [] for name in _LISTS}
    planned = {"plan": options["plan"], "declared": options["declared"]} if source == PLANNED else {}
    asked = {name: options[name] for name in ("mask_external", "at", "zone", "assume", "country_code")}
    found: dict[str, str] = {}
    for group in ("", *_groups(options)):
        name = _OTHER.sub("_", f"group-{group}" if group else "tenant")
        for kind in options["formats"]:
            picture = picture_at(document, options["backend"], kind, group, **planned, **asked)
            found[f"{name}.{SUFFIXES[kind]}"] = picture.text
    return found


def _groups(options: Mapping[str, Any]) -> list[str]:
    """The groups that get a picture of their own, by number or name: what is there, and what is to be there."""
    source = options["source"]
    live = [] if source == DECLARED else options["live"].get("hunt_groups") or []
    declared = [] if source == LIVE else options["declared"].get("hunt_groups") or []
    found: list[str] = []
    known: set[str] = set()  # declared, also as absent or by a name
    for group in declared:
        key = str(group.get("id") or group.get("name"))
        known |= {key, *(str(one["id"]) for one in live if not group.get("id") and one["name"] == group.get("name"))}
        found += [key] if group.get("state", "present") != "absent" else []
    return found + [str(one["id"]) for one in live if str(one["id"]) not in known]
