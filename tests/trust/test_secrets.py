# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets: no result, diff, message, log or file shows one, whatever the server answers.

The first part calls the modules in this process, against servers that fail and that repeat what they were told. The
second runs real playbooks, as loud as they get, and looks into everything that they leave behind.

A sample by default; everything by `python3 dev.py trust`.
"""

from __future__ import annotations

import contextlib
import html
import inspect
import json
import logging
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils import basic
from ansible.module_utils.testing import patch_module_args

from ansible_collections.telephony.pbx.plugins.module_utils import run
from ansible_collections.telephony.pbx.plugins.module_utils.module import main
from ansible_collections.telephony.pbx.tests.contract.cases import DOMAIN, USER, State, Values
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import WHOLE
from ansible_collections.telephony.pbx.tests.playbooks import conftest as playbooks
from ansible_collections.telephony.pbx.tests.playbooks.conftest import Play, Run
from ansible_collections.telephony.pbx.tests.trust import figures
from ansible_collections.telephony.pbx.tests.trust.secret_helpers import (
    PLACES,
    SPELLINGS,
    SUITE,
    Hostile,
    Scanner,
    error_body,
)
from pbx_simulator import VENDORS, Vendor
from pbx_simulator.server import RunningVendor

MODULES = sorted(file.stem for file in (Path(__file__).resolve().parents[2] / "plugins" / "modules").glob("*.py"))
AGENT = 700004

# What the clients know. Odd enough not to be in any text by chance, and all of a kind that the server takes.
SECRETS: dict[str, dict[str, str]] = {
    "portaswitch": {
        "licence": "LiC-7qZt=Wx~0815;vR",
        "service password": 'Sv p/w 9% + u"kX',
        "hashed account": "hA5h+xyz/Q==9vT",
    },
    "vodia": {
        "password": "Vd!pa s'w%2F+\"&=9<Qm>",
        "SIP password": "Sip/Pw-83jXq",
        "web password": "wEb+Pw 77 zQ",
        "PIN": "PIN90317",
    },
    "apio": {
        "password": 'Ap\\pw "7" u&%41+zK',
        "machine token": "mT-51xQz/abc+DEF==vw",
        "group password": "Grp'Pw 6%\u20ac+hN",
    },
}


# -- the scanner itself ---------------------------------------------------------------------------------------------------
VALUES: dict[str, str] = {
    "plain": "aB3dE5gH7jK9mN",
    "percent signs": "x%41%y%2Fz%qq",
    "quotes": "q'u\"o'T9w\"xx",
    "Unicode": "pä€ß電話Kennw0rt",
    "blanks": "b1 an ks x9q",
    "plus": "p1+us=+/x9q+",
    "markup": "m<a>&rk;\\up9q",
    "three characters": "zQ7",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_scanner_finds_a_planted_secret(spelling: str) -> None:
    """Every test below would pass if it were blind."""
    for name, secret in VALUES.items():
        scanner = Scanner({name: secret})
        figures.count(SUITE, "planted secrets found by the scanner itself, by value and spelling")
        planted = SPELLINGS[spelling](secret)
        result = {"msg": f"denied: Bearer {planted}, check token", "plan": [{"error": None}]}
        assert len(secret) < 4 and spelling == "line break inside" or scanner.leaks_of(result) == [name], planted
        assert scanner.leaks(f"GET /x/{planted}/10") == [name] or len(secret) < 4
        assert scanner.leaks_of({"msg": "denied: ********, check token"}) == []


def test_the_scanner_finds_a_part_of_a_long_secret() -> None:
    assert Scanner({"token": "aB3dE5gH7jK9mN"}).leaks("cut off: aB3dE5gH7 ...") == ["token"]


# -- calls ---------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Call:
    """A module, its options, and by which door of APIO."""

    backend: str
    module: str
    options: Values = field(default_factory=dict)
    door: str = ""

    @property
    def id(self) -> str:
        return "-".join(part for part in (self.backend, self.module, self.door) if part)


def agent(**more: Any) -> Values:
    return {"account": AGENT, "state": "logged_out", **more}


def apio_group() -> Values:
    """A new group with a password of its own."""
    own = SECRETS["apio"]["group password"]
    return {
        "id": f"nightwatch@{DOMAIN}",
        "name": "Night watch",
        "policy": "weighted",
        "members": [{"extension": "5001", "weight": 100}],
        "settings": {"serviceInstanceProfile": {"password": own, "cliLastName": "Watch", "cliFirstName": "Night"}},
    }


PORTA = SECRETS["portaswitch"]
WEIGHTED = f"ApioWeighted@{DOMAIN}"
FOLLOW_ME = {"account": 700001, "destinations": [{"name": "Mobile", "timeout": 30}, {"name": "Home"}]}
WEIGHTS = [{"extension": f"ApioUserTest1@{DOMAIN}", "weight": 60}, {"extension": "5002", "weight": 40}]
NIGHT: Values = {"id": "0150", "name": "Night", "members": [{"extension": "446"}], "settings": {"st1_dur": 15}}
CALLS = [
    Call("portaswitch", "hunt_group", {"id": "200", "name": "Sales B", "members": [{"extension": "101"}]}),
    Call("portaswitch", "hunt_group_info"),
    Call("portaswitch", "extension", {"id": "0112", "name": "Hanna Support", "account": 700009}),
    Call("portaswitch", "extension_info", {"active_calls": True, "online": True}),
    Call("portaswitch", "follow_me", FOLLOW_ME),
    Call("portaswitch", "follow_me_info", {"account": 700001}),
    Call("portaswitch", "agent", agent()),
    Call("portaswitch", "agent", agent(service_password=PORTA["service password"], environment_id=1), "password"),
    Call("portaswitch", "agent", agent(hashed_account=PORTA["hashed account"]), "hash"),
    Call("portaswitch", "agent", agent(wrapup=True), "wrap-up"),
    Call("portaswitch", "tenant", WHOLE["portaswitch"].document),
    Call("portaswitch", "tenant_info"),
    Call("vodia", "hunt_group", NIGHT),
    Call("vodia", "hunt_group_info"),
    Call("vodia", "extension", {"id": "447", "name": "Hanna Support", "settings": {"alias": ["8447"]}}),
    Call("vodia", "extension_info", {"id": "444"}),
    Call("vodia", "follow_me", {"account": "444", "forwarding": {"busy": "445"}}),
    Call("vodia", "follow_me_info"),
    Call("vodia", "tenant", WHOLE["vodia"].document),
    Call("vodia", "tenant_info"),
    *(
        Call("apio", module, options, door)
        for door in ("token", "Core", "gateway")
        for module, options in (
            ("hunt_group", apio_group()),
            ("hunt_group_info", {"available_members": True}),
            ("hunt_group_weights", {"hunt_group": WEIGHTED, "weights": WEIGHTS}),
            ("hunt_group_weights_info", {"hunt_group": WEIGHTED}),
            ("extension_info", {}),
            ("follow_me", {"account": USER, "forwarding": {"busy": "445"}, "destinations": [{"number": "+32470"}]}),
            ("follow_me_info", {}),
            ("tenant", {"hunt_groups": [apio_group(), *WHOLE["apio"].document["hunt_groups"][1:]]}),
            ("tenant_info", {}),
        )
    ),
]


def give_secrets(backend: str, state: State) -> None:
    """Make our secrets those of a simulator."""
    known = SECRETS[backend]
    if backend == "portaswitch":
        state["licences"] = {known["licence"]: [10]}
        account = state["customers"]["10"]["accounts"][str(AGENT)]
        account.update(service_password=known["service password"], hash=known["hashed account"])
    elif backend == "vodia":
        for administrator in state["administrators"]:
            administrator["password"] = known["password"]
        for account in state["domains"]["localhost"]["accounts"].values():
            if account["type"] == "extensions":
                told = {"sip_pass": "SIP password", "web_pass": "web password", "pin": "PIN"}
                account["settings"].update({key: known[name] for key, name in told.items()})
    else:
        state["accounts"]["demo"].update(password=known["password"], machine_token=known["machine token"])


class Client:
    """Calls modules with the secrets against a simulator that has been given them, and scans every result."""

    def __init__(self, site: Site, monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
        self.site, self.backend, self.place = site, site.case.backend, place
        self.secrets = dict(SECRETS[self.backend])
        self.hostile = Hostile(self.backend, site.vendor, self.secrets)
        self.hostile.install(monkeypatch)
        self.scanner = Scanner(self.secrets)
        self.leaks: list[str] = []
        monkeypatch.setenv("ANSIBLE_HOME", str(place / "home"))

    def first_day(self) -> None:
        """The simulator as it was, with our secrets."""
        self.site.vendor.reset()
        give_secrets(self.backend, self.site.vendor.state)

    def options(self, call: Call) -> Values:
        own = {
            "portaswitch": {"token": self.secrets.get("licence")},
            "vodia": {"password": self.secrets.get("password")},
            "apio": {"token": self.secrets.get("machine token")},
        }[self.backend]
        if call.door in ("Core", "gateway"):
            own = {"token": None, "username": "demo", "password": self.secrets["password"]}
        url = self.site.url.replace("/api/v01/p1", "/api/v1") if call.door == "gateway" else self.site.url
        files = {}
        if call.module == "tenant":
            files = {"backup": str(self.place / "backup.json"), "journal": str(self.place / "journal.json")}
        return {**self.site.options(call.options), **own, **files, "url": url}

    def call(self, call: Call, what: str, check_mode: bool = False, **more: Any) -> Values:
        """Call, scan, and remember what was found."""
        self.site.vendor.log = []
        self.hostile.given = {}  # no client knows the tokens of an earlier one
        result = run.run(call.module, {**self.options(call), **more}, check_mode=check_mode, environment={})
        for name, secret in self.hostile.given.items():
            self.scanner.add(name, secret)
        found = self.scanner.leaks_of(result)
        if found:
            self.leaks.append(f"{what}: {', '.join(found)} in {result.get('msg') or result}"[:600])
        figures.count(SUITE, "results of modules scanned", 1, self.backend)
        figures.greatest(SUITE, "secrets looked for in each result", len(self.scanner.wanted), self.backend)
        return result

    def scan_files(self) -> int:
        """Look into every file that was written; how many there were."""
        files = [path for path in self.place.rglob("*") if path.is_file()]
        for path in files:
            self.leaks += [f"{path.name}: {name}" for name in self.scanner.leaks(path.read_text())]
            assert path.stat().st_mode & 0o777 == 0o600, path
        figures.count(SUITE, "files scanned", len(files), self.backend)
        return len(files)

    def done(self) -> None:
        assert self.leaks == [], "\n".join(self.leaks[:12])


@pytest.fixture
def client(request: pytest.FixtureRequest, open_site: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Client:
    """The backend comes from a parameter of the test."""
    parameters = request.node.callspec.params
    backend = parameters["call"].backend if "call" in parameters else parameters["backend"]
    client = Client(open_site(backend), monkeypatch, tmp_path)
    client.first_day()
    return client


each_call = pytest.mark.parametrize("call", CALLS, ids=lambda call: call.id)
each_backend = pytest.mark.parametrize("backend", SECRETS)


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
# Spellings that are hidden; what is not is tested below, one by one.
USUAL = ("as it is", "percent", "percent, lower case", "base64")


def told(client: Client, call: Call) -> dict[str, str]:
    """The secrets that a call sends: no client can hide what it does not know."""
    sent = str(client.options(call))
    return {name: one for name, one in client.secrets.items() if repr(one)[1:-1] in sent and name != "group password"}


def turned(things: list[Any], turn: int, most: int) -> list[Any]:
    """So many of them, other ones at each turn; all of them in a full run."""
    return things if figures.FULL else [things[(turn * most + n) % len(things)] for n in range(most)]


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


# -- spellings -----------------------------------------------------------------------------------------------------------
MAIN = {"portaswitch": "licence", "vodia": "password", "apio": "machine token"}


def possible(backend: str, value: str) -> bool:
    """Whether a licence, or a header, can hold the value at all."""
    if backend == "portaswitch":
        return not set(value) & set("%+<>&\\/")
    return backend == "vodia" or value.isascii()


def spelt(client: Client, spelling: str, values: list[str], places: list[str]) -> None:
    """Have values come back in a spelling at places."""
    call = next(call for call in CALLS if call.backend == client.backend)
    client.hostile.spelling, client.hostile.always = spelling, True
    for name in values:
        client.secrets = client.hostile.told = {MAIN[client.backend]: VALUES[name]}
        client.scanner = Scanner(client.secrets)
        for place in places:
            client.hostile.place = place
            client.call(call, f"{name} in {place}")
            figures.count(SUITE, "secrets that came back, by value, spelling and place", 1, client.backend)
    client.hostile.quiet()
    client.done()


@each_backend
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_secret_that_comes_back_in_any_spelling(backend: str, spelling: str, client: Client) -> None:
    if (backend, spelling) in (
        ("apio", "UTF-8 read as Latin-1"),
        ("portaswitch", "JSON in JSON"),
        ("portaswitch", "HTML in JSON"),
    ):
        pytest.skip("what goes into a header is ASCII; a licence has no backslash")
    ascii_only = [name for name in VALUES if VALUES[name].isascii() and possible(backend, VALUES[name])]
    # in a JSON body this would be "JSON in JSON" or "HTML in JSON", which have tests of their own
    escaped = spelling.startswith(("JSON", "HTML"))
    places = [place for place in PLACES if not (escaped and ("JSON" in place or place == "list 200"))]
    always = [name for name in ("quotes", "markup") if name in ascii_only]
    turn = list(SPELLINGS).index(spelling)
    spelt_places = list(dict.fromkeys(["text 500", "JSON 500", *turned(places, turn, 3)]))
    if possible(backend, VALUES["Unicode"]) and spelling == "UTF-8 read as Latin-1":
        always = ["Unicode"]
    spelt(client, spelling, list(dict.fromkeys([*always, *turned(ascii_only, turn, 1)])), spelt_places)


@pytest.mark.parametrize("backend", ["portaswitch", "vodia"])
def test_a_secret_that_is_not_ascii_comes_back_in_a_body(backend: str, client: Client) -> None:
    places = [place for place in PLACES if place not in ("reason", "redirect")]
    for spelling in ("as it is", "percent", "percent, lower case", "base64"):
        client.hostile.spelling = spelling
        spelt(client, spelling, ["Unicode"], places)


@pytest.mark.parametrize("backend", ["portaswitch", "vodia"])
def test_a_secret_that_is_not_ascii_comes_back_in_a_header(backend: str, client: Client) -> None:
    spelt(client, "as it is", ["Unicode"], ["reason", "redirect"])


@each_backend
def test_a_secret_of_two_characters(backend: str, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VALUES, "two characters", "\xb6Q" if backend == "vodia" else "~Q")
    spelt(client, "as it is", ["two characters"], ["JSON 500", "text 500"])


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


# -- logs of libraries ---------------------------------------------------------------------------------------------------
@each_backend
def test_libraries_log_no_secret(backend: str, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    """With ANSIBLE_LOG_PATH everything that Python's logging gets ends in that file."""
    caplog.set_level(logging.DEBUG)
    for call in [call for call in CALLS if call.backend == backend and call.module.startswith("hunt_group")]:
        client.first_day()
        client.hostile.told = told(client, call)
        client.call(call, "success")
        client.hostile.always, client.hostile.place = True, "text 500"
        client.call(call, "refused")
        client.hostile.quiet()
    client.leaks += client.scanner.leaks(caplog.text)
    client.done()


