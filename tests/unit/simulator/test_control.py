# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control interface that the role's README describes, and the faults that it sets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.telephony.pbx.tests.unit.simulator.wire import Row, Table, Wire, ask, each
from pbx_simulator import PortaSwitch
from pbx_simulator.server import RunningVendor

RULES, DIALECT, FAULTS = "GET /getfollowmes/demo-license-4711/700001", "/_sim/dialect", "/_sim/faults"
REMOVE = "GET /deletefollowme/demo-license-4711/41"


@pytest.fixture(scope="module")
def pbx() -> Iterator[Wire]:
    with RunningVendor(PortaSwitch()) as served:
        yield Wire(served, {}, {"Accept": "application/json"})


def rules(*numbers: int) -> Row:
    return ask(RULES, {"FollowMeNumbers.*.i_follow_me_number": list(numbers)})


TABLE: Table = {
    "switches": [
        ask(f"GET {DIALECT}", {"now.list_cap": None, "switches.host.values": ["iis", "httplistener"]}),
        ask(f"GET {DIALECT}", {"hazards.names_read.values.#0": "as_sent", "switches.list_cap.any_number": True}),
        ask(f"PUT {DIALECT}", {"": {"ok": True}}, {"list_cap": 1}), rules(41),
        ask(f"PUT {DIALECT}", 400, {"list_cap": 0}), ask(f"PUT {DIALECT}", 400, {"nonsense": 1}), rules(41),
        ask("POST /_sim/reset", 200), rules(41, 42),
    ],
    "state and log": [
        rules(41, 42), ask("GET /_sim/log", {"#0.path": RULES[4:], "#0.status": 200, "#0.write": False}),
        ask("DELETE /_sim/log", 200), ask("GET /_sim/log", {"": []}),
        ask("GET /_sim/state", {"licences.LICENCE-0002": [20]}),
        ask("PUT /_sim/state", 200, {"licences": {}}), ask("GET /_sim/state", {"": {"licences": {}}}),
        ask("GET /_sim/nothing", {"error": "unknown; known: ['dialect', 'faults', 'health', 'log', 'state']"}),
        ask("PUT /_sim/nothing", 400),
    ],
    "faults": [
        ask(f"PUT {FAULTS}", 400, {"kind": "nonsense"}),
        ask(f"PUT {FAULTS}", 200, {"kind": "status", "status": 503, "match": "getfollowmes", "skip": 1}),
        rules(41, 42), ask(RULES, 503), rules(41, 42),
        ask(f"PUT {FAULTS}", 200, [{"kind": "status", "status": 503, "times": None}]),
        ask(RULES, 503), ask(RULES, 503), ask(f"DELETE {FAULTS}", 200), rules(41, 42),
    ],
    "faults of writes": [
        ask(f"PUT {FAULTS}", 200, {"kind": "store_nothing", "writes_only": True}), rules(41, 42),
        ask(REMOVE, {"success": True}), rules(41, 42),
        ask(f"PUT {FAULTS}", 200, {"kind": "stale_reads", "reads": 2, "match": "deletefollowme"}),
        ask(REMOVE, {"success": True}), rules(41, 42), rules(41, 42), rules(42),
        ask(f"PUT {FAULTS}", 200, {"kind": "status", "processed": True, "match": "deletefollowme"}),
        ask(REMOVE.replace("/41", "/42"), 500), rules(),
    ],
}  # fmt: skip


@each(TABLE)
def test_control(pbx: Wire, rows: list[Row]) -> None:
    pbx.walk(rows)
