# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret disappears from every text in every spelling, nothing else does, and no text keeps the search busy for long.

How secrets may be spelt is not taken from the redactor but from the suite about secrets.
"""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.transport.redaction import DROPPED, HIDDEN, Redactor
from ansible_collections.telephony.pbx.tests.trust.secrets_known import SPELLINGS, Scanner

ASCII = "".join(map(chr, range(33, 127))).replace("*", "")
SECRETS = st.text(ASCII, min_size=3, max_size=24) | st.text(ASCII + "äßéñЖ電話😀§", min_size=3, max_size=12)
# Passwords as people make them, licences, tokens, and what is awkward in one of the spellings.
AWKWARD = (
    "abc", "R&D", "50% + x", "a b c", "pass word", "\"quoted'", "C:\\new\\table", "<a>&b;", "=?&#", "ÄÖÜß", "電話番号",
    "😀😀😀", "a.b+c/d=", "%41%42", "&amp;", "\\u0041", "it's", "-_-", "a\tb", "first\nsecond", "ends in a blank ",
    "q'u\"o'T9w\"xx", "x%41%y%2Fz%qq", "m<a>&rk;\\up9q", "demo-license-4711", "a%41&bcd",
)  # fmt: skip
# Where servers put it. No secret and none of its spellings holds these brackets.
LEFT, RIGHT = "【", "】"
CONTEXTS = (
    ("", ""), (LEFT, RIGHT), ('{"error": "no such licence ', '", "code": 7}'), ("<p>denied: ", "</p></html>"),
    ("https://pbx.example/rest/", "/x?License=1"), ("Set-Cookie: id=", "; Path=/"), ('{\\"in\\": \\"', '\\"}'),
    ("x", "y"), ("%20", "%20"),
)  # fmt: skip


def redactor(*secrets: str) -> Redactor:
    made = Redactor()
    for secret in secrets:
        made.add(secret)
    return made


def spelt(secret: str) -> dict[str, str]:
    """A secret in every spelling. Of user:secret the login adds the base64 itself. .NET: one UTF-16 unit a character."""
    left_out = {"base64 of user:secret"} | ({"JSON, of .NET"} if max(secret) > "\uffff" else set())
    return {name: spell(secret) for name, spell in SPELLINGS.items() if name not in left_out}


def gone(secret: str, text: str) -> bool:
    """Nothing of it is left at either end: brackets stand where it stood. A blank at its end may stay."""
    return bool(re.fullmatch(r"【\*{8}(?:\s|\\+n|\+|&#32;|%(25)?20)*】", redactor(secret)(f"{LEFT}{text}{RIGHT}")))


# -- what is hidden ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("secret", AWKWARD)
def test_an_awkward_secret_disappears_whole(secret: str) -> None:
    assert {name: text for name, text in spelt(secret).items() if not gone(secret, text)} == {}


@given(secret=SECRETS, context=st.sampled_from(CONTEXTS))
def test_no_reader_finds_a_secret_in_the_texts_of_servers(secret: str, context: tuple[str, str]) -> None:
    """However the text is decoded: percent, HTML, JSON, base64, wrapped lines, twice."""
    scanner, hide, (left, right) = Scanner({"it": secret}), redactor(secret), context
    assume(not scanner.leaks(f"{left}{HIDDEN}{right}"))
    shown = {name: hide(f"{left}{text}{right}") for name, text in spelt(secret).items()}
    assert set(shown) >= {"as it is", "base64", "percent, twice"}
    assert {name: text for name, text in shown.items() if scanner.leaks(text) or HIDDEN not in text} == {}


@given(secret=SECRETS)
def test_any_secret_disappears_whole(secret: str) -> None:
    assert {name: text for name, text in spelt(secret).items() if not gone(secret, text)} == {}


@given(
    secret=st.text(
        st.characters(min_codepoint=33, exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=3, max_size=20
    ),
    times=st.sampled_from([1, 2]),
    codec=st.sampled_from(["latin-1", "cp1252"]),
)
@example(secret="à côté", times=2, codec="latin-1")
@example(secret="pä€ß電話Kennw0rt", times=2, codec="latin-1")
@example(secret="€uro-Kennwort", times=2, codec="cp1252")
@example(secret="\U0001f4de01", times=1, codec="latin-1")
def test_a_secret_in_a_wrong_character_set_disappears(secret: str, times: int, codec: str) -> None:
    """Headers are read as Latin-1, whatever they are. What was wrong before is then wrong a second time."""
    text = secret
    for _time in range(times):
        text = text.encode().decode(codec, errors="replace")
    assert gone(secret, " ".join(text.split()))
    assert gone(secret, json.dumps(text)[1:-1])


@given(secret=st.text(ASCII, min_size=3, max_size=40), data=st.data())
def test_each_character_may_be_spelt_in_its_own_way(secret: str, data: st.DataObject) -> None:
    """Proxies escape some characters only, and each its own. A backslash before an escaped character is left out here: it
    can be read as the escape of that character, and so a secret of three characters with one is not found in it."""
    assume("\\" not in secret)
    ways = ("as it is", "percent, every byte", "percent, lower case", "JSON", "HTML, decimal", "HTML")
    text = "".join(SPELLINGS[data.draw(st.sampled_from(ways))](character) for character in secret)
    assert gone(secret, text)


@given(
    secret=st.text(ASCII, min_size=3, max_size=30),
    breaks=st.sets(st.integers(1, 29)),
    gap=st.sampled_from(("\n", "\r\n  ", "\t", " ", "\\n", "\\r\\n", "\\\\n", "&nbsp;", "%0A")),
)
def test_a_secret_is_found_however_its_line_is_wrapped(secret: str, breaks: set[int], gap: str) -> None:
    text = "".join(gap * (place in breaks) + character for place, character in enumerate(secret))
    assert gone(secret, text)


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("before", range(6))
@pytest.mark.parametrize("after", range(4))
def test_a_secret_inside_a_longer_base64_text_is_hidden(encode: object, before: int, after: int) -> None:
    secret = "hunter?>secret"
    text = encode(b"u" * before + secret.encode() + b"~" * after).decode()  # type: ignore[operator]
    shown = redactor(secret)(f"Basic {text}")
    assert HIDDEN in shown and len(shown) <= len("Basic ") + len(HIDDEN) + before * 4 / 3 + after * 4 / 3 + 5


@given(secrets=st.lists(st.text("abc1", min_size=3, max_size=6), min_size=2, max_size=4, unique=True))
@example(secrets=["abc", "abcabc"])
@example(secrets=["abca", "bcab"])
def test_of_secrets_within_each_other_none_is_left(secrets: list[str]) -> None:
    shown = redactor(*secrets)(LEFT.join(secrets) + "".join(secrets))
    assert not any(secret in shown for secret in secrets) and HIDDEN in shown


def test_a_secret_inside_another_does_not_uncover_its_end() -> None:
    assert redactor("abcdefghij", "cdef", "efgh")(f"{LEFT}abcdefghij{RIGHT}") == f"{LEFT}{HIDDEN}{RIGHT}"


@given(secret=SECRETS, times=st.integers(2, 5))
def test_every_occurrence_is_hidden(secret: str, times: int) -> None:
    assert redactor(secret)(RIGHT.join([secret] * times)) == RIGHT.join([HIDDEN] * times)


@given(secret=SECRETS)
def test_no_spelling_is_longer_than_what_is_looked_at(secret: str) -> None:
    """Long texts are cut so far behind what is shown that no half of a secret can be in it."""
    assert max(map(len, spelt(secret).values())) <= redactor(secret).longest


def test_two_characters_are_hidden_where_they_stand_alone_and_one_is_no_secret() -> None:
    assert redactor("ab")("(ab) cab abc ab (YWI=)") == f"({HIDDEN}) cab abc {HIDDEN} ({HIDDEN})"
    assert redactor("~Q")("(%7EQ) x~Q") == f"({HIDDEN}) x~Q"
    assert redactor("a", "")("a b") == "a b"
    assert (redactor().longest, redactor("a", "").longest) == (0, 0)


# -- what is dropped -----------------------------------------------------------------------------------------------------
UNKNOWN = {
    "zero-width blanks": "\u200b".join,
    "quotes and plus signs": '" + "'.join,
    "a list": lambda text: str(list(text)),
    "soft hyphens": "&shy;".join,
    "hexadecimal": lambda text: text.encode().hex(),
    "hexadecimal, upper case": lambda text: text.encode().hex(":").upper(),
    "percent, many times": lambda text: percent(text, 9),
    "percent, too many times": lambda text: percent(text, 40),
}


def percent(text: str, times: int) -> str:
    return text.replace("-", "%" + "25" * (times - 1) + "2D")


@pytest.mark.parametrize("name", UNKNOWN)
@pytest.mark.parametrize("secret", ["hunter-secret", "T0ken-Of-9-Parts"])
def test_a_text_with_a_secret_in_an_unknown_spelling_is_not_shown(name: str, secret: str) -> None:
    text = UNKNOWN[name](secret)  # type: ignore[operator]
    assert secret not in text
    assert redactor(secret)(f"denied: {text}, check token") == DROPPED


# -- what is not ---------------------------------------------------------------------------------------------------------
@given(secret=st.text("xyz", min_size=3, max_size=12), text=st.text("abc01 \\%&;#=+u\nÃ電", max_size=200))
def test_a_text_without_the_secret_is_unchanged(secret: str, text: str) -> None:
    """Made of everything that spellings are made of, but of no character of the secret's."""
    assert redactor(secret)(text) == text


