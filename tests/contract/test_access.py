# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may come in, and what is said to those who may not."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.cases import TENANT_BASIC
from ansible_collections.telephony.pbx.tests.contract.sites import Site

CORE_LOGIN = {"token": None, "username": "demo", "password": "demo-password"}
WRONG = {
    "portaswitch": {"token": "wrong-license-0815"},
    "vodia": {"password": "wrong-password-0815"},
    "apio": {"token": "wrong-token-0815"},
}
CHECK = {"portaswitch": "token", "vodia": "password", "apio": "token"}


def logins(site: Site) -> list[str]:
    return [entry["path"] for entry in site.vendor.log if "/login" in entry["path"]]


def gateway(site: Site) -> str:
    """The address of APIO's gateway itself."""
    return site.url.replace("/api/v01/p1", "/api/v1")


# -- wrong credentials -----------------------------------------------------------------------------------------------
def test_wrong_credentials_are_refused_in_one_request(site: Site) -> None:
    message = site.refused(site.case.group, **WRONG[site.case.backend])
    assert "check" in message and CHECK[site.case.backend] in message
    assert len(site.vendor.log) == 1


@pytest.mark.parametrize("answer", ["401", "500_bare", "ok_empty"])
def test_an_unknown_licence_is_never_an_empty_customer(portaswitch: Site, answer: str) -> None:
    """`ok_empty`: the server swallows its exception and answers 200 with an empty object."""
    portaswitch.vendor.set_dialect(wrong_license=answer)
    for state in ("present", "absent"):
        message = portaswitch.refused(portaswitch.case.group, state=state, **WRONG["portaswitch"])
        assert "check token" in message


@pytest.mark.parametrize("answer", ["401", "400"])
def test_vodia_refuses_wrong_passwords_with_either_status(vodia: Site, answer: str) -> None:
    vodia.vendor.set_dialect(bad_credentials=answer)
    message = vodia.refused(vodia.case.group, **WRONG["vodia"])
    assert "credentials" in message or "password" in message


def test_vodia_names_the_switch_for_api_access(vodia: Site) -> None:
    message = vodia.refused(vodia.case.group, username="noapi")
    assert "403" in message and "API access" in message


def test_vodia_administrators_of_another_domain_are_told_so(vodia: Site) -> None:
    message = vodia.refused(vodia.case.group, username="admin@second.example")
    assert "403" in message and "localhost" in message


def test_the_administrator_of_a_domain_is_enough(vodia: Site) -> None:
    vodia.done(vodia.case.group, username="admin@localhost")
    vodia.unchanged(vodia.case.group, username="admin@localhost")


# -- APIO: two doors -------------------------------------------------------------------------------------------------
def test_core_is_logged_in_to_once(apio: Site) -> None:
    apio.done(apio.case.group, **CORE_LOGIN)
    assert len(logins(apio)) == 1
    apio.stores(apio.case.group)


@pytest.mark.parametrize("balanced", [False, True])
def test_the_gateway_is_logged_in_to_once(apio: Site, balanced: bool) -> None:
    apio.vendor.set_dialect(load_balancer_cookie=balanced)
    apio.done(apio.case.group, **CORE_LOGIN, url=gateway(apio))
    assert len(logins(apio)) == 1
    apio.done(apio.case.group, **CORE_LOGIN, url=gateway(apio))
    assert apio.vendor.writes() == []


@pytest.mark.parametrize("door", ["core", "gateway"])
def test_a_refused_login_is_not_repeated(apio: Site, door: str) -> None:
    """A few more, and the account would be locked."""
    options = {**CORE_LOGIN, "password": "wrong-password-0815"}
    url = apio.url if door == "core" else gateway(apio)
    result = apio.run(apio.case.group, **options, url=url)
    assert result["failed"] and "check username and password" in result["msg"]
    assert len(apio.vendor.log) == len(logins(apio)) == 1
    assert apio.vendor.state["accounts"]["demo"]["failed_logins"] == 1


@pytest.mark.parametrize("door", ["core", "gateway"])
@pytest.mark.parametrize("kind", ["reset_after", "truncate"])
def test_a_login_without_an_answer_is_not_repeated(apio: Site, door: str, kind: str) -> None:
    apio.vendor.add_fault(kind, match="/login", times=None)
    url = apio.url if door == "core" else gateway(apio)
    result = apio.run(apio.case.group, **CORE_LOGIN, url=url)
    assert result["failed"] and "login" in result["msg"]
    assert len(apio.vendor.log) == 1


def test_a_second_factor_is_not_mistaken_for_a_login(apio: Site) -> None:
    message = apio.refused(apio.case.group, **CORE_LOGIN | {"username": "demo-2fa"})
    assert "second factor" in message and "token" in message
    assert len(apio.vendor.log) == 1


@pytest.mark.parametrize("door", ["core", "gateway"])
def test_a_password_that_has_to_be_changed_is_named(apio: Site, door: str) -> None:
    url = apio.url if door == "core" else gateway(apio)
    result = apio.run(apio.case.group, **CORE_LOGIN | {"username": "demo-new"}, url=url)
    assert result["failed"] and "password" in result["msg"] and "chang" in result["msg"]
    assert len(logins(apio)) == 1


