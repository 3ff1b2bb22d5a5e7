# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One call of a module that talks to a server, and the only place that turns errors into results.

A subclass says what happens between opening the system and closing it: `entry.objects` for one object, `entry.tenants` for a
whole tenant. They are apart so that a module for one object goes to a remote host without the code for tenants.
"""

from __future__ import annotations

import os
import traceback
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable

from ..backends.contract import FRESH_SECONDS, SETTLE_SECONDS, Backend, RunContext
from ..backends.progress import SILENT, Progress
from ..engine.observe import as_problem
from ..engine.options import RunOptions
from ..engine.pipeline import Run
from ..errors import Defect, Interrupted, PBXError
from ..model.problems import Finding
from ..model.validate import Declared
from ..model.values import Values
from . import results
from .arguments import only_reads, resource_of
from .connection import connect, context_of
from .shared_sessions import SharedSessions

# What Ansible raises inside a task when its `timeout` is over.
_TASK_TIMEOUT = "TaskTimeoutError"


@dataclass(frozen=True)
class Invocation:
    """What a module is asked to do.

    options: as Ansible has checked and converted them. written: the options before that, where they are known.
    environment: where connection options come from that the task leaves out. shared: open systems that other calls of this
    process have used, and may use after this one. scope: the host and what it is delegated to. progress: tells how far a long
    run is.
    """

    module: str
    options: Mapping[str, Any] = field(repr=False)
    check_mode: bool
    written: Mapping[str, Any] = field(repr=False)
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    shared: SharedSessions | None = None
    scope: Sequence[str] = ()
    progress: Progress = SILENT


Answering = Callable[[Invocation], Values]  # gives the result of a module, which a failure is too


class Call(ABC):
    """One call of a module that talks to a server."""

    def __init__(self, invocation: Invocation) -> None:
        self.invocation = invocation
        self.options, self.check_mode = invocation.options, invocation.check_mode
        self.resource = resource_of(invocation.module)
        self.run: Run | None = None
        self.findings: list[Finding] = []  # about the declaration, also where the run fails because of it
        self._backend: Backend | None = None

    @property
    def backend(self) -> Backend:
        """The system that the call is about; open from `carry_out` on."""
        if self._backend is None:
            raise AssertionError("the backend is opened first")
        return self._backend

    @abstractmethod
    def carry_out(self) -> Values:
        """Do what the module is for. Raises PBXError."""

    def prepare(self) -> None:
        """Refuse wrong options that have nothing to do with the connection. Raises InvalidOption."""

    def result(self) -> Values:
        """The result of the call; never raises for what goes wrong with the server or in this collection."""
        try:
            return self._closed(self._outcome())
        except BaseException:
            self._drop_shared()
            raise

    def context(self, **more: Any) -> RunContext:
        return context_of(self.backend, self.options, self.invocation.environment, **more)

    def run_declared(self, declared: Sequence[Declared], options: RunOptions, undoing: bool = False) -> Run:
        """Apply the declared objects. The run is kept, so that a failure can report what was done."""
        context = self.context(
            check_mode=self.check_mode, standalone=options.single, undoing=undoing, settle=SETTLE_SECONDS,
            fresh=FRESH_SECONDS, progress=self.invocation.progress,
        )  # fmt: skip
        self.run = Run(self.backend, declared, options, context)
        self.run.carry_out()
        return self.run

    def with_notes(self, result: Values, notes: Sequence[str]) -> Values:
        """The result with what users should know as its warnings, each once."""
        session = self.backend.session
        every = list(dict.fromkeys([*session.notes, *notes]))
        return {**result, "warnings": [session.short(note, 1000) for note in every]} if every else result

    def _outcome(self) -> Values:
        try:
            self.prepare()
            self._open()
            return self.carry_out()
        except PBXError as error:
            return self._failed(error)
        except Exception as error:
            return self._failed(self._as_problem(error))
        except BaseException as error:
            if type(error).__name__ != _TASK_TIMEOUT:
                raise
            self._drop_shared()
            return self._interrupted("the timeout of the task is over")

    def _open(self) -> None:
        asked, reads = self.invocation, only_reads(self.invocation.module)
        self._backend = connect(
            self.resource.name if self.resource else None, self.options,
            read_only=self.check_mode or reads, write=not reads, environment=asked.environment,
            shared=asked.shared, scope=asked.scope, fresh=FRESH_SECONDS,
        )  # fmt: skip

    def _closed(self, result: Values) -> Values:
        """The result with the count of requests; the system is closed, or left to the next call."""
        backend, shared = self._backend, self.invocation.shared
        if backend is None:
            return result
        result["requests"] = backend.session.requests_sent
        if shared is None:
            backend.session.close()
        else:
            doubted = self.run is not None and self.run.doubted
            shared.give_back(backend, sure=not (result.get("failed") or doubted))
        return result

    def _drop_shared(self) -> None:
        """After an interruption nobody knows what the server still answers."""
        if self._backend and self.invocation.shared:
            self.invocation.shared.drop(self._backend)

    # -- errors ----------------------------------------------------------------------------------------------------------
    def _as_problem(self, error: Exception) -> PBXError:
        return as_problem(error, self._backend) if self._backend else defect_of(error)

    def _failed(self, error: PBXError) -> Values:
        session = self._backend.session if self._backend else None
        message = session.short(str(error), 2000) if session else " ".join(str(error).split())
        if self.run and self.run.outcomes:  # never without what was already done
            shown = results.of_tenant(self.run)
            return {**shown, **results.failure(error, message, bool(shown["changed"])), **_kept(shown)}
        failure = results.failure(error, message)
        return {**failure, "findings": results.of_findings(self.findings)} if self.findings else failure

    def _interrupted(self, reason: str) -> Values:
        if self.run is None:
            return results.failure(Interrupted(reason), reason)
        self.run.interrupt(reason)
        return results.interrupted(results.of_tenant(self.run), reason)


def defect_of(error: Exception) -> Defect:
    """An error of our own code as a defect. Its traceback has lines of code only: the message may hold a secret."""
    trace = "".join(traceback.format_tb(error.__traceback__))
    return Defect(f"a defect of this collection ({type(error).__name__})", trace)


def _kept(shown: Values) -> Values:
    """What a result keeps of its plan when the run has failed otherwise."""
    names = ("plan", "summary", "journal", "backup", "unmanaged", "findings", "plan_id", "diff")
    return {name: shown[name] for name in names if name in shown}
