# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the clients of all vendors share: sending, judging the answer, and noting how far the writes of a step got."""

from __future__ import annotations

import copy
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from ..errors import PBXError
from ..transport.session import Answer, Session
from .lists import ListMemory


@dataclass
class WriteLog:
    """The writes of one step: how many went out, and how many of them the server accepted as far as its answers tell.

    ended_at: when the last of them was over, by the clock of the session.
    """

    sent: int = 0
    accepted: int = 0
    ended_at: float = math.inf


Self = TypeVar("Self", bound="VendorClient")


class VendorClient(ABC):
    """Speaks to one vendor's system. A subclass knows paths, bodies and how answers look; it never calls the session.

    `lists` is shared by all copies of a client; `writes` belongs to one step (see `recording`).
    """

    vendor: ClassVar[str]
    # Words that are not secret, in addition to those in the store tables: parts of routes that also occur in answers.
    words: ClassVar[frozenset[str]] = frozenset()
    # Route -> place in its answers -> the types there that are expected (see `report.shapes.flat`).
    answers: ClassVar[Mapping[str, Mapping[str, str]]] = {}

    def __init__(self, session: Session) -> None:
        self.session = session
        self.lists = ListMemory(session.clock)
        self.writes = WriteLog()

    def begin(self, fresh: float) -> None:
        """A call begins with a client that another one has used: keep what was read less than `fresh` seconds ago."""
        self.lists.expire(self.session.clock() - fresh)

    def recording(self: Self, log: WriteLog) -> Self:
        """The same client, noting its writes in `log`."""
        clone = copy.copy(self)
        clone.writes = log
        return clone

    def read(self, method: str, path: str, **parts: Any) -> Any:
        """Send a request that changes nothing. Returns the decoded body. Raises what `decode` and `refusal` return."""
        return self._judged(self.session.read(method, path, **parts), write=False)

    def write(self, method: str, path: str, **parts: Any) -> Any:
        """Send a request that changes something, and note in `writes` how far it got."""
        self.writes.sent += 1
        try:
            answer = self.session.write(method, path, **parts)
        except PBXError as error:
            if not getattr(error, "in_doubt", False):
                self.writes.sent -= 1  # nothing was processed
            raise
        finally:
            self.writes.ended_at = self.session.clock()
        decoded = self._judged(answer, write=True)
        self.writes.accepted += 1
        return decoded

    def _judged(self, answer: Answer, write: bool) -> Any:
        problem = self.refusal(answer)
        if problem is not None:
            raise problem
        return self.decode(answer, write)

    @abstractmethod
    def refusal(self, answer: Answer) -> PBXError | None:
        """The error that an answer stands for, None for a success."""

    @abstractmethod
    def decode(self, answer: Answer, write: bool) -> Any:
        """The content of a success. Raises TransportError (in doubt after a write) when it cannot be understood."""
