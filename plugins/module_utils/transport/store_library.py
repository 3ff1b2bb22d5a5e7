# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The libraries of the shared rate limit store: the only file that imports `pyrate_limiter` and `redis`.

Both are optional. Where one is missing, `HAS_STORE_LIBRARIES` is False and `STORE_IMPORT_ERROR` holds the reason.
"""

from __future__ import annotations

from typing import Any

redis: Any = None
pyrate_limiter: Any = None
STORE_IMPORT_ERROR = ""
try:
    import pyrate_limiter  # type: ignore[import-not-found,no-redef,unused-ignore]
    import redis  # type: ignore[import-not-found,no-redef,unused-ignore]
except ImportError as error:
    STORE_IMPORT_ERROR = str(error)

HAS_STORE_LIBRARIES = not STORE_IMPORT_ERROR

__all__ = ["HAS_STORE_LIBRARIES", "STORE_IMPORT_ERROR", "pyrate_limiter", "redis"]
