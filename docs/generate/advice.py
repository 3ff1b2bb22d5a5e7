# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules in docs/docsite/rst/advice.rst, from their table and the examples that the tests run; and their JSON Schemas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ansible_collections.telephony.pbx.plugins.module_utils.advice.rules import (
    RULES,
    SEVERITIES,
    THRESHOLDS,
)
from ansible_collections.telephony.pbx.plugins.module_utils.advice.waivers import PARTS
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import tenant_lists

from . import prose
from .blocks import as_yaml, with_block
from .places import GUIDES, GenerateError, relative
from .values_schema import Schema, closed

_BEGIN, _END = ".. rules of the advice", ".. end of rules"
_PAGE = GUIDES / "advice.rst"
_LISTS = tuple(tenant_lists())


def files() -> dict[Path, str]:
    text = _PAGE.read_text(encoding="utf-8")
    block = f"{_BEGIN}\n\n{_page()}\n{_END}"
    return {_PAGE: with_block(text, f"^{_BEGIN}$.*?^{_END}$", block, relative(_PAGE), f"the rules ({_BEGIN})")}


def examples() -> Mapping[str, Any]:
    """Rule -> its text and examples, for every rule. Raises GenerateError."""
    found: Mapping[str, Any] = prose.loaded("advice")["rules"]
    wrong = sorted(set(RULES) ^ set(found))
    if wrong:
        raise GenerateError(f"prose/advice.yml: rules without examples, or examples without a rule: {', '.join(wrong)}")
    return found


def _page() -> str:
    return "\n".join(_section(rule, one) for rule, one in examples().items())


def _section(rule: str, example: Mapping[str, Any]) -> str:
    severity, cure = RULES[rule]
    lines = [rule, "~" * len(rule), "", *prose.texts(example["reason"]), ""]
    lines += [f":Severity: {severity}", f":Cure: {_sentence(example.get('cure') or cure)}"]
    country = f" in country {example['country_code']}" if example.get("country_code") else ""
    lines += [f":Example: {example['backend']}{country}", ""]
    for title, name in (("Gives the advice:", "failing"), ("Gives none:", "passing")):
        if name in example:
            document = {key: example[name][key] for key in (*_LISTS, "advice_waivers") if key in example[name]}
            lines += [title, "", ".. code-block:: yaml", "", as_yaml(document, indent=3)]
    return "\n".join(lines)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def schemas(free: Callable[[Schema], Schema]) -> dict[str, Schema]:
    """The options of the advice whose argument specs say too little. free: what wraps single values."""
    severity = free({"enum": [*SEVERITIES, False]})  # YAML reads `off` as false
    threshold = free({"type": "integer", "minimum": 0, "maximum": 1000})
    waiver = closed({part: {"type": "string", "minLength": 1} for part in PARTS}, required=list(PARTS))
    return {
        "advice_severities": closed(dict.fromkeys(RULES, severity)),
        "advice_thresholds": closed(dict.fromkeys(THRESHOLDS, threshold)),
        "advice_waivers": {"type": "array", "items": waiver},
    }
