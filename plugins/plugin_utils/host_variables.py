# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options from the variables `pbx_OPTION` of a host, where a task asks for them with `from_variables`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import tenant_lists
from ansible_collections.telephony.pbx.plugins.module_utils.rules import variables
from ansible_collections.telephony.pbx.plugins.plugin_utils.action import templated


def names_of(task_vars: Mapping[str, Any]) -> list[str]:
    """The variables of a host that belong to this collection."""
    return sorted(str(name) for name in task_vars if str(name).startswith(variables.PREFIX))


def options_of(
    templar: Any, task_vars: Mapping[str, Any], options: Collection[str], given: Collection[str]
) -> tuple[dict[str, Any], list[str]]:
    """(the options that the host sets and the task leaves out; what is wrong with variables).

    One template for each option, as a task would need, costs more than the comparison of a small tenant.
    """
    found: dict[str, Any] = {}
    broken = []
    for variable in names_of(task_vars):
        option = variable[len(variables.PREFIX) :]
        if option not in options or option in given:
            continue
        try:
            value = templated(templar, task_vars[variable])
        except AnsibleError as error:
            broken.append(f"{variable}: {' '.join(str(error).split())}")
        else:
            found.update({} if value is None or value == task_vars.get("omit") else {option: value})
    return found, broken


def findings_of(
    tenant: Mapping[str, Any], names: Collection[str] | None, known: Collection[str], broken: Collection[str] = ()
) -> tuple[list[dict[str, Any]], list[str]]:
    """(findings about the variables of a host, what makes a run over it pointless). known: the options that variables set.
    broken: what is wrong with variables, which may be those that declare something."""
    lists = [kind for kind in tenant_lists() if tenant.get(kind) is not None]
    nothing = [] if broken else variables.declares_nothing(lists)
    unknown = variables.unknown_variables(names or [], known)
    return [one.as_result() for one in (*nothing, *unknown)], [f"{one.message}; {one.hint}" for one in nothing]
