# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backend x resource: what is declared of each, what changes then, and how the simulator's own state has to look.

The laws in test_laws.py, test_faults.py and test_dialects.py run over all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.telephony.pbx.tests.contract import follow_me_rows as porta_rows
from ansible_collections.telephony.pbx.tests.contract import user_services
from ansible_collections.telephony.pbx.tests.contract import vodia_extensions as vodia
from ansible_collections.telephony.pbx.tests.contract.cases import (
    CASES,
    DOMAIN,
    USER,
    USER1,
    Case,
    State,
    Values,
    apio_groups,
    frozen,
)
from ansible_collections.telephony.pbx.tests.contract.life import Life, without


# -- hunt groups: the table of test cases ----------------------------------------------------------------------------
def group_life(case: Case) -> Life:
    def shown(declared: Values, state: State) -> tuple[Any, Any]:
        if declared.get("state") == "absent":
            return [], case.find(state)
        return case.compared(declared, state)

    clears = tuple((options, fields) for options, fields in case.clears)
    return Life(
        case.backend, "hunt_group", case.group, case.update, case.changed, shown, case.rest, case.requests, case.damage,
        case.damaged, clears=clears,
    )  # fmt: skip


# -- extensions --------------------------------------------------------------------------------------------------------
def porta_extensions(state: State) -> dict[str, Values]:
    """The extensions of the customer by number."""
    rows = list(state["customers"]["10"]["extensions"].values())
    assert len({row["id"] for row in rows}) == len(rows)
    return {row["id"]: row for row in rows}


def porta_extension_shown(declared: Values, state: State) -> tuple[Any, Any]:
    row = porta_extensions(state).get(declared["id"])
    wanted = None if "state" in declared else (declared["name"], declared["account"])
    return wanted, row and (row["name"], row["i_account"])


def porta_extension_rest(state: State) -> State:
    customer = state["customers"]["10"]
    kept = {key: row for key, row in customer["extensions"].items() if row["id"] != "0112"}
    return {
        **without(state, "next"),
        "customers": {**state["customers"], "10": {**customer, "extensions": kept}},
    }


def porta_extension_damage(state: State) -> None:
    porta_extensions(state)["0112"]["name"] = "Somebody"


PORTA_NEW: Values = {"id": "0112", "name": "Hanna Support", "account": 700009}
PORTA_EXTENSION = Life(
    "portaswitch", "extension", PORTA_NEW, {**PORTA_NEW, "name": "Hanna / Sales"}, frozen("name"), porta_extension_shown,
    porta_extension_rest, {"create": 4, "again": 1, "update": 3, "delete": 4}, porta_extension_damage, frozen("name"),
)  # fmt: skip


def vodia_extension_shown(declared: Values, state: State) -> tuple[Any, Any]:
    account = vodia.accounts(state).get(declared["id"])
    if "state" in declared or not account:
        return (None if "state" in declared else declared), account
    stored = account["settings"]
    first, _blank, last = declared["name"].partition(" ")
    wanted = {"first_name": first, "display_name": last}
    for name, value in declared["settings"].items():
        wanted[name] = {True: "true", False: "false"}[value] if isinstance(value, bool) else value
    wanted["alias"] = [declared["id"], *wanted.get("alias", [])]
    wanted["max_cdrs"] = str(wanted.get("max_cdrs", stored["max_cdrs"]))
    return wanted, {name: stored[name] for name in wanted}


def vodia_extension_damage(state: State) -> None:
    vodia.accounts(state)["0447"]["settings"].update(mb_enable="false", first_name="Some")


