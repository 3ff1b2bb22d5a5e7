# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a tenant is after a declaration was applied: the live document with the declaration laid over it. Pure.

Only for pictures and simulations: the plan itself is made elsewhere, from what the server answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...callflow.values import text
from ...errors import InvalidOption

_KEYS = {"extensions": ("id",), "hunt_groups": ("id", "name"), "follow_me": ("account",)}
_LISTS = {"members": ("extension", "stage"), "destinations": ("name", "number")}


def lay_over(live: Mapping[str, Any], declared: Any, purge: Any = ()) -> dict[str, Any]:
    """live with every declared option in place of what is there. Neither is changed.

    What is omitted or null stays as it is; lists are replaced, or added to with `membership: at_least`; objects with
    `state: absent` are gone. purge: the kinds whose undeclared objects are gone too. Raises InvalidOption.
    """
    if not isinstance(declared, Mapping):
        raise InvalidOption("declared: is not a dictionary with extensions, hunt_groups and follow_me")
    document = dict(live)
    for kind, keys in _KEYS.items():
        if isinstance(declared.get(kind), list):
            document[kind] = _objects(kind, live.get(kind) or [], declared[kind], keys, kind in (purge or ()))
    return document


def _objects(kind: str, live: list[Any], declared: list[Any], keys: tuple[str, ...], purge: bool) -> list[Any]:
    wanted = [one for one in declared if isinstance(one, Mapping)]
    taken: set[int] = set()
    result = []
    for there in live:
        index = next((n for n, one in enumerate(wanted) if n not in taken and _is(there, one, keys)), None)
        if index is None:
            result += [] if purge else [there]
            continue
        taken.add(index)
        if text(wanted[index].get("state")) != "absent":
            result.append(_merged(there, wanted[index]))
    for index, one in enumerate(wanted):
        if index not in taken and text(one.get("state")) != "absent":
            result.append(dict(one))
    return result


def _is(there: Any, wanted: Mapping[str, Any], keys: tuple[str, ...]) -> bool:
    """Whether a declaration means this object: by the first key that it has."""
    for key in keys:
        if text(wanted.get(key)):
            return text(there.get(key)) == text(wanted[key])
    return False


def _merged(there: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(there)
    for option, value in wanted.items():
        if value is None or option in ("state", "membership"):
            continue
        if option in _LISTS and isinstance(value, list):
            add = text(wanted.get("membership")) == "at_least"
            merged[option] = _items(there.get(option) or [], value, _LISTS[option], add)
        elif isinstance(value, Mapping) and isinstance(there.get(option), Mapping):
            merged[option] = {**there[option], **{name: one for name, one in value.items() if one is not None}}
        else:
            merged[option] = value
    return merged


def _items(there: list[Any], wanted: list[Any], keys: tuple[str, ...], add: bool) -> list[Any]:
    """Members or destinations: declared options over those of the same one, in the declared order."""
    left = [one for one in there if isinstance(one, Mapping)]
    result = []
    for one in wanted:
        if not isinstance(one, Mapping):
            raise InvalidOption("declared: a member or destination is not a dictionary")
        same = next((old for old in left if _same_item(old, one, keys)), None)
        if same is not None:
            left.remove(same)
        result.append({**(same or {}), **{option: value for option, value in one.items() if value is not None}})
    return result + (left if add else [])


def _same_item(old: Mapping[str, Any], one: Mapping[str, Any], keys: tuple[str, ...]) -> bool:
    written = [key for key in keys if text(one.get(key))]
    return bool(written) and all(text(old.get(key)) == text(one[key]) for key in written)
