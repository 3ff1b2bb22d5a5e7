# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules over a tenant file: mistakes that can be seen without asking any server.

Pure: no input or output, no vendor. All findings come at once, each with an id, a severity, the path into the file,
what is wrong and what to do.
"""

from __future__ import annotations

import fnmatch
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..model.catalog import tenant_lists
from ..model.problems import ERROR, WARNING, Finding
from ..model.values import Values, to_bool

Tenant = Mapping[str, Any]
Rule = Callable[[Tenant], Iterator[Finding]]


def findings(tenant: Tenant, own_rules: Iterable[Rule] = (), ignored: Iterable[str] = ()) -> list[Finding]:
    """Everything that the rules find, errors first, each group in the order of the file.

    ignored: ids of rules, or patterns, whose errors count as warnings.
    """
    patterns = list(ignored)

    def weighed(finding: Finding) -> Finding:
        mild = any(fnmatch.fnmatchcase(finding.id, pattern) for pattern in patterns)
        return replace(finding, severity=WARNING) if mild else finding

    found = [weighed(finding) for rule in (*RULES, *own_rules) for finding in rule(tenant)]
    return sorted(found, key=lambda finding: (finding.severity != ERROR, _place(finding.path)))


def _place(path: str) -> tuple[int, list[tuple[int, str]]]:
    """Where a path stands in the file: by kind, then by index and name."""
    kind = path.split("[", maxsplit=1)[0]
    parts = [(int(part), "") if part.isdecimal() and len(part) < 10 else (0, part) for part in re.split(r"(\d+)", path)]
    lists = list(tenant_lists())
    return lists.index(kind) if kind in lists else len(lists), parts


def present(tenant: Tenant, kind: str) -> Iterator[tuple[str, Values]]:
    """The declared objects of one kind that are to be there, each with its path."""
    for path, item in _dictionaries(kind, tenant.get(kind)):
        if item.get("state", "present") != "absent":
            yield path, item


def _items(path: str, item: Values, option: str) -> Iterator[tuple[str, Values]]:
    yield from _dictionaries(f"{path}.{option}", item.get(option))


def _dictionaries(path: str, written: Any) -> Iterator[tuple[str, Values]]:
    """The dictionaries of a list, each with its path. What is none is for the check of options to complain about."""
    for index, one in enumerate(written if isinstance(written, list) else []):
        if isinstance(one, Mapping):
            yield f"{path}[{index}]", dict(one)


def _number(value: Any) -> int | None:
    """A whole number as it may be written, or None."""
    text = as_text(value)
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else None


def as_text(value: Any) -> str:
    return "" if value is None else str(value)


# -- numbers -----------------------------------------------------------------------------------------------------------
def duplicate_numbers(tenant: Tenant) -> Iterator[Finding]:
    """A number stands twice: within a kind, or as an extension and a hunt group."""
    first: dict[str, str] = {}
    for kind in ("extensions", "hunt_groups"):
        for path, item in present(tenant, kind):
            number = as_text(item.get("id"))
            if number and number in first:
                same_kind = first[number].startswith(kind)
                name = "duplicate-number" if same_kind else "number-of-two-kinds"
                hint = "give each its own number, or remove one"
                yield Finding(name, ERROR, f"{path}.id", f"{number} is also the number of {first[number]}", hint)
            first.setdefault(number, path)


def duplicate_accounts(tenant: Tenant) -> Iterator[Finding]:
    """Two lists of destinations for one account: the second would undo the first."""
    first: dict[str, str] = {}
    for path, item in present(tenant, "follow_me"):
        account = as_text(item.get("account"))
        if account and account in first:
            message = f"account {account} is also that of {first[account]}"
            yield Finding("duplicate-account", ERROR, f"{path}.account", message, "put all destinations into one list")
        first.setdefault(account, path)


def unknown_members(tenant: Tenant) -> Iterator[Finding]:
    """A member that the file does not define, in a file that defines extensions."""
    known = {as_text(item.get("id")) for kind in ("extensions", "hunt_groups") for _path, item in present(tenant, kind)}
    if not tenant.get("extensions"):
        return
    purged = "extensions" in (tenant.get("purge") or [])
    for path, group in present(tenant, "hunt_groups"):
        for place, member in _items(path, group, "members"):
            number = as_text(member.get("extension"))
            if number and number not in known:
                message = f"no extension of this file has the number {number}"
                hint = "correct the number, or define the extension"
                yield Finding("unknown-member", ERROR if purged else WARNING, f"{place}.extension", message, hint)


# -- hunt groups -------------------------------------------------------------------------------------------------------
def silent_groups(tenant: Tenant) -> Iterator[Finding]:
    """A hunt group that rings nobody."""
    for path, group in present(tenant, "hunt_groups"):
        members = group.get("members")
        if members == [] and to_bool(group.get("enabled", True)) is not False and not group.get("overflow_to"):
            message = f"hunt group {as_text(group.get('id') or group.get('name'))} rings nobody"
            yield Finding("silent-group", WARNING, f"{path}.members", message, "add a member, or set enabled: false")


def weight_totals(tenant: Tenant) -> Iterator[Finding]:
    """Weights that are all written and do not total 100. With another policy they count nothing."""
    for path, group in present(tenant, "hunt_groups"):
        if group.get("policy") not in (None, "", "weighted"):
            continue
        weights = [_number(member.get("weight")) for _at, member in _items(path, group, "members")]
        if weights and None not in weights:
            total = sum(weight or 0 for weight in weights)
            if total not in (0, 100):
                message = f"the weights total {total}"
                yield Finding("weights-total", ERROR, f"{path}.members", message, "make them total 100")


def stages(tenant: Tenant) -> Iterator[Finding]:
    """More than three stages, or an empty stage before one with members."""
    for path, group in present(tenant, "hunt_groups"):
        members = list(_items(path, group, "members"))
        written = [(place, _number(member.get("stage"))) for place, member in members if member.get("stage")]
        used = {stage for _at, stage in written if stage}
        for place, stage in written:
            if stage and stage > 3:
                message = f"there is no stage {stage}"
                yield Finding("too-many-stages", ERROR, f"{place}.stage", message, "use stages 1 to 3")
        if len(written) < len(members):
            used.add(1)  # where a member without a stage goes
        gaps = [stage for stage in (1, 2) if used and stage not in used and max(used) > stage]
        if gaps:
            message = f"stage {gaps[0]} is empty, but a later one has members"
            yield Finding("empty-stage", WARNING, f"{path}.members", message, "move members to the stages before")


def ring_gaps(tenant: Tenant) -> Iterator[Finding]:
    """Members of a simultaneous group whose ring times leave seconds in which nobody rings."""
    for path, group in present(tenant, "hunt_groups"):
        if group.get("policy") != "simultaneous":
            continue
        times = []
        for _at, member in _items(path, group, "members"):
            delay, length = (_number(member.get(name) or 0) for name in ("ring_delay", "ring_time"))
            if delay is not None and length is not None:
                times.append((delay, delay + length if length else None))
        gap = _first_gap(times)
        if gap:
            message = f"nobody rings from second {gap[0]} to {gap[1]}"
            yield Finding(
                "ring-times-apart", WARNING, f"{path}.members", message, "lengthen ring_time or shorten ring_delay"
            )


def _first_gap(times: list[tuple[int, int | None]]) -> tuple[int, int] | None:
    """times: from second, to second (None: without end). The first hole between them, if there is one."""
    reached = 0
    for start, end in sorted(times, key=lambda span: span[0]):
        if start > reached:
            return reached, start
        if end is None:
            return None
        reached = max(reached, end)
    return None


def primary_groups(tenant: Tenant) -> Iterator[Finding]:
    """A member that claims two primary groups: it can have one, so the file could never be reached."""
    claims: dict[str, list[str]] = defaultdict(list)
    for path, group in present(tenant, "hunt_groups"):
        for place, member in _items(path, group, "members"):
            if to_bool(member.get("primary")):
                claims[as_text(member.get("extension"))].append(f"{place}.primary")
    for number, places in claims.items():
        for place in places[1:]:
            message = f"{number} has its primary group at {places[0]} already"
            yield Finding("two-primary-groups", ERROR, place, message, "set primary: true in one group only")


# -- loops -------------------------------------------------------------------------------------------------------------
def overflow_loops(tenant: Tenant) -> Iterator[Finding]:
    """Groups whose overflow leads back to themselves."""
    groups = list(present(tenant, "hunt_groups"))
    owner = {
        as_text(group.get(key)): path
        for path, group in groups
        for key in ("phone_number", "extension", "id")
        if group.get(key)
    }
    names = {path: as_text(group.get("id") or group.get("name")) for path, group in groups}
    following = {
        path: [owner.get(to, "") for to in as_text(group.get("overflow_to")).split()] for path, group in groups
    }
    for path, loop in _loops(following, names):
        message = f"overflow leads back to the group itself: {loop}"
        yield Finding("overflow-loop", ERROR, f"{path}.overflow_to", message, "let one of them overflow elsewhere")


def follow_me_loops(tenant: Tenant) -> Iterator[Finding]:
    """Accounts whose destinations lead back to their own extension."""
    extension_of = {as_text(e.get("account")): as_text(e.get("id")) for _at, e in present(tenant, "extensions")}
    names = {}
    for path, item in present(tenant, "follow_me"):
        account = as_text(item.get("account"))
        number = extension_of.get(account) or (account if item.get("forwarding") else "")
        if account and number:  # who forwards is an extension itself, and not a line behind one
            names[path] = number
    owner = {number: path for path, number in names.items()}
    following = {
        path: [owner.get(number, "") for number in _led_to(path, item)]
        for path, item in present(tenant, "follow_me")
        if path in names
    }
    options = {
        path: "forwarding" if item.get("forwarding") else "destinations" for path, item in present(tenant, "follow_me")
    }
    for path, loop in _loops(following, names):
        message = f"follow-me leads back to its own extension: {loop}"
        hint = "let one of them end at a number outside"
        yield Finding("follow-me-loop", ERROR, f"{path}.{options[path]}", message, hint)


def _led_to(path: str, item: dict[str, Any]) -> list[str]:
    """The numbers that calls go to: those of active destinations, and the one for all calls."""
    forwarding = item.get("forwarding")
    always = as_text(forwarding.get("always")) if isinstance(forwarding, Mapping) else ""
    destinations = _items(path, item, "destinations")
    active = [as_text(one.get("number")) for _at, one in destinations if to_bool(one.get("active", True)) is not False]
    return [number for number in [always, *active] if number]


def _loops(following: Mapping[str, list[str]], names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each loop once: (the path where it starts, the names along it)."""
    done: set[str] = set()
    for start in following:
        way = _way_back(start, following) if start not in done else None
        if way:
            done |= set(way)
            yield start, " -> ".join(names[path] for path in way)


def _way_back(start: str, following: Mapping[str, list[str]]) -> list[str] | None:
    """The shortest way from a place back to itself, both ends included."""
    came_from: dict[str, str] = {}
    border = [start]
    while border:
        place = border.pop(0)
        for step in following.get(place, []):
            if step == start:
                way = [place]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return [*reversed(way), start]
            if step in following and step not in came_from:
                came_from[step] = place
                border.append(step)
    return None


RULES: tuple[Rule, ...] = (
    duplicate_numbers,
    duplicate_accounts,
    unknown_members,
    silent_groups,
    weight_totals,
    stages,
    ring_gaps,
    primary_groups,
    overflow_loops,
    follow_me_loops,
)
