# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Vodia PBX: what the connection needs, and which resources there are."""

from __future__ import annotations

from ...transport.session import BasicLogin
from ..vendor import Vendor
from .client import VodiaClient
from .extension import Extensions
from .follow_me import FollowMe
from .hunt_group import HuntGroups

VENDOR = Vendor(
    needs={"tenant": "the domain"},
    credentials=(("username", "password"),),
    login=lambda options: BasicLogin(options["username"], options["password"]),
    client=lambda session, options: VodiaClient(session, options["tenant"]),
    stores={"hunt_group": HuntGroups, "extension": Extensions, "follow_me": FollowMe},
)
