# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Expectations as code: what is met, what fails and how it is told, what stays undecided, and slips in writing."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import yaml

from ansible_collections.telephony.pbx.plugins.module_utils.errors import InvalidOption
from ansible_collections.telephony.pbx.plugins.module_utils.report.callflow.expectation_syntax import problems
from ansible_collections.telephony.pbx.plugins.module_utils.report.callflow.expectations import (
    as_text,
    check_expectations,
)

from .conftest import d1, d2, d3

EXAMPLES = """
- {name: "1 Sales rings Alice, then Bob, then drops the caller", call: "200", at: weekday 10:00,
   rings: [{"101": 0-15}, {"102": 15-30}], end: {is: released, at: 30}}
- {name: "2 Alice away: her mobile at once, her home never on Saturdays", call: "101", at: sat 10:00, zone: Europe/Brussels,
   given: {not_registered: ["101"]}, rings: [{"32470123456": 0-20}], never: ["3227654321"]}
- {name: "3 Front desk falls over to the partner", call: "1002",
   rings: [{"444": 0-10}, {"445": 10-30}], end: {is: forwarded, to: "8572665588", at: 30}}
- {name: "4 At night nobody is rung", call: "1005", given: {flags_set: ["8800"]}, rings: [],
   end: {is: forwarded, to: "8572665501"}}
- {name: "5 The mobile takes over while 5001 rings", call: "4001",
   rings: [{"4000": 0-18}, {"5001": 18-25}], end: {is: forwarded, to: "+32470123456", at: 25}}
- {name: "6 Six of ten calls go to 4000 first", call: "4003", first: ["4000", "5001"], share: {"4000": 60, "5001": 40}}
"""
MONDAY = datetime.date(2026, 11, 23)
DOCUMENTS = {"portaswitch": d1, "vodia": d2, "apio": d3}


def check(backend: str, written: str, document: Any = None, **options: Any) -> list[dict[str, Any]]:
    document = document or DOCUMENTS[backend]()
    return check_expectations(document, backend, yaml.safe_load(written), **{"as_of": MONDAY, **options})


def one(backend: str, written: str, document: Any = None, **options: Any) -> dict[str, Any]:
    (result,) = check(backend, f"- {{name: x, {written}}}", document, **options)
    return result


@pytest.mark.parametrize(("backend", "numbers"), [("portaswitch", (0, 1)), ("vodia", (2, 3)), ("apio", (4, 5))])
def test_the_six_examples_are_met(backend: str, numbers: tuple[int, int]) -> None:
    written = [yaml.safe_load(EXAMPLES)[number] for number in numbers]
    results = check_expectations(DOCUMENTS[backend](), backend, written, as_of=MONDAY)
    assert [(result["status"], result["message"]) for result in results] == [("passed", "")] * 2


def test_a_failure_is_told_side_by_side() -> None:
    live = d1()
    live["hunt_groups"][0]["members"][0]["ring_time"] = 20
    live["hunt_groups"][0]["members"][1]["ring_time"] = 15
    result = check(
        "portaswitch", EXAMPLES, live, zone="Europe/Brussels", document_name="live", declared=d1(), planned=d1()
    )[0]
    assert (
        as_text(result)
        == """\
failed: 1 Sales rings Alice, then Bob, then drops the caller   (pbx_expectations[0], document: live)
  call 200, Mon 2026-11-23 10:00 Europe/Brussels, everybody idle
    expected  101  0-15 s   102  15-30 s   then released at 30 s
    got       101  0-20 s   102  20-35 s   then released at 35 s
  first difference: 101 rings to 20 s, not 15
  because hunt_groups[200].members[101].ring_time is 20 on the server; declared is 15
  rule P1 (M): order: first to last, each once; random; simultaneous; least used: the one used longest ago first; \
rule P2 (M): a turn lasts ring_time; 0 rings without end; \
the plan changes that: after applying, the expectation is met"""
    )


