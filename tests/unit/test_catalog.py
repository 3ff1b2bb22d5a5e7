# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue and the tables of the backends: consistent in themselves and with each other."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.backends.contract import Store
from ansible_collections.telephony.pbx.plugins.module_utils.backends.registry import BACKENDS
from ansible_collections.telephony.pbx.plugins.module_utils.model import catalog
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import (
    HUNT_GROUP,
    POLICIES,
    RESOURCES,
    Capability,
    Reference,
    Resource,
    tenant_lists,
    tenant_resources,
)
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Field, canonical, is_empty

STORES: dict[tuple[str, str], type[Store]] = {
    (name, resource): store for name, kind in BACKENDS.items() for resource, store in kind.stores.items()
}
CAPABILITIES = [
    pytest.param(store.resource, store.capability, id=f"{backend} {resource}")
    for (backend, resource), store in STORES.items()
]
HUNT_GROUPS = [pytest.param(STORES[name, "hunt_group"].capability, id=name) for name in BACKENDS]
KINDS = {
    *("text", "name", "number", "phone", "int", "bool", "choice", "tokens", "phone_tokens", "names", "phones", "dict"),
    "period",
}


def every_field(table: dict[str, Field], place: str = "") -> Iterator[tuple[str, Field]]:
    for name, spec in table.items():
        yield f"{place}{name}", spec
        yield from every_field(dict(spec.nested), f"{place}{name}.")


# -- the tables themselves -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("resource", "table"), CAPABILITIES)
def test_every_setting_is_defined_consistently(resource: Resource, table: Capability) -> None:
    neutral = set(table.options) | ({resource.items.option} if resource.items else set())
    for place, spec in every_field(dict(table.settings)):
        check_definition(place, spec)
        assert not (spec.instead and spec.also), place
        assert not spec.also or spec.also in neutral, place
        assert not spec.instead or (re.findall(r"\w+", spec.instead)[0] in neutral | set(RESOURCES)), place
        assert not spec.secret or spec.create_only, f"{place}: a secret that is compared would show up as a change"


@pytest.mark.parametrize("resource", RESOURCES.values(), ids=list(RESOURCES))
def test_every_neutral_field_is_defined_consistently(resource: Resource) -> None:
    assert RESOURCES[resource.name] is resource
    assert set(resource.keys) <= set(resource.fields)
    items = dict(resource.items.fields) if resource.items else {}
    for place, spec in every_field({**resource.fields, **resource.directives, **resource.filters, **items}):
        check_definition(place, spec)
        assert not (spec.instead or spec.also), place


def check_definition(place: str, spec: Field) -> None:
    assert spec.kind in KINDS, place
    assert bool(spec.choices) == (spec.kind == "choice"), place
    assert set(spec.aliases.values()) <= set(spec.choices), place
    assert bool(spec.nested) == (spec.kind == "dict"), place
    assert not spec.partial or spec.nested, place
    assert not spec.limits or spec.limits[0] <= spec.limits[1], place
    assert not (spec.read_only and (spec.create_only or spec.secret or spec.instead)), place
    assert canonical(spec, canonical(spec, None)) == canonical(spec, None), place


@pytest.mark.parametrize(("resource", "table"), CAPABILITIES)
def test_a_capability_speaks_the_neutral_model(resource: Resource, table: Capability) -> None:
    items = resource.items
    parts = {f"{name}.{part}" for name, spec in resource.fields.items() if spec.partial for part in spec.nested}
    assert table.options <= set(resource.fields) | parts
    assert all(name.split(".")[0] in table.options for name in table.options)
    assert set(table.overrides) <= table.options
    assert table.fixed <= table.options
    assert set(resource.keys) & table.options
    assert table.member_options <= (set(items.fields) if items else set())
    assert table.filters <= set(resource.filters)
    assert not table.settings or resource.has_settings
    refusable = {f"{items.option}.{name}" for name in items.fields} - {
        f"{items.option}.{name}" for name in table.member_options
    } if items else set()  # fmt: skip
    if items and not table.member_options:
        refusable = {items.option}
    assert set(table.refused) <= refusable | ((set(resource.fields) | parts) - table.options)


@pytest.mark.parametrize("table", HUNT_GROUPS)
def test_every_neutral_option_is_expressed_or_refused_with_a_hint(table: Capability) -> None:
    assert set(HUNT_GROUP.fields) - table.options <= set(table.refused)
    assert set(table.policies) <= set(POLICIES)
    assert bool(table.policies) == ("policy" in table.options)
    assert table.ordered_policies <= set(table.policies)
    assert len(set(table.policies.values())) == len(table.policies)


@pytest.mark.parametrize("table", HUNT_GROUPS)
@pytest.mark.parametrize("number", ["", " ", "a b", "a/b", "a?b", "a\\b", "a<b", "1" * 200])
def test_no_backend_takes_a_number_that_breaks_a_path_or_a_list(table: Capability, number: str) -> None:
    assert not table.number.fullmatch(number)


@pytest.mark.parametrize("table", HUNT_GROUPS)
@pytest.mark.parametrize("number", ["200", "0111", "hunt_2", "*98"])
def test_every_backend_takes_the_numbers_of_the_vendors_pages(table: Capability, number: str) -> None:
    assert table.number.fullmatch(number)


# -- the catalogue as data ---------------------------------------------------------------------------------------------
def leads_to_a_field(resource: Resource, table: Capability, option: str) -> bool:
    """Whether an address (`members.extension`, `settings.alias`, `forwarding.busy`) names something that there is."""
    head, _dot, rest = option.partition(".")
    if head == "settings":
        return rest.split(".")[0] in table.settings
    if resource.items and head == resource.items.option:
        return rest in resource.items.fields
    return head in resource.fields and (not rest or rest in resource.fields[head].nested)


@pytest.mark.parametrize(("resource", "table"), CAPABILITIES)
def test_claims_references_and_parking_name_options_that_there_are(resource: Resource, table: Capability) -> None:
    claims = table.claims_of(resource)
    for option in (*claims, *(one.option for one in table.references_of(resource))):
        assert leads_to_a_field(resource, table, option), option
    assert set(table.parking) <= set(claims) and all(map(is_empty, table.parking.values()))
    assert resource.key not in table.parking
    assert not table.lost_with or table.lost_with in RESOURCES
    assert not claims or resource.key in claims


def test_resources_of_a_tenant_come_after_those_that_they_refer_to() -> None:
    names = [resource.name for resource in tenant_resources()]
    assert names == ["extension", "hunt_group", "follow_me"]
    assert list(tenant_lists()) == ["extensions", "hunt_groups", "follow_me"]
    for resource in tenant_resources():
        assert all(names.index(before) < names.index(resource.name) for before in resource.after if before in names)


def test_resources_that_come_after_each_other_are_a_defect_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def kind(name: str, after: str) -> Resource:
        return Resource(name, f"{name}s", ("id",), {"id": Field()}, in_tenant=True, after=(after,))

    monkeypatch.setattr(catalog, "RESOURCES", {"a": kind("a", "b"), "b": kind("b", "a")})
    with pytest.raises(ValueError, match="a, b"):
        tenant_resources()


def test_a_backend_may_know_more_of_claims_and_references_than_the_catalogue() -> None:
    table = Capability(frozenset({"id"}), references=(Reference("settings.night", "goes to"),))
    assert table.claims_of(HUNT_GROUP) == {"id": "number"}
    assert [one.option for one in table.references_of(HUNT_GROUP)][-1] == "settings.night"
    assert Capability(frozenset(), claims={"name": "name"}).claims_of(HUNT_GROUP) == {"name": "name"}
