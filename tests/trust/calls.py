# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls of modules that are made again and again from the same start while something is wrong, and are judged.

A call knows what the system is after it, and which objects it may touch on the way. What it is judged by is the state
of the simulator, never the result alone.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from collections.abc import Callable
from typing import Any

from flask import Response

from ansible_collections.telephony.pbx.plugins.module_utils.transport import session
from ansible_collections.telephony.pbx.tests.contract.callers import Caller
from ansible_collections.telephony.pbx.tests.contract.cases import State, Values, copied, differences
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import WHOLE
from ansible_collections.telephony.pbx.tests.trust.differences import OBJECT_DEPTH, different

Answer = Callable[[], Response]
Twist = Callable[[Answer], Response]


def tuned(site: Site, **connection: Any) -> Site:
    """The same site with other connection options. `url` among them is the address."""
    address = connection.pop("url", site.url)
    other = Site(dataclasses.replace(site.case, connection={**site.case.connection, **connection}), site.vendor, "")
    other.url, other.pauses = address, site.pauses
    return other


class Call:
    """One call of a module, from the site as it is now. `requests`: how many it sends undisturbed; `writes`: the numbers
    of those that write."""

    def __init__(self, site: Site, caller: Site) -> None:
        self.site, self.caller, self.first_day = site, caller, site.state
        self.dialect = dict(site.vendor.dialect)
        self.requests, self.writes = 0, list[int]()

    def connect(self, **connection: Any) -> None:
        """Use other connection options from now on."""
        changed = {name: value for name, value in connection.items() if name != "url"}
        for one in (self.site, self.caller):
            one.case = dataclasses.replace(one.case, connection={**one.case.connection, **changed})
            one.url = connection.get("url", one.url)

    def measure(self) -> None:
        """Make the call once without trouble."""
        self.start()
        result = self.run()
        assert not result.get("failed"), result.get("msg")
        log = self.site.vendor.log
        self.requests, self.writes = len(log), [number for number, entry in enumerate(log) if entry["write"]]

    def start(self) -> None:
        """Put everything back to how it was at first, and let nothing be wrong."""
        self.clear()
        vendor = self.site.vendor
        vendor.reset()
        vendor.state, vendor.dialect = copied(self.first_day), dict(self.dialect)
        self.site.pauses.clear()

    def run(self) -> Values:
        raise NotImplementedError

    def reached(self, result: Values) -> str:
        """What is not as the successful result claims, or nothing."""
        raise NotImplementedError

    def strays(self) -> str:
        """What was touched although nobody asked for it, or nothing."""
        raise NotImplementedError

    def differs(self, before: State) -> bool:
        """Whether the system is not as it was before."""
        return _plain(self.site.state) != _plain(before)

    # -- judging -----------------------------------------------------------------------------------------------------
    def trouble(self, most: int, trust_reads: bool = True) -> str:
        """Run, and say what is wrong with the result or the system afterwards; "" when nothing is.

        most: requests that may be sent. trust_reads: whether a success has to be true: not where reads may lie.
        """
        before = self.site.state
        try:
            result = self.run()
            self.check_words(result)
        except AssertionError as problem:
            return f"result: {' '.join(str(problem).split())[:400]}"
        found = [self.strays()]
        found += resent(self.site.vendor.log)
        if len(self.site.vendor.log) > most:
            found.append(f"{len(self.site.vendor.log)} requests where {most} are the most")
        if not result.get("failed") and trust_reads:
            found.append(self.reached(result))
        if self.differs(before) and not result["changed"]:
            found.append("changed is false, but the system is not as it was")
        if result.get("failed") and result["changed"] and not self.site.vendor.writes():
            found.append("changed is true, but nothing was sent that could have changed anything")
        return "; ".join(part for part in found if part)

    @staticmethod
    def check_words(result: Values) -> None:
        """A failure is told in one line and never an error of this collection itself."""
        assert result.get("error_class") != "Defect", result.get("exception", result)
        if result.get("failed"):
            text = result["msg"]
            assert text and "\n" not in text and "Traceback" not in text, text
            assert result["verdict"] == "incomplete", result

    def clear(self) -> None:
        """Nothing is wrong any more; what was done stays done."""
        vendor = self.site.vendor
        vendor.faults, vendor._stale = [], None
        vendor.__dict__.pop("answer", None)

    def again(self) -> str:
        """The same call without trouble gets there, whatever was left behind."""
        self.clear()
        try:
            result = self.run()
            assert not result.get("failed"), result.get("msg")
        except AssertionError as problem:
            return f"again: {' '.join(str(problem).split())[:400]}"
        return "; ".join(f"again: {part}" for part in (self.reached(result), self.strays()) if part)


