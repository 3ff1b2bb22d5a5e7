# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every contract test does: call a module against a simulated vendor, and look at both sides of it."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.telephony.pbx.plugins.module_utils.entry import run
from ansible_collections.telephony.pbx.tests.contract.cases import Case, State, Values, copied
from ansible_collections.telephony.pbx.tests.contract.shape import check_result
from pbx_simulator.core import Vendor


class Site:
    """A simulated vendor, and module calls against it. Every result is checked for what all of them have in common."""

    def __init__(self, case: Case, vendor: Vendor, address: str) -> None:
        self.case, self.vendor = case, vendor
        self.url = address + case.path
        self.pauses: list[float] = []

    @property
    def state(self) -> State:
        return copied(self.vendor.state)

    def options(self, declared: Values | None = None, **more: Any) -> Values:
        """A module's options: the connection, then `declared`, then `more`."""
        base = {"backend": self.case.backend, "url": self.url, "rate_limit": 0, **self.case.connection}
        return {**base, **(declared or {}), **more}

    def run(self, declared: Values | None = None, check_mode: bool = False, **more: Any) -> Values:
        """Call hunt_group. The log of the simulator holds this call's requests only, afterwards."""
        self.vendor.log = []
        result = run.run("hunt_group", self.options(declared, **more), check_mode=check_mode, environment={})
        self._check_shape(result, check_mode)
        return result

    def check(self, declared: Values | None = None, **more: Any) -> Values:
        return self.run(declared, check_mode=True, **more)

    def done(self, declared: Values | None = None, **more: Any) -> Values:
        """Call hunt_group, which has to succeed."""
        result = self.run(declared, **more)
        assert not result.get("failed"), result["msg"]
        return result

    def refused(self, declared: Values | None = None, writes: int = 0, **more: Any) -> str:
        """Call hunt_group, which has to fail without a change. Returns its message."""
        before = self.state
        result = self.run(declared, **more)
        assert result.get("failed"), result
        assert (len(self.vendor.writes()), self.state) == (writes, before)
        assert writes or result["changed"] is False
        return str(result["msg"])

    def run_unreachable(self, url: str) -> str:
        """Call hunt_group at an address where nobody answers. Returns its message."""
        result = run.run("hunt_group", self.options(self.case.group, url=url), check_mode=False, environment={})
        text = json.dumps(result)
        assert result["failed"] and (result["changed"], result["verdict"]) == (False, "incomplete")
        assert not any(secret in text for secret in self.case.secrets)
        return str(result["msg"])

    def stores(self, declared: Values) -> None:
        """The simulator has exactly one managed group, and everything that was declared is true of it."""
        wanted, found = self.case.compared(declared, self.state)
        assert found == wanted, (found, wanted)

    def unchanged(self, declared: Values | None = None, **more: Any) -> Values:
        """Call hunt_group, which has to find nothing to do."""
        before = self.state
        result = self.done(declared, **more)
        assert (result["changed"], result["verdict"], self.vendor.writes()) == (False, "clean", [])
        assert "diff" not in result
        assert self.state == before
        return result

    def _check_shape(self, result: Values, check_mode: bool) -> None:
        check_result(result, check_mode, self.case.secrets)
        assert result["requests"] == len(self.vendor.log), (
            result["requests"],
            [one["path"] for one in self.vendor.log],
        )
        assert not check_mode or self.vendor.writes() == []
