# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a declaration, or looks wrong, each with the place in the file.

Pure: no input or output, no vendor.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from ..errors import InvalidOption, Unsupported

ERROR, WARNING, INFO = "error", "warning", "info"
UNSUPPORTED = "unsupported-option"


@dataclass(frozen=True)
class Finding:
    """Something in a declaration that is wrong (`error`), looks wrong (`warning`), or is good to know (`info`).

    id: what kind of mistake it is. path: where it stands in the file. hint: what to write instead.
    """

    id: str
    severity: str
    path: str
    message: str
    hint: str = ""

    def as_result(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        hint = f"; {self.hint}" if self.hint else ""
        return f"{self.path}: {self.message}{hint}"


class Problems:
    """Collects everything that is wrong with one object, so that users read it all at once.

    path: where the object stands in the file ("hunt_groups[0]"); empty for the options of a single module.
    """

    def __init__(self, resource: str, key: str, path: str = "") -> None:
        self.place = f"{resource} {key}".strip()
        self.path = path
        self.found: list[Finding] = []

    def add(self, option: str, message: str, hint: str = "", id: str = "invalid-option") -> None:
        self.found.append(Finding(id, ERROR, option, message, hint))

    def findings(self) -> list[Finding]:
        """The same with whole paths."""
        prefix = f"{self.path}." if self.path else ""
        return [Finding(one.id, one.severity, prefix + one.path, one.message, one.hint) for one in self.found]

    def raise_if_any(self) -> None:
        """Raises Unsupported where the backend just cannot express it, else InvalidOption."""
        if self.found:
            error = Unsupported if all(one.id == UNSUPPORTED for one in self.found) else InvalidOption
            raise error(f"{self.place}: " + "; ".join(map(str, self.found)))
