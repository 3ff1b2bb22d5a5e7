# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for extensions wherever they can be created: any legal number, and never at the cost of a hunt group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract import vodia_extensions as vodia
from ansible_collections.telephony.pbx.tests.contract.callers import Caller
from ansible_collections.telephony.pbx.tests.contract.cases import State, Values
from ansible_collections.telephony.pbx.tests.contract.lives import LIVES, porta_extensions
from ansible_collections.telephony.pbx.tests.contract.sites import Site


@dataclass(frozen=True)
class Extensions:
    """The extensions of a vendor.

    stored: what the simulator has of each, by number. numbers: legal ones, each almost that of `alike` or hard to carry.
    new, update: what is declared beside the number. arrived: (what is stored of a new one, its number) -> whether it is
    as declared. member: one that `groups` ring once `joined` was called. others: the state without it and its places in
    these groups. rung: whether a group rings it. sent: the requests of a call that matter; `last` with its deletion.
    """

    stored: Callable[[State], Values]
    numbers: tuple[str, ...]
    alike: str
    new: Values
    update: Values
    arrived: Callable[[Values, str], bool]
    member: str
    groups: frozenset[str]
    joined: Callable[[Caller], object]
    others: Callable[[State], Any]
    rung: Callable[[State], bool]
    sent: Callable[[Caller], Any]
    last: list[Any]

    @property
    def deletion(self) -> Values:
        return {"id": self.member, "state": "absent", "remove_from_hunt_groups": True}


def porta_joined(extension: Caller) -> None:
    members = [{"extension": number} for number in ("101", "104", "102")]
    Site.done(Caller(extension, "hunt_group"), id="200", members=members)


def porta_others(state: State) -> State:
    ours = state["customers"]["10"]
    left = {key: row for key, row in ours["extensions"].items() if row["id"] != "104"}
    rows = {key: row for key, row in state["memberships"].items() if row["i_c_ext"] != 5004}
    return {**state, "customers": {**state["customers"], "10": {**ours, "extensions": left}}, "memberships": rows}


def vodia_joined(extension: Caller) -> None:
    accounts = vodia.accounts(extension.vendor.state)
    accounts["1002"]["settings"].update(st1_ext="445 444", st3_ext="444")
    accounts["1003"]["settings"].update(st2_ext="444 440")


def vodia_others(state: State) -> tuple[State, Values]:
    groups = {number: {**vodia.accounts(state)[number]} for number in ("1002", "1003")}
    for group in groups.values():
        stored = group["settings"].items()
        group["settings"] = {name: [part for part in str(one).split() if part != "444"] for name, one in stored}
    return vodia.rest(state, "444", *groups), groups


def vodia_rung(state: State) -> bool:
    groups = (vodia.accounts(state)[number]["settings"] for number in ("1002", "1003"))
    return any("444" in group.get(f"st{stage}_ext", "").split() for group in groups for stage in (1, 2, 3))


AWKWARD = ("*98", "#31", "1.2", "a_b-c", "007.json")
KINDS = {
    "portaswitch": Extensions(
        stored=porta_extensions,
        numbers=("0107", *AWKWARD, "."),
        alike="107",
        new={"name": "Special", "account": 700009},
        update={"name": "Special / B"},
        arrived=lambda row, _number: row["i_account"] == 700009,
        member="104",
        groups=frozenset({"200", "99999"}),
        joined=porta_joined,
        others=porta_others,
        rung=lambda state: any(row["i_c_ext"] == 5004 for row in state["memberships"].values()),
        sent=lambda extension: extension.lines()[-2:],
        last=["DeleteCustomerExtension", "GetCustomerExtensions"],
    ),
    "vodia": Extensions(
        stored=vodia.accounts,
        numbers=("0440", *AWKWARD, "+32470123456", "x" * 64),
        alike="440",
        new={"name": "Special"},
        update={"settings": {"first_name": "B"}},
        arrived=lambda account, number: account["settings"]["alias"] == [number],
        member="444",
        groups=frozenset({"1002", "1003"}),
        joined=vodia_joined,
        others=vodia_others,
        rung=vodia_rung,
        sent=vodia.sent,
        last=[
            ("POST", "user_settings/1002", {"st1_ext": "445", "st3_ext": ""}),
            ("POST", "user_settings/1003", {"st2_ext": "440"}),
            ("DELETE", "addacc/444", {}),
        ],
    ),
}
DIALECTS: dict[str, tuple[Values, ...]] = {
    "portaswitch": ({}, {"deleting_member_extension": "error"}, {"delete_extensions_by": "i_cg_ext"}),
    "vodia": ({},),
}


def each(values: dict[str, tuple[Any, ...]]) -> list[Any]:
    """A parameter for each value of each vendor. Those of Vodia take long for what they find."""
    marks = {"vodia": [pytest.mark.thorough]}
    pairs = [(vendor, value) for vendor, several in values.items() for value in several]
    return [pytest.param(*pair, marks=marks.get(pair[0], []), id="-".join(map(str, pair))) for pair in pairs]


@pytest.fixture
def opened(open_site: Callable[[str], Site]) -> Callable[[str], Caller]:
    return lambda vendor: LIVES[f"{vendor}-extension"].caller(open_site)


@pytest.mark.parametrize(("vendor", "number"), each({vendor: kind.numbers for vendor, kind in KINDS.items()}))
def test_any_legal_number_arrives_unchanged(opened: Callable[[str], Caller], vendor: str, number: str) -> None:
    extension, kind = opened(vendor), KINDS[vendor]
    before = kind.stored(extension.state)
    assert number not in before and kind.alike in before
    extension.predicted({"id": number, **kind.new})
    assert kind.arrived(kind.stored(extension.state)[number], number)
    extension.predicted({"id": number, **kind.update})
    extension.predicted(id=number, state="absent")
    assert kind.stored(extension.state) == before


# -- hunt groups that ring it --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("vendor", "dialect"), each(DIALECTS))
def test_a_member_is_taken_out_of_its_groups_first_where_asked_for(
    opened: Callable[[str], Caller], vendor: str, dialect: Values
) -> None:
    extension, kind = opened(vendor), KINDS[vendor]
    extension.vendor.set_dialect(**dialect)
    kind.joined(extension)
    before = extension.state
    message = extension.refused(id=kind.member, state="absent")
    assert kind.rung(before) and all(group in message for group in kind.groups)
    result = extension.predicted(kind.deletion)
    assert kind.sent(extension) == kind.last
    assert {entry["id"] for entry in result["plan"]} == {*kind.groups, kind.member}
    assert set(kind.stored(before)) - set(kind.stored(extension.state)) == {kind.member}
    assert kind.others(extension.state) == kind.others(before)
    assert not kind.rung(extension.state)
    extension.unchanged(kind.deletion)


@pytest.mark.parametrize("vendor", ["portaswitch", pytest.param("vodia", marks=pytest.mark.thorough)])
def test_a_run_that_stops_between_the_groups_and_the_extension_is_finished_by_the_next(
    opened: Callable[[str], Caller], vendor: str
) -> None:
    extension, kind = opened(vendor), KINDS[vendor]
    kind.joined(extension)
    others = kind.others(extension.state)
    for how, stopped in extension.interrupted(kind.deletion):
        for state in (stopped, extension.state):
            assert kind.others(state) == others, how
        assert not kind.rung(stopped) or kind.member in kind.stored(stopped), how
        assert not kind.rung(extension.state) and kind.member not in kind.stored(extension.state), how
