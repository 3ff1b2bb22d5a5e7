# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet in slices, as AWX cuts an inventory: every tenant once, and empty slices. tests/trust/test_fleet.py runs them."""

from __future__ import annotations

import pytest

from .jobs import slice_of


@pytest.mark.parametrize(("tenants", "slices"), [(10_000, 16), (10_000, 7), (3, 5), (0, 4)])
def test_every_tenant_is_in_one_slice(tenants: int, slices: int) -> None:
    hosts = {f"tenant{number:05}": {} for number in range(tenants)}
    parts = [slice_of(hosts, number, slices) for number in range(1, slices + 1)]
    assert sorted(name for part in parts for name in part) == sorted(hosts)
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
