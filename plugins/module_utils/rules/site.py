# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of a site: data in its variables, or Python files of its own."""

from __future__ import annotations

import os
import re
import runpy
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..errors import InvalidOption
from ..model.catalog import tenant_lists
from ..model.problems import ERROR, WARNING, Finding
from ..model.validate import known_options
from ..model.values import nearest
from .builtin import Rule, Tenant, as_text, present

_REQUIRED = ("id", "resource", "field", "matches")
_KNOWN = (*_REQUIRED, "where", "severity", "message", "hint")


def site_rules(definitions: Iterable[Any]) -> list[Rule]:
    """The rules that a site defines. Raises InvalidOption when one is not usable."""
    try:
        return [_rule(definition) for definition in definitions]
    except ValueError as error:
        raise InvalidOption(f"rules: {error}") from None


def _rule(definition: Any) -> Rule:
    if not isinstance(definition, Mapping):
        raise ValueError(f"{definition!r} is not a dictionary")
    return python_rule(str(definition["python"])) if "python" in definition else data_rule(definition)


def data_rule(definition: Mapping[str, Any]) -> Rule:
    """A rule written as data: objects of `resource` that match `where` must have a `field` that `matches` a pattern.

    definition: id, resource (extensions, hunt_groups or follow_me), field, matches (a regular expression for the whole
    value), and optionally where (field: value), severity, message, hint. Raises ValueError when it is not usable.
    """
    problems = [f"{name} is missing" for name in _REQUIRED if not definition.get(name)]
    problems += [f"{name} is unknown{nearest(str(name), _KNOWN)}" for name in definition if name not in _KNOWN]
    if definition.get("resource") and definition["resource"] not in tenant_lists():
        problems.append(f"resource {definition['resource']!r} is none of {', '.join(tenant_lists())}")
    else:
        problems += _unknown_fields(definition)
    if definition.get("severity", ERROR) not in (ERROR, WARNING):
        problems.append(f"severity {definition['severity']!r} is neither {ERROR} nor {WARNING}")
    if not isinstance(definition.get("where") or {}, Mapping):
        problems.append("where is not a dictionary of fields and values")
    if problems:
        raise ValueError(f"rule {definition.get('id', '')}: {', '.join(problems)}")
    try:
        pattern = re.compile(str(definition["matches"]))
    except re.error as error:
        raise ValueError(f"rule {definition['id']}: matches: {error}") from None

    def rule(tenant: Tenant) -> Iterator[Finding]:
        name = str(definition["field"])
        for path, item in present(tenant, str(definition["resource"])):
            conditions = dict(definition.get("where") or {})
            if any(as_text(item.get(key)) != as_text(value) for key, value in conditions.items()):
                continue
            if not pattern.fullmatch(as_text(item.get(name))):
                message = definition.get("message") or f"{name} is {item.get(name)!r}, not like {definition['matches']}"
                hint = definition.get("hint") or "follow the rule of the site"
                yield Finding(str(definition["id"]), _severity(definition), f"{path}.{name}", str(message), str(hint))

    return rule


def _unknown_fields(definition: Mapping[str, Any]) -> list[str]:
    """What is wrong with the names of fields in a rule: a misspelt one would select nothing, in silence."""
    resource = tenant_lists().get(str(definition.get("resource") or ""))
    where = definition.get("where")
    names = [
        ("field", definition.get("field")),
        *(("where", name) for name in (where if isinstance(where, Mapping) else ())),
    ]
    known = known_options(resource) if resource else set()
    return [
        f"{place}: {resource.name} has no option {name}{nearest(str(name), known)}"
        for place, name in names
        if resource and name and name not in known
    ]


def _severity(found: Mapping[str, Any]) -> str:
    return ERROR if found.get("severity", ERROR) == ERROR else WARNING


def python_rule(path: str) -> Rule:
    """A Python file with a function `check(tenant)`, which yields dictionaries with id, path, message, and optionally
    severity and hint. Raises ValueError when it cannot be loaded, and the rule raises InvalidOption when it fails."""
    whole = os.path.expanduser(path)
    try:
        check = runpy.run_path(whole)["check"]
    except Exception as error:  # whatever the file of a site raises is for its author to read
        raise ValueError(f"{whole}: {type(error).__name__}: {error}") from None

    def rule(tenant: Tenant) -> Iterator[Finding]:
        try:
            for found in check(tenant):
                texts = [str(found.get(name, "")) for name in ("path", "message", "hint")]
                yield Finding(str(found.get("id", "site")), _severity(found), *texts)
        except Exception as error:  # the code of a site again
            raise InvalidOption(f"rules: {whole}: {type(error).__name__}: {error}") from None

    return rule