VODIA_EXTENSION = Life(
    "vodia",
    "extension",
    declared=vodia.NEW,
    update={
        "id": "0447",
        "name": "Hanna Dam",
        "settings": {"mb_enable": False, "email_address": "", "max_cdrs": "", "alias": []},
    },  # fmt: skip
    changed=frozen("name", *(f"settings.{n}" for n in "alias display_name email_address max_cdrs mb_enable".split())),
    shown=vodia_extension_shown,
    rest=lambda state: vodia.rest(state, "0447"),
    requests={"create": 7, "again": 2, "update": 5, "delete": 9},
    damage=vodia_extension_damage,
    damaged=frozen("name", "settings.mb_enable", "settings.first_name"),
    clears=(
        ({"settings": {"email_address": ""}}, frozen("email_address")),
        ({"settings": {"mb_enable": ""}}, frozen("mb_enable")),
        ({"settings": {"alias": []}}, frozen("alias")),
    ),
    secrets=vodia.CREDENTIALS,
)


# -- follow-me -----------------------------------------------------------------------------------------------------------
def porta_follow_me_shown(declared: Values, state: State) -> tuple[Any, Any]:
    cli = {"caller": "Y", "forwarder": "N", "caller_number": "I"}
    wanted = [
        (one["name"], one["number"], one["timeout"], one["domain"], one["active"], one["keep_original_cld"],
         cli[one["keep_original_cli"]], one["period"], one["period_description"])
        for one in declared.get("destinations", [])
    ]  # fmt: skip
    found = [
        (row["name"], row["redirect_number"], row["timeout"], row["domain"], row["active"] == "Y",
         row["keep_original_cld"] == "Y", row["keep_original_cli"], row["period"], row["period_description"])
        for row in porta_rows.stored(state, porta_rows.EMPTY)
    ]  # fmt: skip
    return wanted, found


def porta_follow_me_damage(state: State) -> None:
    porta_rows.stored(state, porta_rows.EMPTY)[0]["timeout"] = 1


DESK, CAR = porta_rows.FULL
CELL = {**CAR, "name": "Cell", "number": "3225550000"}
PORTA_FOLLOW_ME = Life(
    "portaswitch",
    "follow_me",
    declared={"account": porta_rows.EMPTY, "destinations": [DESK, CAR]},
    update={"account": porta_rows.EMPTY, "destinations": [CELL, {**DESK, "timeout": 11}]},
    changed=frozen(
        "destinations[Car].name", "destinations[Car].number", "destinations[Desk].timeout", "destinations.order"
    ),
    shown=porta_follow_me_shown,
    rest=lambda state: porta_rows.others(state, porta_rows.EMPTY),
    requests={"create": 5, "again": 2, "update": 5, "delete": 5},  # the account has to be the customer's
    damage=porta_follow_me_damage,
    damaged=frozen("destinations[Desk].timeout"),
    keys=("account",),
    clears=(({"destinations": []}, frozen("follow_me_numbers")),),
)


def forwarding_shown(declared: Values, state: State) -> tuple[Any, Any]:
    wanted = {part: str(value) for part, value in declared.get("forwarding", {}).items()}
    if "state" in declared:
        wanted = dict.fromkeys(vodia.NUMBERS, "")
    return wanted, {part: vodia.forwarding(state, "440")[part] for part in wanted}


def forwarding_rest(state: State) -> State:
    stored = vodia.accounts(state)["440"]
    kept = {name: value for name, value in stored["settings"].items() if name not in vodia.KEYS.values()}
    rest = vodia.rest(state, "440")
    return {**rest, "440": {**stored, "settings": kept}}


def forwarding_damage(state: State) -> None:
    vodia.accounts(state)["440"]["settings"].update(cfb="446", cfr="")


VODIA_FOLLOW_ME = Life(
    "vodia",
    "follow_me",
    declared={"account": "440", "forwarding": {**vodia.NUMBERS, "no_answer_after": 25}},
    update={"account": "440", "forwarding": {"always": "", "busy": "446", "no_answer_after": 30}},
    changed=frozen("forwarding.always", "forwarding.busy", "forwarding.no_answer_after"),
    shown=forwarding_shown,
    rest=forwarding_rest,
    requests={"create": 4, "again": 2, "update": 4, "delete": 4},
    damage=forwarding_damage,
    damaged=frozen("forwarding.busy", "forwarding.not_registered"),
    keys=("account",),
    clears=tuple(({"forwarding": {part: ""}}, frozen(key)) for part, key in vodia.KEYS.items()),
    secrets=vodia.CREDENTIALS,
)


