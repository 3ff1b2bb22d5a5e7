# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follow-me when something goes wrong on the way, and under every reading of what the vendor's page leaves open."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.callers import (
    STOPS,
    Caller,
    converges,
    other_dialects,
    without_counters,
)
from ansible_collections.telephony.pbx.tests.contract.cases import Values
from ansible_collections.telephony.pbx.tests.contract.follow_me_rows import (
    ACCOUNT,
    EMPTY,
    FULL,
    HOME,
    MOBILE,
    others,
    stored,
)
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from pbx_simulator import PortaSwitch

NEW: Values = {"name": "New", "number": "105", "timeout": 9}
BARE_HOME: Values = {"name": "Home", "number": "3227654321"}
# What is declared for an account that has Mobile (in the domain cell.example) and Home, and how many it has then.
CHANGES: dict[str, tuple[Values, int]] = {
    "turn round": ({"destinations": [{"name": "Home"}, {"name": "Mobile"}]}, 2),
    "add behind": ({"destinations": [MOBILE, HOME, NEW, {"number": "106"}]}, 4),
    "add before": ({"destinations": [NEW, MOBILE, HOME]}, 3),
    "replace both": ({"destinations": [NEW, {"number": "106", "timeout": 5}]}, 2),
    "replace both by three": ({"destinations": [NEW, {"number": "106"}, {"number": "107"}]}, 3),
    "keep the last": ({"destinations": [HOME]}, 1),
    "remove all": ({"state": "absent"}, 0),
    "clear the domain": ({"destinations": [{**MOBILE, "domain": ""}, HOME]}, 2),
    "clear the domain and turn round": ({"destinations": [HOME, {**MOBILE, "domain": ""}]}, 2),
    "add to the others": ({"destinations": [NEW], "membership": "at_least"}, 3),
    "change one and leave the others": ({"destinations": [{**HOME, "timeout": 5}], "membership": "at_least"}, 2),
    "clear the domain and leave the others": (
        {"destinations": [{"name": "Mobile", "number": "32470123456", "domain": ""}], "membership": "at_least"},
        2,
    ),
    "clear a period and leave the others": (
        {"destinations": [{"name": "Home", "period": ""}], "membership": "at_least"},
        2,
    ),
}


@pytest.fixture
def follow_me(portaswitch: Site) -> Caller:
    portaswitch.vendor.state["follow_me_numbers"]["41"]["domain"] = "cell.example"
    return Caller(portaswitch, "follow_me")


@pytest.mark.parametrize("follow_order", ["as_sent", "renumbers"])
@pytest.mark.parametrize("change", CHANGES)
def test_wherever_a_run_stops_nothing_is_lost_and_the_next_one_converges(
    follow_me: Caller, change: str, follow_order: str
) -> None:
    declared, count = CHANGES[change]
    follow_me.vendor.set_dialect(follow_order=follow_order)
    start = follow_me.state
    least = min(len(stored(start)), count)
    for how, stopped in follow_me.interrupted(declared, account=ACCOUNT):
        assert len(stored(stopped)) >= least, f"{how}: calls had fewer places to go than before and after"
        for state in (stopped, follow_me.state):
            assert others(state) == others(start), how
        end = [(row["name"], row["redirect_number"], row["domain"]) for row in stored(follow_me.state)]
        assert len(end) == len(set(end)) == count, how


@pytest.mark.parametrize("write", range(3))
@pytest.mark.parametrize("change", CHANGES)
def test_reads_that_lag_behind_a_write_lead_to_no_duplicate(follow_me: Caller, change: str, write: int) -> None:
    """The run may fail or succeed, but the next one finds or makes exactly what was declared."""
    declared, count = CHANGES[change]
    start = follow_me.state
    follow_me.vendor.add_fault("stale_reads", writes_only=True, skip=write, reads=1)
    follow_me.run(declared, account=ACCOUNT)
    assert len(stored(follow_me.state)) >= min(len(stored(start)), count)
    follow_me.vendor.faults = []
    follow_me.run(declared, account=ACCOUNT)
    end = [(row["name"], row["redirect_number"], row["domain"]) for row in stored(follow_me.state)]
    assert len(end) == len(set(end)) == count
    assert others(follow_me.state) == others(start)
    follow_me.unchanged(declared, account=ACCOUNT)


# -- what the page leaves open -------------------------------------------------------------------------------------------


def test_every_other_reading_of_what_an_update_does_not_carry_loses_nothing(follow_me: Caller) -> None:
    for blank in ("keeps", "blanks"):
        for follow_order in ("as_sent", "renumbers"):
            follow_me.vendor.reset()
            follow_me.vendor.set_dialect(followme_update_blank=blank, follow_order=follow_order)
            before = copy.deepcopy(stored(follow_me.state))
            follow_me.done(account=ACCOUNT, destinations=[BARE_HOME, {"name": "Mobile"}])
            after = stored(follow_me.state)
            for row in (*before, *after):
                del row["i_follow_order"]
            assert after == before[::-1]