FAILS = [
    ("portaswitch", 'call: "200", rings: [{"101": 0-15}]', "102 rings too"),
    ("portaswitch", 'call: "200", rings: ["102", "101"]', "101 rings before 102, not after it"),
    ("portaswitch", 'call: "200", rings: []', "101 rings too"),
    ("portaswitch", 'call: "200", rings: ["101", "102", "0112"]', "0112 does not ring"),
    ("portaswitch", 'call: "200", given: {busy: ["101"]}, rings: ["101", "102"]', "101 does not ring: busy"),
    ("portaswitch", 'call: "200", rings: [{"101": 0-}, "102"]', "101 rings to 15 s, not on and on"),
    ("portaswitch", 'call: "240", rings: [{"101": 0-15}]', "101 rings on, not to 15 s"),
    ("portaswitch", 'call: "200", rings: [{"101": 5-15}, "102"]', "101 rings from 0 s, not 5"),
    ("portaswitch", 'call: "200", never: ["102"]', "102 rings"),
    ("portaswitch", 'call: "200", first: "102"', "102 cannot ring first"),
    ("portaswitch", 'call: "200", end: busy', "the call ends as released, not as busy"),
    ("portaswitch", 'call: "200", end: {at: 31}', "the call ends at 30 s, not 31"),
    ("portaswitch", 'call: "220", first: ["101", "102"]', "0112 can ring first"),
    ("portaswitch", 'call: "220", rings: [{"101": 0-10}, {"102": 10-20}, {"0112": 20-30}]', "102 rings from 20 s, not 10"),
    ("vodia", 'call: "1002", end: {to: "8572665589"}', "the call ends to 8572665588, not 8572665589"),
    ("apio", 'call: "4003", share: {"4000": 70}', "4000 rings first in 60 % of calls, not in 70 %"),
    ("portaswitch", 'call: "200", given: {answers: {"101": 4}}, end: {is: answered, by: "102"}',
     "the call ends by 101, not 102"),
]  # fmt: skip


@pytest.mark.parametrize(("backend", "written", "message"), FAILS, ids=[row[2] for row in FAILS])
def test_what_fails(backend: str, written: str, message: str) -> None:
    result = one(backend, written)
    assert (result["status"], result["message"]) == ("failed", message)


PASSES = [
    ("portaswitch", 'call: "200", rings: ["102"], match: includes'),
    ("portaswitch", 'call: "200", rings: [{"101": 0-16}, {"102": 14-30}], tolerance: 1'),
    ("portaswitch", 'call: "210", rings: ["0112", "102"], end: released'),
    ("portaswitch", 'call: "240", rings: [{"101": 0-}], end: rings_on'),
    ("portaswitch", 'call: "220", first: ["101", "102", "0112"], share: {"101": 33, "102": 33.3}'),
    ("portaswitch", 'call: "200", given: {answers: {"101": 4}}, end: {is: answered, at: 4, by: "101"}'),
    ("portaswitch", 'call: "101", at: [2026-11-24 10:00, sat 10:00], zone: Europe/Brussels, first: "101"'),
    ("vodia", 'call: "1006", end: unknown'),
    ("apio", 'call: "4005", rings: [{"5001": 0-25}, {"4000": 0-25}]'),  # together: in any order
    ("apio", 'call: "4001", given: {busy: ["4000"]}, end: forwarded, confidence: L'),
    ("apio", 'call: "4002", first: ["4000", "5001", "5002"]'),
]


@pytest.mark.parametrize(("backend", "written"), PASSES, ids=[row[1] for row in PASSES])
def test_what_is_met(backend: str, written: str) -> None:
    assert one(backend, written)["status"] == "passed"


