# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter telephony.pbx.changed_leaves; documented in changed_leaves.yml."""

from __future__ import annotations

from typing import Any, Callable

from ansible.errors import AnsibleFilterError

from ansible_collections.telephony.pbx.plugins.module_utils.report.table import MOST_LINES, changed_lines
from ansible_collections.telephony.pbx.plugins.plugin_utils.call_flow import plain


def changed_leaves(result: Any, most: int = MOST_LINES) -> list[str]:
    """One line for each value that a run changes."""
    found = plain(result, "result")
    if not isinstance(found, dict):
        raise AnsibleFilterError("telephony.pbx.changed_leaves: the input is not the result of a module")
    return changed_lines([one for one in found.get("plan") or [] if isinstance(one, dict)], int(most))


class FilterModule:
    """What Ansible loads."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"changed_leaves": changed_leaves}
