# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two front doors of the simulated APIO: Core's bearer tokens, and the gateway's cookie session (vendor note 2)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
import time
from typing import Any

from flask import Response, request

from .core import Vendor, as_json

TOKEN_KEY = b"not a secret: the simulator signs its own tokens with it"
LOGIN_LIMITS = {"username": 200, "password": 200, "proxy": 70}
CORE_ROUTES = {
    ("POST", "/api/v01/auth/login"): "core_login",
    ("POST", "/api/v01/auth/2fa"): "core_second_factor",
    ("GET", "/api/v01/auth/access_token"): "core_refresh",
    ("GET", "/api/v01/auth/logout"): "core_logout",
    ("GET", "/api/v01/health"): "core_health",
    ("GET", "/api/v01/apio/provisioning/gateways"): "core_gateways",
}
AUTH_PATH = re.compile(r"/api/v01/auth/|/api/v1/login/?$")
GATEWAYS = [{"name": "Broadsoft", "prefix": "/api/v01/p1"}]


class Denied(Exception):
    """A request that a front door does not let in: the status and Core's body (`{"error": ...}`)."""

    def __init__(self, status: int, error: str, **more: Any) -> None:
        super().__init__(error)
        self.status, self.error, self.more = status, error, more


def seed_access() -> dict[str, Any]:
    """Accounts, lifetimes and sessions. One more on `token_generation` revokes every token, `sessions` = {} drops
    every cookie session, a negative `access_token_seconds` makes new tokens expired ones."""
    return {
        "accounts": {
            "demo": _account(machine_token="demo-machine-token"),
            "demo-2fa": _account(two_factor={"option": "totp", "code": "123456"}),
            "demo-new": _account(must_change_password=True),
            "demo-readonly": _account(read_only=True, machine_token="readonly-machine-token"),
        },
        "access_token_seconds": 600,
        "refresh_token_seconds": 86400,
        "refresh_renewed_below_seconds": 3600,
        "token_generation": 1,
        "discarded": [],  # SHA-1 of refresh tokens
        "lockout_threshold": 5,
        "sessions": {},
    }


def _account(**more: Any) -> dict[str, Any]:
    plain = {"password": "demo-password", "machine_token": None, "two_factor": None, "failed_logins": 0}
    return {**plain, "must_change_password": False, "read_only": False, "user_level": 16, **more}


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _signature(signed: str) -> str:
    return _base64(hmac.new(TOKEN_KEY, signed.encode(), hashlib.sha256).digest())


def make_token(kind: str, username: str, seconds: int, generation: int) -> str:
    """A JWT. It is self-contained, so it survives faults that put the state back."""
    now = int(time.time())
    claims = {"sub": username, "typ": kind, "iat": now, "exp": now + seconds, "gen": generation}
    parts = ({"alg": "HS256", "typ": "JWT"}, {**claims, "jti": secrets.token_hex(8)})
    signed = ".".join(_base64(json.dumps(part).encode()) for part in parts)
    return f"{signed}.{_signature(signed)}"


def read_token(token: str) -> dict[str, Any]:
    """The claims of a token that this simulator signed and that has not expired, else {}."""
    signed, _dot, signature = token.rpartition(".")
    if not signed or not hmac.compare_digest(_signature(signed).encode(), signature.encode()):
        return {}
    payload = signed.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims if claims["exp"] > time.time() else {}


