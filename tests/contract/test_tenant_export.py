# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tenant_info returns is what tenant takes: applied to where it came from it changes nothing, elsewhere it gives
the same tenant."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.tests.contract.callers import other_dialects
from ansible_collections.telephony.pbx.tests.contract.cases import (
    DEPARTMENT,
    DOMAIN,
    FOO,
    USER,
    USER1,
    USER2,
    Values,
    apio_groups,
)
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant
from pbx_simulator import VENDORS

FEW = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def there_and_back(tenant: Tenant, document: Values) -> None:
    """Apply to nothing, export, apply again; then empty, apply the export, export again."""
    tenant.vendor.reset()
    tenant.emptied()
    tenant.done(document)
    tenant.unchanged(document)
    view, exported = tenant.view, tenant.export()
    tenant.unchanged(exported)
    tenant.emptied()
    tenant.done(exported)
    assert tenant.export() == exported
    assert tenant.view == view


# -- random tenants -----------------------------------------------------------------------------------------------------
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


@FEW
@given(document=PORTASWITCH)
def test_random_tenants_of_portaswitch_come_back_as_they_were(portaswitch: Site, document: Values) -> None:
    there_and_back(Tenant(portaswitch), document)


@FEW
@given(document=VODIA)
def test_random_tenants_of_vodia_come_back_as_they_were(vodia: Site, document: Values) -> None:
    there_and_back(Tenant(vodia), document)


@FEW
@given(document=APIO)
@example(document={"hunt_groups": [], "follow_me": []})
def test_random_tenants_of_apio_come_back_as_they_were(apio: Site, document: Values) -> None:
    there_and_back(Tenant(apio), document)


# -- what others made ---------------------------------------------------------------------------------------------------
def test_the_tenant_of_the_first_day_is_exported_and_applied_without_a_change(tenant: Tenant) -> None:
    exported = tenant.export()
    assert set(exported) == set(tenant.whole.kinds) and all(exported.values())
    tenant.unchanged(exported)
    tenant.unchanged({**exported, "purge": list(tenant.whole.kinds)})


def test_the_tenant_of_the_first_day_comes_back_from_nothing(tenant: Tenant) -> None:
    for row in tenant.vendor.state.get("memberships", {}).values():
        row["hunt_active"] = "Y"  # signing out is the agents' own business
    if tenant.case.backend == "portaswitch":
        del tenant.vendor.state["customers"]["10"]["extensions"]["5009"]  # without a phone, so nothing can create it
    exported, view = tenant.export(), tenant.view
    tenant.emptied()
    tenant.done(exported)
    assert tenant.export() == exported
    assert {**tenant.view, "follow_me": 0} == {**view, "follow_me": 0}


def test_an_export_is_the_same_every_time_and_holds_no_secret_and_no_sign_in(tenant: Tenant) -> None:
    first, second = tenant.export(), tenant.export()
    assert json.dumps(first) == json.dumps(second)
    text = json.dumps(first)
    assert "logged_in" not in text and "_key" not in text and "sip-secret" not in text
    for kind in first:
        keys = [str(one.get("id") or one.get("account")) for one in first[kind]]
        assert keys == sorted(keys)


@pytest.mark.parametrize(("name", "value"), other_dialects(VENDORS["portaswitch"]))
def test_export_and_apply_change_nothing_on_portaswitch(portaswitch: Site, name: str, value: Any) -> None:
    unchanged_in_dialect(Tenant(portaswitch), name, value, cut=name == "list_cap")


@pytest.mark.parametrize(("name", "value"), other_dialects(VENDORS["vodia"]))
def test_export_and_apply_change_nothing_on_vodia(vodia: Site, name: str, value: Any) -> None:
    unchanged_in_dialect(Tenant(vodia), name, value)


@pytest.mark.parametrize(("name", "value"), other_dialects(VENDORS["apio"]))
def test_export_and_apply_change_nothing_on_apio(apio: Site, name: str, value: Any) -> None:
    unchanged_in_dialect(Tenant(apio), name, value)


def unchanged_in_dialect(tenant: Tenant, name: str, value: Any, cut: bool = False) -> None:
    tenant.vendor.set_dialect(**{name: value})
    exported = tenant.export()
    assert all(exported.values()) or cut
    tenant.unchanged(exported)
    tenant.unchanged({**exported, "purge": list(exported)})


def test_what_is_not_listed_is_left_out_with_a_warning_and_never_purged(vodia: Site) -> None:
    tenant = Tenant(vodia)
    vodia.vendor.set_dialect(account_lists="none")
    assert set(tenant.export()) == {"hunt_groups"}
    assert "no list of its extensions" in tenant.refused({"extensions": [], "purge": ["extensions"]})


def test_what_breaks_a_rule_is_refused_whoever_made_it(apio: Site) -> None:
    """An export shows what the server holds; applying it stops at the rule, before any request."""
    tenant = Tenant(apio)
    apio_groups(tenant.vendor.state)[f"ApioWeighted@{DOMAIN}"]["weights"] = {USER1: 70, USER2: 10}
    assert "weights-total" in tenant.refused(tenant.export())


def test_groups_that_ring_each_other_come_back_from_nothing(portaswitch: Site) -> None:
    tenant = Tenant(portaswitch)
    outer = {"id": "0100", "name": "Outer", "members": [{"extension": "0250"}, {"extension": "101"}]}
    document = copy.deepcopy(tenant.whole.document)
    document["hunt_groups"] = [*document["hunt_groups"], outer]
    there_and_back(tenant, document)


def test_a_list_that_may_be_cut_gives_no_export(portaswitch: Site) -> None:
    tenant = Tenant(portaswitch)
    accounts = tenant.vendor.state["customers"]["10"]["extensions"]
    for number in range(100 - len(accounts)):
        accounts[str(7000 + number)] = {"i_c_ext": 7000 + number, "id": str(number), "name": "x", "i_account": 0}
    with pytest.raises(AssertionError, match="may be cut"):
        tenant.export()