UNDECIDED = [
    ("apio", 'call: "4001", given: {busy: ["4000"]}, end: forwarded', "write confidence: L"),
    ("apio", 'call: "4002", first: "4000"', "declare the option"),  # some of the possible contradict
    ("apio", 'call: "4002", rings: ["4000", "5001", "5002"]', "declare the option"),
    ("apio", 'call: "4002", share: {"4000": 33}', "write confidence: L"),
    ("vodia", 'call: "1005", rings: []', ""),
    ("vodia", 'call: "1006", end: busy', "V6"),
    ("vodia", 'call: "1006", rings: [{"444": 0-10}]', "V6"),
    ("vodia", 'call: "1004", rings: [{"444": 0-10}, {"445": 10-30}]', "V2"),
]


@pytest.mark.parametrize(("backend", "written", "hint"), UNDECIDED, ids=[row[1] for row in UNDECIDED])
def test_what_stays_undecided(backend: str, written: str, hint: str) -> None:
    result = one(backend, written)
    assert result["status"] == "unknown"
    assert result["message"]
    assert hint in result["hint"]


def test_all_of_the_possible_ones_against_it_is_a_failure() -> None:
    assert one("apio", 'call: "4002", rings: ["4000"]')["status"] == "failed"


def test_members_that_others_may_add_leave_it_undecided() -> None:
    document = d1()
    document["hunt_groups"][0]["membership"] = "at_least"
    assert one("portaswitch", 'call: "200", rings: ["101", "102"]', document)["status"] == "unknown"
    assert one("portaswitch", 'call: "200", never: ["0112"]', document)["status"] == "unknown"
    assert one("portaswitch", 'call: "200", rings: ["101", "102"], match: includes', document)["status"] == "passed"


ASKS_FOR_A_MOMENT = [
    ('call: "101", first: "101"', "at: a period is on the path"),
    ('call: "101", at: weekday 10:00, first: "101"', "zone: a period is on the path"),
    ('call: "101", at: always, zone: Europe/Brussels, first: "101"', "at: a period is on the path"),
]


@pytest.mark.parametrize(("written", "message"), ASKS_FOR_A_MOMENT)
def test_a_period_on_the_path_asks_for_a_moment(written: str, message: str) -> None:
    result = one("portaswitch", written)
    assert result["status"] == "failed"
    assert message in result["message"]


def test_a_period_of_dates_asks_for_a_full_date() -> None:
    document = d1()
    document["follow_me"][0]["destinations"][1]["period"] = "mo{dec}"
    options = 'call: "101", zone: Europe/Brussels, first: "101"'
    assert "write a full date" in one("portaswitch", f"{options}, at: weekday 10:00", document)["message"]
    assert one("portaswitch", f"{options}, at: 2026-12-24 10:00", document)["status"] == "passed"


def test_every_day_that_is_meant_is_tested() -> None:
    written = 'call: "101", zone: Europe/Brussels, at: daily 10:00, never: ["3227654321"]'
    result = one("portaswitch", written)
    assert (result["status"], result["moment"].split(", ")[1]) == ("failed", "Mon 2026-11-23 10:00 Europe/Brussels")
    assert one("portaswitch", written.replace("daily", "weekend"))["status"] == "passed"


def test_a_time_that_the_clock_skips_is_an_error_and_the_first_of_two_counts() -> None:
    options = 'call: "101", zone: Europe/Brussels, first: "101"'
    assert "does not exist" in one("portaswitch", f"{options}, at: 2026-03-29 02:30")["message"]
    assert one("portaswitch", f"{options}, at: 2026-10-25 02:30")["status"] == "passed"


def test_recurring_moments_need_a_day_to_count_from() -> None:
    assert "as_of" in one("portaswitch", 'call: "200", at: weekday 10:00, end: released', as_of=None)["message"]


