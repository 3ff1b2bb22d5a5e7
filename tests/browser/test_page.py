# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of an audit in a browser: it asks nobody, it can be read in every light and width, and used by keyboard."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.browser.audits import page_of_everything
from ansible_collections.telephony.pbx.tests.browser.conftest import Opened, Opener

axe = pytest.importorskip("axe_playwright_python.base", reason="only the newest lane opens pages in a browser")

# What axe-core has by itself, but that signs and single characters are tested too.
CONTRAST = {
    "ignoreUnicode": False, "ignoreLength": False, "ignorePseudo": False, "boldValue": 700, "boldTextPt": 14,
    "largeTextPt": 18, "contrastRatio": {"normal": {"expected": 4.5}, "large": {"expected": 3}},
    "pseudoSizeThreshold": 0.25, "shadowOutlineEmMax": 0.2,
}  # fmt: skip
OPEN_ALL = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
FOCUSABLE = "a[href], button, input, summary, [tabindex='0']"
TEXT = page_of_everything()


def judged_by_axe(page: Any, undecided: bool = True) -> list[str]:
    """The violations of every severity that axe-core finds, and what it cannot decide."""
    page.add_style_tag(content=".tenant { content-visibility: visible !important; }")  # axe skips what is not laid out
    page.evaluate(OPEN_ALL)
    page.evaluate(axe.AXE_SCRIPT)
    page.evaluate("(options) => axe.configure({ checks: [{ id: 'color-contrast', options }] })", CONTRAST)
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations', 'incomplete'], preload: false })")
    kinds = ["violations", *(["incomplete"] if undecided else [])]
    return [f"{one['id']}: {node['html'][:200]}" for kind in kinds for one in found[kind] for node in one["nodes"]]


def too_wide(page: Any) -> list[str]:
    """What reaches beyond the window with everything open, other than in a part that can be moved sideways."""
    page.evaluate(OPEN_ALL)
    return page.evaluate("""() => {
        const width = document.documentElement.clientWidth;
        const found = Array.from(document.querySelectorAll("body *"))
            .filter((one) => !one.closest(".wide > *") && one.getBoundingClientRect().right > width + 0.5
                && one.checkVisibility());
        const whole = document.documentElement.scrollWidth > width ? ["the page"] : [];
        return whole.concat(found.map((one) => one.outerHTML.slice(0, 100)));
    }""")


# -- every light and width -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violation_and_nothing_undecided_in(opened: Opener, scheme: str) -> None:
    found = opened(TEXT, scheme=scheme)
    assert judged_by_axe(found.page) == []
    found.is_alone_and_quiet()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_scheme_is_followed(opened: Opener, scheme: str) -> None:
    ground = opened(TEXT, scheme=scheme).page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 31)"}[scheme]


def test_a_phone_shows_everything(opened: Opener) -> None:
    found = opened(TEXT, "phone", has_touch=True, is_mobile=True)
    assert too_wide(found.page) == []
    assert judged_by_axe(found.page, undecided=False) == []  # colours of cells that are out of sight are decided above
    # Words are not broken into letters to fit.
    rows = found.page.evaluate("[...document.querySelectorAll('#overview tr')].map((one) => one.offsetHeight)")
    assert max(rows) < 100
    found.is_alone_and_quiet()


def test_pictures_are_as_large_as_their_texts_need(opened: Opener) -> None:
    page = opened(TEXT, "phone").page
    page.evaluate(OPEN_ALL)
    for image in page.locator("figure img").all():
        image.scroll_into_view_if_needed()
        image.evaluate("(one) => one.decode()")
        shown, own = image.evaluate("(one) => [[one.width, one.height], [one.naturalWidth, one.naturalHeight]]")
        assert shown == own and own[0] > 360


def test_nothing_is_lost_without_scripts(opened: Opener) -> None:
    found = opened(TEXT, java_script_enabled=False)
    assert found.page.locator("#tools").is_hidden()
    assert found.page.get_by_text("members[106].ring_time", exact=True).is_visible()
    assert found.page.get_by_role("heading", name="drift").is_visible()


def test_texts_that_try_to_be_more_stay_texts(opened: Opener) -> None:
    found = opened(TEXT)
    found.page.on("dialog", lambda dialog: found.complaints.append(dialog.message))
    found.page.evaluate(OPEN_ALL)
    assert found.page.evaluate("document.scripts.length") == 1
    assert "</td><script>alert(1)</script>" in found.page.locator("body").inner_text()
    assert found.page.evaluate("document.body.innerText.match(/[\\u202a-\\u202e\\u2066-\\u2069]/)") is None
    found.is_alone_and_quiet()


# -- structure -----------------------------------------------------------------------------------------------------------
def test_landmarks_and_labels(opened: Opener) -> None:
    page = opened(TEXT).page
    for role in ("banner", "main", "search", "status"):
        assert page.get_by_role(role).count() == 1, role
    assert page.get_by_role("region", name="Overview").get_by_role("table", name="Overview").is_visible()
    assert page.get_by_role("searchbox", name="Search in everything").is_visible()
    boxes = page.get_by_role("group", name="Show tenants that are").get_by_role("checkbox")
    assert [box.get_attribute("value") for box in boxes.all()] == ["incomplete", "drift", "clean"]
    assert page.get_by_role("table", name="Changes of hunt_group 200 (Sales)").get_by_role("columnheader").count() == 3
    assert page.get_by_role("img", name="Call flow of 200 Sales; in words below").count() == 1
    assert page.title().startswith("Audit: incomplete")


