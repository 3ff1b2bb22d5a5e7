# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Open vendor questions together: every answer to one of them meets every answer to each other one.

tests/contract/test_dialects.py tries each answer alone. Here every pair of answers occurs in some combination, and under
each the life of a whole tenant goes as it does under the first answers. A combination converges, or it stops with an error
that names what it saw and is in a table, with the reason. The hazards of the simulators, which are what a server may do
beyond its pages, take part as further questions.

A sample of the combinations by default; all of them by `python3 dev.py trust`.
"""

from __future__ import annotations

import copy
import itertools
import re
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.cases import DOMAIN, USER1, USER2, State, Values, apio_groups
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant
from ansible_collections.telephony.pbx.tests.trust import changes, figures, pairs
from ansible_collections.telephony.pbx.tests.trust.differences import OBJECT_DEPTH, different, objects
from pbx_simulator import VENDORS
from pbx_simulator.vodia_data import BOOLEAN_KEYS

SUITE = "Dialects"
LIVES, ENDING, STOPPING = 1, 1, 2  # of each backend, unless the run is a full one

# -- what may stop -------------------------------------------------------------------------------------------------------
# (backend, switch, value, step of a tenant's life): (what the message says, why).
Key = tuple[str, str, Any, str]
STOPS: dict[Key, tuple[str, str]] = {
    ("vodia", "account_limit", 3, "create"): ("limit of groups", "the PBX takes no more groups"),
    ("apio", "agents_order", "sorted", "create"): ("did not store members", "no order can be seen"),
    ("vodia", "alias_post", "merges", "update"): (
        r"did not store settings\.alias",
        "this PBX has no way to take an alias away",
    ),
    ("portaswitch", "empty_list", "omitted", "nothing"): (
        "holds neither hunt groups nor extensions",
        "an empty customer looks like an unknown License here",
    ),
    ("portaswitch", "followme_without_record", "error", "nothing"): (
        r"follow_me 70000[12].*(500|did not store destinations)",
        "no route makes the record that the server asks for",
    ),
    ("vodia", "account_lists", "none", "purge"): (
        "no list of its extensions",
        "what is not listed cannot be purged",
    ),
    ("portaswitch", "null_result", "reads", "create"): ("service returned nothing", "there is nothing to plan by"),
    ("portaswitch", "null_result", "writes", "create"): (
        "service returned nothing.*run again to finish",
        "a write without an answer may have failed: each run goes on until the first of them",
    ),
    ("vodia", "unset_booleans", "false", "group update"): (
        r"settings\.rec",
        "this PBX shows a boolean that inherits as false: that one was cleared cannot be seen",
    ),
    ("apio", "users_list", "404", "purge"): ("does not show the users", "what is not listed cannot be purged"),
}
# Tried alone only: together with others a refusal without an answer, which looks like one that was lost, may stop any step.
ALONE: tuple[pairs.Value, ...] = (("null_result", "failures"),)
# What stops the client only together: the number of a user who is in a group already can be looked up nowhere.
TOGETHER: tuple[pairs.Row, ...] = ({"available_excludes_members": True, "users_list": "404"},)
_seen: dict[str, set[pairs.Pair]] = {}


# -- combinations --------------------------------------------------------------------------------------------------------
def answers(backend: str) -> dict[str, list[Any]]:
    """Every question about a backend with its answers, the hazards too."""
    vendor = VENDORS[backend]
    return {switch.name: list(switch.values) for switch in (*vendor.switches, *vendor.hazards)}


def ends(backend: str) -> list[pairs.Value]:
    """The answers under which there is nothing to go on with."""
    return [(key[1], key[2]) for key in STOPS if (key[0], key[3]) == (backend, "create")]


def never(backend: str) -> list[pairs.Row]:
    """What must not meet: it fails together, or one stops the very step that the other stops, and would hide it."""
    keys = itertools.combinations([key for key in STOPS if key[0] == backend], 2)
    hiding = [{one[1]: one[2], other[1]: other[2]} for one, other in keys if one[3] == other[3] != "create"]
    return [row for row in (*TOGETHER, *hiding) if set(row) <= set(answers(backend))]


def parameters(backend: str, rows: list[pairs.Row], most: int) -> list[Any]:
    """A sample of combinations, each with the number of pairs that no combination before it has."""
    found = []
    for number, row in figures.sample(list(enumerate(rows)), most):
        seen = _seen.setdefault(backend, set())
        fresh = set(pairs.pairs_of(row)) - seen
        seen |= fresh
        found.append(pytest.param(backend, row, len(fresh), id=f"{backend}-{number}"))
    return found


def combined() -> list[Any]:
    return [
        one
        for backend in VENDORS
        for one in parameters(
            backend, pairs.covering(pairs.without(answers(backend), [*ends(backend), *ALONE]), never(backend)), LIVES
        )
    ]


def ended() -> list[Any]:
    """Each answer that ends it, with every answer to every other question."""
    found = []
    for backend in VENDORS:
        left = pairs.without(answers(backend), [*ends(backend), *ALONE])
        rows = [row for end in ends(backend) for row in pairs.covering(left, never(backend), around=end)]
        found += parameters(backend, rows, ENDING)
    return found


def test_the_choice_of_combinations_is_pure_and_covers_small_arrays() -> None:
    """Three switches of two values fit into four combinations; what must not meet, or need not, does not."""
    small = {"a": [0, 1], "b": [0, 1], "c": [0, 1]}
    rows = pairs.covering(small)
    assert len(rows) == 4 and rows == pairs.covering(small)
    assert {frozenset(pair) for row in rows for pair in pairs.pairs_of(row)} == set(map(frozenset, pairs.pairs(small)))
    forbidden = {"a": 1, "c": 1}
    kept = pairs.covering(small, [forbidden])
    assert len({frozenset(pair) for row in kept for pair in pairs.pairs_of(row)}) == 12 - 1
    assert not [row for row in kept if pairs.holds(row, forbidden)]
    assert pairs.covering(small, around=("a", 1)) == [{"a": 1, "b": 0, "c": 0}, {"a": 1, "b": 1, "c": 1}]
    wide = {"a": [0, 1], "b": range(9), "c": range(9)}
    assert len(pairs.covering(wide, apart=[{"b", "c"}])) == 18


def test_what_stops_only_together_stops_before_any_write(apio: Site) -> None:
    apio.vendor.set_dialect(**TOGETHER[0])
    declared = {"id": f"APIOTestHuntGroup@{DOMAIN}", "members": [{"extension": "5002"}, {"extension": "4000"}]}
    for one in (apio.case.group, declared):
        message = apio.refused(one)
        assert "does not show the users" in message and "404" in message and "write the user id" in message


# -- a whole tenant ------------------------------------------------------------------------------------------------------
def seeded(tenant: Tenant, dialect: pairs.Row) -> None:
    """A tenant of the first day, as a server with these answers can hold it and as this project's rules allow it."""
    tenant.vendor.reset()
    tenant.vendor.set_dialect(**dialect)
    state = tenant.vendor.state
    changes.signed_in(state)
    if tenant.case.backend == "portaswitch":
        del state["customers"]["10"]["extensions"]["5009"]  # without a phone, so nothing can create it
    if dialect.get("primary_group") == "independent":  # two of them are refused, see below
        for row in state["memberships"].values():
            row["primary_group"] = "N" if row["i_c_ext"] == 5007 else row["primary_group"]
    if dialect.get("followme_without_record") == "error":
        state["follow_me"]["700002"] = {"i_account": 700002, "i_follow_me": 23, "sequence": "Order", "timeout": 30}
        state["next"]["i_follow_me"] = 24
    if dialect.get("weights_other_policy", "stored") != "stored":
        for group in apio_groups(state).values():
            group["weights"] = group["weights"] if group["policy"] == "Weighted" else {}


