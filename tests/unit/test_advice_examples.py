# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every rule of the advice has a failing and a passing example in the documentation; both are run here."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.telephony.pbx.docs.generate.advice import examples
from ansible_collections.telephony.pbx.plugins.module_utils.advice.advise import advise, checked_request
from ansible_collections.telephony.pbx.plugins.module_utils.advice.number_plans import library_plans
from ansible_collections.telephony.pbx.plugins.module_utils.advice.rules import RULES
from ansible_collections.telephony.pbx.plugins.module_utils.advice.view import facts_of
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import tenant_lists

TODAY = datetime.date(2026, 11, 24)


def found(example: Any, name: str) -> set[str]:
    options = example[name]
    document = {kind: options[kind] for kind in tenant_lists() if kind in options}
    request = checked_request(options)
    facts = facts_of(example["backend"], frozenset(document), live=True)
    country = example.get("country_code", "")
    given = advise(document, facts, country, TODAY, request.settings, request.waivers, library_plans())
    return {one.id for one in given}


@pytest.mark.parametrize("rule", RULES)
def test_the_failing_example_gives_the_advice_and_the_passing_one_does_not(rule: str) -> None:
    example = examples()[rule]
    assert rule in found(example, "failing")
    assert rule not in found(example, "passing")
