# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP client that all backends share: reads, writes, retries, and the protection of accounts against lockout.

Retries depend on whether a request reads or writes, not on its HTTP verb: a vendor may write with GET. The session
follows no redirects, limits the time of everything that one call does, refuses writes in check mode, and keeps secrets
out of messages. Every error of the network is a TransportError.
"""

from __future__ import annotations

import contextlib
import ipaddress
import itertools
import json as json_module
import logging
import os
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Callable
from urllib.parse import urlsplit

from ..errors import AuthError, PBXError, RateLimited, TransportError, WriteInReadOnlySession
from .answers import Answer, read_answer
from .failures import Explainer
from .library import ERRORS, HAS_REQUESTS, REQUESTS_IMPORT_ERROR, requests
from .login import BasicLogin, BearerLogin, Login
from .pauses import Countdown, PauseBudget, backoff, retry_after
from .redaction import Redactor
from .shared_rate import limit_of
from .wire import BoundedAdapter, Exchange, NoAuth

__all__ = [
    "HAS_REQUESTS",
    "REQUESTS_IMPORT_ERROR",
    "Answer",
    "BasicLogin",
    "BearerLogin",
    "Login",
    "Session",
    "SessionOptions",
    "requests",
]

RETRIED_STATUSES = frozenset({429, 502, 503, 504})
LARGEST_ANSWER = 64 * 1024 * 1024  # bytes
MOST_ATTEMPTS = 6
_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")  # as `requests` and curl name files of certificates
_LONGEST_INSPECTED = 1_000_000  # characters of a foreign text from which a message is made


@dataclass
class SessionOptions:
    """url: base URL without a trailing slash. verify: True, False or a CA file. rate_limit: requests a second, 0: none.
    rate_limit_store, slices: see shared_rate.py.

    timeout: seconds for one step of the network. deadline: seconds for one request with all attempts, and for all
    pauses of the run together.
    """

    url: str
    timeout: float = 30.0
    deadline: float = 120.0
    verify: bool | str = True
    rate_limit: float = 0.0
    rate_limit_store: str = ""
    slices: int = 1
    concurrency: int = 4
    read_only: bool = False
    secrets: Iterable[str] = field(default_factory=tuple)


# Gets the method, path and parameters of a request, and its answer.
Observer = Callable[[str, str, Mapping[str, Any], Answer], None]


class Session:
    """A connection pool to one server, for one module call, or one after the other (see `begin`). May be used by several
    threads.

    `requests_sent` and `writes_sent` count what was sent, repeated requests and logins included; a request that never
    left this machine is not counted. `notes` holds warnings for the user.
    """

    def __init__(
        self,
        options: SessionOptions,
        login: Login | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if requests is None:
            raise PBXError("the Python library requests is missing on the machine that runs this module; install it")
        self.options = options
        self.url = options.url.rstrip("/")
        self.login = login or Login()
        self.clock, self.sleep = clock, sleep
        self.notes: list[str] = []
        self._observer: Observer | None = None
        self.requests_sent = self.writes_sent = 0
        self._count_lock = threading.Lock()
        self._gate = threading.RLock()
        self._accepted = self._refused = False
        self._redact = Redactor()
        secrets = [secret for secret in (*options.secrets, *self.login.secrets) if secret]
        for secret in secrets:
            self.hide(secret)
        server = _server(self.url)
        self._explainer = Explainer(self.redact(server), self.short)
        if (secrets or self.login.__class__ is not Login) and _is_readable_on_the_way(self.url):
            self.notes.append(
                f"url starts with http://, so the credentials travel to {self._explainer.host} unencrypted; "
                "write https:// if the server supports it"
            )
        self._first_notes = list(self.notes)
        self._pauses = PauseBudget(clock, options.deadline)
        self._throttle = limit_of(
            server,
            options.rate_limit,
            store=options.rate_limit_store,
            slices=options.slices,
            warn=self._warn,
            clock=clock,
            sleep=sleep,
        )
        self._http = requests.Session()
        # Credentials come from the login only, not from a netrc file. `_environment` finds what else the environment says.
        self._http.auth = NoAuth()
        self._http.trust_env = False
        self._environments: dict[str, dict[str, Any]] = {}
        adapter = BoundedAdapter(pool_maxsize=max(options.concurrency, 1), max_retries=0)
        self._http.mount("https://", adapter)
        self._http.mount("http://", adapter)
        # urllib3 logs whole URLs, which may contain a secret. A broken header makes it log even a warning.
        logging.getLogger("urllib3").setLevel(logging.ERROR)

    @property
    def refused(self) -> bool:
        """Whether the server has refused the credentials, so that nothing more is sent."""
        return self._refused

    @contextlib.contextmanager
    def observed_by(self, observer: Observer) -> Iterator[None]:
        """Show the observer every answer that is no login, from several threads, until the block ends."""
        self._observer = observer
        try:
            yield
        finally:
            self._observer = None

    def _warn(self, note: str) -> None:
        """A note of the rate limit, among those of the call that runs now."""
        self.notes.append(note)

    def begin(self, secrets: Iterable[str]) -> None:
        """Another call begins with this session: its counts, notes and pauses start anew. What the server thinks of the
        credentials stays known. secrets: what must not appear in a message of this call either."""
        for secret in secrets:
            self.hide(secret)
        self.requests_sent = self.writes_sent = 0
        self.notes = list(self._first_notes)
        self._pauses = PauseBudget(self.clock, self.options.deadline)
        self.login.begin()

    def close(self) -> None:
        self._http.close()

    # -- secrets -----------------------------------------------------------------------------------------------------
    def hide(self, secret: str | None) -> None:
        """Keep a value out of all messages from now on, in every spelling that URLs, headers and bodies give it."""
        if secret:
            self._redact.add(secret)

    def redact(self, text: str) -> str:
        return self._redact(text)

    def short(self, text: str, limit: int = 300) -> str:
        """Foreign text for a message: one line, no secrets, at most `limit` characters."""
        line = " ".join(text[:_LONGEST_INSPECTED].split())
        reach = limit + 2 * self._redact.longest  # part of a secret that is cut in two must not be shown
        shown = self.redact(line[:reach])
        if len(text) > _LONGEST_INSPECTED or len(line) > reach:
            return shown[: max(0, len(shown) - self._redact.longest)][:limit] + " ..."
        return shown if len(shown) <= limit else shown[:limit] + " ..."

    # -- requests ----------------------------------------------------------------------------------------------------
    def read(self, method: str, path: str, **parts: Any) -> Answer:
        """Send a request that changes nothing. It is sent again after any temporary problem, within the deadline.

        parts: params, json, headers, foreign (see `_call`). Raises TransportError, RateLimited, AuthError.
        """
        return self._call(method, path, write=False, **parts)

    def write(self, method: str, path: str, **parts: Any) -> Answer:
        """Send a request that changes something. It is sent again only when it surely was not processed.

        Raises TransportError: `in_doubt` is False only when nothing was processed. Raises RateLimited and AuthError,
        after which nothing was processed either, and WriteInReadOnlySession in check mode.
        """
        if self.options.read_only:
            raise WriteInReadOnlySession(f"a write was attempted in check mode: {method}")
        return self._call(method, path, write=True, **parts)

    def send_login(self, method: str, url: str, **parts: Any) -> Answer:
        """Send a request of a login: once, without credentials in the headers, to an absolute URL."""
        countdown = Countdown(self.clock, self.options.timeout)
        return self._send_once(method, url, write=False, countdown=countdown, anonymous=True, **parts)

    def _call(self, method: str, path: str, *, write: bool, foreign: bool = False, **parts: Any) -> Answer:
        """foreign: the request carries credentials of its own, so its answer says nothing about ours.

        Servers count failed logins and lock accounts and addresses. Therefore requests are sent one at a time until the
        server has accepted our credentials once, and none is sent after it has refused them.
        """
        parts.update(write=write, foreign=foreign)
        if self._accepted and not self._refused:
            return self._attempts(method, path, **parts)
        with self._gate:
            if self._refused:
                raise AuthError("the server refused the credentials earlier in this run; nothing more is sent")
            return self._attempts(method, path, **parts)

    def _attempts(self, method: str, path: str, *, write: bool, foreign: bool, **parts: Any) -> Answer:
        renewed = False
        countdown = Countdown(self.clock, self.options.deadline)
        for attempt in itertools.count(1):
            try:
                answer = self._send_once(method, path, write=write, countdown=countdown, **parts)
            except TransportError as error:
                if error.final or (write and error.in_doubt) or not self._pause(attempt, None, countdown):
                    raise
                continue
            if not foreign and self.login.refused(answer):
                # A refused request was not processed, so a write can be sent again too.
                if renewed or not self.login.renew(self):
                    self._refused = True
                    return answer
                renewed = True
            elif answer.status not in RETRIED_STATUSES:
                self._accepted |= answer.ok and not foreign
                return answer
            elif write and answer.status != 429:
                what = f"{self._explainer.host} answered {answer.status}: it is unknown whether the write was processed"
                raise TransportError(what, in_doubt=True)
            elif not self._pause(attempt, retry_after(answer.headers), countdown):
                return self._last(answer)
        raise AssertionError("unreachable")

    def _last(self, answer: Answer) -> Answer:
        """What to do with an answer after which another attempt is not made."""
        if answer.status == 429:
            rate = f"{self.options.rate_limit:g}"
            raise RateLimited(f"the server kept answering 429 (too many requests); lower rate_limit, now {rate}")
        return answer

    def _pause(self, attempt: int, seconds: float | None, countdown: Countdown) -> bool:
        """Wait before the next attempt. False when there is none: too many, or too little time left."""
        pause = backoff(attempt) if seconds is None else seconds
        if attempt >= MOST_ATTEMPTS or pause >= countdown.left() or not self._pauses.take(pause):
            return False
        self.sleep(pause)
        return True

    def _send_once(
        self,
        method: str,
        path: str,
        *,
        write: bool,
        countdown: Countdown,
        anonymous: bool = False,
        params: dict[str, str] | None = None,
        json: Any = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        began = self.clock()
        every = {"Accept": "application/json", **({} if anonymous else self.login.headers(self)), **(headers or {})}
        self._throttle.wait()
        # The rate limit is our own, and a login has a deadline of its own: neither uses up the time of this request.
        countdown.extend(self.clock() - began)
        data = None if json is None else json_module.dumps(json).encode()
        if data is not None:
            every["Content-Type"] = "application/json; charset=utf-8"
        exchange = Exchange(countdown, self.options.timeout)
        url = path if anonymous else self.url + path
        answer = self._exchange(exchange, write, method, url, params=params, data=data, headers=every)
        if self._observer and not anonymous:
            self._observer(method, path, params or {}, answer)
        if 300 <= answer.status < 400:
            target = self.short(answer.headers.get("location", "another address"))
            what = f"{self._explainer.host} redirects to {target}; write the final address into url"
            raise TransportError(what, in_doubt=write, final=True)  # some servers redirect after they did the work
        return answer

    def _environment(self, url: str) -> dict[str, Any]:
        """The proxies and certificates that the environment and the options want for the server of a URL.

        Looked up once for each server: `requests` goes through the whole environment for each request otherwise.
        """
        parts = urlsplit(url)
        server = f"{parts.scheme}://{parts.netloc}"
        if server not in self._environments:
            verify = self.options.verify
            bundles = [os.environ.get(name) for name in _BUNDLES] if verify is True else []
            self._environments[server] = {
                "proxies": requests.utils.get_environ_proxies(url),
                "verify": next(filter(None, bundles), verify),
            }
        return self._environments[server]

    def _exchange(self, exchange: Exchange, write: bool, method: str, url: str, **parts: Any) -> Answer:
        try:
            with exchange.request(self._http, method, url, **self._environment(url), **parts) as response:
                for cookie in response.cookies:
                    self.hide(cookie.value)  # a session cookie is as secret as the password
                return read_answer(response, LARGEST_ANSWER)
        except ERRORS as error:
            raise self._explainer.explain(error, exchange) from None
        finally:
            with self._count_lock:
                self.requests_sent += exchange.sent
                self.writes_sent += exchange.sent and write


def _server(url: str) -> str:
    """Host and port of a URL. Raises TransportError when it has none."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        raise TransportError("url is not a valid http(s) address", final=True) from None


def _is_readable_on_the_way(url: str) -> bool:
    """Whether others on the network can read what is sent. On the machine itself (a tunnel, a test) nobody can."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "http" or host == "localhost":
        return False
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return True
