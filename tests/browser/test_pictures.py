# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures as a browser draws them: what stands where, whether it can be read, whether it is all there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.report.callflow.layout import BOX
from ansible_collections.telephony.pbx.plugins.module_utils.report.callflow.pictures import picture_of, pictures_of
from ansible_collections.telephony.pbx.tests.browser.drawn_tenants import plans, tenants
from ansible_collections.telephony.pbx.tests.unit.callflow.conftest import BACKENDS, DOCUMENTS, d1, d3

GEOMETRY = Path(__file__).with_name("geometry.js").read_text(encoding="utf-8")
# Systems have one of these: the first stands for Arial and Helvetica, the second is wider.
FONTS = ("Liberation Sans", "DejaVu Sans")


def problems(page: Any, svg: str) -> list[str]:
    return [f"{font}: {one}" for font in FONTS for one in page.evaluate(GEOMETRY, {"svg": svg, "font": font})]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_picture_of_the_specified_tenants_can_be_read(blank: Any, name: str) -> None:
    found = {one.name: problems(blank, one.text) for one in pictures_of(DOCUMENTS[name](), BACKENDS[name])}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("vendor", BACKENDS.values())
def test_the_pictures_of_any_tenant_can_be_read(blank: Any, vendor: str) -> None:
    @settings(settings.get_profile("browser"))
    @given(st.data())
    def check(data: st.DataObject) -> None:
        document = data.draw(tenants(vendor))
        plan = data.draw(st.just([]) | plans(document))
        for number in (None, "200"):
            assert problems(blank, picture_of(document, vendor, "svg", number, plan).text) == []

    check()


def loops() -> dict[str, Any]:
    """Groups that all lead to one another: many arrows go back."""
    document = d3()
    ids = [group["extension"] for group in document["hunt_groups"]]
    for place, group in enumerate(document["hunt_groups"]):
        group["overflow_to"] = ids[place - 1]
        group["members"] += [{"extension": ids[place - 2]}, {"extension": ids[place - 3]}]
    return document


def long_group() -> dict[str, Any]:
    document = d1()
    members = [{"extension": str(1000 + n), "ring_time": 5 + n % 7, "ring_delay": 3 * n} for n in range(30)]
    document["hunt_groups"][0].update(policy="simultaneous", members=members)
    return document


@pytest.mark.parametrize(
    ("document", "vendor", "group"),
    [(loops(), "apio", "4001"), (loops(), "apio", None), (long_group(), "portaswitch", "200")],
)
def test_loops_and_long_groups_can_be_read(blank: Any, document: Any, vendor: str, group: str | None) -> None:
    assert problems(blank, picture_of(document, vendor, "svg", group).text) == []


def test_what_a_plan_notes_on_an_arrow_ends_before_the_box(blank: Any) -> None:
    changed = {"field": "overflow_to", "before": "+324 BRUSSELS HQ", "after": "4005"}
    plan = [{"resource": "hunt_group", "id": "hg1@x", "name": "", "action": "update", "changes": [changed]}]
    svg = picture_of(loops(), "apio", "svg", "4001", plan).text
    assert ">was +32" in svg
    assert problems(blank, svg) == []


BROKEN = {
    "outside of its box": ("font-size=\"13.0\"", "font-size=\"90\""),
    "boxes overlap": (f'width="{BOX:.1f}"', 'width="460.0"'),
    "outside of the picture": ('viewBox="0 0 ', 'viewBox="300 0 '),
    "a label is on a box": ('>1 · 0-15 s<', f'>{"1 · 0-15 s " * 9}<'),
    "texts overlap": (' s</text>', f'{"0" * 60} s</text>'),
    "the name of a lane is on a bar": ('>101 Alice Reception</text>', f'>{"101 Alice " * 9}</text>'),
}  # fmt: skip


@pytest.mark.parametrize("wrong", BROKEN)
def test_what_is_wrong_is_seen(blank: Any, wrong: str) -> None:
    before, after = BROKEN[wrong]
    whole = picture_of(d1(), "portaswitch", "svg", "200").text
    broken = whole.replace(before, after)
    assert broken != whole
    assert any(wrong in one for one in problems(blank, broken)), problems(blank, broken)