def ring_shown(declared: Values, state: State) -> tuple[Any, Any]:
    wanted: Values = {"destinations": [tuple(one.values()) for one in declared.get("destinations", [])]}
    wanted.update({part: declared.get("forwarding", {}).get(part, "") for part in ("always", "busy")})
    stored = user_services.services(state)
    found: Values = {"destinations": [row[1:] for row in user_services.ring(state)]}
    for part, service in (("always", "cfa"), ("busy", "cfb")):
        found[part] = stored[service]["destination"] if stored[service]["active"] else ""
    for name, value in declared.get("settings", {}).items():
        wanted[name] = value
        found[name] = {**stored["sequential_ring"], **stored["cfa"]}[name]
    return wanted, found


def ring_rest(state: State) -> State:
    group = user_services.group_of(state)
    kept = {user: services for user, services in group["user_services"].items() if user != USER}
    tenant = state["tenants"]["ApioSpTest"]
    groups = {**tenant["groups"], "ApioGrpTest": {**group, "user_services": kept}}
    return {**state, "tenants": {**state["tenants"], "ApioSpTest": {**tenant, "groups": groups}}}


def ring_damage(state: State) -> None:
    services = user_services.services(state)
    services["cfb"]["active"] = False
    services["sequential_ring"]["locations"][0]["numberOfRings"] = 9


ONE, TWO, THREE = user_services.ONE, user_services.TWO, user_services.THREE
APIO_FOLLOW_ME = Life(
    "apio",
    "follow_me",
    declared={
        "account": USER,
        "destinations": [ONE, TWO],
        "forwarding": {"always": "4001", "busy": "4002"},
        "settings": {"callerMayStopSearch": True},
    },  # fmt: skip
    update={
        "account": USER,
        "destinations": [{**TWO, "rings": 6}, THREE],
        "forwarding": {"always": "", "busy": "4002"},
        "settings": {"ringSplashActive": True},
    },  # fmt: skip
    changed=frozen(
        f"destinations[{ONE['number']}]",
        "destinations[4001].rings",
        f"destinations[{THREE['number']}]",
        "forwarding.always",
        "settings.ringSplashActive",
    ),  # fmt: skip
    shown=ring_shown,
    rest=ring_rest,
    requests={"create": 10, "again": 4, "update": 9, "delete": 10},  # the user has to be of the group
    damage=ring_damage,
    damaged=frozen("forwarding.busy", f"destinations[{ONE['number']}].rings"),
    keys=("account",),
    clears=(
        ({"destinations": []}, frozen("locations")),
        ({"forwarding": {"always": ""}}, frozen("active")),
        ({"forwarding": {"busy": ""}}, frozen("active")),
    ),
)

# -- weights and sign-ins --------------------------------------------------------------------------------------------------
PLAIN = f"APIOTestHuntGroup@{DOMAIN}"


def shares(one: int, other: int) -> list[Values]:
    return [{"extension": USER, "weight": one}, {"extension": USER1, "weight": other}]


def weights_shown(declared: Values, state: State) -> tuple[Any, Any]:
    stored = apio_groups(state)[PLAIN]
    return ("Weighted", {one["extension"]: one["weight"] for one in declared["weights"]}), (
        stored["policy"],
        stored["weights"],
    )


def weights_rest(state: State) -> State:
    stored = apio_groups(state)
    rest = {name: value for name, value in stored[PLAIN].items() if name not in ("policy", "weights")}
    return {"tenants": {**state, "tenants": 0}, "groups": {**stored, PLAIN: rest}}


def weights_damage(state: State) -> None:
    apio_groups(state)[PLAIN]["weights"][USER] = 11


