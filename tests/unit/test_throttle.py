# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rate limit that all processes of a user on a machine share, and the file behind it."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.errors import ThrottleError
from ansible_collections.telephony.pbx.plugins.module_utils.transport import shared_file
from ansible_collections.telephony.pbx.plugins.module_utils.transport.throttle import Throttle


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "private"


def throttle(place: Path, time: Any, rate: float = 4.4, host: str = "pbx.example") -> Throttle:
    return Throttle(host, rate, str(place), clock=time.clock, sleep=time.sleep)


def slots(limiter: Throttle, time: Any, count: int) -> list[float]:
    """The times at which so many requests may go out."""
    moments = []
    for _request in range(count):
        limiter.wait()
        moments.append(round(time.now, 3))
    return moments


# -- when requests are allowed -------------------------------------------------------------------------------------------
def test_requests_are_one_interval_apart(place: Path, time_stands_still: Any) -> None:
    assert slots(throttle(place, time_stands_still), time_stands_still, 4) == [1000.0, 1000.25, 1000.5, 1000.75]
    assert time_stands_still.naps == pytest.approx([0.25] * 3)


def test_the_first_request_and_one_after_a_rest_do_not_wait(place: Path, time_stands_still: Any) -> None:
    limiter = throttle(place, time_stands_still)
    slots(limiter, time_stands_still, 2)
    time_stands_still.now = 2000.0
    assert slots(limiter, time_stands_still, 2) == [2000.0, 2000.25], "a rest saves up no burst"


def test_two_limiters_of_one_host_share_the_limit(place: Path, time_stands_still: Any) -> None:
    one, other = throttle(place, time_stands_still), throttle(place, time_stands_still)
    moments = [slots(limiter, time_stands_still, 1)[0] for limiter in (one, other, one, other)]
    assert moments == [1000.0, 1000.25, 1000.5, 1000.75]


def test_hosts_do_not_share_the_limit(place: Path, time_stands_still: Any) -> None:
    slots(throttle(place, time_stands_still), time_stands_still, 1)
    slots(throttle(place, time_stands_still, host="pbx.example:8080"), time_stands_still, 1)
    assert time_stands_still.naps == []


def test_a_slow_run_and_a_fast_run_both_get_the_pauses_that_they_asked_for(place: Path, time_stands_still: Any) -> None:
    slow, fast = throttle(place, time_stands_still, rate=1.1), throttle(place, time_stands_still, rate=11.0)
    moments = [slots(limiter, time_stands_still, 1)[0] for limiter in (fast, slow, fast, slow)]
    assert moments == [1000.0, 1000.1, 1001.1, 1001.2], "the pause of whoever was allowed last counts"


def test_a_run_that_is_very_slow_holds_up_others_for_a_minute_only(place: Path, time_stands_still: Any) -> None:
    slots(throttle(place, time_stands_still, rate=0.0001), time_stands_still, 1)
    assert slots(throttle(place, time_stands_still), time_stands_still, 1) == [1060.0]


@pytest.mark.parametrize("rate", [0, -1, 0.0])
def test_no_rate_is_no_limit_and_no_file(place: Path, time_stands_still: Any, rate: float) -> None:
    slots(throttle(place, time_stands_still, rate=rate), time_stands_still, 5)
    assert time_stands_still.naps == [] and not place.exists()


def test_a_wait_has_an_end(place: Path, time_stands_still: Any) -> None:
    """Others are always faster here: whenever this one looks, the last request was just now."""
    throttle(place, time_stands_still).wait()

    def overtaken(seconds: float) -> None:
        time_stands_still.sleep(seconds)
        Path(limiter.path).write_text(f"{time_stands_still.now!r} 55.0\n")

    limiter = Throttle("pbx.example", 0.02, str(place), clock=time_stands_still.clock, sleep=overtaken)
    with pytest.raises(ThrottleError, match=r"more than 3710 s .*0.02 requests per second; raise rate_limit") as caught:
        limiter.wait()
    assert caught.value.final and not caught.value.in_doubt
    assert 3600 < sum(time_stands_still.naps) < 3711


