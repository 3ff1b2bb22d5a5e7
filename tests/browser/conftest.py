# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real browser for pages and pictures: Debian's Chromium, one process for all tests of a worker.

Where no Chromium is installed, the tests are skipped; with PBX_REQUIRE_BROWSER set, as CI sets it, they fail.
PBX_BROWSER names another program.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

# The first does all that the tests need, and takes a third of the processor time of the others.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "no Chromium is installed here (Debian, Ubuntu: apt install chromium-headless-shell, or chromium)"
REQUIRED = bool(os.environ.get("PBX_REQUIRE_BROWSER"))
HERE = Path(__file__).resolve().parent
SIZES = {"desktop": (1280, 800), "phone": (360, 740)}

settings.register_profile(
    "browser",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=200 if os.environ.get("PBX_TRUST") == "full" else 15,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],  # no shrinking: the pictures are small, and a browser is slow
)


@dataclass
class Opened:
    """A page in the browser, with the requests it made, and what its scripts complained about."""

    page: Any
    address: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def is_alone_and_quiet(self) -> None:
        """It asked for its own file and what stands in it, for nothing else, and no script failed."""
        assert [one for one in self.requests if not one.startswith(("data:", "blob:"))] == [self.address]
        assert self.complaints == []


Opener = Callable[..., Opened]


@contextlib.contextmanager
def started(program: str) -> Iterator[Any]:
    """The browser, ready to open windows."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Chromium refuses its sandbox to root; all pages here are our own.
        running = playwright.chromium.launch(executable_path=program, chromium_sandbox=os.geteuid() != 0)
        try:
            yield running
        finally:
            running.close()


def program() -> str | None:
    """The full path of the browser, if there is one."""
    return os.environ.get("PBX_BROWSER") or next(filter(None, map(shutil.which, PROGRAMS)), None)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a browser, one of the tests is skipped and says why; the others are not shown."""
    mine = [item for item in items if HERE in item.path.parents]
    if mine and program() is None and not REQUIRED:
        mine[0].add_marker(pytest.mark.skip(reason=MISSING))
        items[:] = [item for item in items if item not in mine[1:]]
        config.hook.pytest_deselected(items=mine[1:])


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    found = program()
    if found is None:
        pytest.fail(MISSING)
    with started(found) as running:
        yield running


@contextlib.contextmanager
def windows(browser: Any, folder: Path, name: str = "audit.html") -> Iterator[Opener]:
    """`open_page(html, size="phone", scheme="dark")`: the page as a file, in a window of its own. Closes all at the end."""
    contexts = []

    def open_page(text: str, size: str = "desktop", scheme: str = "light", **options: Any) -> Opened:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce", **options
        )
        contexts.append(context)
        file = folder.resolve() / name
        file.write_text(text, encoding="utf-8")
        found = Opened(context.new_page(), file.as_uri())
        found.page.on("request", lambda request: found.requests.append(request.url))
        found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
        found.page.on("console", lambda message: found.complaints.append(message.text))
        found.page.goto(found.address)
        return found

    try:
        yield open_page
    finally:
        for context in contexts:
            context.close()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Opener]:
    with windows(browser, tmp_path) as open_page:
        yield open_page


@pytest.fixture(scope="session")
def blank(browser: Any) -> Iterator[Any]:
    """An empty page, for pictures one after the other."""
    context = browser.new_context()
    page = context.new_page()
    page.set_content("<!DOCTYPE html><body style='margin: 0'></body>")
    yield page
    context.close()
