# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP client that all backends share: the only file that knows `requests`.

It decides by the safety of an operation, never by its HTTP verb, what may be sent again: PortaSwitch writes with GET.
It follows no redirects, keeps a deadline over everything that one call does, refuses writes in check mode and lets
no secret out in a message.
"""

from __future__ import annotations

import base64
import codecs
import json as json_module
import logging
import random
import re
import threading
import time
import traceback
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Callable
from urllib.parse import urlsplit

from ..errors import AuthError, PBXError, RateLimited, TransportError, WriteInReadOnlySession
from .redaction import Redactor
from .throttle import Throttle

try:
    import requests
    import requests.adapters

    REQUESTS_IMPORT_ERROR = None
except ImportError:
    requests = None  # type: ignore[assignment]
    REQUESTS_IMPORT_ERROR = traceback.format_exc()
HAS_REQUESTS = requests is not None

RETRIED_STATUSES = frozenset({429, 502, 503, 504})
LARGEST_ANSWER = 64 * 1024 * 1024
MOST_ATTEMPTS = 6
_LONGEST_LOOKED_AT = 1_000_000  # characters of a foreign text that a message is made of


@dataclass(frozen=True)
class Answer:
    """A response, whole: status, reason phrase, headers with lower-case names, text, and its JSON if it is any."""

    status: int
    reason: str
    headers: dict[str, str]
    text: str

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The JSON of the body. Raises ValueError when it is none."""
        return json_module.loads(self.text)

    @property
    def is_json(self) -> bool:
        try:
            self.json()
        except ValueError:
            return False
        return True


class Login:
    """How requests show who sends them. The base class is for servers that want nothing in the headers.

    secrets: values that the headers carry besides the options they were made of.
    """

    secrets: tuple[str, ...] = ()

    def headers(self, session: Session) -> dict[str, str]:
        """Headers for the next request; may log in first."""
        return {}

    def renew(self, session: Session) -> bool:
        """Called once after a 401: True when new credentials were obtained and the request may be sent again."""
        return False


class BasicLogin(Login):
    def __init__(self, username: str, password: str) -> None:
        pair = f"{username}:{password}".encode()
        self.secrets = (base64.b64encode(pair).decode(),)
        self.value = "Basic " + self.secrets[0]

    def headers(self, session: Session) -> dict[str, str]:
        return {"Authorization": self.value}


class BearerLogin(Login):
    def __init__(self, token: str) -> None:
        self.token = token

    def headers(self, session: Session) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def _charset(content_type: str) -> str:
    """The character set that a Content-Type names if Python knows it, else UTF-8: JSON has no other."""
    named = re.search(r"charset=[\"']?([\w.:-]+)", content_type, re.IGNORECASE)
    try:
        return codecs.lookup(named.group(1)).name if named else "utf-8"
    except LookupError:
        return "utf-8"


@dataclass
class SessionOptions:
    """url: base URL without a trailing slash. timeout and deadline in seconds. verify: True, False or a CA file."""

    url: str
    timeout: float = 30.0
    deadline: float = 120.0
    verify: bool | str = True
    rate_limit: float = 0.0
    concurrency: int = 4
    read_only: bool = False
    secrets: Iterable[str] = field(default_factory=tuple)


