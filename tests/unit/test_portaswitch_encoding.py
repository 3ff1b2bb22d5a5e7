# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PortaSwitch on the wire: what may travel in a path, what rows mean, how members are added."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import requests
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.backends.decoding import records
from ansible_collections.telephony.pbx.plugins.module_utils.backends.portaswitch.answers import parsed
from ansible_collections.telephony.pbx.plugins.module_utils.backends.portaswitch.listing import may_be_cut
from ansible_collections.telephony.pbx.plugins.module_utils.backends.portaswitch.paths import (
    LONGEST_PATH,
    LONGEST_QUERY,
    check_customer,
    check_license,
    path,
    routed,
)
from ansible_collections.telephony.pbx.plugins.module_utils.backends.portaswitch.wire import (
    CAPABILITY,
    POLICIES,
    batches,
    decode_group,
    decode_member,
    encode_additions,
    member_rows,
)
from ansible_collections.telephony.pbx.plugins.module_utils.errors import BadAnswer, InvalidOption, NotFound
from ansible_collections.telephony.pbx.plugins.module_utils.transport.session import Answer

Values = dict[str, Any]

# The first group of HGInfoLst on the page CustomerHuntGroup, as printed.
PAGE_GROUP = json.loads(
    r"""{"i_c_group":0,"ActivationDate":"\/Date(-62135596800000-0000)\/","i_customer":0,"IAccount":0,
    "i_customerSpecified":false,"name":"String","fullname":"String","hunt_sequence":"String",
    "hunt_keep_original_cli":"String","i_c_ext":0,"hunt_active":"String","id":"String","pickup_allowed":"String",
    "assigned_extensions":[{"i_cg_ext":0,"i_cg_extSpecified":false,"i_c_ext":0,"i_c_extSpecified":false,
    "type":"String","id":"String","name":"String","hunt_order":0,"hunt_delay":0,"hunt_expire":0,
    "hunt_active":"String","huntstop":"String","primary_group":"String","IAccount":0}]}"""
)
UNSET_MEMBER = {"ring_delay": 0, "ring_time": 0, "huntstop": False, "primary": False, "logged_in": True}

ANY_TEXT = st.text(st.characters(), max_size=12)
LIKELY = st.text("ab9 ./\\?%+&:*é.", max_size=6)


def as_the_server_splits(raw: str) -> list[str]:
    """The server decodes a path before it splits it, and drops empty pieces (vendor note 2.1)."""
    return [piece for piece in unquote(raw, errors="strict").split("/") if piece]


# -- paths -------------------------------------------------------------------------------------------------------------
@given(st.lists(st.one_of(ANY_TEXT, LIKELY, st.integers()), max_size=4))
@example([""])
@example(["."])
@example(["half \ud83d"])
def test_a_path_arrives_part_for_part_or_is_refused(parts: list[Any]) -> None:
    try:
        made = path("Route", *parts)
    except InvalidOption as error:
        assert "Route: " in str(error)
        return
    sent = requests.Request("GET", "http://pbx.example" + made).prepare().url
    for raw in (made, urlsplit(sent).path):
        assert as_the_server_splits(str(raw)) == ["Route", *map(str, parts)]


@pytest.mark.parametrize("part", ["", ".", "..", "a.", "a ", "a/b", "a\\b", "a?b", "a*b", "a&b", "a:b", "a<b", "a>b",
                                  "a%b", "+32", "a\x00b", "a\nb", "a\x7f", "\udce9"])  # fmt: skip
def test_what_cannot_travel_in_a_path_is_refused_without_quoting_it(part: str) -> None:
    with pytest.raises(InvalidOption) as caught:
        path("Route", "hunter-secret", part)
    assert "hunter-secret" not in str(caught.value)


TEXTS = st.lists(st.one_of(st.text(min_size=1, max_size=9), LIKELY.filter(bool)), min_size=1, max_size=4)


@given(TEXTS, st.integers(0, 220))
def test_with_a_query_every_text_arrives_or_is_refused_by_its_name(texts: list[str], prefix: int) -> None:
    """A query overrides the path (note 2.1, rule 4), and the number of parts decides which route is met."""
    names = [f"P{index}" for index in range(len(texts))]
    try:
        where, params = routed("Route", list(zip(names, texts)), {"Extra": "e", "Empty": "", "None": None}, prefix)
    except InvalidOption as error:
        assert any(name in str(error) for name in names)
        assert any("\ud800" <= character <= "\udfff" or character in "<&" for text in texts for character in text)
        return
    pieces = as_the_server_splits(where)
    assert len(pieces) == 1 + len(texts)
    arrived = {**dict(zip(names, pieces[1:])), **params}
    assert arrived == {**dict(zip(names, texts)), "Extra": "e", "Empty": ""}


@pytest.mark.parametrize("length", [50, LONGEST_PATH, 1000])
def test_a_path_that_grows_too_long_lends_its_longest_parts_to_the_query(length: int) -> None:
    where, params = routed("Route", [("Name", "n" * length), ("Id", "200")])
    assert len(where) <= LONGEST_PATH
    assert params == ({} if length == 50 else {"Name": "n" * length})


