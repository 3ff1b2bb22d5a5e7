# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets: no result, diff, message, log or file shows one, whatever the server answers and however it spells one.

The modules are called in this process, against servers that fail and that repeat what they were told.
test_secrets_left_behind.py looks into whatever real playbooks leave. A sample by default; everything by
`python3 dev.py trust`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ansible.module_utils import basic
from ansible.module_utils.testing import patch_module_args

from ansible_collections.telephony.pbx.plugins.module_utils.entry import run
from ansible_collections.telephony.pbx.plugins.module_utils.entry.arguments import ACTION_ONLY
from ansible_collections.telephony.pbx.plugins.module_utils.entry.object_module import main
from ansible_collections.telephony.pbx.tests.contract.cases import DOMAIN, USER, Values
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import WHOLE
from ansible_collections.telephony.pbx.tests.trust import figures, pairs
from ansible_collections.telephony.pbx.tests.trust.secrets_known import (
    AGENT,
    MAIN,
    PLACES,
    SECRETS,
    SPELLINGS,
    SUITE,
    Hostile,
    Scanner,
    error_body,
    give_secrets,
)

MODULES = sorted(file.stem for file in (Path(__file__).resolve().parents[2] / "plugins" / "modules").glob("*.py"))
VALUES = {
    "plain": "aB3dE5gH7jK9mN", "percent signs": "x%41%y%2Fz%qq", "quotes": "q'u\"o'T9w\"xx", "blanks": "b1 an ks x9q",
    "plus": "p1+us=+/x9q+", "markup": "m<a>&rk;\\up9q", "three characters": "zQ7", "Unicode": "pä€ß電話Kennw0rt",
}  # fmt: skip


# -- the calls -----------------------------------------------------------------------------------------------------------
class Call(NamedTuple):
    """A module, its options, and by which door of APIO."""

    module: str
    options: Values
    door: str = "token"


def agent(**more: Any) -> Call:
    return Call("agent", {"account": AGENT, "state": "logged_out", **more})


def apio_groups() -> list[Values]:
    """A new group with a password of its own, and another one."""
    profile = {"password": SECRETS["apio"]["group password"], "cliLastName": "Watch", "cliFirstName": "Night"}
    first = {"id": f"nightwatch@{DOMAIN}", "name": "Night watch", "policy": "weighted"}
    first.update(members=[{"extension": "5001", "weight": 100}], settings={"serviceInstanceProfile": profile})
    return [first, *WHOLE["apio"].document["hunt_groups"][1:]]


NIGHT = {"id": "0150", "name": "Night", "members": [{"extension": "446"}], "settings": {"st1_dur": 15}}
SHARES = {"weights": [{"extension": f"ApioUserTest1@{DOMAIN}", "weight": 60}, {"extension": "5002", "weight": 40}]}
WEIGHTED = {"hunt_group": f"ApioWeighted@{DOMAIN}"}
RINGS = {"account": USER, "forwarding": {"busy": "445"}, "destinations": [{"number": "+32470"}]}
ALIAS = {"id": "447", "name": "Hanna Support", "settings": {"alias": ["8447"]}}
PORTA = SECRETS["portaswitch"]
CALLS: dict[str, list[Call]] = {
    "portaswitch": [
        Call("hunt_group", {"id": "200", "name": "Sales B", "members": [{"extension": "101"}]}),
        Call("hunt_group_info", {}),
        Call("extension", {"id": "0112", "name": "Hanna Support", "account": 700009}),
        Call("extension_info", {"active_calls": True, "online": True}),
        Call("follow_me", {"account": 700001, "destinations": [{"name": "Mobile", "timeout": 30}, {"name": "Home"}]}),
        Call("follow_me_info", {"account": 700001}),
        agent(), agent(wrapup=True), agent(hashed_account=PORTA["hashed account"]),
        agent(service_password=PORTA["service password"], environment_id=1),
        Call("tenant", WHOLE["portaswitch"].document), Call("tenant_info", {}),
    ],
    "vodia": [
        Call("hunt_group", NIGHT), Call("hunt_group_info", {}), Call("extension", ALIAS), Call("tenant_info", {}),
        Call("extension_info", {"id": "444"}), Call("follow_me", {"account": "444", "forwarding": {"busy": "445"}}),
        Call("follow_me_info", {}), Call("tenant", WHOLE["vodia"].document),
    ],
    "apio": [
        Call("hunt_group_weights", {**WEIGHTED, **SHARES}), Call("hunt_group_weights_info", WEIGHTED),
        Call("extension_info", {}), Call("follow_me_info", {}), Call("tenant_info", {}),
        *(
            Call(module, options, door)
            for door in ("token", "Core", "gateway")
            for module, options in (
                ("hunt_group", apio_groups()[0]), ("hunt_group_info", {"available_members": True}),
                ("tenant", {"hunt_groups": apio_groups()}), ("follow_me", RINGS),
            )
        ),
    ],
}  # fmt: skip


