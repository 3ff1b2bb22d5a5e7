# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The three tenants of the call-flow specification, and a short way to write what happens to a call."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.report.callflow.pictures import picture_of
from ansible_collections.telephony.pbx.plugins.module_utils.report.callflow.simulate import simulate

ZONE = "Europe/Brussels"
BACKENDS = {"D1": "portaswitch", "D2": "vodia", "D3": "apio"}


def _members(*numbers: str, **options: Any) -> list[dict[str, Any]]:
    return [{"extension": number, "huntstop": True, **options} for number in numbers]


def d1() -> dict[str, Any]:
    """PortaSwitch; every member has huntstop: true unless said."""
    return {
        "extensions": [
            {"id": "101", "name": "Alice Reception", "account": 700001},
            {"id": "102", "name": "Bob Sales", "account": 700002},
            {"id": "0112", "name": "Hanna Support", "account": 700009},
        ],
        "hunt_groups": [
            {"id": "200", "name": "Sales", "policy": "regular", "members": _members("101", "102", ring_time=15)},
            {
                "id": "210",
                "policy": "simultaneous",
                "members": [*_members("0112", ring_time=20), *_members("102", ring_delay=10, ring_time=20)],
            },
            {"id": "220", "policy": "random", "members": _members("101", "102", "0112", ring_time=10)},
            {"id": "230", "policy": "least_used", "members": _members("101", "102", "0112", ring_time=10)},
            {
                "id": "240",
                "policy": "regular",
                "members": [*_members("101", ring_time=0), *_members("102", ring_time=15)],
            },
        ],
        "follow_me": [
            {
                "account": 700001,
                "destinations": [
                    {"number": "32470123456", "timeout": 20},
                    {"number": "3227654321", "timeout": 25, "period": "hr{8-18} wd{mo-fri}"},
                ],
            },
            {"account": 700009, "destinations": [{"number": "220", "timeout": 10}]},
        ],
    }


def d2() -> dict[str, Any]:
    """Vodia."""
    both = [{"extension": "444", "stage": 1}, {"extension": "445", "stage": 2}]
    one = [{"extension": "444", "stage": 1}]
    final = "8572665588"
    return {
        "hunt_groups": [
            {"id": "1002", "members": both, "overflow_to": final, "settings": {"st1_dur": 10, "st2_dur": 20}},
            {
                "id": "1003",
                "members": [*both, {"extension": "444", "stage": 2}],
                "overflow_to": final,
                "settings": {"st1_dur": 10, "st2_dur": 20},
            },
            {"id": "1004", "members": both, "overflow_to": final, "settings": {"st1_dur": 10}},
            {
                "id": "1005",
                "members": one,
                "overflow_to": final,
                "settings": {"st1_dur": 10, "flag": "8800 8801", "night": "8572665501 8572665502"},
            },
            {"id": "1006", "members": one, "overflow_to": "", "settings": {"st1_dur": 10}},
        ]
    }


def d3() -> dict[str, Any]:
    """APIO; three rings an agent."""
    three = [{"extension": "4000"}, {"extension": "5001"}, {"extension": "5002"}]
    final: dict[str, Any] = {"overflow_to": "+32470123456", "overflow_after": 25}
    weighted = [{"extension": "4000", "weight": 60}, {"extension": "5001", "weight": 40}]
    groups: list[dict[str, Any]] = [
        {"id": "hg1@x", "extension": "4001", "policy": "regular", "members": three[:2], **final},
        {"id": "hg2@x", "extension": "4002", "policy": "circular", "members": three, "overflow_to": ""},
        {"id": "hg3@x", "extension": "4003", "policy": "weighted", "members": weighted, "overflow_to": ""},
        {"id": "hg4@x", "extension": "4004", "policy": "uniform", "members": three, "overflow_to": ""},
        {"id": "hg5@x", "extension": "4005", "policy": "simultaneous", "members": three[:2], **final},
    ]
    for group in groups:
        group["settings"] = {
            "huntAfterNoAnswer": True,
            "noAnswerNumberOfRings": 3,
            "allowCallWaitingForAgents": False,
            "enableGroupBusy": False,
        }
    return {"hunt_groups": groups}


DOCUMENTS = {"D1": d1, "D2": d2, "D3": d3}


def span(ring: dict[str, Any]) -> str:
    """`0-15` rings, `0-` rings on, `0-?` end not known, nothing where no time is known."""
    if ring["from"] is None:
        return ring["phone"]
    end = "" if ring["open"] else "?" if ring["to"] is None else ring["to"]
    return f"{ring['phone']} {ring['from']}-{end}"


def rings(outcome: dict[str, Any]) -> str:
    return ", ".join(span(ring) for ring in outcome["rings"]) or "nobody"


def end(outcome: dict[str, Any]) -> str:
    """`released 30`, `answered by 101 4`, `forwarded to +32.. 25`, `released ?`."""
    found = outcome["end"]
    words = [found["is"]]
    words += [f"by {found['by']}"] if found["by"] else []
    words += [f"to {found['to']}"] if found["to"] else []
    words += [] if found["is"] == "rings_on" else ["?" if found["at"] is None else str(found["at"])]
    return " ".join(words)


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE))


Call = Callable[..., dict[str, Any]]


@pytest.fixture
def call() -> Call:
    """`call("D1", "200", given..., change=function, at="2026-11-24 10:00")`: the simulation of a call."""

    def dialled(
        name: str, number: str, change: Callable[[dict[str, Any]], Any] | None = None, **options: Any
    ) -> dict[str, Any]:
        document = DOCUMENTS[name]()
        if change:
            change(document)
        before = copy.deepcopy(document)
        moment = options.pop("at", None)
        known = {key: options.pop(key) for key in ("mode", "seed", "assume", "country_code") if key in options}
        zone = options.pop("zone", ZONE if moment else None)
        moment = at(moment) if isinstance(moment, str) else moment
        result = simulate(document, BACKENDS[name], number, moment, zone, options or None, **known)
        assert document == before, "the document was changed"
        return result

    return dialled


def flows(backend: str, document: dict[str, Any], number: str, **options: Any) -> list[tuple[str, str]]:
    given = options.pop("given", None)
    found = simulate(document, backend, number, states=given, **options)
    return [(rings(one), end(one)) for one in found["outcomes"]]


def warned(backend: str, document: dict[str, Any], number: str, **given: Any) -> set[str]:
    return {one["id"] for one in simulate(document, backend, number, states=given)["warnings"]}


def text_of(name: str, format_: str, group: str | None = None, **options: Any) -> str:
    return picture_of(DOCUMENTS[name](), BACKENDS[name], format_, group, **options).text


def porta(*members: dict[str, Any], policy: str = "regular", **more: Any) -> dict[str, Any]:
    listed = [{"huntstop": True, "ring_delay": 0, **one} for one in members]
    return {"hunt_groups": [{"id": "200", "policy": policy, "members": listed}, *more.pop("groups", [])], **more}
