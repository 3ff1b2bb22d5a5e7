# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for follow-me destinations wherever there are any: their order, and what is not declared of them stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract import follow_me_rows as porta
from ansible_collections.telephony.pbx.tests.contract import user_services as apio
from ansible_collections.telephony.pbx.tests.contract.callers import Caller
from ansible_collections.telephony.pbx.tests.contract.cases import USER, USER1, State, Values, copied, differences
from ansible_collections.telephony.pbx.tests.contract.lives import LIVES
from ansible_collections.telephony.pbx.tests.contract.shape import reported
from ansible_collections.telephony.pbx.tests.contract.sites import Site

Path = tuple[str, ...]
Rows = dict[str, Values]


@dataclass(frozen=True)
class Destinations:
    """The follow-me destinations of a vendor.

    key, option: what names a destination, and an option that every one has. pairs: (state, account) -> numbers and
    that option, in order. empty: an account without destinations; rows: some to declare for it, by a letter. ordered:
    what else holds once the rows of the letters are reached, given the state before. used: the account that `three` are
    declared for. seeded: gives the destinations of the account `shown` what nobody declares. flat: a state in which
    every leaf has a path.
    """

    key: str
    option: str
    pairs: Callable[[State, Any], list[tuple[str, Any]]]
    empty: Any
    rows: Rows
    ordered: Callable[[Caller, State, str], None]
    used: Any
    three: tuple[Values, Values, Values]
    shown: Any
    seeded: Callable[[State], None]
    flat: Callable[[State], State]


def declare(account: Any, *destinations: Values, **more: Any) -> Values:
    return {"account": account, "destinations": list(destinations), **more}


# -- PortaSwitch -----------------------------------------------------------------------------------------------------------
PORTA_ROWS: Rows = {name: {"name": name, "number": f"10{place}"} for place, name in enumerate("abcxy")}


def porta_ordered(follow_me: Caller, before: State, wanted: str) -> None:
    """What stays keeps its record."""
    old = dict(zip("abc", porta.keys(before, porta.EMPTY)))
    new = dict(zip(wanted, porta.keys(follow_me.state, porta.EMPTY)))
    assert [row["name"] for row in porta.stored(follow_me.state, porta.EMPTY)] == list(wanted)
    assert {name: key for name, key in new.items() if name in old} == {n: old[n] for n in wanted if n in old}


def porta_seeded(state: State) -> None:
    state["follow_me_numbers"]["42"]["domain"] = "home.example"


# -- APIO ----------------------------------------------------------------------------------------------------------------
APIO_ROWS: Rows = {
    name: {"number": f"400{place}", "rings": place + 2, "answer_confirmation": False}
    for place, name in enumerate("abcxy")
}
SPELLINGS = ("+3225126777", "003225126777", "025126777", "+32 2 512 67 77")


def apio_ordered(follow_me: Caller, before: State, wanted: str) -> None:
    """Locations that a shorter list leaves are emptied in a second write; a longer list leaves nothing."""
    bodies = [body["locations"] for _user, _service, body in apio.sent(follow_me)]
    whole = apio.locations(*(APIO_ROWS[name] for name in wanted))
    emptied = [{"id": place, "phoneNumber": ""} for place in range(len(wanted) + 1, 4)]
    twice = emptied and follow_me.vendor.dialect["locations_put"] == "merges_by_id"
    assert bodies == ([whole, [*whole, *emptied]] if twice else [whole])
    assert apio.ring(follow_me.state) == [tuple(one.values()) for one in whole]
    assert apio.changed_services(before, follow_me.state) == {(USER, "sequential_ring")}


def apio_seeded(state: State) -> None:
    service = apio.services(state, USER1)["sequential_ring"]
    service.update(callerMayStopSearch=True)
    service["locations"][0]["answerConfirmationRequired"] = True


def apio_flat(state: State) -> State:
    state = copied(state)
    for services in apio.group_of(state)["user_services"].values():
        if "sequential_ring" in services:
            rows = services["sequential_ring"]["locations"]
            services["sequential_ring"]["locations"] = {str(row["id"]): row for row in rows}
    return state


