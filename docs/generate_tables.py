# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`python docs/generate_tables.py`: writes the tables of the guides, from the field tables that the modules check by.

A guide marks a table by `.. table: BACKEND RESOURCE WHAT` and `.. end of table`; what stands between is replaced. Runs
where the collection can be imported, as in the environment that `dev.py` makes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from ansible_collections.telephony.pbx.plugins.module_utils.backends.registry import BACKENDS
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import Capability, Resource
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Field

GUIDES = Path(__file__).resolve().parent / "docsite" / "rst"
MARKED = re.compile(r"(^\.\. table: (\w+) (\w+) (\w+)\n)(.*?)(^\.\. end of table\n)", re.MULTILINE | re.DOTALL)
TYPES = {
    "text": "text",
    "number": "number",
    "phone": "phone number",
    "int": "whole number",
    "bool": "true or false",
    "choice": "word",
    "tokens": "words",
    "names": "list",
    "period": "times of the week",
    "dict": "dictionary",
}
EMPTY = {"names": "[]", "tokens": "[]", "dict": "{}"}
Row = tuple[str, ...]


def main() -> None:
    for guide in sorted(GUIDES.glob("*.rst")):
        text = guide.read_text(encoding="utf-8")
        if generated(text) != text:
            guide.write_text(generated(text), encoding="utf-8")
            print(f"wrote {guide.name}")


def generated(text: str) -> str:
    """The text of a guide with all its marked tables as they have to be."""
    return MARKED.sub(lambda found: f"{found[1]}\n{table(found[2], found[3], found[4])}\n{found[5]}", text)


def table(backend: str, resource: str, what: str) -> str:
    store = BACKENDS[backend].stores[resource]
    make = {"options": options, "policies": policies, "refused": refused, "settings": settings}[what]
    return "\n".join(list_table(make(store.capability, store.resource)))


def list_table(rows: list[Row]) -> Iterator[str]:
    yield from (".. list-table::", "   :header-rows: 1", "   :widths: auto", "")
    for row in rows:
        for place, cell in enumerate(row):
            yield f"   {'*' if place == 0 else ' '} - {cell}".rstrip()


def options(capability: Capability, resource: Resource) -> list[Row]:
    """The neutral options that the backend can express."""
    fields: dict[str, Field] = {}
    for name, spec in resource.fields.items():
        fields[name] = capability.narrower.get(name, spec)
        if spec.partial:
            fields.update({f"{name}.{part}": one for part, one in spec.nested.items()})
    fields = {name: spec for name, spec in fields.items() if name in capability.options}
    rows = [("option", "type", "values", "cleared by")]
    rows += [(code(name), TYPES[spec.kind], values(spec, capability), cleared(spec)) for name, spec in fields.items()]
    if resource.items:
        known = {name: spec for name, spec in resource.items.fields.items() if name in capability.member_options}
        rows += [
            (code(f"{resource.items.option}[].{name}"), TYPES[spec.kind], values(spec, capability), cleared(spec))
            for name, spec in known.items()
        ]
    return rows


def policies(capability: Capability, resource: Resource) -> list[Row]:
    rows = [("policy", "there", "order of members")]
    ordered = capability.ordered_policies
    return rows + [
        (code(name), code(wire), "has meaning" if name in ordered else "has none")
        for name, wire in capability.policies.items()
    ]


def refused(capability: Capability, resource: Resource) -> list[Row]:
    """The neutral options that the backend does not have, and what to write instead."""
    parts = [f"{name}.{part}" for name, spec in resource.fields.items() if spec.partial for part in spec.nested]
    missing = [name for name in (*resource.fields, *parts) if name not in capability.options]
    missing += [resource.items.option] if resource.items and not capability.member_options else []
    if resource.items and capability.member_options:
        places = [name for name in resource.items.fields if name not in capability.member_options]
        missing += [f"{resource.items.option}.{name}" for name in places]
    hints = [(code(name), capability.refused.get(name, "leave it out")) for name in missing]
    renamed = [(code(f"settings.{name}"), f"the option {spec.instead}") for name, spec in capability.settings.items()
               if spec.instead]  # fmt: skip
    return [("not there", "instead"), *hints, *renamed]


def settings(capability: Capability, resource: Resource) -> list[Row]:
    return [("setting", "type", "values", "cleared by", "remarks"), *setting_rows(capability.settings, "")]


def setting_rows(fields: Mapping[str, Field], place: str) -> Iterator[Row]:
    for name, spec in fields.items():
        if spec.instead:
            continue
        yield code(place + name), TYPES[spec.kind], values(spec, None), cleared(spec), remarks(spec)
        yield from setting_rows(spec.nested, f"{place}{name}.")


def values(spec: Field, capability: Capability | None) -> str:
    choices = capability.policies if capability and "regular" in spec.choices else spec.choices
    found = [", ".join(code(choice) for choice in choices)] if choices else []
    if spec.limits and spec.kind == "int":
        found.append(f"{spec.limits[0]} to {spec.limits[1]}")
    elif spec.limits:
        found.append(f"{spec.limits[0]} to {spec.limits[1]} characters")
    if spec.forbidden:
        found.append("without " + " ".join(code(character) for character in spec.forbidden))
    return ", ".join(found)


def cleared(spec: Field) -> str:
    return code(EMPTY.get(spec.kind, '""')) if spec.clearable and not (spec.read_only or spec.required) else "\\-"


def remarks(spec: Field) -> str:
    found = {
        "can only be read": spec.read_only,
        "only at creation": spec.create_only,
        "never shown": spec.secret,
        "the parts that are written are managed": spec.partial,
        f"also set by the option {code(spec.also)}": bool(spec.also),
    }
    return ", ".join(remark for remark, holds in found.items() if holds)


def code(text: str) -> str:
    return f"``{text}``"


if __name__ == "__main__":
    main()
