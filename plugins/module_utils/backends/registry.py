# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one static table of backends. Static, so that Ansible ships every file that a module needs to a remote host."""

from __future__ import annotations

import time
from typing import cast

from ..errors import Unsupported
from ..transport.session import Session, SessionOptions
from .apio.vendor import VENDOR as APIO
from .client import VendorClient
from .contract import Backend
from .portaswitch.vendor import VENDOR as PORTASWITCH
from .vendor import Options, Vendor
from .vodia.vendor import VENDOR as VODIA

BACKENDS: dict[str, Vendor] = {"portaswitch": PORTASWITCH, "vodia": VODIA, "apio": APIO}


def check_resource(backend: str, resource: str, write: bool) -> None:
    """Raise Unsupported when the backend has no such resource, or cannot write it, naming those that can."""

    def able(vendor: Vendor) -> bool:
        return resource in vendor.stores and (vendor.stores[resource].writable or not write)

    if not able(BACKENDS[backend]):
        others = ", ".join(name for name, vendor in BACKENDS.items() if able(vendor)) or "no backend yet"
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
