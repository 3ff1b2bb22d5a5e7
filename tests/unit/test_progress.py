# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a long run is: what a line says, and when there is one. The clock is the tests' own."""

from __future__ import annotations

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.backends.progress import SILENT, Progress, duration


class Watched:
    """A progress whose lines are kept, and time that a test moves."""

    def __init__(self, every: float = 30.0) -> None:
        self.now, self.lines = 100.0, list[str]()
        self.progress = Progress(self.lines.append, every, lambda: self.now)

    def phase(self, what: str, planned: int, count: int, seconds: float, before: int = 0) -> None:
        """Do so many of the planned objects, each in so many seconds."""
        with self.progress.phase(what, planned, before) as done:
            for _one in range(count):
                self.now += seconds
                done()


def test_a_short_run_says_nothing() -> None:
    watched = Watched()
    watched.phase("read", 1000, 1000, 0.02)
    watched.phase("written", 9, 9, 1.0)
    assert watched.lines == []


def test_a_long_run_has_a_line_every_half_minute_with_count_rate_and_time_left() -> None:
    watched = Watched()
    watched.phase("written", 4000, 1300, 1 / 16)
    assert watched.lines == [
        "480 of 4,000 objects written, 16.0 a second, 3 min 40 s left",
        "960 of 4,000 objects written, 16.0 a second, 3 min 10 s left",
    ]


def test_the_seconds_between_lines_count_over_all_phases() -> None:
    watched = Watched(every=10)
    watched.phase("read", 8, 8, 1.0)
    watched.phase("written", 6, 6, 1.0)
    watched.phase("read back", 6, 6, 1.0)
    assert watched.lines == ["2 of 6 objects written, 1.0 a second, 4 s left", "6 of 6 objects read back"]


def test_the_rate_is_that_of_the_phase_and_the_count_that_of_the_run() -> None:
    watched = Watched(every=10)
    watched.phase("written", 30, 10, 1.0, before=10)
    assert watched.lines == ["20 of 30 objects written, 1.0 a second, 10 s left"]


def test_a_phase_within_a_phase_is_not_told() -> None:
    watched = Watched(every=1)
    with watched.progress.phase("read", 2) as done:
        watched.phase("read", 50, 50, 1.0)
        done()
    assert watched.lines == ["1 of 2 objects read, 0.0 a second, 50 s left"]
    watched.phase("written", 1, 1, 1.0)
    assert watched.lines[1:] == ["1 of 1 objects written"]


def test_an_error_ends_a_phase_and_one_of_the_display_ends_no_run() -> None:
    watched = Watched(every=1)
    with pytest.raises(KeyError), watched.progress.phase("read", 2):
        raise KeyError
    watched.phase("written", 2, 1, 1.0)
    assert len(watched.lines) == 1

    def broken(line: str) -> None:
        raise OSError(line)

    with Progress(broken, 0.0).phase("read", 2) as done:
        done()
        done()


def test_silent_says_nothing() -> None:
    with SILENT.phase("read", 2) as done:
        done()


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (141, "2 min 21 s"), (3900, "1 h 5 min")]
)
def test_durations(seconds: float, told: str) -> None:
    assert duration(seconds) == told
