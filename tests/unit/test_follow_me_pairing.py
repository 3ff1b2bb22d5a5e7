# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which present destination a declared one stands for, in which order they are numbered, and what a period means."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.backends.portaswitch.follow_me import ITEM, _orders, pair
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Field, canonical, canonical_period, same

Destination = dict[str, Any]
NAMES, NUMBERS, DOMAINS = st.sampled_from("abc"), st.sampled_from(["1", "2", "3"]), st.sampled_from(["", "x", "y"])
PRESENT = st.lists(
    st.fixed_dictionaries({"name": NAMES, "number": NUMBERS, "domain": DOMAINS, "timeout": st.integers(0, 9)}),
    max_size=6,
).map(lambda rows: [{**row, "_key": 40 + place} for place, row in enumerate(rows)])
WANTED = st.lists(
    st.one_of(
        st.fixed_dictionaries({"name": NAMES}, optional={"number": NUMBERS, "domain": DOMAINS}),
        st.fixed_dictionaries({"number": NUMBERS}, optional={"name": NAMES, "domain": DOMAINS}),
    ),
    max_size=6,
    unique_by=lambda one: (one.get("name"), one.get("number"), one.get("domain")),
)
KEPT = st.lists(st.sampled_from([40, 41, 42, 43, "new 0", "new 1"]), unique=True, max_size=6)
ORDERS = st.lists(st.integers(0, 9), min_size=4, max_size=4)


def keys(items: list[Destination]) -> list[Any]:
    return [item["_key"] for item in items]


def written(item: Destination) -> Destination:
    return {name: value for name, value in item.items() if name != "_key"}


# -- pairs -----------------------------------------------------------------------------------------------------------------
@given(WANTED, PRESENT, st.booleans())
def test_nothing_declared_is_lost_moved_or_altered(
    wanted: list[Destination], present: list[Destination], exhaustive: bool
) -> None:
    assert [written(item) for item in pair(wanted, present, exhaustive)] == wanted


@given(WANTED, PRESENT, st.booleans())
def test_no_two_declared_destinations_stand_for_the_same_one(
    wanted: list[Destination], present: list[Destination], exhaustive: bool
) -> None:
    found = keys(pair(wanted, present, exhaustive))
    assert len(found) == len(set(found))
    assert {key for key in found if isinstance(key, int)} <= set(keys(present))


@given(WANTED, PRESENT)
def test_with_an_exhaustive_list_nothing_is_added_while_something_can_be_changed(
    wanted: list[Destination], present: list[Destination]
) -> None:
    found = [key for key in keys(pair(wanted, present, True)) if isinstance(key, int)]
    assert len(found) == min(len(wanted), len(present))


@given(WANTED, PRESENT)
def test_with_others_staying_only_what_agrees_in_something_is_a_pair(
    wanted: list[Destination], present: list[Destination]
) -> None:
    by_key = {one["_key"]: one for one in present}
    for item in pair(wanted, present, False):
        one = by_key.get(item["_key"])
        if one:
            same_name = "name" in item and item["name"] == one["name"]
            assert same_name or ("number" in item and item["number"] == one["number"])


@given(WANTED, PRESENT, st.booleans())
def test_a_name_that_both_sides_have_once_is_never_another_destination(
    wanted: list[Destination], present: list[Destination], exhaustive: bool
) -> None:
    by_key = {one["_key"]: one for one in present}
    for item in pair(wanted, present, exhaustive):
        name = item.get("name")
        mine = [one for one in wanted if one.get("name") == name]
        theirs = [one for one in present if one["name"] == name]
        unnamed = [one for one in wanted if "name" not in one]
        if name and len(mine) == len(theirs) == 1 and not unnamed:
            assert by_key[item["_key"]]["name"] == name


@given(PRESENT, st.booleans(), st.randoms())
def test_what_was_read_stands_for_itself_in_any_order(present: list[Destination], exhaustive: bool, dice: Any) -> None:
    distinct = {(one["name"], one["number"], one["domain"]): one for one in present}
    turned = list(distinct.values())
    dice.shuffle(turned)
    assert keys(pair([written(one) for one in turned], list(distinct.values()), exhaustive)) == keys(turned)


@given(WANTED, PRESENT, st.booleans())
def test_what_was_brought_to_its_pair_finds_the_same_pair_again(
    wanted: list[Destination], present: list[Destination], exhaustive: bool
) -> None:
    """A run that is repeated, or that reads back what it wrote, means the same destinations. Where nothing tells two
    of them apart, it may be either."""
    paired = pair(wanted, present, exhaustive)
    by_key = {one["_key"]: one for one in present}
    blank = {"name": "", "number": "", "domain": "", "timeout": 0}
    stored = [{**blank, **by_key.get(item["_key"], {}), **item} for item in paired]
    others = [] if exhaustive else [one for one in present if one["_key"] not in keys(paired)]
    again = {item["_key"]: written(item) for item in pair(wanted, stored + others, exhaustive)}
    after = {one["_key"]: one for one in stored + others}
    for key, item in again.items():
        assert isinstance(key, int) or key in after
        assert all(same(ITEM[name], after[key][name], value) for name, value in item.items())


@given(PRESENT, NUMBERS, DOMAINS)
@example([{"name": "a", "number": "1", "domain": "x", "timeout": 0, "_key": 40}], "1", "")
def test_a_domain_that_is_not_written_is_not_compared(present: list[Destination], number: str, domain: str) -> None:
    """Left out means not managed: a number that is there once is that one, whatever its domain."""
    if [one["number"] for one in present].count(number) == 1:
        (found,) = pair([{"number": number}], present, False)
        assert found["_key"] == next(one["_key"] for one in present if one["number"] == number)
        if not any(one["domain"] == domain and one["number"] == number for one in present):
            (found,) = pair([{"number": number, "domain": domain}], present, False)
            assert found["_key"] == "new 0"


