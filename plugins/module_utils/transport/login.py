# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How requests authenticate. Vendors add their own subclasses of Login."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from .answers import Answer

if TYPE_CHECKING:
    from .session import Session


class Login:
    """Adds credentials to requests. The base class is for servers that expect none in the headers.

    secrets: values in the headers that must not appear in messages, in addition to SessionOptions.secrets.
    """

    secrets: tuple[str, ...] = ()

    def begin(self) -> None:
        """Another call begins with the same session."""

    def headers(self, session: Session) -> dict[str, str]:
        """Headers for the next request. May log in first (`Session.send_login`)."""
        return {}

    def refused(self, answer: Answer) -> bool:
        """Whether the server refuses our credentials with this answer. The session then sends nothing more."""
        return answer.status == 401

    def renew(self, session: Session) -> bool:
        """Called once after a refusal: True when there are new credentials and the request can be sent again."""
        return False


class BasicLogin(Login):
    """HTTP Basic authentication."""

    def __init__(self, username: str, password: str) -> None:
        pair = f"{username}:{password}".encode()
        self.secrets = (base64.b64encode(pair).decode(),)
        self.value = "Basic " + self.secrets[0]

    def headers(self, session: Session) -> dict[str, str]:
        return {"Authorization": self.value}


class BearerLogin(Login):
    """A token in the Authorization header."""

    def __init__(self, token: str) -> None:
        self.token = token

    def headers(self, session: Session) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}
