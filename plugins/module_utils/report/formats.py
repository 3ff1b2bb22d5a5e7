# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The formats of an audit by name: the file that each is written to, and the function that makes it. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .html import html
from .junit import junit
from .markdown import markdown
from .spreadsheet import spreadsheet


@dataclass(frozen=True)
class Report:
    """All that a format may show. pictures: host -> pictures of its groups."""

    document: Mapping[str, Any]
    comparison: Mapping[str, Any] | None = None
    pictures: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """The document with its comparison: what audit.json holds."""
        return {**self.document, **({"comparison": dict(self.comparison)} if self.comparison is not None else {})}


FILES = {
    "html": "audit.html",
    "json": "audit.json",
    "junit": "audit.junit.xml",
    "csv": "audit.csv",
    "md": "audit.md",
}
RENDERERS: dict[str, Callable[[Report], str]] = {
    "html": lambda report: html(report.document, report.comparison, report.pictures),
    "json": lambda report: json.dumps(report.as_data(), ensure_ascii=False, indent=2, default=str) + "\n",
    "junit": lambda report: junit(report.document),
    "csv": lambda report: spreadsheet(report.document),
    "md": lambda report: markdown(report.document, report.comparison),
}


def rendered(report: Report, formats: Sequence[str]) -> tuple[dict[str, str], dict[str, Exception]]:
    """(file name -> text, file name -> why there is none): a format that fails does not cost the others."""
    texts: dict[str, str] = {}
    errors: dict[str, Exception] = {}
    for name in formats:
        try:
            texts[FILES[name]] = RENDERERS[name](report)
        except Exception as error:
            errors[FILES[name]] = error
    return texts, errors
