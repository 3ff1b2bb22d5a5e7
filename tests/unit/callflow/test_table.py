# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The golden tables of the call-flow specification: every ring, every end, and how sure they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .conftest import Call, end, rings

Document = dict[str, Any]
Change = Callable[[Document], Any]
TUESDAY, SATURDAY = "2026-11-24", "2026-11-28"


def group(document: Document, key: str) -> Document:
    return next(one for one in document["hunt_groups"] if key in (one["id"], one.get("extension")))


def with_own_handling(document: Document) -> None:
    group(document, "200")["members"][0]["huntstop"] = False


def without_ring_time(document: Document) -> None:
    del group(document, "240")["members"][0]["ring_time"]


def both_without_end(document: Document) -> None:
    for member in group(document, "210")["members"]:
        member["ring_time"] = 0


def setting(key: str, **settings: Any) -> Change:
    return lambda document: group(document, key)["settings"].update(settings)


def option(key: str, **options: Any) -> Change:
    return lambda document: group(document, key).update(options)


NOT_REACHABLE = setting("4001", enableNotReachableForwarding=True, notReachableForwardToPhoneNumber="+3225126700")
BOTH_IDLE_D3 = "4000 0-18, 5001 18-25"
DAY = "101 0-20, 32470123456 20-40, 3227654321 40-65"
NIGHT = "101 0-20, 32470123456 20-40"

