# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Offline rules over a tenant file: mistakes that can be seen without asking any server.

Pure: no input or output, no vendor. All findings come at once, each with an id, a severity, the path into the file,
what is wrong and what to do.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from .fields import Values, to_bool

ERROR, WARNING = "error", "warning"
Tenant = Mapping[str, Any]


@dataclass(frozen=True)
class Finding:
    """Something in a tenant file that is wrong (`error`) or looks wrong (`warning`)."""

    id: str
    severity: str
    path: str
    message: str
    hint: str

    def as_result(self) -> Values:
        return asdict(self)


Rule = Callable[[Tenant], Iterator[Finding]]


def findings(tenant: Tenant, own_rules: Iterable[Rule] = ()) -> list[Finding]:
    """Everything that the rules find, errors first, each group in the order of the file."""
    found = [finding for rule in (*RULES, *own_rules) for finding in rule(tenant)]
    return sorted(found, key=lambda finding: (finding.severity != ERROR, finding.path))


def _present(tenant: Tenant, kind: str) -> Iterator[tuple[str, Values]]:
    """The declared objects of one kind that are to be there, each with its path."""
    for index, item in enumerate(tenant.get(kind) or []):
        if isinstance(item, Mapping) and item.get("state", "present") != "absent":
            yield f"{kind}[{index}]", dict(item)


def _items(path: str, item: Values, option: str) -> Iterator[tuple[str, Values]]:
    for index, one in enumerate(item.get(option) or []):
        if isinstance(one, Mapping):
            yield f"{path}.{option}[{index}]", dict(one)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


# -- numbers -----------------------------------------------------------------------------------------------------------
def duplicate_numbers(tenant: Tenant) -> Iterator[Finding]:
    """A number stands twice: within a kind, or as an extension and a hunt group."""
    first: dict[str, str] = {}
    for kind in ("extensions", "hunt_groups"):
        for path, item in _present(tenant, kind):
            number = _text(item.get("id"))
            if number and number in first:
                same_kind = first[number].startswith(kind)
                name = "duplicate-number" if same_kind else "number-of-two-kinds"
                hint = "give each its own number, or remove one"
                yield Finding(name, ERROR, f"{path}.id", f"{number} is also the number of {first[number]}", hint)
            first.setdefault(number, path)


def duplicate_accounts(tenant: Tenant) -> Iterator[Finding]:
    """Two lists of destinations for one account: the second would undo the first."""
    first: dict[str, str] = {}
    for path, item in _present(tenant, "follow_me"):
        account = _text(item.get("account"))
        if account in first:
            message = f"account {account} is also that of {first[account]}"
            yield Finding("duplicate-account", ERROR, f"{path}.account", message, "put all destinations into one list")
        first.setdefault(account, path)


def unknown_members(tenant: Tenant) -> Iterator[Finding]:
    """A member that the file does not define, in a file that defines extensions."""
    known = {_text(item.get("id")) for kind in ("extensions", "hunt_groups") for _path, item in _present(tenant, kind)}
    if not tenant.get("extensions"):
        return
    purged = "extensions" in (tenant.get("purge") or [])
    for path, group in _present(tenant, "hunt_groups"):
        for place, member in _items(path, group, "members"):
            number = _text(member.get("extension"))
            if number and number not in known:
                message = f"no extension of this file has the number {number}"
                hint = "correct the number, or define the extension"
                yield Finding("unknown-member", ERROR if purged else WARNING, f"{place}.extension", message, hint)


# -- hunt groups -------------------------------------------------------------------------------------------------------
def silent_groups(tenant: Tenant) -> Iterator[Finding]:
    """A hunt group that rings nobody."""
    for path, group in _present(tenant, "hunt_groups"):
        members = group.get("members")
        if members == [] and to_bool(group.get("enabled", True)) is not False and not group.get("overflow_to"):
            message = f"hunt group {_text(group.get('id') or group.get('name'))} rings nobody"
            yield Finding("silent-group", WARNING, f"{path}.members", message, "add a member, or set enabled: false")


def weight_totals(tenant: Tenant) -> Iterator[Finding]:
    """Weights that are all written and do not total 100."""
    for path, group in _present(tenant, "hunt_groups"):
        weights = [member.get("weight") for _place, member in _items(path, group, "members")]
        if weights and all(_text(weight).isdecimal() for weight in weights):
            total = sum(int(_text(weight)) for weight in weights)
            if total not in (0, 100):
                message = f"the weights total {total}"
                yield Finding("weights-total", ERROR, f"{path}.members", message, "make them total 100")


def stages(tenant: Tenant) -> Iterator[Finding]:
    """More than three stages, or an empty stage before one with members."""
    for path, group in _present(tenant, "hunt_groups"):
        written = [(place, _text(m["stage"])) for place, m in _items(path, group, "members") if m.get("stage")]
        used = {int(stage) for _place, stage in written if stage.isdecimal()}
        for place, stage in written:
            if stage.isdecimal() and int(stage) > 3:
                message = f"there is no stage {stage}"
                yield Finding("too-many-stages", ERROR, f"{place}.stage", message, "use stages 1 to 3")
        gaps = [stage for stage in (1, 2) if used and stage not in used and max(used) > stage]
        if gaps:
            message = f"stage {gaps[0]} is empty, but a later one has members"
            yield Finding("empty-stage", WARNING, f"{path}.members", message, "move members to the stages before")


