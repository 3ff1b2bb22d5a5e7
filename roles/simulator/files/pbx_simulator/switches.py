# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The switches and hazards of all vendors as the tables of the role's README (`python -m pbx_simulator --switches`)."""

from __future__ import annotations

import json
from typing import Any

from .core import Switch, Vendor

TITLES = {"portaswitch": "PortaSwitch", "vodia": "Vodia PBX", "apio": "Netaxis APIO"}


def tables(vendors: dict[str, type[Vendor]]) -> str:
    """Markdown: for each vendor its switches and its hazards, each value as JSON and the default first."""
    parts = []
    for name, vendor in vendors.items():
        for kind, switches in (("switches", vendor.switches), ("hazards", vendor.hazards)):
            rows = [f"| `{one.name}` | {_values(one)} | {_cell(one.question)} |" for one in switches]
            parts.append(
                "\n".join([f"#### {TITLES[name]}: {kind}", "", "| name | values | question |", "|---|---|---|", *rows])
            )
    return "\n\n".join(parts) + "\n"


def _values(switch: Switch) -> str:
    values = ", ".join(f"`{_cell(json.dumps(value))}`" for value in switch.values)
    return f"{values}, or any number from 1" if switch.any_number else values


def _cell(text: Any) -> str:
    return str(text).replace("|", "\\|")
