# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue: every resource with its options, keys, references and place in the order, as data.

Pure: no input or output, no vendor. Argument specs, checks, comparison, the order of writes, purge, journal, export, the
JSON Schema, the roles' argument specs and the documentation of options are made from it. A backend states in a
`Capability` which of the options it can express and which settings it has besides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from .values import Field

POLICIES = ("regular", "circular", "simultaneous", "uniform", "weighted", "random", "least_used")
MEMBERSHIPS = ("exact", "at_least")


@dataclass(frozen=True)
class Reference:
    """An option that leads to another object by its number: `overflow_to`, `members.extension`.

    option: a scalar option, OPTION.PART of a dictionary, or LIST.OPTION of a list's items. verb: how messages say it
    ("rings").
    """

    option: str
    verb: str


@dataclass(frozen=True)
class Items:
    """The list that a resource holds: hunt group members, follow-me destinations, weights.

    labels: the options that name an item in results, the first one that it has. qualifier: the option that is added where
    one label stands for several items. ordered: whether order always has meaning (else the backend tells, by policy).
    exhaustive: whether undeclared items are removed with membership exact. declarable: false where users do not write the
    list itself. runtime: options that agents change in daily operation, such as sign-ins: exports omit them.
    """

    option: str
    fields: Mapping[str, Field]
    labels: tuple[str, ...] = ("extension",)
    qualifier: str = ""
    ordered: bool = False
    exhaustive: bool = True
    declarable: bool = True
    runtime: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Resource:
    """A kind of object: its name, the options that identify it, its options and its list.

    plural: the name of its list in a tenant and in results of info modules.
    directives: options that are no state but say how to go about it.
    in_tenant: whether it is a list of a tenant. after: resources that are written before it and deleted after it.
    claims: option -> set of identifiers in which its value is unique on the server ("number").
    references: options that lead to other objects. always_there: only the list's items can be created or deleted.
    """

    name: str
    plural: str
    keys: tuple[str, ...]
    fields: Mapping[str, Field]
    items: Items | None = None
    directives: Mapping[str, Field] = field(default_factory=dict)
    filters: Mapping[str, Field] = field(default_factory=dict)
    in_tenant: bool = False
    after: tuple[str, ...] = ()
    claims: Mapping[str, str] = field(default_factory=dict)
    references: tuple[Reference, ...] = ()
    always_there: bool = False
    has_settings: bool = False
    states: tuple[str, ...] = ("present", "absent")
    has_info: bool = True

    @property
    def key(self) -> str:
        """The option that the server identifies an object by."""
        return self.keys[0]


@dataclass(frozen=True)
class Capability:
    """What a backend can express of one resource; data, asked before any request.

    options and member_options are the neutral names; refused says what to write instead of one that is missing.
    number is what a dialled number may look like there. member_identity names the options that tell members apart.
    fixed are options that cannot be emptied there. filters are the options of the info module that it can answer,
    besides the resource's keys. overrides says of options what only this backend knows of their values. Parts of an
    option that is a dictionary stand in `options` and `refused` as OPTION.PART. claims and references name settings
    besides those of the resource. parking: option -> the value that frees what it claims, where the server takes one.
    lost_with: the resource whose deletion takes the object of the same key with it.
    """

    options: frozenset[str]
    member_options: frozenset[str] = frozenset()
    refused: Mapping[str, str] = field(default_factory=dict)
    policies: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Field] = field(default_factory=dict)
    number: re.Pattern[str] = re.compile(r"[0-9A-Za-z*#._+@-]{1,161}")
    member_identity: tuple[str, ...] = ("extension",)
    ordered_policies: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    filters: frozenset[str] = frozenset()
    overrides: Mapping[str, Field] = field(default_factory=dict)
    claims: Mapping[str, str] | None = None
    references: tuple[Reference, ...] = ()
    parking: Mapping[str, object] = field(default_factory=dict)
    lost_with: str = ""

    def field_of(self, resource: Resource, option: str) -> Field:
        """What is known of the values of an option on this backend."""
        return self.overrides.get(option, resource.fields[option])

    def claims_of(self, resource: Resource) -> Mapping[str, str]:
        """Option -> set of identifiers in which its value is unique, on this backend."""
        return resource.claims if self.claims is None else self.claims

    def references_of(self, resource: Resource) -> tuple[Reference, ...]:
        return (*resource.references, *self.references)


_RECORD = Field("int", limits=(1, 2**31 - 1))
# What a deletion does about objects that still lead to what is deleted.
_DELETION = {"remove_from_hunt_groups": Field("bool", unset=False), "leave_references": Field("bool", unset=False)}

MEMBER_FIELDS: Mapping[str, Field] = {
    "extension": Field("number", required=True),
    "weight": Field("int", unset=0, limits=(0, 100)),
    "stage": Field("int", limits=(1, 3), clearable=False),
    "ring_delay": Field("int", unset=0, limits=(0, 3600)),
    "ring_time": Field("int", unset=0, limits=(0, 3600)),
    "huntstop": Field("bool", unset=False),
    "primary": Field("bool", unset=False),
    "logged_in": Field("bool", unset=True),
}

