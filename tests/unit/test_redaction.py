# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret disappears from every text in every spelling, nothing else does, and no text keeps the search busy for long.

How secrets may be spelt is not taken from the redactor but from the suite about secrets.
"""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.transport.redaction import HIDDEN, Redactor
from ansible_collections.telephony.pbx.tests.trust.secret_helpers import SPELLINGS, Scanner

# That one is a secret of its own: whoever logs in knows it, and adds it.
ALONE = sorted(set(SPELLINGS) - {"base64 of user:secret"})

ASCII = "".join(map(chr, range(33, 127))).replace("*", "")
SECRETS = st.text(ASCII, min_size=3, max_size=24) | st.text(ASCII + "äßéñЖ電話😀§", min_size=3, max_size=12)
# Passwords as they are made up, licences, tokens, and what is awkward in one of the spellings.
AWKWARD = (
    "abc", "R&D", "50% + x", "a b c", "pass word", "\"quoted'", "C:\\new\\table", "<a>&b;", "=?&#", "ÄÖÜß", "電話番号",
    "😀😀😀", "a.b+c/d=", "%41%42", "&amp;", "\\u0041", "it's", "-_-",
)  # fmt: skip
# Where servers put it. No secret and none of its spellings holds these brackets.
LEFT, RIGHT = "【", "】"
CONTEXTS = (
    ("", ""),
    ('{"error": "no such licence ', '", "code": 7}'),
    ("<html><p>denied: ", "</p></html>"),
    ("https://pbx.example/rest/", "/x?License=1"),
    ("Set-Cookie: sessionid=", "; Path=/"),
    ('{\\"inner\\": \\"', '\\"}'),
    ("x", "y"),
    ("%20", "%20"),
)


def redactor(*secrets: str) -> Redactor:
    made = Redactor()
    for secret in secrets:
        made.add(secret)
    return made


# -- what is hidden --------------------------------------------------------------------------------------------------------
def spelt(secret: str) -> dict[str, str]:
    """A secret in every spelling. The one of .NET is right for characters of one UTF-16 unit only."""
    names = [name for name in ALONE if name != "JSON, of .NET" or max(secret) <= "\uffff"]
    return {name: SPELLINGS[name](secret) for name in names}


def disappears_whole(secret: str) -> None:
    """Nothing of it is left at either end: brackets stand where it stood."""
    hide = redactor(secret)
    left = {name: hide(f"{LEFT}{text}{RIGHT}") for name, text in spelt(secret).items()}
    assert {name: text for name, text in left.items() if text != f"{LEFT}{HIDDEN}{RIGHT}"} == {}


@pytest.mark.parametrize("secret", AWKWARD)
def test_an_awkward_secret_disappears_whole(secret: str) -> None:
    disappears_whole(secret)


@pytest.mark.parametrize("secret", ["of a block\n", "a\tb", "first\nsecond"])
def test_a_secret_with_a_control_character_disappears_whole(secret: str) -> None:
    """A block in YAML ends with a line break."""
    disappears_whole(secret)


@given(secret=SECRETS)
def test_any_secret_disappears_whole(secret: str) -> None:
    disappears_whole(secret)


@given(secret=SECRETS, context=st.sampled_from(CONTEXTS))
def test_no_reader_finds_a_secret_in_the_texts_of_servers(secret: str, context: tuple[str, str]) -> None:
    """However the text is decoded: percent, HTML, JSON, base64, wrapped lines, twice."""
    scanner, hide, (left, right) = Scanner({"it": secret}), redactor(secret), context
    assume(not scanner.leaks(f"{left}{HIDDEN}{right}"))
    found = {name: scanner.leaks(hide(f"{left}{text}{right}")) for name, text in spelt(secret).items()}
    assert set(found) >= {"as it is", "base64", "percent, twice"} and not any(found.values()), found


@given(
    secret=st.text(
        st.characters(min_codepoint=33, exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=3, max_size=20
    ),
    times=st.sampled_from([1, 2]),
)
@example(secret="à côté", times=2)
@example(secret="pä€ß電話Kennw0rt", times=2)
@example(secret="\U0001f4de01", times=1)
def test_a_secret_whose_encoding_was_mistaken_disappears(secret: str, times: int) -> None:
    """Headers are read as Latin-1, whatever they are; what was mistaken before is mistaken a second time then."""
    text = secret
    for _time in range(times):
        text = text.encode().decode("latin-1")
    line = " ".join(f"{LEFT}{text}{RIGHT}".split())
    assert redactor(secret)(line) == f"{LEFT}{HIDDEN}{RIGHT}"


@given(secret=st.text(ASCII, min_size=3, max_size=40), data=st.data())
def test_each_character_may_be_spelt_in_its_own_way(secret: str, data: st.DataObject) -> None:
    """Proxies escape some characters only, and each its own."""
    ways = ("as it is", "percent, every byte", "percent, lower case", "JSON", "HTML, decimal", "HTML")
    text = "".join(SPELLINGS[data.draw(st.sampled_from(ways))](character) for character in secret)
    assert redactor(secret)(f"{LEFT}{text}{RIGHT}") == f"{LEFT}{HIDDEN}{RIGHT}"


@given(
    secret=st.text(ASCII, min_size=3, max_size=30),
    breaks=st.sets(st.integers(1, 29)),
    gap=st.sampled_from(("\n", "\r\n  ", "\t", " ", "\\n", "\\r\\n", "\\\\n")),
)
def test_a_secret_is_found_however_its_line_is_wrapped(secret: str, breaks: set[int], gap: str) -> None:
    text = "".join(gap * (place in breaks) + character for place, character in enumerate(secret))
    assert redactor(secret)(f"{LEFT}{text}{RIGHT}") == f"{LEFT}{HIDDEN}{RIGHT}"


@given(secrets=st.lists(st.text("abc1", min_size=3, max_size=6), min_size=2, max_size=4, unique=True))
@example(secrets=["abc", "abcabc"])
@example(secrets=["abca", "bcab"])
def test_of_secrets_within_each_other_none_is_left(secrets: list[str]) -> None:
    text = LEFT.join(secrets) + "".join(secrets)
    shown = redactor(*secrets)(text)
    assert not any(secret in shown for secret in secrets) and HIDDEN in shown


@given(secret=SECRETS, times=st.integers(2, 5))
def test_every_occurrence_is_hidden(secret: str, times: int) -> None:
    assert redactor(secret)(RIGHT.join([secret] * times)) == RIGHT.join([HIDDEN] * times)


@given(secret=SECRETS)
def test_no_spelling_is_longer_than_what_is_looked_at(secret: str) -> None:
    """Long texts are cut so far behind what is shown that no half of a secret can be in it."""
    assert max(map(len, spelt(secret).values())) <= redactor(secret).longest


def test_two_characters_are_hidden_where_they_stand_alone_and_one_is_no_secret() -> None:
    assert redactor("ab")("(ab) cab abc ab") == f"({HIDDEN}) cab abc {HIDDEN}"
    assert redactor("a", "")("a b") == "a b"
    assert (redactor().longest, redactor("a", "").longest) == (0, 0)


# -- what is not -------------------------------------------------------------------------------------------------------------
@given(secret=st.text("xyz", min_size=3, max_size=12), text=st.text("abc01 \\%&;#=+u\nÃ電", max_size=200))
def test_a_text_without_the_secret_is_unchanged(secret: str, text: str) -> None:
    """Made of everything that spellings are made of, but of no character of the secret's."""
    assert redactor(secret)(text) == text


