# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hunt groups as APIO writes them, and what each of its fields may hold.

Sources: page Hunt Group (every field of its GET); vendor note sections 5 (agents are strings when written and objects
when read) and 6 (types and limits).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ...errors import BadAnswer
from ...model.catalog import HUNT_GROUP, Capability, Reference
from ...model.numbers import NumberRules
from ...model.values import Field, Values, canonical, is_empty, same, to_bool
from ..decoding import record_of, text, whole_number

POLICIES = {
    "regular": "Regular",
    "circular": "Circular",
    "simultaneous": "Simultaneous",
    "uniform": "Uniform",
    "weighted": "Weighted",
}
POLICY = Field("choice", choices=tuple(POLICIES.values()), aliases={"Weighted Call Distribution": "Weighted"})

_BOOL = Field("bool", clearable=False)
_CLI_NAME = Field("name", limits=(1, 30), forbidden='%+\\"', clearable=False)
_DEPARTMENT = Field(
    "dict",
    nested={
        "tenantId": Field(),
        "groupId": Field(),
        "departmentName": Field("name"),
        "fullPathName": Field(read_only=True),
    },
)
PROFILE: dict[str, Field] = {
    "cliLastName": _CLI_NAME,
    "cliFirstName": _CLI_NAME,
    "cliPhoneNumber": Field("phone", limits=(1, 23)),
    "department": _DEPARTMENT,
    "language": Field(limits=(1, 40), clearable=False),
    "timeZone": Field(limits=(1, 127), clearable=False),
    "publicUserIdentity": Field(limits=(1, 161)),
    "password": Field(limits=(1, 60), secret=True, create_only=True, clearable=False),
    "timeZoneDisplayName": Field(read_only=True),
    "name": Field(instead="name"),
    "phoneNumber": Field(instead="phone_number"),
    "extension": Field(instead="extension"),
}
SETTINGS: dict[str, Field] = {
    "serviceInstanceProfile": Field("dict", nested=PROFILE, partial=True, clearable=False),
    "noAnswerNumberOfRings": Field("int", limits=(1, 20), clearable=False),
    "forwardAfterTimeout": Field("bool", clearable=False, also="overflow_to"),
    "forwardTimeoutSeconds": Field("int", limits=(0, 7200), clearable=False, also="overflow_after"),
    "forwardToPhoneNumber": Field("phone", limits=(1, 30), forbidden="@:", also="overflow_to"),
    "notReachableForwardToPhoneNumber": Field("phone", limits=(1, 161), forbidden=":"),
    "networkClassOfService": Field(limits=(1, 40), clearable=False),
    "templateName": Field(create_only=True, clearable=False),
    **dict.fromkeys(
        ("huntAfterNoAnswer", "allowCallWaitingForAgents", "useSystemHuntGroupCLIDSetting", "includeHuntGroupNameInCLID",
         "enableNotReachableForwarding", "makeBusyWhenNotReachable", "allowMembersToControlGroupBusy", "enableGroupBusy",
         "applyGroupBusyWhenTerminatingToAgent"),
        _BOOL,
    ),
    "serviceUserId": Field(instead="id"),
    "policy": Field(instead="policy"),
    "agents": Field(instead="members"),
    "active": Field(instead="enabled"),
}  # fmt: skip

CAPABILITY = Capability(
    options=frozenset(
        {"id", "name", "policy", "overflow_to", "overflow_after", "enabled", "extension", "phone_number"}
    ),
    member_options=frozenset({"extension", "weight"}),
    refused={
        "members.stage": "order members with policy: regular",
        "members.ring_time": "set settings.noAnswerNumberOfRings for the whole group",
    },
    policies=POLICIES,
    settings=SETTINGS,
    number=re.compile(r"""[^\s/?#%\\"<>]{1,161}"""),
    fixed=frozenset({"name"}),
    ordered_policies=frozenset({"regular", "circular"}),
    filters=frozenset({"available_members", "same_group_only", "department"}),
    claims={"id": "id", "extension": "number", "phone_number": "number"},
    references=(Reference("settings.notReachableForwardToPhoneNumber", "forwards unreachable calls to"),),
    parking={"extension": "", "phone_number": ""},
)

# Neutral option -> limits of its length, where BroadWorks has them (note 6).
LENGTHS = {"name": (1, 30), "extension": (2, 20), "phone_number": (1, 23), "overflow_to": (1, 30)}


# Neutral option -> where it stands in `serviceInstanceProfile`.
_IN_PROFILE = {"name": "name", "extension": "extension", "phone_number": "phoneNumber"}
_PROFILE = "serviceInstanceProfile"
# What is shown beside the fields of the tables and is no setting of the group.
_NO_SETTINGS = frozenset({"agents", "queueLength", "fullPathName", "timeZoneDisplayName"})


def is_hunt_group(data: Values) -> bool:
    """Whether an answer has what every hunt group shows."""
    return isinstance(data.get(_PROFILE), dict) or "serviceUserId" in data


