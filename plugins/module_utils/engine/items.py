# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list that an object holds: members, destinations, weights. What it is to be, and what changes, leaf by leaf.

Pure: no input or output, no vendor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..backends.contract import Pairing
from ..model.catalog import Items
from ..model.numbers import NumberRules
from ..model.values import Field, Values, is_empty, same

Leaf = tuple[str, Any, Any]  # address, before, after


@dataclass(frozen=True)
class ItemPlan:
    """The list as it is to be. keys run parallel to target. kept: labels of items that others added and that stay."""

    option: str
    target: Sequence[Values]
    keys: tuple[Hashable, ...] = ()
    changes: tuple[Leaf, ...] = ()
    kept: tuple[str, ...] = ()


def plan_items(
    items: Items,
    *,
    present: Sequence[Values],
    wanted: Sequence[Values],
    pairing: Pairing,
    exact: bool,
    ordered: bool,
    numbers: NumberRules,
) -> ItemPlan:
    """The list as it is to be, and its changes.

    What was not declared about an item keeps its present value, and what means the same its present spelling. Where order
    has no meaning the present order stays, so that nothing moves without need.
    """
    present_keys = _unique(pairing.present)
    before = dict(zip(present_keys, present))
    # repeated items are removed, even with membership at_least: only the first one has an effect
    known = {key: before[key] for key in pairing.present if key not in pairing.leftovers}
    declared = {
        key: _overlay(known.get(key, {}), item, items.fields, numbers) for key, item in zip(pairing.wanted, wanted)
    }
    others = [] if exact else [key for key in known if key not in declared]
    if ordered:
        keys = _weave(list(declared), list(known), others)
    else:
        keys = [key for key in known if key in declared or not exact]
        keys += [key for key in declared if key not in known]
    target = {key: declared.get(key, known.get(key, {})) for key in keys}
    labels = _labels(items, before, target)
    changes = [*_differences(items, before, target, labels, numbers)]
    if ordered:
        changes += _moved(items, list(before), keys, labels)
    return ItemPlan(
        items.option, list(target.values()), tuple(keys), tuple(changes), tuple(labels[key] for key in others)
    )


def _unique(keys: Sequence[Hashable]) -> list[Hashable]:
    """The same keys, repeated ones with their count."""
    seen: Counter[Hashable] = Counter()
    unique: list[Hashable] = []
    for key in keys:
        seen[key] += 1
        unique.append(key if seen[key] == 1 else ("repeated", key, seen[key]))
    return unique


def _overlay(present: Values, written: Values, fields: Mapping[str, Field], numbers: NumberRules) -> Values:
    differing = {
        name: value
        for name, value in written.items()
        if not (name in present and name in fields and same(fields[name], present[name], value, numbers))
    }
    return {**present, **differing}


def _weave(wanted: list[Hashable], present: list[Hashable], others: list[Hashable]) -> list[Hashable]:
    """The declared order, with items that others added left at their places where that is possible."""
    if not others:
        return wanted
    known = [key for key in wanted if key in set(present)]
    declared = set(wanted)
    in_present_order = [key for key in present if key in declared] == known
    if in_present_order and wanted[: len(known)] == known:
        return present + wanted[len(known) :]  # only new ones at the end: nothing that is there has to move
    return wanted + others


# -- leaves ------------------------------------------------------------------------------------------------------------
def _labels(items: Items, before: Mapping[Hashable, Values], after: Mapping[Hashable, Values]) -> dict[Hashable, str]:
    """How results name each item: by its label before the run, with the qualifier where a label names several."""
    every = {**after, **before}
    names = {key: _label(items, item) for key, item in every.items()}
    times = Counter(names.values())
    seen: Counter[str] = Counter()
    labels: dict[Hashable, str] = {}
    for key, name in names.items():
        label = name
        if times[name] > 1 and items.qualifier and not is_empty(every[key].get(items.qualifier)):
            label = f"{name} {items.qualifier} {every[key][items.qualifier]}"
        seen[label] += 1
        labels[key] = label if seen[label] == 1 else f"{label} #{seen[label]}"
    return labels


def _label(items: Items, item: Values) -> str:
    return next((str(item[name]) for name in items.labels if not is_empty(item.get(name))), "")


def _differences(
    items: Items,
    before: Mapping[Hashable, Values],
    after: Mapping[Hashable, Values],
    labels: Mapping[Hashable, str],
    numbers: NumberRules,
) -> list[Leaf]:
    leaves: list[Leaf] = []
    for key, item in before.items():
        address = f"{items.option}[{labels[key]}]"
        if key not in after:
            leaves.append((address, _in_order(items, item), None))
            continue
        for name, value in after[key].items():
            if name in items.fields and not same(items.fields[name], item.get(name), value, numbers):
                leaves.append((f"{address}.{name}", item.get(name), value))
    new = [(key, item) for key, item in after.items() if key not in before]
    leaves += [(f"{items.option}[{labels[key]}]", None, _in_order(items, item)) for key, item in new]
    return leaves


def _in_order(items: Items, item: Values) -> Values:
    """An item with its options in the order of the catalogue, whoever wrote it."""
    return {name: item[name] for name in items.fields if name in item}


def _moved(items: Items, before: list[Hashable], after: list[Hashable], labels: Mapping[Hashable, str]) -> list[Leaf]:
    """The order of the whole list, where items that stay change places."""
    staying, present = set(after), set(before)
    if [key for key in after if key in present] == [key for key in before if key in staying]:
        return []
    return [(f"{items.option}.order", [labels[key] for key in before], [labels[key] for key in after])]
