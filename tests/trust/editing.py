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
OURS = "changes of others between our reading and our writing"

Edit = Callable[[State], None]
THEIRS = "Somebody else"
MEMBERS = ("members",)  # what a message names


def all_of(edits: Mapping[str, Edit]) -> Edit:
    """Every one of them at the same time."""

    def edit(state: State) -> None:
        for one in edits.values():
            one(state)

    return edit


@dataclass(frozen=True)
class Work:
    """A declaration. start: what was declared before it. beside: their edits of what we do not declare. against: their
    edits of what we do, with words of which one has to be in the message when the run could not have it stored."""

    name: str
    backend: str
    module: str
    declared: Values
    start: tuple[tuple[str, Values], ...] = ()
    beside: Mapping[str, Edit] = field(default_factory=dict)
    against: Mapping[str, tuple[Edit, tuple[str, ...]]] = field(default_factory=dict)


def declared(*extensions: str, **more: Any) -> list[Values]:
    return [{"extension": extension, **more} for extension in extensions]


class Editor:
    """Acts once, before our write number `at`, or before the first reading after the last write.

    It sits where requests leave, so that it may itself call a module.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.act: Callable[[], None] | None = None
        self.at, self.writes, self.busy = 0, 0, False
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


def caller_of(site: Site, module: str) -> Site:
    return Tenant(site) if module == "tenant" else Caller(site, module)


class Stage:
    """A declaration on its site: the state before it, the one that we alone would leave, and our number of writes."""

    def __init__(self, site: Site, work: Work) -> None:
        self.site, self.work, self.vendor = site, work, site.vendor
        self.caller = caller_of(site, work.module)
        for module, declared in work.start:
            caller_of(site, module).done(declared)
        self.before, self.effects = site.state, 0
        self.once()
        self.goal, self.writes = site.state, len(self.vendor.writes())
        assert self.writes

    def once(self) -> Values:
        return self.caller.run(self.work.declared, concurrency=1)

    def view(self, state: State) -> Values:
        return WHOLE[self.site.case.backend].view(copied(state))

    def with_edit(self, edit: Edit) -> Values:
        """What both together come to."""
        state = copied(self.goal)
        edit(state)
        return self.view(state)

    def disturbed(self, editor: Editor, write: int, act: Callable[[], None]) -> Values:
        """Our run, from the state before it, with somebody else's act on the way."""
        self.vendor.state = copied(self.before)
        editor.before(write, self.writes, act)
        result = self.once()
        assert editor.act is None, "nobody else did anything"
        figures.count(SUITE, OURS, 1, self.site.case.backend)
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


def called(site: Site, module: str, declared: Values, said: list[Values]) -> Callable[[], None]:
    """A call of a module by another process: its requests are none of ours. Its result goes into `said`."""

    def act() -> None:
        log, site.vendor.log = site.vendor.log, []
        said.append(run.run(module, site.options(declared, concurrency=1), check_mode=False, environment={}))
        site.vendor.log = log

    return act
