# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""BroadWorks through Netaxis APIO: what the connection needs, and which resources there are."""

from __future__ import annotations

from ..vendor import Vendor
from .client import ApioClient
from .extension import Extensions
from .follow_me import FollowMe
from .hunt_group import HuntGroups
from .login import choose_login
from .weights import Weights

VENDOR = Vendor(
    needs={"tenant": "the tenant ID", "group": "the group ID"},
    credentials=(("token",), ("username", "password")),
    login=lambda options: choose_login(options["url"], options["username"], options["password"], options["token"]),
    client=lambda session, options: ApioClient(session, options["tenant"], options["group"]),
    stores={"hunt_group": HuntGroups, "hunt_group_weights": Weights, "extension": Extensions, "follow_me": FollowMe},
)
