# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PortaSwitch through the web services of Porta Plus 2: what the connection needs, and which resources there are."""

from __future__ import annotations

from ..vendor import Options, Vendor
from .agent import Agents
from .client import PortaClient
from .extension import Extensions
from .follow_me import FollowMe
from .hunt_group import HuntGroups
from .login import LicenseLogin
from .paths import check_customer, check_license


def _check(options: Options) -> None:
    check_license(options["token"])
    check_customer(options["tenant"])


VENDOR = Vendor(
    needs={"tenant": "the customer record, ICustomer"},
    credentials=(("token",),),
    check=_check,
    login=lambda options: LicenseLogin(),
    client=lambda session, options: PortaClient(session, options["token"], options["tenant"]),
    stores={"hunt_group": HuntGroups, "extension": Extensions, "follow_me": FollowMe, "agent": Agents},
)
