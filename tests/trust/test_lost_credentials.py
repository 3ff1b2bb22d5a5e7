# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Vendor faults: logins and credentials that are refused, or are no longer good in the middle of a run.

Servers count failed logins, and lock accounts and addresses: none is ever repeated into that.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Response

from ansible_collections.telephony.pbx.tests.contract.big_tenants import BIG
from ansible_collections.telephony.pbx.tests.contract.cases import Values
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant
from ansible_collections.telephony.pbx.tests.trust import figures
from ansible_collections.telephony.pbx.tests.trust.calls import Answer, Twist, Twisted, most_requests, tuned
from ansible_collections.telephony.pbx.tests.trust.faults import (
    PLACES,
    SUITE,
    Calls,
    bring,
    calls,
    clock,
    place_of,
    status,
    tried,
)
from ansible_collections.telephony.pbx.tests.trust.makers import every, made, measured
from ansible_collections.telephony.pbx.tests.unit.conftest import Time

__all__ = ["calls", "clock"]  # fixtures

LOGIN = {"token": None, "username": "demo", "password": "demo-password"}
WRONG = {
    "portaswitch": {"token": "wrong-license-0815"},
    "vodia": {"password": "wrong-password-0815"},
    "apio": {"token": "wrong-token-0815"},
}
DOORS = ("core", "gateway")


def behind(apio: Site, door: str) -> dict[str, Any]:
    """The connection with a user name and a password instead of a machine token."""
    return {**LOGIN, "url": apio.url if door == "core" else apio.url.replace("/api/v01/p1", "/api/v1")}


def logins(site: Site) -> int:
    """How many logins the last run sent."""
    return sum("/login" in entry["path"] for entry in site.vendor.log)


def lost(apio: Site, door: str, wrong_password: bool = False) -> Twist:
    """The server forgets every session and token before it answers, and perhaps the password has been changed."""

    def twist(answer: Answer) -> Response:
        state = apio.vendor.state
        state["sessions"] = {}
        state["token_generation"] += 1
        if wrong_password:
            state["accounts"]["demo"]["password"] = "another"
        return answer()

    return twist


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("way", ["once", "for ever", "and the password changed"])
def test_a_session_that_is_lost_in_the_middle_costs_one_more_login(
    apio: Site, clock: Time, door: str, way: str
) -> None:
    """Two logins at most, of which one may be refused: a server locks accounts after a few failures."""
    troubles = []
    for turn, (name, call) in enumerate(measured(apio, every("apio"), **behind(apio, door))):
        twist = lost(apio, door, way == "and the password changed")
        after = range(1, call.requests)  # the first one is the login
        for place in after if figures.FULL else [after[turn * 3 % len(after)]]:
            call.start()
            apio.vendor.state["accounts"]["demo"].update(failed_logins=0, password="demo-password")
            twisted = Twisted(call.site, twist, place, None if way == "for ever" else 1)
            found = call.trouble(most_requests(call))
            attempts = logins(apio)
            figures.count(SUITE, "sessions and tokens lost in the middle of a run", 1, "apio")
            figures.greatest(SUITE, "most logins of a run whose session was lost", attempts, "apio")
            assert twisted.hits
            if attempts > 2 or (way == "once" and attempts != 2):
                found += f" {attempts} logins"
            if apio.vendor.state["accounts"]["demo"]["failed_logins"] > 1:
                found += " more than one login was refused"
            apio.vendor.state["accounts"]["demo"]["password"] = "demo-password"
            found = found or call.again()
            troubles += [f"{name}: lost {way} at {place}: {found}"] if found else []
    assert troubles == [], "\n".join(troubles[:15])


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("user", ["wrong password", "demo-2fa", "demo-new"])
def test_a_login_that_is_refused_is_sent_once_by_every_module(apio: Site, clock: Time, door: str, user: str) -> None:
    """Also where several requests are under way at a time and every object asks for itself."""
    if (user, door) == ("demo-2fa", "gateway"):
        pytest.skip("the gateway knows no second factor")
    wrong = {"password": "wrong-password-0815"} if user == "wrong password" else {"username": user}
    for name, call in made(apio, every("apio")):
        for concurrency in ("1", "4"):
            call.connect(**{**behind(apio, door), **wrong, "concurrency": concurrency})
            call.start()
            result = call.run()
            assert result.get("failed") and result["changed"] is False, name
            assert logins(apio) == 1 and apio.vendor.writes() == [], name
            figures.count(SUITE, "logins refused, and sent once", 1, "apio")


