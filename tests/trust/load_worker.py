# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A process of its own that calls modules, as each fork of Ansible is one: what test_load.py starts many of.

Takes its job as one line of JSON, says that it is ready, and begins with the next line; its last line is what it saw.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
import tracemalloc
from typing import Any

from ansible_collections.telephony.pbx.plugins.module_utils.entry import run
from ansible_collections.telephony.pbx.plugins.module_utils.transport.shared_file import SharedFile
from ansible_collections.telephony.pbx.plugins.module_utils.transport.throttle import Throttle

Values = dict[str, Any]
WARM_UP = 20  # runs that fill the caches of the libraries, and what Python keeps of freed tuples for later


class Slots:
    """The time slots that the throttle gave to this process, and how many of them lay in the future."""

    def __init__(self) -> None:
        self.taken: list[float] = []
        self.waited = 0
        attempt = Throttle._try

        def noted(throttle: Throttle, shared: SharedFile) -> float:
            read: list[float] = []
            clock = throttle.clock

            def remembered() -> float:
                read.append(clock())
                return read[-1]

            throttle.clock = (
                remembered  # the very time that it decides by: a process may be stopped for a while after that
            )
            pause = attempt(throttle, shared)
            throttle.clock = clock
            if pause:
                self.waited += 1
            else:
                self.taken.append(read[-1])
            return pause

        Throttle._try = noted  # type: ignore[method-assign]


def converge(job: Values) -> Values:
    """Every call in turn; what each of them said."""
    slots = Slots()
    results = [run.run(module, options, check_mode=False, environment={}) for module, options in job["calls"]]
    said = [{name: result.get(name) for name in ("verdict", "msg", "requests")} for result in results]
    return {"results": said, "slots": slots.taken, "waited": slots.waited}


def measured() -> Values:
    gc.collect()
    return {
        "memory": tracemalloc.get_traced_memory()[0],
        "files": len(os.listdir("/proc/self/fd")),
        "threads": threading.active_count(),
    }


def soak(job: Values) -> Values:
    """The same calls again and again; what the process held after the first few, and in the end."""
    tracemalloc.start()
    kept: list[Any] = []
    before: Values = {}
    for round_ in range(WARM_UP + job["runs"]):
        if round_ == WARM_UP:
            before = measured()
        for module, options in job["calls"]:
            result = run.run(module, options, check_mode=False, environment={})
            if result.get("failed") or result["changed"]:
                return {"trouble": result}
            if job.get("keep"):
                kept.append(result)
    return {"before": before, "after": measured()}


def main() -> int:
    job = json.loads(sys.stdin.readline())
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps({"converge": converge, "soak": soak}[job["what"]](job)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
