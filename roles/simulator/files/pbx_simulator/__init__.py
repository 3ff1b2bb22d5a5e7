# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stateful stand-in for the APIs of PortaSwitch (Porta Plus 2), Vodia PBX and Netaxis APIO."""

from __future__ import annotations

from .apio import Apio
from .core import Vendor
from .portaswitch import PortaSwitch
from .vodia import Vodia

VENDORS: dict[str, type[Vendor]] = {"portaswitch": PortaSwitch, "vodia": Vodia, "apio": Apio}

__all__ = ["VENDORS", "Apio", "PortaSwitch", "Vendor", "Vodia"]
