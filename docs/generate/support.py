# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What backends can express of an option, in sentences: which of them have it, its range or length, whether it is cleared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from ansible_collections.telephony.pbx.plugins.module_utils.backends.contract import Store
from ansible_collections.telephony.pbx.plugins.module_utils.backends.registry import BACKENDS
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import Resource
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Field

# Where an empty value can be written and read as such; Ansible itself refuses it for the other types.
_CAN_BE_EMPTY = ("text", "name", "number", "phone", "phone_tokens", "tokens", "names", "phones", "period")
Fields = Mapping[str, Field]  # backend -> what is known of the values there


def stores_of(resource: Resource, write: bool) -> dict[str, type[Store]]:
    """Backend -> store, of the backends that have the resource, or can write it."""
    found = {name: vendor.stores.get(resource.name) for name, vendor in sorted(BACKENDS.items())}
    return {name: store for name, store in found.items() if store and (store.writable or not write)}


def of_option(resource: Resource, option: str, write: bool = True) -> str:
    """What is to be said of an option of the state: `overflow_to`."""
    stores = stores_of(resource, write)
    able = {
        name: _fixed(store.capability.field_of(resource, option), option in store.capability.fixed)
        for name, store in stores.items()
        if option in store.capability.options
    }
    said = _sentences(able, list(stores), is_key=option in resource.keys)
    return " ".join([*said, *_policies(option, resource, stores)])


def of_part(resource: Resource, option: str, part: str) -> str:
    """The same for a part of a dictionary: `forwarding.busy`."""
    stores = stores_of(resource, True)
    spec = resource.fields[option].nested[part]
    able = {name: spec for name, store in stores.items() if f"{option}.{part}" in store.capability.options}
    whole = [name for name, store in stores.items() if option in store.capability.options]
    return " ".join(_sentences(able, whole))


def of_item(resource: Resource, option: str) -> str:
    """The same for an option of the list's items: `members[].weight`."""
    stores = stores_of(resource, True)
    items = resource.items
    if items is None:
        return ""
    able = {name: items.fields[option] for name, store in stores.items() if option in store.capability.member_options}
    whole = [name for name, store in stores.items() if store.capability.member_options]
    return " ".join(_sentences(able, whole))


def of_list(resource: Resource) -> str:
    """The same for the list itself."""
    return _only(resource, lambda store: bool(store.capability.member_options))


def of_settings(resource: Resource) -> str:
    return _only(resource, lambda store: bool(store.capability.settings))


def of_filter(resource: Resource, option: str) -> str:
    """The same for an option of the info module."""
    stores = stores_of(resource, False)
    if option in resource.keys:
        return ""
    able = {name: resource.filters[option] for name, store in stores.items() if option in store.capability.filters}
    return " ".join(_sentences(able, list(stores)))


def of_directive(spec: Field) -> str:
    return " ".join(_limits({"": spec}))


def _only(resource: Resource, holds: Callable[[type[Store]], bool]) -> str:
    stores = stores_of(resource, True)
    able = [name for name, store in stores.items() if holds(store)]
    return _only_on(able) if len(able) < len(stores) else ""


def _fixed(spec: Field, fixed: bool) -> Field:
    return replace(spec, clearable=False) if fixed else spec


def _sentences(able: Fields, every: list[str], is_key: bool = False) -> list[str]:
    said = [_only_on(list(able))] if len(able) < len(every) else []
    said += _limits(able)
    return said if is_key else said + _clearing(able)


def _only_on(backends: list[str]) -> str:
    return f"Only on {_listed(backends)}." if backends else "No backend has it yet."


def _listed(backends: list[str]) -> str:
    names = [f"V({name})" for name in backends]
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"


def _limits(able: Fields) -> list[str]:
    ranges = {name: _range(spec) for name, spec in able.items()}
    if len(set(ranges.values())) == 1:
        (same,) = set(ranges.values())
        return [f"{same[0].upper()}{same[1:]}."] if same else []
    return [f"On V({name}) {one}." for name, one in ranges.items() if one]


def _range(spec: Field) -> str:
    if not spec.limits:
        return ""
    least, most = spec.limits
    if spec.kind == "int":
        return f"from {least} to {most}"
    return f"{least} to {most} characters" if least > 1 else f"at most {most} characters"


def _clearing(able: Fields) -> list[str]:
    open_ones = {name: spec for name, spec in able.items() if spec.kind in _CAN_BE_EMPTY and not spec.required}
    fixed = [name for name, spec in open_ones.items() if not spec.clearable]
    if not fixed:
        return []
    return ["Cannot be cleared."] if len(fixed) == len(able) else [f"Cannot be cleared on {_listed(fixed)}."]


def _policies(option: str, resource: Resource, stores: Mapping[str, type[Store]]) -> list[str]:
    if option != "policy" or not resource.items or "policy" not in resource.fields or resource.fields[option].read_only:
        return []
    return [
        f"V({name}) has {', '.join(f'V({policy})' for policy in store.capability.policies)}."
        for name, store in stores.items()
        if store.capability.policies
    ]
