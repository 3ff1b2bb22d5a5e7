# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follow-me destinations of PortaSwitch: what is declared arrives, in order, and in place where an update can do it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.callers import Caller
from ansible_collections.telephony.pbx.tests.contract.cases import State, Values, differences
from ansible_collections.telephony.pbx.tests.contract.follow_me_rows import (
    ACCOUNT,
    EMPTY,
    HOME,
    MOBILE,
    keys,
    others,
    stored,
)
from ansible_collections.telephony.pbx.tests.contract.shape import changed_fields, only_entry, reported
from ansible_collections.telephony.pbx.tests.contract.sites import Site

OFFICE = "hr{8-18} wd{mo-fri}"


@pytest.fixture
def follow_me(portaswitch: Site) -> Caller:
    return Caller(portaswitch, "follow_me")


def declare(*destinations: Values, account: int = ACCOUNT, **more: Any) -> Values:
    return {"account": account, "destinations": list(destinations), **more}


def words(state: State, key: str, account: int = ACCOUNT) -> list[Any]:
    return [row[key] for row in stored(state, account)]


def test_a_new_destination_needs_nothing_but_its_number(follow_me: Caller) -> None:
    follow_me.vendor.state["follow_me"][str(ACCOUNT)]["timeout"] = 17
    declared = declare(MOBILE, HOME, {"number": "105"})
    follow_me.done(declared)
    row = stored(follow_me.state)[2]
    assert (row["redirect_number"], row["name"], row["timeout"], row["active"]) == ("105", "105", 17, "Y")
    assert (row["domain"], row["keep_original_cld"], row["keep_original_cli"], row["period"]) == (None,) * 4
    follow_me.unchanged(declared)

    follow_me.done(declare({"number": "106"}, account=EMPTY))
    assert words(follow_me.state, "timeout", EMPTY) == [30]
    follow_me.done(declare({"number": "106", "active": False}, account=EMPTY))
    assert words(follow_me.state, "active", EMPTY) == ["N"]


# -- in place ------------------------------------------------------------------------------------------------------------
IN_PLACE: dict[str, tuple[Values, Values, int]] = {
    "rename": ({**MOBILE, "name": "Cell"}, HOME, 1),
    "renumber": ({**MOBILE, "number": "32470999999"}, HOME, 1),
    "renumber by name alone": ({"name": "Mobile", "number": "32470999999"}, {"name": "Home"}, 1),
    "rename by number alone": ({"name": "Cell", "number": "32470123456"}, {"number": "3227654321"}, 1),
    "rename and renumber": ({**MOBILE, "name": "Cell", "number": "32470999999"}, HOME, 1),
    "rename and renumber both": ({"name": "A", "number": "1"}, {"name": "B", "number": "2"}, 2),
    "swap the numbers": ({**MOBILE, "number": "3227654321"}, {**HOME, "number": "32470123456"}, 2),
    "timeout": ({**MOBILE, "timeout": 5}, HOME, 1),
    "active": ({**MOBILE, "active": False}, {**HOME, "active": True}, 2),
    "keep the called number": ({**MOBILE, "keep_original_cld": True}, HOME, 1),
    "keep the caller": (MOBILE, {**HOME, "keep_original_cli": "forwarder"}, 1),
    "set a period": ({**MOBILE, "period": OFFICE, "period_description": "Office"}, HOME, 1),
    "set a domain": ({**MOBILE, "domain": "cell.example"}, HOME, 1),
    "lift a period": (MOBILE, {**HOME, "period": "Always"}, 1),
    "clear a period": (MOBILE, {**HOME, "period": ""}, 1),
    "the other's number is spelled differently": ({**MOBILE, "timeout": 5}, {**HOME, "number": "322 765.43-21"}, 1),
    "the other's period is spelled differently": (
        {**MOBILE, "timeout": 5},
        {**HOME, "period": "WD{Mo-Fri}  HR{8-18}"},
        1,
    ),
    "change one, and the other is always there": ({**MOBILE, "period": "Always"}, {**HOME, "timeout": 5}, 1),
    "change one that is always there": ({**MOBILE, "period": "Always", "timeout": 5}, HOME, 1),
}


@pytest.mark.parametrize("change", IN_PLACE)
def test_an_update_can_do_it_so_nothing_is_deleted_and_added(follow_me: Caller, change: str) -> None:
    one, other, writes = IN_PLACE[change]
    follow_me.vendor.set_dialect(followme_update_blank=("keeps", "blanks")[list(IN_PLACE).index(change) % 2])
    before = follow_me.state
    follow_me.predicted(declare(one, other))
    assert (keys(follow_me.state), len(follow_me.vendor.writes())) == ([41, 42], writes)
    assert {entry["path"].split("/")[1] for entry in follow_me.vendor.writes()} == {"updatefollowme"}
    assert others(follow_me.state) == others(before)
    follow_me.unchanged(declare(one, other))


