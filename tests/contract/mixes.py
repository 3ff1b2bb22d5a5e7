# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Few combinations of the open questions of a vendor, in which every answer occurs several times."""

from __future__ import annotations

import itertools
import random
from collections.abc import Collection
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.walks import TOGETHER
from pbx_simulator import VENDORS

MIXES = 8  # combinations of each subject; every value of a switch is in several of them
Switch = tuple[str, Any]


def mixes(backend: str, subject: str, stops: Collection[Switch]) -> list[Any]:
    """Combinations without `stops`, which may make the client stop. Seeded, so that a failure can be looked at."""
    source = random.Random(f"telephony.pbx {subject}")
    columns = {}
    for switch in VENDORS[backend].switches:
        values = [value for value in switch.values if (switch.name, value) not in stops]
        columns[switch.name] = list(itertools.islice(itertools.cycle(values), MIXES))
        source.shuffle(columns[switch.name])
    rows = [{name: column[number] for name, column in columns.items()} for number in range(MIXES)]
    for row, pair in itertools.product(rows, TOGETHER):
        if pair.items() <= row.items():
            del row[min(pair)]
    return [pytest.param(subject, row, id=f"{subject} {number}") for number, row in enumerate(rows)]
