# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Something to do that writes, watched while the network or the server fails."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from typing import Any

from ansible_collections.telephony.pbx.tests.contract.cases import Values, copied
from ansible_collections.telephony.pbx.tests.contract.life import Life, without
from ansible_collections.telephony.pbx.tests.contract.lives import LIVES
from ansible_collections.telephony.pbx.tests.contract.sites import Site

Fault = tuple[str, dict[str, Any]]

READ_FAULTS: dict[str, Fault] = {
    "429": ("status", {"status": 429, "headers": {"Retry-After": "7"}}),
    "502": ("status", {"status": 502, "body": "<html>bad gateway</html>", "headers": {"Content-Type": "text/html"}}),
    "503": ("status", {"status": 503}),
    "reset_before": ("reset_before", {}),
    "reset_after": ("reset_after", {}),
    "truncate": ("truncate", {}),
}
WRITE_FAULTS: dict[str, Fault] = {
    "reset_before": ("reset_before", {}),
    "reset_after": ("reset_after", {}),
    "truncate": ("truncate", {}),
    "500": ("status", {"status": 500}),
    "500_processed": ("status", {"status": 500, "processed": True}),
    "503": ("status", {"status": 503}),
    "504_processed": ("status", {"status": 504, "processed": True}),
    "store_nothing": ("store_nothing", {}),
    "stale_once": ("stale_reads", {"reads": 1}),
    "stale_for_long": ("stale_reads", {"reads": 9}),
}
# The same by what they do to a write: it was not processed, it was and nobody says so, it was not stored, it shows late.
WITHOUT_ANSWER = ("reset_after", "500_processed", "504_processed", "truncate")
CLASSES = (
    ("reset_before", "500", "503"),
    WITHOUT_ANSWER,
    ("store_nothing",),
    ("stale_once", "stale_for_long"),
)
# Every task of the table: (life, what). Creating comes from nothing, the others from what was declared first.
TASKS = {
    f"{what}-{name}": (name, what)
    for name, life in LIVES.items()
    if name != "portaswitch-agent no wrap-up"  # the same requests as with wrap-up
    for what in ("create", "update", *(["delete"] if life.end else []))
}


class Task:
    """Bringing one object of the table to a declaration, from a state that is always the same."""

    def __init__(self, open_site: Callable[[str], Site], name: str, what: str) -> None:
        self.name = f"{what}-{name}"
        self.life: Life = LIVES[name]
        self.site = self.life.caller(open_site)
        self.declared = {"create": self.life.declared, "update": self.life.update, "delete": self.life.ending}[what]
        if what != "create":
            self.site.done(self.life.declared)
        self.first_day = self.site.state
        self.rest = without(self.life.rest(self.first_day), "sign_ins")

    def start(self) -> None:
        """Put everything back to how it was when this object was made."""
        self.site.vendor.reset()
        self.site.vendor.state = copied(self.first_day)
        if self.life.backend == "apio":
            self.site.vendor.set_dialect(delete_body="object")  # an empty answer cannot be cut short
        self.site.pauses.clear()

    def run(self) -> Values:
        return self.site.run(self.declared)

    def log(self) -> list[dict[str, Any]]:
        """The requests of an undisturbed run."""
        self.start()
        assert not self.run().get("failed")
        return list(self.site.vendor.log)

    def writes(self) -> int:
        """How many writes there are in an undisturbed run."""
        return sum(entry["write"] for entry in self.log())

    def nothing_else_happened(self) -> None:
        assert without(self.life.rest(self.site.state), "sign_ins") == self.rest

    def is_done(self) -> bool:
        return self.life.is_done(self.declared, self.site.state)

    def next_run_gets_there(self) -> None:
        self.site.done(self.declared)
        assert self.is_done(), self.life.shown(self.declared, self.site.state)
        self.nothing_else_happened()
        self.site.unchanged(self.declared)


def faults_at(task: str, number: int) -> list[str]:
    """Faults for one write of a task, by turns, so that all tasks together try each of them in each place.

    The first write of a task meets a fault of each class, those after it one of two classes in turn. A full run
    (PBX_TRUST=full) tries all faults in every place.
    """
    if os.environ.get("PBX_TRUST") == "full":
        return list(WRITE_FAULTS)
    turn = list(TASKS).index(task) + number
    classes = CLASSES[number % 2 :: 2] if number else CLASSES
    return [names[turn % len(names)] for names in classes]


def sent_again_unread(log: list[dict[str, Any]], number: int) -> bool:
    """Whether this write was sent once more with no read in between, which alone can tell that it is needed."""
    start = [index for index, entry in enumerate(log) if entry["write"]][number]
    rest = itertools.takewhile(lambda entry: entry["write"], log[start + 1 :])
    return any((entry["raw"], entry["body"]) == (log[start]["raw"], log[start]["body"]) for entry in rest)