@each_backend
def test_libraries_log_no_secret_when_headers_are_broken(
    backend: str, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    call = next(call for call in CALLS if call.backend == backend)
    client.hostile.told = told(client, call)
    client.hostile.always, client.hostile.place = True, "broken headers"
    client.call(call, "broken headers")
    client.leaks += client.scanner.leaks(caplog.text)
    client.done()


# -- real playbooks ---------------------------------------------------------------------------------------------------------
play = playbooks.play  # a fixture
HERE = Path(__file__).resolve().parent / "playbooks"
CONNECTIONS: dict[str, Values] = {
    "portaswitch": {"tenant": 10},
    "vodia": {"tenant": "localhost", "username": "admin"},
    "apio": {"tenant": "ApioSpTest", "group": "ApioGrpTest"},
}


def without_debugging(text: str) -> str:
    """Without what Ansible itself prints of the arguments of any module that is sent, when ANSIBLE_DEBUG is set: no
    collection has a say in it."""
    return "\n".join(line for line in text.splitlines() if "done with _execute_module (" not in line)


@dataclass
class Stage:
    """Simulators with our secrets, an inventory, and what one run against them has left: its output, and the files in
    `place`."""

    place: Path
    vendors: dict[str, Vendor]
    urls: dict[str, str]
    scanner: Scanner
    ran: Run | None = None

    @property
    def run(self) -> Run:
        assert self.ran
        return self.ran

    def files(self) -> dict[str, str]:
        """What the run has left, by path. Without what is Ansible's own doing: with ANSIBLE_KEEP_REMOTE_FILES it leaves
        the modules that it sent, which hold their arguments, for the developer who asked for that."""
        found = {}
        for path in sorted(self.place.rglob("*")):
            if path.is_file() and not path.name.startswith("AnsiballZ_") and path.name != "hosts.yml":
                found[path.relative_to(self.place).as_posix()] = path.read_text(errors="replace")
        return found

    def leaks(self, texts: dict[str, str]) -> list[str]:
        found = []
        for name, text in texts.items():
            text = without_debugging(text)
            depth = 2 if len(text) < 50_000 else 1
            found += [f"{name}: {secret}" for secret in self.scanner.leaks(text, depth)]
        figures.count(SUITE, "files and outputs of playbooks scanned", len(texts))
        figures.count(SUITE, "characters of them", sum(map(len, texts.values())))
        return found


def declared(name: str, url: str) -> Values:
    """The connection of a tenant, and what its host_vars declare."""
    option = {"portaswitch": "token", "vodia": "password", "apio": "token"}[name]
    address = url + ("/api/v01/p1" if name == "apio" else "")
    values = {"backend": name, "url": address, "rate_limit": 0, **CONNECTIONS[name], **WHOLE[name].document}
    values[option] = SECRETS[name][MAIN[name]]
    if name == "apio":
        values["hunt_groups"] = [apio_group(), *WHOLE["apio"].document["hunt_groups"][1:]]
    return {f"pbx_{option}": value for option, value in values.items()}


@contextlib.contextmanager
def opened(place: Path) -> Iterator[Stage]:
    """A stage on its first day, and an inventory: a host that is here and one that is elsewhere for each vendor."""
    vendors = {name: VENDORS[name]() for name in VENDORS}
    names = {f"{name} {secret}": value for name, secrets in SECRETS.items() for secret, value in secrets.items()}
    scanner = Scanner(names)
    with contextlib.ExitStack() as stack:
        urls = {name: stack.enter_context(RunningVendor(vendor)).url for name, vendor in vendors.items()}
        for name, vendor in vendors.items():
            give_secrets(name, vendor.state)
        here = {name: {"ansible_connection": "local", **declared(name, urls[name])} for name in vendors}
        elsewhere = {f"far_{name}": {"ansible_connection": "elsewhere"} for name in vendors}
        (place / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": {**here, **elsewhere}}}))
        yield Stage(place, vendors, urls, scanner)


def by_environment(stage: Stage) -> dict[str, str]:
    """The connection to Vodia for the process."""
    return {
        "PBX_BACKEND": "vodia",
        "PBX_URL": stage.urls["vodia"],
        "PBX_TENANT": "localhost",
        "PBX_USERNAME": "admin",
        "PBX_PASSWORD": SECRETS["vodia"]["password"],
    }


def telling(stage: Stage) -> None:
    """Two requests whose answers repeat the secret."""
    for name, match in (("vodia", "POST .*/addacc"), ("portaswitch", "AddCustomerExtension.*0119")):
        secret = SECRETS[name][MAIN[name]]
        body = error_body(name, f"denied: {secret}") if name == "portaswitch" else f"denied: {secret}"
        stage.vendors[name].add_fault("status", status=500, match=match, times=None, body=body)


# -- the runs: each with simulators of its own, two at a time, while the tests above run -------------------------------------
OUTPUTS = {
    "default, as YAML": {"ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"},
    "default, as JSON": {"ANSIBLE_CALLBACK_RESULT_FORMAT": "json"},
    "oneline": {"ANSIBLE_STDOUT_CALLBACK": "oneline"},
    "minimal": {"ANSIBLE_STDOUT_CALLBACK": "minimal"},
}
CALLBACKS = list(OUTPUTS) if figures.FULL else ["minimal"]
HERE_ONLY = ("--limit", "vodia:portaswitch:apio")
EXPORTED = "---\n# Written by telephony.pbx.export; the next export writes it anew.\npbx_hunt_groups: []\n"


def perform(play: Play, stage: Stage, name: str) -> Stage:
    """The run of this name."""
    if name == "loud":
        telling(stage)
        stage.ran = loud(play, stage)
    elif name == "roles":
        stage.ran = roles(play, stage)
    else:
        telling(stage)
        options = ("-vvvv", "--check", *HERE_ONLY)
        stage.ran = played(play, stage, str(HERE / "secrets.yml"), options=options, **OUTPUTS[name])
    for vendor in stage.vendors.values():
        for session in vendor.state.get("sessions", {}):
            stage.scanner.add(f"session cookie {session[:4]}", session)
    return stage


def played(play: Play, stage: Stage, *playbooks: str, options: tuple[str, ...], **environment: str) -> Run:
    *others, last = playbooks
    variables = {"urls": stage.urls, "secrets": SECRETS}
    inventory = ("--inventory", str(stage.place / "hosts.yml"))
    return play(last, variables, *options, *inventory, "--diff", *others, **environment, **by_environment(stage))


def loud(play: Play, stage: Stage) -> Run:
    """As loud as it gets, and with everything kept."""
    place = stage.place
    environment = {
        "ANSIBLE_DEBUG": "1",
        "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
        "ANSIBLE_CALLBACKS_ENABLED": "record,ansible.builtin.junit,ansible.builtin.tree",
        "JUNIT_OUTPUT_DIR": f"{place}/junit",
        "ANSIBLE_CALLBACK_TREE_DIR": f"{place}/tree",
        "ANSIBLE_LOG_PATH": f"{place}/ansible.log",
        "ANSIBLE_CACHE_PLUGIN": "jsonfile",
        "ANSIBLE_CACHE_PLUGIN_CONNECTION": f"{place}/facts",
        "ANSIBLE_ASYNC_DIR": f"{place}/async",
        "ANSIBLE_KEEP_REMOTE_FILES": "1",
        "ANSIBLE_REMOTE_TMP": f"{place}/remote",
        "ANSIBLE_SHOW_CUSTOM_STATS": "1",
    }
    return played(play, stage, str(HERE / "secrets.yml"), options=("-vvvv",), **environment)


def roles(play: Play, stage: Stage) -> Run:
    """Tenant, export and audit, over files that were there and that everybody could read."""
    for name in stage.vendors:
        for file, text in (("backup.json", "{}"), ("journal.json", "{}"), ("tenant.yml", EXPORTED)):
            path = stage.place / name / file
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
            path.chmod(0o666)
    kept = f"{stage.place}/{{{{ inventory_hostname }}}}"
    variables = {
        "pbx_backup": f"{kept}/backup.json",
        "pbx_journal": f"{kept}/journal.json",
        "pbx_export_directory": str(stage.place),
        "pbx_audit_fails": False,
    }
    names = [f"telephony.pbx.{playbook}" for playbook in ("tenant", "export", "audit")]
    options = ("-vvvv", *HERE_ONLY, "--extra-vars", json.dumps(variables))
    return played(play, stage, *names, options=options, ANSIBLE_SHOW_CUSTOM_STATS="1")


@pytest.fixture(scope="module", autouse=True)
def runs(
    request: pytest.FixtureRequest, play: Play, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Stage]]]:
    """Name -> the run, which may still be under way. None are begun for tests that need none."""
    with contextlib.ExitStack() as stack, ThreadPoolExecutor(2) as pool:
        wanted = any(_looks(item) for item in request.session.items)
        names = ["loud", "roles", *CALLBACKS] if wanted else []
        stages = {name: stack.enter_context(opened(tmp_path_factory.mktemp("stage"))) for name in names}
        yield {name: pool.submit(perform, play, stage, name) for name, stage in stages.items()}


