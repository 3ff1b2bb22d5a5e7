# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rate limit that all processes on a machine share."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.transport.throttle import Throttle


def throttle(place: Path, time: Any, rate: float = 4.4, host: str = "pbx.example") -> Throttle:
    return Throttle(host, rate, str(place), clock=time.clock, sleep=time.sleep)


def slots(limiter: Throttle, time: Any, count: int) -> list[float]:
    """The times at which so many requests may go out."""
    moments = []
    for _request in range(count):
        limiter.wait()
        moments.append(round(time.now, 3))
    return moments


def test_slots_are_one_interval_apart(tmp_path: Path, time_stands_still: Any) -> None:
    assert slots(throttle(tmp_path, time_stands_still), time_stands_still, 4) == [1000.0, 1000.25, 1000.5, 1000.75]
    assert time_stands_still.naps == pytest.approx([0.25] * 3)


def test_the_first_request_and_one_after_a_rest_do_not_wait(tmp_path: Path, time_stands_still: Any) -> None:
    limiter = throttle(tmp_path, time_stands_still)
    slots(limiter, time_stands_still, 2)
    time_stands_still.now = 2000.0
    assert slots(limiter, time_stands_still, 2) == [2000.0, 2000.25], "a rest saves up no burst"


def test_two_limiters_of_one_host_share_its_slots(tmp_path: Path, time_stands_still: Any) -> None:
    one, other = throttle(tmp_path, time_stands_still), throttle(tmp_path, time_stands_still)
    moments = [slots(limiter, time_stands_still, 1)[0] for limiter in (one, other, one, other)]
    assert moments == [1000.0, 1000.25, 1000.5, 1000.75]


def test_hosts_do_not_share_slots(tmp_path: Path, time_stands_still: Any) -> None:
    slots(throttle(tmp_path, time_stands_still), time_stands_still, 1)
    slots(throttle(tmp_path, time_stands_still, host="pbx.example:8080"), time_stands_still, 1)
    assert time_stands_still.naps == []


@pytest.mark.parametrize("rate", [0, -1, 0.0])
def test_no_rate_is_no_limit_and_no_file(tmp_path: Path, time_stands_still: Any, rate: float) -> None:
    slots(throttle(tmp_path, time_stands_still, rate=rate), time_stands_still, 5)
    assert time_stands_still.naps == [] and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"rubbish", b"\xff\xfe\x00", b"nan", b"inf", b"-inf", b"1e400", b"-5", b"1" * 500, b"99999999999"]
)
def test_a_damaged_file_is_put_right(tmp_path: Path, time_stands_still: Any, content: bytes) -> None:
    limiter = throttle(tmp_path, time_stands_still)
    Path(limiter.path).write_bytes(content)
    assert slots(limiter, time_stands_still, 3) == [1000.0, 1000.25, 1000.5]


@given(st.binary(max_size=80))
def test_no_content_of_the_file_lets_anybody_wait_for_long(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    from_now = [0.0]
    limiter = Throttle("h", 4.0, str(tmp_path_factory.getbasetemp()), clock=lambda: 1000.0, sleep=from_now.append)
    Path(limiter.path).write_bytes(content)
    limiter.wait()
    limiter.wait()
    assert 0.25 <= sum(from_now) <= 1201


def test_the_file_is_nobody_elses_business(tmp_path: Path, time_stands_still: Any) -> None:
    limiter = throttle(tmp_path, time_stands_still, host="user:hunter-secret@pbx.example")
    limiter.wait()
    assert stat.S_IMODE(Path(limiter.path).stat().st_mode) == 0o600
    assert "secret" not in limiter.path and "pbx.example" not in limiter.path


def test_a_link_that_somebody_laid_there_is_not_followed(tmp_path: Path, time_stands_still: Any) -> None:
    limiter = throttle(tmp_path, time_stands_still)
    treasure = tmp_path / "treasure"
    treasure.write_text("keep")
    Path(limiter.path).symlink_to(treasure)
    with pytest.raises(OSError):
        limiter.wait()
    assert treasure.read_text() == "keep"


def test_processes_share_the_slots(tmp_path: Path) -> None:
    """Forks of Ansible are processes: between them they get one slot each, whoever comes first."""
    code = (
        "import sys; from ansible_collections.telephony.pbx.plugins.module_utils.transport.throttle import Throttle\n"
        "limiter = Throttle('h', 11.0, sys.argv[1], clock=lambda: 1000.0, sleep=lambda seconds: None)\n"
        "print(*(limiter._reserve() for _ in range(20)))"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _fork in range(3)
    ]
    taken = sorted(float(word) for run in runs for word in run.communicate()[0].split())
    assert taken == pytest.approx([1000.0 + slot / 10 for slot in range(60)])