class FrontDoors(Vendor):
    """Logins, tokens, sessions and rights; the hunt groups are in apio.py."""

    def core_answer(self) -> Response:
        """Core's own routes, which have no trailing slash (vendor note 2a)."""
        handler = CORE_ROUTES.get((request.method, request.path))
        if not handler:
            raise Denied(404, "not found")
        answer: Response = getattr(self, handler)()
        return answer

    def core_login(self) -> Response:
        body = self._strict_body(LOGIN_LIMITS, required=("username", "password"))
        account = self._password_account(body["username"], body["password"])
        if not account:
            raise Denied(401, "invalid credentials")
        if account["two_factor"]:
            payload = self._token("2fa", body["username"], 300)
            return as_json({"2fa_payload": payload, "option": account["two_factor"]["option"]})
        return as_json(self._logged_in(body["username"]))

    def core_second_factor(self) -> Response:
        body = self._strict_body({"2fa_payload": 4096, "code": 20, "trust": 0}, required=("2fa_payload", "code"))
        username = self._token_user(body["2fa_payload"], "2fa")
        factor = self.state["accounts"].get(username, {}).get("two_factor") or {}
        if not username or body["code"] != factor.get("code"):
            raise Denied(400, "invalid code")
        return as_json(self._logged_in(username))

    def core_refresh(self) -> Response:
        """A new access token; a new refresh token only when the old one nears its expiry (vendor note 2a)."""
        token = self._bearer()
        username = self._token_user(token, "refresh")
        if not username or hashlib.sha1(token.encode()).hexdigest() in self.state["discarded"]:
            raise Denied(401, "the refresh token is expired or revoked")
        answer = {"access_token": self._token("access", username, self.state["access_token_seconds"])}
        if read_token(token)["exp"] - time.time() < self.state["refresh_renewed_below_seconds"]:
            answer["refresh_token"] = self._token("refresh", username, self.state["refresh_token_seconds"])
        return as_json(answer)

    def core_logout(self) -> Response:
        """`sign` is "sha1:" and the SHA-1 of the refresh token to discard; without it nothing is discarded."""
        kind, _colon, digest = request.args.get("sign", "").partition(":")
        if kind == "sha1" and digest:
            self.state["discarded"].append(digest.lower())
        return Response(status=200)

    def core_health(self) -> Response:
        return as_json({"status": "ok"})

    def core_gateways(self) -> Response:
        self.bearer_account()
        return as_json({"gateways": GATEWAYS})

    def bearer_account(self) -> dict[str, Any]:
        """The account behind the Authorization header: a machine token, or an access token that still holds."""
        token = self._bearer()
        for account in self.state["accounts"].values():
            if token and account["machine_token"] == token:
                return self._allowed(account)
        account = self.state["accounts"].get(self._token_user(token, "access"))
        if not account:
            raise Denied(401, "the access token is missing, expired or revoked")
        return self._allowed(account)

    def gateway_login(self, body: dict[str, Any]) -> Response:
        """Opens a session (vendor note 2b); only the ids that matter to the account are returned."""
        username, password = body.get("username"), body.get("password")
        account = self._password_account(username, password)
        if not account:
            raise Denied(401, "Authentication failed")
        session = secrets.token_hex(16)
        self.state["sessions"][session] = username
        profile = {"user_level": account["user_level"], "is_first_login": account["must_change_password"]}
        response = as_json({"ids": {"user_id": username}, "profile": profile})
        response.set_cookie("sessionid", session, path="/", httponly=True)
        if self.dialect["load_balancer_cookie"]:
            response.set_cookie("SERVERID", "gw1", path="/")
        return response

    def session_account(self) -> dict[str, Any]:
        """The account behind the session cookie; all cookies have to come back (vendor note 2b)."""
        username = self.state["sessions"].get(request.cookies.get("sessionid", ""))
        balanced = not self.dialect["load_balancer_cookie"] or request.cookies.get("SERVERID") == "gw1"
        account = self.state["accounts"].get(username)
        if not account or not balanced:
            raise Denied(401, "Authentication credentials were not provided")
        return self._allowed(account)

    # -- inside --------------------------------------------------------------------------------------------------
    @staticmethod
    def _allowed(account: dict[str, Any]) -> dict[str, Any]:
        if account["must_change_password"]:
            raise Denied(403, "the password has to be changed", error_code=1)
        if account["read_only"] and request.method != "GET":
            raise Denied(403, "not allowed by the profile's rules")
        return account

    @staticmethod
    def _bearer() -> str:
        scheme, _blank, token = request.headers.get("Authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    def _token(self, kind: str, username: str, seconds: int) -> str:
        return make_token(kind, username, seconds, self.state["token_generation"])

    def _token_user(self, token: str, kind: str) -> str:
        claims = read_token(token)
        valid = claims.get("typ") == kind and claims.get("gen") == self.state["token_generation"]
        return str(claims["sub"]) if valid else ""

    def _logged_in(self, username: str) -> dict[str, Any]:
        tokens = {
            "access_token": self._token("access", username, self.state["access_token_seconds"]),
            "refresh_token": self._token("refresh", username, self.state["refresh_token_seconds"]),
        }
        machine_token = self.state["accounts"][username]["machine_token"]
        return {**tokens, "token": machine_token, "ui_profile": "default", "email_set": True}

    def _password_account(self, username: Any, password: Any) -> dict[str, Any] | None:
        """The account, or None. Too many bad passwords lock it, and then the right one is refused as well."""
        account: dict[str, Any] | None = self.state["accounts"].get(username) if isinstance(username, str) else None
        if not account or account["failed_logins"] >= self.state["lockout_threshold"]:
            return None
        if password != account["password"]:
            account["failed_logins"] += 1
            return None
        account["failed_logins"] = 0
        return account

    @staticmethod
    def _strict_body(limits: dict[str, int], required: tuple[str, ...]) -> dict[str, Any]:
        """A JSON object without unknown keys (additionalProperties false), within the openapi's lengths."""
        body = request.get_json(silent=True)
        if not isinstance(body, dict) or set(body) - set(limits) or set(required) - set(body):
            raise Denied(400, "the body does not match the schema")
        for name, value in body.items():
            if (limits[name] and (not isinstance(value, str) or len(value) > limits[name])) or (
                not limits[name] and not isinstance(value, bool)
            ):
                raise Denied(400, f"{name} does not match the schema")
        return body
