# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The library of the shared rate limit store: the only file that imports `redis`. It is optional."""

from __future__ import annotations

from typing import Any


def store_library() -> Any:
    """The library `redis`. Raises ImportError.

    It is loaded when a store is used: few runs have one, and it is a large library.
    """
    import redis  # type: ignore[import-not-found,unused-ignore]

    return redis
