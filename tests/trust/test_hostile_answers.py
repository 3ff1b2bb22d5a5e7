# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile answers: any JSON at all in place of an answer, and true answers with one thing in them that is not so.

Whatever comes, a module ends with a result and not with a traceback; nothing that nobody declared is changed or
destroyed; and nothing is written on the strength of a list that could not be read.

A few hundred examples by default, forty times as many by `python3 dev.py trust`; the same ones on every run.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from flask import Response
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.backends.portaswitch.client import WITH_EVERY_ANSWER
from ansible_collections.telephony.pbx.tests.trust import figures
from ansible_collections.telephony.pbx.tests.trust.calls import Answer, Call, Twist, Twisted, ViewCall, most_requests
from ansible_collections.telephony.pbx.tests.trust.makers import OWN, every, measured
from ansible_collections.telephony.pbx.tests.unit import conftest as unit

SUITE = "Hostile answers"
EXAMPLES = 3 * (50 if figures.FULL else 1)  # of each test for each call of each backend

assert settings.default is not None and settings.default.derandomize, unit  # its profile holds for these tests too

# -- what is sent in place of an answer ----------------------------------------------------------------------------------
TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", " ", "0", "-1", "true", "N", "\ud800", "a\ud800b", "Zoë 電話", "x" * 5000, "\x00", "a\nb", "../.."]
    ),
)
NUMBERS = st.one_of(
    st.integers(-3, 3),
    st.integers(),
    st.sampled_from([2**31, 2**63, 10**30, 10**400, -(10**400), 1.5, 1e308, -0.0, 1e-320]),
    st.floats(allow_nan=False, allow_infinity=False),
)
LEAVES = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)
# Keys that the backends look for, so that the answer is believed for longer.
KEYS = st.one_of(
    st.text(max_size=5),
    st.sampled_from(
        """HGInfoLst ExtensionLst FollowMeNumbers FollowMeInfo ResponseStatus ErrorCode assigned_extensions i_c_group i_c_ext
        id name hunt_groups users available_users agents serviceUserId serviceInstanceProfile userId weight policy errors
        details 0 alias display st1_ext lstSignInOut""".split()
    ),
)
JSON = st.recursive(
    LEAVES, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)), max_leaves=8
)


def nested(value: Any, depth: int, shape: str) -> Any:
    for _level in range(depth):
        value = [value] if shape == "list" else {shape: value}
    return value


DEEP = st.builds(nested, LEAVES, st.sampled_from([3, 50, 200]), st.sampled_from(["list", "id", "HGInfoLst", "errors"]))
ANYTHING = st.one_of(JSON, JSON, DEEP)


def as_answer(data: Any, status: int = 200) -> Response:
    return Response(json.dumps(data), status=status, content_type="application/json")


def instead(data: Any, status: int, processed: bool) -> Twist:
    def twist(answer: Answer) -> Response:
        if processed:
            answer()
        return as_answer(data, status)

    return twist


