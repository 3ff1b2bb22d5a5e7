# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes back what a service method that fails has changed, at a cost that grows with what it changes.

A copy of the whole state at each request would make the simulator slower than the client that it is there to test.
"""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]
_TABLES = ("accounts", "extensions", "groups")  # of a customer


class Undo:
    """The state as it was when a method began. A row is kept once it is named with `keep`, before it changes."""

    def __init__(self, state: dict[str, Any]) -> None:
        tables = [table for name, table in state.items() if name != "customers"]
        tables += [customer[name] for customer in state["customers"].values() for name in _TABLES]
        self._dicts = [(table, table.copy()) for table in tables if isinstance(table, dict)]
        self._lists = [(table, table.copy()) for table in tables if isinstance(table, list)]
        self._rows: dict[int, tuple[Row, Row]] = {}

    def keep(self, row: Row) -> Row:
        """The same row, which may be changed from now on."""
        self._rows.setdefault(id(row), (row, row.copy()))
        return row

    def roll_back(self) -> None:
        """Put back every row and table in place."""
        for changed, before in [*self._rows.values(), *self._dicts]:
            changed.clear()
            changed.update(before)
        for table, rows in self._lists:
            table[:] = rows
