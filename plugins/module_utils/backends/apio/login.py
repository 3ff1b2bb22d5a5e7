# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two logins of APIO: Core's JSON web tokens, and the session cookie of the gateway itself.

Source: vendor note section 2. A login is sent at most twice in one run (once, and once more when the session was lost
or the tokens ran out), because a server may lock an account after a few failures.
"""

from __future__ import annotations

import base64
import json
import re
import threading
import time
from typing import Any, Callable

from ...errors import AuthError, PBXError, TransportError
from ...transport.session import Answer, BearerLogin, Login, Session

_CORE = re.compile(r"^(?P<root>https?://.*?/api/v01)(/|$)")
_MOST_LOGINS = 2  # of one call
_RENEW_BEFORE_EXPIRY = 20.0  # seconds; what the vendor's own interface does (note 2a)


def choose_login(url: str, username: str, password: str, token: str) -> Login:
    """The login that fits: a machine token where there is one, else by URL: `/api/v01` is Core, anything else the gateway."""
    if token:
        return BearerLogin(token)
    core = _CORE.match(url)
    return (
        CoreLogin(core.group("root"), username, password) if core else GatewayLogin(url.rstrip("/"), username, password)
    )


class _PasswordLogin(Login):
    """Logs in when first needed, once, and once again when the server has forgotten us."""

    def __init__(self, username: str, password: str) -> None:
        self.credentials = {"username": username, "password": password}
        self.logins_left = _MOST_LOGINS
        self.refused_login = False
        self.lock = threading.Lock()
        self.used = threading.local()

    def begin(self) -> None:
        """A login that was refused, or without an answer, is not sent again by the next call either."""
        if not self.refused_login:
            self.logins_left = _MOST_LOGINS

    def log_in(self, session: Session, url: str) -> Answer:
        if self.refused_login:
            raise AuthError(
                "APIO did not accept the login earlier in this run; it is not sent again, so that nothing locks"
            )
        if not self.logins_left:
            raise AuthError(
                "APIO lost the session again right after a new login; check that the account may be used by several clients"
            )
        self.logins_left -= 1
        try:
            answer = session.send_login("POST", url, json=self.credentials)
        except TransportError as error:
            if error.in_doubt:  # sent perhaps: not again, or the account may be locked
                self.logins_left, self.refused_login = 0, True
                raise AuthError(f"APIO: the login got no answer: {error}") from None
            self.logins_left += 1
            raise
        if not answer.ok:
            self.logins_left, self.refused_login = 0, True
            raise self._refused(session, answer)
        return answer

    @staticmethod
    def _refused(session: Session, answer: Answer) -> PBXError:
        what = f"APIO refused the login with {answer.status} ({session.short(answer.text, 120)})"
        body = _object(answer)
        if answer.status == 403 and body.get("error_code") == 1:
            return AuthError(
                "APIO wants the password to be changed before anything else; log in once by hand and change it"
            )
        if answer.status in (400, 401, 403):
            return AuthError(f"{what}; check username and password")
        return AuthError(f"{what}; check url")


class CoreLogin(_PasswordLogin):
    """Core: an access token that lives for minutes, refreshed before it expires."""

    def __init__(self, root: str, username: str, password: str, now: Callable[[], float] = time.time) -> None:
        super().__init__(username, password)
        self.root, self.now = root, now
        self.access = self.refresh = ""

    def headers(self, session: Session) -> dict[str, str]:
        with self.lock:
            if not self.access:
                self._take(session, self.log_in(session, f"{self.root}/auth/login"))
            elif expiry(self.access) - self.now() < _RENEW_BEFORE_EXPIRY:
                self._refresh(session)
            self.used.token = self.access
            return {"Authorization": f"Bearer {self.access}"}

    def renew(self, session: Session) -> bool:
        with self.lock:
            if self.used.token == self.access:  # else another thread has been here
                self._refresh(session)
        return True

    def _refresh(self, session: Session) -> None:
        bearer = {"Authorization": f"Bearer {self.refresh}"}
        answer = session.send_login("GET", f"{self.root}/auth/access_token", headers=bearer)
        if not (answer.ok and _object(answer).get("access_token")):
            answer = self.log_in(session, f"{self.root}/auth/login")
        self._take(session, answer)

    def _take(self, session: Session, answer: Answer) -> None:
        """Keep the tokens of an answer. A second factor is asked for with status 200 and no tokens."""
        body = _object(answer)
        if "2fa_payload" in body:
            self.logins_left, self.refused_login = 0, True
            raise AuthError("APIO asks for a second factor at login; use a machine token (option token) for automation")
        if not body.get("access_token"):
            raise AuthError("APIO answered the login without a token; check that url leads to APIO Core")
        self.access = str(body["access_token"])
        self.refresh = str(body.get("refresh_token") or self.refresh)
        for secret in (self.access, self.refresh, body.get("token")):
            session.hide(str(secret or ""))


class GatewayLogin(_PasswordLogin):
    """The gateway: a cookie, which the session's cookie jar keeps."""

    def __init__(self, url: str, username: str, password: str) -> None:
        super().__init__(username, password)
        self.url = url
        self.logged_in = False
        self.round = 0

    def headers(self, session: Session) -> dict[str, str]:
        with self.lock:
            if not self.logged_in:
                self.log_in(session, f"{self.url}/login/")
                self.logged_in = True
                self.round += 1
            self.used.round = self.round
        return {}

    def renew(self, session: Session) -> bool:
        with self.lock:
            if self.used.round == self.round:  # else another thread has logged in anew already
                self.logged_in = False
        return True


def expiry(token: str) -> float:
    """The time (seconds since 1970) at which a JSON web token expires; far away when it does not say."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return float(claims["exp"])
    except (IndexError, KeyError, OverflowError, TypeError, ValueError):
        return float("inf")


def _object(answer: Answer) -> dict[str, Any]:
    data = answer.json() if answer.is_json else None
    return data if isinstance(data, dict) else {}
