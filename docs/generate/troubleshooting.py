# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The entries of docs/docsite/rst/troubleshooting.rst: every error class with its messages, and every finding.

Classes, messages and ids come from the code (`raised`), cause and cure from prose/troubleshooting.yml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ansible_collections.telephony.pbx.plugins.module_utils.advice.rules import RULES

from . import prose, raised
from .blocks import with_block
from .places import GUIDES, GenerateError, relative

_PAGE = GUIDES / "troubleshooting.rst"
_PARTS = ("errors", "findings")


def files() -> dict[Path, str]:
    text = _PAGE.read_text(encoding="utf-8")
    for part, lines in (("errors", _errors()), ("findings", _findings())):
        begin, end = f".. entries of {part}", f".. end of {part}"
        block = "\n".join([begin, "", *lines, end])
        text = with_block(text, f"^{begin}$.*?^{end}$", block, relative(_PAGE), f"the entries ({begin})")
    return {_PAGE: text}


def entries(part: str, wanted: Iterable[str]) -> Mapping[str, Any]:
    """Name -> cause and cure. Raises GenerateError where one is missing, says nothing, or is about nothing."""
    found: Mapping[str, Any] = prose.loaded("troubleshooting")[part]
    known = set(wanted)
    wrong = [f"{name} has no entry" for name in sorted(known - set(found))]
    wrong += [f"nothing raises {name}; remove its entry" for name in sorted(set(found) - known)]
    wrong += [
        f"{name} has no {key}"
        for name, one in found.items()
        for key in ("cause", "cure")
        if not any(prose.texts(one.get(key)))
    ]
    if wrong:
        raise GenerateError(f"prose/troubleshooting.yml: {part}: {'; '.join(wrong)}")
    return found


def _errors() -> list[str]:
    messages = raised.raised().messages
    lines: list[str] = []
    for name, one in entries("errors", messages).items():
        lines += _entry(name, one)
        if messages[name]:
            lines += ["Messages, with … for what differs:", ""]
            lines += [f"- {_literal(message)}" for message in sorted(messages[name], key=_order)]
            lines.append("")
    return lines


def _findings() -> list[str]:
    lines: list[str] = []
    for name, one in entries("findings", raised.raised().ids - set(RULES)).items():
        lines += _entry(name, one)
    return lines


def _entry(name: str, one: Mapping[str, Any]) -> list[str]:
    parts = [f":{key.capitalize()}: {' '.join(prose.texts(one[key]))}" for key in ("cause", "cure")]
    return [name, "~" * len(name), "", *parts, ""]


def _literal(message: str) -> str:
    return f"``{' '.join(message.replace('`', '').split())}``"


def _order(message: str) -> tuple[bool, str, str]:
    """The messages that begin with fixed text first; the message itself last, so that no two are alike."""
    return message.startswith("…"), message.lstrip("…:; ").casefold(), message
