# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A telephone system in memory, for tests of the engine: it keeps what is written, unless a test tells it not to."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.telephony.pbx.plugins.module_utils.backends.client import VendorClient
from ansible_collections.telephony.pbx.plugins.module_utils.backends.contract import (
    Backend,
    Observed,
    RunContext,
    Store,
    WriteStep,
    only_match,
    same_name,
)
from ansible_collections.telephony.pbx.plugins.module_utils.engine.options import RunOptions
from ansible_collections.telephony.pbx.plugins.module_utils.engine.pipeline import Run
from ansible_collections.telephony.pbx.plugins.module_utils.errors import PBXError, Rejected, TransportError
from ansible_collections.telephony.pbx.plugins.module_utils.model import validate
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import (
    MEMBER_FIELDS,
    RESOURCES,
    Capability,
    Reference,
)
from ansible_collections.telephony.pbx.plugins.module_utils.model.validate import Declared
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Field, Values
from ansible_collections.telephony.pbx.plugins.module_utils.transport.session import (
    Answer,
    Login,
    Session,
    SessionOptions,
)

KEPT: Values = {"": "what is written is accepted, and not stored"}
IDENTITY = {"backend": "fake", "url": "https://pbx.example", "tenant": "t", "group": ""}
SETTINGS = {
    "alias": Field("phones"),
    "melody": Field(),
    "pin": Field(secret=True),
    "box": Field("dict", partial=True, nested={"size": Field("int", unset=0), "pin": Field(secret=True)}),
    "seen": Field(read_only=True),
    "template": Field(create_only=True, clearable=False),
}
_ALIAS = {"id": "number", "settings.alias": "number"}
CAPABILITIES = {
    "extension": Capability(
        options=frozenset({"id", "name", "account"}),
        settings=SETTINGS,
        claims={**_ALIAS, "account": "account"},
        parking={"settings.alias": []},
    ),
    "hunt_group": Capability(
        options=frozenset({"id", "name", "policy", "overflow_to", "enabled", "extension", "phone_number"}),
        member_options=frozenset(MEMBER_FIELDS) - {"stage"},
        policies={name: name for name in ("regular", "simultaneous")},
        settings={**SETTINGS, "night": Field("phone")},
        ordered_policies=frozenset({"regular"}),
        claims={**_ALIAS, "extension": "number", "phone_number": "number"},
        references=(Reference("settings.night", "closes to"),),
        parking={"settings.alias": [], "extension": "", "phone_number": ""},
    ),
    "follow_me": Capability(
        options=frozenset({"account", "forwarding", "forwarding.always", "forwarding.busy"}),
        member_options=frozenset({"name", "number", "timeout"}),
        member_identity=("number",),
    ),
}
_BLANK: dict[str, Values] = {
    "extension": {"name": "", "account": "", "settings": {}},
    "hunt_group": {
        "name": "",
        "policy": "regular",
        "members": [],
        "overflow_to": "",
        "enabled": True,
        "extension": "",
        "phone_number": "",
        "settings": {},
    },
    "follow_me": {"forwarding": {}, "destinations": []},
}


@dataclass
class System:
    """What is stored, by resource and key; and how it misbehaves.

    on_write gets "update extension 101" and the values, and returns what is stored (KEPT: nothing), or raises. on_read
    gets the resource and the key before an object is read. renamed: the key that a new object gets, by the declared one.
    """

    objects: dict[str, dict[str, Values]] = field(default_factory=lambda: {name: {} for name in _BLANK})
    written: list[str] = field(default_factory=list)
    on_write: Callable[[str, Values | None], Values | None] = lambda what, values: values
    on_read: Callable[[str, str], None] = lambda resource, key: None
    on_list: Callable[[str], None] = lambda resource: None
    renamed: dict[str, str] = field(default_factory=dict)
    lost: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)
    besides: list[Values] = field(default_factory=list)
    now: float = 1000.0
    naps: list[float] = field(default_factory=list)

    def has(self, resource: str, key: str, **values: Any) -> System:
        keys = {RESOURCES[resource].key: key}
        self.objects[resource][key] = {**copy.deepcopy(_BLANK[resource]), **keys, **values}
        return self

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds

    def put(self, how: str, resource: str, key: str, values: Values | None) -> None:
        """Store what is written. Raises Rejected where a number belongs to another object."""
        self._check_free(resource, key, values)
        stored = self.on_write(f"{how} {resource} {key}", values)
        self.written.append(f"{how} {resource} {key}")
        if stored is KEPT:
            return
        if stored is None:
            self.objects[resource].pop(key, None)
        else:
            self.objects[resource][key] = copy.deepcopy(stored)

    def _check_free(self, resource: str, key: str, values: Values | None) -> None:
        for other, objects in self.objects.items():
            for name, one in list(objects.items()):  # other threads write too
                if (other, name) != (resource, key) and other != "follow_me" != resource and values:
                    both = numbers_of(one) & numbers_of(values)
                    if both:
                        raise Rejected(f"the number {min(both)} belongs to {other} {name}")


def numbers_of(values: Values) -> set[str]:
    written = [values.get("id"), values.get("extension"), values.get("phone_number")]
    return {str(one) for one in [*written, *values.get("settings", {}).get("alias", [])] if one}


