# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets: no output or file that a real playbook leaves behind shows one, as loud as it gets.

A sample by default; everything by `python3 dev.py trust`.
"""

from __future__ import annotations

import contextlib
import html
import inspect
import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from ansible_collections.telephony.pbx.tests.contract.cases import DOMAIN, Values
from ansible_collections.telephony.pbx.tests.contract.tenants import WHOLE
from ansible_collections.telephony.pbx.tests.playbooks import conftest as playbooks
from ansible_collections.telephony.pbx.tests.playbooks.conftest import Play, Run
from ansible_collections.telephony.pbx.tests.trust import figures
from ansible_collections.telephony.pbx.tests.trust.secrets_known import (
    MAIN,
    SECRETS,
    SUITE,
    Scanner,
    error_body,
    give_secrets,
)
from pbx_simulator import VENDORS, Vendor
from pbx_simulator.server import RunningVendor

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
            found += [f"{name}: {secret}" for secret in self.scanner.leaks(text)]
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
        profile = {"password": SECRETS[name]["group password"], "cliLastName": "Watch", "cliFirstName": "Night"}
        own = {"id": f"nightwatch@{DOMAIN}", "name": "Night watch", "settings": {"serviceInstanceProfile": profile}}
        values["hunt_groups"] = [own, *WHOLE["apio"].document["hunt_groups"][1:]]
    return {f"pbx_{option}": value for option, value in values.items()}


def scan_for_tokens(scanner: Scanner, vendor: Vendor) -> None:
    """Look for whatever this vendor gives out at a login from now on, too."""
    make = vendor._token

    def token(*given: Any) -> str:
        made: str = make(*given)
        scanner.add(f"token {len(scanner.wanted)}", made)
        return made

    vendor._token = token


@contextlib.contextmanager
def opened(place: Path, declares: bool = False) -> Iterator[Stage]:
    """A stage on its first day, and an inventory: a host that is here and one that is elsewhere for each vendor.

    declares: whether the variables of the hosts here hold the connection and what their tenants declare.
    """
    vendors = {name: VENDORS[name]() for name in VENDORS}
    names = {f"{name} {secret}": value for name, secrets in SECRETS.items() for secret, value in secrets.items()}
    scanner = Scanner(names)
    with contextlib.ExitStack() as stack:
        urls = {name: stack.enter_context(RunningVendor(vendor)).url for name, vendor in vendors.items()}
        for name, vendor in vendors.items():
            give_secrets(name, vendor.state)
        scan_for_tokens(scanner, vendors["apio"])
        here = {
            name: {"ansible_connection": "local", **(declared(name, urls[name]) if declares else {})}
            for name in vendors
        }
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
CALLBACKS = list(OUTPUTS) if figures.FULL else []
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
    """Tenant and export, over an export that was there and that everybody could read; and once more in check mode."""
    for name in stage.vendors:
        path = stage.place / name / "tenant.yml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(EXPORTED)
        path.chmod(0o666)
    kept = f"{stage.place}/{{{{ inventory_hostname }}}}"
    variables = {
        "pbx_backup": f"{kept}/backup.json",
        "pbx_journal": f"{kept}/journal.json",
        "pbx_export_directory": str(stage.place),
    }
    names = [f"telephony.pbx.{playbook}" for playbook in ("tenant", "export")]
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
        stages = {
            name: stack.enter_context(opened(tmp_path_factory.mktemp("stage"), name == "roles")) for name in names
        }
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
    """An export that was there before, readable and writable for everybody, is so no longer."""
    files = {name: text for name, text in stage.files().items() if name.startswith(f"{backend}/")}
    assert {Path(name).name for name in files} == {"backup.json", "journal.json", "tenant.yml"}
    assert "hunt_groups" in "".join(files.values()) and all(len(text) > 50 for text in files.values())
    assert {(stage.place / name).stat().st_mode & 0o777 for name in files} == {0o600}
    figures.count(SUITE, "files of tenants that only their owner can read", len(files), backend)


def test_a_planted_secret_would_be_found_in_a_file(tmp_path: Path) -> None:
    with opened(tmp_path) as stage:
        (tmp_path / "x.xml").write_text(f"<a>{html.escape(SECRETS['vodia']['password'])}</a>")
        assert stage.leaks(stage.files()) == ["x.xml: vodia password"]
        login = {"username": "demo", "password": SECRETS["apio"]["password"]}
        given = requests.post(f"{stage.urls['apio']}/api/v01/auth/login", json=login, timeout=10).json()
        (tmp_path / "x.xml").write_text(given["access_token"])
        assert stage.leaks(stage.files())
