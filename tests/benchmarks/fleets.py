# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many small tenants on one server, as an inventory, and runs of ansible-playbook over them."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pbx_simulator import VENDORS
from pbx_simulator.portaswitch_pages import account, extension, group, membership

Values = dict[str, Any]
LICENCE = "demo-license-4711"
EXTENSIONS, GROUPS = 10, 2  # of each tenant
PLUGINS = Path(__file__).resolve().parents[1] / "playbooks"
PROGRAM = Path(sys.executable).with_name("ansible-playbook")


def fleet(count: int) -> tuple[Values, dict[str, Values]]:
    """(state of the simulator, variables of each host): customers of one PortaSwitch, each as it is declared."""
    state = VENDORS["portaswitch"]().state
    hosts: dict[str, Values] = {}
    for place in range(count):
        customer = 1000 + place
        state["customers"][str(customer)], declared = _customer(state, customer)
        hosts[f"tenant{place:04}"] = {
            "pbx_tenant": str(customer),
            **{f"pbx_{key}": one for key, one in declared.items()},
        }
    state["licences"][LICENCE] = [int(one) for one in state["customers"]]
    return state, hosts


def _customer(state: Values, customer: int) -> tuple[Values, Values]:
    accounts, extensions, groups = {}, {}, {}
    declared: Values = {"extensions": [], "hunt_groups": []}
    for seat in range(EXTENSIONS):
        record, number, i_account = customer * 100 + seat, str(100 + seat), 1000000 + customer * 100 + seat
        accounts[str(i_account)] = account(i_account, f"32{i_account}", "Desk", str(seat))
        extensions[str(record)] = extension(record, number, f"Desk {seat}", i_account)
        declared["extensions"].append({"id": number, "name": f"Desk {seat}", "account": i_account})
    for place in range(GROUPS):
        key, number, name = customer * 100 + place, str(300 + place), f"Group {place}"
        groups[str(key)] = group(key, customer * 100 + 50 + place, number, name, "Simultaneous")
        members = []
        for seat in range(EXTENSIONS // GROUPS):
            i_cg_ext, desk = customer * 1000 + place * 100 + seat, place * (EXTENSIONS // GROUPS) + seat
            row = membership(i_cg_ext, customer, key, customer * 100 + desk, hunt_expire=20)
            state["memberships"][str(i_cg_ext)] = row
            members.append({"extension": str(100 + desk), "ring_time": 20})
        declared["hunt_groups"].append({"id": number, "name": name, "policy": "simultaneous", "members": members})
    return {
        "i_customer": customer,
        "i_env": 1,
        "accounts": accounts,
        "extensions": extensions,
        "groups": groups,
    }, declared


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock, and of the processors: Ansible and its workers, not the simulator."""

    wall: float
    cpu: float


def _children() -> float:
    """Processor time of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@dataclass(frozen=True)
class Playbooks:
    """Runs ansible-playbook in a directory of its own."""

    place: Path
    url: str

    def inventory(self, hosts: dict[str, Values]) -> None:
        connection = {
            "pbx_backend": "portaswitch",
            "pbx_url": self.url,
            "pbx_token": LICENCE,
            "pbx_rate_limit": 0,
            "pbx_list_limit": 0,
        }
        shared = {**connection, "ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        (self.place / "ansible.cfg").touch()
        (self.place / "hosts.json").write_text(json.dumps({"all": {"hosts": hosts, "vars": shared}}))

    def run(self, playbook: str | list[Values], forks: int = 5, record: Path | None = None, **variables: Any) -> Cost:
        """What a playbook costs, by its name or its plays. It has to succeed. record: a file for its tasks, one a line."""
        if not isinstance(playbook, str):
            (self.place / "play.json").write_text(json.dumps(playbook))
            playbook = "play.json"
        (self.place / "variables.json").write_text(json.dumps(variables))
        command = [str(PROGRAM), "-i", "hosts.json", "-f", str(forks), "-e", "@variables.json", playbook]
        own = {
            **({"ANSIBLE_CALLBACK_PLUGINS": str(PLUGINS / "callback_plugins"), "ANSIBLE_CALLBACKS_ENABLED": "record",
                "PBX_TEST_RECORD": str(record)} if record else {}),
            "ANSIBLE_CONNECTION_PLUGINS": str(PLUGINS / "connection_plugins"), "ANSIBLE_REMOTE_TMP": str(self.place / "remote"),
            "ANSIBLE_HOME": str(self.place), "ANSIBLE_LOCALHOST_WARNING": "false", "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_CONFIG": "ansible.cfg", "ANSIBLE_DISPLAY_OK_HOSTS": "false", "PBX_PROGRESS": "0",
        }  # fmt: skip
        started, before = time.perf_counter(), _children()
        done = subprocess.run(
            command, cwd=self.place, env={**os.environ, **own}, capture_output=True, text=True, check=False
        )
        cost = Cost(time.perf_counter() - started, _children() - before)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}:\n{done.stdout[-3000:]}{done.stderr[-2000:]}")
        return cost


EMPTY = [{"name": "Nothing", "hosts": "all", "gather_facts": False, "tasks": []}]
MODULE_ALONE = [
    {
        "name": "The module alone",
        "hosts": "all",
        "gather_facts": False,
        "check_mode": True,
        "tasks": [
            {
                "name": "Compare",
                "telephony.pbx.tenant": {
                    "extensions": "{{ pbx_extensions }}",
                    "hunt_groups": "{{ pbx_hunt_groups }}",
                    "advice": True,
                },
            }
        ],
    }
]