HUNT_GROUP = Resource(
    name="hunt_group",
    plural="hunt_groups",
    keys=("id", "name"),
    fields={
        "id": Field("number"),
        "name": Field("name"),
        "policy": Field("choice", choices=POLICIES, clearable=False),
        "overflow_to": Field("phone"),
        "overflow_after": Field("int", limits=(0, 7200), clearable=False),
        "enabled": Field("bool", unset=True),
        "extension": Field("number"),
        "phone_number": Field("phone"),
    },
    items=Items("members", MEMBER_FIELDS, qualifier="stage", runtime=frozenset({"logged_in"})),
    directives=_DELETION,
    filters={
        "account": _RECORD,
        "available_members": Field("bool", unset=False),
        "same_group_only": Field("bool", unset=False),
        "department": Field(limits=(1, 50)),
        "sign_in_history_from": Field("text"),
    },
    in_tenant=True,
    after=("extension",),
    claims={"id": "number"},
    references=(
        Reference("members.extension", "rings"),
        Reference("overflow_to", "overflows to"),
    ),
    has_settings=True,
)

EXTENSION = Resource(
    name="extension",
    plural="extensions",
    keys=("id",),
    fields={
        "id": Field("number"),
        "name": Field("name", clearable=False),
        "account": _RECORD,
    },
    directives=_DELETION,
    filters={
        "available": Field("bool"),
        "products": Field("names"),
        "active_calls": Field("bool"),
        "online": Field("bool"),
    },
    in_tenant=True,
    claims={"id": "number", "account": "account"},
    has_settings=True,
)

DESTINATION_FIELDS: Mapping[str, Field] = {
    "name": Field("name", limits=(1, 128), clearable=False),
    "number": Field("phone", clearable=False),
    "timeout": Field("int", unset=0, limits=(0, 3600)),
    "active": Field("bool", unset=False),
    "domain": Field(limits=(1, 255)),
    "keep_original_cld": Field("bool", unset=False),
    "keep_original_cli": Field("choice", choices=("caller", "forwarder", "caller_number")),
    "period": Field("period", limits=(0, 1000)),
    "period_description": Field(limits=(1, 255)),
    "rings": Field("int", limits=(0, 20), clearable=False),
    "answer_confirmation": Field("bool", unset=False),
}

FORWARDING = Field(
    "dict",
    nested={
        "always": Field("phone", limits=(1, 161)),
        "busy": Field("phone", limits=(1, 161)),
        "no_answer": Field("phone", limits=(1, 161)),
        "no_answer_after": Field("int", limits=(1, 3600)),
        "not_registered": Field("phone", limits=(1, 161)),
    },
    partial=True,
    clearable=False,
)

FOLLOW_ME = Resource(
    name="follow_me",
    plural="follow_me",
    keys=("account",),
    fields={"account": Field("number", limits=(1, 161), clearable=False), "forwarding": FORWARDING},
    items=Items("destinations", DESTINATION_FIELDS, labels=("name", "number"), ordered=True),
    in_tenant=True,
    after=("extension", "hunt_group"),
    references=(
        Reference("destinations.number", "forwards calls to"),
        *(
            Reference(f"forwarding.{part}", "forwards calls to")
            for part in FORWARDING.nested
            if part != "no_answer_after"
        ),
    ),
    always_there=True,
    has_settings=True,
)

HUNT_GROUP_WEIGHTS = Resource(
    name="hunt_group_weights",
    plural="hunt_group_weights",
    keys=("hunt_group",),
    fields={"hunt_group": Field("text"), "policy": Field("choice", choices=POLICIES, read_only=True)},
    items=Items(
        "weights",
        {
            "extension": Field("number", required=True),
            "weight": Field("int", unset=0, limits=(0, 100), required=True, clearable=False),
        },
    ),
    directives={"allow_any_total": Field("bool", unset=False), "ensure_policy": Field("bool", unset=False)},
    always_there=True,
    states=(),
)

AGENT = Resource(
    name="agent",
    plural="agents",
    keys=("account",),
    fields={"account": _RECORD},
    items=Items(
        "sign_ins",
        {"id": Field("number"), "logged_in": Field("bool", unset=True)},
        labels=("id",),
        exhaustive=False,
        declarable=False,
    ),
    directives={
        "hunt_groups": Field("names"),
        "wrapup": Field("bool", unset=False),
        "service_password": Field(secret=True),
        "environment_id": Field("int", limits=(1, 2**31 - 1)),
        "hashed_account": Field(secret=True),
    },
    always_there=True,
    states=("logged_in", "logged_out"),
    has_info=False,
)

_ALL = (EXTENSION, HUNT_GROUP, FOLLOW_ME, HUNT_GROUP_WEIGHTS, AGENT)
# Resources by name. A further kind of object is a further entry here.
RESOURCES: dict[str, Resource] = {resource.name: resource for resource in _ALL}


def tenant_resources() -> list[Resource]:
    """The resources that are lists of a tenant, each behind those that it comes after."""
    placed: list[Resource] = []
    waiting = [resource for resource in RESOURCES.values() if resource.in_tenant]
    while waiting:
        names = {resource.name for resource in waiting}
        ready = [resource for resource in waiting if not names & set(resource.after)]
        if not ready:
            raise ValueError(f"the catalogue has resources that come after each other: {', '.join(sorted(names))}")
        placed += ready
        waiting = [resource for resource in waiting if resource not in ready]
    return placed


def tenant_lists() -> dict[str, Resource]:
    """The lists of a tenant by the names that users write: plural -> resource."""
    return {resource.plural: resource for resource in tenant_resources()}


def modules() -> dict[str, tuple[Resource, bool]]:
    """The modules that are about one resource: name -> (resource, whether it only reads)."""
    writing = {resource.name: (resource, False) for resource in RESOURCES.values()}
    reading = {f"{resource.name}_info": (resource, True) for resource in RESOURCES.values() if resource.has_info}
    return {**writing, **reading}
