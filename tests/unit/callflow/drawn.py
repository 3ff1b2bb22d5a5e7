# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tenants to draw, the states of their phones and who answers when: for all that has to hold whatever the tenant."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

PHONES = ["101", "102", "103", "32470123456"]
GROUPS = ["200", "201"]
states = st.dictionaries(st.sampled_from(PHONES), st.sampled_from(["idle", "busy", "not_registered", "dnd"]))
answers = st.dictionaries(st.sampled_from(PHONES), st.integers(0, 40), max_size=2)
seconds = st.sampled_from([None, 0, 5, 10, 15])


@st.composite
def portaswitch(draw: st.DrawFn) -> dict[str, Any]:
    member = st.fixed_dictionaries(
        {"extension": st.sampled_from([*PHONES, *GROUPS])},
        optional={"ring_time": seconds, "ring_delay": seconds, "huntstop": st.booleans(), "logged_in": st.booleans()},
    )
    policies = st.sampled_from(["regular", "random", "simultaneous", "least_used"])
    destination = st.fixed_dictionaries(
        {"number": st.sampled_from([*PHONES, *GROUPS])},
        optional={
            "timeout": seconds,
            "active": st.booleans(),
            "period": st.sampled_from(["", "none", "hr{8", "hr{9}"]),
        },
    )
    return {
        "extensions": [{"id": "101", "account": 1}, {"id": "102", "account": 2}, {"id": "103"}],
        "hunt_groups": [
            {"id": key, "policy": draw(policies), "members": draw(st.lists(member, max_size=5))} for key in GROUPS
        ],
        "follow_me": [{"account": 1, "destinations": draw(st.lists(destination, max_size=3))}],
    }


@st.composite
def vodia(draw: st.DrawFn) -> dict[str, Any]:
    member = st.fixed_dictionaries({"extension": st.sampled_from(PHONES)}, optional={"stage": st.integers(1, 3)})
    finals = st.sampled_from([None, "", "101", "200", "201", "8572665588", "101 102"])
    groups = []
    for key in GROUPS:
        settings = {f"st{n}_dur": draw(seconds) for n in (1, 2, 3)}
        settings.update(flag=draw(st.sampled_from(["", "8800", "8800 8801"])), night="201 32470123456")
        groups.append(
            {
                "id": key,
                "members": draw(st.lists(member, max_size=5)),
                "overflow_to": draw(finals),
                "settings": settings,
            }
        )
    return {"extensions": [{"id": phone} for phone in PHONES[:3]], "hunt_groups": groups}


@st.composite
def apio(draw: st.DrawFn) -> dict[str, Any]:
    member = st.fixed_dictionaries(
        {"extension": st.sampled_from(PHONES)}, optional={"weight": st.sampled_from([None, 0, 20, 80])}
    )
    policies = st.sampled_from([None, "regular", "circular", "simultaneous", "uniform", "weighted"])
    switch = st.sampled_from([None, True, False])
    groups = []
    for key in GROUPS:
        settings = {name: draw(switch) for name in ("huntAfterNoAnswer", "enableGroupBusy", "makeBusyWhenNotReachable")}
        settings.update(
            noAnswerNumberOfRings=draw(st.sampled_from([None, 2, 3])), allowCallWaitingForAgents=draw(switch)
        )
        groups.append(
            {
                "id": f"{key}@x", "extension": key, "policy": draw(policies),
                "members": draw(st.lists(member, max_size=5, unique_by=lambda one: one["extension"])),
                "overflow_to": draw(st.sampled_from([None, "", "201", "+32470123456"])),
                "overflow_after": draw(st.sampled_from([None, 0, 20])), "settings": settings,
            }
        )  # fmt: skip
    return {"hunt_groups": groups}


VENDORS = {"portaswitch": portaswitch(), "vodia": vodia(), "apio": apio()}
