# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load: many processes share one rate limit and all converge; and one process that goes on and on holds no more.

The only suite in which time really passes. What is asserted of it are counts in the simulator's log, never how long
something took.

How many requests a server sees in a second follows from two things. The slots that the throttle hands out are one
interval apart, whoever asks: that is exact, and asserted exactly. A request arrives some time after its slot, because a
busy machine is late: that lateness is measured from the log itself, and no window may hold more than it explains.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.cases import CASES, USER, Case, Values
from ansible_collections.telephony.pbx.tests.contract.tenants import WHOLE
from ansible_collections.telephony.pbx.tests.trust import figures
from pbx_simulator import VENDORS
from pbx_simulator.server import RunningVendor

SUITE = "Load"
WORKER = Path(__file__).with_name("load_worker.py")
LIMIT, INTERVAL = 20, 1.1 / 20  # turns are a tenth further apart than the limit asks for
PROCESSES = 50 if figures.FULL else 6
SOAK = 1000 if figures.FULL else 10  # runs on each backend
MOST_PER_RUN = 1.0  # KiB that a run may leave behind on average
SPACING = 2e-6  # the file of the throttle holds microseconds
BACKENDS = list(CASES) if figures.FULL else ["portaswitch"]


def options(case: Case, url: str, **more: Any) -> Values:
    return {"backend": case.backend, "url": url + case.path, **case.connection, **more}


def group(case: Case, number: int) -> Values:
    """A hunt group that only one of the processes declares."""
    members = {"portaswitch": "101", "vodia": "444", "apio": USER}
    names = {"serviceInstanceProfile": {"cliLastName": "Load", "cliFirstName": "Group"}}
    return {
        "id": f"load{number}@sip.netaxis.be" if case.backend == "apio" else f"08{number:02}",
        "name": f"Load {number}",
        "members": [{"extension": members[case.backend]}],
        **({"settings": names} if case.backend == "apio" else {}),
    }


@contextmanager
def workers(jobs: Sequence[Values], homes: Sequence[Path]) -> Iterator[list[subprocess.Popen[str]]]:
    """A process for each job, all of them ready to begin; homes: where each has its temporary files."""
    started = []
    for _job, home in zip(jobs, homes):
        environment = {**os.environ, "TMPDIR": str(home), "ANSIBLE_HOME": str(home), "NO_PROXY": "*"}
        pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen([sys.executable, str(WORKER)], env=environment, **pipes))
    try:
        for process, job in zip(started, jobs):
            process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
        assert [process.stdout.readline().strip() for process in started] == ["ready"] * len(started)
        yield started
    finally:
        for process in started:
            process.kill()
            process.communicate()


def reports(jobs: Sequence[Values], homes: Sequence[Path]) -> list[Values]:
    """Let all of them begin at the same time. What each of them saw."""
    with workers(jobs, homes) as started:
        for process in started:
            process.stdin.write("go\n")
            process.stdin.flush()
        return [json.loads(process.communicate()[0]) for process in started]


def most_in_a_second(moments: Sequence[float]) -> int:
    """The most of them in any second, wherever it begins: two that are a second apart are not in one."""
    moments, first, most = sorted(moments), 0, 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - 1 + SPACING:
            first += 1
        most = max(most, last - first + 1)
    return most


def lateness(slots: Sequence[float], arrivals: Sequence[float]) -> float:
    """How long after its turn a request came at most; the first turn with the first arrival, and so on."""
    return max(came - slot for slot, came in zip(sorted(slots), sorted(arrivals), strict=True))


def converging(case: Case, url: str, count: int) -> list[Values]:
    """For each process: create a group of its own, find it as it is, and change it."""
    jobs = []
    for number in range(count):
        declared = options(case, url, rate_limit=LIMIT, **group(case, number))
        changed = {**declared, "name": f"Changed {number}"}
        jobs.append({"what": "converge", "calls": [["hunt_group", one] for one in (declared, declared, changed)]})
    return jobs