class Client:
    """Calls modules with the secrets against a simulator that has been given them, and scans every result."""

    def __init__(self, site: Site, place: Path) -> None:
        self.site, self.backend, self.place = site, site.case.backend, place
        self.secrets = dict(SECRETS[self.backend])
        self.hostile, self.scanner = Hostile(self.backend, site.vendor), Scanner(self.secrets)
        self.all = Scanner(self.secrets)  # of what outlasts a call: also what the vendor gave in an earlier one
        self.leaks: list[str] = []
        self.files = 0

    def first_day(self) -> None:
        """The simulator as it was, with our secrets."""
        self.site.vendor.reset()
        give_secrets(self.backend, self.site.vendor.state)

    def options(self, call: Call) -> Values:
        known, url, files = self.secrets, self.site.url, {}
        own: Values = {"password" if self.backend == "vodia" else "token": known[MAIN[self.backend]]}
        if self.backend == "apio" and call.door != "token":
            own = {"token": None, "username": "demo", "password": known["password"]}
            url = url.replace("/api/v01/p1", "/api/v1") if call.door == "gateway" else url
        if call.module == "tenant":
            self.files += 1
            files = {name: str(self.place / f"{name} {self.files}.json") for name in ("backup", "journal")}
        return {**self.site.options(call.options), **own, **files, "url": url}

    def told(self, call: Call) -> dict[str, str]:
        """The secrets that a call sends: no client can hide what it does not know."""
        sent = str(self.options(call))
        return {name: one for name, one in self.secrets.items() if repr(one)[1:-1] in sent and name != "group password"}

    def call(self, call: Call, what: str, check_mode: bool = False, **more: Any) -> Values:
        """Call, scan, and remember what was found."""
        self.site.vendor.log, self.hostile.given = [], {}  # no client knows the tokens of an earlier one
        result = run.run(call.module, {**self.options(call), **more}, check_mode=check_mode, environment={})
        for name, secret in self.hostile.given.items():
            self.scanner.add(name, secret)
            self.all.add(f"{name} {len(self.all.wanted)}", secret)
        found = self.scanner.leaks_of(result)
        if found:
            self.leaks.append(f"{what}: {', '.join(found)} in {result.get('msg') or result}"[:600])
        assert result.get("error_class") != "Defect", result
        figures.count(SUITE, "results of modules scanned", 1, self.backend)
        return result

    def scan_files(self) -> int:
        """Look into every file that was written; how many there were."""
        files = [path for path in self.place.rglob("*") if path.is_file()]
        for path in files:
            self.leaks += [f"{path.name}: {name}" for name in self.all.leaks(path.read_text())]
            assert path.stat().st_mode & 0o777 == 0o600, path
        return len(files)

    def done(self) -> None:
        assert self.leaks == [], "\n".join(self.leaks[:12])


@pytest.fixture
def client(site: Site, tmp_path: Path) -> Iterator[Client]:
    client = Client(site, tmp_path / "files")
    client.first_day()
    yield client
    site.vendor.__dict__.pop("_token", None)


@pytest.fixture
def apio_client(apio: Site, tmp_path: Path) -> Iterator[Client]:
    client = Client(apio, tmp_path / "files")
    client.first_day()
    yield client
    apio.vendor.__dict__.pop("_token", None)


# -- spellings -----------------------------------------------------------------------------------------------------------
def test_the_scanner_finds_a_planted_secret() -> None:
    """Every test about secrets would pass if it were blind."""
    for name, secret in VALUES.items():
        scanner = Scanner({name: secret})
        for spell in SPELLINGS.values():
            result = {"msg": f"denied: Bearer {spell(secret)}, check token", "plan": [{"error": None}]}
            assert scanner.leaks_of(result) == [name] and scanner.leaks(f"GET /x/{spell(secret)}/10") == [name]
        assert scanner.leaks_of({"msg": "denied: ********, check token"}) == []
    assert Scanner({"token": "aB3dE5gH7jK9mN"}).leaks("cut off: aB3dE5gH7 ...") == ["token"]


