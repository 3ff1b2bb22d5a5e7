# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one static table of call-flow rules. Static, so that Ansible ships every file that a module needs."""

from __future__ import annotations

from ..callflow.vendor import Vendor
from ..errors import InvalidOption
from .apio.callflow import CALLS as APIO
from .portaswitch.callflow import CALLS as PORTASWITCH
from .vodia.callflow import CALLS as VODIA

CALL_RULES: dict[str, Vendor] = {"portaswitch": PORTASWITCH, "vodia": VODIA, "apio": APIO}


def call_rules(backend: object) -> Vendor:
    """The rules of a backend. Raises InvalidOption for an unknown one."""
    found = CALL_RULES.get(str(backend))
    if found is None:
        raise InvalidOption(f"backend: {backend!r} is unknown; write one of {', '.join(CALL_RULES)}")
    return found
