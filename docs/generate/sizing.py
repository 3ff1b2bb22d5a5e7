# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of the guide to AWX about a fleet, from the figures that `python3 dev.py bench --write` put into the guide to performance."""

from __future__ import annotations

import re

from .places import GUIDES, GenerateError
from .rows import Row

HEAD: Row = (
    "Backend",
    "Objects of a tenant",
    "Requests of its audit",
    "1,000 tenants, 20 a second",
    "100 a second",
    "10,000 tenants, 20 a second",
    "100 a second",
)
_UNCHANGED = "no change"


def rows() -> list[Row]:
    """One for each backend: the shortest time that the rate limit allows, for tenants as they were measured."""
    measured = measured_rows((GUIDES / "performance.rst").read_text(encoding="utf-8"), "rates")
    found = [
        (backend, objects, requests, *(lasting(int(_plain(requests)) * tenants / rate) for tenants, rate in _FLEETS))
        for backend, work, objects, requests, *_times in measured
        if work == _UNCHANGED
    ]
    if not found:
        raise GenerateError(f"performance.rst: the table `rates` has no row `{_UNCHANGED}`")
    return found


_FLEETS = ((1000, 20), (1000, 100), (10_000, 20), (10_000, 100))


def measured_rows(text: str, name: str) -> list[list[str]]:
    """The rows of a measured table of a guide, without its head. Raises GenerateError."""
    found = re.search(rf"^\.\. measured: {name}$(.*?)^\.\. end of measured$", text, re.MULTILINE | re.DOTALL)
    if not found:
        raise GenerateError(f"performance.rst: there is no measured table {name}")
    bodies = re.split(r"^   \* - ", found[1], flags=re.MULTILINE)[2:]
    return [[cell.strip() for cell in re.split(r"^     - ?", body, flags=re.MULTILINE)] for body in bodies]


def _plain(number: str) -> str:
    return number.replace(",", "")


def lasting(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 2 * 3600 else f"{seconds / 3600:.0f} h"
