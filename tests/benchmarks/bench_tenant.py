# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a large tenant costs: requests, counted by the simulator, and time against a bare thread pool.

Run by `python3 dev.py bench`. The counts are gates in tests/contract/test_tenant_requests.py; the times are not.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "roles" / "simulator" / "files"))

from ansible_collections.telephony.pbx.plugins.module_utils.entry import run  # noqa: E402
from ansible_collections.telephony.pbx.tests.contract.big_tenants import BIG, Big  # noqa: E402
from pbx_simulator import VENDORS  # noqa: E402
from pbx_simulator.server import RunningVendor  # noqa: E402

LATENCY, CONCURRENCY, CREATED, TARGET, ROUNDS = 0.05, 8, 200, 1.3, 3


def called(big: Big, server: RunningVendor, declared: dict[str, Any], check_mode: bool = False) -> tuple[Any, float]:
    """Call tenant; the simulator's log holds this call's requests only. Returns the result and the seconds."""
    server.vendor.log = []
    options = {"backend": big.case.backend, "url": server.url + big.case.path, **big.case.connection, **declared}
    started = time.perf_counter()
    result = run.run(
        "tenant",
        {"rate_limit": 0, "concurrency": CONCURRENCY, "journal": "", **options},
        check_mode=check_mode,
        environment={},
    )
    seconds = time.perf_counter() - started
    if result.get("failed"):
        raise SystemExit(result["msg"])
    return result, seconds


def unchanged(backend: str) -> None:
    """A check of a tenant of a thousand extensions and a hundred groups, which finds nothing to do."""
    big = BIG[backend]
    with RunningVendor(VENDORS[backend]()) as server:
        declared = big.fill(server.vendor.state)
        result, seconds = called(big, server, declared, check_mode=True)
        assert result["verdict"] == "clean", result["verdict"]
        counted, objects = len(server.vendor.log), sum(len(rows) for rows in declared.values())
        print(f"{backend:<12} no-op check of {objects:>5} objects   {counted:>5} requests   {seconds:6.2f} s")


def bare(server: RunningVendor, count: int) -> float:
    """The least that creating so many extensions can take: the same requests, and nothing else."""
    urls = creations(count)
    with requests.Session() as session:
        session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=CONCURRENCY))
        started = time.perf_counter()
        for path in READS:
            session.get(server.url + path).raise_for_status()
        with ThreadPoolExecutor(CONCURRENCY) as pool:
            for answer in pool.map(lambda path: session.get(server.url + path), urls):
                answer.raise_for_status()
        session.get(server.url + READS[0]).raise_for_status()
        return time.perf_counter() - started


LICENCE = "demo-license-4711"
READS = (f"/GetCustomerExtensions/{LICENCE}/10", f"/GetCustomerHuntGroups/{LICENCE}/10")


def creations(count: int) -> list[str]:
    return [
        f"/AddCustomerExtension/{LICENCE}/10/{quote(one['name'])}/{one['id']}/{one['account']}"
        for one in BIG["portaswitch"].new(count)
    ]


def best_of(measure: Callable[[RunningVendor], float]) -> tuple[float, int]:
    """The fastest of some rounds, each from the first day on, and its number of requests."""
    found = []
    for _round in range(ROUNDS):
        with RunningVendor(VENDORS["portaswitch"]()) as server:
            BIG["portaswitch"].accounts(server.vendor.state, CREATED)
            server.vendor.add_fault("latency", seconds=LATENCY, times=None)
            found.append((measure(server), len(server.vendor.log)))
    return min(found)


def converged(server: RunningVendor) -> float:
    big = BIG["portaswitch"]
    return called(big, server, {"extensions": big.new(CREATED)})[1]


def main() -> int:
    for backend in BIG:
        unchanged(backend)
    ours, our_count = best_of(converged)
    least, least_count = best_of(lambda server: bare(server, CREATED))
    print(
        f"portaswitch  {CREATED} extensions from nothing, {LATENCY * 1000:.0f} ms per request, {CONCURRENCY} at a time:"
    )
    print(f"  tenant              {our_count:>5} requests   {ours:6.2f} s")
    print(f"  bare thread pool    {least_count:>5} requests   {least:6.2f} s")
    print(f"  ratio {ours / least:.2f} (target: at most {TARGET})")
    return 0 if ours / least <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