def view(tenant: Tenant) -> Values:
    """What is in the tenant, without what the answers in force spell differently."""
    state = tenant.state
    if tenant.case.backend == "portaswitch":
        _renumbered(state)
    shown = tenant.whole.view(state)
    if tenant.case.backend == "portaswitch":
        for group in shown["groups"].values():
            for member in group["members"]:
                if (group["name"], member["extension"]) == ("Support", "0111"):
                    member["primary_group"] = "N"  # whether it loses that to a new group is one of the questions
    if tenant.case.backend == "apio":
        for group in apio_groups({"tenants": shown}).values():
            group["weights"] = group["weights"] if group["policy"] == "Weighted" else {}
    return shown


def _renumbered(state: State) -> None:
    """The other customer's membership under the number that the view looks for: id_overlap gives it another one."""
    others = [key for key, row in state["memberships"].items() if row["i_customer"] == 20]
    for row in [state["memberships"].pop(key) for key in others]:
        state["memberships"]["9008"] = {**row, "i_cg_ext": 9008}


def _spelt(settings: Values, dialect: Values) -> Values:
    """Without "false" where that is how an unset boolean reads, and numbers without the country code that they get."""
    kept = dict(settings)
    if dialect["unset_booleans"] == "false":
        kept = {name: value for name, value in kept.items() if name not in BOOLEAN_KEYS or value != "false"}
    if dialect["number_format"] == "e164":
        kept = {n: v.removeprefix("+1") if isinstance(v, str) and len(v) == 12 else v for n, v in kept.items()}
    return kept


