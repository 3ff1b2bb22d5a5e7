# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which present destination a declared one stands for, and in which order they are numbered."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.backends.portaswitch.destinations import (
    CALLER_ID,
    ITEM,
    decode,
    doubles,
    encode_extras,
    encode_parts,
    identity,
    lifted,
    orders,
    pair_up,
    replaced,
    uncleared,
)
from ansible_collections.telephony.pbx.plugins.module_utils.model.numbers import ANY_COUNTRY, NumberRules
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import same

Destination = dict[str, Any]
Present = dict[int, Destination]
NAMES, NUMBERS, DOMAINS = st.sampled_from("abc"), st.sampled_from(["1", "2", "3"]), st.sampled_from(["", "x", "y"])
PRESENT = st.lists(
    st.fixed_dictionaries({"name": NAMES, "number": NUMBERS, "domain": DOMAINS, "timeout": st.integers(0, 9)}),
    max_size=6,
).map(lambda rows: dict(enumerate(rows, 40)))
WANTED = st.lists(
    st.one_of(
        st.fixed_dictionaries({"name": NAMES}, optional={"number": NUMBERS, "domain": DOMAINS}),
        st.fixed_dictionaries({"number": NUMBERS}, optional={"name": NAMES, "domain": DOMAINS}),
    ),
    max_size=6,
    unique_by=lambda one: (one.get("name"), one.get("number"), one.get("domain")),
)
KEPT = st.lists(st.sampled_from([40, 41, 42, 43, ("new", 0), ("new", 1)]), unique=True, max_size=6)
ORDERS = st.lists(st.integers(0, 9), min_size=4, max_size=4).map(lambda numbers: dict(zip(range(40, 44), numbers)))


def pair(wanted: list[Destination], present: Present, exhaustive: bool) -> list[Any]:
    return pair_up(wanted, present, exhaustive, ANY_COUNTRY)


# -- pairs -------------------------------------------------------------------------------------------------------------
@given(WANTED, PRESENT, st.booleans())
def test_each_declared_destination_stands_for_one_of_its_own(
    wanted: list[Destination], present: Present, exhaustive: bool
) -> None:
    found = pair(wanted, present, exhaustive)
    assert len(found) == len(wanted) == len(set(found))
    assert {key for key in found if isinstance(key, int)} <= set(present)


@given(WANTED, PRESENT)
def test_with_an_exhaustive_list_nothing_is_added_while_something_can_be_changed(
    wanted: list[Destination], present: Present
) -> None:
    found = [key for key in pair(wanted, present, True) if isinstance(key, int)]
    assert len(found) == min(len(wanted), len(present))


@given(WANTED, PRESENT)
def test_with_others_staying_only_what_agrees_in_something_is_a_pair(
    wanted: list[Destination], present: Present
) -> None:
    for item, key in zip(wanted, pair(wanted, present, False)):
        one = present.get(key)
        if one:
            same_name = "name" in item and item["name"] == one["name"]
            assert same_name or ("number" in item and item["number"] == one["number"])


@given(WANTED, PRESENT, st.booleans())
def test_a_name_that_both_sides_have_once_is_never_another_destination(
    wanted: list[Destination], present: Present, exhaustive: bool
) -> None:
    for item, key in zip(wanted, pair(wanted, present, exhaustive)):
        name = item.get("name")
        mine = [one for one in wanted if one.get("name") == name]
        theirs = [one for one in present.values() if one["name"] == name]
        unnamed = [one for one in wanted if "name" not in one]
        if name and len(mine) == len(theirs) == 1 and not unnamed:
            assert present[key]["name"] == name


@given(PRESENT, st.booleans(), st.randoms())
def test_what_was_read_stands_for_itself_in_any_order(present: Present, exhaustive: bool, dice: Any) -> None:
    distinct = {identity(one, ANY_COUNTRY): key for key, one in present.items()}
    turned = list(distinct.values())
    dice.shuffle(turned)
    there = {key: present[key] for key in sorted(turned)}
    assert pair([present[key] for key in turned], there, exhaustive) == turned


@given(WANTED, PRESENT, st.booleans())
def test_what_was_brought_to_its_pair_finds_the_same_pair_again(
    wanted: list[Destination], present: Present, exhaustive: bool
) -> None:
    """A run that is repeated, or that reads back what it wrote, means the same destinations. Where nothing tells two
    of them apart, it may be either."""
    found = pair(wanted, present, exhaustive)
    blank = {"name": "", "number": "", "domain": "", "timeout": 0}
    keys = [key if isinstance(key, int) else 100 + place for place, key in enumerate(found)]
    after = {key: {**blank, **present.get(key, {}), **item} for key, item in zip(keys, wanted)}
    if not exhaustive:
        after.update({key: one for key, one in present.items() if key not in found})
    for item, key in zip(wanted, pair(wanted, after, exhaustive)):
        assert all(same(ITEM[name], after[key][name], value) for name, value in item.items())


@given(PRESENT, NUMBERS, DOMAINS)
@example({40: {"name": "a", "number": "1", "domain": "x", "timeout": 0}}, "1", "")
def test_a_domain_that_is_not_written_is_not_compared(present: Present, number: str, domain: str) -> None:
    """Left out means not managed: a number that is there once is that one, whatever its domain."""
    with_number = [key for key, one in present.items() if one["number"] == number]
    if len(with_number) == 1:
        assert pair([{"number": number}], present, False) == with_number
        if present[with_number[0]]["domain"] != domain:
            assert pair([{"number": number, "domain": domain}], present, False) == [("new", 0)]


