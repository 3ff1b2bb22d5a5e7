# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The README of the role simulator lists every switch, every credential and every seeded object, and the switches work."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pbx_simulator import VENDORS, Apio, PortaSwitch, Vodia
from pbx_simulator.core import NAMES_READ
from pbx_simulator.switches import TITLES, tables

SIMULATOR = Path(__file__).resolve().parents[3] / "roles" / "simulator"
README = (SIMULATOR / "README.md").read_text(encoding="utf-8")
ALL = [(name, switch) for name, vendor in VENDORS.items() for switch in (*vendor.switches, *vendor.hazards)]


def words(vendor: str) -> set[str]:
    """What the rows of this vendor in the README say."""
    rows = [line for line in README.splitlines() if line.startswith(f"| {TITLES[vendor]}")]
    return set(re.split(r"[\s`|(),;]+", " ".join(rows)))


def test_the_readme_ends_with_the_tables_of_the_switches() -> None:
    assert README.endswith(f"\n\n{tables(VENDORS)}")


def test_the_readme_tells_how_to_sign_in_and_what_is_there() -> None:
    porta, vodia, apio = PortaSwitch().state, Vodia().state, Apio().state
    groups = [group for tenant in apio["tenants"].values() for group in tenant["groups"].values()]
    accounts = [account for domain in vodia["domains"].values() for account in domain["accounts"]]
    assert words("portaswitch") >= {*porta["licences"], *porta["customers"]} | {
        row["id"] for customer in porta["customers"].values() for row in customer["groups"].values()
    }
    assert words("vodia") >= {*vodia["domains"], *accounts, *(one["name"] for one in vodia["administrators"])}
    assert words("apio") >= {
        *apio["accounts"],
        *apio["tenants"],
        *(one["machine_token"] for one in apio["accounts"].values() if one["machine_token"]),
        *(name for tenant in apio["tenants"].values() for name in tenant["groups"]),
        *(name for group in groups for name in (*group["users"], *group["hunt_groups"])),
    }
    secrets = [one["password"] for one in (*vodia["administrators"], *apio["accounts"].values())]
    assert set(secrets) == {"demo-password"}


@pytest.mark.parametrize(("name", "switch"), ALL, ids=lambda one: getattr(one, "name", one))
def test_a_switch_is_used_by_its_vendor_and_can_be_set(name: str, switch: Any) -> None:
    vendor = VENDORS[name]()
    code = "".join(file.read_text(encoding="utf-8") for file in (SIMULATOR / "files" / "pbx_simulator").glob("*.py"))
    assert len(re.findall(f'"{switch.name}"', code)) > 1
    assert vendor.dialect[switch.name] == switch.values[0]
    for value in switch.values:
        vendor.set_dialect(**{switch.name: value})
        assert vendor.dialect[switch.name] == value
    assert json.loads(json.dumps(vendor.dialect)) == vendor.dialect
    for wrong in ("nonsense", 1.5, -1, 1 if switch.values[0] is False else True):
        if not any(type(wrong) is type(value) and wrong == value for value in switch.values):
            with pytest.raises(ValueError, match=switch.name):
                vendor.set_dialect(**{switch.name: wrong})
    vendor.reset()
    assert vendor.dialect[switch.name] == switch.values[0]


def test_any_number_where_it_says_so() -> None:
    vendor = PortaSwitch()
    vendor.set_dialect(list_cap=150)
    for wrong in (0, -1, True, "150"):
        with pytest.raises(ValueError):
            vendor.set_dialect(list_cap=wrong)
    assert vendor.dialect["list_cap"] == 150
    assert all(NAMES_READ in vendor.hazards for vendor in VENDORS.values())
