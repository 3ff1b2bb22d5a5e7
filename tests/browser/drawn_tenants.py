# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tenants to draw: as odd as vendors allow, with names that do not fit, and plans that change them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ansible_collections.telephony.pbx.tests.unit.callflow.drawn import GROUPS, PHONES, VENDORS

NAMES = [
    "", "Sales", "W" * 30, "M@%—" * 8, "i" * 60, "\u7dca\u6025\u901a\u5831" * 6, "</text></svg><script>alert(1)</script>",
    "Ligne d'accueil et réception de l'établissement principal", "\u202eselaS\u2066", "\u0645\u0628\u064a\u0639\u0627\u062a",
    "\U0001f4de" * 12, "a\u0301" * 25, "A & B <C> \"D\" 'E'",
]  # fmt: skip
_LONG = ["+32470123456", "0032470123456789012345", "sip:reception.of.the.head.office@branch.example.com"]


@st.composite
def tenants(draw: st.DrawFn, vendor: str) -> dict[str, Any]:
    document = draw(VENDORS[vendor])
    for one in (*document["hunt_groups"], *document.get("extensions", [])):
        one["name"] = draw(st.sampled_from(NAMES))
    if document["hunt_groups"][0].get("overflow_to"):
        document["hunt_groups"][0]["overflow_to"] = draw(st.sampled_from([*GROUPS, *_LONG]))
    return document


def _change(field: str, before: Any, after: Any) -> dict[str, Any]:
    return {"field": field, "before": before, "after": after}


@st.composite
def plans(draw: st.DrawFn, document: dict[str, Any]) -> list[dict[str, Any]]:
    """Steps that change, create or delete groups, and change where an extension is followed."""
    steps = []
    for group in document["hunt_groups"]:
        phone, other = draw(st.sampled_from(PHONES)), draw(st.sampled_from([*PHONES, *_LONG]))
        changes = [
            _change(f"members[{phone}].ring_time", 10, 15),
            _change(f"members[{other}]", *draw(st.permutations([None, {"extension": other}]))),
            _change("overflow_to", draw(st.sampled_from([None, *_LONG])), draw(st.sampled_from([None, "", *_LONG]))),
            _change("policy", "regular", "simultaneous"),
            _change("name", draw(st.sampled_from(NAMES)), draw(st.sampled_from(NAMES))),
        ]
        steps.append(
            {
                "resource": "hunt_group",
                "id": group["id"],
                "name": group["name"],
                "action": draw(st.sampled_from(["update", "update", "create", "unchanged"])),
                "changes": draw(st.lists(st.sampled_from(changes), unique_by=lambda one: one["field"], max_size=5)),
            }
        )
    name = draw(st.sampled_from(NAMES))
    steps.append({"resource": "hunt_group", "id": "299", "name": name, "action": "delete", "changes": []})
    followed = [_change("destinations[101].timeout", 10, 20), _change("destinations[200]", None, {"number": "200"})]
    steps.append({"resource": "follow_me", "id": "1", "name": "", "action": "update", "changes": followed})
    return steps