class ViewCall(Call):
    """A module whose declaration is known to be reached from here: the view of the tenant afterwards is the goal."""

    def __init__(self, site: Site, caller: Site, declared: Values, check_mode: bool = False) -> None:
        super().__init__(site, caller)
        self.declared, self.check_mode = declared, check_mode
        self.view, self.depth = WHOLE[site.case.backend].view, OBJECT_DEPTH[site.case.backend]
        self.before = self.view(self.first_day)
        caller.done(declared)
        self.goal = self.view(site.state)
        self.own = {path[: self.depth] for path in differences(self.before, self.goal)}
        assert self.own, "nothing to do"
        # declared too, though as it is already
        self.own |= {("follow_me", str(one["account"])) for one in declared.get("follow_me", [])}
        if check_mode:
            self.goal, self.own = self.before, set()

    def run(self) -> Values:
        return self.caller.run(self.declared, check_mode=self.check_mode)

    def reached(self, result: Values) -> str:
        if self.check_mode and result["verdict"] != "drift":
            return f"check mode says {result['verdict']}"
        now = self.view(self.site.state)
        return "" if now == self.goal else f"says {result['verdict']}, but {different(self.goal, now)[:300]}"

    def strays(self) -> str:
        now = self.site.state
        touched = {path[: self.depth] for path in differences(self.before, self.view(now))} - self.own
        return "; ".join([f"touched {'/'.join(path)}" for path in sorted(touched)] + doubled(now))

    def differs(self, before: State) -> bool:
        return self.view(self.site.state) != self.view(before)


class InfoCall(Call):
    """An info module: it shows what it shows undisturbed, or fails, and never changes anything."""

    def __init__(self, site: Site, module: str, **asked: Any) -> None:
        super().__init__(site, Caller(site, module))
        self.asked = asked
        self.truth = _shown(self.run())

    def run(self) -> Values:
        return self.caller._info(self.asked)  # type: ignore[attr-defined,no-any-return]

    def reached(self, result: Values) -> str:
        return "" if _shown(result) == self.truth else f"shows {different(self.truth, _shown(result))[:300]}"

    def strays(self) -> str:
        return "an info module wrote" if self.differs(self.first_day) else ""


def resent(log: list[Values]) -> list[str]:
    """Writes that were sent again without a look in between, although they may have been carried out."""
    return [
        f"{one['method']} {one['path']} was sent again blindly"
        for one, after in itertools.pairwise(log)
        if one["write"] and one["status"] not in (401, 429)
        if all(one[part] == after[part] for part in ("method", "raw", "body"))
    ]


def _shown(result: Values) -> Values:
    return {name: value for name, value in result.items() if name != "requests"}


def _plain(state: State) -> State:
    """Without what a login or a used number leaves behind: that is no trace of anybody's work."""
    access = ("next", "accounts", "sessions", "token_generation", "discarded")
    return {key: value for key, value in state.items() if key not in access}


def doubled(state: State) -> list[str]:
    """Numbers that more than one record of PortaSwitch has, the only one where that could be."""
    ours = state.get("customers", {}).get("10", {})
    numbers = Counter(str(one["id"]) for kind in ("extensions", "groups") for one in ours.get(kind, {}).values())
    return [f"{number} is there {times} times" for number, times in sorted(numbers.items()) if times > 1]


class Twisted:
    """Replaces the answers of a vendor from request `first` on: `times` of them, or all (None); those to writes alone
    with `writes`."""

    def __init__(self, site: Site, twist: Twist, first: int, times: int | None = 1, writes: bool = False) -> None:
        self.vendor, self.twist, self.first, self.times, self.writes = site.vendor, twist, first, times, writes
        self.hits = 0
        self.vendor.answer = self.answer  # type: ignore[method-assign]

    def answer(self) -> Response:
        """Called by the simulator with its lock held, for the request that was logged last."""
        genuine = type(self.vendor).answer
        past = len(self.vendor.log) - 1 - self.first
        if (
            past < 0
            or (self.writes and not self.vendor.log[-1]["write"])
            or (self.times is not None and self.hits >= self.times)
        ):
            return genuine(self.vendor)
        self.hits += 1
        return self.twist(lambda: genuine(self.vendor))


def most_requests(call: Call) -> int:
    """The most that a call may send whatever happens: more than it needs, but never all attempts of all its requests."""
    return 3 * call.requests + 4 * session.MOST_ATTEMPTS