def decode(data: Values, key: str) -> Values:
    """A hunt group in neutral words. key: its id as the list shows it. Raises BadAnswer."""
    profile = record_of(data, _PROFILE)
    forwards = to_bool(data.get("forwardAfterTimeout")) is True
    return {
        "id": key,
        "name": text(profile, "name"),
        "policy": neutral_policy(data.get("policy")),
        "members": [_decode_agent(agent) for agent in agents_of(data)],
        "overflow_to": text(data, "forwardToPhoneNumber") if forwards else "",
        "overflow_after": canonical(SETTINGS["forwardTimeoutSeconds"], data.get("forwardTimeoutSeconds")),
        "enabled": to_bool(data.get("active")) is not False,
        "extension": text(profile, "extension"),
        "phone_number": text(profile, "phoneNumber"),
        "settings": {**_decode_settings(SETTINGS, data), _PROFILE: _decode_settings(PROFILE, profile)},
    }


def neutral_policy(wire: Any) -> str:
    """A policy in neutral words; one that nobody knows stays as it is."""
    policy = canonical(POLICY, wire)
    return next((name for name, known in POLICIES.items() if known == policy), str(policy))


def agents_of(data: Values) -> list[Values]:
    """The agents as objects; the page shows them so where they are read, and as plain user ids where they are written."""
    agents = data.get("agents")
    if is_empty(agents):
        return []
    if not isinstance(agents, list):
        raise BadAnswer("APIO: agents should be a list")
    return [
        {"userId": agent} if isinstance(agent, str) else record_of({"an agent": agent}, "an agent") for agent in agents
    ]


def _decode_agent(agent: Values) -> Values:
    user = text(agent, "userId")
    if not user:
        raise BadAnswer("APIO: a hunt group shows an agent without userId")
    return {"extension": user, "weight": whole_number(agent, "weight")}


def _decode_settings(table: Mapping[str, Field], data: Values) -> Values:
    return {
        name: text(data, name) if spec.kind in ("text", "name", "phone") else canonical(spec, data[name])
        for name, spec in table.items()
        if name in data and not (spec.instead or spec.read_only or spec.create_only or spec.partial)
    }


def encode(target: Values, changed: Iterable[str]) -> Values:
    """The body that brings the changed options to the target. Weights travel in a request of their own."""
    body: Values = {}
    profile: Values = {}
    for option in sorted(changed):
        if option in _IN_PROFILE:
            profile[_IN_PROFILE[option]] = target[option]
        elif option == "policy":
            body["policy"] = POLICIES[target["policy"]]
        elif option == "members":
            body["agents"] = [member["extension"] for member in target["members"]]
        elif option == "enabled":
            body["active"] = target["enabled"]
        elif option == "overflow_to":
            body["forwardToPhoneNumber"] = target["overflow_to"]
            body["forwardAfterTimeout"] = bool(target["overflow_to"])
        elif option == "overflow_after":
            body["forwardTimeoutSeconds"] = target["overflow_after"]
    for table, name in _settings_among(changed, target):
        if table is PROFILE:
            value = target["settings"][_PROFILE][name]
            profile[name] = value if value != {} else ""
        else:
            body[name] = target["settings"][name]
    if profile:
        body[_PROFILE] = profile
    return body


def _settings_among(changed: Iterable[str], target: Values) -> list[tuple[Mapping[str, Field], str]]:
    """(table, name) of each changed setting; one that a neutral option says already is no part of the target."""
    settings = target.get("settings", {})
    found: list[tuple[Mapping[str, Field], str]] = []
    for option in sorted(changed):
        head, _dot, name = option.partition(".")
        if head != "settings":
            continue
        outer, _dot, part = name.partition(".")
        if outer == _PROFILE and part in settings.get(_PROFILE, {}):
            found.append((PROFILE, part))
        elif not part and name in settings:
            found.append((SETTINGS, name))
    return found


def still_missing(changed: Iterable[str], target: Values, found: Values, numbers: NumberRules) -> frozenset[str]:
    """The options among `changed` that an object does not have as they are in the target; weights are not looked at.

    What cannot be read back (a password, a template) is taken as done.
    """
    changed = set(changed)
    missing = set()
    for option in changed & (CAPABILITY.options - {HUNT_GROUP.key}):
        if not same(CAPABILITY.field_of(HUNT_GROUP, option), found.get(option), target[option], numbers):
            missing.add(option)
    if "members" in changed:
        users = [[member["extension"] for member in one["members"]] for one in (found, target)]
        if target.get("policy") not in CAPABILITY.ordered_policies:
            users = [sorted(ids) for ids in users]
        if users[0] != users[1]:
            missing.add("members")
    for table, name in _settings_among(changed, target):
        spec, profile = table[name], table is PROFILE
        present, wanted = (one["settings"][_PROFILE] if profile else one["settings"] for one in (found, target))
        if not spec.create_only and not same(spec, present.get(name), wanted[name], numbers):
            missing.add(f"settings.{_PROFILE}.{name}" if profile else f"settings.{name}")
    return frozenset(missing)


def unknown_settings(data: Values) -> list[str]:
    """Fields of a group with something in them that the tables do not know, so that nobody can write them back."""
    profile = record_of(data, _PROFILE)
    places = [(name, value) for name, value in data.items() if name not in SETTINGS]
    places += [(f"{_PROFILE}.{name}", value) for name, value in profile.items() if name not in PROFILE]
    return sorted(
        place
        for place, value in places
        if place.split(".")[-1] not in _NO_SETTINGS and not (is_empty(value) or to_bool(value) is False)
    )