def test_wrong_credentials_are_shown_to_a_server_once_or_twice(site: Site, clock: Time) -> None:
    """Each request is an attempt to log in where there is no login, and attempts are counted."""
    troubles = []
    for name, call in made(site, every(site.case.backend)):
        for concurrency in ("1", "4"):
            call.connect(**WRONG[site.case.backend], concurrency=concurrency)
            call.start()
            result = call.run()
            sent = len(site.vendor.log)
            figures.count(SUITE, "calls with wrong credentials", 1, site.case.backend)
            figures.greatest(SUITE, "most requests with wrong credentials", sent, site.case.backend)
            assert result.get("failed") and result["changed"] is False, name
            troubles += [f"{name}: {sent} requests"] if sent > 2 else []
    assert troubles == []


MOST_REFUSED = {"portaswitch": 3, "vodia": 2, "apio": 2}


def test_credentials_that_are_no_longer_good_are_shown_twice_at_most(calls: Calls, clock: Time) -> None:
    """Once by the request that finds out, and once to read back what became of a write. Whole tenants: see below.

    On PortaSwitch once more, where a sign-in tries both numbers of an agent, or a member that is out has to be put back.
    """
    gone, troubles = status(401, body="{}"), []
    for turn, (name, call) in enumerate(calls.items()):
        for place in range(call.requests) if figures.FULL else [place_of(call, gone, PLACES[turn % len(PLACES)], turn)]:
            found = tried(call, gone, place, None, clock)
            troubles += [f"{name}: 401 from {place} on: {found}"] if found else []
            call.start()
            bring(call, gone, place, None)
            call.run()
            after = len(call.site.vendor.log) - place
            figures.greatest(SUITE, "most requests after the first 401", after, call.site.case.backend)
            tolerated = most_requests(call) if name.startswith("tenant") else MOST_REFUSED[call.site.case.backend]
            troubles += [f"{name}: {after} requests after a 401 at {place}"] if after > tolerated else []
    assert troubles == [], "\n".join(troubles[:15])


def twelve(site: Site, **connection: Any) -> tuple[Tenant, Values]:
    """A tenant with many groups, and twelve of them under other names."""
    groups = BIG[site.case.backend].fill(site.vendor.state)["hunt_groups"][:12]
    changed = [{"id": group["id"], "name": f"New {n}"} for n, group in enumerate(groups)]
    return Tenant(tuned(site, **connection)), {"hunt_groups": changed, "journal": ""}


@pytest.mark.parametrize("backend", ["portaswitch", "vodia", "apio"])
@pytest.mark.parametrize("on_error", ["stop", "continue"])
def test_wrong_credentials_are_not_tried_for_every_object(
    open_site: Any, clock: Time, backend: str, on_error: str
) -> None:
    site = open_site(backend)
    tenant, document = twelve(site, **WRONG[backend])
    result = tenant.run(document, on_error=on_error)
    assert result.get("failed") and result["changed"] is False
    assert len(site.vendor.log) <= 2


@pytest.mark.parametrize("on_error", ["stop", "continue"])
def test_credentials_that_are_no_longer_good_are_not_tried_for_every_object(
    site: Site, clock: Time, on_error: str
) -> None:
    """They stop being good at the last write: the twelve groups are not to be read back one by one."""
    tenant, document = twelve(site, concurrency="1")
    first_day = site.state
    tenant.done(document)
    last = max(number for number, entry in enumerate(site.vendor.log) if entry["write"])
    site.vendor.state = first_day
    site.vendor.add_fault("status", status=401, body="{}", skip=last, times=None)
    assert tenant.run(document, on_error=on_error).get("failed")
    refused = len(site.vendor.log) - last
    figures.greatest(SUITE, "most requests after the first 401, of a tenant of twelve", refused, site.case.backend)
    assert 0 < refused <= 3


@pytest.mark.parametrize("door", ["core", "gateway"])
def test_four_requests_that_find_the_session_lost_cost_one_login(apio: Site, clock: Time, door: str) -> None:
    """Each of them is refused; the first one logs in again for all."""
    tenant, document = twelve(apio, concurrency="4", **behind(apio, door))
    apio.vendor.add_fault("latency", seconds=0.03, times=None)
    twisted = Twisted(apio, lost(apio, door), 6)
    result = tenant.run(document)
    apio.vendor.faults = []
    figures.greatest(SUITE, "most logins of a run whose session was lost", logins(apio), "apio")
    assert twisted.hits and logins(apio) == 2
    assert not result.get("failed"), result["msg"]
