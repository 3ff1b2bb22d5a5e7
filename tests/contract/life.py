# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One resource of one backend in the tests of all laws: what is declared of it, and how the simulator has it then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.telephony.pbx.tests.contract.callers import Caller
from ansible_collections.telephony.pbx.tests.contract.cases import State, Values
from ansible_collections.telephony.pbx.tests.contract.sites import Site

Clear = tuple[Values, frozenset[str]]


@dataclass(frozen=True)
class Life:
    """One resource of one backend, from nothing to its end.

    declared, update: two whole declarations of one object; `update` changes exactly the leaves `changed`.
    shown: (declaration, state) -> what the declaration says, what the simulator has. rest: the state without the object.
    requests: how many a run with `declared`, the same again, with `update`, and with `end` sends. end: what takes
    it away; None where nothing does. clears: options that empty something, with the stored fields that may differ then.
    damage: what somebody does to it by hand; damaged: the leaves that differ then. accepted: (switch, value) -> a part
    of the message where failing is right, for the steps named. secrets: never in a result. begin: prepares the state.
    """

    backend: str
    module: str
    declared: Values
    update: Values
    changed: frozenset[str]
    shown: Callable[[Values, State], tuple[Any, Any]]
    rest: Callable[[State], State]
    requests: Mapping[str, int]
    damage: Callable[[State], None]
    damaged: frozenset[str]
    keys: tuple[str, ...] = ("id",)
    end: Values | None = field(default_factory=lambda: {"state": "absent"})
    clears: tuple[Clear, ...] = ()
    secrets: tuple[str, ...] = ()
    begin: Callable[[State], None] = lambda state: None
    label: str = ""

    @property
    def name(self) -> str:
        return f"{self.backend}-{self.module}{self.label}"

    @property
    def key(self) -> Values:
        return {name: self.declared[name] for name in self.keys}

    @property
    def ending(self) -> Values:
        """The declaration that takes it away."""
        return {**self.key, **(self.end or {})}

    def caller(self, open_site: Callable[[str], Site]) -> Caller:
        """Opens its backend, as it is before the object is there."""
        site = open_site(self.backend)
        self.begin(site.vendor.state)
        return Caller(site, self.module, self.secrets)

    def is_done(self, declared: Values, state: State) -> bool:
        wanted, found = self.shown(declared, state)
        return bool(wanted == found)


def without(state: State, *names: str) -> State:
    """A state without these tables: numbers once given out stay used, and that is no trace of anybody's work."""
    return {name: value for name, value in state.items() if name not in names}
