# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers that move: freed before they are taken, swaps included, and back again by a restore."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.cases import DOMAIN, Values, apio_groups
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant, actions

pytestmark = pytest.mark.thorough

A, B, C = (f"{name}@{DOMAIN}" for name in ("alpha", "beta", "gamma"))


def group(key: str, extension: str, phone: str = "", **more: Any) -> Values:
    settings = {"serviceInstanceProfile": {"cliFirstName": key[:5], "cliLastName": "Desk"}}
    return {
        "id": key, "name": key.split("@")[0], "extension": extension, "phone_number": phone, "settings": settings, **more,
    }  # fmt: skip


@pytest.fixture
def three(apio: Site) -> Tenant:
    """Three groups, each with a number of its own."""
    tenant = Tenant(apio)
    tenant.emptied()
    apio_groups(tenant.vendor.state).clear()
    numbers = [("4201", "+3226127001"), ("4202", "+3226127002"), ("4203", "+3226127000")]
    tenant.done({"hunt_groups": [group(key, *number) for key, number in zip((A, B, C), numbers)]})
    return tenant


def owners(tenant: Tenant) -> dict[str, tuple[str, str]]:
    profiles = {key: one["serviceInstanceProfile"] for key, one in apio_groups(tenant.state).items()}
    return {key.split("@")[0]: (one.get("extension"), one.get("phoneNumber")) for key, one in profiles.items()}


MOVES = {
    "one takes what another gives up": [group(A, "4209", "+3225126999"), group(B, "4201", "+3226127001")],
    "a chain": [group(A, "4202", "+3226127002"), group(B, "4203", "+3226127000"), group(C, "4209", "+3225126999")],
    "a swap": [group(A, "4202", "+3226127002"), group(B, "4201", "+3226127001")],
    "a swap of one number": [group(A, "4202", "+3226127001"), group(B, "4201", "+3226127002")],
    "a round of three": [
        group(A, "4202", "+3226127002"),
        group(B, "4203", "+3226127000"),
        group(C, "4201", "+3226127001"),
    ],
    "a deleted one frees it": [{"id": A, "state": "absent"}, group(B, "4201", "+3226127001")],
    "a new one takes it": [{"id": A, "state": "absent"}, group(f"delta@{DOMAIN}", "4201", "+3226127001")],
}


@pytest.mark.parametrize("declared", MOVES.values(), ids=MOVES)
@pytest.mark.parametrize("concurrency", [1, 4])
def test_a_number_moves_in_one_run_and_comes_back_by_the_journal(
    three: Tenant, declared: list[Values], concurrency: int, tmp_path: Path
) -> None:
    before = three.view
    for order in (declared, list(reversed(declared))):
        document = {
            "hunt_groups": copy.deepcopy(order),
            "journal": str(tmp_path / f"{len(list(tmp_path.iterdir()))}.json"),
        }
        shown = three.check(document, concurrency=concurrency)
        result = three.done(document, concurrency=concurrency)
        assert (shown["plan_id"], actions(shown)) == (result["plan_id"], actions(result))
        wanted = {
            one["id"].split("@")[0]: (one["extension"], one["phone_number"]) for one in order if "extension" in one
        }
        assert wanted.items() <= owners(three).items()
        three.unchanged(document, concurrency=concurrency)
        three.done({"restore_from": result["journal"], "journal": ""}, concurrency=concurrency)
        assert three.view == before


def test_a_purged_group_frees_its_number(three: Tenant) -> None:
    declared = [group(B, "4201", "+3226127001"), group(C, "4203", "+3226127000")]
    three.done({"hunt_groups": declared, "purge": ["hunt_groups"]}, concurrency=1)
    assert owners(three) == {"beta": ("4201", "+3226127001"), "gamma": ("4203", "+3226127000")}


def test_a_server_that_renames_groups_with_their_numbers_is_undone_too(three: Tenant, tmp_path: Path) -> None:
    three.vendor.set_dialect(rename_on_number=True)
    before = owners(three)
    declared = {"hunt_groups": [group(A, "4201", "+3225126999")], "journal": str(tmp_path / "journal.json")}
    result = three.done(declared)
    assert len(apio_groups(three.state)) == 3
    three.done({"restore_from": result["journal"], "journal": ""})
    assert sorted(owners(three).values()) == sorted(before.values()) and len(apio_groups(three.state)) == 3


