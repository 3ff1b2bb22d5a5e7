# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Descriptions without the markup of Ansible's documentation."""

from __future__ import annotations

import re
from collections.abc import Sequence


def plain(texts: Sequence[str]) -> str:
    """The sentences of a description as plain text."""
    text = re.sub(r"\bR?V\((?:ignore:)?(\w+)\)", r"\1", " ".join(texts))
    return re.sub(r"\b(?:[OVCEMI])\(([^)]*)\)", r"\1", text)