# -- orders ----------------------------------------------------------------------------------------------------------------
def rows(orders: list[int]) -> list[Destination]:
    return [{"i_follow_me_number": 40 + place, "i_follow_order": order} for place, order in enumerate(orders)]


@given(KEPT, ORDERS)
def test_numbers_of_order_rise_strictly(kept: list[Any], orders: list[int]) -> None:
    found = _orders([{"_key": key} for key in kept], rows(orders))
    assert len(found) == len(kept)
    assert all(one < other for one, other in zip(found, found[1:]))


@given(KEPT, ORDERS)
def test_a_list_that_is_in_order_is_not_numbered_anew(kept: list[Any], orders: list[int]) -> None:
    present = dict(zip(range(40, 44), orders))
    staying = [key for key in kept if key in present]
    numbers = [present[key] for key in staying]
    if kept[: len(staying)] == staying and numbers == sorted(set(numbers)):
        assert _orders([{"_key": key} for key in kept], rows(orders))[: len(staying)] == numbers


@given(KEPT, ORDERS)
def test_what_is_added_at_the_end_comes_behind_everything_that_is_there(kept: list[Any], orders: list[int]) -> None:
    """Also behind what will be deleted only afterwards: until then nothing rings out of turn."""
    present = dict(zip(range(40, 44), orders))
    staying = [key for key in kept if key in present]
    numbers = [present[key] for key in staying]
    if kept[: len(staying)] == staying and numbers == sorted(set(numbers)):
        added = _orders([{"_key": key} for key in kept], rows(orders))[len(staying) :]
        assert all(order > max(orders) for order in added)


# -- periods ---------------------------------------------------------------------------------------------------------------
SCALES = st.sampled_from(["hr", "wd", "md", "mo", "min", "yr", "wk"])
RANGES = st.one_of(
    st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda ends: f"{ends[0]}-{ends[1]}"),
    st.integers(0, 30).map(str),
    st.sampled_from(["mo-fri", "sa", "su", "jan-mar", "8am-6pm"]),
)
SCALE = st.tuples(SCALES, st.lists(RANGES, min_size=1, max_size=3, unique=True))
PART = st.lists(SCALE, min_size=1, max_size=3, unique_by=lambda scale: scale[0])
PERIODS = st.lists(PART, min_size=1, max_size=3)
BLANKS = st.sampled_from(["", " ", "  "])
Part = list[tuple[str, list[str]]]


def spelt(periods: list[Part], one: str = "", other: str = " ") -> str:
    """A spelling of periods: `one` blank where none is needed, `other` where one is allowed between scales."""
    parts = [
        other.join(
            f"{name}{one}{{{one}{' '.join(f'{one}-{one}'.join(r.split('-')) for r in ranges)}{one}}}"
            for name, ranges in part
        )
        for part in periods
    ]
    return f"{one},{other}".join(parts)


@given(st.text("always hrwd{}18-,. ", max_size=24))
def test_the_meaning_of_a_meaning_is_itself(text: str) -> None:
    assert canonical_period(canonical_period(text)) == canonical_period(text)


@given(PERIODS, BLANKS, BLANKS, st.booleans())
def test_neither_case_nor_blanks_change_the_meaning(periods: list[Part], one: str, other: str, upper: bool) -> None:
    text = spelt(periods, one, other)
    assert canonical_period(text.upper() if upper else text) == canonical_period(spelt(periods))


@given(PERIODS, st.randoms())
def test_no_order_changes_the_meaning(periods: list[Part], dice: Any) -> None:
    turned = [
        [(name, dice.sample(ranges, len(ranges))) for name, ranges in dice.sample(part, len(part))] for part in periods
    ]
    dice.shuffle(turned)
    assert canonical_period(spelt(turned)) == canonical_period(spelt(periods))


@given(PERIODS, PERIODS)
@example([[("hr", ["8-18"])]], [[("hr", ["18-8"])]])
@example([[("hr", ["8-18"]), ("wd", ["sa"])]], [[("hr", ["8-18"])], [("wd", ["sa"])]])
def test_other_times_have_another_meaning(periods: list[Part], others: list[Part]) -> None:
    def sets(many: list[Part]) -> set[frozenset[tuple[str, frozenset[str]]]]:
        return {frozenset((name, frozenset(ranges)) for name, ranges in part) for part in many}

    assert (canonical_period(spelt(periods)) == canonical_period(spelt(others))) is (sets(periods) == sets(others))


@given(PERIODS, BLANKS)
@example([[("hr", ["8-18"])]], " ")
def test_a_meaning_is_a_spelling_that_a_server_can_read(periods: list[Part], one: str) -> None:
    """What is compared is also what is sent."""
    meaning = canonical_period(spelt(periods, one))
    assert {part.replace(" ", "") for part in meaning.split(",")} <= {
        "".join(f"{name}{{{''.join(sorted(ranges))}}}" for name, ranges in sorted(part)) for part in periods
    }
    assert "- " not in meaning and " -" not in meaning


@given(st.sampled_from(["always", "Always", " ALWAYS ", "", "  ", None]), st.one_of(st.none(), PERIODS.map(spelt)))
def test_always_is_no_period_at_all(word: str | None, more: str | None) -> None:
    spec = Field("period")
    assert canonical(spec, word) == "" == canonical(spec, None)
    if more and word and word.strip():
        assert canonical(spec, f"{more}, {word}") == ""
        assert not same(spec, more, word)