def test_old_absent_and_new_present_may_have_one_name_and_number(three: Tenant) -> None:
    new = f"renewed@{DOMAIN}"
    declared = {"hunt_groups": [{"id": A, "state": "absent"}, {**group(new, "4201", "+3226127001"), "name": "alpha"}]}
    three.done(declared)
    assert set(apio_groups(three.state)) == {new, B, C}
    three.unchanged(declared)
    three.unchanged({"hunt_groups": [{**declared["hunt_groups"][0], "name": "alpha", "extension": "4201"}]})
    assert new in apio_groups(three.state)


def test_an_alias_moves_from_one_extension_to_another_and_two_swap(vodia: Site) -> None:
    tenant = Tenant(vodia)
    accounts = tenant.vendor.state["domains"]["localhost"]["accounts"]

    def aliases() -> dict[str, list[str]]:
        return {number: accounts_now()[number]["settings"]["alias"][1:] for number in ("444", "445")}

    def accounts_now() -> Values:
        return dict(tenant.state["domains"]["localhost"]["accounts"])

    assert "444" in accounts
    first = [{"id": "444", "settings": {"alias": ["7001"]}}, {"id": "445", "settings": {"alias": ["7002"]}}]
    tenant.done({"extensions": first})
    for wanted in ({"444": ["7002"], "445": []}, {"444": [], "445": ["7002"]}, {"444": ["7001"], "445": ["7002"]}):
        document = {"extensions": [{"id": number, "settings": {"alias": more}} for number, more in wanted.items()]}
        tenant.done(document, concurrency=1)
        assert aliases() == wanted
    swap = {
        "extensions": [{"id": "444", "settings": {"alias": ["7002"]}}, {"id": "445", "settings": {"alias": ["7001"]}}]
    }
    tenant.done(swap, concurrency=1)
    assert aliases() == {"444": ["7002"], "445": ["7001"]}
    tenant.unchanged(swap)


def test_what_cannot_be_swapped_is_refused_before_the_first_write_in_check_mode_too(portaswitch: Site) -> None:
    tenant = Tenant(portaswitch)
    rows = {one["id"]: one["i_account"] for one in tenant.state["customers"]["10"]["extensions"].values()}
    swap = {"extensions": [{"id": "101", "account": rows["102"]}, {"id": "102", "account": rows["101"]}]}
    shown = tenant.check(swap)
    assert (shown["verdict"], [one["id"] for one in shown["findings"]]) == ("drift", ["blocked-order"])
    message = tenant.refused(swap)
    assert "account" in message and "101" in message and "102" in message


def test_an_account_moves_to_another_extension_in_one_run(portaswitch: Site) -> None:
    tenant = Tenant(portaswitch)
    rows = {one["id"]: one["i_account"] for one in tenant.state["customers"]["10"]["extensions"].values()}
    move = {"extensions": [{"id": "102", "account": rows["101"]}, {"id": "101", "account": 700009}]}
    tenant.done(move, concurrency=1)
    tenant.unchanged(move)


def test_a_purged_extension_frees_its_number_for_a_group(portaswitch: Site) -> None:
    tenant = Tenant(portaswitch)
    kept = [{"id": one["id"]} for one in tenant.state["customers"]["10"]["extensions"].values()]
    tenant.done({"extensions": [{"id": "190", "name": "Old", "account": 700009}]})
    document = {"extensions": kept, "purge": ["extensions"], "hunt_groups": [{"id": "190", "name": "New"}]}
    tenant.done(document, concurrency=1)
    groups = tenant.state["customers"]["10"]["groups"].values()
    assert [one["name"] for one in groups if one["id"] == "190"] == ["New"]
    assert "190" not in {one["id"] for one in tenant.state["customers"]["10"]["extensions"].values()}


def test_an_alias_that_an_extension_gives_up_is_free_for_a_group(vodia: Site) -> None:
    tenant = Tenant(vodia)
    tenant.done({"extensions": [{"id": "444", "settings": {"alias": ["7001"]}}]})
    document = {
        "extensions": [{"id": "444", "settings": {"alias": []}}],
        "hunt_groups": [{"id": "7001", "name": "New"}],
    }
    tenant.done(document, concurrency=1)
    tenant.unchanged(document)


def test_a_purge_frees_no_number_of_an_extension_that_stays(portaswitch: Site) -> None:
    tenant = Tenant(portaswitch)
    kept = [{"id": one["id"]} for one in tenant.state["customers"]["10"]["extensions"].values()]
    document = {"extensions": kept, "purge": ["extensions"], "hunt_groups": [{"id": "101", "name": "New"}]}
    assert "101" in tenant.refused(document)