WEIGHTS = Life(
    "apio",
    "hunt_group_weights",
    declared={"hunt_group": PLAIN, "weights": shares(10, 90), "ensure_policy": True},
    update={"hunt_group": PLAIN, "weights": shares(45, 55), "ensure_policy": True},
    changed=frozen(f"weights[{USER}].weight", f"weights[{USER1}].weight"),
    shown=weights_shown,
    rest=weights_rest,
    requests={"create": 6, "again": 2, "update": 5},
    damage=weights_damage,
    damaged=frozen(f"weights[{USER}].weight"),
    keys=("hunt_group",),
    end=None,
)

AGENT = 700004  # extension 104, a member of 99999, and in these tests of 200 too
BY_PASSWORD: Values = {"service_password": "secret-700004", "environment_id": 1}
BY_HASH: Values = {"hashed_account": "hash700004"}
# How an agent may be signed in and out: the options, and the route that does it.
WAYS: Mapping[str, tuple[Values, str]] = {
    "license": ({}, "CustomerHuntgroupaccess"),
    "service password": (BY_PASSWORD, "Huntgroupaccess"),
    "hash": (BY_HASH, "togglehuntgroups"),
    "wrap-up": ({"wrapup": True}, "ToggleExtensionStatus"),
    "no wrap-up": ({"wrapup": False}, "ToggleExtensionStatus"),
}
AGENT_SECRETS = ("secret-700004", "hash700004", "wrong-secret")


def agent_begin(state: State) -> None:
    table = state["memberships"]
    table["9010"] = {**table["9003"], "i_cg_ext": 9010, "i_c_ext": 5004, "position": 9010}
    state["next"].update(i_cg_ext=9011, position=9011)


def signed_in(state: State, i_c_ext: int = 5004) -> dict[str, bool]:
    """The groups of an extension by number, and whether its agent is signed in."""
    groups = state["customers"]["10"]["groups"]
    rows = [row for row in state["memberships"].values() if row["i_c_ext"] == i_c_ext]
    return {groups[str(row["i_c_group"])]["id"]: row["hunt_active"] == "Y" for row in rows}


def agent_shown(declared: Values, state: State) -> tuple[Any, Any]:
    found = signed_in(state)
    return dict.fromkeys(found, declared["state"] == "logged_in"), found


def agent_rest(state: State) -> State:
    """Without the server's own history of sign-ins."""
    rows = {
        key: {name: value for name, value in row.items() if name != "hunt_active" or row["i_c_ext"] != 5004}
        for key, row in state["memberships"].items()
    }
    return {**without(state, "next", "sign_ins"), "memberships": rows}


def agent_damage(state: State) -> None:
    state["memberships"]["9010"]["hunt_active"] = "Y"


def agent_life(way: str) -> Life:
    options, _route = WAYS[way]
    declared = {"account": AGENT, "state": "logged_out", **options}
    # the list; whose number it is; each sign-in, and the list after it
    requests = {"license": 6, "service password": 6, "hash": 5}.get(way, 4)
    return Life(
        "portaswitch", "agent", declared, {**declared, "state": "logged_in"},
        frozen("sign_ins[200].logged_in", "sign_ins[99999].logged_in"), agent_shown, agent_rest,
        {"create": requests, "again": 1, "update": requests}, agent_damage, frozen("sign_ins[200].logged_in"),
        keys=("account", *options), end=None, secrets=AGENT_SECRETS, begin=agent_begin, label=f" {way}",
    )  # fmt: skip


LIVES: dict[str, Life] = {
    life.name: life
    for life in (
        *map(group_life, CASES.values()),
        PORTA_EXTENSION, VODIA_EXTENSION, PORTA_FOLLOW_ME, VODIA_FOLLOW_ME, APIO_FOLLOW_ME, WEIGHTS, *map(agent_life, WAYS),
    )
}  # fmt: skip
