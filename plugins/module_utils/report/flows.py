# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an audit asks of the call flow: whether expectations are met, and pictures of groups that differ.

The only place of the audit that knows the call flow. Pure, but for a clock that the caller reads.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import PBXError
from .callflow.ask import picture_at
from .callflow.expectations import PASSED, check_expectations
from .callflow.overlay import lay_over

LIVE, PLANNED = "live", "planned"
MOST_PICTURES = 3  # of one tenant


@dataclass(frozen=True)
class Setting:
    """What a tenant's variables say of its calls: its time zone, assumptions, and the country of its numbers."""

    backend: str
    zone: str = ""
    assume: Mapping[str, Any] | None = None
    country_code: str = ""


def tested(
    expectations: Any,
    live: Mapping[str, Any],
    declared: Mapping[str, Any],
    purge: Sequence[str],
    setting: Setting,
    today: datetime.date,
) -> list[dict[str, Any]]:
    """The expectations of one tenant, tested against what is there.

    Those that are met now, but not once the declaration is applied, come a second time, with document `planned`.
    today: the day from which `weekday 10:00` counts. Raises InvalidOption.
    """
    planned = lay_over(live, declared, purge)

    def check(document: Mapping[str, Any], name: str, then: Mapping[str, Any] | None) -> list[dict[str, Any]]:
        return check_expectations(
            document,
            setting.backend,
            expectations,
            zone=setting.zone,
            as_of=today,
            assume=setting.assume,
            country_code=setting.country_code,
            document_name=name,
            declared=declared,
            planned=then,
        )

    now = check(live, LIVE, planned)
    after = check(planned, PLANNED, None)
    worse = [late for early, late in zip(now, after) if early["status"] == PASSED and late["status"] != PASSED]
    return [*now, *worse]


def pictures(
    document: Mapping[str, Any],
    declared: Mapping[str, Any] | None,
    plan: Sequence[Mapping[str, Any]],
    setting: Setting,
    most: int = MOST_PICTURES,
) -> list[dict[str, str]]:
    """{group, title, svg, words} of the first groups that a plan changes, with the changes marked.

    document: what is there, with declared to lay over it; or the declaration alone, where what is there was not read.
    A group that cannot be drawn has no picture: the audit does not fail because of it.
    """
    found: list[dict[str, str]] = []
    for group in _drawn_groups(document, plan):
        if len(found) == most:
            break
        options: dict[str, Any] = {
            "declared": declared,
            "zone": setting.zone or None,
            "assume": setting.assume,
            "country_code": setting.country_code or None,
        }
        try:
            picture = picture_at(document, setting.backend, "svg", group, list(plan), **options)
            words = picture_at(document, setting.backend, "outline", group, list(plan), **options).text
        except PBXError:
            continue
        found.append({"group": group, "title": picture.title, "svg": picture.text, "words": words})
    return found


def _drawn_groups(document: Mapping[str, Any], plan: Sequence[Mapping[str, Any]]) -> list[str]:
    """The keys of changed groups, as the document has them."""
    groups = [one for one in document.get("hunt_groups") or [] if isinstance(one, Mapping)]
    known = {str(one.get("id") or "") for one in groups} | {str(one.get("name") or "") for one in groups}
    changed = [one for one in plan if one.get("resource") == "hunt_group" and one.get("action") in ("create", "update")]
    keys = [next((str(one[key]) for key in ("id", "name") if str(one.get(key) or "") in known), "") for one in changed]
    return [key for key in keys if key]