def come_back(client: Client, rows: list[pairs.Row]) -> None:
    """Have values come back in a spelling at a place."""
    for row in rows:
        client.secrets = client.hostile.told = {MAIN[client.backend]: VALUES[row["value"]]}
        client.scanner = Scanner(client.secrets)
        client.hostile.tell(row["place"], row["spelling"])
        client.call(CALLS[client.backend][0], str(row))
        figures.count(SUITE, "secrets that came back, by value, spelling and place", 1, client.backend)
    client.done()


def test_a_secret_that_comes_back_in_any_spelling_at_any_place(client: Client) -> None:
    """Every spelling of every value; a full run also has every spelling at every place."""
    impossible = {"portaswitch": "%+<>&\\/", "vodia": "", "apio": ""}[client.backend]  # in a licence
    values = [name for name, value in VALUES.items() if value.isascii() and not set(value) & set(impossible)]
    # escaped once more in a JSON body it would be another spelling, which has its own turn
    bodies = [place for place in PLACES if "JSON" in place or place == "list 200"]
    never = [
        {"spelling": spelling, "place": place}
        for spelling in SPELLINGS
        if spelling.startswith(("JSON", "HTML"))
        for place in bodies
    ]
    switches = {"spelling": list(SPELLINGS), "value": values, "place": PLACES}
    apart = [] if figures.FULL else [{"spelling", "place"}]
    come_back(client, pairs.covering(switches, never, apart=apart))


@pytest.mark.parametrize("backend", ["portaswitch", "vodia"])
def test_a_secret_that_is_not_ascii_comes_back(open_site: Any, tmp_path: Path, backend: str) -> None:
    client = Client(open_site(backend), tmp_path)
    places = {spelling: [place for place in PLACES if place not in ("reason", "redirect")] for spelling in USUAL}
    places |= {"as it is": list(PLACES), "UTF-8 read as Latin-1": ["text 500"]}
    rows = [(spelling, place) for spelling, known in places.items() for place in known]
    come_back(client, [{"spelling": one, "value": "Unicode", "place": place} for one, place in rows])


def test_a_secret_of_two_characters(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VALUES, "two", "\xb6Q" if client.backend == "vodia" else "~Q")
    come_back(client, [{"spelling": "as it is", "value": "two", "place": place} for place in ("JSON 500", "text 500")])


# -- every module ----------------------------------------------------------------------------------------------------------
def test_every_module_is_called(client: Client) -> None:
    """Those that a backend does not have refuse, and show no secret with that."""
    called = {call.module for call in CALLS[client.backend]}
    for module in sorted(set(MODULES) - called - {"tenant_validate", *ACTION_ONLY}):
        result = client.call(Call(module, {"account": AGENT, "id": "1", "hunt_group": "1"}), module)
        assert "possible with" in result["msg"]
    declared = Call("tenant_validate", WHOLE[client.backend].document)
    assert not client.call(declared, "tenant_validate").get("failed")
    client.done()


def test_success_check_mode_and_refusals(client: Client) -> None:
    own, (scheme, _mark, host) = next(iter(client.secrets.values())), client.site.url.partition("://")
    mistakes: list[Values] = [  # some with a secret in the wrong place
        {"timeout": "soon"}, {"url": f"{scheme}://admin:{own}@{host}"}, {"url": f"{client.site.url}?License={own}"},
        {"tenant": None}, {"backend": "vodka", "url": f"ftp://{own}@x"}, {"token": None, "password": None},
    ]  # fmt: skip
    for call in CALLS[client.backend]:
        client.first_day()
        check, done = client.call(call, "check mode", check_mode=True), client.call(call, "success")
        assert not check.get("failed") and not done.get("failed"), done
        assert call.module.endswith("_info") or (check["diff"] and done["diff"] and done["changed"])
        client.first_day()
        client.hostile.talkative = True
        told = client.call(call, f"{call.module}: credentials in every object that was read")
        assert not told.get("failed"), told
        client.hostile.quiet()
        for mistake in mistakes:
            assert client.call(call, f"refused {sorted(mistake)}", **mistake)["failed"]
    assert client.scan_files() >= 4
    client.done()


FAULTS: dict[str, Values] = {
    "reset before": {"kind": "reset_before"},
    "reset after": {"kind": "reset_after"},
    "truncated": {"kind": "truncate"},
    "gateway": {"kind": "status", "status": 504, "body": ""},
}
USUAL = ("as it is", "percent", "percent, lower case", "base64")


