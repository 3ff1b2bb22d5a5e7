# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter telephony.pbx.call_flow; documented in call_flow.yml."""

from __future__ import annotations

from typing import Any, Callable

from ansible_collections.telephony.pbx.plugins.plugin_utils.call_flow import document_of, guarded, plain


def call_flow(
    document: Any,
    format: str = "svg",
    group: Any = None,
    plan: Any = None,
    declared: Any = None,
    mask_external: Any = False,
    at: Any = None,
    zone: Any = None,
    assume: Any = None,
    country_code: Any = None,
) -> str:
    """A picture of a tenant, a group or an extension as text."""
    # Ansible loads this file in each worker that uses any filter of this collection.
    from ansible_collections.telephony.pbx.plugins.module_utils.report.callflow.ask import picture_at

    content, backend = document_of(document, "call_flow")
    return guarded(
        "call_flow",
        lambda: (
            picture_at(
                content,
                backend,
                str(format),
                plain(group, "group"),
                plain(plan, "plan"),
                declared=plain(declared, "declared"),
                mask_external=plain(mask_external, "mask_external"),
                at=plain(at, "at"),
                zone=plain(zone, "zone"),
                assume=plain(assume, "assume"),
                country_code=plain(country_code, "country_code"),
            ).text
        ),
    )


class FilterModule:
    """What Ansible loads."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"call_flow": call_flow}
