# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/docsite/rst/tenant_reference.rst: each variable and option of a tenant, its type, the backends that have it, an example.

From the catalogue and the descriptions of the modules; the examples are in prose/reference.yml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.telephony.pbx.plugins.module_utils.backends.registry import BACKENDS
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import Resource, tenant_lists
from ansible_collections.telephony.pbx.plugins.module_utils.model.validate import known_options
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Field

from . import options, prose, roles, rows, support
from .blocks import with_block
from .places import GUIDES, GenerateError, relative

PAGE = GUIDES / "tenant_reference.rst"
_PER_BACKEND = "by backend"
_ROLE = "tenant"
Examples = Mapping[str, Any]


def files() -> dict[Path, str]:
    text = PAGE.read_text(encoding="utf-8")
    for name, table in {**_lists(), **_variables()}.items():
        begin, end = f".. reference: {name}", ".. end of reference"
        block = f"{begin}\n\n{table}\n\n{end}"
        text = with_block(text, f"^{begin}$.*?^{end}$", block, relative(PAGE), f"the reference of {name}")
    return {PAGE: text}


def backends_of(plural: str, option: str) -> list[str]:
    """The backends that can write an option of a list: `members`, `members[].stage`, `forwarding.busy`."""
    resource = tenant_lists()[plural]
    return [name for name, store in support.stores_of(resource, True).items() if _has(resource, store, option)]


def examples_of(plural: str) -> Iterator[tuple[str, str, Any]]:
    """(option, backend, example) of a list, for each backend that has the option."""
    for option, example in _examples("lists", plural).items():
        for backend in backends_of(plural, option):
            yield option, backend, _of_backend(example, backend, f"{plural}: {option}")


def _has(resource: Resource, store: Any, option: str) -> bool:
    capability, items = store.capability, resource.items
    if items and option.startswith(f"{items.option}[]."):
        return option.partition("[].")[2] in capability.member_options
    if items and option in (items.option, "membership"):
        return bool(capability.member_options)
    if option == "settings":
        return any(not spec.instead for spec in capability.settings.values())
    return option in capability.options or option in resource.directives or option == "state"


def _examples(part: str, name: str = "") -> Examples:
    found: Examples = prose.loaded("reference")[part]
    return found[name] if name else found


def _of_backend(example: Any, backend: str, place: str) -> Any:
    if not (isinstance(example, Mapping) and _PER_BACKEND in example):
        return example
    if backend not in example[_PER_BACKEND]:
        raise GenerateError(f"prose/reference.yml: {place} has no example for {backend}")
    return example[_PER_BACKEND][backend]


def _lists() -> dict[str, str]:
    return {plural: _list(plural, resource) for plural, resource in tenant_lists().items()}


def _list(plural: str, resource: Resource) -> str:
    documented = dict(_options(resource))
    examples = _examples("lists", plural)
    _require_same(plural, documented, examples)
    head = ("Option", "Type", *(f"``{name}``" for name in BACKENDS), "Example", "Meaning")
    lines = []
    for option, (spec, text) in documented.items():
        able = backends_of(plural, option)
        marks = ["yes" if name in able else rows.NONE for name in BACKENDS]
        first = _of_backend(examples[option], able[0], f"{plural}: {option}") if able else ""
        lines.append((rows.code(option), _type(spec), *marks, _example(first), text))
    return _table(head, lines)


def _options(resource: Resource) -> Iterator[tuple[str, tuple[Any, str]]]:
    """Option -> what is known of its values (a Field, or an argument spec), and its meaning; those of items last."""
    known = known_options(resource)
    items = resource.items
    entries = {name: one for name, one in options.of_module(resource.name).items() if name in known}
    fields = {**resource.fields, **resource.directives}
    for name, entry in entries.items():
        yield name, (fields.get(name, entry), _meaning(entry))
        if name in fields and fields[name].partial:
            for part, below in (entry.get("suboptions") or {}).items():
                yield f"{name}.{part}", (fields[name].nested[part], _meaning(below))
    for name, below in (entries[items.option].get("suboptions") or {}).items() if items else ():
        yield f"{items.option if items else ''}[].{name}", (items.fields[name] if items else {}, _meaning(below))


def _variables() -> dict[str, str]:
    """The variables of the role, without the lists: those of the tenant, and those of the connection."""
    lists = {f"pbx_{plural}" for plural in tenant_lists()}
    entries = {name: one for name, one in roles.variables(_ROLE).items() if name not in lists}
    examples = _examples("variables")
    _require_same("variables", entries, examples)
    connection = {f"pbx_{name}" for name in options.of_connection()}
    head = ("Variable", "Type", "Example", "Meaning")
    made = {}
    for title, wanted in (("variables", set(entries) - connection), ("connection", connection)):
        lines = [
            (rows.code(name), _type(one), _example(examples[name]), _meaning(one))
            for name, one in entries.items()
            if name in wanted
        ]
        made[title] = _table(head, lines)
    return made


def _require_same(place: str, known: Mapping[str, Any], examples: Examples) -> None:
    wrong = [f"{name} has no example" for name in known if name not in examples]
    wrong += [f"there is no {name}; remove its example" for name in examples if name not in known]
    if wrong:
        raise GenerateError(f"prose/reference.yml: {place}: {'; '.join(wrong)}")


def _type(spec: Field | Mapping[str, Any]) -> str:
    if isinstance(spec, Field):
        values = rows.values(spec, None)
        return f"{rows.TYPES[spec.kind]}{': ' if values else ''}{values}"
    choices = ", ".join(rows.code(str(one)) for one in spec.get("choices") or ())
    kind = {"str": "string", "int": "integer", "float": "number", "bool": "boolean", "dict": "dictionary"}
    names = {
        "list": f"list of {kind.get(spec.get('elements', 'str'), 'string')}s".replace("dictionarys", "dictionaries")
    }
    said = {**kind, **names}.get(spec["type"], spec["type"])
    return f"{said}{': ' if choices else ''}{choices}"


def _meaning(entry: Mapping[str, Any]) -> str:
    """The first sentence of a description."""
    sentence = re.split(r"(?<=[.])\s+(?=[A-Z])", prose.texts(entry)[0])[0]
    return as_rst(sentence)


def as_rst(text: str) -> str:
    """The markup of Ansible's documentation as that of its guides."""
    text = re.sub(r"\bM\(([\w.]+)\)", r":ansplugin:`\1#module`", text)
    text = re.sub(r"\bP\(([\w.#]+)\)", r":ansplugin:`\1`", text)
    text = re.sub(r"\bR\(([^,]+), ?([\w.]+)\)", r":ref:`\1 <\2>`", text)
    return re.sub(r"\b(?:[OVCE]|RV)\(((?:[^()\\]|\\.)*)\)", r"``\1``", text)


def _example(value: Any) -> str:
    """A value as people write it in one line of YAML, digits in quotes."""
    if value == "":
        return '``""``'
    text = yaml.safe_dump(value, default_flow_style=True, width=10**6, allow_unicode=True)
    return rows.code(text.removesuffix("\n").removesuffix("\n...").replace("'", '"'))


def _table(head: rows.Row, lines: list[rows.Row]) -> str:
    made = [".. list-table::", "   :header-rows: 1", "   :widths: auto", ""]
    for line in [head, *lines]:
        made += [f"   {'*' if place == 0 else ' '} - {cell}".rstrip() for place, cell in enumerate(line)]
    return "\n".join(made)