# -- true answers with one thing in them that is not so ------------------------------------------------------------------
def nodes(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every node, the whole one first."""
    yield path
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield from nodes(value, (*path, key))


def mutated(data: Any, how: str, place: int, value: Any) -> Any:
    """Replace a node, drop it from what it stands in, or put it there once more."""
    every = list(nodes(data))
    path = every[place % len(every)]
    if not path:
        return value
    *way, last = path
    holder = data
    for key in way:
        holder = holder[key]
    if how == "drop":
        del holder[last]
    elif how == "double" and isinstance(holder, list):
        holder.append(holder[last])
    else:
        holder[last] = value
    return data


def with_mutation(how: str, place: int, value: Any) -> Twist:
    def twist(answer: Answer) -> Response:
        response = answer()
        try:
            data = json.loads(response.get_data())
        except ValueError:
            return response  # an empty body, say
        return as_answer(mutated(data, how, place, value), response.status_code)

    return twist


# -- the calls -----------------------------------------------------------------------------------------------------------
_calls: dict[tuple[str, str], Call] = {}


EVERY = [(backend, name) for backend in OWN for name in every(backend)]


@pytest.fixture(params=EVERY, ids=lambda pair: f"{pair[0]}-{pair[1]}")
def call(request: pytest.FixtureRequest, open_site: Any) -> Iterator[Call]:
    """A call, measured; kept for the other tests."""
    backend, name = request.param
    site = open_site(backend)
    if request.param not in _calls:
        _calls[request.param] = prepared(open_site, backend, name)
    yield _calls[request.param]
    site.vendor.reset()


# What a success may follow from although it is not so, because the vendor says "there is none" in this way: PortaSwitch
# leaves out what is null (vendor note 2.4), so that an object without anything else in it may be an empty list; Vodia
# answers nothing at all for an account that is not there. And what has the names of the real thing is taken for it.
NAMES = {
    "portaswitch": {"hginfolst", "extensionlst", "followmenumbers", "followmeinfo", "lstsigninout"},
    "vodia": {"st1_ext", "alias", "first_name", "display", "name", "accounts"},
    "apio": {"hunt_groups", "users", "available_users", "agents", "serviceUserId", "serviceInstanceProfile"},
}


def believable(backend: str, data: Any, status: int) -> bool:
    if status == 404:
        return backend != "portaswitch"
    if backend == "vodia" and data in (None, False, {}, [], ""):
        return True
    if backend == "vodia" and isinstance(data, dict) and all(isinstance(row, dict) for row in data.values()):
        return True  # a list of extensions by their numbers
    if not isinstance(data, dict):
        return False
    if backend == "portaswitch":
        keys = {key.lower() for key in data}
        return keys <= WITH_EVERY_ANSWER or bool(keys & NAMES[backend])
    return bool(NAMES[backend] & set(data))


def judged(call: Call, twist: Twist, place: int, times: int | None, trust_reads: bool) -> str:
    """Run with these answers; what was wrong, or nothing."""
    call.start()
    twisted = Twisted(call.site, twist, place % call.requests, times)
    found = call.trouble(most_requests(call), trust_reads)
    assert twisted.hits
    backend = call.site.case.backend
    figures.count(SUITE, "runs with an answer replaced or spoilt", 1, backend)
    return found


@settings(max_examples=EXAMPLES)
@given(
    data=ANYTHING,
    place=st.integers(0, 40),
    times=st.sampled_from([1, None]),
    status=st.sampled_from([200, 200, 200, 201, 207, 400, 404, 500]),
    processed=st.booleans(),
)
def test_any_json_in_place_of_an_answer(
    call: Call, data: Any, place: int, times: int | None, status: int, processed: bool
) -> None:
    """Also a success that would follow from it has to be true."""
    trust_reads = not believable(call.site.case.backend, data, status)
    assert judged(call, instead(data, status, processed), place, times, trust_reads) == ""


@settings(max_examples=2 * EXAMPLES)
@given(
    how=st.sampled_from(["replace", "replace", "drop", "double"]),
    place=st.integers(0, 40),
    node=st.integers(0, 400),
    value=ANYTHING,
    times=st.sampled_from([1, None]),
)
def test_true_answers_with_one_thing_that_is_not_so(
    call: Call, how: str, place: int, node: int, value: Any, times: int | None
) -> None:
    """What is believed may be wrong, but never harms what nobody declared."""
    assert judged(call, with_mutation(how, node, value), place, times, trust_reads=False) == ""


# -- known defects, one by one -------------------------------------------------------------------------------------------
GONE = object()


def spoilt(path: Sequence[str | int], value: Any) -> Twist:
    """Put a value at a place of every answer that has it, or take away what is there."""

    def twist(answer: Answer) -> Response:
        response = answer()
        data = json.loads(response.get_data())
        holder = data
        try:
            for key in path[:-1]:
                holder = holder[key]
            if value is GONE:
                del holder[path[-1]]
            else:
                assert holder[path[-1]] is not GONE
                holder[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            return response
        return as_answer(data, response.status_code)

    return twist


GROUP, MEMBER = ("HGInfoLst", 0), ("HGInfoLst", 0, "assigned_extensions", 0)
# (backend, call, where in an answer, what stands there): it cannot be understood, and has to be called so.
UNREADABLE: dict[str, tuple[str, str, Sequence[str | int], Any]] = {
    "wire.member_rows: hunt_order": ("portaswitch", "hunt_group_info", (*MEMBER, "hunt_order"), {"a": 1}),
    "wire.member_rows: hunt_order is a word": ("portaswitch", "hunt_group_info", (*MEMBER, "hunt_order"), "first"),
    "hunt_group._records: i_c_ext of a member": ("portaswitch", "create", (*MEMBER, "i_c_ext"), [1]),
    "hunt_group.info: the account's groups": ("portaswitch", "hunt_group_info of one", ("HGInfoLst",), ["word"]),
    "agent.find: a member that is none": ("portaswitch", "agent", MEMBER, "101"),
    "agent.find: IAccount of a member": ("portaswitch", "agent", (*MEMBER, "IAccount"), "nobody"),
    "extension.decode: i_account": ("portaswitch", "extension", ("ExtensionLst", 6, "i_account"), {"a": 1}),
    "extension.update: no i_c_ext": ("portaswitch", "extension", ("ExtensionLst", 6, "i_c_ext"), GONE),
    "follow_me.find: i_follow_order": ("portaswitch", "follow_me", ("FollowMeNumbers", 0, "i_follow_order"), "second"),
    "follow_me.decode: i_follow_me_number": (
        "portaswitch",
        "follow_me",
        ("FollowMeNumbers", 0, "i_follow_me_number"),
        [1],
    ),
    "follow_me.read_all: i_account": ("portaswitch", "tenant_info", ("ExtensionLst", 0, "i_account"), [1]),
    "history.decode: i_account": ("portaswitch", "hunt_group_info of one", ("lstSignInOut", 0, "i_account"), {"a": 1}),
    "decoding.text: a name": ("portaswitch", "hunt_group_info", ("HGInfoLst", 0, "name"), {"a": 1}),
    "decoding.text: a display name": ("vodia", "hunt_group_info", (0, "display"), ["a"]),
    "decoding.text: an id": ("apio", "hunt_group_info", ("hunt_groups", 0, "serviceUserId"), {"a": 1}),
    "wire.decode: agents": ("apio", "hunt_group_info", ("agents",), True),
    "hunt_group._available_members: department": (
        "apio",
        "hunt_group_info of one",
        ("available_users", 0, "department"),
        True,
    ),
    "hunt_group.find: a row without serviceUserId": ("apio", "tenant purge", ("hunt_groups", 0), {"id": 1}),
}


def prepared(open_site: Any, backend: str, name: str) -> Call:
    ((_name, call),) = measured(open_site(backend), {name: every(backend)[name]})
    call.start()
    return call


@pytest.mark.parametrize("where", UNREADABLE)
def test_a_row_that_cannot_be_read_is_called_so(open_site: Any, where: str) -> None:
    backend, name, path, value = UNREADABLE[where]
    call = prepared(open_site, backend, name)
    # the first request of that one is the list, which is looked at already
    twisted = Twisted(call.site, spoilt(path, value), 1 if name == "hunt_group_info of one" else 0, None)
    found = call.trouble(most_requests(call), trust_reads=False)
    assert twisted.hits
    assert not found
    result = call.run()
    assert (result.get("failed"), result.get("error_class")) == (True, "BadAnswer"), result.get("msg")


def test_a_group_that_goes_away_while_it_is_changed_is_told_in_words(open_site: Any) -> None:
    """Somebody else deletes it after it was read: the list that is read after the first write is without it."""
    call = prepared(open_site, "portaswitch", "tenant")
    twisted = Twisted(call.site, instead({}, 200, processed=False), 8, 1)
    found = call.trouble(most_requests(call), trust_reads=False)
    assert twisted.hits
    assert found == ""


def test_a_row_that_cannot_be_read_after_a_write_does_not_lose_the_plan(open_site: Any) -> None:
    call = prepared(open_site, "portaswitch", "tenant")
    assert isinstance(call, ViewCall)
    Twisted(call.site, spoilt((*MEMBER, "hunt_order"), {"a": 1}), call.writes[0] + 1, None)
    result = call.run()
    assert result.get("error_class") != "Defect", result
    assert result["plan"]


@pytest.mark.parametrize("value", [{}, "none", 3], ids=str)
def test_destinations_that_are_no_list_are_not_taken_for_none(open_site: Any, value: Any) -> None:
    """The declared destinations are there already: nothing may be written, let alone be there twice."""
    call = prepared(open_site, "portaswitch", "follow_me")
    call.run()
    before, call.site.vendor.log = call.site.state, []
    Twisted(call.site, spoilt(("FollowMeNumbers",), value), 0, None)
    call.run()
    assert call.site.vendor.writes() == []
    assert call.site.state == before


def test_a_refused_deletion_after_members_were_removed_is_a_change(open_site: Any) -> None:
    call = prepared(open_site, "portaswitch", "extension gone")
    call.site.vendor.add_fault("status", status=500, body="{}", match="DeleteCustomerExtension", times=None)
    assert call.trouble(most_requests(call)) == ""


def test_an_object_that_is_no_settings_is_not_shown_as_a_group(open_site: Any) -> None:
    """What is exported from it and applied later would take all members out."""
    call = prepared(open_site, "vodia", "tenant_info")
    Twisted(call.site, instead({"error": "busy"}, 200, processed=False), 1, None)
    assert call.trouble(most_requests(call)) == ""


def test_a_group_that_is_listed_and_has_no_settings_is_not_gone(open_site: Any) -> None:
    call = prepared(open_site, "vodia", "delete")
    Twisted(call.site, instead({}, 200, processed=False), 1, None)
    assert call.trouble(most_requests(call)) == ""


@pytest.mark.parametrize("name", ["delete", "extension gone", "hunt_group_info", "follow_me gone"])
def test_an_object_with_something_else_in_it_is_no_empty_list(open_site: Any, name: str) -> None:
    """`{}` may be one, because nulls are left out; this is something else, and `absent` is `clean` while it is not so."""
    call = prepared(open_site, "portaswitch", name)
    Twisted(call.site, instead({"error": "busy"}, 200, processed=False), 0, 1)
    assert call.trouble(most_requests(call)) == ""


# -- the tests can fail --------------------------------------------------------------------------------------------------
def test_mutations_are_what_they_are_called() -> None:
    data = {"rows": [{"id": 1}, {"id": 2}]}
    assert [*nodes(data)][:3] == [(), ("rows",), ("rows", 0)]
    assert mutated(copy.deepcopy(data), "drop", 2, None) == {"rows": [{"id": 2}]}
    assert mutated(copy.deepcopy(data), "double", 2, None) == {"rows": [{"id": 1}, {"id": 2}, {"id": 1}]}
    assert mutated(copy.deepcopy(data), "replace", 3, "x") == {"rows": [{"id": "x"}, {"id": 2}]}
    assert mutated(copy.deepcopy(data), "replace", 0, "x") == "x"
