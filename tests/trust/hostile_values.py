# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values that the suites about hostile input write, and how many of them they try."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.tests.contract.callers import AWKWARD
from ansible_collections.telephony.pbx.tests.contract.cases import CASES
from ansible_collections.telephony.pbx.tests.trust import figures

SUITE = "Hostile input"
EXAMPLES = 400 if figures.FULL else 14

# Controls, separators of lines, paths and queries, quotes, braces, what has no width or turns the direction round, a
# combining accent, an emoji, halves of one, and letters whose case is not what it seems.
NASTY = (
    "\x00\x01\t\n\r\x0b\x1b\x7f\x85\u2028\u2029/\\%?#&+=:;*<>|,@!$~^()-_\"'`{}[] .\xa0\u202e\u202d\u200b\u200d\ufeff"
    "\u0301\U0001f4de\ud800\udfff\xdf\u0130\u0131\uff15\u0665"
)
TEXTS = (
    *AWKWARD, "", " ", "..", ".", "../..", "/", "//", "%2F", "%2e%2e", "%00", "%", "%%", "%zz", "&#0;", "a\x00b", "a\nb",
    "1\x1f", "\x1b[31m", "\u202eabc", "a\u200bb", "e\u0301", "\xe9", "\U0001f4de", "\ud83d", "\udcde\ud83d", "x" * 10_000,
    "\U0001f4de" * 5_000, "%" * 10_000, " 101", "101 ", "\t101", "0", "00", "-1", "+1", "1e3", "0o111", "0x1F", "1_000",
    "true", "yes", "no", "on", "null", "None", "~", "True", "{}", "[]", "{{ name }}", "!unsafe x", "${HOME}", "$(id)",
    "'; --", "\uff15\uff15", "\u0665", "9" * 40, "1/2", "a,b", "a b", "a?b#c", "@", "a@b@c", "sip:a@b",
)  # fmt: skip
SURPRISES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 73, 1000.0, 0.1, -0.0, float("inf"), float("nan"), 1e300, 10**40, 2**31, 2**63,
    datetime.date(2026, 1, 2), datetime.datetime(2026, 1, 2, 3, 4), [], {}, [None], [[]], ["a"], ["a", 1], [True], [{}],
    {"a": 1}, {"a": {"b": [1]}}, {True: 1}, {"name": "x"},
)  # fmt: skip
SECRETS = tuple(secret for case in CASES.values() for secret in case.secrets)


def is_no_secret(value: Any) -> bool:
    """Hypothesis also tries what it finds in the code; whoever calls a group like the token will see it in results."""
    return not any(secret in str(value) for secret in SECRETS)


HOSTILE = st.one_of(
    st.sampled_from(TEXTS),
    st.sampled_from(SURPRISES),
    st.text(st.sampled_from(NASTY), max_size=8),
    st.text(st.one_of(st.sampled_from(NASTY), st.characters()), max_size=40),
    st.text(st.sampled_from("0123456789*#+-. "), min_size=1, max_size=12),
    st.integers(),
    st.floats(),
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3)),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=4,
    ),
).filter(is_no_secret)

hostile = settings(
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=EXAMPLES,
    suppress_health_check=list(HealthCheck),
)
