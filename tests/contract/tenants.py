# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole tenants: what is declared on each backend, how it looks in the simulator, and calls of the tenant modules."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.telephony.pbx.plugins.module_utils.entry import run
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import tenant_lists
from ansible_collections.telephony.pbx.tests.contract.cases import (
    DOMAIN,
    USER,
    USER1,
    USER2,
    State,
    Values,
    apio_groups,
)
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.views import (
    apio_empty,
    apio_groups_of,
    apio_view,
    porta_empty,
    porta_groups_of,
    porta_view,
    vodia_empty,
    vodia_groups_of,
    vodia_view,
)


# -- declared tenants ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Whole:
    """A tenant of one backend: declared, changed, and how the simulator holds it.

    document: everything that the backend can write. update: a second declaration of the same objects. requests: how many
    requests an unchanged run of `document` sends. damage: what somebody does to it by hand. kinds: the lists that the
    backend has.
    """

    document: Values
    update: Values
    view: Callable[[State], Values]
    empty: Callable[[State], None]
    groups_of: Callable[[State], dict[str, list[str]]]
    damage: Callable[[State], None]
    requests: int
    kinds: tuple[str, ...] = ("hunt_groups",)
    spelt: dict[str, str] = field(default_factory=dict)


def numbered(*rows: tuple[str, str, int]) -> list[Values]:
    return [{"id": number, "name": name, "account": account} for number, name, account in rows]


def porta_damage(state: State) -> None:
    ours = state["customers"]["10"]
    next(one for one in ours["extensions"].values() if one["id"] == "101")["name"] = "Somebody"
    next(one for one in ours["groups"].values() if one["id"] == "0260")["hunt_sequence"] = "Random"
    next(row for row in state["follow_me_numbers"].values() if row["name"] == "Mobile")["timeout"] = 7


PORTASWITCH = Whole(
    document={
        "extensions": numbered(
            ("101", "Alice Reception", 700001),
            ("102", "Bob Sales", 700002),
            ("103", "Carla Sales", 700003),
            ("0111", "Zoë Nightshift", 700007),
        ),
        "hunt_groups": [
            {
                "id": "0250",
                "name": "Night watch",
                "policy": "simultaneous",
                "members": [{"extension": "0111", "primary": True}, {"extension": "103"}],
            },
            {
                "id": "0260",
                "name": "Sales desk",
                "policy": "regular",
                "members": [
                    {"extension": "102", "ring_time": 20, "huntstop": True},
                    {"extension": "101", "ring_time": 15, "huntstop": False},
                ],
                "settings": {"HuntKeepOriginalCli": "I", "PickupAllowed": "N"},
            },
        ],
        "follow_me": [
            {
                "account": 700001,
                "destinations": [
                    {"name": "Mobile", "number": "32470123456", "timeout": 20, "active": True},
                    {"name": "Home", "number": "3227654321", "timeout": 25, "period": "hr{8-18} wd{mo-fri}"},
                ],
            },
            {"account": 700002, "destinations": [{"name": "Car", "number": "32477999888", "timeout": 15}]},
        ],
    },
    update={
        "extensions": numbered(("101", "Alice Front Desk", 700001), ("0111", "Zoë Nightshift", 700007)),
        "hunt_groups": [
            {"id": "0250", "policy": "random", "members": [{"extension": "101"}]},
            {"id": "0260", "name": "Sales EU", "members": [{"extension": "101"}, {"extension": "103"}]},
        ],
        "follow_me": [
            {
                "account": 700001,
                "destinations": [
                    {"name": "Home", "number": "3227654321", "timeout": 30},
                    {"name": "Desk", "number": "3221112233", "timeout": 10},
                ],
            }
        ],
    },
    view=porta_view,
    empty=porta_empty,
    groups_of=porta_groups_of,
    damage=porta_damage,
    requests=2 + 2,  # both lists, and one for each account with follow-me
    kinds=("extensions", "hunt_groups", "follow_me"),
)


def vodia_damage(state: State) -> None:
    accounts = state["domains"]["localhost"]["accounts"]
    accounts["0150"]["settings"].update(st1_ext="446", disabled="true")
    accounts["0160"]["settings"]["display"] = "Somebody"


VODIA = Whole(
    document={
        "extensions": [
            *({"id": number, "name": f"{name} Example"} for number, name in (("440", "Ada"), ("443", "Ben"))),
            *({"id": number, "name": f"{name} Example"} for number, name in (("444", "Cleo"), ("445", "Dan"))),
            {"id": "446", "name": "Eve Example", "settings": {"alias": ["8446"]}},
            {"id": "447", "name": "Hanna van Dam", "settings": {"email_address": "hanna@example.com", "ani": "0447"}},
        ],
        "hunt_groups": [
            {
                "id": "0150",
                "name": "Night watch",
                "members": [{"extension": "446", "stage": 1}, {"extension": "445", "stage": 2}],
                "overflow_to": "8572665588",
                "enabled": True,
                "settings": {"melody": "ringer6", "st1_dur": 15, "connect": True, "alias": ["0151"]},
            },
            {"id": "0160", "name": "Sales", "members": [{"extension": "444", "stage": 1}], "overflow_to": "440"},
        ],
        "follow_me": [
            {"account": "440", "forwarding": {"no_answer": "444", "no_answer_after": 20}},
            {"account": "447", "forwarding": {"always": "440", "not_registered": "+32470123456"}},
        ],
    },
    update={
        "extensions": [
            {"id": "446", "settings": {"alias": []}},
            {"id": "447", "name": "Hanna Dam", "settings": {"email_address": ""}},
        ],
        "hunt_groups": [
            {
                "id": "0150",
                "members": [{"extension": "443", "stage": 1}, {"extension": "446", "stage": 2}],
                "overflow_to": "",
                "settings": {"melody": "", "st1_dur": 20},
            },
            {"id": "0160", "name": "Sales EU", "members": [{"extension": "445", "stage": 1}]},
        ],
        "follow_me": [{"account": "440", "forwarding": {"no_answer": "", "busy": "445"}}],
    },
    view=vodia_view,
    empty=vodia_empty,
    groups_of=vodia_groups_of,
    damage=vodia_damage,
    requests=2 + 2 + 6,  # both lists, one for each group and one for each extension with its forwarding
    kinds=("extensions", "hunt_groups", "follow_me"),
)


