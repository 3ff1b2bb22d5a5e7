# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables in docs/docsite/rst/*.rst, from the tables that the modules check by.

A guide marks a table by `.. table: BACKEND RESOURCE WHAT` (or `.. table: connection`, `.. table: sizing`) and
`.. end of table`; what stands between is generated. A marker without an end, an unknown one and an empty table are errors.
"""

from __future__ import annotations

import re
from pathlib import Path

from ansible_collections.telephony.pbx.plugins.module_utils.backends.registry import BACKENDS

from . import rows, sizing
from .places import GUIDES, GenerateError

_START, _END = ".. table: ", ".. end of table"
_MARKED = re.compile(r"^\.\. table: ([^\n]+)\n(.*?)^\.\. end of table$", re.MULTILINE | re.DOTALL)
Row = tuple[str, ...]


def files() -> dict[Path, str]:
    found = {path: path.read_text(encoding="utf-8") for path in sorted(GUIDES.glob("*.rst"))}
    missing = sorted(set(wanted()) - {name for text in found.values() for name in marked(text)})
    if missing:
        raise GenerateError(f"docs/docsite/rst: no guide has the table {'; '.join(missing)}")
    return {path: with_tables(text, path.name) for path, text in found.items() if _START in text}


def wanted() -> list[str]:
    """The tables that some guide has to have."""
    tables = ["connection", "sizing"]
    for backend, vendor in BACKENDS.items():
        for resource, store in vendor.stores.items():
            if not store.writable:
                continue
            whats = ["options", "refused"] if resource in ("hunt_group", "extension", "follow_me") else []
            whats += ["policies"] if store.capability.policies else []
            whats += ["settings"] if store.capability.settings else []
            tables += [f"{backend} {resource} {what}" for what in whats if rows.of_backend(backend, resource, what)]
    return tables


def marked(text: str) -> list[str]:
    return [name.strip() for name, _content in _MARKED.findall(text)]


def with_tables(text: str, place: str) -> str:
    """The text of a guide with all its marked tables as they have to be. Raises GenerateError."""
    starts = len(re.findall(rf"^{re.escape(_START)}", text, re.MULTILINE))
    ends = len(re.findall(rf"^{re.escape(_END)}$", text, re.MULTILINE))
    names = marked(text)
    if not starts == ends == len(names):
        raise GenerateError(f"{place}: {starts} tables begin with `{_START}` and {ends} end with `{_END}`")
    return _MARKED.sub(lambda found: f"{_START}{found[1]}\n\n{table(found[1].strip(), place)}\n\n{_END}", text)


def table(name: str, place: str) -> str:
    """One table. name: what stands behind the marker. Raises GenerateError."""
    content = _content(name.split(), place)
    if not content:
        raise GenerateError(f"{place}: the table `{name}` is empty; remove its markers")
    lines = [".. list-table::", "   :header-rows: 1", "   :widths: auto", ""]
    head = sizing.HEAD if name == "sizing" else rows.HEADS[name.split()[-1]]
    for row in [head, *content]:
        lines += [f"   {'*' if position == 0 else ' '} - {cell}".rstrip() for position, cell in enumerate(row)]
    return "\n".join(lines)


def _content(words: list[str], place: str) -> list[Row]:
    if words == ["connection"]:
        return rows.connection_rows()
    if words == ["sizing"]:
        return sizing.rows()
    known = len(words) == 3 and words[0] in BACKENDS and words[1] in BACKENDS[words[0]].stores
    if not known or words[2] not in rows.HEADS:
        raise GenerateError(f"{place}: the table `{' '.join(words)}` is unknown")
    return rows.of_backend(words[0], words[1], words[2])
