# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rule of the site in Python: no member rings alone for more than a minute."""

from __future__ import annotations

LONGEST = 60


def check(tenant):
    """tenant: the declaration, with the keys extensions, hunt_groups, follow_me and purge. Yields findings."""
    for number, group in enumerate(tenant["hunt_groups"]):
        for place, member in enumerate(group.get("members") or []):
            if int(member.get("ring_time") or 0) > LONGEST:
                yield {
                    "id": "rings-too-long",
                    "severity": "warning",
                    "path": f"hunt_groups[{number}].members[{place}].ring_time",
                    "message": f"{member['extension']} rings for more than {LONGEST} seconds",
                    "hint": "let somebody else ring as well",
                }
