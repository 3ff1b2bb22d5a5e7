# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one static table of backends. Static, so that Ansible ships every file that a module needs to a remote host."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Callable

from ..resources import Capability
from ..session import BasicLogin, Login, Session
from .apio.client import ApioClient
from .apio.hunt_group import CAPABILITY as APIO_HUNT_GROUP
from .apio.hunt_group import HuntGroups as ApioHuntGroups
from .apio.login import choose_login
from .base import Backend, Store
from .portaswitch.client import PortaClient, check_license
from .portaswitch.hunt_group import CAPABILITY as PORTASWITCH_HUNT_GROUP
from .portaswitch.hunt_group import HuntGroups as PortaSwitchHuntGroups
from .portaswitch.hunt_group import check_options as check_customer
from .vodia.client import VodiaClient
from .vodia.hunt_group import CAPABILITY as VODIA_HUNT_GROUP
from .vodia.hunt_group import HuntGroups as VodiaHuntGroups


@dataclass(frozen=True)
class Kind:
    """What one backend needs and offers.

    needs: required connection options and what each means there. One of `credentials` has to be complete.
    """

    needs: Mapping[str, str]
    credentials: tuple[tuple[str, ...], ...]
    check: Callable[[Mapping[str, str]], None]
    login: Callable[[Mapping[str, str]], Login]
    stores: Callable[[Session, Mapping[str, str]], Mapping[str, Store]]
    capabilities: Mapping[str, Capability]


def _check_portaswitch(options: Mapping[str, str]) -> None:
    check_license(options["token"])
    check_customer(options["tenant"])


def _no_check(options: Mapping[str, str]) -> None:
    """Any value may be right."""


def _portaswitch_stores(session: Session, options: Mapping[str, str]) -> Mapping[str, Store]:
    client = PortaClient(session, options["token"], options["tenant"])
    return {"hunt_group": PortaSwitchHuntGroups(client)}


def _vodia_login(options: Mapping[str, str]) -> Login:
    return BasicLogin(options["username"], options["password"])


def _vodia_stores(session: Session, options: Mapping[str, str]) -> Mapping[str, Store]:
    return {"hunt_group": VodiaHuntGroups(VodiaClient(session, options["tenant"]))}


def _apio_login(options: Mapping[str, str]) -> Login:
    return choose_login(options["url"], options["username"], options["password"], options["token"])


def _apio_stores(session: Session, options: Mapping[str, str]) -> Mapping[str, Store]:
    return {"hunt_group": ApioHuntGroups(ApioClient(session, options["tenant"], options["group"]))}


BACKENDS: dict[str, Kind] = {
    "portaswitch": Kind(
        needs={"tenant": "the customer record, ICustomer"},
        credentials=(("token",),),
        check=_check_portaswitch,
        login=lambda options: Login(),
        stores=_portaswitch_stores,
        capabilities={"hunt_group": PORTASWITCH_HUNT_GROUP},
    ),
    "vodia": Kind(
        needs={"tenant": "the domain"},
        credentials=(("username", "password"),),
        check=_no_check,
        login=_vodia_login,
        stores=_vodia_stores,
        capabilities={"hunt_group": VODIA_HUNT_GROUP},
    ),
    "apio": Kind(
        needs={"tenant": "the tenant ID", "group": "the group ID"},
        credentials=(("token",), ("username", "password")),
        check=_no_check,
        login=_apio_login,
        stores=_apio_stores,
        capabilities={"hunt_group": APIO_HUNT_GROUP},
    ),
}


def create(name: str, session: Session, options: Mapping[str, str]) -> Backend:
    """The backend behind an open session."""
    return Backend(name, session, BACKENDS[name].stores(session, options))
