# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a period means: neither case, blanks nor order matter, and always is no period at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Field, canonical, canonical_period, same

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


@pytest.mark.parametrize("text", ["x" * 2001, "hr{1}," * 400])
def test_a_text_that_is_far_too_long_stands_for_itself(text: str) -> None:
    assert canonical_period(text) == text
