# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A page of 1,000 tenants: what makes it slow to open or to use is bounded, as counts and places, not as seconds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.browser.audits import page_of_many
from ansible_collections.telephony.pbx.tests.browser.conftest import Opened, windows

TENANTS = 1000
MOST_BYTES, MOST_ELEMENTS = 3_000_000, 50_000
# The first three open within 2 s on a small computer of 2026. Without `content-visibility` all sections are laid out.
MOST_LAID_OUT = 60
LAID_OUT = """() => [...document.querySelectorAll("details.tenant > summary > h3")]
    .filter((one) => one.checkVisibility({ contentVisibilityAuto: true })).length"""


@pytest.fixture(scope="module")
def many(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    text = page_of_many(TENANTS)
    assert len(text.encode()) < MOST_BYTES
    with windows(browser, tmp_path_factory.mktemp("many")) as open_page:
        yield open_page(text)


def number(page: Any, selector: str) -> int:
    return page.locator(selector).count()


def test_a_thousand_tenants_open_and_stay_usable(many: Opened, record_property: Any) -> None:
    page = many.page
    record_property("milliseconds to open", page.evaluate("performance.getEntriesByType('navigation')[0].duration"))
    assert number(page, "*") < MOST_ELEMENTS
    assert number(page, "details.tenant") == number(page, "#overview tbody tr") == TENANTS
    assert page.evaluate(LAID_OUT) < MOST_LAID_OUT
    before = number(page, "details.tenant[open]")

    search, status = page.get_by_role("searchbox"), page.get_by_role("status")
    search.press_sequentially("tenant-0123")
    assert status.inner_text() == "1 of 1000 tenants shown"
    search.fill("members ring_time")
    assert status.inner_text() == "200 of 1000 tenants shown"
    search.fill("person 39")  # is in 950 tenants: no more than the first 20 are opened
    assert status.inner_text() == "950 of 1000 tenants shown"
    assert number(page, "details.tenant[open]") <= before + 20
    search.fill("")
    assert number(page, "details.tenant[open]") == before

    for verdict, left in (("clean", 250), ("drift", 50)):
        page.get_by_role("checkbox", name=verdict).uncheck()
        assert status.inner_text() == f"{left} of 1000 tenants shown"
    for verdict in ("clean", "drift"):
        page.get_by_role("checkbox", name=verdict).check()
    many.is_alone_and_quiet()


def test_a_link_leads_to_the_last_of_them(many: Opened) -> None:
    page = many.page
    last = f"tenant-{TENANTS}"
    page.locator(f"#overview a[href='#{last}']").press("Enter")
    page.locator(f"#{last} > summary:focus").wait_for()
    box = page.locator(f"#{last} > summary").bounding_box()
    assert 0 <= box["y"] < page.viewport_size["height"]
    assert page.evaluate(LAID_OUT) < MOST_LAID_OUT
