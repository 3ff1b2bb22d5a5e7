# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs any module of this collection: what action plugins, tests and tools call."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from ..backends.progress import SILENT, Progress
from ..model.values import Values
from . import objects, tenants
from .arguments import resource_of
from .call import Invocation
from .shared_sessions import SharedSessions


def run(
    module: str,
    options: Mapping[str, Any],
    *,
    check_mode: bool,
    environment: Mapping[str, str] | None = None,
    written: Mapping[str, Any] | None = None,
    shared: SharedSessions | None = None,
    scope: Sequence[str] = (),
    progress: Progress = SILENT,
) -> Values:
    """Run a module of this collection: its options in, its result out.

    The arguments: see `Invocation`. Never raises: a failure is a result with `failed`, one line in `msg` and the name of the
    error's class in `error_class`.
    """
    known = os.environ if environment is None else environment
    as_written = options if written is None else written
    answer = objects.answer if resource_of(module) else tenants.answer
    return answer(Invocation(module, options, check_mode, as_written, known, shared, scope, progress))
