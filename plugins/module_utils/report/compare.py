# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two audits compared: what is new, what is still open, what is resolved, and what nobody can tell. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .document import INCOMPLETE
from .words import leaf_line, leaves, object_name, one_line, shown

LEAF, UNDECLARED, FINDING, EXPECTATION, TENANT = "leaf", "unmanaged", "finding", "expectation", "incomplete"
NEW, OPEN, RESOLVED, UNKNOWN = "new", "open", "resolved", "unknown"
GROUPS = (NEW, OPEN, RESOLVED, UNKNOWN)
_Key = tuple[str, ...]


def compared(document: Mapping[str, Any], previous: Mapping[str, Any]) -> dict[str, Any]:
    """{previous_generated_at, new, open, resolved, unknown}: lists of {host, kind, text}.

    A changed leaf is the same point in both when object and field are the same, whatever its values are now. What stood
    in the earlier audit is `resolved` only when this audit has looked: of a tenant that is incomplete now, or that is no
    part of this audit, it is `unknown`.
    """
    now, before = dict(_points(document)), dict(_points(previous))
    looked_at = {one["host"] for one in document["tenants"] if one["verdict"] != INCOMPLETE}
    found: dict[str, list[dict[str, str]]] = {group: [] for group in GROUPS}
    for key, text in now.items():
        found[OPEN if key in before else NEW].append(_entry(key, text))
    for key, text in before.items():
        if key not in now:
            # a tenant that is no longer incomplete is resolved as such; its other points need a look of this audit
            found[RESOLVED if key[0] in looked_at else UNKNOWN].append(_entry(key, text))
    return {"previous_generated_at": str(previous.get("generated_at", "")), **found}


def _entry(key: _Key, text: str) -> dict[str, str]:
    return {"host": key[0], "kind": key[1], "text": text}


def _points(document: Mapping[str, Any]) -> Iterator[tuple[_Key, str]]:
    for tenant in document["tenants"]:
        host = str(tenant["host"])
        if tenant["verdict"] == INCOMPLETE:
            yield (host, TENANT), one_line(tenant.get("message") or INCOMPLETE, 300)
        for step in tenant["plan"]:
            place = (host, LEAF, str(step.get("resource")), str(step.get("id") or step.get("name")))
            for leaf in leaves(step):
                yield (*place, str(leaf.get("field"))), leaf_line(step, leaf)
            if step.get("error"):
                yield (*place, "error"), f"{object_name(step)}: {one_line(step['error'], 300)}"
        for one in tenant["unmanaged"]:
            key = (host, UNDECLARED, str(one.get("resource")), str(one.get("id")))
            yield key, f"{object_name(one)} is not declared"
        for one in tenant["findings"]:
            key = (host, FINDING, str(one.get("id")), str(one.get("path")))
            yield key, f"{one_line(one.get('path', ''))}: {one_line(one.get('message', ''), 300)}"
        for one in tenant["expectations"]:
            if one.get("status") != "passed":
                key = (host, EXPECTATION, str(one.get("name")), str(one.get("document")))
                yield key, f"{shown(one.get('name'))}: {one_line(one.get('message', ''), 300)}"
