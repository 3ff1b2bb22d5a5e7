# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of what the modules support, shared by all of them."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/telephony.pbx.pbx) in C(module_defaults) to set the connection options for all modules.
    support: full
    membership:
      - telephony.pbx.pbx
  check_mode:
    description: In check mode only reading requests are sent. The result shows what would change.
    support: full
  diff_mode:
    description: Shows each value that changes, before and after.
    support: full
"""

    CONTROLLER = r"""
options: {}
attributes:
  action:
    description: Runs on the controller and writes the files there.
    support: full
  async:
    description: Cannot run in the background.
    support: none
"""

    INFO = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/telephony.pbx.pbx) in C(module_defaults) to set the connection options for all modules.
    support: full
    membership:
      - telephony.pbx.pbx
  check_mode:
    description: The module only reads, and does the same in check mode.
    support: full
  diff_mode:
    description: The module changes nothing.
    support: N/A
"""
