# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture on docs/docsite/rst/concepts.rst, and the same in words, from the declaration that the page shows."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent, indent

import yaml

from ansible_collections.telephony.pbx.plugins.module_utils.report.callflow.ask import picture_at

from .blocks import with_block
from .places import DOCS, GUIDES, GenerateError, relative

_PAGE = GUIDES / "concepts.rst"
_PICTURE = DOCS / "images" / "concepts-call.svg"
_DECLARATION = re.compile(r"^\.\. code-block:: yaml\n   :caption: .*\n\n((?:   .*\n|\n)+)", re.MULTILINE)
_BEGIN, _END = ".. outline of the picture", ".. end of outline"
_BACKEND, _GROUP = "vodia", "1002"


def files() -> dict[Path, str]:
    text = _PAGE.read_text(encoding="utf-8")
    found = _DECLARATION.search(text)
    if not found:
        raise GenerateError(f"{relative(_PAGE)}: there is no declaration (a YAML block with a caption) to draw")
    declared = yaml.safe_load(dedent(found[1]))
    document = {"backend": _BACKEND, **{name.removeprefix("pbx_"): value for name, value in declared.items()}}
    words = picture_at(document, _BACKEND, "outline", _GROUP).text
    block = f"{_BEGIN}\n\n.. code-block:: text\n\n{indent(words.strip(), '   ')}\n\n{_END}"
    return {
        _PAGE: with_block(text, f"^{_BEGIN}$.*?^{_END}$", block, relative(_PAGE), f"the outline ({_BEGIN})"),
        _PICTURE: picture_at(document, _BACKEND, "svg", _GROUP).text,
    }
