# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From nothing to its end: what holds for every resource of every backend. What holds for one of them is in its own file."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.callers import AWKWARD, Caller
from ansible_collections.telephony.pbx.tests.contract.cases import CASES, Values, differences
from ansible_collections.telephony.pbx.tests.contract.follow_me_rows import EMPTY
from ansible_collections.telephony.pbx.tests.contract.life import Life, without
from ansible_collections.telephony.pbx.tests.contract.lives import LIVES, PORTA_NEW
from ansible_collections.telephony.pbx.tests.contract.shape import changed_fields, only_entry
from ansible_collections.telephony.pbx.tests.contract.sites import Site

Living = tuple[Life, Caller]
CREATED = [name for name, life in LIVES.items() if life.end and life.module in ("hunt_group", "extension")]
CLEARS = [
    pytest.param(name, options, fields, id=f"{name}-{'-'.join(sorted(fields))}")
    for name, life in LIVES.items()
    for options, fields in life.clears
]
TWEAKS = [
    pytest.param(f"{case.backend}-hunt_group", options, fields, id=f"{case.backend}-{'-'.join(sorted(fields))}")
    for case in CASES.values()
    for options, fields in case.tweaks
]


@pytest.fixture
def opened(open_site: Callable[[str], Site]) -> Callable[[str], Living]:
    return lambda name: (LIVES[name], LIVES[name].caller(open_site))


@pytest.fixture(params=LIVES)
def living(request: pytest.FixtureRequest, opened: Callable[[str], Living]) -> Living:
    return opened(request.param)


def carried_out(life: Life, caller: Caller, declared: Values) -> Values:
    """Apply a declaration as check mode predicts it; the object is then as declared, and nothing else has changed."""
    rest = life.rest(caller.state)
    result = caller.predicted(declared)
    wanted, found = life.shown(declared, caller.state)
    assert found == wanted
    assert life.rest(caller.state) == rest
    return result


def test_creation_stores_everything_and_a_second_run_reads_each_thing_once(living: Living) -> None:
    life, caller = living
    created = carried_out(life, caller, life.declared)
    assert only_entry(created)["action"] == ("create" if life.name in CREATED else "update")
    assert ("state: absent -> present" in created["diff"]["prepared"]) is (life.name in CREATED)
    again = caller.unchanged(life.declared)
    lines = [(entry["method"], entry["raw"]) for entry in caller.vendor.log]
    assert len(lines) == len(set(lines)) == life.requests["again"]
    assert again[life.module] == created[life.module]
    assert again["plan_id"] != created["plan_id"]


def test_an_update_changes_what_check_mode_predicts_and_no_other_leaf(living: Living) -> None:
    life, caller = living
    caller.done(life.declared)
    result = carried_out(life, caller, life.update)
    assert set(changed_fields(only_entry(result))) == life.changed
    lines = result["diff"]["prepared"].splitlines()
    assert len(lines) == len(life.changed) and all(line.startswith(f"{life.module} ") for line in lines)
    caller.unchanged(life.update)


def test_no_more_requests_than_it_takes(living: Living) -> None:
    life, caller = living
    sent = {}
    for name, declared in (("create", life.declared), ("update", life.update), ("delete", life.ending)):
        if name in life.requests:
            caller.done(declared)
            sent[name] = len(caller.vendor.log)
    assert sent == {name: count for name, count in life.requests.items() if name != "again"}


def test_what_somebody_changed_by_hand_is_shown_and_repaired(living: Living) -> None:
    life, caller = living
    caller.done(life.declared)
    settled = caller.state
    life.damage(caller.vendor.state)
    shown = caller.check(life.declared)
    assert (shown["verdict"], set(changed_fields(only_entry(shown)))) == ("drift", life.damaged)
    carried_out(life, caller, life.declared)
    assert life.rest(caller.state) == life.rest(settled)
    caller.unchanged(life.declared)


def test_absent_removes_it_and_nothing_else(living: Living) -> None:
    life, caller = living
    if not life.end:
        return
    rest = without(life.rest(caller.state), "sign_ins")
    caller.unchanged(life.ending)
    caller.done(life.declared)
    result = carried_out(life, caller, life.ending)
    if life.name in CREATED:
        assert (only_entry(result)["action"], result[life.module]) == ("delete", None)
        assert changed_fields(only_entry(result)) == ["state"]
    assert without(life.rest(caller.state), "sign_ins") == rest
    caller.unchanged(life.ending)
    caller.unchanged({**life.declared, **life.ending})
    caller.done(life.declared)
    caller.done({**life.declared, **life.ending})
    assert life.is_done(life.ending, caller.state)


