# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What only the server can show to be wrong: what is there, what is declared then, and the words of the message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ansible_collections.telephony.pbx.tests.contract.cases import CASES, DOMAIN, FOO, USER, USER1, USER2, State, Values
from ansible_collections.telephony.pbx.tests.contract.follow_me_rows import HOME
from ansible_collections.telephony.pbx.tests.contract.lives import AGENT, PLAIN, PORTA_NEW
from ansible_collections.telephony.pbx.tests.contract.user_services import group_of, numbers, services
from ansible_collections.telephony.pbx.tests.contract.vodia_extensions import LISTS, accounts

Begin = Callable[[State], object]


class Refused(NamedTuple):
    """dialect: how the server is. first: what is declared before. begin: what somebody does then. info: whether the info
    module is asked."""

    declared: Values
    words: tuple[str, ...]
    first: Values | None = None
    begin: Begin = bool
    info: bool = False
    dialect: Values = {}


def row(declared: Values, *words: str, first: Values | None = None, begin: Begin = bool, **dialect: Any) -> Refused:
    return Refused(declared, words, first, begin, False, dialect)


def asked(declared: Values, *words: str, begin: Begin = bool, **dialect: Any) -> Refused:
    return Refused(declared, words, None, begin, True, dialect)


# -- PortaSwitch -----------------------------------------------------------------------------------------------------------
def more_groups(state: State) -> None:
    """More hunt groups than the server lists: the last one rings 107 and has the number 0112."""
    groups, rows = state["customers"]["10"]["groups"], state["memberships"]
    for number in range(1000, 1110):
        groups[str(number)] = {**groups["301"], "i_c_group": number, "i_c_ext": number + 9000, "id": str(number)}
    groups["1109"]["id"] = "0112"
    rows["9900"] = {**rows["9001"], "i_cg_ext": 9900, "i_c_group": 1109, "i_c_ext": 5008}


def more_extensions(state: State) -> None:
    table = state["customers"]["10"]["extensions"]
    for number in range(7000, 7110):
        table[str(number)] = {"i_c_ext": number, "id": str(number), "name": "Desk", "i_account": 0}


def owned_by(record: str, account: int) -> Begin:
    """The account of an extension."""
    return lambda state: state["customers"]["10"]["extensions"][record].update(i_account=account)


def gone(number: str, remove: bool | None = None) -> Values:
    return {"id": number, "state": "absent", "remove_from_hunt_groups": remove}


def group(backend: str, **more: Any) -> Values:
    """The hunt group of the laws with other options."""
    return {**CASES[backend].group, **more}


NAMES = [{"name": "Mobile"}, {"name": "Home"}, {"name": "Nowhere"}]
PORTASWITCH: dict[str, list[Refused]] = {
    "portaswitch-hunt_group": [
        row(group("portaswitch", id="101"), "101", "belongs to an extension", groups_in_extension_list=one)
        for one in (False, True)
    ],
    "portaswitch-extension": [
        row({"id": "0112"}, "0112", "name, account: needed"),
        row({"id": "0112", "name": "Hanna"}, "account: needed"),
        row({**PORTA_NEW, "account": None}, "account: needed"),
        *(row({**PORTA_NEW, "id": "200"}, "200", "hunt group", groups_in_extension_list=one) for one in (False, True)),
        *(row({"id": "200", "name": "Not Sales"}, "200", groups_in_extension_list=one) for one in (False, True)),
        row(PORTA_NEW, "cut", "0112", begin=more_groups, list_cap=100),
        row(gone("107"), "cut", begin=more_groups, list_cap=100),
        row(gone("107", True), "cut", begin=more_groups, list_cap=100),
        row(PORTA_NEW, "cut", begin=more_extensions, list_cap=100),
        row(gone("7109"), "cut", begin=more_extensions, list_cap=100),
        row(gone("104"), "99999", "Support", "remove_from_hunt_groups"),
        row(gone("104", False), "99999", "Support", "remove_from_hunt_groups"),
    ],
    "portaswitch-follow_me": [
        row({"account": 700001, "destinations": NAMES, "membership": "exact"}, "Nowhere", "number"),
        row({"account": 700001, "destinations": NAMES, "membership": "at_least"}, "Nowhere", "number"),
        row({"account": 700001, "destinations": NAMES[2:], "membership": "at_least"}, "Nowhere"),
        *(
            row({"account": account, **more}, str(account), "no extension of customer 10 has this account")
            for account in (999999, 700010)  # nobody's, and another customer's
            for more in ({"destinations": [HOME]}, {"state": "absent"})
        ),
        row({"account": 999999, "destinations": [HOME]}, "cut", "has this account", begin=more_extensions, list_cap=100),
    ],
    "portaswitch-agent license": [
        row(
            {"account": 700002, "hunt_groups": ["200", "99999", "0200"], "state": "logged_out"},
            "0200, 99999", "member", "700002",
        ),
        *(row({"account": one, "state": "logged_in"}, str(one)) for one in (700009, 700010, 999999)),
        *(row({"account": one, "hunt_groups": ["200"]}, str(one)) for one in (700009, 700010, 999999)),
        row({"account": AGENT}, "cut", begin=more_groups, list_cap=100),
        row({"account": AGENT, "hunt_groups": ["1108"]}, "cut", begin=more_groups, list_cap=100),
        row({"account": AGENT}, "no hunt group", begin=owned_by("5004", 0)),
    ],
}  # fmt: skip


