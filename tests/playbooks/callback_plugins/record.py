# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes every task's result to the file that PBX_TEST_RECORD names: one JSON object a line. When the run ends, the number of
processes that it forked is written beside it, in a file with `.forks` after its name.

ansible-core has no machine-readable callback of its own.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: record
type: notification
short_description: Writes every task's result to a file
description:
  - For the tests of this collection.
"""


_forks = 0


def _count_fork() -> None:
    global _forks
    _forks += 1


os.register_at_fork(after_in_parent=_count_fork)


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "record"
    CALLBACK_NEEDS_ENABLED = True

    started = 0.0

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        self.started = time.time()

    def v2_runner_on_ok(self, result: Any) -> None:
        self._record(result, failed=False)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._record(result, failed=True)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        Path(f"{os.environ['PBX_TEST_RECORD']}.forks").write_text(str(_forks), encoding="utf-8")

    def _record(self, result: Any, failed: bool) -> None:
        def part(name: str) -> Any:
            """Older cores have the same under private names."""
            return getattr(result, name) if hasattr(result, name) else getattr(result, f"_{name}")

        values = part("result")
        line = {
            "name": part("task").get_name(),
            "host": part("host").get_name(),
            "started": self.started,
            "ended": time.time(),
            "failed": failed,
            "result": values,
            "diff": self._get_diff(values["diff"]) if values.get("diff") else "",
        }
        with open(os.environ["PBX_TEST_RECORD"], "a", encoding="utf-8") as record:
            record.write(json.dumps(line, default=str) + "\n")
