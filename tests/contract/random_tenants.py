# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tenants made up by hypothesis: what a backend can hold, in any combination."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.tests.contract.cases import DEPARTMENT, DOMAIN, FOO, USER, USER1, USER2, Values

# A few examples by default; many, and the smallest that fails, where the whole suite of trust runs.
FULL = os.environ.get("PBX_TRUST") == "full"
FEW = settings(
    max_examples=100 if FULL else 4,
    phases=list(Phase) if FULL else [Phase.explicit, Phase.generate],
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)

NAMES = st.text("abcXYZ äß電-.&'/%+", min_size=1, max_size=20).map(lambda text: f"n{text}n")
PHONES = st.from_regex(r"324[0-9]{8}", fullmatch=True)


def some(options: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Values]:
    """Some of these options, each with a value."""
    return st.fixed_dictionaries({}, optional=options)


def members(numbers: list[str], options: dict[str, st.SearchStrategy[Any]], least: int = 0) -> Any:
    """Different members in any order, each with some options."""
    chosen = st.lists(st.sampled_from(numbers), unique=True, min_size=least, max_size=4)
    return chosen.flatmap(
        lambda found: st.tuples(*(some(options).map(lambda more, n=n: {"extension": n, **more}) for n in found)).map(
            list
        )
    )


def listed(keys: list[str], make: Callable[[str], st.SearchStrategy[Values]]) -> st.SearchStrategy[list[Values]]:
    """Some objects, each under another key, in any order."""
    chosen = st.lists(st.sampled_from(keys), unique=True, max_size=3)
    return chosen.flatmap(lambda found: st.tuples(*map(make, found)).map(list))


SEATS = {"101": 700001, "102": 700002, "103": 700003, "0111": 700007, "9": 700008}


def porta_group(number: str) -> st.SearchStrategy[Values]:
    options = {
        "ring_delay": st.integers(0, 30),
        "ring_time": st.integers(0, 60),
        "huntstop": st.booleans(),
        "primary": st.just(False),
    }
    settings_ = some({"HuntKeepOriginalCli": st.sampled_from("YNI"), "PickupAllowed": st.sampled_from("YN")})
    return st.fixed_dictionaries(
        {"id": st.just(number), "name": NAMES, "members": members(sorted(SEATS), options)},
        optional={
            "policy": st.sampled_from(["regular", "random", "simultaneous", "least_used"]),
            "settings": settings_,
        },
    )


def destination(name: str) -> st.SearchStrategy[Values]:
    return st.fixed_dictionaries(
        {"name": st.just(name), "number": PHONES},
        optional={
            "timeout": st.integers(0, 60),
            "active": st.booleans(),
            "domain": st.just("desk.example"),
            "keep_original_cld": st.booleans(),
            "keep_original_cli": st.sampled_from(["caller", "forwarder", "caller_number"]),
            "period": st.sampled_from(["Always", "hr{8-18} wd{mo-fri}", ""]),
            "period_description": st.sampled_from(["Office", ""]),
        },
    )


PORTASWITCH = st.fixed_dictionaries(
    {
        "extensions": st.tuples(
            *(NAMES.map(lambda name, n=n, a=a: {"id": n, "name": name, "account": a}) for n, a in SEATS.items())
        ).map(list),
        "hunt_groups": listed(["0250", "200", "*88", "777"], porta_group),
        "follow_me": st.lists(st.sampled_from(sorted(SEATS.values())), unique=True, max_size=2).flatmap(
            lambda accounts: st.tuples(
                *(
                    listed(["Mobile", "Home", "Car 2"], destination).map(
                        lambda found, a=a: {"account": a, "destinations": found}
                    )
                    for a in accounts
                )
            ).map(list)
        ),
    }
)


DESKS = ["440", "443", "444", "445"]


