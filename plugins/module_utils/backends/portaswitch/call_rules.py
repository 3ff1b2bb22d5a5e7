# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of PortaSwitch's call flow in words, and what may be assumed where a document omits something.

Sources: PortaOne's manuals and wiki, the sources of its portal's documentation (changelog entries ICAP-1654, -1697,
-1737, -1958), a reseller's manual.
"""

from __future__ import annotations

from ...callflow.model import LOW, MEDIUM, Assumption

RULES = {
    "P1": "order: first to last, each once; random; simultaneous; least used: the one used longest ago first",
    "P2": "a turn lasts ring_time; 0 rings without end",
    "P3": "a signed-out member is not rung and takes no time",
    "P4": "a member that is busy or not registered is passed over at once",
    "P5": "ring_delay: seconds before the member rings",
    "P6": "huntstop off: after its ring the member's own follow-me and voicemail take over",
    "P7": "everybody was tried: the caller is disconnected; there is no overflow",
    "P8": "follow-me into a group: each member rings for the time-out of the destination",
    "P9": "a member that is a group's number rings that group",
    "P10": "a dialled extension rings, then its follow-me, then its voicemail",
    "P11": "follow-me: the active destinations whose period holds, in order, each for its time-out",
    "P12": "after the last destination: voicemail if the answering mode has it, else disconnected",
}

ASSUMPTIONS = {
    "porta.delay_omitted": Assumption(
        0, MEDIUM, "ring_delay of a member where it is omitted: the portal's default", "ring_delay"
    ),
    "porta.huntstop_omitted": Assumption(True, MEDIUM, "huntstop of a member where it is omitted", "huntstop", "bool"),
    "porta.own_ring_seconds": Assumption(
        20, MEDIUM, "how long a dialled extension rings: usually 20 seconds", "own ring, s:"
    ),
    "porta.destination_seconds": Assumption(30, MEDIUM, "a destination's timeout that is 0 or omitted", "timeout, s:"),
    "porta.follow_me_sequence": Assumption(
        "order",
        MEDIUM,
        "how follow-me goes through its destinations",
        "follow-me in",
        "choice",
        ("order", "simultaneous", "random"),
    ),
    "porta.sequential_delay": Assumption(
        "turn",
        LOW,
        "what ring_delay counts from in a group that rings one by one",
        "delay from",
        "choice",
        ("turn", "call"),
    ),
}
