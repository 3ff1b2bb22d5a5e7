# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""States to start with, from a JSON file of the user: an object of vendor name to what `GET /_sim/state` shows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .core import Vendor


class WrongSeed(ValueError):
    """A seed file that cannot be used. The message is for its author."""


def seed_of(vendors: Mapping[str, type[Vendor]]) -> dict[str, Any]:
    """The built-in states of all vendors, as a seed file has them."""
    return {name: vendor().state for name, vendor in vendors.items()}


def seeded(vendors: Mapping[str, type[Vendor]], path: Path | None) -> dict[str, type[Vendor]]:
    """The vendors with the states of a seed file; a vendor that the file leaves out keeps its own.

    A reset returns to the states of the file. Raises WrongSeed.
    """
    states = _read(path, vendors) if path else {}
    return {name: _with_state(vendor, states[name]) if name in states else vendor for name, vendor in vendors.items()}


def _with_state(vendor: type[Vendor], state: dict[str, Any]) -> type[Vendor]:
    return type(vendor.__name__, (vendor,), {"initial_state": lambda self: state})


def _read(path: Path, vendors: Mapping[str, type[Vendor]]) -> dict[str, Any]:
    try:
        states = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise WrongSeed(f"the seed file {path} cannot be read as JSON: {problem}") from problem
    if not isinstance(states, dict):
        raise WrongSeed(f"the seed file {path} is not an object of vendor name to state")
    unknown = sorted(set(states) - set(vendors))
    if unknown:
        raise WrongSeed(f"the seed file {path} has {', '.join(unknown)}; the vendors are {', '.join(vendors)}")
    for name, state in states.items():
        _check(path, name, state, vendors[name]().state)
    return states


def _check(path: Path, name: str, state: Any, own: Mapping[str, Any]) -> None:
    """A state needs the parts of the built-in one, each of its kind, or the vendor fails at its first request."""
    parts = state if isinstance(state, dict) else {}
    wrong = [part for part, value in own.items() if type(parts.get(part)) is not type(value)]
    if wrong:
        raise WrongSeed(
            f"the seed file {path}: {name} needs {', '.join(wrong)}, each as `python -m pbx_simulator --print-seed` shows it"
        )
