# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When agents signed in to hunt groups and out of them.

Source: page CustomerHuntGroup, routes getHuntgroupExtension and getHuntgroupInfobyIAccount; vendor note section 6.
"""

from __future__ import annotations

import re
from datetime import date

from ...errors import InvalidOption
from ...model.values import Values, to_bool
from ..decoding import text, whole_number
from .client import PortaClient
from .listing import require_whole
from .paths import Part

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def check_day(day: str) -> None:
    """Other ways to write a date would break the path. Raises InvalidOption."""
    try:
        known = bool(_DAY.fullmatch(day)) and bool(date.fromisoformat(day))
    except ValueError:
        known = False
    if not known:
        raise InvalidOption(f"sign_in_history_from: {day!r} is not a date; write it as 2026-01-31")


def history(
    client: PortaClient, day: str, account: int | None, groups: list[Values], limit: int | None
) -> list[Values]:
    """The sign-ins since a day: of one account in one request, else of each group in one request.

    limit: the option list_limit. Raises Incomplete when one of the lists may be cut.
    """
    since: list[Part] = [("fromDate", day), ("forGraphs", "false")]
    asked: list[tuple[str, Part]] = [("getHuntgroupInfobyIAccount", ("IAccount", account))] if account else []
    if not account:
        asked = [("getHuntgroupExtension", ("i_c_group", whole_number(group, "i_c_group"))) for group in groups]
    rows: list[Values] = []
    for route, of_whom in asked:
        found = client.rows_or_none(route, "lstsigninout", [of_whom, *since])
        rows += require_whole(
            found, limit, "sign-ins", doubt="whether these are all since that day (or ask for fewer days)"
        )
    numbers = {whole_number(group, "i_c_group"): text(group, "id") for group in groups}
    return [decode(row, numbers) for row in rows if whole_number(row, "i_c_group") in numbers]


def decode(row: Values, numbers: dict[int, str]) -> Values:
    """A row of lstSignInOut. Times are as the server writes them, in its own time zone; signed_out is empty meanwhile."""
    return {
        "hunt_group": numbers.get(whole_number(row, "i_c_group"), ""),
        "account": whole_number(row, "i_account"),
        "name": text(row, "name"),
        "signed_in": text(row, "signintime"),
        "signed_out": text(row, "signouttime"),
        "active": to_bool(text(row, "isactive")) is True,
    }