# row, document and number, change, given, rings, end, confidence of the end (which is the lowest of the whole)
ONE_OUTCOME: list[tuple[str, str, Change | None, Document, str, str, str | None]] = [
    ("1a", "D1 200", None, {}, "101 0-15, 102 15-30", "released 30", "M"),
    ("1b busy", "D1 200", None, {"busy": ["101"]}, "102 0-15", "released 15", "M"),
    ("1b away", "D1 200", None, {"not_registered": ["101"]}, "102 0-15", "released 15", "M"),
    ("1b signed out", "D1 200", None, {"signed_out": ["102"]}, "101 0-15", "released 15", "M"),
    ("1b group", "D1 200", None, {"signed_out": {"200": ["102"]}}, "101 0-15", "released 15", "M"),
    ("1c", "D1 200", None, {"busy": ["101"], "not_registered": ["102"]}, "nobody", "released 0", "M"),
    ("1d", "D1 200", None, {"answers": {"101": 4}}, "101 0-4", "answered by 101 4", "M"),
    ("1e Tue", "D1 200", with_own_handling, {"at": f"{TUESDAY} 10:00"},
     "101 0-15, 32470123456 15-35, 3227654321 35-60", "own_handling by 101 60", "L"),
    ("1e Sat", "D1 200", with_own_handling, {"at": f"{SATURDAY} 10:00"},
     "101 0-15, 32470123456 15-35", "own_handling by 101 35", "L"),
    ("2a", "D1 240", None, {}, "101 0-", "rings_on", "M"),
    ("2a busy", "D1 240", None, {"busy": ["101"]}, "102 0-15", "released 15", "M"),
    ("2b", "D1 240", without_ring_time, {}, "101 0-?, 102", "released ?", None),
    ("3a", "D1 210", None, {}, "0112 0-20, 102 10-30", "released 30", "M"),
    ("3a away", "D1 210", None, {"not_registered": ["0112"]}, "102 10-30", "released 30", "M"),
    ("3b", "D1 210", both_without_end, {}, "0112 0-, 102 10-", "rings_on", "M"),
    ("3c", "D1 210", None, {"answers": {"102": 3}}, "0112 0-13, 102 10-13", "answered by 102 13", "M"),
    ("4b", "D1 230", None,
     {"last_used": {"101": "2026-11-24 09:00", "102": "2026-11-23 17:00", "0112": "2026-11-24 08:00"}},
     "102 0-10, 0112 10-20, 101 20-30", "released 30", "M"),
    ("5a 10:00", "D1 101", None, {"at": f"{TUESDAY} 10:00"}, DAY, "own_handling by 101 65", "M"),
    ("5a 18:59", "D1 101", None, {"at": f"{TUESDAY} 18:59"}, DAY, "own_handling by 101 65", "M"),
    ("5b Tue", "D1 101", None, {"at": f"{TUESDAY} 19:00"}, NIGHT, "own_handling by 101 40", "M"),
    ("5b Sat", "D1 101", None, {"at": f"{SATURDAY} 10:00"}, NIGHT, "own_handling by 101 40", "M"),
    ("5c", "D1 101", None, {"at": f"{TUESDAY} 10:00", "not_registered": ["101"]},
     "32470123456 0-20, 3227654321 20-45", "own_handling by 101 45", "M"),
    ("7a", "D2 1002", None, {}, "444 0-10, 445 10-30", "forwarded to 8572665588 30", "M"),
    ("7b away", "D2 1002", None, {"not_registered": ["444"]}, "445 0-20", "forwarded to 8572665588 20", "M"),
    ("7b busy", "D2 1002", None, {"busy": ["444"]}, "444 0-10, 445 10-30", "forwarded to 8572665588 30", "M"),
    ("7c", "D2 1003", None, {}, "444 0-30, 445 10-30", "forwarded to 8572665588 30", "M"),
    ("7d length", "D2 1004", None, {}, "444 0-10, 445 10-?", "forwarded to 8572665588 ?", None),
    ("7d final", "D2 1006", None, {}, "444 0-10", "unknown 10", None),
    ("8a set", "D2 1005", None, {"flags_clear": ["8800"], "flags_set": ["8801"]},
     "nobody", "forwarded to 8572665502 0", "M"),
    ("8a clear", "D2 1005", None, {"flags": {"8800": False, "8801": False}},
     "444 0-10", "forwarded to 8572665588 10", "M"),
    ("9a", "D3 4001", None, {}, BOTH_IDLE_D3, "forwarded to +32470123456 25", "M"),
    ("9a 5 s", "D3 4001", None, {"assume": {"apio.ring_seconds": 5}},
     "4000 0-15, 5001 15-25", "forwarded to +32470123456 25", "M"),
    ("9b", "D3 4001", None, {"busy": ["4000"]}, "5001 0-18", "forwarded to +32470123456 25", "L"),
    ("9c busy", "D3 4001", None, {"busy": ["4000", "5001"]}, "nobody", "busy 0", "M"),
    ("9c away", "D3 4001", NOT_REACHABLE, {"not_registered": ["4000", "5001"]},
     "nobody", "forwarded to +3225126700 0", "M"),
    ("9d", "D3 4001", setting("4001", huntAfterNoAnswer=False), {}, "4000 0-25", "forwarded to +32470123456 25", "M"),
    ("9e", "D3 4005", None, {}, "4000 0-25, 5001 0-25", "forwarded to +32470123456 25", "M"),
    ("9f", "D3 4001", option("4001", overflow_to="", overflow_after=None), {},
     "4000 0-18, 5001 18-36", "own_handling by hg1@x 36", "L"),
    ("10a", "D3 4002", None, {"last": {"hg2@x": "4000"}},
     "5001 0-18, 5002 18-36, 4000 36-54", "own_handling by hg2@x 54", "L"),
    ("10a busy", "D3 4002", None, {"last": {"4002": "4000"}, "busy": ["5001"]},
     "5002 0-18, 4000 18-36", "own_handling by hg2@x 36", "L"),
    ("10c busy", "D3 4003", None, {"busy": ["4000"]}, "5001 0-18", "own_handling by hg3@x 18", "L"),
    ("10d", "D3 4004", None,
     {"last_used": {"4000": "2026-11-24 09:00", "5001": "2026-11-24 08:00", "5002": "2026-11-24 09:30"}},
     "5001 0-18, 4000 18-36, 5002 36-54", "own_handling by hg4@x 54", "L"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "change", "given", "who", "how", "confidence"),
    [row[1:] for row in ONE_OUTCOME],
    ids=[row[0] for row in ONE_OUTCOME],
)
def test_a_call_with_one_outcome(
    call: Call, place: str, change: Change | None, given: Document, who: str, how: str, confidence: str | None
) -> None:
    found = call(*place.split(), change, **given)
    assert [(one["probability"], rings(one), end(one)) for one in found["outcomes"]] == [("1", who, how)]
    assert found["outcomes"][0]["end"]["confidence"] == confidence
    first = found["outcomes"][0]["rings"]
    starting = {ring["phone"]: "1" for ring in first if ring["from"] == first[0]["from"]}
    assert found["first"] == starting


def outcomes(found: Document) -> list[tuple[str | None, str, str]]:
    return [(one["probability"], rings(one), end(one)) for one in found["outcomes"]]


def test_1e_names_what_may_follow(call: Call) -> None:
    found = call("D1", "200", with_own_handling, at=f"{SATURDAY} 10:00")["outcomes"][0]
    assert found["end"]["possible"] == ["voicemail of 101", "102 rings"]
    assert found["end"]["rules"] == ["P6"]


