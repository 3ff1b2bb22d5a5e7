# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a tenant, as JSON on standard input, into YAML files of variables. Prints what changed, as JSON.

The same tenant gives the same bytes. Files without the first lines of this program's own are never touched.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

HEADER = "---\n# Written by telephony.pbx.export; the next export writes it anew.\n"
INDEX = "tenant.yml"
KINDS = {"extensions": ("extension", "id"), "hunt_groups": ("hunt_group", "id"), "follow_me": ("follow_me", "account")}
TEMPLATE = re.compile(r"\{[{%#]")
REFERENCE = re.compile(r"\{\{ pbx_\w+ \}\}")


class Raw(str):
    """A text to be written as it is, without quotes: a reference to another variable."""


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


def kept_lists(place: Path, tenant: dict[str, Any]) -> dict[str, Any]:
    """The lists of an earlier export that this one leaves out: they stay as they are."""
    path = place / INDEX
    if not path.exists() or not is_ours(path):
        return {}
    # the loader is a SafeLoader that knows two more tags of plain texts
    earlier = yaml.load(path.read_text(encoding="utf-8"), Loader) or {}
    names = {f"pbx_{kind}" for kind in KINDS if kind not in tenant}
    return {name: value for name, value in earlier.items() if name in names}


def one_file(tenant: dict[str, Any], kept: dict[str, Any]) -> dict[str, bytes]:
    """File name -> content, with everything in one file."""
    return {INDEX: as_yaml({**{f"pbx_{kind}": tenant[kind] for kind in KINDS if kind in tenant}, **kept})}


def one_file_per_object(tenant: dict[str, Any], kept: dict[str, Any]) -> dict[str, bytes]:
    """The same with each object as a variable in a file of its own; the index puts them together in order."""
    files: dict[str, bytes] = {}
    index: dict[str, Any] = {}
    for kind, (singular, key) in KINDS.items():
        names: list[str] = []
        for item in tenant.get(kind, []):
            name = unused(re.sub(r"\W", "_", str(item[key]), flags=re.ASCII), names)
            names.append(name)
            files[f"{kind}/{name}.yml"] = as_yaml({f"pbx_{singular}_{name}": item})
        if kind in tenant:
            index[f"pbx_{kind}"] = [Raw(f"{{{{ pbx_{singular}_{name} }}}}") for name in names]
    return {INDEX: as_yaml({**index, **kept}), **files}


def unused(name: str, names: list[str]) -> str:
    """The name, with a number behind it if others have it already; on some disks letter case makes no difference."""
    taken = {one.casefold() for one in names}
    candidate, number = name, 1
    while candidate.casefold() in taken:
        number += 1
        candidate = f"{name}_{number}"
    return candidate


def left_over(place: Path, files: dict[str, bytes], kinds: list[str]) -> list[Path]:
    """Files of earlier exports whose object is no longer there, of the kinds that are exported."""
    found = [path for kind in kinds for path in sorted((place / kind).glob("*.yml"))]
    return [path for path in found if path.relative_to(place).as_posix() not in files and is_ours(path)]


def is_ours(path: Path) -> bool:
    return path.read_bytes().startswith(HEADER.encode())


def differs(path: Path, content: bytes) -> bool:
    if not path.exists():
        return True
    if not is_ours(path):
        raise OSError(f"{path}: was not written by an export; move it away, or choose another pbx_export_directory")
    return path.read_bytes() != content or path.stat().st_mode & 0o777 != 0o600


def write(path: Path, content: bytes) -> None:
    """All of it or nothing, readable by its owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, partial = tempfile.mkstemp(dir=path.parent, prefix=".pbx-")  # for its owner only, by its contract
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(partial, path)
    except OSError:
        os.unlink(partial)
        raise


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True)
    parser.add_argument("--directory", required=True, type=Path)
    parser.add_argument("--layout", choices=["file", "objects"], default="file")
    parser.add_argument("--schema", default="", help="a schema for editors, an absolute path; empty: none")
    mode = parser.add_mutually_exclusive_group(required=True)
    mode.add_argument("--write", action="store_true")
    mode.add_argument("--dry-run", action="store_true")
    options = parser.parse_args()
    if options.name in (".", "..") or "/" in options.name:
        print(f"{options.name}: cannot be the name of a directory", file=sys.stderr)
        return 1
    place = options.directory / options.name
    tenant = json.load(sys.stdin)
    try:
        kept = kept_lists(place, tenant)
        files = (one_file if options.layout == "file" else one_file_per_object)(tenant, kept)
        files = {name: with_schema(content, options.schema, place / name) for name, content in files.items()}
        changed = [place / name for name, content in files.items() if differs(place / name, content)]
        removed = left_over(place, files, [kind for kind in KINDS if kind in tenant])
        if options.write:
            for path in changed:
                write(path, files[path.relative_to(place).as_posix()])
            for path in removed:
                path.unlink()
    except (OSError, yaml.YAMLError) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps({"file": str(place / INDEX), "changed": [str(path) for path in changed + removed]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
