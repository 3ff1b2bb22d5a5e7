# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML from Python, where a text cannot become markup: every text is escaped unless it is `Markup`. Pure."""

from __future__ import annotations

import html
from typing import Any

_VOID = frozenset({"meta", "input", "img"})


class Markup(str):
    """Text that is HTML already."""


def rendered(*content: Any) -> Markup:
    """Texts escaped, markup as it is, lists and tuples one after the other, None as nothing."""
    parts: list[str] = []
    for one in content:
        if one is None:
            continue
        if isinstance(one, Markup):
            parts.append(one)
        elif isinstance(one, (list, tuple)):
            parts.append(rendered(*one))
        else:
            parts.append(html.escape(str(one), quote=True))
    return Markup("".join(parts))


def tag(name: str, /, *content: Any, **attributes: Any) -> Markup:
    """`tag("a", "words", href="#x")`. `class_` and `for_` lose their underscore, other underscores become dashes.

    An attribute that is None or False is left out, one that is True stands without a value.
    """
    shown = []
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        word = key.rstrip("_").replace("_", "-")
        shown.append(f" {word}" if value is True else f' {word}="{html.escape(str(value), quote=True)}"')
    start = f"<{name}{''.join(shown)}>"
    return Markup(start if name in _VOID else f"{start}{rendered(*content)}</{name}>")