@pytest.mark.parametrize("backend", BACKENDS)
def test_processes_share_the_limit_and_all_converge(backend: str, tmp_path: Path) -> None:
    case, vendor = CASES[backend], VENDORS[backend]()
    before = WHOLE[backend].groups_of(vendor.state)
    with RunningVendor(vendor) as server:
        seen = reports(converging(case, server.url, PROCESSES), [tmp_path] * PROCESSES)
    verdicts = [[one["verdict"] for one in report["results"]] for report in seen]
    assert verdicts == [["applied", "clean", "applied"]] * PROCESSES, seen
    after = WHOLE[backend].groups_of(vendor.state)
    assert {key: after[key] for key in before} == before
    assert {key: after[key] for key in set(after) - set(before)} == {
        group(case, number)["id"]: [group(case, number)["members"][0]["extension"]] for number in range(PROCESSES)
    }
    slots = sorted(slot for report in seen for slot in report["slots"])
    arrivals = [entry["at"] for entry in vendor.log]
    assert len(slots) == len(arrivals) == sum(one["requests"] for report in seen for one in report["results"])
    assert len(slots) > 2 * LIMIT and sum(report["waited"] for report in seen) > len(slots) / 2, "there was no crowd"
    assert min(later - sooner for sooner, later in zip(slots, slots[1:])) >= INTERVAL - SPACING
    assert most_in_a_second(slots) <= LIMIT
    late, most = lateness(slots, arrivals), most_in_a_second(arrivals)
    assert min(came - slot for slot, came in zip(slots, sorted(arrivals))) > -SPACING, "one came before its turn"
    assert most <= (1 + late) / INTERVAL + 1, (most, late)  # with 50 ms of lateness that is the limit itself
    figures.count(SUITE, "processes that shared one limit of 20 a second, and converged", PROCESSES, backend)
    figures.count(SUITE, "requests of all of them together", len(arrivals), backend)
    figures.greatest(SUITE, "the most turns given in any second", most_in_a_second(slots), backend)
    figures.greatest(SUITE, "the most requests that the server saw in any second", most, backend)


def test_processes_that_share_nothing_would_be_noticed(tmp_path: Path) -> None:
    """The test above would pass if it could not see it: here each process has a throttle of its own."""
    homes = [tmp_path / str(number) for number in range(3)]
    for home in homes:
        home.mkdir()
    with RunningVendor(VENDORS["vodia"]()) as server:
        seen = reports(converging(CASES["vodia"], server.url, 3), homes)
    slots = sorted(slot for report in seen for slot in report["slots"])
    assert min(later - sooner for sooner, later in zip(slots, slots[1:])) < INTERVAL - SPACING


def test_the_count_sees_a_burst_wherever_it_is() -> None:
    steady = [place / LIMIT for place in range(60)]
    assert most_in_a_second(steady) == LIMIT
    assert most_in_a_second([*steady, 1.51, 1.52, 1.53]) == LIMIT + 3
    assert most_in_a_second([0.0, 1.0, 2.0]) == 1
    assert lateness([0, 1, 2], [2.5, 0.25, 1.0]) == 0.5


# -- memory, files, threads -----------------------------------------------------------------------------------------------
def soaking(case: Case, url: str, runs: int, **more: Any) -> Values:
    """A tenant that is as declared, and its export."""
    every = options(case, url, rate_limit=10000)
    document = {**every, **WHOLE[case.backend].document, "journal": ""}
    return {"what": "soak", "runs": runs, "calls": [["tenant", document], ["tenant_info", every]], **more}


def soaked(backend: str, home: Path, runs: int, **more: Any) -> Values:
    """Let one process run so often over a tenant that is as declared."""
    case, vendor = CASES[backend], VENDORS[backend]()
    with RunningVendor(vendor) as server:
        every = options(case, server.url, rate_limit=0)
        prepare = {"what": "converge", "calls": [["tenant", {**every, **WHOLE[backend].document, "journal": ""}]]}
        assert reports([prepare], [home])[0]["results"][0]["verdict"] == "applied"
        (seen,) = reports([soaking(case, server.url, runs, **more)], [home])
        assert len(vendor.log) > 2 * runs and "trouble" not in seen, seen
    return seen


def per_run(seen: Values, runs: int) -> float:
    """KiB that each run left behind."""
    return float((seen["after"]["memory"] - seen["before"]["memory"]) / 1024 / runs)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_process_that_goes_on_and_on_holds_no_more(backend: str, tmp_path: Path) -> None:
    seen = soaked(backend, tmp_path, SOAK)
    assert per_run(seen, SOAK) < MOST_PER_RUN, seen
    for what in ("files", "threads"):
        assert seen["after"][what] <= seen["before"][what], seen
    figures.count(SUITE, "runs of tenant and of tenant_info in one process without growth", 2 * SOAK, backend)
    grown = max(0, seen["after"]["memory"] - seen["before"]["memory"])
    figures.greatest(SUITE, "bytes that the process grew by for each of these runs", round(grown / SOAK), backend)


def test_a_process_that_holds_on_to_its_results_would_be_noticed(tmp_path: Path) -> None:
    seen = soaked("vodia", tmp_path, 10, keep=True)
    assert per_run(seen, 10) > MOST_PER_RUN, seen
