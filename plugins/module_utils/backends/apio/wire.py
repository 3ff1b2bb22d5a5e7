# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hunt groups as APIO writes them, and what each of its fields may hold.

Sources: page Hunt Group (every field of its GET); vendor note sections 5 (agents are strings when written and objects
when read) and 6 (types and limits).
"""

from __future__ import annotations

import re
from typing import Any

from ...model.catalog import MEMBER_FIELDS, Capability
from ...model.values import Field, Values, canonical, same

POLICIES = {
    "regular": "Regular",
    "circular": "Circular",
    "simultaneous": "Simultaneous",
    "uniform": "Uniform",
    "weighted": "Weighted",
}
POLICY = Field("choice", choices=tuple(POLICIES.values()), aliases={"Weighted Call Distribution": "Weighted"})

_BOOL = Field("bool", clearable=False)
_CLI_NAME = Field(limits=(1, 30), forbidden='%+\\"', clearable=False)
_DEPARTMENT = Field(
    "dict",
    nested={name: Field() for name in ("tenantId", "groupId", "departmentName")}
    | {"fullPathName": Field(read_only=True)},
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
)

# Neutral option -> limits of its length, where BroadWorks has them (note 6).
LENGTHS = {"name": (1, 30), "extension": (2, 20), "phone_number": (1, 23), "overflow_to": (1, 30)}


def decode(data: Values, key: str) -> Values:
    """A hunt group in neutral words. key: its id in the list or URL, in case the object shows it without a domain."""
    profile = data.get("serviceInstanceProfile")
    profile = profile if isinstance(profile, dict) else {}
    forwards = canonical(_BOOL, data.get("forwardAfterTimeout")) is True
    return {
        "id": _full_id(str(data.get("serviceUserId") or ""), key),
        "name": str(profile.get("name") or ""),
        "policy": neutral_policy(data.get("policy")),
        "members": [_decode_agent(agent) for agent in data.get("agents") or []],
        "overflow_to": str(data.get("forwardToPhoneNumber") or "") if forwards else "",
        "overflow_after": canonical(SETTINGS["forwardTimeoutSeconds"], data.get("forwardTimeoutSeconds")),
        "enabled": canonical(_BOOL, data.get("active")) is not False,
        "extension": str(profile.get("extension") or ""),
        "phone_number": str(profile.get("phoneNumber") or ""),
        "settings": {
            **_decode_settings(SETTINGS, data),
            "serviceInstanceProfile": _decode_settings(PROFILE, profile),
        },
    }


def neutral_policy(wire: Any) -> str:
    """A policy in neutral words; one that nobody knows stays as it is."""
    policy = canonical(POLICY, wire)
    return next((name for name, known in POLICIES.items() if known == policy), str(policy))


def _full_id(shown: str, key: str) -> str:
    """The page shows an object's id without the domain that its URL has: the longer spelling is the id."""
    return shown if "@" in shown or not key else key


def _decode_agent(agent: Any) -> Values:
    if not isinstance(agent, dict):
        return {"extension": str(agent), "weight": 0}
    return {
        "extension": str(agent.get("userId") or ""),
        "weight": canonical(MEMBER_FIELDS["weight"], agent.get("weight")),
    }


def _decode_settings(table: dict[str, Field], data: Values) -> Values:
    return {
        name: canonical(spec, data[name])
        for name, spec in table.items()
        if name in data and not (spec.instead or spec.read_only or spec.create_only or spec.partial)
    }


def encode(desired: Values, target: Values, changed: set[str]) -> Values:
    """The body for the changed fields. Weights travel in a request of their own."""
    body: Values = {}
    profile: Values = {}
    for option, name in (("name", "name"), ("extension", "extension"), ("phone_number", "phoneNumber")):
        if option in changed:
            profile[name] = desired[option]
    if "policy" in changed:
        body["policy"] = POLICIES[desired["policy"]]
    if "members" in changed:
        body["agents"] = [member["extension"] for member in target["members"]]
    if "enabled" in changed:
        body["active"] = desired["enabled"]
    if "overflow_to" in changed:
        body["forwardToPhoneNumber"] = desired["overflow_to"]
        body["forwardAfterTimeout"] = bool(desired["overflow_to"])
    if "overflow_after" in changed:
        body["forwardTimeoutSeconds"] = desired["overflow_after"]
    for field in sorted(changed):
        _head, _dot, name = field.partition("settings.")
        if not name:
            continue
        if name.startswith("serviceInstanceProfile."):
            part = name.split(".", 1)[1]
            value = desired["settings"]["serviceInstanceProfile"][part]
            profile[part] = value if value != {} else ""
        else:
            body[name] = desired["settings"][name]
    if profile:
        body["serviceInstanceProfile"] = profile
    return body


def same_id(one: str, other: str) -> bool:
    """Whether two spellings name one group; a missing domain matches any (note 5, trap 4)."""
    first, second = one.casefold(), other.casefold()
    if "@" in first and "@" in second:
        return first == second
    return first.split("@")[0] == second.split("@")[0]


def matching_users(users: list[Values], number: str) -> list[str]:
    """User ids of the users that a member's `extension` names: by user id, extension or phone number."""
    field = Field("phone")
    found = []
    for user in users:
        identity = str(user.get("userId") or "")
        if "@" in number:
            match = identity.casefold() == number.casefold()
        else:
            match = str(user.get("extension") or "") == number or same(
                field, str(user.get("phoneNumber") or ""), number
            )
        if match and identity and identity not in found:
            found.append(identity)
    return found
