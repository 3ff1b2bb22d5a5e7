# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another host, as far as Ansible can tell: modules are built, copied and run, and need no second machine for it."""

from __future__ import annotations

from ansible.plugins.connection.local import Connection as Local

DOCUMENTATION = """
name: elsewhere
short_description: The same machine under another name
description:
  - For the tests of this collection.
author: telephony.pbx contributors
options: {}
"""


class Connection(Local):
    transport = "elsewhere"
