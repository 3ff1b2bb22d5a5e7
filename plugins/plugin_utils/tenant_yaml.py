# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant as YAML files of variables, and what is there of earlier exports.

The same tenant gives the same bytes. Files without the first lines of an export are never touched.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.telephony.pbx.plugins.module_utils.errors import InvalidOption
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import tenant_lists
from ansible_collections.telephony.pbx.plugins.plugin_utils.report_files import write_file

HEADER = "---\n# Written by telephony.pbx.export; the next export writes it anew.\n"
INDEX = "tenant.yml"
TEMPLATE = re.compile(r"\{[{%#]")
REFERENCE = re.compile(r"\{\{ pbx_\w+ \}\}")


class Raw(str):
    """A text that is written without a mark: a reference to another variable, which Ansible evaluates."""


class Style(yaml.SafeDumper):
    """Block style with indented lists and every text in quotes, so that no reader takes 0111 or Y for anything else."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(style: Style, text: str) -> yaml.Node:
    """A text that looks like a template is marked, or Ansible would run it when it reads the file."""
    tag = "!unsafe" if TEMPLATE.search(text) else "tag:yaml.org,2002:str"
    return style.represent_scalar(tag, text, style='"')


def _key_plain(style: Style, values: dict[str, Any]) -> yaml.Node:
    pairs = [
        (yaml.ScalarNode("tag:yaml.org,2002:str", key), style.represent_data(item)) for key, item in values.items()
    ]
    return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=not values)


def _list(style: Style, values: list[Any]) -> yaml.Node:
    return style.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=not values)


Style.add_representer(str, _text)
Style.add_representer(Raw, lambda style, text: style.represent_scalar("tag:yaml.org,2002:str", text, style='"'))
Style.add_representer(dict, _key_plain)
Style.add_representer(list, _list)


def as_yaml(variables: dict[str, Any]) -> bytes:
    text = yaml.dump(variables, Dumper=Style, allow_unicode=True, width=sys.maxsize, default_flow_style=False)
    return (HEADER + text).encode()


def with_schema(content: bytes, schema: str, file: Path) -> bytes:
    """The same with a comment for editors; the path of the schema is relative to the file, as they expect it."""
    if not schema:
        return content
    comment = f"# yaml-language-server: $schema={Path(os.path.relpath(schema, file.parent)).as_posix()}\n"
    return HEADER.encode() + comment.encode() + content[len(HEADER.encode()) :]


class Loader(yaml.SafeLoader):
    """Reads what was written: a text may be marked as no template, and another one be a reference."""


def _loaded(loader: yaml.SafeLoader, node: yaml.Node) -> str:
    text = str(node.value)
    return Raw(text) if REFERENCE.fullmatch(text) else text


Loader.add_constructor("!unsafe", lambda loader, node: str(node.value))
Loader.add_constructor("tag:yaml.org,2002:str", _loaded)


def kept_lists(place: Path, tenant: Mapping[str, Any]) -> dict[str, Any]:
    """The lists of an earlier export that this one leaves out: they stay as they are. Raises OSError, InvalidOption."""
    path = place / INDEX
    if not path.exists() or not is_ours(path):
        return {}
    try:
        # the loader is a SafeLoader that knows two more tags of plain texts
        earlier = yaml.load(path.read_bytes().decode(), Loader) or {}
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidOption(f"{path}: cannot be read ({error}); move it away") from None
    if not isinstance(earlier, dict):
        raise InvalidOption(f"{path}: has no variables; move it away")
    names = {f"pbx_{plural}" for plural in tenant_lists() if plural not in tenant}
    return {name: value for name, value in earlier.items() if name in names}


def one_file(tenant: Mapping[str, Any], kept: dict[str, Any]) -> dict[str, bytes]:
    """File name -> content, with everything in one file."""
    return {
        INDEX: as_yaml({**{f"pbx_{plural}": tenant[plural] for plural in tenant_lists() if plural in tenant}, **kept})
    }


def one_file_per_object(tenant: Mapping[str, Any], kept: dict[str, Any]) -> dict[str, bytes]:
    """The same with each object as a variable in a file of its own; the index puts them together in order."""
    files: dict[str, bytes] = {}
    index: dict[str, Any] = {}
    for plural, resource in tenant_lists().items():
        names: list[str] = []
        for item in tenant.get(plural, []):
            name = unused(re.sub(r"\W", "_", str(item[resource.key]), flags=re.ASCII), names)
            names.append(name)
            files[f"{plural}/{name}.yml"] = as_yaml({f"pbx_{resource.name}_{name}": item})
        if plural in tenant:
            index[f"pbx_{plural}"] = [Raw(f"{{{{ pbx_{resource.name}_{name} }}}}") for name in names]
    return {INDEX: as_yaml({**index, **kept}), **files}


def unused(name: str, names: list[str]) -> str:
    """The name, with a number behind it if others have it already; on some disks letter case makes no difference."""
    taken = {one.casefold() for one in names}
    candidate, number = name, 1
    while candidate.casefold() in taken:
        number += 1
        candidate = f"{name}_{number}"
    return candidate


def left_over(place: Path, files: dict[str, bytes], lists: Collection[str]) -> list[Path]:
    """Files of earlier exports whose object is no longer there, of the lists that are exported."""
    found = [path for plural in lists for path in sorted((place / plural).glob("*.yml"))]
    return [path for path in found if path.relative_to(place).as_posix() not in files and is_ours(path)]


def is_ours(path: Path) -> bool:
    return path.read_bytes().startswith(HEADER.encode())


def differs(path: Path, content: bytes) -> bool:
    """Whether a file must be written. Raises InvalidOption for a file that no export has written, and OSError."""
    if not path.exists():
        return True
    if not is_ours(path):
        raise InvalidOption(f"{path}: was not written by an export; move it away, or choose another directory")
    return path.read_bytes() != content or path.stat().st_mode & 0o777 != 0o600


@dataclass(frozen=True)
class Update:
    """What an export changes in the directory of a tenant. contents: by path; only what differs is written."""

    contents: Mapping[Path, bytes]
    changed: list[Path]
    removed: list[Path]

    @property
    def paths(self) -> list[Path]:
        return [*self.changed, *self.removed]

    def carry_out(self) -> Iterator[Path]:
        """Write and remove. Each file is whole or not there, and only its owner can read it. Yields what is done.

        Raises OSError.
        """
        for path in self.changed:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_file(str(path), self.contents[path], 0o600)
            yield path
        for path in self.removed:
            path.unlink()
            yield path


def update_of(place: Path, tenant: Mapping[str, Any], layout: str, schema: str) -> Update:
    """What an export of a tenant would change in a directory.

    layout: `file` or `objects`. schema: the absolute path of a schema for editors; empty for none.
    Raises InvalidOption and OSError.
    """
    check_shape(tenant)
    kept = kept_lists(place, tenant)
    files = (one_file if layout == "file" else one_file_per_object)(tenant, kept)
    contents = {place / name: with_schema(content, schema, place / name) for name, content in files.items()}
    changed = [path for path, content in contents.items() if differs(path, content)]
    return Update(contents, changed, left_over(place, files, [plural for plural in tenant_lists() if plural in tenant]))


def check_shape(tenant: Mapping[str, Any]) -> None:
    """Raises InvalidOption where a list is none, or one of its objects has no key."""
    for plural, resource in tenant_lists().items():
        items = tenant.get(plural, [])
        if not isinstance(items, list):
            raise InvalidOption(f"tenant: {plural} is not a list; give what telephony.pbx.tenant_info returns")
        for index, item in enumerate(items):
            if not isinstance(item, dict) or item.get(resource.key) in (None, ""):
                raise InvalidOption(
                    f"tenant: {plural}[{index}] is not a dictionary with {resource.key}; give what telephony.pbx.tenant_info returns"
                )