def spelt(tenant: Tenant, shown: Values) -> Values:
    """A view as it is compared under the answers in force."""
    shown = copy.deepcopy(shown)
    if tenant.case.backend == "vodia":
        for account in shown["localhost"]["accounts"].values():
            account["settings"] = _spelt(account["settings"], tenant.vendor.dialect)
    if tenant.case.backend == "apio" and tenant.vendor.dialect["list_ids"] != "as_get":  # ids mean the same in any case
        groups = apio_groups({"tenants": shown})
        for key in list(groups):
            group = groups.pop(key)
            groups[key.lower()] = {**group, "serviceUserId": key.lower()}
    return shown


def document(tenant: Tenant) -> Values:
    """What a life begins with. Every group of APIO says that it is enabled: a 207 may have left that out."""
    whole = changes.whole(tenant)
    for group in whole["hunt_groups"] if tenant.case.backend == "apio" else []:
        group["enabled"] = True
    return whole


class Life:
    """The life of a tenant under one dialect, compared at each step with its life under the first answers.

    reference: the views of that life by step, and `skip` the steps that it left out, as this one stops there.
    """

    def __init__(
        self, tenant: Tenant, dialect: pairs.Row, reference: dict[str, Values], skip: tuple[str, ...] = ()
    ) -> None:
        self.tenant, self.dialect, self.reference, self.skip = tenant, dialect, reference, skip
        self.views: dict[str, Values] = {}
        seeded(tenant, dialect)

    def live(self) -> dict[str, Values]:
        tenant, whole = self.tenant, document(self.tenant)
        if not self.step("create", whole):
            return self.views
        self.step("update", copy.deepcopy(tenant.whole.update))
        self.step("back", whole)
        self.step("reorder", changes.turned(tenant))
        self.there_and_back(changes.turned(tenant))
        before, case = tenant.state, tenant.case  # and every option of one group
        for name, group in (("group", case.group), ("group update", case.update), ("group back", case.group)):
            self.step(name, {"hunt_groups": [copy.deepcopy(group)]})
        tenant.vendor.state = before
        self.step("purge", changes.purge(tenant))
        self.step("absent", {"hunt_groups": [{"id": one["id"], "state": "absent"} for one in whole["hunt_groups"]]})
        return self.views

    def there_and_back(self, declared: Values) -> None:
        """The export changes nothing here, and makes the same tenant of an empty one.

        What a server with these answers does not list comes from the declaration; others had more of it.
        """
        tenant = self.tenant
        exported, before, whole = tenant.export(), tenant.state, view(tenant)
        tenant.unchanged(exported)
        tenant.unchanged({**exported, "purge": list(exported)})
        missing = set(tenant.whole.kinds) - set(exported)
        more = {kind: (document(tenant) | declared)[kind] for kind in missing}
        tenant.emptied()
        if self.step("nothing", {**more, **exported}, compared=not missing):
            assert tenant.export() == exported
            got, wanted = spelt(tenant, view(tenant)), spelt(tenant, whole)
            assert missing or got == wanted, different(wanted, got)
        tenant.vendor.state = before

    def step(self, name: str, declared: Values, compared: bool = True) -> bool:
        """Bring the tenant to its declared state, and see that a second run has nothing left to do.

        False where the tables say that it cannot be reached; the tenant is put back then, for the next step.
        """
        tenant = self.tenant
        before, was = tenant.state, view(tenant)
        if not self.reference and name in self.skip:
            return False
        result = tenant.run(declared)
        if result.get("failed"):
            self.stopped(name, str(result["msg"]), before, was)
            tenant.vendor.state = before
            return False
        if self.listed(STOPS, name):
            pytest.fail(f"{name}: converges now; take it from the table")
        tenant.unchanged(declared)
        self.views[name] = view(tenant)
        if self.reference and compared:
            goal, got = spelt(tenant, self.reference[name]), spelt(tenant, self.views[name])
            assert got == goal, (name, different(goal, got))
        return True

    def stopped(self, name: str, message: str, before: State, was: Values) -> None:
        """It may stop here, and has said why; nothing else changed, nothing is lost, nothing is there twice."""
        entry = self.listed(STOPS, name)
        if not entry or not re.search(entry[0], message):
            pytest.fail(f"{name}: {message}")
        if not self.tenant.vendor.writes():
            assert self.tenant.state == before
            return
        backend, depth = self.tenant.case.backend, OBJECT_DEPTH[self.tenant.case.backend]
        then, now = objects(was, depth), objects(view(self.tenant), depth)
        goal = objects(_references[backend, ()][name], depth)
        assert set(now) <= {*then, *goal} and set(now) >= {key for key in then if key in goal}
        assert [key for key in then if goal.get(key) == then[key] != now.get(key)] == []

    def listed(self, table: dict[Key, tuple[str, str]], step: str) -> tuple[str, str] | None:
        backend = self.tenant.case.backend
        keys = ((backend, switch, value, step) for switch, value in self.dialect.items())
        return next((table[key] for key in keys if key in table), None)


