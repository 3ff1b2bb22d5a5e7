# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a vendor's package describes itself to the registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Callable

from ..transport.session import Login, Session
from .client import VendorClient
from .contract import Store

Options = Mapping[str, str]  # of the connection


def no_check(options: Options) -> None:
    """Any value may be right."""


@dataclass(frozen=True)
class Vendor:
    """What one backend needs and offers.

    needs: required connection options and what each means there. One of `credentials` has to be complete.
    stores: resource -> the class that keeps it, made from what `client` returns. check: refuses values that cannot be right;
    raises InvalidOption.
    """

    needs: Options
    credentials: tuple[tuple[str, ...], ...]
    login: Callable[[Options], Login]
    client: Callable[[Session, Options], VendorClient]
    stores: Mapping[str, type[Store]]
    check: Callable[[Options], None] = no_check
