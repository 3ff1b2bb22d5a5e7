# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Periods of PortaSwitch: the golden table of the specification, and what a period does to a call."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.backends.portaswitch.periods import Malformed, parse
from ansible_collections.telephony.pbx.plugins.module_utils.errors import InvalidOption
from ansible_collections.telephony.pbx.plugins.module_utils.report.callflow.simulate import simulate

from .conftest import Call, at, d1, end, rings

TUE = "2026-11-24"
WORK = "hr{8-18} wd{mo-fri}"
HOLDS: list[tuple[str, str, bool]] = [
    (WORK, f"{TUE} 18:59", True),
    (WORK, f"{TUE} 19:00", False),
    ("hr{22-6}", f"{TUE} 06:59", True),
    ("hr{22-6}", f"{TUE} 07:00", False),
    ("hr{22-6}", f"{TUE} 22:00", True),
    ("wd{sa-mo}", "2026-11-22 12:00", True),
    ("wd{sa-mo}", f"{TUE} 12:00", False),
    ("hr{8-18} wd{mo-fri}, hr{4-6} wd{sa}", "2026-11-28 05:00", True),
    ("", f"{TUE} 12:00", True),
    ("Always", f"{TUE} 12:00", True),
    ("none", f"{TUE} 12:00", False),
    ("hr{8-12 14-18}", f"{TUE} 13:00", False),
    ("hr{8} hr{10}", f"{TUE} 10:30", True),
    ("min{0-29} hr{8-18}", f"{TUE} 12:30", False),
    ("hr {9am-4pm}", f"{TUE} 16:30", True),
    ("hr {12am-11am}", f"{TUE} 00:30", True),
    ("wd{2-6}", f"{TUE} 12:00", True),
    ("wk{1}", "2026-11-01 12:00", True),
    ("wk{1}", "2026-11-08 12:00", False),
    ("wk{1}", "2026-11-07 12:00", True),
    ("wk{1}", "2026-10-03 12:00", True),  # the month began on a Thursday
    ("wk{2}", "2026-10-04 12:00", True),
    ("wk{4}", f"{TUE} 12:00", True),
    ("wk{5}", f"{TUE} 12:00", False),
    ("mo{11-2}", "2026-01-24 12:00", True),
    ("yr{26}", f"{TUE} 12:00", True),
    ("yr{2027-2025}", f"{TUE} 12:00", True),  # swapped, not wrapped
    ("yr{2030-2027}", f"{TUE} 12:00", False),
    ("hr{8-18}wd{mon-friday}", f"{TUE} 12:30", True),
    ("hr{ } wd{mo}", "2026-11-23 12:00", False),
    ("wd{fri} hr{22-6}", "2026-11-28 03:00", False),  # Friday's own hours only
    ("wd{fri} hr{22-6}", "2026-11-27 03:00", True),
    ("HOUR { 8 - 18 } Wday{Tu}", f"{TUE} 12:00", True),
    ("md{24} mo{nov} yd{328} sec{0}", f"{TUE} 12:00", True),
]


@pytest.mark.parametrize(("period", "moment", "holds"), HOLDS)
def test_the_golden_table(period: str, moment: str, holds: bool) -> None:
    assert parse(period).holds(datetime.datetime.fromisoformat(moment)) is holds


@pytest.mark.parametrize(
    "period",
    ["hr{8-25}", "!hr{8-18}", "hr{8:30-17:30}", "hr{8,9}", "hr{8-18}; wd{mo-fri}", "wd{xx}", "hr{8", "hr{8-}", "hr{8},",
     "mo{0}", "xx{1}", "8-18"],
)  # fmt: skip
def test_what_is_malformed_is_neither_true_nor_false(period: str) -> None:
    with pytest.raises(Malformed):
        parse(period)


@given(st.text(alphabet="hrwdmo{}-, 0189afsu;!", max_size=30))
def test_any_text_is_a_period_or_malformed(text: str) -> None:
    try:
        assert parse(text).holds(datetime.datetime(2026, 11, 24, 12)) in (True, False)
    except Malformed:
        pass


def home(document: dict[str, Any], period: str) -> None:
    document["follow_me"][0]["destinations"][1]["period"] = period


def test_a_malformed_period_leaves_both_ways_open(call: Call) -> None:
    found = call("D1", "101", lambda document: home(document, "!hr{8-18}"), at=f"{TUE} 10:00")
    assert [(one["probability"], rings(one)) for one in found["outcomes"]] == [
        (None, "101 0-20, 32470123456 20-40, 3227654321 40-65"),
        (None, "101 0-20, 32470123456 20-40"),
    ]
    assert found["first"] == {"101": "1"}
    assert "period-malformed" in [one["id"] for one in found["warnings"]]


def test_without_a_zone_it_is_unknown_and_not_utc(call: Call) -> None:
    found = simulate(d1(), "portaswitch", "101", at(f"{TUE} 10:00"), None)
    (one,) = found["outcomes"]
    assert (rings(one), end(one)) == ("101 0-20, 32470123456 20-40", "unknown 40")
    assert one["end"]["possible"] == ["3227654321 rings", "3227654321 is left out"]
    assert "period-without-zone" in [one["id"] for one in found["warnings"]]


def test_the_zone_decides_and_not_that_of_the_moment(call: Call) -> None:
    found = call("D1", "101", at=f"{TUE} 18:59", zone="America/New_York")  # 12:59 there
    assert rings(found["outcomes"][0]).endswith("3227654321 40-65")
    found = call("D1", "101", at=f"{TUE} 10:00", zone="Asia/Tokyo")  # 18:00 there
    assert rings(found["outcomes"][0]).endswith("3227654321 40-65")
    found = call("D1", "101", at=f"{TUE} 11:00", zone="Asia/Tokyo")  # 19:00 there
    assert rings(found["outcomes"][0]).endswith("32470123456 20-40")


def test_a_period_that_changes_during_the_call_is_warned_about(call: Call) -> None:
    def warned(moment: str) -> bool:
        return "period-changes" in [one["id"] for one in call("D1", "101", at=f"{TUE} {moment}")["warnings"]]

    assert not warned("18:58:54")  # until 18:59:59
    assert warned("18:58:55")


def test_a_night_that_is_split_is_warned_about(call: Call) -> None:
    found = call("D1", "101", lambda document: home(document, "wd{fri} hr{22-6}"), at=f"{TUE} 10:00")
    assert "period-splits-night" in [one["id"] for one in found["warnings"]]


def test_an_unknown_zone_is_an_error() -> None:
    with pytest.raises(InvalidOption, match="Europe/Brussel"):
        simulate(d1(), "portaswitch", "101", at(f"{TUE} 10:00"), "Europe/Brussel")


def test_a_naive_moment_is_an_error() -> None:
    with pytest.raises(InvalidOption, match="no zone"):
        simulate(d1(), "portaswitch", "101", datetime.datetime(2026, 11, 24, 10), "Europe/Brussels")