def test_4a_random(call: Call) -> None:
    found = call("D1", "220")
    assert found["first"] == {"101": "1/3", "102": "1/3", "0112": "1/3"}
    assert outcomes(found) == [
        ("1/6", f"{one} 0-10, {two} 10-20, {three} 20-30", "released 30")
        for one, two, three in (
            ("101", "102", "0112"), ("101", "0112", "102"), ("102", "101", "0112"),
            ("102", "0112", "101"), ("0112", "101", "102"), ("0112", "102", "101"),
        )
    ]  # fmt: skip
    assert {one["end"]["confidence"] for one in found["outcomes"]} == {"M"}


def test_4a_random_with_one_busy(call: Call) -> None:
    found = call("D1", "220", busy=["0112"])
    assert found["first"] == {"101": "1/2", "102": "1/2"}
    assert outcomes(found) == [
        ("1/2", "101 0-10, 102 10-20", "released 20"),
        ("1/2", "102 0-10, 101 10-20", "released 20"),
    ]


def test_4c_least_used_with_nothing_given(call: Call) -> None:
    found = call("D1", "230")
    assert found["first"] == {"101": None, "102": None, "0112": None}
    assert len(found["outcomes"]) == 6
    assert {(one["probability"], end(one), one["end"]["confidence"]) for one in found["outcomes"]} == {
        (None, "released 30", "M")
    }
    shared = call("D1", "230", mode="share")
    assert shared["first"] == {"101": "1/3", "102": "1/3", "0112": "1/3"}
    assert {ring["confidence"] for one in shared["outcomes"] for ring in one["rings"]} == {"L"}


def test_5d_follow_me_into_a_group(call: Call) -> None:
    found = call("D1", "0112")
    assert {(one["probability"], end(one), one["end"]["confidence"]) for one in found["outcomes"]} == {
        ("1/6", "own_handling by 0112 50", "M")
    }
    assert sorted(rings(one) for one in found["outcomes"]) == [
        "0112 0-20, 101 20-30, 0112 30-40, 102 40-50",
        "0112 0-20, 101 20-30, 102 30-40, 0112 40-50",
        "0112 0-20, 102 20-30, 0112 30-40, 101 40-50",
        "0112 0-20, 102 20-30, 101 30-40, 0112 40-50",
        "0112 0-30, 101 30-40, 102 40-50",
        "0112 0-30, 102 30-40, 101 40-50",
    ]
    assert found["first"] == {"0112": "1"}


def test_8b_flags_not_given(call: Call) -> None:
    assert outcomes(call("D2", "1005")) == [
        (None, "nobody", "forwarded to 8572665501 0"),
        (None, "nobody", "forwarded to 8572665502 0"),
        (None, "444 0-10", "forwarded to 8572665588 10"),
    ]


def test_9b_says_what_is_not_known(call: Call) -> None:
    warnings = call("D3", "4001", busy=["4000"])["warnings"]
    assert [one["text"] for one in warnings] == ["from 18 to 25 s: all were tried, what the caller hears is not known"]


def test_10b_circular_with_nothing_given(call: Call) -> None:
    found = call("D3", "4002")
    assert found["first"] == {"4000": None, "5001": None, "5002": None}
    assert outcomes(found) == [
        (None, "4000 0-18, 5001 18-36, 5002 36-54", "own_handling by hg2@x 54"),
        (None, "5001 0-18, 5002 18-36, 4000 36-54", "own_handling by hg2@x 54"),
        (None, "5002 0-18, 4000 18-36, 5001 36-54", "own_handling by hg2@x 54"),
    ]
    assert {one["end"]["confidence"] for one in found["outcomes"]} == {"L"}
    assert call("D3", "4002", mode="share")["first"] == {"4000": "1/3", "5001": "1/3", "5002": "1/3"}


def test_10c_weighted(call: Call) -> None:
    found = call("D3", "4003")
    assert found["first"] == {"4000": "3/5", "5001": "2/5"}
    assert outcomes(found) == [
        ("3/5", "4000 0-18, 5001 18-36", "own_handling by hg3@x 36"),
        ("2/5", "5001 0-18, 4000 18-36", "own_handling by hg3@x 36"),
    ]
    assert [[ring["confidence"] for ring in one["rings"]] for one in found["outcomes"]] == [["M", "L"], ["M", "L"]]
