# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a hunt group under one reading of what a vendor's pages leave open, and where stopping is right then."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.cases import APIO, CASES, NAME, USER, USER1, USER2, Values
from ansible_collections.telephony.pbx.tests.contract.sites import Site

# Where failing is right. (backend, variant, switch, value, step): (what the message says, why).
Key = tuple[str, str, str, Any, str]
ACCEPTED: dict[Key, tuple[str, str]] = {
    ("vodia", "rich", "account_limit", 3, "create"): ("limit of groups", "the PBX takes no more groups"),
    ("vodia", "rich", "unset_booleans", "false", "update"): (
        r"settings\.rec",
        "this PBX shows a boolean that inherits as false: that one was cleared cannot be seen",
    ),
    ("apio", "ordered", "agents_order", "sorted", "create"): ("did not store members", "no order can be seen"),
}
# The first run says what is missing, the next one gets there.
AGAIN: dict[Key, tuple[str, str]] = {}

# What stops the client only together: the number of a user who is in a group already can be looked up nowhere.
TOGETHER: tuple[dict[str, Any], ...] = ({"available_excludes_members": True, "users_list": "404"},)

# Beside each case's own declarations: an order that has meaning, on APIO.
ORDERED = {
    **{name: value for name, value in APIO.group.items() if name not in ("policy", "members", "settings")},
    "policy": "regular",
    "members": [{"extension": USER}, {"extension": USER2}],
    "settings": {"serviceInstanceProfile": {"cliLastName": "Watch", "cliFirstName": "Night"}},
}
REORDERED = {"id": APIO.group["id"], "members": [{"extension": USER2}, {"extension": USER1}, {"extension": USER}]}
# Both kinds of sign-in, and members that are only removed, on PortaSwitch.
SIGNED = {
    "id": "0250",
    "name": NAME,
    "policy": "simultaneous",
    "members": [{"extension": number, "logged_in": number != "105"} for number in ("105", "106", "0111")],
}
RESIGNED = {"id": "0250", "policy": "least_used", "members": [{"extension": "105", "logged_in": True}]}
VARIANTS: dict[str, dict[str, tuple[Values, Values]]] = {
    name: {"rich": (case.group, case.update)} for name, case in CASES.items()
}
VARIANTS["apio"]["ordered"] = (ORDERED, REORDERED)
VARIANTS["portaswitch"]["signed"] = (SIGNED, RESIGNED)


class Walk:
    """The life of a group under one dialect, watched from outside."""

    def __init__(self, site: Site, variant: str, dialect: dict[str, Any]) -> None:
        self.site, self.variant, self.dialect = site, variant, dialect
        site.vendor.set_dialect(**dialect)
        self.rest = site.case.rest(site.state)

    def step(self, name: str, declared: Values, state: str = "present") -> bool:
        """Bring the group to its declared state, and see that a second run has nothing left to do.

        False where the tables say that it cannot be reached.
        """
        result = self.site.run(declared, state=state)
        self.nothing_else_happened()
        if result.get("failed"):
            if not self.expected(name, str(result["msg"])):
                pytest.fail(f"{name}: {result['msg']}")
            if not self.listed(AGAIN, name):
                return False
            result = self.site.done(declared, state=state)
            self.nothing_else_happened()
        elif self.listed(ACCEPTED, name) or self.listed(AGAIN, name):
            pytest.fail(f"{name}: converges now; take it from the table")
        self.site.unchanged(declared, state=state)
        if state == "absent":
            assert self.site.case.find(self.site.state) == []
        else:
            self.site.stores(declared)
        return True

    def nothing_else_happened(self) -> None:
        assert self.site.case.rest(self.site.state) == self.rest
        assert len(self.site.case.find(self.site.state)) <= 1

    def listed(self, table: dict[Key, tuple[str, str]], step: str) -> tuple[str, str] | None:
        backend = self.site.case.backend
        keys = ((backend, self.variant, switch, value, step) for switch, value in self.dialect.items())
        return next((table[key] for key in keys if key in table), None)

    def expected(self, step: str, message: str) -> bool:
        entry = self.listed(ACCEPTED, step) or self.listed(AGAIN, step)
        return bool(entry and re.search(entry[0], message))


def walk(site: Site, variant: str, dialect: dict[str, Any]) -> None:
    first, second = VARIANTS[site.case.backend][variant]
    way = Walk(site, variant, dialect)
    empty = {"id": first["id"], "members": []}
    for name, declared in (("create", first), ("update", second), ("back", first), ("empty", empty)):
        if not way.step(name, declared):
            break
    way.step("absent", {"id": first["id"]}, state="absent")