def test_a_query_that_no_server_takes_is_refused_by_the_names_of_its_options() -> None:
    with pytest.raises(InvalidOption, match="^name: too long together"):
        routed("Route", [("Name", "é" * LONGEST_QUERY)])


@pytest.mark.parametrize("text", ["<a", "</", "<!", "<?", "a &# b"])
def test_what_the_web_server_takes_for_an_attack_is_refused(text: str) -> None:
    with pytest.raises(InvalidOption, match="^name: has"):
        routed("Route", [("Name", text)])
    assert routed("Route", [("Name", "a < b & c")])[1] == {"Name": "a < b & c"}


def test_an_empty_part_is_refused_even_with_a_query() -> None:
    with pytest.raises(InvalidOption):
        routed("Route", [("Name", "")], {})


# -- licence, customer, lists --------------------------------------------------------------------------------------------
@given(st.one_of(ANY_TEXT, LIKELY, st.sampled_from(["a<b", "a&#b", "a" * 1025, "é" * 200])))
@example("\udce9")
def test_a_licence_is_accepted_exactly_when_a_request_can_carry_it(license: str) -> None:
    try:
        check_license(license)
    except InvalidOption as error:
        assert str(error).startswith("token: ") and str(error).isprintable()
        assert len(license) < 4 or license not in str(error)
    else:
        where, params = routed("Route", [("License", license)])
        pieces = as_the_server_splits(where)
        assert params.get("License", pieces[1]) == license and license.strip()


@pytest.mark.parametrize("customer", ["", "abc", "10 ", "-1", "1.5", "1/2", "²"])
def test_a_customer_is_a_whole_number(customer: str) -> None:
    check_customer("10")
    with pytest.raises(InvalidOption, match="^tenant: "):
        check_customer(customer)


@pytest.mark.parametrize(
    ("length", "limit", "suspicious"),
    [
        (0, None, False), (99, None, False), (100, None, True), (101, None, False), (500, None, True), (1000, None, True),
        (100, 0, False), (100, 101, False), (101, 101, True), (500, 101, True), (0, 101, False),
    ],
)  # fmt: skip
def test_a_list_that_reaches_the_limit_or_a_round_length_may_be_cut(
    length: int, limit: int | None, suspicious: bool
) -> None:
    assert may_be_cut(length, limit) is suspicious


def as_read(data: Any) -> Any:
    """What becomes of data that the server sends."""
    return parsed(Answer(200, "OK", {}, json.dumps(data)))


def test_keys_are_read_without_their_case_at_every_depth() -> None:
    assert as_read({"HGInfoLst": [{"IAccount": 1, "Id": "A"}, "Word"], 5: None}) == {
        "hginfolst": [{"iaccount": 1, "id": "A"}, "Word"],
        "5": None,
    }


# -- reading -----------------------------------------------------------------------------------------------------------
def test_the_page_sample_is_read() -> None:
    assert decode_group(as_read(PAGE_GROUP)) == {
        "id": "String",
        "name": "String",
        "policy": "String",
        "members": [{"extension": "String", **UNSET_MEMBER, "huntstop": "String", "primary": "String"}],
        "settings": {"HuntKeepOriginalCli": "String", "PickupAllowed": "String"},
    }


@given(st.sets(st.sampled_from(sorted(PAGE_GROUP))), st.booleans())
def test_missing_keys_and_nulls_are_unset(missing: set[str], null: bool) -> None:
    """The server leaves out what is null."""
    row = {key: value for key, value in PAGE_GROUP.items() if key not in missing}
    if null:
        row.update(dict.fromkeys(missing))
    group = decode_group(as_read(row))
    assert set(group) == {"id", "name", "policy", "members", "settings"}
    for key in ("id", "name"):
        assert group[key] == ("" if key in missing else "String")
    assert group["members"] == [] or "assigned_extensions" not in missing
    assert "PickupAllowed" in group["settings"] or "pickup_allowed" in missing


@pytest.mark.parametrize(
    ("shown", "policy"),
    [
        ("Order", "regular"),
        ("order", "regular"),
        ("LeastUsed", "least_used"),
        ("Least Used", "least_used"),
        ("Least used", "least_used"),
        ("Simultaneous", "simultaneous"),
        ("Random", "random"),
        ("Percentage", "Percentage"),
    ],
)
def test_policies_are_read_in_every_spelling_and_unknown_ones_stay(shown: str, policy: str) -> None:
    assert decode_group({"id": "200", "hunt_sequence": shown})["policy"] == policy


def test_each_neutral_policy_is_read_back_as_itself() -> None:
    for policy, wire in POLICIES.items():
        assert decode_group({"hunt_sequence": wire})["policy"] == policy


@pytest.mark.parametrize("unset", [{}, {"hunt_delay": None}, {"hunt_delay": 0, "hunt_delayspecified": False}])
def test_absent_null_and_zero_seconds_are_the_same(unset: Values) -> None:
    assert decode_member({"id": "101", **unset}) == {"extension": "101", **UNSET_MEMBER}


