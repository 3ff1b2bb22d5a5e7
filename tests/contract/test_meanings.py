# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is there already, however it is spelled, whoever else added something to it, and whatever nobody manages: clean."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from ansible_collections.telephony.pbx.tests.contract.cases import USER, USER1, USER2, State, Values
from ansible_collections.telephony.pbx.tests.contract.follow_me_rows import ACCOUNT, EMPTY, HOME, MOBILE
from ansible_collections.telephony.pbx.tests.contract.lives import AGENT, LIVES
from ansible_collections.telephony.pbx.tests.contract.refused_on_sight import (
    PUBLIC,
    WEIGHTED,
    Begin,
    more_extensions,
    setting,
    weights,
)
from ansible_collections.telephony.pbx.tests.contract.user_services import PAGE, numbers, services
from ansible_collections.telephony.pbx.tests.contract.vodia_extensions import NUMBERS


class Clean(NamedTuple):
    """first: what is declared before. same: declarations that have nothing to do then."""

    same: tuple[Values, ...]
    first: Values | None = None
    begin: Begin = bool
    dialect: Values = {}


def row(*same: Values, first: Values | None = None, begin: Begin = bool, **dialect: Any) -> Clean:
    return Clean(same, first, begin, dialect)


def each(key: str, value: Any, option: str, *written: Any) -> tuple[Values, ...]:
    """One declaration for each value of an option."""
    return tuple({key: value, option: one} for one in written)


# -- PortaSwitch -----------------------------------------------------------------------------------------------------------
def ordered(*places: int) -> Begin:
    """The numbers that the server has given to the destinations."""

    def begin(state: State) -> None:
        for key, place in zip(("41", "42"), places):
            state["follow_me_numbers"][key]["i_follow_order"] = place

    return begin


def in_domain(state: State) -> None:
    state["follow_me_numbers"]["41"]["domain"] = "cell.example"


def twice(state: State) -> None:
    table = state["follow_me_numbers"]
    table["44"] = {**table["41"], "i_follow_me_number": 44, "i_follow_order": 3}


def rings(*destinations: Values, **more: Any) -> Values:
    return {"account": ACCOUNT, "destinations": list(destinations), **more}


AT_LEAST = {"membership": "at_least"}
HARD = ("+32470123456", "0032470123456", "*98", "0111", "#1", "105!")
# One number in several domains, and under several names.
SEVERAL = rings(
    {"number": "105", "domain": "a.example"}, {"number": "105", "domain": "b.example"}, {"name": "c", "number": "105"},
    account=EMPTY,
)  # fmt: skip
PORTASWITCH: dict[str, list[Clean]] = {
    "portaswitch-hunt_group": [
        row({"id": "101", "state": "absent"}, groups_in_extension_list=listed) for listed in (False, True)
    ],
    "portaswitch-extension": [
        row({"id": 101, "account": "700001"}, {"id": "0101", "state": "absent"}),
        row({"id": "101", "name": "Alice Reception"}, begin=more_extensions, list_cap=100),
    ],
    "portaswitch-follow_me": [
        row(
            rings(MOBILE, HOME),
            rings({"name": "Mobile"}, {"number": "3227654321"}),
            rings({"name": "Mobile", "number": None, "timeout": None}, {"name": "Home", "domain": None}),
            *(
                rings(MOBILE, {**HOME, "period": period})
                for period in ("WD{Mo-Fri} HR{8-18}", "  hr { 8-18 }wd{ mo-fri }", "hr{8 - 18} wd{mo - fri}")
            ),
            rings(MOBILE, {**HOME, "number": "322 765.43-21"}),
            rings({**MOBILE, "period": "Always"}, HOME),
            rings(HOME, **AT_LEAST),
            rings(**AT_LEAST),
        ),
        row(rings({"number": "32470123456"}, HOME), rings({"number": "32470123456"}, **AT_LEAST), begin=in_domain),
        row(rings(MOBILE, HOME), begin=ordered(5, 9)),
        row(rings(MOBILE, HOME, **AT_LEAST), begin=twice),
        row(SEVERAL, first=SEVERAL),
        *(
            row(rings({"name": "New", "number": number}, account=EMPTY), first=rings(
                {"name": "New", "number": number, "domain": "", "keep_original_cli": "", "timeout": 9, "active": True,
                 "keep_original_cld": True, "period": "", "period_description": ""}, account=EMPTY))
            for number in HARD
        ),
    ],
    "portaswitch-agent license": [
        row(*each("account", AGENT, "hunt_groups", ["200"], [99999], ["99999", 200])),
        row({"account": AGENT, "hunt_groups": [], "state": "logged_out"}),
    ],
}  # fmt: skip


# -- Vodia -----------------------------------------------------------------------------------------------------------------
def has(**settings: Any) -> Values:
    return {"id": "440", "settings": settings}


def forwards(account: Any = "443", **parts: Any) -> Values:
    return {"account": account, "forwarding": parts}


