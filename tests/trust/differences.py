# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where two views of a tenant differ, in words for a failing test."""

from __future__ import annotations

from typing import Any

# How deep in a view one object stands: a group, an extension, a user.
OBJECT_DEPTH = {"portaswitch": 2, "vodia": 3, "apio": 5}


def different(one: Any, other: Any, place: str = "") -> str:
    """Where two views differ, and how; "" when they do not."""
    if isinstance(one, dict) and isinstance(other, dict):
        parts = [different(one.get(key), other.get(key), f"{place}/{key}") for key in sorted({*one, *other})]
        return " ".join(part for part in parts if part)
    return "" if one == other else f"{place}: {one!r} != {other!r}"


def objects(shown: Any, depth: int) -> dict[str, Any]:
    """The parts of a view at a depth, by their path."""
    if not isinstance(shown, dict) or not depth:
        return {"": shown}
    parts = ((key, objects(value, depth - 1)) for key, value in shown.items())
    return {f"/{key}{path}": one for key, found in parts for path, one in found.items()}