def vodia_group(number: str) -> st.SearchStrategy[Values]:
    return st.fixed_dictionaries(
        {"id": st.just(number), "members": members(DESKS, {"stage": st.integers(1, 3)})},
        optional={
            "name": NAMES,
            "overflow_to": st.sampled_from(["", "446", "8572665588", "+3225126777"]),
            "enabled": st.booleans(),
            "settings": some(
                {
                    "melody": st.sampled_from(["", "ringer1"]),
                    "st1_dur": st.just("") | st.integers(0, 60),
                    "connect": st.just("") | st.booleans(),
                    "alias": st.lists(st.sampled_from([f"{number}1", f"{number}2"]), unique=True, max_size=2),
                    "email": NAMES,
                }
            ),
        },
    )


def vodia_extension(number: str) -> st.SearchStrategy[Values]:
    names = {"first_name": NAMES | st.just(""), "display_name": NAMES}
    more = {"email_address": NAMES, "mb_enable": st.just("") | st.booleans(), "alias": st.just([f"{number}8"])}
    return st.fixed_dictionaries({"id": st.just(number)}, optional={"settings": some({**names, **more})}) | (
        st.fixed_dictionaries({"id": st.just(number), "name": NAMES})
    )


def vodia_forwarding(number: str) -> st.SearchStrategy[Values]:
    to = st.sampled_from(["", "8572665588", "+3225126777"])
    cases = dict.fromkeys(("always", "busy", "no_answer", "not_registered"), to)
    forwarding = some({**cases, "no_answer_after": st.just("") | st.integers(1, 60)})
    return forwarding.filter(bool).map(lambda found: {"account": number, "forwarding": found})


VODIA = st.fixed_dictionaries(
    {
        "extensions": st.tuples(*map(vodia_extension, DESKS)).map(list),
        "hunt_groups": listed(["0150", "160", "1002", "77"], vodia_group),
        "follow_me": listed(DESKS, vodia_forwarding),
    }
)


def apio_group(key: str) -> st.SearchStrategy[Values]:
    number = str(4200 + sum(key.encode()) % 700)
    profile = st.fixed_dictionaries(
        {"cliLastName": st.just("Watch"), "cliFirstName": st.just("Night")},
        optional={"language": st.sampled_from(["French", "English"]), "department": st.just(DEPARTMENT)},
    )
    weighted = st.permutations([60, 40, 0]).map(
        lambda weights: [{"extension": user, "weight": w} for user, w in zip((USER, USER1, USER2), weights)]
    )
    return st.fixed_dictionaries(
        {
            "id": st.just(f"{key}@{DOMAIN}"),
            "name": st.just(f"Name {key}"),
            "members": members([USER, USER1, USER2, FOO], {}) | weighted,
            "settings": st.fixed_dictionaries(
                {"serviceInstanceProfile": profile},
                optional={"noAnswerNumberOfRings": st.integers(1, 20), "huntAfterNoAnswer": st.booleans()},
            ),
        },
        optional={
            "policy": st.sampled_from(["regular", "circular", "simultaneous", "uniform", "weighted"]),
            "overflow_to": st.sampled_from(["", "+3225126777"]),
            "overflow_after": st.integers(0, 60),
            "enabled": st.booleans(),
            "extension": st.sampled_from(["", number]),
        },
    )


def apio_ways(user: str) -> st.SearchStrategy[Values]:
    rings = st.sampled_from([0, 2, 20])
    location = st.tuples(PHONES, rings, st.booleans()).map(
        lambda found: {"number": f"+{found[0]}", "rings": found[1], "answer_confirmation": found[2]}
    )
    return st.fixed_dictionaries(
        {
            "account": st.just(user),
            "destinations": st.lists(location, max_size=5, unique_by=lambda one: one["number"]),
        },
        optional={
            "forwarding": st.fixed_dictionaries({"always": PHONES}, optional={"busy": PHONES | st.just("")}),
            "settings": some({"callerMayStopSearch": st.booleans(), "baseLocationNumberOfRings": rings}),
        },
    )


APIO = st.fixed_dictionaries(
    {
        "hunt_groups": listed(["night", "sales", "Desk.1"], apio_group),
        "follow_me": listed([USER, USER1], apio_ways),
    }
)
