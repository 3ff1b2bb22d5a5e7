# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter telephony.pbx.run_summary; documented in run_summary.yml."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Callable

from ansible.errors import AnsibleFilterError

from ansible_collections.telephony.pbx.plugins.module_utils.report import run_summary as summary
from ansible_collections.telephony.pbx.plugins.plugin_utils.call_flow import plain


def run_summary(
    result: Any,
    host: Any,
    sources: Sequence[Any] = (),
    job: Any = "",
    restore_template: Any = "",
    state_dir: Any = "",
) -> list[str]:
    """What a run has done, in lines for people."""
    found = plain(result, "result")
    if not isinstance(found, dict):
        raise AnsibleFilterError("telephony.pbx.run_summary: the input is not the result of a module")
    inventories = [str(source) for source in sources or ()]
    place = summary.Place(str(host), inventories, str(job or ""), str(restore_template or ""), bool(state_dir))
    return summary.run_summary(found, place)


class FilterModule:
    """What Ansible loads."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"run_summary": run_summary}