KINDS = {
    "portaswitch": Destinations(
        key="name",
        option="timeout",
        pairs=lambda state, account: [(row["redirect_number"], row["timeout"]) for row in porta.stored(state, account)],
        empty=porta.EMPTY,
        rows=PORTA_ROWS,
        ordered=porta_ordered,
        used=porta.ACCOUNT,
        three=(porta.MOBILE, porta.HOME, {"name": "Third", "number": "107", "timeout": 9}),
        shown=porta.ACCOUNT,
        seeded=porta_seeded,
        flat=copied,
    ),
    "apio": Destinations(
        key="number",
        option="rings",
        pairs=lambda state, account: [row[1:3] for row in apio.ring(state, account)],
        empty=USER,
        rows=APIO_ROWS,
        ordered=apio_ordered,
        used=USER,
        three=(apio.ONE, apio.TWO, apio.THREE),
        shown=USER1,
        seeded=apio_seeded,
        flat=apio_flat,
    ),
}
THOROUGH = [pytest.mark.thorough]
VENDORS = ["portaswitch", pytest.param("apio", marks=THOROUGH)]
ORDERS = [*"cab bca cba acb bac xabc axbc abcx abcxy cxa x b ca".split(), ""]
ORDERED = [
    *(
        pytest.param("portaswitch", {"follow_order": how}, wanted, id=f"portaswitch-{how}-{wanted}")
        for how in ("as_sent", "renumbers")
        for wanted in ORDERS
    ),
    *(
        pytest.param("apio", {"locations_put": how}, wanted, marks=THOROUGH, id=f"apio-{how}-{wanted}")
        for how in ("replaces", "merges_by_id")
        for wanted in ORDERS
    ),
]
BOTH: list[Values] = [{"name": "Mobile", "timeout": 5}, {"name": "Home", "timeout": 6}]
TIMEOUTS: set[Path] = {("follow_me_numbers", key, "timeout") for key in ("41", "42")}
RINGS: Path = (
    *("tenants", "ApioSpTest", "groups", "ApioGrpTest", "user_services"),
    *(USER1, "sequential_ring", "locations", "1", "numberOfRings"),
)
PARTLY = [
    *(
        pytest.param("portaswitch", {"followme_update_blank": how}, BOTH, TIMEOUTS, id=f"portaswitch-{how}")
        for how in ("keeps", "blanks")
    ),
    *(
        pytest.param(
            "apio",
            {"put_user_service": how},
            [{"number": written, "rings": 7}],
            {RINGS},
            marks=THOROUGH,
            id=f"apio-{how}-{written}",
        )  # fmt: skip
        for how in ("partial", "replaces")
        for written in SPELLINGS
    ),
]


@pytest.fixture
def opened(open_site: Callable[[str], Site]) -> Callable[[str], Caller]:
    return lambda vendor: LIVES[f"{vendor}-follow_me"].caller(open_site)


@pytest.mark.parametrize(("vendor", "dialect", "destinations", "touched"), PARTLY)
def test_what_is_not_written_about_a_destination_stays(
    opened: Callable[[str], Caller], vendor: str, dialect: Values, destinations: list[Values], touched: set[Path]
) -> None:
    """A request may have to carry everything that is known: spellings, criteria and other accounts stay as they are."""
    follow_me, kind = opened(vendor), KINDS[vendor]
    follow_me.vendor.set_dialect(**dialect)
    kind.seeded(follow_me.vendor.state)
    before = follow_me.state
    follow_me.predicted(declare(kind.shown, *destinations))
    assert differences(kind.flat(before), kind.flat(follow_me.state)) == touched
    numbers = [number for number, _value in kind.pairs(before, kind.shown)]
    written = [one[kind.option] for one in destinations]
    assert kind.pairs(follow_me.state, kind.shown) == list(zip(numbers, written))


@pytest.mark.parametrize(("vendor", "dialect", "wanted"), ORDERED)
def test_every_order_and_every_length_is_reached(
    opened: Callable[[str], Caller], vendor: str, dialect: Values, wanted: str
) -> None:
    follow_me, kind = opened(vendor), KINDS[vendor]
    follow_me.vendor.set_dialect(**dialect)
    follow_me.done(declare(kind.empty, *(kind.rows[name] for name in "abc")))
    before = follow_me.state
    declared = declare(kind.empty, *(kind.rows[name] for name in wanted))
    follow_me.predicted(declared)
    kind.ordered(follow_me, before, wanted)
    found = [number for number, _value in kind.pairs(follow_me.state, kind.empty)]
    assert found == [kind.rows[name]["number"] for name in wanted]
    rest = LIVES[f"{vendor}-follow_me"].rest
    assert rest(follow_me.state) == rest(before)
    follow_me.unchanged(declared)


@pytest.mark.parametrize("vendor", VENDORS)
def test_at_least_keeps_what_others_added_and_reports_it(opened: Callable[[str], Caller], vendor: str) -> None:
    follow_me, kind = opened(vendor), KINDS[vendor]
    first, second, third = kind.three
    follow_me.done(declare(kind.used, *kind.three))
    for declared in ({kind.key: second[kind.key]}, second):
        result = follow_me.unchanged(declare(kind.used, declared, membership="at_least"))
        assert reported(result, [first[kind.key], third[kind.key]])

    changed = {**second, kind.option: 8}
    follow_me.predicted(declare(kind.used, {kind.key: second[kind.key], kind.option: 8}, membership="at_least"))
    wanted = [(one["number"], one[kind.option]) for one in (first, changed, third)]
    assert kind.pairs(follow_me.state, kind.used) == wanted

    added = declare(kind.used, {kind.key: "4009", "number": "4009"}, membership="at_least")
    follow_me.done(added)
    *kept, (new, _value) = kind.pairs(follow_me.state, kind.used)
    assert (kept, new) == (wanted, "4009")
    follow_me.unchanged(added)
