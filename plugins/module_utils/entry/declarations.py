# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of a tenant to declared objects: every check that needs no server.

What `tenant` refuses before its first request and what `tenant_validate` reports is found here, by the same code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Callable

from ..backends import registry
from ..backends.contract import RunContext, Store
from ..backends.registry import BACKENDS
from ..errors import InvalidOption, Unsupported
from ..model.catalog import Resource, tenant_lists
from ..model.problems import ERROR, UNSUPPORTED, Finding, Problems
from ..model.validate import Declared, any_backend, examine
from ..model.values import nearest
from ..rules.builtin import findings as rule_findings
from ..rules.quoting import unquoted_in_tenant
from ..rules.site import site_rules

_MOST_PROBLEMS = 20
StoreOf = Callable[[str], Store]


@dataclass(frozen=True)
class Declarations:
    """What a tenant declares. lists: the declared lists, empty ones too. problems: what makes a run impossible.
    findings: what rules say, and what looks wrong. messages: the problems, as a run tells them."""

    objects: Sequence[Declared] = ()
    lists: Sequence[str] = ()
    problems: Sequence[Finding] = ()
    findings: Sequence[Finding] = ()
    messages: Sequence[str] = ()

    def raise_if_impossible(self) -> None:
        """Raises InvalidOption with everything that is wrong, as far as it fits."""
        if self.messages:
            more = len(self.messages) - _MOST_PROBLEMS
            rest = f" | ... and {more} more" if more > 0 else ""
            raise InvalidOption(" | ".join(self.messages[:_MOST_PROBLEMS]) + rest)


def offline_store(backend: str, resource: str) -> Store:
    """A store that can check, and nothing else: its client has no session, and placeholders for the connection."""
    return BACKENDS[backend].stores[resource](registry.offline_client(backend), RunContext())


def declare_tenant(
    options: Mapping[str, Any], backend: str, store_of: StoreOf | None = None, with_rules: bool = True
) -> Declarations:
    """All objects that a tenant declares, with everything that is wrong.

    backend: empty to check what holds for any. store_of: makes the store of a resource; by default one that is connected to
    no server.
    """
    store_of = store_of or partial(offline_store, backend)
    objects: list[Declared] = []
    problems: list[Finding] = []
    messages: list[str] = []
    for plural, resource in tenant_lists().items():
        found = _problems_of_list(options, plural, resource, backend)
        problems += found
        messages += map(str, found)
        if found:
            continue
        for index, item in enumerate(options.get(plural) or []):
            path = f"{plural}[{index}]"
            declared, wrong, said = _examine_item(resource, item, backend, path, store_of)
            objects += [declared] if declared else []
            problems += wrong
            messages += said
    lists = [plural for plural in tenant_lists() if options.get(plural) is not None]
    found = unquoted_in_tenant(options)
    if with_rules:
        document = {**{plural: options.get(plural) for plural in tenant_lists()}, "purge": options.get("purge") or []}
        found += rule_findings(document, site_rules(options.get("rules") or []), options.get("ignore_rules") or [])
    return Declarations(objects, lists, problems, found, messages)


def _problems_of_list(options: Mapping[str, Any], plural: str, resource: Resource, backend: str) -> list[Finding]:
    purge = options.get("purge") or []
    written = options.get(plural)
    if backend and (written or plural in purge):
        stores = BACKENDS[backend].stores
        if resource.name not in stores or not stores[resource.name].writable:
            message = f"the {backend} backend cannot write them"
            return [Finding(UNSUPPORTED, ERROR, plural, message, "leave the list out")]
    if written is not None and not isinstance(written, (list, tuple)):
        return [Finding("invalid-option", ERROR, plural, f"{written!r} is not a list", "write [] for an empty one")]
    if plural in purge and written is None:
        hint = "write an empty list to delete everything"
        return [Finding("purge-undeclared", ERROR, f"purge: {plural}", "the list is not declared", hint)]
    return []


def _examine_item(
    resource: Resource, item: Any, backend: str, path: str, store_of: StoreOf
) -> tuple[Declared | None, list[Finding], list[str]]:
    """(the declared object, what is wrong with it by its path, the same as one message)."""
    if not isinstance(item, Mapping):
        found = Finding("invalid-option", ERROR, path, f"{item!r} is not a dictionary of options")
        return None, [found], [str(found)]
    store = store_of(resource.name) if backend else None
    capability = store.capability if store else any_backend(resource)
    if store:
        store.hide_secrets(item)
    declared, problems = examine(resource, item, capability, backend, path)
    if store is None:
        _check_setting_names(resource, item, problems)
    if problems.found:
        return None, problems.findings(), [f"{path}: {problems.place}: " + "; ".join(map(str, problems.found))]
    try:
        if store:
            store.check(declared)
    except (InvalidOption, Unsupported) as error:
        message = str(error)
        place = f"{declared.place}: "
        told = message[len(place) :] if message.startswith(place) else message
        option, separator, rest = told.partition(": ")
        found = Finding("invalid-option", ERROR, f"{path}.{option}" if separator else path, rest if separator else told)
        return None, [found], [f"{path}: {message}"]
    return replace(declared, path=path), [], []


def _check_setting_names(resource: Resource, item: Mapping[str, Any], problems: Problems) -> None:
    """Without a backend: a setting that no backend has is a mistake in any case."""
    settings = item.get("settings")
    stores = [vendor.stores[resource.name] for vendor in BACKENDS.values() if resource.name in vendor.stores]
    known = {name for store in stores for name in store.capability.settings}
    for name in settings if isinstance(settings, Mapping) else ():
        if name not in known:
            message = f"no backend has this setting{nearest(str(name), known)}"
            problems.add(f"settings.{name}", message, id="unknown-setting")


def check_backend_name(name: str) -> None:
    """Raises InvalidOption when there is no such backend."""
    if name and name not in BACKENDS:
        raise InvalidOption(
            f"backend: {name!r} is unknown{nearest(name, BACKENDS)}; write one of {', '.join(BACKENDS)}"
        )
