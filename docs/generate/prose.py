# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hand-written descriptions: prose/*.yml, one file for each resource, one for tenants, connection, results and roles.

A description is a text or a list of texts. An option with suboptions is a dictionary with `description` and `suboptions`.
Every option of the catalogue has a description, and every description an option: anything else is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import yaml

from .places import PROSE, GenerateError

Prose = Mapping[str, Any]


@cache
def loaded(name: str) -> Prose:
    """The content of prose/NAME.yml."""
    path = PROSE / f"{name}.yml"
    if not path.is_file():
        raise GenerateError(f"docs/generate/prose/{name}.yml: is missing; write the descriptions of {name} there")
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, Mapping):
        raise GenerateError(f"docs/generate/prose/{name}.yml: is not a dictionary")
    return content


def modules() -> dict[str, Prose]:
    """The descriptions of each module: `options` and `returns`."""
    found: dict[str, Prose] = {}
    for path in sorted(PROSE.glob("*.yml")):
        content = loaded(path.stem)
        found.update(content.get("modules") or {})
    return found


def of_module(name: str) -> Prose:
    known = modules()
    if name not in known:
        raise GenerateError(f"module {name}: no file in docs/generate/prose describes it (under `modules`)")
    return known[name]


def texts(described: Any) -> list[str]:
    """The sentences of a description."""
    if isinstance(described, Mapping):
        described = described.get("description")
    written = [described] if isinstance(described, str) else list(described or [])
    return [" ".join(str(text).split()) for text in written]


def suboptions(described: Any) -> Prose:
    return described.get("suboptions") or {} if isinstance(described, Mapping) else {}


def complaints(place: str, arguments: Mapping[str, Any], described: Prose) -> Iterator[str]:
    """What has no description, or describes nothing. arguments: an Ansible argument spec."""
    for name in arguments:
        if not texts(described.get(name)):
            yield f"{place}: the option {name} has no description"
    for name in described:
        if name not in arguments:
            yield f"{place}: there is no option {name}; remove its description"
    for name, argument in arguments.items():
        below = argument.get("options") or {}
        if below or suboptions(described.get(name)):
            yield from complaints(f"{place}: {name}", below, suboptions(described.get(name)))


def require_complete(place: str, arguments: Mapping[str, Any], described: Prose) -> None:
    """Raises GenerateError with everything that does not fit."""
    found = list(complaints(place, arguments, described))
    if found:
        raise GenerateError("; ".join(found))