def test_members_are_in_hunting_order_and_keep_their_zeros() -> None:
    rows = [{"id": "103", "hunt_order": 3}, {"id": "0111", "hunt_order": 1}, {"id": 102, "hunt_order": 2}]
    assert [member["extension"] for member in decode_group({"assigned_extensions": rows})["members"]] == [
        "0111", "102", "103",
    ]  # fmt: skip
    unnumbered = [{"id": "2"}, {"id": "1", "hunt_order": None}]
    assert member_rows({"assigned_extensions": unnumbered}) == unnumbered


@pytest.mark.parametrize("rows", [[None], ["101"], {"id": "101"}, "101", [[{"id": "101"}]]], ids=repr)
def test_a_list_that_is_none_is_blamed_on_the_server(rows: Any) -> None:
    with pytest.raises(BadAnswer, match="assigned_extensions should be a list of records"):
        records({"assigned_extensions": rows}, "assigned_extensions")
    with pytest.raises(BadAnswer):
        decode_group({"assigned_extensions": rows})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("a1 ", max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "hunt_order"]), inner, max_size=2)
    ),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(PAGE_GROUP)), JSON, max_size=5))
def test_whatever_a_server_shows_is_read_or_refused_in_words(row: Values) -> None:
    try:
        group = decode_group(row)
    except BadAnswer as error:
        assert "makes no sense" in str(error)
    else:
        assert set(group) == {"id", "name", "policy", "members", "settings"}


def test_hunting_order_is_by_number_also_where_numbers_are_strings() -> None:
    rows = [{"id": "a", "hunt_order": "10"}, {"id": "b", "hunt_order": "9"}, {"id": "c"}]
    assert [row["id"] for row in member_rows({"assigned_extensions": rows})] == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("shown", "on"), [("Y", True), ("N", False), ("n", False), (None, True), ("", True), ("?", True)]
)
def test_an_agent_counts_as_signed_in_unless_the_server_says_no(shown: Any, on: bool) -> None:
    assert decode_member({"id": "101", "hunt_active": shown})["logged_in"] is on


# -- adding members ------------------------------------------------------------------------------------------------------
MEMBER = st.fixed_dictionaries(
    {"extension": st.sampled_from([str(number) for number in range(101, 130)])},
    optional={
        "ring_delay": st.integers(0, 3600),
        "ring_time": st.integers(0, 3600),
        "huntstop": st.booleans(),
        "primary": st.booleans(),
        "logged_in": st.booleans(),
    },
)
MEMBERS = st.lists(MEMBER, max_size=6, unique_by=lambda member: member["extension"])
RECORDS = {str(number): 5000 + number for number in range(101, 130)}
ARRAYS = {
    "RingDelayAr": "hunt_delay",
    "RingTimeAr": "hunt_expire",
    "HuntstopAr": "huntstop",
    "PrimaryGroupAr": "primary_group",
}


@given(MEMBERS)
def test_batches_keep_order_and_are_as_few_as_they_can_be(members: list[Values]) -> None:
    runs = batches(members)
    assert [member for run in runs for member in run] == members

    def written(member: Values) -> set[str]:
        return set(member) - {"extension", "logged_in"}

    assert all(written(member) == written(run[0]) for run in runs for member in run)
    assert all(written(one[0]) != written(other[0]) for one, other in zip(runs, runs[1:]))


@given(MEMBERS)
def test_arrays_are_parallel_and_only_of_what_is_written(members: list[Values]) -> None:
    for run in batches(members):
        wire = encode_additions(run, RECORDS)
        assert wire["AddExtensions"] == [RECORDS[member["extension"]] for member in run]
        assert set(wire) <= {"AddExtensions", *ARRAYS}
        assert {len(values) for values in wire.values()} == {len(run)}
        assert len(wire) - 1 == len(set(run[0]) - {"extension", "logged_in"})


@given(MEMBERS)
def test_what_is_added_is_read_back_as_it_was_written(members: list[Values]) -> None:
    assume(members)
    numbers = {record: number for number, record in RECORDS.items()}
    rows: list[Values] = []
    for run in batches(members):
        wire = json.loads(json.dumps(encode_additions(run, RECORDS)))
        for index, record in enumerate(wire["AddExtensions"]):
            stored = {key: wire[array][index] for array, key in ARRAYS.items() if array in wire}
            rows.append({"id": numbers[record], "i_c_ext": record, "hunt_order": len(rows) + 1, **stored})
    decoded = decode_group({"id": "200", "assigned_extensions": rows})["members"]
    for member, seen in zip(members, decoded):
        assert {**UNSET_MEMBER, **member, "logged_in": True} == seen
    assert len(decoded) == len(members)


def test_a_member_that_is_not_listed_is_named_before_anything_is_sent() -> None:
    with pytest.raises(NotFound, match="no extension 999"):
        encode_additions([{"extension": "101"}, {"extension": "999"}], RECORDS)


def test_every_member_option_is_read_back() -> None:
    assert set(decode_member({})) == CAPABILITY.member_options
