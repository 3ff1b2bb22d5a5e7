# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An audit as CSV: one row a changed leaf, and one row for each tenant that is incomplete. Pure.

UTF-8 with a byte order mark and lines that end in CR LF, so that spreadsheets read accents and line ends as they are.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from .document import INCOMPLETE
from .words import leaves, one_line, shown

COLUMNS = (
    "generated_at", "host", "backend", "tenant", "group", "verdict", "resource", "id", "name", "action", "field", "before",
    "after", "message",
)  # fmt: skip
# A spreadsheet runs a cell that begins with one of these as a formula; the wide forms are read as the narrow ones.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def spreadsheet(document: Mapping[str, Any]) -> str:
    """The text of the file, with its byte order mark."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in _rows(document):
        writer.writerow([cell(row.get(column, "")) for column in COLUMNS])
    return "\ufeff" + target.getvalue()


def cell(value: Any) -> str:
    """A value as text that no spreadsheet runs: behind an apostrophe where it could begin a formula.

    Blanks in front do not hide a formula from every program, so they are looked through.
    """
    if value is None:
        return ""
    text = value if isinstance(value, str) else shown(value)
    begins = text.lstrip(" \u00a0\ufeff")
    visible = one_line(text) if begins and not begins.isprintable() else text
    return f"'{visible}" if begins.startswith(_FORMULA) else visible


def _rows(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for tenant in document["tenants"]:
        common = {name: tenant[name] for name in ("host", "backend", "tenant", "group", "verdict")}
        common["generated_at"] = document["generated_at"]
        if tenant["verdict"] == INCOMPLETE:
            yield {**common, "action": INCOMPLETE, "message": tenant["message"]}
        for step in tenant["plan"]:
            about = {name: step.get(name) for name in ("resource", "id", "name", "action")}
            for leaf in leaves(step):
                yield {**common, **about, **leaf, "message": step.get("error") or ""}
