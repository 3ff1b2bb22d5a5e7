# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m pbx_simulator --ready-file FILE`: serve all three vendors until told to stop.

FILE is written when every vendor answers: a JSON object of vendor name to base URL, and the process id under `pid`.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path

from . import VENDORS
from .server import RunningVendor
from .switches import tables


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="pbx_simulator", description=__doc__)
    parser.add_argument("--ready-file", type=Path, help="where to write the URLs once all vendors answer")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--switches", action="store_true", help="print the tables of the README, and end")
    for name in VENDORS:
        parser.add_argument(f"--{name}-port", type=int, default=0, help="0 (default) takes a free port")
    options = vars(parser.parse_args(arguments))
    if options["switches"]:
        print(tables(VENDORS), end="")
        return 0

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    running = {
        name: RunningVendor(vendor(), options[f"{name}_port"], options["host"]) for name, vendor in VENDORS.items()
    }
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


if __name__ == "__main__":
    sys.exit(main())
