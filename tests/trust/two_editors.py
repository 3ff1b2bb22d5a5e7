# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the suites about two editors try: every declaration with every edit, and objects that come and go."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.contract.cases import Values, apio_groups
from ansible_collections.telephony.pbx.tests.contract.follow_me_rows import ACCOUNT
from ansible_collections.telephony.pbx.tests.trust import edits_apio, edits_portaswitch, edits_vodia
from ansible_collections.telephony.pbx.tests.trust.editing import THEIRS, Edit, Stage, Work, goes, members

WORKS = (*edits_portaswitch.WORKS, *edits_vodia.WORKS, *edits_apio.WORKS)
VENDORS = {"portaswitch": edits_portaswitch, "vodia": edits_vodia, "apio": edits_apio}
STARTS: dict[str, Values] = {name: vendor.START for name, vendor in VENDORS.items()}  # type: ignore[attr-defined]

works = pytest.mark.parametrize("work", WORKS, ids=lambda work: work.id)


def edits(kind: str, *marks: pytest.MarkDecorator) -> pytest.MarkDecorator:
    """Every declaration with each of its edits of a kind."""
    found = [
        pytest.param(work, what, id=f"{work.id}-{what}", marks=marks) for work in WORKS for what in getattr(work, kind)
    ]
    return pytest.mark.parametrize(("work", "what"), found)


def groups(name: str, module: str, backend: str, group: Values, start: Values | None = None) -> Work:
    """A declaration of one group, alone or in a tenant."""
    declared = {"hunt_groups": [group]} if module == "tenant" else group
    return Work(f"{module} {name}".strip(), backend, module, declared, start)


def with_one_member(start: Values) -> Values:
    first = dict(start["members"][0])
    first.update({"weight": 100} if "weight" in first else {})
    return {**start, "members": [first]}


def going() -> list[Any]:
    """Declarations of something that is there, and how it goes."""
    found: list[tuple[Work, Edit]] = []
    for backend, start in STARTS.items():
        for module in ("hunt_group", "tenant"):
            for name, group in (("name", {**start, "name": "Night watch B"}), ("members", with_one_member(start))):
                edit: Edit = VENDORS[backend].group_goes  # type: ignore[attr-defined]
                found.append((groups(name, module, backend, group, start), edit))
    alice = {"id": "101", "name": "Alice Front Desk", "account": 700001}
    found.append((Work("extension", "portaswitch", "extension", alice), edits_portaswitch.extension_goes))
    rows = goes("follow_me_numbers", i_account=ACCOUNT)
    found += [(work, rows) for work in WORKS if work.id == "portaswitch-follow-me exact"]
    return [pytest.param(*one, id=one[0].id) for one in found]


def coming() -> list[Any]:
    """Declarations of something that is not there."""
    found = [
        groups("", module, backend, start) for backend, start in STARTS.items() for module in ("hunt_group", "tenant")
    ]
    hanna = {"id": "0112", "name": "Hanna Support", "account": 700009}
    found.append(Work("extension", "portaswitch", "extension", hanna))
    return [pytest.param(work, id=work.id) for work in found]


def theirs_of(work: Work) -> tuple[str, Values]:
    """The same object as somebody else makes it: another name, and for a group nobody in it."""
    declared = work.declared["hunt_groups"][0] if work.module == "tenant" else work.declared
    module = "hunt_group" if work.module == "tenant" else work.module
    kept = {name: declared[name] for name in ("id", "account", "settings") if name in declared}
    return module, {**kept, "name": THEIRS}


def copies(stage: Stage, number: str) -> int:
    """How many objects of this number there are, of whatever kind."""
    state = stage.vendor.state
    if stage.site.case.backend == "portaswitch":
        ours = state["customers"]["10"]
        return sum(one["id"] == number for kind in ("extensions", "groups") for one in ours[kind].values())
    if stage.site.case.backend == "vodia":
        accounts = state["domains"]["localhost"]["accounts"].values()
        return sum(number in one["settings"]["alias"] for one in accounts)
    return sum(one["serviceUserId"] == number for one in apio_groups(state).values())


def night_watch(**more: Any) -> Work:
    """A tenant of PortaSwitch with the name of a group that is there, and another group before it."""
    declared = {"hunt_groups": [{"id": "0250", "name": "Ours"}, {"id": "200", "name": "Sales EU"}], **more}
    return Work("night watch", "portaswitch", "tenant", declared, edits_portaswitch.START)


def rung_extension() -> Work:
    """A group that gets a member, and an extension that is deleted."""
    group = {"id": "0250", "members": members("104"), "membership": "at_least"}
    declared = {"hunt_groups": [group], "extensions": [{"id": "107", "state": "absent"}]}
    return Work("rung", "portaswitch", "tenant", declared, edits_portaswitch.START)