def test_null_is_not_managed_and_what_was_read_is_clean(living: Living) -> None:
    life, caller = living
    read = caller.done(life.declared)[life.module]
    nothing = {**{name: _nothing(value) for name, value in life.declared.items()}, **life.key}
    if "state" in life.declared:  # how an agent is to be is no option that can be left out
        nothing["state"] = life.declared["state"]
    caller.unchanged(nothing)
    taken = {name: value for name, value in read.items() if name in life.declared}
    caller.unchanged({**taken, **life.key, **({"state": life.declared["state"]} if "state" in life.declared else {})})


def _nothing(value: Any) -> Any:
    return {name: _nothing(part) for name, part in value.items()} if isinstance(value, dict) else None


@pytest.mark.parametrize(("name", "options", "fields"), CLEARS)
def test_an_empty_value_clears(opened: Any, name: str, options: Values, fields: frozenset[str]) -> None:
    life, caller = opened(name)
    caller.done(life.declared)
    before = caller.state
    caller.predicted(options, **life.key)
    places = {place for place in differences(before, caller.state) if place[0] != "next"}
    assert fields <= {part for place in places for part in place}
    assert not {place for place in places if not set(place) & fields}
    caller.unchanged(options, **life.key)


@pytest.mark.parametrize(("name", "options", "fields"), TWEAKS)
def test_an_update_touches_nothing_but_what_it_changes(
    opened: Any, name: str, options: Values, fields: frozenset[str]
) -> None:
    life, caller = opened(name)
    caller.done(life.declared)
    before = caller.state
    caller.done(options, **life.key)
    assert {place[-1] for place in differences(before, caller.state)} == fields
    caller.unchanged(options, **life.key)


# -- numbers --------------------------------------------------------------------------------------------------------------
def rung(number: str) -> Values:
    return {"destinations": [{"name": "Mobile", "number": number}]}


NUMBERED: dict[str, Callable[[str], Values]] = {
    "portaswitch-follow_me": rung,
    "vodia-hunt_group": lambda number: {"overflow_to": number},
    "vodia-follow_me": lambda number: {"forwarding": {"always": number}},
    "apio-hunt_group": lambda number: {"overflow_to": number},
    "apio-follow_me": lambda number: {"destinations": [{"number": number}], "forwarding": {"always": number}},
}


@pytest.mark.parametrize("name", NUMBERED)
@pytest.mark.parametrize(
    ("one", "other"),
    [("+32470123456", "+33470123456"), ("32470123456", "470123456"), ("4470123456", "70123456"), ("0440", "440")],
)
def test_numbers_that_share_their_ending_are_two(opened: Any, name: str, one: str, other: str) -> None:
    life, caller = opened(name)
    caller.done(life.declared)
    for first, second in ((one, other), (other, one)):
        caller.done(NUMBERED[name](first), **life.key)
        assert caller.predicted(NUMBERED[name](second), **life.key)["changed"]
        assert _holds(caller.state, second)


# -- values that are hard to carry -------------------------------------------------------------------------------------
def destination(text: str) -> Values:
    return {
        "account": EMPTY,
        "destinations": [{"name": text, "number": "105", "domain": text, "period_description": text}],
    }


NAMED: dict[str, Callable[[str], Values]] = {
    "portaswitch-extension": lambda text: {**PORTA_NEW, "name": text},
    "portaswitch-follow_me": destination,
    "portaswitch-hunt_group": lambda text: {"id": "0250", "name": text},
    "vodia-extension": lambda text: {"id": "440", "name": text},
    "vodia-hunt_group": lambda text: {"id": "0150", "name": text},
}


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("text", AWKWARD)
def test_any_text_arrives_unchanged(opened: Any, name: str, text: str) -> None:
    life, caller = opened(name)
    if life.backend == "portaswitch":
        caller.vendor.set_dialect(host=("iis", "httplistener")[AWKWARD.index(text) % 2])
    result = caller.predicted(NAMED[name](text))
    found = json.dumps(result[life.module], ensure_ascii=False)
    assert json.dumps(text, ensure_ascii=False).strip('"').strip() in found
    assert any(_holds(caller.state, spelt) for spelt in (text, text.partition(" ")[2] or text))
    caller.unchanged(NAMED[name](text))


def _holds(state: Any, text: str) -> bool:
    """Whether a value of the state is exactly this text, but for blanks at its end."""
    if isinstance(state, (dict, list)):
        return any(_holds(part, text) for part in (state.values() if isinstance(state, dict) else state))
    return isinstance(state, str) and state.strip() == text.strip()
