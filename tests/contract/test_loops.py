# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The items of a loop share login, connections and what they have read: how many requests that leaves, and when they do not.

Requests are counted by the simulator. Time is the test's own: it stands still unless a test moves it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.entry import call, connection, run
from ansible_collections.telephony.pbx.plugins.module_utils.entry.shared_sessions import SharedSessions
from ansible_collections.telephony.pbx.tests.contract import big_tenants
from ansible_collections.telephony.pbx.tests.contract.big_tenants import BIG
from ansible_collections.telephony.pbx.tests.contract.cases import DOMAIN, USER, USER1, Values, apio_groups
from ansible_collections.telephony.pbx.tests.contract.sites import Site

ITEMS = 12
TICK = 0.001  # seconds that pass each time that somebody looks at the clock
LOGIN = {"token": None, "username": "demo", "password": "demo-password"}


class Loop:
    """The worker process of a task: calls of one module, one after the other."""

    def __init__(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        self.site, self.shared, self.now = site, SharedSessions(), 1000.0
        make = connection.Session

        def clock() -> float:
            self.now += TICK
            return self.now

        monkeypatch.setattr(connection, "Session", lambda *given, **more: make(*given, **{"clock": clock, **more}))

    def __call__(
        self, module: str, *items: Values, check_mode: bool = False, scope: tuple[str, ...] = ("host", ""), **more: Any
    ) -> list[Values]:
        """The result of each item. The log of the simulator holds their requests only, afterwards."""
        self.site.vendor.log = []
        return [
            run.run(
                module, self.site.options(item, **more), check_mode=check_mode, environment={}, shared=self.shared,
                scope=scope,
            )
            for item in items
        ]  # fmt: skip

    def done(self, module: str, *items: Values, **more: Any) -> int:
        """How many requests the items took. Each has to change something."""
        results = self(module, *items, **more)
        assert [one.get("msg") for one in results] == [None] * len(items)
        assert all(one["changed"] for one in results)
        assert sum(one["requests"] for one in results) == len(self.site.vendor.log)
        return len(self.site.vendor.log)

    def unchanged(self, module: str, *items: Values, **more: Any) -> int:
        results = self(module, *items, **more)
        assert [(one.get("msg"), one["changed"]) for one in results] == [(None, False)] * len(items)
        return len(self.site.vendor.log)


@pytest.fixture
def loop_over(open_site: Callable[[str], Site], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Loop]:
    return lambda name: Loop(open_site(name), monkeypatch)


def extensions(backend: str) -> list[Values]:
    if backend == "portaswitch":
        return BIG["portaswitch"].new(ITEMS)
    return [{"id": str(600 + n), "name": f"Desk {n}"} for n in range(ITEMS)]


def groups(backend: str) -> list[Values]:
    if backend == "apio":
        members: list[Values] = [{"extension": USER}, {"extension": USER1}]
        named = [{"id": f"loop{n}@{DOMAIN}", "name": f"Loop {n}", "policy": "regular"} for n in range(ITEMS)]
        return [{**one, "members": members, "settings": names(n)} for n, one in enumerate(named)]
    members = [{"extension": number} for number in (("101", "102") if backend == "portaswitch" else ("440", "443"))]
    policy = {"policy": "simultaneous"} if backend == "portaswitch" else {}
    return [{"id": str(650 + n), "name": f"Loop {n}", "members": members, **policy} for n in range(ITEMS)]


def names(n: int) -> Values:
    return {"serviceInstanceProfile": {"cliLastName": "Loop", "cliFirstName": str(n)}}


def prepared(loop: Loop) -> Loop:
    if loop.site.case.backend == "portaswitch":
        big_tenants.porta_accounts(loop.site.vendor.state, ITEMS)
    return loop


# -- counts --------------------------------------------------------------------------------------------------------------
# (backend, module): requests for each new item, and for each unchanged one. PortaSwitch shows one object by its list only.
# Vodia creates an account by one write and sets it up by another; between and after them the account itself is read, and
# before them where the list of all accounts does not tell that nobody answers to the number.
COSTS = {
    ("portaswitch", "extension"): (2, 0),
    ("portaswitch", "hunt_group"): (2, 0),
    ("vodia", "extension"): (4, 1),
    ("vodia", "hunt_group"): (4, 1),
    ("apio", "hunt_group"): (2, 1),
}
MOST_BESIDES = 4  # lists, an object that shows which settings there are, and the like, for all items together


@pytest.mark.parametrize(("backend", "module"), list(COSTS))
def test_a_loop_reads_lists_once_and_costs_a_write_and_a_read_an_item(
    loop_over: Callable[[str], Loop], backend: str, module: str
) -> None:
    loop = prepared(loop_over(backend))
    items = extensions(backend) if module == "extension" else groups(backend)
    new, unchanged = COSTS[backend, module]
    besides = loop.done(module, *items) - new * ITEMS
    assert 0 <= besides <= MOST_BESIDES, [entry["path"] for entry in loop.site.vendor.log]
    loop.now += 60
    besides = loop.unchanged(module, *items) - unchanged * ITEMS
    assert 0 <= besides <= MOST_BESIDES, [entry["path"] for entry in loop.site.vendor.log]


def test_an_extension_without_settings_takes_its_creation_and_one_look(loop_over: Callable[[str], Loop]) -> None:
    """The look that proves the creation is the one that is judged: nothing is written after it."""
    loop = loop_over("vodia")
    items = [{"id": str(600 + n)} for n in range(ITEMS)]
    assert 0 <= loop.done("extension", *items) - 2 * ITEMS <= MOST_BESIDES
    loop.unchanged("extension", *items)


def test_all_items_log_in_once(loop_over: Callable[[str], Loop]) -> None:
    loop = loop_over("apio")
    loop.done("hunt_group", *groups("apio"), **LOGIN)
    assert sum("/login" in entry["path"] for entry in loop.site.vendor.log) == 1


def test_lists_are_read_once_for_each_period_of_freshness(loop_over: Callable[[str], Loop]) -> None:
    loop = prepared(loop_over("portaswitch"))
    items = extensions("portaswitch")
    loop.done("extension", *items)
    for _round in range(3):
        loop.now += call.FRESH_SECONDS
        assert loop.unchanged("extension", *items) == 1


# -- what is planned on ----------------------------------------------------------------------------------------------------
def test_an_item_is_planned_on_what_the_item_before_it_wrote(loop_over: Callable[[str], Loop]) -> None:
    for backend, module in COSTS:
        loop = prepared(loop_over(backend))
        first = (extensions(backend) if module == "extension" else groups(backend))[0]
        key = first["id"]
        renamed = {"id": key, "name": "Renamed"}
        gone = {"id": key, "state": "absent", "allow_irreversible": True}
        loop.done(module, first, renamed, first, gone, first)
        loop.unchanged(module, first)


@pytest.mark.parametrize("backend", ["portaswitch", "vodia", "apio"])
def test_what_somebody_else_writes_is_noticed_after_the_period_of_freshness(
    loop_over: Callable[[str], Loop], backend: str
) -> None:
    loop = prepared(loop_over(backend))
    group = groups(backend)[0]
    loop.done("hunt_group", group)
    state = loop.site.vendor.state
    if backend == "portaswitch":
        found = next(one for one in state["customers"]["10"]["groups"].values() if one["id"] == group["id"])
        found["name"] = "Somebody"
    elif backend == "vodia":
        state["domains"]["localhost"]["accounts"][group["id"]]["settings"]["display"] = "Somebody"
    else:
        apio_groups(state)[group["id"]]["serviceInstanceProfile"]["name"] = "Somebody"
    loop.now += call.FRESH_SECONDS
    loop.done("hunt_group", group)


def test_nothing_that_was_read_outlives_a_failure_or_a_doubt(loop_over: Callable[[str], Loop]) -> None:
    loop = prepared(loop_over("portaswitch"))
    items = extensions("portaswitch")
    loop.done("extension", items[0])
    loop.site.vendor.add_fault("status", status=500, match="AddCustomerExtension", times=1)
    assert loop("extension", items[1])[0]["failed"]
    assert loop.done("extension", items[1]) == 4  # both lists again, the write, and the list to read it back


# -- what is never shared --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "other",
    [{"check_mode": True}, {"scope": ("host", "elsewhere")}, {"scope": ("neighbour", "")}, {"token": "demo-other"},
     {"tenant": "20"}, {"timeout": 29}],
    ids=str,
)  # fmt: skip
def test_other_credentials_check_mode_or_places_share_nothing(loop_over: Callable[[str], Loop], other: Values) -> None:
    loop = prepared(loop_over("portaswitch"))
    items = extensions("portaswitch")[:1]
    loop.done("extension", *items)
    assert loop.unchanged("extension", *items) == 0
    loop("extension", *items, **other)
    assert loop.site.vendor.log, "another connection was answered from memory"
    assert loop.unchanged("extension", *items) == 0, "the first connection has lost what it knew"


def test_refused_credentials_are_sent_by_one_item_only(loop_over: Callable[[str], Loop]) -> None:
    for backend, wrong in (("vodia", {"password": "wrong"}), ("apio", {**LOGIN, "password": "wrong"})):
        loop = loop_over(backend)
        results = loop("hunt_group", *groups(backend), **wrong)
        assert {one["error_class"] for one in results} == {"AuthError"}
        assert len(loop.site.vendor.log) == 1
        assert not any("wrong" in str(one) for one in results)


def test_a_loop_over_many_tenants_keeps_few_connections(loop_over: Callable[[str], Loop]) -> None:
    loop = loop_over("portaswitch")
    loop.shared = SharedSessions(most_open=2)
    for tenant in ("1", "2", "3", "4"):
        loop("hunt_group", {"id": "200", "name": "x"}, tenant=tenant)
    assert repr(loop.shared) == "SharedSessions(2 open)"