@given(secret=st.text("abcdefgh", min_size=4, max_size=12), place=st.integers(0, 11), other=st.sampled_from("RSTU"))
def test_a_text_that_is_the_secret_but_for_one_character_is_unchanged(secret: str, place: int, other: str) -> None:
    place %= len(secret)
    texts = spelt(secret[:place] + other + secret[place + 1 :])
    assert {name: redactor(secret)(text) for name, text in texts.items()} == texts


@pytest.mark.parametrize("text", ["", "Vodia answered 500 (Internal Server Error)", "follow_me 440: forwarding: busy"])
@given(text_of_secret=st.text("qQzZxX79§", min_size=3))
def test_messages_are_left_as_they_are(text: str, text_of_secret: str) -> None:
    assert redactor(text_of_secret)(text) == text
    assert redactor("abcdefgh")("ABCDEFGH") == "ABCDEFGH", "letters in the other case are other letters"


# -- no text keeps it busy -----------------------------------------------------------------------------------------------
LONG = 40_000
ALMOST = (
    "a", "abc", "%25", "%61%62", "&amp;", "amp;", "0", "&#0", "\n", "\\", "\\n", "\\ud83d", "a \t", "=", "YWJj", "Ã",
)  # fmt: skip


@pytest.mark.parametrize("filler", ALMOST, ids=repr)
@pytest.mark.parametrize("secret", ["abcdef§", "==="], ids=repr)
def test_a_long_text_of_beginnings_is_done_in_no_time(filler: str, secret: str) -> None:
    """If the effort grew with the square of the length, this would take very long."""
    for before in ("&#", "%"):
        text = before + filler * (LONG // len(filler))
        shown = redactor(secret)(text)
        assert shown in (text, DROPPED, f"{before}{HIDDEN}")


def test_a_long_secret_and_a_long_text_of_it_are_done_in_no_time() -> None:
    secret = "ab" * 100 + "c"
    text = "ab" * 20_000
    assert redactor(secret)(text) == text
    assert redactor(secret)(text + "c") == text[: -len(secret) + 1] + HIDDEN
    assert redactor("abab")(text) == HIDDEN


def test_percent_encoding_of_a_long_secret_does_not_take_long() -> None:
    secret = "pä " * 700
    assert redactor(secret)(quote(quote(secret))).startswith(HIDDEN)