def test_the_order_is_that_of_the_numbers_whatever_order_the_answer_has(
    follow_me: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = declare(*only_entry_of(follow_me)["destinations"])
    numbers = follow_me.vendor._numbers
    monkeypatch.setattr(follow_me.vendor, "_numbers", lambda account: numbers(account)[::-1])
    follow_me.unchanged(shown)


def test_a_destination_without_a_record_is_no_answer(follow_me: Caller) -> None:
    stored(follow_me.vendor.state)[0]["i_follow_me_number"] = 0
    assert "destinations without a record" in follow_me.refused(declare(HOME))
    assert follow_me.vendor.writes() == []


def only_entry_of(follow_me: Caller) -> Values:
    (entry,) = follow_me.info(account=ACCOUNT)["follow_me"]
    assert len(entry["destinations"]) > 1
    return dict(entry)


def test_gaps_in_the_servers_numbering_stay_and_equal_numbers_are_put_right(follow_me: Caller) -> None:
    rows = follow_me.vendor.state["follow_me_numbers"]
    rows["41"]["i_follow_order"], rows["42"]["i_follow_order"] = 5, 9
    follow_me.done(declare(MOBILE, HOME, {"number": "105"}))
    assert (words(follow_me.state, "i_follow_order")[:2], len(follow_me.vendor.writes())) == ([5, 9], 1)

    follow_me.vendor.reset()
    for key in ("41", "42"):
        follow_me.vendor.state["follow_me_numbers"][key]["i_follow_order"] = 1
    follow_me.done(declare(HOME, MOBILE))
    assert keys(follow_me.state) == [42, 41]
    follow_me.unchanged(declare(HOME, MOBILE))


@pytest.mark.parametrize("follow_order", ["as_sent", "renumbers"])
@pytest.mark.parametrize("named_by", [("name", "number"), ("name",), ("number",)], ids="-".join)
def test_another_order_is_a_change_in_place(follow_me: Caller, named_by: tuple[str, ...], follow_order: str) -> None:
    follow_me.vendor.set_dialect(follow_order=follow_order)
    for key in ("41", "42"):
        follow_me.vendor.state["follow_me_numbers"][key]["domain"] = "all.example"
    before = follow_me.state
    turned = declare(*({name: one[name] for name in named_by} for one in (HOME, MOBILE)))
    follow_me.done(turned)
    assert {place[-1] for place in differences(before, follow_me.state)} == {"i_follow_order"}
    assert keys(follow_me.state) == [42, 41]
    assert len(follow_me.vendor.writes()) <= 2 + 2 * (follow_order == "renumbers")
    follow_me.unchanged(turned)


# -- what others added -----------------------------------------------------------------------------------------------------
def test_a_duplicate_is_shown_and_removed_only_with_exact(follow_me: Caller) -> None:
    table = follow_me.vendor.state["follow_me_numbers"]
    table["47"] = {**table["41"], "i_follow_me_number": 47, "i_follow_order": 3}
    assert reported(follow_me.unchanged(declare(MOBILE, HOME, membership="at_least")), ["Mobile"])
    follow_me.done(declare({**MOBILE, "timeout": 5}, membership="at_least"))
    assert keys(follow_me.state) == [41, 42, 47]
    follow_me.done(declare({**MOBILE, "timeout": 20}, {"number": "105"}, membership="at_least"))
    assert keys(follow_me.state)[:3] == [41, 42, 47]  # neither by a run that reads back what it has added
    del follow_me.vendor.state["follow_me_numbers"][str(keys(follow_me.state)[3])]
    result = follow_me.predicted(declare({"name": "Mobile"}, HOME))
    assert changed_fields(only_entry(result)) == ["destinations[Mobile #2]"]
    assert (keys(follow_me.state), len(follow_me.vendor.writes())) == ([41, 42], 1)


# -- values that are hard to carry -------------------------------------------------------------------------------------
@pytest.mark.parametrize(("word", "wire"), [("caller", "Y"), ("forwarder", "N"), ("caller_number", "I")])
def test_what_the_destination_sees_as_the_caller_arrives(follow_me: Caller, word: str, wire: str) -> None:
    new = {"number": "105", "keep_original_cli": word}
    follow_me.done(declare({**MOBILE, "keep_original_cli": word}, HOME, new, {**new, "number": "106", "domain": "d"}))
    found = words(follow_me.state, "keep_original_cli")
    assert (found[0], found[2:]) == (wire, [wire, wire])


@pytest.mark.parametrize(
    "period", ["hr{8-17} wd{mo-fri}", "hr{18-8} wd{mo-fri}", "hr{8-18}", "hr{8-18}, wd{mo-fri}", "always"]
)
def test_a_period_with_another_meaning_is_a_change(follow_me: Caller, period: str) -> None:
    follow_me.predicted(declare(MOBILE, {**HOME, "period": period}))
    follow_me.unchanged(declare(MOBILE, {**HOME, "period": period}))


@pytest.mark.parametrize(
    "period", ["hr{8-18} wd{mo-fri}, hr{4-6} wd{sa}", "hr{8 - 18}", "md{1-7} wd{mo}", "HR{8-12 14-18}"]
)
def test_a_period_arrives_in_a_spelling_that_means_the_same(follow_me: Caller, period: str) -> None:
    def meant(text: str) -> set[str]:
        return {"".join(sorted(part.replace(" ", ""))) for part in text.casefold().split(",")}

    follow_me.done(declare(MOBILE, {**HOME, "period": period}))
    arrived = words(follow_me.state, "period")[1]
    assert meant(arrived) == meant(period) and "- " not in arrived


@pytest.mark.parametrize("more", [{}, {"keep_original_cld": True}, {"keep_original_cld": False}], ids=str)
def test_a_new_destination_gets_its_domain_whatever_route_carries_it(follow_me: Caller, more: Values) -> None:
    declared = declare({"name": "New", "number": "106", "domain": "d.example", **more}, account=EMPTY)
    follow_me.done(declared)
    assert words(follow_me.state, "domain", EMPTY) == ["d.example"]
    assert len(follow_me.vendor.writes()) == 1  # without it, the second attempt would bring it
    follow_me.unchanged(declared)


@pytest.mark.parametrize("blank", ["keeps", "blanks"])
@pytest.mark.parametrize("option", ["domain", "keep_original_cli", "period_description"])
def test_an_empty_text_clears(follow_me: Caller, option: str, blank: str) -> None:
    follow_me.vendor.set_dialect(followme_update_blank=blank)
    follow_me.vendor.state["follow_me_numbers"]["41"]["domain"] = "cell.example"
    before = stored(follow_me.state)
    declared = declare({"name": "Mobile", option: ""}, HOME)
    assert follow_me.check(declared)["changed"]
    follow_me.done(declared)
    after = stored(follow_me.state)
    assert not after[0][option] and [row["name"] for row in after] == ["Mobile", "Home"]
    places = {place[1:] for place in differences({"0": before[0], "1": before[1]}, {"0": after[0], "1": after[1]})}
    assert places <= {("i_follow_me_number",), ("i_follow_order",), (option,)}
    assert keys(follow_me.state)[1] == 42
    follow_me.unchanged(declared)


# -- trouble on the way ---------------------------------------------------------------------------------------------
NEW: Values = {"name": "New", "number": "105", "timeout": 9}
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


def in_domain(follow_me: Caller) -> Values:
    """The first destination gets a domain. Returns the state then."""
    follow_me.vendor.state["follow_me_numbers"]["41"]["domain"] = "cell.example"
    return follow_me.state


@pytest.mark.thorough
@pytest.mark.parametrize("change", CHANGES)
def test_wherever_a_run_stops_nothing_is_lost_and_the_next_one_converges(follow_me: Caller, change: str) -> None:
    declared, count = CHANGES[change]
    follow_me.vendor.set_dialect(follow_order=("as_sent", "renumbers")[list(CHANGES).index(change) % 2])
    start = in_domain(follow_me)
    least = min(len(stored(start)), count)
    for how, stopped in follow_me.interrupted(declared, account=ACCOUNT):
        assert len(stored(stopped)) >= least, f"{how}: calls had fewer places to go than before and after"
        for state in (stopped, follow_me.state):
            assert others(state) == others(start), how
        end = [(row["name"], row["redirect_number"], row["domain"]) for row in stored(follow_me.state)]
        assert len(end) == len(set(end)) == count, how


@pytest.mark.thorough
@pytest.mark.parametrize("change", CHANGES)
def test_reads_that_lag_behind_a_write_lead_to_no_duplicate(follow_me: Caller, change: str) -> None:
    """The run may fail or succeed, but the next one finds or makes exactly what was declared."""
    declared, count = CHANGES[change]
    start = in_domain(follow_me)
    follow_me.vendor.add_fault("stale_reads", writes_only=True, skip=list(CHANGES).index(change) % 3, reads=1)
    follow_me.run(declared, account=ACCOUNT)
    assert len(stored(follow_me.state)) >= min(len(stored(start)), count)
    follow_me.vendor.faults = []
    follow_me.run(declared, account=ACCOUNT)
    end = [(row["name"], row["redirect_number"], row["domain"]) for row in stored(follow_me.state)]
    assert len(end) == len(set(end)) == count
    assert others(follow_me.state) == others(start)
    follow_me.unchanged(declared, account=ACCOUNT)
