# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP library: the only file that imports `requests` and `urllib3`, so that a missing one is a single error.

`requests` and `urllib3` are None when they are not installed; `REQUESTS_IMPORT_ERROR` then holds the traceback.
"""

from __future__ import annotations

import http.client
import traceback

try:
    import requests
    import requests.adapters
    import urllib3

    REQUESTS_IMPORT_ERROR = None
except ImportError:
    requests = None  # type: ignore[assignment]
    urllib3 = None  # type: ignore[assignment]
    REQUESTS_IMPORT_ERROR = traceback.format_exc()

HAS_REQUESTS = requests is not None

__all__ = ["ERRORS", "HAS_REQUESTS", "REQUESTS_IMPORT_ERROR", "requests", "urllib3"]

# What a request may raise. `requests` passes some errors of urllib3 and of the standard library on as they are.
ERRORS: tuple[type[Exception], ...] = (OSError, ValueError, http.client.HTTPException)
if HAS_REQUESTS:
    ERRORS += (requests.exceptions.RequestException, urllib3.exceptions.HTTPError)
