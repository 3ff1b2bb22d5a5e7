# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a vendor's pages leave open: the client converges, or stops and says what it saw.

Every value of every switch of the simulators occurs in several combinations; those under which stopping is right occur
alone. In no case may another object change, or a second one come into being. tests/trust tries all pairs of values.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.callers import other_dialects
from ansible_collections.telephony.pbx.tests.contract.life import without
from ansible_collections.telephony.pbx.tests.contract.lives import LIVES
from ansible_collections.telephony.pbx.tests.contract.mixes import mixes
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.walks import ACCEPTED, AGAIN, VARIANTS, walk
from pbx_simulator import VENDORS

pytestmark = pytest.mark.thorough

# (life, switch, value) -> whether its creation or its update cannot succeed, and what the message says then.
STOPS: dict[tuple[str, str, Any], tuple[str, str]] = {
    ("portaswitch-follow_me", "followme_without_record", "error"): ("create", "500"),  # no route makes the record
    # nothing takes an alias away
    ("vodia-extension", "alias_post", "merges"): ("update", "did not store settings.alias"),
    # refused credentials of an agent are tried once, so that nothing locks, also where another number would fit
    ("portaswitch-agent service password", "agent_id", "extension"): ("create", "own credentials"),
}
# What stops a life only together with other values: refusals that look like successes hide which number of an agent fits.
APART = {"portaswitch-agent wrap-up": {("error_body", "ok_empty")}}


def group_dialects() -> list[Any]:
    """Of each variant of a hunt group: the combinations, and what may stop it alone."""
    found = []
    for backend, variants in VARIANTS.items():
        stops = {(key[2], key[3]) for key in (*ACCEPTED, *AGAIN) if key[0] == backend}
        for variant in variants:
            found += mixes(backend, f"{backend} {variant}", stops)
            found += [
                pytest.param(f"{backend} {variant}", {name: value}, id=f"{backend} {variant}-{name}={value}")
                for name, value in sorted(stops, key=str)
            ]
    return found


def other_lives() -> list[Any]:
    found = []
    for name, life in LIVES.items():
        if life.module != "hunt_group" and name != "portaswitch-agent no wrap-up":
            stops = {(switch, value) for one, switch, value in STOPS if one == name}
            found += mixes(life.backend, name, stops | APART.get(name, set()))
    return found


@pytest.mark.parametrize(("subject", "dialect"), group_dialects())
def test_hunt_groups_converge_or_stop_in_words(open_site: Any, subject: str, dialect: dict[str, Any]) -> None:
    backend, variant = subject.split()
    walk(open_site(backend), variant, dialect)


@pytest.mark.parametrize(("name", "dialect"), other_lives())
def test_other_resources_converge(open_site: Callable[[str], Site], name: str, dialect: dict[str, Any]) -> None:
    life = LIVES[name]
    caller = life.caller(open_site)
    caller.vendor.set_dialect(**dialect)
    rest = without(life.rest(caller.state), "sign_ins")
    for declared in (life.declared, life.update, *([life.ending] if life.end else [])):
        result = caller.done(declared)
        assert (result["changed"], result["verdict"]) == (True, "applied"), dialect
        assert life.is_done(declared, caller.state), (dialect, life.shown(declared, caller.state))
        assert without(life.rest(caller.state), "sign_ins") == rest, dialect
        caller.unchanged(declared)


@pytest.mark.parametrize(("name", "switch", "value"), STOPS)
def test_where_stopping_is_right_nothing_changes(open_site: Any, name: str, switch: str, value: Any) -> None:
    life, (step, words) = LIVES[name], STOPS[name, switch, value]
    caller = life.caller(open_site)
    caller.vendor.set_dialect(**{switch: value})
    if step == "update":
        caller.done(life.declared)
    rest = without(life.rest(caller.state), "next")
    result = caller.run(life.declared if step == "create" else life.update)
    assert result["failed"] and words in result["msg"]
    assert without(life.rest(caller.state), "next") == rest


@pytest.mark.parametrize("backend", VENDORS)
def test_every_value_of_every_switch_is_tried(backend: str) -> None:
    tried = set()
    for parameters in (*group_dialects(), *other_lives()):
        if parameters.values[0].startswith(backend):
            tried |= set(parameters.values[1].items())
    assert {(one.values[0], one.values[1]) for one in other_dialects(VENDORS[backend])} <= tried
