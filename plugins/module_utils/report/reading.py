# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An earlier audit.json, read back. Pure: the text comes from the caller."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..errors import InvalidOption
from .document import FORMAT, VERDICTS

_LISTS = ("plan", "unmanaged", "findings", "expectations")


def read_audit(text: str, place: str) -> dict[str, Any]:
    """The document in the text. place: the file's name for messages.

    Raises InvalidOption when it is not an audit, or one of a format that this release does not know.
    """
    try:
        document = json.loads(text)
    except ValueError as error:
        raise InvalidOption(f"{place}: is not JSON ({error}); give the audit.json of an audit") from None
    if not isinstance(document, Mapping) or "format" not in document or "tenants" not in document:
        raise InvalidOption(f"{place}: is not the report of an audit; give the audit.json of an audit")
    if document["format"] != FORMAT:
        raise InvalidOption(
            f"{place}: has format {document['format']!r}, but this release reads format {FORMAT}; make the audit again"
        )
    tenants = document["tenants"]
    if not isinstance(tenants, list):
        raise InvalidOption(f"{place}: tenants: is not a list")
    return {**document, "generated_at": str(document.get("generated_at", "")), "tenants": _tenants(tenants, place)}


def _tenants(tenants: list[Any], place: str) -> list[dict[str, Any]]:
    found = []
    for index, one in enumerate(tenants):
        where = f"{place}: tenants[{index}]"
        if not isinstance(one, Mapping) or not isinstance(one.get("host"), str):
            raise InvalidOption(f"{where}: has no host")
        if one.get("verdict") not in VERDICTS:
            raise InvalidOption(f"{where}: verdict: {one.get('verdict')!r} is none of {', '.join(VERDICTS)}")
        for name in _LISTS:
            entries = one.get(name)
            if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
                raise InvalidOption(f"{where}: {name}: is not a list of dictionaries")
        found.append(dict(one))
    return found
