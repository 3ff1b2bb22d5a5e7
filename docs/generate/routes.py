# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/docsite/rst/routes.rst: every route of the vendors' pages, from the table that the contract tests try out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ansible_collections.telephony.pbx.tests.contract.routes import PAGES, ROUTES, WORDS, Route

from .places import GUIDES, GenerateError

_HEAD = """\
..
  Copyright (c) 2026, telephony.pbx contributors
  GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
  SPDX-License-Identifier: GPL-3.0-or-later

.. Made by `python3 dev.py generate` from tests/contract/routes.py; do not edit.

.. _ansible_collections.telephony.pbx.docsite.routes:

Routes of the vendors' APIs
===========================

This page lists every route of the vendors' pages that this collection is built from, and the module that uses it. The
tests call each module as the table says, and check that the request arrives at the simulator. A route that no module
uses has a reason.
"""


def files() -> dict[Path, str]:
    return {GUIDES / "routes.rst": _HEAD + "".join(_section(name, *source) for name, source in PAGES.items())}


def _section(name: str, backend: str, source: str) -> str:
    title = f"{WORDS[backend]}: {name.split(' (')[0]}"
    lines = ["", title, "-" * len(title), "", f"{source}.", "", ".. list-table::", "   :header-rows: 1", ""]
    lines += ["   * - Route", "     - Used by", *_rows(name)]
    return "\n".join(lines) + "\n"


def _rows(page: str) -> Iterator[str]:
    routes = [one for one in ROUTES if one.page == page]
    if not routes:
        raise GenerateError(f"tests/contract/routes.py: the page {page} has no routes")
    for one in routes:
        yield f"   * - ``{one.method} {one.path}``"
        yield f"     - {_use(one)}"


def _use(one: Route) -> str:
    if one.unused:
        return f"Not used: {one.unused.replace('{}', '``{}``')}."
    return f":ansplugin:`telephony.pbx.{one.module}#module`: {one.through}"
