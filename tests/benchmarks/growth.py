# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How costs grow with the number of objects and of tenants, and what a higher rate limit gains on each vendor."""

from __future__ import annotations

from pathlib import Path

from fleets import Playbooks, fleet
from measured import Measured, measure
from simulated import Simulator
from tables import Curve, Rows

from ansible_collections.telephony.pbx.tests.contract import sized_tenants

CONCURRENCY = 8
# work -> backend -> extensions of each run. One hunt group comes with each ten of them.
QUICK = {
    "no change": {"portaswitch": (100, 1000, 4000), "vodia": (100, 400), "apio": (100, 1000)},
    "from nothing": {"portaswitch": (100, 400), "vodia": (100, 200), "apio": (100, 1000)},
    "export": {"portaswitch": (100, 1000)},
}
FULL = {
    "no change": {"portaswitch": (100, 1000, 4000, 9090), "vodia": (100, 500, 1000, 2000), "apio": (1000, 4000)},
    "from nothing": {"portaswitch": (100, 1000, 4000, 9090), "vodia": (100, 400), "apio": (1000, 4000)},
    "export": {"portaswitch": (100, 1000, 4000, 9090)},
}
TENANTS = {True: (10, 50), False: (10, 100, 1000)}
CREATED = 200  # objects
RATES = (20, 50, 100)  # requests a second


def of(simulator: Simulator, work: str, backend: str, extensions: int) -> tuple[int, Measured]:
    """(objects, what the work took)."""
    tenant = sized_tenants.tenant(backend, extensions, there=work != "from nothing")
    simulator.set_up(backend, tenant.state)
    options = {**tenant.options, "url": simulator.addresses[backend] + tenant.path, "rate_limit": 0}
    options.update(concurrency=CONCURRENCY, list_limit=0)
    if work == "export":
        return tenant.objects, measure(simulator, "tenant_info", {**options, "resources": list(tenant.declared)})
    return tenant.objects, measure(simulator, "tenant", {**options, "journal": "", **tenant.declared})


def objects(simulator: Simulator, quick: bool) -> tuple[Rows, list[Curve]]:
    rows, curves = [], []
    for work, backends in (QUICK if quick else FULL).items():
        for backend, sizes in backends.items():
            curve = Curve(f"{backend}: {work}", [])
            for size in sizes:
                count, one = of(simulator, work, backend, size)
                curve.points.append((count, one.cpu))
                rows.append([
                    backend, work, f"{count:,}", f"{one.requests:,}", f"{one.read:.2f}", f"{one.cpu:.2f}",
                    f"{one.wall:.2f}", f"{one.memory:.0f}", f"{one.result:.0f}",
                ])  # fmt: skip
                print(*rows[-1], flush=True)
            curves.append(curve)
    heads = "Backend, Work, Objects, Requests, MB read, Seconds of processor, Seconds, MB of memory, kB of result"
    return Rows(heads.split(", "), rows), curves


def factors(curves: list[Curve]) -> Rows:
    """How many times the processor time each step to more objects takes."""
    rows = []
    for curve in curves:
        for (few, less), (many, more) in zip(curve.points, curve.points[1:]):
            times = f"{many / few:.2f}"
            rows.append([curve.name, f"{few:,} to {many:,}", times, f"{more / max(less, 0.001):.2f}"])
            print("growth", *rows[-1], flush=True)
    return Rows(["Work", "Objects", "Times the objects", "Times the processor time"], rows)


def tenants(simulator: Simulator, place: Path, quick: bool) -> tuple[Rows, list[Curve]]:
    rows, curve = [], Curve("audit", [])
    for count in TENANTS[quick]:
        state, hosts = fleet(count)
        simulator.set_up("portaswitch", state)
        playbooks = Playbooks(place, simulator.addresses["portaswitch"])
        playbooks.inventory(hosts)
        cost = playbooks.run("telephony.pbx.audit", 20, pbx_report_dir=str(place / "report"))
        curve.points.append((count, cost.cpu))
        each = f"{cost.wall / count * 1000:.0f}"
        rows.append([f"{count:,}", f"{cost.wall:.1f}", f"{cost.cpu:.1f}", each])
        print("tenants", *rows[-1], flush=True)
    return Rows(["Tenants", "Seconds", "Seconds of processor", "Milliseconds a tenant"], rows), [curve]


def rates(simulator: Simulator) -> Rows:
    """The shortest time that a limit allows for the requests that the work takes."""
    rows = []
    for work in ("no change", "from nothing"):
        for backend in ("portaswitch", "vodia", "apio"):
            extensions = {"portaswitch": 180, "vodia": 180, "apio": 2000}[backend]
            count, one = of(simulator, work, backend, extensions)
            times = [f"{one.requests / rate:.0f} s" for rate in RATES]
            rows.append([backend, work, f"{count:,}", f"{one.requests:,}", *times])
            print("rates", *rows[-1], flush=True)
    return Rows(["Backend", "Work", "Objects", "Requests", *(f"{rate} a second" for rate in RATES)], rows)
