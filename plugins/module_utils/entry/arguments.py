# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All argument specs, made from the catalogue, and the one table of modules.

Pure: no input or output, no vendor.
"""

from __future__ import annotations

from ..model.catalog import MEMBERSHIPS, RESOURCES, Capability, Resource, modules, tenant_lists
from ..model.values import Field, Values

TENANT, TENANT_INFO, TENANT_VALIDATE = "tenant", "tenant_info", "tenant_validate"
TENANT_AUDIT = "tenant_audit"
FROM_VARIABLES = "from_variables"  # whether a task takes options from variables
# What runs on the controller only, by an action plugin of its own. Not part of module_names().
ACTION_ONLY = (TENANT_AUDIT, "audit_report", "tenant_files", "call_flow_files")
_TYPES = {"int": "int", "bool": "bool", "names": "list", "phones": "list", "dict": "dict"}
_STRINGS: Values = {"type": "list", "elements": "str", "default": []}


def argument(spec: Field) -> Values:
    """The Ansible argument spec of one field."""
    result: Values = {"type": _TYPES.get(spec.kind, "str")}
    if spec.kind == "choice":
        result["choices"] = list(spec.choices)
    if result["type"] == "list":
        result["elements"] = "str"
    if spec.kind == "dict" and spec.nested:
        result["options"] = {name: _part_argument(one) for name, one in spec.nested.items()}
    if spec.required:
        result["required"] = True
    if spec.secret:
        result["no_log"] = True
    return result


def _part_argument(spec: Field) -> Values:
    """Of one part of a dictionary. A whole number there can be cleared, which the type int cannot express."""
    return {**argument(spec), **({"type": "raw"} if spec.kind == "int" else {})}


def resource_arguments(resource: Resource) -> Values:
    """The argument spec of the module of a resource, without the connection."""
    fields = {**resource.fields, **resource.directives}
    spec = {name: argument(one) for name, one in fields.items() if not one.read_only}
    if resource.items and resource.items.declarable:
        options = {name: argument(one) for name, one in resource.items.fields.items()}
        spec[resource.items.option] = {"type": "list", "elements": "dict", "options": options}
        if resource.states:
            spec["membership"] = {"type": "str", "choices": list(MEMBERSHIPS), "default": MEMBERSHIPS[0]}
    if resource.has_settings:
        spec["settings"] = {"type": "dict"}
    if resource.states:
        spec["state"] = {"type": "str", "choices": list(resource.states), "default": resource.states[0]}
    return spec


def narrowed_choices(arguments: Values, capability: Capability) -> Values:
    """The argument of the policy with those that a backend has, for messages; none where it has no policies."""
    if "choices" not in arguments.get("policy", {}) or "policy" not in capability.options:
        return {}
    return {"policy": {**arguments["policy"], "choices": list(capability.policies)}}


def info_arguments(resource: Resource) -> Values:
    """The argument spec of the info module of a resource, without the connection."""
    keys = {key: resource.fields[key] for key in resource.keys}
    return {name: argument(one) for name, one in {**keys, **resource.filters}.items()}


def _lists() -> Values:
    return {plural: {"type": "list", "elements": "dict"} for plural in tenant_lists()}


def _rules() -> Values:
    return {
        "purge": {**_STRINGS, "choices": list(tenant_lists())},
        "rules": {"type": "list", "elements": "dict", "default": []},
        "ignore_rules": dict(_STRINGS),
    }


def expectation_arguments() -> Values:
    """Who must ring when, and what is assumed where no document tells."""
    return {
        "expectations": {"type": "list", "elements": "dict"},
        "expectations_undecided": {"type": "str", "choices": ["warn", "fail"], "default": "warn"},
        "call_zone": {"type": "str"},
        "call_assumptions": {"type": "dict"},
    }


def _advice() -> Values:
    return {
        "advice": {"type": "bool", "default": False},
        "advice_severities": {"type": "dict"},
        "advice_thresholds": {"type": "dict"},
        "advice_waivers": {"type": "list", "elements": "dict"},
    }


def tenant_arguments() -> Values:
    return {
        **_lists(),
        **_rules(),
        **expectation_arguments(),
        **_advice(),
        "protect": dict(_STRINGS),
        "only": dict(_STRINGS),
        "max_deletions": {"type": "str"},
        "on_error": {"type": "str", "choices": ["stop", "continue"], "default": "stop"},
        "expect_plan": {"type": "str"},
        "remove_from_hunt_groups": {"type": "bool", "default": False},
        "leave_references": {"type": "bool", "default": False},
        "allow_irreversible": {"type": "bool", "default": False},
        "backup": {"type": "path"},
        "journal": {"type": "path"},
        "state_dir": {"type": "path"},
        "skip_unchanged": {"type": "bool", "default": False},
        "skip_unchanged_max_age": {"type": "int", "default": 24},
        "verify": {"type": "bool", "default": False},
        FROM_VARIABLES: {"type": "bool", "default": False},
        "host": {"type": "str"},
        "restore_from": {"type": "path"},
        "restore_other_tenant": {"type": "bool", "default": False},
    }


def from_host() -> set[str]:
    """The options of `tenant` that a variable of the host may set."""
    return set(tenant_arguments()) - {FROM_VARIABLES}


def own_arguments(module: str) -> Values:
    """The argument spec of a module of this collection, without the connection."""
    if module == TENANT:
        return tenant_arguments()
    if module == TENANT_INFO:
        lists = {"type": "list", "elements": "str", "choices": list(tenant_lists())}
        return {"resources": lists, "probe": {"type": "bool", "default": False}, **_advice()}
    if module == TENANT_VALIDATE:
        return {
            **_lists(),
            **_rules(),
            **expectation_arguments(),
            **_advice(),
            "backend": {"type": "str"},
            "country_code": {"type": "str"},
            "variables": {"type": "list", "elements": "str"},
            FROM_VARIABLES: {"type": "bool", "default": False},
        }
    resource, reads = modules()[module]
    return info_arguments(resource) if reads else resource_arguments(resource)


def resource_of(module: str) -> Resource | None:
    """The resource that a module is about; None for those about a whole tenant."""
    return modules()[module][0] if module in modules() else None


def only_reads(module: str) -> bool:
    return modules()[module][1] if module in modules() else module != TENANT


def module_names() -> list[str]:
    """Every module of this collection."""
    return sorted([*modules(), TENANT, TENANT_INFO, TENANT_VALIDATE])


def secret_options() -> list[str]:
    """The options of modules that hold secrets, besides those of the connection."""
    return sorted({name for resource in RESOURCES.values() for name, one in resource.directives.items() if one.secret})
