# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Open vendor questions together: every answer to one of them meets every answer to each other one.

tests/contract/test_dialects.py tries each answer alone. Here every pair of answers occurs in some combination, and under
each the life of one hunt group and of a whole tenant goes as it does under the first answers. A combination converges,
or it stops with an error that names what it saw and is in a table, with the reason.

A sample of the combinations by default; all of them by `python3 dev.py trust`.
"""

from __future__ import annotations

import copy
import itertools
import re
from dataclasses import dataclass
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract import test_dialects as dialects
from ansible_collections.telephony.pbx.tests.contract.cases import DOMAIN, USER1, USER2, State, Values, apio_groups
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant
from ansible_collections.telephony.pbx.tests.trust import figures, pairs, test_crash_points
from pbx_simulator import VENDORS
from pbx_simulator.vodia_data import BOOLEAN_KEYS

SUITE = "Dialects"
WALKS, LIVES, ENDING, STOPPING = 3, 2, 1, 3  # of each suite, unless the run is a full one
RUNS = 6  # at most, where the tables say that running again gets there

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
    ("apio", "users_list", "404", "purge"): ("does not show the users", "what is not listed cannot be purged"),
}
AGAIN: dict[Key, tuple[str, str]] = {
    ("apio", "post_status", 207, step): ("did not store enabled", "207: the server did not do all of it")
    for step in ("create", "nothing")
}


# Defects of the product, each with a test below that fails until it is gone; take it from here then.
_seen: dict[tuple[str, str], set[pairs.Pair]] = {}


# -- combinations --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Suite:
    """What is tried under combinations: the life of a group in one variant, or (variant "") that of a whole tenant."""

    backend: str
    variant: str = ""

    @property
    def switches(self) -> dict[str, list[Any]]:
        return {switch.name: list(switch.values) for switch in VENDORS[self.backend].switches}

    @property
    def ends(self) -> list[pairs.Value]:
        """The values under which there is nothing to go on with."""
        if self.variant:
            return [(key[2], key[3]) for key in dialects.ACCEPTED if key[:2] == (self.backend, self.variant)]
        return [(key[1], key[2]) for key in STOPS if (key[0], key[3]) == (self.backend, "create")]

    @property
    def again(self) -> list[pairs.Value]:
        """The values under which a run has to be run again: such a message may come before that of an end."""
        return [(key[1], key[2]) for key in AGAIN if key[0] == self.backend]

    @property
    def never(self) -> list[pairs.Row]:
        """What must not meet: it fails together, or one stops the very step that the other stops, and would hide it."""
        more = () if self.variant else self._hiding()
        return [row for row in (*dialects.TOGETHER, *more) if set(row) <= set(self.switches)]

    def _hiding(self) -> list[pairs.Row]:
        keys = itertools.combinations([key for key in STOPS if key[0] == self.backend], 2)
        return [{one[1]: one[2], other[1]: other[2]} for one, other in keys if one[3] == other[3] != "create"]

    def combinations(self) -> list[pairs.Row]:
        return pairs.covering(pairs.without(self.switches, self.ends), self.never)

    def ending(self) -> list[pairs.Row]:
        """Each value that ends it, with every value of every other switch."""
        left = pairs.without(self.switches, [*self.ends, *self.again])
        return [row for value in self.ends for row in pairs.covering(left, self.never, around=value)]

    def parameters(self, rows: list[pairs.Row], most: int) -> list[Any]:
        """A sample of them, each with the number of pairs that no combination before it has."""
        seen = _seen.setdefault((self.backend, self.of), set())
        parameters = []
        for number, row in figures.sample(list(enumerate(rows)), most):
            fresh = set(pairs.pairs_of(row)) - seen
            seen |= fresh
            names = f"{self.backend}-{self.variant}" if self.variant else self.backend
            parameters.append(pytest.param(self, row, len(fresh), id=f"{names}-{number}"))
        return parameters

    def count(self, fresh: int = 0) -> None:
        figures.count(SUITE, f"combinations of readings, life of {self.of}", 1, self.backend)
        figures.count(SUITE, f"pairs of readings in them, life of {self.of}", fresh, self.backend)

    @property
    def of(self) -> str:
        return "a hunt group" if self.variant else "a whole tenant"


GROUPS = [Suite(backend, variant) for backend, variants in dialects.VARIANTS.items() for variant in variants]
TENANTS = [Suite(backend) for backend in VENDORS]


def combined(suites: list[Suite], most: int) -> list[Any]:
    return [one for suite in suites for one in suite.parameters(suite.combinations(), most)]


def ended(suites: list[Suite]) -> list[Any]:
    return [one for suite in suites for one in suite.parameters(suite.ending(), ENDING)]


@pytest.mark.parametrize("suite", [*GROUPS, *TENANTS], ids=str)
def test_every_pair_of_readings_occurs(suite: Suite) -> None:
    """All but two values that may both end it, and what the tables know to fail together."""
    rows = [*suite.combinations(), *suite.ending()]
    assert all(set(row) == set(suite.switches) for row in rows)
    assert not [row for row in rows for together in suite.never if pairs.holds(row, together)]
    found = {frozenset(pair) for row in rows for pair in pairs.pairs_of(row)}
    missing = [pair for pair in pairs.pairs(suite.switches) if frozenset(pair) not in found]
    stopping = {*suite.ends, *suite.again}
    assert [pair for pair in missing if dict(pair) not in suite.never and not set(pair) <= stopping] == []
    figures.greatest(SUITE, "pairs of readings there are", len(pairs.pairs(suite.switches)), suite.backend)


def test_the_generator_is_pure_and_covers_small_arrays() -> None:
    """Three switches of two values fit into four combinations; what must not meet does not."""
    small = {"a": [0, 1], "b": [0, 1], "c": [0, 1]}
    rows = pairs.covering(small)
    assert len(rows) == 4 and rows == pairs.covering(small)
    assert {frozenset(pair) for row in rows for pair in pairs.pairs_of(row)} == set(map(frozenset, pairs.pairs(small)))
    forbidden = {"a": 1, "c": 1}
    kept = pairs.covering(small, [forbidden])
    assert len({frozenset(pair) for row in kept for pair in pairs.pairs_of(row)}) == 12 - 1
    assert not [row for row in kept if pairs.holds(row, forbidden)]
    assert pairs.covering(small, around=("a", 1)) == [{"a": 1, "b": 0, "c": 0}, {"a": 1, "b": 1, "c": 1}]


# -- one hunt group ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("suite", "dialect", "fresh"), combined(GROUPS, WALKS))
def test_a_hunt_group_under_every_pair(open_site: Any, suite: Suite, dialect: pairs.Row, fresh: int) -> None:
    dialects.walk(open_site(suite.backend), suite.variant, dialect)
    suite.count(fresh)


@pytest.mark.parametrize(("suite", "dialect", "fresh"), ended(GROUPS))
def test_a_hunt_group_where_one_reading_ends_it(open_site: Any, suite: Suite, dialect: pairs.Row, fresh: int) -> None:
    """The same error, whatever the other answers are."""
    dialects.walk(open_site(suite.backend), suite.variant, dialect)
    suite.count(fresh)


@pytest.mark.parametrize("together", dialects.TOGETHER)
def test_what_stops_only_together_stops_before_any_write(apio: Site, together: pairs.Row) -> None:
    apio.vendor.set_dialect(**together)
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
    test_crash_points.signed_in(state)
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
    return shown


def objects(shown: Any, depth: int) -> dict[str, Any]:
    """The parts of a view at a depth, by their path."""
    if not isinstance(shown, dict) or not depth:
        return {"": shown}
    parts = ((key, objects(value, depth - 1)) for key, value in shown.items())
    return {f"/{key}{path}": one for key, found in parts for path, one in found.items()}


DEPTH = {"portaswitch": 2, "vodia": 3, "apio": 5}  # of a group, an extension or a user in a view


def turned(tenant: Tenant) -> Values:
    """The same members and destinations the other way round."""
    whole = document(tenant)
    whole.pop("extensions", None)
    for group in whole["hunt_groups"]:
        stages = [member.pop("stage", None) for member in group["members"]]
        group["members"].reverse()
        for member, stage in zip(group["members"], stages):
            member.update({"stage": stage} if stage else {})
    for account in whole["follow_me"]:
        account.get("destinations", []).reverse()
    return whole


def document(tenant: Tenant) -> Values:
    """What a life begins with. Every group of APIO says that it is enabled: see test_what_207_leaves_undone_is_said."""
    whole = copy.deepcopy(tenant.whole.document)
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
        self.step("reorder", turned(tenant))
        self.there_and_back(turned(tenant))
        self.step("purge", test_crash_points.purge(tenant))
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
            assert missing or got == wanted, test_crash_points.different(wanted, got)
        tenant.vendor.state = before

    def step(self, name: str, declared: Values, compared: bool = True) -> bool:
        """Bring the tenant to its declared state, and see that a second run has nothing left to do.

        False where the tables say that it cannot be reached; the tenant is put back then, for the next step.
        """
        tenant = self.tenant
        before, was = tenant.state, view(tenant)
        if not self.reference and name in self.skip:
            return False
        result = self.run(name, declared)
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
            assert got == goal, (name, test_crash_points.different(goal, got))
        return True

    def run(self, name: str, declared: Values) -> Values:
        """One run, and where the tables say so more of them until one succeeds."""
        again = self.listed(AGAIN, name)
        result = self.tenant.run(declared)
        for _time in range(RUNS):
            if not (again and result.get("failed") and re.search(again[0], str(result["msg"]))):
                break
            result = self.tenant.run(declared)
        return result

    def stopped(self, name: str, message: str, before: State, was: Values) -> None:
        """It may stop here, and has said why; nothing else changed, nothing is lost, nothing is there twice."""
        entry = self.listed(STOPS, name)
        if not entry or not re.search(entry[0], message):
            pytest.fail(f"{name}: {message}")
        if not self.tenant.vendor.writes():
            assert self.tenant.state == before
            return
        backend, depth = self.tenant.case.backend, DEPTH[self.tenant.case.backend]
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


@pytest.mark.parametrize(("suite", "dialect", "fresh"), combined(TENANTS, LIVES))
def test_a_tenant_under_every_pair(open_site: Any, suite: Suite, dialect: pairs.Row, fresh: int) -> None:
    live(open_site(suite.backend), dialect)
    suite.count(fresh)


@pytest.mark.parametrize(("suite", "dialect", "fresh"), ended(TENANTS))
def test_a_tenant_where_one_reading_ends_it(open_site: Any, suite: Suite, dialect: pairs.Row, fresh: int) -> None:
    """The same error, whatever the other answers are."""
    live(open_site(suite.backend), dialect)
    suite.count(fresh)


def stopping_alone() -> list[Any]:
    keys = sorted({key[:3] for key in (*STOPS, *AGAIN)}, key=str)
    return [pytest.param(*key, id="-".join(map(str, key))) for key in figures.sample(keys, STOPPING)]


@pytest.mark.parametrize(("backend", "switch", "value"), stopping_alone())
def test_what_stops_a_tenant_does_so_alone(open_site: Any, backend: str, switch: str, value: Any) -> None:
    """Else a combination would be excused by the wrong entry of the tables."""
    live(open_site(backend), {switch: value})
    figures.count(SUITE, "readings that stop a run, tried alone", 1, backend)


def test_two_primary_groups_stop_the_export_before_any_request(portaswitch: Site) -> None:
    """Where primary here does not end it there, a new group leaves its member with two: that is for people to decide."""
    tenant = Tenant(portaswitch)
    tenant.vendor.set_dialect(primary_group="independent")
    tenant.done(tenant.whole.document)
    message = tenant.refused(tenant.export())
    assert "0111 has its primary group" in message and "two-primary-groups" in message and tenant.vendor.log == []


@pytest.mark.parametrize("enabled", [{}, {"enabled": True}], ids=["not declared", "declared"])
def test_what_207_leaves_undone_is_said(apio: Site, enabled: Values) -> None:
    """A warning where nothing that is declared is missing; else an error that names it."""
    tenant = Tenant(apio)
    tenant.vendor.set_dialect(post_status=207)
    result = tenant.run({"hunt_groups": [{**tenant.whole.document["hunt_groups"][1], **enabled}]})
    assert any("207" in warning for warning in result["warnings"])
    assert ("did not store enabled" in result.get("msg", "")) is bool(enabled)


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
