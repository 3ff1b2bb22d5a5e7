# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follow-me destinations as the Porta Plus 2 web services write them, and which declared one is which present one.

Pure. Sources: page PortaFollowMe (fields), vendor note section 4.4 (values, no natural key).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from ...model.catalog import DESTINATION_FIELDS
from ...model.numbers import NumberRules
from ...model.values import Field, Values, canonical, same, to_bool
from ..decoding import text, whole_number
from .paths import Part

# Neutral keep_original_cli -> what the server takes: caller's number and name, forwarder's, or caller's number with
# the forwarder's name (note 4.4).
CALLER_ID = {"caller": "Y", "forwarder": "N", "caller_number": "I"}
# Option -> property of the request, of texts that may be cleared.
CLEARABLE = {"domain": "Domain", "keep_original_cli": "KeepOriginalCLI", "period_description": "Period_desc"}

_ELSEWHERE = frozenset({"rings", "answer_confirmation"})
ITEM: dict[str, Field] = {name: spec for name, spec in DESTINATION_FIELDS.items() if name not in _ELSEWHERE}


# -- the wire ----------------------------------------------------------------------------------------------------------
def decode(row: Values) -> Values:
    """A row of FollowMeNumbers in neutral words."""
    spelt = text(row, "keep_original_cli").upper()
    meaning = to_bool(spelt)
    caller_id = spelt if meaning is None else "Y" if meaning else "N"
    return {
        "name": text(row, "name"),
        "number": text(row, "redirect_number"),
        "timeout": canonical(ITEM["timeout"], whole_number(row, "timeout")),
        "active": to_bool(text(row, "active")) is True,
        "domain": text(row, "domain"),
        "keep_original_cld": to_bool(text(row, "keep_original_cld")) is True,
        "keep_original_cli": next((word for word, wire in CALLER_ID.items() if wire == caller_id), ""),
        "period": text(row, "period"),
        "period_description": text(row, "period_description"),
    }


def encode_parts(item: Values, order: int) -> list[Part]:
    """The end of the paths of addfollowme and updatefollowme; with Domain where there is one."""
    domain: list[Part] = [("Domain", item["domain"])] if item.get("domain") else []
    return [
        ("TimeOut", item["timeout"]),
        *domain,
        ("Name", item.get("name") or item["number"]),
        ("FollowMeOrder", order),
        ("RedirectNumber", item["number"]),
        ("Active", "Y" if item.get("active", True) else "N"),
    ]


def encode_extras(item: Values, before: Values | None = None) -> dict[str, str | None]:
    """What only the query can carry. None is not sent; an empty text binds null (note 2.6): it is sent to clear what
    was there before."""
    cld = item.get("keep_original_cld")
    extras: dict[str, str | None] = {
        "KeepOriginalCld": None if cld is None else "Y" if cld else "N",
        "KeepOriginalCLI": CALLER_ID.get(item.get("keep_original_cli", "")),
        "Period": item.get("period") or None,
        "Period_desc": item.get("period_description") or None,
    }
    for option in uncleared(item, before or {}):
        extras[CLEARABLE[option]] = ""
    return extras


def uncleared(item: Values, shown: Values) -> list[str]:
    """The texts that are to be empty and that the server shows."""
    return [option for option in CLEARABLE if item.get(option) == "" and shown.get(option)]


def lifted(item: Values, shown: Values | None) -> Values:
    """To lift a period it has to be sent: no period at all cannot be, but always means the same."""
    lift = shown is not None and item.get("period") == "" and not same(ITEM["period"], shown["period"], "")
    return {**item, "period": "Always"} if lift else item


def orders(keys: Sequence[Hashable], present: Mapping[int, int]) -> list[int]:
    """The order number of each destination: the present ones where they rise already and new ones follow, else 1, 2, ...

    present: key -> its order number now.
    """
    known = [present[key] for key in keys if isinstance(key, int) and key in present]
    new_ones_last = all(key in present for key in keys[: len(known)])
    if new_ones_last and all(one < other for one, other in zip(known, known[1:])):
        last = max(present.values(), default=0)
        return known + [last + place for place in range(1, len(keys) - len(known) + 1)]
    return list(range(1, len(keys) + 1))


# -- which is which ----------------------------------------------------------------------------------------------------
def pair_up(
    wanted: Sequence[Values], present: Mapping[int, Values], exhaustive: bool, numbers: NumberRules
) -> list[Hashable]:
    """The key of each declared destination: that of the present one that it stands for, else one of its own.

    A pair is what agrees in name, number and domain, else in name, else in number and domain. With an exhaustive list
    what is left on both sides is paired in order, so that a destination that is renamed and renumbered at once is
    changed in place too.
    """
    free = dict(present)
    keys: dict[int, Hashable] = {}
    rules = [("name", "number", "domain"), ("name",), ("number", "domain"), *([()] if exhaustive else [])]
    for rule in rules:
        for index, item in enumerate(wanted):
            if index in keys or (rule and rule[0] not in item):
                continue
            match = next((key for key, one in free.items() if agree(item, one, rule, numbers)), None)
            if match is not None:
                keys[index] = match
                del free[match]
    return [keys.get(index, ("new", index)) for index in range(len(wanted))]


def replaced(
    wanted: Sequence[Values], keys: Sequence[Hashable], present: Mapping[int, Values], numbers: NumberRules
) -> frozenset[Hashable]:
    """Destinations whose domain is to be emptied and that have been made anew without it, by a run that stopped then."""
    emptied = [item for item in wanted if item.get("domain") == "" and "number" in item]
    return frozenset(
        key
        for key, one in present.items()
        if key not in keys and one["domain"] and any(agree(item, one, ("name", "number"), numbers) for item in emptied)
    )


def doubles(keys: Sequence[Hashable], present: Mapping[int, Values], numbers: NumberRules) -> list[int]:
    """Keys of the other destinations that equal, in all options, a destination behind one of `keys`."""
    meant = [present[key] for key in keys if isinstance(key, int) and key in present]
    others = [(key, one) for key, one in present.items() if key not in keys]
    return [key for key, one in others if any(agree(one, other, tuple(ITEM), numbers) for other in meant)]


def agree(item: Values, one: Values, names: Sequence[str], numbers: NumberRules) -> bool:
    """Only what is written is compared."""
    return all(same(ITEM[name], item[name], one.get(name), numbers) for name in names if name in item)


def identity(item: Values, numbers: NumberRules) -> tuple[Any, ...]:
    """What tells two declared destinations apart."""
    return tuple(
        canonical(ITEM[name], item[name], numbers) if item.get(name) else None for name in ("name", "number", "domain")
    )