@given(secret=st.text("abcdefgh", min_size=4, max_size=12), place=st.integers(0, 11), other=st.sampled_from("RSTU"))
def test_a_text_that_is_the_secret_but_for_one_character_is_unchanged(secret: str, place: int, other: str) -> None:
    place %= len(secret)
    texts = spelt(secret[:place] + other + secret[place + 1 :])
    assert {name: redactor(secret)(text) for name, text in texts.items()} == texts


@given(secret=st.text("abcdefgh", min_size=3, max_size=12))
def test_letters_in_the_other_case_are_other_letters(secret: str) -> None:
    assert redactor(secret)(secret.upper()) == secret.upper()


@pytest.mark.parametrize("text", ["", "Vodia answered 500 (Internal Server Error)", "follow_me 440: forwarding: busy"])
@given(secret=st.text("qQzZxX79§", min_size=3))
def test_messages_are_left_as_they_are(text: str, secret: str) -> None:
    assert redactor(secret)(text) == text


# -- no text keeps it busy ---------------------------------------------------------------------------------------------------
LONG = 200_000
ALMOST = {
    "the first character over and over": "a",
    "its beginning over and over": "abc",
    "percent of percent": "%25",
    "percent": "%61%62",
    "ampersands": "&amp;",
    "one ampersand, then amp": "amp;",
    "a number that begins with zeros": "0",
    "entities": "&#0",
    "line breaks": "\n",
    "escaped line breaks": "\\n",
    "its first character and blanks": "a \t",
    "equals signs": "=",
    "base64": "YWJj",
    "misread": "Ã",
}


@pytest.mark.parametrize("name", ALMOST)
@pytest.mark.parametrize("before", ["", "a", "abcde", "&#", "&", "%", "\\"], ids=repr)
def test_a_long_text_of_beginnings_is_done_in_no_time(name: str, before: str) -> None:
    """Were the effort to grow with the square of the length, this would take hours."""
    text = before + ALMOST[name] * (LONG // len(ALMOST[name]))
    assert redactor("abcdef§")(text) == text


def test_a_long_secret_and_a_long_text_of_it_are_done_in_no_time() -> None:
    secret = "ab" * 100 + "c"
    text = "ab" * 20_000
    assert redactor(secret)(text) == text
    assert redactor(secret)(text + "c") == text[: -len(secret) + 1] + HIDDEN


@pytest.mark.parametrize(
    ("secret", "filler"),
    [
        pytest.param("a\\\\\\\\\\\\b", "\\", id="backslashes in the secret"),
        pytest.param("a        b", " ", id="blanks in the secret"),
        pytest.param("a b", " ", id="one blank in the secret"),
        pytest.param("abc", "\\", id="backslashes"),
        pytest.param('"bc', "\\", id="a secret that is escaped"),
    ],
)
def test_a_run_of_what_may_be_read_in_many_ways_is_done_in_no_time(secret: str, filler: str) -> None:
    text = "a" + filler * LONG + "c"
    assert redactor(secret)(text) == text
