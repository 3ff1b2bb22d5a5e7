# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Typical mistakes in the file of a tenant: what the schema says first in an editor, and what tenant_validate finds first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mistake:
    """document: options of a tenant, with its backend. place: the object or option, as a path. words: in both messages.

    schema, finding: more words of the one message; None where that one cannot know of the mistake.
    """

    name: str
    document: dict[str, Any]
    place: str
    words: tuple[str, ...]
    schema: str | None = ""
    finding: str | None = ""
    backend: str = "portaswitch"


def group(**options: Any) -> dict[str, Any]:
    return {"hunt_groups": [{"id": "200", "name": "Sales", **options}]}


def member(**options: Any) -> dict[str, Any]:
    return group(members=[{"extension": "101", **options}])


M0 = "hunt_groups[0].members[0]"
MISTAKES = (
    Mistake("name of an option", group(polices="regular"), "hunt_groups[0]", ("polices", "policy")),
    Mistake("an option in capitals", group(Policy="regular"), "hunt_groups[0]", ("Policy", "policy")),
    Mistake("unknown policy", group(policy="roundrobin"), "hunt_groups[0].policy", ("roundrobin", "regular")),
    Mistake("policy of another system", group(policy="weighted"), "hunt_groups[0].policy", ("weighted", "portaswitch")),
    Mistake("policy on a system of stages", group(policy="regular"), "hunt_groups[0].policy", ("vodia", "stage"), backend="vodia"),
    Mistake("stage on a system without", member(stage=1), f"{M0}.stage", ("portaswitch",)),
    Mistake("weight on a system without", member(weight=5), f"{M0}.weight", ("vodia",), backend="vodia"),
    Mistake("overflow on a system without", group(overflow_to="101"), "hunt_groups[0].overflow_to", ("portaswitch",)),
    Mistake("number without quotes", {"hunt_groups": [{"id": 200, "name": "Sales"}]}, "hunt_groups[0].id", ("quotes",)),
    Mistake("member without quotes", group(members=[{"extension": 101}]), f"{M0}.extension", ("quotes",)),
    Mistake("destination without quotes", {"follow_me": [{"account": "700001", "destinations": [{"name": "Home", "number": 3227654321}]}]},
            "follow_me[0].destinations[0].number", ("quotes",)),
    Mistake("members as texts", group(members=["101"]), "hunt_groups[0].members[0]", ("101", "extension")),
    Mistake("members as one text", group(members="101"), "hunt_groups[0].members", ("101", "list")),
    Mistake("member without extension", group(members=[{"ring_time": 5}]), "hunt_groups[0].members[0]", ("extension",)),
    Mistake("option of a member", member(ringtime=5), M0, ("ringtime", "ring_time")),
    Mistake("time as words", member(ring_time="20 s"), f"{M0}.ring_time", ("20 s", "whole number")),
    Mistake("time out of range", member(ring_time=100000), f"{M0}.ring_time", ("100000",)),
    Mistake("no key", {"hunt_groups": [{"policy": "regular"}]}, "hunt_groups[0]", ("id", "name")),
    Mistake("extension without number", {"extensions": [{"name": "Alice"}]}, "extensions[0]", ("id",)),
    Mistake("state", group(state="absend"), "hunt_groups[0].state", ("absend", "absent")),
    Mistake("membership", group(membership="atleast", members=[]), "hunt_groups[0].membership", ("atleast", "at_least")),
    Mistake("truth", group(enabled="sure"), "hunt_groups[0].enabled", ("sure", "true", "false"), backend="vodia"),
    Mistake("name of a setting", group(settings={"PickupAlowed": True}), "hunt_groups[0].settings", ("PickupAlowed", "PickupAllowed")),
    Mistake("setting of another system", group(settings={"st1_dur": 5}), "hunt_groups[0].settings", ("st1_dur",)),
    Mistake("settings as a list", group(settings=["PickupAllowed"]), "hunt_groups[0].settings", ("PickupAllowed", "dictionary")),
    Mistake("a dictionary in place of a list", {"hunt_groups": {"200": {"name": "Sales"}}}, "hunt_groups", ("Sales", "list")),
    Mistake("a text in place of an object", {"hunt_groups": ["200"]}, "hunt_groups[0]", ("200", "dictionary")),
    Mistake("forwarding", {"follow_me": [{"account": "101", "forwarding": {"allways": "102"}}]}, "follow_me[0].forwarding",
            ("allways", "always"), backend="vodia"),
    Mistake("part of a destination", {"follow_me": [{"account": "1", "destinations": [{"name": "Home", "number": "1", "time": 5}]}]},
            "follow_me[0].destinations[0]", ("time", "timeout")),
    Mistake("no timeout in range", {"follow_me": [{"account": "1", "destinations": [{"name": "Home", "number": "1", "timeout": 99999}]}]},
            "follow_me[0].destinations[0].timeout", ("99999",)),
    Mistake("purge", {"hunt_groups": [], "purge": ["huntgroups"]}, "purge[0]", ("huntgroups", "hunt_groups")),
    Mistake("purge of what is not declared", {"purge": ["hunt_groups"]}, "purge: hunt_groups", ("not declared",), schema=None),
    Mistake("name of a list", {"huntgroups": []}, "", ("huntgroups", "hunt_groups")),
)  # fmt: skip