def test_an_account_that_may_only_read_reads(apio: Site) -> None:
    apio.unchanged(id=apio.case.taken, token="readonly-machine-token")
    message = apio.refused(apio.case.group, writes=1, token="readonly-machine-token")
    assert "403" in message and "ApioGrpTest" in message
    assert "readonly-machine-token" not in message


def test_tokens_that_run_out_are_renewed(apio: Site) -> None:
    apio.vendor.state["access_token_seconds"] = 5
    apio.done(apio.case.group, **CORE_LOGIN)
    assert len(logins(apio)) == 1
    apio.stores(apio.case.group)


def test_a_write_refused_with_a_lost_session_is_sent_once_more(apio: Site) -> None:
    apio.vendor.add_fault("status", status=401, body='{"error": "session"}', writes_only=True)
    apio.done(apio.case.group, **CORE_LOGIN, url=gateway(apio))
    assert len(logins(apio)) == 2
    apio.stores(apio.case.group)


# -- what answers is not the API ---------------------------------------------------------------------------------------
def test_a_web_page_instead_of_json_is_a_wrong_url(site: Site) -> None:
    page = "<!DOCTYPE html>\n<html><body>Welcome</body></html>"
    site.vendor.add_fault("status", status=200, body=page, headers={"Content-Type": "text/html"}, times=None)
    for state in ("present", "absent"):
        message = site.refused(site.case.group, state=state)
        assert "url" in message and "JSON" in message


@pytest.mark.parametrize("body", ["[]", "{}", '{"a": 1}', "null", '"text"', "[1]", '[{"a": 1}]', "3", "false"])
def test_json_of_another_shape_is_never_an_answer(site: Site, body: str) -> None:
    if (site.case.backend, body) == ("vodia", "[]"):
        body = "[[]]"  # there an empty list is an answer
    site.vendor.add_fault("status", status=200, body=body, times=None)
    for state in ("present", "absent"):
        site.refused(site.case.group, state=state)


@pytest.mark.parametrize("body", ["<html><body>Welcome</body></html>", "[]", "null", '"text"', "3"])
@pytest.mark.parametrize("name", ["portaswitch", "apio"])
def test_a_write_that_is_answered_by_something_else_is_not_accepted(open_site: Any, name: str, body: str) -> None:
    """It is in doubt: reading back decides, and nothing is sent a second time. (On Vodia no answer proves anything.)"""
    site: Site = open_site(name)
    site.done(site.case.group)
    site.vendor.add_fault("status", status=200, body=body, writes_only=True, times=None)
    message = site.refused({"id": site.case.group["id"], "name": "Another"}, writes=1)
    assert "JSON" in message and "url" in message


def test_a_redirect_is_not_followed(site: Site) -> None:
    headers = {"Location": f"{site.url}/elsewhere?token={site.case.secrets[0]}"}
    site.vendor.add_fault("status", status=302, headers=headers, times=None)
    message = site.refused(site.case.group)
    assert "redirects" in message and "url" in message
    assert len(site.vendor.log) == 1


def test_nobody_listens(site: Site) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    message = site.run_unreachable(f"http://127.0.0.1:{port}")
    assert f"127.0.0.1:{port}" in message and "check url" in message


def test_a_name_that_does_not_resolve(site: Site) -> None:
    assert "check url" in site.run_unreachable("http://no-such-host.invalid")


# -- secrets -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("writes_only", [False, True])
@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 409, 500])
def test_a_secret_that_the_server_repeats_stays_inside(site: Site, status: int, writes_only: bool) -> None:
    """Site.run looks for the case's secrets in every result."""
    secret = site.case.secrets[0]
    more = {"username": "admin@localhost"} if site.case.backend == "vodia" else {}
    texts = {
        "portaswitch": f'{{"License": "{secret}", "ResponseStatus": {{"ErrorCode": "{secret}", "Message": "{secret}"}}}}',
        "vodia": f"denied: {secret}, Basic {TENANT_BASIC}",
        "apio": f'{{"errors": [{{"message": "{secret}", "details": {{"reason": "Bearer {secret}"}}}}]}}',
    }
    site.vendor.add_fault("status", status=status, body=texts[site.case.backend], writes_only=writes_only, times=None)
    result = site.run(site.case.group, **more)
    assert result["failed"] and result["verdict"] == "incomplete"


def test_a_password_of_a_group_is_sent_and_never_shown(apio: Site) -> None:
    declared: dict[str, Any] = {**apio.case.group}
    profile = {**declared["settings"]["serviceInstanceProfile"], "password": "wrong-password-0815"}
    declared["settings"] = {**declared["settings"], "serviceInstanceProfile": profile}
    apio.check(declared)
    apio.done(declared)
    assert "wrong-password-0815" in apio.vendor.writes()[0]["body"]
    apio.unchanged(declared)
