# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a follow-me destination's period holds at the moment of a call, with everything a reader has to know of it."""

from __future__ import annotations

from ...callflow.model import NEVER
from ...callflow.tenant import Item
from ...callflow.values import text
from ...callflow.walk import Cursor, Walk
from .periods import CALENDAR_SCALES, Malformed, parse


def matters(period: str) -> bool:
    """Whether a period can make a difference."""
    try:
        return parse(period).constant is not True
    except Malformed:
        return True


def holds(walk: Walk, destination: Item, cursor: Cursor, length: int) -> bool | None:
    """Whether the period holds at the moment of the call. None: moment or zone is not known.

    A malformed period may hold or not: the walk takes both ways.
    """
    written, path = text(destination.get("period")), f"{destination.path}.period"
    try:
        period = parse(written)
    except Malformed as error:
        walk.warn("period-malformed", path, f"{written!r}: {error}; whether it holds is not known")
        return walk.settle(("period", written))
    if period.constant is not None:
        return period.constant
    if period.splits_a_night:
        walk.warn(
            "period-splits-night",
            path,
            f"{written!r}: hours over midnight belong to the day that is written, on both sides",
        )
    walk.notes.scales.update("calendar" if scale in CALENDAR_SCALES else "clock" for scale in period.scales)
    if walk.local is None:
        walk.warn(
            "period-without-zone",
            path,
            f"{written!r}: whether it holds depends on the time; give the moment and its zone",
        )
        return None
    now = period.holds(walk.local)
    if cursor.at is not None and cursor.at != NEVER:
        ends = [walk.after(cursor.at), walk.after(cursor.at + length)]
        if any(period.holds(when) is not now for when in ends if when):
            walk.warn(
                "period-changes",
                path,
                f"{written!r} changes during the call; it is tested once, when the call comes in",
            )
    return now
