# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All generated parts in one table: path -> the whole text that the file should have."""

from __future__ import annotations

from pathlib import Path

from . import (
    advice,
    answers,
    concepts,
    fragments,
    guides,
    modules,
    readmes,
    reference,
    roles,
    routes,
    runtime,
    schema,
    simulator,
    troubleshooting,
    version,
)

GENERATORS = (
    modules, fragments, schema, roles, readmes, runtime, routes, guides, advice, simulator, troubleshooting, answers, concepts,
    reference, version,
)  # fmt: skip


def generated() -> dict[Path, str]:
    """Every file that is generated, or has a generated part. Raises GenerateError."""
    files: dict[Path, str] = {}
    for generator in GENERATORS:
        files.update(generator.files())
    return files