_references: dict[tuple[str, tuple[str, ...]], dict[str, Values]] = {}


def live(site: Site, dialect: pairs.Row) -> None:
    backend = site.case.backend
    skip = tuple(sorted({key[3] for key in STOPS if key[0] == backend and dialect.get(key[1], STOPS) == key[2]}))
    for skipped in ((), skip):
        if (backend, skipped) not in _references:
            _references[backend, skipped] = Life(Tenant(site), {}, {}, skipped).live()
    Life(Tenant(site), dialect, _references[backend, skip] or _references[backend, ()], skip).live()


@pytest.mark.parametrize(("backend", "dialect", "fresh"), combined())
def test_a_tenant_under_every_pair(open_site: Any, backend: str, dialect: pairs.Row, fresh: int) -> None:
    live(open_site(backend), dialect)
    figures.count(SUITE, "combinations of readings", 1, backend)
    figures.count(SUITE, "pairs of readings in them", fresh, backend)


@pytest.mark.parametrize(("backend", "dialect", "fresh"), ended())
def test_a_tenant_where_one_reading_ends_it(open_site: Any, backend: str, dialect: pairs.Row, fresh: int) -> None:
    """The same error, whatever the other answers are."""
    live(open_site(backend), dialect)
    figures.count(SUITE, "combinations of readings", 1, backend)
    figures.count(SUITE, "pairs of readings in them", fresh, backend)


def alone() -> list[Any]:
    """Each reading that stops a run, a sample of them; and each hazard."""
    keys = figures.sample(sorted({key[:3] for key in STOPS}, key=str), STOPPING)
    hazards = [
        (name, hazard.name, value)
        for name, vendor in VENDORS.items()
        for hazard in vendor.hazards
        for value in hazard.values[1:]
    ]
    return [pytest.param(*key, id="-".join(map(str, key))) for key in dict.fromkeys([*keys, *hazards])]


@pytest.mark.parametrize(("backend", "switch", "value"), alone())
def test_what_stops_a_tenant_does_so_alone_and_a_hazard_is_coped_with(
    open_site: Any, backend: str, switch: str, value: Any
) -> None:
    """Else a combination would be excused by the wrong entry of the tables."""
    more = {"post_status": 207} if switch == "post_207_lacks" else {}
    live(open_site(backend), {switch: value, **more})
    figures.count(SUITE, "readings that stop a run, and hazards, tried alone", 1, backend)


def test_two_primary_groups_stop_the_export_before_any_request(portaswitch: Site) -> None:
    """Where primary here does not end it there, a new group leaves its member with two: that is for people to decide."""
    tenant = Tenant(portaswitch)
    tenant.vendor.set_dialect(primary_group="independent")
    tenant.done(tenant.whole.document)
    message = tenant.refused(tenant.export())
    assert "0111 has its primary group" in message and "two-primary-groups" in message and tenant.vendor.log == []


@pytest.mark.parametrize("lacks", ["active", "agents", "settings"])
def test_what_207_leaves_undone_is_told_and_done(apio: Site, lacks: str) -> None:
    tenant = Tenant(apio)
    tenant.vendor.set_dialect(post_status=207, post_207_lacks=lacks)
    declared = {"hunt_groups": [{**tenant.whole.document["hunt_groups"][1], "enabled": True}]}
    result = tenant.done(declared)
    assert any("207" in warning for warning in result["warnings"])
    tenant.unchanged(declared)


@pytest.mark.parametrize("clears", ["null", "empty_object"])
def test_a_department_is_cleared_under_every_reading(apio: Site, clears: str) -> None:
    apio.done(apio.case.group)
    apio.vendor.set_dialect(clear_department=clears)
    apio.done({"id": apio.case.group["id"], "settings": {"serviceInstanceProfile": {"department": {}}}})


def test_the_export_of_a_group_that_is_weighted_no_more_can_be_applied(apio: Site) -> None:
    tenant = Tenant(apio)
    tenant.done(tenant.whole.document)
    members = [{"extension": USER1}, {"extension": USER2}]
    tenant.done({"hunt_groups": [{"id": f"nightwatch@{DOMAIN}", "policy": "regular", "members": members}]})
    tenant.unchanged(tenant.export())
