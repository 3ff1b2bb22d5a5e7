# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody else who changes the same objects as we do, between our reading and our writing.

An edit is a function of the simulator's state. It means the same before and after our own change, so that it can also
be made in the state that we alone would have left: that is what both together have to come to. What is edited is in
edits_portaswitch.py, edits_vodia.py and edits_apio.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.entry import run
from ansible_collections.telephony.pbx.plugins.module_utils.transport import session
from ansible_collections.telephony.pbx.tests.contract.callers import Caller
from ansible_collections.telephony.pbx.tests.contract.cases import State, Values, copied
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import WHOLE, Tenant
from ansible_collections.telephony.pbx.tests.trust import figures

SUITE = "Two editors"
THEIRS = "Somebody else"
Edit = Callable[[State], None]
Against = tuple[Edit, str]


# -- edits ---------------------------------------------------------------------------------------------------------------
def at(state: State, *path: Any) -> Any:
    """What stands at a path; a dictionary in it is the first entry that has these values. None where there is none."""
    found: Any = state
    for part in path:
        if found is None:
            return None
        if isinstance(part, dict):
            found = next((one for one in found.values() if part.items() <= one.items()), None)
        else:
            found = found.get(part)
    return found


def sets(*path: Any, **values: Any) -> Edit:
    """They change values of what stands at a path, where it is there."""
    return lambda state: (at(state, *path) or {}).update(values)


def goes(*path: Any, **match: Any) -> Edit:
    """They delete the entries that have these values."""

    def edit(state: State) -> None:
        table = at(state, *path)
        for key in [key for key, one in table.items() if match.items() <= one.items()]:
            del table[key]

    return edit


def together(*edits: Edit) -> Edit:
    """Every one of them at the same time."""

    def edit(state: State) -> None:
        for one in edits:
            one(state)

    return edit


@dataclass(frozen=True)
class Work:
    """A declaration. start: a hunt group that was declared before it.

    beside: their edits of what we do not declare; all survive. lost: those that do not, when they come between our reading
    and our writing: the server takes nothing less than the whole, and has no way to say "only if unchanged". against: their
    edits of what we do declare, with a word that has to be in the message when the run could not have ours stored.
    otherwise: those after which both together come to something else than their edit after ours would, and rightly so.
    """

    name: str
    backend: str
    module: str
    declared: Values
    start: Values | None = None
    beside: tuple[Edit, ...] = ()
    lost: Mapping[str, Edit] = field(default_factory=dict)
    against: Mapping[str, Against] = field(default_factory=dict)
    otherwise: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.backend}-{self.name}"


def members(*extensions: str, **more: Any) -> list[Values]:
    return [{"extension": extension, **more} for extension in extensions]


# -- when they act ---------------------------------------------------------------------------------------------------------
class Editor:
    """Acts once, before our write number `at`, or before the first reading after the last write.

    It sits where requests leave, so that it may itself call a module.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.act: Callable[[], None] | None = None
        self.at, self.of, self.writes, self.busy = 0, 0, 0, False
        self.send = session.Session._send_once

        def send(own: session.Session, *given: Any, **named: Any) -> Any:
            self.look(bool(named["write"]))
            return self.send(own, *given, **named)

        monkeypatch.setattr(session.Session, "_send_once", send)

    def before(self, write: int, of: int, act: Callable[[], None]) -> None:
        self.at, self.of, self.writes, self.act = write, of, 0, act

    def look(self, write: bool) -> None:
        if self.busy:
            return
        if self.act and self.writes == self.at and (write or self.at == self.of):
            act, self.act, self.busy = self.act, None, True
            act()
            self.busy = False
        self.writes += write


class Stage:
    """A declaration on its site: the state before it, the one that we alone would leave, and our number of writes."""

    def __init__(self, site: Site, work: Work) -> None:
        self.site, self.work, self.vendor = site, work, site.vendor
        self.caller: Site = Tenant(site) if work.module == "tenant" else Caller(site, work.module)
        if work.start:
            Caller(site, "hunt_group").done(work.start)
        self.before, self.effects = site.state, 0
        self.once()
        self.goal, self.writes = self.now, len(self.vendor.writes())
        self.after = site.state
        assert self.writes

    @property
    def now(self) -> Values:
        return self.view(self.vendor.state)

    def once(self) -> Values:
        return self.caller.run(self.work.declared, concurrency=1)

    def once_more(self) -> None:
        """The next run gets there, and the one after it has nothing to do."""
        again = self.once()
        assert not again.get("failed"), again["msg"]
        self.caller.unchanged(self.work.declared)

    def view(self, state: State) -> Values:
        return WHOLE[self.site.case.backend].view(copied(state))

    def with_edit(self, edit: Edit) -> Values:
        """What both together come to."""
        state = copied(self.after)
        edit(state)
        return self.view(state)

    def disturbed(self, editor: Editor, write: int, act: Callable[[], None]) -> Values:
        """Our run, from the state before it, with somebody else's act on the way."""
        self.vendor.state = copied(self.before)
        editor.before(write, self.writes, act)
        result = self.once()
        assert editor.act is None, "nobody else did anything"
        self.count("changes of others between our reading and our writing")
        return result

    def edited(self, edit: Edit) -> Callable[[], None]:
        def act() -> None:
            with self.vendor.lock:
                before = copied(self.vendor.state)
                edit(self.vendor.state)
                self.effects += before != self.vendor.state

        return act

    def places(self) -> list[int]:
        """Before each write, and before the first reading after them."""
        return list(range(self.writes + 1))

    def count(self, what: str) -> None:
        figures.count(SUITE, what, 1, self.site.case.backend)


def called(site: Site, module: str, declared: Values, said: list[Values]) -> Callable[[], None]:
    """A call of a module by another process: its requests are none of ours. Its result goes into `said`."""

    def act() -> None:
        log, site.vendor.log = site.vendor.log, []
        said.append(run.run(module, site.options(declared, concurrency=1), check_mode=False, environment={}))
        site.vendor.log = log

    return act
