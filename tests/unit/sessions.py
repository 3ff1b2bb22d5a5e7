# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions whose time does not pass, and an address at which nobody answers."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.transport.session import Login, Session, SessionOptions


@pytest.fixture
def open_session(time_stands_still: Any) -> Any:
    def opened(url: str, login: Login | None = None, **options: Any) -> Session:
        chosen = SessionOptions(url=url, **{"timeout": 5.0, "deadline": 100.0, **options})
        return Session(chosen, login, clock=time_stands_still.clock, sleep=time_stands_still.sleep)

    return opened


def closed_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
