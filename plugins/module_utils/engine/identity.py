# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a journal or backup belongs to, and whether it may be applied to this tenant.

Pure: no input or output, no vendor.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import InvalidOption
from ..model.catalog import tenant_lists
from ..model.values import Values

FORMAT = 1
JOURNAL, BACKUP = "journal", "backup"
_PARTS = ("backend", "url", "tenant", "group")


def same_url(one: str, other: str) -> bool:
    """URLs are compared in lower case and without a trailing slash."""
    return one.strip().rstrip("/").lower() == other.strip().rstrip("/").lower()


def enveloped(
    kind: str, identity: Mapping[str, str], host: str, created_at: str, plan_id: str, objects: Values
) -> Values:
    """A journal or backup: what it belongs to, then the objects, as lists of a tenant."""
    belongs = {part: identity.get(part, "") for part in _PARTS}
    return {
        "format": FORMAT, "kind": kind, **belongs, "host": host, "created_at": created_at, "plan_id": plan_id,
        "objects": objects,
    }  # fmt: skip


def opened(document: Any, place: str) -> tuple[str, Values]:
    """(kind, objects) of a journal or backup. Raises InvalidOption when it is none."""
    if not isinstance(document, Mapping) or document.get("kind") not in (JOURNAL, BACKUP):
        raise InvalidOption(f"{place}: is no journal or backup that telephony.pbx.tenant wrote")
    if document.get("format") != FORMAT:
        raise InvalidOption(f"{place}: has format {document.get('format')!r}; this version reads format {FORMAT}")
    objects = document.get("objects")
    known = set(tenant_lists())
    if (
        not isinstance(objects, Mapping)
        or not set(objects) <= known
        or not all(isinstance(v, list) for v in objects.values())
    ):
        raise InvalidOption(f"{place}: its objects are not lists of {', '.join(sorted(known))}")
    return str(document["kind"]), dict(objects)


def check_belongs(document: Mapping[str, Any], identity: Mapping[str, str], place: str) -> None:
    """Refuse a file of another system, tenant or group. Raises InvalidOption."""
    different = [
        f"{part} {document.get(part)!r} instead of {identity.get(part, '')!r}"
        for part in _PARTS
        if not _same_part(part, str(document.get(part) or ""), identity.get(part, ""))
    ]
    if different:
        raise InvalidOption(
            f"{place}: belongs to another tenant ({', '.join(different)}); restore it there, "
            "or write restore_other_tenant: true (role variable pbx_restore_other_tenant)"
        )


def _same_part(part: str, one: str, other: str) -> bool:
    return same_url(one, other) if part == "url" else one == other
