# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile input: things in the place of others, in a tenant file, which no argument spec looks into.

Whatever stands where a list or a dictionary belongs is refused before the first request, in one line; or it says nothing,
as null does, and nothing changes.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.tests.contract.cases import Values, copied
from ansible_collections.telephony.pbx.tests.contract.follow_me_rows import ACCOUNT, EMPTY
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant
from ansible_collections.telephony.pbx.tests.trust import figures
from ansible_collections.telephony.pbx.tests.trust.hostile_values import SUITE, SURPRISES, TEXTS, hostile

KEYS = st.one_of(
    st.sampled_from([text for text in TEXTS if text not in ("name",)]),
    st.sampled_from([True, False, None, 1, 0, 1.5, datetime.date(2026, 1, 2), (1, 2), float("nan")]),
)
PLACES: dict[str, Callable[[Any], Values]] = {
    "an object": lambda value: {"hunt_groups": [value]},
    "a key of an object": lambda value: {"hunt_groups": [{"id": "0250", value: 1}]},
    "the settings": lambda value: {"hunt_groups": [{"id": "0250", "settings": value}]},
    "a key of the settings": lambda value: {"hunt_groups": [{"id": "0250", "settings": {value: 1}}]},
    "the members": lambda value: {"hunt_groups": [{"id": "0250", "members": value}]},
    "a member": lambda value: {"hunt_groups": [{"id": "0250", "members": [value]}]},
    "a key of a member": lambda value: {"hunt_groups": [{"id": "0250", "members": [{"extension": "106", value: 1}]}]},
    "the state": lambda value: {"hunt_groups": [{"id": "0250", "state": value}]},
    "the membership": lambda value: {"hunt_groups": [{"id": "0250", "membership": value}]},
    "the destinations": lambda value: {"follow_me": [{"account": ACCOUNT, "destinations": value}]},
    "a key of a destination": lambda value: {"follow_me": [{"account": EMPTY, "destinations": [{value: 1}]}]},
    "an extension": lambda value: {"extensions": [value]},
}
NOTHING_SAID = (None, "present", "exact", "at_least")
SHAPES = [
    ("the members", ""),
    ("the destinations", {}),
    ("the members", 0),
    ("the settings", ""),
    ("a key of a member", True),
]


class ShapeJudge:
    """Runs a tenant with a value in the place of another shape."""

    def __init__(self, site: Site, place: str) -> None:
        self.tenant, self.place = Tenant(site), place
        self.tenant.done({"hunt_groups": [site.case.group]})
        self.before = self.tenant.state

    def __call__(self, value: Any) -> None:
        if value == {"name": "x"} and self.place == "an object":
            return  # which is one
        self.judge(value)
        figures.count(SUITE, "values of the wrong shape", 1, "portaswitch")

    def judge(self, value: Any) -> None:
        """Refused before the first request; or it says nothing, as null does, and nothing changes."""
        self.tenant.vendor.state = copied(self.before)
        result = self.tenant.run(PLACES[self.place](value), journal="")
        if result.get("failed"):
            assert self.tenant.vendor.log == [] and len(result["msg"].splitlines()) == 1
        else:
            said_nothing = value in NOTHING_SAID or (self.place in ("the state", "the membership") and not value)
            assert said_nothing or value in ([], {}), value
        if value != []:  # which is a list, if an empty one
            assert self.tenant.state == self.before


@pytest.mark.parametrize("place", PLACES)
def test_whatever_stands_where_a_list_or_a_dictionary_belongs_is_refused(portaswitch: Site, place: str) -> None:
    judge = ShapeJudge(portaswitch, place)
    values = KEYS if "key" in place else st.one_of(st.sampled_from(SURPRISES), st.sampled_from(TEXTS))

    def judged(value: Any) -> None:
        judge(value)

    hostile(given(values)(judged))()


@pytest.mark.parametrize(("place", "value"), SHAPES)
def test_shapes_that_once_went_wrong(portaswitch: Site, place: str, value: Any) -> None:
    ShapeJudge(portaswitch, place).judge(value)
