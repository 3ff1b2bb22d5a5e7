# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same work done in two ways in one run, as ratios: times on one machine say little about those on another."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

import requests
from fleets import EMPTY, LICENCE, MODULE_ALONE, Cost, Playbooks, fleet
from measured import Measured, measure, processor_time
from simulated import Simulator
from tables import Rows

from ansible_collections.telephony.pbx.tests.contract import sized_tenants

CREATED, LATENCY, CONCURRENCY = 200, 0.05, 16  # extensions; seconds for each request; requests at a time
MANY = {True: 1000, False: 10000}  # extensions of a large tenant
URI_ITEMS, LOOP_ITEMS, MANY_ITEMS, SHIPPED_ITEMS = 10, 30, 101, 9  # what is measured; the rest is scaled
FLEET = {True: 30, False: 100}  # tenants
FORKS = (5, 20)
COLLECTION = Path(__file__).resolve().parents[2]
LISTS = (f"GetCustomerExtensions/{LICENCE}/10", f"GetCustomerHuntGroups/{LICENCE}/10")


@dataclass(frozen=True)
class Bench:
    """Both ways of each comparison, on the simulated PortaSwitch."""

    simulator: Simulator
    place: Path
    OPTIONS: ClassVar = {"id": "{{ item.id }}", "name": "{{ item.name }}", "account": "{{ item.account }}"}

    @property
    def url(self) -> str:
        return self.simulator.addresses["portaswitch"]

    def fresh(self, count: int, latency: float = 0.0) -> list[dict[str, Any]]:
        """The simulator with so many free accounts; the extensions that take them."""
        tenant = sized_tenants.tenant("portaswitch", count, 0, there=False)
        self.simulator.set_up("portaswitch", tenant.state, latency)
        rows: list[dict[str, Any]] = tenant.declared["extensions"]
        return rows

    def playbooks(self) -> Playbooks:
        playbooks = Playbooks(self.place, self.url)
        playbooks.inventory({"tenant": {"pbx_tenant": "10"}})
        return playbooks

    # -- a tenant ----------------------------------------------------------------------------------------------------
    def tenant(self, count: int, latency: float = 0.0, there: bool = False) -> Measured:
        """What the module `tenant` takes for extensions, without the start of Python. there: whether nothing is to change."""
        tenant = sized_tenants.tenant("portaswitch", count, 0, there)
        self.simulator.set_up("portaswitch", tenant.state, latency)
        options = {"backend": "portaswitch", "url": self.url, "tenant": "10", "token": LICENCE, "rate_limit": 0}
        options |= {"concurrency": CONCURRENCY, "journal": "", "list_limit": 0, **tenant.declared}
        return measure(self.simulator, "tenant", options)

    def bare(self, count: int, latency: float = 0.0, there: bool = False) -> Cost:
        """The same requests and nothing else, as many at a time."""
        tenant = sized_tenants.tenant("portaswitch", count, 0, there)
        self.simulator.set_up("portaswitch", tenant.state, latency)
        urls = [
            f"{self.url}/AddCustomerExtension/{LICENCE}/10/{quote(one['name'])}/{one['id']}/{one['account']}"
            for one in tenant.declared["extensions"]
            if not there
        ]
        with requests.Session() as session:
            session.headers["Accept"] = "application/json"
            session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=CONCURRENCY))
            started, before = time.perf_counter(), processor_time()
            for path in LISTS:
                session.get(f"{self.url}/{path}").json()
            with ThreadPoolExecutor(CONCURRENCY) as pool:
                for answer in pool.map(session.get, urls):
                    answer.raise_for_status()
            if urls:
                session.get(f"{self.url}/{LISTS[0]}").json()
            return Cost(time.perf_counter() - started, processor_time() - before)

    def uri_loop(self, latency: float) -> float:
        """Seconds of the loop over ansible.builtin.uri that people write, scaled to all extensions."""
        rows = self.fresh(URI_ITEMS, latency)
        address = f"{self.url}/AddCustomerExtension/{LICENCE}/10/{{{{ item.name | urlencode }}}}"
        task = {
            "name": "Create",
            "ansible.builtin.uri": {"url": f"{address}/{{{{ item.id }}}}/{{{{ item.account }}}}"},
            "loop": rows,
        }
        return self._task(task) / URI_ITEMS * CREATED

    def _task(self, *tasks: dict[str, Any], **play: Any) -> float:
        """Seconds of tasks, without the start of ansible-playbook."""
        playbooks = self.playbooks()
        started = playbooks.run(EMPTY).wall
        return max(playbooks.run([{**EMPTY[0], "tasks": list(tasks), **play}]).wall - started, 0.001)

    # -- loops and shipped modules -------------------------------------------------------------------------------------
    def loop(self, latency: float, count: int, again: bool, **play: Any) -> tuple[float, float]:
        """(milliseconds, requests) of each item of a loop over the module `extension`."""
        rows = self.fresh(count, latency)
        task = {"name": "Extensions", "telephony.pbx.extension": self.OPTIONS, "loop": rows}
        if again:
            self._task(task)
        self.simulator.forget_requests("portaswitch")
        seconds = self._task(task, **play)
        return seconds / count * 1000, len(self.simulator.requests("portaswitch")) / count

    def item(self, count: int, **play: Any) -> float:
        """Milliseconds of the processor for an unchanged item, without the start of the worker and without what it loads."""
        task = {"name": "Extensions", "telephony.pbx.extension": self.OPTIONS, "loop": self.fresh(count)}
        self._task(task)
        playbooks = self.playbooks()
        first = [{**EMPTY[0], "tasks": [{**task, "loop": task["loop"][:1]}], **play}]  # the worker, and what it loads
        start = playbooks.run(first).cpu
        return (playbooks.run([{**EMPTY[0], "tasks": [task], **play}]).cpu - start) / (count - 1) * 1000

    # -- audits ------------------------------------------------------------------------------------------------------
    def audits(self, quick: bool) -> list[list[str]]:
        count = FLEET[quick]
        state, hosts = fleet(count)
        self.simulator.set_up("portaswitch", state)
        playbooks = Playbooks(self.place, self.url)
        playbooks.inventory(hosts)
        rows = []
        for forks in FORKS:
            report = {"pbx_report_dir": str(self.place / "report")}
            record = self.place / f"record{forks}"
            # A run over the first tenant is the start: Ansible's own, and that of this collection.
            playbooks.inventory(dict([next(iter(hosts.items()))]))
            starts = [playbooks.run(MODULE_ALONE, forks).cpu, playbooks.run("telephony.pbx.audit", forks, **report).cpu]
            role_start = playbooks.run("telephony.pbx.tenant", forks).cpu
            playbooks.inventory(hosts)
            alone = (playbooks.run(MODULE_ALONE, forks).cpu - starts[0]) / (count - 1) * 1000
            whole = playbooks.run("telephony.pbx.audit", forks, record, **report)
            audit = (whole.cpu - starts[1]) / (count - 1) * 1000
            name = f"audit of {count} tenants, {forks} forks, processor time"
            rows.append(
                [
                    name,
                    f"{audit:.0f} ms a tenant",
                    f"module alone: {alone:.0f} ms",
                    f"{audit / alone:.2f}",
                    "at most 1.6",
                ]
            )
            role = (playbooks.run("telephony.pbx.tenant", forks).cpu - role_start) / (count - 1) * 1000
            rows.append(
                [
                    f"role tenant, {count} tenants, nothing to change, {forks} forks, processor time",
                    f"{role:.0f} ms a tenant",
                    f"module alone: {alone:.0f} ms",
                    f"{role / alone:.2f}",
                    "",
                ]
            )
            share = _report_seconds(record) / whole.wall
            rows.append(
                [
                    f"its report, {forks} forks",
                    f"{_report_seconds(record):.2f} s",
                    f"whole audit: {whole.wall:.1f} s",
                    f"{share:.1%}",
                    "at most 5 %",
                ]
            )
        return rows


