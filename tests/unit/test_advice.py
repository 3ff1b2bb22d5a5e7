# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The advice beyond its examples: what is not known gives none, nothing makes it fail, and waivers have dates."""

from __future__ import annotations

import copy
import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.advice.advise import advise
from ansible_collections.telephony.pbx.plugins.module_utils.advice.number_plans import library_plans
from ansible_collections.telephony.pbx.plugins.module_utils.advice.rules import RULES, read_settings
from ansible_collections.telephony.pbx.plugins.module_utils.advice.view import facts_of
from ansible_collections.telephony.pbx.plugins.module_utils.advice.waivers import read_waivers
from ansible_collections.telephony.pbx.plugins.module_utils.entry import run

TODAY = datetime.date(2026, 11, 24)
NUMBERS = st.sampled_from(["101", "102", "200", "300", "999", "+3225126777", "090012345", "*98", "", "x@y"])
MEMBERS = st.lists(
    st.fixed_dictionaries(
        {"extension": NUMBERS},
        optional={
            "weight": st.sampled_from([0, 50, None]),
            "stage": st.integers(1, 3),
            "ring_time": st.sampled_from([0, 10, "?"]),
            "ring_delay": st.integers(0, 5),
            "huntstop": st.booleans(),
            "logged_in": st.booleans(),
        },
    ),
    max_size=4,
)
GROUPS = st.fixed_dictionaries(
    {"id": st.sampled_from(["200", "300", "101"])},
    optional={
        "policy": st.sampled_from(["regular", "weighted", "random", "simultaneous", "circular"]),
        "members": MEMBERS,
        "overflow_to": NUMBERS,
        "overflow_after": st.sampled_from([0, 5, 60]),
        "enabled": st.booleans(),
        "settings": st.just({"huntAfterNoAnswer": True, "noAnswerNumberOfRings": 3}),
    },
)
SERVICES = st.fixed_dictionaries(
    {"account": st.sampled_from(["101", "102", "700001"])},
    optional={
        "forwarding": st.dictionaries(st.sampled_from(["always", "busy", "no_answer"]), NUMBERS),
        "destinations": st.lists(st.fixed_dictionaries({"name": st.just("a"), "number": NUMBERS}), max_size=3),
    },
)
DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "extensions": st.lists(st.sampled_from([{"id": "101", "account": "700001"}, {"id": "102"}]), max_size=3),
        "hunt_groups": st.lists(GROUPS, max_size=4),
        "follow_me": st.lists(SERVICES, max_size=3),
    },
)
BACKENDS = st.sampled_from(["portaswitch", "vodia", "apio"])


def given_advice(document: Any, backend: str, live: bool = True, complete: Any = None, **more: Any) -> list[Any]:
    facts = facts_of(backend, frozenset(document if complete is None else complete), live=live)
    return advise(document, facts, "32", more.pop("today", TODAY), plans=library_plans(), **more)


@given(document=DOCUMENTS, backend=BACKENDS)
def test_no_document_makes_it_fail_or_is_changed(document: Any, backend: str) -> None:
    before = copy.deepcopy(document)
    once, again = given_advice(document, backend), given_advice(document, backend)
    assert once == again and document == before
    assert all(one.id in RULES and one.message and one.hint for one in once)


@given(document=DOCUMENTS, backend=BACKENDS)
def test_knowing_less_gives_no_further_advice(document: Any, backend: str) -> None:
    assert set(given_advice(document, backend, complete=())) <= set(given_advice(document, backend))


@given(document=DOCUMENTS, backend=BACKENDS)
def test_what_is_off_says_nothing_and_what_is_waived_is_counted_again_when_it_expires(
    document: Any, backend: str
) -> None:
    found = given_advice(document, backend)
    off, wrong = read_settings(dict.fromkeys(RULES, False), None)
    assert not wrong and given_advice(document, backend, settings=off) == []
    rows = [
        {"id": one.id, "object": one.path, "reason": "r", "expires": TODAY}
        for one in found
        if one.path.partition("/")[2] and not any(mark in one.path for mark in "*[")
    ]
    waivers, wrong = read_waivers(rows)
    assert not wrong
    waived = {(one["id"], one["object"]) for one in rows}
    assert not waived & {(one.id, one.path) for one in given_advice(document, backend, waivers=waivers)}
    after = given_advice(document, backend, waivers=waivers, today=TODAY + datetime.timedelta(1))
    assert {(one.id, one.path) for one in after} == {(one.id, one.path) for one in found}
    assert all("expired on 2026-11-24" in one.message for one in after if (one.id, one.path) in waived)


def test_a_declaration_is_not_taken_for_the_whole_tenant() -> None:
    group = {"id": "200", "members": [{"extension": "101", "stage": 1}], "overflow_to": "999"}
    options = {"backend": "vodia", "extensions": [{"id": "101"}], "hunt_groups": [group], "advice": True}

    def ids(**more: Any) -> set[str]:
        result = run.run("tenant_validate", {**options, **more}, check_mode=False, environment={})
        return {one["id"] for one in result["findings"]}

    assert ids() == {"few-members"}
    assert ids(purge=["extensions", "hunt_groups"]) == {"few-members", "unknown-destination"}
    assert ids(advice=False) == set()
    assert "invalid-option" in ids(backend="")


def test_without_the_library_it_says_once_what_was_not_checked() -> None:
    rows = [{"number": "+33142685300", "name": "a"}, {"number": "090012345", "name": "b"}]
    document = {"follow_me": [{"account": "1", "destinations": rows}]}
    found = advise(document, facts_of("portaswitch", frozenset(document), live=True), "32", TODAY)
    assert [one.id for one in found] == ["numbers-not-checked"]
    assert "2 outside numbers" in found[0].message and "pip install phonenumbers" in found[0].hint


@pytest.mark.parametrize(("after", "rings"), [(12, False), (60, True)])
def test_an_overflow_cuts_those_behind_it(after: int, rings: bool) -> None:
    settings = {"huntAfterNoAnswer": True, "noAnswerNumberOfRings": 3}
    members = [{"extension": "101"}, {"extension": "102"}]
    group = {"id": "g", "policy": "regular", "members": members, "settings": settings}
    document = {"hunt_groups": [{**group, "overflow_to": "+3225126777", "overflow_after": after}]}
    told = [one.message for one in given_advice(document, "apio") if one.id == "never-rings"]
    assert bool(told) is not rings
    assert rings or f"leaves the hunt group after {after} s" in told[0]


def test_whether_a_member_rings_behind_own_handling_is_not_known_and_gives_no_advice() -> None:
    members = [{"extension": "101", "ring_time": 10, "huntstop": False}, {"extension": "102", "ring_time": 10}]
    document = {"hunt_groups": [{"id": "200", "policy": "regular", "members": members}]}
    assert "never-rings" not in {one.id for one in given_advice(document, "portaswitch")}


@pytest.mark.parametrize("whole", [True, False])
def test_a_waiver_is_unused_only_where_the_whole_tenant_was_read(whole: bool) -> None:
    row = {"id": "no-overflow", "object": "hunt_groups/9", "reason": "r", "expires": "2027-01-01"}
    document: dict[str, Any] = {"extensions": [], "hunt_groups": [], "follow_me": []}
    complete = document if whole else ("hunt_groups",)
    found = given_advice(document, "vodia", complete=complete, waivers=read_waivers([row])[0])
    assert [(one.id, one.path) for one in found] == [("waiver-unused", "advice_waivers[0]")] * whole
