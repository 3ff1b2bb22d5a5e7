# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between the backends in the contract tests: one `Case` each.

A case looks at the simulator's own state, never at what the client says about it.
"""

from __future__ import annotations

import base64

from ansible_collections.telephony.pbx.tests.contract.case import Case, State, Values, copied, differences, frozen

__all__ = ["APIO", "CASES", "PORTASWITCH", "VODIA", "Case", "State", "Values", "copied", "differences", "frozen"]

# The managed group of every case has a name that begins like this, so that a second one would be noticed.
NAME = "Night watch"
DOMAIN = "sip.netaxis.be"
USER, USER1, USER2, FOO = (f"{name}@{DOMAIN}" for name in ("ApioUserTest", "ApioUserTest1", "ApioUserTest2", "foouser"))
DEPARTMENT = {"tenantId": "ApioSpTest", "groupId": "ApioGrpTest", "departmentName": "test_department_initial"}
PARENT_DEPARTMENT = {**DEPARTMENT, "departmentName": "test_department_parent_1"}

# -- PortaSwitch -----------------------------------------------------------------------------------------------------
PORTA_POLICIES = {"Order": "regular", "Random": "random", "Simultaneous": "simultaneous", "LeastUsed": "least_used"}


def porta_groups(state: State) -> list[Values]:
    return [
        one
        for customer in state["customers"].values()
        for one in customer["groups"].values()
        if one["id"] == PORTASWITCH.group["id"] or str(one["name"]).startswith(NAME)
    ]


def porta_members(state: State, i_c_group: int) -> list[Values]:
    rows = [row for row in state["memberships"].values() if row["i_c_group"] == i_c_group]
    extensions = state["customers"]["10"]["extensions"]
    return [
        {
            "extension": extensions[str(row["i_c_ext"])]["id"],
            "ring_delay": row["hunt_delay"] or 0,
            "ring_time": row["hunt_expire"] or 0,
            "huntstop": row["huntstop"] == "Y",
            "primary": row["primary_group"] == "Y",
            "logged_in": row["hunt_active"] == "Y",
        }
        for row in sorted(rows, key=lambda row: row["position"])
    ]


def porta_find(state: State) -> list[Values]:
    return [
        {
            "id": one["id"],
            "name": one["name"],
            "policy": PORTA_POLICIES[one["hunt_sequence"]],
            "members": porta_members(state, one["i_c_group"]),
            "settings": {
                "HuntKeepOriginalCli": one["hunt_keep_original_cli"],
                "PickupAllowed": one["pickup_allowed"],
            },
        }
        for one in porta_groups(state)
    ]


def porta_rest(state: State) -> State:
    """Without the counters too: numbers once given out stay used."""
    own = {one["i_c_group"] for one in porta_groups(state)}
    rest = copied(state)
    del rest["next"]
    rest["memberships"] = {key: row for key, row in rest["memberships"].items() if row["i_c_group"] not in own}
    rest["sign_ins"] = [row for row in rest["sign_ins"] if row["i_c_group"] in (301, 302, 303)]
    for customer in rest["customers"].values():
        customer["groups"] = {key: one for key, one in customer["groups"].items() if one["i_c_group"] not in own}
    return rest


def porta_damage(state: State) -> None:
    one = porta_groups(state)[0]
    one["hunt_sequence"] = "Random"
    row = next(row for row in state["memberships"].values() if row["i_c_group"] == one["i_c_group"])
    row["hunt_expire"] = 99


PORTASWITCH = Case(
    backend="portaswitch",
    path="",
    connection={"token": "demo-license-4711", "tenant": "10"},
    secrets=("demo-license-4711", "wrong-license-0815"),
    group={
        "id": "0250",
        "name": NAME,
        "policy": "regular",
        "members": [
            {"extension": "106", "ring_delay": 0, "ring_time": 20, "huntstop": True},
            {"extension": "105", "ring_delay": 5, "ring_time": 15, "primary": True, "logged_in": False},
            {"extension": "0111"},
        ],
        "settings": {"HuntKeepOriginalCli": "I", "PickupAllowed": "N"},
    },
    update={
        "id": "0250",
        "name": f"{NAME} B",
        "members": [
            {"extension": "0111"},
            {"extension": "106", "ring_time": 25, "huntstop": False},
            {"extension": "104", "ring_delay": 3},
        ],
        "settings": {"HuntKeepOriginalCli": "Y"},
    },
    changed=frozen(
        "name",
        "members.order",
        "members[105]",
        "members[106].ring_time",
        "members[106].huntstop",
        "members[104]",
        "settings.HuntKeepOriginalCli",
    ),
    # create: both lists, a POST for each run of members with the same options, a signing out, the list between and after
    requests={"create": 8, "again": 1, "update": 7, "delete": 3},
    tweaks=(
        ({"name": f"{NAME} C"}, frozen("name")),
        ({"policy": "least_used"}, frozen("hunt_sequence")),
        ({"settings": {"HuntKeepOriginalCli": "N"}}, frozen("hunt_keep_original_cli")),
        ({"settings": {"PickupAllowed": True}}, frozen("pickup_allowed")),
    ),
    clears=(({"members": []}, frozen("memberships")),),
    find=porta_find,
    rest=porta_rest,
    damage=porta_damage,
    damaged=frozen("policy", "members[106].ring_time"),
    taken="200",
)


# -- Vodia -------------------------------------------------------------------------------------------------------------
def vodia_numbers(state: State) -> list[str]:
    accounts = state["domains"]["localhost"]["accounts"]
    return [
        number
        for number, account in accounts.items()
        if number == VODIA.group["id"] or str(account["settings"].get("display", "")).startswith(NAME)
    ]


def vodia_find(state: State) -> list[Values]:
    accounts = state["domains"]["localhost"]["accounts"]
    found = []
    for number in vodia_numbers(state):
        stored = accounts[number]["settings"]
        members = [
            {"extension": extension, "stage": stage}
            for stage in (1, 2, 3)
            for extension in stored.get(f"st{stage}_ext", "").split()
        ]
        booleans = {name: {"true": True, "false": False}.get(stored.get(name, ""), "") for name in ("connect", "rec")}
        found.append(
            {
                "id": number,
                "name": stored.get("display", ""),
                "members": members,
                "overflow_to": stored.get("st4_ext", ""),
                "enabled": stored.get("disabled", "") != "true",
                "settings": {
                    **booleans,
                    "melody": stored.get("melody", ""),
                    "st1_dur": stored.get("st1_dur", ""),
                    "alias": [alias for alias in stored["alias"] if alias != number],
                },
            }
        )
    return found


def vodia_rest(state: State) -> State:
    rest = copied(state)
    for number in vodia_numbers(state):
        del rest["domains"]["localhost"]["accounts"][number]
    return rest


def vodia_damage(state: State) -> None:
    stored = state["domains"]["localhost"]["accounts"]["0150"]["settings"]
    stored.update(st1_ext="446", disabled="true")


# What HTTP Basic makes of admin@localhost and the password
TENANT_BASIC = base64.b64encode(b"admin@localhost:demo-password").decode()

VODIA = Case(
    backend="vodia",
    path="",
    connection={"username": "admin", "password": "demo-password", "tenant": "localhost", "country_code": "1"},
    secrets=("demo-password", "wrong-password-0815", TENANT_BASIC),
    group={
        "id": "0150",
        "name": NAME,
        "members": [
            {"extension": "446", "stage": 1},
            {"extension": "444", "stage": 1},
            {"extension": "445", "stage": 2},
        ],
        "overflow_to": "8572665588",
        "enabled": True,
        "settings": {"melody": "ringer6", "st1_dur": "15", "connect": True, "rec": False, "alias": ["0151"]},
    },
    update={
        "id": "0150",
        "name": f"{NAME} B",
        "members": [
            {"extension": "444", "stage": 1},
            {"extension": "446", "stage": 2},
            {"extension": "443", "stage": 3},
        ],
        "overflow_to": "",
        "enabled": False,
        "settings": {"melody": "", "st1_dur": "20", "rec": ""},
    },
    changed=frozen(
        "name",
        "members[446].stage",
        "members[445]",
        "members[443]",
        "overflow_to",
        "enabled",
        "settings.melody",
        "settings.st1_dur",
        "settings.rec",
    ),
    # create: both lists, the number and the keys of another group; addacc and the new one; its settings; list and group.
    # delete: what the other groups ring
    requests={"create": 9, "again": 2, "update": 6, "delete": 9},
    tweaks=(
        ({"name": f"{NAME} C"}, frozen("display")),
        ({"overflow_to": "440"}, frozen("st4_ext")),
        ({"enabled": False}, frozen("disabled")),
        ({"settings": {"melody": "ringer1"}}, frozen("melody")),
        ({"settings": {"connect": ""}}, frozen("connect")),
        ({"settings": {"alias": ["0152"]}}, frozen("alias")),
        ({"members": [{"extension": "446"}, {"extension": "444"}]}, frozen("st2_ext")),
    ),
    clears=(
        ({"name": ""}, frozen("display")),
        ({"overflow_to": ""}, frozen("st4_ext")),
        ({"members": []}, frozen("st1_ext", "st2_ext")),
        ({"settings": {"melody": "", "st1_dur": "", "alias": []}}, frozen("melody", "st1_dur", "alias")),
    ),
    find=vodia_find,
    rest=vodia_rest,
    damage=vodia_damage,
    damaged=frozen("members[444]", "enabled"),
    taken="1003",
)


# -- APIO ----------------------------------------------------------------------------------------------------------------
def apio_groups(state: State) -> State:
    groups: State = state["tenants"]["ApioSpTest"]["groups"]["ApioGrpTest"]["hunt_groups"]
    return groups


def apio_ids(state: State) -> list[str]:
    return [
        key
        for key, one in apio_groups(state).items()
        if key.startswith("nightwatch") or one["serviceInstanceProfile"]["name"].startswith(NAME)
    ]


def apio_find(state: State) -> list[Values]:
    found = []
    for key in apio_ids(state):
        one = apio_groups(state)[key]
        profile = one["serviceInstanceProfile"]
        members = [{"extension": user, "weight": one["weights"].get(user, 0)} for user in one["agents"]]
        found.append(
            {
                "id": key,
                "name": profile["name"],
                "policy": one["policy"].lower(),
                "members": members,
                "overflow_to": one["forwardToPhoneNumber"] if one["forwardAfterTimeout"] else "",
                "overflow_after": one["forwardTimeoutSeconds"],
                "enabled": one["active"],
                "extension": profile["extension"],
                "phone_number": profile["phoneNumber"],
                "settings": {**one, "serviceInstanceProfile": profile},
            }
        )
    return found


def apio_rest(state: State) -> State:
    rest = copied(state)
    for key in apio_ids(state):
        del apio_groups(rest)[key]
    return rest


def apio_damage(state: State) -> None:
    one = apio_groups(state)[apio_ids(state)[0]]
    one["policy"] = "Circular"
    one["agents"] = one["agents"][:1]


APIO = Case(
    backend="apio",
    path="/api/v01/p1",
    connection={"token": "demo-machine-token", "tenant": "ApioSpTest", "group": "ApioGrpTest", "country_code": "32"},
    secrets=("demo-machine-token", "demo-password", "wrong-token-0815", "wrong-password-0815", "eyJ"),
    group={
        "id": f"nightwatch@{DOMAIN}",
        "name": NAME,
        "policy": "weighted",
        "members": [{"extension": USER, "weight": 60}, {"extension": "5001", "weight": 40}],
        "overflow_to": "+3225126777",
        "overflow_after": 30,
        "enabled": True,
        "extension": "4200",
        "phone_number": "025126999",
        "settings": {
            "noAnswerNumberOfRings": 3,
            "huntAfterNoAnswer": True,
            "notReachableForwardToPhoneNumber": "+3225126778",
            "serviceInstanceProfile": {
                "cliLastName": "Watch",
                "cliFirstName": "Night",
                "language": "French",
                "department": DEPARTMENT,
            },
        },
    },
    update={
        "id": f"nightwatch@{DOMAIN}",
        "name": f"{NAME} B",
        "members": [{"extension": "5002", "weight": 70}, {"extension": "5001", "weight": 30}],
        "overflow_after": 60,
        "enabled": False,
        "extension": "4201",
        "settings": {"noAnswerNumberOfRings": 7, "serviceInstanceProfile": {"language": "English"}},
    },
    changed=frozen(
        "name",
        f"members[{USER}]",
        f"members[{USER1}].weight",
        f"members[{USER2}]",
        "overflow_after",
        "enabled",
        "extension",
        "settings.noAnswerNumberOfRings",
        "settings.serviceInstanceProfile.language",
    ),
    # the list tells the server's own key; create: the list, the available users; the group, its weights; list and group
    requests={"create": 5, "again": 2, "update": 7, "delete": 6},
    tweaks=(
        ({"name": f"{NAME} C"}, frozen("name")),
        ({"policy": "circular"}, frozen("policy")),
        ({"overflow_to": "+3225126780"}, frozen("forwardToPhoneNumber")),
        ({"overflow_after": 0}, frozen("forwardTimeoutSeconds")),
        ({"enabled": False}, frozen("active")),
        ({"extension": "4202"}, frozen("extension")),
        ({"settings": {"noAnswerNumberOfRings": 9}}, frozen("noAnswerNumberOfRings")),
        ({"settings": {"serviceInstanceProfile": {"timeZone": "Europe/Paris"}}}, frozen("timeZone")),
        ({"settings": {"serviceInstanceProfile": {"department": PARENT_DEPARTMENT}}}, frozen("departmentName")),
    ),
    clears=(
        ({"overflow_to": ""}, frozen("forwardToPhoneNumber", "forwardAfterTimeout")),
        ({"extension": ""}, frozen("extension")),
        ({"phone_number": ""}, frozen("phoneNumber")),
        ({"settings": {"notReachableForwardToPhoneNumber": ""}}, frozen("notReachableForwardToPhoneNumber")),
        ({"settings": {"serviceInstanceProfile": {"department": {}}}}, frozen("department")),
        ({"members": []}, frozen("agents")),
    ),
    find=apio_find,
    rest=apio_rest,
    damage=apio_damage,
    damaged=frozen("policy", f"members[{USER1}]"),
    taken=f"APIOTestHuntGroup@{DOMAIN}",
    spelt={"5001": USER1, "5002": USER2, "025126999": "+3225126999"},
)

CASES = {case.backend: case for case in (PORTASWITCH, VODIA, APIO)}