class Client(VendorClient):
    vendor = "fake"

    def __init__(self, session: Session, system: System) -> None:
        super().__init__(session)
        self.system = system

    def refusal(self, answer: Answer) -> PBXError | None:
        return None

    def decode(self, answer: Answer, write: bool) -> Any:
        return answer

    def put(self, how: str, resource: str, key: str, values: Values | None) -> None:
        self.writes.sent += 1
        try:
            self.system.put(how, resource, key, values)
        except TransportError as error:
            self.writes.sent -= not error.in_doubt
            raise
        self.writes.accepted += 1


class Objects(Store):
    """Any kind of object: by its key, or by its name."""

    client: Client

    @property
    def _stored(self) -> dict[str, Values]:
        return self.client.system.objects[self.resource.name]

    def find(self, declared: Declared) -> Observed | None:
        system, key = self.client.system, str(declared.values.get(self.resource.key) or "")
        system.on_read(self.resource.name, declared.label)
        if not key:
            names = [one for one in self._stored if same_name(self._stored[one]["name"], declared.values["name"])]
            key = only_match(declared.place, "name", names, names) or ""
        if key not in self._stored and self.resource.always_there:
            return Observed({self.resource.key: key, **copy.deepcopy(_BLANK[self.resource.name])})
        return Observed(copy.deepcopy(self._stored[key])) if key in self._stored else None

    def read_all(self) -> list[Observed]:
        self.client.system.on_list(self.resource.name)
        return [Observed(copy.deepcopy(one)) for one in list(self._stored.values())]

    def lost(self, current: Observed) -> tuple[list[str], list[str]]:
        return self.client.system.lost.get(str(current.values[self.resource.key]), ([], []))

    def side_effects(self, step: WriteStep) -> list[Values]:
        return [one for one in self.client.system.besides if self.resource.key in one]

    def create(self, step: WriteStep) -> str | None:
        asked = str(step.target.get(self.resource.key) or f"n{len(self._stored)}")
        key = self.client.system.renamed.get(asked, asked)
        blank = copy.deepcopy(_BLANK[self.resource.name])
        self.client.put("create", self.resource.name, key, {**blank, **step.target, self.resource.key: key})
        return key if key != step.declared.values.get(self.resource.key) else None

    def update(self, step: WriteStep) -> str | None:
        assert step.current
        key = str(step.current.values[self.resource.key])
        self.client.put("update", self.resource.name, key, {**step.target, self.resource.key: key})
        return None

    def delete(self, step: WriteStep) -> None:
        assert step.current
        self.client.put("delete", self.resource.name, str(step.current.values[self.resource.key]), None)


class Extensions(Objects):
    resource, capability = RESOURCES["extension"], CAPABILITIES["extension"]


class HuntGroups(Objects):
    """Their list shows keys and names only."""

    resource, capability = RESOURCES["hunt_group"], CAPABILITIES["hunt_group"]

    def list_keys(self) -> dict[str, Observed | None]:
        self.client.system.on_list("hunt_group")
        return dict.fromkeys(self._stored)

    def list_names(self) -> dict[str, str]:
        return {key: str(one["name"]) for key, one in self._stored.items()}


class FollowMe(Objects):
    resource, capability = RESOURCES["follow_me"], CAPABILITIES["follow_me"]
    lists_cheaply = False


STORES: dict[str, type[Objects]] = {"extension": Extensions, "hunt_group": HuntGroups, "follow_me": FollowMe}


def backend(system: System, **capabilities: Capability) -> Backend:
    """The system as a run sees it. capabilities: in place of those of a resource."""
    session = Session(SessionOptions(url=IDENTITY["url"], rate_limit=0, read_only=False), Login())
    stores = {name: type(name, (store,), {}) for name, store in STORES.items()}
    for name, capability in capabilities.items():
        stores[name] = type(name, (STORES[name],), {"capability": capability})
    return Backend("fake", IDENTITY, session, Client(session, system), stores)


def context(system: System, **more: Any) -> RunContext:
    given = {"settle": (), "clock": system.clock, "sleep": system.sleep, "standalone": False}
    return RunContext(**{**given, **more})


def declared(resource: str, path: str = "", **options: Any) -> Declared:
    return validate.declare(RESOURCES[resource], options, CAPABILITIES[resource], "fake", path)


def extension(number: str, path: str = "", **options: Any) -> Declared:
    return declared("extension", path, id=number, **options)


def group(number: str, *members: str, path: str = "", **options: Any) -> Declared:
    more = {"members": [{"extension": one} for one in members]} if members else {}
    return declared("hunt_group", path, id=number, **{**more, **options})


def members(*numbers: str, **options: Any) -> list[Values]:
    return [{"extension": number, **options} for number in numbers]


def run(system: System, *objects: Declared, on: Backend | None = None, asked: Values | None = None, **more: Any) -> Run:
    """A whole run. asked: options of the run; more: what its context differs in."""
    made = Run(on or backend(system), objects, RunOptions(**(asked or {})), context(system, **more))
    made.carry_out()
    return made
