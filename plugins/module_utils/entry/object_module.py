# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules for one object, or objects of one kind, call on the host that they run on."""

from __future__ import annotations

from . import ansible, objects


def main(name: str) -> None:
    """Run the module of this name, and leave with its result."""
    ansible.main(name, objects.answer)
