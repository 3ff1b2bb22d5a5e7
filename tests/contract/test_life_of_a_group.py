# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From creation to deletion: the same guarantees on every backend."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.cases import CASES, differences
from ansible_collections.telephony.pbx.tests.contract.sites import Site

TWEAKS = [
    pytest.param(name, options, fields, id=f"{name}-{'-'.join(sorted(fields))}")
    for name, case in CASES.items()
    for options, fields in case.tweaks
]
CLEARS = [
    pytest.param(name, options, fields, id=f"{name}-{'-'.join(sorted(fields))}")
    for name, case in CASES.items()
    for options, fields in case.clears
]


def changed_fields(result: dict[str, Any]) -> set[str]:
    return {change["field"] for change in result["plan"][0]["changes"]}


def flat(values: dict[str, Any], place: str = "") -> dict[str, Any]:
    """Nested dictionaries as `a.b.c: value`, as changes name their fields."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        nested = isinstance(value, dict) and name in ("settings", "serviceInstanceProfile")
        found.update(flat(value, f"{place}{name}.") if nested else {f"{place}{name}": value})
    return found


def within(part: Any, whole: Any) -> bool:
    """Whether all of `part` is in `whole`: what a server adds to a new member by itself cannot be predicted."""
    if isinstance(part, dict):
        return all(name in whole and within(value, whole[name]) for name, value in part.items())
    if isinstance(part, list):
        return len(part) == len(whole) and all(map(within, part, whole))
    return bool(part == whole)


def test_create_stores_everything_that_was_declared(site: Site) -> None:
    rest = site.case.rest(site.state)
    result = site.done(site.case.group)
    assert (result["changed"], result["verdict"], result["plan"][0]["action"]) == (True, "applied", "create")
    assert result["plan"][0]["status"] == "done"
    assert result["diff"]["before"] == {}
    assert result["hunt_group"]["name"] == site.case.group["name"]
    site.stores(site.case.group)
    assert site.case.rest(site.state) == rest
    assert len(site.vendor.log) == site.case.requests["create"]


def test_second_run_reads_each_thing_once_and_writes_nothing(site: Site) -> None:
    created = site.done(site.case.group)
    again = site.unchanged(site.case.group)
    lines = [(entry["method"], entry["raw"]) for entry in site.vendor.log]
    assert len(lines) == len(set(lines)) == site.case.requests["again"]
    assert again["hunt_group"] == created["hunt_group"]
    assert again["plan"][0]["changes"] == []


def test_creation_in_check_mode_writes_nothing(site: Site) -> None:
    before = site.state
    result = site.check(site.case.group)
    assert (result["changed"], result["verdict"], result["plan"][0]["action"]) == (True, "drift", "create")
    assert result["plan"][0]["status"] == "planned"
    assert site.state == before


def test_check_mode_shows_exactly_the_fields_that_an_update_changes(site: Site) -> None:
    site.done(site.case.group)
    before = site.state
    result = site.check(site.case.update)
    assert (result["changed"], result["verdict"], result["plan"][0]["action"]) == (True, "drift", "update")
    assert changed_fields(result) == site.case.changed
    shown = differences(flat(result["diff"]["before"]), flat(result["diff"]["after"]))
    assert {place[0] for place in shown} == site.case.changed | site.case.mirrored
    assert site.state == before


def test_update_does_what_check_mode_predicted(site: Site) -> None:
    site.done(site.case.group)
    predicted = site.check(site.case.update)
    rest = site.case.rest(site.state)
    done = site.done(site.case.update)
    assert (done["changed"], done["verdict"], done["plan"][0]["status"]) == (True, "applied", "done")
    assert done["plan"][0]["changes"] == predicted["plan"][0]["changes"]
    assert done["diff"] == predicted["diff"]
    assert within(predicted["hunt_group"], done["hunt_group"])
    site.stores(site.case.update)
    assert site.case.rest(site.state) == rest
    assert len(site.vendor.log) == site.case.requests["update"]
    site.unchanged(site.case.update)


def test_what_somebody_changed_by_hand_is_shown_and_repaired(site: Site) -> None:
    site.done(site.case.group)
    site.case.damage(site.vendor.state)
    damaged = site.state
    shown = site.check(site.case.group)
    assert (shown["verdict"], changed_fields(shown)) == ("drift", site.case.damaged)
    assert site.state == damaged

    assert site.done(site.case.group)["verdict"] == "applied"
    site.stores(site.case.group)
    site.unchanged(site.case.group)


def test_absent_removes_the_group_and_nothing_else(site: Site) -> None:
    untouched = site.case.rest(site.state)
    site.done(site.case.group)
    key = {"id": site.case.group["id"], "state": "absent"}
    shown = site.check(key)
    assert (shown["verdict"], shown["plan"][0]["action"], shown["hunt_group"]) == ("drift", "delete", None)

    result = site.done(key)
    assert (result["verdict"], result["plan"][0]["action"], result["hunt_group"]) == ("applied", "delete", None)
    assert result["diff"]["after"] == {}
    assert len(site.vendor.log) == site.case.requests["delete"]
    assert site.case.find(site.state) == []
    assert site.case.rest(site.state) == untouched
    site.unchanged(key)


def test_the_whole_declaration_with_state_absent_removes_too(site: Site) -> None:
    site.done(site.case.group)
    site.done(site.case.group, state="absent")
    assert site.case.find(site.state) == []
    site.unchanged(site.case.group, state="absent")


def test_a_group_of_others_with_nothing_declared_but_its_id_is_clean(site: Site) -> None:
    result = site.unchanged(id=site.case.taken)
    assert result["hunt_group"]["id"] == site.case.taken


def test_what_was_read_can_be_declared_and_is_clean(site: Site) -> None:
    read = site.done(site.case.group)["hunt_group"]
    site.unchanged(read)
    site.unchanged(site.unchanged(id=site.case.taken)["hunt_group"])


def test_null_is_not_managed(site: Site) -> None:
    site.done(site.case.group)
    nothing = dict.fromkeys(site.case.group)
    nothing["settings"] = dict.fromkeys(site.case.group["settings"])
    site.unchanged({**nothing, "id": site.case.group["id"]})
    without = [{"extension": m["extension"], "logged_in": None, "weight": None} for m in site.case.group["members"]]
    if site.case.backend != "vodia":  # there a member without a stage is a member of the first one that it is in
        site.unchanged(id=site.case.group["id"], members=without)


@pytest.mark.parametrize(("name", "options", "fields"), TWEAKS)
def test_an_update_touches_nothing_but_what_it_changes(
    open_site: Any, name: str, options: dict[str, Any], fields: frozenset[str]
) -> None:
    site: Site = open_site(name)
    site.done(site.case.group)
    before = site.state
    site.done(options, id=site.case.group["id"])
    assert {place[-1] for place in differences(before, site.state)} == fields
    site.unchanged(options, id=site.case.group["id"])


@pytest.mark.parametrize(("name", "options", "fields"), CLEARS)
def test_an_empty_value_clears(open_site: Any, name: str, options: dict[str, Any], fields: frozenset[str]) -> None:
    site: Site = open_site(name)
    site.done(site.case.group)
    before = site.state
    site.done(options, id=site.case.group["id"])
    places = differences(before, site.state)
    assert fields <= {part for place in places for part in place}
    assert len({place for place in places if not set(place) & fields} - {("next",)}) == 0
    site.unchanged(options, id=site.case.group["id"])


def test_numbers_written_as_ints_and_other_spellings_mean_the_same(site: Site) -> None:
    site.done(site.case.group)
    spelt = {
        "portaswitch": {"members": [{"extension": 106}, {"extension": 105}, {"extension": "0111"}]},
        "vodia": {"overflow_to": "+18572665588", "enabled": "yes", "settings": {"st1_dur": 15, "connect": "true"}},
        "apio": {"extension": 4200, "phone_number": "+3225126999", "overflow_after": "30", "policy": "weighted"},
    }
    site.unchanged(spelt[site.case.backend], id=site.case.group["id"])
