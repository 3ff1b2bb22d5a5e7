# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments as they may be shown: secrets are left out by the tables, not looked for in texts.

Ansible masks a secret's text wherever it stands, so that a group named "Top secretary line" comes back damaged where the
password is "secret". What is made here needs no masking afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..backends.registry import BACKENDS
from ..model.catalog import tenant_lists
from ..model.values import Field, Values
from .arguments import resource_of, secret_options
from .connection import SECRETS

SHOWN_INSTEAD = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


def masked(module: str, arguments: Mapping[str, Any]) -> Values:
    """The arguments of a module without secrets."""
    hidden = {*SECRETS, "license", *secret_options()}
    shown = {name: SHOWN_INSTEAD if name in hidden and value else value for name, value in arguments.items()}
    for plural, resource in tenant_lists().items():
        if isinstance(shown.get(plural), (list, tuple)):
            shown[plural] = [_without_secrets(resource.name, item) for item in shown[plural]]
    resource_name = getattr(resource_of(module), "name", "")
    return _without_secrets(resource_name, shown) if resource_name else shown


def _without_secrets(resource: str, item: Any) -> Any:
    """One object without the secret settings of any backend: which one is meant may not be known yet."""
    if not isinstance(item, Mapping) or not isinstance(item.get("settings"), Mapping):
        return item
    settings = dict(item["settings"])
    for vendor in BACKENDS.values():
        if resource in vendor.stores:
            settings = _hide(vendor.stores[resource].capability.settings, settings)
    return {**item, "settings": settings}


def _hide(table: Mapping[str, Field], settings: Mapping[str, Any]) -> Values:
    shown: Values = {}
    for name, value in settings.items():
        spec = table.get(name)
        if spec and spec.secret and value:
            shown[name] = SHOWN_INSTEAD
        elif spec and spec.nested and isinstance(value, Mapping):
            shown[name] = _hide(spec.nested, value)
        else:
            shown[name] = value
    return shown