# -- Vodia -----------------------------------------------------------------------------------------------------------------
def setting(number: str, **more: Any) -> Begin:
    return lambda state: accounts(state)[number]["settings"].update(more)


def alias(state: State) -> None:
    """446 answers to 8446 too, and 1003 rings it by that number."""
    setting("446", alias=["446", "8446"])(state)
    setting("1003", st1_ext="8446")(state)


# A hunt group, an attendant and a service flag, on each version.
OTHER_KINDS = [(lists, number) for lists in LISTS for number in ("1002", "700", "8000")]
NOWHERE = {"tenant": "nowhere.example", "username": "admin"}
PUBLIC = {"id": "2025550147", "name": "Hanna Dam"}
VODIA: dict[str, list[Refused]] = {
    "vodia-hunt_group": [
        row(group("vodia", id=number), number, "another kind of account") for number in ("444", "700", "8000")
    ],
    "vodia-extension": [
        *(
            row({"id": number, **more}, number, "another kind of account", account_lists=lists)
            for lists, number in OTHER_KINDS
            for more in ({"name": "B"}, {"state": "absent", "remove_from_hunt_groups": True})
        ),
        asked({"id": "1002"}, "another kind of account"),
        *(row(gone("8446"), "further number of 446", begin=alias, account_lists=one) for one in LISTS),
        *(row(gone("446"), "1003", begin=alias, account_lists=one) for one in LISTS),
        row(gone("444"), "1002 (Hunt)", "remove_from_hunt_groups"),
        row(gone("444", False), "1002 (Hunt)", "remove_from_hunt_groups"),
        # there is no telling where the calls should go instead
        row(gone("446"), "1003 (Hunt_2) overflows to it", begin=setting("1003", st4_ext="446")),
        row(gone("446", True), "1003 (Hunt_2) overflows to it", begin=setting("1003", st4_ext="446")),
        row(gone(PUBLIC["id"]), "1003", first=PUBLIC, begin=setting("1003", st1_ext=PUBLIC["id"]), number_format="e164"),
        row({"id": "440", "name": "Ada Other", "settings": {"first_name": "Ada"}}, "contradicts", "Ada Example"),
        # an older version would ignore it, and say nothing
        *(
            row({"id": number, "settings": {name: "x"}}, f"settings.{name}: unknown to this version of the PBX")
            for number in ("440", "0447")
            for name in ("sani", "fani", "building", "department", "room", "comment", "shortname")
        ),
        row({"id": "440", **NOWHERE}, "no domain nowhere.example"),
        row({**gone("440"), **NOWHERE}, "no domain nowhere.example"),
        asked({"id": "440", **NOWHERE}, "nowhere.example"),
        asked({}, "no list of its extensions", "name the extension", account_lists="none"),
    ],
    "vodia-follow_me": [
        *(
            row({"account": number, **more}, number, "another kind of account", account_lists=lists)
            for lists, number in OTHER_KINDS
            for more in ({"forwarding": {"always": "440"}}, {"state": "absent"})
        ),
        *(
            row({"account": "0447", "forwarding": part}, "no extension 0447 in localhost; create it first", missing_account=one)
            for one in ("404", "200_empty")
            for part in ({"always": "440"}, {"no_answer_after": 5})
        ),
        row({"account": "440", "forwarding": {"always": "440"}, **NOWHERE}, "no domain nowhere.example"),
        row({"account": "440", "state": "absent", **NOWHERE}, "no domain nowhere.example"),
        *(asked({"account": "9999"}, "no extension 9999", account_lists=one) for one in LISTS),
        *(asked({"account": "1002"}, "another kind of account", account_lists=one) for one in LISTS),
        asked({}, "no list of its extensions", account_lists="none"),
    ],
}  # fmt: skip


# -- APIO ------------------------------------------------------------------------------------------------------------------
def same_extension(state: State) -> None:
    group_of(state)["users"][USER2]["extension"] = "5001"


def same_foreign_extension(state: State) -> None:
    """FOO is a user of another group."""
    state["tenants"]["ApioSpTest"]["groups"]["ApioGrpTest2"]["users"][FOO]["extension"] = "5002"


def members(*numbers: str) -> Values:
    return group("apio", members=[{"extension": number} for number in numbers])


def without(service: str) -> Begin:
    return lambda state: services(state).pop(service)


