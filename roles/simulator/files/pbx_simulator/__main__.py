# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m pbx_simulator`: serve all three vendors until told to stop, and print where they are.

What is printed, and written to the ready file when every vendor answers, is a JSON object of vendor name to base URL, and
the process id under `pid`.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from . import VENDORS, Vendor
from .seed import WrongSeed, seed_of, seeded
from .server import RunningVendor
from .switches import tables


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="pbx_simulator", description=__doc__)
    parser.add_argument("--ready-file", type=Path, help="where to write the URLs once all vendors answer")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    parser.add_argument("--seed", type=Path, help="a JSON file with states to start with, see --print-seed")
    parser.add_argument("--print-seed", action="store_true", help="print the built-in states as a seed file, and end")
    parser.add_argument("--switches", action="store_true", help="print the tables of the README, and end")
    for name in VENDORS:
        parser.add_argument(f"--{name}-port", type=int, default=0, help="0 (default) takes a free port")
    options = vars(parser.parse_args(arguments))
    if options["switches"] or options["print_seed"]:
        print(tables(VENDORS) if options["switches"] else json.dumps(seed_of(VENDORS), indent=2) + "\n", end="")
        return 0
    try:
        vendors = seeded(VENDORS, options["seed"])
    except WrongSeed as problem:
        print(problem, file=sys.stderr)
        return 2

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    running = {name: _serve(name, vendor, options) for name, vendor in vendors.items()}
    ready = json.dumps({**{name: vendor.url for name, vendor in running.items()}, "pid": os.getpid()})
    if options["ready_file"]:
        partial = options["ready_file"].with_suffix(".partial")
        partial.write_text(ready)
        partial.replace(options["ready_file"])
    print(ready, flush=True)
    stop.wait()
    for vendor in running.values():
        vendor.stop()
    return 0


def _serve(name: str, vendor: type[Vendor], options: dict[str, Any]) -> RunningVendor:
    """Serve one vendor. Ends the process when its port or address cannot be used."""
    host, port = options["host"], options[f"{name}_port"]
    try:
        return RunningVendor(vendor(), port, host)
    except (OSError, OverflowError) as problem:
        sys.exit(f"{name} cannot listen on {host} port {port}: {problem}")


if __name__ == "__main__":
    sys.exit(main())
