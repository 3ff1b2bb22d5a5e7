# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile input: names, numbers, settings and destinations that no one thought of, in every writable place.

Whatever is written, either the run succeeds, the value is stored as it was written and a second run changes nothing; or
it is refused before the first request, in one line that names the option. What the server itself refuses (limits that no
page states) leaves the state as it was. Never a traceback, another object that changes, or a duplicate.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings

from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import RESOURCES
from ansible_collections.telephony.pbx.tests.contract.callers import Caller, without_counters
from ansible_collections.telephony.pbx.tests.contract.cases import State, Values, copied
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant
from ansible_collections.telephony.pbx.tests.trust import figures
from ansible_collections.telephony.pbx.tests.trust.hostile_spots import IN_TENANT, SPOTS, Spot
from ansible_collections.telephony.pbx.tests.trust.hostile_values import EXAMPLES, HOSTILE, SUITE, hostile

# What only the server knows to be wrong: no page says which characters an extension may have, or whose number is free.
SERVER_KNOWS = {
    ("portaswitch", "account"),
    ("apio", "id"),
    ("apio", "extension"),
    ("apio", "phone_number"),
    ("apio", "settings.serviceInstanceProfile.cliLastName"),
}


# -- what may happen besides ------------------------------------------------------------------------------------------------
def value_is_missing(spot: Spot, value: Any) -> bool:
    """Whether the key of a hunt group or the number of a destination is left out, which only reading can judge."""
    return value in (None, "", [], {}) and (spot.key or spot.option == "destinations[0].number")


def is_taken(spot: Spot, value: Any, state: State) -> bool:
    """Whether a number that was made up is one that somebody has: then it means that object, and rightly so."""
    if not spot.key or spot.backend == "apio":
        return False
    ours = state["customers"]["10"] if spot.backend == "portaswitch" else {}
    numbers = {one["id"] for kind in ("extensions", "groups") for one in ours[kind].values()} if ours else set()
    return str(value) in (numbers or set(state["domains"]["localhost"]["accounts"]))


# What once went wrong, and is tried on every run: (where, the value).
TRAPS: tuple[tuple[str, Any], ...] = (
    ("portaswitch-hunt_group-id", "x" * 10_000),
    ("portaswitch-extension-id", "\ud83d"),
    ("vodia-hunt_group-id", ".."),
    ("vodia-hunt_group-settings.alias", ["R&D / Ops"]),
    ("vodia-hunt_group-settings.alias", ["0152", "0152"]),
    ("vodia-hunt_group-members[0].stage", ["a"]),
    ("portaswitch-follow_me-destinations[0].period", "a{" * 5_000),
)


# -- the property ---------------------------------------------------------------------------------------------------------
class Judge:
    """Runs a declaration with a hostile value from the same state every time, and judges what came of it."""

    def __init__(self, site: Site, spot: Spot, module: str) -> None:
        self.spot, self.module, self.vendor = spot, module, site.vendor
        self.caller: Site = Tenant(site) if module == "tenant" else Caller(site, module)
        if spot.module == "hunt_group" and spot.start:
            Caller(site, "hunt_group").done(site.case.group)
        self.first = site.state

    def declared(self, value: Any) -> Values:
        one = self.spot.declare(value)
        return {RESOURCES[self.spot.module].plural: [one]} if self.module == "tenant" else one

    def __call__(self, value: Any) -> None:
        if is_taken(self.spot, value, self.first):
            return
        self.judge(value)
        figures.count(SUITE, "hostile values", 1, self.spot.backend)

    def judge(self, value: Any) -> None:
        self.vendor.state = copied(self.first)
        result = self.caller.run(self.declared(value))
        if result.get("failed"):
            self._refused(result, value)
        else:
            self._stored(value)

    def _refused(self, result: Values, value: Any) -> None:
        message, backend = result["msg"], self.spot.backend
        assert len(message.splitlines()) == 1
        message.encode()
        assert without_counters(self.vendor.state) == without_counters(self.first), message
        if self.vendor.log == []:
            assert self.spot.option in message, message
            figures.count(SUITE, "refused before the first request, by the name of the option", 1, backend)
        elif self.vendor.writes() == []:
            assert self.spot.refers or value_is_missing(self.spot, value), message
            figures.count(SUITE, "refused before the first write: what they name is not there", 1, backend)
        else:
            assert re.search("answered [45][0-9][0-9]", message), message
            assert (backend, self.spot.option) in SERVER_KNOWS, message
            figures.count(SUITE, "refused by the server, with the state as it was", 1, backend)

    def _stored(self, value: Any) -> None:
        spot, state = self.spot, self.caller.state
        assert spot.rest(state) == spot.rest(self.first), "something else has changed"
        if value is not None:  # null is not managed
            now = spot.read(state)
            assert spot.means("" if now is None else now) == spot.means(value), (now, value)
        figures.count(SUITE, "stored as they were written, and found so again", 1, spot.backend)
        self.caller.unchanged(self.declared(value))


def tried(judge: Callable[[Any], None], share: int = 1) -> None:
    """With many values, some of them always; of the others one of so many."""

    def one(value: Any) -> None:
        judge(value)

    for always in ("x" * 10_000, "..", "\U0001f4de\u0301\u202e ", None, True):
        one = example(always)(one)
    settings(hostile, max_examples=EXAMPLES // share)(given(HOSTILE)(one))()


@pytest.mark.parametrize("spot", SPOTS, ids=lambda spot: spot.name)
def test_a_value_is_stored_as_it_is_or_refused(open_site: Any, spot: Spot) -> None:
    judge = Judge(open_site(spot.backend), spot, spot.module)
    tried(judge)


@pytest.mark.parametrize("spot", IN_TENANT, ids=lambda spot: spot.name)
def test_and_so_it_is_inside_a_tenant(open_site: Any, spot: Spot) -> None:
    judge = Judge(open_site(spot.backend), spot, "tenant")
    tried(judge, share=3)


@pytest.mark.parametrize("module", ["", "tenant"], ids=["alone", "in a tenant"])
@pytest.mark.parametrize(("name", "value"), TRAPS, ids=[f"{name}-{str(value)[:9]!a}" for name, value in TRAPS])
def test_what_once_went_wrong(open_site: Any, name: str, value: Any, module: str) -> None:
    (spot,) = (spot for spot in SPOTS if spot.name == name)
    Judge(open_site(spot.backend), spot, module or spot.module).judge(value)


def test_the_judge_sees_what_is_stored_otherwise(vodia: Site) -> None:
    """The tests above would pass if it were blind."""
    (spot,) = (spot for spot in SPOTS if spot.name == "vodia-hunt_group-name")
    judge = Judge(vodia, spot, "hunt_group")
    judge.judge("as it is")
    answer = type(vodia.vendor)._text
    vodia.vendor._text = lambda value: (answer(vodia.vendor, value) or "").strip()  # type: ignore[attr-defined]
    try:
        with pytest.raises(AssertionError):
            judge.judge(" blanks ")
    finally:
        del vodia.vendor._text  # type: ignore[attr-defined]