def _looks(item: pytest.Item) -> bool:
    return item.module.__name__ == __name__ and "stage" in inspect.signature(item.function).parameters


@pytest.fixture
def stage(runs: dict[str, Future[Stage]], request: pytest.FixtureRequest) -> Stage:
    """The stage after the run that the test is about."""
    return runs[request.param].result()


def after(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("stage", names, indirect=True)


@after("loud")
def test_a_loud_run_did_what_it_should(stage: Stage) -> None:
    """Or there would be nothing to find."""
    run = stage.run
    assert run.returncode == 0, run.output[-4000:]
    for host, name in (("vodia", "secret"), ("far_vodia", "secret"), ("portaswitch", "licence")):
        assert "denied: ********" in run.on(host, f"The server says the {name}").result["msg"]
    for task in ("Wait for the change", "A group with a password of its own", "Wait for the group with a password"):
        done = [one.result for one in run.tasks if one.name == task]
        assert done and done[-1]["verdict"] == "applied"
    own = [entry["body"] for entry in stage.vendors["apio"].writes() if "password" in entry["body"]]
    assert [json.loads(body)["serviceInstanceProfile"]["password"] for body in own] == [
        SECRETS["apio"]["group password"]
    ] * 2
    kinds = {name.split("/")[0] for name in stage.files()}
    assert {"junit", "tree", "ansible.log", "facts", "async"} <= kinds, kinds
    assert "CUSTOM STATS" in run.output


@after("loud", "roles", *CALLBACKS)
def test_no_run_shows_a_secret(stage: Stage) -> None:
    """Nor what it publishes for AWX, which custom stats are."""
    assert stage.run.returncode == 0, stage.run.output[-4000:]
    assert stage.leaks({"output": stage.run.output}) == []


@after("loud", "roles", *CALLBACKS)
def test_no_run_leaves_a_secret_in_files(stage: Stage) -> None:
    """The log, JUnit reports, the results of each host, cached facts, and the files of what ran in the background."""
    assert stage.leaks(stage.files()) == []


@after("roles")
@pytest.mark.parametrize("backend", SECRETS)
def test_roles_write_for_the_owner_only(stage: Stage, backend: str) -> None:
    """A file that was there before, readable and writable for everybody, is so no longer."""
    files = {name: text for name, text in stage.files().items() if name.startswith(f"{backend}/")}
    assert {Path(name).name for name in files} == {"backup.json", "journal.json", "tenant.yml"}
    assert "hunt_groups" in "".join(files.values()) and all(len(text) > 50 for text in files.values())
    assert {(stage.place / name).stat().st_mode & 0o777 for name in files} == {0o600}
    figures.count(SUITE, "files of tenants with wide modes that were narrowed", len(files), backend)


def test_a_planted_secret_would_be_found_in_a_file(tmp_path: Path) -> None:
    with opened(tmp_path) as stage:
        (tmp_path / "x.xml").write_text(f"<a>{html.escape(SECRETS['vodia']['password'])}</a>")
        assert stage.leaks(stage.files()) == ["x.xml: vodia password"]


@pytest.mark.parametrize("backend", ["apio"])
def test_a_module_logs_no_secret_on_its_host(
    backend: str, client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every module says to syslog or journald what it was called with."""
    logged: list[str] = []
    monkeypatch.setattr(basic.AnsibleModule, "log", lambda self, text, **more: logged.append(f"{text} {more}"))
    call = next(call for call in CALLS if (call.module, call.door) == ("hunt_group", "token"))
    options = {name: value for name, value in client.options(call).items() if value is not None}
    with patch_module_args(options), pytest.raises(SystemExit):
        main("hunt_group")
    shown = capsys.readouterr().out
    assert "applied" in shown and "Invoked with" not in "".join(logged)
    found = client.scanner.leaks("\n".join(logged)) + client.scanner.leaks(shown)
    assert found == []