def apio_damage(state: State) -> None:
    one = apio_groups(state)[f"nightwatch@{DOMAIN}"]
    one.update(policy="Circular", agents=one["agents"][:1])
    apio_groups(state)[f"sales@{DOMAIN}"]["serviceInstanceProfile"]["name"] = "Somebody"


def names(last: str) -> Values:
    return {"serviceInstanceProfile": {"cliLastName": last, "cliFirstName": "Group"}}


APIO = Whole(
    document={
        "hunt_groups": [
            {
                "id": f"nightwatch@{DOMAIN}",
                "name": "Night watch",
                "policy": "weighted",
                "members": [{"extension": USER, "weight": 60}, {"extension": USER1, "weight": 40}],
                "overflow_to": "+3225126777",
                "overflow_after": 30,
                "enabled": True,
                "extension": "4200",
                "phone_number": "+3225126999",
                "settings": {"noAnswerNumberOfRings": 3, **names("Watch")},
            },
            {
                "id": f"sales@{DOMAIN}",
                "name": "Sales",
                "policy": "regular",
                "members": [{"extension": USER2}, {"extension": USER1}],
                "settings": names("Sales"),
            },
        ],
        "follow_me": [
            {
                "account": USER,
                "destinations": [{"number": "+32470123456", "rings": 5}, {"number": "+32477999888", "rings": 3}],
                "forwarding": {"busy": "4001"},
                "settings": {"callerMayStopSearch": True},
            },
            {"account": USER1, "forwarding": {"always": "+3225126555"}, "settings": {"ringSplashActive": True}},
        ],
    },
    update={
        "hunt_groups": [
            {
                "id": f"nightwatch@{DOMAIN}",
                "members": [{"extension": USER2, "weight": 70}, {"extension": USER1, "weight": 30}],
                "overflow_to": "",
                "extension": "4201",
                "settings": {"noAnswerNumberOfRings": 7},
            },
            {"id": f"sales@{DOMAIN}", "name": "Sales EU", "members": [{"extension": USER1}, {"extension": USER2}]},
        ],
        "follow_me": [
            {
                "account": USER,
                "destinations": [{"number": "+3221112233", "rings": 4}, {"number": "+32470123456"}],
                "forwarding": {"busy": ""},
            }
        ],
    },
    view=apio_view,
    empty=apio_empty,
    groups_of=apio_groups_of,
    damage=apio_damage,
    requests=2 + 2 + 2 * 3,  # both lists, one for each group and three for each user
    kinds=("hunt_groups", "follow_me"),
)

WHOLE = {"portaswitch": PORTASWITCH, "vodia": VODIA, "apio": APIO}


class Tenant(Site):
    """A site whose whole tenant is managed. Every result is checked for what all of them have in common."""

    def __init__(self, site: Site) -> None:
        super().__init__(site.case, site.vendor, "")
        self.url, self.pauses = site.url, site.pauses
        self.whole = WHOLE[site.case.backend]

    @property
    def view(self) -> Values:
        return self.whole.view(self.state)

    def emptied(self) -> None:
        self.whole.empty(self.vendor.state)

    def run(self, declared: Values | None = None, check_mode: bool = False, **more: Any) -> Values:
        """Call tenant. The log of the simulator holds this call's requests only, afterwards."""
        self.vendor.log = []
        options = {"max_deletions": "", **self.options(declared, **more)}  # tests of limits write their own
        result = run.run("tenant", options, check_mode=check_mode, environment={})
        self._check_shape(result, check_mode)
        return result

    def done(self, declared: Values | None = None, **more: Any) -> Values:
        result = self.run(declared, **more)
        assert not result.get("failed"), result["msg"]
        return result

    def unchanged(self, declared: Values | None = None, **more: Any) -> Values:
        before = self.state
        result = self.done(declared, **more)
        assert (result["changed"], result["verdict"], self.vendor.writes()) == (False, "clean", []), result["plan"]
        assert "diff" not in result and "journal" not in result and "backup" not in result
        assert self.state == before
        return result

    def export(self) -> Values:
        """The lists of tenant_info, as they can be given to tenant."""
        self.vendor.log = []
        result = run.run("tenant_info", self.options(), check_mode=False, environment={})
        assert not result.get("failed"), result["msg"]
        assert (result["changed"], result["requests"], self.vendor.writes()) == (False, len(self.vendor.log), [])
        assert not any(secret in json.dumps(result) for secret in self.case.secrets)
        missing = set(self.whole.kinds) - set(result)
        assert missing == {kind for kind in missing if any(kind in warning for warning in result["warnings"])}
        return {kind: result[kind] for kind in tenant_lists() if kind in result}


def actions(result: Values) -> dict[str, str]:
    """What is planned or done, by object."""
    return {f"{step['resource']} {step['id']}": step["action"] for step in result["plan"]}


def statuses(result: Values) -> dict[str, str]:
    return {f"{step['resource']} {step['id']}": step["status"] for step in result["plan"]}


def whole(tenant: Tenant) -> Values:
    """The declared tenant, for a test to change."""
    return copy.deepcopy(tenant.whole.document)
