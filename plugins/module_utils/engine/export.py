# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole of one tenant, read as the tenant module takes it."""

from __future__ import annotations

from collections.abc import Collection

from ..backends.contract import Backend, understood
from ..errors import NotOffered
from ..model.catalog import KINDS
from ..model.values import Values
from .snapshot import as_declared


def export(backend: Backend, kinds: Collection[str] = tuple(KINDS)) -> tuple[Values, list[str]]:
    """(the document, what a reader has to know). What is exported and applied changes nothing.

    A kind that this deployment does not list is left out, and the notes say so. Raises whatever reading raises.
    """
    backend.lists.keeping = True
    document: Values = {}
    notes: list[str] = []
    for kind, resource in KINDS.items():
        if resource.name not in backend.writable or kind not in kinds:
            continue
        store = backend.store(resource.name)
        try:
            with understood():
                objects = [as_declared(resource, store.capability, one.values) for one in store.read_all()]
        except NotOffered as reason:
            notes.append(f"{kind} are not part of it: {reason}")
            continue
        document[kind] = sorted(objects, key=lambda one: str(one.get(resource.keys[0])))
    return document, notes
