# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for the calls of all vendors: numbers, loops, what is absent or unknown, mistakes."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.errors import InvalidOption
from ansible_collections.telephony.pbx.plugins.module_utils.report.callflow.simulate import simulate

from .conftest import Call, d1, d3, end, flows, porta, warned


def test_a_loop_is_unknown_and_named() -> None:
    document = d3()
    document["hunt_groups"][0].update(overflow_to="4005")
    document["hunt_groups"][4].update(overflow_to="4001")
    ((who, how),) = flows("apio", document, "4001")
    assert (who, how) == ("4000 0-18, 5001 18-50, 4000 25-50", "unknown 50")
    assert "loop" in warned("apio", document, "4001")


def test_numbers_of_nobody() -> None:
    assert flows("portaswitch", d1(), "999") == [("nobody", "unknown 0")]
    assert flows("portaswitch", d1(), "+3225126700") == [("nobody", "forwarded to +3225126700 0")]
    assert flows("portaswitch", d1(), "1234567") == [("nobody", "forwarded to 1234567 0")]


def test_a_number_of_two_objects_is_an_error() -> None:
    document = d1()
    document["extensions"].append({"id": "200"})
    with pytest.raises(InvalidOption, match=r"200: is the number of hunt_groups\[0\] and of extensions\[3\]"):
        simulate(document, "portaswitch", "200")
    document = d1()
    document["hunt_groups"].append(copy.deepcopy(document["hunt_groups"][0]))
    with pytest.raises(InvalidOption, match=r"hunt_groups\[0\] and of hunt_groups\[5\]"):
        simulate(document, "portaswitch", "200")


def test_a_national_number_is_one_with_its_e164_form_only_in_a_known_country() -> None:
    document = d3()
    document["hunt_groups"][0]["phone_number"] = "+3225126700"
    assert flows("apio", document, "025126700", country_code="32")[0][0] == "4000 0-18, 5001 18-25"
    assert flows("apio", document, "025126700") == [("nobody", "forwarded to 025126700 0")]
    assert flows("apio", document, "025126700", country_code="39") == [("nobody", "forwarded to 025126700 0")]


def test_absent_objects_do_not_exist_and_undeclared_members_ring() -> None:
    document = d1()
    document["hunt_groups"][0]["state"] = "absent"
    assert flows("portaswitch", document, "200") == [("nobody", "unknown 0")]
    document = d1()
    document["extensions"][0]["state"] = "absent"
    assert flows("portaswitch", document, "200")[0][0] == "101 0-15, 102 15-30"
    assert "unknown-member" in warned("portaswitch", document, "200")


def test_phones_that_nobody_knows_are_warned_about() -> None:
    assert "unknown-phone" in warned("portaswitch", d1(), "200", busy=["1O1"])
    assert "unknown-phone" not in warned("portaswitch", d1(), "200", busy=["101", "32470123456"])


def test_an_answer_at_the_time_out_counts_and_one_behind_it_does_not(call: Call) -> None:
    assert end(call("D1", "200", answers={"101": 15})["outcomes"][0]) == "answered by 101 15"
    assert end(call("D1", "200", answers={"101": 16})["outcomes"][0]) == "released 30"
    assert end(call("D2", "1004", answers={"445": 5})["outcomes"][0]) == "unknown ?"


WRONG = [
    (["not", "a", "dictionary"], "portaswitch", {}, "not a dictionary"),
    ({"hunt_groups": {}}, "portaswitch", {}, "hunt_groups: is not a list"),
    ({"hunt_groups": ["200"]}, "portaswitch", {}, r"hunt_groups\[0\]: is not a dictionary"),
    (
        porta({"extension": "101", "ring_time": "soon"}),
        "portaswitch",
        {},
        r"hunt_groups\[0\].members\[0\].ring_time: 'soon'",
    ),
    (d1(), "asterisk", {}, "backend: 'asterisk' is unknown"),
    (d1(), "portaswitch", {"mode": "posible"}, "did you mean possible"),
    (d1(), "portaswitch", {"mode": "one"}, "give a seed"),
    (d1(), "portaswitch", {"assume": {"porta.own_ring_seconds": "long"}}, "not a number of seconds"),
    (d1(), "portaswitch", {"assume": {"porta.follow_me_sequence": "up"}}, "write one of order, simultaneous, random"),
    (d1(), "portaswitch", {"states": {"busy": ["101"], "dnd": ["101"]}}, "a phone has one state"),
    (d1(), "portaswitch", {"states": {"flags_set": ["1"], "flags_clear": ["1"]}}, "as set and as clear"),
    (d1(), "portaswitch", {"states": {"caller": "extern"}}, "did you mean external"),
    (d1(), "portaswitch", {"states": {"states": {"101": "idel"}}}, "did you mean idle"),
]


@pytest.mark.parametrize(("document", "backend", "options", "message"), WRONG, ids=[row[3] for row in WRONG])
def test_mistakes_are_named(document: Any, backend: str, options: Any, message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        simulate(document, backend, "200", **options)
