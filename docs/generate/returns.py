# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The RETURN blocks: what is the same in all modules from prose/results.yml, the rest from the prose of the module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.telephony.pbx.plugins.module_utils.entry.arguments import (
    TENANT,
    TENANT_INFO,
    TENANT_VALIDATE,
    only_reads,
    resource_of,
)
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import tenant_lists

from . import prose
from .places import GenerateError

# What each kind of module returns besides its own object.
_WRITING = ("plan", "summary", "verdict", "plan_id", "findings", "diff", "requests", "error_class", "exception")
_TENANT = ("unmanaged", "journal", "backup", "restored_from", "unchanged_since", "verified", "seconds")
_READING = ("requests", "error_class", "exception")
_OFFLINE = ("findings", "error_class", "exception")


def common_keys(module: str) -> tuple[str, ...]:
    """The keys of a module's result that are described in prose/results.yml."""
    if module == TENANT_VALIDATE:
        return _OFFLINE
    if module == TENANT:
        return (*_TENANT, *_WRITING)
    if module == TENANT_INFO:
        return ("findings", *_READING)
    return _READING if only_reads(module) else _WRITING


def own_keys(module: str) -> tuple[str, ...]:
    """The keys of a module's result that it alone has; those after the first are described where they exist."""
    resource = resource_of(module)
    if module == TENANT_INFO:
        return tuple(tenant_lists())
    if resource is None:
        return ()
    return (resource.plural if only_reads(module) else resource.name,)


def of_module(module: str) -> dict[str, Any]:
    """The documented result of a module. Raises GenerateError."""
    described: Mapping[str, Any] = prose.of_module(module).get("returns") or {}
    missing = [key for key in own_keys(module) if key not in described]
    if missing:
        raise GenerateError(f"module {module}: the result {', '.join(missing)} has no description")
    return {**described, **{key: common(key) for key in common_keys(module)}}


def common(key: str) -> Mapping[str, Any]:
    """The description of a key that several modules return."""
    described: Mapping[str, Any] = prose.loaded("results")["results"]
    if key not in described:
        raise GenerateError(f"prose/results.yml: does not describe {key}")
    entry: Mapping[str, Any] = described[key]
    return entry