def same_members(state: State) -> None:
    """A member of the weighted group that another group's user is mistaken for."""
    group_of(state)["hunt_groups"][WEIGHTED]["agents"].append(FOO)
    state["tenants"]["ApioSpTest"]["groups"]["ApioGrpTest2"]["users"][FOO]["extension"] = "5001"


def same_name(state: State) -> None:
    group_of(state)["hunt_groups"][PLAIN]["serviceInstanceProfile"]["name"] = "APIO Weighted"


def weights(**extensions: int) -> list[Values]:
    users = {"u0": USER, "u1": USER1, "u2": USER2, "foo": FOO}
    return [{"extension": users.get(name, name.lstrip("n")), "weight": weight} for name, weight in extensions.items()]


WEIGHTED = f"ApioWeighted@{DOMAIN}"
SHARES: Values = {"hunt_group": WEIGHTED, "weights": weights(u1=55, u2=45)}
RINGS = {"destinations": numbers("4001")}
NEEDED: dict[str, tuple[str, list[Values]]] = {
    "sequential_ring": ("Sequential Ring", [RINGS, {"settings": {"callerMayStopSearch": True}}]),
    "cfa": ("Call Forwarding Always", [{"forwarding": {"always": "4001"}}, {"settings": {"ringSplashActive": True}}]),
    "cfb": ("Call Forwarding Busy", [{"forwarding": {"busy": "4001"}}]),
}
APIO: dict[str, list[Refused]] = {
    "apio-hunt_group": [
        row(members("5002"), USER2, FOO, "user id", begin=same_foreign_extension),
        row(members(USER1, "5001"), "twice", USER1),
        *(
            row(group("apio", members=[{"extension": USER, "weight": one}, {"extension": USER1, "weight": other}]), total, "100")
            for one, other, total in ((60, 30, "90"), (100, 1, "101"), (None, 50, "50"))
        ),
        row({"id": CASES["apio"].group["id"], "policy": "regular"}, "name", "missing"),
    ],
    "apio-follow_me": [
        *(
            row({"account": "5001", **more}, "several users", USER1, USER2, begin=same_extension)
            for more in (RINGS, {"state": "absent"})
        ),
        asked({"account": "5001"}, "several users", begin=same_extension),
        *(
            row({"account": one, **more}, f"no user {one}", "ApioGrpTest", missing_group=missing)
            for one in ("9999", f"nobody@{DOMAIN}", FOO, "+32499999999", "+3299126778")
            for missing in ("404", "400_4008")
            for more in (RINGS, {"state": "absent"}, {"settings": {"ringSplashActive": True}})
        ),
        *(asked({"account": one}, f"no user {one}", missing_group="400_4008") for one in ("9999", FOO)),
        *(
            row({"account": USER, **more}, name, "assign it first", begin=without(service))
            for service, (name, declared) in NEEDED.items()
            for more in declared
        ),
        row(
            {"account": USER, **RINGS, "forwarding": {"always": "1", "busy": "2"}},
            *(name for name, _declared in NEEDED.values()),
            begin=lambda state: services(state).clear(),
        ),
        *(
            row(
                {"account": "5001", **more}, "does not show the users", "write the user id instead of 5001",
                users_list="404",
            )
            for more in (RINGS, {"state": "absent"})
        ),
        asked({}, "does not show the users", users_list="404"),
        row({"account": USER1, "destinations": numbers("+3225126777", "025126777")}, "twice"),
        row(
            {"account": USER, "destinations": numbers("4006"), "membership": "at_least"}, "5 locations",
            first={"account": USER, "destinations": numbers("4001", "4002", "4003", "4004", "4005")},
        ),
    ],
    "apio-hunt_group_weights": [
        *(
            row({**SHARES, "weights": declared}, *words)
            for declared, words in (
                (weights(u1=100), (USER2, "left out")),
                (weights(u1=50, u2=40, u0=10), (USER, "no member")),
                (weights(u1=50, u2=40, foo=10), (FOO, "no member")),
                (weights(u1=50, u2=40, n9999=10), ("9999", "no member")),
                (weights(u1=50, u2=40, n5001=10), ("twice",)),
            )
        ),
        row({**SHARES, "weights": weights(n5001=60, u2=40)}, USER1, FOO, begin=same_members),
        row({**SHARES, "hunt_group": "Nobody"}, "no such hunt group"),
        asked({"hunt_group": "Nobody"}, "no such hunt group"),
        row({**SHARES, "hunt_group": "APIO Weighted"}, WEIGHTED, PLAIN, begin=same_name),
        *(
            row({"hunt_group": PLAIN, "weights": weights(u0=10, u1=90), "ensure_policy": one}, "regular", "ensure_policy")
            for one in (None, False)
        ),
    ],
}  # fmt: skip
REFUSED = {**PORTASWITCH, **VODIA, **APIO}
