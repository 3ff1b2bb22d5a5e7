# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter telephony.pbx.who_rings; documented in who_rings.yml."""

from __future__ import annotations

from typing import Any, Callable

from ansible.errors import AnsibleFilterError

from ansible_collections.telephony.pbx.plugins.plugin_utils.call_flow import document_of, guarded, plain


def who_rings(
    document: Any,
    call: Any,
    at: Any = None,
    zone: Any = None,
    given: Any = None,
    mode: str = "possible",
    seed: Any = None,
    assume: Any = None,
    country_code: Any = None,
    format: str = "data",
) -> Any:
    """Who rings when a number is dialled, and how the call ends: as data, or as lines of text."""
    # Ansible loads this file in each worker that uses any filter of this collection.
    from ansible_collections.telephony.pbx.plugins.module_utils.report.callflow.ask import call_lines, who_rings_at

    answers = {"data": who_rings_at, "text": call_lines}
    if format not in answers:
        raise AnsibleFilterError(f"telephony.pbx.who_rings: format: {format!r} is unknown; write data or text")
    content, backend = document_of(document, "who_rings")
    return guarded(
        "who_rings",
        lambda: answers[format](
            content,
            backend,
            plain(call, "call"),
            at=plain(at, "at"),
            zone=plain(zone, "zone"),
            given=plain(given, "given"),
            mode=str(mode),
            seed=plain(seed, "seed"),
            assume=plain(assume, "assume"),
            country_code=plain(country_code, "country_code"),
        ),
    )


class FilterModule:
    """What Ansible loads."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"who_rings": who_rings}
