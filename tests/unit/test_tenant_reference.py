# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference of the tenant file: each example is accepted by the backends that the table names, and refused by the others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ansible_collections.telephony.pbx.docs.generate import prose, reference, support
from ansible_collections.telephony.pbx.plugins.module_utils.entry import run
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import tenant_lists

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "host_vars.schema.json"
LISTS = prose.loaded("reference")["lists"]
KEYS = {
    "extensions": {"id": "0112"},
    "hunt_groups": {"id": "200"},
    "follow_me": {"account": "700001"},
}
DESTINATION = {"portaswitch": {"name": "Mobile", "number": "+32470123456"}, "apio": {"number": "+32470123456"}}
# What an option needs beside it.
BESIDE: dict[str, dict[str, Any]] = {
    "membership": {"hunt_groups": {"members": [{"extension": "101"}]}},
    "remove_from_hunt_groups": {"": {"state": "absent"}},
    "leave_references": {"": {"state": "absent"}},
}
EXAMPLES = [(plural, *one) for plural in tenant_lists() for one in reference.examples_of(plural)]


def declared(plural: str, option: str, backend: str, value: Any) -> dict[str, Any]:
    """An object with this option."""
    item: dict[str, Any] = {**KEYS[plural]}
    beside = BESIDE.get(option, {})
    item |= beside.get(plural, beside.get("", {}))
    if option == "membership" and plural == "follow_me":
        item["destinations"] = [DESTINATION.get(backend, DESTINATION["apio"])]
    if "[]." in option:
        name, part = option.split("[].")
        first = {"extension": "101"} if name == "members" else DESTINATION.get(backend, {})
        item[name] = [{**first, part: value}]
    elif "." in option:
        name, part = option.split(".")
        item[name] = {part: value}
    else:
        item[option] = value
    return item


def findings(backend: str, plural: str, item: dict[str, Any]) -> list[Any]:
    found: list[Any] = run.run("tenant_validate", {"backend": backend, plural: [item]}, check_mode=False)["findings"]
    return [one for one in found if one["severity"] == "error"]


@pytest.mark.parametrize(("plural", "option", "backend", "value"), EXAMPLES, ids=lambda one: str(one)[:30])
def test_an_example_is_accepted(plural: str, option: str, backend: str, value: Any) -> None:
    item = declared(plural, option, backend, value)
    if option == "members[].weight":
        item |= {
            "policy": "weighted",
            "members": [{"extension": "101", "weight": 60}, {"extension": "102", "weight": 40}],
        }
    assert findings(backend, plural, item) == []
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    complaints = validator.iter_errors({"pbx_backend": backend, f"pbx_{plural}": [item]})
    assert [one.message for one in complaints if "quotes" not in str(one.schema)] == []


def test_what_the_table_denies_is_refused() -> None:
    denied = 0
    for plural, resource in tenant_lists().items():
        for option in LISTS[plural]:
            able = reference.backends_of(plural, option)
            for backend in set(support.stores_of(resource, True)) - set(able):
                (value, *_rest) = [one for name, _backend, one in reference.examples_of(plural) if name == option]
                assert findings(backend, plural, declared(plural, option, backend, value)), (plural, option, backend)
                denied += 1
    assert denied > 20


def test_the_examples_of_variables_pass_the_schema() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    variables = {**prose.loaded("reference")["variables"], "pbx_hunt_groups": []}
    assert [one.message for one in validator.iter_errors(variables)] == []
