# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can travel to the Porta Plus 2 web services in a path, and what in a query.

Source: vendor note, sections 2.1 (routing) and 2.6 (seen on real servers).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote, quote_plus, urlencode

from ...errors import InvalidOption

Part = tuple[str, object]

# The path is decoded before it is split, and IIS refuses some characters even when they are escaped (note 2.1).
_UNSAFE_IN_PATH = re.compile(r"[/\\?*&:<>%+\x00-\x1f\x7f\ud800-\udfff]")
# ASP.NET takes these for an attack and answers 500 (note 2.6).
_REFUSED_IN_QUERY = re.compile(r"<[A-Za-z!/?]|&#")
_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_HALF_A_CHARACTER = re.compile(r"[\ud800-\udfff]")

# Characters. ASP.NET takes paths of 260 and queries of 2048 (note 2.6); the rest is room for another count of escapes.
LONGEST_PATH = 240
LONGEST_QUERY = 2048
_LONGEST_LICENSE = 1024
_STAND_IN = "-"

# Property of a request -> the option that users write.
_OPTIONS = {
    "License": "token",
    "Name": "name",
    "Id": "id",
    "RedirectNumber": "number",
    "Domain": "domain",
    "Period": "period",
    "Period_desc": "period_description",
    "KeepOriginalCLI": "keep_original_cli",
    "ServicePassword": "service_password",
    "hashed_iAccount": "hashed_account",
    "IProducts": "products",
}


def _fits_path(text: str) -> bool:
    return text not in (".", "..") and text[-1:] not in (".", " ") and not _UNSAFE_IN_PATH.search(text)


@functools.lru_cache(maxsize=256)  # licence and customer are in each path
def _escaped(text: str) -> str:
    """A part of a path, empty when it cannot travel in one."""
    return quote(text, safe="") if text and _fits_path(text) else ""


def path(route: str, *parts: object) -> str:
    """A path of the web services with its parts escaped. Raises InvalidOption when a part cannot travel in a path.

    An empty part would shrink the path and a slash would grow it, and the request could match another route.
    """
    escaped = [_escaped(str(part)) for part in parts]
    if not all(escaped):
        raise InvalidOption(f"{route}: a value is empty or has a character that cannot go into a path there")
    return "/" + "/".join([route, *escaped])


def routed(
    route: str, parts: Sequence[Part], extras: Mapping[str, str | None] | None = None, prefix: int = 0
) -> tuple[str, dict[str, str]]:
    """A path with named parts, and its query: (path, params).

    A value that cannot travel in a path, or makes it too long, goes into the query, which overrides the path (note 2.1,
    rule 4); a dash keeps its place. extras: properties that no path of the route carries; None is left out, and an empty
    text binds null (note 2.6). prefix: characters of the path that belong to the server's address.
    Raises InvalidOption when a value is empty or can travel in neither.
    """
    params = {name: value for name, value in (extras or {}).items() if value is not None}
    places: list[str] = []
    for name, value in parts:
        text = str(value)
        if text and not _fits_path(text):
            params[name] = text
        places.append(_STAND_IN if name in params else text)
    whole = path(route, *places)
    while len(whole) + prefix > LONGEST_PATH:
        longest = max(range(len(places)), key=lambda place: len(quote(places[place], safe="")))
        if places[longest] == _STAND_IN:
            break
        name, value = parts[longest]
        params[name], places[longest] = str(value), _STAND_IN
        whole = path(route, *places)
    if params:
        _check_query(params)
    return whole, params


def _check_query(params: Mapping[str, str]) -> None:
    """Refuse what cannot travel in a query. Raises InvalidOption that names the options and shows no value."""
    for name, text in params.items():
        option = _OPTIONS.get(name, name)
        if _REFUSED_IN_QUERY.search(text):
            raise InvalidOption(
                f"{option}: has &# in it, or < directly before a letter, !, / or ?, which the web server takes for an "
                "attack and refuses; put a blank in between or leave it out"
            )
        if _HALF_A_CHARACTER.search(text):
            raise InvalidOption(f"{option}: has half a character in it, which no request can carry; remove it")
    length = len(urlencode(params))
    if length > LONGEST_QUERY:
        options = ", ".join(_OPTIONS.get(name, name) for name in params)
        raise InvalidOption(
            f"{options}: too long together: they take {length} characters in a request, and the web server takes "
            f"{LONGEST_QUERY}; shorten them (letters beyond ASCII take six to twelve characters each)"
        )


def check_license(license: str) -> None:
    """Refuse a licence that no request can carry. Raises InvalidOption, whose message never shows it."""
    if not license.strip():
        raise InvalidOption("token: the licence is empty; write the License of the web services")
    if _NOT_TEXT.search(license):
        raise InvalidOption("token: the licence has a control character or half a character in it; remove it")
    if _REFUSED_IN_QUERY.search(license):
        raise InvalidOption(
            "token: the licence has < before a letter, or &#, which the web server refuses in every request; "
            "ask for another licence"
        )
    if len(quote_plus(license)) > _LONGEST_LICENSE:
        raise InvalidOption(f"token: the licence takes more than {_LONGEST_LICENSE} characters in a request; check it")


def check_customer(customer: str) -> None:
    """Refuse a tenant that is no customer record. Raises InvalidOption."""
    if not (customer.isascii() and customer.isdigit()):
        raise InvalidOption("tenant: portaswitch wants the customer record (ICustomer), a whole number")
