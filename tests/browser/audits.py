# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of audits to open: one with everything that a page can show, and one of many tenants."""

from __future__ import annotations

from typing import Any

from ansible_collections.telephony.pbx.plugins.module_utils.report.callflow.pictures import picture_of
from ansible_collections.telephony.pbx.plugins.module_utils.report.document import audit_document, judged, tenant_entry
from ansible_collections.telephony.pbx.plugins.module_utils.report.formats import Report, rendered
from ansible_collections.telephony.pbx.tests.unit.callflow.conftest import d1, d2
from ansible_collections.telephony.pbx.tests.unit.report.conftest import HOSTILE, NOW, example, leaf, result, step

COMPARISON = {
    "previous_generated_at": "2026-11-23T10:00:00+00:00",
    "new": [{"host": "drift", "kind": "leaf", "text": "hunt_group 200: members[106].ring_time: 15 -> 25"}],
    "open": [{"host": "hostile", "kind": "leaf", "text": HOSTILE}],
    "resolved": [{"host": "clean", "kind": "incomplete", "text": "no route"}],
    "unknown": [],
}


def page_of(report: Report) -> str:
    texts, errors = rendered(report, ["html"])
    assert errors == {}
    return texts["audit.html"]


def page_of_everything() -> str:
    hostile = d1()
    hostile["hunt_groups"][0]["name"] = HOSTILE
    drawn = {
        "drift": [_picture(d1(), "portaswitch", "200"), _picture(d2(), "vodia", "1003")],
        "hostile": [_picture(hostile, "portaswitch", "200")],
    }
    return page_of(Report(example(), COMPARISON, drawn))


def _picture(document: dict[str, Any], backend: str, group: str) -> dict[str, str]:
    svg, words = (picture_of(document, backend, format_, group) for format_ in ("svg", "outline"))
    return {"group": group, "title": svg.title, "svg": svg.text, "words": words.text}


def page_of_many(tenants: int) -> str:
    """Every twentieth is incomplete, every fifth differs, the others are clean; each has 8 groups and 40 extensions."""
    return page_of(Report(audit_document([tenant_entry(f"tenant-{n:04}", _many(n)) for n in range(tenants)], NOW)))


def _many(number: int) -> dict[str, Any]:
    if number % 20 == 7:
        message = f"https://pbx{number}.example answers 503 Service Unavailable to GET /rest/system/session"
        return {"failed": True, "msg": message, "verdict": "incomplete"}
    groups = [{"resource": "hunt_group", "id": str(200 + n), "name": f"Group {n}"} for n in range(8)]
    extensions = [{"resource": "extension", "id": str(100 + n), "name": f"Person {n}"} for n in range(40)]
    same = {"unchanged": groups + extensions}
    if number % 5 != 3:
        return judged(result(**same))
    changes = (
        leaf("members[106].ring_time", 15, 25),
        leaf("overflow_to", None, "+32470123456"),
        leaf("policy", "regular", "random"),
    )
    finding = {
        "id": "r",
        "severity": "warning",
        "path": "hunt_groups[0]",
        "message": "rings one only",
        "hint": "add one",
    }
    return judged(result(*[step(str(200 + n), *changes) for n in range(3)], findings=[finding], **same))
