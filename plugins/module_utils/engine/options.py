# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run is asked to do besides the declared objects, and the plan that it makes.

Pure: no input or output, no vendor.
"""

from __future__ import annotations

import fnmatch
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import InvalidOption
from ..model.problems import Finding
from .observe import Failure
from .outcome import Unmanaged
from .plan import Step

DEFAULT_MAX_DELETIONS = "30%"
_LIMIT = re.compile(r"([0-9]{1,6})(%?)")


@dataclass(frozen=True)
class Limit:
    """How many objects a purge may delete: a number, or a share of what is there, rounded up."""

    number: int
    is_share: bool = False

    def allowed(self, present: int) -> int:
        return math.ceil(present * self.number / 100) if self.is_share else self.number


def limit_of(written: Any) -> Limit | None:
    """The limit as users write it: 5, "10%"; "" lifts it; None is the default. Raises InvalidOption."""
    text = DEFAULT_MAX_DELETIONS if written is None else str(written).strip()
    if not text:
        return None
    found = _LIMIT.fullmatch(text)
    if not found:
        raise InvalidOption(f'max_deletions: {text!r} is neither a number nor a share; write 5 or "10%"')
    return Limit(int(found.group(1)), bool(found.group(2)))


@dataclass(frozen=True)
class RunOptions:
    """What a run is asked to do besides the declared objects.

    declared_lists: the lists of the tenant that are declared, empty ones too. purge: those of them whose undeclared objects
    are deleted. protect: keys, names or patterns that are never deleted. only: patterns like `hunt_groups/200`; nothing
    else is read per object, written or purged. expect_plan: the plan id that was approved; empty for any.
    remove_from_hunt_groups, leave_references: what a purge does about references. single: whether this is the run of a
    module for one object.
    """

    declared_lists: Sequence[str] = ()
    purge: Sequence[str] = ()
    protect: Sequence[str] = ()
    only: Sequence[str] = ()
    max_deletions: Limit | None = None
    on_error: str = "stop"
    expect_plan: str = ""
    remove_from_hunt_groups: bool = False
    leave_references: bool = False
    allow_irreversible: bool = False
    backup: str = ""
    journal: str = ""
    host: str = ""
    findings: Sequence[Finding] = ()
    single: bool = False

    def selects(self, plural: str, *names: str) -> bool:
        """Whether `only` lets an object through, by any of its names."""
        return not self.only or any(matches(f"{plural}/{name}", self.only) for name in names if name)

    def protects(self, *names: str) -> bool:
        return any(matches(name, self.protect) for name in names if name)


def matches(text: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch.fnmatchcase(text, str(pattern)) for pattern in patterns)


@dataclass(frozen=True)
class Plan:
    """All that a run is going to do. Frozen: each guard returns another one.

    failures: declared objects without a step. violations: why a real run writes nothing. unmanaged: what is there and not
    declared.
    """

    steps: tuple[Step, ...] = ()
    failures: tuple[Failure, ...] = ()
    violations: tuple[Finding, ...] = ()
    findings: tuple[Finding, ...] = ()
    unmanaged: tuple[Unmanaged, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def adding(self, **more: Any) -> Plan:
        """The same plan with more of something: `steps`, `violations`, `notes`, ..."""
        return replace(self, **{name: (*getattr(self, name), *values) for name, values in more.items()})

    def with_step(self, old: Step, new: Step) -> Plan:
        """The same plan with one step replaced."""
        return replace(self, steps=tuple(new if step is old else step for step in self.steps))
