# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rate limit that machines share: the time of the last request is in Redis, one key for each server.

The file of `throttle.py` is seen by one machine only. AWX runs the slices of a job in containers of their own, so without a
store each of them takes its share: the rate divided by the number of slices.

The moments are those of the clock of Redis, because the clocks of the machines differ. Where Redis does not answer, a run
waits a bounded time for it, then goes on with its share and tries Redis again later.
"""

from __future__ import annotations

import hashlib
import math
import threading
import time
from typing import Any, Callable
from urllib.parse import urlsplit

from ..errors import InvalidOption, PBXError, ThrottleError
from .store_library import store_library
from .throttle import Throttle

SCHEMES = ("redis", "rediss", "unix")
_MARGIN = 1.1  # as in throttle.py
_ANSWER_TIMEOUT = 2.0  # seconds for one request to Redis
_LONGEST_OUTAGE = 10.0  # seconds that a run waits for Redis before it goes on with its share
_RETRY = 0.5  # seconds between two attempts meanwhile
_TRY_AGAIN_AFTER = 30.0  # seconds with the share before Redis is asked again
_LONGEST_QUEUE = 3600.0  # seconds
_KEPT = 3600  # seconds that Redis keeps the time of a request
# Keys: when the last request was allowed. Arguments: the pause in microseconds, and how many seconds the key is kept.
# Returns the microseconds that are left, and the time of Redis. All in one script: were the time asked for before, another
# machine could be allowed a request in between. A time in the future is left from before the clock of Redis was set back.
_SCRIPT = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local last = tonumber(redis.call('GET', KEYS[1]) or '0') or now
local left = math.min(last, now) + ARGV[1] - now
if left <= 0 or last > now then
    redis.call('SET', KEYS[1], string.format('%.0f', now), 'EX', ARGV[2])
end
return {math.max(left, 0), now}
"""


def check_store(store: str) -> None:
    """Refuse what is no address of Redis. Raises InvalidOption, without the text: it may hold a password."""
    try:
        parts = urlsplit(store)
        usable = parts.scheme in SCHEMES and bool(parts.path if parts.scheme == "unix" else parts.hostname)
        usable = usable and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise InvalidOption(
            "connection: rate_limit_store: is no address of a Redis server; write for example redis://redis.example:6379/0, "
            "rediss:// for TLS, or unix:///run/redis.sock"
        )


def place_of(store: str) -> str:
    """The address without credentials, for messages."""
    parts = urlsplit(store)
    host = parts.hostname or ""
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}{parts.path}"


def password_of(store: str) -> str:
    """The password in the address, empty without one."""
    try:
        return urlsplit(store).password or ""
    except ValueError:
        return ""


def limit_of(
    server: str,
    rate: float,
    *,
    store: str = "",
    slices: int = 1,
    warn: Callable[[str], None],
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Throttle | SharedRate:
    """What a session waits for before each request.

    rate: requests per second that the server may see from all machines together; 0: no limit. slices: jobs that run side by
    side on machines of their own. warn: takes a warning for the user. Raises InvalidOption, and PBXError where the library
    of the store is missing.
    """
    share = Throttle(server, rate / max(slices, 1))
    if not store or not rate:
        return share
    check_store(store)
    try:
        store_library()
    except ImportError as error:
        raise PBXError(
            f"rate_limit_store: the Python library redis is missing on the machine that runs this module "
            f"({error}); install redis, or leave rate_limit_store out"
        ) from None
    return SharedRate(server, rate, store, share, warn, clock, sleep)


class SharedRate:
    """Allows one request after the other, over all machines that use the same store."""

    def __init__(
        self,
        server: str,
        rate: float,
        store: str,
        share: Throttle,
        warn: Callable[[str], None],
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self.rate, self.share, self.store = rate, share, store
        self.key = f"telephony_pbx:rate:{hashlib.sha256(server.encode()).hexdigest()[:32]}"
        self.warn, self.clock, self.sleep = warn, clock, sleep
        self._script: Any = None
        self.allowed_at = 0  # microseconds by the clock of Redis
        self._warned = False
        self._away_until = -math.inf
        self._turn = threading.Lock()

    def wait(self) -> None:
        """Return when the next request may be sent. Raises ThrottleError after more than an hour in the queue."""
        with self._turn:  # one thread of this process at a time competes with the other machines
            gives_up_at = self.clock() + _LONGEST_QUEUE
            while self.clock() >= self._away_until:
                pause = self._asked()
                if pause is None:
                    break
                if not pause:
                    return
                if self.clock() + pause > gives_up_at:
                    raise ThrottleError(
                        f"rate_limit: waited more than {_LONGEST_QUEUE:.0f} s for the rate limit of {self.rate:g} requests per "
                        "second; raise rate_limit, or run fewer hosts at the same time"
                    )
                self.sleep(pause)
        self.share.wait()

    def _asked(self) -> float | None:
        """0 when a request is allowed now, else the seconds after which to ask again. None: Redis is away for longer."""
        ends_at = self.clock() + (0 if self._warned else _LONGEST_OUTAGE)
        while True:
            try:
                pause = self._try()
                self._warned = False
                return pause
            except (store_library().RedisError, OSError) as error:
                self._script = None
                if self.clock() + _RETRY > ends_at:
                    self._away(error)
                    return None
            self.sleep(_RETRY)

    def _away(self, error: Exception) -> None:
        self._away_until = self.clock() + _TRY_AGAIN_AFTER
        if not self._warned:
            self._warned = True
            self.warn(
                f"rate_limit_store: {place_of(self.store)} does not answer ({type(error).__name__}); this machine goes on with "
                f"{self.share.rate:g} requests per second, its share of the rate limit, and asks again after "
                f"{_TRY_AGAIN_AFTER:.0f} s"
            )

    def _try(self) -> float:
        if self._script is None:
            client = store_library().Redis.from_url(
                self.store, socket_timeout=_ANSWER_TIMEOUT, socket_connect_timeout=_ANSWER_TIMEOUT
            )
            self._script = client.register_script(_SCRIPT)
        left, moment = self._script(keys=[self.key], args=[int(1_000_000 * _MARGIN / self.rate) + 1, _KEPT])
        if not left:
            self.allowed_at = int(moment)
        return int(left) / 1_000_000
