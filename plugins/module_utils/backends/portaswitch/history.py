# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When agents signed in to hunt groups and out of them.

Source: page CustomerHuntGroup, routes getHuntgroupExtension and getHuntgroupInfobyIAccount; vendor note section 6.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from ...errors import Incomplete, InvalidOption
from ...model.values import Values, to_bool
from .client import PortaClient, may_be_cut

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def check_day(day: str) -> None:
    """Other ways to write a date would break the path. Raises InvalidOption."""
    try:
        known = bool(_DAY.fullmatch(day)) and bool(date.fromisoformat(day))
    except ValueError:
        known = False
    if not known:
        raise InvalidOption(f"sign_in_history_from: {day!r} is not a date; write it as 2026-01-31")


def history(client: PortaClient, day: str, account: int | None, groups: list[Values]) -> list[Values]:
    """The sign-ins since a day: of one account in one request, else of each group in one request."""
    if account:
        rows = _whole(client.rows_or_none("getHuntgroupInfobyIAccount", "lstsigninout", account, day, "false"))
    else:
        rows = []
        for group in groups:
            record = int(group["i_c_group"])
            rows += _whole(client.rows_or_none("getHuntgroupExtension", "lstsigninout", record, day, "false"))
    numbers = {group.get("i_c_group"): str(group.get("id") or "") for group in groups}
    return [decode(row, numbers) for row in rows if row.get("i_c_group") in numbers]


def _whole(rows: list[Values]) -> list[Values]:
    if may_be_cut(rows):
        raise Incomplete(f"PortaSwitch listed exactly {len(rows)} sign-ins; the list may be cut; ask for fewer days")
    return rows


def decode(row: Values, numbers: dict[Any, str]) -> Values:
    """A row of lstSignInOut. Times are as the server writes them, in its own time zone; signed_out is empty meanwhile."""
    return {
        "hunt_group": numbers.get(row.get("i_c_group"), ""),
        "account": int(row.get("i_account") or 0),
        "name": str(row.get("name") or ""),
        "signed_in": str(row.get("signintime") or ""),
        "signed_out": str(row.get("signouttime") or ""),
        "active": to_bool(row.get("isactive")) is True,
    }
