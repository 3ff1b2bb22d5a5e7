# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of Ansible as plain Python."""

from __future__ import annotations

import datetime
from typing import Any


def plain(value: Any) -> Any:
    """The same value without tags and lazy containers; a vaulted text as a text.

    ansible-core before 2.19 has vaulted objects that no argument spec knows, and unsafe texts that `str` leaves as they are. A
    newer one has tagged texts and numbers: PyYAML does not write them, and each copy of them, such as the one that the check of
    an argument spec begins with, takes much longer than a copy of plain values.
    """
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, dict):
        return {plain(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return int(value) if isinstance(value, int) else float(value)
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        kind = next(one for one in (datetime.datetime, datetime.date, datetime.time) if isinstance(value, one))
        return kind.fromisoformat(value.isoformat())
    return str.__str__(str(value)) if type(value).__name__ == "AnsibleVaultEncryptedUnicode" else value
