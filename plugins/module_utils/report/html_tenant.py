# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One tenant of the HTML page: its objects with every leaf, expectations, findings, undeclared objects, pictures. Pure."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from typing import Any

from .document import CLEAN
from .html_tags import Markup, tag
from .words import counted, leaves, object_name, one_line, shown, system_of

_SIZE = re.compile(r'<svg [^>]*width="(?P<width>[0-9.]+)"\s+height="(?P<height>[0-9.]+)"')
_STATES = {"failed": ("not met", "drift"), "unknown": ("undecided", "drift"), "passed": ("met", "clean")}


def tenant_section(
    tenant: Mapping[str, Any], anchor: str, verdict: Markup, pictures: Sequence[Mapping[str, str]] = ()
) -> Markup:
    """anchor: the id of the section. verdict: the verdict as markup."""
    facts = [
        system_of(tenant),
        f"{counted(tenant['requests'], 'request')} in {tenant['seconds']:.2f} s",
        f"plan {one_line(tenant['plan_id'])}" if tenant["plan_id"] else "",
    ]
    return tag(
        "details",
        tag("summary", tag("h3", one_line(tenant["host"])), " ", verdict),
        tag("p", "; ".join(fact for fact in facts if fact), class_="quiet"),
        tag("p", tag("strong", one_line(tenant["message"]))) if tenant["message"] else None,
        [_object(step) for step in tenant["plan"]],
        _expectations(tenant["expectations"]),
        _findings(tenant["findings"]),
        _listed("Not declared", tenant["unmanaged"], "There, but not part of the declaration."),
        [_picture(one) for one in pictures],
        _unchanged(tenant.get("unchanged") or []),
        class_="tenant",
        id=anchor,
        data_verdict=tenant["verdict"],
        open=tenant["verdict"] != CLEAN,
    )


def _object(step: Mapping[str, Any]) -> Markup:
    found = leaves(step)
    return tag(
        "div",
        tag("h4", f"{object_name(step)}: {one_line(step['action'])}"),
        tag("p", one_line(step["error"]), class_="verdict incomplete") if step.get("error") else None,
        _changes(f"Changes of {object_name(step)}", found) if found else None,
        class_="object",
    )


def _changes(caption: str, found: Sequence[Mapping[str, Any]]) -> Markup:
    columns = ("field", "before", "after")
    head = tag(
        "tr", [tag("th", words, scope="col") for words in ("field", "before (on the system)", "after (as declared)")]
    )
    rows = [
        tag(
            "tr",
            tag("th", tag("code", one_line(leaf["field"])), scope="row"),
            tag("td", tag("code", shown(leaf["before"])), class_="old", data_label=columns[1]),
            tag("td", tag("code", shown(leaf["after"])), class_="new", data_label=columns[2]),
        )
        for leaf in found
    ]
    return tag("table", tag("thead", head), tag("tbody", rows), class_="changes", aria_label=caption)


def _expectations(listed: Sequence[Mapping[str, Any]]) -> Markup | None:
    if not listed:
        return None
    order = ("failed", "unknown", "passed")
    found = sorted(listed, key=lambda one: order.index(one["status"]) if one.get("status") in order else 0)
    return tag("div", tag("h4", "Expectations"), [_expectation(one) for one in found], class_="object")


def _expectation(one: Mapping[str, Any]) -> Markup:
    words, colour = _STATES.get(str(one.get("status")), ("undecided", "drift"))
    name = one_line(one.get("name") or one.get("path") or "")
    head = [
        tag("span", words, class_=f"verdict {colour}"),
        f": {name}",
        f" (document: {one_line(one.get('document') or '')})",
    ]
    if one.get("status") == "passed":
        return tag("p", head)
    lines = [
        f"{part}: {_lines(one[part])}"
        for part in ("message", "call", "expected", "actual", "because", "hint")
        if one.get(part)
    ]
    return tag("div", tag("p", head), tag("pre", "\n".join(lines)))


def _lines(text: Any) -> str:
    """Several lines, each without what cannot be seen."""
    # Blanks that keep the parts of a timeline apart would be lost.
    lines = [one_line(line.replace("   ", ", ")) for line in str(text).splitlines()]
    return lines[0] if len(lines) == 1 else "".join(f"\n  {line}" for line in lines)


def _findings(listed: Sequence[Mapping[str, Any]]) -> Markup | None:
    if not listed:
        return None
    items = [
        tag(
            "li",
            tag(
                "span",
                one_line(one["severity"]),
                class_=f"verdict {'drift' if one['severity'] == 'error' else ''}".strip(),
            ),
            " ",
            tag("code", one_line(one["path"])),
            f": {one_line(one['message'])}",
            f"; {one_line(one['hint'])}" if one["hint"] else "",
            f" [{one_line(one['id'])}]",
        )
        for one in listed
    ]
    return tag("div", tag("h4", "Findings"), tag("ul", items), class_="object")


def _listed(title: str, listed: Sequence[Mapping[str, Any]], words: str) -> Markup | None:
    if not listed:
        return None
    items = [tag("li", object_name(one)) for one in listed]
    return tag("div", tag("h4", title), tag("p", words, class_="quiet"), tag("ul", items), class_="object")


def _unchanged(listed: Sequence[Mapping[str, Any]]) -> Markup | None:
    if not listed:
        return None
    # One text, as this is most of a page of many tenants: elements would make it slow to open.
    words = f"{counted(len(listed), 'object')} as declared"
    names = "\n".join(object_name(one) for one in listed)
    return tag("details", tag("summary", words), tag("p", names, class_="lines"))


def _picture(picture: Mapping[str, str]) -> Markup:
    """As an image: its inner names cannot meet those of another picture, and nothing in it can run.

    It has its own size, so that its texts can be read, and can be moved with the keyboard where the page is too narrow.
    """
    data = base64.b64encode(picture["svg"].encode()).decode()
    title = one_line(picture["title"])
    size = _SIZE.match(picture["svg"])
    image = tag(
        "img",
        src=f"data:image/svg+xml;base64,{data}",
        alt=f"{title}; in words below",
        width=size and round(float(size["width"])),
        height=size and round(float(size["height"])),
        loading="lazy",
    )
    return tag(
        "figure",
        tag("figcaption", title),
        tag("div", image, class_="wide", role="group", aria_label=title, tabindex="0"),
        tag("details", tag("summary", "The same in words"), tag("pre", _lines(picture["words"]).lstrip("\n"))),
    )
