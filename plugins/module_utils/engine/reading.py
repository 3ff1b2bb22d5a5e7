# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long lists that were just read may be used for planning."""

from __future__ import annotations

import itertools


class Reading:
    """Lists that were just read.

    until: the time until which steps may be planned on them. least: the number of steps that may be planned even later.
    """

    def __init__(self, until: float, least: int) -> None:
        self.until = until
        self._left = itertools.count(least, -1)

    def lasts(self, now: float) -> bool:
        """Whether one more step may be planned on them."""
        return next(self._left) > 0 or now <= self.until
