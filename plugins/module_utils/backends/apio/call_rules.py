# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of BroadWorks' call flow in words, and what may be assumed where a document omits something.

Sources: manuals of resellers and of a descendant's API, the vendor's schema (SystemCountryCodeAddRequest for the length
of a ring: `ringPeriodMilliseconds`, default 6000).
"""

from __future__ import annotations

from ...callflow.model import LOW, MEDIUM, Assumption

RULES = {
    "B1": "regular: from the top; circular: after the last one; uniform: longest idle first; simultaneous: all; weighted",
    "B2": "with huntAfterNoAnswer an agent rings noAnswerNumberOfRings, then the next, each once",
    "B3": "busy agents are skipped unless allowCallWaitingForAgents; those not registered always",
    "B4": "overflow: so many seconds after the call entered, ringing stops and the call goes there",
    "B5": "nobody can ring: the group is busy",
    "B6": "nobody is registered: not-reachable forwarding, else busy where the group says so",
    "B7": "enableGroupBusy: busy at once; a group that is off: not known",
    "B8": "all agents were tried: what follows is not said",
    "B9": "agents' own forwarding is not used for calls of the group",
    "B10": "circular: whether the last one is who received or who answered is not certain",
    "B11": "uniform: idle since the last call through this group",
    "B12": "weighted: share of a weight among those that can ring",
    "B13": "a dialled user: forwarding always, then Sequential Ring, then own handling",
}

ASSUMPTIONS = {
    "apio.ring_seconds": Assumption(
        6, MEDIUM, "seconds of one ring: the system's default for each country", "one ring, s:"
    ),
    "apio.sequential_ring_active": Assumption(
        None,
        LOW,
        "whether a criterion of Sequential Ring holds; criteria are not in the document",
        "Sequential Ring",
        "bool",
    ),
}
