# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Open systems that outlive one call: the items of a loop share their login, their connections and what they have read.

Ansible runs all items of a loop in one worker process, so they can share what this process keeps in its memory. Nothing is
shared between different connections, credentials, check mode, hosts or `delegate_to`. Secrets go with the process.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, Callable

from ..backends.contract import Backend

_MOST_OPEN = 16  # systems; a loop over more tenants closes the one that was not used for longest


class SharedSessions:
    """The open systems of one process."""

    def __init__(self, most_open: int = _MOST_OPEN) -> None:
        self._most_open = most_open
        self._open: OrderedDict[bytes, Backend] = OrderedDict()
        self._key = os.urandom(32)
        self._process = os.getpid()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self._open)} open)"

    def take(
        self, scope: Sequence[str], parts: Mapping[str, Any], fresh: float, secrets: Sequence[str],
        make: Callable[[], Backend],
    ) -> Backend:  # fmt: skip
        """The open system of this scope and connection, else the one that `make` opens.

        scope: where the call runs: host and `delegate_to`. parts: everything that the connection is made of, credentials and
        check mode included. fresh: for how many seconds what was read may be planned on.
        secrets: what must not appear in a message of this call.
        """
        self._after_fork()
        name = self._name(scope, parts)
        backend = self._open.pop(name, None)
        if backend is None:
            backend = make()
            self._close_oldest()
        else:
            backend.session.begin(secrets)
            backend.client.begin(fresh)
        self._open[name] = backend
        return backend

    def give_back(self, backend: Backend, sure: bool) -> None:
        """A call has ended. sure: whether all that it has read and written went well; else nothing that was read is kept.

        After credentials were refused the connections are closed, but the refusal is remembered: the items that are left
        do not send them again, because servers lock accounts after a few failures.
        """
        if not sure:
            backend.forget_lists()
        if backend.session.refused:
            backend.session.close()

    def drop(self, backend: Backend) -> None:
        """Close a system for good, as after an interruption: nobody knows what its threads still do."""
        for name in [name for name, one in self._open.items() if one is backend]:
            del self._open[name]
        backend.forget_lists()
        backend.session.close()

    def close(self) -> None:
        for backend in list(self._open.values()):
            self.drop(backend)

    def _close_oldest(self) -> None:
        while len(self._open) >= self._most_open:
            self.drop(next(iter(self._open.values())))

    def _after_fork(self) -> None:
        """A connection must not be used by two processes: what the parent has opened is the parent's."""
        if self._process != os.getpid():
            self._open, self._process = OrderedDict(), os.getpid()

    def _name(self, scope: Sequence[str], parts: Mapping[str, Any]) -> bytes:
        """A digest, so that no credential can be read or guessed from the name of an open system."""
        text = json.dumps([list(scope), {key: repr(value) for key, value in parts.items()}], sort_keys=True)
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=self._key).digest()
