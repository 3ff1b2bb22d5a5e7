# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables of a host that nobody reads: `pbx_huntgroups` instead of `pbx_hunt_groups`; and a host that declares nothing.

Pure: no input or output, no vendor.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from ..model.catalog import tenant_lists
from ..model.problems import ERROR, WARNING, Finding
from ..model.values import nearest

PREFIX = "pbx_"
# Variables of the roles and playbooks that are no option of a module.
OF_ROLES = (
    "approved_report audit awx_restore_template call call_at call_flow_at call_flow_directory call_flow_formats"
    " call_flow_mask_external call_flow_source call_given call_mode call_source export_directory export_layout export_schema"
    " fail_on_drift hosts journals plan_ids probe_directory progress report_dir report_formats report_previous report_sources"
    " resources restore_journal restore_max_deletions restore_purge restore_result simulator tenant_result unmanaged"
).split()


def unknown_variables(names: Iterable[Any], options: Collection[str]) -> list[Finding]:
    """A warning for each variable `pbx_*` that nothing of this collection reads. options: the options of the modules."""
    known = {PREFIX + name for name in (*options, *OF_ROLES)}
    return [
        Finding(
            "unknown-variable",
            WARNING,
            str(name),
            f"nothing reads this variable{nearest(str(name), known)}",
            "correct its name, or use another prefix for variables of your own",
        )
        for name in sorted(map(str, names))
        if name.startswith(PREFIX) and "__" not in name and name not in known
    ]


def declares_nothing(lists: Collection[str]) -> list[Finding]:
    """An error where no list of a tenant is declared: a run over nothing is always clean."""
    if lists:
        return []
    names = ", ".join(PREFIX + plural for plural in tenant_lists())
    message = "the host declares nothing, so there is nothing to compare"
    return [Finding("declares-nothing", ERROR, "host", message, f"declare one of {names}; an empty list is enough")]
