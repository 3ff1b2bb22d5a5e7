# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An audit as JUnit XML, as GitLab and Jenkins read it: a suite a tenant, a case an object. Pure.

An object that differs is a failure, a tenant that is incomplete an error. Objects as declared are cases that passed.
An undeclared object is a skipped case, or a failure where that makes the audit fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from .document import INCOMPLETE
from .words import counted, leaf_line, leaves, object_name, one_line, shown, system_of

PASSED, FAILURE, ERROR, SKIPPED = "passed", "failure", "error", "skipped"
# What XML 1.0 cannot hold; escapes have taken the rest of what cannot be seen.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class _Case:
    kind: str
    name: str
    status: str = PASSED
    message: str = ""
    text: str = ""


def junit(document: Mapping[str, Any]) -> str:
    """The text of the file."""
    root = ElementTree.Element("testsuites", name="telephony.pbx.audit")
    totals = dict.fromkeys((FAILURE, ERROR, SKIPPED), 0)
    cases = 0
    for tenant in document["tenants"]:
        found = list(_cases(tenant))
        counts = {status: sum(case.status == status for case in found) for status in totals}
        suite = ElementTree.SubElement(root, "testsuite", {
            "name": _xml(one_line(tenant["host"])),
            "hostname": _xml(one_line(tenant["host"])),
            "tests": str(len(found)),
            "failures": str(counts[FAILURE]),
            "errors": str(counts[ERROR]),
            "skipped": str(counts[SKIPPED]),
            "time": f"{tenant['seconds']:.3f}",
            "timestamp": _xml(document["generated_at"]),
        })  # fmt: skip
        _add_properties(suite, tenant)
        for case in found:
            _add_case(suite, tenant, case)
        cases += len(found)
        totals = {status: number + counts[status] for status, number in totals.items()}
    root.set("tests", str(cases))
    root.set("failures", str(totals[FAILURE]))
    root.set("errors", str(totals[ERROR]))
    root.set("skipped", str(totals[SKIPPED]))
    root.set("time", f"{sum(one['seconds'] for one in document['tenants']):.3f}")
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _cases(tenant: Mapping[str, Any]) -> Iterator[_Case]:
    reasons = tenant.get("reasons") or []
    whole = _Case("tenant", f"tenant {one_line(tenant['host'])}")
    if tenant["verdict"] == INCOMPLETE:
        yield _Case(whole.kind, whole.name, ERROR, one_line(tenant["message"], 300), tenant["message"])
    else:
        yield whole
    for step in tenant["plan"]:
        lines = [leaf_line(step, leaf) for leaf in leaves(step)]
        name, kind = object_name(step), str(step["resource"])
        if step.get("error"):
            yield _Case(kind, name, ERROR, one_line(step["error"], 300), str(step["error"]))
        else:
            yield _Case(kind, name, FAILURE, f"{step['action']}: {counted(len(lines), 'difference')}", "\n".join(lines))
    for one in tenant.get("unchanged") or []:
        yield _Case(str(one["resource"]), object_name(one))
    for one in tenant["unmanaged"]:
        status = FAILURE if "unmanaged" in reasons else SKIPPED
        yield _Case(str(one["resource"]), object_name(one), status, "is there, but not declared")
    for one in tenant["expectations"]:
        yield _expectation(one, "undecided" in reasons)
    for one in tenant["findings"]:
        status = FAILURE if one["severity"] == "error" else SKIPPED
        text = f"{one['message']}; {one['hint']}" if one["hint"] else one["message"]
        yield _Case(
            "declaration",
            f"{one_line(one['path'])} [{one_line(one['id'])}]",
            status,
            one_line(one["message"], 300),
            text,
        )


def _expectation(one: Mapping[str, Any], undecided_fails: bool) -> _Case:
    undecided = FAILURE if undecided_fails else SKIPPED
    status = {"passed": PASSED, "failed": FAILURE}.get(str(one.get("status")), undecided)
    name = f"{one_line(one.get('name') or one.get('path'))} (document: {one_line(one.get('document') or 'live')})"
    if status == PASSED:
        return _Case("expectation", name)
    parts = ("call", "expected", "actual", "because", "hint")
    text = "\n".join(f"{part}: {one[part]}" for part in parts if one.get(part))
    return _Case("expectation", name, status, one_line(one.get("message") or shown(one.get("status")), 300), text)


def _add_properties(suite: ElementTree.Element, tenant: Mapping[str, Any]) -> None:
    place = ElementTree.SubElement(suite, "properties")
    values = {"verdict": tenant["verdict"], "system": system_of(tenant), "plan_id": tenant["plan_id"]}
    for name, value in {**values, "requests": str(tenant["requests"])}.items():
        if value:
            ElementTree.SubElement(place, "property", name=name, value=_xml(value))


def _add_case(suite: ElementTree.Element, tenant: Mapping[str, Any], case: _Case) -> None:
    classname = f"{one_line(tenant['host'])}.{one_line(case.kind)}"
    element = ElementTree.SubElement(suite, "testcase", classname=_xml(classname), name=_xml(case.name), time="0")
    if case.status == PASSED:
        return
    child = ElementTree.SubElement(element, case.status, message=_xml(case.message))
    if case.status != SKIPPED:
        child.set("type", INCOMPLETE if case.status == ERROR else "drift")
    child.text = _xml(case.text) or None


def _xml(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
