# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several audits in one document, such as those of the slices of one job. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import InvalidOption
from .document import audit_document, tenant_entry

IDENTITY = ("host", "backend", "url", "tenant", "group")


def merged(documents: Sequence[Mapping[str, Any]], places: Sequence[str], generated_at: str) -> dict[str, Any]:
    """One document of all tenants. A tenant that stands in several is taken from the newest.

    places: the names of the files, in the same order. `merged_from` lists what each contributed. Raises InvalidOption
    where there is nothing to merge.
    """
    if not documents:
        raise InvalidOption("sources: is empty; give the paths of audit.json files")
    newest: dict[tuple[str, ...], tuple[str, int, Mapping[str, Any]]] = {}
    for index, document in enumerate(documents):
        for tenant in document["tenants"]:
            key = tuple(str(tenant.get(name) or "") for name in IDENTITY)
            if key not in newest or str(document["generated_at"]) >= newest[key][0]:
                newest[key] = (str(document["generated_at"]), index, tenant)
    taken = [index for _time, index, _tenant in newest.values()]
    tenants = [_entry(tenant) for _time, _index, tenant in newest.values()]
    sources = [
        {"path": place, "generated_at": str(document["generated_at"]), "tenants": taken.count(index)}
        for index, (place, document) in enumerate(zip(places, documents))
    ]
    return {**audit_document(tenants, generated_at), "merged_from": sources}


def _entry(tenant: Mapping[str, Any]) -> dict[str, Any]:
    """The entry as this release writes it: a key that is missing, or that it does not know, does no harm."""
    return {
        **tenant_entry(str(tenant["host"]), tenant),
        "verdict": tenant["verdict"],
        "message": str(tenant.get("message") or ""),
    }
