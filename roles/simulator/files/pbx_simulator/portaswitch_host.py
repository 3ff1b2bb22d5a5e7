# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The web server in front of ServiceStack: what IIS with ASP.NET, or HttpListener, lets through (vendor note 2.1, 2.6).

Its pages are HTML. ServiceStack never sees what is refused here.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, unquote_plus

from flask import Response, request

HTML = "text/html; charset=utf-8"
REFUSED_IN_PATH = set("<>*%&:\\?")
DANGEROUS_IN_QUERY = re.compile(r"<[A-Za-z!/?]|&#")
LONGEST_PATH, LONGEST_QUERY = 260, 2048  # characters; the defaults of ASP.NET
LOGIN_PAGE = "/login.aspx"


class Refused(Exception):
    """The web server turns the request away."""

    def __init__(self, status: str, text: str) -> None:
        super().__init__(text)
        self.response = page(status, text)


def page(status: str, text: str) -> Response:
    body = f"<!DOCTYPE html><html><head><title>{status}</title></head><body><h2>{text}</h2></body></html>"
    return Response(body, status=status, content_type=HTML)


def received_path(host: str) -> str:
    """The path, URL-decoded before it is split, as the host ("iis" or "httplistener") hands it over."""
    if request.method == "POST" and request.content_length is None and "Transfer-Encoding" not in request.headers:
        raise Refused("411 Length Required", "HTTP Error 411. The request must be chunked or have a content length.")
    raw = str(request.environ.get("RAW_URI") or request.path).partition("?")[0]
    if host == "httplistener":
        return unquote_plus(raw)
    path = unquote(raw)
    if unquote_plus(path) != path:
        raise Refused("404 Not Found", "HTTP Error 404.11 - The request contained a double escape sequence.")
    query = request.query_string.decode("utf-8", "replace")
    _check_lengths(path, query)
    if REFUSED_IN_PATH & set(path):
        raise Refused("400 Bad Request", "A potentially dangerous Request.Path value was detected from the client.")
    _check_query(query)
    return path


def _check_lengths(path: str, query: str) -> None:
    for what, setting, length, longest in (
        ("URL", "maxUrlLength", len(path), LONGEST_PATH),
        ("query string", "maxQueryStringLength", len(query), LONGEST_QUERY),
    ):
        if length > longest:
            text = f"The length of the {what} for this request exceeds the configured {setting} value."
            raise Refused("400 Bad Request", text)


def _check_query(query: str) -> None:
    """Request validation of ASP.NET. It looks at values of the query string, not into a JSON body."""
    for name, value in parse_qsl(query, keep_blank_values=True):
        if DANGEROUS_IN_QUERY.search(value):
            text = f"HttpRequestValidationException: A potentially dangerous Request.QueryString value ({name})"
            raise Refused("500 Internal Server Error", f"{text} was detected from the client.")


def sign_in_first() -> Response:
    """What forms authentication makes of any 401."""
    target = quote(request.full_path.rstrip("?"), safe="")
    response = page("302 Found", "Object moved")
    response.headers["Location"] = f"{LOGIN_PAGE}?ReturnUrl={target}"
    return response
