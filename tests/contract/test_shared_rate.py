# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One rate limit for several machines, on a real Redis server: spacing, an outage, and the share that is left then."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.errors import InvalidOption, PBXError
from ansible_collections.telephony.pbx.plugins.module_utils.transport import shared_rate
from ansible_collections.telephony.pbx.plugins.module_utils.transport.throttle import Throttle

redis = pytest.importorskip("redis")
PROGRAM = shutil.which("redis-server")
MACHINES, REQUESTS, RATE = 4, 8, 100.0
INTERVAL = 11_000  # microseconds between two requests: a tenth more than 1000 / RATE

MACHINE = """
import sys
from ansible_collections.telephony.pbx.plugins.module_utils.transport.shared_rate import limit_of
store, rate, count = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
warnings = []
limit = limit_of("pbx.example", rate, store=store, slices=4, warn=warnings.append)
for _request in range(count):
    limit.wait()
    print(limit.allowed_at)
assert not warnings
"""


class Redis:
    """A Redis server of the test's own, which can be stopped and started again."""

    def __init__(self, place: Path) -> None:
        self.place, self.process = place, None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"redis://:s3cret-of-redis@127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        assert PROGRAM
        command = [PROGRAM, "--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--dir", str(self.place)]
        self.process = subprocess.Popen(
            [*command, "--requirepass", "s3cret-of-redis"], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        for line in self.process.stdout:
            if "Ready to accept connections" in line:
                return
        pytest.fail("redis-server did not start")

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.communicate()
            self.process = None


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Redis]:
    if not PROGRAM:
        if os.environ.get("PBX_REQUIRE_REDIS"):
            pytest.fail("redis-server is not installed; .ci/run installs it")
        pytest.skip("redis-server is not installed (Debian and Ubuntu: apt install redis-server)")
    server = Redis(tmp_path)
    yield server
    server.stop()


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_requests_of_all_machines_keep_their_distance(server: Redis, tmp_path: Path) -> None:
    machines = []
    for number in range(MACHINES):  # each with files of its own, as containers have
        env = {
            **os.environ,
            "ANSIBLE_HOME": str(tmp_path / str(number)),
            "XDG_RUNTIME_DIR": str(tmp_path / str(number)),
        }
        command = [sys.executable, "-c", MACHINE, server.url, str(RATE), str(REQUESTS)]
        machines.append(subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True))
    said = [machine.communicate()[0].split() for machine in machines]
    assert [machine.returncode for machine in machines] == [0] * MACHINES
    moments = sorted(int(moment) for one in said for moment in one)
    assert len(moments) == MACHINES * REQUESTS
    assert min(later - earlier for earlier, later in zip(moments, moments[1:])) >= INTERVAL
    client = redis.Redis.from_url(server.url)
    (key,) = client.keys("telephony_pbx:rate:*")
    assert 0 < client.ttl(key) <= 3600


def limited(server: Redis, clock: Clock, warnings: list[str], tmp_path: Path) -> shared_rate.SharedRate:
    share = Throttle("pbx.example", RATE / 4, str(tmp_path / "slots"), clock, clock.sleep)
    return shared_rate.SharedRate("pbx.example", RATE, server.url, share, warnings.append, clock, clock.sleep)


def test_an_outage_is_waited_for_then_the_share_is_used_with_one_warning(server: Redis, tmp_path: Path) -> None:
    clock, warnings = Clock(), list[str]()
    limit = limited(server, clock, warnings, tmp_path)
    limit.wait()
    assert not warnings
    server.stop()
    began = clock.now
    limit.wait()
    assert shared_rate._LONGEST_OUTAGE - 1 <= clock.now - began <= shared_rate._LONGEST_OUTAGE + 1
    (warning,) = warnings
    assert "does not answer" in warning and "25 requests per second" in warning and f":{server.port}/0" in warning
    assert "s3cret" not in warning
    between = clock.now
    limit.wait()
    assert clock.now - between == pytest.approx(1.1 / 25)  # the share, without another wait for Redis
    clock.sleep(shared_rate._TRY_AGAIN_AFTER)
    limit.wait()
    assert len(warnings) == 1, "one warning for one outage"


def test_redis_that_comes_back_is_used_again(server: Redis, tmp_path: Path) -> None:
    clock, warnings = Clock(), list[str]()
    limit = limited(server, clock, warnings, tmp_path)
    limit.wait()
    server.stop()
    limit.wait()
    server.start()
    clock.sleep(shared_rate._TRY_AGAIN_AFTER)
    limit.wait()
    client = redis.Redis.from_url(server.url)
    assert len(client.keys("*")) == 1  # the server had forgotten all


def test_a_store_that_restarts_between_two_requests_is_no_outage(server: Redis, tmp_path: Path) -> None:
    clock, warnings = Clock(), list[str]()
    limit = limited(server, clock, warnings, tmp_path)
    limit.wait()
    server.stop()
    server.start()
    limit.wait()
    assert not warnings


@pytest.mark.parametrize("store", ["localhost:6379", "http://x", "redis://", "redis://host:port", "unix://"])
def test_an_address_that_cannot_be_right(store: str) -> None:
    with pytest.raises(InvalidOption, match="rate_limit_store: is no address of a Redis server"):
        shared_rate.limit_of("pbx.example", 1, store=store, warn=print)


def test_missing_libraries_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(PBXError, match="install redis"):
        shared_rate.limit_of("pbx.example", 1, store="redis://:pw@host", warn=print)
    assert isinstance(shared_rate.limit_of("pbx.example", 0, store="redis://host", warn=print), Throttle)


@pytest.mark.parametrize(("slices", "rate"), [(1, 20.0), (4, 5.0), (0, 20.0)])
def test_without_a_store_each_slice_has_its_share(slices: int, rate: float) -> None:
    assert shared_rate.limit_of("pbx.example", 20.0, slices=slices, warn=print).rate == rate


def test_a_time_in_the_future_costs_one_pause(server: Redis, tmp_path: Path) -> None:
    clock, warnings = Clock(), list[str]()
    limit = limited(server, clock, warnings, tmp_path)
    redis.Redis.from_url(server.url).set(limit.key, "9" * 15 + "9")
    assert limit._try() == pytest.approx(INTERVAL / 1e6, rel=0.01)
    assert int(redis.Redis.from_url(server.url).get(limit.key)) < 9e15