def _report_seconds(record: Path) -> float:
    """How long the task that writes the report took."""
    tasks = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    return sum(one["ended"] - one["started"] for one in tasks if one["name"].endswith(": Write the report"))


def compared(bench: Bench, quick: bool) -> Rows:
    """(work, this collection, the other way, ratio, wanted)."""
    found: list[list[str]] = []

    def add(*cells: str) -> None:
        found.append(list(cells))
        print(*cells, sep=" | ", flush=True)

    ours, bare = (min(way(CREATED, LATENCY).wall for _n in range(2)) for way in (bench.tenant, bench.bare))
    work = f"{CREATED} extensions, 50 ms a request"
    add(work, f"tenant: {ours:.2f} s", f"bare requests: {bare:.2f} s", f"{ours / bare:.2f}", "at most 1.1")
    uri = bench.uri_loop(LATENCY)
    add(work, f"tenant: {ours:.2f} s", f"uri loop: {uri:.0f} s", f"{uri / ours:.0f} times as fast", "")
    ours, bare = (min(way(CREATED).wall for _n in range(2)) for way in (bench.tenant, bench.bare))
    work = f"{CREATED} extensions, 0 ms a request"
    add(work, f"tenant: {ours:.2f} s", f"bare requests: {bare:.2f} s", f"{ours / bare:.2f}", "at most 1.5")
    uri = bench.uri_loop(0)
    add(work, f"tenant: {ours:.2f} s", f"uri loop: {uri:.0f} s", f"{uri / ours:.0f} times as fast", "at least 100")
    for there, what, wanted in ((False, "", "at most 1.5"), (True, ", nothing to change", "under 6 s")):
        many, those = bench.tenant(MANY[quick], there=there), bench.bare(MANY[quick], there=there)
        add(
            f"{MANY[quick]:,} extensions, 0 ms a request{what}",
            f"tenant: {many.wall:.1f} s, {many.cpu:.1f} s of processor",
            f"bare requests: {those.wall:.1f} s, {those.cpu:.1f} s of processor",
            f"{many.wall / those.wall:.2f}",
            wanted,
        )
    each, sent = bench.loop(LATENCY, LOOP_ITEMS, again=False)
    add("loop over extension, new, 50 ms", f"{each:.0f} ms an item", "", f"{sent:.2f} requests an item", "about 2")
    each, sent = bench.loop(LATENCY, LOOP_ITEMS, again=True)
    add(
        "the same again, nothing to change",
        f"{each:.0f} ms an item",
        "",
        f"{sent * LOOP_ITEMS:.0f} requests in all",
        "at most 3",
    )
    here, shipped = bench.item(MANY_ITEMS), bench.item(SHIPPED_ITEMS, vars={"ansible_connection": "elsewhere"})
    faster = f"{shipped / here:.0f} times as fast"
    add(
        "an unchanged item, processor time",
        f"in the worker: {here:.0f} ms",
        f"shipped: {shipped:.0f} ms",
        faster,
        "at least 20",
    )
    for row in bench.audits(quick):
        add(*row)
    return Rows(["Work", "This collection", "Compared with", "Ratio", "Wanted"], found)
