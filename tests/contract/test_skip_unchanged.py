# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant that was clean is judged by its fingerprint, when asked to; whatever differs leads to a full comparison."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.engine import fingerprint
from ansible_collections.telephony.pbx.plugins.module_utils.entry import unchanged
from ansible_collections.telephony.pbx.tests.contract.cases import DOMAIN, State, Values, apio_groups, copied
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant

pytestmark = pytest.mark.thorough

HOUR = 3600.0


# What the lists of a vendor show, as the guide says too.
_IN_PART = "only in part in their list, so that their details were not compared"
_UNSEEN = "in no list, so that they were not compared at all: follow_me"
SHOWN = {
    "portaswitch": f"whole in their list: extensions, hunt_groups; {_UNSEEN}",
    "vodia": f"{_IN_PART}: extensions, hunt_groups; {_UNSEEN}",
    "apio": f"{_IN_PART}: hunt_groups; {_UNSEEN}",
}


class Kept:
    """A tenant that is as declared, and the file of its fingerprint."""

    def __init__(self, tenant: Tenant, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tenant, self.place, self.hours = tenant, place, 0.0
        self.declared = copied(tenant.whole.document)
        started = time.time()
        monkeypatch.setattr(fingerprint.Fingerprint.__init__, "__defaults__", (lambda: started + self.hours * HOUR,))
        tenant.done(self.declared)

    def check(self, **more: Any) -> Values:
        options = {"state_dir": str(self.place), "skip_unchanged": True, **more}
        return self.tenant.check(options.pop("declared", self.declared), **options)

    @property
    def files(self) -> list[Path]:
        return sorted((self.place / "fingerprints").glob("*"))

    def edit(self, change: Callable[[str], str]) -> None:
        (file,) = self.files
        file.write_text(change(file.read_text()))


@pytest.fixture
def kept(tenant: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    found = Kept(tenant, tmp_path, monkeypatch)
    first = found.check()
    assert (first["verdict"], "unchanged_since" in first, len(found.files)) == ("clean", False, 1)
    return found


def rename_group(state: State, backend: str) -> None:
    """What every list of hunt groups shows."""
    if backend == "portaswitch":
        next(one for one in state["customers"]["10"]["groups"].values() if one["id"] == "0260")["name"] = "Renamed"
    elif backend == "vodia":
        state["domains"]["localhost"]["accounts"]["0160"]["settings"]["display"] = "Renamed"
    else:
        apio_groups(state)[f"sales@{DOMAIN}"]["serviceInstanceProfile"]["name"] = "Renamed"


def other_declaration(declared: Values) -> Values:
    return {
        **declared,
        "hunt_groups": [{**declared["hunt_groups"][0], "name": "Another"}, *declared["hunt_groups"][1:]],
    }


def test_the_same_tenant_is_judged_by_its_lists(kept: Kept) -> None:
    full = len(kept.tenant.vendor.log)
    result = kept.check()
    assert (result["verdict"], result["changed"], result["plan"]) == ("clean", False, [])
    assert result["unchanged_since"].endswith("Z")
    assert result["requests"] == len(kept.tenant.vendor.log) < full
    (told,) = [one for one in result["findings"] if one["id"] == "judged-by-fingerprint"]
    assert told["severity"] == "warning"
    assert told["message"].partition("was clean; ")[2] == SHOWN[kept.tenant.case.backend]
    real = kept.tenant.unchanged(kept.declared, state_dir=str(kept.place), skip_unchanged=True)
    assert "unchanged_since" in real


DAMAGE: dict[str, Callable[[str], str]] = {
    "half of it": lambda text: text[: len(text) // 2],
    "nothing": lambda text: "",
    "no dictionary": lambda text: "[1]",
    "other values": lambda text: text.replace('"unchanged": ', '"unchanged": 1'),
    "a younger one": lambda text: text.replace('"created_at": 1', '"created_at": 2'),
    "another salt": lambda text: text.replace('"salt": "', '"salt": "00'),
    "no digest": lambda text: text.replace('"digest"', '"digset"'),
    "salt of another kind": lambda text: text.replace('"salt": "', '"salt": "xx'),
}
CHANGES: dict[str, Callable[[Kept], Values]] = {
    "declaration": lambda kept: kept.check(declared=other_declaration(kept.declared)),
    "option": lambda kept: kept.check(protect=["nobody"]),
    "list left out": lambda kept: kept.check(declared={"hunt_groups": kept.declared["hunt_groups"]}),
    "age": lambda kept: setattr(kept, "hours", 24.1) or kept.check(),
    "age asked for": lambda kept: setattr(kept, "hours", 3.1) or kept.check(skip_unchanged_max_age=3),
    "clock went back": lambda kept: setattr(kept, "hours", -1.0) or kept.check(),
    "plan expected": lambda kept: kept.check(expect_plan="0" * 32),
    "not asked": lambda kept: kept.check(skip_unchanged=False),
    **{
        f"file: {name}": lambda kept, change=change: kept.edit(change) or kept.check()  # type: ignore[misc]
        for name, change in DAMAGE.items()
    },
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_else_differs_leads_to_a_full_comparison(kept: Kept, change: str) -> None:
    result = CHANGES[change](kept)
    assert "unchanged_since" not in result
    assert not [one for one in result["findings"] if one["id"] == "judged-by-fingerprint"]


def test_a_change_that_a_list_shows_is_found(kept: Kept) -> None:
    rename_group(kept.tenant.vendor.state, kept.tenant.case.backend)
    result = kept.check()
    assert ("unchanged_since" in result, result["verdict"]) == (False, "drift")


def test_a_version_of_the_collection_has_fingerprints_of_its_own(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unchanged, "VERSION", "99.0.0")
    assert "unchanged_since" not in kept.check()


def test_the_file_of_another_tenant_says_nothing(tmp_path: Path) -> None:
    """Not even under the name of this one's."""
    one, other = (
        fingerprint.Fingerprint(str(tmp_path), {"backend": "vodia", "url": "https://x", "tenant": name})
        for name in ("one", "other")
    )
    one.keep("the same", {"summary": {}})
    assert other.known("the same", 24) is None
    Path(one.path).rename(other.path)
    assert other.known("the same", 24) is None
    Path(other.path).rename(one.path)
    assert one.known("the same", 24)


@pytest.mark.parametrize("asked", [True, False])
def test_a_run_that_finds_something_removes_the_fingerprint(kept: Kept, asked: bool) -> None:
    """Else a drift that no list shows would be clean again in the next run."""
    kept.tenant.whole.damage(kept.tenant.vendor.state)
    kept.hours = 25.0
    assert kept.check(skip_unchanged=asked)["verdict"] == "drift"
    kept.hours = 0.0
    assert kept.files == []
    assert kept.check()["verdict"] == "drift"


def test_a_real_run_removes_it_before_its_first_write(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that is killed must not leave it behind."""
    vendor, answer, seen = kept.tenant.vendor, kept.tenant.vendor.answer, []
    monkeypatch.setattr(vendor, "answer", lambda: seen.append(kept.files) or answer())
    kept.tenant.done(other_declaration(kept.declared), state_dir=str(kept.place))
    assert seen and not any(seen)
    assert kept.files == []
    assert kept.check()["verdict"] == "drift"


def test_a_change_that_no_list_shows_is_found_by_the_next_full_comparison(kept: Kept) -> None:
    """The limit of fingerprints: follow-me and forwarding stand in no list."""
    kept.tenant.done({"follow_me": emptied(kept.declared["follow_me"])})
    hidden = kept.check()
    assert ("unchanged_since" in hidden, hidden["verdict"]) == (True, "clean")
    kept.hours = 25.0
    found = kept.check()
    assert ("unchanged_since" in found, found["verdict"]) == (False, "drift")


def emptied(follow_me: list[Values]) -> list[Values]:
    return [{"account": one["account"], "state": "absent"} for one in follow_me]


def test_lists_that_show_everything_need_no_warning(
    porta: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Kept(porta, tmp_path, monkeypatch)
    groups = {"hunt_groups": kept.declared["hunt_groups"]}
    kept.check(declared=groups)
    (told,) = [one for one in kept.check(declared=groups)["findings"] if one["id"] == "judged-by-fingerprint"]
    assert (told["severity"], "not compared" in told["message"]) == ("info", False)


def test_where_no_list_shows_anything_everything_is_compared(
    porta: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Kept(porta, tmp_path, monkeypatch)
    follow_me = {"follow_me": kept.declared["follow_me"]}
    assert not any("unchanged_since" in kept.check(declared=follow_me) for _time in range(2))
    assert kept.files == []


def test_without_a_directory_it_is_refused(tenant: Tenant) -> None:
    result = tenant.run(tenant.whole.document, check_mode=True, skip_unchanged=True)
    assert result["failed"] and "state_dir" in result["msg"]


@pytest.mark.parametrize("hours", [0, -1])
def test_an_age_is_a_number_of_hours(tenant: Tenant, tmp_path: Path, hours: int) -> None:
    asked = {"skip_unchanged": True, "state_dir": str(tmp_path), "skip_unchanged_max_age": hours}
    result = tenant.run(tenant.whole.document, check_mode=True, **asked)
    assert result["failed"] and "skip_unchanged_max_age" in result["msg"]
