# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The entries of docs/docsite/rst/troubleshooting.rst: every error class with its messages, and every finding.

Classes, messages and ids come from the code (`raised`), cause and cure of them from prose/troubleshooting.yml, and the cures of
messages that do not tell it themselves from prose/messages.yml.
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
_OWN_CURE = ";"  # what stands behind it tells what to do


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
            for message in sorted(messages[name], key=_order):
                lines += [f"- {_literal(message)}", *(f"  {line}" for line in [cure_of(message)] if line)]
            lines.append("")
    _require_used({message for found in messages.values() for message in found})
    return lines


def cure_of(message: str) -> str:
    """What to do about a message that does not say it itself; empty for one that does. Raises GenerateError."""
    if _OWN_CURE in message:
        return ""
    found = _key(message)
    if found is None:
        raise GenerateError(
            f"prose/messages.yml: nothing says what to do about `{_plain(message)}`; let the message say it, after a"
            " semicolon, or write a cure there"
        )
    return " ".join(prose.texts(_cures()[found]))


def _cures() -> Mapping[str, Any]:
    found: Mapping[str, Any] = prose.loaded("messages")["cures"]
    return found


def _key(message: str) -> str | None:
    return next((key for key in _cures() if key in _plain(message)), None)


def _require_used(messages: Iterable[str]) -> None:
    used = {_key(message) for message in messages if _OWN_CURE not in message}
    left = [key for key in _cures() if key not in used]
    if left:
        raise GenerateError(f"prose/messages.yml: no message needs the cure of {'; '.join(left)}; remove it")


def _findings() -> list[str]:
    lines: list[str] = []
    for name, one in entries("findings", raised.raised().ids - set(RULES)).items():
        lines += _entry(name, one)
    return lines


def _entry(name: str, one: Mapping[str, Any]) -> list[str]:
    parts = [f":{key.capitalize()}: {' '.join(prose.texts(one[key]))}" for key in ("cause", "cure")]
    return [name, "~" * len(name), "", *parts, ""]


def _literal(message: str) -> str:
    return f"``{_plain(message)}``"


def _plain(message: str) -> str:
    return " ".join(message.replace("`", "").split())


def _order(message: str) -> tuple[bool, str, str]:
    """The messages that begin with fixed text first; the message itself last, so that no two are alike."""
    return message.startswith("…"), message.lstrip("…:; ").casefold(), message
