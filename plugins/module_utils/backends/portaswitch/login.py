# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The login of PortaSwitch: the licence is a part of each request, so headers carry nothing."""

from __future__ import annotations

from ...transport.session import Answer, Login
from .answers import refuses_credentials


class LicenseLogin(Login):
    """Knows a refused licence, also where the server answers 500 (vendor note 2.6)."""

    def refused(self, answer: Answer) -> bool:
        return refuses_credentials(answer)
