# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets: however one is spelt when it comes back, nothing shows it; and the scanner that says so finds them all.

A sample by default; everything by `python3 dev.py trust`.
"""

from __future__ import annotations

import pytest

from ansible_collections.telephony.pbx.tests.trust import figures
from ansible_collections.telephony.pbx.tests.trust.secret_calls import (
    CALLS,
    MAIN,
    Client,
    client,
    each_backend,
    turned,
)
from ansible_collections.telephony.pbx.tests.trust.secret_helpers import PLACES, SPELLINGS, SUITE, Scanner

__all__ = ["client"]  # fixtures

# -- the scanner itself ---------------------------------------------------------------------------------------------------
VALUES: dict[str, str] = {
    "plain": "aB3dE5gH7jK9mN",
    "percent signs": "x%41%y%2Fz%qq",
    "quotes": "q'u\"o'T9w\"xx",
    "Unicode": "pä€ß電話Kennw0rt",
    "blanks": "b1 an ks x9q",
    "plus": "p1+us=+/x9q+",
    "markup": "m<a>&rk;\\up9q",
    "three characters": "zQ7",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_scanner_finds_a_planted_secret(spelling: str) -> None:
    """Every test about secrets would pass if it were blind."""
    for name, secret in VALUES.items():
        scanner = Scanner({name: secret})
        figures.count(SUITE, "planted secrets found by the scanner itself, by value and spelling")
        planted = SPELLINGS[spelling](secret)
        result = {"msg": f"denied: Bearer {planted}, check token", "plan": [{"error": None}]}
        assert len(secret) < 4 and spelling == "line break inside" or scanner.leaks_of(result) == [name], planted
        assert scanner.leaks(f"GET /x/{planted}/10") == [name] or len(secret) < 4
        assert scanner.leaks_of({"msg": "denied: ********, check token"}) == []


def test_the_scanner_finds_a_part_of_a_long_secret() -> None:
    assert Scanner({"token": "aB3dE5gH7jK9mN"}).leaks("cut off: aB3dE5gH7 ...") == ["token"]


# -- spellings -----------------------------------------------------------------------------------------------------------
def possible(backend: str, value: str) -> bool:
    """Whether a licence, or a header, can hold the value at all."""
    if backend == "portaswitch":
        return not set(value) & set("%+<>&\\/")
    return backend == "vodia" or value.isascii()


def spelt(client: Client, spelling: str, values: list[str], places: list[str]) -> None:
    """Have values come back in a spelling at places."""
    call = next(call for call in CALLS if call.backend == client.backend)
    client.hostile.spelling, client.hostile.always = spelling, True
    for name in values:
        client.secrets = client.hostile.told = {MAIN[client.backend]: VALUES[name]}
        client.scanner = Scanner(client.secrets)
        for place in places:
            client.hostile.place = place
            client.call(call, f"{name} in {place}")
            figures.count(SUITE, "secrets that came back, by value, spelling and place", 1, client.backend)
    client.hostile.quiet()
    client.done()


@each_backend
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_secret_that_comes_back_in_any_spelling(backend: str, spelling: str, client: Client) -> None:
    if (backend, spelling) in (
        ("apio", "UTF-8 read as Latin-1"),
        ("portaswitch", "JSON in JSON"),
        ("portaswitch", "HTML in JSON"),
    ):
        pytest.skip("what goes into a header is ASCII; a licence has no backslash")
    ascii_only = [name for name in VALUES if VALUES[name].isascii() and possible(backend, VALUES[name])]
    # in a JSON body this would be "JSON in JSON" or "HTML in JSON", which have tests of their own
    escaped = spelling.startswith(("JSON", "HTML"))
    places = [place for place in PLACES if not (escaped and ("JSON" in place or place == "list 200"))]
    always = [name for name in ("quotes", "markup") if name in ascii_only]
    turn = list(SPELLINGS).index(spelling)
    spelt_places = list(dict.fromkeys(["text 500", "JSON 500", *turned(places, turn, 3)]))
    if possible(backend, VALUES["Unicode"]) and spelling == "UTF-8 read as Latin-1":
        always = ["Unicode"]
    spelt(client, spelling, list(dict.fromkeys([*always, *turned(ascii_only, turn, 1)])), spelt_places)


@pytest.mark.parametrize("backend", ["portaswitch", "vodia"])
def test_a_secret_that_is_not_ascii_comes_back_in_a_body(backend: str, client: Client) -> None:
    places = [place for place in PLACES if place not in ("reason", "redirect")]
    for spelling in ("as it is", "percent", "percent, lower case", "base64"):
        client.hostile.spelling = spelling
        spelt(client, spelling, ["Unicode"], places)


@pytest.mark.parametrize("backend", ["portaswitch", "vodia"])
def test_a_secret_that_is_not_ascii_comes_back_in_a_header(backend: str, client: Client) -> None:
    spelt(client, "as it is", ["Unicode"], ["reason", "redirect"])


@each_backend
def test_a_secret_of_two_characters(backend: str, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VALUES, "two characters", "\xb6Q" if backend == "vodia" else "~Q")
    spelt(client, "as it is", ["two characters"], ["JSON 500", "text 500"])