def ring_gaps(tenant: Tenant) -> Iterator[Finding]:
    """Members of a simultaneous group whose ring times leave seconds in which nobody rings."""
    for path, group in _present(tenant, "hunt_groups"):
        if group.get("policy") != "simultaneous":
            continue
        times = []
        for _place, member in _items(path, group, "members"):
            delay, length = (_text(member.get(name) or 0) for name in ("ring_delay", "ring_time"))
            if delay.isdecimal() and length.isdecimal():
                times.append((int(delay), int(delay) + int(length) if int(length) else None))
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
    for path, group in _present(tenant, "hunt_groups"):
        for place, member in _items(path, group, "members"):
            if to_bool(member.get("primary")):
                claims[_text(member.get("extension"))].append(f"{place}.primary")
    for number, places in claims.items():
        if len(places) > 1:
            message = f"{number} has its primary group at {places[0]} already"
            yield Finding("two-primary-groups", ERROR, places[1], message, "set primary: true in one group only")


# -- loops -------------------------------------------------------------------------------------------------------------
def overflow_loops(tenant: Tenant) -> Iterator[Finding]:
    """Groups whose overflow leads back to themselves."""
    paths: dict[str, str] = {}
    following: dict[str, list[str]] = {}
    for path, group in _present(tenant, "hunt_groups"):
        names = {_text(group.get(key)) for key in ("id", "extension", "phone_number")} - {""}
        for name in names:
            paths[name] = path
            following[name] = _text(group.get("overflow_to")).split()
    for start, loop in _loops(following):
        message = "overflow leads back to the group itself: " + " -> ".join(loop)
        yield Finding(
            "overflow-loop", ERROR, f"{paths[start]}.overflow_to", message, "let one of them overflow elsewhere"
        )


def follow_me_loops(tenant: Tenant) -> Iterator[Finding]:
    """Accounts whose destinations lead back to their own extension."""
    extension_of = {_text(e.get("account")): _text(e.get("id")) for _p, e in _present(tenant, "extensions")}
    paths: dict[str, str] = {}
    following: dict[str, list[str]] = {}
    for path, item in _present(tenant, "follow_me"):
        number = extension_of.get(_text(item.get("account")))
        if number:
            paths[number] = path
            destinations = [
                one for _place, one in _items(path, item, "destinations") if to_bool(one.get("active", True))
            ]
            following[number] = [_text(one.get("number")) for one in destinations]
    for start, loop in _loops(following):
        message = "follow-me leads back to its own extension: " + " -> ".join(loop)
        hint = "let one of them end at a number outside"
        yield Finding("follow-me-loop", ERROR, f"{paths[start]}.destinations", message, hint)


def _loops(following: Mapping[str, list[str]]) -> Iterator[tuple[str, list[str]]]:
    """Each loop once: (where it starts, the numbers along it)."""
    done: set[str] = set()
    for start in following:
        way = [start]
        while way and start not in done:
            step = next((number for number in following.get(way[-1], []) if number == start or number not in way), None)
            if step == start:
                done |= set(way)
                yield start, [*way, start]
            elif step is None or step not in following or len(way) > len(following):
                break
            else:
                way.append(step)


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


# -- rules of a site ----------------------------------------------------------------------------------------------------
def site_rule(definition: Mapping[str, Any]) -> Rule:
    """A rule written as data: objects of `resource` that match `where` must have a `field` that `matches` a pattern.

    definition: id, resource (extensions, hunt_groups or follow_me), field, matches (a regular expression for the whole
    value), and optionally where (field: value), severity, message, hint. Raises ValueError when it is not usable.
    """
    missing = [name for name in ("id", "resource", "field", "matches") if not definition.get(name)]
    if missing:
        raise ValueError(f"rule {definition.get('id', '')}: {', '.join(missing)} missing")
    try:
        pattern = re.compile(str(definition["matches"]))
    except re.error as error:
        raise ValueError(f"rule {definition['id']}: matches: {error}") from None

    def rule(tenant: Tenant) -> Iterator[Finding]:
        name = str(definition["field"])
        for path, item in _present(tenant, str(definition["resource"])):
            conditions = dict(definition.get("where") or {})
            if any(_text(item.get(key)) != _text(value) for key, value in conditions.items()):
                continue
            if not pattern.fullmatch(_text(item.get(name))):
                message = definition.get("message") or f"{name} is {item.get(name)!r}, not like {definition['matches']}"
                hint = definition.get("hint") or "follow the site's rule"
                severity = ERROR if definition.get("severity", ERROR) == ERROR else WARNING
                yield Finding(str(definition["id"]), severity, f"{path}.{name}", str(message), str(hint))

    return rule