def test_two_spellings_of_one_number_are_a_pair_where_the_country_is_known() -> None:
    present = {40: {"name": "a", "number": "+3225126777", "domain": ""}}
    assert pair_up([{"number": "025126777"}], present, False, NumberRules("32")) == [40]
    assert pair_up([{"number": "025126777"}], present, False, ANY_COUNTRY) == [("new", 0)]


def test_what_an_interrupted_run_has_made_anew_takes_the_place_of_the_old_one() -> None:
    """A domain that cannot be emptied in place: the destination is made anew without it, and the old one deleted."""
    present = {
        40: {"name": "a", "number": "1", "domain": "x"},
        41: {"name": "a", "number": "1", "domain": ""},
        42: {"name": "b", "number": "1", "domain": "x"},
    }
    wanted = [{"name": "a", "number": "1", "domain": ""}]
    keys = pair(wanted, present, False)
    assert keys == [41] and replaced(wanted, keys, present, ANY_COUNTRY) == {40}
    assert replaced([{"name": "a", "number": "1"}], [41], present, ANY_COUNTRY) == frozenset()


def test_only_what_agrees_in_everything_is_a_double() -> None:
    one = {"name": "a", "number": "1", "domain": "", "timeout": 5, "active": True}
    present = {40: one, 41: dict(one), 42: {**one, "timeout": 6}}
    assert doubles([40], present, ANY_COUNTRY) == [41]
    assert doubles([40, 41], present, ANY_COUNTRY) == []


# -- orders ------------------------------------------------------------------------------------------------------------
@given(KEPT, ORDERS)
def test_numbers_of_order_rise_strictly(kept: list[Any], present: dict[int, int]) -> None:
    found = orders(kept, present)
    assert len(found) == len(kept)
    assert all(one < other for one, other in zip(found, found[1:]))


def in_order(kept: list[Any], present: dict[int, int]) -> list[int] | None:
    """The order numbers of those that stay, where they rise already and new ones follow."""
    staying = [key for key in kept if key in present]
    numbers = [present[key] for key in staying]
    return numbers if kept[: len(staying)] == staying and numbers == sorted(set(numbers)) else None


@given(KEPT, ORDERS)
def test_a_list_that_is_in_order_is_not_numbered_anew(kept: list[Any], present: dict[int, int]) -> None:
    numbers = in_order(kept, present)
    if numbers is not None:
        assert orders(kept, present)[: len(numbers)] == numbers


@given(KEPT, ORDERS)
def test_what_is_added_at_the_end_comes_behind_everything_that_is_there(
    kept: list[Any], present: dict[int, int]
) -> None:
    """Also behind what will be deleted only afterwards: until then nothing rings out of turn."""
    numbers = in_order(kept, present)
    if numbers is not None:
        assert all(order > max(present.values()) for order in orders(kept, present)[len(numbers) :])


# -- the wire ----------------------------------------------------------------------------------------------------------
WRITTEN = st.fixed_dictionaries(
    {"number": NUMBERS, "timeout": st.integers(0, 3600)},
    optional={
        "name": NAMES,
        "active": st.booleans(),
        "domain": DOMAINS,
        "keep_original_cld": st.booleans(),
        "keep_original_cli": st.sampled_from(["", *CALLER_ID]),
        "period": st.sampled_from(["", "hr{8-18}"]),
        "period_description": st.sampled_from(["", "day"]),
    },
)
ROWS = {
    "TimeOut": "timeout",
    "Domain": "domain",
    "Name": "name",
    "RedirectNumber": "redirect_number",
    "Active": "active",
    "KeepOriginalCld": "keep_original_cld",
    "KeepOriginalCLI": "keep_original_cli",
    "Period": "period",
    "Period_desc": "period_description",
}


@given(WRITTEN)
def test_what_is_sent_is_read_back_as_it_was_written(item: Destination) -> None:
    sent = {**dict(encode_parts(item, 3)), **encode_extras(item)}
    seen = decode({ROWS[name]: value for name, value in sent.items() if name in ROWS})
    assert sent["FollowMeOrder"] == 3
    for name, value in {"active": True, "name": item["number"], **item}.items():
        assert seen[name] == value, name


def test_a_text_is_emptied_only_where_the_server_shows_one() -> None:
    item = {"number": "1", "timeout": 5, "domain": "", "keep_original_cli": "", "period_description": "x"}
    shown = {"domain": "d", "keep_original_cli": "", "period_description": "y"}
    assert uncleared(item, shown) == ["domain"]
    assert encode_extras(item, shown)["Domain"] == "" and "Domain" not in encode_extras(item)


@pytest.mark.parametrize(
    ("written", "shown", "sent"),
    [("", "hr{8-18}", "Always"), ("", "always", ""), ("", "", ""), ("hr{9}", "hr{8-18}", "hr{9}"), ("", None, "")],
)
def test_a_period_is_lifted_by_another_that_means_always(written: str, shown: str | None, sent: str) -> None:
    present = None if shown is None else {"period": shown}
    assert lifted({"period": written}, present)["period"] == sent
