# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls that the suites about secrets make, and the client that makes them and scans whatever comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.entry import run
from ansible_collections.telephony.pbx.tests.contract.cases import DOMAIN, USER, State, Values
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import WHOLE
from ansible_collections.telephony.pbx.tests.trust import figures
from ansible_collections.telephony.pbx.tests.trust.secret_helpers import SUITE, Hostile, Scanner

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
# The one of them that usually opens the connection.
MAIN = {"portaswitch": "licence", "vodia": "password", "apio": "machine token"}


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


# -- the client --------------------------------------------------------------------------------------------------------
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
        self.given: list[str] = []  # by the vendor, in all calls
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
            self.given.append(secret)
        found = self.scanner.leaks_of(result)
        if found:
            self.leaks.append(f"{what}: {', '.join(found)} in {result.get('msg') or result}"[:600])
        figures.count(SUITE, "results of modules scanned", 1, self.backend)
        figures.greatest(SUITE, "secrets looked for in each result", len(self.scanner.wanted), self.backend)
        return result

    def scanner_of_all_calls(self) -> Scanner:
        """For what outlasts a call: it may hold what the vendor gave in an earlier one."""
        return Scanner({**self.secrets, **{f"token or cookie {n}": one for n, one in enumerate(self.given)}})

    def scan_files(self) -> int:
        """Look into every file that was written; how many there were."""
        scanner = self.scanner_of_all_calls()
        files = [path for path in self.place.rglob("*") if path.is_file()]
        for path in files:
            self.leaks += [f"{path.name}: {name}" for name in scanner.leaks(path.read_text())]
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


def told(client: Client, call: Call) -> dict[str, str]:
    """The secrets that a call sends: no client can hide what it does not know."""
    sent = str(client.options(call))
    return {name: one for name, one in client.secrets.items() if repr(one)[1:-1] in sent and name != "group password"}


def turned(things: list[Any], turn: int, most: int) -> list[Any]:
    """So many of them, other ones at each turn; all of them in a full run."""
    return things if figures.FULL else [things[(turn * most + n) % len(things)] for n in range(most)]