def test_headings_go_down_step_by_step(opened: Opener) -> None:
    levels = opened(TEXT).page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((one) => +one.tagName[1])"
    )
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:]))


# -- keyboard ------------------------------------------------------------------------------------------------------------
def test_everything_is_reached_by_keyboard_and_seen(opened: Opener) -> None:
    page = opened(TEXT).page
    page.evaluate(OPEN_ALL)
    wanted = page.evaluate(
        f'[...document.querySelectorAll("{FOCUSABLE}")].map((one, place) => one.dataset.place = place)'
    )
    reached = []
    for _press in wanted:
        page.keyboard.press("Tab")
        place, line, left, top, right, bottom = page.evaluate("""() => {
            const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
            const line = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
            return [one.dataset.place, line, box.left, box.top, box.right, box.bottom];
        }""")
        reached.append(int(place))
        assert line >= 2, place
        assert right > 0 and bottom > 0 and left < 1280 and top < 800, place
    assert reached == wanted


def test_the_first_key_skips_to_the_tenants(opened: Opener) -> None:
    page = opened(TEXT).page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("dark")


def shown(found: Opened) -> list[str]:
    return found.page.locator("details.tenant:visible > summary h3").all_text_contents()


def listed(found: Opened) -> list[str]:
    return found.page.locator("#overview tbody tr:visible th").all_text_contents()


def test_search_by_keyboard(opened: Opener) -> None:
    found = opened(TEXT)
    every, search = shown(found), found.page.get_by_role("searchbox")
    search.press_sequentially("RING_time 25")
    search.press("Enter")  # does not send the form, which would load the page anew
    assert shown(found) == listed(found) == ["drift"]
    assert found.page.get_by_role("status").inner_text() == "1 of 8 tenants shown"
    search.fill("group 200 (sales)")  # is within what stands closed, too
    assert shown(found) == ["drift", "clean"]
    assert found.page.locator("details.tenant:visible[open]").count() == 2
    search.fill("no such words")
    assert shown(found) == [] and found.page.get_by_role("status").inner_text() == "0 of 8 tenants shown"
    search.press("Escape")
    assert shown(found) == listed(found) == every
    assert found.page.locator("details.tenant:not([open])").count() == 1  # as before
    found.is_alone_and_quiet()


def test_filter_by_keyboard(opened: Opener) -> None:
    found = opened(TEXT)
    for verdict, others in (("incomplete", 5), ("drift", 1), ("clean", 0)):
        found.page.get_by_role("checkbox", name=verdict).press("Space")
        assert len(shown(found)) == len(listed(found)) == others
    found.page.get_by_role("checkbox", name="clean").press("Space")
    assert shown(found) == ["clean"]
    button = found.page.get_by_role("button", name="Open or close all")
    states = []
    for _press in range(2):
        button.press("Enter")
        states.append(found.page.locator("details.tenant:visible[open]").count())
    assert states == [1, 0]


def test_a_link_opens_its_tenant_and_takes_the_focus_there(opened: Opener) -> None:
    page = opened(TEXT).page
    page.get_by_role("link", name="clean").press("Enter")
    # No wait_for_function: it evaluates a text when it has to wait, which the policy of the page forbids.
    page.locator("#tenant-8 > summary:focus").wait_for()
    assert page.locator("#tenant-8").get_attribute("open") == ""


# -- print ---------------------------------------------------------------------------------------------------------------
def test_on_paper_everything_is_open_and_nothing_to_be_used(opened: Opener) -> None:
    found = opened(TEXT, scheme="dark")
    page = found.page
    page.evaluate(
        """addEventListener("beforeprint", () => { window.closed_on_paper = document.querySelectorAll("details:not([open])").length; })"""
    )
    before = page.locator("details:not([open])").count()
    assert page.pdf().startswith(b"%PDF") and before
    assert page.evaluate("window.closed_on_paper") == 0
    assert page.locator("details:not([open])").count() == before
    page.emulate_media(media="print")
    assert page.locator("#tools").is_hidden()
    colours = "(one) => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]"
    assert page.locator("body").evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    assert page.locator(".verdict.incomplete").first.evaluate("(one) => getComputedStyle(one).color") == "rgb(0, 0, 0)"
    assert {
        one.evaluate("(one) => getComputedStyle(one).contentVisibility") for one in page.locator(".tenant").all()
    } == {"visible"}


# -- the checks themselves -----------------------------------------------------------------------------------------------
def broken(before: str, after: str) -> str:
    assert before in TEXT
    return TEXT.replace(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("</main>", '<img alt="" src="http://127.0.0.1:9/x.png"></main>'),
        ("</main>", '<script src="x.js"></script></main>'),
        ("var closed = [];", "var closed = []; missing();"),
        ("tools.hidden = false;", 'fetch("audit.json");'),
    ],
)
def test_a_request_or_a_broken_script_is_seen(opened: Opener, before: str, after: str) -> None:
    found = opened(broken(before, after))
    with pytest.raises(AssertionError):
        found.is_alone_and_quiet()


def test_a_part_that_is_too_wide_is_seen(opened: Opener) -> None:
    assert too_wide(opened(broken("overflow-wrap: anywhere", "white-space: nowrap"), "phone").page)


def test_weak_colours_and_missing_labels_are_seen(opened: Opener) -> None:
    found = judged_by_axe(
        opened(broken("--quiet: #4a5568", "--quiet: #a9b4c4").replace("Search in everything", "")).page
    )
    assert {one.partition(":")[0] for one in found} >= {"color-contrast", "label"}
