# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What describes a Porta Plus 2 operation, and the request that was bound to it. No telephony and no HTTP in here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Kind = Any  # "int", "bool", "str", "int[]", "str[]" or a tuple of enum member names


@dataclass(frozen=True)
class Route:
    """One line of a "routes available" table. `action` names the service method behind it."""

    verb: str
    path: str
    action: str
    write: bool = False

    @property
    def literal(self) -> str:
        return self.path.strip("/").split("/", maxsplit=1)[0].lower()

    @property
    def placeholders(self) -> list[str]:
        return [part.strip("{}") for part in self.path.strip("/").split("/")[1:]]


@dataclass(frozen=True)
class Operation:
    """A request DTO with its properties, the default response DTO (None = null, left out), and its routes."""

    name: str
    request: dict[str, Kind]
    response: dict[str, Any]
    routes: tuple[Route, ...]
    post_action: str | None = None  # what POST on the predefined route does; None: there is no Post() method

    def property(self, name: str) -> str | None:
        """The declared spelling of a property; names are case-insensitive."""
        return next((known for known in self.request if known.lower() == name.lower()), None)


@dataclass
class Dto:
    """A bound request: every property has a value; `given` are those which the request really carried."""

    operation: Operation
    values: dict[str, Any] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.values = {name: default_of(kind) for name, kind in self.operation.request.items()}

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def put(self, name: str, value: Any) -> None:
        self.values[name] = value
        self.given.add(name)

    def clear(self, name: str) -> None:
        """Bind null, which the service cannot tell from a property that was not sent."""
        self.values[name] = default_of(self.operation.request[name])
        self.given.discard(name)


def default_of(kind: Kind) -> Any:
    """What .NET has when nothing was sent: 0, false, the first member of the enum, null."""
    return kind[0] if isinstance(kind, tuple) else {"int": 0, "bool": False}.get(kind)
