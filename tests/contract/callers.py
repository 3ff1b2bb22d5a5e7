# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls of any module of the collection against a site, and what many of their tests ask of the simulators."""

from __future__ import annotations

import copy
import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.entry import run
from ansible_collections.telephony.pbx.tests.contract.cases import State, Values
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from pbx_simulator.core import Vendor

# What stops a run at a write: the answer is an error, or none comes before it was processed, or although it was.
STOPS: Mapping[str, Values] = {
    "refused": {"kind": "status", "status": 500, "body": "{}"},
    "not sent": {"kind": "reset_before"},
    "answer lost": {"kind": "reset_after"},
    "answer lost in a gateway": {"kind": "status", "status": 504, "body": "", "processed": True},
}

# Names that a path, a query or a web server may stumble over.
AWKWARD = (
    "R&D / Ops",
    "50% + x",
    "Zoë ü ß 電話",
    "trailing dot.",
    "..",
    ".",
    "trailing blank ",
    "C:\\desk?",
    "< a > & b; #1",
    "-",
    "a=b&Name=c",
    "\"quoted\" 'single'",
    "desk.json",
    "{Name}",
)


class Caller(Site):
    """A site that calls another module than hunt_group: `run`, `check`, `done`, `refused` and `unchanged` all do."""

    def __init__(self, site: Site, module: str, secrets: tuple[str, ...] = ()) -> None:
        case = dataclasses.replace(site.case, secrets=(*site.case.secrets, *secrets))
        super().__init__(case, site.vendor, "")
        self.url, self.pauses, self.module = site.url, site.pauses, module

    def run(self, declared: Values | None = None, check_mode: bool = False, **more: Any) -> Values:
        self.vendor.log = []
        result = run.run(self.module, self.options(declared, **more), check_mode=check_mode, environment={})
        self._check_shape(result, check_mode)
        assert result.get("failed") or self.module in result
        return result

    def predicted(self, declared: Values | None = None, **more: Any) -> Values:
        """Call the module in check mode, then really: plan, diff and object have to be the same. Returns the result."""
        before = self.state
        shown = self.check(declared, **more)
        assert (shown["changed"], shown["verdict"], self.state) == (True, "drift", before)
        assert all(entry["status"] == "planned" for entry in shown["plan"])
        result = self.done(declared, **more)
        assert (result["changed"], result["verdict"], result["plan_id"]) == (True, "applied", shown["plan_id"])
        assert all(entry["status"] == "done" for entry in result["plan"])
        assert [{**entry, "status": "planned"} for entry in result["plan"]] == shown["plan"]
        assert (result["diff"], result["summary"]) == (shown["diff"], shown["summary"])
        foretold, found = self.comparable(shown[self.module]), self.comparable(result[self.module])
        assert within(foretold, found), (foretold, found)
        return result

    def comparable(self, shown: Any) -> Any:
        """An object of a result, as far as it can be foretold: as the server spells it, members by key where no order
        has meaning."""
        spelt = self.case._spelt(shown)
        if spelt and spelt.get("members") and spelt.get("policy") not in ("regular", "circular"):
            spelt["members"].sort(key=lambda member: (member["extension"], member.get("stage", 0)))
        return spelt

    def refused_untouched(self, declared: Values | None = None, **more: Any) -> str:
        """Call the module, which has to fail before the first request, in check mode too. Returns its message."""
        shown = self.check(declared, **more)
        message = self.refused(declared, **more)
        assert (shown["msg"], self.vendor.log) == (message, [])
        return message

    def info(self, **asked: Any) -> Values:
        """Call the info module, which has to succeed and never writes."""
        before = self.state
        result = self._info(asked)
        assert not result.get("failed"), result["msg"]
        assert (result["changed"], self.state) == (False, before)
        return result

    def info_refused(self, **asked: Any) -> str:
        """Call the info module, which has to fail. Returns its message."""
        result = self._info(asked)
        assert result.get("failed") and result["verdict"] == "incomplete", result
        assert "defect" not in result["msg"] and "\n" not in result["msg"], result["msg"]
        return str(result["msg"])

    def _info(self, asked: Values) -> Values:
        self.vendor.log = []
        result = run.run(f"{self.module}_info", self.options(asked), check_mode=False, environment={})
        text = json.dumps(result)
        assert not any(secret in text for secret in self.case.secrets)
        assert (result["requests"], self.vendor.writes()) == (len(self.vendor.log), [])
        return result

    def lines(self) -> list[str]:
        """The names of the routes that the last call used, in order."""
        return [entry["path"].strip("/").split("/")[0] for entry in self.vendor.log]

    def stop_at(self, how: str, write: int) -> None:
        """Let so many writes pass, and the run end at the next one."""
        self.vendor.faults = []
        fault = {"writes_only": True, "skip": write, "times": None, **STOPS[how]}
        self.vendor.add_fault(**fault)

    def interrupted(self, declared: Values, **more: Any) -> Iterator[tuple[str, State]]:
        """Run from the present state to the end, stopped at every write, before it has an effect and after it, and then
        again without trouble.

        Yields how it was stopped and the state then, after which the rerun has converged; each time from the start.
        """
        start = self.state
        self.done(declared, **more)
        writes = len(self.vendor.writes())
        assert writes
        every = list(STOPS)
        for write in range(writes):
            for how in every if writes == 1 else (every[write % 2], every[2 + write % 2]):
                self.vendor.state = copy.deepcopy(start)
                self.stop_at(how, write)
                self.run(declared, **more)
                self.vendor.faults = []
                stopped = self.state
                self.done(declared, **more)
                yield f"{how} at write {write}", stopped
                self.unchanged(declared, **more)
        self.vendor.state = copy.deepcopy(start)


def within(part: Any, whole: Any) -> bool:
    """Whether all of `part` is in `whole`: what a server adds to a new object by itself cannot be predicted."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(not value or name in whole and within(value, whole[name]) for name, value in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        return len(part) == len(whole) and all(map(within, part, whole))
    return bool(part == whole)


def converges(caller: Caller, steps: Sequence[Values], accepted: Mapping[int, str]) -> None:
    """Every step converges and then changes nothing. Those in `accepted` (by index, with a word of the message) end
    with a clear error and the state as it was instead."""
    for index, declared in enumerate(steps):
        if index in accepted:
            before = caller.state
            result = caller.run(declared)
            assert result.get("failed") and accepted[index] in result["msg"], result
            assert without_counters(caller.state) == without_counters(before)
            continue
        result = caller.done(declared)
        assert (result["changed"], result["verdict"]) == (True, "applied")
        caller.unchanged(declared)


def other_dialects(vendor: type[Vendor]) -> list[Any]:
    """Every other answer to every open question of a vendor, as test parameters."""
    return [
        pytest.param(switch.name, value, id=f"{switch.name}={value}")
        for switch in vendor.switches
        for value in switch.values[1:]
    ]


def without_counters(state: State) -> State:
    """Numbers once given out stay used, and that is no trace of anybody's work."""
    return {key: value for key, value in state.items() if key != "next"}
