# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""APIO's error bodies in all their shapes, and the two logins with their tokens."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.backends.apio.client import error_details
from ansible_collections.telephony.pbx.plugins.module_utils.backends.apio.login import (
    CoreLogin,
    GatewayLogin,
    choose_login,
    expiry,
)
from ansible_collections.telephony.pbx.plugins.module_utils.transport.session import BearerLogin

# -- errors ------------------------------------------------------------------------------------------------------------
OCI = {"error_code": "4008", "level": "Error", "summary": "[Error 4008] User not found: x", "detail": ""}


@pytest.mark.parametrize(
    ("body", "text", "codes"),
    [
        ({"errors": [{"code": 1, "message": "m", "details": {"errors": {"0": OCI}}}]}, OCI["summary"], {"4008"}),
        ({"errors": [{"details": {"errors": [OCI]}}]}, OCI["summary"], {"4008"}),
        ({"errors": {"0": {"details": {"errors": {"0": {**OCI, "error_code": 4008}}}}}}, OCI["summary"], {"4008"}),
        ({"errors": [{"details": {"errors": [{"summary": "", "detail": "why"}]}}]}, "why", set()),
        ({"errors": [{"message": "bad", "details": {"reason": "worse"}}]}, "bad worse", set()),
        ({"errors": [{"message": "bad", "details": "worse"}]}, "bad worse", set()),
        ({"errors": [{"message": "bad"}, {"message": "worse"}]}, "bad; worse", set()),
        ({"error": "expired"}, "expired", set()),
        ({"error": {"reason": "expired"}}, "expired", set()),
        ({"details": "not in service provider mode"}, "not in service provider mode", set()),
        ({"errors": ["plain"]}, "", set()),
        ({"errors": None}, "", set()),
        ([], "", set()),
        (None, "", set()),
        ("text", "", set()),
    ],
)
def test_error_bodies_of_every_shape_are_read(body: Any, text: str, codes: set[str]) -> None:
    assert error_details(body) == (text, codes)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["errors", "error", "details", "reason", "0", "message", "summary", "error_code"]), inner
        ),
    ),
    max_leaves=12,
)  # fmt: skip


@given(JSON)
def test_no_error_body_breaks_the_reader(body: Any) -> None:
    text, codes = error_details(body)
    assert isinstance(text, str) and all(isinstance(code, str) for code in codes)


# -- logins ------------------------------------------------------------------------------------------------------------
def token(claims: Any) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{payload}.signature"


@given(st.integers(0, 2**40), st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3))
def test_a_token_tells_when_it_expires(moment: int, claims: dict[str, str]) -> None:
    assert expiry(token({**claims, "exp": moment})) == moment


@given(st.one_of(st.text(max_size=20), JSON.map(token), st.just(token({"exp": "soon"})), st.just(token({"exp": [1]}))))
def test_a_token_without_an_expiry_never_runs_out(odd: str) -> None:
    assert expiry(odd) == float("inf")


@pytest.mark.parametrize(
    ("url", "machine_token", "kind"),
    [
        ("https://apio.example/api/v01/p1", "", CoreLogin),
        ("https://apio.example/api/v01", "", CoreLogin),
        ("https://apio.example/api/v012/p1", "", GatewayLogin),
        ("https://gateway/api/v1", "", GatewayLogin),
        ("https://apio.example/api/v01/p1", "machine", BearerLogin),
        ("https://gateway/api/v1", "machine", BearerLogin),
    ],
)
def test_the_url_chooses_the_login_and_a_machine_token_needs_none(url: str, machine_token: str, kind: type) -> None:
    login = choose_login(url, "user", "password", machine_token)
    assert login.__class__ is kind
    if isinstance(login, CoreLogin):
        assert login.root == "https://apio.example/api/v01"