SLIPS = [
    ("{name: x, call: '200', rigns: []}", "rigns: unknown (did you mean rings?)"),
    ("{name: x, call: '200', at: 10:00, end: busy}", "at: YAML has read 10:00 as the number 600"),
    ("{name: x, call: '200', at: 22:30, end: busy}", "at: YAML has read 22:30 as the number 1350"),
    ("{name: x, call: '200', at: 2026-12-24, end: busy}", "at: 2026-12-24 has no time of day"),
    ("{name: x, call: '200', at: weekdays 10:00, end: busy}", "'weekdays' is no day (did you mean weekday?)"),
    ("{name: x, call: '200', at: mon 25:00, end: busy}", "'25:00' is no time of day"),
    ("{name: x, call: '200', at: 2026-02-30 10:00, end: busy}", "there is no such date"),
    ("{name: x, call: '200', end: bussy}", "end: 'bussy' is unknown (did you mean busy?)"),
    ("{name: x, call: '200', end: {is: busy, by_whom: '1'}}", "by_whom is unknown"),
    ("{name: x, call: '200', rings: [{'101': 15}]}", "rings: 15 of 101 is no span of seconds"),
    ("{name: x, call: '200', rings: [{'101': 15-5}]}", "ends before it starts"),
    ("{name: x, call: '200', rings: [{'101': 0-5, '102': 5-9}]}", "has more than one phone"),
    ("{name: x, call: '200', share: {'101': 120}}", "no percentage"),
    ("{name: x, call: '200', end: busy, given: {bussy: ['101']}}", "given.bussy: unknown (did you mean busy?)"),
    ("{name: x, call: '200', end: busy, given: {answers: {'101': soon}}}", "answers.101: 'soon' is not a number"),
    ("{name: x, call: '200', end: busy, given: {last_used: {'101': soon}}}", "last_used.101: 'soon' is no time"),
    ("{name: x, call: '200', end: busy, match: exactly}", "match: 'exactly' is unknown (did you mean exact?)"),
    ("{name: x, call: '200', end: busy, confidence: X}", "confidence: 'X' is unknown"),
    ("{name: x, call: '200', end: busy, tolerance: lots}", "tolerance: 'lots' is no number"),
    ("{name: x, call: '200'}", "checks nothing"),
    ("{call: '200', end: busy}", "name: is missing"),
    ("{name: x, end: busy}", "call: is missing"),
    ("200", "is not a dictionary"),
]


@pytest.mark.parametrize(("written", "message"), SLIPS, ids=[row[1] for row in SLIPS])
def test_slips_in_writing_are_named(written: str, message: str) -> None:
    found = problems(yaml.safe_load(f"[{written}]"), "pbx_expectations")
    assert any(message in f"{one['path'].rpartition('.')[2]}: {one['message']}" for one in found), found
    (result,) = check_expectations(d1(), "portaswitch", yaml.safe_load(f"[{written}]"))
    assert result["status"] == "failed"


def test_an_unquoted_number_is_a_warning_and_read_as_its_digits() -> None:
    (found,) = problems(yaml.safe_load("[{name: x, call: 0112, end: busy}]"))
    assert (found["id"], found["severity"], found["message"]) == ("unquoted-number", "warning", "74 is not quoted")
    assert "reads 0112 without quotes as 74" in found["hint"]
    assert one("portaswitch", "call: 200, end: released")["status"] == "passed"


def test_two_of_one_name_are_an_error() -> None:
    found = problems([{"name": "x", "call": "1", "end": "busy"}] * 2)
    assert [entry["path"] for entry in found] == ["expectations[1].name"]


def test_what_is_no_list_is_an_error() -> None:
    assert problems({"name": "x"})[0]["message"] == "is not a list"
    assert problems(None) == []


def test_a_wrong_assumption_or_backend_is_an_error() -> None:
    with pytest.raises(InvalidOption, match="did you mean apio.ring_seconds"):
        check_expectations(d3(), "apio", [], assume={"apio.ring_second": 5})
    with pytest.raises(InvalidOption, match="backend"):
        check_expectations(d3(), "asterisk", [])
