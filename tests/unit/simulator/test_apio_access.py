# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two front doors of the simulated APIO: Core's tokens, and the gateway's cookie session (vendor note 2)."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.unit.simulator.wire import ABSENT, Row, Table, Wire, ask, each
from pbx_simulator import Apio
from pbx_simulator.server import RunningVendor

CREDENTIALS = {"username": "demo", "password": "demo-password"}
LOGIN = "/api/v01/auth/login"
PAGE_ID = "APIOTestHuntGroup@sip.netaxis.be"


@pytest.fixture(scope="module")
def served() -> Iterator[Wire]:
    group = "/api/v01/p1/tenants/ApioSpTest/groups/ApioGrpTest"
    with RunningVendor(Apio()) as running:
        aliases = {"PAGE": f"~/{PAGE_ID}", "~": f"{group}/services/hunt_groups"}
        yield Wire(running, aliases, bearer("demo-machine-token"))


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


DOORS: Table = {
    "Core without credentials": [
        ask("GET /api/v01/health", {"": {"status": "ok"}}, Authorization=""),
        ask("GET ~/", {"@status": 401, "error": "the access token is missing, expired or revoked"}, Authorization=""),
        ask("GET ~/", 401, Authorization="Bearer nonsense"),
        ask("GET /api/v01/apio/provisioning/gateways", {"gateways.#0.prefix": "/api/v01/p1"}),
        ask("GET /api/v01/p5/tenants/ApioSpTest/groups/ApioGrpTest/services/hunt_groups/", 200),
    ],
    "refused logins": [
        ask(f"POST {LOGIN}", 400, {**CREDENTIALS, "extra": 1}),
        ask(f"POST {LOGIN}", 400, {**CREDENTIALS, "proxy": "p" * 71}),
        ask(f"POST {LOGIN}", {"token": "demo-machine-token"}, CREDENTIALS),
        *[ask(f"POST {LOGIN}", {"@status": 401, "error": "invalid credentials"}, {**CREDENTIALS, "password": "x"})] * 5,
        ask(f"POST {LOGIN}", 401, CREDENTIALS),  # locked out by now
    ],
    "a read-only profile": [
        ask("GET ~/", 200, **bearer("readonly-machine-token")),
        ask("DELETE PAGE/", 403, **bearer("readonly-machine-token")),
    ],
    "no last slash": [
        ask("GET PAGE", 404), {"no_slash": "redirected"},
        ask("GET ~/users/available?a=b", {"@status": 301, "@Location": "/api/v01/p1/tenants/ApioSpTest/groups/"}),
        {"no_slash": "tolerated"}, ask("GET PAGE", {"serviceUserId": PAGE_ID}),
    ],
    "logins are no writes": [
        ask(f"POST {LOGIN}", 200, CREDENTIALS),
        ask("POST /api/v1/login/", {"profile": {"user_level": 16, "is_first_login": False}}, CREDENTIALS),
        ask("GET /api/v1/tenants/ApioSpTest/groups/ApioGrpTest/users/", 401),  # no bearer at this door
    ],
    "unknown things and empty bodies": [
        *(
            ask(f"GET /api/v01/p1/tenants/{path}/services/hunt_groups/", 404)
            for path in ("x/groups/x", "OtherSp/groups/x")
        ),
        ask("GET ~/none/", 404), ask("DELETE ~/none/", 404), {"missing_group": "400_4008"},
        ask("PUT ~/none/", {"@status": 400, "errors.#0.details.errors.0.error_code": "4008"}, {"active": True}),
        *(ask(line, 416, body) for body in (None, {}, [], '"text"') for line in ("PUT PAGE/", "POST ~/")),
    ],
}  # fmt: skip


@pytest.fixture
def fresh(served: Wire) -> Wire:
    served.vendor.reset()
    return served


@each(DOORS)
def test_doors(fresh: Wire, rows: list[Row]) -> None:
    fresh.walk(rows)
    written = {entry["path"] for entry in fresh.vendor.writes()}
    assert not [path for path in written if path.rstrip("/").endswith("/login")]


# -- tokens and sessions -------------------------------------------------------------------------------------------------
def login(served: Wire, **changed: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(served.send(ask(f"POST {LOGIN}", 200, {**CREDENTIALS, **changed}))[3])
    return answer


def test_login_refresh_and_logout(fresh: Wire) -> None:
    tokens = login(fresh)
    claims = json.loads(base64.urlsafe_b64decode(tokens["access_token"].split(".")[1] + "=="))
    assert time.time() < claims["exp"] <= time.time() + 600
    fresh.check(ask("GET ~/", 200, **bearer(tokens["access_token"])))
    refresh, own = "GET /api/v01/auth/access_token", bearer(tokens["refresh_token"])
    fresh.check(ask(refresh, {"refresh_token": ABSENT}, **own))
    fresh.check(ask("GET ~/", 401, **own))
    digest = hashlib.sha1(tokens["refresh_token"].encode()).hexdigest()
    fresh.check(ask(f"GET /api/v01/auth/logout?sign=sha1:{digest}", 200))
    fresh.check(ask(refresh, 401, **own))
    fresh.vendor.state["refresh_token_seconds"] = 60
    near_its_end = bearer(login(fresh)["refresh_token"])
    assert "refresh_token" in json.loads(fresh.send(ask(refresh, 200, **near_its_end))[3])


def test_expired_revoked_and_forged_tokens(fresh: Wire) -> None:
    good = login(fresh)["access_token"]
    fresh.check(ask("GET ~/", 401, **bearer(good[:-2] + "xx")))
    fresh.vendor.state["access_token_seconds"] = -1
    fresh.check(ask("GET ~/", 401, **bearer(login(fresh)["access_token"])))
    fresh.vendor.state["token_generation"] += 1
    fresh.check(ask("GET ~/", 401, **bearer(good)))
    fresh.check(ask("GET ~/", 200))  # the machine token never expires


def test_second_factor_and_forced_password_change(fresh: Wire) -> None:
    answer = login(fresh, username="demo-2fa")
    assert set(answer) == {"2fa_payload", "option"}
    code = {"2fa_payload": answer["2fa_payload"], "code": "000000"}
    fresh.check(ask("POST /api/v01/auth/2fa", 400, code))
    fresh.check(ask("POST /api/v01/auth/2fa", {"token": None}, {**code, "code": "123456"}))
    token = login(fresh, username="demo-new")["access_token"]
    fresh.check(ask("GET ~/", {"@status": 403, "error_code": 1}, **bearer(token)))


def test_gateway_cookie_session(fresh: Wire) -> None:
    fresh.vendor.set_dialect(load_balancer_cookie=True)
    headers = fresh.send(ask("POST /api/v1/login/", 200, CREDENTIALS))[2]
    session, balancer = (part.split(";")[0] for part in headers.get_all("Set-Cookie"))  # type: ignore[attr-defined]
    path = "GET /api/v1/tenants/ApioSpTest/groups/ApioGrpTest/users/"
    fresh.check(ask(path, 200, Authorization="", Cookie=f"{session}; {balancer}"))
    fresh.check(ask(path, 401, Authorization="", Cookie=session))
    fresh.vendor.state["sessions"] = {}
    fresh.check(ask(path, 401, Authorization="", Cookie=f"{session}; {balancer}"))
