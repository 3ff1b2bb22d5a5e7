# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""roles/*/meta/argument_specs.yml: the connection, the options that the role hands on to its module, and its own.

prose/roles.yml says of each role which options it hands on, and describes its own variables. The variables of all roles
begin with `pbx_`, so that a tenant has one file of variables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.telephony.pbx.plugins.module_utils.entry import arguments, connection
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import tenant_lists
from ansible_collections.telephony.pbx.plugins.module_utils.rules import variables as known

from . import options, prose
from .blocks import as_yaml
from .places import ROLES, GenerateError

_AUTHOR = ["telephony.pbx contributors"]
_KEYS = ("type", "elements", "required", "choices", "default", "no_log")
_LISTS = "lists of a tenant"  # instead of choices: those of the catalogue
Variables = dict[str, dict[str, Any]]


def described() -> Mapping[str, Any]:
    """The roles of prose/roles.yml by name."""
    found: Mapping[str, Any] = prose.loaded("roles")["roles"]
    return found


def files() -> dict[Path, str]:
    return {
        ROLES / name / "meta" / "argument_specs.yml": _specification(name, role) for name, role in described().items()
    }


def _specification(name: str, role: Mapping[str, Any]) -> str:
    if not (ROLES / name).is_dir():
        raise GenerateError(f"prose/roles.yml: there is no directory roles/{name}")
    own = variables(name)
    specs = {"main": _entry_point(role, own)}
    for entry_point, described_entry in (role.get("entry_points") or {}).items():
        taken = {variable: own[variable] for variable in described_entry["variables"]}
        specs[entry_point] = _entry_point(described_entry, taken)
    head = "---\n# Made by `python3 dev.py generate`; the texts are in docs/generate/prose.\n"
    return head + as_yaml({"argument_specs": specs})


def _entry_point(described_entry: Mapping[str, Any], options: Variables) -> dict[str, Any]:
    return {
        "short_description": described_entry["short_description"],
        "description": prose.texts(described_entry),
        "author": _AUTHOR,
        "options": options,
    }


def variables(name: str) -> Variables:
    """The variables of a role, with their argument specs. Raises GenerateError."""
    role = described()[name]
    found = {**_own(name, role), **_handed_on(name, role)}
    found.update(_connection())
    renamed = {**{name.removeprefix(known.PREFIX): name for name in found}, **(role.get("renamed") or {})}
    for entry in found.values():
        entry["description"] = [_with_variables(text, renamed) for text in entry["description"]]
    unknown = set(found) - read_variables()
    if unknown:
        raise GenerateError(f"prose/roles.yml: {name}: rules/variables.py does not know {', '.join(sorted(unknown))}")
    return found


def _with_variables(text: str, renamed: Mapping[str, str]) -> str:
    """The text with the variables of the role in place of the options of its module. Results are those of the module."""

    def variable(found: re.Match[str]) -> str:
        name, value = found.group(1), found.group(2) or ""
        if name.startswith(known.PREFIX):
            return found.group()
        return f"O({renamed[name]}{value})" if name in renamed else f"C({name}{value})"

    return re.sub(r"\bRV\((\w+)\)", r"C(\1)", re.sub(r"\bO\((\w+)(=[^)]*)?\)", variable, text))


def read_variables() -> set[str]:
    """Every variable that this collection reads, as `tenant_validate` knows them."""
    return {
        known.PREFIX + name for name in {*arguments.from_host(), *connection.connection_arguments(), *known.OF_ROLES}
    }


def _own(name: str, role: Mapping[str, Any]) -> Variables:
    found: Variables = {}
    for variable, spec in (role.get("variables") or {}).items():
        if not prose.texts(spec):
            raise GenerateError(f"prose/roles.yml: {name}: {variable} has no description")
        found[variable] = {"description": prose.texts(spec), **{key: spec[key] for key in _KEYS if key in spec}}
        if spec.get("choices") == _LISTS:
            found[variable]["choices"] = list(tenant_lists())
    return found


def _handed_on(name: str, role: Mapping[str, Any]) -> Variables:
    """The options of the module that the role hands on, without their defaults: those are the module's."""
    module = role.get("module")
    if not module:
        return {}
    documented = options.of_module(module)
    left_out = set(role.get("without") or [])
    unknown = left_out - set(documented)
    if unknown:
        raise GenerateError(f"prose/roles.yml: {name}: {module} has no option {', '.join(sorted(unknown))}")
    return {f"pbx_{option}": _variable(entry, {}) for option, entry in documented.items() if option not in left_out}


def _connection() -> Variables:
    specs = connection.connection_arguments()
    return {f"pbx_{option}": _variable(entry, specs[option]) for option, entry in options.of_connection().items()}


def _variable(entry: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: entry[key] for key in ("description", "type", "elements", "choices") if key in entry}
    return {**kept, **({"no_log": True} if spec.get("no_log") else {})}


def secrets() -> set[str]:
    """The variables that hold secrets."""
    return {f"pbx_{name}" for name, spec in connection.connection_arguments().items() if spec.get("no_log")}


def modules_of_roles() -> dict[str, str]:
    """Role -> the module that it hands its options on to."""
    known = arguments.module_names()
    found = {name: str(role["module"]) for name, role in described().items() if role.get("module")}
    wrong = [f"{name}: {module}" for name, module in found.items() if module not in known]
    if wrong:
        raise GenerateError(f"prose/roles.yml: no such module: {'; '.join(wrong)}")
    return found
