# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one static table of backends. Static, so that Ansible ships every file that a module needs to a remote host."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Callable, cast

from ..errors import Unsupported
from ..transport.session import BasicLogin, Login, Session, SessionOptions
from .apio.client import ApioClient
from .apio.extension import Extensions as ApioExtensions
from .apio.follow_me import FollowMe as ApioFollowMe
from .apio.hunt_group import HuntGroups as ApioHuntGroups
from .apio.login import choose_login
from .apio.weights import Weights as ApioWeights
from .client import VendorClient
from .contract import Backend, Store
from .portaswitch.agent import Agents as PortaSwitchAgents
from .portaswitch.client import PortaClient
from .portaswitch.extension import Extensions as PortaSwitchExtensions
from .portaswitch.follow_me import FollowMe as PortaSwitchFollowMe
from .portaswitch.hunt_group import HuntGroups as PortaSwitchHuntGroups
from .portaswitch.login import LicenseLogin
from .portaswitch.paths import check_customer, check_license
from .vodia.client import VodiaClient
from .vodia.extension import Extensions as VodiaExtensions
from .vodia.follow_me import FollowMe as VodiaFollowMe
from .vodia.hunt_group import HuntGroups as VodiaHuntGroups

Options = Mapping[str, str]


@dataclass(frozen=True)
class Vendor:
    """What one backend needs and offers.

    needs: required connection options and what each means there. One of `credentials` has to be complete.
    stores: resource -> the class that keeps it, made from what `client` returns.
    """

    needs: Options
    credentials: tuple[tuple[str, ...], ...]
    check: Callable[[Options], None]
    login: Callable[[Options], Login]
    client: Callable[[Session, Options], VendorClient]
    stores: Mapping[str, type[Store]]


def _check_portaswitch(options: Options) -> None:
    check_license(options["token"])
    check_customer(options["tenant"])


def _no_check(options: Options) -> None:
    """Any value may be right."""


BACKENDS: dict[str, Vendor] = {
    "portaswitch": Vendor(
        needs={"tenant": "the customer record, ICustomer"},
        credentials=(("token",),),
        check=_check_portaswitch,
        login=lambda options: LicenseLogin(),
        client=lambda session, options: PortaClient(session, options["token"], options["tenant"]),
        stores={
            "hunt_group": PortaSwitchHuntGroups,
            "extension": PortaSwitchExtensions,
            "follow_me": PortaSwitchFollowMe,
            "agent": PortaSwitchAgents,
        },
    ),
    "vodia": Vendor(
        needs={"tenant": "the domain"},
        credentials=(("username", "password"),),
        check=_no_check,
        login=lambda options: BasicLogin(options["username"], options["password"]),
        client=lambda session, options: VodiaClient(session, options["tenant"]),
        stores={"hunt_group": VodiaHuntGroups, "extension": VodiaExtensions, "follow_me": VodiaFollowMe},
    ),
    "apio": Vendor(
        needs={"tenant": "the tenant ID", "group": "the group ID"},
        credentials=(("token",), ("username", "password")),
        check=_no_check,
        login=lambda options: choose_login(options["url"], options["username"], options["password"], options["token"]),
        client=lambda session, options: ApioClient(session, options["tenant"], options["group"]),
        stores={
            "hunt_group": ApioHuntGroups,
            "hunt_group_weights": ApioWeights,
            "extension": ApioExtensions,
            "follow_me": ApioFollowMe,
        },
    ),
}


def check_resource(backend: str, resource: str, write: bool) -> None:
    """Raise Unsupported when the backend has no such resource, or cannot write it, naming those that can."""

    def able(kind: Vendor) -> bool:
        return resource in kind.stores and (kind.stores[resource].writable or not write)

    if not able(BACKENDS[backend]):
        others = ", ".join(name for name, kind in BACKENDS.items() if able(kind)) or "no backend yet"
        what = "can only read them" if resource in BACKENDS[backend].stores else "has nothing like it"
        raise Unsupported(f"{resource}: the {backend} backend {what}; possible with {others}")


def create(name: str, session: Session, options: Options) -> Backend:
    """The backend behind an open session."""
    vendor = BACKENDS[name]
    identity = {part: options.get(part, "") for part in ("url", "tenant", "group")}
    client = vendor.client(session, options)
    return Backend(name, {"backend": name, **identity}, session, client, vendor.stores)


def offline_client(name: str) -> VendorClient:
    """A client that can build requests and send none, for checks that ask no server."""
    placeholders = dict.fromkeys(("url", "tenant", "group", "username", "password", "token"), "1")
    return BACKENDS[name].client(cast("Session", _NoSession()), placeholders)


class _NoSession:
    """What a client may ask of its session while it is made, without a connection."""

    url = "http://server"
    options = SessionOptions(url)
    clock = staticmethod(time.monotonic)

    def hide(self, secret: str) -> None:
        """No message of a server can hold it."""
