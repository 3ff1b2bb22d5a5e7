# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes in a playbook: one line says what is wrong and what to do, and nothing is sent for it."""

from __future__ import annotations

import pytest

from .conftest import Play, Run, Site

# Task -> words of its message.
BEFORE_THE_FIRST_REQUEST = {
    "Unknown option": ["polices", "did you mean policy?"],
    "Unknown policy": ["policy", "ring_all", "regular, random, simultaneous, least_used"],
    "No number": ["ring_delay", "int"],
    "No extension": ["extension", "members"],
    "Neither id nor name": ["id or name"],
    "Unknown setting": ["hunt_group 200", "settings.PickupAlowed", "did you mean PickupAllowed?"],
    "Not on this backend": ["overflow_to", "members[0].stage", "the portaswitch backend cannot express it; "],
    "No connection": ["url: is missing", "PBX_URL", "group: is missing", "token or username and password: is missing"],
}
WITH_REQUESTS = {
    "No such member": ["hunt_group 200", "there is no extension 999", "create it first"],
    "Wrong licence": ["AuthenticationException", "check token (the License)"],
    "Nobody listens": ["127.0.0.1:9 refuses the connection; check url"],
}
ALL = {**BEFORE_THE_FIRST_REQUEST, **WITH_REQUESTS}


@pytest.fixture(scope="module")
def mistakes(portaswitch: Site, play: Play) -> Run:
    return play("mistakes.yml", portaswitch.variables, "-vvvv")


@pytest.mark.parametrize("name", ALL)
def test_says_it_in_one_line(mistakes: Run, name: str) -> None:
    result = mistakes[name].result
    message = result["msg"]
    assert [words for words in ALL[name] if words not in message] == [], message
    assert "\n" not in message
    assert not result["changed"]
    assert not result.get("exception")


@pytest.mark.parametrize("name", BEFORE_THE_FIRST_REQUEST)
def test_sends_nothing(mistakes: Run, portaswitch: Site, name: str) -> None:
    assert portaswitch.requests_during(mistakes[name]) == []


def test_writes_nothing(mistakes: Run, portaswitch: Site) -> None:
    assert mistakes.returncode == 0, mistakes.output
    assert portaswitch.vendor.writes() == []


def test_shows_neither_traceback_nor_licence(mistakes: Run, portaswitch: Site) -> None:
    assert "Traceback" not in mistakes.output
    assert portaswitch.variables["token"] not in mistakes.output