# -- what the file says --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "content",
    [b"rubbish", b"\xff\xfe\x00", b"nan nan", b"inf 1", b"1 inf", b"-inf nan", b"-inf 1", b"-1 1", b"1e400 1", b"5", b"1 2 3", b"1" * 500,
     b"99999999999 1", b"1000.1 0.25\n", b"999.9 -5\n", b"\0" * 20],
)  # fmt: skip
def test_after_damage_or_a_restart_one_whole_pause_passes(place: Path, time_stands_still: Any, content: bytes) -> None:
    """A request may have been allowed this very moment, and never later: nobody holds a slot in the future."""
    limiter = throttle(place, time_stands_still)
    limiter.wait()
    Path(limiter.path).write_bytes(content)
    assert slots(limiter, time_stands_still, 3) == [1000.25, 1000.5, 1000.75]


@given(st.binary(max_size=80))
def test_no_content_of_the_file_makes_anybody_wait_long(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    now = [1000.0]
    place = tmp_path_factory.getbasetemp() / "any"
    limiter = Throttle(
        "h", 4.4, str(place), clock=lambda: now[0], sleep=lambda seconds: now.__setitem__(0, now[0] + seconds)
    )
    Throttle("h", 4.4, str(place), clock=lambda: now[0]).wait() if not place.exists() else None
    Path(limiter.path).write_bytes(content)
    limiter.wait()
    limiter.wait()
    assert 1000.25 <= now[0] <= 1061


# -- where the file is ---------------------------------------------------------------------------------------------------
def test_the_file_is_for_its_owner_only_and_tells_nothing(place: Path, time_stands_still: Any) -> None:
    limiter = throttle(place, time_stands_still, host="user:hunter-secret@pbx.example")
    old = os.umask(0)
    try:
        limiter.wait()
    finally:
        os.umask(old)
    assert stat.S_IMODE(Path(limiter.path).stat().st_mode) == 0o600
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert "secret" not in limiter.path and "pbx.example" not in limiter.path


def test_the_runtime_directory_of_the_user_is_used_else_the_home_of_ansible(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, home = tmp_path / "run", tmp_path / "home"
    run.mkdir()
    both = {"XDG_RUNTIME_DIR": str(run), "ANSIBLE_HOME": str(home)}
    assert shared_file.private_directory(both) == str(run / "telephony_pbx")
    monkeypatch.setattr(shared_file.os, "access", lambda *given: False)
    assert shared_file.private_directory(both) == str(home / "telephony_pbx")
    monkeypatch.undo()
    monkeypatch.setattr(shared_file, "_owner", lambda path: os.geteuid() + 1)
    assert shared_file.private_directory(both) == str(home / "telephony_pbx"), "after su it belongs to somebody else"
    monkeypatch.setenv("HOME", str(home))
    assert shared_file.private_directory({}) == str(home / ".ansible" / "telephony_pbx")
    assert shared_file.private_directory({"XDG_RUNTIME_DIR": "relative"}) == str(home / ".ansible" / "telephony_pbx")


def open_to_others(place: Path, file: Path) -> None:
    place.chmod(0o770)


def file_open_to_others(place: Path, file: Path) -> None:
    file.chmod(0o640)


def directory_is_a_link(place: Path, file: Path) -> None:
    place.rename(place.with_name("elsewhere"))
    place.symlink_to(place.with_name("elsewhere"))


def file_is_a_link(place: Path, file: Path) -> None:
    file.rename(place / "treasure")
    file.symlink_to(place / "treasure")


def file_has_two_names(place: Path, file: Path) -> None:
    os.link(file, place / "other")


def file_is_a_pipe(place: Path, file: Path) -> None:
    file.unlink()
    os.mkfifo(file, 0o600)


def file_is_a_directory(place: Path, file: Path) -> None:
    file.unlink()
    file.mkdir(0o700)


def directory_is_a_file(place: Path, file: Path) -> None:
    file.unlink()
    place.rmdir()
    place.write_text("")


@pytest.mark.parametrize(
    "spoil",
    [open_to_others, file_open_to_others, directory_is_a_link, file_is_a_link, file_has_two_names, file_is_a_pipe,
     file_is_a_directory, directory_is_a_file],
    ids=lambda spoil: spoil.__name__,
)  # fmt: skip
def test_a_file_that_others_might_control_is_refused_and_not_touched(
    place: Path, time_stands_still: Any, spoil: Any
) -> None:
    limiter = throttle(place, time_stands_still)
    limiter.wait()
    file = Path(limiter.path)
    spoil(place, file)
    before = file.read_bytes() if file.is_file() else b""
    time_stands_still.now += 10
    with pytest.raises(ThrottleError, match="rate_limit: the file .* cannot be used") as caught:
        limiter.wait()
    assert limiter.path in str(caught.value) and caught.value.final and not caught.value.in_doubt
    assert (file.read_bytes() if file.is_file() else b"") == before


def test_a_file_of_another_user_is_refused(
    place: Path, time_stands_still: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    limiter = throttle(place, time_stands_still)
    limiter.wait()
    uid = os.geteuid()
    monkeypatch.setattr(shared_file.os, "geteuid", lambda: uid + 1)
    with pytest.raises(ThrottleError, match="belongs to another user"):
        limiter.wait()


@pytest.mark.parametrize(
    ("function", "error"),
    [("pwrite", errno.ENOSPC), ("ftruncate", errno.EIO), ("mkdir", errno.EROFS), ("open", errno.EACCES),
     ("makedirs", errno.EROFS), ("pwrite", 0)],
)  # fmt: skip
def test_a_full_disk_or_a_home_without_write_access_is_one_clear_error(
    place: Path, time_stands_still: Any, monkeypatch: pytest.MonkeyPatch, function: str, error: int
) -> None:
    def fails(*given: Any, **named: Any) -> int:
        if error:
            raise OSError(error, os.strerror(error))
        return 1  # a part was written

    monkeypatch.setattr(shared_file.os, function, fails)
    with pytest.raises(ThrottleError, match="rate_limit: the file .* cannot be used: .*rate_limit: 0"):
        throttle(place, time_stands_still).wait()


def test_a_lock_that_stays_is_waited_for_and_then_named(place: Path, time_stands_still: Any) -> None:
    limiter = throttle(place, time_stands_still)
    limiter.wait()
    with open(limiter.path) as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(ThrottleError, match="has locked .* for 10 s; find it with 'fuser") as caught:
            limiter.wait()
    assert limiter.path in str(caught.value)
    assert sum(time_stands_still.naps) == pytest.approx(10)
    limiter.wait()


def test_a_file_that_was_deleted_during_the_wait_for_its_lock_is_not_used(place: Path, time_stands_still: Any) -> None:
    """Others would use a new one meanwhile, and both would be allowed."""
    limiter = throttle(place, time_stands_still)
    limiter.wait()
    held = open(limiter.path)  # noqa: SIM115
    fcntl.flock(held, fcntl.LOCK_EX)

    def release(seconds: float) -> None:
        Path(limiter.path).unlink()
        held.close()

    waiting = Throttle("pbx.example", 4.4, str(place), clock=time_stands_still.clock, sleep=release)
    with pytest.raises(ThrottleError, match="not a regular file"):
        waiting.wait()


def test_no_descriptor_is_left_open(place: Path, time_stands_still: Any) -> None:
    limiter = throttle(place, time_stands_still)
    limiter.wait()
    before = len(os.listdir("/proc/self/fd"))
    slots(limiter, time_stands_still, 20)
    file_open_to_others(place, Path(limiter.path))
    with pytest.raises(ThrottleError):
        limiter.wait()
    assert len(os.listdir("/proc/self/fd")) == before


# -- many at once --------------------------------------------------------------------------------------------------------
CONTEND = """
import sys, threading
from ansible_collections.telephony.pbx.plugins.module_utils.transport.throttle import Throttle
allowed = []
limiter = Throttle('h', 1100.0, sys.argv[1])
inner = limiter._try
def noted(shared):
    seen = []
    limiter.clock, clock = (lambda: seen.append(clock()) or seen[-1]), limiter.clock
    try:
        left = inner(shared)
    finally:
        limiter.clock = clock
    if not left:
        allowed.append(seen[-1])
    return left
limiter._try = noted
threads = [threading.Thread(target=lambda: [limiter.wait() for _ in range(10)]) for _ in range(3)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(*map(repr, allowed))
"""


def test_processes_and_threads_share_the_limit(place: Path) -> None:
    """Forks of Ansible are processes. What each of them was allowed is compared, under the clock of the machine."""
    runs = [
        subprocess.Popen([sys.executable, "-c", CONTEND, str(place)], stdout=subprocess.PIPE, text=True)
        for _fork in range(4)
    ]
    allowed = sorted(float(word) for run in runs for word in run.communicate()[0].split())
    assert len(allowed) == 4 * 3 * 10
    assert min(later - earlier for earlier, later in zip(allowed, allowed[1:])) >= 0.001 - 1e-9


def test_threads_of_one_process_share_the_limit(place: Path, time_stands_still: Any) -> None:
    limiter = throttle(place, time_stands_still)
    threads = [threading.Thread(target=limiter.wait) for _thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time_stands_still.now == pytest.approx(1000 + 7 * 0.25)