def test_faults_and_echoes_at_every_request(client: Client) -> None:
    """Every call meets every kind of request; so does every fault, and every place for a secret."""
    calls = CALLS[client.backend]
    requests = {index: client.call(call, "success")["requests"] for index, call in enumerate(calls)}
    switches = {"what": [*FAULTS, *PLACES], "at": (0.0, 0.34, 0.67, 1.0), "call": list(requests), "spelling": USUAL}
    apart = [{"call", "spelling"}, {"at", "spelling"}, *([] if figures.FULL else [{"call", "what"}])]
    for row in pairs.covering(switches, apart=apart):
        call, at = calls[row["call"]], round(row["at"] * (requests[row["call"]] - 1))
        client.first_day()
        client.hostile.told = client.told(call)
        if row["what"] in FAULTS:
            client.hostile.quiet()
            client.site.vendor.add_fault(**FAULTS[row["what"]], skip=at)
        else:
            client.hostile.tell(row["what"], row["spelling"], at)
        client.call(call, f"{call.module} {call.door}: {row}")
        figures.count(SUITE, "requests that failed or were answered with a secret", 1, client.backend)
    client.done()


# -- what is not an option of the connection ---------------------------------------------------------------------------------
@pytest.mark.parametrize("module", ["hunt_group", "tenant"])
def test_the_password_of_a_group_comes_back(module: str, apio_client: Client) -> None:
    """A server that names what it refuses: BroadWorks does so with weak passwords."""
    body = error_body("apio", f"too weak: {SECRETS['apio']['group password']}")
    apio_client.site.vendor.add_fault("status", status=400, body=body, writes_only=True)
    call = next(call for call in CALLS["apio"] if (call.module, call.door) == (module, "token"))
    assert apio_client.call(call, "the password of the group in an error")["failed"]
    apio_client.done()


def test_a_session_cookie_that_is_renewed_later(apio_client: Client) -> None:
    """Frameworks give a new cookie with any answer."""
    call = next(call for call in CALLS["apio"] if (call.module, call.door) == ("hunt_group_info", "gateway"))
    cookie, vendor = "Ck93-renewed-xyz-51", apio_client.site.vendor
    apio_client.scanner.add("session cookie", cookie)
    listed = '{"hunt_groups": [{"serviceUserId": "a@b"}], "available_users": []}'
    fresh = {"Set-Cookie": f"sessionid={cookie}; Path=/"}
    vendor.add_fault("status", status=200, body=listed, headers=fresh, skip=1)
    vendor.add_fault("status", status=403, body=error_body("apio", f"no session {cookie}"), times=None, skip=1)
    assert apio_client.call(call, "a cookie in an error")["failed"]
    apio_client.done()


# -- logs of libraries, and of the host --------------------------------------------------------------------------------
@pytest.mark.parametrize("place", ["text 500", "broken headers"])
def test_libraries_log_no_secret(client: Client, place: str, caplog: pytest.LogCaptureFixture) -> None:
    """With ANSIBLE_LOG_PATH everything that Python's logging gets ends in that file."""
    caplog.set_level(logging.DEBUG)
    for call in [call for call in CALLS[client.backend] if call.module.startswith("hunt_group")]:
        client.first_day()
        client.hostile.quiet()
        client.hostile.told = client.told(call)
        client.site.vendor.add_fault("latency", match="(?!)", times=None)  # a real connection, which urllib3 logs
        client.call(call, "success")
        client.hostile.tell(place)
        client.call(call, "refused")
    client.leaks += client.all.leaks(caplog.text)
    client.done()


def test_a_module_logs_no_secret_on_its_host(
    apio_client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every module says to syslog or journald what it was called with."""
    logged: list[str] = []
    monkeypatch.setattr(basic.AnsibleModule, "log", lambda self, text, **more: logged.append(f"{text} {more}"))
    call = next(call for call in CALLS["apio"] if (call.module, call.door) == ("hunt_group", "token"))
    options = {name: value for name, value in apio_client.options(call).items() if value is not None}
    with patch_module_args(options), pytest.raises(SystemExit):
        main("hunt_group")
    shown = capsys.readouterr().out
    assert "applied" in shown and "Invoked with" not in "".join(logged)
    assert apio_client.scanner.leaks("\n".join(logged)) + apio_client.scanner.leaks(shown) == []
