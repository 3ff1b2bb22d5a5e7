# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An audit as one HTML page that needs nothing else: no other file, no server, no script to be read. Pure."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from .document import ACTIONS, INCOMPLETE, VERDICTS, by_attention
from .html_assets import SCRIPT, STYLE
from .html_tags import Markup, tag
from .html_tenant import tenant_section
from .table import verdict_line
from .words import counted, one_line

_SIGNS = {"clean": "\u2713", "drift": "\u2260", "incomplete": "\u26a0"}  # a verdict is never told by its colour alone
_GROUPS = {"new": "New", "open": "Still open", "resolved": "Resolved", "unknown": "Not known in this audit"}


def html(
    document: Mapping[str, Any],
    comparison: Mapping[str, Any] | None = None,
    pictures: Mapping[str, Sequence[Mapping[str, str]]] | None = None,
) -> str:
    """The text of the page. pictures: host -> what `flows.pictures` returns."""
    tenants = by_attention(document["tenants"])
    body = tag(
        "body",
        tag("a", "Skip to the tenants", href="#tenants", class_="skip"),
        tag("header", _header(document)),
        tag(
            "main",
            _comparison(comparison),
            _tools(tenants),
            _overview(tenants),
            tag("div", tag("h2", "Tenants, what needs attention first"), id="tenants", tabindex="-1"),
            [
                tenant_section(one, anchor(index), sign(one["verdict"]), (pictures or {}).get(one["host"], ()))
                for index, one in enumerate(tenants)
            ],
            tag("p", "No tenant was audited.") if not tenants else None,
        ),
        tag("script", Markup(SCRIPT)),
    )
    return f"<!DOCTYPE html>\n{tag('html', _head(document), body, lang='en')}\n"


def anchor(index: int) -> str:
    return f"tenant-{index + 1}"


def sign(verdict: str) -> Markup:
    """A verdict in words, with a sign that screen readers leave out."""
    return tag("span", tag("span", _SIGNS[verdict], aria_hidden="true"), f" {verdict}", class_=f"verdict {verdict}")


def _head(document: Mapping[str, Any]) -> Markup:
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    # Nothing may be loaded or sent, and no script runs but the one of this page.
    policy = (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
        " form-action 'none'"
    )
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name_="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name_="referrer", content="no-referrer"),
        tag("title", f"Audit: {verdict_line(document)}"),
        tag("style", Markup(STYLE)),
    )


def _header(document: Mapping[str, Any]) -> Markup:
    counts = document["summary"]
    items = [
        (counts["tenants"], "tenants"),
        *((counts[verdict], verdict) for verdict in VERDICTS),
        *((counts[action], f"to {action}") for action in ACTIONS),
        (counts["unmanaged"], "not declared"),
        (counts["findings"], "findings"),
    ]
    made = f"Made at {one_line(document['generated_at'])}"
    if document.get("merged_from"):
        made += f" from {counted(len(document['merged_from']), 'audit')}"
    return tag(
        "div",
        tag("h1", "Audit of telephone systems"),
        tag("p", sign(document["verdict"]), class_=f"banner verdict {document['verdict']}"),
        tag("ul", [tag("li", tag("b", number), f" {words}") for number, words in items], class_="counts"),
        tag("p", f"{made}. Nothing was changed on any system.", class_="quiet"),
    )


def _comparison(comparison: Mapping[str, Any] | None) -> Markup | None:
    if comparison is None:
        return None
    parts = []
    for group, title in _GROUPS.items():
        listed = comparison[group]
        if not listed:
            continue
        lines = [
            tag("li", tag("strong", one_line(one["host"])), ": ", tag("code", one_line(one["text"]))) for one in listed
        ]
        parts.append(tag("details", tag("summary", f"{title}: {len(listed)}"), tag("ul", lines), open=group == "new"))
    return tag(
        "section",
        tag("h2", f"Since the audit of {one_line(comparison['previous_generated_at'])}", id="since"),
        parts or tag("p", "Nothing differed then, and nothing differs now."),
        aria_labelledby="since",
    )


def _tools(tenants: Sequence[Mapping[str, Any]]) -> Markup:
    boxes = [
        tag("label", tag("input", type="checkbox", value=verdict, checked=True), f" {verdict}") for verdict in VERDICTS
    ]
    return tag(
        "form",
        tag(
            "div",
            tag("label", "Search in everything", for_="search"),
            tag("div", tag("input", type="search", id="search", autocomplete="off")),
        ),
        tag("fieldset", tag("legend", "Show tenants that are"), boxes),
        tag("button", "Open or close all", type="button", id="all"),
        tag("div", counted(len(tenants), "tenant"), id="shown", role="status"),
        class_="tools",
        id="tools",
        role="search",
        hidden=True,
    )


def _overview(tenants: Sequence[Mapping[str, Any]]) -> Markup:
    numbers = (*ACTIONS, "not declared", "findings", "requests", "seconds")
    head = tag(
        "tr",
        tag("th", "tenant", scope="col"),
        tag("th", "verdict", scope="col"),
        [tag("th", words, scope="col", class_="number") for words in numbers],
    )
    rows = [_row(index, one) for index, one in enumerate(tenants)]
    table = tag("table", tag("caption", "Overview"), tag("thead", head), tag("tbody", rows), id="overview")
    return tag("div", table, class_="wide", role="region", aria_label="Overview", tabindex="0")


def _row(index: int, tenant: Mapping[str, Any]) -> Markup:
    actions = [step["action"] for step in tenant["plan"]]
    known = tenant["verdict"] != INCOMPLETE or bool(tenant["plan"])
    values = [
        *(str(actions.count(action)) if known else "?" for action in ACTIONS),
        str(len(tenant["unmanaged"])) if known else "?",
        str(len(tenant["findings"])),
        str(tenant["requests"]),
        f"{tenant['seconds']:.2f}",
    ]
    return tag(
        "tr",
        tag("th", tag("a", one_line(tenant["host"]), href=f"#{anchor(index)}"), scope="row"),
        tag("td", sign(tenant["verdict"])),
        [tag("td", value, class_="number") for value in values],
        data_verdict=tenant["verdict"],
    )
