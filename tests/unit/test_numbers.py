# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When two phone numbers are the same: only if they are certain to be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.model.numbers import NumberRules, country_code_of

# (country code of the system, one spelling, another, whether they are certainly the same number)
PAIRS = [
    # the same digits, whatever stands between them
    ("", "0475123456", "0475123456", True),
    ("", "0475 12 34 56", "0475123456", True),
    ("", "0475/12.34-56", "0475123456", True),
    ("", "(0475) 123456", "0475123456", True),
    ("", "+32 475 12 34 56", "+32475123456", True),
    ("", "0475123456", "0475123457", False),
    ("", "475123456", "0475123456", False),
    ("", "112", "0112", False),
    # + and 00 before a country code are one
    ("", "+32475123456", "0032475123456", True),
    ("32", "0032475123456", "+32475123456", True),
    ("", "+32475123456", "+33475123456", False),
    ("", "+3247512345", "+32475123456", False),
    ("", "32475123456", "+32475123456", False),
    ("32", "32475123456", "+32475123456", False),
    # a national form belongs to one country only, and only to a known one
    ("32", "0475123456", "+32475123456", True),
    ("32", "0475 12 34 56", "0032475123456", True),
    ("", "0475123456", "+32475123456", False),
    ("33", "0475123456", "+32475123456", False),
    ("32", "0475123456", "+33475123456", False),
    ("32", "475123456", "+32475123456", False),
    ("44", "02079460000", "+442079460000", True),
    ("49", "030123456", "+4930123456", True),
    ("36", "0612345678", "+3612345678", True),
    ("36", "012345678", "+3612345678", False),
    ("7", "84951234567", "+74951234567", True),
    ("7", "04951234567", "+74951234567", False),
    # countries without a trunk prefix: the national form is the number itself
    ("39", "0612345678", "+390612345678", True),
    ("39", "612345678", "+390612345678", False),
    ("45", "32123456", "+4532123456", True),
    ("34", "912345678", "+34912345678", True),
    ("34", "0912345678", "+34912345678", False),
    # North America writes ten digits, and dials them with the trunk prefix 1 or without it
    ("1", "2125550123", "+12125550123", True),
    ("1", "12125550123", "+12125550123", True),
    ("1", "5550123", "+12125550123", False),
    ("", "2125550123", "+12125550123", False),
    # numbers that share an ending only: each of these pairs counted as equal once
    ("32", "065316777", "0465316777", False),
    ("", "+13475123456", "0475123456", False),
    ("1", "+13475123456", "0475123456", False),
    ("", "100001", "0100001", False),
    ("32", "100001", "0100001", False),
    # what is short is an extension, and what is not made of digits stands for itself
    ("32", "0112", "+32112", False),
    ("32", "*98", "*98", True),
    ("32", "user@example.org", "user@example.org", True),
    ("32", "user@example.org", "User@example.org", False),
    ("99", "0475123456", "+99475123456", False),
]


@pytest.mark.parametrize(("country_code", "one", "other", "expected"), PAIRS)
def test_two_numbers_are_the_same_only_if_they_are_certain_to_be(
    country_code: str, one: str, other: str, expected: bool
) -> None:
    rules = NumberRules(country_code)
    assert rules.same(one, other) is expected
    assert rules.contains([other], one) is expected


COUNTRIES = st.sampled_from(["", "1", "32", "39", "45", "7", "36", "99"])
SPELLINGS = st.from_regex(r"(\+|00|0|)[0-9]{1,12}", fullmatch=True)


@given(COUNTRIES, st.lists(SPELLINGS, min_size=2, max_size=2))
def test_sameness_is_an_equivalence(country_code: str, spellings: list[str]) -> None:
    """Equality of one key for each spelling: reflexive, symmetric and transitive by construction."""
    rules = NumberRules(country_code)
    first, second = (rules.key(spelling) for spelling in spellings)
    assert rules.same(*spellings) is (first == second)
    assert rules.same(spellings[0], spellings[0])


@given(
    COUNTRIES, st.from_regex(r"[1-9][0-9]{5,11}", fullmatch=True), st.from_regex(r"[1-9][0-9]{5,11}", fullmatch=True)
)
def test_no_two_numbers_in_e164_are_the_same_but_by_their_digits(country_code: str, one: str, other: str) -> None:
    assert NumberRules(country_code).same(f"+{one}", f"00{other}") is (one == other)


@pytest.mark.parametrize(
    ("written", "digits"), [("32", "32"), ("+32", "32"), ("0032", "32"), (" 1 ", "1"), ("353", "353")]
)
def test_a_country_code_is_taken_in_every_usual_spelling(written: str, digits: str) -> None:
    assert country_code_of(written) == digits


@pytest.mark.parametrize("written", ["", "0", "BE", "3232", "+", "03"])
def test_what_is_no_country_code_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="country code"):
        country_code_of(written)
