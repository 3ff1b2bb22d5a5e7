# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The library of the shared rate limit store: the only file that imports `redis`.

It is optional. Where it is missing, `HAS_REDIS` is False and `STORE_IMPORT_ERROR` holds the reason.
"""

from __future__ import annotations

from typing import Any

redis: Any = None
STORE_IMPORT_ERROR = ""
try:
    import redis  # type: ignore[import-not-found,no-redef,unused-ignore]
except ImportError as error:
    STORE_IMPORT_ERROR = str(error)

HAS_REDIS = not STORE_IMPORT_ERROR

__all__ = ["HAS_REDIS", "STORE_IMPORT_ERROR", "redis"]