class Session:
    """A connection pool to one server, for one module call.

    `requests_sent` and `writes_sent` count what went out, retries and logins included.
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
        self.requests_sent = self.writes_sent = 0
        self._count_lock = threading.Lock()
        self._first = threading.RLock()
        self._accepted = self._refused = False
        self._waited = 0.0
        self._own = threading.local()
        self._redact = Redactor()
        for secret in (*options.secrets, *self.login.secrets):
            self.hide(secret)
        self._throttle = Throttle(urlsplit(self.url).netloc, options.rate_limit)
        self._http = requests.Session()
        # netrc and proxy credentials of the environment have no say in who we are; proxies themselves stay usable
        self._http.auth = _NoAuth()
        adapter = requests.adapters.HTTPAdapter(pool_maxsize=max(options.concurrency, 1), max_retries=0)
        self._http.mount("https://", adapter)
        self._http.mount("http://", adapter)
        # urllib3 logs whole URLs, with a broken header even as a warning, and a URL may hold the licence
        logging.getLogger("urllib3").setLevel(logging.ERROR)

    def close(self) -> None:
        self._http.close()

    # -- secrets -----------------------------------------------------------------------------------------------------
    def hide(self, secret: str | None) -> None:
        """Never let this value out in a message again, in any of the spellings that URLs and headers give it."""
        if secret:
            self._redact.add(secret)

    def redact(self, text: str) -> str:
        return self._redact(text)

    def short(self, text: str, limit: int = 300) -> str:
        """Foreign text made fit for a message: one line, no secrets, not long."""
        line = " ".join(text[:_LONGEST_LOOKED_AT].split())
        reach = limit + 2 * self._redact.longest  # a secret that is cut in two must not be shown in part
        shown = self.redact(line[:reach])
        if len(text) > _LONGEST_LOOKED_AT or len(line) > reach:
            return shown[: max(0, len(shown) - self._redact.longest)][:limit] + " ..."
        return shown if len(shown) <= limit else shown[:limit] + " ..."

    # -- requests ----------------------------------------------------------------------------------------------------
    def read(self, method: str, path: str, **parts: Any) -> Answer:
        """Send a request that changes nothing; sent again after any passing trouble, within the deadline."""
        return self._call(method, path, write=False, **parts)

    def write(self, method: str, path: str, **parts: Any) -> Answer:
        """Send a request that changes something; sent again only when it surely was not processed.

        Raises TransportError with `in_doubt` set when nobody can tell, WriteInReadOnlySession in check mode.
        """
        if self.options.read_only:
            raise WriteInReadOnlySession(f"a write was attempted in check mode: {method}")
        return self._call(method, path, write=True, **parts)

    def _call(self, method: str, path: str, *, write: bool, foreign: bool = False, **parts: Any) -> Answer:
        """foreign: whether the request brings credentials of its own, so that a 401 says nothing about ours.

        Servers count failed logins, and lock accounts and addresses: until our credentials were accepted once, one
        request goes out at a time, and after they were refused none does.
        """
        if self._accepted and not self._refused:
            return self._judged(self._attempts(method, path, write=write, **parts), foreign)
        with self._first:
            if self._refused:
                raise AuthError("the server has refused the credentials before; nothing more is sent")
            return self._judged(self._attempts(method, path, write=write, **parts), foreign)

    def _judged(self, answer: Answer, foreign: bool) -> Answer:
        if answer.status == 401 and not foreign:
            self._refused = True
        elif answer.ok:
            self._accepted = True
        return answer

    def _attempts(self, method: str, path: str, *, write: bool, **parts: Any) -> Answer:
        renewed = False
        attempt = 0
        ends_at = self.clock() + self.options.deadline
        while True:
            attempt += 1
            try:
                answer = self._send_once(method, path, write=write, ends_at=ends_at, **parts)
            except TransportError as error:
                again = not error.final and (not write or not error.in_doubt)
                if write and not error.in_doubt:
                    self._count(writes=-1)  # nothing went out
                if not again or attempt >= MOST_ATTEMPTS or not self._pause(attempt, None, ends_at):
                    raise
                continue
            if answer.status == 401 and not renewed:
                renewed = True
                if self.login.renew(self):
                    continue  # refused before it was processed, so a write may go again too
            if write and answer.status in RETRIED_STATUSES - {429}:
                what = f"{self._host()} answered {answer.status}: nobody knows whether the write was processed"
                raise TransportError(what, in_doubt=True)
            if answer.status not in RETRIED_STATUSES:
                return answer
            if attempt >= MOST_ATTEMPTS or not self._pause(attempt, answer.headers.get("retry-after"), ends_at):
                if answer.status == 429:
                    raise RateLimited(
                        f"the server kept answering 429 (too many requests); lower rate_limit, now {self.options.rate_limit:g}"
                    )
                return answer

    def send_login(self, method: str, url: str, **parts: Any) -> Answer:
        """Send a request of a login: exactly once, without credentials of its own, to an absolute URL."""
        ends_at = self.clock() + self.options.timeout
        return self._send_once(method, url, write=False, ends_at=ends_at, anonymous=True, **parts)

    def _count(self, requests: int = 0, writes: int = 0) -> None:
        with self._count_lock:
            self.requests_sent += requests
            self.writes_sent += writes
        self._own.writes = self.writes_of_this_thread + writes

    @property
    def writes_of_this_thread(self) -> int:
        """How many writes the thread that asks has sent: of an object that is written by one thread, how far it got."""
        return int(getattr(self._own, "writes", 0))

    def accept_write(self) -> None:
        """Note that the last write was gone on with, as far as its answer tells; only a client can judge that."""
        self._own.accepted = self.writes_accepted_of_this_thread + 1

    @property
    def writes_accepted_of_this_thread(self) -> int:
        return int(getattr(self._own, "accepted", 0))

    def _pause(self, attempt: int, retry_after: str | None, ends_at: float) -> bool:
        """Wait before the next attempt; False when the deadline, of this request or of the whole run, is too near."""
        seconds = min(0.2 * 2 ** (attempt - 1), 10.0) * random.uniform(0.7, 1.3)
        if retry_after and retry_after.strip().isdecimal():
            seconds = max(float(retry_after), 0.05)
        with self._count_lock:
            if self.clock() + seconds >= ends_at or self._waited + seconds > self.options.deadline:
                return False
            self._waited += seconds
        self.sleep(seconds)
        return True

    def _send_once(
        self,
        method: str,
        path: str,
        *,
        write: bool,
        ends_at: float,
        anonymous: bool = False,
        params: dict[str, str] | None = None,
        json: Any = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        left = ends_at - self.clock()
        if left <= 0:
            raise TransportError(f"gave up after the deadline of {self.options.deadline:g} s")
        every = {"Accept": "application/json", **({} if anonymous else self.login.headers(self)), **(headers or {})}
        url = path if anonymous else self.url + path
        self._throttle.wait()
        self._count(requests=1, writes=int(write))
        data = None if json is None else json_module.dumps(json).encode()
        if data is not None:
            every["Content-Type"] = "application/json; charset=utf-8"
        seconds = min(self.options.timeout, max(left, 0.1))
        try:
            response = self._http.request(
                method, url, params=params, data=data, headers=every, timeout=seconds, stream=True,
                allow_redirects=False, verify=self.options.verify,
            )  # fmt: skip
            for cookie in response.cookies:
                self.hide(cookie.value)  # one that is renewed later is as secret as that of the login
            with response:
                text = self._body(response, ends_at)
        except requests.exceptions.RequestException as error:
            raise self._explain(error) from None
        except (OSError, ValueError) as error:
            # urllib3 raises its own errors, ValueErrors and OSErrors, while a body is read in pieces
            raise TransportError(
                f"no usable answer from {self._host()}: {self.short(str(error))}", in_doubt=True
            ) from None
        answer = Answer(
            response.status_code, response.reason or "", {k.lower(): v for k, v in response.headers.items()}, text
        )
        if 300 <= answer.status < 400:
            target = self.short(answer.headers.get("location", "elsewhere"))
            what = f"{self._host()} redirects to {target}; write the final address into url"
            raise TransportError(what, in_doubt=write, final=True)  # some servers redirect after they did the work
        return answer

    def _body(self, response: Any, ends_at: float) -> str:
        """The body as text, given up on when it is too large or dribbles in beyond the deadline."""
        take = getattr(response.raw, "read1", None) or response.raw.read
        parts: list[bytes] = []
        size = 0
        while True:
            try:
                part = take(65536, decode_content=True)
            except Exception as error:  # urllib3's errors, whose names differ between its versions
                raise TransportError(
                    f"the answer of {self._host()} broke off: {self.short(str(error))}", in_doubt=True
                ) from None
            if not part:
                return b"".join(parts).decode(_charset(response.headers.get("Content-Type", "")), errors="replace")
            parts.append(part)
            size += len(part)
            if size > LARGEST_ANSWER:
                raise TransportError(
                    f"the answer of {self._host()} is larger than {LARGEST_ANSWER} bytes", in_doubt=True
                )
            if self.clock() > ends_at:
                raise TransportError(f"the answer of {self._host()} did not end before the deadline", in_doubt=True)

    def _host(self) -> str:
        return self.redact(urlsplit(self.url).netloc)

    def _explain(self, error: Exception) -> TransportError:
        """An exception of `requests` in our words; in doubt unless nothing can have been sent."""
        text = str(error)
        kinds = requests.exceptions
        if isinstance(error, kinds.SSLError):
            return self._explain_tls(text)
        if isinstance(error, kinds.ProxyError):
            return TransportError(
                f"the proxy did not reach {self._host()}; check the proxy variables of the environment"
            )
        if isinstance(error, kinds.ConnectTimeout):
            return TransportError(
                f"{self._host()} did not accept a connection within {self.options.timeout:g} s; check url and firewall"
            )
        if isinstance(error, kinds.Timeout):
            return TransportError(f"{self._host()} did not answer within {self.options.timeout:g} s", in_doubt=True)
        if isinstance(error, (kinds.InvalidURL, kinds.MissingSchema, kinds.InvalidSchema)):
            return TransportError("url is not a valid http(s) address", final=True)
        if "NameResolution" in text or "Name or service not known" in text or "getaddrinfo" in text:
            return TransportError(f"the name {self._host()} cannot be resolved; check url", final=True)
        if "NewConnectionError" in text or "Connection refused" in text:
            return TransportError(f"{self._host()} refuses the connection; check url, port and that the service runs")
        return TransportError(f"the connection to {self._host()} broke before an answer came", in_doubt=True)

    def _explain_tls(self, text: str) -> TransportError:
        """Before the certificate is accepted nothing is sent; any other trouble may come at any time."""
        if "CERTIFICATE_VERIFY_FAILED" not in text:
            return TransportError(f"TLS with {self._host()} failed ({self.short(text, 160)}); check url", in_doubt=True)
        why = "the certificate has expired" if "expired" in text else "the certificate cannot be verified"
        return TransportError(
            f"TLS with {self._host()} failed: {why}; renew it, or give ca_path, or check url ({self.short(text, 160)})",
            final=True,
        )


class _NoAuth(requests.auth.AuthBase if requests else object):  # type: ignore[misc]
    """Keeps `requests` from taking credentials out of a netrc file."""

    def __call__(self, request: Any) -> Any:
        return request
