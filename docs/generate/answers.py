# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""plugins/module_utils/backends/*/expected_answers.py: what a probe of the simulator finds in the answers of each route."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ansible_collections.telephony.pbx.plugins.module_utils.entry.run import run
from ansible_collections.telephony.pbx.plugins.module_utils.report.shapes import flat

from .places import ROLES, ROOT, GenerateError

sys.path.insert(0, str(ROLES / "simulator" / "files"))

from pbx_simulator import VENDORS
from pbx_simulator.server import RunningVendor

_CONNECTIONS = {
    "portaswitch": {"tenant": "10", "token": "demo-license-4711"},
    "vodia": {"tenant": "localhost", "username": "admin", "password": "demo-password"},
    "apio": {"tenant": "ApioSpTest", "group": "ApioGrpTest", "token": "demo-machine-token"},
}
_PATHS = {"apio": "/api/v01/p1"}
_HEAD = '''\
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Route -> place in its answers -> the types of the values there, as the vendor's pages have them (by way of the simulator).

Made by `python3 dev.py generate`; do not edit.
"""

from __future__ import annotations

# fmt: off
ANSWERS: dict[str, dict[str, str]] = {
'''


def files() -> dict[Path, str]:
    place = ROOT / "plugins" / "module_utils" / "backends"
    return {place / name / "expected_answers.py": _HEAD + _routes(name) + "}\n" for name in VENDORS}


def _routes(name: str) -> str:
    lines = []
    for route, found in _probed(name)["routes"].items():
        lines.append(f"    {json.dumps(route)}: {{\n")
        lines += [
            f"        {json.dumps(place)}: {json.dumps('|'.join(sorted(types)))},\n"
            for place, types in sorted(flat(found["body"]))
        ]
        lines.append("    },\n")
    return "".join(lines)


def _probed(name: str) -> dict[str, Any]:
    with RunningVendor(VENDORS[name]()) as running:
        connection = {"backend": name, "url": running.url + _PATHS.get(name, ""), "rate_limit": 0, **_CONNECTIONS[name]}
        result = run("tenant_info", {**connection, "probe": True}, check_mode=False, environment={})
    if not result.get("probe", {}).get("passed"):
        raise GenerateError(
            f"the probe of the simulated {name} did not pass: {result.get('msg') or result.get('warnings')}"
        )
    document: dict[str, Any] = result["probe"]
    return document
