# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets: no result, diff, message or file shows one, whatever the server answers.

The modules are called in this process, against servers that fail and that repeat what they were told. Every spelling in
which a secret may come back has its test in test_secret_spellings.py; test_secrets_left_behind.py looks into logs, and
into whatever real playbooks leave.

A sample by default; everything by `python3 dev.py trust`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.telephony.pbx.tests.contract.cases import Values
from ansible_collections.telephony.pbx.tests.contract.tenants import WHOLE
from ansible_collections.telephony.pbx.tests.trust import figures
from ansible_collections.telephony.pbx.tests.trust.secret_calls import (
    AGENT,
    CALLS,
    Call,
    Client,
    client,
    each_backend,
    each_call,
    told,
    turned,
)
from ansible_collections.telephony.pbx.tests.trust.secret_helpers import PLACES, SUITE, error_body

__all__ = ["client"]  # fixtures

MODULES = sorted(file.stem for file in (Path(__file__).resolve().parents[2] / "plugins" / "modules").glob("*.py"))


@each_backend
def test_every_module_is_called(backend: str, client: Client) -> None:
    """Those that a backend does not have refuse, and show no secret with that."""
    called = {call.module for call in CALLS if call.backend == backend}
    for module in sorted(set(MODULES) - called - {"tenant_validate"}):
        result = client.call(Call(backend, module, {"account": AGENT, "id": "1", "hunt_group": "1"}), module)
        assert "possible with" in result["msg"]
    declared = WHOLE[backend].document
    assert not client.call(Call(backend, "tenant_validate", declared), "tenant_validate").get("failed")
    client.done()


@each_call
def test_success_check_mode_and_refusals(call: Call, client: Client) -> None:
    check = client.call(call, "check mode", check_mode=True)
    done = client.call(call, "success")
    assert not check.get("failed") and not done.get("failed"), done
    assert call.module.endswith("_info") or (check["diff"] and done["diff"] and done["changed"])
    files = client.scan_files()
    assert (files == 2) is (call.module == "tenant")
    client.first_day()
    client.hostile.talkative = True
    assert not client.call(call, "credentials in every object that was read").get("failed")
    client.hostile.quiet()
    client.scan_files()
    for mistake in mistakes(client, call):
        assert client.call(call, f"refused {sorted(mistake)}", **mistake)["failed"]
    client.done()


def mistakes(client: Client, call: Call) -> list[Values]:
    """Options that cannot be right, some with a secret in the wrong place."""
    own = next(iter(client.secrets.values()))
    host = client.site.url.partition("://")[2]
    return [
        {"timeout": "soon"},
        {"url": f"http://admin:{own}@{host}"},
        {"url": f"{client.site.url}?License={own}"},
        {"tenant": None},
        {"backend": "vodka", "url": f"ftp://{own}@x"},
        {"token": None, "password": None},
    ]


FAULTS: dict[str, Values] = {
    "reset before": {"kind": "reset_before"},
    "reset after": {"kind": "reset_after"},
    "truncated": {"kind": "truncate"},
    "gateway": {"kind": "status", "status": 504, "body": ""},
}
# A few spellings, here at every request; test_secret_spellings.py goes through all of them.
USUAL = ("as it is", "percent", "percent, lower case", "base64")


@each_call
def test_faults_at_every_request(call: Call, client: Client) -> None:
    turn = CALLS.index(call)
    client.hostile.told = told(client, call)
    requests = client.call(call, "success")["requests"]
    for k in figures.sample(range(requests), 2):
        turn += 1
        for number, fault in enumerate(turned([*FAULTS, *PLACES], turn, 3)):
            client.first_day()
            client.hostile.quiet()
            if fault in FAULTS:
                client.site.vendor.add_fault(**FAULTS[fault], skip=k)
            else:
                client.hostile.at, client.hostile.place = k, fault
                client.hostile.spelling = USUAL[(turn + number) % len(USUAL)]
            client.call(call, f"{fault} at request {k}, {client.hostile.spelling}")
            client.hostile.quiet()
            figures.count(SUITE, "requests that failed or were answered with a secret", 1, client.backend)
    client.done()


# -- what is not an option of the connection ---------------------------------------------------------------------------------
@pytest.mark.parametrize("backend", ["apio"])
@pytest.mark.parametrize("module", ["hunt_group", "tenant"])
def test_the_password_of_a_group_comes_back(backend: str, module: str, client: Client) -> None:
    """A server that names what it refuses: BroadWorks does so with weak passwords."""
    own = client.secrets["group password"]
    client.site.vendor.add_fault("status", status=400, body=error_body("apio", f"too weak: {own}"), writes_only=True)
    call = next(call for call in CALLS if (call.backend, call.module, call.door) == ("apio", module, "token"))
    assert client.call(call, "the password of the group in an error")["failed"]
    client.done()


@pytest.mark.parametrize("backend", ["apio"])
def test_a_session_cookie_that_is_renewed_later(backend: str, client: Client) -> None:
    """Frameworks give a new cookie with any answer."""
    call = next(call for call in CALLS if (call.module, call.door) == ("hunt_group_info", "gateway"))
    cookie = "Ck93-renewed-xyz-51"
    client.scanner.add("session cookie", cookie)
    listed = '{"hunt_groups": [{"serviceUserId": "a@b"}], "available_users": []}'
    fresh = {"Set-Cookie": f"sessionid={cookie}; Path=/"}
    client.site.vendor.add_fault("status", status=200, body=listed, headers=fresh, skip=1)
    client.site.vendor.add_fault(
        "status", status=403, body=error_body("apio", f"no session {cookie}"), times=None, skip=1
    )
    assert client.call(call, "a cookie in an error")["failed"]
    client.done()
