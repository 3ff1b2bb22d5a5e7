# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation blocks of plugins/modules/*.py: the options inside DOCUMENTATION, and the whole of RETURN.

Everything else in a module (its description, notes, examples) is written by hand. What ends up in the file is plain
text, because Ansible reads it without running the module.
"""

from __future__ import annotations

from pathlib import Path

from ansible_collections.telephony.pbx.plugins.module_utils.entry.arguments import ACTION_ONLY, module_names

from . import options, prose, returns
from .blocks import as_yaml, with_block
from .places import MODULES, GenerateError, relative

# From the line `options:` up to the next key of the first level, or the end of the block.
_OPTIONS = r"(?<=\n)options:.*?(?=^[a-z]\w*:|^\"\"\")"
_RETURN = r'^RETURN = r""".*?^"""$'
_DOCUMENTATION = r'^DOCUMENTATION = r""".*?^"""$'


def files() -> dict[Path, str]:
    _check_names()
    return {MODULES / f"{name}.py": _module(name) for name in module_names()}


def _check_names() -> None:
    """Every module has a file. Nothing else is there, but for the documentation of what has its own action plugin."""
    there = {path.stem for path in MODULES.glob("*.py") if not path.name.startswith("_")}
    known = set(module_names())
    found = [f"plugins/modules/{name}.py is missing" for name in sorted(known - there)]
    found += [
        f"plugins/modules/{name}.py is no module of the catalogue" for name in sorted(there - known - set(ACTION_ONLY))
    ]
    found += [
        f"docs/generate/prose describes {name}, which is no module" for name in sorted(set(prose.modules()) - known)
    ]
    if found:
        raise GenerateError("; ".join(found))


def _module(name: str) -> str:
    path = MODULES / f"{name}.py"
    text = path.read_text(encoding="utf-8")
    place = relative(path)
    before, documentation, after = _split(text, place)
    block = as_yaml({"options": options.of_module(name)})
    documentation = with_block(documentation, _OPTIONS, block, place, "the options (a line `options:`)")
    returned = f'RETURN = r"""\n{as_yaml(returns.of_module(name))}"""'
    return with_block(before + documentation + after, _RETURN, returned, place, "RETURN")


def _split(text: str, place: str) -> tuple[str, str, str]:
    """The text before DOCUMENTATION, DOCUMENTATION, and the text behind it."""
    start = text.find('DOCUMENTATION = r"""')
    end = text.find('\n"""', start) + len('\n"""')
    if start < 0 or end <= start:
        raise GenerateError(f"{place}: has no DOCUMENTATION block")
    return text[:start], text[start:end], text[end:]