SPELLINGS = ("+3225126777", "003225126777", "025126777", "+32 2 512 67 77")
BELGIUM = {"country_code": "32"}
# Two ways to declare the same of an extension.
EQUAL: list[tuple[Values, Values]] = [
    ({"max_cdrs": "20"}, {"max_cdrs": 20}),
    ({"mb_enable": "true"}, {"mb_enable": True}),
    ({"mb_enable": "no"}, {"mb_enable": False}),
    ({"alias": ["8440", "8441"]}, {"alias": [8441, 8440]}),
    ({"alias": "8440"}, {"alias": ["8440", "440"]}),
    ({"ani": 4400}, {"ani": "4400"}),
]
VODIA: dict[str, list[Clean]] = {
    "vodia-hunt_group": [row(*({"id": number, "state": "absent"} for number in ("444", "700", "8000")))],
    "vodia-extension": [
        *(row(has(**then), first=has(**first)) for one in EQUAL for first, then in (one, one[::-1])),
        # a name that reads the same is not split again
        row({"id": "440", "name": "Ada Maria Example"}, begin=setting("440", first_name="Ada Maria", display_name="Example")),
        *(row(has(**one), first=has(**one), number_format="e164") for one in ({"ani": "2025550149"}, {"edest": "2025550150"})),
        row(PUBLIC, {"id": PUBLIC["id"], "settings": {"alias": []}}, first=PUBLIC, number_format="e164"),
        row({"id": "9025550147", "state": "absent"}, first=PUBLIC),
    ],
    "vodia-follow_me": [
        row(
            {"account": "443"},
            {"account": "443", "forwarding": None, "destinations": None, "settings": None},
            forwards(no_answer=None, always=None),
            *(
                forwards(account, **part)
                for account in ("443", 443)
                for part in (
                    {"no_answer": 440}, {"no_answer": "440"}, {"no_answer_after": "20"}, {"no_answer_after": 20}, {"always": ""}
                )
            ),
        ),
        *(
            row(*({**forwards(always=written), **BELGIUM} for written in SPELLINGS[:3]), first=forwards(always=present))
            for present in SPELLINGS[:3]
        ),
        *(
            row(forwards(**{part: "2025550148"}), first=forwards(**{part: "2025550148"}), number_format="e164")
            for part in NUMBERS
        ),
        *(
            row(
                {"account": "0447", "state": "absent"}, forwards("0447", always="", busy="", no_answer_after=""),
                missing_account=one,
            )
            for one in ("404", "200_empty")
        ),
    ],
}  # fmt: skip


# -- APIO ------------------------------------------------------------------------------------------------------------------
def reached_at(number: str) -> Begin:
    """The calls of USER1 ring this number, and are forwarded to it."""

    def begin(state: State) -> None:
        services(state, USER1)["sequential_ring"]["locations"][0]["phoneNumber"] = number
        services(state, USER1)["cfa"].update(active=True, destination=number)

    return begin


def page(**more: Any) -> Values:
    return {"account": USER1, "destinations": [{**PAGE, **more}]}


NOTHING: Values = {"account": USER, "destinations": [], "forwarding": {"always": "", "busy": ""}}
APIO: dict[str, list[Clean]] = {
    "apio-follow_me": [
        row(
            {"account": USER1},
            *each("account", USER1, "destinations", None, [PAGE]),
            *each("account", USER1, "settings", None, {}, {"ringSplashActive": None}),
            *each("account", USER1, "forwarding", None, {"always": None}),
            *(page(**{option: value}) for option, value in (
                ("rings", None), ("rings", "5"), ("rings", " 5 "), ("answer_confirmation", None),
                ("answer_confirmation", "false"), ("answer_confirmation", ""))),
            *({"account": written, "destinations": [PAGE]} for written in (
                "5001", 5001, "+3225126778", "003225126778", "025126778", USER1.lower())),
        ),
        *(
            row(
                *({"account": USER1, "destinations": numbers(written), **more}
                  for written in SPELLINGS for more in ({}, AT_LEAST)),
                *({"account": USER1, "forwarding": {"always": written}} for written in SPELLINGS),
                begin=reached_at(present),
            )
            for present in SPELLINGS
        ),
        # services that are not assigned lead nowhere, and their settings are nobody's concern then
        row(NOTHING, {"account": USER, "state": "absent"}, begin=lambda state: services(state).clear()),
        row(
            *({"account": USER2, "state": "absent", "settings": one} for one in (
                {"callerMayStopSearch": True}, {"ringSplashActive": True})),
            begin=lambda state: services(state, USER2).pop("cfa"),
        ),
        row(page(), users_list="404"),
        row(
            {"account": USER, "destinations": numbers("4003"), **AT_LEAST}, {"account": USER, "destinations": [], **AT_LEAST},
            first={"account": USER, "destinations": numbers("4001", "4002", "4003", "4004", "4005")},
        ),
    ],
    "apio-hunt_group_weights": [
        row(
            {"hunt_group": WEIGHTED, "weights": weights(u2=30, u1=70)},
            {"hunt_group": WEIGHTED, "weights": weights(u1=70, u2=30), "ensure_policy": True},
            {"hunt_group": "ApioWeighted", "weights": weights(n5001=70, u2=30)},
            {"hunt_group": "apioweighted@SIP.netaxis.be"},
            {"hunt_group": "APIO Weighted", "weights": [{"extension": USER1.upper(), "weight": "70"}, *weights(u2=30)]},
            *(
                {"hunt_group": WEIGHTED, "weights": [{"extension": spelled, "weight": 70}, *weights(u2=30)]}
                for spelled in ("+3225126778", "025126778")
            ),
        ),
    ],
}  # fmt: skip
CLEAN = {**PORTASWITCH, **VODIA, **APIO}


@pytest.mark.parametrize(
    ("name", "clean"),
    [pytest.param(name, one, id=f"{name}-{place}") for name, rows in CLEAN.items() for place, one in enumerate(rows)],
)
def test_what_means_the_same_is_clean(open_site: Any, name: str, clean: Clean) -> None:
    caller = LIVES[name].caller(open_site)
    caller.vendor.set_dialect(**clean.dialect)
    clean.begin(caller.vendor.state)
    if clean.first:
        caller.done(clean.first)
    for declared in clean.same:
        caller.unchanged(declared)
