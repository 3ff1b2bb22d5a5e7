# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing YAML for people, and replacing a generated block inside a file that is written by hand."""

from __future__ import annotations

import re
from typing import Any

import yaml

from .places import GenerateError

_WIDTH = 118


class _Dumper(yaml.SafeDumper):
    """Indents the items of a list, as ansible-lint and yamllint want it."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


class Inline(dict):  # type: ignore[type-arg]
    """A dictionary that is written on one line."""


def _text(dumper: yaml.SafeDumper, data: str) -> yaml.ScalarNode:
    # A digit string in double quotes, as people write it.
    style = '"' if re.fullmatch(r"[0-9]+|", data) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style=style)


def _inline(dumper: yaml.SafeDumper, data: Inline) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=True)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Inline, _inline)


def as_yaml(data: Any, indent: int = 0) -> str:
    """The data as block YAML, ending with a line break."""
    text: str = yaml.dump(
        data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH - indent, default_flow_style=False
    )
    return "".join(f"{' ' * indent}{line}" if line.strip() else line for line in text.splitlines(keepends=True))


def with_block(text: str, pattern: str, block: str, place: str, what: str) -> str:
    """The text with the one match of a pattern replaced. Raises GenerateError when there is none, or more than one."""
    found = re.findall(pattern, text, re.MULTILINE | re.DOTALL)
    if len(found) != 1:
        raise GenerateError(f"{place}: has {len(found)} places for {what}; it needs one")
    return re.sub(pattern, lambda _match: block, text, flags=re.MULTILINE | re.DOTALL)
