# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of a report for README and docs: `python -m ...screenshots audit.html DIRECTORY`."""

from __future__ import annotations

import base64
import re
import sys
from pathlib import Path
from typing import Any

from ansible_collections.telephony.pbx.tests.browser.conftest import MISSING, program, started, windows

MOST_BYTES = 150_000
# What differs from run to run has one value here: a new picture differs only if the page does.
STEADY = (
    (r"http://127\.0\.0\.1:\d+", "http://127.0.0.1:8080"),
    (r"Made at [^<]*?([.] |<)", r"Made at 2026-11-24T10:00:00+00:00\1"),
    (r"in \d+\.\d\d s", "in 0.10 s"),
    (r'(<td class="number">)\d+\.\d\d(</td>)', r"\g<1>0.10\2"),
)


def steady(page: str) -> str:
    for pattern, words in STEADY:
        page = re.sub(pattern, words, page)
    return page


def take(report: Path, place: Path) -> None:
    """Writes report-desktop.png, report-phone-dark.png, and call-flow.svg: the last picture of the report."""
    found = program()
    if found is None:
        sys.exit(MISSING)
    text = steady(report.read_text(encoding="utf-8"))
    drawn = re.findall(r"data:image/svg\+xml;base64,([^\"]+)", text)
    if not drawn:
        sys.exit(f"{report} has no picture of a call flow")
    place.mkdir(exist_ok=True)
    (place / "call-flow.svg").write_bytes(base64.b64decode(drawn[-1]))
    with started(found) as browser, windows(browser, report.parent, name="steady.html") as opened:
        _shoot(opened(text).page, {"width": 1000, "height": 1150}, place / "report-desktop.png")
        phone = opened(text, "phone", "dark", device_scale_factor=1.5).page
        _shoot(phone, {"width": 360, "height": 960}, place / "report-phone-dark.png")


def _shoot(page: Any, size: dict[str, int], file: Path) -> None:
    page.set_viewport_size(size)
    page.screenshot(path=file)
    if file.stat().st_size > MOST_BYTES:
        sys.exit(f"{file} has more than {MOST_BYTES} bytes")


if __name__ == "__main__":
    take(Path(sys.argv[1]), Path(sys.argv[2]))
